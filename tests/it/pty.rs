//! Runs a program on a terminal of its own, types at it, reads what it shows, and keeps all of it.

use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::process::{Child, Command};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal};
use rustix::termios::{LocalModes, tcgetattr};

/// How long a program may take to show what a test waits for.
const PATIENCE: Duration = Duration::from_secs(20);

pub const ENTER: &str = "\r";
pub const CTRL_C: &str = "\x03";
pub const CTRL_D: &str = "\x04";

const ALTERNATE: &str = "\x1b[?1049h";
const BACK: &str = "\x1b[?1049l";

/// A running program and its terminal, 80 columns and 24 rows.
pub struct Session {
    keyboard: File,
    /// The program's side, so that its settings can be read when the program has ended.
    line: OwnedFd,
    child: Child,
    shown: Receiver<Vec<u8>>,
    transcript: Vec<u8>,
    /// What was waited for lies before this place.
    seen: usize,
}

impl Session {
    /// Starts it with the terminal as its standard streams and as `/dev/tty`.
    pub fn start(mut command: Command) -> Self {
        command.env("TERM", "xterm");
        Self::start_as_is(command)
    }

    /// The same with just the environment given.
    pub fn start_as_is(command: Command) -> Self {
        let (pty, pts) = pty_process::blocking::open().unwrap();
        pty.resize(pty_process::Size::new(24, 80)).unwrap();
        let line = pts.as_fd().try_clone_to_owned().unwrap();
        let child = pty_process::blocking::Command::from(command).spawn(pts).unwrap();
        let keyboard = File::from(OwnedFd::from(pty));
        let mut screen = keyboard.try_clone().unwrap();
        let (show, shown) = mpsc::channel();
        thread::spawn(move || {
            let mut bytes = [0; 4096];
            // Linux ends with EIO, others with 0.
            while let Ok(length @ 1..) = screen.read(&mut bytes) {
                if show.send(bytes[..length].to_vec()).is_err() {
                    break;
                }
            }
        });
        Self { keyboard, line, child, shown, transcript: Vec::new(), seen: 0 }
    }

    /// Waits until `text` is shown, after what was waited for before.
    #[track_caller]
    pub fn expect(&mut self, text: &str) -> &mut Self {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let new = &self.transcript[self.seen..];
            if let Some(at) = new.windows(text.len()).position(|part| part == text.as_bytes()) {
                self.seen += at + text.len();
                return self;
            }
            match self.shown.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                Ok(bytes) => self.transcript.extend(bytes),
                Err(_) => panic!("no {text:?} in {:?}", String::from_utf8_lossy(new)),
            }
        }
    }

    /// The rest of the line that was waited for, without its end.
    #[track_caller]
    pub fn expect_line(&mut self) -> String {
        let start = self.seen;
        self.expect("\n");
        String::from_utf8(self.transcript[start..self.seen].to_vec()).unwrap().trim_end().to_owned()
    }

    /// Types.
    pub fn send(&mut self, keys: &str) -> &mut Self {
        self.keyboard.write_all(keys.as_bytes()).unwrap();
        self
    }

    /// Types, and then Enter.
    pub fn line(&mut self, text: &str) -> &mut Self {
        self.send(&format!("{text}{ENTER}"))
    }

    /// Sends a signal to the program.
    pub fn signal(&mut self, signal: Signal) -> &mut Self {
        rustix::process::kill_process(Pid::from_child(&self.child), signal).unwrap();
        self
    }

    /// The program's process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Whether the terminal echoes and edits lines.
    pub fn is_plain(&self) -> bool {
        let plain = LocalModes::ECHO | LocalModes::ICANON | LocalModes::ISIG;
        tcgetattr(&self.line).unwrap().local_modes.contains(plain)
    }

    /// Waits for the program's end.
    #[track_caller]
    pub fn end(mut self) -> Ended {
        let deadline = Instant::now() + PATIENCE;
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            assert!(Instant::now() < deadline, "still runs: {:?}", String::from_utf8_lossy(&self.transcript));
            // Also keeps the terminal from filling up.
            if let Ok(bytes) = self.shown.recv_timeout(Duration::from_millis(10)) {
                self.transcript.extend(bytes);
            }
        };
        let plain = self.is_plain();
        // With no one left on the program's side the reading thread comes to an end.
        drop(std::mem::replace(&mut self.line, File::open("/dev/null").unwrap().into()));
        while let Ok(bytes) = self.shown.recv_timeout(PATIENCE) {
            self.transcript.extend(bytes);
        }
        let transcript = String::from_utf8(std::mem::take(&mut self.transcript)).unwrap();
        Ended { code: status.code(), plain, transcript }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// How a program left its terminal.
#[derive(Debug)]
pub struct Ended {
    pub code: Option<i32>,
    /// Echo, line editing and the keyboard's signals are on.
    pub plain: bool,
    /// Everything shown, with escape sequences.
    pub transcript: String,
}

impl Ended {
    /// Checks the exit code, and that the terminal was put back in order.
    #[track_caller]
    pub fn with(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{self:?}");
        assert!(self.plain, "{self:?}");
        assert_eq!(
            self.transcript.matches(ALTERNATE).count(),
            self.transcript.matches(BACK).count(),
            "{self:?}"
        );
        self
    }

    /// What was shown on the ordinary screen, the one that scrolls back. The alternate one must have been
    /// wiped each time before it was left.
    #[track_caller]
    pub fn ordinary(&self) -> String {
        let mut parts = self.transcript.split(ALTERNATE);
        let mut kept = parts.next().unwrap().to_owned();
        for part in parts {
            let (alternate, rest) = part.split_once(BACK).expect("left again");
            assert!(alternate.ends_with("\x1b[2J\x1b[?25h"), "not wiped: {alternate:?}");
            kept.push_str(rest);
        }
        kept
    }
}
