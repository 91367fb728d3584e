//! One run at a time.

use std::fs::{self, File};
use std::path::Path;
use std::time::{Duration, Instant};

use super::files::{FileError, io_error, open_error, private_options};

/// The lock of a workspace: one run at a time. The system releases it when the process ends, however
/// it ends, so a stale lock cannot exist (R53).
#[derive(Debug)]
pub struct HomeLock(#[allow(dead_code)] File);

impl HomeLock {
    /// Locks `<home>/lock`, waiting at most `wait` for another run to finish.
    pub fn acquire(home: &Path, wait: Duration) -> Result<Self, FileError> {
        let path = home.join("lock");
        let mut options = private_options();
        let file = options.read(true).write(true).create(true).truncate(false).open(&path);
        let file = file.map_err(open_error("locking", &path))?;
        let deadline = Instant::now() + wait;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Self(file)),
                Err(fs::TryLockError::WouldBlock) if Instant::now() < deadline => {
                    std::thread::sleep(Duration::from_millis(20));
                }
                Err(fs::TryLockError::WouldBlock) => return Err(FileError::Busy(home.into())),
                Err(fs::TryLockError::Error(e)) => return Err(io_error("locking", &path)(e)),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r53_one_run_holds_the_lock_and_its_end_releases_it() {
        let dir = tempfile::tempdir().unwrap();
        let held = HomeLock::acquire(dir.path(), Duration::ZERO).unwrap();
        let busy = HomeLock::acquire(dir.path(), Duration::from_millis(30));
        assert!(matches!(busy, Err(FileError::Busy(_))));
        let home = dir.path().to_path_buf();
        let waiting = std::thread::spawn(move || HomeLock::acquire(&home, Duration::from_secs(20)).is_ok());
        drop(held);
        assert!(waiting.join().unwrap());
        assert!(matches!(
            HomeLock::acquire(&dir.path().join("no"), Duration::ZERO),
            Err(FileError::NotFound(_))
        ));
    }
}
