//! Ed25519 identities over domain-separated hashes (RFC 8032), and proofs of possession for X25519 keys.

use curve25519_dalek::{EdwardsPoint, MontgomeryPoint, Scalar, edwards::CompressedEdwardsY};
use ed25519_dalek::{Signer as _, VerifyingKey, hazmat};
use hkdf::Hkdf;
use rand_core::{CryptoRng, RngCore};
use serde::{Deserialize, Serialize};
use sha2::{Sha256, Sha512};
use zeroize::Zeroizing;

use crate::{codec::HexArray, digest::Hash, secret::Secret};

/// A detached Ed25519 signature over a [`struct@Hash`].
pub type Signature = HexArray<64>;

/// A signature or proof did not verify.
#[derive(Debug, thiserror::Error)]
#[error("the signature does not verify")]
pub struct BadSignature;

/// An Ed25519 secret key; signs hashes only, so that nothing is signed outside a domain.
pub struct SigningKey(ed25519_dalek::SigningKey);

impl SigningKey {
    /// A fresh key.
    pub fn random(rng: &mut (impl RngCore + CryptoRng)) -> Self {
        Self::from_seed(&Secret::random(rng))
    }

    /// The key of a 32-byte seed.
    pub fn from_seed(seed: &Secret<32>) -> Self {
        Self(ed25519_dalek::SigningKey::from_bytes(seed.expose()))
    }

    /// The public half.
    pub fn public(&self) -> PublicKey {
        PublicKey(HexArray(self.0.verifying_key().to_bytes()))
    }

    /// Signs the 32 bytes of a hash.
    pub fn sign(&self, hash: &Hash) -> Signature {
        HexArray(self.0.sign(hash.as_bytes()).to_bytes())
    }
}

/// An Ed25519 public key as it stands in cards; decoded when it is used.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PublicKey(pub HexArray<32>);

impl PublicKey {
    /// Strict verification: small-order keys and malleable signatures are refused.
    pub fn verify(&self, hash: &Hash, signature: &Signature) -> Result<(), BadSignature> {
        let key = VerifyingKey::from_bytes(&self.0.0).map_err(|_| BadSignature)?;
        let signature = ed25519_dalek::Signature::from_bytes(&signature.0);
        key.verify_strict(hash.as_bytes(), &signature).map_err(|_| BadSignature)
    }
}

/// Whether all these signatures are by `key`, checked together. What [`PublicKey::verify`] takes passes here, and
/// nobody but the key's owner can make anything else that does: where it says no, one by one tells which.
pub fn verify_batch(key: &PublicKey, hashes: &[&Hash], signatures: &[&Signature]) -> bool {
    let Ok(decoded) = VerifyingKey::from_bytes(&key.0.0) else { return false };
    if decoded.is_weak() {
        return false;
    }
    let messages: Vec<&[u8]> = hashes.iter().map(|hash| hash.as_bytes().as_slice()).collect();
    let signatures: Vec<_> = signatures.iter().map(|s| ed25519_dalek::Signature::from_bytes(&s.0)).collect();
    let keys = vec![decoded; signatures.len()];
    ed25519_dalek::verify_batch(&messages, &signatures, &keys).is_ok()
}

/// Proof that the maker of a card holds an X25519 secret: an Ed25519 signature under the Edwards
/// point of the same scalar, which maps to the X25519 public key (the birational map of RFC 7748).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Possession {
    edwards_key: HexArray<32>,
    signature: Signature,
}

impl Possession {
    /// Proves possession of an X25519 secret over a card's hash.
    pub fn prove(secret: &Secret<32>, hash: &Hash) -> Self {
        let mut prefix = Zeroizing::new([0; 32]);
        let hkdf = Hkdf::<Sha256>::new(None, secret.expose());
        // 32 bytes are always a valid HKDF output length.
        let _ = hkdf.expand(b"quorate/possession-nonce/v1", prefix.as_mut());
        let scalar = Scalar::from_bytes_mod_order(curve25519_dalek::scalar::clamp_integer(*secret.expose()));
        let public = VerifyingKey::from(EdwardsPoint::mul_base(&scalar));
        let expanded = hazmat::ExpandedSecretKey { scalar, hash_prefix: *prefix };
        let signature = hazmat::raw_sign::<Sha512>(&expanded, hash.as_bytes(), &public);
        Self { edwards_key: HexArray(public.to_bytes()), signature: HexArray(signature.to_bytes()) }
    }

    /// Checks the proof for an X25519 public key.
    pub fn verify(&self, x25519: &[u8; 32], hash: &Hash) -> Result<(), BadSignature> {
        let point = CompressedEdwardsY(self.edwards_key.0).decompress().ok_or(BadSignature)?;
        // As bytes: MontgomeryPoint's equality would let one secret have several spellings.
        if point.to_montgomery().0 != *x25519 {
            return Err(BadSignature);
        }
        PublicKey(self.edwards_key).verify(hash, &self.signature)
    }
}

/// The X25519 public key of a secret (RFC 7748).
pub fn x25519_public(secret: &Secret<32>) -> [u8; 32] {
    MontgomeryPoint::mul_base_clamped(*secret.expose()).to_bytes()
}

/// Whether an X25519 public key gives the same, zero, shared secret to everybody (RFC 7748, section 6.1).
pub fn has_small_order(x25519: &[u8; 32]) -> bool {
    MontgomeryPoint(*x25519).mul_clamped([1; 32]).0 == [0; 32]
}

#[cfg(test)]
mod tests {
    use rand_core::OsRng;

    use super::*;

    #[test]
    fn signatures_verify_and_bind_the_hash() {
        let key = SigningKey::random(&mut OsRng);
        let (hash, other) = (Hash::plain(b"a"), Hash::plain(b"b"));
        let signature = key.sign(&hash);
        assert!(key.public().verify(&hash, &signature).is_ok());
        assert!(key.public().verify(&other, &signature).is_err());
        assert!(SigningKey::random(&mut OsRng).public().verify(&hash, &signature).is_err());
        assert!(PublicKey(HexArray([0; 32])).verify(&hash, &HexArray([0; 64])).is_err(), "small order");
    }

    #[test]
    fn r48_a_batch_is_good_if_all_of_it_is() {
        let key = SigningKey::random(&mut OsRng);
        let hashes: Vec<Hash> = (0u8..40).map(|i| Hash::plain(&[i])).collect();
        let signatures: Vec<Signature> = hashes.iter().map(|hash| key.sign(hash)).collect();
        let check = |key: &PublicKey, signatures: &[Signature]| {
            verify_batch(key, &hashes.iter().collect::<Vec<_>>(), &signatures.iter().collect::<Vec<_>>())
        };
        assert!(check(&key.public(), &signatures));
        for at in [0, 20, 39] {
            let mut bad = signatures.clone();
            bad[at].0[3] ^= 1;
            assert!(!check(&key.public(), &bad), "{at}");
        }
        let mut swapped = signatures.clone();
        swapped.swap(0, 1);
        assert!(!check(&key.public(), &swapped));
        assert!(!check(&key.public(), &signatures[..39]), "one too few");
        assert!(!check(&SigningKey::random(&mut OsRng).public(), &signatures));
        assert!(!check(&PublicKey(HexArray([0; 32])), &signatures), "small order");
        assert!(verify_batch(&key.public(), &[], &[]));
    }

    #[test]
    fn r22_possession_is_proven_for_exactly_this_key() {
        let (secret, other) = (Secret::random(&mut OsRng), Secret::random(&mut OsRng));
        let hash = Hash::plain(b"card");
        for _ in 0..8 {
            let secret = Secret::random(&mut OsRng);
            Possession::prove(&secret, &hash).verify(&x25519_public(&secret), &hash).unwrap();
        }
        let proof = Possession::prove(&secret, &hash);
        assert!(proof.verify(&x25519_public(&other), &hash).is_err());
        assert!(proof.verify(&x25519_public(&secret), &Hash::plain(b"other")).is_err());
        let mut respelled = x25519_public(&secret);
        respelled[31] |= 0x80;
        assert!(proof.verify(&respelled, &hash).is_err(), "one spelling only");
        assert!(Possession::prove(&other, &hash).verify(&x25519_public(&secret), &hash).is_err());
    }
}
