//! Domain-separated hashes and their spoken words.

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::codec::{self, CodecError, HexArray};

/// A SHA-256 value.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Hash(pub HexArray<32>);

impl Hash {
    /// All zero; stands for "nothing before" in chains.
    pub const ZERO: Hash = Hash(HexArray([0; 32]));

    /// `SHA-256(SHA-256(tag) | SHA-256(tag) | data)` with tag `quorate/<kind>/v1`, over the parts one
    /// after another. Callers give parts of fixed length, or put lengths in.
    pub fn tagged(kind: &str, parts: &[&[u8]]) -> Hash {
        let tag = Sha256::new().chain_update("quorate/").chain_update(kind).chain_update("/v1").finalize();
        let mut hash = Sha256::new().chain_update(tag).chain_update(tag);
        for part in parts {
            hash.update(part);
        }
        Hash(HexArray(hash.finalize().into()))
    }

    /// The tagged hash of a value's canonical JSON.
    pub fn of<T: Serialize>(kind: &'static str, value: &T) -> Result<Hash, CodecError> {
        Ok(Hash::tagged(kind, &[&codec::canonical(kind, value)?]))
    }

    /// Plain SHA-256, as `sha256sum` prints it for a file.
    pub fn plain(data: &[u8]) -> Hash {
        Hash(HexArray(Sha256::digest(data).into()))
    }

    /// The bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0.0
    }

    /// The first 16 bytes in the PGP word list (Juola and Zimmermann 1996), for reading aloud.
    pub fn words(&self) -> String {
        let (spoken, _) = self.as_bytes().split_at(16);
        pgp_words::to_words(spoken).join(" ")
    }

    /// Whether these are its words, or its hex digits; spaces and capitals aside.
    pub fn is_said(&self, given: &str) -> bool {
        let given = given.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
        given == self.words().to_lowercase() || given == self.to_string()
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tagged_hashes_separate_domains() {
        assert_eq!(Hash::tagged("a", &[b"xy"]), Hash::tagged("a", &[b"x", b"y"]));
        assert_ne!(Hash::tagged("a", &[b"xy"]), Hash::tagged("b", &[b"xy"]));
        assert_eq!(
            Hash::plain(b"abc").to_string(),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }

    #[test]
    fn words_follow_the_published_list() {
        let mut bytes = [0; 32];
        bytes[..4].copy_from_slice(&[0xe5, 0x82, 0x94, 0xf2]);
        let words = Hash(HexArray(bytes)).words();
        assert!(words.starts_with("topmost istanbul pluto vagabond aardvark adroitness"), "{words}");
        assert_eq!(words.split(' ').count(), 16);
    }
}
