//! Keys from passphrases: Argon2id (RFC 9106) into an AES-256 key and a commitment to it.
//!
//! AES-GCM alone is not key-committing: one ciphertext can open under two keys. So Argon2id gives
//! 64 bytes, `key | commitment`; the commitment is stored and compared first, in constant time.
//! The costs come from outside and are capped before anything is allocated (R35).

use std::fmt;
use std::str::FromStr;

use argon2::{Algorithm, Argon2, Block, Params, Version};
use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};
use rand_core::{CryptoRng, RngCore};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use subtle::ConstantTimeEq as _;
use unicode_normalization::{UnicodeNormalization as _, is_nfc};
use zeroize::Zeroizing;

use super::NONCE_LEN;
use crate::codec::HexArray;
use crate::secret::{Secret, SecretBytes};

mod strength;

pub use strength::NewPassphrase;
use strength::{MIN_BITS, MIN_CHARS};

/// Longest passphrase, in bytes as given.
pub const PASSPHRASE_CAP: usize = 1024;
/// Bytes of an Argon2id salt.
pub const SALT_LEN: usize = 16;

const MIB: u32 = 1024;
const MAX_M_KIB: u32 = 1024 * MIB;
const MAX_T: u32 = 10;
const MAX_P: u32 = 8;
const MIN_M_KIB: u32 = 64 * MIB;
const MIN_T: u32 = 3;

/// Why a passphrase gave no key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PassphraseError {
    #[error("the passphrase is empty")]
    Empty,
    #[error("the passphrase is longer than {PASSPHRASE_CAP} bytes")]
    TooLong,
    #[error("the passphrase is not valid UTF-8")]
    NotUtf8,
    #[error("the passphrase has fewer than {MIN_CHARS} characters")]
    Short,
    #[error("the passphrase is too easy to guess: its estimate is below {MIN_BITS} bits")]
    Weak,
    #[error("the Argon2id parameters are malformed; expected $argon2id$v=19$m=..,t=..,p=..$salt")]
    MalformedPhc,
    #[error(
        "Argon2id costs m={m_kib} KiB, t={t}, p={p} are outside what is accepted \
         (m 65536 to 1048576, t 3 to 10, p 1 to 8)"
    )]
    Cost { m_kib: u32, t: u32, p: u32 },
    #[error("Argon2id needs {m_kib} KiB of memory, which this machine does not give")]
    Memory { m_kib: u32 },
    /// The one answer to a wrong passphrase and to altered bytes.
    #[error("wrong passphrase, or the file was altered")]
    WrongOrAltered,
}

/// A passphrase in Unicode normalisation form C, without the line end a file or terminal put after it.
#[derive(Debug)]
pub struct Passphrase(SecretBytes);

impl Passphrase {
    /// Takes what was typed or read: UTF-8, at most 1 KiB; one final LF or CRLF is not part of it.
    pub fn from_bytes(bytes: impl Into<Zeroizing<Vec<u8>>>) -> Result<Self, PassphraseError> {
        let bytes = bytes.into();
        let line =
            bytes.strip_suffix(b"\n").map_or(&bytes[..], |line| line.strip_suffix(b"\r").unwrap_or(line));
        if line.len() > PASSPHRASE_CAP {
            return Err(PassphraseError::TooLong);
        }
        let text = std::str::from_utf8(line).map_err(|_| PassphraseError::NotUtf8)?;
        if text.is_empty() {
            return Err(PassphraseError::Empty);
        }
        Ok(Self(nfc(text)))
    }

    /// The text, for comparing and for showing once.
    pub fn expose(&self) -> &str {
        std::str::from_utf8(self.0.expose()).unwrap_or_default()
    }
}

fn nfc(text: &str) -> SecretBytes {
    if is_nfc(text) {
        return SecretBytes::new(text.as_bytes().to_vec());
    }
    // Form C is at most three times as long in UTF-8 (UAX #15), so the buffer never moves.
    let mut normal = Zeroizing::new(Vec::with_capacity(text.len() * 3));
    for c in text.nfc() {
        normal.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
    }
    SecretBytes::from(normal)
}

/// Argon2id costs: memory in KiB, passes, lanes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KdfCost {
    m_kib: u32,
    t: u32,
    p: u32,
}

impl Default for KdfCost {
    /// 256 MiB, 3 passes, 4 lanes.
    fn default() -> Self {
        Self { m_kib: 256 * MIB, t: 3, p: 4 }
    }
}

impl KdfCost {
    /// 1 GiB, 3 passes, 4 lanes: for what is opened rarely and lives long.
    pub const VAULT: Self = Self { m_kib: MAX_M_KIB, t: 3, p: 4 };
    /// The least that is accepted: 64 MiB, 3 passes, 4 lanes.
    pub const FLOOR: Self = Self { m_kib: MIN_M_KIB, t: MIN_T, p: 4 };

    /// Checks the caps and the floor; allocates nothing.
    pub fn new(m_kib: u32, t: u32, p: u32) -> Result<Self, PassphraseError> {
        let (min_m, min_t) =
            if danger::small_costs_allowed() { (8 * p.min(MAX_P), 1) } else { (MIN_M_KIB, MIN_T) };
        let fits =
            (min_m..=MAX_M_KIB).contains(&m_kib) && (min_t..=MAX_T).contains(&t) && (1..=MAX_P).contains(&p);
        if fits { Ok(Self { m_kib, t, p }) } else { Err(PassphraseError::Cost { m_kib, t, p }) }
    }
}

pub(super) use danger::small_costs_allowed;
pub use danger::{danger_allow_small_costs, danger_small_cost};

/// What tests need and the shipped program never calls.
mod danger {
    use super::KdfCost;

    /// Lets this process make and open files with costs below the floor. TEST homes only.
    pub fn danger_allow_small_costs() {
        flag::set();
    }

    /// 64 KiB, one pass, one lane: no protection at all. Also needs [`danger_allow_small_costs`] to open.
    pub fn danger_small_cost() -> KdfCost {
        KdfCost { m_kib: 64, t: 1, p: 1 }
    }

    pub(in crate::wrap) fn small_costs_allowed() -> bool {
        flag::is_set()
    }

    #[cfg(not(test))]
    mod flag {
        use std::sync::atomic::{AtomicBool, Ordering};

        static SET: AtomicBool = AtomicBool::new(false);

        pub(super) fn set() {
            SET.store(true, Ordering::SeqCst);
        }

        pub(super) fn is_set() -> bool {
            SET.load(Ordering::SeqCst)
        }
    }

    // Unit tests share one process, and some of them test the floor.
    #[cfg(test)]
    mod flag {
        use std::cell::Cell;

        std::thread_local!(static SET: Cell<bool> = const { Cell::new(false) });

        pub(super) fn set() {
            SET.set(true);
        }

        pub(super) fn is_set() -> bool {
            SET.get()
        }
    }
}

/// Costs and salt, spelt as a PHC string without the hash: `$argon2id$v=19$m=262144,t=3,p=4$<salt>`,
/// salt of 16 bytes in base64 without padding. One value has one spelling.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phc {
    cost: KdfCost,
    salt: [u8; SALT_LEN],
}

impl Phc {
    /// A fresh salt.
    pub fn random(cost: KdfCost, rng: &mut (impl RngCore + CryptoRng)) -> Self {
        Self { cost, salt: HexArray::random(rng).0 }
    }

    /// The costs.
    pub fn cost(&self) -> KdfCost {
        self.cost
    }

    /// The costs, for people: `256 MiB, 3 passes, 4 lanes`.
    pub fn costs(&self) -> String {
        let KdfCost { m_kib, t, p } = self.cost;
        let memory = if m_kib >= MIB { format!("{} MiB", m_kib / MIB) } else { format!("{m_kib} KiB") };
        format!("{memory}, {t} passes, {p} lanes")
    }
}

impl FromStr for Phc {
    type Err = PassphraseError;

    fn from_str(text: &str) -> Result<Self, PassphraseError> {
        let parsed = parse_phc(text).ok_or(PassphraseError::MalformedPhc)?;
        let (m_kib, t, p, salt) = parsed;
        let phc = Self { cost: KdfCost::new(m_kib, t, p)?, salt };
        if phc.to_string() == text { Ok(phc) } else { Err(PassphraseError::MalformedPhc) }
    }
}

fn parse_phc(text: &str) -> Option<(u32, u32, u32, [u8; SALT_LEN])> {
    // Longest accepted spelling is 62 bytes; anything far longer is not looked at.
    let rest = text.get(..text.len().min(128))?.strip_prefix("$argon2id$v=19$m=")?;
    let (costs, salt) = rest.split_once('$')?;
    let (m, rest) = costs.split_once(",t=")?;
    let (t, p) = rest.split_once(",p=")?;
    // A number past 32 bits is out of range, not malformed.
    let number = |text: &str| {
        let digits = !text.is_empty() && text.len() <= 20 && text.bytes().all(|b| b.is_ascii_digit());
        digits.then(|| text.parse().unwrap_or(u32::MAX))
    };
    let salt = STANDARD_NO_PAD.decode(salt).ok()?.try_into().ok()?;
    Some((number(m)?, number(t)?, number(p)?, salt))
}

impl fmt::Display for Phc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let KdfCost { m_kib, t, p } = self.cost;
        write!(f, "$argon2id$v=19$m={m_kib},t={t},p={p}${}", STANDARD_NO_PAD.encode(self.salt))
    }
}

impl Serialize for Phc {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Phc {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// What Argon2id made of a passphrase. The header of the file carries the PHC string, the nonce and
/// the commitment; its canonical form is the AAD.
#[derive(Debug)]
pub struct PassphraseKey {
    key: Secret<32>,
    commitment: [u8; 32],
}

/// The slow step: Argon2id over the passphrase with the costs and salt given, 64 bytes out.
pub fn derive(passphrase: &Passphrase, phc: &Phc) -> Result<PassphraseKey, PassphraseError> {
    let KdfCost { m_kib, t, p } = phc.cost;
    let memory = PassphraseError::Memory { m_kib };
    let params = Params::new(m_kib, t, p, Some(64)).map_err(|_| PassphraseError::Cost { m_kib, t, p })?;
    let mut blocks = Zeroizing::new(Vec::new());
    blocks.try_reserve_exact(params.block_count()).map_err(|_| memory.clone())?;
    blocks.resize(params.block_count(), Block::new());
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let mut result = Ok(());
    let output = Secret::<64>::fill(|out| {
        result =
            argon2.hash_password_into_with_memory(passphrase.0.expose(), &phc.salt, out, &mut blocks[..]);
    });
    result.map_err(|_| memory)?;
    let (key, commitment) = output.expose().split_at(32);
    let key = Secret::fill(|bytes| bytes.copy_from_slice(key));
    let mut published = [0; 32];
    published.copy_from_slice(commitment);
    Ok(PassphraseKey { key, commitment: published })
}

impl PassphraseKey {
    /// The public half of the output, for the header.
    pub fn commitment(&self) -> [u8; 32] {
        self.commitment
    }

    /// AES-256-GCM under the key; `nonce` is random and stands in the header.
    pub fn seal(
        &self,
        nonce: &[u8; NONCE_LEN],
        header: &[u8],
        secret: &[u8],
    ) -> Result<Vec<u8>, PassphraseError> {
        super::seal(&self.key, nonce, header, secret).ok_or(PassphraseError::TooLong)
    }

    /// Compares the header's commitment, then opens; one error for all that can be wrong.
    pub fn open(
        &self,
        commitment: &[u8; 32],
        nonce: &[u8; NONCE_LEN],
        header: &[u8],
        sealed: &[u8],
    ) -> Result<SecretBytes, PassphraseError> {
        let same = bool::from(self.commitment.ct_eq(commitment));
        let opened = super::open(&self.key, nonce, header, sealed);
        match (same, opened) {
            (true, Ok(secret)) => Ok(secret),
            _ => Err(PassphraseError::WrongOrAltered),
        }
    }
}

#[cfg(test)]
mod tests {
    use rand_core::OsRng;

    use super::*;

    fn phrase(text: &str) -> Passphrase {
        Passphrase::from_bytes(text.as_bytes().to_vec()).unwrap()
    }

    fn refused(bytes: &[u8]) -> PassphraseError {
        Passphrase::from_bytes(bytes.to_vec()).unwrap_err()
    }

    #[test]
    fn r35_one_line_end_is_not_part_of_the_passphrase() {
        for (given, kept) in
            [("a b", "a b"), ("ab\n", "ab"), ("ab\r\n", "ab"), ("ab\n\n", "ab\n"), ("ab\r", "ab\r")]
        {
            assert_eq!(phrase(given).expose(), kept);
        }
        assert_eq!(refused(b""), PassphraseError::Empty);
        assert_eq!(refused(b"\n"), PassphraseError::Empty);
        assert_eq!(refused(b"\r\n"), PassphraseError::Empty);
    }

    #[test]
    fn r35_utf8_of_at_most_one_kibibyte() {
        assert_eq!(phrase(&"x".repeat(1024)).expose().len(), 1024);
        assert_eq!(refused(&[b'x'; 1025]), PassphraseError::TooLong);
        assert_eq!(refused(&[b'x'; 1 << 20]), PassphraseError::TooLong);
        assert_eq!(refused(&[0xff, 0xfe]), PassphraseError::NotUtf8);
    }

    #[test]
    fn r35_composed_and_decomposed_letters_are_one_passphrase() {
        assert_eq!(phrase("cafe\u{301}").expose(), phrase("caf\u{e9}").expose());
        assert_ne!(phrase("cafe").expose(), phrase("caf\u{e9}").expose());
        // The worst known growth under form C, three times.
        let grown = phrase(&"\u{1D160}".repeat(256));
        assert_eq!(grown.expose().len(), 3 * 1024);
    }

    #[test]
    fn phc_has_one_spelling() {
        let text = "$argon2id$v=19$m=262144,t=3,p=4$AAECAwQFBgcICQoLDA0ODw";
        let phc: Phc = text.parse().unwrap();
        assert_eq!(phc.to_string(), text);
        assert_eq!(phc.cost, KdfCost::default());
        for bad in [
            "",
            "$argon2id$v=19$m=262144,t=3,p=4$",
            "$argon2i$v=19$m=262144,t=3,p=4$AAECAwQFBgcICQoLDA0ODw",
            "$argon2id$v=16$m=262144,t=3,p=4$AAECAwQFBgcICQoLDA0ODw",
            "$argon2id$v=19$m=0262144,t=3,p=4$AAECAwQFBgcICQoLDA0ODw",
            "$argon2id$v=19$m=+262144,t=3,p=4$AAECAwQFBgcICQoLDA0ODw",
            "$argon2id$v=19$m=262144,t=3,p=4$AAECAwQFBgcICQoLDA0ODw==",
            "$argon2id$v=19$m=262144,t=3,p=4$AAECAwQFBgcICQoLDA0OD",
            "$argon2id$v=19$m=262144,t=3,p=4$AAECAwQFBgcICQoLDA0ODw$AAAA",
            "$argon2id$v=19$m=262144,t=3,p=4,keyid=a$AAECAwQFBgcICQoLDA0ODw",
        ] {
            assert_eq!(bad.parse::<Phc>(), Err(PassphraseError::MalformedPhc), "{bad}");
        }
    }

    #[test]
    fn r35_costs_are_capped_before_anything_is_allocated() {
        assert!(KdfCost::new(64 * 1024, 3, 1).is_ok());
        assert!(KdfCost::new(1 << 20, 10, 8).is_ok());
        let cases = [
            "m=4294967296,t=3,p=4",
            "m=4294967295,t=3,p=4",
            "m=1048577,t=3,p=4",
            "m=65535,t=3,p=4",
            "m=262144,t=1000000,p=4",
            "m=262144,t=11,p=4",
            "m=262144,t=2,p=4",
            "m=262144,t=3,p=9",
            "m=262144,t=3,p=0",
            "m=64,t=1,p=1",
        ];
        for costs in cases {
            let phc = format!("$argon2id$v=19${costs}$AAECAwQFBgcICQoLDA0ODw").parse::<Phc>();
            assert!(matches!(phc, Err(PassphraseError::Cost { .. })), "{costs}");
        }
    }

    #[test]
    fn small_costs_open_only_where_allowed() {
        let phc = Phc::random(danger_small_cost(), &mut OsRng).to_string();
        assert!(phc.parse::<Phc>().is_err());
        danger_allow_small_costs();
        assert!(phc.parse::<Phc>().is_ok());
        assert!("$argon2id$v=19$m=4294967295,t=1,p=1$AAECAwQFBgcICQoLDA0ODw".parse::<Phc>().is_err());
    }

    /// Output of the reference implementation (phc-winner-argon2), through argon2-cffi.
    #[test]
    fn r35_derivation_follows_the_reference_implementation() {
        danger_allow_small_costs();
        let known = [
            ("m=64,t=1,p=1", "1509e39c80f9871927453b7472db50cdb2694d6098aaa837c6dd682513da86f6", "17a9421d"),
            (
                "m=65536,t=3,p=4",
                "a097eb2ef714433edb027edd7c3a05020cf06a3b9181b7e298d203914bfd59e1",
                "ca4e4045",
            ),
        ];
        for (costs, key, commitment) in known {
            let phc = format!("$argon2id$v=19${costs}$AAECAwQFBgcICQoLDA0ODw").parse().unwrap();
            let derived = derive(&phrase("caf\u{e9} au lait"), &phc).unwrap();
            assert_eq!(hex::encode(derived.key.expose()), key);
            assert_eq!(hex::encode(&derived.commitment[..4]), commitment);
        }
    }

    #[test]
    fn r35_seals_and_opens_and_answers_everything_wrong_alike() {
        let phc = Phc::random(danger_small_cost(), &mut OsRng);
        let right = derive(&phrase("cafe\u{301} au lait"), &phc).unwrap();
        let sealed = right.seal(&[7; 12], b"header", b"secret").unwrap();
        let again = derive(&phrase("caf\u{e9} au lait\n"), &phc).unwrap();
        let opened = again.open(&right.commitment(), &[7; 12], b"header", &sealed).unwrap();
        assert_eq!(opened.expose(), b"secret");

        let other = derive(&phrase("caf\u{e9} au laiT"), &phc).unwrap();
        let mut altered = sealed.clone();
        altered[0] ^= 1;
        let answers = [
            other.open(&right.commitment(), &[7; 12], b"header", &sealed),
            other.open(&other.commitment(), &[7; 12], b"header", &sealed),
            right.open(&other.commitment(), &[7; 12], b"header", &sealed),
            right.open(&right.commitment(), &[8; 12], b"header", &sealed),
            right.open(&right.commitment(), &[7; 12], b"headers", &sealed),
            right.open(&right.commitment(), &[7; 12], b"header", &altered),
            right.open(&right.commitment(), &[7; 12], b"header", b""),
        ];
        for answer in answers {
            assert_eq!(answer.unwrap_err(), PassphraseError::WrongOrAltered);
        }
        let salted =
            derive(&phrase("caf\u{e9} au lait"), &Phc::random(danger_small_cost(), &mut OsRng)).unwrap();
        assert_ne!(salted.commitment(), right.commitment());
    }
}
