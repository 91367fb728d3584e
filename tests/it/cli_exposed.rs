//! An exposed key stays one: servers that come later, or could not be asked, are told by what the home can show them.

use std::fs;

use quorate::wrap::recipient::Identity;
use rand_core::OsRng;
use serde_json::Value;

use crate::custody_stage::Custody;
use crate::production_stage::Production;

/// Which servers of the key know of its exposure.
fn knowing(shown: &Value) -> Vec<String> {
    let servers = shown["onServers"].as_array().unwrap().iter();
    let servers = servers.filter(|server| server["exposed"] == true);
    servers.map(|server| server["server"].as_str().or(server["name"].as_str()).unwrap().to_owned()).collect()
}

fn key_show(custody: &Custody) -> Value {
    custody.run(&format!("key show --key {}", custody.key)).ok()
}

fn offline(custody: &Custody, out: &str) -> Value {
    let to = Identity::random(&mut OsRng).recipient();
    let shards = custody.jit("out", &[1, 2]);
    custody.run(&format!("recover --offline --reason drill{shards} --to {to} --out {out}")).ok()
}

#[test]
fn r43_a_server_that_comes_later_is_told_by_the_notice() {
    let custody = Custody::exported("ED25519", 2, 3);
    let told = offline(&custody, "key.age");
    custody.run(&format!("key mark-exposed {}", told["notice"]["file"].as_str().unwrap())).ok();
    custody.run("node replace OFFICIAL_2 --with NEW_2").ok();
    assert_eq!(knowing(&key_show(&custody)), ["OFFICIAL_1", "NEW_2", "OFFICIAL_3"]);
    let set = custody.set();
    let shard = custody.shard(2);
    let line = format!(
        "share rewrap {shard} --identity B.id --passphrase-file pass --to-node NEW_2 --out x.import.json {set}"
    );
    custody.run(&line).ok();
    custody.run("share import x.import.json --server NEW_2").fails(3, "exposed");
    // Whose notice it was has left since: it stays true.
    custody.run("doctor").ok();
}

#[test]
fn r26_r43_doctor_tells_servers_that_could_not_be_asked() {
    let custody = Custody::new("ED25519", 2, 3);
    let away = custody.stage.path("away");
    fs::rename(custody.stage.home("nodes/OFFICIAL_3"), &away).unwrap();
    let line = format!("recover --key {} --owner A --reason drill --out-dir sealed", custody.key);
    let told = custody.run(&line).ok();
    assert_eq!(told["notMarked"], serde_json::json!(["OFFICIAL_3"]));
    fs::rename(&away, custody.stage.home("nodes/OFFICIAL_3")).unwrap();
    assert_eq!(knowing(&key_show(&custody)), ["OFFICIAL_1", "OFFICIAL_2"]);
    custody
        .run(&format!("sign --key {} --message x --servers OFFICIAL_1,OFFICIAL_3", custody.key))
        .fails(3, "exposed");
    let found = custody.run("doctor").ok();
    let finding = found["findings"].as_array().unwrap().iter().find(|f| f["kind"] == "exposed").unwrap();
    assert!(finding["what"].as_str().unwrap().contains("OFFICIAL_3 does not know it"), "{finding}");
    assert_eq!((&finding["command"], &finding["waits"]), (&"quorate doctor --fix".into(), &false.into()));
    let fixed = custody.run("doctor --fix").ok();
    assert!(
        fixed["findings"].as_array().unwrap().iter().any(|f| f["kind"] == "exposed" && f["fixed"] == true)
    );
    assert_eq!(knowing(&key_show(&custody)).len(), 3);
    assert!(
        custody.run("doctor").ok()["findings"].as_array().unwrap().iter().all(|f| f["kind"] != "exposed")
    );
}

#[test]
fn r26_r43_without_notice_and_request_doctor_says_what_is_needed() {
    let custody = Custody::exported("ED25519", 2, 3);
    let told = offline(&custody, "key.age");
    // Another operator's home: it knows of the exposure from the servers only.
    let notice = told["notice"]["file"].as_str().unwrap();
    custody.run(&format!("key mark-exposed {notice}")).ok();
    for entry in fs::read_dir(custody.stage.home("keys")).unwrap() {
        let path = entry.unwrap().path();
        if path.to_string_lossy().ends_with(".exposed.json") {
            fs::remove_file(path).unwrap();
        }
    }
    custody.run("node replace OFFICIAL_2 --with NEW_2").ok();
    assert_eq!(knowing(&key_show(&custody)), ["OFFICIAL_1", "OFFICIAL_3"]);
    let found = custody.run("doctor --fix").ok();
    let finding = found["findings"].as_array().unwrap().iter().find(|f| f["kind"] == "exposed").unwrap();
    assert_eq!((&finding["waits"], &finding["fixed"]), (&true.into(), &false.into()), "{finding}");
    assert!(finding["command"].as_str().unwrap().starts_with("quorate key mark-exposed NOTICE"));
    custody.run(&format!("key mark-exposed {notice}")).ok();
    assert_eq!(knowing(&key_show(&custody)).len(), 3);
}

#[test]
fn r42_r43_in_production_the_approved_request_tells_a_newcomer() {
    let production = Production::new();
    let key = production.key("ED25519");
    let new = format!(
        "request new recover --key {key} --to C --reason drill --servers OFFICIAL_1,OFFICIAL_2 --delete-after-recover --out r.json"
    );
    production.ask("K", &new).ok();
    let agreed = production.approved("r.json", &["A", "B"]);
    production.run(&format!("recover --key {key} --out-dir sealed {agreed}")).ok();
    // Nobody combined: there is no notice. OFFICIAL_3 gives its share away and is replaced.
    let export = format!("share export --key {key} --server OFFICIAL_3 --delete");
    let new = export.replace("share export", "request new export");
    production.ask("K", &format!("{new} --out e.json")).ok();
    let agreed = production.approved("e.json", &["A", "B"]);
    let ids = "--identity C.id --passphrase-file pass";
    production.run(&format!("{export} --out-dir out {ids} {agreed}")).ok();
    let asked = production.ask("K", "node replace OFFICIAL_3 --with NEW_3 --out n.json").ok();
    for who in ["A", "B"] {
        production.approve(who, "n.json").ok();
    }
    let words = asked["words"].as_str().unwrap();
    let confirm = format!("node confirm n.json --server NEW_3 --fingerprint '{words}'");
    production.run(&confirm).ok();
    production.run("policy adopt n.json --approval A.n.json --approval B.n.json").ok();
    production.run("node replace OFFICIAL_3 --with NEW_3").ok();
    let shown = production.run(&format!("key show --key {key}")).ok();
    assert_eq!(knowing(&shown), ["OFFICIAL_1", "OFFICIAL_2", "NEW_3"], "{shown}");
    assert_eq!(production.run("audit verify").ok()["valid"], true);
}
