//! The operator's commands killed, out of space, or with a disk that fails, at calls that change a file (R19, R21,
//! R25, R26, R52): no index is ever without a copy, a node keeps nothing of a signature, and a rerun converges.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::LazyLock;

use super::skipped;
use crate::cli::harness;
use crate::custody_stage::Custody;

const CALLS: &str = "write,pwrite64,fsync,fdatasync,ftruncate,renameat2,rename,unlink,unlinkat,mkdir,mkdirat";

/// Points at which each kind of call is interrupted in one sweep; all of them with `QUORATE_SWEEP=full`.
const POINTS: usize = 5;

static RESIDENT: LazyLock<Custody> = LazyLock::new(|| Custody::new("ED25519", 2, 3));
static EXPORTED: LazyLock<Custody> = LazyLock::new(|| Custody::exported("ED25519", 2, 3));

#[test]
fn r19_r21_an_export_with_delete_never_loses_the_last_copy() {
    let line = |of: &Custody| {
        format!(
            "share export --key {} --server OFFICIAL_1 --delete --out-dir out --identity A.id --passphrase-file pass",
            of.key
        )
    };
    sweep(&RESIDENT, &line(&RESIDENT), |left| {
        let copies =
            usize::from(left.resident(1)) + crate::custody_stage::shards(&left.stage.path("out"), "A").len();
        assert!(copies > 0, "the share of index 1 is lost");
        left.run(&line(left)).ok();
        assert!(!left.resident(1));
        let doctor = left.run("doctor --fix").ok();
        assert!(
            doctor["findings"].as_array().unwrap().iter().all(|finding| finding["fixed"] == true),
            "{doctor}"
        );
        let out = left.stage.path("out");
        for shard in crate::custody_stage::shards(&out, "A") {
            let inspect = format!("share inspect {} --identity A.id --passphrase-file pass", shard.display());
            left.run(&inspect).ok();
        }
    });
}

#[test]
fn r20_r21_a_release_deletes_or_can_be_given_again() {
    let before = &*RECEIVED;
    let line = format!("share release --key {} --receipt A.receipt.json", before.key);
    sweep(before, &line, |left| {
        left.run(&line).ok();
        assert!(!left.resident(1) && left.resident(2) && left.resident(3));
        assert_eq!(left.run("doctor").ok()["findings"].as_array().unwrap().len(), 0);
    });
}

static RECEIVED: LazyLock<Custody> = LazyLock::new(|| {
    let custody = Custody::new("ED25519", 2, 3);
    custody.export("--server OFFICIAL_1 --delete").ok();
    custody.receive(1).ok();
    custody
});

#[test]
fn r24_r26_an_import_is_taken_once_or_can_be_given_again() {
    let before = &*REWRAPPED;
    let line = "share import A.import.json --server OFFICIAL_1";
    sweep(before, line, |left| {
        assert_eq!(left.run(line).ok()["statement"]["statement"]["shares"], 1);
        assert!(left.resident(1));
    });
}

static REWRAPPED: LazyLock<Custody> = LazyLock::new(|| {
    let custody = Custody::exported("ED25519", 2, 3);
    let rewrap = "--identity A.id --passphrase-file pass --to-node OFFICIAL_1 --out A.import.json";
    custody.run(&format!("share rewrap {} {rewrap}", custody.shard(1))).ok();
    custody
});

#[test]
fn r25_r26_a_signature_with_shards_leaves_nothing_on_the_nodes() {
    let line = |of: &Custody| format!("sign --key {} --message m{}", of.key, of.jit("out", &[1, 3]));
    sweep(&EXPORTED, &line(&EXPORTED), |left| {
        let status = left.run("node status").ok();
        for node in status["nodes"].as_array().unwrap() {
            assert_eq!(node["statement"]["resident"].as_array().unwrap().len(), 0, "{node}");
            assert_eq!(node["statement"]["leases"].as_array().unwrap().len(), 0, "{node}");
        }
        let doctor = left.run("doctor --fix").ok();
        assert!(
            doctor["findings"].as_array().unwrap().iter().all(|finding| finding["fixed"] == true),
            "{doctor}"
        );
        assert_eq!(left.run("node status").ok()["empty"], true);
        left.run(&line(left)).ok();
        assert_eq!(left.run("node status").ok()["empty"], true);
    });
}

/// A copy of a stage: the same home, identities and files in a place of its own.
fn copy_of(of: &Custody) -> Custody {
    let stage = crate::cli::Stage::empty();
    let status = Command::new("cp")
        .arg("-a")
        .arg(format!("{}/.", of.stage.path("").display()))
        .arg(stage.path(""))
        .status();
    assert!(status.unwrap().success());
    Custody { stage, key: of.key.clone(), n: of.n }
}

/// Interrupts `line` at points of each kind of call, in a copy of the stage each time, and looks at what is left.
fn sweep(before: &Custody, line: &str, check: impl Fn(&Custody)) {
    if skipped() {
        return;
    }
    let whole = copy_of(before);
    if !traced(&whole, line, &format!("trace={CALLS}"), "trace").0 {
        println!("SKIPPED: strace cannot trace a process here, so nothing was killed");
        return;
    }
    let counts = counted(&whole.stage.path("trace"));
    assert!(counts.contains_key("fsync") && counts.contains_key("pwrite64"), "{counts:?}");
    let full = std::env::var_os("QUORATE_SWEEP").is_some_and(|value| value == "full");
    for (call, count) in counts {
        let step = if full { 1 } else { count.div_ceil(POINTS) };
        for (at, turn) in (1..=count).step_by(step).zip(0..) {
            let fails = match call.as_str() {
                "fsync" | "fdatasync" => "error=EIO",
                _ => "error=ENOSPC",
            };
            let what = if full || turn % 2 == 0 { vec!["signal=KILL", fails] } else { vec!["signal=KILL"] };
            for what in what {
                let left = copy_of(before);
                let inject = format!("inject={call}:{what}:when={at}");
                let (done, said) = traced(&left, line, &inject, "/dev/null");
                if what == "error=EIO" && done {
                    // Only what nobody relies on may fail in silence.
                    assert!(!said.contains("poison"), "{inject}: {said}");
                }
                check(&left);
            }
        }
    }
}

fn counted(trace: &Path) -> BTreeMap<String, usize> {
    let trace = fs::read_to_string(trace).unwrap();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for call in trace.lines().filter_map(|line| line.split_once(' ')?.1.trim_start().split('(').next()) {
        if CALLS.split(',').any(|known| known == call) {
            *counts.entry(call.to_owned()).or_default() += 1;
        }
    }
    counts
}

/// Runs the line under strace; whether it ended well, and what it said.
fn traced(of: &Custody, line: &str, what: &str, log: &str) -> (bool, String) {
    let mut command = of.stage.bare("strace".as_ref());
    let path = std::env::var_os("PATH").unwrap_or_default();
    command.env("PATH", path).args(["-f", "-qq", "-o", log, "-e", what]).arg(harness());
    command.args(["--home", "home", "--json"]).args(shlex::split(line).unwrap());
    match command.output() {
        Ok(output) => (output.status.success(), String::from_utf8_lossy(&output.stderr).into_owned()),
        Err(error) => (false, error.to_string()),
    }
}
