//! What a node knows of keys: entries by id, and records by group public key that outlive every share.

use serde::{Deserialize, Serialize};

use crate::{
    codec::{self, CodecError, Hex, JSON_CAP},
    curve::Curve,
    ids::{KeyId, Name, OpId, Time},
    keyshare::{DirtyAlias, DirtyKeyCard, KeyCard, KeyCardBody},
    protocol::Evidence,
    store::{Batch, NodeStore, StoreError, Table},
};

/// Most ids of one key.
const KEY_IDS_CAP: usize = 64;

/// How far a key is on this node.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum KeyState {
    /// The share is durable; the key card is not complete. It does not sign.
    Pending,
    /// The node holds the complete card.
    Active,
}

/// One key on one node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct KeyEntry {
    /// Format version, 1.
    pub version: u32,
    /// Pending or active.
    pub state: KeyState,
    /// The card; its signatures and proof are empty while the key is pending.
    pub card: DirtyKeyCard,
    /// The other name of the key under which it stands here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alias: Option<DirtyAlias>,
    /// The index this node holds.
    pub index: u16,
    /// The operation that made it.
    pub op_id: OpId,
    /// When the share became durable here.
    pub created_at: Time,
    /// Aux in use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aux_id: Option<OpId>,
    /// Aux whose table is not signed by all yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pending_aux_id: Option<OpId>,
}

impl KeyEntry {
    /// The entry of a key that was made elsewhere and comes with its complete card.
    pub fn active(
        card: &KeyCard,
        alias: Option<DirtyAlias>,
        index: u16,
        op_id: OpId,
        created_at: Time,
    ) -> Self {
        Self {
            version: 1,
            state: KeyState::Active,
            card: card.dirty().clone(),
            alias,
            index,
            op_id,
            created_at,
            aux_id: None,
            pending_aux_id: None,
        }
    }

    /// The id that it stands under.
    pub fn key_id(&self) -> KeyId {
        self.alias.as_ref().map_or(self.card.card.key_id, |alias| alias.alias.new_key_id)
    }

    /// The signed part of the card.
    pub fn card(&self) -> &KeyCardBody {
        &self.card.card
    }
}

/// A culprit that this node will not run protocols with, for one key and epoch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Lock {
    /// The epoch.
    pub epoch: u32,
    /// Who misbehaved.
    pub culprit: Name,
    /// What it did.
    pub reason: String,
    /// In which operation.
    pub op_id: OpId,
    /// When.
    pub time: Time,
    /// What convinces others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Evidence>,
}

/// What a node keeps of a group public key for good.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct KeyRecord {
    /// Format version, 1.
    pub version: u32,
    /// The point.
    pub group_public_key: Hex,
    /// The curve it was made for.
    pub curve: Curve,
    /// Every id it went by.
    pub key_ids: Vec<KeyId>,
    /// Every index this node ever held of it.
    pub indices: Vec<u16>,
    /// Shares of earlier epochs are refused.
    pub epoch_floor: u32,
    /// Whom not to work with.
    pub locks: Vec<Lock>,
    /// With whom, in which epoch, the quorum had this node work again: evidence from outside locks them no more.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lifted: Vec<(Name, u32)>,
    /// The private key was recovered somewhere; it signs no more.
    pub exposed: bool,
    /// Abandoned or retired; no share of it is taken again.
    pub retired: bool,
}

impl KeyRecord {
    /// The record of a new key.
    pub fn new(card: &KeyCardBody, index: u16) -> Self {
        Self {
            version: 1,
            group_public_key: card.group_public_key.clone(),
            curve: card.curve,
            key_ids: vec![card.key_id],
            indices: vec![index],
            epoch_floor: card.epoch,
            locks: Vec::new(),
            lifted: Vec::new(),
            exposed: false,
            retired: false,
        }
    }

    /// Adds an id under which the key goes.
    pub fn add_id(&mut self, key_id: KeyId) -> Result<(), BookError> {
        if !self.key_ids.contains(&key_id) {
            if self.key_ids.len() >= KEY_IDS_CAP {
                return Err(BookError::Ids);
            }
            self.key_ids.push(key_id);
        }
        Ok(())
    }

    /// Works with `name` again.
    pub fn lift(&mut self, name: &Name, epoch: u32) {
        self.locks.retain(|lock| lock.culprit != *name);
        let lifted = (name.clone(), epoch);
        if !self.lifted.contains(&lifted) {
            self.lifted.push(lifted);
        }
    }

    /// The lock that stands against working with `name`.
    pub fn lock_on(&self, name: &Name, epoch: u32) -> Option<&Lock> {
        self.locks.iter().find(|lock| lock.culprit == *name && lock.epoch == epoch)
    }
}

/// Why the book gave or took nothing.
#[derive(Debug, thiserror::Error)]
pub enum BookError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("a stored record is damaged: {0}")]
    Codec(#[from] CodecError),
    #[error("a key goes by at most {KEY_IDS_CAP} ids")]
    Ids,
    #[error("a record of {0} bytes could not be read back, and is not written")]
    TooLong(usize),
}

/// Reads an entry.
pub(super) fn entry(store: &NodeStore, key_id: &KeyId) -> Result<Option<KeyEntry>, BookError> {
    let bytes = store.get(Table::Keys, key_id.as_bytes())?;
    Ok(bytes.map(|bytes| codec::from_json("key entry", &bytes, JSON_CAP)).transpose()?)
}

/// Entries after a key id.
pub(super) fn entries(
    store: &NodeStore,
    after: Option<&KeyId>,
    limit: usize,
) -> Result<Vec<KeyEntry>, BookError> {
    let after = after.map(|id| id.as_bytes().as_slice());
    let page = store.page(Table::Keys, after, limit)?;
    let read = |(_, bytes): (Vec<u8>, Vec<u8>)| codec::from_json("key entry", &bytes, JSON_CAP);
    Ok(page.into_iter().map(read).collect::<Result<_, _>>()?)
}

/// Puts an entry into a batch.
pub(super) fn put_entry(batch: &mut Batch, entry: &KeyEntry) -> Result<(), BookError> {
    batch.put(Table::Keys, entry.key_id().as_bytes(), codec::canonical("key entry", entry)?);
    Ok(())
}

/// Reads the record of a group public key.
pub(super) fn record(store: &NodeStore, group: &[u8]) -> Result<Option<KeyRecord>, BookError> {
    let bytes = store.get(Table::KeyRecords, group)?;
    bytes.map(|bytes| read_record(&bytes)).transpose()
}

/// Reads a record's bytes.
pub(super) fn read_record(bytes: &[u8]) -> Result<KeyRecord, BookError> {
    Ok(codec::from_json("key record", bytes, JSON_CAP)?)
}

/// Puts a record into a batch.
pub(super) fn put_record(batch: &mut Batch, record: &KeyRecord) -> Result<(), BookError> {
    let bytes = codec::canonical("key record", record)?;
    if bytes.len() > JSON_CAP {
        return Err(BookError::TooLong(bytes.len()));
    }
    batch.put(Table::KeyRecords, &record.group_public_key, bytes);
    Ok(())
}

/// Id of a share's blob: key id and epoch.
pub(super) fn share_blob(key_id: &KeyId, epoch: u32) -> Vec<u8> {
    [key_id.as_bytes().as_slice(), &epoch.to_be_bytes()].concat()
}

/// What the ids of a key's shares, aux and one-time identities begin with.
pub(super) fn key_prefix(key_id: &KeyId) -> &[u8] {
    key_id.as_bytes()
}

/// The key id that the ids of shares, aux and one-time identities begin with.
pub(super) fn key_of_blob(id: &[u8]) -> Option<KeyId> {
    KeyId::from_bytes(*id.first_chunk::<16>()?)
}

/// Id of a one-time identity: key id and op-id.
pub(super) fn one_time_blob(key_id: &KeyId, op_id: &OpId) -> Vec<u8> {
    [key_id.as_bytes().as_slice(), &op_id.0].concat()
}

/// Id of an aux blob and of its table: key id and aux id.
pub(super) fn aux_blob(key_id: &KeyId, aux_id: &OpId) -> Vec<u8> {
    [key_id.as_bytes().as_slice(), &aux_id.0].concat()
}
