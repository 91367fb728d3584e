//! What custodians send to nodes: imports, which stay, and grants, which one operation uses up.

use serde::{Deserialize, Serialize};

use super::{
    FILE_CAP, Parcel, ShardError,
    file::{line_of, parse_line},
};
use crate::{
    digest::Hash,
    ids::{KeyId, Name, OpId},
    keyshare::{DirtyAlias, DirtyKeyCard},
    request::Approval,
};

/// A share that is to stay on a node, as it stands in its file (`.import.json`).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct DirtyImport {
    /// Format version, 1.
    pub version: u32,
    /// Who sends it.
    pub custodian: Name,
    /// For which node.
    pub node: Name,
    /// The index.
    pub index: u16,
    /// The key's card, for a node that does not know the key.
    pub key_card: DirtyKeyCard,
    /// The other name of the key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alias_card: Option<DirtyAlias>,
    /// The share, and aux if there is any.
    pub parcel: Parcel,
}

/// An import whose form was checked; only the node can tell more.
pub type Import = Box<DirtyImport>;

impl DirtyImport {
    /// Reads a file.
    pub fn parse(bytes: &[u8]) -> Result<Self, ShardError> {
        let import: Self = parse_line("import", bytes)?;
        import.check()?;
        Ok(import)
    }

    /// The file's bytes.
    pub fn to_bytes(&self) -> Result<Vec<u8>, ShardError> {
        line_of("import", self)
    }

    /// It carries a share; aux comes with its table.
    pub fn check(&self) -> Result<(), ShardError> {
        if self.parcel.wrapped_key_share.is_none() {
            return Err(ShardError::Empty);
        }
        self.parcel.check()
    }

    /// The id that the key goes by.
    pub fn key_id(&self) -> KeyId {
        self.alias_card.as_ref().map_or(self.key_card.card.key_id, |alias| alias.alias.new_key_id)
    }
}

/// A share for one operation of one node, as it stands in its file (`.grant.json`). It holds no key card: the
/// node has it, by its hash.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct DirtyGrant {
    /// Format version, 1.
    pub version: u32,
    /// Who grants.
    pub custodian: Name,
    /// To which node.
    pub node: Name,
    /// The index.
    pub index: u16,
    /// The key's card.
    pub key_card_hash: Hash,
    /// The operation.
    pub op_id: OpId,
    /// Which of its attempts the one-time recipient was made for.
    pub attempt: u16,
    /// The custodian's agreement to the request.
    pub approval: Approval,
    /// The share, and aux if there is any.
    pub parcel: Parcel,
}

/// A grant whose form was checked.
pub type Grant = Box<DirtyGrant>;

impl DirtyGrant {
    /// Reads a file.
    pub fn parse(bytes: &[u8]) -> Result<Self, ShardError> {
        let grant: Self = parse_line("grant", bytes)?;
        grant.check()?;
        Ok(grant)
    }

    /// The file's bytes.
    pub fn to_bytes(&self) -> Result<Vec<u8>, ShardError> {
        line_of("grant", self)
    }

    /// It carries a share; aux comes with its table.
    pub fn check(&self) -> Result<(), ShardError> {
        if self.parcel.wrapped_key_share.is_none() {
            return Err(ShardError::Empty);
        }
        let long = |blob: &Option<String>| blob.as_ref().is_some_and(|blob| blob.len() > FILE_CAP);
        if long(&self.parcel.wrapped_key_share) || long(&self.parcel.wrapped_aux) {
            return Err(ShardError::Payload("it is too long"));
        }
        self.parcel.check()
    }
}
