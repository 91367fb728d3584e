//! A key this node may work with: its entry, record, share and aux, each checked when it is read.

use super::{
    FailureKind, Machine, NodeError, keybook,
    keybook::{KeyEntry, KeyRecord, KeyState},
};
use crate::{
    codec::{self, JSON_CAP},
    digest::Hash,
    ids::Name,
    keyshare::{KeyCardBody, KeyShare, ShareCore},
    paillier::{AuxShare, AuxTable},
    store::{BlobKind, Table},
};

/// A key this node may work with: its entry, its record and its share.
pub(super) struct Held {
    pub(super) entry: KeyEntry,
    pub(super) record: KeyRecord,
    pub(super) share: KeyShare,
}

impl Held {
    pub(super) fn check_peers(&self, node: &Name, indices: &[u16]) -> Result<(), NodeError> {
        let card = self.entry.card();
        check_record(&self.record, node, &card.roster, card.epoch, indices)
    }
}

/// Refuses an exposed or retired key, and peers that this node has locked out of it.
pub(super) fn check_record(
    record: &KeyRecord,
    node: &Name,
    roster: &[Name],
    epoch: u32,
    indices: &[u16],
) -> Result<(), NodeError> {
    if record.exposed || record.retired {
        return Err(NodeError::new(FailureKind::Denied, "the key is exposed or retired and signs no more"));
    }
    for index in indices {
        let name = usize::from(*index).checked_sub(1).and_then(|at| roster.get(at));
        let name = name.ok_or_else(|| fixable(format!("no server has index {index}")))?;
        if let Some(lock) = record.lock_on(name, epoch) {
            let message = format!(
                "{node} does not work with {name} on this key: on {} it misbehaved ({})",
                lock.time, lock.reason
            );
            return Err(NodeError::new(FailureKind::Denied, message));
        }
    }
    Ok(())
}

impl Machine {
    /// An active key with its share, for work with the given indices.
    pub(super) fn usable(
        &self,
        key_id: crate::ids::KeyId,
        card_hash: Option<Hash>,
        indices: &[u16],
    ) -> Result<Held, NodeError> {
        let held = self.held(key_id, card_hash)?;
        if held.entry.state != KeyState::Active {
            let message =
                format!("key {key_id} is not active on {} yet: its generation never finished", self.name);
            return Err(fixable(message));
        }
        held.entry.card.clone().check(&self.chain)?;
        held.check_peers(&self.name, indices)?;
        Ok(held)
    }

    pub(super) fn held(&self, key_id: crate::ids::KeyId, card_hash: Option<Hash>) -> Result<Held, NodeError> {
        let unknown = || fixable(format!("{} does not know key {key_id}", self.name));
        let entry = keybook::entry(&self.store, &key_id)?.ok_or_else(unknown)?;
        let card = entry.card();
        if card_hash != Some(card.hash()?) {
            return Err(NodeError::new(
                FailureKind::Integrity,
                "the request is for another card of this key",
            ));
        }
        let damaged =
            |what: &str| NodeError::new(FailureKind::Integrity, format!("{} lost {what}", self.name));
        let record = keybook::record(&self.store, &card.group_public_key)?;
        let record = record.ok_or_else(|| damaged("the record of the key"))?;
        let blob = self.store.open_blob(BlobKind::Share, &keybook::share_blob(&key_id, card.epoch))?;
        let blob = blob.ok_or_else(|| fixable(format!("{} holds no share of key {key_id}", self.name)))?;
        let share = ShareCore::from_bytes(blob).check(card, &self.card.card.signing_key)?;
        Ok(Held { entry, record, share })
    }

    /// The aux in use, checked against the table that all holders signed, for a signer set.
    pub(super) fn aux(&self, entry: &KeyEntry, signers: &[u16]) -> Result<AuxShare, NodeError> {
        let key_id = entry.card().key_id;
        let missing = || {
            fixable(format!(
                "key {key_id} has no aux on {} yet; run: quorate aux renew --key {key_id}",
                self.name
            ))
        };
        let aux_id = entry.aux_id.ok_or_else(missing)?;
        let id = keybook::aux_blob(&key_id, &aux_id);
        let table = self.store.get(Table::Aux, &id)?.ok_or_else(missing)?;
        let table: AuxTable = codec::from_json("aux table", &table, JSON_CAP)?;
        let key_of = |index| {
            let node = self.chain.current().node(entry.card().holder(index)?)?;
            Some(node.card.signing_key)
        };
        table.check(key_of)?;
        if let Some(index) = signers.iter().find(|index| table.table.row(**index).is_err()) {
            let message = format!(
                "the aux of key {key_id} was made without index {index}; run: quorate aux renew --key {key_id}"
            );
            return Err(fixable(message));
        }
        let core = self.store.open_blob(BlobKind::Aux, &id)?.ok_or_else(missing)?;
        Ok(AuxShare::read(&core, &table.table, &self.card.card.signing_key)?)
    }

    pub(super) fn index_in(&self, card: &KeyCardBody, participants: &[u16]) -> Result<u16, NodeError> {
        let index = card.index_of(&self.name).filter(|index| participants.contains(index));
        index.ok_or_else(|| fixable(format!("{} is not among the servers of this operation", self.name)))
    }
}

pub(super) fn fixable(message: impl ToString) -> NodeError {
    NodeError::new(FailureKind::Fixable, message)
}
