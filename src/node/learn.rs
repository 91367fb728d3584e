//! A node gets to know a key that it never held: it came in the place of a node that did.

use super::{FailureKind, Machine, NodeError, Reply, held::fixable, keybook, keybook::KeyEntry};
use crate::{
    audit::{Event, Note},
    ids::OpId,
    keyshare::{DirtyAlias, DirtyKeyCard},
    node::{KeyRecord, KeyState},
    store::Batch,
};

impl Machine {
    /// Stores a key's card without a share, if this node is the holder of one of its indices now and never held
    /// another one. The share comes with its custodian.
    pub(super) fn learn(
        &mut self,
        card: DirtyKeyCard,
        alias: Option<DirtyAlias>,
        op_id: OpId,
    ) -> Result<Reply, NodeError> {
        let card = card.check(&self.chain)?;
        if let Some(alias) = &alias {
            alias.check(&self.chain, &card)?;
        }
        let holders = card.body().holders(&self.chain)?;
        let mut own = (1u16..).zip(&holders).filter(|(_, holder)| **holder == self.name);
        let (Some((index, _)), None) = (own.next(), own.next()) else {
            return Err(fixable(format!("{} is not the holder of one index of this key", self.name)));
        };
        let entry = KeyEntry::active(&card, alias, index, op_id, self.now());
        let key_id = entry.key_id();
        self.check_idle(&key_id, false)?;
        self.check_own_promise(card.body())?;
        match keybook::entry(&self.store, &key_id)? {
            Some(known) if known.card() != card.body() => {
                let message = format!("{} knows another key under the id {key_id}", self.name);
                return Err(NodeError::new(FailureKind::Integrity, message));
            }
            Some(known) if known.state == KeyState::Active => return Ok(Reply::Done),
            Some(_) => return Err(fixable(format!("key {key_id} is still pending on {}", self.name))),
            None => {}
        }
        let record = keybook::record(&self.store, &card.body().group_public_key)?;
        let mut record = record.unwrap_or_else(|| KeyRecord::new(card.body(), index));
        if let Some(other) = record.indices.iter().find(|other| **other != index) {
            let message = format!("{} held index {other} of this key; it takes no other", self.name);
            return Err(NodeError::new(FailureKind::Denied, message));
        }
        if record.retired || card.body().epoch < record.epoch_floor {
            let message = format!("{} knows this key as retired, or a later epoch of it", self.name);
            return Err(NodeError::new(FailureKind::Denied, message));
        }
        record.add_id(key_id)?;
        let mut note = Note::new(Event::KeyLearned).with("card", card.hash()).with("index", index);
        (note.op_id, note.key_id) = (Some(op_id), Some(key_id));
        self.note(note)?;
        let mut batch = Batch::new();
        keybook::put_entry(&mut batch, &entry)?;
        keybook::put_record(&mut batch, &record)?;
        self.store.write(batch)?;
        Ok(Reply::Done)
    }
}
