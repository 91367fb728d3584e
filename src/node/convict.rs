//! Transferable evidence: a server that signed two things in one place of a session is locked out of its key also by
//! those who were not in the session (R13). The evidence tells itself which key that was; nobody's word is needed. Once the
//! quorum has worked with the culprit again, no evidence of that key and epoch brings the lock back: it could be older.

use super::{FailureKind, Machine, NodeError, Reply};
use crate::{
    audit::{Event, Note},
    ids::Name,
    keyshare::{DirtyKeyCard, KeyCard},
    protocol::{EQUIVOCATION, Evidence},
};

impl Machine {
    /// Takes evidence about a peer. A refusal is logged.
    pub(super) fn convict(&mut self, card: DirtyKeyCard, evidence: &Evidence) -> Result<Reply, NodeError> {
        let key_id = card.card.key_id;
        let said = |event| {
            let mut note = Note::new(event).with("operation", "convict");
            note.key_id = Some(key_id);
            note
        };
        let judged = self.judge_evidence(card, evidence);
        let (card, culprit) = self.logged(said(Event::RequestRefused), judged)?;
        let (body, op_id) = (card.body(), evidence.terms().map(|terms| terms.op_id));
        let record = self.record_of(&card)?;
        let known = record.lock_on(&culprit, body.epoch).is_some();
        if !known && !record.lifted.contains(&(culprit.clone(), body.epoch)) {
            let mut note = said(Event::MisbehaviourDetected).with("culprits", &culprit);
            note.op_id = op_id;
            self.note(note.with("certain", true).with("reason", EQUIVOCATION))?;
            self.lock(record, body.epoch, &[culprit], EQUIVOCATION, op_id, Some(evidence))?;
        }
        self.check_durable()?;
        Ok(Reply::Done)
    }

    /// The key, and who is convicted: by two signatures of the key that it had under the genesis of that session.
    fn judge_evidence(&self, card: DirtyKeyCard, evidence: &Evidence) -> Result<(KeyCard, Name), NodeError> {
        let refused =
            |what: &str| Err(NodeError::new(FailureKind::Integrity, format!("the evidence {what}")));
        let card = card.check(&self.chain)?;
        let Some(terms) = evidence.terms() else { return refused("does not tell of which session it is") };
        let Some(then) = self.chain.until(&terms.genesis_hash) else {
            return refused("is of another node set");
        };
        let Some(culprit) = evidence.culprit(&card, &then)? else {
            return refused("is of no session with this key");
        };
        let node = then.current().node(culprit);
        if *culprit == self.name || !node.is_some_and(|node| evidence.convicts(&node.card.signing_key)) {
            return refused("convicts nobody");
        }
        Ok((card, culprit.clone()))
    }
}
