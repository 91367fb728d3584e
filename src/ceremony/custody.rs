//! What a custodian does with shards on a machine without nodes: takes them in, wraps them again, destroys those
//! that were replaced, and says what there is.

use std::path::{Path, PathBuf};

use super::{CeremonyError, workspace::Workspace};
use crate::{
    audit::{Event, Note},
    genesis::Chain,
    identity::PersonIdentity,
    shard::{DirtyShard, FILE_CAP, OpenShard, Shard, ShardError},
    store::files,
};

pub mod list;
pub mod receive;
pub mod retire;
pub mod rewrap;
pub mod transfers;

/// A shard as it was found in a file. Form, key card, chain and name fit; only opening it tells the rest.
#[derive(Clone, Debug)]
pub struct ShardFile {
    /// Where.
    pub path: PathBuf,
    /// What.
    pub shard: Shard,
}

impl ShardFile {
    /// Reads a file and checks what can be checked without an identity.
    pub fn read(path: &Path, chain: &Chain) -> Result<Self, CeremonyError> {
        let bytes = files::read_capped(path, FILE_CAP as u64)?;
        let refused = refused(path);
        let shard = parse(&bytes, chain).map_err(&refused)?;
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        shard.check_file_name(name).map_err(&refused)?;
        Ok(Self { path: path.to_owned(), shard })
    }

    /// Opens it and checks everything.
    pub fn open(&self, identity: &PersonIdentity, chain: &Chain) -> Result<OpenShard, CeremonyError> {
        self.shard.open(identity, chain).map_err(refused(&self.path))
    }

    /// Its last part carries `.old`: it was replaced.
    pub fn is_old(&self) -> bool {
        is_old(&self.path)
    }
}

/// Reads a shard and checks what can be checked without an identity.
pub fn parse(bytes: &[u8], chain: &Chain) -> Result<Shard, ShardError> {
    DirtyShard::parse(bytes)?.check(chain)
}

/// The shard files in a directory, by name: `*.shard.json` and `*.aux.json`, and with `old` those that end
/// `.old`, too. A path that is no directory is itself.
pub fn shard_files(place: &Path, old: bool) -> Result<Vec<PathBuf>, CeremonyError> {
    if !place.is_dir() {
        return Ok(vec![place.to_owned()]);
    }
    let is_shard = |name: &String| {
        let stem = if old { name.strip_suffix(".old").unwrap_or(name) } else { name };
        !name.starts_with('.') && (stem.ends_with(".shard.json") || stem.ends_with(".aux.json"))
    };
    let mut names = files::file_names(place)?;
    names.retain(is_shard);
    names.sort();
    Ok(names.into_iter().map(|name| place.join(name)).collect())
}

/// A log entry about a shard.
fn note_of(event: Event, shard: &Shard) -> Note {
    let header = shard.header();
    let mut note = Note::new(event)
        .with("index", header.index)
        .with("epoch", shard.card().body().epoch)
        .with("holder", &header.custodian)
        .with("sha256", shard.file_hash());
    note.key_id = Some(shard.key_id());
    note
}

/// Puts an entry into the workspace's log before anything that cannot be undone is done (R50).
fn log(workspace: &mut Workspace, event: Event, shard: &Shard) -> Result<(), CeremonyError> {
    workspace.note(note_of(event, shard))
}

fn is_old(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "old")
}

fn refused(path: &Path) -> impl Fn(ShardError) -> CeremonyError + use<> {
    let file = path.display().to_string();
    move |source| CeremonyError::ShardFile { file: file.clone(), source: Box::new(source) }
}
