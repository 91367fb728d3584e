//! `init`: a home with its seal, its nodes, and the rehearsal genesis they all signed.

use std::path::Path;

use rand_core::OsRng;
use serde::Serialize;

use super::{
    CeremonyError,
    workspace::{HomeFile, Workspace},
};
use crate::{
    audit::{Event, Note},
    codec,
    digest::Hash,
    genesis::{Mode, NODES},
    ids::{Name, Time},
    node::embedded,
    paillier::PrimeSource,
    store::{HomeLock, SealKind, SealSource, files, seal},
    wrap::passphrase::KdfCost,
};

/// What was made.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// Where.
    pub home: String,
    /// `rehearsal`, `production`, or `none` without nodes.
    pub mode: &'static str,
    /// The nodes' names.
    pub servers: Vec<Name>,
    /// The genesis they signed, and how to read it aloud.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub genesis_hash: Option<Hash>,
    /// Spoken words of the genesis.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub words: Option<String>,
    /// `passphrase`, or `key-file`: unprotected.
    pub seal: &'static str,
    /// Made with committed test primes.
    pub test: bool,
}

/// Makes a home. `servers` may be empty: a custodian's or auditor's home. In production its nodes await the genesis
/// that people adopt.
pub fn run(
    home: &Path,
    servers: &[Name],
    production: bool,
    source: &SealSource,
    cost: KdfCost,
    primes: &PrimeSource,
) -> Result<Report, CeremonyError> {
    check(servers, production, source).map_err(CeremonyError::Refused)?;
    files::create_dir_private(home)?;
    if !files::file_names(home)?.is_empty() {
        return Err(occupied(home));
    }
    let _lock = HomeLock::acquire(home, std::time::Duration::ZERO)?;
    let seal = seal::create_seal(home, source, cost, &mut OsRng)?;
    for dir in ["workspace", "nodes", "keys"] {
        files::create_dir_private(&home.join(dir))?;
    }
    let genesis = match servers {
        [] => None,
        _ if production => {
            for name in servers {
                embedded::create_one(home, name, &seal, primes.is_test(), Mode::Production)?;
            }
            None
        }
        _ => Some(embedded::create(home, servers, &seal, primes.is_test())?),
    };
    let hash = genesis.as_ref().map(|signed| signed.genesis.hash()).transpose()?;
    let mut note = Note::new(Event::Created);
    if let (Some(signed), Some(hash)) = (&genesis, &hash) {
        files::write_new(&home.join("genesis.json"), &codec::canonical("genesis", &[signed])?)?;
        note = note.with("genesis", hash);
    }
    Workspace::create_store(home, &seal, note)?;
    let file = HomeFile {
        version: 1,
        test: primes.is_test(),
        servers: servers.to_vec(),
        created_at: Time::now(),
        production,
    };
    files::write_new(&home.join("home.json"), &codec::canonical("home.json", &file)?)?;
    Ok(Report {
        home: home.display().to_string(),
        mode: match servers {
            [] => "none",
            _ if production => "production",
            _ => "rehearsal",
        },
        servers: servers.to_vec(),
        words: hash.map(|hash| hash.words()),
        genesis_hash: hash,
        seal: match seal::seal_kind(home)? {
            SealKind::KeyFile => "key-file",
            SealKind::Passphrase => "passphrase",
        },
        test: primes.is_test(),
    })
}

/// What no home may be made of.
fn check(servers: &[Name], production: bool, source: &SealSource) -> Result<(), String> {
    let count = servers.len();
    if count > 0 && !NODES.contains(&count) {
        return Err(format!("a node set has 2 to 16 servers; {count} were named"));
    }
    if production && (count == 0 || matches!(source, SealSource::KeyFile)) {
        return Err("a production set has nodes, and their stores are sealed by a passphrase".into());
    }
    if servers.iter().any(|name| name.as_str() == "workspace") {
        return Err("no server may be called 'workspace': its log is".into());
    }
    Ok(())
}

/// `home.json` is written last and `seal.json` first.
fn occupied(home: &Path) -> CeremonyError {
    let there = home.display().to_string();
    if home.join("home.json").exists() {
        CeremonyError::AlreadyThere(there)
    } else if home.join("seal.json").exists() || home.join("seal.key").exists() {
        CeremonyError::Unfinished(there)
    } else {
        CeremonyError::NotEmpty(there)
    }
}
