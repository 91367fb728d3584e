use std::fs;
use std::os::unix::fs::FileExt as _;
use std::path::PathBuf;

use super::super::keyslots::SLOT_LEN;
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
    assert_eq!(store.page(Table::Keys, None, 1).unwrap(), [(b"a".to_vec(), b"aa".to_vec())]);
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

/// What somebody with the seal and a raw copy of both files can open: every slot-sized piece of the
/// keyslot file under every slot number and blob name, and with it every ciphertext.
fn opens_from_image(home: &Home, names: &[&[u8]], ciphertexts: &[Vec<u8>]) -> usize {
    let image = tempfile::tempdir().unwrap();
    for file in [RECORDS_FILE, KEYSLOTS_FILE] {
        fs::copy(home.path().join(file), image.path().join(file)).unwrap();
    }
    let store = NodeStore::open_as_is(image.path(), &home.seal).unwrap();
    let mut ciphertexts = ciphertexts.to_vec();
    for (_, value) in store.records.page(BLOBS, None, 1000).unwrap() {
        ciphertexts.push(value[5..].to_vec());
    }
    let bytes = fs::read(image.path().join(KEYSLOTS_FILE)).unwrap();
    let mut opened = 0;
    for piece in bytes.chunks(SLOT_LEN) {
        for slot in 0..8 {
            for name in names {
                let name = BlobName::new(BlobKind::Share, name).unwrap();
                let Some(key) = store.keyslots.try_piece(piece, slot, &name.0) else { continue };
                opened += 1;
                for bytes in &ciphertexts {
                    let Some((nonce, sealed)) = bytes.split_first_chunk() else { continue };
                    opened += usize::from(wrap::open(&key, nonce, &store.blob_aad(&name), sealed).is_ok());
                }
            }
        }
    }
    opened
}

#[test]
fn r20_after_a_deletion_neither_seal_nor_raw_image_open_the_blob() {
    let home = Home::new();
    let mut store = home.create();
    let names: [&[u8]; 3] = [b"a", b"b", b"c"];
    put(&mut store, b"a", 0xa1);
    put(&mut store, b"b", 0xb2);
    // The attacker also kept every ciphertext from before.
    let before: Vec<_> = store
        .records
        .page(BLOBS, None, 9)
        .unwrap()
        .into_iter()
        .map(|(_, value)| value[5..].to_vec())
        .collect();
    assert_eq!(opens_from_image(&home, &names, &[]), 4);
    delete(&mut store, b"a");
    assert_eq!(opens_from_image(&home, &names, &before), 1 + 2, "b, twice the same ciphertext");
    delete(&mut store, b"b");
    assert_eq!(opens_from_image(&home, &names, &before), 0);
    drop(store);
    assert_eq!(opens_from_image(&home, &names, &before), 0);
    assert!(home.slot_bytes(1).iter().chain(&home.slot_bytes(2)).all(|&b| b == 0));
}

#[test]
fn r44_no_secret_and_no_data_key_stands_in_the_clear_on_disk() {
    let home = Home::new();
    let mut store = home.create();
    put(&mut store, b"a", 0xa1);
    let name = BlobName::new(BlobKind::Share, b"a").unwrap();
    let data_key = store.keyslots.read(1, &name.0).unwrap();
    drop(store);
    for file in [RECORDS_FILE, KEYSLOTS_FILE] {
        let bytes = fs::read(home.path().join(file)).unwrap();
        for needle in [&[0xa1; 16], &data_key.expose()[..16], &home.seal.expand(&[], &[b""]).expose()[..16]] {
            assert!(!bytes.windows(16).any(|window| window == needle), "{file}");
        }
        let mode = fs::metadata(home.path().join(file)).unwrap();
        assert_eq!(std::os::unix::fs::PermissionsExt::mode(&mode.permissions()) & 0o777, 0o600);
    }
}

#[test]
fn killed_between_slot_and_record_the_slot_is_reclaimed() {
    let home = Home::new();
    let mut store = home.create();
    put(&mut store, b"a", 1);
    let name = BlobName::new(BlobKind::Share, b"b").unwrap();
    let slot = store.next_slot().unwrap();
    store.keyslots.write(slot, &name.0, &Secret::random(&mut OsRng)).unwrap();
    drop(store);
    assert!(home.slot_bytes(slot).iter().any(|&b| b != 0));
    let mut store = home.open();
    assert!(home.slot_bytes(slot).iter().all(|&b| b == 0));
    assert_eq!(opened(&store, b"a"), Some(vec![1; 40]));
    assert_eq!(opened(&store, b"b"), None);
    put(&mut store, b"b", 2);
    assert_eq!(opened(&store, b"b"), Some(vec![2; 40]));
}

#[test]
fn killed_at_any_step_of_a_deletion_it_is_finished_when_next_opened() {
    for step in 0..4 {
        let home = Home::new();
        let mut store = home.create();
        put(&mut store, b"a", 1);
        put(&mut store, b"b", 2);
        let name = BlobName::new(BlobKind::Share, b"a").unwrap();
        let mut with = Batch::new();
        with.put(Table::Operations, b"op", b"deleted");
        store.bury(&name, 1, with).unwrap();
        assert_eq!(opened(&store, b"a"), None);
        assert_eq!(store.blob_ids(BlobKind::Share).unwrap(), [b"b"]);
        match step {
            1 => home.overwrite(KEYSLOTS_FILE, SLOT_LEN as u64, &[0; 40]),
            2 | 3 => store.keyslots.wipe(1).unwrap(),
            _ => {}
        }
        if step == 3 {
            store.forget(&name, 1).unwrap();
        }
        drop(store);
        let mut store = home.open();
        assert!(home.slot_bytes(1).iter().all(|&b| b == 0), "step {step}");
        assert_eq!(opened(&store, b"a"), None);
        assert_eq!(opened(&store, b"b"), Some(vec![2; 40]));
        assert_eq!(store.get(Table::Operations, b"op").unwrap(), Some(b"deleted".to_vec()));
        assert_eq!(store.records.count(TOMBSTONES).unwrap(), 0);
        assert_eq!(store.next_slot().unwrap(), 1, "free again");
        put(&mut store, b"c", 3);
        assert_eq!(opened(&store, b"c"), Some(vec![3; 40]));
        assert_eq!(store.next_slot().unwrap(), 3);
    }
}

#[test]
fn a_slot_is_not_used_again_while_its_deletion_is_unfinished() {
    let home = Home::new();
    let mut store = home.create();
    put(&mut store, b"a", 1);
    let name = BlobName::new(BlobKind::Share, b"a").unwrap();
    store.bury(&name, 1, Batch::new()).unwrap();
    store.keyslots.wipe(1).unwrap();
    put(&mut store, b"b", 2);
    assert_eq!(store.blob(&BlobName::new(BlobKind::Share, b"b").unwrap()).unwrap().unwrap().slot, 2);
    // The same id again first finishes what is left of the old one.
    put(&mut store, b"a", 3);
    assert_eq!((opened(&store, b"a"), opened(&store, b"b")), (Some(vec![3; 40]), Some(vec![2; 40])));
}

#[test]
fn killed_without_closing_everything_acknowledged_is_there() {
    let home = Home::new();
    let mut store = home.create();
    put(&mut store, b"a", 1);
    put(&mut store, b"b", 2);
    delete(&mut store, b"b");
    let image = Home { dir: tempfile::tempdir().unwrap(), seal: home.seal.for_node("x") };
    fs::create_dir(image.path()).unwrap();
    for file in [RECORDS_FILE, KEYSLOTS_FILE] {
        fs::copy(home.path().join(file), image.path().join(file)).unwrap();
    }
    let copy = NodeStore::open(&image.path(), &home.seal).unwrap();
    assert_eq!((opened(&copy, b"a"), opened(&copy, b"b")), (Some(vec![1; 40]), None));
}

#[test]
fn a_torn_slot_harms_no_other_and_its_blob_can_still_be_deleted() {
    let home = Home::new();
    let mut store = home.create();
    for (id, byte) in [(b"a", 1), (b"b", 2), (b"c", 3)] {
        put(&mut store, id, byte);
    }
    home.overwrite(KEYSLOTS_FILE, 2 * SLOT_LEN as u64, &[0x5a; 50]);
    assert!(matches!(store.open_blob(BlobKind::Share, b"b"), Err(StoreError::Damaged { .. })));
    drop(store);
    let mut store = home.open();
    assert_eq!((opened(&store, b"a"), opened(&store, b"c")), (Some(vec![1; 40]), Some(vec![3; 40])));
    delete(&mut store, b"b");
    assert_eq!(opened(&store, b"b"), None);
}

#[test]
fn a_slot_moved_or_restored_offline_opens_nothing() {
    let home = Home::new();
    let mut store = home.create();
    put(&mut store, b"a", 1);
    put(&mut store, b"b", 2);
    let (a, b) = (home.slot_bytes(1), home.slot_bytes(2));
    home.overwrite(KEYSLOTS_FILE, SLOT_LEN as u64, &b);
    home.overwrite(KEYSLOTS_FILE, 2 * SLOT_LEN as u64, &a);
    assert!(store.open_blob(BlobKind::Share, b"a").is_err());
    assert!(store.open_blob(BlobKind::Share, b"b").is_err());
    home.overwrite(KEYSLOTS_FILE, SLOT_LEN as u64, &a);
    delete(&mut store, b"a");
    put(&mut store, b"c", 3);
    home.overwrite(KEYSLOTS_FILE, SLOT_LEN as u64, &a);
    assert!(store.open_blob(BlobKind::Share, b"c").is_err());
    assert_eq!(opened(&store, b"a"), None);
}

#[test]
fn opening_tells_missing_wrong_seal_locked_and_existing_apart() {
    let home = Home::new();
    assert!(matches!(home.refused(), StoreError::Missing(_)));
    let store = home.create();
    assert!(matches!(home.refused(), StoreError::Locked(_)));
    assert!(matches!(NodeStore::create(&home.path(), &home.seal), Err(StoreError::Exists(_))));
    drop(store);
    assert!(matches!(NodeStore::create(&home.path(), &home.seal), Err(StoreError::Exists(_))));
    let other = NodeStore::open(&home.path(), &home.seal.for_node("OFFICIAL_2"));
    assert!(matches!(other, Err(StoreError::WrongSeal)));
    home.open();
}

#[test]
fn r51_newer_versions_are_told_from_damage() {
    let home = Home::new();
    drop(home.create());
    home.overwrite(KEYSLOTS_FILE, 16, &2u32.to_be_bytes());
    assert!(matches!(home.refused(), StoreError::Newer { found: 2, known: 1 }));
    home.overwrite(KEYSLOTS_FILE, 16, &1u32.to_be_bytes());
    edit_raw(&home, "format", b"version", &2u32.to_be_bytes());
    assert!(matches!(home.refused(), StoreError::Newer { found: 2, known: 1 }));
}

#[test]
fn damage_is_an_error_and_nothing_is_created_over_it() {
    let home = Home::new();
    let mut store = home.create();
    put(&mut store, b"a", 1);
    drop(store);
    let (records, keyslots) = (home.path().join(RECORDS_FILE), home.path().join(KEYSLOTS_FILE));
    let (good_records, good_keyslots) = (fs::read(&records).unwrap(), fs::read(&keyslots).unwrap());
    for bad in [vec![], vec![0; 100], vec![0x41; 1 << 16], good_records[..1000].to_vec()] {
        fs::write(&records, bad).unwrap();
        assert!(matches!(home.refused(), StoreError::Damaged { .. } | StoreError::Io { .. }));
        assert!(NodeStore::create(&home.path(), &home.seal).is_err());
    }
    fs::remove_file(&records).unwrap();
    assert!(matches!(home.refused(), StoreError::Damaged { .. }));
    assert!(NodeStore::create(&home.path(), &home.seal).is_err());
    assert_eq!(fs::read(&keyslots).unwrap(), good_keyslots);
    fs::write(&records, good_records).unwrap();
    for bad in [vec![], vec![0; SLOT_LEN], good_keyslots[..SLOT_LEN - 1].to_vec()] {
        fs::write(&keyslots, bad).unwrap();
        assert!(matches!(home.refused(), StoreError::Damaged { .. }));
    }
    fs::remove_file(&keyslots).unwrap();
    assert!(matches!(home.refused(), StoreError::Damaged { .. }));
    let other = Home::new();
    drop(other.create());
    fs::copy(other.path().join(KEYSLOTS_FILE), &keyslots).unwrap();
    assert!(matches!(home.refused(), StoreError::Damaged { .. }), "keyslots of another store");
    fs::write(&keyslots, good_keyslots).unwrap();
    assert_eq!(opened(&home.open(), b"a"), Some(vec![1; 40]));
}

#[test]
fn an_interrupted_creation_is_started_again() {
    let home = Home::new();
    fs::create_dir(home.path()).unwrap();
    fs::write(home.path().join(RECORDS_NEW), b"half").unwrap();
    Keyslots::create(&home.path().join(KEYSLOTS_FILE), [1; 16]).unwrap();
    put(&mut home.create(), b"a", 1);
    assert_eq!(opened(&home.open(), b"a"), Some(vec![1; 40]));
}

/// Changes a raw value in the database, as somebody without the seal could.
fn edit_raw(home: &Home, table: &str, key: &[u8], value: &[u8]) {
    let db = redb::Database::open(home.path().join(RECORDS_FILE)).unwrap();
    let txn = db.begin_write().unwrap();
    let definition = redb::TableDefinition::<&[u8], &[u8]>::new(table);
    txn.open_table(definition).unwrap().insert(key, value).unwrap();
    txn.commit().unwrap();
}

fn read_raw(home: &Home, table: &str, key: &[u8]) -> Vec<u8> {
    let db = redb::Database::open(home.path().join(RECORDS_FILE)).unwrap();
    let txn = redb::ReadableDatabase::begin_read(&db).unwrap();
    let definition = redb::TableDefinition::<&[u8], &[u8]>::new(table);
    txn.open_table(definition).unwrap().get(key).unwrap().unwrap().value().to_vec()
}

#[test]
fn records_edited_or_swapped_offline_are_noticed() {
    let home = Home::new();
    let store = home.create();
    store.put(Table::Keys, b"a", b"1").unwrap();
    store.put(Table::Keys, b"b", b"1").unwrap();
    drop(store);
    let a = read_raw(&home, "keys", b"a");
    edit_raw(&home, "keys", b"b", &a);
    edit_raw(&home, "locks", b"a", &a);
    edit_raw(&home, "cards", b"short", b"x");
    let mut flipped = a.clone();
    flipped[14] ^= 1;
    edit_raw(&home, "meta", b"a", &flipped);
    let store = home.open();
    assert_eq!(store.get(Table::Keys, b"a").unwrap(), Some(b"1".to_vec()));
    let noticed =
        [(Table::Keys, b"b".as_slice()), (Table::Locks, b"a"), (Table::Cards, b"short"), (Table::Meta, b"a")];
    for (table, key) in noticed {
        assert!(matches!(store.get(table, key), Err(StoreError::Damaged { .. })), "{table:?}");
        assert!(store.page(table, None, 9).is_err());
    }
}

#[test]
fn r51_flipped_bytes_in_the_database_never_panic() {
    let home = Home::new();
    let mut store = home.create();
    put(&mut store, b"a", 1);
    store.put(Table::Keys, b"a", vec![7; 3000]).unwrap();
    drop(store);
    let path = home.path().join(RECORDS_FILE);
    let good = fs::read(&path).unwrap();
    let used: Vec<usize> = (0..good.len()).filter(|&i| good[i] != 0).collect();
    for &at in used.iter().step_by(used.len() / 200 + 1) {
        let mut bad = good.clone();
        bad[at] ^= 0x10;
        fs::remove_file(&path).unwrap();
        fs::write(&path, bad).unwrap();
        if let Ok(mut store) = NodeStore::open(&home.path(), &home.seal) {
            let value = store.get(Table::Keys, b"a");
            let blob = store.open_blob(BlobKind::Share, b"a");
            let whole = matches!(&value, Ok(Some(v)) if *v == [7; 3000]);
            let whole = whole && matches!(&blob, Ok(Some(secret)) if secret.expose() == [1; 40]);
            assert!(!matches!(value, Ok(Some(_))) || whole || blob.is_err() || matches!(blob, Ok(None)));
            assert!(whole || store.verify().is_err(), "byte {at}");
        }
    }
    fs::write(&path, good).unwrap();
    home.open().verify().unwrap();
}

#[test]
fn sizes_are_capped() {
    let home = Home::new();
    let mut store = home.create();
    let large = |result: Result<(), StoreError>| assert!(matches!(result, Err(StoreError::TooLarge { .. })));
    large(store.put(Table::Keys, &[0; 513], b""));
    large(store.put(Table::Keys, b"k", vec![0; (16 << 20) + 1]));
    large(store.put_blob(BlobKind::Share, &[0; 257], &secret(1), Batch::new()));
    let huge = SecretBytes::new(vec![0; BLOB_CAP + 1]);
    large(store.put_blob(BlobKind::Share, b"k", &huge, Batch::new()));
    assert!(store.put_blob(BlobKind::Share, b"", &secret(1), Batch::new()).is_err());
    let mut with = Batch::new();
    with.put(Table::Keys, &[0; 513], b"");
    large(store.put_blob(BlobKind::Share, b"k", &secret(1), with));
    assert!(store.keyslots.is_zero(1).unwrap());
    put(&mut store, &[0; 256], 1);
}

#[test]
fn after_a_failed_flush_nothing_is_written() {
    let home = Home::new();
    let mut store = home.create();
    put(&mut store, b"a", 1);
    assert!(!poisoned());
    assert!(super::super::flushed(Err(std::io::ErrorKind::Other.into())).is_err());
    assert!(poisoned());
    assert!(matches!(store.put(Table::Keys, b"k", b"v"), Err(StoreError::Poisoned)));
    assert!(store.put_blob(BlobKind::Share, b"b", &secret(1), Batch::new()).is_err());
    assert!(store.delete_blob(BlobKind::Share, b"a", Batch::new()).is_err());
    assert!(files::write_new(&home.path().join("x"), b"").is_err());
    assert_eq!(opened(&store, b"a"), Some(vec![1; 40]), "reading still works");
    drop(store);
    assert_eq!(opened(&home.open(), b"a"), Some(vec![1; 40]));
}

#[test]
fn ten_thousand_records_are_looked_up_not_scanned() {
    let time = |records: u32| {
        let home = Home::new();
        let store = home.create();
        let mut batch = Batch::new();
        for i in 0..records {
            batch.put(Table::Keys, &i.to_be_bytes(), vec![0; 100]);
        }
        store.write(batch).unwrap();
        assert_eq!(store.count(Table::Keys).unwrap(), u64::from(records));
        let lookups = |n: u32| {
            let start = std::time::Instant::now();
            for i in 0..n {
                assert!(store.get(Table::Keys, &(i % records).to_be_bytes()).unwrap().is_some());
            }
            start.elapsed()
        };
        (0..5).map(|_| lookups(200)).min().unwrap()
    };
    let (few, many) = (time(100), time(10_000));
    assert!(many < few * 10, "{few:?} against {many:?}");
}
