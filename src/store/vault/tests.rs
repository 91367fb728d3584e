use std::fs;
use std::os::unix::fs::FileExt as _;
use std::path::PathBuf;

use super::super::keyslots::{EXTENT, SLOT_LEN};
use super::*;

struct Home {
    dir: tempfile::TempDir,
    seal: SealKey,
}

impl Home {
    fn new() -> Self {
        Self { dir: tempfile::tempdir().unwrap(), seal: SealKey::random(&mut OsRng) }
    }

    fn path(&self) -> PathBuf {
        self.dir.path().join("node")
    }

    fn create(&self) -> NodeStore {
        NodeStore::create(&self.path(), &self.seal).unwrap()
    }

    fn open(&self) -> NodeStore {
        NodeStore::open(&self.path(), &self.seal).unwrap()
    }

    fn refused(&self) -> StoreError {
        NodeStore::open(&self.path(), &self.seal).unwrap_err()
    }

    fn slot_bytes(&self, slot: u32) -> Vec<u8> {
        let file = fs::read(self.path().join(KEYSLOTS_FILE)).unwrap();
        file[slot as usize * SLOT_LEN..][..SLOT_LEN].to_vec()
    }

    fn overwrite(&self, file: &str, at: u64, bytes: &[u8]) {
        let file = fs::OpenOptions::new().write(true).open(self.path().join(file)).unwrap();
        file.write_all_at(bytes, at).unwrap();
    }
}

fn secret(byte: u8) -> SecretBytes {
    SecretBytes::new(vec![byte; 40])
}

fn opened(store: &NodeStore, id: &[u8]) -> Option<Vec<u8>> {
    store.open_blob(BlobKind::Share, id).unwrap().map(|secret| secret.expose().to_vec())
}

fn put(store: &mut NodeStore, id: &[u8], byte: u8) {
    store.put_blob(BlobKind::Share, id, &secret(byte), Batch::new()).unwrap();
}

fn delete(store: &mut NodeStore, id: &[u8]) {
    store.delete_blob(BlobKind::Share, id, Batch::new()).unwrap();
}

#[test]
fn records_round_trip_in_key_order_and_survive_reopening() {
    let home = Home::new();
    let store = home.create();
    assert_eq!(store.get(Table::Keys, b"a").unwrap(), None);
    assert_eq!(store.count(Table::Keys).unwrap(), 0);
    for key in [b"b", b"a", b"c"] {
        store.put(Table::Keys, key, key.repeat(2)).unwrap();
    }
    store.remove(Table::Keys, b"c").unwrap();
    store.remove(Table::Keys, b"d").unwrap();
    drop(store);
    let store = home.open();
    assert_eq!(store.get(Table::Keys, b"a").unwrap(), Some(b"aa".to_vec()));
    assert_eq!(store.get(Table::Keys, b"c").unwrap(), None);
    assert_eq!(store.get(Table::Cards, b"a").unwrap(), None);
    let first = store.page(Table::Keys, None, 1).unwrap();
    assert_eq!(first, [(b"a".to_vec(), b"aa".to_vec())]);
    assert_eq!(store.page(Table::Keys, Some(b"a"), 9).unwrap(), [(b"b".to_vec(), b"bb".to_vec())]);
    assert_eq!(store.count(Table::Keys).unwrap(), 2);
}

#[test]
fn blobs_round_trip_by_kind_and_id() {
    let home = Home::new();
    let mut store = home.create();
    let mut with = Batch::new();
    with.put(Table::Keys, b"k", b"pending");
    store.put_blob(BlobKind::Share, b"k", &secret(1), with).unwrap();
    store.put_blob(BlobKind::Aux, b"k", &secret(2), Batch::new()).unwrap();
    put(&mut store, b"j", 3);
    let again = store.put_blob(BlobKind::Share, b"k", &secret(4), Batch::new());
    assert!(matches!(again, Err(StoreError::BlobExists(_))));
    drop(store);
    let mut store = home.open();
    assert_eq!(opened(&store, b"k"), Some(vec![1; 40]));
    assert_eq!(opened(&store, b"x"), None);
    assert_eq!(store.get(Table::Keys, b"k").unwrap(), Some(b"pending".to_vec()));
    assert_eq!(store.blob_ids(BlobKind::Share).unwrap(), [b"j", b"k"]);
    assert_eq!(store.blob_ids(BlobKind::Aux).unwrap(), [b"k"]);
    assert!(store.blob_ids(BlobKind::Prime).unwrap().is_empty());
    let mut with = Batch::new();
    with.put(Table::Keys, b"k", b"gone");
    store.delete_blob(BlobKind::Share, b"k", with).unwrap();
    delete(&mut store, b"k");
    assert_eq!(opened(&store, b"k"), None);
    assert!(!store.has_blob(BlobKind::Share, b"k").unwrap());
    assert!(store.has_blob(BlobKind::Aux, b"k").unwrap());
    assert_eq!(store.get(Table::Keys, b"k").unwrap(), Some(b"gone".to_vec()));
    put(&mut store, b"k", 5);
    assert_eq!(opened(&store, b"k"), Some(vec![5; 40]));
}
