//! Commands that move shares, and what must hold of whatever is left when one is interrupted (R19-R21, R24-R28, R52):
//! no index is without a copy, a node keeps nothing of a signature, the same command again ends it. `cli_durable`
//! signals them and takes their output or directories away; in `interop`, `kill_nodes` kills them at every call and
//! `power` cuts the power.

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use quorate::ceremony::custody::ShardFile;
use quorate::genesis::{Chain, SignedGenesis};
use quorate::node::embedded::node_dir;
use quorate::store::{BlobKind, NodeStore, seal};
use serde_json::Value;

use crate::cli::Stage;
use crate::cli_jit::{at, grant, laptop, request};
use crate::custody_stage::{Custody, custodian, shards};
use crate::node_stage::name;
use crate::shards::person;
use crate::share_stage::identity_file;

/// A command and its surroundings.
pub struct Operation {
    before: &'static LazyLock<Custody>,
    line: fn(&Custody) -> String,
    check: fn(&Custody, done: bool),
}

impl Operation {
    /// Its surroundings once more, in a directory that is there.
    pub fn copy_to(&self, stage: Stage) -> Custody {
        copy(&self.before.stage.path(""), &stage.path(""));
        self.at(stage)
    }

    /// What is in a directory that such surroundings were copied to.
    pub fn at(&self, stage: Stage) -> Custody {
        Custody { stage, key: self.before.key.clone(), n: self.before.n }
    }

    /// The command line, whole.
    pub fn line(&self, of: &Custody) -> String {
        format!("--home home --json {}", (self.line)(of))
    }

    /// Looks at what an interrupted command left, or one that told its success, and brings it to its end.
    pub fn check(&self, left: &Custody, done: bool) {
        (self.check)(left, done);
    }
}

/// A directory's content into another one; files keep their permissions.
fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let (path, to) = (entry.as_ref().unwrap().path(), to.join(entry.unwrap().file_name()));
        if path.is_dir() {
            if !to.exists() {
                fs::create_dir(&to).unwrap();
            }
            fs::set_permissions(&to, fs::metadata(&path).unwrap().permissions()).unwrap();
            copy(&path, &to);
        } else {
            fs::copy(&path, &to).unwrap();
        }
    }
}

static RESIDENT: LazyLock<Custody> = LazyLock::new(|| Custody::new("ED25519", 2, 3));
static EXPORTED: LazyLock<Custody> = LazyLock::new(|| Custody::exported("ED25519", 2, 3));

/// One share leaves its node.
pub static EXPORT: Operation = Operation {
    before: &RESIDENT,
    line: |of| export_line(of, "--server OFFICIAL_1 --identity A.id --passphrase-file pass"),
    check: |left, done| check_export(left, done, 1),
};

/// A shard was given out, and its custodian has not received it.
pub static SENT_OUT: Operation = Operation { before: &SENT, ..RELEASE };

/// All do.
pub static EXPORT_ALL: Operation = Operation {
    before: &RESIDENT,
    line: |of| {
        let id = |i: usize| format!(" --identity {}.id --passphrase-file pass", custodian(i));
        export_line(of, &format!("--all{}", (1..=of.n).map(id).collect::<String>()))
    },
    check: |left, done| check_export(left, done, 3),
};

fn export_line(of: &Custody, more: &str) -> String {
    format!("share export --key {} --delete --out-dir out {more}", of.key)
}

/// Exported are the first `count` indices.
fn check_export(left: &Custody, done: bool, count: usize) {
    let out = left.stage.path("out");
    if done {
        (1..=count).for_each(|i| holds_nothing(left, i));
    }
    let held = resident(left);
    for i in 1..=left.n {
        let files = shards(&out, custodian(i));
        files.iter().for_each(|file| opens(left, file, &format!("{}.id", custodian(i)), "pass"));
        assert!(held[i - 1] || !files.is_empty(), "the share of index {i} is lost");
        assert!(!done || held[i - 1] == (i > count), "a statement was signed and the share is back");
    }
    let line = if count == 1 { EXPORT.line } else { EXPORT_ALL.line };
    left.run(&line(left)).ok();
    assert!((1..=left.n).all(|i| resident(left)[i - 1] == (i > count)));
    fixed(left);
    for i in 1..=count {
        let files = shards(&out, custodian(i));
        assert!(!files.is_empty());
        files.iter().for_each(|file| opens(left, file, &format!("{}.id", custodian(i)), "pass"));
    }
}

/// A node deletes against a receipt.
pub static RELEASE: Operation = Operation {
    before: &RECEIVED,
    line: |of| format!("share release --key {} --receipt A.receipt.json", of.key),
    check: |left, done| {
        if done {
            holds_nothing(left, 1);
        }
        opens(left, &left.shard_in("storeA", 1), "A.id", "pass");
        left.run(&(RELEASE.line)(left)).ok();
        assert_eq!(resident(left), [false, true, true]);
        holds_nothing(left, 1);
        nothing_found(left);
    },
};

static SENT: LazyLock<Custody> = LazyLock::new(|| {
    let custody = Custody::new("ED25519", 2, 3);
    custody.export("--server OFFICIAL_1 --delete").ok();
    custody
});

static RECEIVED: LazyLock<Custody> = LazyLock::new(|| {
    let custody = SENT_OUT.copy_to(Stage::empty());
    custody.receive(1).ok();
    custody
});

/// A share comes back to its node, to stay. The file serves once, also when the share has left again.
pub static IMPORT: Operation = Operation {
    before: &REWRAPPED,
    line: |_| "share import A.import.json --server OFFICIAL_1".into(),
    check: |left, done| {
        assert!(!done || resident(left)[0], "a statement was signed and the share is not there");
        let line = (IMPORT.line)(left);
        let said = left.run(&line).ok()["statement"]["statement"].clone();
        assert_eq!((&said["shares"], &said["aux"]), (&1.into(), &1.into()));
        assert!(resident(left)[0]);
        nothing_found(left);
        let export = "--server OFFICIAL_1 --delete --identity A.id --passphrase-file pass --out-dir again";
        left.run(&format!("share export --key {} {export}", left.key)).ok();
        left.run(&line).fails(3, "took this import before");
        holds_nothing(left, 1);
    },
};

/// The same, cut off and not given again: no aux stands in the way of signing.
pub static IMPORT_LEFT: Operation = Operation {
    check: |left, _| {
        if !resident(left)[0] {
            sign_jit(left, "out", &[1, 2]);
            assert_eq!(left.run("node status").ok()["empty"], true);
        }
        fixed(left);
    },
    ..IMPORT
};

static REWRAPPED: LazyLock<Custody> = LazyLock::new(|| {
    let custody = Custody::exported("SECP256k1", 2, 3);
    let rewrap = "--identity A.id --passphrase-file pass --to-node OFFICIAL_1 --out A.import.json";
    custody.run(&format!("share rewrap {} {rewrap} {}", custody.shard(1), custody.set())).ok();
    custody
});

/// A signature with shards that are on this machine.
pub static SIGN: Operation = Operation {
    before: &EXPORTED,
    line: |of| format!("sign --key {} --message m{}", of.key, of.jit("out", &[1, 3])),
    check: |left, done| {
        if done {
            (1..=left.n).for_each(|i| holds_nothing(left, i));
        }
        nothing_open(left);
        fixed(left);
        (1..=left.n).for_each(|i| holds_nothing(left, i));
        left.run(&(SIGN.line)(left)).ok();
        assert_eq!(left.run("node status").ok()["empty"], true);
    },
};

/// A request that custodians are to grant elsewhere.
pub static REQUEST: Operation = Operation {
    before: &WITH_LAPTOP,
    line: |of| {
        let servers = "--servers OFFICIAL_1,OFFICIAL_3";
        format!("request new sign --key {} --message pay {servers} --out new.request.json", of.key)
    },
    check: |left, done| {
        let there = left.stage.path("new.request.json").exists();
        assert!(there || !done);
        if !there {
            // Nobody can grant what was begun; it is cancelled by its name.
            for finding in left.run("doctor --fix").ok()["findings"].as_array().unwrap() {
                assert_eq!(finding["kind"], "sign", "{finding}");
                let cancel = format!("request cancel --operation {}", finding["opId"].as_str().unwrap());
                left.run(&cancel).ok();
            }
            (1..=left.n).for_each(|i| holds_nothing(left, i));
            left.run(&(REQUEST.line)(left)).ok();
        }
        granted(left, "new.request.json", "new");
        left.run(&run_line("new.request.json", "new")).ok();
        cleared(left);
    },
};

/// The run of a request with the grants that came back. They serve once.
pub static RUN: Operation = Operation {
    before: &GRANTED,
    line: |_| run_line("p.request.json", "p"),
    check: |left, done| {
        if done {
            (1..=left.n).for_each(|i| holds_nothing(left, i));
        }
        nothing_open(left);
        let again = left.run(&(RUN.line)(left));
        if again.code != Some(0) {
            again.fails(3, "ask for grants again");
            if left.run("request renew p.request.json --out q.request.json").code == Some(0) {
                granted(left, "q.request.json", "q");
                left.run(&run_line("q.request.json", "q")).ok();
            }
        }
        left.run(&(RUN.line)(left)).fails(3, "ask for grants again");
        cleared(left);
    },
};

static WITH_LAPTOP: LazyLock<Custody> = LazyLock::new(|| {
    let custody = Custody::exported("ED25519", 2, 3);
    laptop(&custody);
    custody
});

static GRANTED: LazyLock<Custody> = LazyLock::new(|| {
    let custody = Custody::exported("ED25519", 2, 3);
    laptop(&custody);
    request(&custody, "--message pay --servers OFFICIAL_1,OFFICIAL_3", "p.request.json", b"");
    granted(&custody, "p.request.json", "p");
    custody
});

/// A and C grant on their laptop.
fn granted(custody: &Custody, request: &str, out: &str) {
    let shown = at(&custody.stage, "laptop", &format!("request show {request}")).ok();
    let confirm = format!("--confirm '{}'", shown["words"].as_str().unwrap());
    for i in [1, 3] {
        grant(custody, i, request, &format!("{out}-{}.grant.json", custodian(i)), &confirm).ok();
    }
}

fn run_line(request: &str, grants: &str) -> String {
    format!("sign run {request} --grant {grants}-A.grant.json --grant {grants}-C.grant.json")
}

/// A shard for its holder's own new identity.
pub static REWRAP: Operation = Operation {
    before: &NEW_IDENTITY,
    line: |_| {
        "share rewrap stick/sent --identity A.id --to A2.id --out-dir renewed --passphrase-file pass --passphrase-file new"
            .into()
    },
    check: |left, done| {
        let (sent, old) = (left.stage.path("stick/sent"), left.stage.path("stick/sent.old"));
        assert!(sent.exists() != old.exists() && !(done && sent.exists()));
        opens(left, if sent.exists() { &sent } else { &old }, "A.id", "pass");
        // Also where all was done but for the last record of it.
        left.run(&(REWRAP.line)(left)).ok();
        opens(left, &old, "A.id", "pass");
        opens(left, &left.shard_in("renewed", 1), "A2.id", "new");
        assert!(!sent.exists());
        nothing_found(left);
    },
};

static NEW_IDENTITY: LazyLock<Custody> = LazyLock::new(|| {
    let custody = Custody::exported("ED25519", 2, 3);
    identity_file(&custody.stage, &person("A"), "A2.id", "new");
    fs::create_dir(custody.stage.path("stick")).unwrap();
    fs::rename(custody.shard_in("out", 1), custody.stage.path("stick/sent")).unwrap();
    custody
});

/// The old shard is destroyed; the new one is then the only copy.
pub static DESTROY: Operation = Operation {
    before: &REPLACED,
    line: |of| {
        let old = "stick/sent.old";
        let confirm = fs::read_to_string(of.stage.path("sent.hash")).unwrap();
        let by = of.shard_in("renewed", 1).strip_prefix(of.stage.path("")).unwrap().display().to_string();
        format!(
            "share destroy-old {old} --replaced-by {by} --identity A2.id --confirm {confirm} --passphrase-file new"
        )
    },
    check: |left, done| {
        let old = [left.stage.path("stick/sent.old"), left.stage.path("stick/sent.old.destroying")];
        opens(left, &left.shard_in("renewed", 1), "A2.id", "new");
        assert!(!done || !old.iter().any(|file| file.exists()), "told destroyed, and back");
        // Ended before, it is not there; else either name may be, and the same line ends it.
        let again = left.run(&(DESTROY.line)(left));
        assert!(again.code == Some(0) || again.stderr.contains("does not exist"), "{}", again.stderr);
        assert!(!old.iter().any(|file| file.exists()));
        opens(left, &left.shard_in("renewed", 1), "A2.id", "new");
        fixed(left);
    },
};

static REPLACED: LazyLock<Custody> = LazyLock::new(|| {
    let custody = REWRAP.copy_to(Stage::empty());
    custody.run(&(REWRAP.line)(&custody)).ok();
    let hash =
        ShardFile::read(&custody.stage.path("stick/sent.old"), &chain(&custody)).unwrap().shard.file_hash();
    custody.stage.write("sent.hash", hash.to_string().as_bytes());
    custody
});

fn chain(custody: &Custody) -> Chain {
    let bytes = fs::read(custody.stage.home("genesis.json")).unwrap();
    let signed: Vec<SignedGenesis> = serde_json::from_slice(&bytes).unwrap();
    Chain::check(&signed).unwrap()
}

/// Which nodes hold their share of the key.
pub fn resident(left: &Custody) -> Vec<bool> {
    let status = left.run("node status").ok();
    let holds = |node: &Value| {
        let keys = node["statement"]["resident"].as_array().unwrap();
        keys.iter().any(|key| key["keyId"] == *left.key && key["share"] == true)
    };
    status["nodes"].as_array().unwrap().iter().map(holds).collect()
}

/// No node has a share, nor one open.
fn nothing_open(left: &Custody) {
    let status = left.run("node status").ok();
    for node in status["nodes"].as_array().unwrap() {
        for what in ["resident", "leases"] {
            assert_eq!(node["statement"][what].as_array().unwrap().len(), 0, "{node}");
        }
    }
}

/// Nothing of a key is in a node's files, nor is any keyslot in use but the node's own: read past the program.
fn holds_nothing(left: &Custody, i: usize) {
    let (home, node) = (left.stage.path("home"), name(u16::try_from(i).unwrap()));
    let dir = node_dir(&home, &node);
    let used = fs::read(dir.join("keyslots")).unwrap();
    let used = used.chunks(4096).skip(1).filter(|slot| slot.iter().any(|byte| *byte != 0)).count();
    let store =
        NodeStore::open(&dir, &seal::open_seal(&home, None).unwrap().for_node(node.as_str())).unwrap();
    for kind in [BlobKind::Share, BlobKind::Aux, BlobKind::Prime, BlobKind::Identity] {
        assert_eq!(store.blob_ids(kind).unwrap(), Vec::<Vec<u8>>::new(), "{node}: {kind:?}");
    }
    assert_eq!(used, store.blob_ids(BlobKind::Node).unwrap().len(), "{node}: a keyslot is still in use");
}

/// `doctor --fix` settles all it finds.
fn fixed(left: &Custody) {
    let doctor = left.run("doctor --fix").ok();
    let found = doctor["findings"].as_array().unwrap();
    assert!(found.iter().all(|finding| finding["fixed"] == true), "{doctor}");
    nothing_found(left);
}

fn nothing_found(left: &Custody) {
    let doctor = left.run("doctor").ok();
    assert!(doctor["findings"].as_array().unwrap().is_empty(), "{doctor}");
}

/// Nothing is left of any request.
fn cleared(left: &Custody) {
    nothing_found(left);
    (1..=left.n).for_each(|i| holds_nothing(left, i));
}

fn sign_jit(left: &Custody, dir: &str, signers: &[usize]) -> Value {
    left.run(&format!("sign --key {} --message m{}", left.key, left.jit(dir, signers))).ok()
}

pub fn opens(left: &Custody, file: &Path, identity: &str, pass: &str) {
    let line = format!("share inspect {} --identity {identity} --passphrase-file {pass}", file.display());
    left.run(&line).ok();
}
