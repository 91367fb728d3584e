//! `node card --out` and `node pin`: knowing a node set on a machine without it.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::cli::{Run, Stage, harness};
use crate::pty::Session;

/// The operator's workspace in `home` and its node set in `set`.
fn stage() -> (Stage, Value) {
    let stage = Stage::init();
    let written = stage.run("node card --out set").ok();
    (stage, written)
}

/// Runs a line in another home.
fn at(stage: &Stage, home: &str, line: &str) -> Run {
    let mut command = stage.bare(&harness());
    command.args(["--json", "--home", home]).args(shlex::split(line).unwrap());
    Run::of(line, command.output().unwrap())
}

fn words(written: &Value) -> &str {
    written["words"].as_str().unwrap()
}

#[test]
fn r22_a_node_set_is_pinned_after_one_comparison() {
    let (stage, written) = stage();
    at(&stage, "laptop", "init --no-nodes").ok();
    let pin = |words: &str| at(&stage, "laptop", &format!("node pin set --fingerprint '{words}'"));
    let wrong = words(&written).replacen(' ', " aardvark ", 1);
    pin(&wrong).fails(4, "not those of this node set");
    assert!(!stage.path("laptop/genesis.json").exists());
    at(&stage, "laptop", "node pin set").fails(1, "no terminal");
    let pinned = pin(words(&written)).ok();
    assert_eq!(pinned["genesisHash"], written["genesisHash"]);
    assert_eq!(pinned["servers"][2], "OFFICIAL_3");
    pin(written["genesisHash"].as_str().unwrap()).ok();
    at(&stage, "laptop", "audit show").ok();
    stage.run("node card --out set").fails(1, "already");
    stage.run("node pin set --fingerprint x").fails(4, "not those");
    let own = format!("node pin set --fingerprint '{}'", words(&written));
    stage.run(&own).fails(1, "nodes of its own");
}

#[test]
fn r22_changed_keys_an_altered_file_and_an_older_version_are_hard_errors() {
    let (stage, written) = stage();
    at(&stage, "laptop", "init --no-nodes").ok();
    at(&stage, "laptop", &format!("node pin set --fingerprint '{}'", words(&written))).ok();
    let before = fs::read(stage.path("laptop/genesis.json")).unwrap();
    at(&stage, "other", "init").ok();
    let other = at(&stage, "other", "node card --out other-set").ok();
    let line = format!("node pin other-set --fingerprint '{}'", words(&other));
    at(&stage, "laptop", &line).fails(4, "keys have changed");
    let set = fs::read_to_string(stage.path("set")).unwrap();
    stage.write("altered", set.replacen("OFFICIAL_1", "OFFICIAL_9", 1).as_bytes());
    at(&stage, "laptop", "node pin altered --fingerprint x").fails(4, "");
    stage.write("garbage", b"{}");
    at(&stage, "laptop", "node pin garbage --fingerprint x").fails(4, "no node set");
    assert_eq!(fs::read(stage.path("laptop/genesis.json")).unwrap(), before);

    // Three versions; then the first of them alone.
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/v1/genesis.json");
    let versions: Vec<Value> = serde_json::from_slice(&fs::read(golden).unwrap()).unwrap();
    at(&stage, "laptop2", "init --no-nodes").ok();
    let pin = |count: usize| {
        stage.write("versions", serde_json::to_string(&versions[..count]).unwrap().as_bytes());
        let quorate = at(&stage, "laptop2", "node pin versions --fingerprint x");
        assert_eq!(quorate.code, Some(4), "{}", quorate.stderr);
        let mut session = Session::start({
            let mut command = stage.bare(&harness());
            command.args(["--home", "laptop2", "node", "pin", "versions"]);
            command
        });
        session.expect("words for this node set").expect("Type Yes").line("Yes");
        session.end()
    };
    pin(1).with(0);
    pin(3).with(0);
    assert!(pin(2).with(4).transcript.contains("older version"));
    let mut declined = stage.bare(&harness());
    declined.args(["--home", "laptop2", "node", "pin", "versions"]);
    let mut declined = Session::start(declined);
    declined.expect("Type Yes").line("yes");
    declined.end().with(130);
}
