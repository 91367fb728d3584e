//! How other programs take a private key. What a format cannot say of a curve, it is refused for.

use std::{fmt, str::FromStr};

use k256::elliptic_curve::sec1::ToEncodedPoint as _;
use p256::pkcs8::{EncodePrivateKey, LineEnding};
use serde::{Deserialize, Serialize};
use sha3::{Digest as _, Keccak256};
use zeroize::Zeroizing;

use super::{RecoveredKey, RecoveryError};
use crate::{
    curve::{Curve, CurveError},
    secret::SecretBytes,
};

/// A way to write a private key.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum KeyFormat {
    /// The scalar, big-endian, as hex digits of its full length.
    #[serde(rename = "hex")]
    Hex,
    /// Bitcoin's wallet import format: Base58Check, marked as belonging to a compressed public key.
    #[serde(rename = "wif")]
    Wif,
    /// `0x` and 64 hex digits, as Ethereum's wallets take it.
    #[serde(rename = "eth")]
    Eth,
    /// PKCS#8 in PEM (RFC 5958, RFC 5915), as OpenSSL takes it.
    #[serde(rename = "pkcs8-pem")]
    Pkcs8Pem,
    /// The scalar of the point with even y (BIP-340), as hex digits.
    #[serde(rename = "bip340")]
    Bip340,
    /// The scalar of an Edwards curve, little-endian, as hex digits. Not a seed.
    #[serde(rename = "scalar")]
    Scalar,
}

/// For which chain a WIF is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Network {
    /// Bitcoin's main network.
    #[default]
    Mainnet,
    /// Test networks.
    Testnet,
}

impl Network {
    const fn version(self) -> u8 {
        match self {
            Self::Mainnet => 0x80,
            Self::Testnet => 0xef,
        }
    }
}

impl KeyFormat {
    /// All formats.
    pub const ALL: [Self; 6] = [Self::Hex, Self::Wif, Self::Eth, Self::Pkcs8Pem, Self::Bip340, Self::Scalar];

    /// The spelling.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Hex => "hex",
            Self::Wif => "wif",
            Self::Eth => "eth",
            Self::Pkcs8Pem => "pkcs8-pem",
            Self::Bip340 => "bip340",
            Self::Scalar => "scalar",
        }
    }

    /// The formats for keys on a curve; the first is the default.
    pub const fn of_curve(curve: Curve) -> &'static [Self] {
        match curve {
            Curve::Secp256k1 => &[Self::Hex, Self::Wif, Self::Eth],
            Curve::Secp256k1Schnorr => &[Self::Hex, Self::Bip340, Self::Wif],
            Curve::P256 | Curve::P384 | Curve::P521 => &[Self::Hex, Self::Pkcs8Pem],
            Curve::Stark => &[Self::Hex],
            Curve::Ed25519 | Curve::Ed448 => &[Self::Scalar],
        }
    }

    /// The format asked for, or the curve's default. One that does not fit the curve is refused.
    pub fn choose(given: Option<Self>, curve: Curve) -> Result<Self, RecoveryError> {
        let fit = Self::of_curve(curve);
        let chosen = given.or_else(|| fit.first().copied()).unwrap_or(Self::Hex);
        if fit.contains(&chosen) {
            return Ok(chosen);
        }
        let fit = fit.iter().map(|format| format.name()).collect::<Vec<_>>().join(", ");
        Err(RecoveryError::Format { given: chosen, curve, fit })
    }

    /// What whoever takes the key must be told.
    pub fn caveat(self, curve: Curve) -> Option<&'static str> {
        match (self, curve) {
            (Self::Scalar, _) => Some(
                "this key was made jointly, so no seed of it exists: the scalar cannot be imported where a seed or an RFC 8032 private key is asked for; sign with it as a raw scalar, and move what it guards to a new key",
            ),
            (Self::Hex | Self::Wif, Curve::Secp256k1Schnorr) => Some(
                "the scalar is that of the untweaked key as it was generated; its point may have odd y, which BIP-340 programs correct themselves (--format bip340 gives the corrected one)",
            ),
            _ => None,
        }
    }
}

impl FromStr for KeyFormat {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|format| format.name() == text)
            .ok_or_else(|| format!("the formats are {}", Self::ALL.map(Self::name).join(", ")))
    }
}

impl fmt::Display for KeyFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl RecoveredKey {
    /// The key as text in a format, without a line end (PEM has its own).
    pub fn write(&self, format: KeyFormat, network: Network) -> Result<SecretBytes, RecoveryError> {
        let curve = self.card().curve;
        KeyFormat::choose(Some(format), curve)?;
        let scalar = self.scalar().expose();
        match format {
            KeyFormat::Hex | KeyFormat::Scalar => hex_text("", scalar),
            KeyFormat::Eth => hex_text("0x", scalar),
            KeyFormat::Bip340 => hex_text("", even_y(&self.card().group_public_key, scalar)?.expose()),
            KeyFormat::Wif => wif(scalar, network),
            KeyFormat::Pkcs8Pem => pkcs8_pem(curve, scalar),
        }
    }
}

/// Lower-case hex without looking anything up by the secret (R55).
fn hex_text(prefix: &str, bytes: &[u8]) -> Result<SecretBytes, RecoveryError> {
    let mut text = Zeroizing::new(vec![0; prefix.len() + 2 * bytes.len()]);
    let (head, digits) = text.split_at_mut(prefix.len());
    head.copy_from_slice(prefix.as_bytes());
    base16ct::lower::encode(bytes, digits).map_err(|_| RecoveryError::Encode("it is too long"))?;
    Ok(text.into())
}

/// The scalar whose point has even y: that of the card's point, or its negative.
fn even_y(group: &[u8], scalar: &[u8]) -> Result<SecretBytes, RecoveryError> {
    let scalar = Zeroizing::new(k256::NonZeroScalar::try_from(scalar).map_err(|_| CurveError::Scalar)?);
    let even = match group.first() {
        Some(2) => scalar,
        Some(3) => Zeroizing::new(-*scalar),
        _ => return Err(CurveError::Point.into()),
    };
    Ok(Zeroizing::new(even.to_bytes().to_vec()).into())
}

/// `version | scalar | 01`, in Base58Check.
fn wif(scalar: &[u8], network: Network) -> Result<SecretBytes, RecoveryError> {
    let mut payload = Zeroizing::new(Vec::with_capacity(34));
    payload.push(network.version());
    payload.extend_from_slice(scalar);
    payload.push(1);
    // Never grown: 38 bytes with the check make at most 53 digits.
    let mut text = Zeroizing::new(Vec::with_capacity(64));
    let encoder = bs58::encode(payload.as_slice()).with_check();
    encoder.onto(&mut *text).map_err(|_| RecoveryError::Encode("it is too long"))?;
    Ok(text.into())
}

fn pkcs8_pem(curve: Curve, scalar: &[u8]) -> Result<SecretBytes, RecoveryError> {
    fn of<K: EncodePrivateKey, E>(key: Result<K, E>) -> Result<Zeroizing<String>, RecoveryError> {
        let key = key.map_err(|_| CurveError::Scalar)?;
        key.to_pkcs8_pem(LineEnding::LF).map_err(|_| RecoveryError::Encode("PKCS#8 did not take it"))
    }
    let pem = match curve {
        Curve::P256 => of(p256::SecretKey::from_slice(scalar)),
        Curve::P384 => of(p384::SecretKey::from_slice(scalar)),
        Curve::P521 => of(p521::SecretKey::from_slice(scalar)),
        _ => Err(RecoveryError::Encode("PKCS#8 is for the NIST curves here")),
    }?;
    Ok(Zeroizing::new(pem.as_bytes().to_vec()).into())
}

/// The address of a SECP256k1 key: the last 20 bytes of Keccak-256 of the point, spelt as EIP-55 says.
pub fn ethereum_address(group_public_key: &[u8]) -> Result<String, RecoveryError> {
    let key = k256::PublicKey::from_sec1_bytes(group_public_key).map_err(|_| CurveError::Point)?;
    let point = key.to_encoded_point(false);
    let hash = Keccak256::digest(point.as_bytes().get(1..).unwrap_or_default());
    let digits = hex::encode(hash.get(12..).unwrap_or_default());
    let check = hex::encode(Keccak256::digest(&digits));
    let spell = |(digit, check): (char, char)| if check >= '8' { digit.to_ascii_uppercase() } else { digit };
    Ok(std::iter::once("0x".to_owned())
        .chain(digits.chars().zip(check.chars()).map(|pair| spell(pair).to_string()))
        .collect())
}
