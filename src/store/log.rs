//! An audit log on disk: JSON lines, appended durably, never rewritten.

use std::{
    fs::File,
    io::{Read as _, Seek as _, SeekFrom},
    path::{Path, PathBuf},
};

use super::{Batch, NodeStore, StoreError, Table, files};
use crate::{
    audit::{AuditError, Head, LINE_CAP, Note, SignedEntry},
    codec::{CodecError, HexArray},
    digest::Hash,
    ids::{Name, Time},
    signing_key::{PublicKey, SigningKey},
};

/// How much is read at a time when entries are sought from the end.
const BLOCK: u64 = 64 * 1024;

const HEAD: &[u8] = b"head";

/// Why a log gave or took nothing. Nothing irreversible follows such an error (R50).
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    #[error("this computer's clock ({now}) is earlier than the last entry of the audit log ({last})")]
    Clock { now: Time, last: Time },
    #[error("an audit entry of {len} bytes is longer than a log takes")]
    TooLong { len: usize },
    #[error("the audit log {} is damaged: {source}", path.display())]
    Damaged { path: PathBuf, source: AuditError },
    #[error("the audit log {} and the store beside it do not belong together: {reason}", path.display())]
    Apart { path: PathBuf, reason: &'static str },
    #[error(transparent)]
    Audit(#[from] AuditError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<CodecError> for LogError {
    fn from(error: CodecError) -> Self {
        Self::Audit(error.into())
    }
}

/// The log of one node or workspace, opened by its owner.
pub struct AuditLog {
    path: PathBuf,
    name: Name,
    head: Head,
    last: Option<SignedEntry>,
}

impl AuditLog {
    /// Opens a log and checks that its last entry is the owner's; a line torn by a power cut, never
    /// acknowledged, is dropped.
    pub fn open(path: &Path, name: Name, key: &PublicKey) -> Result<Self, LogError> {
        let mut log = Self { path: path.to_owned(), name, head: Head::EMPTY, last: None };
        if !path.exists() {
            return Ok(log);
        }
        files::drop_torn_line(path, LINE_CAP as u64).map_err(StoreError::from)?;
        if let Some(line) = log.lines_from_end()?.next() {
            let signed = log.parse(&line?)?;
            let before =
                Head { counter: signed.entry.counter.saturating_sub(1), hash: signed.entry.previous };
            let followed = before.follow(&log.name, &signed, key);
            log.head = followed.map_err(|source| LogError::Damaged { path: path.to_owned(), source })?;
            log.last = Some(signed);
        }
        Ok(log)
    }

    /// Where the log stands.
    pub fn head(&self) -> Head {
        self.head
    }

    /// Adds an entry, durably.
    pub fn append(&mut self, note: Note, now: Time, key: &SigningKey) -> Result<Head, LogError> {
        self.check_clock(now)?;
        let (signed, head) = self.head.next(&self.name, now, note, key)?;
        let line = signed.line()?;
        if line.len() > LINE_CAP {
            // What cannot be read back is never written: it would close the log for good.
            return Err(LogError::TooLong { len: line.len() });
        }
        files::append_line(&self.path, &line).map_err(StoreError::from)?;
        self.last = Some(signed);
        self.head = head;
        Ok(head)
    }

    /// Adds an entry, and has `store` remember that it is there.
    pub fn append_remembered(
        &mut self,
        note: Note,
        now: Time,
        key: &SigningKey,
        store: &mut NodeStore,
    ) -> Result<Head, LogError> {
        let head = self.append(note, now, key)?;
        let mut batch = Batch::new();
        self.remember(&mut batch);
        store.write(batch)?;
        Ok(head)
    }

    /// Has a store remember where the log stands.
    pub fn remember(&self, batch: &mut Batch) {
        let head = [&self.head.counter.to_be_bytes(), self.head.hash.as_bytes().as_slice()].concat();
        batch.put(Table::Log, HEAD, head);
    }

    /// Log and store remember each other (R48): a log without the entry the store saw last was cut or comes
    /// from an old copy; a store that lags more than the one entry a crash can leave is an old copy itself.
    pub fn check_remembered(&self, store: &NodeStore) -> Result<(), LogError> {
        let refuse = |reason| Err(LogError::Apart { path: self.path.clone(), reason });
        let Some(stored) = store.get(Table::Log, HEAD)? else {
            return refuse("the store remembers no log");
        };
        let head = stored.split_first_chunk::<8>();
        let head = head.and_then(|(counter, hash)| Some((*counter, HexArray::try_from(hash).ok()?)));
        let Some((counter, hash)) = head else { return refuse("its head is cut off") };
        let counter = u64::from_be_bytes(counter);
        if !self.contains(counter, &Hash(hash))? {
            return refuse("the log lacks entries, so it was cut or replaced");
        }
        if self.head.counter > counter.saturating_add(1) {
            return refuse("the store is older than the log, so it was put back from a copy");
        }
        if self.head.counter > counter {
            // Otherwise the next crash would leave two.
            let mut batch = Batch::new();
            self.remember(&mut batch);
            store.write(batch)?;
        }
        Ok(())
    }

    fn parse(&self, line: &[u8]) -> Result<SignedEntry, LogError> {
        let damaged = |e: CodecError| LogError::Damaged { path: self.path.clone(), source: e.into() };
        SignedEntry::parse(line).map_err(damaged)
    }

    /// Refuses a clock that went back behind the log (R40).
    pub fn check_clock(&self, now: Time) -> Result<(), LogError> {
        match self.last.as_ref().map(|last| last.entry.time) {
            Some(last) if now < last => Err(LogError::Clock { now, last }),
            _ => Ok(()),
        }
    }

    /// Whether entry `counter` of this log has a given hash. The empty log is in every log.
    pub fn contains(&self, counter: u64, hash: &Hash) -> Result<bool, LogError> {
        if counter == 0 || counter >= self.head.counter {
            return Ok(if counter == 0 {
                *hash == Hash::ZERO
            } else {
                self.head == Head { counter, hash: *hash }
            });
        }
        // The hash of an entry stands in the one after it.
        for line in self.lines_from_end()? {
            let signed = self.parse(&line?)?;
            if signed.entry.counter == counter + 1 {
                return Ok(signed.entry.previous == *hash);
            }
        }
        Ok(false)
    }

    /// The last entry.
    pub fn last_entry(&self) -> Option<&SignedEntry> {
        self.last.as_ref()
    }

    /// The last `count` lines, oldest first.
    pub fn tail(&self, count: usize) -> Result<Vec<Vec<u8>>, LogError> {
        let mut lines = self.lines_from_end()?.take(count).collect::<Result<Vec<_>, _>>()?;
        lines.reverse();
        Ok(lines)
    }

    fn lines_from_end(&self) -> Result<LinesFromEnd, LogError> {
        LinesFromEnd::of(&self.path)
    }
}

/// The last whole entry of a log that nobody opened, as it stands there; whose it is, is not judged.
pub fn last_entry(path: &Path) -> Result<Option<SignedEntry>, LogError> {
    let mut lines = LinesFromEnd::of(path)?;
    lines.fill()?;
    let torn = lines.buffer.last().is_some_and(|byte| *byte != b'\n');
    let Some(line) = lines.nth(usize::from(torn)) else { return Ok(None) };
    let damaged = |e: CodecError| LogError::Damaged { path: path.to_owned(), source: e.into() };
    SignedEntry::parse(&line?).map(Some).map_err(damaged)
}

fn read_error(path: &Path, source: std::io::Error) -> LogError {
    StoreError::Io { doing: format!("reading {}", path.display()), source }.into()
}

/// Lines of a file, last first, read block by block.
struct LinesFromEnd {
    file: Option<(File, PathBuf)>,
    position: u64,
    /// Bytes from `position` on that were not given out yet.
    buffer: Vec<u8>,
}

impl Iterator for LinesFromEnd {
    type Item = Result<Vec<u8>, LogError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            // The line end that closes the last line is not the one sought.
            let body = self.buffer.strip_suffix(b"\n").unwrap_or(&self.buffer);
            if let Some(at) = body.iter().rposition(|byte| *byte == b'\n') {
                let line = body.get(at + 1..).unwrap_or_default().to_vec();
                self.buffer.truncate(at + 1);
                return Some(Ok(line));
            }
            if self.position == 0 {
                let line = body.to_vec();
                self.buffer.clear();
                return if line.is_empty() { None } else { Some(Ok(line)) };
            }
            if let Err(error) = self.fill() {
                (self.position, self.buffer) = (0, Vec::new());
                return Some(Err(error));
            }
        }
    }
}

impl LinesFromEnd {
    fn of(path: &Path) -> Result<Self, LogError> {
        if !path.exists() {
            return Ok(Self { file: None, position: 0, buffer: Vec::new() });
        }
        let file = File::open(path).map_err(|source| read_error(path, source))?;
        let position = file.metadata().map_err(|source| read_error(path, source))?.len();
        Ok(Self { file: Some((file, path.to_owned())), position, buffer: Vec::new() })
    }

    fn fill(&mut self) -> Result<(), LogError> {
        let Some((file, path)) = &mut self.file else {
            self.position = 0;
            return Ok(());
        };
        let start = self.position.saturating_sub(BLOCK);
        let len = usize::try_from(self.position - start).unwrap_or_default();
        let mut block = vec![0; len];
        file.seek(SeekFrom::Start(start))
            .and_then(|_| file.read_exact(&mut block))
            .map_err(|source| read_error(path, source))?;
        block.append(&mut self.buffer);
        (self.position, self.buffer) = (start, block);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use rand_core::OsRng;

    use super::*;
    use crate::audit::Event;

    fn filled(n: usize) -> (tempfile::TempDir, SigningKey, AuditLog) {
        let dir = tempfile::tempdir().unwrap();
        let key = SigningKey::random(&mut OsRng);
        let name: Name = "OFFICIAL_1".parse().unwrap();
        let mut log = AuditLog::open(&dir.path().join("audit.jsonl"), name, &key.public()).unwrap();
        for i in 0..n {
            let note = Note::new(Event::SessionStarted).with("number", i);
            log.append(note, Time::now(), &key).unwrap();
        }
        (dir, key, log)
    }

    #[test]
    fn r48_a_reopened_log_goes_on_where_it_stood() {
        let (dir, key, log) = filled(300);
        let path = dir.path().join("audit.jsonl");
        let again = AuditLog::open(&path, "OFFICIAL_1".parse().unwrap(), &key.public()).unwrap();
        assert_eq!(again.head(), log.head());
        assert_eq!(again.tail(7).unwrap().len(), 7);
        assert_eq!(again.tail(1000).unwrap().len(), 300);
        assert!(AuditLog::open(&path, "OFFICIAL_2".parse().unwrap(), &key.public()).is_err());
        let stranger = SigningKey::random(&mut OsRng).public();
        assert!(AuditLog::open(&path, "OFFICIAL_1".parse().unwrap(), &stranger).is_err());
    }

    #[test]
    fn r39_heads_are_found_and_a_log_that_lacks_one_is_noticed() {
        let (_dir, key, mut log) = filled(3);
        let earlier = log.head();
        for _ in 0..300 {
            log.append(Note::new(Event::SessionAborted), Time::now(), &key).unwrap();
        }
        assert!(log.contains(earlier.counter, &earlier.hash).unwrap());
        assert!(log.contains(log.head().counter, &log.head().hash).unwrap());
        assert!(log.contains(0, &Hash::ZERO).unwrap());
        assert!(!log.contains(earlier.counter, &log.head().hash).unwrap());
        assert!(!log.contains(log.head().counter + 1, &log.head().hash).unwrap());
    }

    #[test]
    fn r40_a_clock_behind_the_log_is_refused() {
        let (_dir, key, mut log) = filled(1);
        let note = Note::new(Event::SessionStarted);
        let early = Time::now().plus_seconds(-3600);
        assert!(matches!(log.append(note.clone(), early, &key), Err(LogError::Clock { .. })));
        assert!(log.append(note, Time::now(), &key).is_ok());
    }
}
