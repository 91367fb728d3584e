//! `genesis.json`: the chain that a home has pinned.

use std::path::Path;

use super::HomeFile;
use crate::{
    audit::{Event, Note},
    ceremony::CeremonyError,
    codec::{self, JSON_CAP},
    genesis::{Chain, GenesisError, Mode, SignedGenesis},
    ids::Name,
    store::files,
};

/// A chain that was checked, with the form in which it travels.
pub(in crate::ceremony) struct Pinned {
    pub(super) chain: Chain,
    pub(in crate::ceremony) signed: Vec<SignedGenesis>,
    pub(super) servers: Vec<Name>,
}

impl Pinned {
    pub(super) fn check(signed: Vec<SignedGenesis>) -> Result<Self, GenesisError> {
        let chain = Chain::check(&signed)?;
        let servers = chain.current().nodes.iter().map(|node| node.name.clone()).collect();
        Ok(Self { chain, signed, servers })
    }

    pub(super) fn write(&self, home: &Path) -> Result<(), CeremonyError> {
        Ok(files::replace(&home.join("genesis.json"), &codec::canonical("genesis", &self.signed)?)?)
    }
}

pub(super) fn adopted(chain: &Chain) -> Result<Note, CeremonyError> {
    let genesis = chain.current();
    Ok(Note::new(Event::GenesisAdopted)
        .with("genesis", chain.current_hash())
        .with("sequence", genesis.sequence)
        .with("mode", genesis.mode.name()))
}

/// The pinned chain. `home.json` names the servers of its first version; which ones there are now, the chain
/// alone tells, so that nothing else has to follow when a node is replaced.
pub(in crate::ceremony) fn read_chain(home: &Path, file: &HomeFile) -> Result<Option<Pinned>, CeremonyError> {
    let path = home.join("genesis.json");
    let bytes = match files::read_capped(&path, 16 * JSON_CAP as u64) {
        Err(files::FileError::NotFound(_)) if file.servers.is_empty() || file.production => return Ok(None),
        Err(files::FileError::NotFound(_)) => {
            return Err(CeremonyError::Damaged(format!("{} is missing", path.display())));
        }
        other => other?,
    };
    let signed: Vec<SignedGenesis> = codec::from_canonical("genesis.json", &bytes, 16 * JSON_CAP)
        .map_err(|e| CeremonyError::Damaged(e.to_string()))?;
    let damaged = |e: &dyn std::fmt::Display| CeremonyError::Damaged(format!("{}: {e}", path.display()));
    let pinned = Pinned::check(signed).map_err(|e| damaged(&e))?;
    let first: Vec<&Name> =
        pinned.chain.versions().take(1).flat_map(|v| &v.nodes).map(|node| &node.name).collect();
    // A home without nodes may have pinned those of another one.
    let mode = if file.production { Mode::Production } else { Mode::Rehearsal };
    if !file.servers.is_empty() && pinned.chain.current().mode != mode {
        return Err(damaged(&"home.json was made for another mode"));
    }
    let same = file.servers.is_empty()
        || first.len() == file.servers.len() && file.servers.iter().all(|name| first.contains(&name));
    if same { Ok(Some(pinned)) } else { Err(damaged(&"home.json names other servers")) }
}
