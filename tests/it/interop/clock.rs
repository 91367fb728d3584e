//! Clocks that are wrong, by `faketime` (R40): nodes do nothing at a time before their own log's end or after a request's;
//! an approver's clock only warns.

use std::fs;
use std::path::Path;

use super::skipped;
use crate::cli::{Run, Stage, harness};
use crate::production_stage::Production;

/// Runs a command in a copy of a home, at another time.
fn at(production: &Production, shift: &str, home: &str, line: &str) -> Run {
    let copy = format!("{home} at {shift}");
    let (from, to) = (production.path(home), production.path(&copy));
    let _ = fs::remove_dir_all(&to);
    copy_all(&from, &to);
    let mut command = production.stage.bare("faketime".as_ref());
    command.env("FAKETIME_DONT_FAKE_MONOTONIC", "1").args(["-f", shift]).arg(harness());
    command.args(["--home", &copy, "--json"]).args(shlex::split(line).unwrap());
    Run::of(line, command.output().unwrap())
}

fn copy_all(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_dir() {
            copy_all(&entry.path(), &to.join(entry.file_name()));
        } else {
            fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
        }
    }
}

#[test]
fn r40_clocks_set_back_or_forward_do_nothing_that_was_not_approved_for_then() {
    if skipped() {
        return;
    }
    let production = Production::new();
    let key = production.key("ED25519");
    let export = format!("share export --key {key} --server OFFICIAL_1 --delete");
    let new = export.replace("share export", "request new export");
    production.ask("K", &format!("{new} --valid-hours 2 --out e.json")).ok();
    let both = production.approved("e.json", &["A", "B"]);
    let line = format!("{export} --out-dir out {both} --passphrase-file pass");
    let none = |production: &Production| {
        !production.path("out").exists() || fs::read_dir(production.path("out")).unwrap().count() == 0
    };
    // Set back: whatever would be done has no place in the logs.
    for shift in ["-1h", "-400d"] {
        at(&production, shift, "home", &line).fails(1, "earlier than the last entry of the audit log");
        at(&production, shift, "home", "key list --passphrase-file pass").ok();
    }
    at(&production, "+3h", "home", &line).fails(3, "the request expired at");
    at(&production, "+2d", "home", &line).fails(3, "the request expired at");
    assert!(none(&production));
    // An approver whose clock is wrong is warned, and the approval counts.
    let words = production.words("e.json");
    let approve = format!("approve e.json --identity C.id --passphrase-file pass --confirm '{words}'");
    let late = at(&production, "+2d", "laptop", &format!("{approve} --out late.json"));
    assert!(late.stderr.contains("by this machine's clock the request expired"), "{}", late.stderr);
    late.ok();
    production.laptop(&format!("{approve} --out good.json")).ok();
    let line = format!("{export} --out-dir out --request e.json --approval A.e.json --approval late.json");
    production.run(&line).ok();
    assert!(!none(&production));
}

/// A lease, a rehearsal's requests and its log go by the same clocks.
#[test]
fn r40_a_rehearsal_notices_a_clock_that_was_set_back_too() {
    if skipped() {
        return;
    }
    let stage: Stage = crate::cli_custodian::stage();
    stage.run("init").ok();
    let made = stage.run("key generate --curve ED25519 --threshold 2").ok();
    let key = made["keyId"].as_str().unwrap();
    let mut command = stage.bare("faketime".as_ref());
    command.env("FAKETIME_DONT_FAKE_MONOTONIC", "1").args(["-f", "-1h"]).arg(harness());
    command.args(["--home", "home", "--json", "sign", "--message", "x", "--key", key]);
    Run::of("sign", command.output().unwrap()).fails(1, "earlier than the last entry of the audit log");
    stage.run(&format!("sign --message x --key {key}")).ok();
}
