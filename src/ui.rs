//! How a use case talks to the person at the keyboard: secrets in, confirmations in, notes and progress
//! out. `tty` is that person, `script` is a run without one.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::secret::SecretBytes;
use crate::wrap::passphrase::{PASSPHRASE_CAP, Passphrase, PassphraseError};

mod screen;
pub mod script;
pub mod tty;
mod words;

pub use screen::{SignalsHeld, signals_are_handled};

/// Asks and tells. Implementations never echo a secret and never wait where nobody can answer.
pub trait Ui {
    /// A passphrase that exists already.
    fn passphrase(&mut self, prompt: &str) -> Result<Passphrase, UiError>;

    /// A passphrase to be set; a person types it twice.
    fn new_passphrase(&mut self, prompt: &str) -> Result<Passphrase, UiError>;

    /// Goes on only if the person types exactly `word`. `flag` is what a script gives in place of an answer.
    fn confirm(&mut self, question: &str, word: &str, flag: &'static str) -> Result<(), UiError>;

    /// One line of text that is no secret, without the space around it; may be empty.
    fn answer(&mut self, question: &str) -> Result<String, UiError>;

    /// Shows a secret (printable text) to the person who types exactly `word` first, until Enter. It is
    /// never on the screen that scrolls back, and it is wiped however this ends (R47).
    fn reveal(&mut self, title: &str, secret: &SecretBytes, word: &str) -> Result<(), UiError>;

    /// Whether [`Ui::reveal`] will be possible here, before work is done for it.
    fn can_reveal(&self) -> Result<(), UiError>;

    /// Has a person type the `count` words of a paper sheet, all from `list` (lower case), on a screen that
    /// is wiped afterwards. `check` is given all words, separated by single spaces, and again after each
    /// correction, until they are good. `None`: the person has no more sheets, or gave this one up.
    fn words(
        &mut self,
        intro: &str,
        list: &[&'static str],
        count: usize,
        check: &mut dyn FnMut(&str) -> Verdict,
    ) -> Result<Option<Zeroizing<String>>, UiError>;

    /// Something to read that is not the result of the command.
    fn note(&mut self, text: &str);
}

/// What becomes of the words of a sheet.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// They are taken.
    Good,
    /// They hold a mistake; the message tells what is known of it, for the person to correct.
    Wrong(String),
}

/// Why an answer could not be had.
#[derive(Debug, thiserror::Error)]
pub enum UiError {
    #[error("{need} is needed, and there is no terminal to ask at")]
    NoTerminal { need: String, flag: &'static str },
    #[error("not confirmed: {word:?} was expected, exactly")]
    Declined { word: String },
    #[error("aborted at the terminal")]
    Interrupted,
    #[error("this terminal cannot be cleared, so no secret is shown on it")]
    CannotClear,
    #[error("{0}; the secret was on the screen, which is cleared")]
    Shown(Box<UiError>),
    #[error("the two passphrases differ")]
    Mismatch,
    #[error("the secret in {source_name} cannot be read: {reason}")]
    Source { source_name: String, reason: String },
    #[error("the secret file {path} can be read by others (mode {mode:04o}); it must be yours alone")]
    Exposed { path: String, mode: u32 },
    #[error(transparent)]
    Passphrase(#[from] PassphraseError),
    #[error("the terminal failed: {0}")]
    Terminal(#[source] io::Error),
}

/// Where a secret comes from when it is not typed (R36).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecretSource {
    /// A regular file with no rights for group and others, or `-` for standard input.
    File(PathBuf),
    /// An inherited file descriptor.
    Descriptor(u32),
}

impl SecretSource {
    /// Reads the secret; at most [`PASSPHRASE_CAP`] bytes and a line end.
    pub fn read(&self) -> Result<Passphrase, UiError> {
        // With its line end, and one byte more to notice what is too long.
        Ok(Passphrase::from_bytes(self.start(PASSPHRASE_CAP + 3)?)?)
    }

    /// Reads a secret that is no passphrase, whole and as it is; at most `cap` bytes.
    pub fn read_whole(&self, cap: usize) -> Result<SecretBytes, UiError> {
        let bytes = self.start(cap + 1)?;
        if bytes.len() > cap {
            let reason = format!("it is longer than {cap} bytes");
            return Err(UiError::Source { source_name: self.name(), reason });
        }
        Ok(SecretBytes::from(bytes))
    }

    /// The first `limit` bytes.
    fn start(&self, limit: usize) -> Result<Zeroizing<Vec<u8>>, UiError> {
        let reader: Box<dyn Read> = match self {
            Self::File(path) if path.as_os_str() == "-" => Box::new(io::stdin().lock()),
            Self::File(path) => Box::new(open_private(path)?),
            Self::Descriptor(0) => Box::new(io::stdin().lock()),
            Self::Descriptor(fd) => {
                Box::new(File::open(format!("/dev/fd/{fd}")).map_err(|e| self.failed(&e))?)
            }
        };
        let mut bytes = Zeroizing::new(Vec::with_capacity(limit));
        reader.take(limit as u64).read_to_end(&mut bytes).map_err(|e| self.failed(&e))?;
        Ok(bytes)
    }

    fn name(&self) -> String {
        match self {
            Self::File(path) => path.display().to_string(),
            Self::Descriptor(fd) => format!("descriptor {fd}"),
        }
    }

    fn failed(&self, error: &io::Error) -> UiError {
        UiError::Source { source_name: self.name(), reason: error.to_string() }
    }
}

fn open_private(path: &Path) -> Result<File, UiError> {
    let source = |reason: String| UiError::Source { source_name: path.display().to_string(), reason };
    let file = File::open(path).map_err(|e| source(e.to_string()))?;
    let metadata = file.metadata().map_err(|e| source(e.to_string()))?;
    if metadata.is_dir() {
        return Err(source("it is a directory".into()));
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::{FileTypeExt, PermissionsExt};
        let mode = metadata.permissions().mode() & 0o7777;
        // What `<(command)` makes is a pipe, readable only through this process.
        if mode & 0o077 != 0 && !metadata.file_type().is_fifo() {
            return Err(UiError::Exposed { path: path.display().to_string(), mode });
        }
    }
    Ok(file)
}

/// Secrets that came by flag, handed out in the order given.
#[derive(Clone, Debug, Default)]
pub struct Secrets(VecDeque<SecretSource>);

impl Secrets {
    /// Sources in the order of the command line.
    pub fn new(sources: impl IntoIterator<Item = SecretSource>) -> Self {
        Self(sources.into_iter().collect())
    }

    /// Whether all were handed out.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The next secret, or `None` when all were used.
    pub fn take(&mut self) -> Option<Result<Passphrase, UiError>> {
        self.0.pop_front().map(|source| source.read())
    }
}

/// How far a long operation is; drawn on standard error if that is a terminal, otherwise nothing.
/// Clones draw the same bar, from any thread.
#[derive(Clone, Debug)]
pub struct Progress(indicatif::ProgressBar);

impl Progress {
    /// Draws on standard error.
    pub fn terminal() -> Self {
        let bar = indicatif::ProgressBar::with_draw_target(None, indicatif::ProgressDrawTarget::stderr());
        Self(bar)
    }

    /// Draws nothing.
    pub fn hidden() -> Self {
        Self(indicatif::ProgressBar::hidden())
    }

    /// Begins a stretch of `total` pieces of work.
    pub fn start(&self, what: &str, total: u64) {
        let template = "{msg} [{bar:30}] {pos}/{len} {elapsed}";
        if let Ok(style) = indicatif::ProgressStyle::with_template(template) {
            self.0.set_style(style.progress_chars("=> "));
        }
        self.0.reset();
        self.0.set_length(total);
        self.0.set_message(what.to_owned());
        if !self.0.is_hidden() {
            self.0.enable_steady_tick(std::time::Duration::from_millis(250));
        }
    }

    /// Counts `pieces` as done.
    pub fn advance(&self, pieces: u64) {
        self.0.inc(pieces);
    }

    /// Removes the bar.
    pub fn finish(&self) {
        self.0.disable_steady_tick();
        self.0.finish_and_clear();
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn secret_file(dir: &Path, content: &[u8], mode: u32) -> SecretSource {
        let path = dir.join(format!("secret-{mode:o}-{}", content.len()));
        std::fs::write(&path, content).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        SecretSource::File(path)
    }

    #[test]
    fn r36_a_private_file_is_read() {
        let dir = tempfile::tempdir().unwrap();
        let source = secret_file(dir.path(), b"correct horse\n", 0o600);
        assert_eq!(source.read().unwrap().expose(), "correct horse");
    }

    #[test]
    fn r36_a_file_others_can_read_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        for mode in [0o644, 0o640, 0o604] {
            let source = secret_file(dir.path(), b"x", mode);
            assert!(matches!(source.read(), Err(UiError::Exposed { .. })), "{mode:o}");
        }
    }

    #[test]
    fn r51_long_secrets_missing_files_and_directories_are_refused() {
        let dir = tempfile::tempdir().unwrap();
        let long = secret_file(dir.path(), &[b'x'; PASSPHRASE_CAP + 1], 0o600);
        assert!(matches!(long.read(), Err(UiError::Passphrase(PassphraseError::TooLong))));
        let missing = SecretSource::File(dir.path().join("missing"));
        assert!(matches!(missing.read(), Err(UiError::Source { .. })));
        let directory = SecretSource::File(dir.path().to_owned());
        assert!(matches!(directory.read(), Err(UiError::Source { .. })));
    }
}
