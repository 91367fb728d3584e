//! Commands that move shares, when a signal ends them, their output goes nowhere, two run at once, or a directory
//! cannot be written (R46, R52, R53): nothing is lost, and the same command ends it.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, geteuid, kill_process};
use serde_json::Value;

use crate::cli::{Run, Stage, harness};
use crate::custody_stage::Custody;
use crate::operations::{self, Operation, opens, resident};

const TABLE: [(&str, &Operation); 6] = [
    ("export", &operations::EXPORT_ALL),
    ("release", &operations::RELEASE),
    ("import", &operations::IMPORT),
    ("sign", &operations::SIGN),
    ("rewrap", &operations::REWRAP),
    ("run", &operations::RUN),
];

fn fresh(of: &Operation) -> Custody {
    of.copy_to(Stage::empty())
}

fn command(of: &Operation, at: &Custody) -> Command {
    let mut command = at.stage.bare(&harness());
    command.args(shlex::split(&of.line(at)).unwrap());
    command
}

/// Where the result goes, and that it cannot go there, changes nothing about shares.
#[test]
fn r52_a_full_or_closed_standard_output_loses_no_share() {
    for (name, of) in TABLE {
        for full in [true, false] {
            let left = fresh(of);
            let mut command = command(of, &left);
            let (reader, writer) = std::io::pipe().unwrap();
            drop(reader);
            match full {
                true => command.stdout(fs::OpenOptions::new().write(true).open("/dev/full").unwrap()),
                false => command.stdout(writer),
            };
            let run = Run::of(name, command.output().unwrap());
            assert_eq!(run.code, Some(1), "{name}: {}", run.stderr);
            assert!(run.stderr.contains("could not be written"), "{name}: {}", run.stderr);
            // All was done that the command was to do; only nobody was told.
            of.check(&left, true);
        }
    }
}

#[test]
fn r53_two_at_once_on_one_key_are_one_or_one_says_so() {
    for (name, of) in TABLE {
        let left = fresh(of);
        let running: Vec<_> = (0..2).map(|_| command(of, &left).spawn().unwrap()).collect();
        let ended: Vec<Run> =
            running.into_iter().map(|run| Run::of(name, run.wait_with_output().unwrap())).collect();
        assert!(ended.iter().any(|run| run.code == Some(0)), "{name}: {}", ended[0].stderr);
        for run in &ended {
            // What can be done once only, the second one finds done.
            let done = name == "run" && run.stderr.contains("ask for grants again");
            assert!(matches!(run.code, Some(0 | 75)) || done, "{name}: {:?} {}", run.code, run.stderr);
        }
        of.check(&left, true);
    }
}

#[test]
fn r21_r52_a_killed_or_terminated_command_goes_on() {
    for (name, of) in TABLE {
        let mut whole = Duration::ZERO;
        for (part, signal) in
            [(0, None), (1, Some(Signal::TERM)), (2, Some(Signal::KILL)), (3, Some(Signal::TERM))]
        {
            let left = fresh(of);
            let started = Instant::now();
            let child = command(of, &left).spawn().unwrap();
            if let Some(signal) = signal {
                std::thread::sleep(whole * part / 4);
                let _ = kill_process(Pid::from_child(&child), signal);
            }
            let run = Run::of(name, child.wait_with_output().unwrap());
            if signal.is_none() {
                whole = started.elapsed();
                assert_eq!(run.code, Some(0), "{name}: {}", run.stderr);
            }
            assert!(run.code != Some(70) && !run.stderr.contains("panicked"), "{name}: {}", run.stderr);
            of.check(&left, run.code == Some(0));
        }
    }
}

/// Runs commands as a user whom permissions bind: nobody, where the tests run as root.
struct Unprivileged {
    custody: Custody,
    program: PathBuf,
}

const NOBODY: u32 = 65534;

impl Unprivileged {
    fn new(of: &Operation) -> Self {
        let custody = fresh(of);
        let mut program = harness();
        if geteuid().is_root() {
            if !program.ancestors().skip(1).all(|dir| mode(dir) & 0o001 != 0) {
                let near = custody.stage.path("quorate-test");
                fs::copy(&program, &near).unwrap();
                program = near;
            }
            each(&custody.stage.path(""), &mut |path| chown(path, Some(NOBODY), Some(NOBODY)).unwrap());
        }
        Self { custody, program }
    }

    fn run(&self, line: &str) -> Run {
        let mut command = self.custody.stage.bare(&self.program);
        command.args(["--home", "home", "--json"]).args(shlex::split(line).unwrap());
        if geteuid().is_root() {
            command.uid(NOBODY).gid(NOBODY);
        }
        Run::of(line, command.output().unwrap())
    }

    /// The same, refused because `place` cannot be written.
    #[track_caller]
    fn refused(&self, line: &str, place: &str) {
        let run = self.run(line);
        // A command for many files prints what became of each.
        assert!(run.code == Some(1) && (run.stdout.is_empty() || line.contains("rewrap")), "{}", run.stderr);
        let error: Value = serde_json::from_str(run.stderr.lines().last().unwrap()).unwrap();
        let (error, message) = (&error["error"], error["error"]["message"].as_str().unwrap());
        assert!(message.contains(place) && message.contains("ermission denied"), "{place}: {error}");
        assert!(error["state"].is_string() && !error["hints"].as_array().unwrap().is_empty(), "{error}");
    }

    fn path(&self, name: &str) -> PathBuf {
        self.custody.stage.path(name)
    }

    /// A directory that may be read only, with all that is in it if `whole`.
    fn close(&self, name: &str, whole: bool) {
        let dir = self.path(name);
        if !dir.exists() {
            fs::create_dir(&dir).unwrap();
            if geteuid().is_root() {
                chown(&dir, Some(NOBODY), Some(NOBODY)).unwrap();
            }
        }
        let close =
            |path: &Path| fs::set_permissions(path, Permissions::from_mode(mode(path) & !0o222)).unwrap();
        if whole { each(&dir, &mut |path| close(path)) } else { close(&dir) }
    }

    fn open(&self, name: &str) {
        let open =
            |path: &Path| fs::set_permissions(path, Permissions::from_mode(mode(path) | 0o200)).unwrap();
        each(&self.path(name), &mut |path| open(path));
    }
}

impl Drop for Unprivileged {
    /// So that whoever runs the tests can remove it.
    fn drop(&mut self) {
        self.open("");
    }
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode()
}

fn each(path: &Path, then: &mut impl FnMut(&Path)) {
    then(path);
    if path.is_dir() {
        fs::read_dir(path).unwrap().for_each(|entry| each(&entry.unwrap().path(), then));
    }
}

#[test]
fn r19_r46_a_directory_that_cannot_be_written_takes_no_share_and_loses_none() {
    let of = &operations::EXPORT;
    let bound = Unprivileged::new(of);
    let line = |dir: &str| bound.line(of).replace("--out-dir out", &format!("--out-dir {dir}"));
    bound.close("closed", false);
    for dir in ["closed", "closed/out"] {
        bound.refused(&line(dir), "closed");
        assert_eq!(resident(&bound.custody), [true, true, true]);
        assert_eq!(fs::read_dir(bound.path("closed")).unwrap().count(), 0);
    }
    bound.open("closed");
    bound.run(&line("closed")).ok();
    assert_eq!(resident(&bound.custody), [false, true, true]);
}

#[test]
fn r19_r20_no_receipt_is_signed_for_what_could_not_be_stored() {
    let bound = Unprivileged::new(&operations::SENT_OUT);
    let sent = bound.custody.shard(1);
    let bytes = fs::read(&sent).unwrap();
    let line = format!("share receive {sent} --identity A.id --passphrase-file pass --store");
    bound.close("closed", false);
    for (store, out) in [("closed", "r1"), ("closed/store", "r2"), ("store", "closed/r3")] {
        bound.refused(&format!("{line} {store} --out {out}"), "closed");
        assert!(!bound.path(out).exists() && fs::read(&sent).unwrap() == bytes);
    }
    bound
        .run("share release --key 00000000-0000-4000-8000-000000000000 --receipt closed/r3")
        .fails(1, "closed/r3");
    assert_eq!(resident(&bound.custody), [true, true, true]);
    bound.open("closed");
    bound.run(&format!("{line} store --out closed/r3")).ok();
    bound.run(&format!("share release --key {} --receipt closed/r3", bound.custody.key)).ok();
    assert_eq!(resident(&bound.custody), [false, true, true]);
}

#[test]
fn r28_r46_a_rewrap_that_cannot_be_written_or_renamed_leaves_the_old_shard() {
    let of = &operations::REWRAP;
    let bound = Unprivileged::new(of);
    let line = |dir: &str| bound.line(of).replace("--out-dir renewed", &format!("--out-dir {dir}"));
    let sent = bound.path("stick/sent");
    bound.close("closed", false);
    for dir in ["closed", "closed/renewed"] {
        bound.refused(&line(dir), "closed");
        opens(&bound.custody, &sent, "A.id", "pass");
    }
    // The medium of the old one is read-only: both are there, and the new one is used again.
    bound.close("stick", false);
    bound.refused(&bound.line(of), "stick");
    opens(&bound.custody, &sent, "A.id", "pass");
    opens(&bound.custody, &bound.custody.shard_in("renewed", 1), "A2.id", "new");
    bound.open("stick");
    bound.run(&bound.line(of)).ok();
    of.check(&bound.custody, true);
}

#[test]
fn r46_r52_a_home_that_cannot_be_written_changes_nothing() {
    for (name, of) in TABLE {
        let bound = Unprivileged::new(of);
        let (before, files) = (resident(&bound.custody), bound.custody.stage.files());
        bound.close("home", true);
        bound.refused(&bound.line(of), "home");
        assert_eq!(bound.custody.stage.files(), files, "{name}");
        assert_eq!(resident(&bound.custody), before, "{name}");
        bound.open("home");
        let done = bound.run(&bound.line(of));
        done.ok();
        of.check(&bound.custody, true);
    }
}

impl Unprivileged {
    /// The command, without the home that `run` names.
    fn line(&self, of: &Operation) -> String {
        of.line(&self.custody).replacen("--home home --json ", "", 1)
    }
}
