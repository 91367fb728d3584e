//! A production set at the command line: custodians A, B and C, the key generator K, the auditor U; everybody signed,
//! every node's console confirmed. Everybody else's machine is the home `laptop`, which pinned the set.

use std::path::PathBuf;

use serde_json::Value;

use crate::cli::{Run, Stage, harness};
use crate::cli_custodian::{keygen, stage as with_passphrases};

/// The words of everything, by which scripts agree.
pub struct Production {
    pub stage: Stage,
}

pub const PEOPLE: [&str; 5] = ["A", "B", "C", "K", "U"];

/// The home without its genesis, and the identities.
pub fn made() -> Production {
    let stage = with_passphrases();
    let production = Production { stage };
    production.run("init --production --seal passphrase").ok();
    PEOPLE.iter().for_each(|name| drop(keygen(&production.stage, name)));
    production
}

/// What `policy propose` is told of the people.
pub fn people() -> String {
    let custodian = |(name, i)| format!(" --person {name}.card.json:custodian:OFFICIAL_{i}");
    let custodians: String = [("A", 1), ("B", 2), ("C", 3)].map(custodian).concat();
    format!("{custodians} --person K.card.json:keyGenerator --person U.card.json:auditor")
}

/// `--adoption A.adoption.json ..`
pub fn adoptions(names: &[&str]) -> String {
    names.iter().map(|name| format!(" --adoption {name}.adoption.json")).collect()
}

impl Production {
    pub fn new() -> Self {
        let production = made();
        let proposed = production.run(&format!("policy propose {} --out p.json", people())).ok();
        let words = proposed["words"].as_str().unwrap();
        for name in PEOPLE {
            production.adopt("p.json", name, words).ok();
        }
        for i in 1..=3 {
            production.confirm("p.json", i, &adoptions(&PEOPLE), words).ok();
        }
        let adopted = production.run(&format!("policy adopt p.json {}", adoptions(&PEOPLE))).ok();
        assert_eq!(adopted["changed"], true);
        production.pin();
        production
    }

    /// The laptop takes the set as it is now.
    pub fn pin(&self) {
        let _ = std::fs::remove_file(self.stage.path("set.json"));
        let card = self.run("node card --out set.json").ok();
        if !self.stage.path("laptop").exists() {
            self.laptop("init --no-nodes").ok();
        }
        let words = card["words"].as_str().unwrap();
        self.laptop(&format!("node pin set.json --fingerprint '{words}'")).ok();
    }

    /// The operator's command; every passphrase is the same.
    pub fn run(&self, line: &str) -> Run {
        let mut command = self.stage.command("");
        command.args(shlex::split(line).unwrap()).args(["--passphrase-file", "pass"]);
        Run::of(line, command.output().unwrap())
    }

    /// A command on somebody else's machine.
    pub fn laptop(&self, line: &str) -> Run {
        let mut command = self.stage.bare(&harness());
        command.args(["--home", "laptop", "--json"]).args(shlex::split(line).unwrap());
        Run::of(line, command.output().unwrap())
    }

    pub fn adopt(&self, proposal: &str, name: &str, words: &str) -> Run {
        let line = format!("policy adopt {proposal} --identity {name}.id --passphrase-file pass");
        self.stage.run(&format!("{line} --out {name}.adoption.json --confirm '{words}'"))
    }

    pub fn confirm(&self, proposal: &str, i: usize, adoptions: &str, words: &str) -> Run {
        self.run(&format!(
            "node confirm {proposal} --server OFFICIAL_{i} --fingerprint '{words}' {adoptions}"
        ))
    }

    /// A command whose requester is `who`.
    pub fn ask(&self, who: &str, line: &str) -> Run {
        self.run(&format!("{line} --requester {who}.id --passphrase-file pass"))
    }

    /// Approves on the laptop; the file is `<who>.<request>`.
    pub fn approve(&self, who: &str, request: &str) -> Run {
        let words = self.words(request);
        let out = format!("{who}.{request}");
        let _ = std::fs::remove_file(self.stage.path(&out));
        self.laptop(&format!(
            "approve {request} --identity {who}.id --passphrase-file pass --out {out} --confirm '{words}'"
        ))
    }

    /// `--request R --approval A.R ..`, once those people have approved.
    pub fn approved(&self, request: &str, people: &[&str]) -> String {
        people.iter().for_each(|who| drop(self.approve(who, request).ok()));
        let approvals: String = people.iter().map(|who| format!(" --approval {who}.{request}")).collect();
        format!("--request {request} {approvals}")
    }

    pub fn words(&self, request: &str) -> String {
        let request = quorate::ceremony::requests::read(&self.path(request)).unwrap();
        request.request.hash().unwrap().words()
    }

    /// A 2-of-3 key that K made.
    pub fn key(&self, curve: &str) -> String {
        let made = self.ask("K", &format!("key generate --curve {curve} --threshold 2")).ok();
        assert_eq!(made["purpose"], "production");
        made["keyId"].as_str().unwrap().to_owned()
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.stage.path(name)
    }

    /// How many entries of an event the log of a server has, and how many refusals.
    pub fn events(&self, server: &str, event: &str) -> usize {
        let log = self.run(&format!("audit show --server {server} --tail 200")).ok();
        let entries = log["entries"].as_array().unwrap();
        let is = |entry: &&Value| entry["entry"]["event"] == event;
        entries.iter().filter(is).count()
    }
}
