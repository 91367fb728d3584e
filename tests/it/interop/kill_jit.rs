//! `sign --shard` killed, and out of space, all over its calls (R25, R52): whatever is left, no node holds a share,
//! and the same command signs.

use std::collections::BTreeMap;
use std::fs;

use super::skipped;
use crate::cli::{Stage, harness};
use crate::custody_stage::Custody;

const CALLS: &str = "openat,write,pwrite64,fsync,renameat2,rename,unlink,unlinkat,mkdir,mkdirat";

#[test]
fn r25_r52_a_signature_with_shards_converges() {
    if skipped() {
        return;
    }
    let custody = Custody::exported("ED25519", 2, 3);
    let sign = format!("sign --key {} --message pay{}", custody.key, custody.jit("out", &[1, 2]));
    let line = format!("--home home --json {sign}");
    if !traced(&custody.stage, &line, &format!("trace={CALLS}"), "trace") {
        println!("SKIPPED: strace cannot trace a process here, so nothing was killed");
        return;
    }
    for (call, count) in counted(&custody.stage) {
        for at in (1..=count).step_by(count / 12 + 1) {
            for what in ["signal=KILL", "error=ENOSPC", "error=EIO"] {
                traced(&custody.stage, &line, &format!("inject={call}:{what}:when={at}"), "/dev/null");
                for i in 1..=3 {
                    assert!(!custody.resident(i), "{call} {what} {at}");
                }
                let signed = custody.run(&sign).ok();
                for statement in signed["statements"].as_array().unwrap() {
                    assert_eq!(statement["statement"]["empty"], true, "{call} {what} {at}");
                }
            }
        }
    }
    assert!(custody.run("doctor").ok()["findings"].as_array().unwrap().is_empty());
}

/// How often each call was made, by the trace.
fn counted(stage: &Stage) -> BTreeMap<String, usize> {
    let trace = fs::read_to_string(stage.path("trace")).unwrap();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for call in trace.lines().filter_map(|line| line.split_once(' ')?.1.trim_start().split('(').next()) {
        if CALLS.split(',').any(|known| known == call) {
            *counts.entry(call.to_owned()).or_default() += 1;
        }
    }
    assert!(counts.contains_key("fsync"), "{counts:?}");
    counts
}

/// Runs the line under strace; whether it ended well.
fn traced(stage: &Stage, line: &str, what: &str, log: &str) -> bool {
    let mut command = stage.bare("strace".as_ref());
    let path = std::env::var_os("PATH").unwrap_or_default();
    command.env("PATH", path).args(["-f", "-qq", "-o", log, "-e", what]).arg(harness());
    command.args(shlex::split(line).unwrap());
    command.output().is_ok_and(|output| output.status.success())
}
