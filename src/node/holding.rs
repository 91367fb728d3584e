//! What this node holds, said and signed.

use std::collections::{BTreeMap, BTreeSet};

use super::{Machine, NodeError, Reply, held::fixable, keybook, keybook::KeyEntry, machine::count};
use crate::{
    audit::{Event, Note},
    codec::HexArray,
    ids::{KeyId, OpId},
    request::NodeHead,
    statement::{Holding, Lease, Resident, Signed, Status},
    store::{Batch, BlobKind, Table},
};

/// Most keys a status lists.
const RESIDENT_CAP: usize = 1000;

/// Secrets of keys. The node's own keys are none.
const KEY_SECRETS: [BlobKind; 4] = [BlobKind::Share, BlobKind::Aux, BlobKind::Prime, BlobKind::Identity];

/// Shares, aux, and what is open or could open one.
pub(super) struct Counts {
    pub(super) shares: usize,
    pub(super) aux: usize,
    pub(super) leases: usize,
}

impl Machine {
    /// States, signed and logged, what is held of a key under all its ids.
    pub(super) fn holding(&mut self, key_id: &KeyId, op_id: Option<OpId>) -> Result<Reply, NodeError> {
        let entry = keybook::entry(&self.store, key_id)?;
        let entry = entry.ok_or_else(|| fixable(format!("{} does not know key {key_id}", self.name)))?;
        let card = entry.card();
        let Counts { shares, aux, leases } = self.counts(key_id, &card.group_public_key)?;
        let mut note = Note::new(Event::HoldingStated);
        (note.key_id, note.op_id) = (Some(*key_id), op_id);
        self.note(note.with("shares", shares).with("aux", aux).with("leases", leases))?;
        self.check_durable()?;
        let statement = Holding {
            version: 1,
            node: self.name.clone(),
            genesis_id: self.chain.current().genesis_id,
            time: self.now(),
            op_id,
            key_id: *key_id,
            key_card_hash: card.hash()?,
            index: entry.index,
            shares: count(shares),
            aux: count(aux),
            leases: count(leases),
            empty: self.is_empty()?,
            head: self.log_head(),
        };
        Ok(Reply::Holding(Box::new(Signed::new(statement, self.secrets.signing())?)))
    }

    /// What is here of a point, under all its ids.
    pub(super) fn counts(&self, key_id: &KeyId, group: &[u8]) -> Result<Counts, NodeError> {
        let ids = self.ids_of(key_id, group)?;
        let mut counts = Counts { shares: 0, aux: 0, leases: 0 };
        for id in &ids {
            counts.shares += self.store.blobs_of(BlobKind::Share, id.as_bytes(), 64)?.len();
            counts.aux += self.store.blobs_of(BlobKind::Aux, id.as_bytes(), 64)?.len();
            counts.leases += self.leases_of(id)?;
        }
        Ok(counts)
    }

    /// Every id that a point goes by here.
    fn ids_of(&self, key_id: &KeyId, group: &[u8]) -> Result<BTreeSet<KeyId>, NodeError> {
        let record = keybook::record(&self.store, group)?;
        let mut ids: BTreeSet<KeyId> =
            record.map(|record| record.key_ids).unwrap_or_default().into_iter().collect();
        ids.insert(*key_id);
        Ok(ids)
    }

    /// Ids of all aux of a key id that has a blob here.
    pub(super) fn aux_ids(&self, key_id: &KeyId) -> Result<Vec<OpId>, NodeError> {
        let blobs = self.store.blobs_of(BlobKind::Aux, key_id.as_bytes(), 64)?;
        Ok(blobs.iter().filter_map(|id| id.get(16..)?.try_into().ok()).map(HexArray).collect())
    }

    /// All aux of a key under all its ids.
    pub(super) fn all_aux(&self, entry: &KeyEntry) -> Result<Vec<(KeyId, OpId)>, NodeError> {
        let mut all = Vec::new();
        for id in self.ids_of(&entry.key_id(), &entry.card().group_public_key)? {
            all.extend(self.aux_ids(&id)?.into_iter().map(|aux_id| (id, aux_id)));
        }
        Ok(all)
    }

    /// Deletes one aux of a key, its table, and what the entry says of it.
    pub(super) fn delete_aux(&mut self, key_id: &KeyId, aux_id: &OpId) -> Result<(), NodeError> {
        let blob = keybook::aux_blob(key_id, aux_id);
        let mut batch = Batch::new();
        batch.remove(Table::Aux, &blob);
        if let Some(mut entry) = keybook::entry(&self.store, key_id)? {
            entry.aux_id = entry.aux_id.filter(|id| id != aux_id);
            entry.pending_aux_id = entry.pending_aux_id.filter(|id| id != aux_id);
            keybook::put_entry(&mut batch, &entry)?;
        }
        Ok(self.store.delete_blob(BlobKind::Aux, &blob, batch)?)
    }

    /// Deletes aux that is in use nowhere: what a generation or an import left that was cut off.
    pub(super) fn drop_stray_aux(&mut self, key_id: &KeyId) -> Result<(), NodeError> {
        if self.sessions.values().any(|running| running.key() == (Some(*key_id), false)) {
            return Ok(());
        }
        let in_use = keybook::entry(&self.store, key_id)?.and_then(|entry| entry.aux_id);
        let stray: Vec<OpId> = self.aux_ids(key_id)?.into_iter().filter(|id| in_use != Some(*id)).collect();
        stray.iter().try_for_each(|aux_id| self.delete_aux(key_id, aux_id))
    }

    /// States, signed and logged, all that is held.
    pub(super) fn status(&mut self, nonce: HexArray<16>) -> Result<Reply, NodeError> {
        let shares = self.store.blob_ids(BlobKind::Share)?;
        let auxes = self.store.blob_ids(BlobKind::Aux)?;
        let mut keys: BTreeMap<KeyId, (bool, usize)> = BTreeMap::new();
        for key_id in shares.iter().filter_map(|id| keybook::key_of_blob(id)) {
            keys.entry(key_id).or_default().0 = true;
        }
        for key_id in auxes.iter().filter_map(|id| keybook::key_of_blob(id)) {
            keys.entry(key_id).or_default().1 += 1;
        }
        let mut resident = Vec::new();
        for (key_id, (share, aux)) in keys.iter().take(RESIDENT_CAP) {
            let entry = keybook::entry(&self.store, key_id)?;
            let epoch = entry.map_or(0, |entry| entry.card().epoch);
            resident.push(Resident { key_id: *key_id, epoch, share: *share, aux: count(*aux) });
        }
        self.note(Note::new(Event::HoldingStated).with("keys", keys.len()))?;
        self.check_durable()?;
        let statement = Status {
            version: 1,
            node: self.name.clone(),
            nonce,
            genesis_id: self.chain.current().genesis_id,
            genesis_hash: self.chain.current_hash(),
            program: env!("CARGO_PKG_VERSION").to_owned(),
            time: self.now(),
            more: u64::try_from(keys.len().saturating_sub(resident.len())).unwrap_or(u64::MAX),
            resident,
            pool: self.pool_sizes()?,
            leases: self.open_leases(),
            one_time: count(self.store.blobs_of(BlobKind::Identity, &[], 1000)?.len()),
            locks: self.count_locks()?,
            empty: self.is_empty()?,
            head: self.log_head(),
        };
        Ok(Reply::Status(Box::new(Signed::new(statement, self.secrets.signing())?)))
    }

    /// No share, aux, prime or one-time identity, and nothing open in memory.
    pub(super) fn is_empty(&self) -> Result<bool, NodeError> {
        for kind in KEY_SECRETS {
            if self.store.any_blob(kind, &[])? {
                return Ok(false);
            }
        }
        Ok(self.open_leases().is_empty())
    }

    pub(super) fn pool_sizes(&self) -> Result<Vec<(u16, u16)>, NodeError> {
        let of = |level| Ok((level, count(self.pool(level)?.len())));
        [256, 384, 521].into_iter().map(of).collect()
    }

    fn open_leases(&self) -> Vec<Lease> {
        self.leases.iter().map(|(op_id, lease)| lease.stated(*op_id)).collect()
    }

    /// Open shares and one-time identities of one key id.
    fn leases_of(&self, key_id: &KeyId) -> Result<usize, NodeError> {
        let open = self.leases.values().filter(|lease| lease.key_id() == *key_id).count();
        Ok(open + self.store.blobs_of(BlobKind::Identity, key_id.as_bytes(), 64)?.len())
    }

    fn count_locks(&self) -> Result<u64, NodeError> {
        let (mut locks, mut after) = (0, None::<Vec<u8>>);
        loop {
            let page = self.store.page(Table::KeyRecords, after.as_deref(), 256)?;
            let Some((last, _)) = page.last() else { return Ok(locks) };
            after = Some(last.clone());
            for (_, bytes) in &page {
                locks += keybook::read_record(bytes)?.locks.len() as u64;
            }
        }
    }

    pub(super) fn log_head(&self) -> NodeHead {
        let head = self.head();
        NodeHead { node: self.name.clone(), counter: head.counter, head: head.hash }
    }
}
