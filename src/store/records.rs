//! Records: small non-secret values in tables, each sealed so that edits made offline are noticed.

use std::ops::Bound;
use std::path::{Path, PathBuf};

use rand_core::OsRng;
use redb::{
    Database, ReadableDatabase as _, ReadableTableMetadata as _, TableDefinition, TableError,
    TableHandle as _,
};

use super::database::{Contained, damaged};
use super::{StoreError, files};
use crate::codec::HexArray;
use crate::secret::Secret;
use crate::wrap::{self, NONCE_LEN};

/// Longest key of a record, in bytes.
pub const KEY_CAP: usize = 512;
/// Longest value of a record, in bytes.
pub const VALUE_CAP: usize = 16 << 20;

/// The one table in the clear: what must be readable before the seal is known.
const FORMAT: &str = "format";

/// A key and its value.
pub type Record = (Vec<u8>, Vec<u8>);

type Definition<'a> = TableDefinition<'a, &'static [u8], &'static [u8]>;

/// The tables open to callers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Table {
    /// The store's own settings.
    Meta,
    /// The node: its name, index, public identity.
    Node,
    /// Versions of the genesis chain.
    Genesis,
    /// Keys by keyId.
    Keys,
    /// Key records by group public key; they outlive the share.
    KeyRecords,
    /// Keys that this node promised never to activate.
    Renounced,
    /// Key cards by hash.
    Cards,
    /// Locks by (group key, epoch, culprit).
    Locks,
    /// Operations by op-id.
    Operations,
    /// Consumed op-ids and attempts.
    Consumed,
    /// Exports by key id and op-id.
    Exports,
    /// Public aux tables.
    Aux,
    /// The prime pool's public side.
    Pool,
    /// The audit log's head and entries.
    Log,
}

impl Table {
    /// The name on disk.
    pub fn name(self) -> &'static str {
        match self {
            Table::Meta => "meta",
            Table::Node => "node",
            Table::Genesis => "genesis",
            Table::Keys => "keys",
            Table::KeyRecords => "key-records",
            Table::Renounced => "renounced",
            Table::Cards => "cards",
            Table::Locks => "locks",
            Table::Operations => "operations",
            Table::Consumed => "consumed",
            Table::Exports => "exports",
            Table::Aux => "aux",
            Table::Pool => "pool",
            Table::Log => "log",
        }
    }
}

/// Changes that become durable together, in the order given.
#[derive(Debug, Default)]
pub struct Batch(Vec<Change>);

#[derive(Debug)]
struct Change {
    table: &'static str,
    key: Vec<u8>,
    value: Option<Vec<u8>>,
}

impl Batch {
    /// No change yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether it changes nothing.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Sets a record.
    pub fn put(&mut self, table: Table, key: &[u8], value: impl Into<Vec<u8>>) -> &mut Self {
        self.put_in(table.name(), key, value.into())
    }

    /// Removes a record; one that is not there is no error.
    pub fn remove(&mut self, table: Table, key: &[u8]) -> &mut Self {
        self.remove_in(table.name(), key)
    }

    pub(super) fn put_in(&mut self, table: &'static str, key: &[u8], value: Vec<u8>) -> &mut Self {
        self.0.push(Change { table, key: key.to_vec(), value: Some(value) });
        self
    }

    pub(super) fn remove_in(&mut self, table: &'static str, key: &[u8]) -> &mut Self {
        self.0.push(Change { table, key: key.to_vec(), value: None });
        self
    }

    pub(super) fn check_sizes(&self) -> Result<(), StoreError> {
        self.0.iter().try_for_each(|change| {
            check_size("a record's key", change.key.len(), KEY_CAP)?;
            check_size("a record", change.value.as_ref().map_or(0, Vec::len), VALUE_CAP)
        })
    }
}

pub(super) fn check_size(what: &'static str, len: usize, cap: usize) -> Result<(), StoreError> {
    if len > cap { Err(StoreError::TooLarge { what, len, cap }) } else { Ok(()) }
}

/// The record database before its seal is known.
pub(super) struct SealedDatabase {
    db: Contained,
    path: PathBuf,
}

/// The record database with the key that seals its values.
pub(super) struct Records {
    db: Contained,
    path: PathBuf,
    key: Secret<32>,
}

impl SealedDatabase {
    /// Makes a new database file (0600) holding `format`, durably.
    pub(super) fn create(path: &Path, format: &[(&str, &[u8])]) -> Result<(), StoreError> {
        files::check_poison()?;
        let mut options = files::private_options();
        let file = options.read(true).write(true).create_new(true).open(path);
        let db = Contained::build(file.map_err(files::io_error("creating", path))?, path)?;
        let definition = Definition::new(FORMAT);
        db.write(|db| {
            let txn = db.begin_write()?;
            for (name, value) in format {
                txn.open_table(definition)?.insert(name.as_bytes(), *value)?;
            }
            Ok(txn.commit()?)
        })
    }

    /// Opens and locks an existing database file.
    pub(super) fn open(path: &Path) -> Result<Self, StoreError> {
        let mut options = files::private_options();
        let file = options.read(true).write(true).open(path).map_err(files::io_error("opening", path))?;
        let meta = file.metadata().map_err(files::io_error("opening", path))?;
        if !meta.is_file() || meta.len() == 0 {
            return Err(damaged(path, "it is empty"));
        }
        Ok(Self { db: Contained::build(file, path)?, path: path.into() })
    }

    /// A value of the table in the clear.
    pub(super) fn format(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.db.read(|db| get(db, FORMAT, name.as_bytes()))
    }

    pub(super) fn with_key(self, key: Secret<32>) -> Records {
        Records { db: self.db, path: self.path, key }
    }
}

impl Records {
    /// One record.
    pub(super) fn get(&self, table: &str, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        let sealed = self.db.read(|db| get(db, table, key))?;
        sealed.map(|sealed| self.unseal(table, key, &sealed)).transpose()
    }

    /// Up to `limit` records after the key `after`, in key order.
    pub(super) fn page(
        &self,
        table: &str,
        after: Option<&[u8]>,
        limit: usize,
    ) -> Result<Vec<Record>, StoreError> {
        let sealed = self.db.read(|db| page(db, table, after, limit))?;
        let unseal = |(key, sealed): Record| {
            let value = self.unseal(table, &key, &sealed)?;
            Ok((key, value))
        };
        sealed.into_iter().map(unseal).collect()
    }

    /// How many records a table has, without reading them.
    pub(super) fn count(&self, table: &str) -> Result<u64, StoreError> {
        self.db.read(|db| count(db, table))
    }

    /// Reads every page and every record; slow by design.
    pub(super) fn verify(&mut self) -> Result<(), StoreError> {
        for table in self.db.read(tables)? {
            let mut after: Option<Vec<u8>> = None;
            loop {
                let page = self.page(&table, after.as_deref(), 256)?;
                let Some((last, _)) = page.last() else { break };
                after = Some(last.clone());
            }
        }
        self.db.verify()
    }

    /// Makes all changes durable, or none.
    pub(super) fn commit(&self, batch: &Batch) -> Result<(), StoreError> {
        files::check_poison()?;
        batch.check_sizes()?;
        let sealed = batch.0.iter().map(|change| self.seal(change)).collect::<Result<Vec<_>, _>>()?;
        self.db.write(|db| {
            let txn = db.begin_write()?;
            for (change, value) in batch.0.iter().zip(&sealed) {
                let mut table = txn.open_table(Definition::new(change.table))?;
                match value {
                    Some(value) => table.insert(change.key.as_slice(), value.as_slice())?,
                    None => table.remove(change.key.as_slice())?,
                };
            }
            Ok(txn.commit()?)
        })
    }

    fn seal(&self, change: &Change) -> Result<Option<Vec<u8>>, StoreError> {
        let Some(value) = &change.value else { return Ok(None) };
        let nonce = HexArray::<NONCE_LEN>::random(&mut OsRng).0;
        let sealed = wrap::seal(&self.key, &nonce, &aad(change.table, &change.key), value);
        let sealed = sealed.ok_or_else(|| damaged(&self.path, "a record could not be sealed"))?;
        Ok(Some([nonce.as_slice(), &sealed].concat()))
    }

    fn unseal(&self, table: &str, key: &[u8], sealed: &[u8]) -> Result<Vec<u8>, StoreError> {
        let opened = sealed.split_first_chunk::<NONCE_LEN>().map(|(nonce, sealed)| {
            wrap::open(&self.key, nonce, &aad(table, key), sealed).map(|value| value.expose().to_vec())
        });
        match opened {
            Some(Ok(value)) => Ok(value),
            _ => Err(damaged(&self.path, &format!("a record of table {table} was altered"))),
        }
    }
}

/// Table names have no zero byte, so no two pairs share an AAD.
fn aad(table: &str, key: &[u8]) -> Vec<u8> {
    [b"quorate/record/v1\0", table.as_bytes(), b"\0", key].concat()
}

fn get(db: &Database, table: &str, key: &[u8]) -> Result<Option<Vec<u8>>, redb::Error> {
    let table = match db.begin_read()?.open_table(Definition::new(table)) {
        Err(TableError::TableDoesNotExist(_)) => return Ok(None),
        other => other?,
    };
    Ok(table.get(key)?.map(|value| value.value().to_vec()))
}

fn page(db: &Database, table: &str, after: Option<&[u8]>, limit: usize) -> Result<Vec<Record>, redb::Error> {
    let table = match db.begin_read()?.open_table(Definition::new(table)) {
        Err(TableError::TableDoesNotExist(_)) => return Ok(Vec::new()),
        other => other?,
    };
    let start = after.map_or(Bound::Unbounded, Bound::Excluded);
    let mut found = Vec::new();
    for entry in table.range::<&[u8]>((start, Bound::Unbounded))?.take(limit) {
        let (key, value) = entry?;
        found.push((key.value().to_vec(), value.value().to_vec()));
    }
    Ok(found)
}

fn tables(db: &Database) -> Result<Vec<String>, redb::Error> {
    let txn = db.begin_read()?;
    let names = txn.list_tables()?.map(|table| table.name().to_owned());
    Ok(names.filter(|name| name != FORMAT).collect())
}

fn count(db: &Database, table: &str) -> Result<u64, redb::Error> {
    match db.begin_read()?.open_table(Definition::new(table)) {
        Err(TableError::TableDoesNotExist(_)) => Ok(0),
        other => Ok(other?.len()?),
    }
}
