//! Verification by a second implementation, before any signature leaves (R11).
//!
//! Nothing here calls `frost-*`, `cggmp24` or `generic-ec`. What that does and does not cover:
//!
//! | curve | verified by | shared with signing |
//! |---|---|---|
//! | SECP256k1, P256, P384, P521 | `ecdsa` of RustCrypto | arithmetic (`k256`, `p256`, `p384`, `p521`) |
//! | SECP256K1_SCHNORR | `k256::schnorr` | arithmetic (`k256`) |
//! | ED25519 | `ed25519-dalek`, strict | arithmetic (`curve25519-dalek`) |
//! | ED448 | `crrl`, with its own SHAKE256 | nothing |
//! | STARK | `starknet-crypto` | nothing; `stark-curve` only checks the key and may only refuse |
//!
//! Where arithmetic is shared, the challenge, the equation, the parsing and all range checks are still a
//! second party's code. Starknet knows keys by x alone, so a STARK signature under the negated key passes.

use ed25519_dalek::Signature as Ed25519Signature;
use k256::ecdsa::signature::hazmat::PrehashVerifier;
use k256::elliptic_curve::sec1::{FromEncodedPoint as _, ToEncodedPoint as _};
use starknet_crypto::Felt;

use super::payload::below_2_251;
use super::{Curve, EcdsaSignature, Payload, payload_of_digest};

/// Why a signature was not accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VerifyError {
    #[error("the public key is not a {0} key in its one encoding")]
    Key(Curve),
    #[error("{0} does not sign this kind or length of data")]
    Payload(Curve),
    #[error("the signature is not a {0} signature: wrong length, encoding or range")]
    Encoding(Curve),
    #[error("the signature does not verify under the {0} key")]
    Mismatch(Curve),
}

/// Verifies a signature. The key is the group or root public key; the signature is strict DER or r | s for
/// ECDSA, otherwise R | S (64 bytes, ED448 114). On SECP256k1 only low s is accepted, on STARK only hash, r
/// and s below 2^251, on EdDSA only keys and R of prime order.
pub fn verify(
    curve: Curve,
    public_key: &[u8],
    payload: &Payload,
    signature: &[u8],
) -> Result<(), VerifyError> {
    match (curve, payload) {
        (Curve::Ed25519, Payload::Message(message)) => ed25519(public_key, message, signature),
        (Curve::Ed448, Payload::Message(message)) => ed448(public_key, message, signature),
        (Curve::Ed25519 | Curve::Ed448, _) | (_, Payload::Message(_)) => Err(VerifyError::Payload(curve)),
        (_, Payload::Digest(digest)) => {
            payload_of_digest(curve, digest).map_err(|_| VerifyError::Payload(curve))?;
            match curve {
                Curve::Secp256k1Schnorr => schnorr(public_key, digest, signature),
                _ => ecdsa(curve, public_key, digest, signature),
            }
        }
    }
}

/// Both readings of the bytes are tried; a signature that is good in one of them is good.
fn ecdsa(curve: Curve, public_key: &[u8], digest: &[u8], signature: &[u8]) -> Result<(), VerifyError> {
    compressed(curve, public_key)?;
    let readings = [EcdsaSignature::from_der(curve, signature), EcdsaSignature::from_raw(curve, signature)];
    let mut result = Err(VerifyError::Encoding(curve));
    for reading in readings.into_iter().flatten() {
        result = match curve {
            Curve::Secp256k1 => prehash::<k256::ecdsa::VerifyingKey, k256::ecdsa::Signature>(
                curve, public_key, digest, &reading,
            ),
            Curve::P256 => prehash::<p256::ecdsa::VerifyingKey, p256::ecdsa::Signature>(
                curve, public_key, digest, &reading,
            ),
            Curve::P384 => prehash::<p384::ecdsa::VerifyingKey, p384::ecdsa::Signature>(
                curve, public_key, digest, &reading,
            ),
            Curve::P521 => {
                let key = p521::ecdsa::VerifyingKey::from_sec1_bytes(public_key)
                    .map_err(|_| VerifyError::Key(curve))?;
                check(curve, &key, digest, &reading, p521::ecdsa::Signature::from_slice)
            }
            _ => stark(public_key, digest, &reading),
        };
        if result.is_ok() {
            return Ok(());
        }
    }
    result
}

/// The one encoding of a SEC1 key is the compressed one.
fn compressed(curve: Curve, public_key: &[u8]) -> Result<(), VerifyError> {
    let good = public_key.len() == curve.point_len() && matches!(public_key, [2 | 3, ..]);
    if good { Ok(()) } else { Err(VerifyError::Key(curve)) }
}

fn prehash<'a, K, S>(
    curve: Curve,
    public_key: &'a [u8],
    digest: &[u8],
    reading: &EcdsaSignature,
) -> Result<(), VerifyError>
where
    K: PrehashVerifier<S> + TryFrom<&'a [u8]>,
    S: for<'s> TryFrom<&'s [u8], Error = k256::ecdsa::Error>,
{
    let key = K::try_from(public_key).map_err(|_| VerifyError::Key(curve))?;
    check(curve, &key, digest, reading, |raw| S::try_from(raw))
}

fn check<K: PrehashVerifier<S>, S>(
    curve: Curve,
    key: &K,
    digest: &[u8],
    reading: &EcdsaSignature,
    parse: impl Fn(&[u8]) -> Result<S, k256::ecdsa::Error>,
) -> Result<(), VerifyError> {
    let signature = parse(&reading.to_raw()).map_err(|_| VerifyError::Encoding(curve))?;
    key.verify_prehash(digest, &signature).map_err(|_| VerifyError::Mismatch(curve))
}

fn stark(public_key: &[u8], digest: &[u8], reading: &EcdsaSignature) -> Result<(), VerifyError> {
    let curve = Curve::Stark;
    if !below_2_251(reading.r()) || !below_2_251(reading.s()) {
        return Err(VerifyError::Encoding(curve));
    }
    let key = stark_key(public_key).ok_or(VerifyError::Key(curve))?;
    // The library panics when one of these sums is the identity; only someone who knows the key can make one.
    let [z, r] = [digest, reading.r()].map(stark_curve::Scalar::from_be_bytes_mod_order);
    let (zg, rq) = (stark_curve::ProjectivePoint::GENERATOR * z, stark_curve::ProjectivePoint::from(key) * r);
    if zg == rq || zg == -rq {
        return Err(VerifyError::Mismatch(curve));
    }
    let encoded = key.to_encoded_point(true);
    let x = encoded.x().map(|x| felt(x)).ok_or(VerifyError::Key(curve))?;
    match starknet_crypto::verify(&x, &felt(digest), &felt(reading.r()), &felt(reading.s())) {
        Ok(true) => Ok(()),
        Ok(false) | Err(_) => Err(VerifyError::Mismatch(curve)),
    }
}

fn stark_key(public_key: &[u8]) -> Option<stark_curve::AffinePoint> {
    let encoded =
        k256::elliptic_curve::sec1::EncodedPoint::<stark_curve::StarkCurve>::from_bytes(public_key).ok()?;
    Option::from(stark_curve::AffinePoint::from_encoded_point(&encoded))
}

/// Callers have checked that the integer is below the field's prime.
fn felt(bytes: &[u8]) -> Felt {
    Felt::from_bytes_be_slice(bytes)
}

fn schnorr(public_key: &[u8], message: &[u8], signature: &[u8]) -> Result<(), VerifyError> {
    let curve = Curve::Secp256k1Schnorr;
    let x = match public_key {
        [2 | 3, x @ ..] if x.len() == 32 => x,
        x if x.len() == 32 => x,
        _ => return Err(VerifyError::Key(curve)),
    };
    let key = k256::schnorr::VerifyingKey::from_bytes(x).map_err(|_| VerifyError::Key(curve))?;
    let signature =
        k256::schnorr::Signature::try_from(signature).map_err(|_| VerifyError::Encoding(curve))?;
    key.verify_raw(message, &signature).map_err(|_| VerifyError::Mismatch(curve))
}

fn ed25519(public_key: &[u8], message: &[u8], signature: &[u8]) -> Result<(), VerifyError> {
    let curve = Curve::Ed25519;
    let bytes = public_key.try_into().map_err(|_| VerifyError::Key(curve))?;
    let key = ed25519_dalek::VerifyingKey::from_bytes(bytes).map_err(|_| VerifyError::Key(curve))?;
    let point = key.to_edwards();
    if key.is_weak() || !point.is_torsion_free() || point.compress().as_bytes() != bytes {
        return Err(VerifyError::Key(curve));
    }
    let signature = Ed25519Signature::from_slice(signature).map_err(|_| VerifyError::Encoding(curve))?;
    key.verify_strict(message, &signature).map_err(|_| VerifyError::Mismatch(curve))
}

fn ed448(public_key: &[u8], message: &[u8], signature: &[u8]) -> Result<(), VerifyError> {
    let curve = Curve::Ed448;
    ed448_point(public_key).ok_or(VerifyError::Key(curve))?;
    let key = crrl::ed448::PublicKey::decode(public_key).ok_or(VerifyError::Key(curve))?;
    // crrl multiplies the equation by the cofactor; with R of prime order that changes nothing.
    match signature.split_at_checked(57) {
        Some((r, s)) if s.len() == 57 && ed448_point(r).is_some() => {}
        _ => return Err(VerifyError::Encoding(curve)),
    }
    if key.verify_raw(signature, message) { Ok(()) } else { Err(VerifyError::Mismatch(curve)) }
}

/// A point of prime order other than the identity, in its one encoding.
fn ed448_point(bytes: &[u8]) -> Option<crrl::ed448::Point> {
    let point = crrl::ed448::Point::decode(bytes)?;
    let good = point.isneutral() == 0 && point.is_in_subgroup() != 0 && point.encode() == *bytes;
    good.then_some(point)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r11_bip340_official_vectors() {
        let csv = include_str!("../../tests/vectors/bip340.csv");
        let mut seen = [0, 0];
        for line in csv.lines().skip(1) {
            let fields: Vec<&str> = line.split(',').collect();
            let [key, message, signature] =
                [fields[2], fields[4], fields[5]].map(|text| hex::decode(text).unwrap());
            let valid = fields[6] == "TRUE";
            assert_eq!(schnorr(&key, &message, &signature).is_ok(), valid, "{line}");
            seen[usize::from(valid)] += 1;
            if message.len() == 32 {
                let payload = Payload::Digest(message);
                for form in [key.clone(), [vec![2], key.clone()].concat(), [vec![3], key].concat()] {
                    let result = verify(Curve::Secp256k1Schnorr, &form, &payload, &signature);
                    assert_eq!(result.is_ok(), valid, "{line}");
                }
            } else {
                let payload = Payload::Digest(message);
                let result = verify(Curve::Secp256k1Schnorr, &key, &payload, &signature);
                assert_eq!(result, Err(VerifyError::Payload(Curve::Secp256k1Schnorr)));
            }
        }
        assert_eq!(seen, [10, 9]);
    }

    /// Key, digest and signature made with the library.
    fn stark_example() -> (Vec<u8>, Vec<u8>, Vec<u8>) {
        let secret = [0x0d; 31];
        let digest = [&[0x07][..], &[0xfe; 31]].concat();
        let nonce = Felt::from_bytes_be_slice(&[0x33; 31]);
        let signature = starknet_crypto::sign(&felt(&secret), &felt(&digest), &nonce).unwrap();
        let scalar = stark_curve::Scalar::from_be_bytes_mod_order(&secret);
        let public = (stark_curve::ProjectivePoint::GENERATOR * scalar).to_affine().to_encoded_point(true);
        let raw = [signature.r.to_bytes_be(), signature.s.to_bytes_be()].concat();
        (public.as_bytes().to_vec(), digest, raw)
    }

    #[test]
    fn r11_stark_accepts_its_own_and_refuses_changes() {
        let (key, digest, raw) = stark_example();
        let check = |key: &[u8], digest: &[u8], raw: &[u8]| {
            verify(Curve::Stark, key, &Payload::Digest(digest.to_vec()), raw)
        };
        assert_eq!(check(&key, &digest, &raw), Ok(()));
        let der = EcdsaSignature::from_raw(Curve::Stark, &raw).unwrap().to_der();
        assert_eq!(check(&key, &digest, &der), Ok(()));
        for i in 0..64 {
            let mut other = raw.clone();
            other[i] ^= 1;
            assert!(check(&key, &digest, &other).is_err());
        }
        let mut other = digest.clone();
        other[31] ^= 1;
        assert_eq!(check(&key, &other, &raw), Err(VerifyError::Mismatch(Curve::Stark)));
        let mut other = key.clone();
        other[0] = 4;
        assert_eq!(check(&other, &digest, &raw), Err(VerifyError::Key(Curve::Stark)));
        assert!(check(&key[1..], &digest, &raw).is_err());
        // x not below the field's prime.
        let field =
            hex::decode("02080000000000001100000000000000000000000000000000000000000000000c").unwrap();
        assert_eq!(check(&field, &digest, &raw), Err(VerifyError::Key(Curve::Stark)));
    }

    #[test]
    fn r11_stark_refuses_what_starknet_refuses() {
        let (key, digest, raw) = stark_example();
        let mut large = vec![0; 32];
        (large[0], large[31]) = (8, 1);
        let result = verify(Curve::Stark, &key, &Payload::Digest(large.clone()), &raw);
        assert_eq!(result, Err(VerifyError::Payload(Curve::Stark)));
        for raw in [[&large, &raw[32..]].concat(), [&raw[..32], &large].concat()] {
            let result = verify(Curve::Stark, &key, &Payload::Digest(digest.clone()), &raw);
            assert_eq!(result, Err(VerifyError::Encoding(Curve::Stark)));
        }
    }

    /// u1 G = -u2 Q makes the library divide by zero.
    #[test]
    fn r11_stark_does_not_panic_on_a_crafted_digest() {
        let one = stark_curve::Scalar::ONE;
        for sign in [one, -one] {
            let key = (stark_curve::ProjectivePoint::GENERATOR * sign).to_affine().to_encoded_point(true);
            let value = [vec![0; 31], vec![5]].concat();
            let raw = [value.clone(), value.clone()].concat();
            let result = verify(Curve::Stark, key.as_bytes(), &Payload::Digest(value), &raw);
            assert_eq!(result, Err(VerifyError::Mismatch(Curve::Stark)));
        }
    }

    #[test]
    fn r11_low_order_keys_and_commitments_are_refused() {
        let payload = Payload::Message(b"anything".to_vec());
        // With A and R the identity and S = 0 the bare equation holds for every message.
        let identity = |len: usize| [vec![1], vec![0; len - 1]].concat();
        for curve in [Curve::Ed25519, Curve::Ed448] {
            let len = curve.point_len();
            let signature = [identity(len), vec![0; len]].concat();
            assert_eq!(verify(curve, &identity(len), &payload, &signature), Err(VerifyError::Key(curve)));
            let digest = Payload::Digest(vec![0; 32]);
            assert_eq!(verify(curve, &identity(len), &digest, &signature), Err(VerifyError::Payload(curve)));
        }
        let key = hex::decode("5866666666666666666666666666666666666666666666666666666666666666").unwrap();
        assert!(verify(Curve::Ed25519, &key, &payload, &[identity(32), vec![0; 32]].concat()).is_err());
        let key = crrl::ed448::Point::BASE.encode();
        assert!(verify(Curve::Ed448, &key, &payload, &[identity(57), vec![0; 57]].concat()).is_err());
    }

    #[test]
    fn lengths_never_panic() {
        for curve in Curve::ALL {
            for len in [0, 1, 31, 32, 33, 57, 64, 66, 67, 113, 114, 115, 132] {
                let bytes = vec![2; len];
                for payload in [Payload::Message(bytes.clone()), Payload::Digest(bytes.clone())] {
                    for other in [0, 32, 33, 49, 57, 67] {
                        assert!(verify(curve, &vec![2; other], &payload, &bytes).is_err());
                    }
                }
            }
        }
    }
}
