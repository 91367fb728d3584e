//! What a signature is over: the message itself, or a digest of the exact length the curve takes.

use serde::{Deserialize, Serialize};
use sha2::Digest as _;

use super::Curve;

/// A hash for messages.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum HashAlgorithm {
    Sha256,
    Sha384,
    Sha512,
    /// Keccak with the original padding, as Ethereum uses it; not SHA3-256.
    Keccak256,
}

impl HashAlgorithm {
    /// The name in files and options.
    pub const fn name(self) -> &'static str {
        match self {
            HashAlgorithm::Sha256 => "sha256",
            HashAlgorithm::Sha384 => "sha384",
            HashAlgorithm::Sha512 => "sha512",
            HashAlgorithm::Keccak256 => "keccak256",
        }
    }

    /// Bytes of its output.
    pub const fn output_len(self) -> usize {
        match self {
            HashAlgorithm::Sha256 | HashAlgorithm::Keccak256 => 32,
            HashAlgorithm::Sha384 => 48,
            HashAlgorithm::Sha512 => 64,
        }
    }

    /// The hash of a message.
    pub fn digest(self, message: &[u8]) -> Vec<u8> {
        match self {
            HashAlgorithm::Sha256 => sha2::Sha256::digest(message).to_vec(),
            HashAlgorithm::Sha384 => sha2::Sha384::digest(message).to_vec(),
            HashAlgorithm::Sha512 => sha2::Sha512::digest(message).to_vec(),
            HashAlgorithm::Keccak256 => sha3::Keccak256::digest(message).to_vec(),
        }
    }
}

/// What is signed. A digest is read as a big-endian integer; on every curve it has no more bits than the
/// order (STARK: it is below 2^251), so nothing is ever truncated after this point.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Payload {
    /// EdDSA signs the whole message.
    Message(Vec<u8>),
    /// ECDSA and BIP-340 sign a digest.
    Digest(Vec<u8>),
}

impl Payload {
    /// The bytes that go into the signing protocol.
    pub fn bytes(&self) -> &[u8] {
        match self {
            Payload::Message(bytes) | Payload::Digest(bytes) => bytes,
        }
    }
}

/// Why something cannot be signed with a key of this curve.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PayloadError {
    #[error("{0} signs the message itself; leave out the hash")]
    HashRefused(Curve),
    #[error("{curve} does not sign {}; it takes {}", hash.name(), accepted(*curve))]
    Hash { curve: Curve, hash: HashAlgorithm },
    #[error("{0} signs the message itself, not a digest; give the message")]
    DigestRefused(Curve),
    #[error("{curve} signs a digest of {expected} bytes, not {found}")]
    DigestLength { curve: Curve, found: usize, expected: usize },
    #[error("STARK signs an integer below 2^251; this digest is larger and is not shifted")]
    StarkRange,
}

/// The hash that a curve's users expect; none for EdDSA.
pub const fn default_hash(curve: Curve) -> Option<HashAlgorithm> {
    match curve {
        Curve::Secp256k1 | Curve::P256 | Curve::Secp256k1Schnorr | Curve::Stark => {
            Some(HashAlgorithm::Sha256)
        }
        Curve::P384 => Some(HashAlgorithm::Sha384),
        Curve::P521 => Some(HashAlgorithm::Sha512),
        Curve::Ed25519 | Curve::Ed448 => None,
    }
}

/// Hashes a message as the curve's users expect, or with another hash of the same length. STARK takes the
/// leftmost 251 bits of SHA-256 as an integer (our own rule: Starknet defines none for messages of bytes).
pub fn payload_of_message(
    curve: Curve,
    hash: Option<HashAlgorithm>,
    message: &[u8],
) -> Result<Payload, PayloadError> {
    let Some(default) = default_hash(curve) else {
        return match hash {
            None => Ok(Payload::Message(message.to_vec())),
            Some(_) => Err(PayloadError::HashRefused(curve)),
        };
    };
    let hash = hash.unwrap_or(default);
    if hash.output_len() != default.output_len() || (curve == Curve::Stark && hash != default) {
        return Err(PayloadError::Hash { curve, hash });
    }
    let digest = hash.digest(message);
    payload_of_digest(curve, &if curve == Curve::Stark { leftmost_251(&digest) } else { digest })
}

/// Takes a ready digest of the curve's exact length: 32 bytes for SECP256k1, P256, SECP256K1_SCHNORR and
/// STARK (there a big-endian integer below 2^251), 48 for P384, 64 for P521. Refused for EdDSA.
pub fn payload_of_digest(curve: Curve, digest: &[u8]) -> Result<Payload, PayloadError> {
    let expected = default_hash(curve).ok_or(PayloadError::DigestRefused(curve))?.output_len();
    if digest.len() != expected {
        return Err(PayloadError::DigestLength { curve, found: digest.len(), expected });
    }
    if curve == Curve::Stark && !below_2_251(digest) {
        return Err(PayloadError::StarkRange);
    }
    Ok(Payload::Digest(digest.to_vec()))
}

/// Whether 32 big-endian bytes are an integer below 2^251, Starknet's bound on hash, r and s.
pub(super) fn below_2_251(bytes: &[u8]) -> bool {
    bytes.first().is_some_and(|byte| *byte < 8)
}

/// The 256-bit integer without its last five bits.
fn leftmost_251(digest: &[u8]) -> Vec<u8> {
    let mut carry = 0;
    let shift = |byte: &u8| {
        let shifted = byte >> 5 | carry;
        carry = byte << 3;
        shifted
    };
    digest.iter().map(shift).collect()
}

fn accepted(curve: Curve) -> &'static str {
    match curve {
        Curve::Secp256k1 | Curve::P256 | Curve::Secp256k1Schnorr => "sha256 or keccak256",
        Curve::P384 => "sha384",
        Curve::P521 => "sha512",
        Curve::Stark => "sha256",
        Curve::Ed25519 | Curve::Ed448 => "the message itself",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r16_messages_are_hashed_as_users_expect() {
        let hex_of = |curve, hash| hex::encode(payload_of_message(curve, hash, b"abc").unwrap().bytes());
        let sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        for curve in [Curve::Secp256k1, Curve::P256, Curve::Secp256k1Schnorr] {
            assert_eq!(hex_of(curve, None), sha256);
            let keccak = "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45";
            assert_eq!(hex_of(curve, Some(HashAlgorithm::Keccak256)), keccak);
        }
        assert!(hex_of(Curve::P384, None).starts_with("cb00753f45a35e8bb5a03d699ac65007"));
        assert!(hex_of(Curve::P521, None).starts_with("ddaf35a193617abacc417349ae204131"));
        // 0xba7816...15ad >> 5
        let stark = "05d3c0b5fc780e7f520a0a06f2ed71111d801b0d1cb0bbd4e5a087fb0f9000ad";
        assert_eq!(hex_of(Curve::Stark, None), stark);
        for curve in [Curve::Ed25519, Curve::Ed448] {
            assert_eq!(payload_of_message(curve, None, b"abc"), Ok(Payload::Message(b"abc".to_vec())));
        }
    }

    #[test]
    fn r16_other_hashes_are_refused() {
        for curve in [Curve::Ed25519, Curve::Ed448] {
            let refused = payload_of_message(curve, Some(HashAlgorithm::Sha512), b"abc");
            assert_eq!(refused, Err(PayloadError::HashRefused(curve)));
        }
        for (curve, hash) in [
            (Curve::Secp256k1, HashAlgorithm::Sha512),
            (Curve::P256, HashAlgorithm::Sha384),
            (Curve::P384, HashAlgorithm::Sha256),
            (Curve::P521, HashAlgorithm::Sha384),
            (Curve::Stark, HashAlgorithm::Keccak256),
        ] {
            assert!(matches!(payload_of_message(curve, Some(hash), b"abc"), Err(PayloadError::Hash { .. })));
        }
    }

    #[test]
    fn r16_digests_have_the_exact_length() {
        for curve in Curve::ALL {
            match default_hash(curve) {
                None => {
                    assert_eq!(payload_of_digest(curve, &[0; 32]), Err(PayloadError::DigestRefused(curve)))
                }
                Some(hash) => {
                    assert!(payload_of_digest(curve, &vec![7; hash.output_len()]).is_ok());
                    for len in [0, hash.output_len() - 1, hash.output_len() + 1] {
                        assert!(matches!(
                            payload_of_digest(curve, &vec![7; len]),
                            Err(PayloadError::DigestLength { .. })
                        ));
                    }
                }
            }
        }
        let mut digest = [0xff; 32];
        digest[0] = 7;
        assert!(payload_of_digest(Curve::Stark, &digest).is_ok());
        digest[0] = 8;
        assert_eq!(payload_of_digest(Curve::Stark, &digest), Err(PayloadError::StarkRange));
    }

    #[test]
    fn hash_names_are_stable() {
        for hash in
            [HashAlgorithm::Sha256, HashAlgorithm::Sha384, HashAlgorithm::Sha512, HashAlgorithm::Keccak256]
        {
            assert_eq!(serde_json::to_string(&hash).unwrap(), format!("\"{}\"", hash.name()));
        }
        assert!(serde_json::from_str::<HashAlgorithm>("\"SHA256\"").is_err());
    }
}
