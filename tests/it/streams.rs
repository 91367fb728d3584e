//! R52: what a full device or a closed pipe does to a run. The exit code tells; nothing panics.

use std::fs::File;
use std::process::{Command, Stdio};

#[test]
#[cfg(target_os = "linux")]
fn r52_a_full_device_exits_1() {
    for args in [&["--help"][..], &["--version"], &["completions", "bash"]] {
        let full = File::options().write(true).open("/dev/full").unwrap();
        let output = quorate().args(args).stdout(full).output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{args:?}: {stderr}");
        assert!(stderr.contains("could not be written"), "{args:?}: {stderr}");
    }
}

#[test]
fn r52_a_closed_pipe_exits_1() {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let output = quorate().args(["completions", "bash"]).stdout(writer).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8(output.stderr).unwrap().contains("could not be written"));
}

#[test]
#[cfg(target_os = "linux")]
fn r52_a_full_standard_error_changes_no_exit_code() {
    let full = File::options().write(true).open("/dev/full").unwrap();
    let status = quorate().arg("nonsense").stdout(Stdio::null()).stderr(full).status().unwrap();
    assert_eq!(status.code(), Some(2));
}

fn quorate() -> Command {
    Command::new(env!("CARGO_BIN_EXE_quorate"))
}
