//! A request that was given up: this node never carries it out, whoever approved it.

use super::{FailureKind, Machine, NodeError, Reply, genesis};
use crate::{
    audit::{Event, Note},
    digest::Hash,
    request::{Action, SignedRequest, check_form, check_requester},
    store::Table,
};

impl Machine {
    /// Takes all attempts of a request away, and ends what runs of it. That it has expired, or has not begun, is no
    /// reason to keep it.
    pub(super) fn cancel(&mut self, signed: &SignedRequest) -> Result<Reply, NodeError> {
        const WHY: &str = "cancelled";
        let request = &signed.request;
        let judged = self.judge_cancellation(signed);
        let refusal = Note::new(Event::RequestRefused).with("operation", "cancel");
        let hash = self.logged(refusal, judged)?;
        let op_id = request.op_id;
        if !self.is_cancelled(&hash)? {
            let mut note = self.note_of(Event::RequestCancelled, op_id, &request.action);
            note.request_hash = Some(hash);
            self.note(note)?;
            self.keep_cancelled(&hash)?;
        }
        self.end_sessions(|_, running| running.is_of(&hash), WHY)?;
        if self.leases.get(&op_id).is_some_and(|lease| lease.is_of(&hash)) {
            self.end_lease(op_id, WHY)?;
        }
        self.drop_one_time(&request.action, &op_id, &hash)?;
        self.check_durable()?;
        Ok(Reply::Done)
    }

    fn keep_cancelled(&self, hash: &Hash) -> Result<(), NodeError> {
        Ok(self.store.put(Table::Consumed, &cancelled_key(hash), Vec::new())?)
    }

    /// What the log says was given up is, though the run that wrote so was stopped then.
    pub(super) fn finish_cancelled(&self) -> Result<(), NodeError> {
        match self.log.last_entry().map(|signed| (signed.entry.event, signed.entry.request_hash)) {
            Some((Event::RequestCancelled, Some(hash))) if !self.is_cancelled(&hash)? => {
                self.keep_cancelled(&hash)
            }
            _ => Ok(()),
        }
    }

    fn judge_cancellation(&self, signed: &SignedRequest) -> Result<Hash, NodeError> {
        let request = &signed.request;
        check_form(request, &self.chain, request.not_before)?;
        check_requester(signed, self.chain.current())?;
        if let Action::Govern(params) = &request.action
            && genesis::candidate(&self.store)?.map(|next| next.hash()).transpose()? == Some(params.next_hash)
        {
            let message = format!("{} signed the genesis of this request already", self.name);
            return Err(NodeError::new(FailureKind::Denied, message));
        }
        Ok(request.hash()?)
    }

    /// Refuses a request that was given up.
    pub(super) fn check_not_cancelled(&self, hash: &Hash) -> Result<(), NodeError> {
        match self.is_cancelled(hash)? {
            false => Ok(()),
            true => Err(NodeError::new(FailureKind::Denied, "the request was cancelled")),
        }
    }

    fn is_cancelled(&self, hash: &Hash) -> Result<bool, NodeError> {
        Ok(self.store.get(Table::Consumed, &cancelled_key(hash))?.is_some())
    }
}

/// Only this very request: an op-id alone is anybody's to choose.
fn cancelled_key(hash: &Hash) -> Vec<u8> {
    [b"cancelled".as_slice(), hash.as_bytes()].concat()
}
