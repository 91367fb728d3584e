//! Lifting a lock: only the quorum does, never a re-import, another id or a restart.

use super::{Machine, NodeError, Reply, held::fixable, keybook};
use crate::{
    audit::Event,
    request::{Action, SignedRequest},
};

impl Machine {
    /// Works again with a culprit, for one key.
    pub(super) fn unlock(&mut self, signed: SignedRequest) -> Result<Reply, NodeError> {
        let request = self.approve(signed)?;
        let Action::Unlock(params) = request.get().action.clone() else {
            return Err(fixable("this request lifts no lock"));
        };
        let known = self.complete(params.key_id, request.get().key_card_hash)?;
        // Once, in one write with what it does, also where no lock is: a culprit that is locked again takes new approvals.
        let mut batch = self.consumption(&request, 1)?;
        let note = self.note_on(Event::LockLifted, &request);
        self.note(note.with("culprit", &params.culprit).with("reason", &params.reason))?;
        let mut record = known.record;
        record.lift(&params.culprit, known.entry.card.card.epoch);
        keybook::put_record(&mut batch, &record)?;
        self.store.write(batch)?;
        Ok(Reply::Done)
    }
}
