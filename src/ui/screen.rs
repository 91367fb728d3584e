//! The terminal while one question is open: keys come one by one and are not echoed, and whatever ends the
//! question (an answer, an error, a signal) puts the terminal back as it was.

use std::io::{self, Read, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use rustix::io::Errno;
use rustix::termios::{
    self, InputModes, LocalModes, OptionalActions, QueueSelector, SpecialCodeIndex, Termios,
};
use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM};
use zeroize::Zeroizing;

use crate::ui::UiError;
use crate::ui::tty::Terminal;

/// One key, as far as a question cares.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Key {
    Char(char),
    Enter,
    Tab,
    Backspace,
    /// Ctrl-U.
    EraseLine,
    /// Ctrl-W.
    EraseWord,
    /// Ctrl-D.
    End,
    /// Arrows and the like.
    Other,
}

/// The terminal, taken. Dropping it gives it back.
pub(super) struct Screen<'a> {
    terminal: &'a mut Terminal,
    before: Termios,
    alternate: bool,
    /// Keys left unread must not reach whoever reads next.
    discard: bool,
    after_return: bool,
}

impl<'a> Screen<'a> {
    /// Turns echo, line editing and the keyboard's signals off.
    pub(super) fn take(terminal: &'a mut Terminal) -> Result<Self, UiError> {
        let watch = Watch::installed()?;
        watch.begin();
        let before = match termios::tcgetattr(&terminal.input) {
            Ok(before) => before,
            Err(error) => {
                watch.end();
                return Err(failed(error));
            }
        };
        let mut modes = before.clone();
        modes.input_modes -= InputModes::ICRNL | InputModes::INLCR | InputModes::IGNCR | InputModes::IXON;
        modes.local_modes -= LocalModes::ECHO | LocalModes::ECHONL | LocalModes::ICANON;
        modes.local_modes -= LocalModes::ISIG | LocalModes::IEXTEN;
        // A read waits a tenth of a second at most, to look for signals: macOS cannot poll /dev/tty.
        modes.special_codes[SpecialCodeIndex::VMIN] = 0;
        modes.special_codes[SpecialCodeIndex::VTIME] = 1;
        let screen = Self { terminal, before, alternate: false, discard: false, after_return: false };
        termios::tcsetattr(&screen.terminal.input, OptionalActions::Now, &modes).map_err(failed)?;
        Ok(screen)
    }

    /// The same, on the alternate screen: nothing shown there gets into the scrollback, and it is wiped in
    /// the end.
    pub(super) fn take_alternate(terminal: &'a mut Terminal) -> Result<Self, UiError> {
        if !can_clear() {
            return Err(UiError::CannotClear);
        }
        let mut screen = Self::take(terminal)?;
        (screen.alternate, screen.discard) = (true, true);
        screen.write("\x1b[?1049h\x1b[H\x1b[2J")?;
        Ok(screen)
    }

    /// The next key; waits for it. Ctrl-C and the signals that end a process are errors.
    pub(super) fn key(&mut self) -> Result<Key, UiError> {
        loop {
            let Some(byte) = self.byte()? else { continue };
            let again = byte == b'\n' && self.after_return;
            self.after_return = byte == b'\r';
            return Ok(match byte {
                b'\n' if again => continue,
                b'\r' | b'\n' => Key::Enter,
                b'\t' => Key::Tab,
                0x03 => return Err(self.interrupted()),
                0x04 => Key::End,
                0x08 | 0x7f => Key::Backspace,
                0x15 => Key::EraseLine,
                0x17 => Key::EraseWord,
                0x1b => self.escape()?,
                0x00..=0x1f => Key::Other,
                _ => match self.character(byte)? {
                    control if control.is_control() => Key::Other,
                    c => Key::Char(c),
                },
            });
        }
    }

    /// Reads a line of at most `cap` bytes; what is typed beyond is left out. Echoed if `visible`.
    pub(super) fn line(&mut self, cap: usize, visible: bool) -> Result<Zeroizing<String>, UiError> {
        let mut line = Zeroizing::new(String::with_capacity(cap));
        if visible {
            self.write("\x1b7")?;
        }
        loop {
            let before = line.len();
            match self.key()? {
                Key::Enter => break,
                Key::End if line.is_empty() => return Err(self.interrupted()),
                Key::Tab if !visible => push(&mut line, '\t', cap),
                Key::Char(c) => push(&mut line, c, cap),
                Key::Backspace => drop(line.pop()),
                Key::EraseLine => line.clear(),
                Key::EraseWord => {
                    let kept = line.trim_end().rfind(char::is_whitespace).map_or(0, |space| space + 1);
                    line.truncate(kept);
                }
                Key::Tab | Key::End | Key::Other => (),
            }
            match line.get(before..) {
                _ if !visible => (),
                Some(typed) => self.write(typed)?,
                // Characters differ in width, so the line is written anew from where it began.
                None => {
                    self.write("\x1b8")?;
                    self.write(&line)?;
                    self.write("\x1b[J")?;
                }
            }
        }
        self.write("\n")?;
        Ok(line)
    }

    /// Shows text; a line end is LF.
    pub(super) fn write(&mut self, text: &str) -> Result<(), UiError> {
        self.write_bytes(text.as_bytes())
    }

    pub(super) fn write_bytes(&mut self, bytes: &[u8]) -> Result<(), UiError> {
        self.terminal.output.write_all(bytes).map_err(UiError::Terminal)
    }

    /// Throws away what was typed and not yet read.
    pub(super) fn discard(&mut self) {
        let _ = termios::tcflush(&self.terminal.input, QueueSelector::IFlush);
    }

    /// Whether keys are waiting already, as in the middle of a paste.
    pub(super) fn more(&self) -> bool {
        rustix::io::ioctl_fionread(&self.terminal.input).is_ok_and(|bytes| bytes > 0)
    }

    /// Columns and rows.
    pub(super) fn size(&self) -> (usize, usize) {
        match termios::tcgetwinsize(&self.terminal.output) {
            Ok(size) if size.ws_col > 0 && size.ws_row > 0 => (size.ws_col.into(), size.ws_row.into()),
            _ => (80, 24),
        }
    }

    /// A byte, or `None` after a tenth of a second.
    fn byte(&mut self) -> Result<Option<u8>, UiError> {
        let mut byte = Zeroizing::new([0; 1]);
        let read = self.terminal.input.read(byte.as_mut_slice());
        if Watch::installed()?.caught() {
            return Err(self.interrupted());
        }
        match read {
            Ok(1..) => {
                let [typed] = *byte;
                Ok(Some(typed))
            }
            Ok(0) => {
                // A terminal that has gone away reads like one where nobody types.
                termios::tcgetattr(&self.terminal.input).map_err(failed)?;
                Ok(None)
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => Ok(None),
            Err(error) => Err(UiError::Terminal(error)),
        }
    }

    /// The character that `first` begins in UTF-8.
    fn character(&mut self, first: u8) -> Result<char, UiError> {
        let not_text = || UiError::Terminal(io::Error::other("what was typed is not UTF-8"));
        let length = match first {
            0x20..=0x7e => return Ok(first.into()),
            0xc2..=0xdf => 2,
            0xe0..=0xef => 3,
            0xf0..=0xf4 => 4,
            _ => return Err(not_text()),
        };
        let mut bytes = Zeroizing::new(vec![first]);
        while bytes.len() < length {
            bytes.push(self.byte()?.ok_or_else(not_text)?);
        }
        let text = std::str::from_utf8(&bytes).map_err(|_| not_text())?;
        text.chars().next().ok_or_else(not_text)
    }

    /// Swallows the sequence of a function key: `ESC [ ... final`, `ESC O x`, or `ESC x`.
    fn escape(&mut self) -> Result<Key, UiError> {
        match self.byte()? {
            Some(b'[') => while self.byte()?.is_some_and(|byte| !(0x40..=0x7e).contains(&byte)) {},
            Some(b'O') => drop(self.byte()?),
            _ => (),
        }
        Ok(Key::Other)
    }

    fn interrupted(&mut self) -> UiError {
        self.discard = true;
        if !self.alternate {
            let _ = self.write("\n");
        }
        UiError::Interrupted
    }
}

impl Drop for Screen<'_> {
    fn drop(&mut self) {
        if self.alternate {
            // Where there is no alternate screen (an old console), wiping has to do, scrollback included.
            let console = std::env::var_os("TERM").is_some_and(|term| term == "linux");
            let _ = self.write(if console { "\x1b[H\x1b[2J\x1b[3J" } else { "\x1b[H\x1b[2J" });
            let _ = self.write("\x1b[?25h\x1b[?1049l");
        }
        if self.discard {
            self.discard();
        }
        let _ = termios::tcsetattr(&self.terminal.input, OptionalActions::Now, &self.before);
        if let Ok(watch) = Watch::installed() {
            watch.end();
        }
    }
}

/// Tells this module that the signals that end a process are dealt with elsewhere; from now on they do
/// nothing here unless a question is open.
pub fn signals_are_handled() {
    ELSEWHERE.store(true, Ordering::SeqCst);
    if let Some(Ok(watch)) = WATCH.get() {
        watch.end();
    }
}

/// While this lives, the signals that end a process only leave a note: for a step that must report how far
/// it came.
pub struct SignalsHeld(&'static Watch);

impl SignalsHeld {
    /// Holds them, unless a question is open.
    pub fn begin() -> Result<Self, UiError> {
        let watch = Watch::installed()?;
        watch.begin();
        Ok(Self(watch))
    }

    /// Whether one came.
    pub fn caught(&self) -> bool {
        self.0.caught()
    }
}

impl Drop for SignalsHeld {
    fn drop(&mut self) {
        self.0.end();
    }
}

static ELSEWHERE: AtomicBool = AtomicBool::new(false);
static WATCH: OnceLock<Result<Watch, i32>> = OnceLock::new();

/// Signals that would end the process with the terminal in disorder. While a question is open they are
/// noted, otherwise they do what they always do.
struct Watch {
    caught: Arc<AtomicBool>,
    deadly: Arc<AtomicBool>,
}

impl Watch {
    fn installed() -> Result<&'static Self, UiError> {
        let watch = WATCH.get_or_init(|| Self::install().map_err(|e| e.raw_os_error().unwrap_or_default()));
        watch.as_ref().map_err(|code| UiError::Terminal(io::Error::from_raw_os_error(*code)))
    }

    fn install() -> io::Result<Self> {
        let deadly = !ELSEWHERE.load(Ordering::SeqCst);
        let watch =
            Self { caught: Arc::new(AtomicBool::new(false)), deadly: Arc::new(AtomicBool::new(deadly)) };
        for signal in [SIGINT, SIGTERM, SIGHUP, SIGQUIT] {
            signal_hook::flag::register_conditional_default(signal, watch.deadly.clone())?;
            signal_hook::flag::register(signal, watch.caught.clone())?;
        }
        Ok(watch)
    }

    fn begin(&self) {
        self.caught.store(false, Ordering::SeqCst);
        self.deadly.store(false, Ordering::SeqCst);
    }

    fn end(&self) {
        self.deadly.store(!ELSEWHERE.load(Ordering::SeqCst), Ordering::SeqCst);
    }

    fn caught(&self) -> bool {
        self.caught.load(Ordering::SeqCst)
    }
}

/// Whether the terminal understands how it is cleared.
pub(super) fn can_clear() -> bool {
    std::env::var_os("TERM").is_some_and(|term| !term.is_empty() && term != "dumb")
}

fn push(line: &mut String, c: char, cap: usize) {
    if line.len() + c.len_utf8() <= cap {
        line.push(c);
    }
}

fn failed(error: Errno) -> UiError {
    UiError::Terminal(error.into())
}
