//! What every command is given: the workspace, the streams, the person or script to ask.

use std::ffi::OsString;
use std::io::Write;
use std::path::{Path, PathBuf};

use rand_core::OsRng;
use serde::Serialize;
use subtle::ConstantTimeEq as _;

use crate::ceremony::authority::Authority;
use crate::ceremony::custodians;
use crate::ceremony::workspace::{HomeFile, Workspace};
use crate::cli::Globals;
use crate::cli::args::AuthorityArgs;
use crate::cli::error::CommandError;
use crate::cli::output::{self, Text};
use crate::identity::{IdentityError, LockedIdentity, PersonIdentity};
use crate::paillier::PrimeSource;
use crate::secret::SecretBytes;
use crate::store::seal::{self, SealKey, SealKind, SealSource};
use crate::ui::script::ScriptUi;
use crate::ui::tty::{Terminal, TerminalUi};
use crate::ui::{Progress, SecretSource, Secrets, Ui, UiError};
use crate::wrap::passphrase::{self, KdfCost, NewPassphrase, PassphraseError};

/// How often a person may type a passphrase.
const TRIES: usize = 3;

/// Where a run writes, and whether a person is there. A captured run has buffers and nobody.
pub struct Streams<'a> {
    /// Results.
    pub stdout: &'a mut dyn Write,
    /// Errors, notes.
    pub stderr: &'a mut dyn Write,
    /// ANSI colours allowed on standard output (a terminal, NO_COLOR unset).
    pub colour_stdout: bool,
    /// The same for standard error.
    pub colour_stderr: bool,
    /// Standard output is a terminal: no binary goes there.
    pub stdout_is_terminal: bool,
    /// Passphrases may be asked for at a terminal.
    pub interactive: bool,
    /// Where long operations draw.
    pub progress: Progress,
    /// With JSON: takes what would have been the text, so that a ceremony shows what a person would see.
    pub text: Option<&'a mut String>,
}

/// What every command is given.
pub struct Context<'a> {
    /// Print JSON.
    pub json: bool,
    /// How many times `-v` was given.
    pub verbosity: u8,
    /// Where Paillier primes come from.
    pub primes: &'a PrimeSource,
    streams: Streams<'a>,
    home: Option<PathBuf>,
    secrets: Secrets,
}

impl<'a> Context<'a> {
    /// From the global flags; `QUORATE_HOME` is read here and nowhere else.
    pub(crate) fn new(globals: &Globals, primes: &'a PrimeSource, mut streams: Streams<'a>) -> Self {
        let files = globals.passphrase_file.iter().cloned().map(SecretSource::File);
        let descriptors = globals.passphrase_fd.iter().copied().map(SecretSource::Descriptor);
        if globals.no_progress {
            streams.progress = Progress::hidden();
        }
        Self {
            json: globals.json,
            verbosity: globals.verbose,
            primes,
            streams,
            home: globals.home.clone(),
            secrets: Secrets::new(files.chain(descriptors)),
        }
    }

    /// The workspace directory: `--home`, else `QUORATE_HOME`, else `~/.quorate`. It need not exist.
    pub fn home(&self) -> Result<PathBuf, CommandError> {
        let variable = |name: &str| std::env::var_os(name).filter(|value: &OsString| !value.is_empty());
        let default = || variable("HOME").map(|home| PathBuf::from(home).join(".quorate"));
        self.home
            .clone()
            .or_else(|| variable("QUORATE_HOME").map(PathBuf::from))
            .or_else(default)
            .ok_or_else(|| CommandError::usage("no workspace: neither --home, QUORATE_HOME nor HOME is set"))
    }

    /// What `--home` named, without falling back on anything.
    pub fn home_flag(&self) -> Option<PathBuf> {
        self.home.clone()
    }

    /// Whoever answers questions: secrets given by flag come first, then the terminal if there is one.
    pub fn ui(&mut self) -> Box<dyn Ui + '_> {
        let terminal = if self.streams.interactive { Terminal::open() } else { None };
        match terminal {
            Some(terminal) => Box::new(TerminalUi::new(terminal, &mut self.secrets)),
            None => Box::new(ScriptUi::new(&mut self.secrets, self.streams.stderr)),
        }
    }

    /// Opens the workspace's seal, with a passphrase if that is what protects it.
    pub fn open_seal(&mut self, home: &Path) -> Result<SealKey, CommandError> {
        let passphrase = match seal::seal_kind(home)? {
            SealKind::KeyFile => None,
            SealKind::Passphrase => Some(self.ui().passphrase("Passphrase of the workspace")?),
        };
        Ok(seal::open_seal(home, passphrase.as_ref())?)
    }

    /// Opens the workspace; other runs wait until this one ends.
    pub fn workspace(&mut self) -> Result<Workspace, CommandError> {
        let home = self.home()?;
        HomeFile::read(&home, self.primes)?;
        let seal = self.open_seal(&home)?;
        Ok(Workspace::open(&home, seal, self.primes)?)
    }

    /// Opens the workspace to act for whoever is named.
    pub(crate) fn workspace_for(&mut self, authority: &AuthorityArgs) -> Result<Workspace, CommandError> {
        self.workspace_for_with(authority, &[]).map(|(workspace, _)| workspace)
    }

    /// The same with identities; the requester's passphrase comes after theirs.
    pub(crate) fn workspace_for_with(
        &mut self,
        authority: &AuthorityArgs,
        identities: &[PathBuf],
    ) -> Result<(Workspace, Vec<PersonIdentity>), CommandError> {
        let given = authority.given()?;
        let paths: Vec<PathBuf> = identities.iter().chain(&authority.requester).cloned().collect();
        let (mut workspace, mut opened) = self.workspace_with(&paths)?;
        let requester = authority.requester.as_ref().and_then(|_| opened.pop());
        workspace.act_with(Authority::new(requester, given));
        Ok((workspace, opened))
    }

    /// Opens the workspace and identities. The passphrase of the workspace comes first, and those of the
    /// identities in their order; the workspace is taken last, so that no other run waits for them.
    pub fn workspace_with(
        &mut self,
        identities: &[PathBuf],
    ) -> Result<(Workspace, Vec<PersonIdentity>), CommandError> {
        let home = self.home()?;
        HomeFile::read(&home, self.primes)?;
        let seal = self.open_seal(&home)?;
        let identities = identities.iter().map(|path| self.unlock(path)).collect::<Result<_, _>>()?;
        Ok((Workspace::open(&home, seal, self.primes)?, identities))
    }

    /// What is to protect a new workspace; a passphrase is asked for or read.
    pub fn new_seal(&mut self, kind: SealKind, generate: bool) -> Result<SealSource, CommandError> {
        Ok(match kind {
            SealKind::KeyFile => SealSource::KeyFile,
            SealKind::Passphrase => {
                SealSource::Passphrase(self.new_passphrase("the workspace", &[], generate)?)
            }
        })
    }

    /// A passphrase to protect `what` with: drawn and shown once, or typed or read and judged. `about`
    /// are words that someone would guess first. A person may try again.
    pub fn new_passphrase(
        &mut self,
        what: &str,
        about: &[&str],
        generate: bool,
    ) -> Result<NewPassphrase, CommandError> {
        if generate {
            let drawn = NewPassphrase::diceware(&mut OsRng);
            let shown = SecretBytes::new(drawn.passphrase().expose().as_bytes().to_vec());
            let title = format!("The new passphrase for {what} (shown once; write it down)");
            self.ui().reveal(&title, &shown, "Show")?;
            self.tries(|ui| {
                let typed = ui.passphrase("Type it, to be sure")?;
                let same = typed.expose().as_bytes().ct_eq(drawn.passphrase().expose().as_bytes());
                if bool::from(same) { Ok(()) } else { Err(UiError::Mismatch) }
            })?;
            return Ok(drawn);
        }
        let prompt = format!("New passphrase for {what}");
        self.tries(|ui| Ok(NewPassphrase::chosen(ui.new_passphrase(&prompt)?, about)?))
    }

    /// Asks for the passphrase of an identity and opens it. A person may try again.
    pub fn unlock(&mut self, path: &Path) -> Result<PersonIdentity, CommandError> {
        self.unlock_read(&custodians::read_identity(path)?, path)
    }

    /// The same for an identity that was read before.
    pub fn unlock_read(
        &mut self,
        locked: &LockedIdentity,
        path: &Path,
    ) -> Result<PersonIdentity, CommandError> {
        let prompt = format!("Passphrase of {}'s identity ({})", locked.name(), path.display());
        self.tries(|ui| match locked.unlock(&ui.passphrase(&prompt)?) {
            Err(IdentityError::Passphrase(wrong)) => Err(wrong.into()),
            other => Ok(other),
        })?
        .map_err(CommandError::from)
    }

    /// Lets a person answer three times before a passphrase that is no good ends the command. What came
    /// by flag is judged once.
    pub(crate) fn tries<T>(
        &mut self,
        mut ask: impl FnMut(&mut dyn Ui) -> Result<T, UiError>,
    ) -> Result<T, CommandError> {
        for _ in 1..TRIES {
            let typed = self.secrets.is_empty() && self.person_present();
            let answer = ask(&mut *self.ui());
            match answer {
                Err(error) if typed && may_be_typed_better(&error) => {
                    self.note(&format!("{error}; try again"));
                }
                other => return Ok(other?),
            }
        }
        Ok(ask(&mut *self.ui())?)
    }

    /// The Argon2id costs of a new file; the test program always takes the least.
    pub fn kdf_cost(&self, cost: KdfCost) -> KdfCost {
        if self.primes.is_test() { passphrase::danger_small_cost() } else { cost }
    }

    /// Where a long operation says how far it is.
    pub fn progress(&self) -> Progress {
        self.streams.progress.clone()
    }

    /// Writes the command's result: one JSON line with `--json`, else the text made of it.
    pub fn show<T: Serialize>(
        &mut self,
        result: &T,
        text: impl FnOnce(&T, &mut Text),
    ) -> Result<(), CommandError> {
        if self.json
            && let Some(kept) = &mut self.streams.text
        {
            let mut lines = Text::default();
            text(result, &mut lines);
            kept.push_str(lines.as_str());
            return output::show(self.streams.stdout, true, result, |_, _| ());
        }
        output::show(self.streams.stdout, self.json, result, text)
    }

    /// Writes raw bytes to standard output; `binary` is refused at a terminal.
    pub fn write_stdout(&mut self, bytes: &[u8], binary: bool) -> Result<(), CommandError> {
        if binary && self.streams.stdout_is_terminal {
            return Err(CommandError::usage("binary output is not written to a terminal")
                .hint("name a file with --out, or redirect standard output"));
        }
        output::write_all(self.streams.stdout, bytes)
    }

    /// A line to read that is not the result; goes to standard error.
    pub fn note(&mut self, text: &str) {
        let _ = writeln!(self.streams.stderr, "{}", output::shown(text));
    }

    /// The command that usually comes next; for people only.
    pub fn next(&mut self, command: &str) {
        if !self.json {
            let command = self.in_this_home(command);
            self.note(&format!("Next: {command}"));
        }
    }

    /// A command line that finds the same workspace: with `--home`, if that was given here.
    pub(crate) fn in_this_home(&self, command: &str) -> String {
        match (&self.home, command.strip_prefix("quorate ")) {
            (Some(home), Some(rest)) if !rest.starts_with("--") => {
                let home = home.to_string_lossy();
                let home = shlex::try_quote(&home).unwrap_or_else(|_| "DIR".into());
                format!("quorate --home {home} {rest}")
            }
            _ => command.to_owned(),
        }
    }

    /// Whether a person can be asked.
    pub(crate) fn person_present(&self) -> bool {
        self.streams.interactive && Terminal::open().is_some()
    }

    /// Hands the streams back, for reporting an error after the command ended.
    pub(crate) fn into_streams(self) -> Streams<'a> {
        self.streams
    }
}

fn may_be_typed_better(error: &UiError) -> bool {
    match error {
        UiError::Mismatch => true,
        UiError::Passphrase(error) => {
            !matches!(error, PassphraseError::Memory { .. } | PassphraseError::Cost { .. })
        }
        _ => false,
    }
}
