//! Shares leave: encrypted to the node's custodian first, deleted only against that custodian's receipt.

use serde::{Deserialize, Serialize};

use super::{
    FailureKind, Machine, NodeError, Reply,
    exposure::check_not_exposed,
    genesis,
    held::{Known, fixable},
    keybook,
    keybook::KeyEntry,
    machine::done_key,
};
use crate::{
    audit::{Event, Note},
    codec::{self, HexArray, JSON_CAP},
    digest::Hash,
    genesis::PersonEntry,
    ids::{KeyId, Name, OpId, Time},
    paillier::AuxTable,
    receipt::{Receipt, ReceiptKind},
    request::{Action, Approved, DeleteParams, ExportParams, Request, SignedRequest},
    secret::SecretBytes,
    shard::{Parcel, Payload, ShardError, Wrap, WrapKind},
    store::{Batch, BlobKind, Record, Table},
    wrap::recipient::Recipient,
};

/// Exports of one key that are remembered; a released one, else the oldest, makes room.
const OPEN_CAP: usize = 16;

/// What a node remembers of an export, until a receipt has released it or an import has overtaken it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct OpenExport {
    pub(super) version: u32,
    pub(super) op_id: OpId,
    pub(super) request_hash: Hash,
    /// Who is to sign the receipt.
    pub(super) custodian: Name,
    pub(super) recipient: Recipient,
    pub(super) delete: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) share_blob_hash: Option<Hash>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) aux_blob_hash: Option<Hash>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) aux_id: Option<OpId>,
    pub(super) core_hash: Option<Hash>,
    pub(super) time: Time,
    /// The share was sealed for a recovery, not for its custodian.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) recovery: bool,
    /// Its receipt was accepted: the deletion has begun, and is over if nothing of it is left.
    pub(super) released: bool,
    /// Aux that goes with it, under all ids of the key, as it was when the deletion began.
    pub(super) deleting: Vec<(KeyId, OpId)>,
}

impl Machine {
    /// Encrypts a share (and aux) to the custodian enrolled for this node. Nothing is deleted.
    pub(super) fn export(&mut self, signed: SignedRequest) -> Result<Reply, NodeError> {
        let request = self.approve(signed)?;
        let note = self.note_of(Event::RequestRefused, request.get().op_id, &request.get().action);
        let exported = self.export_approved(&request);
        self.logged(note, exported)
    }

    fn export_approved(&mut self, request: &Approved<Request>) -> Result<Reply, NodeError> {
        let Action::Export(params) = request.get().action.clone() else {
            return Err(fixable("this request exports nothing"));
        };
        if params.server != self.name {
            return Err(fixable(format!("this export is for {}, not for {}", params.server, self.name)));
        }
        let Known { entry, record } = self.complete(params.key_id, request.get().key_card_hash)?;
        // To its custodian and away from here is the one way that an exposed key's share may still go.
        if !params.delete {
            check_not_exposed(&record)?;
        }
        self.check_idle(&params.key_id, false)?;
        let share = match params.aux_only {
            true => None,
            false => Some(self.stored_share(&entry)?.ok_or_else(|| self.no_share(&params.key_id))?),
        };
        let aux = self.stored_aux(&entry)?;
        if share.is_none() && aux.is_none() {
            return Err(fixable(format!("{} holds no aux of key {}", self.name, params.key_id)));
        }
        self.consume_next(request)?;
        let mut note = self.note_on(Event::ShareExportInitiated, request);
        note.heads = self.witnessed(request.get());
        let note = note.with("custodian", &params.custodian).with("recipient", params.recipient);
        self.note(note.with("delete", params.delete))?;
        self.export_parcel(request, &params, &entry, share, aux)
    }

    fn export_parcel(
        &mut self,
        request: &Approved<Request>,
        params: &ExportParams,
        entry: &KeyEntry,
        share: Option<SecretBytes>,
        aux: Option<(SecretBytes, AuxTable)>,
    ) -> Result<Reply, NodeError> {
        let op_id = request.get().op_id;
        let time = self.now();
        let wrap = |core_hash| Wrap {
            version: 1,
            core_hash,
            export_op_id: op_id,
            kind: WrapKind::Export,
            holder: params.custodian.clone(),
            recipient: params.recipient,
            signer: self.name.clone(),
            serial: 0,
            made_at: time,
            op_id: None,
            request_hash: None,
            not_after: None,
            genesis_hash: None,
        };
        let key = self.secrets.signing();
        let mut core_hash = None;
        let mut seal = |core| {
            let payload = Payload::exported(core, wrap, key)?;
            core_hash.get_or_insert(payload.last()?.core_hash);
            payload.seal()
        };
        let (aux_core, aux_table) = aux.unzip();
        let parcel = Parcel {
            wrapped_key_share: share.map(&mut seal).transpose()?,
            wrapped_aux: aux_core.map(&mut seal).transpose()?,
            aux_table,
        };
        let open = OpenExport {
            version: 1,
            op_id,
            request_hash: request.hash(),
            custodian: params.custodian.clone(),
            recipient: params.recipient,
            delete: params.delete,
            share_blob_hash: parcel.share_hash(),
            aux_blob_hash: parcel.aux_hash(),
            aux_id: parcel.aux_table.as_ref().map(|table| table.table.aux_id),
            core_hash,
            time,
            recovery: false,
            released: false,
            deleting: Vec::new(),
        };
        self.remember_export(&params.key_id, &open)?;
        let note = self.note_on(Event::ShareExported, request);
        let note = described(note, &open).with("index", entry.index);
        self.note(note)?;
        self.check_durable()?;
        Ok(Reply::Exported(Box::new(parcel), time))
    }

    /// Writes down that a receipt may release what was given out.
    pub(super) fn remember_export(&mut self, key_id: &KeyId, open: &OpenExport) -> Result<(), NodeError> {
        let mut batch = Batch::new();
        self.make_room(key_id, &mut batch)?;
        batch.put(Table::Exports, &export_key(key_id, &open.op_id), codec::canonical("export", open)?);
        Ok(self.store.write(batch)?)
    }

    /// Deletes what an export gave out, once its custodian says, signed, that they hold and have opened it.
    pub(super) fn release(&mut self, key_id: &KeyId, receipt: &Receipt) -> Result<Reply, NodeError> {
        let judged = self.judge_receipt(key_id, receipt);
        let mut refusal = Note::new(Event::RequestRefused).with("operation", "release");
        (refusal.op_id, refusal.key_id) = (Some(receipt.receipt.op_id), Some(*key_id));
        let (entry, open) = self.logged(refusal, judged)?;
        if !open.released {
            self.check_idle(key_id, false)?;
            let mut note = Note::new(Event::ShareDeletionInitiated).with("signer", &receipt.receipt.signer);
            (note.op_id, note.key_id, note.request_hash) =
                (Some(open.op_id), Some(*key_id), Some(open.request_hash));
            self.note(described(note, &open))?;
        }
        self.delete_exported(key_id, entry, open)
    }

    /// Deletes what an export gave out though nobody signed that they hold it (R20): an exception, by approved
    /// request, for one export that no later import has closed.
    pub(super) fn release_without_receipt(&mut self, signed: SignedRequest) -> Result<Reply, NodeError> {
        let request = self.approve(signed)?;
        let refusal = self.note_of(Event::RequestRefused, request.get().op_id, &request.get().action);
        let judged = self.judge_let_go(&request);
        let (params, entry, open) = self.logged(refusal, judged)?;
        if !open.released {
            self.consume_next(&request)?;
            let mut note = Note::new(Event::ShareDeletionInitiated).with("request", request.hash());
            (note.op_id, note.key_id, note.request_hash) =
                (Some(open.op_id), Some(params.key_id), Some(open.request_hash));
            self.note(described(note, &open).with("withoutReceipt", &params.reason))?;
        }
        self.delete_exported(&params.key_id, entry, open)
    }

    /// What is to go, and is with somebody who is to have it.
    fn judge_let_go(
        &self,
        request: &Approved<Request>,
    ) -> Result<(DeleteParams, KeyEntry, OpenExport), NodeError> {
        let Action::DeleteWithoutReceipt(params) = request.get().action.clone() else {
            return Err(fixable("this request deletes nothing"));
        };
        let denied = |message: String| NodeError::new(FailureKind::Denied, message);
        if params.server != self.name {
            return Err(fixable(format!("this deletion is for {}, not for {}", params.server, self.name)));
        }
        let entry = self.complete(params.key_id, request.get().key_card_hash)?.entry;
        let stored = self.store.get(Table::Exports, &export_key(&params.key_id, &params.export_op_id))?;
        let stored = stored.ok_or_else(|| {
            denied(format!("{} has no open export {} of this key", self.name, params.export_op_id))
        })?;
        let open: OpenExport = codec::from_json("export", &stored, JSON_CAP)?;
        if open.released {
            return Ok((params, entry, open));
        }
        self.check_idle(&params.key_id, false)?;
        // Whoever is enrolled now must be able to open what was given out.
        let same =
            |now: &&PersonEntry| now.name == open.custodian && now.card.card.recipient == open.recipient;
        let holder = self.chain.current().custodian(&self.name).filter(same).filter(|_| !open.recovery);
        let holder = holder.ok_or_else(|| {
            denied(format!("export {} is not for the custodian enrolled now: export again", open.op_id))
        })?;
        self.check_stays(holder, ReceiptKind::Export)?;
        if entry.aux_id.is_some() && entry.aux_id != open.aux_id {
            return Err(denied("the aux of the key was renewed after this export; export again".to_owned()));
        }
        Ok((params, entry, open))
    }

    /// Every step may be the last one before a crash: a further release with the same receipt goes on.
    fn delete_exported(
        &mut self,
        key_id: &KeyId,
        entry: KeyEntry,
        mut open: OpenExport,
    ) -> Result<Reply, NodeError> {
        let first = !std::mem::replace(&mut open.released, true);
        let op_id = open.op_id;
        let epoch = entry.card().epoch;
        if first {
            open.deleting = match open.share_blob_hash {
                Some(_) => self.all_aux(&entry)?,
                None => open.aux_id.into_iter().map(|aux_id| (*key_id, aux_id)).collect(),
            };
            let mut batch = Batch::new();
            let key = export_key(key_id, &op_id);
            batch.put(Table::Exports, &key, codec::canonical("export", &open)?);
            batch.put(Table::Consumed, &done_key(&op_id), Vec::new());
            if open.share_blob_hash.is_some() {
                self.store.delete_blob(BlobKind::Share, &keybook::share_blob(key_id, epoch), batch)?;
            } else {
                self.store.write(batch)?;
            }
        }
        let mut deleted = first;
        for (id, aux_id) in &open.deleting {
            if self.store.has_blob(BlobKind::Aux, &keybook::aux_blob(id, aux_id))? {
                self.delete_aux(id, aux_id)?;
                deleted = true;
            }
        }
        self.drain_pool()?;
        if deleted {
            let mut note = Note::new(Event::ShareDeleted);
            (note.op_id, note.key_id) = (Some(op_id), Some(*key_id));
            self.note(described(note, &open))?;
        }
        self.holding(key_id, Some(op_id))
    }

    fn judge_receipt(&self, key_id: &KeyId, receipt: &Receipt) -> Result<(KeyEntry, OpenExport), NodeError> {
        let body = &receipt.receipt;
        let integrity = |message: String| NodeError::new(FailureKind::Integrity, message);
        let denied = |message: String| NodeError::new(FailureKind::Denied, message);
        let enrolled = self.receipt_signer(receipt)?;
        let known = self.known(*key_id, Some(body.key_card_hash))?;
        let card = known.entry.card();
        let differs = |what: &str| integrity(format!("the receipt is for another {what}"));
        let same = [
            ("node", body.issuer == self.name),
            ("node set", body.genesis_id == self.chain.current().genesis_id),
            ("index", body.index == known.entry.index),
            ("epoch", body.epoch == card.epoch),
        ];
        if let Some((what, _)) = same.iter().find(|(_, same)| !same) {
            return Err(differs(what));
        }
        let stored = self.store.get(Table::Exports, &export_key(key_id, &body.op_id))?;
        let Some(stored) = stored else {
            return Err(denied(format!(
                "{} has no export {} of this key that waits for a receipt: it never was, or a later import closed it",
                self.name, body.op_id
            )));
        };
        let open: OpenExport = codec::from_json("export", &stored, JSON_CAP)?;
        let kind = match open.share_blob_hash {
            _ if open.recovery => ReceiptKind::Recovery,
            Some(_) => ReceiptKind::Export,
            None => ReceiptKind::Aux,
        };
        let same = [
            ("purpose", body.kind == kind),
            ("shard", body.share_blob_hash == open.share_blob_hash),
            ("aux", body.aux_blob_hash == open.aux_blob_hash),
            ("core", body.core_hash == open.core_hash),
            ("recipient", body.recipient == open.recipient),
            (
                "share",
                kind == ReceiptKind::Aux
                    || body.verification_share.as_ref() == card.verification_share(body.index),
            ),
        ];
        if let Some((what, _)) = same.iter().find(|(_, same)| !same) {
            return Err(differs(what));
        }
        if !open.delete {
            return Err(denied("this export was not to delete anything; export with --delete".to_owned()));
        }
        // Who was replaced, or changed their identity, since: nobody has opened this very blob.
        if body.signer != open.custodian || enrolled.card.card.recipient != open.recipient {
            return Err(denied(format!(
                "this export was for {} as they were enrolled then; the custodian of {} has changed since: export again",
                open.custodian, self.name
            )));
        }
        let renewed = known.entry.aux_id.is_some() && known.entry.aux_id != open.aux_id;
        if renewed && !open.released {
            return Err(denied("the aux of the key was renewed after this export; export again".to_owned()));
        }
        Ok((known.entry, open))
    }

    /// Whose receipt counts: the custodian enrolled for this node; of a share that was sealed for a recovery the person
    /// whose device it went to.
    fn receipt_signer(&self, receipt: &Receipt) -> Result<&PersonEntry, NodeError> {
        let body = &receipt.receipt;
        let denied = |message: String| NodeError::new(FailureKind::Denied, message);
        let current = self.chain.current();
        let enrolled = match body.kind {
            ReceiptKind::Recovery => current.person(&body.signer),
            _ => current.custodian(&self.name),
        };
        let enrolled = enrolled.ok_or_else(|| match body.kind {
            ReceiptKind::Recovery => denied(format!("{} is not enrolled", body.signer)),
            _ => denied(format!("no custodian is enrolled for {}", self.name)),
        })?;
        if body.version != 1 {
            return Err(fixable(format!(
                "the receipt has version {}; this program reads version 1",
                body.version
            )));
        }
        if body.signer != enrolled.name {
            let who = &enrolled.name;
            return Err(denied(format!(
                "the receipt is {}'s; the custodian of {} is {who}",
                body.signer, self.name
            )));
        }
        receipt
            .verify(&enrolled.card.card.approval_key)
            .map_err(|e| NodeError::new(FailureKind::Integrity, e))?;
        self.check_stays(enrolled, body.kind)?;
        Ok(enrolled)
    }

    /// A version that this node has signed binds it, also while somebody keeps from it that all have.
    fn check_stays(&self, holder: &PersonEntry, kind: ReceiptKind) -> Result<(), NodeError> {
        let Some(next) = genesis::candidate(&self.store)? else { return Ok(()) };
        let then = match kind {
            ReceiptKind::Recovery => next.person(&holder.name),
            _ => next.custodian(next.holder(&self.name)),
        };
        if then.is_some_and(|then| then.card.card == holder.card.card) {
            return Ok(());
        }
        let (who, name) = (&holder.name, &self.name);
        let message = format!("{who} is replaced by the next genesis, which {name} has signed");
        Err(NodeError::new(FailureKind::Denied, message))
    }

    /// A later import makes every earlier export of the key, under any of its ids, one that releases nothing.
    pub(super) fn close_exports(&self, key_ids: &[KeyId], batch: &mut Batch) -> Result<(), NodeError> {
        for key_id in key_ids {
            for (key, _) in self.exports(key_id)? {
                batch.remove(Table::Exports, &key);
                let op_id = key.get(key_id.as_bytes().len()..).and_then(|op_id| op_id.try_into().ok());
                if let Some(op_id) = op_id.map(HexArray) {
                    batch.put(Table::Consumed, &done_key(&op_id), Vec::new());
                }
            }
        }
        Ok(())
    }

    fn exports(&self, key_id: &KeyId) -> Result<Vec<Record>, NodeError> {
        let page = self.store.page(Table::Exports, Some(key_id.as_bytes()), OPEN_CAP + 1)?;
        Ok(page.into_iter().take_while(|(key, _)| key.starts_with(key_id.as_bytes())).collect())
    }

    fn make_room(&self, key_id: &KeyId, batch: &mut Batch) -> Result<(), NodeError> {
        let mut open = Vec::new();
        for (key, bytes) in self.exports(key_id)? {
            let export: OpenExport = codec::from_json("export", &bytes, JSON_CAP)?;
            open.push((!export.released, export.time, export.op_id, key));
        }
        if open.len() >= OPEN_CAP
            && let Some((_, _, op_id, oldest)) = open.iter().min()
        {
            batch.remove(Table::Exports, oldest);
            // Nobody would know of it when an import closes the others.
            batch.put(Table::Consumed, &done_key(op_id), Vec::new());
        }
        Ok(())
    }

    /// When the last share and aux have left, the primes of the pool go too: one of them could be behind the
    /// next aux of a share that is away.
    fn drain_pool(&mut self) -> Result<(), NodeError> {
        if self.store.any_blob(BlobKind::Share, &[])? || self.store.any_blob(BlobKind::Aux, &[])? {
            return Ok(());
        }
        for id in self.store.blob_ids(BlobKind::Prime)? {
            let mut batch = Batch::new();
            batch.remove(Table::Pool, &id);
            self.store.delete_blob(BlobKind::Prime, &id, batch)?;
        }
        Ok(())
    }
}

fn export_key(key_id: &KeyId, op_id: &OpId) -> Vec<u8> {
    [key_id.as_bytes().as_slice(), &op_id.0].concat()
}

fn described(mut note: Note, open: &OpenExport) -> Note {
    note = note.with("custodian", &open.custodian);
    if let Some(hash) = open.share_blob_hash {
        note = note.with("share", hash);
    }
    if let Some(hash) = open.aux_blob_hash {
        note = note.with("aux", hash);
    }
    note
}

impl From<ShardError> for NodeError {
    fn from(error: ShardError) -> Self {
        let kind = match error {
            ShardError::NotCustodian { .. } | ShardError::NoCustodian(_) | ShardError::Expired(_) => {
                FailureKind::Denied
            }
            ShardError::Misplaced { .. } | ShardError::OtherSet { .. } => FailureKind::Denied,
            ShardError::Version { .. } => FailureKind::Fixable,
            _ => FailureKind::Integrity,
        };
        Self::new(kind, error)
    }
}
