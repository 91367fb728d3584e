//! The workspace's own account of exports: one file each, written before the node is asked, so that whatever
//! stopped half-way is found again.
//!
//! `exports/<keyId>/i<index>-<opId>.json`, canonical JSON.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::CeremonyError;
use crate::{
    codec::{self, JSON_CAP},
    digest::Hash,
    ids::{KeyId, Name, OpId},
    receipt::Receipt,
    statement::{Holding, Signed},
    store::files,
    wrap::recipient::Recipient,
};

/// The file that an export became.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ShardFile {
    /// Where it was written.
    pub path: PathBuf,
    /// SHA-256 of the file.
    pub file_hash: Hash,
    /// SHA-256 of the encrypted share.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub share_blob_hash: Option<Hash>,
    /// SHA-256 of the encrypted aux.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aux_blob_hash: Option<Hash>,
}

/// One export, as far as it has come.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Export {
    /// Format version, 1.
    pub version: u32,
    /// Which export of its key in this home, from 1: clocks are set back, and two fall into one second.
    pub number: u32,
    /// The operation.
    pub op_id: OpId,
    /// The key, by the id it was asked for.
    pub key_id: KeyId,
    /// Its card.
    pub key_card_hash: Hash,
    /// The index.
    pub index: u16,
    /// The epoch.
    pub epoch: u32,
    /// The node.
    pub server: Name,
    /// Whose it is to be.
    pub custodian: Name,
    /// What it is encrypted to.
    pub recipient: Recipient,
    /// The node deletes against a receipt.
    pub delete: bool,
    /// Aux without a share.
    pub aux_only: bool,
    /// The durable file, once there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<ShardFile>,
    /// The custodian's receipt, once the operator has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt: Option<Receipt>,
    /// What the node stated after it deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub released: Option<Signed<Holding>>,
}

/// How far an export has come.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Progress {
    /// The node was perhaps asked; there is no file.
    Begun,
    /// The file is durable; the node keeps its share, as asked.
    Copied,
    /// The file is durable; the node deletes against the custodian's receipt.
    Waiting,
    /// The receipt is here; the node has not been seen to delete.
    Receipted,
    /// The node has deleted.
    Released,
}

impl Export {
    /// Reads the canonical form, version 1 only.
    pub fn parse(bytes: &[u8]) -> Result<Self, CeremonyError> {
        let damaged = |e: codec::CodecError| CeremonyError::Damaged(e.to_string());
        let export: Self = codec::from_canonical("export", bytes, JSON_CAP).map_err(damaged)?;
        let receipt = export.receipt.as_ref().map(|receipt| receipt.receipt.version);
        let released = export.released.as_ref().map(|signed| signed.statement.version);
        match [Some(export.version), receipt, released].into_iter().flatten().find(|version| *version != 1) {
            None => Ok(export),
            Some(found) => Err(CeremonyError::Newer { found }),
        }
    }

    /// How far it has come.
    pub fn progress(&self) -> Progress {
        match (&self.file, &self.receipt, &self.released) {
            (_, _, Some(_)) => Progress::Released,
            (_, Some(_), None) => Progress::Receipted,
            (Some(_), None, None) if self.delete => Progress::Waiting,
            (Some(_), None, None) => Progress::Copied,
            (None, None, None) => Progress::Begun,
        }
    }

    /// Whether the file is where it was written, unchanged.
    pub fn file_is_there(&self) -> bool {
        let Some(file) = &self.file else { return false };
        files::read_capped(&file.path, crate::shard::FILE_CAP as u64)
            .is_ok_and(|bytes| Hash::plain(&bytes) == file.file_hash)
    }
}

/// The directory of exports.
pub struct Exports {
    dir: PathBuf,
}

impl Exports {
    pub(super) fn of_home(home: &Path) -> Self {
        Self { dir: home.join("exports") }
    }

    /// Writes a new or a further account of an export, durably.
    pub fn write(&self, export: &Export) -> Result<(), CeremonyError> {
        files::create_dir_private(&self.dir)?;
        files::create_dir_private(&self.of(&export.key_id))?;
        Ok(files::replace(&self.path(export), &codec::canonical("export", export)?)?)
    }

    /// Forgets an export of which nothing came.
    pub fn forget(&self, export: &Export) -> Result<(), CeremonyError> {
        Ok(files::remove_file(&self.path(export))?)
    }

    /// All exports of a key, oldest first; the time does not depend on how many keys there are.
    pub fn of_key(&self, key_id: &KeyId) -> Result<Vec<Export>, CeremonyError> {
        let dir = self.of(key_id);
        let mut exports = Vec::new();
        for name in files::file_names(&dir)? {
            if !name.ends_with(".json") {
                continue;
            }
            let path = dir.join(&name);
            let export = Export::parse(&files::read_capped(&path, JSON_CAP as u64)?);
            exports.push(export.map_err(|error| match error {
                CeremonyError::Damaged(what) => CeremonyError::Damaged(format!("{}: {what}", path.display())),
                other => other,
            })?);
        }
        exports.sort_by_key(|export| export.number);
        Ok(exports)
    }

    /// The number of the next export of a key.
    pub fn next_number(&self, key_id: &KeyId) -> Result<u32, CeremonyError> {
        Ok(self.of_key(key_id)?.last().map_or(1, |last| last.number.saturating_add(1)))
    }

    /// Ids of all keys that were exported, ascending.
    pub(super) fn keys(&self) -> Result<Vec<KeyId>, CeremonyError> {
        let mut ids: Vec<KeyId> =
            files::file_names(&self.dir)?.iter().filter_map(|name| name.parse().ok()).collect();
        ids.sort_unstable();
        Ok(ids)
    }

    fn of(&self, key_id: &KeyId) -> PathBuf {
        self.dir.join(key_id.to_string())
    }

    fn path(&self, export: &Export) -> PathBuf {
        self.of(&export.key_id).join(format!("i{}-{}.json", export.index, export.op_id))
    }
}
