//! Curves and security levels of the threshold-ECDSA engine: the types of `generic-ec`, and our own for P384
//! and P521, which it lacks.
//!
//! The Paillier sizes keep the soundness slack that CGGMP24 asks for relative to the group order: ell = bits
//! of the order, epsilon = 2 ell, ell' = 5 ell, primes wide enough for their sums.

use generic_ec::core::coords::HasAffineX;
use generic_ec::core::{
    Additive, CompressedEncoding, Curve, CurveGenerator, Decode, IntegerEncoding, Invertible, Multiplicative,
    OnCurve, One, Samplable, SmallFactor, UncompressedEncoding, Zero,
};
use k256::elliptic_curve::ff::PrimeField;
use k256::elliptic_curve::sec1::{FromEncodedPoint as _, ToEncodedPoint as _};
use subtle::{Choice, ConditionallySelectable, ConstantTimeEq, CtOption};
use zeroize::Zeroize;

use super::suite::reduce;

pub use cggmp24::security_level::SecurityLevel128 as Level256;
pub use generic_ec::curves::{Secp256k1, Secp256r1 as P256, Stark};

/// Security level of P384.
#[derive(Clone, Debug)]
pub struct Level384;

cggmp24::define_security_level!(Level384 {
    kappa_bits: 384,
    rsa_prime_bitlen: 1600,
    rsa_pubkey_bitlen: 3199,
    epsilon: 768,
    ell: 384,
    ell_prime: 1920,
    m: 128,
});

/// Security level of P521; kappa is 521 bits in whole bytes.
#[derive(Clone, Debug)]
pub struct Level521;

cggmp24::define_security_level!(Level521 {
    kappa_bits: 528,
    rsa_prime_bitlen: 2112,
    rsa_pubkey_bitlen: 4223,
    epsilon: 1042,
    ell: 521,
    ell_prime: 2605,
    m: 128,
});

/// Implements the traits of `generic-ec-core` for a RustCrypto curve of prime order: name, crate, and the
/// bytes of a coordinate, of a compressed and of an uncompressed point.
macro_rules! ec_curve {
    ($(#[$doc:meta])* $curve:ident, $point:ident, $scalar:ident, $krate:ident, $name:literal,
     $len:literal, $compressed:literal, $uncompressed:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $curve;

        /// A point.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub struct $point($krate::ProjectivePoint);

        /// A scalar.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub struct $scalar($krate::Scalar);

        impl Curve for $curve {
            const CURVE_NAME: &'static str = $name;
            type Point = $point;
            type Scalar = $scalar;
            type CompressedPointArray = [u8; $compressed];
            type UncompressedPointArray = [u8; $uncompressed];
            type ScalarArray = [u8; $len];
            type CoordinateArray = [u8; $len];
        }

        impl HasAffineX for $curve {
            fn x(point: &$point) -> Option<[u8; $len]> {
                if bool::from($point::is_zero(point)) {
                    return None;
                }
                let mut x = [0; $len];
                x.copy_from_slice(point.0.to_affine().to_encoded_point(true).x()?);
                Some(x)
            }
        }

        impl Additive for $point {
            fn add(a: &Self, b: &Self) -> Self {
                Self(a.0 + b.0)
            }

            fn sub(a: &Self, b: &Self) -> Self {
                Self(a.0 - b.0)
            }

            fn negate(x: &Self) -> Self {
                Self(-x.0)
            }

            fn double(x: &Self) -> Self {
                Self(k256::elliptic_curve::Group::double(&x.0))
            }
        }

        impl From<CurveGenerator> for $point {
            fn from(_: CurveGenerator) -> Self {
                Self($krate::ProjectivePoint::GENERATOR)
            }
        }

        impl Zero for $point {
            fn zero() -> Self {
                Self($krate::ProjectivePoint::IDENTITY)
            }

            fn is_zero(x: &Self) -> Choice {
                x.0.ct_eq(&$krate::ProjectivePoint::IDENTITY)
            }
        }

        impl Zeroize for $point {
            fn zeroize(&mut self) {
                self.0.zeroize();
            }
        }

        /// Only points on the curve can be built.
        impl OnCurve for $point {
            fn is_on_curve(&self) -> Choice {
                Choice::from(1)
            }
        }

        /// The cofactor is one.
        impl SmallFactor for $point {
            fn is_torsion_free(&self) -> Choice {
                Choice::from(1)
            }
        }

        impl ConstantTimeEq for $point {
            fn ct_eq(&self, other: &Self) -> Choice {
                self.0.ct_eq(&other.0)
            }
        }

        impl ConditionallySelectable for $point {
            fn conditional_select(a: &Self, b: &Self, choice: Choice) -> Self {
                Self($krate::ProjectivePoint::conditional_select(&a.0, &b.0, choice))
            }
        }

        /// The identity is all zero, as for the curves of `generic-ec`.
        impl CompressedEncoding for $point {
            type Bytes = [u8; $compressed];

            fn to_bytes_compressed(&self) -> Self::Bytes {
                let mut bytes = [0; $compressed];
                if !bool::from(Self::is_zero(self)) {
                    bytes.copy_from_slice(self.0.to_affine().to_encoded_point(true).as_bytes());
                }
                bytes
            }
        }

        impl UncompressedEncoding for $point {
            type Bytes = [u8; $uncompressed];

            fn to_bytes_uncompressed(&self) -> Self::Bytes {
                let mut bytes = [0; $uncompressed];
                if !bool::from(Self::is_zero(self)) {
                    bytes.copy_from_slice(self.0.to_affine().to_encoded_point(false).as_bytes());
                }
                bytes
            }
        }

        impl Decode for $point {
            fn decode(bytes: &[u8]) -> Option<Self> {
                match (bytes.len(), bytes.first()?) {
                    ($compressed, 2 | 3) | ($uncompressed, 4) => {
                        let encoded = $krate::EncodedPoint::from_bytes(bytes).ok()?;
                        let affine = Option::<$krate::AffinePoint>::from(
                            $krate::AffinePoint::from_encoded_point(&encoded))?;
                        Some(Self(affine.into()))
                    }
                    ($compressed | $uncompressed, 0) if bytes.iter().all(|byte| *byte == 0) => {
                        Some(Self::zero())
                    }
                    _ => None,
                }
            }
        }

        impl Additive for $scalar {
            fn add(a: &Self, b: &Self) -> Self {
                Self(a.0 + b.0)
            }

            fn sub(a: &Self, b: &Self) -> Self {
                Self(a.0 - b.0)
            }

            fn negate(x: &Self) -> Self {
                Self(-x.0)
            }
        }

        impl Multiplicative<$scalar> for $scalar {
            type Output = $scalar;

            fn mul(a: &Self, b: &$scalar) -> $scalar {
                Self(a.0 * b.0)
            }
        }

        impl Multiplicative<$point> for $scalar {
            type Output = $point;

            fn mul(a: &Self, b: &$point) -> $point {
                $point(b.0 * a.0)
            }
        }

        impl Multiplicative<CurveGenerator> for $scalar {
            type Output = $point;

            fn mul(a: &Self, _: &CurveGenerator) -> $point {
                $point($krate::ProjectivePoint::GENERATOR * a.0)
            }
        }

        impl Invertible for $scalar {
            fn invert(x: &Self) -> CtOption<Self> {
                k256::elliptic_curve::Field::invert(&x.0).map(Self)
            }
        }

        impl Zero for $scalar {
            fn zero() -> Self {
                Self($krate::Scalar::ZERO)
            }

            fn is_zero(x: &Self) -> Choice {
                x.0.is_zero()
            }
        }

        impl One for $scalar {
            fn one() -> Self {
                Self($krate::Scalar::ONE)
            }

            fn is_one(x: &Self) -> Choice {
                x.0.ct_eq(&$krate::Scalar::ONE)
            }
        }

        impl Samplable for $scalar {
            fn random<R: rand_core::RngCore>(rng: &mut R) -> Self {
                // 24 bytes and more beyond the order: the bias is below 2^-190.
                let mut wide = zeroize::Zeroizing::new([0; $len + 24]);
                rng.fill_bytes(wide.as_mut());
                Self(reduce(wide.as_ref()))
            }
        }

        impl Zeroize for $scalar {
            fn zeroize(&mut self) {
                self.0.zeroize();
            }
        }

        impl ConstantTimeEq for $scalar {
            fn ct_eq(&self, other: &Self) -> Choice {
                self.0.ct_eq(&other.0)
            }
        }

        impl ConditionallySelectable for $scalar {
            fn conditional_select(a: &Self, b: &Self, choice: Choice) -> Self {
                Self($krate::Scalar::conditional_select(&a.0, &b.0, choice))
            }
        }

        impl IntegerEncoding for $scalar {
            type Bytes = [u8; $len];

            fn to_be_bytes(&self) -> Self::Bytes {
                let mut bytes = [0; $len];
                bytes.copy_from_slice(&self.0.to_repr());
                bytes
            }

            fn to_le_bytes(&self) -> Self::Bytes {
                let mut bytes = self.to_be_bytes();
                bytes.reverse();
                bytes
            }

            fn from_be_bytes_exact(bytes: &Self::Bytes) -> Option<Self> {
                let mut repr = <$krate::Scalar as PrimeField>::Repr::default();
                repr.copy_from_slice(bytes);
                Option::from($krate::Scalar::from_repr(repr).map(Self))
            }

            fn from_le_bytes_exact(bytes: &Self::Bytes) -> Option<Self> {
                let mut reversed = *bytes;
                reversed.reverse();
                Self::from_be_bytes_exact(&reversed)
            }

            fn from_be_bytes_mod_order(bytes: &[u8]) -> Self {
                Self(reduce(bytes))
            }

            fn from_le_bytes_mod_order(bytes: &[u8]) -> Self {
                let mut reversed = zeroize::Zeroizing::new(bytes.to_vec());
                reversed.reverse();
                Self(reduce(&reversed))
            }
        }
    };
}

ec_curve!(
    /// P384 for the ECDSA engine.
    P384, P384Point, P384Scalar, p384, "secp384r1", 48, 49, 97
);
ec_curve!(
    /// P521 for the ECDSA engine.
    P521, P521Point, P521Scalar, p521, "secp521r1", 66, 67, 133
);

#[cfg(test)]
mod tests {
    use generic_ec::coords::AlwaysHasAffineX;
    use generic_ec::{NonZero, Point, Scalar, SecretScalar};
    use rand_core::OsRng;

    use super::*;

    /// What `cggmp24::signing` asks of a curve.
    fn signs<E: Curve + HasAffineX>()
    where
        NonZero<Point<E>>: AlwaysHasAffineX<E>,
    {
    }

    #[test]
    fn every_ecdsa_curve_fits_the_engine() {
        for curve in crate::curve::Curve::ALL {
            crate::with_ecdsa!(curve, E, L => signs::<E>(), else ());
        }
    }

    fn group_laws<E: Curve>(order_minus_one: &[u8]) {
        let one = Scalar::<E>::one();
        let generator = Point::<E>::generator().to_point();
        for _ in 0..8 {
            let (a, b) = (Scalar::<E>::random(&mut OsRng), Scalar::<E>::random(&mut OsRng));
            assert_eq!(generator * a + generator * b, generator * (a + b));
            assert_eq!((generator * a) * b, Point::<E>::generator() * (a * b));
            assert_eq!(a * a.invert().unwrap(), one);
            assert_eq!(generator * (a - b) + generator * b, generator * a);
            assert_eq!(Scalar::<E>::from_be_bytes(a.to_be_bytes()).unwrap(), a);
            assert_eq!(Scalar::<E>::from_le_bytes(a.to_le_bytes()).unwrap(), a);
            assert_eq!(Scalar::<E>::from_be_bytes_mod_order(a.to_be_bytes()), a);
            assert_eq!(Scalar::<E>::from_le_bytes_mod_order(a.to_le_bytes()), a);
            for compressed in [true, false] {
                let point = generator * a;
                assert_eq!(Point::<E>::from_bytes(point.to_bytes(compressed)).unwrap(), point);
            }
        }
        let minus_one = Scalar::<E>::from_be_bytes(order_minus_one).unwrap();
        assert_eq!(minus_one + one, Scalar::zero());
        assert!(Scalar::<E>::zero().invert().is_none());
        assert_eq!(generator * minus_one + generator, Point::zero());
        let mut order = order_minus_one.to_vec();
        *order.last_mut().unwrap() += 1;
        assert!(Scalar::<E>::from_be_bytes(&order).is_err());
        assert_eq!(Scalar::<E>::from_be_bytes_mod_order(&order), Scalar::zero());
        let zero = Point::<E>::zero();
        assert_eq!(Point::<E>::from_bytes(zero.to_bytes(true)).unwrap(), zero);
        assert!(Point::<E>::from_bytes(&order).is_err());
        let mut compact = generator.to_bytes(true).to_vec();
        compact[0] = 5;
        assert!(Point::<E>::from_bytes(&compact).is_err());
    }

    #[test]
    fn r6_p384_wrapper_is_a_group_and_refuses_other_encodings() {
        group_laws::<P384>(
            &hex::decode(concat!(
                "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf",
                "581a0db248b0a77aecec196accc52972"
            ))
            .unwrap(),
        );
    }

    #[test]
    fn r6_p521_wrapper_is_a_group_and_refuses_other_encodings() {
        group_laws::<P521>(
            &hex::decode(concat!(
                "01ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
                "fffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e9138",
                "6408"
            ))
            .unwrap(),
        );
    }

    #[test]
    fn long_integers_reduce_as_horner_says() {
        let bytes: Vec<u8> = (0..=200).collect();
        let expected = bytes.iter().fold(p521::Scalar::ZERO, |sum, byte| {
            sum * p521::Scalar::from(256u64) + p521::Scalar::from(u64::from(*byte))
        });
        assert_eq!(reduce::<p521::Scalar>(&bytes), expected);
        assert_eq!(reduce::<p521::Scalar>(&[]), p521::Scalar::ZERO);
    }

    #[test]
    fn secret_scalars_are_the_key_layers() {
        let secret = SecretScalar::<P521>::random(&mut OsRng);
        let inner =
            crate::curve::scalar_from_ec::<crate::curve::suite::P521Sha512, P521>(secret.as_ref()).unwrap();
        let back = crate::curve::ec_scalar::<crate::curve::suite::P521Sha512, P521>(&inner).unwrap();
        assert_eq!(secret.as_ref(), back.as_ref());
    }
}
