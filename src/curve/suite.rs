//! Key-layer ciphersuites for `frost-core`: four from the Zcash Foundation, four of our own.
//!
//! P384, P521 and STARK follow the pattern that RFC 9591 section 6.4 sets for P-256 (`hash_to_field` of
//! RFC 9380 with `expand_message_xmd`). Nothing standard signs with them: they carry the DKG, its proofs of
//! knowledge and refresh; signatures come from ECDSA.

use frost_core::{Ciphersuite, Field, FieldError, Group, GroupError};
use k256::elliptic_curve::group::Group as _;
use k256::elliptic_curve::hash2curve::{ExpandMsg, ExpandMsgXmd, Expander};
use k256::elliptic_curve::sec1::{EncodedPoint, FromEncodedPoint, ModulusSize, ToEncodedPoint};
use k256::elliptic_curve::{CurveArithmetic, Field as _, FieldBytesSize, PrimeField};
use rand_core::{CryptoRng, RngCore};
use sha2::digest::{Digest, Output};
use sha2::{Sha256, Sha384, Sha512};
use starknet_crypto::Felt;

pub use super::ed448::Ed448Shake256;
pub use frost_ed25519::Ed25519Sha512;
pub use frost_p256::P256Sha256;
pub use frost_secp256k1::Secp256K1Sha256;

/// Defines a ciphersuite over a RustCrypto curve: scalar, point and signature length, and the bytes
/// that are reduced to one scalar (L of RFC 9380 section 5.1), and what reads a point.
macro_rules! sec1_suite {
    ($(#[$doc:meta])* $suite:ident, $group:ident, $field:ident, $curve:ty, $hash:ty, $id:literal,
     $scalar:literal, $point:literal, $signature:literal, $wide:literal, $decode:path) => {
        /// The scalar field.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct $field;

        impl Field for $field {
            type Scalar = <$curve as CurveArithmetic>::Scalar;
            type Serialization = [u8; $scalar];

            fn zero() -> Self::Scalar {
                Self::Scalar::ZERO
            }

            fn one() -> Self::Scalar {
                Self::Scalar::ONE
            }

            fn invert(scalar: &Self::Scalar) -> Result<Self::Scalar, FieldError> {
                Option::from(k256::elliptic_curve::Field::invert(scalar)).ok_or(FieldError::InvalidZeroScalar)
            }

            fn random<R: RngCore + CryptoRng>(rng: &mut R) -> Self::Scalar {
                let mut wide = zeroize::Zeroizing::new([0; $wide]);
                rng.fill_bytes(wide.as_mut());
                reduce(wide.as_ref())
            }

            fn serialize(scalar: &Self::Scalar) -> Self::Serialization {
                let mut bytes = [0; $scalar];
                bytes.copy_from_slice(&scalar.to_repr());
                bytes
            }

            fn little_endian_serialize(scalar: &Self::Scalar) -> Self::Serialization {
                let mut bytes = Self::serialize(scalar);
                bytes.reverse();
                bytes
            }

            fn deserialize(bytes: &Self::Serialization) -> Result<Self::Scalar, FieldError> {
                let mut repr = <Self::Scalar as PrimeField>::Repr::default();
                repr.copy_from_slice(bytes);
                Option::from(Self::Scalar::from_repr(repr)).ok_or(FieldError::MalformedScalar)
            }
        }

        /// The group.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct $group;

        impl Group for $group {
            type Field = $field;
            type Element = <$curve as CurveArithmetic>::ProjectivePoint;
            type Serialization = [u8; $point];

            fn cofactor() -> <$field as Field>::Scalar {
                <$field as Field>::one()
            }

            fn identity() -> Self::Element {
                Self::Element::IDENTITY
            }

            fn generator() -> Self::Element {
                Self::Element::GENERATOR
            }

            fn serialize(point: &Self::Element) -> Result<Self::Serialization, GroupError> {
                let mut bytes = [0; $point];
                encode::<$curve>(point, &mut bytes)?;
                Ok(bytes)
            }

            fn deserialize(bytes: &Self::Serialization) -> Result<Self::Element, GroupError> {
                $decode(bytes)
            }
        }

        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct $suite;

        impl Ciphersuite for $suite {
            const ID: &'static str = $id;

            type Group = $group;
            type HashOutput = Output<$hash>;
            type SignatureSerialization = [u8; $signature];

            fn H1(m: &[u8]) -> <$field as Field>::Scalar {
                hash_to_scalar::<$curve, ExpandMsgXmd<$hash>, $wide>(&[$id.as_bytes(), b"rho"], m)
            }

            fn H2(m: &[u8]) -> <$field as Field>::Scalar {
                hash_to_scalar::<$curve, ExpandMsgXmd<$hash>, $wide>(&[$id.as_bytes(), b"chal"], m)
            }

            fn H3(m: &[u8]) -> <$field as Field>::Scalar {
                hash_to_scalar::<$curve, ExpandMsgXmd<$hash>, $wide>(&[$id.as_bytes(), b"nonce"], m)
            }

            fn H4(m: &[u8]) -> Self::HashOutput {
                <$hash>::new().chain_update($id).chain_update("msg").chain_update(m).finalize()
            }

            fn H5(m: &[u8]) -> Self::HashOutput {
                <$hash>::new().chain_update($id).chain_update("com").chain_update(m).finalize()
            }

            fn HDKG(m: &[u8]) -> Option<<$field as Field>::Scalar> {
                Some(hash_to_scalar::<$curve, ExpandMsgXmd<$hash>, $wide>(&[$id.as_bytes(), b"dkg"], m))
            }

            fn HID(m: &[u8]) -> Option<<$field as Field>::Scalar> {
                Some(hash_to_scalar::<$curve, ExpandMsgXmd<$hash>, $wide>(&[$id.as_bytes(), b"id"], m))
            }
        }
    };
}

sec1_suite!(
    /// Key layer of P384: scalars 48 bytes, points 49.
    P384Sha384, P384Group, P384Field, p384::NistP384, Sha384, "FROST-P384-SHA384-v1", 48, 49, 97, 72,
    decode::<p384::NistP384>
);
sec1_suite!(
    /// Key layer of P521: scalars 66 bytes, points 67.
    P521Sha512, P521Group, P521Field, p521::NistP521, Sha512, "FROST-P521-SHA512-v1", 66, 67, 133, 98,
    decode::<p521::NistP521>
);
sec1_suite!(
    /// Key layer of STARK: scalars 32 bytes, points 33.
    StarkSha256, StarkGroup, StarkField, stark_curve::StarkCurve, Sha256, "FROST-STARK-SHA256-v1",
    32, 33, 65, 48, decode_stark
);

/// The big-endian integer modulo the group order.
pub(super) fn reduce<S: PrimeField>(bytes: &[u8]) -> S {
    let limb = S::from(1 << 32).square();
    let (head, rest) = bytes.split_at(bytes.len() % 8);
    let word = |chunk: &[u8]| S::from(chunk.iter().fold(0, |word, byte| word << 8 | u64::from(*byte)));
    rest.chunks(8).fold(word(head), |sum, chunk| sum * limb + word(chunk))
}

/// `hash_to_field` of RFC 9380 section 5.2 for one scalar of `L` bytes.
fn hash_to_scalar<'a, E: CurveArithmetic, X: ExpandMsg<'a>, const L: usize>(
    domain: &'a [&'a [u8]],
    message: &[u8],
) -> E::Scalar {
    let mut wide = [0; L];
    match X::expand_message(&[message], domain, L) {
        Ok(mut expander) => expander.fill_bytes(&mut wide),
        // Fails only for an empty domain or L = 0; both are constants here.
        Err(_) => return E::Scalar::ZERO,
    }
    reduce(&wide)
}

fn encode<E>(point: &E::ProjectivePoint, out: &mut [u8]) -> Result<(), GroupError>
where
    E: CurveArithmetic,
    E::AffinePoint: ToEncodedPoint<E> + From<E::ProjectivePoint>,
    FieldBytesSize<E>: ModulusSize,
{
    if bool::from(point.is_identity()) {
        return Err(GroupError::InvalidIdentityElement);
    }
    out.copy_from_slice(E::AffinePoint::from(*point).to_encoded_point(true).as_bytes());
    Ok(())
}

fn decode<E>(bytes: &[u8]) -> Result<E::ProjectivePoint, GroupError>
where
    E: CurveArithmetic,
    E::AffinePoint: FromEncodedPoint<E>,
    FieldBytesSize<E>: ModulusSize,
{
    // SEC1's compact form has the same length; only the compressed one is taken.
    if !matches!(bytes, [2 | 3, ..]) {
        return Err(GroupError::MalformedElement);
    }
    let encoded = EncodedPoint::<E>::from_bytes(bytes).map_err(|_| GroupError::MalformedElement)?;
    let point = Option::<E::AffinePoint>::from(E::AffinePoint::from_encoded_point(&encoded));
    point.map(Into::into).ok_or(GroupError::MalformedElement)
}

/// b of the STARK curve, y^2 = x^3 + x + b.
const STARK_B: Felt =
    Felt::from_hex_unchecked("0x06f21413efbe40de150e596d72f7a8c5609ad26c15c915c1f4cdfcb99cee9e89");

/// As [`decode`]. 2^192 divides the field's order less one, so the curve library's constant-time square root
/// takes 2 ms, most of a key generation. Points are public: y comes from a root several times as fast, and
/// the curve library checks that it is right.
fn decode_stark(bytes: &[u8]) -> Result<stark_curve::ProjectivePoint, GroupError> {
    let (odd, bytes) = match bytes {
        [tag @ (2 | 3), x @ ..] => (*tag == 3, x),
        _ => return Err(GroupError::MalformedElement),
    };
    let x = Felt::from_bytes_be_slice(bytes);
    let root = (x * x * x + x + STARK_B).sqrt().ok_or(GroupError::MalformedElement)?;
    let y = if is_odd(&root) == odd { root } else { -root };
    let (x, y) = (x.to_bytes_be(), y.to_bytes_be());
    if x != bytes {
        return Err(GroupError::MalformedElement);
    }
    let encoded =
        EncodedPoint::<stark_curve::StarkCurve>::from_affine_coordinates(&x.into(), &y.into(), false);
    let point = Option::<stark_curve::AffinePoint>::from(FromEncodedPoint::from_encoded_point(&encoded));
    point.map(Into::into).ok_or(GroupError::MalformedElement)
}

fn is_odd(felt: &Felt) -> bool {
    felt.to_bytes_be().last().is_some_and(|byte| byte & 1 == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Both ways to read a point give the same, also for what is no point.
    #[test]
    fn stark_points_are_read_as_the_library_reads_them() {
        let mut rng = rand_core::OsRng;
        let (mut points, mut others) = (0, 0);
        for _ in 0..64 {
            let mut bytes = [0; 33];
            rng.fill_bytes(&mut bytes);
            (bytes[0], bytes[1]) = (2 | bytes[0] & 1, bytes[1] & 0x0f);
            let theirs = decode::<stark_curve::StarkCurve>(&bytes);
            assert_eq!(decode_stark(&bytes), theirs);
            if theirs.is_ok() { points += 1 } else { others += 1 }
        }
        assert!(points > 0 && others > 0);
    }

    type P256<'a> = ExpandMsgXmd<Sha256>;

    /// Our construction on P-256 is the one of RFC 9591.
    #[test]
    fn hash_to_scalar_is_the_standard_one() {
        let domain: &[&[u8]] = &[b"FROST-P256-SHA256-v1", b"rho"];
        for message in [&b""[..], b"abc", &[7; 300]] {
            let ours = hash_to_scalar::<p256::NistP256, P256, 48>(domain, message);
            assert_eq!(ours, P256Sha256::H1(message));
        }
        let library = {
            let mut out = [p384::Scalar::ZERO];
            k256::elliptic_curve::hash2curve::hash_to_field::<ExpandMsgXmd<Sha384>, p384::Scalar>(
                &[b"abc"],
                &[b"FROST-P384-SHA384-v1", b"chal"],
                &mut out,
            )
            .unwrap();
            out[0]
        };
        assert_eq!(P384Sha384::H2(b"abc"), library);
    }

    #[test]
    fn hash_functions_are_separate() {
        fn all_differ<C: Ciphersuite>() {
            let bytes = |scalar| <<C::Group as Group>::Field as Field>::serialize(&scalar).as_ref().to_vec();
            let scalars =
                [C::H1(b"m"), C::H2(b"m"), C::H3(b"m"), C::HDKG(b"m").unwrap(), C::HID(b"m").unwrap()]
                    .map(bytes);
            let distinct: std::collections::HashSet<_> = scalars.iter().collect();
            assert_eq!(distinct.len(), 5);
            assert_ne!(C::H4(b"m").as_ref(), C::H5(b"m").as_ref());
        }
        all_differ::<P384Sha384>();
        all_differ::<P521Sha512>();
        all_differ::<StarkSha256>();
        all_differ::<Ed448Shake256>();
    }

    /// DKG, a signature by every pair, and reconstruction run on every suite.
    #[test]
    fn every_suite_generates_and_signs() {
        for curve in crate::curve::Curve::ALL {
            crate::with_suite!(curve, C => dkg_and_sign::<C>());
        }
    }

    fn dkg_and_sign<C: Ciphersuite>() {
        use frost_core::keys::dkg;
        use std::collections::BTreeMap;
        let mut rng = rand_core::OsRng;
        let ids: Vec<frost_core::Identifier<C>> = (1..=3u16).map(|i| i.try_into().unwrap()).collect();
        let first: BTreeMap<_, _> =
            ids.iter().map(|id| (*id, dkg::part1::<C, _>(*id, 3, 2, &mut rng).unwrap())).collect();
        let others1 =
            |me| first.iter().filter(|(id, _)| **id != me).map(|(id, (_, p))| (*id, p.clone())).collect();
        let second: BTreeMap<_, _> =
            ids.iter().map(|id| (*id, dkg::part2(first[id].0.clone(), &others1(*id)).unwrap())).collect();
        let keys: BTreeMap<_, _> = ids
            .iter()
            .map(|me| {
                let to_me = second
                    .iter()
                    .filter(|(id, _)| *id != me)
                    .map(|(id, (_, p))| (*id, p[me].clone()))
                    .collect();
                (*me, dkg::part3(&second[me].0, &others1(*me), &to_me).unwrap())
            })
            .collect();
        for pair in [[0, 1], [0, 2], [1, 2]].map(|pair| pair.map(|i: usize| ids[i])) {
            let nonces: BTreeMap<_, _> = pair
                .iter()
                .map(|id| (*id, frost_core::round1::commit(keys[id].0.signing_share(), &mut rng)))
                .collect();
            let commitments = nonces.iter().map(|(id, (_, c))| (*id, *c)).collect();
            let package = frost_core::SigningPackage::<C>::new(commitments, b"message");
            let shares = pair
                .iter()
                .map(|id| (*id, frost_core::round2::sign(&package, &nonces[id].0, &keys[id].0).unwrap()))
                .collect();
            let signature = frost_core::aggregate(&package, &shares, &keys[&pair[0]].1).unwrap();
            let group = keys[&ids[0]].1.verifying_key();
            assert!(group.verify(b"message", &signature).is_ok());
            assert!(group.verify(b"massage", &signature).is_err());
        }
    }
}
