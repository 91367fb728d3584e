//! The keys a workspace knows: one key card per file, and an intent beside it while a generation runs.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::CeremonyError;
use crate::{
    audit::SignedEntry,
    codec::{self, Hex, JSON_CAP},
    curve::Curve,
    genesis::Chain,
    ids::{KeyId, Label, Name, OpId, Reason, Time},
    keyshare::{DirtyAlias, DirtyKeyCard, KeyCard},
    recovery::ExposureNotice,
    store::{FileError, files},
};

/// What was asked for, written before the nodes are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Pending {
    /// Format version, 1.
    pub version: u32,
    /// The key.
    pub key_id: KeyId,
    /// Its curve.
    pub curve: Curve,
    /// Its threshold.
    pub threshold: u16,
    /// Its servers.
    pub servers: Vec<Name>,
    /// Its label.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<Label>,
    /// The operation.
    pub op_id: OpId,
    /// When.
    pub created_at: Time,
}

impl Pending {
    /// Reads the canonical form, version 1 only.
    pub fn parse(bytes: &[u8]) -> Result<Self, CeremonyError> {
        let damaged = |e: codec::CodecError| CeremonyError::Damaged(e.to_string());
        let pending: Self = codec::from_canonical("pending key", bytes, JSON_CAP).map_err(damaged)?;
        match pending.version {
            1 => Ok(pending),
            found => Err(CeremonyError::Newer { found }),
        }
    }
}

/// An alias card and the key card that it is for.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Aliased {
    version: u32,
    key_card: DirtyKeyCard,
    alias_card: DirtyAlias,
}

/// What a workspace knows of a key that was whole somewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Exposed {
    /// Format version, 1.
    pub version: u32,
    /// The point.
    pub group_public_key: Hex,
    /// The key, by the id in its card.
    pub key_id: KeyId,
    /// The recovery.
    pub op_id: OpId,
    /// Why.
    pub reason: Reason,
    /// When.
    pub exposed_at: Time,
    /// What convinces servers of it, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice: Option<ExposureNotice>,
    /// The word of a server that it began to seal its share, where servers gave them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry: Option<SignedEntry>,
}

impl Exposed {
    /// A notice shows more than an entry, and that more than nothing.
    fn shows(&self) -> (bool, bool) {
        (self.notice.is_some(), self.entry.is_some())
    }

    /// Reads the canonical form, version 1 only.
    pub fn parse(bytes: &[u8]) -> Result<Self, CeremonyError> {
        let damaged = |e: codec::CodecError| CeremonyError::Damaged(e.to_string());
        let exposed: Self = codec::from_canonical("exposed key", bytes, JSON_CAP).map_err(damaged)?;
        let notice = exposed.notice.as_ref().map(|notice| notice.notice.version);
        match [Some(exposed.version), notice].into_iter().flatten().find(|version| *version != 1) {
            None => Ok(exposed),
            Some(found) => Err(CeremonyError::Newer { found }),
        }
    }
}

/// A key of this workspace.
#[derive(Clone, Debug)]
pub enum Known {
    /// Active: there is a complete card.
    Card(Box<KeyCard>),
    /// A generation began and did not finish.
    Pending(Pending),
}

/// The directory of key cards.
pub struct Inventory {
    dir: PathBuf,
}

impl Inventory {
    pub(super) fn of(home: &Path) -> Self {
        Self { dir: home.join("keys") }
    }

    /// Writes an intent.
    pub fn begin(&self, pending: &Pending) -> Result<(), CeremonyError> {
        files::create_dir_private(&self.dir)?;
        let bytes = codec::canonical("pending key", pending)?;
        Ok(files::write_new(&self.pending_path(&pending.key_id), &bytes)?)
    }

    /// Writes the card, a second copy where one is wanted, and only then removes the intent.
    pub fn complete(&self, card: &KeyCard, backup: Option<&Path>) -> Result<(), CeremonyError> {
        files::create_dir_private(&self.dir)?;
        let bytes = codec::canonical("key card", card)?;
        let key_id = card.body().key_id;
        files::write_new(&self.card_path(&key_id), &bytes)?;
        if let Some(backup) = backup {
            files::create_dir_private(backup)?;
            files::write_new(&backup.join(format!("{key_id}.card.json")), &bytes)?;
        }
        Ok(files::remove_file(&self.pending_path(&key_id))?)
    }

    /// Writes the card of a key again, from a shard; whether it was there. A different one is never replaced.
    pub fn restore(&self, card: &KeyCard) -> Result<bool, CeremonyError> {
        let key_id = card.body().key_id;
        let there = self.card_path(&key_id).exists();
        match self.complete(card, None) {
            Err(CeremonyError::File(FileError::Exists(_))) => Err(CeremonyError::OtherKeyCard(key_id)),
            other => other.map(|()| there),
        }
    }

    /// Removes the intent of an abandoned key.
    pub fn forget(&self, key_id: &KeyId) -> Result<(), CeremonyError> {
        Ok(files::remove_file(&self.pending_path(key_id))?)
    }

    /// One key, by its id; the time does not depend on how many there are.
    pub fn find(&self, key_id: &KeyId, chain: &Chain) -> Result<Known, CeremonyError> {
        match files::read_capped(&self.card_path(key_id), JSON_CAP as u64) {
            Ok(bytes) => {
                let damaged = |e: &dyn std::fmt::Display| {
                    CeremonyError::Damaged(format!("{}: {e}", self.card_path(key_id).display()))
                };
                let card: DirtyKeyCard =
                    codec::from_canonical("key card", &bytes, JSON_CAP).map_err(|e| damaged(&e))?;
                let card = card.check(chain).map_err(|e| damaged(&e))?;
                if card.body().key_id != *key_id {
                    return Err(damaged(&"the card in it is another key's"));
                }
                Ok(Known::Card(Box::new(card)))
            }
            Err(FileError::NotFound(_)) => {
                if let Some((card, _)) = self.aliased(key_id, chain)? {
                    return Ok(Known::Card(Box::new(card)));
                }
                match files::read_capped(&self.pending_path(key_id), JSON_CAP as u64) {
                    Ok(bytes) => Ok(Known::Pending(Pending::parse(&bytes)?)),
                    Err(FileError::NotFound(_)) => Err(CeremonyError::UnknownKey(*key_id)),
                    Err(error) => Err(error.into()),
                }
            }
            Err(error) => Err(error.into()),
        }
    }

    /// The card of an active key.
    pub fn card(&self, key_id: &KeyId, chain: &Chain) -> Result<KeyCard, CeremonyError> {
        match self.find(key_id, chain)? {
            Known::Card(card) => Ok(*card),
            Known::Pending(_) => Err(CeremonyError::Incomplete {
                key_id: *key_id,
                reason: "its generation did not finish".into(),
            }),
        }
    }

    /// The alias card of an id that is an alias.
    pub fn alias(&self, key_id: &KeyId, chain: &Chain) -> Result<Option<DirtyAlias>, CeremonyError> {
        Ok(self.aliased(key_id, chain)?.map(|(_, alias)| alias))
    }

    /// Keeps an alias card beside the card that it is for.
    pub fn add_alias(&self, card: &KeyCard, alias: &DirtyAlias) -> Result<(), CeremonyError> {
        files::create_dir_private(&self.dir)?;
        let named = Aliased { version: 1, key_card: card.dirty().clone(), alias_card: alias.clone() };
        let bytes = codec::canonical("alias", &named)?;
        Ok(files::write_new(&self.alias_path(&alias.alias.new_key_id), &bytes)?)
    }

    fn aliased(&self, key_id: &KeyId, chain: &Chain) -> Result<Option<(KeyCard, DirtyAlias)>, CeremonyError> {
        let path = self.alias_path(key_id);
        let bytes = match files::read_capped(&path, JSON_CAP as u64) {
            Err(FileError::NotFound(_)) => return Ok(None),
            other => other?,
        };
        let damaged = |e: &dyn std::fmt::Display| CeremonyError::Damaged(format!("{}: {e}", path.display()));
        let named: Aliased = codec::from_canonical("alias", &bytes, JSON_CAP).map_err(|e| damaged(&e))?;
        if named.version != 1 {
            return Err(CeremonyError::Newer { found: named.version });
        }
        let card = named.key_card.check(chain).map_err(|e| damaged(&e))?;
        named.alias_card.check(chain, &card).map_err(|e| damaged(&e))?;
        if named.alias_card.alias.new_key_id != *key_id {
            return Err(damaged(&"the alias in it is another key's"));
        }
        Ok(Some((card, named.alias_card)))
    }

    /// Remembers that a key was whole somewhere. What was known first stands, unless this one shows more.
    pub fn expose(&self, exposed: &Exposed) -> Result<(), CeremonyError> {
        match self.exposed(&exposed.group_public_key)? {
            Some(known) if known.shows() >= exposed.shows() => return Ok(()),
            _ => files::create_dir_private(&self.dir)?,
        }
        let bytes = codec::canonical("exposed key", exposed)?;
        Ok(files::replace(&self.exposed_path(&exposed.group_public_key), &bytes)?)
    }

    /// Whether a point is known to be exposed, under whatever id.
    pub fn exposed(&self, group_public_key: &Hex) -> Result<Option<Exposed>, CeremonyError> {
        match files::read_capped(&self.exposed_path(group_public_key), JSON_CAP as u64) {
            Err(FileError::NotFound(_)) => Ok(None),
            other => Exposed::parse(&other?).map(Some),
        }
    }

    /// All key ids, ascending.
    pub fn ids(&self) -> Result<Vec<KeyId>, CeremonyError> {
        let mut ids: Vec<KeyId> = files::file_names(&self.dir)?
            .iter()
            .filter_map(|name| {
                let ends = [".card.json", ".pending.json", ".alias.json"];
                ends.iter().find_map(|end| name.strip_suffix(end))
            })
            .filter_map(|id| id.parse().ok())
            .collect();
        ids.sort_unstable();
        ids.dedup();
        Ok(ids)
    }

    fn card_path(&self, key_id: &KeyId) -> PathBuf {
        self.dir.join(format!("{key_id}.card.json"))
    }

    fn alias_path(&self, key_id: &KeyId) -> PathBuf {
        self.dir.join(format!("{key_id}.alias.json"))
    }

    fn exposed_path(&self, group_public_key: &Hex) -> PathBuf {
        self.dir.join(format!("{group_public_key}.exposed.json"))
    }

    fn pending_path(&self, key_id: &KeyId) -> PathBuf {
        self.dir.join(format!("{key_id}.pending.json"))
    }
}
