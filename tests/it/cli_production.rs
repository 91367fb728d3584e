//! A production set from outside: how it comes into force, who may do what, what its nodes refuse.

use std::fs;

use crate::custody_stage::Custody;
use crate::production_stage::{PEOPLE, Production, adoptions, made, people};

#[test]
fn r22_production_is_adopted_by_everybody_and_confirmed_at_every_node() {
    let production = made();
    production.run("key list").ok();
    production.run("key generate --curve ED25519 --threshold 2").fails(1, "not adopted");
    let few = "--person A.card.json:custodian:OFFICIAL_1 --person K.card.json:keyGenerator";
    production.run(&format!("policy propose {few} --out few.json")).fails(1, "fewer people have the role");
    let proposed = production.run(&format!("policy propose {} --out p.json", people())).ok();
    let words = proposed["words"].as_str().unwrap();
    assert_eq!((&proposed["mode"], &proposed["sequence"]), (&"production".into(), &0.into()));
    // Wrong words, a stranger, another identity of the same name.
    production.adopt("p.json", "A", "wrong words").fails(4, "not those of this request");
    production.stage.run("custodian keygen --name D --out D.id --passphrase-file pass").ok();
    production.adopt("p.json", "D", words).fails(4, "does not name D");
    for name in PEOPLE {
        production.adopt("p.json", name, words).ok();
    }
    // A node confirms nothing that somebody has not signed, and signs nothing that it has not confirmed.
    production.confirm("p.json", 1, &adoptions(&PEOPLE[..4]), words).fails(4, "not signed by U");
    production.confirm("p.json", 1, &adoptions(&PEOPLE), "other words").fails(4, "not those of this genesis");
    let adopt = format!("policy adopt p.json {}", adoptions(&PEOPLE));
    production.run(&adopt).fails(3, "own console");
    production.confirm("p.json", 1, &adoptions(&PEOPLE), words).ok();
    production.confirm("p.json", 2, &adoptions(&PEOPLE), words).ok();
    production.run(&adopt).fails(3, "OFFICIAL_3's own console");
    // Somebody else's signature in the place of one that is missing.
    let checked = production.run(&format!("policy check p.json {}", adoptions(&PEOPLE[..4]))).ok();
    assert_eq!((&checked["complete"], &checked["missing"][0]), (&false.into(), &"U".into()));
    production.run(&format!("policy adopt p.json {}", adoptions(&PEOPLE[..4]))).fails(4, "not signed by U");
    production.confirm("p.json", 3, &adoptions(&PEOPLE), words).ok();
    assert_eq!(production.run(&adopt).ok()["changed"], true);
    assert_eq!(production.run(&adopt).ok()["changed"], false);
    let shown = production.run("policy show").ok();
    assert_eq!(shown["words"], words);
    assert_eq!(shown["people"].as_array().unwrap().len(), 5);
    // A second first version is refused, and no node that is in a set confirms one.
    production.run(&format!("policy propose {} --out q.json", people())).fails(4, "A is named twice");
    production.run("policy propose --remove C --out q.json").fails(3, "enrolled person's request");
    production.confirm("p.json", 1, &adoptions(&PEOPLE), words).fails(1, "in a node set already");
}

#[test]
fn r42_production_needs_a_passphrase_and_takes_no_rehearsal_key() {
    let production = made();
    let stage = &production.stage;
    let line = |home: &str, more: &str| {
        let mut command = stage.bare(&crate::cli::harness());
        command.args(["--home", home, "--json", "init", "--production"]);
        command.args(shlex::split(more).unwrap());
        crate::cli::Run::of(more, command.output().unwrap())
    };
    line("h1", "").fails(1, "sealed by a passphrase");
    line("h2", "--no-nodes").fails(2, "");
    let production = Production::new();
    production
        .ask("K", "key generate --curve ED25519 --threshold 2 --purpose rehearsal")
        .fails(3, "not generated");
    crate::cli_custodian::keygen(&production.stage, "D");
    let words = production.run("custodian verify D.card.json").ok()["words"].as_str().unwrap().to_owned();
    production
        .run(&format!("person add D.card.json --role approver --fingerprint '{words}'"))
        .fails(3, "in production the people");
    // A rehearsal home proposes nothing.
    let rehearsal = crate::cli_custodian::stage();
    rehearsal.run("init").ok();
    crate::cli_custodian::keygen(&rehearsal, "A");
    rehearsal
        .run("policy propose --person A.card.json:approver --out p.json")
        .fails(1, "in a rehearsal nobody is asked");
}

#[test]
fn r38_r42_shares_leave_when_two_custodians_agree() {
    let production = Production::new();
    production.run("key generate --curve ED25519 --threshold 2").fails(3, "enrolled person's request");
    production.ask("A", "key generate --curve ED25519 --threshold 2").fails(3, "no key generator");
    let key = production.key("ED25519");
    let export = format!("share export --key {key} --server OFFICIAL_1 --delete --out-dir out");
    production.run(&export).fails(3, "enrolled person's request");
    production.ask("K", &export).fails(3, "needs the approval of 2 people");
    let new = format!("request new export --key {key} --server OFFICIAL_1 --delete --out e1.json");
    let made = production.ask("K", &new).ok();
    assert_eq!((&made["operation"], &made["requester"]), (&"export".into(), &"K".into()));
    // The approver's machine: whoever asked, an auditor, a stranger, other words.
    production.approve("K", "e1.json").fails(3, "whoever asks does not approve");
    production.approve("U", "e1.json").fails(3, "auditor");
    production
        .laptop("approve e1.json --identity A.id --passphrase-file pass --out x --confirm 'other words'")
        .fails(4, "not those of this request");
    production.laptop("approve e1.json --identity A.id --passphrase-file pass --out x").fails(1, "answer");
    production.approve("A", "e1.json").ok();
    let status = production.laptop("request status e1.json --approval A.e1.json").ok();
    assert_eq!((&status["approved"], &status["quorums"][0]["have"]), (&false.into(), &1.into()));
    assert_eq!(status["quorums"][0]["open"], serde_json::json!(["B", "C"]));
    // Too few; the same twice; for another operation: the nodes refuse, log it, and nothing leaves.
    let refused = production.events("OFFICIAL_1", "REQUEST_REFUSED");
    let one = "--request e1.json --approval A.e1.json";
    production.run(&format!("{export} {one}")).fails(3, "1 count");
    fs::copy(production.path("A.e1.json"), production.path("again.json")).unwrap();
    production.run(&format!("{export} {one} --approval again.json")).fails(3, "1 count");
    production
        .run(&format!("{} {one}", export.replace(" --delete", "")))
        .fails(3, "no request that was given");
    production
        .run(&format!("{} {one}", export.replace("OFFICIAL_1", "OFFICIAL_2")))
        .fails(3, "no request that was given");
    assert_eq!(production.events("OFFICIAL_1", "REQUEST_REFUSED"), refused + 2);
    assert!(!production.path("out").exists() || fs::read_dir(production.path("out")).unwrap().count() == 0);
    // A flipped flag under the same approvals.
    let text = fs::read_to_string(production.path("e1.json")).unwrap();
    let bent = text.replace("\"delete\":true", "\"delete\":false");
    assert_ne!(bent, text);
    production.stage.write("bent.json", bent.as_bytes());
    let both = production.approved("e1.json", &["A", "C"]);
    let swapped = both.replace("--request e1.json", "--request bent.json");
    production.run(&format!("{} {swapped}", export.replace(" --delete", ""))).fails(2, "another request");
    production
        .run(&format!("{} --request bent.json", export.replace(" --delete", "")))
        .fails(3, "not signed by its requester");
    let done = production.run(&format!("{export} {both}")).ok();
    assert_eq!(done["waitingFor"], serde_json::json!(["A"]));
    // The receipt releases it; then the request was carried out, and serves no second time.
    let file = done["exports"][0]["file"].as_str().unwrap();
    production
        .laptop(&format!(
            "share receive {file} --identity A.id --passphrase-file pass --store a --out r.json"
        ))
        .ok();
    production.run(&format!("share release --key {key} --receipt r.json")).ok();
    let before = production.run(&format!("{export} {both}")).ok();
    assert_eq!(before["exports"][0]["before"], true);
    // The share comes back by another approved request; the export that was carried out serves no second time.
    let stored = fs::read_dir(production.path("a")).unwrap().next().unwrap().unwrap().path();
    let set = production.run("policy show").ok()["words"].as_str().unwrap().to_owned();
    production
        .laptop(&format!(
            "share rewrap {} --identity A.id --passphrase-file pass --to-node OFFICIAL_1 --out i.import.json --confirm '{set}'",
            stored.display()
        ))
        .ok();
    production.ask("K", "request new import i.import.json --server OFFICIAL_1 --out i.json").ok();
    let import = production.approved("i.json", &["B", "C"]);
    production.run("share import i.import.json --server OFFICIAL_1").fails(3, "enrolled person's request");
    production.run(&format!("share import i.import.json --server OFFICIAL_1 {import}")).ok();
    fs::remove_dir_all(production.path("out")).unwrap();
    production.run(&format!("{export} {both}")).fails(3, "was carried out");
}

#[test]
fn r25_r38_custodians_grants_are_their_approvals() {
    let production = Production::new();
    let key = production.key("ED25519");
    for (i, who) in [(1, "A"), (2, "B"), (3, "C")] {
        let out = format!("e{i}.json");
        let new = format!("request new export --key {key} --server OFFICIAL_{i} --delete --out {out}");
        production.ask("K", &new).ok();
        let both = production.approved(&out, &["A", "B"]);
        let export =
            format!("share export --key {key} --server OFFICIAL_{i} --delete --out-dir {who} {both}");
        let done = production.run(&export).ok();
        let file = done["exports"][0]["file"].as_str().unwrap();
        let line = format!("share receive {file} --identity {who}.id --passphrase-file pass --store s{who}");
        let received = production.laptop(&format!("{line} --out {who}.r.json")).ok();
        production.run(&format!("share release --key {key} --receipt {who}.r.json")).ok();
        fs::rename(
            received["file"].as_str().map(|f| production.path(f)).unwrap(),
            production.path(&format!("{who}.shard")),
        )
        .unwrap();
        fs::rename(
            production.path(&format!("{who}.shard")),
            production.path(received["file"].as_str().unwrap()),
        )
        .unwrap();
    }
    let shard = |who: &str| {
        let dir = production.path(&format!("s{who}"));
        fs::read_dir(dir).unwrap().next().unwrap().unwrap().path().display().to_string()
    };
    production
        .run(&format!("request new sign --key {key} --message pay --out s.json"))
        .fails(3, "enrolled person's request");
    production.ask("K", &format!("request new sign --key {key} --message pay --out s.json")).ok();
    let words = production.words("s.json");
    for who in ["A", "B"] {
        let line =
            format!("sign grant s.json --shard {} --identity {who}.id --passphrase-file pass", shard(who));
        production.laptop(&format!("{line} --out {who}.g.json --confirm '{words}'")).ok();
    }
    production.run("sign run s.json --grant A.g.json").fails(1, "");
    let signed = production.run("sign run s.json --grant A.g.json --grant B.g.json").ok();
    assert_eq!(signed["verified"], true);
    assert_eq!(signed["purpose"], "production");
    // In one command, where all is on one machine; a bare digest is against this policy.
    let jit = |more: &str| {
        let ids: String = ["A", "C"]
            .map(|who| format!(" --shard {} --identity {who}.id --passphrase-file pass", shard(who)))
            .concat();
        production.run(&format!("sign --key {key} {more}{ids} --requester K.id --passphrase-file pass"))
    };
    assert_eq!(jit("--message pay").ok()["verified"], true);
    // A custodian who asks does not approve: one of two is too few.
    let ids: String = ["A", "C"]
        .map(|who| format!(" --shard {} --identity {who}.id --passphrase-file pass", shard(who)))
        .concat();
    production
        .run(&format!("sign --key {key} --message pay{ids} --requester A.id --passphrase-file pass"))
        .fails(3, "asked for it");
    let empty = production.run("node status").ok();
    assert!(empty["nodes"].as_array().unwrap().iter().all(|node| node["statement"]["empty"] == true));
}

#[test]
fn r41_people_and_policy_change_by_the_old_quorum_only() {
    let production = Production::new();
    let key = production.key("ED25519");
    let remove = "policy propose --remove C --quorum recover=2:custodian --quorum sign=2 --validity-hours 1";
    production.run(&format!("{remove} --out c.json")).fails(3, "enrolled person's request");
    let proposed = production.ask("K", &format!("{remove} --out c.json")).ok();
    assert_eq!(proposed["sequence"], 1);
    let changes = proposed["changes"].to_string();
    assert!(changes.contains("C is removed") && changes.contains("lived for 86400 s"), "{changes}");
    // Asked for again, it is the very same version.
    let again = production.ask("K", "policy propose --again c.json --out again.json").ok();
    assert_eq!(again["genesisHash"], proposed["genesisHash"]);
    // A request for an export that is approved under the old version.
    let new = format!("request new export --key {key} --server OFFICIAL_1 --out e.json");
    production.ask("K", &new).ok();
    let exported = production.approved("e.json", &["B", "C"]);
    production.run("policy adopt c.json").fails(3, "0 count");
    production.approve("A", "c.json").ok();
    production.run("policy adopt c.json --approval A.c.json").fails(3, "1 count");
    let checked = production.run("policy check c.json --approval A.c.json").ok();
    assert_eq!(checked["complete"], false);
    production.approve("B", "c.json").ok();
    let adopted = production.run("policy adopt c.json --approval A.c.json --approval B.c.json").ok();
    assert_eq!((&adopted["changed"], &adopted["sequence"]), (&true.into(), &1.into()));
    assert_eq!(
        production.run("policy adopt c.json --approval A.c.json --approval B.c.json").ok()["changed"],
        false
    );
    // What was approved under the version before is void, and C counts no more.
    let export = format!("share export --key {key} --server OFFICIAL_1 --out-dir out");
    production.run(&format!("{export} {exported}")).fails(3, "another genesis");
    production.pin();
    production.ask("K", &format!("request new export --key {key} --server OFFICIAL_1 --out e2.json")).ok();
    production.approve("C", "e2.json").fails(3, "not enrolled");
    let both = production.approved("e2.json", &["A", "B"]);
    production.run(&format!("{export} {both}")).ok();
    // The laptop does not go back to the version before.
    let shown = production.laptop("policy show").ok();
    assert_eq!((&shown["sequence"], &shown["validitySeconds"]), (&1.into(), &3600.into()));
}

#[test]
fn r22_r41_a_node_is_replaced_when_two_agree_and_its_console_confirms() {
    let production = Production::new();
    let key = production.key("ED25519");
    production.run("node replace OFFICIAL_3 --with OFFICIAL_4").fails(1, "holds a share");
    let new = format!("request new export --key {key} --server OFFICIAL_3 --delete --out e.json");
    production.ask("K", &new).ok();
    let both = production.approved("e.json", &["A", "B"]);
    let done = production
        .run(&format!("share export --key {key} --server OFFICIAL_3 --delete --out-dir out {both}"))
        .ok();
    let file = done["exports"][0]["file"].as_str().unwrap();
    let line = format!("share receive {file} --identity C.id --passphrase-file pass --store c --out r.json");
    production.laptop(&line).ok();
    production.run(&format!("share release --key {key} --receipt r.json")).ok();
    production.run("node replace OFFICIAL_3 --with OFFICIAL_4").fails(3, "approved by nobody");
    let asked = production.ask("K", "node replace OFFICIAL_3 --with OFFICIAL_4 --out n.json").ok();
    let changes = asked["changes"].to_string();
    assert!(changes.contains("node OFFICIAL_4 comes; card: "), "{changes}");
    assert!(changes.contains("OFFICIAL_4 takes over every index of OFFICIAL_3"), "{changes}");
    for who in ["A", "B"] {
        production.approve(who, "n.json").ok();
    }
    let adopt = "policy adopt n.json --approval A.n.json --approval B.n.json";
    production.run(adopt).fails(3, "OFFICIAL_4's own console");
    let words = asked["words"].as_str().unwrap();
    production.confirm("n.json", 4, "", words).ok();
    production.run("policy adopt n.json --approval A.n.json").fails(3, "1 count");
    production.run(adopt).ok();
    let taught = production.run("node replace OFFICIAL_3 --with OFFICIAL_4").ok();
    assert_eq!(taught["keys"][0]["keyId"], *key);
    let shown = production.run("policy show").ok();
    assert_eq!(shown["servers"], serde_json::json!(["OFFICIAL_1", "OFFICIAL_2", "OFFICIAL_4"]));
    let c = shown["people"].as_array().unwrap().iter().find(|person| person["name"] == "C").unwrap();
    assert_eq!(c["server"], "OFFICIAL_4");
}

#[test]
fn r20_a_share_is_deleted_without_a_receipt_only_when_the_quorum_agreed() {
    let production = Production::new();
    let key = production.key("ED25519");
    let release = format!("share release --key {key} --no-receipt OFFICIAL_1");
    let new = format!("request new release --key {key} --server OFFICIAL_1 --reason 'A is ill'");
    production.ask("K", &format!("{new} --out none.json")).fails(1, "no export of OFFICIAL_1");
    production
        .ask("K", &format!("request new export --key {key} --server OFFICIAL_1 --delete --out e.json"))
        .ok();
    let both = production.approved("e.json", &["A", "B"]);
    let done = production
        .run(&format!("share export --key {key} --server OFFICIAL_1 --delete --out-dir out {both}"))
        .ok();
    production.run(&format!("{release} --reason 'A is ill'")).fails(3, "enrolled person's request");
    production.ask("K", &format!("{release} --reason 'A is ill'")).fails(3, "needs the approval of 2 people");
    production.ask("K", &format!("{new} --out d.json")).ok();
    let both = production.approved("d.json", &["B", "C"]);
    // Whoever approved did so for this export and this reason, and while there is a shard.
    production.run(&format!("{release} --reason other {both}")).fails(3, "no request that was given");
    let file = done["exports"][0]["file"].as_str().unwrap();
    let aside = production.path("aside");
    fs::rename(file, &aside).unwrap();
    production.run(&format!("{release} {both}")).fails(1, "is not where it was");
    fs::rename(&aside, file).unwrap();
    let stated = production.run(&format!("{release} {both}")).ok();
    assert_eq!(stated["statements"][0]["statement"]["shares"], 0);
    production.run(&format!("{release} {both}")).fails(1, "no export of OFFICIAL_1 waits");
    assert_eq!(production.events("OFFICIAL_1", "SHARE_DELETED"), 1);
}

/// The same people, with the same identities: it is the node set that tells rehearsal from production.
#[test]
fn r42_what_was_made_in_rehearsal_is_nothing_in_production() {
    let custody = Custody::exported("ED25519", 2, 3);
    let production = Production::new();
    let shard = fs::read(custody.shard(1)).unwrap();
    let name = std::path::PathBuf::from(custody.shard(1)).file_name().unwrap().to_str().unwrap().to_owned();
    production.stage.write(&name, &shard);
    custody
        .run(&format!(
            "share rewrap {} --identity A.id --passphrase-file pass --to-node OFFICIAL_1 --out a.import.json {}",
            custody.shard(1),
            custody.set()
        ))
        .ok();
    production.stage.write("a.import.json", &fs::read(custody.stage.path("a.import.json")).unwrap());
    let of_another_set = "genesis";
    for line in [
        format!("share inspect {name}"),
        format!("key rebuild-inventory {name}"),
        format!("recover --offline --shard {name} --identity A.id --reason x --to age1 --out k.age"),
    ] {
        let error = production.laptop(&line);
        assert_ne!(error.code, Some(0), "{line}");
        if !line.starts_with("recover") {
            error.fails(4, of_another_set);
        }
    }
    for line in [
        "request new import a.import.json --server OFFICIAL_1 --out i.json".to_owned(),
        "share import a.import.json --server OFFICIAL_1".to_owned(),
    ] {
        production.ask("K", &line).fails(4, of_another_set);
    }
    assert!(!production.path("k.age").exists() && !production.path("i.json").exists());
    for i in 1..=3 {
        assert_eq!(production.events(&format!("OFFICIAL_{i}"), "SHARE_IMPORT_INITIATED"), 0);
    }
    // Nor is a rehearsal key asked for there.
    let generate = "key generate --curve ED25519 --threshold 2 --purpose rehearsal";
    production.ask("K", generate).fails(3, "a rehearsal key is not generated under a production genesis");
}
