//! The keyslot file: one 4 KiB slot per resident blob, holding that blob's wrapped data key and
//! overwritten in place when the blob is deleted.

use std::fs::File;
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};

use rand_core::OsRng;

use super::StoreError;
use super::files::{self, io_error};
use crate::codec::HexArray;
use crate::secret::Secret;
use crate::wrap::{self, NONCE_LEN, TAG_LEN};

/// Bytes of a slot: the unit that disks write whole.
pub const SLOT_LEN: usize = 4096;
/// Slots by which the file grows.
pub const EXTENT: u32 = 256;

const FILE_MAGIC: &[u8; 16] = b"quorate-keyslots";
const SLOT_MAGIC: &[u8; 8] = b"keyslot\x01";
const VERSION: u32 = 1;
const SEALED_LEN: usize = 32 + TAG_LEN;
const SEALED_AT: usize = 8 + 4 + NONCE_LEN;

/// A random name that ties a record database and its keyslot file together.
pub(super) type StoreId = [u8; 16];

/// An open keyslot file. Slot 0 is the header; data keys live in slots from 1.
#[derive(Debug)]
pub struct Keyslots {
    file: File,
    path: PathBuf,
    store: StoreId,
    key: Secret<32>,
    slots: u32,
}

impl Keyslots {
    /// Creates the file with its first extent, durably.
    pub(super) fn create(path: &Path, store: StoreId) -> Result<(), StoreError> {
        files::check_poison()?;
        let file = files::private_options()
            .write(true)
            .create_new(true)
            .open(path)
            .map_err(io_error("creating", path))?;
        let mut header = Vec::with_capacity(SLOT_LEN);
        header.extend_from_slice(FILE_MAGIC);
        header.extend_from_slice(&VERSION.to_be_bytes());
        header.extend_from_slice(&store);
        header.resize(SLOT_LEN, 0);
        file.write_all_at(&header, 0).map_err(io_error("writing", path))?;
        fill_zeros(&file, path, 1, EXTENT)?;
        files::sync(&file, path)?;
        Ok(files::sync_parent(path)?)
    }

    /// Opens the file of the store `store`; `key` wraps its data keys.
    pub(super) fn open(path: &Path, store: StoreId, key: Secret<32>) -> Result<Self, StoreError> {
        let mut options = files::private_options();
        let file = options.read(true).write(true).open(path).map_err(|e| match e.kind() {
            std::io::ErrorKind::NotFound => damaged(path, "it is missing"),
            _ => io_error("opening", path)(e).into(),
        })?;
        let meta = file.metadata().map_err(io_error("reading", path))?;
        // A power cut while growing leaves a part of an extent; whole slots of it count.
        let slots =
            u32::try_from(meta.len() / SLOT_LEN as u64).map_err(|_| damaged(path, "it is too large"))?;
        if !meta.is_file() || slots == 0 {
            return Err(damaged(path, "it has no header"));
        }
        let this = Self { file, path: path.into(), store, key, slots };
        let header = this.read_raw(0)?;
        if header.get(..16) != Some(FILE_MAGIC.as_slice()) {
            return Err(damaged(path, "its header is not one"));
        }
        let version = be_u32(&header, 16);
        if version != Some(VERSION) {
            return Err(StoreError::Newer { found: version.unwrap_or_default(), known: VERSION });
        }
        if header.get(20..36) != Some(store.as_slice()) {
            return Err(damaged(path, "it belongs to another store"));
        }
        Ok(this)
    }

    /// Whether any slot of a file, readable or not, holds more than zeros.
    pub(super) fn any_in_use(path: &Path) -> Result<bool, StoreError> {
        let mut file = match File::open(path) {
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(false),
            other => other.map_err(io_error("opening", path))?,
        };
        let mut header = true;
        let mut chunk = vec![0; SLOT_LEN];
        loop {
            let len = std::io::Read::read(&mut file, &mut chunk).map_err(io_error("reading", path))?;
            if len == 0 {
                return Ok(false);
            }
            if !header && chunk.iter().take(len).any(|&b| b != 0) {
                return Ok(true);
            }
            header = false;
        }
    }

    /// Puts the wrapped data key of blob `owner` into `slot`, durably.
    pub(super) fn write(&mut self, slot: u32, owner: &[u8], data_key: &Secret<32>) -> Result<(), StoreError> {
        files::check_poison()?;
        self.grow_to(slot)?;
        let nonce = HexArray::<NONCE_LEN>::random(&mut OsRng).0;
        let sealed = wrap::seal(&self.key, &nonce, &self.aad(slot, owner), data_key.expose())
            .ok_or_else(|| damaged(&self.path, "a data key could not be wrapped"))?;
        let mut bytes = Vec::with_capacity(SLOT_LEN);
        bytes.extend_from_slice(SLOT_MAGIC);
        bytes.extend_from_slice(&slot.to_be_bytes());
        bytes.extend_from_slice(&nonce);
        bytes.extend_from_slice(&sealed);
        bytes.resize(SLOT_LEN, 0);
        self.write_raw(slot, &bytes)
    }

    /// The data key of blob `owner`, if `slot` holds it.
    pub(super) fn read(&self, slot: u32, owner: &[u8]) -> Result<Secret<32>, StoreError> {
        let bytes = self.read_raw(slot)?;
        let no_key = || damaged(&self.path, &format!("slot {slot} does not hold the key of its blob"));
        unwrap_slot(&self.key, &self.aad(slot, owner), &bytes).ok_or_else(no_key)
    }

    /// Overwrites `slot` with zeros, durably. What the medium itself still remembers is not ours to say.
    pub(super) fn wipe(&mut self, slot: u32) -> Result<(), StoreError> {
        files::check_poison()?;
        if slot >= self.slots {
            return Ok(());
        }
        self.write_raw(slot, &[0; SLOT_LEN])
    }

    /// Whether nothing is in `slot`; slots past the end of the file are empty.
    pub(super) fn is_zero(&self, slot: u32) -> Result<bool, StoreError> {
        Ok(slot >= self.slots || self.read_raw(slot)?.iter().all(|&b| b == 0))
    }

    /// The data key in a raw copy of a slot, for tests that play the attacker.
    #[cfg(test)]
    pub(super) fn try_piece(&self, piece: &[u8], slot: u32, owner: &[u8]) -> Option<Secret<32>> {
        unwrap_slot(&self.key, &self.aad(slot, owner), piece)
    }

    fn grow_to(&mut self, slot: u32) -> Result<(), StoreError> {
        if slot < self.slots {
            return Ok(());
        }
        let end = (slot / EXTENT).checked_add(1).and_then(|extents| extents.checked_mul(EXTENT));
        let end = end.ok_or_else(|| damaged(&self.path, "it is full"))?;
        fill_zeros(&self.file, &self.path, self.slots, end)?;
        files::sync(&self.file, &self.path)?;
        self.slots = end;
        Ok(())
    }

    fn write_raw(&self, slot: u32, bytes: &[u8]) -> Result<(), StoreError> {
        if slot == 0 || bytes.len() != SLOT_LEN {
            return Err(damaged(&self.path, "slot 0 is not for keys"));
        }
        self.file.write_all_at(bytes, offset(slot)).map_err(io_error("writing", &self.path))?;
        Ok(files::sync(&self.file, &self.path)?)
    }

    fn read_raw(&self, slot: u32) -> Result<Vec<u8>, StoreError> {
        if slot >= self.slots {
            return Err(damaged(&self.path, &format!("it ends before slot {slot}")));
        }
        let mut bytes = vec![0; SLOT_LEN];
        self.file.read_exact_at(&mut bytes, offset(slot)).map_err(io_error("reading", &self.path))?;
        Ok(bytes)
    }

    fn aad(&self, slot: u32, owner: &[u8]) -> Vec<u8> {
        [b"quorate/keyslot/v1".as_slice(), &self.store, &slot.to_be_bytes(), owner].concat()
    }
}

fn unwrap_slot(key: &Secret<32>, aad: &[u8], bytes: &[u8]) -> Option<Secret<32>> {
    if bytes.get(..8)? != SLOT_MAGIC {
        return None;
    }
    let nonce: &[u8; NONCE_LEN] = bytes.get(12..SEALED_AT)?.try_into().ok()?;
    let sealed = bytes.get(SEALED_AT..SEALED_AT + SEALED_LEN)?;
    Secret::from_slice(wrap::open(key, nonce, aad, sealed).ok()?.expose())
}

/// Real zeros rather than a hole: a slot written later must not need new space.
fn fill_zeros(file: &File, path: &Path, from: u32, to: u32) -> Result<(), StoreError> {
    let zeros = vec![0; SLOT_LEN * 16];
    let (mut at, end) = (offset(from), offset(to));
    while at < end {
        let len = usize::try_from(end - at).unwrap_or(usize::MAX).min(zeros.len());
        let (part, _) = zeros.split_at(len);
        file.write_all_at(part, at).map_err(io_error("extending", path))?;
        at += len as u64;
    }
    Ok(())
}

fn offset(slot: u32) -> u64 {
    u64::from(slot) * SLOT_LEN as u64
}

fn be_u32(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

fn damaged(path: &Path, reason: &str) -> StoreError {
    StoreError::Damaged { what: path.display().to_string(), reason: reason.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(path: &Path) -> Keyslots {
        Keyslots::open(path, [7; 16], Secret::fill(|key| key.fill(1))).unwrap()
    }

    fn len(path: &Path) -> u64 {
        std::fs::metadata(path).unwrap().len()
    }

    #[test]
    fn grows_by_whole_extents_and_never_shrinks() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("keyslots");
        Keyslots::create(&path, [7; 16]).unwrap();
        assert_eq!(len(&path), 256 * 4096);
        let mut slots = open(&path);
        for slot in [255, 256, 700] {
            slots.write(slot, b"owner", &Secret::fill(|key| key.fill(9))).unwrap();
        }
        assert_eq!(len(&path), 768 * 4096);
        slots.wipe(700).unwrap();
        slots.wipe(100_000).unwrap();
        assert_eq!(len(&path), 768 * 4096);
        let slots = open(&path);
        assert_eq!(slots.read(256, b"owner").unwrap().expose(), &[9; 32]);
        assert!(slots.is_zero(700).unwrap() && slots.is_zero(100_000).unwrap());
        for wrong in [slots.read(700, b"owner"), slots.read(256, b"other"), slots.read(768, b"owner")] {
            assert!(matches!(wrong, Err(StoreError::Damaged { .. })));
        }
    }

    #[test]
    fn a_power_cut_while_growing_leaves_a_usable_file() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("keyslots");
        Keyslots::create(&path, [7; 16]).unwrap();
        let file = std::fs::OpenOptions::new().write(true).open(&path).unwrap();
        file.set_len(300 * 4096 + 17).unwrap();
        let mut slots = open(&path);
        slots.write(300, b"owner", &Secret::fill(|key| key.fill(9))).unwrap();
        assert_eq!(len(&path), 512 * 4096);
        assert_eq!(slots.read(300, b"owner").unwrap().expose(), &[9; 32]);
    }

    #[test]
    fn the_header_slot_takes_no_key() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("keyslots");
        Keyslots::create(&path, [7; 16]).unwrap();
        let mut slots = open(&path);
        assert!(slots.write(0, b"owner", &Secret::fill(|key| key.fill(9))).is_err());
        assert!(slots.wipe(0).is_err());
        open(&path);
    }
}
