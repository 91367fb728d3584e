//! A home with nodes, enrolled custodians and one key, at the command line.

use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use crate::cli::{Run, Stage};
use crate::cli_custodian::{keygen, stage as with_passphrases};

/// Custodians A, B, C .. of OFFICIAL_1, OFFICIAL_2, ..; their identities `<name>.id` open with `pass`.
pub struct Custody {
    pub stage: Stage,
    pub key: String,
    pub n: usize,
}

pub fn custodian(i: usize) -> &'static str {
    ["A", "B", "C", "D", "E"][i - 1]
}

impl Custody {
    /// A t-of-n key whose shares are on the nodes.
    pub fn new(curve: &str, t: usize, n: usize) -> Self {
        let stage = with_passphrases();
        let servers: Vec<_> = (1..=n).map(|i| format!("OFFICIAL_{i}")).collect();
        stage.run(&format!("init --servers {}", servers.join(","))).ok();
        for i in 1..=n {
            enrol(&stage, custodian(i), &format!("OFFICIAL_{i}"));
        }
        let made = stage.run(&format!("key generate --curve {curve} --threshold {t}")).ok();
        Self { key: made["keyId"].as_str().unwrap().to_owned(), stage, n }
    }

    /// The same with every share at its custodian and the nodes empty.
    pub fn exported(curve: &str, t: usize, n: usize) -> Self {
        let custody = Self::new(curve, t, n);
        let done = custody.export_all().ok();
        assert_eq!(done["deleted"], true, "{done}");
        custody
    }

    pub fn run(&self, line: &str) -> Run {
        self.stage.run(line)
    }

    /// What a custodian confirms of the node set that their share goes to.
    pub fn set(&self) -> String {
        let bytes = fs::read(self.stage.home("genesis.json")).unwrap();
        let signed: Vec<quorate::genesis::SignedGenesis> = serde_json::from_slice(&bytes).unwrap();
        let hash = quorate::genesis::Chain::check(&signed).unwrap().current_hash();
        format!("--confirm {hash}")
    }

    /// All at once, with the identities on this machine.
    pub fn export_all(&self) -> Run {
        let ids: String =
            (1..=self.n).map(|i| format!(" --identity {}.id --passphrase-file pass", custodian(i))).collect();
        self.run(&format!("share export --key {} --all --delete --out-dir out{ids}", self.key))
    }

    /// Only gives shards out.
    pub fn export(&self, more: &str) -> Run {
        self.run(&format!("share export --key {} --out-dir out {more}", self.key))
    }

    /// The only shard of a custodian in a directory.
    pub fn shard_in(&self, dir: &str, i: usize) -> PathBuf {
        let mut found = shards(&self.stage.path(dir), custodian(i));
        assert_eq!(found.len(), 1, "{found:?}");
        found.remove(0)
    }

    pub fn shard(&self, i: usize) -> String {
        self.shard_in("out", i).display().to_string()
    }

    /// The custodian takes the shard in; the receipt is `<name>.receipt.json`.
    pub fn receive(&self, i: usize) -> Run {
        let (who, shard) = (custodian(i), self.shard(i));
        self.run(&format!(
            "share receive {shard} --identity {who}.id --passphrase-file pass --store store{who} --out {who}.receipt.json"
        ))
    }

    /// A custodian's shard in `out` goes back to its node, to stay; the file is `<name>.import.json`.
    pub fn import_again(&self, i: usize) {
        let (who, shard, set) = (custodian(i), self.shard(i), self.set());
        self.run(&format!(
            "share rewrap {shard} --identity {who}.id --passphrase-file pass --to-node OFFICIAL_{i} --out {who}.import.json {set}"
        ))
        .ok();
        self.run(&format!("share import {who}.import.json --server OFFICIAL_{i}")).ok();
    }

    pub fn release(&self, receipt: &str) -> Run {
        self.run(&format!("share release --key {} --receipt {receipt}", self.key))
    }

    /// What a node says it holds of the key: whether its share is there.
    pub fn resident(&self, i: usize) -> bool {
        let status = self.run(&format!("node status OFFICIAL_{i}")).ok();
        let keys = status["nodes"][0]["statement"]["resident"].as_array().unwrap().clone();
        keys.iter().any(|key| key["keyId"] == *self.key && key["share"] == true)
    }

    /// `--shard F --identity I --passphrase-file pass` for each.
    pub fn jit(&self, dir: &str, signers: &[usize]) -> String {
        let one = |i: &usize| {
            let (shard, who) = (self.shard_in(dir, *i), custodian(*i));
            format!(" --shard {} --identity {who}.id --passphrase-file pass", shard.display())
        };
        signers.iter().map(one).collect()
    }
}

/// Makes an identity and enrols its card.
pub fn enrol(stage: &Stage, name: &str, server: &str) {
    let made = keygen(stage, name);
    let words = made["words"].as_str().unwrap();
    let line =
        format!("person add {name}.card.json --role custodian --server {server} --fingerprint '{words}'");
    stage.run(&line).ok();
}

/// A custodian's shard files in a directory.
pub fn shards(dir: &std::path::Path, who: &str) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(dir) else { return Vec::new() };
    let mut found: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    found.retain(|path| {
        let name = path.file_name().unwrap().to_str().unwrap();
        name.starts_with(&format!("{who}-")) && name.ends_with(".shard.json")
    });
    found.sort();
    found
}

/// The names in a JSON array.
pub fn names(value: &Value) -> Vec<&str> {
    value.as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect()
}
