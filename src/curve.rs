//! The eight curves: names, signing engine, key-layer ciphersuites, encodings.
//!
//! Every key is plain Shamir over the group order with Feldman commitments, so each curve has one
//! `frost-core` ciphersuite ([`with_suite!`](crate::with_suite)). The five curves that sign with threshold
//! ECDSA also have a `generic-ec` type and a CGGMP security level ([`with_ecdsa!`](crate::with_ecdsa)).
//!
//! | curve | scalar | point |
//! |---|---|---|
//! | SECP256k1, P256, SECP256K1_SCHNORR, STARK | 32 bytes big-endian | 33 bytes SEC1 compressed |
//! | P384 | 48 big-endian | 49 SEC1 compressed |
//! | P521 | 66 big-endian | 67 SEC1 compressed |
//! | ED25519 | 32 little-endian | 32, RFC 8032 section 5.1.2 |
//! | ED448 | 57 little-endian, last byte zero | 57, RFC 8032 section 5.2.2 |

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

pub mod ec;
pub mod ecdsa_sig;
mod ed448;
pub mod encoding;
pub mod payload;
pub mod suite;
mod taproot;
pub mod verify;

pub use ecdsa_sig::{EcdsaSignature, SignatureError};
pub use encoding::{
    ec_point, ec_scalar, nonzero_scalar_from, point_bytes, point_from, point_from_ec, scalar_bytes,
    scalar_from, scalar_from_ec,
};
pub use frost_core::{Ciphersuite as Suite, Element, Scalar};
pub use payload::{
    HashAlgorithm, Payload, PayloadError, default_hash, payload_of_digest, payload_of_message,
};
pub use taproot::taproot_output_key;
pub use verify::{VerifyError, verify};

/// A curve together with the signature scheme its keys are for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub enum Curve {
    Secp256k1,
    Ed25519,
    P256,
    P384,
    P521,
    Ed448,
    Secp256k1Schnorr,
    Stark,
}

/// The protocol that signs.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Engine {
    /// FROST (RFC 9591): EdDSA and BIP-340.
    Frost,
    /// CGGMP24 threshold ECDSA.
    Ecdsa,
}

/// The size of the Paillier data that threshold ECDSA needs on a curve.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub enum Level {
    Bits256,
    Bits384,
    Bits521,
}

impl Level {
    /// Bits of each safe prime.
    pub const fn prime_bits(self) -> u32 {
        match self {
            Level::Bits256 => 1536,
            Level::Bits384 => 1600,
            Level::Bits521 => 2112,
        }
    }
}

/// Why a name, scalar or point was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CurveError {
    #[error("{name:?} is not a curve; did you mean {nearest}? The curves are {}", Curve::list())]
    UnknownCurve { name: String, nearest: Curve },
    #[error("{what} is {found} bytes long; {expected} are needed")]
    Length { what: &'static str, found: usize, expected: usize },
    #[error("a scalar is not below the group order in its one encoding (R6)")]
    Scalar,
    #[error("a scalar is zero (R6)")]
    ZeroScalar,
    #[error("a point is not on the curve, not of prime order, the identity, or not in its one encoding (R6)")]
    Point,
}

impl Curve {
    /// All curves, in the order in which they are listed.
    pub const ALL: [Curve; 8] = [
        Curve::Secp256k1,
        Curve::Ed25519,
        Curve::P256,
        Curve::P384,
        Curve::P521,
        Curve::Ed448,
        Curve::Secp256k1Schnorr,
        Curve::Stark,
    ];

    /// The output spelling.
    pub const fn name(self) -> &'static str {
        match self {
            Curve::Secp256k1 => "SECP256k1",
            Curve::Ed25519 => "ED25519",
            Curve::P256 => "P256",
            Curve::P384 => "P384",
            Curve::P521 => "P521",
            Curve::Ed448 => "ED448",
            Curve::Secp256k1Schnorr => "SECP256K1_SCHNORR",
            Curve::Stark => "STARK",
        }
    }

    /// The eight names, for messages.
    pub fn list() -> String {
        Self::ALL.map(Self::name).join(", ")
    }

    /// Which protocol signs with this curve's keys.
    pub const fn engine(self) -> Engine {
        match self {
            Curve::Ed25519 | Curve::Ed448 | Curve::Secp256k1Schnorr => Engine::Frost,
            Curve::Secp256k1 | Curve::P256 | Curve::P384 | Curve::P521 | Curve::Stark => Engine::Ecdsa,
        }
    }

    /// The Paillier level; none where FROST signs.
    pub const fn level(self) -> Option<Level> {
        match self {
            Curve::Secp256k1 | Curve::P256 | Curve::Stark => Some(Level::Bits256),
            Curve::P384 => Some(Level::Bits384),
            Curve::P521 => Some(Level::Bits521),
            Curve::Ed25519 | Curve::Ed448 | Curve::Secp256k1Schnorr => None,
        }
    }

    /// Bytes of an encoded scalar.
    pub const fn scalar_len(self) -> usize {
        match self {
            Curve::P384 => 48,
            Curve::P521 => 66,
            Curve::Ed448 => 57,
            Curve::Secp256k1 | Curve::Ed25519 | Curve::P256 | Curve::Secp256k1Schnorr | Curve::Stark => 32,
        }
    }

    /// Bytes of an encoded point.
    pub const fn point_len(self) -> usize {
        match self {
            Curve::Ed25519 | Curve::Ed448 => self.scalar_len(),
            _ => self.scalar_len() + 1,
        }
    }

    /// The public key as the curve's users expect it: x-only (BIP-340) for SECP256K1_SCHNORR, else the
    /// group public key itself. Fails when that is not a point in its one encoding.
    pub fn root_public_key(self, group_public_key: &[u8]) -> Result<Vec<u8>, CurveError> {
        crate::with_suite!(self, C => point_from::<C>(group_public_key).map(|_| ()))?;
        match (self, group_public_key) {
            (Curve::Secp256k1Schnorr, [_, x @ ..]) => Ok(x.to_vec()),
            _ => Ok(group_public_key.to_vec()),
        }
    }
}

/// Other names, without case, spaces and punctuation.
const ALIASES: [(&str, Curve); 36] = [
    ("secp256k1", Curve::Secp256k1),
    ("secp256k1ecdsa", Curve::Secp256k1),
    ("k256", Curve::Secp256k1),
    ("bitcoin", Curve::Secp256k1),
    ("ethereum", Curve::Secp256k1),
    ("ed25519", Curve::Ed25519),
    ("edwards25519", Curve::Ed25519),
    ("p256", Curve::P256),
    ("nistp256", Curve::P256),
    ("secp256r1", Curve::P256),
    ("prime256v1", Curve::P256),
    ("es256", Curve::P256),
    ("p384", Curve::P384),
    ("nistp384", Curve::P384),
    ("secp384r1", Curve::P384),
    ("es384", Curve::P384),
    ("p521", Curve::P521),
    ("nistp521", Curve::P521),
    ("secp521r1", Curve::P521),
    ("es512", Curve::P521),
    ("ed448", Curve::Ed448),
    ("edwards448", Curve::Ed448),
    ("goldilocks", Curve::Ed448),
    ("ed448goldilocks", Curve::Ed448),
    ("secp256k1schnorr", Curve::Secp256k1Schnorr),
    ("schnorrsecp256k1", Curve::Secp256k1Schnorr),
    ("schnorr", Curve::Secp256k1Schnorr),
    ("bip340", Curve::Secp256k1Schnorr),
    ("bip340schnorr", Curve::Secp256k1Schnorr),
    ("schnorrbip340", Curve::Secp256k1Schnorr),
    ("taproot", Curve::Secp256k1Schnorr),
    ("p2tr", Curve::Secp256k1Schnorr),
    ("stark", Curve::Stark),
    ("starkcurve", Curve::Stark),
    ("stark256", Curve::Stark),
    ("starknet", Curve::Stark),
];

impl FromStr for Curve {
    type Err = CurveError;

    /// Reads a name or alias without regard to case, spaces, `-`, `_`, `.`, `(` and `)`.
    fn from_str(name: &str) -> Result<Self, CurveError> {
        let plain: String = name
            .chars()
            .take(64)
            .filter(|c| !matches!(c, ' ' | '-' | '_' | '.' | '(' | ')'))
            .map(|c| c.to_ascii_lowercase())
            .collect();
        let whole = name.len() <= 64;
        match ALIASES.iter().find(|(alias, _)| whole && *alias == plain) {
            Some((_, curve)) => Ok(*curve),
            None => Err(CurveError::UnknownCurve {
                name: name.chars().take(64).collect(),
                nearest: nearest(&plain),
            }),
        }
    }
}

fn nearest(plain: &str) -> Curve {
    ALIASES
        .iter()
        .min_by_key(|(alias, _)| strsim::damerau_levenshtein(alias, plain))
        .map_or(Curve::Secp256k1, |(_, curve)| *curve)
}

impl fmt::Display for Curve {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl Serialize for Curve {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Curve {
    /// Takes the output spelling only, so that one curve has one form in what is hashed and signed.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        let found = Curve::ALL.into_iter().find(|curve| curve.name() == name);
        found.ok_or_else(|| serde::de::Error::custom(format!("not a curve in its one spelling: {name:?}")))
    }
}

/// Evaluates an expression with `C` bound to the key-layer ciphersuite of a curve:
/// `with_suite!(curve, C => expression)`.
#[macro_export]
macro_rules! with_suite {
    ($curve:expr, $C:ident => $body:expr) => {
        match $curve {
            $crate::curve::Curve::Secp256k1 | $crate::curve::Curve::Secp256k1Schnorr => {
                type $C = $crate::curve::suite::Secp256K1Sha256;
                $body
            }
            $crate::curve::Curve::Ed25519 => {
                type $C = $crate::curve::suite::Ed25519Sha512;
                $body
            }
            $crate::curve::Curve::P256 => {
                type $C = $crate::curve::suite::P256Sha256;
                $body
            }
            $crate::curve::Curve::P384 => {
                type $C = $crate::curve::suite::P384Sha384;
                $body
            }
            $crate::curve::Curve::P521 => {
                type $C = $crate::curve::suite::P521Sha512;
                $body
            }
            $crate::curve::Curve::Ed448 => {
                type $C = $crate::curve::suite::Ed448Shake256;
                $body
            }
            $crate::curve::Curve::Stark => {
                type $C = $crate::curve::suite::StarkSha256;
                $body
            }
        }
    };
}

/// Evaluates an expression with `E` bound to the `generic-ec` curve and `L` to the security level of an
/// ECDSA curve, or another expression for the rest: `with_ecdsa!(curve, E, L => expression, else other)`.
#[macro_export]
macro_rules! with_ecdsa {
    ($curve:expr, $E:ident, $L:ident => $body:expr, else $other:expr) => {
        match $curve {
            $crate::curve::Curve::Secp256k1 => {
                type $E = $crate::curve::ec::Secp256k1;
                #[allow(dead_code)]
                type $L = $crate::curve::ec::Level256;
                $body
            }
            $crate::curve::Curve::P256 => {
                type $E = $crate::curve::ec::P256;
                #[allow(dead_code)]
                type $L = $crate::curve::ec::Level256;
                $body
            }
            $crate::curve::Curve::Stark => {
                type $E = $crate::curve::ec::Stark;
                #[allow(dead_code)]
                type $L = $crate::curve::ec::Level256;
                $body
            }
            $crate::curve::Curve::P384 => {
                type $E = $crate::curve::ec::P384;
                #[allow(dead_code)]
                type $L = $crate::curve::ec::Level384;
                $body
            }
            $crate::curve::Curve::P521 => {
                type $E = $crate::curve::ec::P521;
                #[allow(dead_code)]
                type $L = $crate::curve::ec::Level521;
                $body
            }
            _ => $other,
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_aliases_are_read_without_case() {
        for curve in Curve::ALL {
            assert_eq!(curve.name().parse::<Curve>().unwrap(), curve);
            assert_eq!(curve.name().to_lowercase().parse::<Curve>().unwrap(), curve);
            assert_eq!(serde_json::to_string(&curve).unwrap(), format!("\"{}\"", curve.name()));
        }
        for (alias, curve) in [
            ("secp256r1", Curve::P256),
            ("prime256v1", Curve::P256),
            ("P-256", Curve::P256),
            ("SECP384R1", Curve::P384),
            ("secp521r1", Curve::P521),
            ("Ed448", Curve::Ed448),
            ("Goldilocks", Curve::Ed448),
            ("BIP-340 Schnorr", Curve::Secp256k1Schnorr),
            ("secp256k1-schnorr", Curve::Secp256k1Schnorr),
        ] {
            assert_eq!(alias.parse::<Curve>().unwrap(), curve, "{alias}");
        }
    }

    #[test]
    fn unknown_names_list_the_eight_and_the_nearest() {
        for (typo, nearest) in
            [("secp256kl", Curve::Secp256k1), ("ed25591", Curve::Ed25519), ("p512", Curve::P521)]
        {
            let error = typo.parse::<Curve>().unwrap_err();
            let text = error.to_string();
            assert!(text.contains(&format!("did you mean {nearest}?")), "{text}");
            assert!(Curve::ALL.iter().all(|curve| text.contains(curve.name())), "{text}");
        }
        for bad in ["", "secp256k1!", &"p256".repeat(4000), "p256\0"] {
            assert!(bad.parse::<Curve>().is_err(), "{bad}");
        }
    }

    #[test]
    fn one_spelling_in_files() {
        assert_eq!(serde_json::from_str::<Curve>("\"SECP256k1\"").unwrap(), Curve::Secp256k1);
        for other in ["\"SECP256K1\"", "\"secp256k1\"", "\"P-256\"", "7"] {
            assert!(serde_json::from_str::<Curve>(other).is_err(), "{other}");
        }
    }

    #[test]
    fn levels_go_with_ecdsa() {
        for curve in Curve::ALL {
            assert_eq!(curve.level().is_some(), curve.engine() == Engine::Ecdsa);
            let bits = with_ecdsa!(curve, E, L => {
                let _ = std::marker::PhantomData::<E>;
                Some(<L as cggmp24::security_level::SecurityLevel>::RSA_PRIME_BITLEN)
            }, else None);
            assert_eq!(curve.level().map(Level::prime_bits), bits);
        }
    }

    #[test]
    fn root_public_keys_are_x_only_for_schnorr() {
        for curve in Curve::ALL {
            let group = with_suite!(curve, C => {
                point_bytes::<C>(&<<C as Suite>::Group as frost_core::Group>::generator()).unwrap()
            });
            assert_eq!(group.len(), curve.point_len());
            let root = curve.root_public_key(&group).unwrap();
            let expected = if curve == Curve::Secp256k1Schnorr { &group[1..] } else { &group[..] };
            assert_eq!(root, expected);
            assert!(curve.root_public_key(&group[1..]).is_err());
            assert!(curve.root_public_key(&vec![0; group.len()]).is_err());
        }
    }
}
