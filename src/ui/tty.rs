//! A person at a terminal. Questions go to the terminal itself, so that redirected output stays clean.

use std::fs::File;
use std::io::{self, BufRead, BufReader, IsTerminal, Read, Write};

use subtle::ConstantTimeEq;

use crate::ui::{Secrets, Ui, UiError};
use crate::wrap::passphrase::Passphrase;

/// The terminal of this process.
pub struct Terminal {
    input: BufReader<File>,
    output: File,
}

impl Terminal {
    /// Opens it if a person can be expected there: standard error must be a terminal too, so that a
    /// script run in the background never waits for an answer.
    pub fn open() -> Option<Self> {
        if !io::stderr().is_terminal() {
            return None;
        }
        let input = BufReader::new(File::open("/dev/tty").ok()?);
        let output = File::options().write(true).open("/dev/tty").ok()?;
        Some(Self { input, output })
    }
}

/// See the module.
pub struct TerminalUi<'a> {
    terminal: Terminal,
    secrets: &'a mut Secrets,
}

impl<'a> TerminalUi<'a> {
    /// Hands out `secrets` in order, then asks.
    pub fn new(terminal: Terminal, secrets: &'a mut Secrets) -> Self {
        Self { terminal, secrets }
    }

    fn hidden(&mut self, prompt: &str) -> Result<Passphrase, UiError> {
        let typed = rpassword::prompt_password(format!("{prompt}: ")).map_err(UiError::Terminal)?;
        Ok(Passphrase::from_bytes(typed.into_bytes())?)
    }
}

impl Ui for TerminalUi<'_> {
    fn passphrase(&mut self, prompt: &str) -> Result<Passphrase, UiError> {
        match self.secrets.take() {
            Some(secret) => secret,
            None => self.hidden(prompt),
        }
    }

    fn new_passphrase(&mut self, prompt: &str) -> Result<Passphrase, UiError> {
        if let Some(secret) = self.secrets.take() {
            return secret;
        }
        let first = self.hidden(prompt)?;
        let second = self.hidden("Again, to be sure")?;
        if bool::from(first.expose().as_bytes().ct_eq(second.expose().as_bytes())) {
            Ok(first)
        } else {
            Err(UiError::Mismatch)
        }
    }

    fn confirm(&mut self, question: &str, word: &str) -> Result<(), UiError> {
        write!(self.terminal.output, "{question}\nType {word} (exactly) to go on, anything else to abort: ")
            .and_then(|()| self.terminal.output.flush())
            .map_err(UiError::Terminal)?;
        let mut answer = String::new();
        self.terminal.input.by_ref().take(1024).read_line(&mut answer).map_err(UiError::Terminal)?;
        if answer.trim_end_matches(['\r', '\n']) == word {
            Ok(())
        } else {
            Err(UiError::Declined { word: word.to_owned() })
        }
    }

    fn note(&mut self, text: &str) {
        let _ = writeln!(self.terminal.output, "{text}");
    }
}
