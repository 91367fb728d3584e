//! Shares come back to stay: from the custodian enrolled for this node, for the index that is its own.

use super::{
    FailureKind, Machine, NodeError, Reply,
    exposure::check_not_exposed,
    held::fixable,
    keybook,
    keybook::{KeyEntry, KeyRecord, KeyState},
};
use crate::{
    audit::Event,
    codec,
    genesis::NamedSignature,
    ids::KeyId,
    keyshare::{AliasBody, KeyCard},
    request::{Action, Approved, ImportParams, Request, SignedRequest},
    shard::{DirtyImport, OpenAux, OpenShare, ShardError},
    store::{Batch, BlobKind, Table},
};

impl Machine {
    /// Takes a share to keep. Everything that can be refused is refused before anything is written.
    pub(super) fn import(&mut self, signed: SignedRequest, import: DirtyImport) -> Result<Reply, NodeError> {
        let request = self.approve(signed)?;
        let Action::Import(params) = request.get().action.clone() else {
            return Err(fixable("this request imports nothing"));
        };
        let judged = self.judge_import(&request, &params, &import);
        let refusal = self.note_of(Event::RequestRefused, request.get().op_id, &request.get().action);
        match self.logged(refusal, judged)? {
            Judged::There => self.holding(&params.key_id, Some(request.get().op_id)),
            Judged::New(new) => {
                self.consume_next(&request)?;
                let mut note = self.note_on(Event::ShareImportInitiated, &request);
                note.heads = self.witnessed(request.get());
                self.note(note.with("custodian", &import.custodian).with("share", params.share_blob_hash))?;
                self.keep_import(&request, import, *new)
            }
        }
    }

    fn judge_import(
        &self,
        request: &Approved<Request>,
        params: &ImportParams,
        import: &DirtyImport,
    ) -> Result<Judged, NodeError> {
        let integrity = |message: &str| NodeError::new(FailureKind::Integrity, message);
        if import.version != 1 {
            return Err(ShardError::Version { what: "import", given: import.version }.into());
        }
        self.check_idle(&params.key_id, false)?;
        if params.server != self.name || import.node != self.name {
            return Err(fixable(format!("this import is for {}, not for {}", import.node, self.name)));
        }
        let parcel = &import.parcel;
        let asked = parcel.share_hash() == Some(params.share_blob_hash)
            && parcel.aux_hash() == params.aux_blob_hash
            && import.key_id() == params.key_id;
        if !asked {
            return Err(integrity("the file is not the one that the request names"));
        }
        let identity = self.secrets.recipient();
        let (card, open) = import.open(identity, &self.chain, &self.name, self.now())?;
        if request.get().key_card_hash != Some(card.hash()) {
            return Err(integrity("the request is for another card of this key"));
        }
        self.check_own_promise(card.body())?;
        let share = open.share.ok_or(ShardError::Empty)?;
        let aux = open.aux;
        if aux.as_ref().is_some_and(|aux| aux.maker != self.name) {
            return Err(ShardError::ForeignAux.into());
        }
        let record = self.judge_record(&card, import.index)?;
        let ids = &record.key_ids;
        let held = |id| self.store.any_blob(BlobKind::Share, keybook::key_prefix(id));
        let wrap_id = share.payload.last()?.op_id.ok_or(ShardError::Order("it has no id"))?;
        let used = self.store.get(Table::Consumed, &wrap_key(&wrap_id.0))?;
        match (used, held(&params.key_id)?) {
            // Running a finished import again changes nothing.
            (Some(hash), true) if hash == params.share_blob_hash.as_bytes() => return Ok(Judged::There),
            (Some(_), _) => {
                let message = format!("{} took this import before; the custodian makes a new one", self.name);
                return Err(NodeError::new(FailureKind::Denied, message));
            }
            (None, _) => {}
        }
        for id in ids {
            if held(id)? {
                return Err(fixable(format!("{} holds a share of this key already, as {id}", self.name)));
            }
        }
        self.check_entry(&params.key_id, &card)?;
        Ok(Judged::New(Box::new(New { card, record, share, aux, wrap_id: wrap_id.0 })))
    }

    /// What the node kept of the point decides: index, epoch, retirement, exposure.
    fn judge_record(&self, card: &KeyCard, index: u16) -> Result<KeyRecord, NodeError> {
        let denied = |message: String| Err(NodeError::new(FailureKind::Denied, message));
        let body = card.body();
        let Some(record) = keybook::record(&self.store, &body.group_public_key)? else {
            return Ok(KeyRecord::new(body, index));
        };
        check_not_exposed(&record)?;
        if record.retired {
            return denied("the key is retired: no share of it is taken".into());
        }
        if body.epoch < record.epoch_floor {
            return denied(format!(
                "the share is of epoch {}; this node takes {} and later",
                body.epoch, record.epoch_floor
            ));
        }
        if let Some(other) = record.indices.iter().find(|other| **other != index) {
            return denied(format!("{} held index {other} of this key; it takes no other", self.name));
        }
        Ok(record)
    }

    fn check_entry(&self, key_id: &KeyId, card: &KeyCard) -> Result<(), NodeError> {
        match keybook::entry(&self.store, key_id)? {
            Some(entry) if entry.card.card.hash()? != card.hash() => {
                let message = format!("{} knows another key under the id {key_id}", self.name);
                Err(NodeError::new(FailureKind::Integrity, message))
            }
            Some(entry) if entry.state == KeyState::Pending => {
                Err(fixable(format!("key {key_id} is still being generated on {}", self.name)))
            }
            _ => Ok(()),
        }
    }

    fn keep_import(
        &mut self,
        request: &Approved<Request>,
        import: DirtyImport,
        new: New,
    ) -> Result<Reply, NodeError> {
        let New { card, mut record, share, aux, wrap_id } = new;
        let (key_id, op_id) = (import.key_id(), request.get().op_id);
        let mut entry = match keybook::entry(&self.store, &key_id)? {
            Some(entry) => entry,
            None => KeyEntry::active(&card, import.alias_card.clone(), import.index, op_id, self.now()),
        };
        record.add_id(key_id)?;
        let mut batch = Batch::new();
        if let (Some(aux), Some(table)) = (aux, &import.parcel.aux_table) {
            let blob = keybook::aux_blob(&key_id, &table.table.aux_id);
            // Aux without its share: what a cut left of an import, or was renewed and then overtaken.
            for (id, aux_id) in self.all_aux(&entry)? {
                self.delete_aux(&id, &aux_id)?;
            }
            entry.pending_aux_id = Some(table.table.aux_id);
            let mut known = Batch::new();
            keybook::put_entry(&mut known, &entry)?;
            keybook::put_record(&mut known, &record)?;
            self.store.put_blob(BlobKind::Aux, &blob, &aux.payload.into_core(), known)?;
            entry.pending_aux_id = None;
            batch.put(Table::Aux, &blob, codec::canonical("aux table", table)?);
            entry.aux_id = Some(table.table.aux_id);
        }
        keybook::put_entry(&mut batch, &entry)?;
        keybook::put_record(&mut batch, &record)?;
        self.close_exports(&record.key_ids, &mut batch)?;
        let hash = import.parcel.share_hash().unwrap_or(crate::digest::Hash::ZERO);
        batch.put(Table::Consumed, &wrap_key(&wrap_id), hash.as_bytes().to_vec());
        let blob = keybook::share_blob(&key_id, card.body().epoch);
        self.store.put_blob(BlobKind::Share, &blob, &share.payload.into_core(), batch)?;
        let note = self.note_of(Event::ShareImported, op_id, &request.get().action);
        self.note(note.with("share", hash).with("index", import.index))?;
        self.holding(&key_id, Some(op_id))
    }

    /// Signs a second id for a key of which this node holds an index.
    pub(super) fn alias(&mut self, signed: SignedRequest) -> Result<Reply, NodeError> {
        let request = self.approve(signed)?;
        let Action::Alias(params) = request.get().action.clone() else {
            return Err(fixable("this request names no key anew"));
        };
        let known = self.complete(params.key_id, request.get().key_card_hash)?;
        check_not_exposed(&known.record)?;
        let reserved = self.store.get(Table::Consumed, &alias_key(&params.new_key_id))?;
        if reserved.is_some() || keybook::entry(&self.store, &params.new_key_id)?.is_some() {
            return Err(fixable(format!("{} knows a key {} already", self.name, params.new_key_id)));
        }
        let alias = AliasBody {
            version: 1,
            new_key_id: params.new_key_id,
            key_card_hash: known.entry.card().hash()?,
            label: params.label,
            op_id: request.get().op_id,
            genesis_hash: self.chain.current_hash(),
        };
        let mut used = self.consumption(&request, 1)?;
        used.put(Table::Consumed, &alias_key(&alias.new_key_id), alias.key_card_hash.as_bytes().to_vec());
        self.store.write(used)?;
        let note = self.note_on(Event::AliasSigned, &request);
        self.note(note.with("newKeyId", alias.new_key_id))?;
        self.check_durable()?;
        let signature = self.secrets.signing().sign(&alias.hash()?);
        Ok(Reply::AliasSigned(NamedSignature { name: self.name.clone(), signature }))
    }
}

enum Judged {
    /// This very file was imported before, and its share is here.
    There,
    New(Box<New>),
}

/// An import that may be kept.
struct New {
    card: KeyCard,
    record: KeyRecord,
    share: OpenShare,
    aux: Option<OpenAux>,
    wrap_id: [u8; 16],
}

/// An id that was signed for one key is signed for no other, and no key is generated under it.
pub(super) fn alias_key(key_id: &KeyId) -> Vec<u8> {
    [b"alias/".as_slice(), key_id.as_bytes()].concat()
}

/// An import is taken once: its wrap's id is remembered for good.
fn wrap_key(id: &[u8; 16]) -> Vec<u8> {
    [b"import/".as_slice(), id].concat()
}
