//! Leak canary (R44): every secret of a home, known from its seal key, sought in everything the program
//! writes and says; and deletion (R27), seal key in hand.

use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use aes_gcm::{Aes256Gcm, KeyInit as _, Nonce, aead::AeadInOut as _};
use base64::Engine as _;
use cggmp24::backend::Integer;
use hkdf::Hkdf;
use quorate::{
    ceremony::{inventory::Known, keys},
    curve::Curve,
    ids::KeyId,
    keyshare::ShareCore,
    node::embedded::node_dir,
    secret::Secret,
    store::{BlobKind, NodeStore, Table},
};
use sha2::Sha256;

use crate::{
    fixtures,
    node_keys::pending_key,
    node_kill::program,
    node_stage::{Stage, name},
};

/// A secret and what it is.
pub type Canary = (String, Vec<u8>);

/// All texts and byte strings in which a secret might show, by their first eight bytes.
pub struct Needles(HashMap<[u8; 8], Vec<(String, Vec<u8>)>>);

impl Needles {
    pub fn of(canaries: &[Canary]) -> Self {
        let mut needles = Self(HashMap::new());
        for (what, secret) in canaries {
            let reversed: Vec<u8> = secret.iter().rev().copied().collect();
            for bytes in [secret, &reversed] {
                needles.add(what, bytes.clone());
                needles.add(what, hex::encode(bytes).into_bytes());
                needles.add(what, hex::encode_upper(bytes).into_bytes());
                needles.add(what, Integer::from_bytes_msf(bytes).to_string().into_bytes());
                for skip in 0..3 {
                    // Whole groups of three bytes look the same wherever in a longer text they stand.
                    let inner = &bytes[skip..];
                    let inner = &inner[..inner.len() / 3 * 3];
                    for engine in [
                        &base64::engine::general_purpose::STANDARD_NO_PAD,
                        &base64::engine::general_purpose::URL_SAFE_NO_PAD,
                    ] {
                        needles.add(what, engine.encode(inner).into_bytes());
                    }
                }
                let list = bytes.iter().map(u8::to_string).collect::<Vec<_>>().join(", ");
                needles.add(what, list.into_bytes());
            }
        }
        needles
    }

    pub fn add(&mut self, what: &str, needle: Vec<u8>) {
        let start = *needle.first_chunk::<8>().unwrap();
        self.0.entry(start).or_default().push((what.to_owned(), needle));
    }

    pub fn found_in(&self, hay: &[u8]) -> Vec<&str> {
        let mut found = Vec::new();
        for (at, window) in hay.array_windows_of_8() {
            for (what, needle) in self.0.get(window).into_iter().flatten() {
                if hay[at..].starts_with(needle) {
                    found.push(what.as_str());
                }
            }
        }
        found
    }
}

trait Windows {
    fn array_windows_of_8(&self) -> impl Iterator<Item = (usize, &[u8; 8])>;
}

impl Windows for [u8] {
    fn array_windows_of_8(&self) -> impl Iterator<Item = (usize, &[u8; 8])> {
        self.windows(8).map(|w| w.first_chunk().unwrap()).enumerate()
    }
}

/// The seal key as `seal.key` shows it, and what follows from it by `src/store/format.md`.
pub struct Attacker {
    seal: Vec<u8>,
}

fn hkdf(key: &[u8], salt: &[u8], info: &[&[u8]]) -> Secret<32> {
    let hkdf = Hkdf::<Sha256>::new(Some(salt), key);
    Secret::fill(|out| hkdf.expand_multi_info(info, out).unwrap())
}

impl Attacker {
    pub fn new(home: &Path) -> Self {
        let text = fs::read_to_string(home.join("seal.key")).unwrap();
        Self { seal: hex::decode(text.lines().nth(1).unwrap()).unwrap() }
    }

    fn node(&self, owner: &str) -> Secret<32> {
        hkdf(&self.seal, &[], &[b"quorate/node-seal/v1/", owner.as_bytes()])
    }

    /// The data keys of these owners in a raw keyslot file; every window of it is tried.
    pub fn data_keys(&self, node: &str, image: &[u8], owners: &[Vec<u8>]) -> Vec<Secret<32>> {
        self.data_keys_in(node, &image[20..36], image, owners)
    }

    /// The same in any file of the node, at every offset: as the slot of the number that stands before it, of the one
    /// that would be there, and of the first ones.
    pub fn data_keys_in(&self, node: &str, store: &[u8], hay: &[u8], owners: &[Vec<u8>]) -> Vec<Secret<32>> {
        let key = hkdf(self.node(node).expose(), store, &[b"quorate/keyslots/v1"]);
        let cipher = Aes256Gcm::new(key.expose().into());
        let mut found: Vec<Secret<32>> = Vec::new();
        let mut last = None;
        for (at, window) in hay.windows(12 + 48).enumerate() {
            let from = if at == 0 { 0 } else { window.len() - 1 };
            last = window[from..].iter().rposition(|byte| *byte != 0).map(|inner| at + from + inner).or(last);
            // Nothing but zeros.
            if last.is_none_or(|last| last < at) {
                continue;
            }
            let before = at.checked_sub(4).and_then(|from| hay[from..].first_chunk());
            let before = before.map_or(0, |number| u32::from_be_bytes(*number));
            let here = u32::try_from(at / 4096).unwrap();
            let mut numbers: Vec<u32> = (1..=FIRST_SLOTS).chain([before, here]).collect();
            numbers.sort_unstable();
            numbers.dedup();
            for (owner, number) in owners.iter().flat_map(|owner| numbers.iter().map(move |n| (owner, n))) {
                let aad = [b"quorate/keyslot/v1".as_slice(), store, &number.to_be_bytes(), owner].concat();
                let (nonce, mut sealed) = (*window.first_chunk::<12>().unwrap(), window[12..].to_vec());
                if cipher.decrypt_in_place(&Nonce::from(nonce), &aad, &mut sealed).is_ok() {
                    let key = Secret::from_slice(&sealed).unwrap();
                    if found.iter().all(|other| other.expose() != key.expose()) {
                        found.push(key);
                    }
                }
            }
        }
        found
    }
}

/// Slots that a small store uses.
const FIRST_SLOTS: u32 = 12;

/// Kind and id, as the keyslot file binds them.
pub fn owners(store: &NodeStore) -> Vec<Vec<u8>> {
    let kinds = [(1, BlobKind::Share), (2, BlobKind::Aux), (4, BlobKind::Prime), (5, BlobKind::Node)];
    let mut owners = Vec::new();
    for (tag, kind) in kinds {
        owners.extend(store.blob_ids(kind).unwrap().into_iter().map(|id| [vec![tag], id].concat()));
    }
    owners
}

/// Every secret of a home.
pub fn canaries(stage: &Stage) -> Vec<Canary> {
    let attacker = Attacker::new(&stage.home());
    let mut canaries = vec![("seal key".to_owned(), attacker.seal.clone())];
    let cards: Vec<_> = {
        let workspace = stage.open();
        let known = keys::list(&workspace).unwrap();
        known.into_iter().filter_map(|k| if let Known::Card(card) = k { Some(card) } else { None }).collect()
    };
    for i in 1..=3 {
        let who = name(i).to_string();
        let node_card = stage.open().chain().unwrap().current().node(&name(i)).unwrap().card.clone();
        let store = stage.store(i);
        canaries.push((format!("{who} seal"), attacker.node(&who).expose().to_vec()));
        let identity = store.open_blob(BlobKind::Node, b"card").unwrap().unwrap();
        for (part, bytes) in identity.expose().chunks(32).enumerate() {
            canaries.push((format!("{who} identity {part}"), bytes.to_vec()));
        }
        for card in &cards {
            let body = card.body();
            let id = [body.key_id.as_bytes().as_slice(), &0u32.to_be_bytes()].concat();
            let core = store.open_blob(BlobKind::Share, &id).unwrap().unwrap();
            let share = ShareCore::from_bytes(core).check(body, &node_card.signing_key).unwrap();
            canaries.push((format!("{who} {} share", body.curve), share.scalar().expose().to_vec()));
            canaries.push((format!("{} chain code", body.curve), share.chain_code().expose().to_vec()));
        }
        let image = fs::read(node_dir(&stage.home(), &name(i)).join("keyslots")).unwrap();
        let owners = owners(&store);
        let keys = attacker.data_keys(&who, &image, &owners);
        assert_eq!(keys.len(), owners.len(), "the attacker's reading of the format is right");
        canaries.extend(keys.iter().map(|key| (format!("{who} data key"), key.expose().to_vec())));
        let records = hkdf(attacker.node(&who).expose(), &image[20..36], &[b"quorate/records/v1"]);
        canaries.push((format!("{who} records key"), records.expose().to_vec()));
        let primes = fixtures::primes(quorate::curve::Level::Bits256, usize::from(i) - 1).integers();
        for (number, prime) in primes.iter().enumerate() {
            canaries.push((format!("{who} prime {number}"), prime.to_bytes_msf()));
        }
    }
    canaries
}

pub fn files(dir: &Path, into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files(&path, into) } else { into.push(path) }
    }
}

fn program_run(stage: &Stage, args: &[&str]) -> Output {
    Command::new(program())
        .args(args)
        .args(["-vvv", "--home"])
        .arg(stage.home())
        .env_remove("QUORATE_HOME")
        .envs([("RUST_BACKTRACE", "full"), ("RUST_LOG", "trace")])
        .output()
        .unwrap()
}

#[test]
fn r27_r44_no_secret_shows_in_files_or_output() {
    let stage = Stage::new(3);
    let mut said: Vec<(String, Vec<u8>)> = Vec::new();
    let mut say = |stage: &Stage, args: &[&str], code: i32| {
        let output = program_run(stage, args);
        assert_eq!(output.status.code(), Some(code), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        said.push((args.join(" "), [output.stdout.clone(), output.stderr].concat()));
        output.stdout
    };
    let mut ids = Vec::new();
    for curve in ["ED25519", "SECP256k1"] {
        let out = say(&stage, &["key", "generate", "--curve", curve, "--threshold", "2", "--json"], 0);
        let report: serde_json::Value = serde_json::from_slice(&out).unwrap();
        ids.push(report["keyId"].as_str().unwrap().to_owned());
    }
    for id in &ids {
        for json in [&["--json"][..], &[]] {
            for args in [&["sign", "--message", "pay", "--key", id][..], &["key", "show", "--key", id]] {
                say(&stage, &[args, json].concat(), 0);
            }
        }
        say(&stage, &["key", "abandon", "--key", id], 3);
        let servers = ["--servers", "OFFICIAL_2,OFFICIAL_9"];
        say(&stage, &[&["sign", "--message", "pay", "--key", id][..], &servers].concat(), 1);
    }
    for args in
        [&["key", "list"][..], &["node", "list"], &["node", "status"], &["audit", "show"], &["selftest"]]
    {
        say(&stage, args, 0);
    }
    // Damage that is noticed late, and says what it found.
    let path = node_dir(&stage.home(), &name(2)).join("keyslots");
    let whole = fs::read(&path).unwrap();
    let mut altered = whole.clone();
    for slot in altered.chunks_mut(4096).skip(2) {
        slot[30] ^= 1;
    }
    fs::write(&path, altered).unwrap();
    let sign = ["sign", "--message", "pay", "--key", &ids[0], "--servers", "OFFICIAL_1,OFFICIAL_2"];
    say(&stage, &sign, 4);
    fs::write(&path, whole).unwrap();

    let canaries = canaries(&stage);
    assert!(canaries.len() > 40, "{}", canaries.len());
    let needles = Needles::of(&canaries);
    for (what, secret) in &canaries {
        let shown = format!("bytes before {} and after", hex::encode(secret));
        assert!(!needles.found_in(shown.as_bytes()).is_empty(), "{what} would not be found");
    }
    for (what, bytes) in &said {
        assert_eq!(needles.found_in(bytes), Vec::<&str>::new(), "quorate {what}");
    }
    let mut all = Vec::new();
    files(&stage.home(), &mut all);
    assert!(all.len() > 15);
    for path in all {
        let found = needles.found_in(&fs::read(&path).unwrap());
        // The key file says what it is and lies beside the stores, not in them.
        if path == stage.home().join("seal.key") {
            assert_eq!(found, ["seal key"]);
            assert!(fs::read_to_string(&path).unwrap().starts_with("UNPROTECTED seal key"));
        } else {
            assert_eq!(found, Vec::<&str>::new(), "{}", path.display());
        }
    }
}

/// What an attacker keeps of a node: the raw files of a moment.
pub struct Image {
    pub slots: Vec<u8>,
    pub owners: Vec<Vec<u8>>,
}

pub fn image(stage: &Stage, i: u16) -> Image {
    let owners = owners(&stage.store(i));
    Image { slots: fs::read(node_dir(&stage.home(), &name(i)).join("keyslots")).unwrap(), owners }
}

pub fn opened(stage: &Stage, i: u16, slots: &[u8], owners: &[Vec<u8>]) -> usize {
    Attacker::new(&stage.home()).data_keys(name(i).as_str(), slots, owners).len()
}

/// Data keys of these owners in any file of a node's directory, seal key in hand.
pub fn opened_anywhere(stage: &Stage, i: u16, owners: &[Vec<u8>]) -> usize {
    let dir = node_dir(&stage.home(), &name(i));
    let store = fs::read(dir.join("keyslots")).unwrap()[20..36].to_vec();
    let attacker = Attacker::new(&stage.home());
    let mut all = Vec::new();
    files(&dir, &mut all);
    assert!(all.len() >= 3, "{all:?}");
    let open = |path: &PathBuf| {
        attacker.data_keys_in(name(i).as_str(), &store, &fs::read(path).unwrap(), owners).len()
    };
    all.iter().map(open).sum()
}

/// The search itself: a wrapped key is found wherever it lies, and only that.
#[test]
fn r27_a_wrapped_key_is_found_at_any_offset_of_any_file() {
    let stage = Stage::new(2);
    let key = stage.key(Curve::Ed25519, 2);
    let owner = [&[1], key.as_bytes().as_slice(), &0u32.to_be_bytes()].concat();
    assert_eq!(opened_anywhere(&stage, 1, std::slice::from_ref(&owner)), 1);
    let slots = image(&stage, 1).slots;
    let attacker = Attacker::new(&stage.home());
    let found = |hay: &[u8], owner: &[u8]| {
        attacker.data_keys_in("OFFICIAL_1", &slots[20..36], hay, &[owner.to_vec()]).len()
    };
    let used = slots.chunks(4096).skip(1).filter(|slot| found(slot, &owner) == 1).collect::<Vec<_>>();
    assert_eq!(used.len(), 1);
    let path = node_dir(&stage.home(), &name(1)).join("store.redb");
    let mut database = fs::read(path).unwrap();
    database.truncate(1 << 16);
    assert_eq!(found(&database, &owner), 0);
    database[4999..4999 + 60].copy_from_slice(&used[0][12..72]);
    assert_eq!(found(&database, &owner), 1);
    assert_eq!(found(&database, &[2; 21]), 0, "another owner");
    database[5030] ^= 1;
    assert_eq!(found(&database, &owner), 0);
}

#[test]
fn r27_an_abandoned_share_opens_no_more_with_the_seal_key_in_hand() {
    let stage = Stage::new(3);
    let kept = stage.key(Curve::Ed25519, 2);
    let key: KeyId = pending_key(&stage);
    let blob = |key: &KeyId| [&[1], key.as_bytes().as_slice(), &0u32.to_be_bytes()].concat();
    let before: Vec<Image> = (1..=3).map(|i| image(&stage, i)).collect();
    for (i, image) in (1..).zip(&before) {
        assert_eq!(opened(&stage, i, &image.slots, &[blob(&key)]), 1);
        assert_eq!(opened_anywhere(&stage, i, &[blob(&key)]), 1);
    }
    keys::abandon(&mut stage.open(), &key).unwrap();
    for (i, old) in (1..).zip(&before) {
        let now = image(&stage, i);
        assert_eq!(opened(&stage, i, &now.slots, &[blob(&key)]), 0, "node {i}");
        assert_eq!(opened_anywhere(&stage, i, &[blob(&key)]), 0);
        // Even with every name that was ever used; the other key is untouched.
        assert_eq!(opened(&stage, i, &now.slots, &old.owners), old.owners.len() - 1);
        assert_eq!(opened(&stage, i, &now.slots, &[blob(&kept)]), 1);
        let store = stage.store(i);
        assert!(!store.has_blob(BlobKind::Share, &blob(&key)[1..]).unwrap());
        // What stays is that the point was here once.
        assert!(store.get(Table::Keys, key.as_bytes()).unwrap().is_none());
        assert_eq!(store.count(Table::KeyRecords).unwrap(), 2);
    }
    stage.signs(&kept, &[1, 2]);
}
