//! The operator's commands killed, out of space, or with a disk that fails, at calls that change a file (R19, R21,
//! R25, R26, R52): no index is ever without a copy, a node keeps nothing of a signature, and a rerun converges.

use std::process::Command;
use std::sync::LazyLock;

use super::skipped;
use super::sweep::sweep as interrupt;
use crate::custody_stage::Custody;

const CALLS: &str = "write,pwrite64,fsync,fdatasync,ftruncate,renameat2,rename,unlink,unlinkat,mkdir,mkdirat";

static RESIDENT: LazyLock<Custody> = LazyLock::new(|| Custody::new("ED25519", 2, 3));
static EXPORTED: LazyLock<Custody> = LazyLock::new(|| Custody::exported("ED25519", 2, 3));

#[test]
fn r19_r21_an_export_with_delete_never_loses_the_last_copy() {
    if skipped() {
        return;
    }
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
    if skipped() {
        return;
    }
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
    if skipped() {
        return;
    }
    let before = &*REWRAPPED;
    let line = "share import A.import.json --server OFFICIAL_1";
    sweep(before, line, |left| {
        let done = left.run(line).ok()["statement"]["statement"].clone();
        assert_eq!((&done["shares"], &done["aux"]), (&1.into(), &1.into()));
        assert!(left.resident(1));
    });
}

/// An import that was cut off and is not given again leaves no aux that stands in the way of signing (R25).
#[test]
fn r25_r26_what_a_cut_import_leaves_goes_with_the_next_signature() {
    if skipped() {
        return;
    }
    let before = &*REWRAPPED;
    sweep(before, "share import A.import.json --server OFFICIAL_1", |left| {
        if !left.resident(1) {
            let shards = left.jit("out", &[1, 2]);
            left.run(&format!("sign --key {} --message m{shards}", left.key)).ok();
            assert_eq!(left.run("node status").ok()["empty"], true);
        }
    });
}

static REWRAPPED: LazyLock<Custody> = LazyLock::new(|| {
    let custody = Custody::exported("SECP256k1", 2, 3);
    let rewrap = "--identity A.id --passphrase-file pass --to-node OFFICIAL_1 --out A.import.json";
    custody.run(&format!("share rewrap {} {rewrap} {}", custody.shard(1), custody.set())).ok();
    custody
});

#[test]
fn r25_r26_a_signature_with_shards_leaves_nothing_on_the_nodes() {
    if skipped() {
        return;
    }
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

fn sweep(before: &Custody, line: &str, check: impl Fn(&Custody)) {
    interrupt(
        |_| format!("--home home --json {line}"),
        || copy_of(before),
        |custody| &custody.stage,
        CALLS,
        check,
    );
}
