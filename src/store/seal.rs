//! The seal of a workspace: one key that wraps everything its nodes keep.

use std::fmt;
use std::path::Path;

use hkdf::Hkdf;
use rand_core::{CryptoRng, RngCore};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use super::files::{self, FileError};
use crate::codec::{self, CodecError, Hex, HexArray};
use crate::secret::Secret;
use crate::wrap::passphrase::{self, KdfCost, NewPassphrase, Passphrase, PassphraseError, Phc};

const SEAL_FILE: &str = "seal.json";
const KEY_FILE: &str = "seal.key";
const SEAL_CAP: u64 = 16 * 1024;
const VERSION: u32 = 1;
const KEY_FILE_WORDS: &str = "UNPROTECTED seal key of a Quorate workspace: \
     whoever reads this file can open every share kept beside it. For rehearsals and tests only.";

/// Why a seal was not made or opened.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    #[error("there is no workspace seal: {} does not exist", .0.display())]
    Missing(std::path::PathBuf),
    #[error("the workspace is sealed with a passphrase, and none was given")]
    PassphraseNeeded,
    #[error("the workspace is sealed with a key file; it takes no passphrase")]
    NoPassphraseTaken,
    #[error("the workspace seal has format version {found}; this program reads version {VERSION}")]
    Newer { found: u32 },
    #[error("the seal key file does not belong to this workspace, or was altered")]
    WrongKeyFile,
    #[error(transparent)]
    Passphrase(#[from] PassphraseError),
    #[error("the workspace seal is damaged: {0}")]
    Damaged(String),
    #[error(transparent)]
    File(#[from] FileError),
}

/// The key under which nodes of a workspace keep their data keys.
pub struct SealKey(Secret<32>);

impl SealKey {
    /// A fresh key.
    pub fn random(rng: &mut (impl RngCore + CryptoRng)) -> Self {
        Self(Secret::random(rng))
    }

    /// The seal of one node: HKDF-SHA256 without salt, info `quorate/node-seal/v1/<name>`.
    pub fn for_node(&self, name: &str) -> SealKey {
        SealKey(self.expand(&[], &[b"quorate/node-seal/v1/", name.as_bytes()]))
    }

    /// A 32-byte subkey: HKDF-SHA256 (RFC 5869) with this salt and info.
    pub(super) fn expand(&self, salt: &[u8], info: &[&[u8]]) -> Secret<32> {
        let hkdf = Hkdf::<Sha256>::new(Some(salt), self.0.expose());
        Secret::fill(|out| {
            // Only an output above 255 blocks is refused.
            if hkdf.expand_multi_info(info, out).is_err() {
                std::process::abort();
            }
        })
    }

    fn check(&self) -> [u8; 32] {
        *self.expand(&[], &[b"quorate/seal-check/v1"]).expose()
    }
}

impl fmt::Debug for SealKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SealKey")
    }
}

/// What is to protect a new seal.
#[derive(Debug)]
pub enum SealSource {
    /// Nothing but file permissions.
    KeyFile,
    Passphrase(NewPassphrase),
}

/// What protects an existing seal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum SealKind {
    KeyFile,
    Passphrase,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct SealFile {
    header: Header,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<Hex>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Header {
    version: u32,
    kind: SealKind,
    #[serde(skip_serializing_if = "Option::is_none")]
    phc: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    nonce: Option<HexArray<12>>,
    commitment: HexArray<32>,
}

/// Only the version, to tell a newer file from a damaged one.
#[derive(Deserialize)]
struct Versioned {
    header: VersionedHeader,
}

#[derive(Deserialize)]
struct VersionedHeader {
    version: u32,
}

/// Makes `<home>/seal.json` and, for [`SealSource::KeyFile`], `<home>/seal.key`. An existing seal is
/// never replaced. `cost` applies to a passphrase.
pub fn create_seal(
    home: &Path,
    source: &SealSource,
    cost: KdfCost,
    rng: &mut (impl RngCore + CryptoRng),
) -> Result<SealKey, SealError> {
    let path = home.join(SEAL_FILE);
    if path.try_exists().map_err(files::io_error("looking for", &path))? {
        return Err(FileError::Exists(path).into());
    }
    let (key, file) = match source {
        SealSource::KeyFile => {
            let key = key_file(home, rng)?;
            let commitment = HexArray(key.check());
            let header =
                Header { version: VERSION, kind: SealKind::KeyFile, phc: None, nonce: None, commitment };
            (key, SealFile { header, body: None })
        }
        SealSource::Passphrase(passphrase) => {
            let key = SealKey::random(rng);
            let file = under_passphrase(&key, passphrase, cost, rng)?;
            (key, file)
        }
    };
    let mut bytes = codec::canonical("the workspace seal", &file).map_err(damaged)?;
    bytes.push(b'\n');
    files::write_new(&path, &bytes)?;
    Ok(key)
}

/// What protects the seal of a workspace; asks for nothing.
pub fn seal_kind(home: &Path) -> Result<SealKind, SealError> {
    Ok(read_seal(home)?.header.kind)
}

/// Opens the seal. A passphrase costs one Argon2id.
pub fn open_seal(home: &Path, passphrase: Option<&Passphrase>) -> Result<SealKey, SealError> {
    let file = read_seal(home)?;
    match (file.header.kind, passphrase) {
        (SealKind::KeyFile, None) => open_key_file(home, &file),
        (SealKind::KeyFile, Some(_)) => Err(SealError::NoPassphraseTaken),
        (SealKind::Passphrase, None) => Err(SealError::PassphraseNeeded),
        (SealKind::Passphrase, Some(passphrase)) => open_under_passphrase(&file, passphrase),
    }
}

fn under_passphrase(
    key: &SealKey,
    passphrase: &NewPassphrase,
    cost: KdfCost,
    rng: &mut (impl RngCore + CryptoRng),
) -> Result<SealFile, SealError> {
    let phc = Phc::random(cost, rng);
    let wrapping = passphrase::derive(passphrase.passphrase(), &phc)?;
    let nonce = HexArray::random(rng);
    let header = Header {
        version: VERSION,
        kind: SealKind::Passphrase,
        phc: Some(phc.to_string()),
        nonce: Some(nonce),
        commitment: HexArray(wrapping.commitment()),
    };
    let aad = codec::canonical("the workspace seal", &header).map_err(damaged)?;
    let body = wrapping.seal(&nonce.0, &aad, key.0.expose())?;
    Ok(SealFile { header, body: Some(body.into()) })
}

fn open_under_passphrase(file: &SealFile, passphrase: &Passphrase) -> Result<SealKey, SealError> {
    let header = &file.header;
    let (Some(phc), Some(nonce), Some(body)) = (&header.phc, &header.nonce, &file.body) else {
        return Err(SealError::Damaged("a field is missing".into()));
    };
    let aad = codec::canonical("the workspace seal", header).map_err(damaged)?;
    let wrapping = passphrase::derive(passphrase, &phc.parse::<Phc>()?)?;
    let key = wrapping.open(&header.commitment.0, &nonce.0, &aad, body)?;
    Secret::from_slice(key.expose()).map(SealKey).ok_or(PassphraseError::WrongOrAltered.into())
}

/// A new key file, or the one that an interrupted [`create_seal`] left; a key is never thrown away.
fn key_file(home: &Path, rng: &mut (impl RngCore + CryptoRng)) -> Result<SealKey, SealError> {
    match read_key_file(home) {
        Err(SealError::Missing(_)) => {
            let key = SealKey::random(rng);
            write_key_file(home, &key)?;
            Ok(key)
        }
        other => other,
    }
}

fn write_key_file(home: &Path, key: &SealKey) -> Result<(), SealError> {
    let mut digits = Zeroizing::new([0; 64]);
    hex::encode_to_slice(key.0.expose(), &mut digits[..]).map_err(|e| SealError::Damaged(e.to_string()))?;
    let mut text = Zeroizing::new(Vec::with_capacity(512));
    text.extend_from_slice(KEY_FILE_WORDS.as_bytes());
    text.push(b'\n');
    text.extend_from_slice(&digits[..]);
    text.push(b'\n');
    Ok(files::write_new(&home.join(KEY_FILE), &text)?)
}

fn open_key_file(home: &Path, file: &SealFile) -> Result<SealKey, SealError> {
    let key = read_key_file(home)?;
    let known = bool::from(key.check().ct_eq(&file.header.commitment.0));
    if known { Ok(key) } else { Err(SealError::WrongKeyFile) }
}

fn read_key_file(home: &Path) -> Result<SealKey, SealError> {
    let path = home.join(KEY_FILE);
    let text = match files::read_secret(&path, 1024) {
        Err(FileError::NotFound(path)) => return Err(SealError::Missing(path)),
        other => other?,
    };
    let mut lines = text.expose().split(|&b| b == b'\n');
    let words = lines.next().is_some_and(|words| words == KEY_FILE_WORDS.as_bytes());
    let digits = lines.next().unwrap_or_default();
    let end = lines.next().is_some_and(<[u8]>::is_empty) && lines.next().is_none();
    let lower = digits.iter().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    if !(words && end && lower && digits.len() == 64) {
        return Err(SealError::WrongKeyFile);
    }
    let mut decoded = Ok(());
    let key = SealKey(Secret::fill(|out| decoded = hex::decode_to_slice(digits, out)));
    if decoded.is_ok() { Ok(key) } else { Err(SealError::WrongKeyFile) }
}

fn read_seal(home: &Path) -> Result<SealFile, SealError> {
    let path = home.join(SEAL_FILE);
    let bytes = match files::read_capped(&path, SEAL_CAP) {
        Err(FileError::NotFound(path)) => return Err(SealError::Missing(path)),
        other => other?,
    };
    let cap = bytes.len();
    let versioned: Versioned = codec::from_json("seal.json", &bytes, cap).map_err(damaged)?;
    if versioned.header.version != VERSION {
        return Err(SealError::Newer { found: versioned.header.version });
    }
    let file: SealFile = codec::from_json("seal.json", &bytes, cap).map_err(damaged)?;
    let mut spelt = codec::canonical("the workspace seal", &file).map_err(damaged)?;
    spelt.push(b'\n');
    if spelt == bytes { Ok(file) } else { Err(SealError::Damaged("it is not in canonical form".into())) }
}

fn damaged(e: CodecError) -> SealError {
    SealError::Damaged(e.to_string())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use rand_core::OsRng;

    use super::*;
    use crate::wrap::passphrase::{danger_allow_small_costs, danger_small_cost};

    const PHRASE: &str = "correct horse battery staple 7";

    fn phrase(text: &str) -> Passphrase {
        Passphrase::from_bytes(text.as_bytes().to_vec()).unwrap()
    }

    fn sealed(home: &Path) -> SealKey {
        danger_allow_small_costs();
        let source = SealSource::Passphrase(NewPassphrase::chosen(phrase(PHRASE), &[]).unwrap());
        create_seal(home, &source, danger_small_cost(), &mut OsRng).unwrap()
    }

    fn same(a: &SealKey, b: &SealKey) -> bool {
        a.0.expose() == b.0.expose()
    }

    #[test]
    fn r35_a_passphrase_seal_opens_with_its_passphrase_only() {
        let home = tempfile::tempdir().unwrap();
        assert!(matches!(seal_kind(home.path()), Err(SealError::Missing(_))));
        let key = sealed(home.path());
        assert_eq!(seal_kind(home.path()).unwrap(), SealKind::Passphrase);
        assert!(same(&open_seal(home.path(), Some(&phrase(&format!("{PHRASE}\n")))).unwrap(), &key));
        let wrong = open_seal(home.path(), Some(&phrase("correct horse battery staple 8")));
        assert!(matches!(wrong, Err(SealError::Passphrase(PassphraseError::WrongOrAltered))));
        assert!(matches!(open_seal(home.path(), None), Err(SealError::PassphraseNeeded)));
        let again = create_seal(home.path(), &SealSource::KeyFile, KdfCost::FLOOR, &mut OsRng);
        assert!(matches!(again, Err(SealError::File(FileError::Exists(_)))));
        assert!(!home.path().join(KEY_FILE).exists());
    }

    #[test]
    fn r35_a_seal_at_the_floor_opens_without_any_leave() {
        let home = tempfile::tempdir().unwrap();
        let source = SealSource::Passphrase(NewPassphrase::chosen(phrase(PHRASE), &[]).unwrap());
        let key = create_seal(home.path(), &source, KdfCost::FLOOR, &mut OsRng).unwrap();
        assert!(same(&open_seal(home.path(), Some(&phrase(PHRASE))).unwrap(), &key));
    }

    #[test]
    fn r35_any_flipped_byte_of_the_seal_file_is_noticed() {
        let home = tempfile::tempdir().unwrap();
        sealed(home.path());
        let path = home.path().join(SEAL_FILE);
        let good = fs::read(&path).unwrap();
        for at in 0..good.len() {
            for bit in [0x01, 0x20] {
                let mut bad = good.clone();
                bad[at] ^= bit;
                fs::write(&path, bad).unwrap();
                assert!(open_seal(home.path(), Some(&phrase(PHRASE))).is_err(), "byte {at}");
            }
        }
        fs::write(&path, &good).unwrap();
        open_seal(home.path(), Some(&phrase(PHRASE))).unwrap();
        fs::write(&path, [good.as_slice(), b" "].concat()).unwrap();
        assert!(open_seal(home.path(), Some(&phrase(PHRASE))).is_err());
    }

    #[test]
    fn r35_costs_below_the_floor_or_above_the_caps_are_refused() {
        let home = tempfile::tempdir().unwrap();
        sealed(home.path());
        let path = home.path().join(SEAL_FILE);
        let text = fs::read_to_string(&path).unwrap();
        for costs in ["m=4294967295,t=1,p=1", "m=4294967296,t=1,p=1", "m=64,t=1000000,p=1", "m=64,t=1,p=99"] {
            fs::write(&path, text.replace("m=64,t=1,p=1", costs)).unwrap();
            let refused = open_seal(home.path(), Some(&phrase(PHRASE)));
            assert!(matches!(refused, Err(SealError::Passphrase(PassphraseError::Cost { .. }))), "{costs}");
        }
        fs::write(&path, &text).unwrap();
        let path = home.path().to_path_buf();
        let shipped = std::thread::spawn(move || open_seal(&path, Some(&phrase(PHRASE))));
        let refused = shipped.join().unwrap();
        assert!(matches!(refused, Err(SealError::Passphrase(PassphraseError::Cost { .. }))));
    }

    #[test]
    fn r51_newer_seals_are_told_from_damaged_ones() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join(SEAL_FILE);
        fs::write(&path, b"{\"header\":{\"version\":2,\"more\":[]}}").unwrap();
        assert!(matches!(seal_kind(home.path()), Err(SealError::Newer { found: 2 })));
        for bad in [b"".as_slice(), b"{}", b"[1]", b"\xff", &[b'['; 20_000]] {
            fs::write(&path, bad).unwrap();
            let refused = seal_kind(home.path());
            assert!(matches!(
                refused,
                Err(SealError::Damaged(_) | SealError::File(FileError::TooLarge { .. }))
            ));
        }
    }

    #[test]
    fn a_key_file_says_what_it_is_and_must_fit_the_seal() {
        let home = tempfile::tempdir().unwrap();
        let key = create_seal(home.path(), &SealSource::KeyFile, KdfCost::default(), &mut OsRng).unwrap();
        assert_eq!(seal_kind(home.path()).unwrap(), SealKind::KeyFile);
        assert!(same(&open_seal(home.path(), None).unwrap(), &key));
        assert!(matches!(open_seal(home.path(), Some(&phrase("x"))), Err(SealError::NoPassphraseTaken)));
        let path = home.path().join(KEY_FILE);
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.starts_with("UNPROTECTED seal key"));
        for at in 0..text.len() {
            let mut bad = text.clone().into_bytes();
            bad[at] ^= 1;
            fs::write(&path, bad).unwrap();
            assert!(matches!(open_seal(home.path(), None), Err(SealError::WrongKeyFile)), "byte {at}");
        }
        fs::remove_file(&path).unwrap();
        assert!(matches!(open_seal(home.path(), None), Err(SealError::Missing(_))));
    }

    #[test]
    fn an_interrupted_creation_keeps_its_key() {
        let home = tempfile::tempdir().unwrap();
        let key = create_seal(home.path(), &SealSource::KeyFile, KdfCost::default(), &mut OsRng).unwrap();
        fs::remove_file(home.path().join(SEAL_FILE)).unwrap();
        let again = create_seal(home.path(), &SealSource::KeyFile, KdfCost::default(), &mut OsRng).unwrap();
        assert!(same(&key, &again));
    }

    #[test]
    fn nodes_have_seals_of_their_own() {
        let key = SealKey::random(&mut OsRng);
        assert!(same(&key.for_node("OFFICIAL_1"), &key.for_node("OFFICIAL_1")));
        assert!(!same(&key.for_node("OFFICIAL_1"), &key.for_node("OFFICIAL_2")));
        assert_eq!(format!("{key:?}"), "SealKey");
    }
}
