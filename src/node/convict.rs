//! Transferable evidence: a server that signed two things in one place of a session is locked out of its key also by
//! those who were not in the session (R13). The evidence tells itself which key that was; nobody's word is needed.

use super::{FailureKind, Machine, NodeError, Reply, keybook};
use crate::{
    audit::{Event, Note},
    ids::Name,
    keyshare::{DirtyKeyCard, KeyCardBody},
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
        match self.judge_evidence(card, evidence) {
            Ok((card, culprit)) => {
                let op_id = evidence.terms().map(|terms| terms.op_id);
                let known = keybook::record(&self.store, &card.group_public_key)?;
                if known.is_some_and(|record| record.lock_on(&culprit, card.epoch).is_none()) {
                    let mut note = said(Event::MisbehaviourDetected).with("culprits", &culprit);
                    note.op_id = op_id;
                    self.note(note.with("certain", true).with("reason", EQUIVOCATION))?;
                    let group = &card.group_public_key;
                    self.lock(group, card.epoch, &[culprit], EQUIVOCATION, op_id, Some(evidence))?;
                }
                Ok(Reply::Done)
            }
            Err(error) => {
                self.note(said(Event::RequestRefused).with("reason", &error.message))?;
                Err(error)
            }
        }
    }

    /// The key, and who is convicted: by two signatures of the key that it had under the genesis of that session.
    fn judge_evidence(
        &self,
        card: DirtyKeyCard,
        evidence: &Evidence,
    ) -> Result<(KeyCardBody, Name), NodeError> {
        let refused =
            |what: &str| Err(NodeError::new(FailureKind::Integrity, format!("the evidence {what}")));
        let card = card.check(&self.chain)?;
        let Some(terms) = evidence.terms() else { return refused("does not tell of which session it is") };
        if terms.key_card_hash != Some(card.hash()) {
            return refused("is about another key");
        }
        let Some(genesis) = self.chain.version(&terms.genesis_hash) else {
            return refused("is of another node set");
        };
        let named = usize::from(evidence.sender).checked_sub(1).and_then(|at| terms.roster.get(at));
        let Some((culprit, node)) = named.and_then(|name| Some((name, genesis.node(name)?))) else {
            return refused("names nobody of the set");
        };
        if *culprit == self.name || !evidence.convicts(&node.card.signing_key) {
            return refused("convicts nobody");
        }
        Ok((card.body().clone(), culprit.clone()))
    }
}
