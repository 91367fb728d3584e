//! What becomes durable between the stages of an operation, and before this node signs for it.

use std::collections::BTreeMap;

use super::{
    Machine, NodeError, Outcome, SignatureOutput, keybook,
    keybook::{KeyEntry, KeyRecord, KeyState},
    machine::done_key,
};
use crate::{
    audit::Event,
    codec::{self, Hex},
    curve::{self},
    digest::Hash,
    keyshare::{DirtyKeyCard, KeyCardBody, KeyShare, ShareCore},
    paillier::{AuxPrimes, AuxShare, AuxTable, AuxTableBody},
    protocol::{Fault, Party, activate, auxgen, dkg::Generated},
    request::{Approved, Request},
    store::{Batch, BlobKind, Table},
};

use super::{
    held::fixable,
    running::{Failure, Verification},
};

impl Machine {
    /// Makes a fresh share durable as pending, before this node signs for it.
    pub(super) fn store_share(
        &mut self,
        request: &Approved<Request>,
        template: KeyCardBody,
        me: u16,
        generated: Generated,
    ) -> Result<KeyShare, Failure> {
        let card = generated.complete(template);
        let share =
            KeyShare::new(card, me, generated.scalar, generated.chain_code).map_err(NodeError::from)?;
        let card = share.card();
        let card_hash = card.hash().map_err(NodeError::from)?;
        let key = self.secrets.signing();
        let core = ShareCore::sign(&card_hash, me, share.scalar().expose(), share.chain_code(), key)
            .map_err(NodeError::from)?;
        if self.store.get(Table::Renounced, card.key_id.as_bytes()).map_err(NodeError::from)?.is_some() {
            return Err(Fault::local("the key was renounced meanwhile").into());
        }
        if keybook::record(&self.store, &card.group_public_key).map_err(NodeError::from)?.is_some() {
            return Err(Fault::local(
                "a freshly generated key is known already: randomness repeated itself (R10)",
            )
            .into());
        }
        let entry = KeyEntry {
            version: 1,
            state: KeyState::Pending,
            card: DirtyKeyCard { card: card.clone(), signatures: Vec::new(), proof: Hex::default() },
            alias: None,
            index: me,
            op_id: request.get().op_id,
            created_at: self.now(),
            aux_id: None,
            pending_aux_id: None,
        };
        let mut batch = Batch::new();
        keybook::put_entry(&mut batch, &entry).map_err(NodeError::from)?;
        keybook::put_record(&mut batch, &KeyRecord::new(card, me)).map_err(NodeError::from)?;
        let blob = keybook::share_blob(&card.key_id, card.epoch);
        self.store.put_blob(BlobKind::Share, &blob, core.bytes(), batch).map_err(NodeError::from)?;
        let note = self.note_of(Event::KeyPending, request.get().op_id, &request.get().action);
        self.note(note.with("card", card_hash))?;
        Ok(share)
    }

    /// The activation party; its signature says that the share is durable here.
    pub(super) fn activation(&self, share: &KeyShare) -> Result<Box<dyn Party<DirtyKeyCard>>, NodeError> {
        self.check_durable()?;
        let hash = share.card().hash()?;
        let genesis = self.chain.version(&share.card().genesis_hash);
        let genesis = genesis.ok_or_else(|| fixable("the key belongs to another genesis".to_owned()))?;
        let mut keys = Vec::new();
        for name in &share.card().roster {
            let node = genesis.node(name).ok_or_else(|| fixable(format!("{name} is not in the genesis")))?;
            keys.push(node.card.signing_key);
        }
        Ok(activate::party(share, self.secrets.signing().sign(&hash), keys)?)
    }

    pub(super) fn finish_activation(
        &mut self,
        request: &Approved<Request>,
        card: DirtyKeyCard,
    ) -> Result<Outcome, Failure> {
        let card = card.check(&self.chain).map_err(NodeError::from)?;
        let entry = keybook::entry(&self.store, &card.body().key_id).map_err(NodeError::from)?;
        let mut entry = entry.ok_or_else(|| Fault::local("the pending key is gone"))?;
        (entry.state, entry.card) = (KeyState::Active, card.dirty().clone());
        let mut batch = Batch::new();
        keybook::put_entry(&mut batch, &entry).map_err(NodeError::from)?;
        self.store.write(batch).map_err(NodeError::from)?;
        let note = self.note_of(Event::KeyActivated, request.get().op_id, &request.get().action);
        self.note(note.with("card", card.hash()))?;
        Ok(Outcome::Activated(Box::new(card.dirty().clone())))
    }

    /// Makes this node's half of a fresh aux durable, before it signs the table.
    pub(super) fn store_aux(
        &mut self,
        request: &Approved<Request>,
        me: u16,
        primes: &AuxPrimes,
        table: AuxTableBody,
    ) -> Result<Box<dyn Party<AuxTable>>, Failure> {
        let key_id = request.get().key_id().map_err(NodeError::from)?;
        let entry = keybook::entry(&self.store, &key_id).map_err(NodeError::from)?;
        let mut entry = entry.ok_or_else(|| Fault::local("the key is gone"))?;
        let core = primes.core(&table, me, self.secrets.signing()).map_err(NodeError::from)?;
        // Reading it back checks that the table's row of this node is made of these primes.
        AuxShare::read(&core, &table, &self.card.card.signing_key).map_err(NodeError::from)?;
        if let Some(stale) = entry.pending_aux_id.take() {
            let blob = keybook::aux_blob(&key_id, &stale);
            self.store.delete_blob(BlobKind::Aux, &blob, Batch::new()).map_err(NodeError::from)?;
        }
        entry.pending_aux_id = Some(table.aux_id);
        let mut batch = Batch::new();
        keybook::put_entry(&mut batch, &entry).map_err(NodeError::from)?;
        let blob = keybook::aux_blob(&key_id, &table.aux_id);
        self.store.put_blob(BlobKind::Aux, &blob, &core, batch).map_err(NodeError::from)?;
        self.check_durable()?;
        let holders = entry.card().holders(&self.chain).map_err(NodeError::from)?;
        let mut keys = BTreeMap::new();
        for row in &table.rows {
            let name = usize::from(row.index).checked_sub(1).and_then(|at| holders.get(at));
            let name = name.ok_or_else(|| Fault::local("a holder is unknown"))?;
            let node = self.chain.current().node(name).ok_or_else(|| Fault::local("a holder is unknown"))?;
            keys.insert(row.index, node.card.signing_key);
        }
        let signature = self.secrets.signing().sign(&table.hash().map_err(NodeError::from)?);
        Ok(auxgen::sign_table(table, signature, keys))
    }

    /// Takes a table that all holders signed into use; the aux before it goes.
    pub(super) fn finish_aux(
        &mut self,
        request: &Approved<Request>,
        table: AuxTable,
    ) -> Result<Outcome, Failure> {
        let key_id = request.get().key_id().map_err(NodeError::from)?;
        let entry = keybook::entry(&self.store, &key_id).map_err(NodeError::from)?;
        let mut entry = entry.ok_or_else(|| Fault::local("the key is gone"))?;
        let aux_id = table.table.aux_id;
        let table_hash = table.table.hash().map_err(NodeError::from)?;
        if entry.pending_aux_id != Some(aux_id) {
            return Err(Fault::local("another aux was begun meanwhile").into());
        }
        let previous = entry.aux_id.replace(aux_id);
        entry.pending_aux_id = None;
        let bytes = codec::canonical("aux table", &table).map_err(NodeError::from)?;
        let mut batch = Batch::new();
        keybook::put_entry(&mut batch, &entry).map_err(NodeError::from)?;
        batch.put(Table::Aux, &keybook::aux_blob(&key_id, &aux_id), bytes);
        // The same request makes no second aux, which would be there when this one has left.
        batch.put(Table::Consumed, &done_key(&request.get().op_id), Vec::new());
        self.store.write(batch).map_err(NodeError::from)?;
        if let Some(previous) = previous {
            let blob = keybook::aux_blob(&key_id, &previous);
            let mut batch = Batch::new();
            batch.remove(Table::Aux, &blob);
            self.store.delete_blob(BlobKind::Aux, &blob, batch).map_err(NodeError::from)?;
        }
        let note = self.note_of(Event::AuxCompleted, request.get().op_id, &request.get().action);
        self.note(note.with("table", table_hash))?;
        Ok(Outcome::AuxReady { aux_id, table_hash })
    }

    /// A signature leaves only after a second implementation verified it (R11).
    pub(super) fn finish_signature(
        &mut self,
        request: &Approved<Request>,
        signature: SignatureOutput,
        verification: &Verification,
    ) -> Result<Outcome, Failure> {
        let Verification { curve, key, payload } = verification;
        curve::verify(*curve, key, payload, &signature.signature)
            .map_err(|e| Fault::local(format!("the finished signature did not verify: {e}")))?;
        let note = self.note_of(Event::SigningCompleted, request.get().op_id, &request.get().action);
        self.note(note.with("signature", Hash::plain(&signature.signature)))?;
        self.end_lease(request.get().op_id, "signed")?;
        Ok(Outcome::Signed(signature))
    }
}
