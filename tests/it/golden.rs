//! Golden files: what the formats of version 1 look like to the byte. `QUORATE_BLESS=1` writes them anew,
//! which is a change of format; see `tests/golden/v1/README.md`.

use std::{collections::BTreeMap, fs, path::PathBuf};

use quorate::{
    audit::{Head, SignedEntry},
    card::{NodeCard, PersonCard},
    ceremony::{inventory::Pending, workspace::HomeFile},
    codec::{JSON_CAP, canonical, from_canonical},
    digest::Hash,
    genesis::{Chain, SignedGenesis},
    guardian::{set::DirtyGuardianSet, slip39::Share},
    identity::LockedIdentity,
    keyshare::{DirtyKeyCard, KeyCardBody, ShareCore},
    paillier::{AuxShare, AuxTable},
    print::{scan, text},
    request::{Approved, SignedRequest},
    secret::SecretBytes,
    wrap::passphrase::Passphrase,
};
use serde::{Serialize, de::DeserializeOwned};

use self::make::{Files, HOLDER, name, node_key, time};

#[path = "golden/json.rs"]
mod json;
#[path = "golden/make.rs"]
mod make;
#[path = "golden/shards.rs"]
mod shards;

/// Hashes of a file's contents, by what was hashed.
type Hashes = BTreeMap<String, String>;

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// A file that was read and found valid, written out again.
struct Read {
    again: Vec<u8>,
    hashes: Hashes,
}

#[test]
fn golden_files_are_what_this_program_writes() {
    let made = make::all();
    let hashes = hashes_of(&made);
    if std::env::var_os("QUORATE_BLESS").is_some() {
        made.iter().for_each(|(name, bytes)| fs::write(folder().join(name), bytes).unwrap());
        fs::write(folder().join("hashes.json"), &hashes).unwrap();
    }
    let committed = committed();
    assert_eq!(made.keys().collect::<Vec<_>>(), committed.keys().collect::<Vec<_>>());
    for (name, bytes) in &made {
        assert!(committed[name] == *bytes, "{name} is not what is written now: the format has changed");
    }
    assert_eq!(fs::read(folder().join("hashes.json")).unwrap(), hashes.as_bytes());
}

#[test]
fn golden_files_are_read_and_keep_their_bytes_and_hashes() {
    let set = Set::committed();
    let recorded: BTreeMap<String, Hashes> =
        serde_json::from_slice(&fs::read(folder().join("hashes.json")).unwrap()).unwrap();
    assert_eq!(set.files.keys().collect::<Vec<_>>(), recorded.keys().collect::<Vec<_>>());
    for (name, bytes) in &set.files {
        let read = set.read(name, bytes).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert!(read.again == *bytes, "{name} is written differently");
        let mut hashes = read.hashes;
        hashes.insert("sha256".into(), Hash::plain(bytes).to_string());
        assert_eq!(hashes, recorded[name], "{name}");
    }
}

#[test]
fn r51_json_has_one_spelling_and_no_unknown_field() {
    let set = Set::committed();
    let mut refused = 0;
    for (name, bytes) in set.files.iter().filter(|(name, _)| name.contains(".json")) {
        let records =
            ["export", "operation", "transfer", "exposed-key"].iter().any(|start| name.starts_with(start));
        for (what, bad) in json::misspelt(bytes) {
            // A record grows: what is not there yet may be absent. Names and paths stand under no signature.
            if records && (what.starts_with("no ") || what.starts_with('\'')) {
                continue;
            }
            assert!(bad != *bytes, "{name}: {what} changes nothing");
            assert!(set.read(name, &bad).is_err(), "{name} is accepted with {what}");
            refused += 1;
        }
    }
    assert!(refused > 1000, "only {refused} cases");
}

#[test]
fn r51_signed_files_are_refused_when_one_value_differs() {
    let set = Set::committed();
    // These carry no signature: whoever holds the home may edit them.
    // An altered identity costs an Argon2id to refuse: src/identity.rs flips every byte, with less memory.
    let own = ["home", "pending", "request", "identity", "export", "operation", "transfer", "exposed-key"];
    let unsigned = |name: &str| own.iter().any(|start| name.starts_with(start));
    for (name, bytes) in set.files.iter().filter(|(name, _)| name.contains(".json") && !unsigned(name)) {
        // Fewer proofs are fewer sheets read back: another set, and a good one.
        let changes = json::altered(bytes).into_iter().filter(|(what, _)| !what.ends_with("/proofs"));
        for (what, bad) in changes {
            assert!(set.read(name, &bad).is_err(), "{name} is accepted with {what}");
        }
    }
}

#[test]
fn r51_binary_files_are_refused_when_one_byte_differs() {
    let set = Set::committed();
    for (name, bytes) in set.files.iter().filter(|(name, _)| name.ends_with(".bin")) {
        let accepts = |bytes: &[u8]| set.read(name, bytes).is_ok();
        // Every byte of a share core; of the far longer aux core the frame and every 13th byte.
        let positions = (0..bytes.len()).filter(|at| bytes.len() < 400 || *at < 120 || at % 13 == 0);
        for at in positions {
            let mut bad = bytes.clone();
            bad[at] ^= 0x10;
            assert!(!accepts(&bad), "{name}: byte {at}");
        }
        assert!(!accepts(&[bytes.as_slice(), &[0]].concat()), "{name}: longer");
        for len in [0, 1, 43, bytes.len() - 1] {
            assert!(!accepts(&bytes[..len]), "{name}: cut to {len}");
        }
    }
}

#[test]
fn r51_a_share_core_of_another_version_is_refused_though_its_node_signed_it() {
    // The signature covers the frame, so the version is judged on bytes that verify.
    let set = Set::committed();
    for (name, bytes) in set.files.iter().filter(|(name, _)| name.starts_with("share-core")) {
        let card = set.card(name.trim_start_matches("share-core-").trim_end_matches(".bin"));
        for (at, what) in [(0, "magic"), (9, "version")] {
            let bad = make::resigned(bytes, |bytes| bytes[at] ^= 3);
            let core = ShareCore::from_bytes(SecretBytes::new(bad));
            assert!(core.check(&card, &node_key(HOLDER)).is_err(), "{name}: {what}");
        }
        let same = ShareCore::from_bytes(SecretBytes::new(make::resigned(bytes, |_| ())));
        assert!(same.check(&card, &node_key(HOLDER)).is_ok());
    }
}

fn folder() -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "tests", "golden", "v1"].iter().collect()
}

fn committed() -> Files {
    let names =
        fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names
        .filter(|name| !["README.md", "hashes.json"].contains(&name.as_str()))
        .map(|name| (name.clone(), fs::read(folder().join(&name)).unwrap()))
        .collect()
}

fn hashes_of(files: &Files) -> String {
    let set = Set::of(files.clone());
    let hashes = |(name, bytes): (&String, &Vec<u8>)| {
        let mut hashes = set.read(name, bytes).unwrap_or_else(|e| panic!("{name}: {e}")).hashes;
        hashes.insert("sha256".into(), Hash::plain(bytes).to_string());
        (name.clone(), hashes)
    };
    let hashes: BTreeMap<String, Hashes> = files.iter().map(hashes).collect();
    format!("{}\n", serde_json::to_string_pretty(&hashes).unwrap())
}

/// The golden files, and the genesis chain among them under which the others are judged.
struct Set {
    files: Files,
    chain: Chain,
}

impl Set {
    fn committed() -> Self {
        Self::of(committed())
    }

    fn of(files: Files) -> Self {
        let versions: Vec<SignedGenesis> = json_of(&files["genesis.json"]);
        Self { chain: Chain::check(&versions).unwrap(), files }
    }

    /// Reads bytes as the program would read the file of this name.
    fn read(&self, file: &str, bytes: &[u8]) -> Outcome<Read> {
        let stem = file.split('.').next().unwrap_or_default();
        if let Some(curve) = stem.strip_prefix("share-core-") {
            return read_share_core(bytes, &self.card(curve));
        }
        if stem.starts_with("key-card-") {
            return signed::<DirtyKeyCard>(bytes, "key-card", |card| {
                Ok(card.clone().check(&self.chain)?.hash())
            });
        }
        if stem.starts_with("request-") {
            return signed::<SignedRequest>(bytes, "request", |request| {
                Ok(Approved::check(request.clone(), &self.chain, time().plus_seconds(60))?.hash())
            });
        }
        match stem {
            "node-card" => signed::<NodeCard>(bytes, "node-card", |card| Ok((card.check()?, card.hash()?).1)),
            "person-card" | "person-card-rotated" => {
                signed::<PersonCard>(bytes, "person-card", |card| Ok((card.check()?, card.hash()?).1))
            }
            "genesis" => read_genesis(bytes, 3),
            "production" => read_genesis(bytes, 2),
            "aux-table" => {
                signed::<AuxTable>(bytes, "aux-table", |table| Ok(table.check(|i| Some(node_key(i)))?))
            }
            "aux-core" => read_aux_core(bytes, &json_of::<AuxTable>(&self.files["aux-table.json"])),
            "audit" => read_audit(bytes),
            "identity" => read_identity(bytes),
            "guardian-set" => signed::<DirtyGuardianSet>(bytes, "guardian-set", |set| {
                let set = set.clone().check()?;
                set.find(&self.share()?)?;
                Ok(set.hash())
            }),
            "guardian-share-Bob" => self.read_share(file, bytes),
            "shard"
            | "shard-rewrapped"
            | "shard-aux"
            | "import"
            | "grant"
            | "receipt"
            | "alias-card"
            | "statement-holding"
            | "statement-status"
            | "export"
            | "operation"
            | "transfer"
            | "recovery-share"
            | "exposure-notice"
            | "exposed-key"
            | "exposed-key-noticed" => shards::read(stem, bytes, &self.chain, &self.files),
            "home" => {
                let again = canonical("home", &HomeFile::parse(bytes)?)?;
                Ok(Read { again, hashes: Hashes::new() })
            }
            "pending-key" => {
                let again = canonical("pending key", &Pending::parse(bytes)?)?;
                Ok(Read { again, hashes: Hashes::new() })
            }
            other => Err(format!("no reader for {other}").into()),
        }
    }

    /// Text and picture hold the same share; page and drawing are only compared with what is made.
    fn read_share(&self, file: &str, bytes: &[u8]) -> Outcome<Read> {
        let words = match file.rsplit('.').next() {
            Some("txt") => text::words_of(bytes)?,
            Some("png") => scan::scan(bytes)?.remove(0),
            _ => return Ok(Read { again: bytes.to_vec(), hashes: Hashes::new() }),
        };
        let share = Share::parse(&words)?;
        let hashes = [("commitment".to_owned(), share.commitment().to_string())].into();
        Ok(Read { again: bytes.to_vec(), hashes })
    }

    fn share(&self) -> Outcome<Share> {
        Ok(Share::parse(&text::words_of(&self.files["guardian-share-Bob.txt"])?)?)
    }

    fn card(&self, curve: &str) -> KeyCardBody {
        json_of::<DirtyKeyCard>(&self.files[&format!("key-card-{curve}.json")]).card
    }
}

fn json_of<T: DeserializeOwned + Serialize>(bytes: &[u8]) -> T {
    from_canonical("golden file", bytes, JSON_CAP).unwrap()
}

fn signed<T: DeserializeOwned + Serialize>(
    bytes: &[u8],
    tag: &str,
    check: impl FnOnce(&T) -> Outcome<Hash>,
) -> Outcome<Read> {
    let value: T = from_canonical("golden file", bytes, JSON_CAP)?;
    let hash = check(&value)?;
    let hashes = [(tag.to_owned(), hash.to_string())].into();
    Ok(Read { again: canonical("golden file", &value)?, hashes })
}

fn read_genesis(bytes: &[u8], count: usize) -> Outcome<Read> {
    let versions: Vec<SignedGenesis> = from_canonical("genesis", bytes, JSON_CAP)?;
    Chain::check(&versions)?;
    let mut hashes = Hashes::new();
    for signed in &versions {
        let genesis = &signed.genesis;
        hashes.insert(format!("genesis {}", genesis.sequence), genesis.hash()?.to_string());
        hashes.insert(format!("policy {}", genesis.sequence), genesis.policy.hash()?.to_string());
    }
    // The chain has a known end: a cut one is valid, but not this file.
    if versions.len() != count {
        return Err("another number of versions".into());
    }
    Ok(Read { again: canonical("genesis", &versions)?, hashes })
}

fn read_identity(bytes: &[u8]) -> Outcome<Read> {
    let locked = LockedIdentity::parse(bytes)?;
    let passphrase = Passphrase::from_bytes(make::PASSPHRASE.as_bytes().to_vec())?;
    let hash = locked.unlock(&passphrase)?.card(time(), None)?.hash()?;
    Ok(Read { again: locked.to_bytes()?, hashes: [("person-card".to_owned(), hash.to_string())].into() })
}

fn read_share_core(bytes: &[u8], card: &KeyCardBody) -> Outcome<Read> {
    let core = ShareCore::from_bytes(SecretBytes::new(bytes.to_vec()));
    let share = core.check(card, &node_key(HOLDER))?;
    if share.index() != HOLDER {
        return Err("another index".into());
    }
    let again = make::share_core(&share);
    let signed = again.len() - 64;
    let hashes = [("share-core".to_owned(), Hash::tagged("share-core", &[&bytes[..signed]]).to_string())];
    Ok(Read { again, hashes: hashes.into() })
}

fn read_aux_core(bytes: &[u8], table: &AuxTable) -> Outcome<Read> {
    let core = SecretBytes::new(bytes.to_vec());
    let share = AuxShare::read(&core, &table.table, &node_key(HOLDER))?;
    share.info::<quorate::curve::ec::Level256>(&[1, HOLDER])?;
    let (signed, _) = bytes.split_last_chunk::<64>().ok_or("cut")?;
    let hashes = [("aux-core".to_owned(), Hash::tagged("aux-core", &[signed]).to_string())];
    Ok(Read { again: make::aux_core(&table.table), hashes: hashes.into() })
}

fn read_audit(bytes: &[u8]) -> Outcome<Read> {
    let (mut head, mut hashes, mut again) = (Head::EMPTY, Hashes::new(), Vec::new());
    let body = bytes.strip_suffix(b"\n").ok_or("torn")?;
    for line in body.split(|byte| *byte == b'\n') {
        let entry = SignedEntry::parse(line)?;
        head = head.follow(&name(1), &entry, &node_key(1))?;
        hashes.insert(format!("audit-entry {}", head.counter), head.hash.to_string());
        again.extend(entry.line()?);
        again.push(b'\n');
    }
    if head.counter != 6 {
        return Err("another number of entries".into());
    }
    Ok(Read { again, hashes })
}
