//! Files named on the command line: read with a cap, written once and never over something else.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::cli::args::{HashName, MessageArgs};
use crate::cli::error::CommandError;
use crate::codec::Hex;
use crate::curve::{self, Curve, Payload};
use crate::request::{self, Content};
use crate::store;

/// Longest message that is verified, in bytes; a signing request takes less.
const VERIFY_CAP: u64 = 64 << 20;

/// What a signing request carries: the message itself, or a bare digest.
pub(crate) fn content(args: &MessageArgs, hash: Option<HashName>) -> Result<Content, CommandError> {
    let message = |message: Vec<u8>| Content::Message { message: Hex(message), hash: hash.map(Into::into) };
    let cap = request::MESSAGE_CAP as u64;
    match (&args.message_file, &args.message, &args.digest) {
        (Some(path), None, None) => Ok(message(read(path, cap)?)),
        (None, Some(text), None) => Ok(message(text.clone().into_bytes())),
        (None, None, Some(digest)) => Ok(Content::Digest { digest: Hex(digest.0.clone()) }),
        _ => Err(CommandError::usage("exactly one of --message-file, --message and --digest is needed")),
    }
}

/// What a signature is over, after hashing.
pub(crate) fn payload(
    curve: Curve,
    args: &MessageArgs,
    hash: Option<HashName>,
) -> Result<Payload, CommandError> {
    let of_message = |message: &[u8]| curve::payload_of_message(curve, hash.map(Into::into), message);
    Ok(match (&args.message_file, &args.message, &args.digest) {
        (Some(path), None, None) => of_message(&read(path, VERIFY_CAP)?)?,
        (None, Some(text), None) => of_message(text.as_bytes())?,
        (None, None, Some(digest)) => curve::payload_of_digest(curve, &digest.0)?,
        _ => {
            return Err(CommandError::usage("exactly one of --message-file, --message, --digest is needed"));
        }
    })
}

/// Reads a whole file of at most `cap` bytes; `-` is standard input. A larger one is refused by its
/// size, before it is read.
pub(crate) fn read(path: &Path, cap: u64) -> Result<Vec<u8>, CommandError> {
    if path.as_os_str() == "-" {
        return read_capped("standard input", io::stdin().lock(), cap);
    }
    let name = path.display().to_string();
    let failed = |e: io::Error| CommandError::fixable(format!("{name} cannot be read: {e}"));
    let metadata = fs::metadata(path).map_err(failed)?;
    if metadata.is_dir() {
        return Err(CommandError::fixable(format!("{name} is a directory, not a file")));
    }
    if metadata.len() > cap {
        return Err(too_long(&name, &format!("{} bytes", metadata.len()), cap));
    }
    read_capped(&name, File::open(path).map_err(failed)?, cap)
}

/// A path as a shell takes it, for the commands that are suggested.
pub(crate) fn quoted(path: &Path) -> String {
    shlex::try_quote(&path.display().to_string()).map_or_else(|_| "FILE".into(), Into::into)
}

fn read_capped(name: &str, reader: impl Read, cap: u64) -> Result<Vec<u8>, CommandError> {
    let mut bytes = Vec::new();
    reader
        .take(cap.saturating_add(1))
        .read_to_end(&mut bytes)
        .map_err(|e| CommandError::fixable(format!("{name} cannot be read: {e}")))?;
    if bytes.len() as u64 > cap { Err(too_long(name, "longer", cap)) } else { Ok(bytes) }
}

fn too_long(name: &str, len: &str, cap: u64) -> CommandError {
    CommandError::fixable(format!("{name} is {len}; at most {cap} bytes ({} KiB) are read", cap >> 10))
        .state("nothing was done")
        .hint("use a digest of it instead, with --digest (not for the EdDSA curves)")
}

/// Makes a directory if it is missing, and sees that a file can be made in it, before work that cannot be undone.
pub(crate) fn check_takes_files(dir: &Path) -> Result<(), CommandError> {
    store::files::create_dir_private(dir)?;
    can_make_in(dir)
}

fn can_make_in(dir: &Path) -> Result<(), CommandError> {
    store::files::check_directory(dir)?;
    let made = tempfile::tempfile_in(dir);
    made.map(drop)
        .map_err(|e| CommandError::fixable(format!("no file can be made in {}: {e}", dir.display())))
}

/// A file to be made by this command, checked before the work begins.
#[derive(Debug)]
pub(crate) struct NewFile(PathBuf);

impl NewFile {
    /// Refuses a path where something is already, or whose directory is missing or takes no file (R46).
    pub(crate) fn plan(path: &Path) -> Result<Self, CommandError> {
        if fs::symlink_metadata(path).is_ok() {
            return Err(CommandError::fixable(format!("{} is already there", path.display()))
                .state("nothing was done; the file was not touched"));
        }
        let parent = match path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        if !parent.is_dir() {
            return Err(CommandError::fixable(format!("{} is not a directory", parent.display()))
                .state("nothing was done"));
        }
        can_make_in(parent).map_err(|error| error.state("nothing was done"))?;
        Ok(Self(path.to_owned()))
    }

    /// Creates the file that is all a command makes: where it cannot be written, nothing was made.
    pub(crate) fn write_only(self, bytes: &[u8]) -> Result<(), CommandError> {
        let path = self.0.display().to_string();
        self.write(bytes).map_err(|error| error.state(format!("{path} was not written")))
    }

    /// Creates the file: 0600, durable, never over something else.
    pub(crate) fn write(self, bytes: &[u8]) -> Result<(), CommandError> {
        store::files::write_new(&self.0, bytes)
            .map_err(|e| CommandError::from(e).state("the command itself is complete; what it did stands"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_file_is_read_whole() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("message");
        fs::write(&path, b"pay\n").unwrap();
        assert_eq!(read(&path, 4).unwrap(), b"pay\n");
    }

    #[test]
    fn r51_missing_directory_and_too_long_are_told_apart() {
        let dir = tempfile::tempdir().unwrap();
        let missing = read(&dir.path().join("missing"), 4).unwrap_err();
        assert!(missing.message.contains("cannot be read"), "{missing}");
        let directory = read(dir.path(), 4).unwrap_err();
        assert!(directory.message.contains("is a directory"), "{directory}");
        let huge = dir.path().join("huge");
        File::create(&huge).unwrap().set_len(1 << 30).unwrap();
        let too_long = read(&huge, VERIFY_CAP).unwrap_err();
        assert!(too_long.message.contains("1073741824 bytes; at most 67108864"), "{too_long}");
        assert!(read_capped("x", io::repeat(1), 10).is_err());
        for error in [missing, directory, too_long] {
            assert_eq!(error.code.code(), 1);
        }
    }

    #[test]
    fn r46_nothing_is_overwritten() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("out");
        NewFile::plan(&path).unwrap().write(b"1").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"1");
        assert!(NewFile::plan(&path).is_err());
        assert!(NewFile(path.clone()).write(b"2").is_err());
        assert_eq!(fs::read(&path).unwrap(), b"1");
        assert!(NewFile::plan(&dir.path().join("none/out")).is_err());
    }
}
