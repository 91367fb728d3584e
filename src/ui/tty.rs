//! A person at a terminal. Questions go to the terminal itself, so that redirected output stays clean.

use std::fs::File;
use std::io::{self, IsTerminal, Write};

use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::secret::SecretBytes;
use crate::ui::screen::{self, Key, Screen};
use crate::ui::words::{Form, Step};
use crate::ui::{Secrets, Ui, UiError, Verdict};
use crate::wrap::passphrase::{PASSPHRASE_CAP, Passphrase};

/// Bytes of a visible answer.
const ANSWER_CAP: usize = 1024;

/// The terminal of this process.
pub struct Terminal {
    pub(super) input: File,
    pub(super) output: File,
}

impl Terminal {
    /// Opens it if a person can be expected there: standard error must be a terminal too, so that a
    /// script run in the background never waits for an answer.
    pub fn open() -> Option<Self> {
        if !io::stderr().is_terminal() {
            return None;
        }
        let input = File::open("/dev/tty").ok()?;
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

    fn visible(&mut self, question: &str) -> Result<Zeroizing<String>, UiError> {
        let mut screen = Screen::take(&mut self.terminal)?;
        screen.write(question)?;
        screen.line(ANSWER_CAP, true)
    }
}

impl Ui for TerminalUi<'_> {
    fn passphrase(&mut self, prompt: &str) -> Result<Passphrase, UiError> {
        match self.secrets.take() {
            Some(secret) => secret,
            None => hidden(&mut Screen::take(&mut self.terminal)?, prompt),
        }
    }

    fn new_passphrase(&mut self, prompt: &str) -> Result<Passphrase, UiError> {
        if let Some(secret) = self.secrets.take() {
            return secret;
        }
        // One screen for both, so that there is no echo between them.
        let mut screen = Screen::take(&mut self.terminal)?;
        let first = hidden(&mut screen, prompt)?;
        let second = hidden(&mut screen, "Again, to be sure")?;
        if bool::from(first.expose().as_bytes().ct_eq(second.expose().as_bytes())) {
            Ok(first)
        } else {
            Err(UiError::Mismatch)
        }
    }

    fn confirm(&mut self, question: &str, word: &str, _flag: &'static str) -> Result<(), UiError> {
        let answer =
            self.visible(&format!("{question}\nType {word} (exactly) to go on, anything else to abort: "))?;
        if answer.as_str() == word { Ok(()) } else { Err(UiError::Declined { word: word.to_owned() }) }
    }

    fn answer(&mut self, question: &str) -> Result<String, UiError> {
        let answer = self.visible(&format!("{question}: "))?;
        Ok(answer.trim().to_owned())
    }

    fn reveal(&mut self, title: &str, secret: &SecretBytes, word: &str) -> Result<(), UiError> {
        self.can_reveal()?;
        self.confirm(
            &format!(
                "{title} is about to be shown here.\n\
                 Make sure that nobody else sees this screen, and no camera does."
            ),
            word,
            "a terminal",
        )?;
        let mut screen = Screen::take_alternate(&mut self.terminal)?;
        // An Enter typed too much must not take it away again.
        screen.discard();
        screen.write(title)?;
        screen.write("\n\n")?;
        let shown = |error| UiError::Shown(Box::new(error));
        screen.write_bytes(secret.expose()).map_err(shown)?;
        screen.write("\n\nPress Enter when you have it: then this screen is cleared. ").map_err(shown)?;
        while screen.key().map_err(shown)? != Key::Enter {}
        Ok(())
    }

    fn can_reveal(&self) -> Result<(), UiError> {
        if screen::can_clear() { Ok(()) } else { Err(UiError::CannotClear) }
    }

    fn words(
        &mut self,
        intro: &str,
        list: &[&'static str],
        count: usize,
        check: &mut dyn FnMut(&str) -> Verdict,
    ) -> Result<Option<Zeroizing<String>>, UiError> {
        let mut form = Form::new(intro, list, count);
        let mut screen = Screen::take_alternate(&mut self.terminal)?;
        loop {
            if !screen.more() {
                let (columns, rows) = screen.size();
                screen.write(&form.frame(columns, rows))?;
            }
            match form.key(screen.key()?) {
                Step::More => (),
                // What was pasted behind it would be taken for other words.
                Step::Refused => {
                    if screen.more() {
                        screen.discard();
                        form.dropped();
                    }
                }
                Step::End => return Ok(None),
                Step::Complete => {
                    let text = form.text();
                    match check(&text) {
                        Verdict::Good => return Ok(Some(text)),
                        Verdict::Wrong(message) => form.wrong(message),
                    }
                }
            }
        }
    }

    fn note(&mut self, text: &str) {
        let _ = writeln!(self.terminal.output, "{text}");
    }
}

fn hidden(screen: &mut Screen, prompt: &str) -> Result<Passphrase, UiError> {
    screen.write(prompt)?;
    screen.write(": ")?;
    // More than is allowed, to notice what is too long.
    let mut typed = screen.line(PASSPHRASE_CAP + 4, false)?;
    Ok(Passphrase::from_bytes(std::mem::take(&mut *typed).into_bytes())?)
}
