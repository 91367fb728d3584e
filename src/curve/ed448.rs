//! FROST(Ed448, SHAKE256), RFC 9591 section 6.3, over `ed448-goldilocks-plus`.
//!
//! The library's own decoders are lax: scalars pass with a last byte that is not zero (and arithmetic
//! overflows on the way), points with spare bits beside the sign or y not below p. So both decoders here
//! compare with the encoding of what was read, and the scalar one reduces first.

use ed448_goldilocks_plus::{CompressedEdwardsY, EdwardsPoint, Scalar, WideScalarBytes};
use frost_core::{Ciphersuite, Field, FieldError, Group, GroupError};
use rand_core::{CryptoRng, RngCore};
use sha3::Shake256;
use sha3::digest::{ExtendableOutput as _, Update as _, XofReader as _};
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

/// Integers modulo the order of the Ed448 base point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ed448Field;

impl Field for Ed448Field {
    type Scalar = Scalar;
    type Serialization = [u8; 57];

    fn zero() -> Scalar {
        Scalar::ZERO
    }

    fn one() -> Scalar {
        Scalar::ONE
    }

    fn invert(scalar: &Scalar) -> Result<Scalar, FieldError> {
        if *scalar == Scalar::ZERO { Err(FieldError::InvalidZeroScalar) } else { Ok(scalar.invert()) }
    }

    fn random<R: RngCore + CryptoRng>(rng: &mut R) -> Scalar {
        let mut wide = Zeroizing::new([0; 114]);
        rng.fill_bytes(wide.as_mut());
        reduce(&wide)
    }

    fn serialize(scalar: &Scalar) -> [u8; 57] {
        scalar.to_bytes_rfc_8032().into()
    }

    fn little_endian_serialize(scalar: &Scalar) -> [u8; 57] {
        Self::serialize(scalar)
    }

    fn deserialize(bytes: &[u8; 57]) -> Result<Scalar, FieldError> {
        let mut wide = Zeroizing::new([0; 114]);
        for (to, from) in wide.iter_mut().zip(bytes) {
            *to = *from;
        }
        let scalar = reduce(&wide);
        let same = Self::serialize(&scalar).ct_eq(bytes);
        if bool::from(same) { Ok(scalar) } else { Err(FieldError::MalformedScalar) }
    }
}

/// The prime-order subgroup of Ed448.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ed448Group;

impl Group for Ed448Group {
    type Field = Ed448Field;
    type Element = EdwardsPoint;
    type Serialization = [u8; 57];

    /// One: only the prime-order subgroup is ever decoded.
    fn cofactor() -> Scalar {
        Scalar::ONE
    }

    fn identity() -> EdwardsPoint {
        EdwardsPoint::IDENTITY
    }

    fn generator() -> EdwardsPoint {
        EdwardsPoint::GENERATOR
    }

    fn serialize(point: &EdwardsPoint) -> Result<[u8; 57], GroupError> {
        if *point == EdwardsPoint::IDENTITY {
            return Err(GroupError::InvalidIdentityElement);
        }
        Ok(point.compress().to_bytes())
    }

    fn deserialize(bytes: &[u8; 57]) -> Result<EdwardsPoint, GroupError> {
        let encoded = CompressedEdwardsY(*bytes);
        let point = Option::<EdwardsPoint>::from(encoded.decompress_unchecked())
            .ok_or(GroupError::MalformedElement)?;
        if !bool::from(point.is_on_curve()) || point.compress().to_bytes() != *bytes {
            return Err(GroupError::MalformedElement);
        }
        if point == EdwardsPoint::IDENTITY {
            return Err(GroupError::InvalidIdentityElement);
        }
        if bool::from(point.is_torsion_free()) {
            Ok(point)
        } else {
            Err(GroupError::InvalidNonPrimeOrderElement)
        }
    }
}

/// FROST(Ed448, SHAKE256).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ed448Shake256;

impl Ciphersuite for Ed448Shake256 {
    const ID: &'static str = "FROST-ED448-SHAKE256-v1";

    type Group = Ed448Group;
    type HashOutput = [u8; 114];
    type SignatureSerialization = [u8; 114];

    fn H1(m: &[u8]) -> Scalar {
        reduce(&hash(&[Self::ID.as_bytes(), b"rho", m]))
    }

    /// The challenge of RFC 8032 with an empty context: dom4(0, "") in front.
    fn H2(m: &[u8]) -> Scalar {
        reduce(&hash(&[b"SigEd448\0\0", m]))
    }

    fn H3(m: &[u8]) -> Scalar {
        reduce(&hash(&[Self::ID.as_bytes(), b"nonce", m]))
    }

    fn H4(m: &[u8]) -> [u8; 114] {
        hash(&[Self::ID.as_bytes(), b"msg", m])
    }

    fn H5(m: &[u8]) -> [u8; 114] {
        hash(&[Self::ID.as_bytes(), b"com", m])
    }

    fn HDKG(m: &[u8]) -> Option<Scalar> {
        Some(reduce(&hash(&[Self::ID.as_bytes(), b"dkg", m])))
    }

    fn HID(m: &[u8]) -> Option<Scalar> {
        Some(reduce(&hash(&[Self::ID.as_bytes(), b"id", m])))
    }
}

fn hash(parts: &[&[u8]]) -> [u8; 114] {
    let mut shake = Shake256::default();
    for part in parts {
        shake.update(part);
    }
    let mut output = [0; 114];
    shake.finalize_xof().read(&mut output);
    output
}

fn reduce(wide: &[u8; 114]) -> Scalar {
    Scalar::from_bytes_mod_order_wide(&WideScalarBytes::from(*wide))
}
