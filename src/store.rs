#![doc = include_str!("store/format.md")]

use std::io;
use std::path::PathBuf;

mod database;
pub mod files;
pub mod keyslots;
mod lock;
pub mod log;
pub mod records;
pub mod seal;
pub mod vault;

pub use files::FileError;
pub use lock::HomeLock;
pub use records::{Batch, Record, Table};
pub use seal::{SealError, SealKey, SealKind, SealSource};
pub use vault::{BlobKind, NodeStore};

/// Why a node's store gave or took nothing.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("there is no node store in {}", .0.display())]
    Missing(PathBuf),
    #[error("there already is a node store in {}", .0.display())]
    Exists(PathBuf),
    #[error("{} is in use by another process", .0.display())]
    Locked(PathBuf),
    #[error("the node store has format version {found}; this program reads version {known}")]
    Newer { found: u32, known: u32 },
    #[error("the seal key does not belong to this node store")]
    WrongSeal,
    #[error("{what} is damaged: {reason}")]
    Damaged { what: String, reason: String },
    #[error("the store already holds {0}")]
    BlobExists(String),
    #[error("{what} is {len} bytes long; the store takes at most {cap}")]
    TooLarge { what: &'static str, len: usize, cap: usize },
    #[error(
        "a write did not reach the disk earlier; nothing is written or signed until the program starts again"
    )]
    Poisoned,
    #[error("{doing} failed: {source}")]
    Io { doing: String, source: io::Error },
    #[error(transparent)]
    File(FileError),
}

impl From<FileError> for StoreError {
    fn from(e: FileError) -> Self {
        match e {
            FileError::Poisoned => StoreError::Poisoned,
            other => StoreError::File(other),
        }
    }
}

/// Whether a flush to disk has failed in this process. After that nobody knows what is durable, so
/// every later write fails, and nothing may be signed that claims durability.
pub fn poisoned() -> bool {
    poison::is_set()
}

/// How often this thread has had a file flushed, or a transaction of a database, which counts once.
#[cfg(feature = "mischief")]
pub fn flushes() -> u64 {
    FLUSHES.get()
}

#[cfg(feature = "mischief")]
std::thread_local!(static FLUSHES: std::cell::Cell<u64> = const { std::cell::Cell::new(0) });

/// Notes that a file or a transaction is flushed.
fn count_flush() {
    #[cfg(feature = "mischief")]
    FLUSHES.set(FLUSHES.get() + 1);
}

/// Passes the result of a flush on, and poisons the process if it failed.
fn flushed(result: io::Result<()>) -> io::Result<()> {
    if result.is_err() {
        poison::set();
    }
    result
}

#[cfg(not(test))]
mod poison {
    use std::sync::atomic::{AtomicBool, Ordering};

    static SET: AtomicBool = AtomicBool::new(false);

    pub(super) fn set() {
        SET.store(true, Ordering::SeqCst);
    }

    pub(super) fn is_set() -> bool {
        SET.load(Ordering::SeqCst)
    }
}

// Unit tests share one process; each has its own thread.
#[cfg(test)]
mod poison {
    use std::cell::Cell;

    std::thread_local!(static SET: Cell<bool> = const { Cell::new(false) });

    pub(super) fn set() {
        SET.set(true);
    }

    pub(super) fn is_set() -> bool {
        SET.get()
    }
}
