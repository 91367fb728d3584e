//! Scalars and points as bytes: exact length, one encoding per value (R6).

use frost_core::{Ciphersuite, Element, Field, Group, Scalar};
use generic_ec::{Curve as EcCurve, Point as EcPoint, SecretScalar};
use zeroize::{Zeroize as _, Zeroizing};

use super::CurveError;

type FieldOf<C> = <<C as Ciphersuite>::Group as Group>::Field;

/// The fixed-length encoding of a scalar.
pub fn scalar_bytes<C: Ciphersuite>(scalar: &Scalar<C>) -> Zeroizing<Vec<u8>> {
    let mut array = FieldOf::<C>::serialize(scalar);
    let bytes = Zeroizing::new(array.as_ref().to_vec());
    array.as_mut().zeroize();
    bytes
}

/// Reads a scalar below the group order; zero is a scalar. Fails on another length or another encoding.
pub fn scalar_from<C: Ciphersuite>(bytes: &[u8]) -> Result<Scalar<C>, CurveError> {
    let expected = FieldOf::<C>::serialize(&FieldOf::<C>::zero()).as_ref().len();
    check_len("a scalar", bytes.len(), expected)?;
    let mut array = <FieldOf<C> as Field>::Serialization::try_from(bytes).map_err(|_| CurveError::Scalar)?;
    let scalar = FieldOf::<C>::deserialize(&array).map_err(|_| CurveError::Scalar);
    array.as_mut().zeroize();
    scalar
}

/// As [`scalar_from`], but zero is refused.
pub fn nonzero_scalar_from<C: Ciphersuite>(bytes: &[u8]) -> Result<Scalar<C>, CurveError> {
    let scalar = scalar_from::<C>(bytes)?;
    if scalar == FieldOf::<C>::zero() { Err(CurveError::ZeroScalar) } else { Ok(scalar) }
}

/// The fixed-length encoding of a point; the identity has none.
pub fn point_bytes<C: Ciphersuite>(point: &Element<C>) -> Result<Vec<u8>, CurveError> {
    let array = C::Group::serialize(point).map_err(|_| CurveError::Point)?;
    Ok(array.as_ref().to_vec())
}

/// Reads a point: on the curve, of prime order, not the identity, in its one encoding.
pub fn point_from<C: Ciphersuite>(bytes: &[u8]) -> Result<Element<C>, CurveError> {
    let Ok(array) = <C::Group as Group>::Serialization::try_from(bytes) else {
        let expected = point_bytes::<C>(&C::Group::generator())?.len();
        return Err(CurveError::Length { what: "a point", found: bytes.len(), expected });
    };
    let point = C::Group::deserialize(&array).map_err(|_| CurveError::Point)?;
    // The libraries also read SEC1's "compact" form and may ignore spare bits.
    if point_bytes::<C>(&point)? == bytes { Ok(point) } else { Err(CurveError::Point) }
}

/// A key-layer scalar as the ECDSA engine takes it. Both encode big-endian with the same length.
pub fn ec_scalar<C: Ciphersuite, E: EcCurve>(scalar: &Scalar<C>) -> Result<SecretScalar<E>, CurveError> {
    let bytes = scalar_bytes::<C>(scalar);
    SecretScalar::from_be_bytes(&bytes).map_err(|_| CurveError::Scalar)
}

/// A key-layer point as the ECDSA engine takes it.
pub fn ec_point<C: Ciphersuite, E: EcCurve>(point: &Element<C>) -> Result<EcPoint<E>, CurveError> {
    EcPoint::from_bytes(point_bytes::<C>(point)?).map_err(|_| CurveError::Point)
}

/// A scalar of the ECDSA engine in the key layer.
pub fn scalar_from_ec<C: Ciphersuite, E: EcCurve>(
    scalar: &generic_ec::Scalar<E>,
) -> Result<Scalar<C>, CurveError> {
    let mut encoded = scalar.to_be_bytes();
    let result = scalar_from::<C>(encoded.as_bytes());
    encoded.as_mut().zeroize();
    result
}

/// A point of the ECDSA engine in the key layer; the identity is refused.
pub fn point_from_ec<C: Ciphersuite, E: EcCurve>(point: &EcPoint<E>) -> Result<Element<C>, CurveError> {
    point_from::<C>(point.to_bytes(true).as_bytes())
}

fn check_len(what: &'static str, found: usize, expected: usize) -> Result<(), CurveError> {
    if found == expected { Ok(()) } else { Err(CurveError::Length { what, found, expected }) }
}

#[cfg(test)]
mod tests {
    use rand_core::OsRng;

    use super::*;
    use crate::curve::{Curve, suite};

    fn le(hex_big_endian: &str) -> Vec<u8> {
        hex::decode(hex_big_endian).unwrap().into_iter().rev().collect()
    }

    /// The group order in the scalar encoding, from SEC 2, RFC 8032 and the STARK curve's definition.
    fn order(curve: Curve) -> Vec<u8> {
        match curve {
            Curve::Secp256k1 | Curve::Secp256k1Schnorr => {
                hex::decode("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141").unwrap()
            }
            Curve::P256 => {
                hex::decode("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551").unwrap()
            }
            Curve::P384 => hex::decode(concat!(
                "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf",
                "581a0db248b0a77aecec196accc52973"
            ))
            .unwrap(),
            Curve::P521 => hex::decode(concat!(
                "01ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
                "fffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e9138",
                "6409"
            ))
            .unwrap(),
            Curve::Stark => {
                hex::decode("0800000000000010ffffffffffffffffb781126dcae7b2321e66a241adc64d2f").unwrap()
            }
            Curve::Ed25519 => le("1000000000000000000000000000000014def9dea2f79cd65812631a5cf5d3ed"),
            Curve::Ed448 => le(concat!(
                "003fffffffffffffffffffffffffffffffffffffffffffffffffffffff7cca23",
                "e9c44edb49aed63690216cc2728dc58f552378c292ab5844f3"
            )),
        }
    }

    fn generator(curve: Curve) -> Vec<u8> {
        let text = match curve {
            Curve::Secp256k1 | Curve::Secp256k1Schnorr => {
                "0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798"
            }
            Curve::P256 => "036b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296",
            Curve::P384 => {
                concat!(
                    "03aa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a",
                    "385502f25dbf55296c3a545e3872760ab7"
                )
            }
            Curve::P521 => {
                concat!(
                    "0200c6858e06b70404e9cd9e3ecb662395b4429c648139053fb521f828af606b",
                    "4d3dbaa14b5e77efe75928fe1dc127a2ffa8de3348b3c1856a429bf97e7e31c2",
                    "e5bd66"
                )
            }
            Curve::Stark => "0301ef15c18599971b7beced415a40f0c7deacfd9b0d1819e03d723d8bc943cfca",
            Curve::Ed25519 => "5866666666666666666666666666666666666666666666666666666666666666",
            Curve::Ed448 => {
                concat!(
                    "14fa30f25b790898adc8d74e2c13bdfdc4397ce61cffd33ad7c2a0051e9c7887",
                    "4098a36c7373ea4b62c7c9563720768824bcb66e71463f6900"
                )
            }
        };
        hex::decode(text).unwrap()
    }

    /// `bytes` plus a small number, in the curve's byte order.
    fn plus(curve: Curve, bytes: &[u8], mut carry: u16) -> Vec<u8> {
        let mut out = bytes.to_vec();
        let little = matches!(curve, Curve::Ed25519 | Curve::Ed448);
        let indices: Vec<usize> =
            if little { (0..out.len()).collect() } else { (0..out.len()).rev().collect() };
        for i in indices {
            carry += u16::from(out[i]);
            out[i] = carry as u8;
            carry >>= 8;
        }
        out
    }

    #[test]
    fn generators_are_the_standards() {
        for curve in Curve::ALL {
            let ours =
                crate::with_suite!(curve, C => point_bytes::<C>(&<C as Ciphersuite>::Group::generator()))
                    .unwrap();
            assert_eq!(hex::encode(ours), hex::encode(generator(curve)), "{curve}");
        }
    }

    #[test]
    fn r6_scalars_have_one_encoding() {
        for curve in Curve::ALL {
            crate::with_suite!(curve, C => {
                for _ in 0..16 {
                    let scalar = FieldOf::<C>::random(&mut OsRng);
                    let bytes = scalar_bytes::<C>(&scalar);
                    assert_eq!(bytes.len(), curve.scalar_len());
                    assert!(scalar_from::<C>(&bytes).unwrap() == scalar);
                }
                let order = order(curve);
                let one = scalar_bytes::<C>(&FieldOf::<C>::one());
                assert_eq!(*one, plus(curve, &vec![0; order.len()], 1));
                let largest = FieldOf::<C>::zero() - FieldOf::<C>::one();
                assert_eq!(plus(curve, &scalar_bytes::<C>(&largest), 1), order, "{curve}");
                for extra in [0, 1, 255] {
                    let above = plus(curve, &order, extra);
                    assert_eq!(scalar_from::<C>(&above).err(), Some(CurveError::Scalar), "{curve}");
                }
                assert!(scalar_from::<C>(&vec![0xff; order.len()]).is_err());
                assert!(matches!(scalar_from::<C>(&order[1..]), Err(CurveError::Length { .. })));
                assert!(scalar_from::<C>(&[&order[..], &[0]].concat()).is_err());
                assert!(scalar_from::<C>(&vec![0; order.len()]).unwrap() == FieldOf::<C>::zero());
                let zero = vec![0; order.len()];
                assert_eq!(nonzero_scalar_from::<C>(&zero).err(), Some(CurveError::ZeroScalar));
                assert!(nonzero_scalar_from::<C>(&one).is_ok());
            });
        }
    }

    #[test]
    fn r6_spare_bits_of_ed448_are_refused() {
        let bytes =
            scalar_bytes::<suite::Ed448Shake256>(&FieldOf::<suite::Ed448Shake256>::random(&mut OsRng))
                .to_vec();
        for (i, bit) in (0..8).map(|bit| (56, bit)).chain([(55, 6), (55, 7)]) {
            let mut other = bytes.clone();
            other[i] ^= 1 << bit;
            assert!(scalar_from::<suite::Ed448Shake256>(&other).is_err(), "byte {i} bit {bit}");
        }
        for bit in 0..7 {
            let mut other = generator(Curve::Ed448);
            other[56] ^= 1 << bit;
            assert!(point_from::<suite::Ed448Shake256>(&other).is_err(), "bit {bit}");
        }
        let mut negative = generator(Curve::Ed448);
        negative[56] ^= 0x80;
        assert!(point_from::<suite::Ed448Shake256>(&negative).is_ok());
    }

    #[test]
    fn r6_points_round_trip_and_other_forms_are_refused() {
        for curve in Curve::ALL {
            crate::with_suite!(curve, C => {
                for _ in 0..4 {
                    let point = <C as Ciphersuite>::Group::generator() * FieldOf::<C>::random(&mut OsRng);
                    let bytes = point_bytes::<C>(&point).unwrap();
                    assert_eq!(bytes.len(), curve.point_len());
                    assert!(point_from::<C>(&bytes).unwrap() == point);
                    if !matches!(curve, Curve::Ed25519 | Curve::Ed448) {
                        for tag in [0, 1, 4, 5, 6, 7] {
                            let mut other = bytes.clone();
                            other[0] = tag;
                            assert!(point_from::<C>(&other).is_err(), "{curve} tag {tag}");
                        }
                    }
                    assert!(matches!(point_from::<C>(&bytes[1..]), Err(CurveError::Length { .. })));
                    assert!(point_from::<C>(&[&bytes[..], &[0]].concat()).is_err());
                }
                assert!(point_bytes::<C>(&<C as Ciphersuite>::Group::identity()).is_err());
                assert!(point_from::<C>(&vec![0; curve.point_len()]).is_err());
                assert!(point_from::<C>(&vec![0xff; curve.point_len()]).is_err());
                let off_curve = (0..=255u8).filter(|byte| {
                    let mut bytes = generator(curve);
                    let middle = bytes.len() / 2;
                    bytes[middle] = *byte;
                    point_from::<C>(&bytes).is_err()
                });
                assert!(off_curve.count() > 64, "{curve}");
            });
        }
    }

    #[test]
    fn r6_ed25519_low_order_and_mixed_points_are_refused() {
        use curve25519_dalek::constants::{ED25519_BASEPOINT_POINT, EIGHT_TORSION};
        for torsion in EIGHT_TORSION {
            assert_eq!(
                point_from::<suite::Ed25519Sha512>(torsion.compress().as_bytes()).err(),
                Some(CurveError::Point)
            );
        }
        for torsion in &EIGHT_TORSION[1..] {
            let mixed = (ED25519_BASEPOINT_POINT + torsion).compress();
            assert!(point_from::<suite::Ed25519Sha512>(mixed.as_bytes()).is_err());
        }
        // y = p + 1 and y = p: the identity and a point of order four, not canonical.
        let above = |low: u8| [vec![low], vec![0xff; 30], vec![0x7f]].concat();
        for low in 0xed..=0xff {
            assert!(point_from::<suite::Ed25519Sha512>(&above(low)).is_err());
        }
    }

    #[test]
    fn r6_ed448_low_order_and_mixed_points_are_refused() {
        use ed448_goldilocks_plus::{CompressedEdwardsY, EdwardsPoint};
        let encode = |first: u8, rest: u8, last_y: u8, sign: u8| {
            let mut bytes = [rest; 57];
            (bytes[0], bytes[28], bytes[55], bytes[56]) = (first, last_y, rest, sign);
            bytes
        };
        let identity = encode(1, 0, 0, 0);
        let order_two = encode(0xfe, 0xff, 0xfe, 0);
        let order_four = [encode(0, 0, 0, 0), encode(0, 0, 0, 0x80)];
        for bytes in [identity, order_two, order_four[0], order_four[1]] {
            let point = CompressedEdwardsY(bytes).decompress_unchecked().unwrap();
            let four = [point; 4].iter().fold(EdwardsPoint::IDENTITY, |sum, p| sum + p);
            assert!(four == EdwardsPoint::IDENTITY, "of order dividing four");
            assert!(point_from::<suite::Ed448Shake256>(&bytes).is_err());
            if bytes != identity {
                for k in 1..20u64 {
                    let mixed = EdwardsPoint::GENERATOR * ed448_goldilocks_plus::Scalar::from(k) + point;
                    assert!(point_from::<suite::Ed448Shake256>(&mixed.compress().to_bytes()).is_err());
                }
            }
        }
        // y = p, y = p + 1 and the identity with a sign.
        for bytes in [encode(0xff, 0xff, 0xfe, 0), encode(0, 0, 0xff, 0), encode(1, 0, 0, 0x80)] {
            assert!(point_from::<suite::Ed448Shake256>(&bytes).is_err());
        }
    }

    #[test]
    fn group_laws_hold_on_every_suite() {
        for curve in Curve::ALL {
            crate::with_suite!(curve, C => laws::<C>());
        }
    }

    fn laws<C: Ciphersuite>() {
        let (zero, one) = (FieldOf::<C>::zero(), FieldOf::<C>::one());
        let (g, o) = (C::Group::generator(), C::Group::identity());
        let mut samples = vec![zero, one, one + one, one + one + one, zero - one, zero - one - one];
        samples.extend((0..3).map(|_| FieldOf::<C>::random(&mut OsRng)));
        for a in &samples {
            for b in &samples {
                assert!(g * *a + g * *b == g * (*a + *b));
                assert!(g * *a - g * *b == g * (*a - *b));
                assert!((g * *a) * *b == g * (*a * *b));
            }
            assert!(*a == zero || *a * FieldOf::<C>::invert(a).unwrap() == one);
            let mut reversed = FieldOf::<C>::serialize(a).as_ref().to_vec();
            let little = FieldOf::<C>::little_endian_serialize(a).as_ref().to_vec();
            if little != reversed {
                reversed.reverse();
            }
            assert_eq!(little, reversed);
        }
        assert!(FieldOf::<C>::invert(&zero).is_err());
        let difference = one + (zero - one);
        assert!(difference == zero && g * zero == o && o + o == o && o - g + g == o);
    }

    #[test]
    fn the_two_engines_see_the_same_values() {
        for curve in Curve::ALL {
            crate::with_ecdsa!(curve, E, L => {
                crate::with_suite!(curve, C => {
                    let scalar = FieldOf::<C>::random(&mut OsRng);
                    let secret = ec_scalar::<C, E>(&scalar).unwrap();
                    let inner = <C as Ciphersuite>::Group::generator() * scalar;
                    let point = ec_point::<C, E>(&inner).unwrap();
                    assert_eq!(EcPoint::<E>::generator() * &secret, point);
                    assert!(scalar_from_ec::<C, E>(secret.as_ref()).unwrap() == scalar);
                    assert!(point_from_ec::<C, E>(&point).unwrap() == inner);
                    assert!(point_from_ec::<C, E>(&EcPoint::<E>::zero()).is_err());
                })
            }, else ());
        }
    }
}
