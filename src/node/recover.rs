//! A node's part in a recovery: it seals its own share to the device that an approved request names, and never combines.
//! From then on the key is exposed, whether or not the device ever uses what it was given.

use super::{
    FailureKind, Machine, NodeError, Reply,
    export::OpenExport,
    held::{Known, fixable},
};
use crate::{
    audit::Event,
    keyshare::KeyCard,
    request::{Action, Approved, RecoverParams, Request, SignedRequest},
    secret::SecretBytes,
    shard::{DirtyRecovery, Parcel, Payload, Wrap, WrapKind},
};

impl Machine {
    /// Seals this node's share, and the key is exposed here. A refusal is logged. A holder that the request does not name
    /// seals nothing and is not asked: it is told of the exposure by the word of one that did.
    pub(super) fn recover(&mut self, signed: SignedRequest, attempt: u16) -> Result<Reply, NodeError> {
        let request = self.approve(signed)?;
        let note = self.note_of(Event::RequestRefused, request.get().op_id, &request.get().action);
        let sealed = self.recover_approved(&request, attempt);
        self.logged(note.with("attempt", attempt), sealed)
    }

    fn recover_approved(&mut self, request: &Approved<Request>, attempt: u16) -> Result<Reply, NodeError> {
        let Action::Recover(params) = request.get().action.clone() else {
            return Err(fixable("this request recovers nothing"));
        };
        let known = self.complete(params.key_id, request.get().key_card_hash)?;
        let card = known.entry.card.clone().check(&self.chain)?;
        if known.record.retired {
            let message = "the key is retired: no share of it is given out";
            return Err(NodeError::new(FailureKind::Denied, message));
        }
        self.check_recovery(&params, &card)?;
        let Some(core) = self.stored_share(&known.entry)? else {
            return Err(self.no_share(&params.key_id));
        };
        self.consume(request, attempt)?;
        let said = |machine: &Self, event| {
            let note = machine.note_on(event, request);
            note.with("owner", &params.owner).with("recipient", params.recipient)
        };
        let note = said(self, Event::PrivateKeyRecoveryInitiated).with("reason", &params.reason);
        self.note(note.with("attempt", attempt).with("delete", params.delete))?;
        let entry = self.log.last_entry().cloned().map(Box::new);
        let entry = entry.ok_or_else(|| NodeError::new(FailureKind::Bug, "the log is empty"))?;
        let note = said(self, Event::KeyExposed).with("reason", &params.reason);
        self.expose(&card, note)?;
        let sealed = Box::new(self.seal_recovery(request, &params, &card, &known, core)?);
        self.note(said(self, Event::PrivateKeyRecoveryCompleted).with("index", sealed.index))?;
        self.check_durable()?;
        Ok(Reply::Recovered { sealed, entry })
    }

    /// Exactly as many nodes seal as the key needs, all of them holders of it.
    fn check_recovery(&self, params: &RecoverParams, card: &KeyCard) -> Result<(), NodeError> {
        let body = card.body();
        let holders = body.holders(&self.chain)?;
        if params.servers.len() != usize::from(body.threshold) {
            return Err(fixable(format!("exactly {} servers give their shares of this key", body.threshold)));
        }
        if let Some(stranger) = params.servers.iter().find(|server| !holders.contains(server)) {
            return Err(fixable(format!("{stranger} holds no index of this key")));
        }
        if !params.servers.contains(&self.name) {
            return Err(fixable(format!("the request does not ask for the share of {}", self.name)));
        }
        self.check_idle(&params.key_id, false)
    }

    fn seal_recovery(
        &mut self,
        request: &Approved<Request>,
        params: &RecoverParams,
        card: &KeyCard,
        known: &Known,
        core: SecretBytes,
    ) -> Result<DirtyRecovery, NodeError> {
        let (op_id, time, index) = (request.get().op_id, self.now(), known.entry.index);
        let wrap = |core_hash| Wrap {
            version: 1,
            core_hash,
            export_op_id: op_id,
            kind: WrapKind::Recovery,
            holder: params.owner.clone(),
            recipient: params.recipient,
            signer: self.name.clone(),
            serial: 0,
            made_at: time,
            op_id: Some(op_id),
            request_hash: Some(request.hash()),
            not_after: None,
            genesis_hash: None,
        };
        let armored = Payload::exported(core, wrap, self.secrets.signing())?.seal()?;
        let parcel = Parcel { wrapped_key_share: Some(armored.clone()), ..Parcel::default() };
        let open = OpenExport {
            version: 1,
            op_id,
            request_hash: request.hash(),
            custodian: params.owner.clone(),
            recipient: params.recipient,
            delete: params.delete,
            share_blob_hash: parcel.share_hash(),
            aux_blob_hash: None,
            aux_id: known.entry.aux_id,
            core_hash: None,
            time,
            recovery: true,
            released: false,
            deleting: Vec::new(),
        };
        self.remember_export(&params.key_id, &open)?;
        Ok(DirtyRecovery {
            version: 1,
            node: self.name.clone(),
            owner: params.owner.clone(),
            index,
            op_id,
            request_hash: request.hash(),
            key_card: card.dirty().clone(),
            wrapped_key_share: armored,
        })
    }
}
