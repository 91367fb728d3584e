//! Wrapping of secrets: to an age recipient, under a passphrase, and the one AEAD that everything at rest uses.

use aes_gcm::{Aes256Gcm, Key, KeyInit, Nonce, aead::AeadInOut};
use zeroize::Zeroizing;

use crate::secret::{Secret, SecretBytes};

pub mod age_file;
pub mod passphrase;
pub mod recipient;

/// Bytes of an AES-GCM nonce.
pub const NONCE_LEN: usize = 12;
/// Bytes that sealing adds: the authentication tag.
pub const TAG_LEN: usize = 16;

/// The ciphertext did not open: another key, another AAD, or altered bytes. Which one is never told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the sealed bytes do not open")]
pub struct OpenError;

/// AES-256-GCM (NIST SP 800-38D): ciphertext, then the 16-byte tag. The caller never repeats a nonce
/// under one key. `None` only past the 64 GiB limit of the mode.
pub fn seal(key: &Secret<32>, nonce: &[u8; NONCE_LEN], aad: &[u8], plaintext: &[u8]) -> Option<Vec<u8>> {
    let mut buffer = Zeroizing::new(Vec::with_capacity(plaintext.len() + TAG_LEN));
    buffer.extend_from_slice(plaintext);
    cipher(key).encrypt_in_place(&Nonce::from(*nonce), aad, &mut *buffer).ok()?;
    Some(std::mem::take(&mut *buffer))
}

/// Opens what [`seal`] made.
pub fn open(
    key: &Secret<32>,
    nonce: &[u8; NONCE_LEN],
    aad: &[u8],
    sealed: &[u8],
) -> Result<SecretBytes, OpenError> {
    let mut buffer = Zeroizing::new(sealed.to_vec());
    cipher(key).decrypt_in_place(&Nonce::from(*nonce), aad, &mut *buffer).map_err(|_| OpenError)?;
    Ok(SecretBytes::from(buffer))
}

fn cipher(key: &Secret<32>) -> Aes256Gcm {
    let key: &Key<Aes256Gcm> = key.expose().into();
    Aes256Gcm::new(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(byte: u8) -> Secret<32> {
        Secret::fill(|bytes| bytes.fill(byte))
    }

    #[test]
    fn opens_under_the_same_key_nonce_and_aad() {
        let sealed = seal(&key(1), &[2; 12], b"aad", b"secret").unwrap();
        assert_eq!(sealed.len(), 6 + TAG_LEN);
        assert_eq!(open(&key(1), &[2; 12], b"aad", &sealed).unwrap().expose(), b"secret");
    }

    #[test]
    fn refuses_every_other_key_nonce_aad_and_byte() {
        let sealed = seal(&key(1), &[2; 12], b"aad", b"secret").unwrap();
        assert!(open(&key(3), &[2; 12], b"aad", &sealed).is_err());
        assert!(open(&key(1), &[3; 12], b"aad", &sealed).is_err());
        assert!(open(&key(1), &[2; 12], b"aae", &sealed).is_err());
        assert!(open(&key(1), &[2; 12], b"aad", &[]).is_err());
        for i in 0..sealed.len() {
            let mut altered = sealed.clone();
            altered[i] ^= 1;
            assert!(open(&key(1), &[2; 12], b"aad", &altered).is_err());
        }
    }

    /// Test case 16 of McGrew and Viega, "The Galois/Counter Mode of Operation".
    #[test]
    fn follows_the_published_vector() {
        let bytes = |text: &str| hex::decode(text).unwrap();
        let key =
            Secret::from_slice(&bytes("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308"))
                .unwrap();
        let nonce = bytes("cafebabefacedbaddecaf888").try_into().unwrap();
        let aad = bytes("feedfacedeadbeeffeedfacedeadbeefabaddad2");
        let plaintext = bytes(
            "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
        );
        let sealed = seal(&key, &nonce, &aad, &plaintext).unwrap();
        assert_eq!(hex::encode(&sealed[plaintext.len()..]), "76fc6ece0f4e1768cddf8853bb2d551b");
    }
}
