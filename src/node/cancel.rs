//! A request that was given up: this node never carries it out, whoever approved it.

use super::{FailureKind, Machine, NodeError, Reply};
use crate::{
    audit::Event,
    digest::Hash,
    request::{SignedRequest, check_form, check_requester},
    store::{Batch, Table},
};

impl Machine {
    /// Takes all attempts of a request away, and ends what runs of it. That it has expired, or has not begun, is no
    /// reason to keep it.
    pub(super) fn cancel(&mut self, signed: &SignedRequest) -> Result<Reply, NodeError> {
        const WHY: &str = "cancelled";
        let request = &signed.request;
        check_form(request, &self.chain, request.not_before)?;
        check_requester(signed, self.chain.current())?;
        let (op_id, hash) = (request.op_id, request.hash()?);
        if self.check_not_cancelled(&hash).is_ok() {
            let mut note = self.note_of(Event::RequestCancelled, op_id, &request.action);
            note.request_hash = Some(hash);
            self.note(note)?;
            let mut batch = Batch::new();
            batch.put(Table::Consumed, &cancelled_key(&hash), Vec::new());
            self.store.write(batch)?;
        }
        self.end_sessions(|_, running| running.is_of(&hash), WHY)?;
        if self.leases.get(&op_id).is_some_and(|lease| lease.is_of(&hash)) {
            self.end_lease(op_id, WHY)?;
        }
        self.check_durable()?;
        Ok(Reply::Done)
    }

    /// Refuses a request that was given up.
    pub(super) fn check_not_cancelled(&self, hash: &Hash) -> Result<(), NodeError> {
        match self.store.get(Table::Consumed, &cancelled_key(hash))? {
            None => Ok(()),
            Some(_) => Err(NodeError::new(FailureKind::Denied, "the request was cancelled")),
        }
    }
}

/// Only this very request: an op-id alone is anybody's to choose.
fn cancelled_key(hash: &Hash) -> Vec<u8> {
    [b"cancelled".as_slice(), hash.as_bytes()].concat()
}
