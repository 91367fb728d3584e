//! What a home has for an auditor: its logs and public documents as one bundle, and where its logs stand. Nothing
//! is opened for it, and no passphrase is needed; a damaged log is handed on as it is, so that it can be judged.

use std::path::{Path, PathBuf};

use serde::Serialize;

use super::{CeremonyError, exports::Export, exports::Exports, workspace::HomeFile, workspace::read_chain};
use crate::{
    audit::{
        WORKSPACE,
        bundle::{BUNDLE_CAP, Bundle, BundleError, ExportRecord, Lines, LogLines},
        verify::{self, Outside, Report},
    },
    codec::{self, JSON_CAP},
    digest::Hash,
    ids::{Name, Time},
    node::embedded,
    paillier::PrimeSource,
    store::{FileError, HomeLock, files, log},
};

/// How long this waits for another run to finish.
const LOCK_WAIT: std::time::Duration = std::time::Duration::from_secs(10);

const LOG_FILE: &str = "audit.jsonl";

/// Where a log stands, as it lies on the disk.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LogHead {
    /// Whose.
    pub log: Name,
    /// Number of entries.
    pub counter: u64,
    /// Hash of the last one.
    pub hash: Hash,
    /// The same in words.
    pub words: String,
    /// The writer's clock then.
    pub time: Time,
    /// What `audit verify --head` takes.
    pub head: String,
}

/// A bundle of a home.
pub struct Collected {
    /// The file's bytes.
    pub bytes: Vec<u8>,
    /// Logs whose last line is unfinished: a power cut left it, and nobody ever acted on it.
    pub torn: Vec<Name>,
    /// The home has no nodes of its own.
    pub no_nodes: bool,
}

/// Puts a bundle together.
pub fn collect(home: &Path, primes: &PrimeSource) -> Result<Collected, CeremonyError> {
    let file = HomeFile::read(home, primes)?;
    let _lock = lock(home)?;
    let genesis = genesis(home, &file)?;
    let versions = lines_of(&genesis)?;
    let (cards, aliases) = (documents(home, "keys", ".card.json")?, documents(home, "keys", ".alias.json")?);
    let (exports, receipts) = (exports(home)?, documents(home, "requests", ".receipt.json")?);
    let requests = documents(home, "requests", ".request.json")?;
    let mut bundle = Bundle {
        created_at: None,
        genesis: Lines::of(&versions),
        key_cards: Lines::of(&cards),
        alias_cards: Lines::of(&aliases),
        exports: Lines::of(&exports),
        receipts: Lines::of(&receipts),
        requests: Lines::of(&requests),
        logs: Vec::new(),
    };
    let mut logs = Vec::new();
    for (name, path) in logs_of(home, &genesis)? {
        match files::read_capped(&path, BUNDLE_CAP as u64) {
            Ok(bytes) => logs.push((name, bytes)),
            Err(FileError::NotFound(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    let mut torn = Vec::new();
    for (name, bytes) in &logs {
        if bytes.last().is_some_and(|last| *last != b'\n') {
            torn.push(name.clone());
        }
        bundle.logs.push(LogLines { name: name.clone(), lines: Lines::of(bytes) });
    }
    Ok(Collected { bytes: bundle.to_bytes(Time::now())?, torn, no_nodes: file.servers.is_empty() })
}

/// Judges a home as an outsider would.
pub fn verify_home(
    home: &Path,
    primes: &PrimeSource,
    outside: Outside,
) -> Result<(Report, Collected), CeremonyError> {
    let collected = collect(home, primes)?;
    let outside = Outside { no_nodes: collected.no_nodes, ..outside };
    let report = verify::verify(&Bundle::parse(&collected.bytes)?, &outside);
    Ok((report, collected))
}

/// Where the logs of a home stand.
pub fn heads(home: &Path, primes: &PrimeSource) -> Result<Vec<LogHead>, CeremonyError> {
    let file = HomeFile::read(home, primes)?;
    let _lock = lock(home)?;
    let mut heads = Vec::new();
    for (log, path) in logs_of(home, &genesis(home, &file)?)? {
        let Some(last) = log::last_entry(&path)? else { continue };
        let (counter, hash) = (last.entry.counter, Hash::of("audit-entry", &last.entry)?);
        let head = format!("{log}:{counter}:{hash}");
        heads.push(LogHead { log, counter, hash, words: hash.words(), time: last.entry.time, head });
    }
    Ok(heads)
}

/// Keeps other runs from writing meanwhile. Where this user cannot write, as on an auditor's copy, it goes without.
fn lock(home: &Path) -> Result<Option<HomeLock>, CeremonyError> {
    match HomeLock::acquire(home, LOCK_WAIT) {
        Ok(lock) => Ok(Some(lock)),
        Err(FileError::Io { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

type Genesis = Vec<crate::genesis::SignedGenesis>;

fn genesis(home: &Path, file: &HomeFile) -> Result<Genesis, CeremonyError> {
    Ok(read_chain(home, file)?.map(|pinned| pinned.signed).unwrap_or_default())
}

fn lines_of(genesis: &Genesis) -> Result<Vec<u8>, CeremonyError> {
    let mut lines = Vec::new();
    for version in genesis {
        push(&mut lines, &codec::canonical("genesis", version)?);
    }
    Ok(lines)
}

fn push(lines: &mut Vec<u8>, line: &[u8]) {
    lines.extend_from_slice(line);
    lines.push(b'\n');
}

/// The logs there may be: the workspace's, and one for every node that ever was in the set.
fn logs_of(home: &Path, genesis: &Genesis) -> Result<Vec<(Name, PathBuf)>, CeremonyError> {
    let mut names: Vec<&Name> = Vec::new();
    for node in genesis.iter().flat_map(|version| &version.genesis.nodes) {
        if !names.contains(&&node.name) {
            names.push(&node.name);
        }
    }
    let of_node = |name: &Name| (name.clone(), embedded::node_dir(home, name).join(LOG_FILE));
    let own = (super::workspace::workspace_name()?, home.join(WORKSPACE).join(LOG_FILE));
    Ok(std::iter::once(own).chain(names.into_iter().map(of_node)).collect())
}

/// Files of one sort, each one line.
fn documents(home: &Path, dir: &str, end: &str) -> Result<Vec<u8>, CeremonyError> {
    let dir = home.join(dir);
    let mut names: Vec<String> = files::file_names(&dir)?;
    names.retain(|name| name.ends_with(end) && !name.starts_with('.'));
    names.sort_unstable();
    let mut lines = Vec::new();
    for name in names {
        let path = dir.join(name);
        let bytes = files::read_capped(&path, JSON_CAP as u64)?;
        let line = bytes.strip_suffix(b"\n").unwrap_or(&bytes);
        if line.contains(&b'\n') {
            return Err(CeremonyError::Damaged(format!("{} is not one line", path.display())));
        }
        push(&mut lines, line);
    }
    Ok(lines)
}

fn exports(home: &Path) -> Result<Vec<u8>, CeremonyError> {
    let exports = Exports::of_home(home);
    let mut lines = Vec::new();
    for key_id in exports.keys()? {
        for export in exports.of_key(&key_id)? {
            push(&mut lines, &codec::canonical("export", &record(export))?);
        }
    }
    Ok(lines)
}

/// Without the path: where the operator keeps files is no concern of an auditor.
fn record(export: Export) -> ExportRecord {
    let file = export.file.as_ref();
    ExportRecord {
        version: 1,
        op_id: export.op_id,
        key_id: export.key_id,
        key_card_hash: export.key_card_hash,
        index: export.index,
        epoch: export.epoch,
        server: export.server.clone(),
        custodian: export.custodian.clone(),
        recipient: export.recipient,
        delete: export.delete,
        aux_only: export.aux_only,
        file_hash: file.map(|file| file.file_hash),
        share_blob_hash: file.and_then(|file| file.share_blob_hash),
        aux_blob_hash: file.and_then(|file| file.aux_blob_hash),
        receipt: export.receipt.clone(),
        released: export.released.clone(),
    }
}

impl From<BundleError> for CeremonyError {
    fn from(error: BundleError) -> Self {
        match error {
            BundleError::Codec(error) => error.into(),
            other => Self::Damaged(other.to_string()),
        }
    }
}
