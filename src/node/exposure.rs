//! A key that was whole somewhere: from then on this node does nothing more with it, under any of its ids.

use super::{
    ExposureProof, FailureKind, Machine, NodeError, Reply, held::fixable, keybook, keybook::KeyRecord,
};
use crate::{
    audit::{Event, Note, SignedEntry},
    digest::Hash,
    ids::{Name, OpId},
    keyshare::{DirtyKeyCard, KeyCard},
    recovery::RecoveryError,
    request::{Action, was_approved},
    store::{Batch, BlobKind},
};

impl Machine {
    /// Takes the word of others that a key was whole somewhere. A refusal is logged.
    pub(super) fn mark_exposed(
        &mut self,
        proof: &ExposureProof,
        card: DirtyKeyCard,
    ) -> Result<Reply, NodeError> {
        let said = |event| {
            let mut note = Note::new(event);
            (note.op_id, note.key_id) = match proof {
                ExposureProof::Notice(signed) => (Some(signed.notice.op_id), Some(signed.notice.key_id)),
                ExposureProof::Sealed { request, .. } => {
                    (Some(request.request.op_id), request.request.action.key_id())
                }
            };
            note
        };
        let judged = self.judge_proof(proof, card);
        let refusal = said(Event::RequestRefused).with("operation", "markExposed");
        let (card, signer, reason) = self.logged(refusal, judged)?;
        let note = said(Event::KeyExposed).with("signer", signer).with("reason", reason);
        self.expose(&card, note)?;
        self.check_durable()?;
        Ok(Reply::Done)
    }

    /// The key, who says so, and why.
    fn judge_proof(
        &self,
        proof: &ExposureProof,
        card: DirtyKeyCard,
    ) -> Result<(KeyCard, Name, String), NodeError> {
        let card = card.check(&self.chain)?;
        match proof {
            ExposureProof::Notice(signed) => {
                signed.check(&card, &self.chain)?;
                Ok((card, signed.notice.signer.clone(), signed.notice.reason.to_string()))
            }
            ExposureProof::Sealed { request: signed, entry } => {
                let refused = |message| Err(NodeError::new(FailureKind::Integrity, message));
                was_approved(signed, &self.chain)?;
                let request = &signed.request;
                let (Action::Recover(params), true) =
                    (&request.action, request.key_card_hash == Some(card.hash()))
                else {
                    return refused("the request is for no recovery of this key");
                };
                let asked = params.servers.contains(&entry.entry.log);
                if !asked || !self.began_recovery(entry, &request.hash()?, &card)? {
                    return refused("no server that the request asks wrote down that it carried it out");
                }
                Ok((card, request.requester.clone(), params.reason.clone()))
            }
        }
    }

    /// Whether an entry is the word of a server that holds an index of the key now: it began with that request.
    fn began_recovery(
        &self,
        signed: &SignedEntry,
        request_hash: &Hash,
        card: &KeyCard,
    ) -> Result<bool, NodeError> {
        let entry = &signed.entry;
        let server = self.chain.current().node(&entry.log);
        Ok(entry.event == Event::PrivateKeyRecoveryInitiated
            && entry.request_hash.as_ref() == Some(request_hash)
            && card.body().index_held(&self.chain, &entry.log)?.is_some()
            && server.is_some_and(|server| signed.is_by(&server.card.signing_key)))
    }

    /// Marks the point of a key for good, after the log has it; what was open of it is forgotten.
    pub(super) fn expose(&mut self, card: &KeyCard, note: Note) -> Result<(), NodeError> {
        let mut record = self.record_of(card)?;
        if record.exposed {
            return Ok(());
        }
        self.note(note)?;
        record.exposed = true;
        let mut batch = Batch::new();
        keybook::put_record(&mut batch, &record)?;
        self.store.write(batch)?;
        self.forget_open(&record)
    }

    /// What this node keeps of a key of which it holds an index, or held one.
    pub(super) fn record_of(&self, card: &KeyCard) -> Result<KeyRecord, NodeError> {
        let body = card.body();
        if let Some(record) = keybook::record(&self.store, &body.group_public_key)? {
            return Ok(record);
        }
        let index = body.index_held(&self.chain, &self.name)?;
        let index = index.ok_or_else(|| fixable(format!("{} holds no index of this key", self.name)))?;
        Ok(KeyRecord::new(body, index))
    }

    /// Ends what runs with the key, drops what was opened of it, and what could open more.
    fn forget_open(&mut self, record: &KeyRecord) -> Result<(), NodeError> {
        const WHY: &str = "the key is exposed";
        let ids = &record.key_ids;
        let open: Vec<OpId> =
            self.leases.iter().filter(|(_, l)| ids.contains(&l.key_id())).map(|(op, _)| *op).collect();
        open.into_iter().try_for_each(|op_id| self.end_lease(op_id, WHY))?;
        self.end_sessions(|_, running| running.key().0.is_some_and(|id| ids.contains(&id)), WHY)?;
        for id in ids {
            for blob in self.store.blobs_of(BlobKind::Identity, id.as_bytes(), 256)? {
                self.store.delete_blob(BlobKind::Identity, &blob, Batch::new())?;
            }
        }
        Ok(())
    }
}

/// What is said of everything that an exposed key is refused for.
pub(super) fn check_not_exposed(record: &KeyRecord) -> Result<(), NodeError> {
    if !record.exposed {
        return Ok(());
    }
    let message =
        "the key is exposed: its private key was recovered, so it signs no more and no share of it is used";
    Err(NodeError::new(FailureKind::Denied, message))
}

impl From<RecoveryError> for NodeError {
    fn from(error: RecoveryError) -> Self {
        let kind = match error {
            RecoveryError::Stranger(_) => FailureKind::Denied,
            RecoveryError::Version { .. } => FailureKind::Fixable,
            _ => FailureKind::Integrity,
        };
        Self::new(kind, error)
    }
}
