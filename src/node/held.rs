//! A key this node may work with: its entry, record, share and aux, each checked when it is read.

use super::{
    FailureKind, Machine, NodeError,
    exposure::check_not_exposed,
    keybook,
    keybook::{KeyEntry, KeyRecord, KeyState},
};
use crate::{
    codec::{self, JSON_CAP},
    digest::Hash,
    ids::{KeyId, Name},
    keyshare::{KeyCard, KeyCardBody, KeyShare, ShareCore, node_key},
    paillier::{AuxShare, AuxTable},
    secret::SecretBytes,
    store::{BlobKind, Table},
};

/// A key this node knows: its entry and its record.
pub(super) struct Known {
    pub(super) entry: KeyEntry,
    pub(super) record: KeyRecord,
}

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

/// Refuses an exposed or a retired key, and peers that this node has locked out of it.
pub(super) fn check_record(
    record: &KeyRecord,
    node: &Name,
    roster: &[Name],
    epoch: u32,
    indices: &[u16],
) -> Result<(), NodeError> {
    check_not_exposed(record)?;
    if record.retired {
        return Err(NodeError::new(FailureKind::Denied, "the key is retired and signs no more"));
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
    pub(super) fn held(&self, key_id: KeyId, card_hash: Option<Hash>) -> Result<Held, NodeError> {
        let Known { entry, record } = self.known(key_id, card_hash)?;
        let share = self.stored_share(&entry)?.ok_or_else(|| self.no_share(&key_id))?;
        let card = entry.card();
        let maker = card.holder(entry.index).ok_or_else(|| fixable("the card lacks this node's index"))?;
        let share = ShareCore::from_bytes(share).check(card, &node_key(&self.chain, card, maker)?)?;
        Ok(Held { entry, record, share })
    }

    /// A key this node knows, whether or not its share is here.
    pub(super) fn known(&self, key_id: KeyId, card_hash: Option<Hash>) -> Result<Known, NodeError> {
        let unknown = || fixable(format!("{} does not know key {key_id}", self.name));
        let entry = keybook::entry(&self.store, &key_id)?.ok_or_else(unknown)?;
        let card = entry.card();
        if card_hash != Some(card.hash()?) {
            return Err(NodeError::new(FailureKind::Integrity, "this is for another card of the key"));
        }
        let record = keybook::record(&self.store, &card.group_public_key)?;
        let lost =
            || NodeError::new(FailureKind::Integrity, format!("{} lost the record of the key", self.name));
        Ok(Known { record: record.ok_or_else(lost)?, entry })
    }

    /// A key whose generation finished.
    pub(super) fn complete(&self, key_id: KeyId, card_hash: Option<Hash>) -> Result<Known, NodeError> {
        let known = self.known(key_id, card_hash)?;
        if known.entry.state == KeyState::Active {
            return Ok(known);
        }
        Err(fixable(format!(
            "key {key_id} is not active on {} yet: its generation never finished",
            self.name
        )))
    }

    /// A known key that may be worked with, together with the given indices.
    pub(super) fn active(
        &self,
        key_id: KeyId,
        card_hash: Option<Hash>,
        indices: &[u16],
    ) -> Result<(Known, KeyCard), NodeError> {
        let known = self.complete(key_id, card_hash)?;
        let card = known.entry.card.clone().check(&self.chain)?;
        check_record(
            &known.record,
            &self.name,
            &card.body().holders(&self.chain)?,
            card.body().epoch,
            indices,
        )?;
        Ok((known, card))
    }

    /// The stored core of a key's share.
    pub(super) fn stored_share(&self, entry: &KeyEntry) -> Result<Option<SecretBytes>, NodeError> {
        let blob = keybook::share_blob(&entry.key_id(), entry.card().epoch);
        Ok(self.store.open_blob(BlobKind::Share, &blob)?)
    }

    /// The stored core and the table of the aux in use.
    pub(super) fn stored_aux(&self, entry: &KeyEntry) -> Result<Option<(SecretBytes, AuxTable)>, NodeError> {
        let Some(aux_id) = entry.aux_id else { return Ok(None) };
        let id = keybook::aux_blob(&entry.key_id(), &aux_id);
        let (core, table) = (self.store.open_blob(BlobKind::Aux, &id)?, self.store.get(Table::Aux, &id)?);
        match (core, table) {
            (Some(core), Some(table)) => Ok(Some((core, codec::from_json("aux table", &table, JSON_CAP)?))),
            _ => Ok(None),
        }
    }

    pub(super) fn no_share(&self, key_id: &KeyId) -> NodeError {
        fixable(format!(
            "{} holds no share of key {key_id}: it was exported; bring it with --shard, or import it",
            self.name
        ))
    }

    /// The aux in use, checked against the table that all holders signed, for a signer set.
    pub(super) fn aux(&self, entry: &KeyEntry, signers: &[u16]) -> Result<AuxShare, NodeError> {
        let key_id = entry.key_id();
        let missing = || {
            fixable(format!(
                "key {key_id} has no aux on {} yet; run: quorate aux renew --key {key_id}",
                self.name
            ))
        };
        let (core, table) = self.stored_aux(entry)?.ok_or_else(missing)?;
        let holders = entry.card().holders(&self.chain)?;
        let key_of = |index: u16| {
            let holder = holders.get(usize::from(index).checked_sub(1)?)?;
            Some(self.chain.current().node(holder)?.card.signing_key)
        };
        table.check(key_of).map_err(|error| match holders == entry.card().roster {
            true => NodeError::from(error),
            false => fixable(format!(
                "the aux of key {key_id} was made before a server of it was replaced; run: quorate aux renew --key {key_id}"
            )),
        })?;
        if let Some(index) = signers.iter().find(|index| table.table.row(**index).is_err()) {
            let message = format!(
                "the aux of key {key_id} was made without index {index}; run: quorate aux renew --key {key_id}"
            );
            return Err(fixable(message));
        }
        Ok(AuxShare::read(&core, &table.table, &self.card.card.signing_key)?)
    }

    pub(super) fn index_in(&self, card: &KeyCardBody, participants: &[u16]) -> Result<u16, NodeError> {
        let own = card.holders(&self.chain)?.iter().position(|holder| *holder == self.name);
        let index = own.and_then(|at| u16::try_from(at + 1).ok());
        let index = index.filter(|index| participants.contains(index));
        index.ok_or_else(|| fixable(format!("{} is not among the servers of this operation", self.name)))
    }
}

pub(super) fn fixable(message: impl ToString) -> NodeError {
    NodeError::new(FailureKind::Fixable, message)
}
