//! The ends of an incomplete key: activation by a certificate that others completed, or renouncing and
//! abandoning.

use super::{FailureKind, Machine, NodeError, Reply, keybook, keybook::KeyState};
use crate::{
    audit::{Event, Note},
    digest::Hash,
    genesis::NamedSignature,
    ids::KeyId,
    keyshare::DirtyKeyCard,
    request::{Action, Approved, Request, SignedRequest},
    store::{Batch, BlobKind, Table},
};

impl Machine {
    /// Finishes a pending key with the certificate that its nodes made.
    pub(super) fn activate(&mut self, card: DirtyKeyCard) -> Result<Reply, NodeError> {
        let card = card.check(&self.chain)?;
        let Some(mut entry) = keybook::entry(&self.store, &card.body().key_id)? else {
            let message = format!("{} holds no share of this key", self.name);
            return Err(NodeError::new(FailureKind::Fixable, message));
        };
        if entry.card() != card.body() {
            let message = format!("{} holds a share of another key under this id", self.name);
            return Err(NodeError::new(FailureKind::Integrity, message));
        }
        let key_id = entry.card().key_id;
        self.check_idle(&key_id, false)?;
        self.check_not_renounced(&key_id)?;
        if entry.state == KeyState::Pending {
            let note = |event| {
                let mut note = Note::new(event).with("operation", "activate").with("card", card.hash());
                (note.op_id, note.key_id) = (Some(entry.op_id), Some(key_id));
                note
            };
            let (started, done) = (note(Event::SessionStarted), note(Event::KeyActivated));
            self.note(started)?;
            (entry.state, entry.card) = (KeyState::Active, card.dirty().clone());
            let mut batch = Batch::new();
            keybook::put_entry(&mut batch, &entry)?;
            self.store.write(batch)?;
            self.note(done)?;
        }
        Ok(Reply::Done)
    }

    /// Promises never to activate a key, and signs that. A key is abandoned only when all its nodes have
    /// promised it: otherwise a caller could have one node activate what the others give up.
    pub(super) fn renounce(&mut self, signed: SignedRequest) -> Result<Reply, NodeError> {
        let request = self.approve(signed)?;
        let key_id = self.abandoned_key(&request)?;
        self.check_idle(&key_id, false)?;
        if keybook::entry(&self.store, &key_id)?.is_some_and(|entry| entry.state == KeyState::Active) {
            let message =
                format!("the key is active on {}; only an incomplete key can be abandoned", self.name);
            return Err(NodeError::new(FailureKind::Denied, message));
        }
        self.note(self.note_on(Event::KeyRenounced, &request))?;
        self.store.put(Table::Renounced, key_id.as_bytes(), request.hash().as_bytes().to_vec())?;
        self.check_durable()?;
        let signature = self.secrets.signing().sign(&renunciation(&key_id));
        Ok(Reply::Renounced(NamedSignature { name: self.name.clone(), signature }))
    }

    /// Removes a pending key that every node of its roster has renounced. What it was stays in the key record.
    pub(super) fn abandon(
        &mut self,
        signed: SignedRequest,
        renounced: &[NamedSignature],
    ) -> Result<Reply, NodeError> {
        let request = self.approve(signed)?;
        let key_id = self.abandoned_key(&request)?;
        self.check_idle(&key_id, false)?;
        let Some(entry) = keybook::entry(&self.store, &key_id)? else { return Ok(Reply::Done) };
        let hash = renunciation(&key_id);
        for name in &entry.card().roster {
            let key = self.chain.current().node(name).map(|node| node.card.signing_key);
            let signed = renounced.iter().find(|signed| signed.name == *name);
            let given =
                key.zip(signed).is_some_and(|(key, signed)| key.verify(&hash, &signed.signature).is_ok());
            if !given || entry.state == KeyState::Active {
                let message = format!("{name} has not renounced key {key_id}, so it may be complete there");
                return Err(NodeError::new(FailureKind::Denied, message));
            }
        }
        self.consume(&request, 1)?;
        self.note(self.note_on(Event::SessionStarted, &request))?;
        let card = entry.card();
        let mut batch = Batch::new();
        batch.remove(Table::Keys, key_id.as_bytes());
        if let Some(mut record) = keybook::record(&self.store, &card.group_public_key)? {
            record.retired = true;
            keybook::put_record(&mut batch, &record)?;
        }
        let blob = keybook::share_blob(&key_id, card.epoch);
        self.store.delete_blob(BlobKind::Share, &blob, batch)?;
        self.note(self.note_on(Event::KeyAbandoned, &request))?;
        Ok(Reply::Done)
    }

    pub(super) fn abandoned_key(&self, request: &Approved<Request>) -> Result<KeyId, NodeError> {
        match &request.get().action {
            Action::Abandon(params) => Ok(params.key_id),
            _ => Err(NodeError::new(FailureKind::Fixable, "this request does not abandon a key")),
        }
    }
}

/// What a node signs when it promises never to activate a key.
fn renunciation(key_id: &KeyId) -> Hash {
    Hash::tagged("renunciation", &[key_id.as_bytes()])
}
