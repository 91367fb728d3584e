//! What a node gives to the device that recovers a key: its share, encrypted to the recipient of an approved request.

use serde::{Deserialize, Serialize};

use super::{
    OpenShare, Place, ShardError,
    file::{line_of, parse_line},
};
use crate::{
    digest::Hash,
    genesis::Chain,
    identity::PersonIdentity,
    ids::{Name, OpId},
    keyshare::{DirtyKeyCard, KeyCard},
};

/// A sealed share as it stands in its file (`.recovery.json`); nothing in it is believed yet.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct DirtyRecovery {
    /// Format version, 1.
    pub version: u32,
    /// Who sealed it.
    pub node: Name,
    /// Whose device combines.
    pub owner: Name,
    /// The index.
    pub index: u16,
    /// The recovery.
    pub op_id: OpId,
    /// Its request.
    pub request_hash: Hash,
    /// The key's card.
    pub key_card: DirtyKeyCard,
    /// An armored age file with the share and one wrap by the node, of the kind `recovery`.
    pub wrapped_key_share: String,
}

impl DirtyRecovery {
    /// Reads a file.
    pub fn parse(bytes: &[u8]) -> Result<Self, ShardError> {
        parse_line("recovery share", bytes)
    }

    /// The file's bytes.
    pub fn to_bytes(&self) -> Result<Vec<u8>, ShardError> {
        line_of("recovery share", self)
    }

    /// Checks what can be checked without an identity: the card under the chain, and the index.
    pub fn check(self, chain: &Chain) -> Result<RecoveryShare, ShardError> {
        let card = self.key_card.clone().check(chain)?;
        card.body().holder(self.index).ok_or(ShardError::Header("index"))?;
        Ok(RecoveryShare { card, dirty: self })
    }
}

/// A sealed share whose outside fits its key card. Only opening it tells whether the inside does.
#[derive(Clone, Debug)]
pub struct RecoveryShare {
    card: KeyCard,
    dirty: DirtyRecovery,
}

impl RecoveryShare {
    /// The key's card.
    pub fn card(&self) -> &KeyCard {
        &self.card
    }

    /// The outside.
    pub fn outside(&self) -> &DirtyRecovery {
        &self.dirty
    }

    /// SHA-256 of the encrypted share, as the receipt names it.
    pub fn share_hash(&self) -> Hash {
        Hash::plain(self.dirty.wrapped_key_share.as_bytes())
    }

    /// `<owner>-<keyId>-i<index>-e<epoch>-<first 16 hex of the file's SHA-256>.recovery.json`.
    pub fn file_name(&self) -> Result<String, ShardError> {
        let (dirty, body) = (&self.dirty, self.card.body());
        let hash = Hash::plain(&dirty.to_bytes()?).to_string();
        let short = hash.get(..16).unwrap_or_default();
        let (owner, key_id, index, epoch) = (&dirty.owner, body.key_id, dirty.index, body.epoch);
        Ok(format!("{owner}-{key_id}-i{index}-e{epoch}-{short}.recovery.json"))
    }

    /// Opens and checks what is inside, and that the outside says the same.
    pub fn open(&self, identity: &PersonIdentity, chain: &Chain) -> Result<OpenShare, ShardError> {
        let dirty = &self.dirty;
        let place = Place { chain, card: &self.card, index: dirty.index };
        let open = place.open_recovery(identity, &dirty.wrapped_key_share)?;
        let wrap = open.payload.last()?;
        let same = [
            ("node", wrap.signer == dirty.node),
            ("owner", wrap.holder == dirty.owner),
            ("opId", wrap.op_id == Some(dirty.op_id)),
            ("requestHash", wrap.request_hash == Some(dirty.request_hash)),
        ];
        match same.iter().find(|(_, same)| !same) {
            None => Ok(open),
            Some((field, _)) => Err(ShardError::Header(field)),
        }
    }
}
