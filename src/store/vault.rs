//! The store of one node: records, and secret blobs that can be deleted for good.

use std::fmt;
use std::path::Path;

use rand_core::OsRng;
use rustix::fs::{CWD, RenameFlags};
use subtle::ConstantTimeEq as _;

use super::files::{self, io_error};
use super::keyslots::{Keyslots, StoreId};
use super::records::{Batch, Record, Records, SealedDatabase, Table, check_size};
use super::seal::SealKey;
use super::{StoreError, poisoned};
use crate::codec::HexArray;
use crate::secret::{Secret, SecretBytes};
use crate::wrap::{self, NONCE_LEN};

/// Longest name of a blob, in bytes.
pub const ID_CAP: usize = 256;
/// Largest blob, in bytes.
pub const BLOB_CAP: usize = 8 << 20;

const VERSION: u32 = 1;
const RECORDS_FILE: &str = "store.redb";
const RECORDS_NEW: &str = "store.redb.new";
const KEYSLOTS_FILE: &str = "keyslots";

/// Blob key -> where the blob is, and its ciphertext.
const BLOBS: &str = "blob";
/// Blob key -> nothing; deletions that are not finished.
const TOMBSTONES: &str = "blob-tombstone";
/// Slot -> the blob key that owns it.
const SLOTS: &str = "slot";
/// Slot -> nothing; slots used before and empty now.
const FREE: &str = "slot-free";
/// `next` -> the first slot never used.
const ALLOCATION: &str = "slot-allocation";

/// What a blob is; part of its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BlobKind {
    /// A key share core.
    Share,
    /// The secret part of aux data.
    Aux,
    /// A one-time age identity.
    Identity,
    /// A prime of the pool.
    Prime,
    /// The node's own long-term secret keys.
    Node,
}

impl BlobKind {
    const fn tag(self) -> u8 {
        match self {
            BlobKind::Share => 1,
            BlobKind::Aux => 2,
            BlobKind::Identity => 3,
            BlobKind::Prime => 4,
            BlobKind::Node => 5,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            BlobKind::Share => "share",
            BlobKind::Aux => "aux",
            BlobKind::Identity => "identity",
            BlobKind::Prime => "prime",
            BlobKind::Node => "node",
        }
    }
}

/// The open store of one node; no other process has it open.
pub struct NodeStore {
    records: Records,
    keyslots: Keyslots,
    id: StoreId,
}

impl NodeStore {
    /// Makes an empty store in `dir` (created if missing) and opens it. What an interrupted creation
    /// left is cleared away; an existing store is an error.
    pub fn create(dir: &Path, seal: &SealKey) -> Result<Self, StoreError> {
        files::create_dir_private(dir)?;
        let (records, new, keyslots) =
            (dir.join(RECORDS_FILE), dir.join(RECORDS_NEW), dir.join(KEYSLOTS_FILE));
        if exists(&records)? {
            return Err(StoreError::Exists(dir.into()));
        }
        if Keyslots::any_in_use(&keyslots)? {
            return Err(damaged(dir, "it has keyslots in use but no record database"));
        }
        files::remove_file(&keyslots)?;
        files::remove_file(&new)?;
        let id = HexArray::<16>::random(&mut OsRng).0;
        Keyslots::create(&keyslots, id)?;
        let check = seal.expand(&id, &[CHECK_INFO]);
        SealedDatabase::create(
            &new,
            &[("version", &VERSION.to_be_bytes()), ("id", &id), ("check", check.expose())],
        )?;
        rustix::fs::renameat_with(CWD, &new, CWD, &records, RenameFlags::NOREPLACE)
            .map_err(|e| io_error("creating", &records)(e.into()))?;
        files::sync_parent(&records)?;
        Self::open(dir, seal)
    }

    /// Opens the store in `dir` and finishes what a crash interrupted. Takes the same time however
    /// much the store holds.
    pub fn open(dir: &Path, seal: &SealKey) -> Result<Self, StoreError> {
        let mut this = Self::open_as_is(dir, seal)?;
        if !poisoned() {
            this.finish_deletions()?;
            this.reclaim()?;
        }
        Ok(this)
    }

    /// A record's value.
    pub fn get(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        self.records.get(table.name(), key)
    }

    /// Sets one record, durably.
    pub fn put(&self, table: Table, key: &[u8], value: impl Into<Vec<u8>>) -> Result<(), StoreError> {
        let mut batch = Batch::new();
        batch.put(table, key, value);
        self.write(batch)
    }

    /// Removes one record, durably; one that is not there is no error.
    pub fn remove(&self, table: Table, key: &[u8]) -> Result<(), StoreError> {
        let mut batch = Batch::new();
        batch.remove(table, key);
        self.write(batch)
    }

    /// Makes several changes durable together.
    pub fn write(&self, batch: Batch) -> Result<(), StoreError> {
        self.records.commit(&batch)
    }

    /// Up to `limit` records of a table in key order, after the key `after`.
    pub fn page(&self, table: Table, after: Option<&[u8]>, limit: usize) -> Result<Vec<Record>, StoreError> {
        self.records.page(table.name(), after, limit)
    }

    /// The number of records in a table.
    pub fn count(&self, table: Table) -> Result<u64, StoreError> {
        self.records.count(table.name())
    }

    /// Stores a secret under a fresh data key; `with` becomes durable in the same instant as the blob.
    pub fn put_blob(
        &mut self,
        kind: BlobKind,
        id: &[u8],
        secret: &SecretBytes,
        with: Batch,
    ) -> Result<(), StoreError> {
        let name = BlobName::new(kind, id)?;
        check_size("a blob", secret.expose().len(), BLOB_CAP)?;
        with.check_sizes()?;
        match self.blob(&name)? {
            Some(Blob { state: State::Live { .. }, .. }) => {
                return Err(StoreError::BlobExists(name.to_string()));
            }
            Some(Blob { state: State::Tombstone, slot }) => self.finish_deletion(&name, slot)?,
            None => {}
        }
        let slot = self.next_slot()?;
        let (data_key, sealed) = self.encrypt(&name, secret)?;
        self.keyslots.write(slot, &name.0, &data_key)?;
        self.record_blob(&name, slot, sealed, with)
    }

    /// The secret, or `None` if there is none or it was deleted.
    pub fn open_blob(&self, kind: BlobKind, id: &[u8]) -> Result<Option<SecretBytes>, StoreError> {
        let name = BlobName::new(kind, id)?;
        match self.blob(&name)? {
            Some(blob) => self.open_parsed(&name, &blob),
            None => Ok(None),
        }
    }

    /// Whether a blob is there, without opening it.
    pub fn has_blob(&self, kind: BlobKind, id: &[u8]) -> Result<bool, StoreError> {
        let blob = self.blob(&BlobName::new(kind, id)?)?;
        Ok(matches!(blob, Some(Blob { state: State::Live { .. }, .. })))
    }

    /// Destroys a blob. From the moment `with` is durable the blob reads as deleted, and the deletion
    /// is carried through even if this process is not there to do it. No blob: only `with` is written.
    pub fn delete_blob(&mut self, kind: BlobKind, id: &[u8], with: Batch) -> Result<(), StoreError> {
        let name = BlobName::new(kind, id)?;
        match self.blob(&name)? {
            None => self.write(with),
            Some(Blob { state: State::Tombstone, slot }) => {
                self.write(with)?;
                self.finish_deletion(&name, slot)
            }
            Some(Blob { state: State::Live { .. }, slot }) => {
                self.bury(&name, slot, with)?;
                self.finish_deletion(&name, slot)
            }
        }
    }

    /// Reads everything: pages, records, and the key of every blob. Time grows with the store.
    pub fn verify(&mut self) -> Result<(), StoreError> {
        self.records.verify()?;
        let mut after: Option<Vec<u8>> = None;
        loop {
            let page = self.records.page(BLOBS, after.as_deref(), 64)?;
            let Some((last, _)) = page.last() else { return Ok(()) };
            after = Some(last.clone());
            for (key, bytes) in page {
                let name = BlobName(key);
                let blob =
                    Blob::parse(&bytes).ok_or_else(|| damaged_blob(&name, "its record is malformed"))?;
                self.open_parsed(&name, &blob)?;
            }
        }
    }

    /// Whether there is a blob of a kind whose id begins with `prefix`; takes the same time however many
    /// others there are.
    pub fn any_blob(&self, kind: BlobKind, prefix: &[u8]) -> Result<bool, StoreError> {
        Ok(!self.blobs_of(kind, prefix, 1)?.is_empty())
    }

    /// Ids of up to `limit` blobs of a kind that begin with `prefix` and go on after it, sorted.
    pub fn blobs_of(&self, kind: BlobKind, prefix: &[u8], limit: usize) -> Result<Vec<Vec<u8>>, StoreError> {
        let start = [&[kind.tag()], prefix].concat();
        let mut after = start.clone();
        let mut ids = Vec::new();
        while ids.len() < limit {
            let page = self.records.page(BLOBS, Some(&after), limit.min(64))?;
            let Some((last, _)) = page.last() else { break };
            after = last.clone();
            for (key, value) in page {
                let Some(id) = key.get(1..).filter(|_| key.starts_with(&start)) else { return Ok(ids) };
                if value.first() == Some(&LIVE) && ids.len() < limit {
                    ids.push(id.to_vec());
                }
            }
        }
        Ok(ids)
    }

    /// The ids of all blobs of a kind, sorted.
    pub fn blob_ids(&self, kind: BlobKind) -> Result<Vec<Vec<u8>>, StoreError> {
        self.blobs_of(kind, &[], usize::MAX)
    }
}

impl fmt::Debug for NodeStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NodeStore({})", HexArray(self.id))
    }
}

const CHECK_INFO: &[u8] = b"quorate/store-check/v1";
const LIVE: u8 = 1;
const BURIED: u8 = 2;

/// Kind and id; the key of the blob's record.
struct BlobName(Vec<u8>);

impl BlobName {
    fn new(kind: BlobKind, id: &[u8]) -> Result<Self, StoreError> {
        check_size("a blob's id", id.len(), ID_CAP)?;
        if id.is_empty() {
            return Err(damaged(Path::new("a blob"), "it has no id"));
        }
        Ok(Self([&[kind.tag()], id].concat()))
    }
}

impl fmt::Display for BlobName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (tag, id) = self.0.split_first().map_or((0, [].as_slice()), |(tag, id)| (*tag, id));
        let kinds = [BlobKind::Share, BlobKind::Aux, BlobKind::Identity, BlobKind::Prime, BlobKind::Node];
        let kind = kinds.iter().find(|kind| kind.tag() == tag).map_or("blob", |kind| kind.name());
        write!(f, "{kind} {}", hex::encode(id))
    }
}

struct Blob {
    slot: u32,
    state: State,
}

enum State {
    Live { nonce: [u8; NONCE_LEN], sealed: Vec<u8> },
    Tombstone,
}

impl Blob {
    /// `state | slot (4, big-endian) | nonce (12) | ciphertext and tag`; a tombstone ends after the slot.
    fn parse(bytes: &[u8]) -> Option<Self> {
        let (&state, rest) = bytes.split_first()?;
        let (slot, rest) = rest.split_first_chunk::<4>()?;
        let state = match state {
            LIVE => {
                let (nonce, sealed) = rest.split_first_chunk::<NONCE_LEN>()?;
                State::Live { nonce: *nonce, sealed: sealed.to_vec() }
            }
            BURIED if rest.is_empty() => State::Tombstone,
            _ => return None,
        };
        Some(Self { slot: u32::from_be_bytes(*slot), state })
    }
}

/// The single steps; the order among them is what makes deletion and creation safe.
impl NodeStore {
    fn open_as_is(dir: &Path, seal: &SealKey) -> Result<Self, StoreError> {
        let (records, keyslots) = (dir.join(RECORDS_FILE), dir.join(KEYSLOTS_FILE));
        if !exists(&records)? {
            return Err(if exists(&keyslots)? {
                damaged(dir, "the record database is missing, or creating the store was interrupted")
            } else {
                StoreError::Missing(dir.into())
            });
        }
        let database = SealedDatabase::open(&records)?;
        let no_format = || damaged(&records, "its format table is not readable");
        let version = database.format("version")?.ok_or_else(no_format)?;
        let version = u32::from_be_bytes(version.try_into().map_err(|_| no_format())?);
        if version != VERSION {
            return Err(StoreError::Newer { found: version, known: VERSION });
        }
        let id: StoreId =
            database.format("id")?.ok_or_else(no_format)?.try_into().map_err(|_| no_format())?;
        let check = database.format("check")?.ok_or_else(no_format)?;
        if !bool::from(seal.expand(&id, &[CHECK_INFO]).expose().ct_eq(&check[..])) {
            return Err(StoreError::WrongSeal);
        }
        let keyslots = Keyslots::open(&keyslots, id, seal.expand(&id, &[b"quorate/keyslots/v1"]))?;
        let records = database.with_key(seal.expand(&id, &[b"quorate/records/v1"]));
        Ok(Self { records, keyslots, id })
    }

    fn blob(&self, name: &BlobName) -> Result<Option<Blob>, StoreError> {
        let Some(bytes) = self.records.get(BLOBS, &name.0)? else { return Ok(None) };
        Blob::parse(&bytes).map(Some).ok_or_else(|| damaged_blob(name, "its record is malformed"))
    }

    fn open_parsed(&self, name: &BlobName, blob: &Blob) -> Result<Option<SecretBytes>, StoreError> {
        let State::Live { nonce, sealed } = &blob.state else { return Ok(None) };
        let data_key = self.keyslots.read(blob.slot, &name.0)?;
        let opened = wrap::open(&data_key, nonce, &self.blob_aad(name), sealed);
        opened.map(Some).map_err(|_| damaged_blob(name, "its ciphertext was altered"))
    }

    fn encrypt(&self, name: &BlobName, secret: &SecretBytes) -> Result<(Secret<32>, Vec<u8>), StoreError> {
        let data_key = Secret::random(&mut OsRng);
        let nonce = HexArray::<NONCE_LEN>::random(&mut OsRng).0;
        let sealed = wrap::seal(&data_key, &nonce, &self.blob_aad(name), secret.expose())
            .ok_or_else(|| damaged_blob(name, "it could not be encrypted"))?;
        Ok((data_key, [nonce.as_slice(), &sealed].concat()))
    }

    fn blob_aad(&self, name: &BlobName) -> Vec<u8> {
        [b"quorate/blob/v1".as_slice(), &self.id, &name.0].concat()
    }

    /// The slot that the next blob gets: the lowest free one, or the first never used. It stays the
    /// same until a record uses it, so a slot whose record never came can only be this one.
    fn next_slot(&self) -> Result<u32, StoreError> {
        let inconsistent = |reason: &str| damaged(Path::new("the slot allocation"), reason);
        let slot = match self.records.page(FREE, None, 1)?.pop() {
            Some((key, _)) => {
                u32::from_be_bytes(key.try_into().map_err(|_| inconsistent("a free slot is malformed"))?)
            }
            None => self.first_unused()?,
        };
        if slot == 0 || self.records.get(SLOTS, &slot.to_be_bytes())?.is_some() {
            return Err(inconsistent("a slot is both free and in use"));
        }
        Ok(slot)
    }

    fn first_unused(&self) -> Result<u32, StoreError> {
        let Some(bytes) = self.records.get(ALLOCATION, b"next")? else { return Ok(1) };
        let bytes = bytes.try_into().map_err(|_| damaged(Path::new("the slot allocation"), "malformed"))?;
        Ok(u32::from_be_bytes(bytes))
    }

    /// Creation, last step: the slot is durable, now the record.
    fn record_blob(
        &mut self,
        name: &BlobName,
        slot: u32,
        sealed: Vec<u8>,
        with: Batch,
    ) -> Result<(), StoreError> {
        let mut batch = with;
        let number = slot.to_be_bytes();
        batch.put_in(BLOBS, &name.0, [&[LIVE], number.as_slice(), &sealed].concat());
        batch.put_in(SLOTS, &number, name.0.clone());
        batch.remove_in(FREE, &number);
        if slot >= self.first_unused()? {
            batch.put_in(ALLOCATION, b"next", slot.saturating_add(1).to_be_bytes().to_vec());
        }
        self.records.commit(&batch)
    }

    /// Deletion, first step: the tombstone.
    fn bury(&mut self, name: &BlobName, slot: u32, with: Batch) -> Result<(), StoreError> {
        let mut batch = with;
        batch.put_in(BLOBS, &name.0, [&[BURIED], slot.to_be_bytes().as_slice()].concat());
        batch.put_in(TOMBSTONES, &name.0, Vec::new());
        self.records.commit(&batch)
    }

    /// Deletion after the tombstone: overwrite the slot, then remove the record and free the slot.
    fn finish_deletion(&mut self, name: &BlobName, slot: u32) -> Result<(), StoreError> {
        let number = slot.to_be_bytes();
        if self.records.get(SLOTS, &number)?.as_ref() != Some(&name.0) {
            return Err(damaged_blob(name, "its slot belongs to another blob"));
        }
        self.keyslots.wipe(slot)?;
        self.forget(name, slot)
    }

    /// Deletion, last step: the slot is dead, durably; it may be used again once this is durable too.
    fn forget(&mut self, name: &BlobName, slot: u32) -> Result<(), StoreError> {
        let number = slot.to_be_bytes();
        let mut batch = Batch::new();
        batch.remove_in(BLOBS, &name.0).remove_in(TOMBSTONES, &name.0).remove_in(SLOTS, &number);
        batch.put_in(FREE, &number, Vec::new());
        self.records.commit(&batch)
    }

    fn finish_deletions(&mut self) -> Result<(), StoreError> {
        while let Some((key, _)) = self.records.page(TOMBSTONES, None, 1)?.pop() {
            let name = BlobName(key);
            match self.blob(&name)? {
                Some(Blob { state: State::Tombstone, slot }) => self.finish_deletion(&name, slot)?,
                _ => return Err(damaged_blob(&name, "a tombstone has no deleted blob")),
            }
        }
        Ok(())
    }

    /// Empties the slot of a creation that never got its record.
    fn reclaim(&mut self) -> Result<(), StoreError> {
        let slot = self.next_slot()?;
        if self.keyslots.is_zero(slot)? { Ok(()) } else { self.keyslots.wipe(slot) }
    }
}

fn exists(path: &Path) -> Result<bool, StoreError> {
    Ok(path.try_exists().map_err(io_error("looking for", path))?)
}

fn damaged(what: &Path, reason: &str) -> StoreError {
    StoreError::Damaged { what: what.display().to_string(), reason: reason.into() }
}

fn damaged_blob(name: &BlobName, reason: &str) -> StoreError {
    StoreError::Damaged { what: name.to_string(), reason: reason.into() }
}

#[cfg(test)]
mod tests;
