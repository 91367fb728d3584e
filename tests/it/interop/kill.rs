//! Custodians' commands killed, and out of space, at every call that changes a file (R52): an identity that
//! opened before opens afterwards, and what was begun can be done again.

use std::collections::BTreeMap;
use std::fs;

use super::skipped;
use crate::cli::{Stage, harness};
use crate::cli_custodian::{keygen, stage};

const CALLS: &str = "openat,write,fsync,renameat2,rename,unlink,unlinkat,mkdir,mkdirat";
const SPLIT: &str = "guardian split A.id --guardians Ann,Bob,Cyd --out-dir out --passphrase-file pass";
const CHECK: &str = "guardian check out/Ann.txt out/Bob.txt out/Cyd.txt --set out/guardian-set.json";

#[test]
fn r52_a_passphrase_is_the_old_or_the_new_one() {
    let change = "custodian passphrase A.id --passphrase-file pass --passphrase-file new";
    sweep(
        change,
        |stage| drop(keygen(stage, "A")),
        |stage| {
            let opens = |pass: &str| {
                stage.run(&format!("custodian unlock-check A.id --passphrase-file {pass}")).code == Some(0)
            };
            assert!(opens("pass") != opens("new"));
        },
    );
}

#[test]
fn r52_an_identity_is_made_whole_or_can_be_made_again() {
    let line = "custodian keygen --name A --out A.id --passphrase-file pass";
    sweep(
        line,
        |_| (),
        |stage| {
            if stage.path("A.id").exists() {
                stage.run("custodian unlock-check A.id --passphrase-file pass").ok();
                stage.run("custodian card A.id --passphrase-file pass --out again.json").ok();
            } else {
                stage.run(line).ok();
            }
        },
    );
}

#[test]
fn r52_a_split_with_a_set_is_whole() {
    sweep(
        SPLIT,
        |stage| drop(keygen(stage, "A")),
        |stage| {
            if stage.path("out/guardian-set.json").exists() {
                assert_eq!(stage.run(CHECK).ok()["proven"], true);
            } else {
                let _ = fs::remove_dir_all(stage.path("out"));
                stage.run(SPLIT).ok();
            }
        },
    );
}

/// Interrupts `line` at every third call of each kind, in a new stage each time, and looks at what is left.
fn sweep(line: &str, prepare: impl Fn(&Stage), check: impl Fn(&Stage)) {
    if skipped() {
        return;
    }
    let whole = stage();
    prepare(&whole);
    if !traced(&whole, line, &format!("trace={CALLS}"), "trace") {
        println!("SKIPPED: strace cannot trace a process here, so nothing was killed");
        return;
    }
    let trace = fs::read_to_string(whole.path("trace")).unwrap();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for call in trace.lines().filter_map(|line| line.split_once(' ')?.1.trim_start().split('(').next()) {
        if CALLS.split(',').any(|known| known == call) {
            *counts.entry(call).or_default() += 1;
        }
    }
    assert!(counts.contains_key("fsync"), "{counts:?}");
    for (call, count) in counts {
        for at in (1..=count).step_by(3) {
            for what in ["signal=KILL", "error=ENOSPC"] {
                let stage = stage();
                prepare(&stage);
                traced(&stage, line, &format!("inject={call}:{what}:when={at}"), "/dev/null");
                check(&stage);
            }
        }
    }
}

/// Runs the line under strace; whether it ended well.
fn traced(stage: &Stage, line: &str, what: &str, log: &str) -> bool {
    let mut command = stage.bare("strace".as_ref());
    let path = std::env::var_os("PATH").unwrap_or_default();
    command.env("PATH", path).args(["-f", "-qq", "-o", log, "-e", what]).arg(harness());
    command.args(shlex::split(line).unwrap());
    command.output().is_ok_and(|output| output.status.success())
}
