//! Custodians' commands killed, and out of space, at every call that changes a file (R52): an identity that
//! opened before opens afterwards, and what was begun can be done again.

use std::fs;

use std::sync::LazyLock;

use quorate::curve::Curve;
use quorate::receipt::Receipt;

use super::sweep::sweep as interrupt;
use crate::cli::Stage;
use crate::cli_custodian::{keygen, stage};
use crate::shards::{Key, Set, person};
use crate::share_stage::{furnish, identity_file, names};

static SHARDS: LazyLock<Set> = LazyLock::new(|| Set::new(3));
static KEY: LazyLock<Key> = LazyLock::new(|| SHARDS.key(Curve::Ed25519, 2, 3));

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

#[test]
fn r52_a_shard_is_received_whole_or_can_be_received_again() {
    let line = "share receive stick/sent --identity A.id --store store --out r --passphrase-file pass";
    let shard = SHARDS.export(&KEY, 1);
    sweep_at_home(
        line,
        |stage| stage.write("stick/sent", shard.bytes()),
        |stage| {
            // A receipt is there only if the shard is.
            if stage.path("r").exists() {
                let stored = fs::read(stage.path(&format!("store/{}", shard.file_name()))).unwrap();
                assert_eq!(stored, shard.bytes());
                Receipt::parse(&fs::read(stage.path("r")).unwrap()).unwrap();
            }
            stage.run(line).ok();
            assert_eq!(names(stage, "store").iter().filter(|name| !name.starts_with('.')).count(), 1);
        },
    );
}

#[test]
fn r28_r52_a_rewrap_leaves_a_shard_that_opens() {
    let line = "share rewrap stick/sent --identity A.id --to A2.id --out-dir out --passphrase-file pass --passphrase-file new";
    let (shard, new) = (SHARDS.export(&KEY, 1), person("A"));
    sweep_at_home(
        line,
        |stage| {
            identity_file(stage, &new, "A2.id", "new");
            stage.write("stick/sent", shard.bytes());
        },
        |stage| {
            let there = |name: &str| fs::read(stage.path(name)).is_ok_and(|bytes| bytes == shard.bytes());
            assert!(there("stick/sent") != there("stick/sent.old"));
            // Also where all was done but for the last record of it.
            stage.run(line).ok();
            assert_eq!(stage.run("doctor").ok()["findings"].as_array().unwrap().len(), 0);
            assert!(there("stick/sent.old") && !there("stick/sent"));
            let out = names(stage, "out");
            let new: Vec<_> = out.iter().filter(|name| !name.starts_with('.')).collect();
            assert_eq!(new.len(), 1, "{out:?}");
            let line = format!("share inspect out/{} --identity A2.id --passphrase-file new", new[0]);
            stage.run(&line).ok();
        },
    );
}

#[test]
fn r21_r52_a_destruction_that_was_cut_can_be_ended() {
    let (shard, other) = (SHARDS.export(&KEY, 1), SHARDS.export(&KEY, 1));
    let line = format!(
        "share destroy-old stick/x.old --replaced-by stick/y --identity A.id --confirm {} --passphrase-file pass",
        shard.file_hash()
    );
    sweep_at_home(
        &line,
        |stage| {
            stage.write("stick/x.old", shard.bytes());
            stage.write("stick/y", other.bytes());
        },
        |stage| {
            // Ended before, it is not there; else either name may be, and the same line ends it.
            let again = stage.run(&line);
            assert!(again.code == Some(0) || again.stderr.contains("does not exist"), "{}", again.stderr);
            assert!(!stage.path("stick/x.old").exists() && !stage.path("stick/x.old.destroying").exists());
            let log = stage.run("audit show --tail 500").ok().to_string();
            assert_eq!(log.matches("SHARE_DESTROYED").count(), 1, "{log}");
            assert_eq!(fs::read(stage.path("stick/y")).unwrap(), other.bytes());
        },
    );
}

/// As [`sweep`], on the laptop of a custodian with a directory `stick`.
fn sweep_at_home(line: &str, prepare: impl Fn(&Stage), check: impl Fn(&Stage)) {
    sweep(
        &format!("--home home {line}"),
        |stage| {
            furnish(stage, &SHARDS);
            fs::create_dir(stage.path("stick")).unwrap();
            prepare(stage);
        },
        check,
    );
}

/// Interrupts `line` in a new stage each time, and looks at what is left.
fn sweep(line: &str, prepare: impl Fn(&Stage), check: impl Fn(&Stage)) {
    let make = || {
        let stage = stage();
        prepare(&stage);
        stage
    };
    interrupt(|_| line.to_owned(), make, |stage| stage, CALLS, |stage, _| check(stage));
}
