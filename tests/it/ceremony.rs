//! `ceremony run|check` from outside: a script's steps, its failures, and what it leaves behind.

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use serde_json::Value;

const HEAD: &str = "title = \"T\"\npurpose = \"rehearsal\"\n[people]\noperator = [\"Ann\"]\n";

fn step(run: &str, rest: &str) -> String {
    format!("[[steps]]\nactor = \"operator\"\nsay = \"Do it.\"\nrun = \"{run}\"\n{rest}\n")
}

struct Stage(tempfile::TempDir);

impl Stage {
    fn with(steps: &[String]) -> Self {
        let stage = Self(tempfile::tempdir().unwrap());
        fs::create_dir(stage.path("tmp")).unwrap();
        fs::write(stage.path("script.toml"), format!("{HEAD}{}", steps.concat())).unwrap();
        stage
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.0.path().join(name)
    }

    fn quorate(&self, args: &[&str]) -> Output {
        self.command(args).output().unwrap()
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_quorate"));
        command
            .args(args)
            .env("TMPDIR", self.path("tmp"))
            .env("HOME", self.path("nobody"))
            .env_remove("QUORATE_HOME")
            .current_dir(self.0.path())
            .stdout(Stdio::piped());
        command
    }

    fn leaves_nothing(&self) {
        let mut left: Vec<_> = fs::read_dir(self.0.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
        left.sort();
        assert_eq!(left, ["script.toml", "tmp"]);
        assert_eq!(fs::read_dir(self.path("tmp")).unwrap().count(), 0);
    }
}

#[test]
fn a_ceremony_runs_its_steps_and_leaves_nothing() {
    let stage = Stage::with(&[
        step("quorate man --out-dir {tmp}", "capture = { page = \"/pages/0\" }"),
        step("quorate key show --key {page}", "expect_exit = 2\nexpect = { \"/error/kind\" = \"usage\" }"),
    ]);
    let text = stage.quorate(&["ceremony", "run", "script.toml"]);
    let (out, err) = (String::from_utf8(text.stdout).unwrap(), String::from_utf8(text.stderr).unwrap());
    assert!(text.status.success(), "{out}{err}");
    for line in ["Step 2 of 2 - operator", "  Do it.", "All 2 steps done"] {
        assert!(out.contains(line), "{line}: {out}");
    }
    stage.leaves_nothing();
    let json = stage.quorate(&["--json", "ceremony", "run", "script.toml"]);
    let report: Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(report["steps"][1]["exit"], 2);
    stage.leaves_nothing();
}

#[test]
fn a_failed_step_stops_the_ceremony_with_its_exit_code() {
    let stage = Stage::with(&[
        step("quorate man --out-dir {tmp}/missing", ""),
        step("quorate man --out-dir never", ""),
    ]);
    let output = stage.quorate(&["--json", "ceremony", "run", "script.toml"]);
    assert_eq!(output.status.code(), Some(1));
    let error: Value = serde_json::from_slice(&output.stderr).unwrap();
    let message = error["error"]["message"].as_str().unwrap();
    assert!(message.starts_with("step 1 of 2 ended with exit code 1, not 0"), "{message}");
    stage.leaves_nothing();
}

#[test]
fn nothing_runs_if_any_step_is_unsound() {
    let first = || step("quorate man --out-dir .", "");
    for bad in [
        step("quorate key generate --threshold 2", ""),
        step("quorate nonsense", ""),
        step("quorate key show --key {other}", ""),
        step("quorate ceremony run script.toml", ""),
    ] {
        let stage = Stage::with(&[first(), bad.clone()]);
        for verb in ["check", "run"] {
            let output = stage.quorate(&["ceremony", verb, "script.toml"]);
            assert_eq!(output.status.code(), Some(1), "{bad}");
            assert!(String::from_utf8_lossy(&output.stderr).contains("step 2: "), "{bad}");
        }
        stage.leaves_nothing();
    }
}

#[test]
fn a_confirmation_needs_a_person() {
    let stage = Stage::with(&[step("quorate man --out-dir {tmp}", "confirm = \"Yes\"")]);
    let output = stage.quorate(&["ceremony", "run", "script.toml"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("--unattended"));
    assert!(stage.quorate(&["ceremony", "run", "--unattended", "script.toml"]).status.success());
    stage.leaves_nothing();
}

#[test]
fn a_production_ceremony_needs_a_home() {
    let stage = Stage::with(&[step("quorate man --out-dir {tmp}", "")]);
    let text = fs::read_to_string(stage.path("script.toml")).unwrap().replace("rehearsal", "production");
    fs::write(stage.path("script.toml"), text).unwrap();
    assert_eq!(stage.quorate(&["ceremony", "run", "script.toml"]).status.code(), Some(2));
    stage.leaves_nothing();
    assert!(stage.quorate(&["--home", "kept", "ceremony", "run", "script.toml"]).status.success());
}

#[test]
#[cfg(unix)]
fn r52_an_aborted_ceremony_leaves_nothing() {
    let line = "quorate verify --curve ED25519 --public-key 00 --signature 00 --message-file -";
    let stage = Stage::with(&[step(line, "")]);
    for signal in ["-TERM", "-INT"] {
        let mut child =
            stage.command(&["ceremony", "run", "script.toml"]).stdin(Stdio::piped()).spawn().unwrap();
        // The step waits for its input, which stays open, once the workspace is there.
        let _input = child.stdin.take();
        while fs::read_dir(stage.path("tmp")).unwrap().count() == 0 {
            assert_eq!(child.try_wait().unwrap(), None);
            std::thread::sleep(Duration::from_millis(5));
        }
        std::thread::sleep(Duration::from_millis(100));
        assert!(Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap().success());
        assert_eq!(child.wait().unwrap().code(), Some(130), "{signal}");
        stage.leaves_nothing();
    }
}

#[test]
fn the_committed_scripts_are_sound() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("ceremonies");
    let mut checked = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            let stage = Stage::with(&[]);
            let output = stage.quorate(&["ceremony", "check", path.to_str().unwrap()]);
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            checked += 1;
        }
    }
    assert!(checked > 0);
}
