//! What goes wrong in an honest home is no tampering: `audit verify` finds nothing wrong after it, and what an outsider's file
//! says that no node believed is nobody's word.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use serde_json::Value;

use crate::{
    cli_custodian::keygen,
    custody_stage::{Custody, shards},
    production_stage::Production,
};

#[test]
fn r48_a_genesis_file_that_was_put_back_is_taken_again_and_no_tampering() {
    let custody = Custody::new("ED25519", 2, 3);
    let path = custody.stage.home("genesis.json");
    let old = fs::read(&path).unwrap();
    let words = keygen(&custody.stage, "X")["words"].as_str().unwrap().to_owned();
    custody.run(&format!("person add X.card.json --role approver --fingerprint '{words}'")).ok();
    fs::write(&path, old).unwrap();
    custody.run("node list").ok();
    let log = fs::read_to_string(custody.stage.home("workspace/audit.jsonl")).unwrap();
    let last = |line: &&str| line.contains("GENESIS_ADOPTED");
    let mut adopted = log.lines().rev().filter(last).map(|line| {
        let entry: Value = serde_json::from_str(line).unwrap();
        entry["entry"]["detail"]["genesis"].clone()
    });
    assert_eq!(adopted.next(), adopted.next(), "taken twice");
    custody.run("audit verify").ok();
}

/// A request file with something else in it.
fn bent(production: &Production, from: &str, to: &str, alter: impl FnOnce(&mut Value)) {
    let mut request: Value = serde_json::from_slice(&fs::read(production.path(from)).unwrap()).unwrap();
    alter(&mut request);
    let bytes = quorate::codec::canonical("request", &request).unwrap();
    fs::write(production.path(to), [bytes.as_slice(), b"\n"].concat()).unwrap();
}

#[test]
fn r48_r49_what_no_node_believed_counts_for_nothing_in_an_audit() {
    let production = Production::new();
    let key = production.key("ED25519");
    let export = format!("share export --key {key} --server OFFICIAL_1 --delete --out-dir out");
    let new = format!("request new export --key {key} --server OFFICIAL_1 --delete --out e.json");
    production.ask("K", &new).ok();
    let agreed = production.approved("e.json", &["A", "C"]);
    let approvals = agreed.replace("--request e.json", "");
    // It says of two logs what nobody saw.
    bent(&production, "e.json", "heads.json", |request| {
        for head in request["request"]["nodeHeads"].as_array_mut().unwrap() {
            head["counter"] = 9000.into();
        }
    });
    production.run(&format!("{export} --request heads.json")).fails(3, "not signed by");
    production.run("audit verify").ok();
    // As many approvals of strangers as there is room for.
    let approval: Value = serde_json::from_slice(&fs::read(production.path("A.e.json")).unwrap()).unwrap();
    bent(&production, "e.json", "crowd.json", |request| {
        let forged = |i: u8| {
            let mut forged = approval.clone();
            forged["signature"] = hex::encode([i; 64]).into();
            forged
        };
        request["approvals"] = (0..64).map(forged).collect::<Vec<_>>().into();
    });
    production.run(&format!("{export} --request crowd.json")).fails(3, "0 count");
    production.run(&format!("{export} {agreed}")).ok();
    production.run("audit verify").ok();
    // After it was done, a file without the requester's signature takes nothing of its place.
    bent(&production, "e.json", "unsigned.json", |request| {
        request.as_object_mut().unwrap().remove("requesterSignature");
    });
    fs::remove_file(shards(&production.path("out"), "A").remove(0)).unwrap();
    let other = export.replace("out-dir out", "out-dir other");
    production.run(&format!("{other} --request unsigned.json {approvals}")).fails(3, "not signed by");
    let report = production.run("audit verify").ok();
    assert_eq!((&report["documents"]["exports"], &report["documents"]["requests"]), (&1.into(), &2.into()));
}

#[test]
fn r20_r49_an_export_that_is_asked_for_again_in_vain_keeps_its_account() {
    let production = Production::new();
    let key = production.key("ED25519");
    let export = format!("share export --key {key} --server OFFICIAL_1 --delete --out-dir out");
    production
        .ask(
            "K",
            &format!("{} --out e.json", export.replace("share", "request new").replace(" --out-dir out", "")),
        )
        .ok();
    let agreed = production.approved("e.json", &["B", "C"]);
    production.run(&format!("{export} {agreed}")).ok();
    // A has taken the file away; the operator gives the rest up, and tries it again.
    let stick = production.path("stick");
    fs::create_dir(&stick).unwrap();
    let shard = shards(&production.path("out"), "A").remove(0);
    let taken = stick.join(shard.file_name().unwrap());
    fs::rename(&shard, &taken).unwrap();
    production.run("request cancel e.json").ok();
    production.run(&format!("{export} {agreed}")).fails(3, "was cancelled");
    production.run("audit verify").ok();
    // What A signs for still lets the server delete.
    let taken = taken.display();
    let receive =
        format!("share receive {taken} --identity A.id --passphrase-file pass --store a --out r.json");
    production.laptop(&receive).ok();
    production.run(&format!("share release --key {key} --receipt r.json")).ok();
    production.run("audit verify").ok();
}

#[test]
fn r48_a_deletion_without_a_receipt_is_a_witness_too() {
    let production = Production::new();
    let key = production.key("ED25519");
    let export = format!("share export --key {key} --server OFFICIAL_1 --delete");
    production.ask("K", &format!("{} --out e.json", export.replace("share", "request new"))).ok();
    let agreed = production.approved("e.json", &["B", "C"]);
    production.run(&format!("{export} --out-dir out {agreed}")).ok();
    let new = format!("request new release --key {key} --server OFFICIAL_1 --reason 'A is ill' --out d.json");
    production.ask("K", &new).ok();
    let path = production.stage.home("workspace/audit.jsonl");
    let before = fs::read_to_string(&path).unwrap().lines().count();
    let agreed = production.approved("d.json", &["B", "C"]);
    production.run(&format!("share release --key {key} --no-receipt OFFICIAL_1 {agreed}")).ok();
    production.run("audit verify").ok();
    // Nothing of what the request for it saw can go.
    let log = fs::read_to_string(&path).unwrap();
    let lines: Vec<&str> = log.lines().take(before - 2).collect();
    fs::write(&path, lines.join("\n") + "\n").unwrap();
    let run = production.run("audit verify");
    assert!(run.code == Some(4) && run.stdout.contains("truncated"), "{}{}", run.stdout, run.stderr);
    assert!(run.stdout.contains("the request of operation"), "{}", run.stdout);
}

fn kept(production: &Production, operation: &str) -> Vec<PathBuf> {
    let names = fs::read_dir(production.stage.home("requests")).unwrap().map(|entry| entry.unwrap().path());
    let is = |path: &Path| {
        let read: Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
        read["request"]["operation"] == operation
    };
    names.filter(|path| path.to_string_lossy().ends_with(".request.json") && is(path)).collect()
}

#[test]
fn r38_r49_second_ids_have_their_request_too() {
    let production = Production::new();
    let key = production.key("ED25519");
    production.ask("K", &format!("key alias --key {key} --label again")).ok();
    production.run("audit verify").ok();
    let alias = kept(&production, "alias");
    assert_eq!(alias.len(), 1);
    fs::remove_file(&alias[0]).unwrap();
    let run = production.run("audit verify");
    assert_eq!(run.code, Some(4), "{}{}", run.stdout, run.stderr);
    assert!(run.stdout.contains("and the request with who approved it is not here"), "{}", run.stdout);
}

#[test]
fn r43_where_no_key_can_be_written_none_is_made() {
    let custody = Custody::new("ED25519", 2, 3);
    let open = custody.stage.path("open");
    fs::create_dir(&open).unwrap();
    fs::set_permissions(&open, fs::Permissions::from_mode(0o777)).unwrap();
    let to = quorate::wrap::recipient::Identity::random(&mut rand_core::OsRng).recipient();
    let line = format!(
        "recover --key {} --owner A --identity A.id --passphrase-file pass --reason drill --to {to}",
        custody.key
    );
    let refused = custody.run(&format!("{line} --out open/key.age")).fails(1, "written by every user");
    assert!(refused["state"].as_str().unwrap().contains("nothing was done"), "{refused}");
    custody.run(&format!("{line} --out key.age --notice open/notice.json")).fails(1, "written by every user");
    custody.run(&format!("{line} --out one --notice ./one")).fails(2, "are the same file");
    let listed = custody.run("key list").ok();
    assert_eq!(listed["keys"][0]["status"], "active", "{listed}");
    custody.run(&format!("{line} --out key.age")).ok();
}
