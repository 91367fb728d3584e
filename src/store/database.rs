//! The redb file behind a store, with its damage, panics and failed writes turned into errors.

use std::cell::Cell;
use std::fs::{File, TryLockError};
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::mem::ManuallyDrop;
use std::path::{Path, PathBuf};
use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};

use redb::backends::InMemoryBackend;
use redb::{Builder, Database, StorageBackend as _};

use super::{StoreError, files};

const CACHE_BYTES: usize = 64 << 20;
/// Databases up to this size are checked whole when opened; it takes a few milliseconds.
const CHECKED_BYTES: u64 = 8 << 20;

/// A database whose panics are errors: in places redb meets a damaged file with an assertion. Once it
/// has failed it is not even closed, since closing would write.
pub(super) struct Contained {
    db: Option<Database>,
    path: PathBuf,
    failed: AtomicBool,
}

impl Contained {
    /// Locks, checks and opens `file`; an empty file becomes an empty database.
    pub(super) fn build(mut file: File, path: &Path) -> Result<Self, StoreError> {
        lock(&file, path)?;
        let len = file.metadata().map_err(files::io_error("opening", path))?.len();
        if (1..=CHECKED_BYTES).contains(&len) {
            check_copy(&mut file, path)?;
        }
        let built = contain(|| Ok(builder().create_file(file)?));
        let db = built.ok_or_else(|| broken(path))?.map_err(|e| read_error(path, e))?;
        Ok(Self { db: Some(db), path: path.into(), failed: AtomicBool::new(false) })
    }

    /// Checks every page.
    pub(super) fn verify(&mut self) -> Result<(), StoreError> {
        let checked = contain(|| self.db.as_mut().map(Database::check_integrity));
        self.settle(match checked.flatten() {
            Some(Ok(true)) => Ok(()),
            Some(Err(e)) => Err(read_error(&self.path, e.into())),
            _ => Err(broken(&self.path)),
        })
    }

    /// Runs a read transaction.
    pub(super) fn read<T>(
        &self,
        read: impl FnOnce(&Database) -> Result<T, redb::Error>,
    ) -> Result<T, StoreError> {
        let found = contain(|| self.db.as_ref().map(read));
        self.settle(match found.flatten() {
            Some(found) => found.map_err(|e| read_error(&self.path, e)),
            None => Err(broken(&self.path)),
        })
    }

    /// Runs a write transaction. A commit that the system or the database broke off leaves open what the disk holds.
    pub(super) fn write(
        &self,
        write: impl FnOnce(&Database) -> Result<(), redb::Error>,
    ) -> Result<(), StoreError> {
        super::count_flush();
        let doing = || format!("writing {}", self.path.display());
        let written = contain(|| self.db.as_ref().map(write));
        self.settle(match written.flatten() {
            Some(Ok(())) => Ok(()),
            Some(Err(redb::Error::Io(source))) => {
                super::flushed(Err(source)).map_err(|source| StoreError::Io { doing: doing(), source })
            }
            Some(Err(other)) => Err(read_error(&self.path, other)),
            None => super::flushed(Err(io::ErrorKind::InvalidData.into())).map_err(|_| broken(&self.path)),
        })
    }

    fn settle<T>(&self, result: Result<T, StoreError>) -> Result<T, StoreError> {
        if result.is_err() {
            self.failed.store(true, Ordering::SeqCst);
        }
        result
    }
}

impl Drop for Contained {
    fn drop(&mut self) {
        let db = self.db.take();
        if self.failed.load(Ordering::SeqCst) {
            std::mem::forget(db);
        } else {
            contain(|| drop(db));
        }
    }
}

fn builder() -> Builder {
    let mut builder = Builder::new();
    builder.set_cache_size(CACHE_BYTES);
    builder
}

/// redb takes the same lock on the same handle again, which succeeds.
fn lock(file: &File, path: &Path) -> Result<(), StoreError> {
    file.try_lock().map_err(|e| match e {
        TryLockError::WouldBlock => StoreError::Locked(path.into()),
        TryLockError::Error(source) => files::io_error("locking", path)(source).into(),
    })
}

/// Checks every page of a copy in memory. redb trusts pages of a cleanly closed file unseen, repairs
/// what it finds wrong without asking, and in places aborts; a copy can suffer all that.
fn check_copy(file: &mut File, path: &Path) -> Result<(), StoreError> {
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(0)).map_err(files::io_error("reading", path))?;
    file.take(CHECKED_BYTES).read_to_end(&mut bytes).map_err(files::io_error("reading", path))?;
    let copy = InMemoryBackend::new();
    let filled = copy.set_len(bytes.len() as u64).and_then(|()| copy.write(0, &bytes));
    filled.map_err(files::io_error("copying", path))?;
    let checked = contain(|| {
        let mut db = ManuallyDrop::new(builder().create_with_backend(copy)?);
        Ok::<_, redb::Error>((db.check_integrity()?, db))
    });
    match checked {
        Some(Ok((true, db))) => {
            contain(|| drop(ManuallyDrop::into_inner(db)));
            Ok(())
        }
        Some(Err(e)) => Err(read_error(path, e)),
        _ => Err(broken(path)),
    }
}

/// `None` if `act` panicked. What it leaves is not used again. The panic is not reported on stderr
/// either: the caller reports the damage.
fn contain<T>(act: impl FnOnce() -> T) -> Option<T> {
    static QUIET: Once = Once::new();
    QUIET.call_once(|| {
        let report = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if !CONTAINED.get() {
                report(info);
            }
        }));
    });
    let outer = CONTAINED.replace(true);
    let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(act)).ok();
    CONTAINED.set(outer);
    result
}

std::thread_local!(static CONTAINED: Cell<bool> = const { Cell::new(false) });

fn read_error(path: &Path, e: redb::Error) -> StoreError {
    match e {
        redb::Error::DatabaseAlreadyOpen => StoreError::Locked(path.into()),
        redb::Error::PreviousIo => StoreError::Poisoned,
        redb::Error::Io(source) if source.kind() == io::ErrorKind::InvalidData => {
            damaged(path, &source.to_string())
        }
        redb::Error::Io(source) => StoreError::Io { doing: format!("reading {}", path.display()), source },
        other => damaged(path, &other.to_string()),
    }
}

fn broken(path: &Path) -> StoreError {
    damaged(path, "its structure is broken")
}

pub(super) fn damaged(path: &Path, reason: &str) -> StoreError {
    StoreError::Damaged { what: path.display().to_string(), reason: reason.into() }
}
