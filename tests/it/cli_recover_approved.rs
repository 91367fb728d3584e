//! `recover --offline` in production: by a request that others approved, which the laptop judges as a server would.

use std::fs;

use quorate::ceremony::custodians;
use quorate::wrap::recipient::Identity;
use rand_core::OsRng;
use serde_json::Value;

use crate::cli_recover::opened;
use crate::custody_stage::shards;
use crate::production_stage::Production;

/// A production set whose key is with its custodians; the laptop knows the key.
struct Gone {
    production: Production,
    key: String,
}

impl Gone {
    fn new() -> Self {
        let production = Production::new();
        let key = production.key("ED25519");
        for (i, who) in [(1, "A"), (2, "B"), (3, "C")] {
            let export = format!("share export --key {key} --server OFFICIAL_{i} --delete");
            let new = export.replace("share export", "request new export");
            production.ask("K", &format!("{new} --out e{i}.json")).ok();
            let both = production.approved(&format!("e{i}.json"), &["A", "B"]);
            let ids = format!("--identity {who}.id --passphrase-file pass");
            let done = production.run(&format!("{export} --out-dir out {ids} {both}")).ok();
            assert_eq!(done["deleted"], true, "{done}");
        }
        let gone = Self { production, key };
        gone.laptop(&format!("key rebuild-inventory {}", gone.shard("A"))).ok();
        gone
    }

    fn shard(&self, who: &str) -> String {
        shards(&self.production.path("out"), who)[0].display().to_string()
    }

    fn laptop(&self, line: &str) -> crate::cli::Run {
        self.production.laptop(line)
    }

    /// A request for C by K, made on the laptop.
    fn ask(&self, out: &str, more: &str) -> Value {
        let line =
            format!("request new recover --key {} --to C --reason 'the vendor is gone' {more}", self.key);
        self.laptop(&format!("{line} --requester K.id --passphrase-file pass --out {out}")).ok()
    }

    fn recover(&self, more: &str) -> crate::cli::Run {
        let of =
            |who: &str| format!(" --shard {} --identity {who}.id --passphrase-file pass", self.shard(who));
        self.laptop(&format!("recover --offline{}{} {more}", of("A"), of("B")))
    }

    fn of_c(&self) -> String {
        let card = custodians::read_card(&self.production.path("C.card.json")).unwrap();
        card.card.recipient.to_string()
    }
}

#[test]
fn r43_offline_a_key_is_made_whole_when_two_others_approved_and_for_whom_they_said() {
    let gone = Gone::new();
    let to = format!("--to {} --out key.age", gone.of_c());
    let error = gone.recover(&format!("--reason x {to}")).fails(3, "when a quorum approved it");
    assert!(error.to_string().contains("request new recover --offline"), "{error}");
    let made = gone.ask("r.json", "--offline");
    assert_eq!((&made["operation"], &made["requester"]), (&"recover".into(), &"K".into()));
    gone.recover(&format!("--request r.json {to}")).fails(3, "0 count");
    gone.production.approve("K", "r.json").fails(3, "whoever asks does not approve");
    gone.production.approve("A", "r.json").ok();
    gone.recover(&format!("--request r.json --approval A.r.json {to}")).fails(3, "1 count");
    let both = gone.production.approved("r.json", &["A", "B"]);
    // To somebody else, of another sort, for another key.
    let heir = Identity::random(&mut OsRng).recipient();
    gone.recover(&format!("{both} --to {heir} --out key.age")).fails(3, "names another recipient");
    let text = fs::read_to_string(gone.production.path("r.json")).unwrap();
    let bent = text.replace("\"reason\":\"the vendor is gone\"", "\"reason\":\"the vendor is back\"");
    gone.production.stage.write("bent.json", bent.as_bytes());
    let swapped = both.replace("--request r.json", "--request bent.json");
    gone.recover(&format!("{swapped} {to}")).fails(2, "another request");
    gone.recover(&format!("--request bent.json {to}")).fails(3, "not signed by its requester");
    let other = gone.production.key("ED25519");
    let new = format!("request new recover --key {other} --to C --reason x --out s.json");
    gone.production.ask("K", &new).ok();
    let servers = gone.production.approved("s.json", &["A", "B"]);
    gone.recover(&format!("{servers} {to}")).fails(1, "for a recovery from servers");
    assert!(!gone.production.path("key.age").exists());
    let log = |event: &str| {
        let log = fs::read_to_string(gone.production.path("laptop/workspace/audit.jsonl")).unwrap();
        log.matches(&format!("\"event\":\"{event}\"")).count()
    };
    assert_eq!(log("PRIVATE_KEY_RECOVERY_INITIATED"), 0);

    let told = gone.recover(&format!("{both} {to}")).ok();
    assert_eq!((&told["owner"], told["notice"]["file"].is_string()), (&Value::Null, true), "{told}");
    assert_eq!(log("PRIVATE_KEY_RECOVERY_COMPLETED"), 1);
    let c =
        quorate::wrap::passphrase::Passphrase::from_bytes(crate::cli_custodian::PHRASE.as_bytes().to_vec())
            .unwrap();
    quorate::wrap::passphrase::danger_allow_small_costs();
    let c = custodians::read_identity(&gone.production.path("C.id")).unwrap().unlock(&c).unwrap();
    assert_eq!(opened(&gone.production.stage, "key.age", c.age()).len(), 65);
    // An outsider finds it in order: who asked, who agreed, and that it was in time.
    let report = gone.laptop("audit verify").ok();
    assert_eq!((&report["valid"], &report["documents"]["requests"]), (&true.into(), &1.into()), "{report}");
    // Three attempts were approved.
    for out in ["second.age", "third.age"] {
        gone.recover(&format!("{both} --to {} --out {out}", gone.of_c())).ok();
    }
    gone.recover(&format!("{both} --to {} --out fourth.age", gone.of_c())).fails(3, "all 3 attempts");
    // The operator's servers take the notice.
    let notice = told["notice"]["file"].as_str().unwrap();
    let marked = gone.production.run(&format!("key mark-exposed {notice}")).ok();
    assert_eq!(marked["marked"].as_array().unwrap().len(), 3, "{marked}");
}

#[test]
fn r43_r49_where_nobody_is_left_to_approve_it_is_said_and_an_auditor_sees_it() {
    let gone = Gone::new();
    let to = format!("--to {} --out key.age", gone.of_c());
    gone.ask("r.json", "--offline");
    let both = gone.production.approved("r.json", &["A", "B"]);
    gone.recover(&format!("{both} --unapproved {to}")).fails(2, "cannot be used with");
    gone.recover(&format!("--unapproved {to}")).fails(2, "--reason");
    gone.recover(&format!("--unapproved --reason 'all others died in the fire' {to}")).ok();
    let log = fs::read_to_string(gone.production.path("laptop/workspace/audit.jsonl")).unwrap();
    assert!(
        log.contains("\"approved\":\"by nobody\"") && log.contains("all others died in the fire"),
        "{log}"
    );
    let run = gone.laptop("audit verify");
    assert_eq!(run.code, Some(4));
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(report["faults"][0]["kind"], "request");
    assert!(report["faults"][0]["what"].as_str().unwrap().contains("nobody approved that"), "{report}");
}

#[test]
fn r39_r43_an_offline_recovery_that_was_cancelled_is_carried_out_no_more_here() {
    let gone = Gone::new();
    let to = format!("--to {} --out key.age", gone.of_c());
    gone.ask("r.json", "--offline");
    let both = gone.production.approved("r.json", &["A", "B"]);
    let cancelled = gone.laptop("request cancel r.json").ok();
    assert_eq!((&cancelled["cancelled"], &cancelled["servers"]), (&true.into(), &serde_json::json!([])));
    gone.recover(&format!("{both} {to}")).fails(3, "the request was cancelled");
    assert!(!gone.production.path("key.age").exists());
    // The same at the operator's, who has nodes that nobody asks for it.
    gone.production.run("request cancel r.json").ok();
    // It was made on this laptop; its log stands nowhere in it, so that another one can carry the next one out.
    gone.ask("s.json", "--offline");
    let text = fs::read_to_string(gone.production.path("s.json")).unwrap();
    assert!(text.contains("\"nodeHeads\":[]"), "{text}");
    let both = gone.production.approved("s.json", &["A", "B"]);
    let second = |line: &str| {
        let mut command = gone.production.stage.bare(&crate::cli::harness());
        command.args(["--home", "second", "--json"]).args(shlex::split(line).unwrap());
        crate::cli::Run::of(line, command.output().unwrap())
    };
    second("init --no-nodes").ok();
    let _ = fs::remove_file(gone.production.path("again.json"));
    let words = gone.production.run("node card --out again.json").ok()["words"].as_str().unwrap().to_owned();
    second(&format!("node pin again.json --fingerprint '{words}'")).ok();
    let of = |who: &str| format!(" --shard {} --identity {who}.id --passphrase-file pass", gone.shard(who));
    second(&format!("recover --offline{}{} {both} {to}", of("A"), of("B"))).ok();
    second("audit export --out second.audit.jsonl").ok();
    // Whoever is given that file says that the nodes' logs are elsewhere.
    let verify = "audit verify second.audit.jsonl";
    assert_eq!(gone.laptop(verify).code, Some(4));
    let report = gone.laptop(&format!("{verify} --no-nodes")).ok();
    assert_eq!(report["valid"], true, "{report}");
    assert!(report["unseen"].to_string().contains("OFFICIAL_1: its log is elsewhere"), "{report}");
}
