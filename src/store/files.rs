//! Files outside the record database: created whole or not at all, durable before success is told.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use rand_core::{OsRng, RngCore as _};
use rustix::fs::{AtFlags, CWD, OFlags, RenameFlags};
use zeroize::Zeroizing;

use crate::secret::SecretBytes;

/// Why a file was not read or written.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    #[error("{} does not exist", .0.display())]
    NotFound(PathBuf),
    #[error("{} already exists with other contents; it is never replaced", .0.display())]
    Exists(PathBuf),
    #[error("{} is not a regular file", .0.display())]
    NotAFile(PathBuf),
    #[error("{} is not a directory", .0.display())]
    NotADirectory(PathBuf),
    #[error("{} is larger than the {cap} bytes that are read", path.display())]
    TooLarge { path: PathBuf, cap: u64 },
    #[error("{} may be written by every user, so nothing is put there", .0.display())]
    WorldWritable(PathBuf),
    #[error("the last line of {} is incomplete", .0.display())]
    TornLine(PathBuf),
    #[error("{} is in use by another run", .0.display())]
    Busy(PathBuf),
    #[error(
        "a write did not reach the disk earlier; nothing is written or signed until the program starts again"
    )]
    Poisoned,
    #[error("{doing} {} failed: {source}", path.display())]
    Io { doing: &'static str, path: PathBuf, source: io::Error },
}

/// Creates `path` (0600) with `bytes`, durably. A file with the same bytes counts as success; any
/// other existing file is an error and stays as it is.
pub fn write_new(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    if let Some(same) = compare_existing(path, bytes)? {
        return if same { sync_parent(path) } else { Err(FileError::Exists(path.into())) };
    }
    let temp = Temp::write(path, bytes)?;
    match temp.publish_new() {
        Err(e) if e.kind() == io::ErrorKind::AlreadyExists => match compare_existing(path, bytes)? {
            Some(true) => {}
            _ => return Err(FileError::Exists(path.into())),
        },
        Err(e) => return Err(io_error("creating", path)(e)),
        Ok(()) => {}
    }
    sync_parent(path)
}

/// As [`write_new`], but nothing may be at `path`, and `check` judges what was read back from the medium
/// before it gets its name.
pub fn write_new_checked<E: From<FileError>>(
    path: &Path,
    bytes: &[u8],
    check: impl FnOnce(&[u8]) -> Result<(), E>,
) -> Result<(), E> {
    if fs::symlink_metadata(path).is_ok() {
        return Err(FileError::Exists(path.into()).into());
    }
    let temp = Temp::write(path, bytes)?;
    check(&temp.read_back(bytes.len())?)?;
    temp.publish_new().map_err(|e| match e.kind() {
        io::ErrorKind::AlreadyExists => FileError::Exists(path.into()),
        _ => io_error("creating", path)(e),
    })?;
    Ok(sync_parent(path)?)
}

/// Puts `bytes` in place of whatever file stands at `path` (0600); a reader sees the old bytes or the
/// new, also after a power cut.
pub fn replace(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    let temp = Temp::write(path, bytes)?;
    temp.publish_over()?;
    sync_parent(path)
}

/// As [`replace`]; `check` judges what was read back from the medium before it takes the old file's place.
pub fn replace_checked<E: From<FileError>>(
    path: &Path,
    bytes: &[u8],
    check: impl FnOnce(&[u8]) -> Result<(), E>,
) -> Result<(), E> {
    let temp = Temp::write(path, bytes)?;
    check(&temp.read_back(bytes.len())?)?;
    temp.publish_over()?;
    Ok(sync_parent(path)?)
}

/// The bytes of a regular file of at most `cap` bytes. Directories, pipes and devices are refused
/// without waiting for them.
pub fn read_capped(path: &Path, cap: u64) -> Result<Vec<u8>, FileError> {
    Ok(std::mem::take(&mut *read_zeroizing(path, cap)?))
}

/// As [`read_capped`], for secrets.
pub fn read_secret(path: &Path, cap: u64) -> Result<SecretBytes, FileError> {
    Ok(SecretBytes::from(read_zeroizing(path, cap)?))
}

/// As [`read_capped`], of what the medium holds: a file that others put there may not be durable yet. A link is
/// refused.
pub fn read_durable(path: &Path, cap: u64) -> Result<Vec<u8>, FileError> {
    check_poison()?;
    let meta = fs::symlink_metadata(path).map_err(open_error("looking at", path))?;
    if !meta.is_file() {
        return Err(FileError::NotAFile(path.into()));
    }
    let file = File::open(path).map_err(io_error("opening", path))?;
    sync(&file, path)?;
    #[cfg(target_os = "linux")]
    let _ = rustix::fs::fadvise(&file, 0, None, rustix::fs::Advice::DontNeed);
    let bytes = read_capped(path, cap)?;
    sync_parent(path)?;
    Ok(bytes)
}

/// Gives a file the name `to` in the same directory, durably, if nothing has it.
pub fn rename_new(path: &Path, to: &Path) -> Result<(), FileError> {
    check_poison()?;
    check_parent(to)?;
    let renamed = rustix::fs::renameat_with(CWD, path, CWD, to, RenameFlags::NOREPLACE);
    match renamed.map_err(io::Error::from) {
        Ok(()) => sync_parent(to),
        Err(e) if e.kind() == io::ErrorKind::AlreadyExists => Err(FileError::Exists(to.into())),
        Err(e) => Err(io_error("renaming", path)(e)),
    }
}

/// The name that a file has while it is being destroyed: `<name>.destroying`.
pub fn destroying(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(DESTROYING);
    PathBuf::from(name)
}

/// Its name before, if it is one that is being destroyed.
pub fn before_destroying(path: &Path) -> Option<PathBuf> {
    let name = path.file_name()?.to_str()?.strip_suffix(DESTROYING)?;
    (!name.is_empty()).then(|| path.with_file_name(name))
}

const DESTROYING: &str = ".destroying";

/// Overwrites a file with zeros, then removes it, both durably. A run that is cut leaves something that is neither;
/// so the file must have the name [`destroying`] by now, durably. What the medium keeps of it elsewhere (worn
/// blocks, snapshots), no program reaches.
pub fn destroy(path: &Path) -> Result<(), FileError> {
    check_poison()?;
    let meta = fs::symlink_metadata(path).map_err(open_error("looking at", path))?;
    if !meta.is_file() {
        return Err(FileError::NotAFile(path.into()));
    }
    let mut file = private_options().write(true).open(path).map_err(io_error("opening", path))?;
    let (mut left, zeros) = (meta.len(), [0; 4096]);
    while left > 0 {
        let take = usize::try_from(left).unwrap_or(zeros.len()).min(zeros.len());
        file.write_all(zeros.get(..take).unwrap_or(&zeros)).map_err(io_error("overwriting", path))?;
        left -= take as u64;
    }
    sync(&file, path)?;
    fs::remove_file(path).map_err(io_error("removing", path))?;
    sync_parent(path)
}

/// Whether the group or everybody may read a file; `false` where the system does not say.
pub fn readable_by_others(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|meta| meta.permissions().mode() & 0o044 != 0)
}

/// Adds `line` and a line feed to a log (created 0600), durably. A write that fails half-way is taken
/// back; a log whose last line is torn by a power cut is refused, see [`drop_torn_line`].
pub fn append_line(path: &Path, line: &[u8]) -> Result<(), FileError> {
    check_poison()?;
    let is_new = !path.try_exists().map_err(io_error("looking for", path))?;
    if is_new {
        check_parent(path)?;
    }
    let mut file = open_log(path, true)?;
    let end = file.seek(SeekFrom::End(0)).map_err(io_error("reading", path))?;
    if end > 0 && !ends_line(&mut file, path)? {
        return Err(FileError::TornLine(path.into()));
    }
    let mut entry = Vec::with_capacity(line.len() + 1);
    entry.extend_from_slice(line);
    entry.push(b'\n');
    if let Err(e) = file.write_all(&entry) {
        let _ = file.set_len(end);
        return Err(io_error("appending to", path)(e));
    }
    sync(&file, path)?;
    if is_new { sync_parent(path) } else { Ok(()) }
}

/// Cuts an unfinished last line of at most `cap` bytes off a log and returns it. Such a line was never
/// acknowledged. The log's length does not matter.
pub fn drop_torn_line(path: &Path, cap: u64) -> Result<Vec<u8>, FileError> {
    check_poison()?;
    let mut file = open_log(path, false)?;
    let end = file.seek(SeekFrom::End(0)).map_err(io_error("reading", path))?;
    let start = end.saturating_sub(cap.saturating_add(1));
    file.seek(SeekFrom::Start(start)).map_err(io_error("reading", path))?;
    let mut tail = Vec::new();
    file.read_to_end(&mut tail).map_err(io_error("reading", path))?;
    let whole = match tail.iter().rposition(|&b| b == b'\n') {
        Some(at) => at + 1,
        None if start == 0 => 0,
        None => return Err(FileError::TornLine(path.into())),
    };
    let torn = tail.split_off(whole);
    if !torn.is_empty() {
        file.set_len(start + whole as u64).map_err(io_error("shortening", path))?;
        sync(&file, path)?;
    }
    Ok(torn)
}

/// Creates a directory (0700) under an existing parent; an existing directory is success. Refused
/// where every user may write and the sticky bit does not protect what is put there (R46).
pub fn create_dir_private(path: &Path) -> Result<(), FileError> {
    check_poison()?;
    check_parent(path)?;
    match fs::DirBuilder::new().mode(0o700).create(path) {
        Ok(()) => sync_parent(path),
        Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {
            let meta = fs::metadata(path).map_err(io_error("looking at", path))?;
            if !meta.is_dir() {
                return Err(FileError::NotADirectory(path.into()));
            }
            check_directory(path)
        }
        Err(e) => Err(io_error("creating", path)(e)),
    }
}

/// The names of a directory's entries that are UTF-8, but for the lock; a directory that is not there
/// has none.
pub fn file_names(dir: &Path) -> Result<Vec<String>, FileError> {
    let entries = match fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(e) => return Err(io_error("reading", dir)(e)),
    };
    let mut names = Vec::new();
    for entry in entries {
        let name = entry.map_err(io_error("reading", dir))?.file_name();
        names.extend(name.into_string().ok().filter(|name| name != "lock"));
    }
    Ok(names)
}

/// Removes a file, durably; a file that is not there is success.
pub fn remove_file(path: &Path) -> Result<(), FileError> {
    check_poison()?;
    match fs::remove_file(path) {
        Ok(()) => sync_parent(path),
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(e) => Err(io_error("removing", path)(e)),
    }
}

/// A complete, flushed file beside its final name; removed on drop unless published.
struct Temp {
    temp: PathBuf,
    path: PathBuf,
}

impl Temp {
    fn write(path: &Path, bytes: &[u8]) -> Result<Self, FileError> {
        check_poison()?;
        check_parent(path)?;
        let mut name = std::ffi::OsString::from(".");
        name.push(path.file_name().ok_or_else(|| FileError::NotAFile(path.into()))?);
        name.push(format!(".{:016x}.tmp", OsRng.next_u64()));
        let temp = path.with_file_name(name);
        let mut file = private_options()
            .write(true)
            .create_new(true)
            .open(&temp)
            .map_err(open_error("creating", path))?;
        let this = Self { temp, path: path.into() };
        file.write_all(bytes).map_err(io_error("writing", path))?;
        sync(&file, path)?;
        Ok(this)
    }

    /// What the medium holds, as far as the system can be made to look there and not into its cache.
    fn read_back(&self, len: usize) -> Result<Zeroizing<Vec<u8>>, FileError> {
        #[cfg(target_os = "linux")]
        if let Ok(file) = File::open(&self.temp) {
            let _ = rustix::fs::fadvise(&file, 0, None, rustix::fs::Advice::DontNeed);
        }
        read_zeroizing(&self.temp, len as u64)
    }

    fn publish_new(&self) -> io::Result<()> {
        let renamed = rustix::fs::renameat_with(CWD, &self.temp, CWD, &self.path, RenameFlags::NOREPLACE);
        match renamed {
            Ok(()) => Ok(()),
            // Some file systems know only the older way: a second name, then no first one.
            Err(rustix::io::Errno::INVAL | rustix::io::Errno::NOSYS | rustix::io::Errno::OPNOTSUPP) => {
                rustix::fs::linkat(CWD, &self.temp, CWD, &self.path, AtFlags::empty())?;
                Ok(())
            }
            Err(e) => Err(e.into()),
        }
    }

    /// A symbolic link is refused: it would be replaced, and what it points to would stay as it was.
    fn publish_over(&self) -> Result<(), FileError> {
        match fs::symlink_metadata(&self.path) {
            Ok(meta) if !meta.is_file() => Err(FileError::NotAFile(self.path.clone())),
            _ => fs::rename(&self.temp, &self.path).map_err(io_error("replacing", &self.path)),
        }
    }
}

impl Drop for Temp {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.temp);
    }
}

/// Options for files that hold or lead to secrets: 0600, and the name itself is no symbolic link.
pub(super) fn private_options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.mode(0o600).custom_flags(OFlags::NOFOLLOW.bits() as i32);
    options
}

/// Flushes a file with its size.
pub(super) fn sync(file: &File, path: &Path) -> Result<(), FileError> {
    super::count_flush();
    super::flushed(file.sync_all()).map_err(io_error("flushing", path))
}

/// Flushes the directory that holds `path`, so that the name itself is durable.
pub(super) fn sync_parent(path: &Path) -> Result<(), FileError> {
    check_poison()?;
    let parent = parent(path);
    let dir = File::open(parent).map_err(io_error("opening", parent))?;
    sync(&dir, parent)
}

pub(super) fn check_poison() -> Result<(), FileError> {
    if super::poisoned() { Err(FileError::Poisoned) } else { Ok(()) }
}

pub(super) fn io_error<'a>(doing: &'static str, path: &'a Path) -> impl Fn(io::Error) -> FileError + 'a {
    move |source| FileError::Io { doing, path: path.into(), source }
}

pub(super) fn open_error<'a>(doing: &'static str, path: &'a Path) -> impl Fn(io::Error) -> FileError + 'a {
    move |source| match source.kind() {
        io::ErrorKind::NotFound => FileError::NotFound(parent(path).into()),
        _ => FileError::Io { doing, path: path.into(), source },
    }
}

fn parent(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

fn check_parent(path: &Path) -> Result<(), FileError> {
    check_directory(parent(path))
}

/// Refuses what is no directory, and where every user may write without the sticky bit (R46).
pub fn check_directory(path: &Path) -> Result<(), FileError> {
    let meta = fs::metadata(path).map_err(|e| match e.kind() {
        io::ErrorKind::NotFound => FileError::NotFound(path.into()),
        _ => io_error("looking at", path)(e),
    })?;
    if !meta.is_dir() {
        return Err(FileError::NotADirectory(path.into()));
    }
    let mode = meta.permissions().mode();
    let open_to_all = mode & 0o002 != 0 && mode & 0o1000 == 0;
    if open_to_all { Err(FileError::WorldWritable(path.into())) } else { Ok(()) }
}

fn read_zeroizing(path: &Path, cap: u64) -> Result<Zeroizing<Vec<u8>>, FileError> {
    let mut options = OpenOptions::new();
    // Without NONBLOCK, opening a pipe waits for its writer.
    options.read(true).custom_flags(OFlags::NONBLOCK.bits() as i32);
    let file = options.open(path).map_err(|e| match e.kind() {
        io::ErrorKind::NotFound => FileError::NotFound(path.into()),
        _ => io_error("reading", path)(e),
    })?;
    let meta = file.metadata().map_err(io_error("reading", path))?;
    if !meta.is_file() {
        return Err(FileError::NotAFile(path.into()));
    }
    let too_large = || FileError::TooLarge { path: path.into(), cap };
    if meta.len() > cap {
        return Err(too_large());
    }
    // One byte more than announced, so that a file that grows meanwhile is noticed and the buffer
    // never moves.
    let limit = cap.saturating_add(1).min(meta.len().saturating_add(4096));
    let mut bytes = Zeroizing::new(Vec::with_capacity(usize::try_from(limit).map_err(|_| too_large())?));
    file.take(limit).read_to_end(&mut bytes).map_err(io_error("reading", path))?;
    if bytes.len() as u64 > cap { Err(too_large()) } else { Ok(bytes) }
}

/// `None`: nothing there; `Some(same)`: a file whose bytes are these or not.
fn compare_existing(path: &Path, bytes: &[u8]) -> Result<Option<bool>, FileError> {
    match fs::symlink_metadata(path) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(e) => Err(io_error("looking at", path)(e)),
        Ok(meta) if !meta.is_file() || meta.len() != bytes.len() as u64 => Ok(Some(false)),
        Ok(_) => Ok(Some(read_zeroizing(path, bytes.len() as u64)?.as_slice() == bytes)),
    }
}

fn open_log(path: &Path, create: bool) -> Result<File, FileError> {
    let mut options = private_options();
    options.read(true).append(true).create(create);
    let file = options.open(path).map_err(open_error("opening", path))?;
    let meta = file.metadata().map_err(io_error("opening", path))?;
    if meta.is_file() { Ok(file) } else { Err(FileError::NotAFile(path.into())) }
}

fn ends_line(file: &mut File, path: &Path) -> Result<bool, FileError> {
    let mut last = [0];
    file.seek(SeekFrom::End(-1)).map_err(io_error("reading", path))?;
    file.read_exact(&mut last).map_err(io_error("reading", path))?;
    Ok(last == *b"\n")
}

#[cfg(test)]
mod tests;
