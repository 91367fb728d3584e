//! Runs the command line from outside in an environment of its own: no variables but those given, a home
//! in a temporary directory, no terminal to ask.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// The shipped program.
pub fn shipped() -> PathBuf {
    env!("CARGO_BIN_EXE_quorate").into()
}

/// The program with committed TEST primes; it lies beside the test executables.
pub fn harness() -> PathBuf {
    let this = std::env::current_exe().unwrap();
    let path = this.ancestors().nth(2).unwrap().join("examples/quorate-test");
    assert!(path.exists(), "{} is missing: plain `cargo test` builds it", path.display());
    path
}

/// A directory with a workspace `home`, and files beside it that commands may name.
pub struct Stage {
    dir: PathBuf,
    program: PathBuf,
    /// Removes the directory in the end, if the stage made it.
    _made: Option<tempfile::TempDir>,
}

impl Stage {
    /// Nothing in it yet; commands are run with the TEST program.
    pub fn empty() -> Self {
        let made = tempfile::tempdir().unwrap();
        let stage = Self { dir: made.path().into(), program: harness(), _made: Some(made) };
        for name in ["tmp", "nobody"] {
            fs::create_dir(stage.path(name)).unwrap();
        }
        stage
    }

    /// What is in a directory already.
    pub fn at(dir: PathBuf) -> Self {
        Self { dir, program: harness(), _made: None }
    }

    /// A workspace with the nodes OFFICIAL_1 to OFFICIAL_3.
    pub fn init() -> Self {
        let stage = Self::empty();
        stage.run("init").ok();
        stage
    }

    /// A workspace with nodes N1 to Nn.
    pub fn with_servers(n: usize) -> Self {
        let stage = Self::empty();
        let names: Vec<_> = (1..=n).map(|i| format!("N{i}")).collect();
        stage.run(&format!("init --servers {}", names.join(","))).ok();
        stage
    }

    /// The same directory, with the shipped program.
    pub fn run_shipped(&self, line: &str) -> Run {
        Run::of(line, self.command_of(&shipped(), line).output().unwrap())
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.join(name)
    }

    pub fn home(&self, name: &str) -> PathBuf {
        self.path("home").join(name)
    }

    pub fn write(&self, name: &str, bytes: &[u8]) {
        fs::write(self.path(name), bytes).unwrap();
    }

    /// A file that only its owner reads.
    #[cfg(unix)]
    pub fn write_secret(&self, name: &str, bytes: &[u8]) {
        use std::os::unix::fs::PermissionsExt;
        self.write(name, bytes);
        fs::set_permissions(self.path(name), fs::Permissions::from_mode(0o600)).unwrap();
    }

    /// Runs a command line, split as a shell would; the program's name, `--home` and `--json` are added.
    pub fn run(&self, line: &str) -> Run {
        Run::of(line, self.command(line).output().unwrap())
    }

    /// The same without `--json`.
    pub fn text(&self, line: &str) -> Run {
        let mut command = self.bare(&self.program);
        command.arg("--home").arg("home").args(words(line));
        Run::of(line, command.output().unwrap())
    }

    /// The process of `run`, not started.
    pub fn command(&self, line: &str) -> Command {
        self.command_of(&self.program, line)
    }

    fn command_of(&self, program: &Path, line: &str) -> Command {
        let mut command = self.bare(program);
        command.args(["--home", "home", "--json"]).args(words(line));
        command
    }

    /// A process in this directory and environment, without arguments.
    pub fn bare(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command
            .env_clear()
            .env("HOME", self.path("nobody"))
            .env("TMPDIR", self.path("tmp"))
            .current_dir(&self.dir)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Generates a key and gives what was printed of it.
    pub fn generate(&self, rest: &str) -> Key {
        Key(self.run(&format!("key generate {rest}")).ok())
    }

    /// Every file of the home with its bytes, but for the lock and the databases: opening one writes to it.
    pub fn files(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let (mut found, mut dirs) = (Vec::new(), vec![self.path("home")]);
        while let Some(dir) = dirs.pop() {
            for entry in fs::read_dir(dir).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    dirs.push(path);
                } else if !path.ends_with("lock") && !path.ends_with("store.redb") {
                    found.push((path.clone(), fs::read(path).unwrap()));
                }
            }
        }
        found.sort();
        found
    }
}

fn words(line: &str) -> Vec<String> {
    shlex::split(line).unwrap()
}

/// A generated key as `key generate` printed it.
pub struct Key(pub Value);

impl Key {
    pub fn field(&self, name: &str) -> &str {
        self.0[name].as_str().unwrap_or_else(|| panic!("no {name} in {}", self.0))
    }

    pub fn id(&self) -> &str {
        self.field("keyId")
    }

    /// `--curve C --public-key K` for `verify`.
    pub fn public(&self) -> String {
        format!("--curve {} --public-key {}", self.field("curve"), self.field("rootPublicKey"))
    }
}

/// How a run ended and what it said.
pub struct Run {
    pub line: String,
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Run {
    pub fn of(line: &str, output: Output) -> Self {
        Self {
            line: line.to_owned(),
            code: output.status.code(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// The printed object of a run that succeeded.
    #[track_caller]
    pub fn ok(self) -> Value {
        assert_eq!(self.code, Some(0), "{}: {}{}", self.line, self.stdout, self.stderr);
        serde_json::from_str(&self.stdout).unwrap_or_else(|e| panic!("{}: {e}: {}", self.line, self.stdout))
    }

    /// Checks exit code, an empty standard output, and that the error says `complaint`; gives the error.
    #[track_caller]
    pub fn fails(self, code: i32, complaint: &str) -> Value {
        let context = format!("{}: {:?} {}{}", self.line, self.code, self.stdout, self.stderr);
        assert_eq!(self.code, Some(code), "{context}");
        assert!(self.stdout.is_empty(), "{context}");
        let last = self.stderr.lines().last().unwrap_or_default();
        let error: Value = serde_json::from_str(last).unwrap_or_else(|e| panic!("{e}: {context}"));
        assert_eq!(error["error"]["code"], code, "{context}");
        assert!(error["error"]["message"].as_str().unwrap().contains(complaint), "{complaint}: {context}");
        error["error"].clone()
    }

    /// The text of a run that succeeded without `--json`.
    #[track_caller]
    pub fn text(self) -> String {
        assert_eq!(self.code, Some(0), "{}: {}{}", self.line, self.stdout, self.stderr);
        self.stdout
    }
}
