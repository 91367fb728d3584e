//! The Taproot output key of a key without scripts (BIP-341, as BIP-86 uses it).

use k256::{
    AffinePoint, ProjectivePoint, Scalar, U256,
    elliptic_curve::{ops::Reduce, point::DecompressPoint as _, sec1::ToEncodedPoint as _},
};
use sha2::{Digest as _, Sha256};
use subtle::Choice;

use super::CurveError;

/// From the x-only internal key (32 bytes) to the x-only output key.
pub fn taproot_output_key(internal: &[u8]) -> Result<Vec<u8>, CurveError> {
    let x: [u8; 32] = internal.try_into().map_err(|_| CurveError::Point)?;
    // An x-only key stands for the point with even y.
    let point = Option::<AffinePoint>::from(AffinePoint::decompress(&x.into(), Choice::from(0)))
        .ok_or(CurveError::Point)?;
    let tag = Sha256::digest("TapTweak");
    let hash = Sha256::new().chain_update(tag).chain_update(tag).chain_update(x).finalize();
    // The hash reaches the group order with a chance of 2^-128; BIP-341 then has no key either.
    let tweak = <Scalar as Reduce<U256>>::reduce_bytes(&hash);
    let output = ProjectivePoint::from(point) + ProjectivePoint::GENERATOR * tweak;
    let encoded = output.to_affine().to_encoded_point(true);
    encoded.x().map(|x| x.to_vec()).ok_or(CurveError::Point)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// BIP-341, wallet-test-vectors.json, the output without scripts.
    #[test]
    fn output_keys_match_bip341() {
        let internal = "d6889cb081036e0faefa3a35157ad71086b123b2b144b649798b494c300a961d";
        let output = "53a1f6e454df1aa2776a2814a721372d6258050de330b3c6d10ee8f4e0dda343";
        let key = taproot_output_key(&hex::decode(internal).unwrap()).unwrap();
        assert_eq!(hex::encode(key), output);
        assert!(taproot_output_key(&[0; 31]).is_err());
        assert!(taproot_output_key(&[0xff; 32]).is_err(), "not an x-coordinate");
    }
}
