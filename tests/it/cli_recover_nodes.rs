//! `recover` from servers: sealed shares, combination on the owner's device, receipts and deletion.

use std::fs;

use quorate::wrap::passphrase::{Passphrase, danger_allow_small_costs};
use quorate::{ceremony::custodians, identity::PersonIdentity, wrap::recipient::Identity};
use rand_core::OsRng;
use serde_json::Value;

use crate::cli_custodian::PHRASE;
use crate::cli_recover::opened;
use crate::custody_stage::{Custody, names};
use crate::production_stage::Production;

fn identity(custody: &Custody, who: &str) -> PersonIdentity {
    danger_allow_small_costs();
    let locked = custodians::read_identity(&custody.stage.path(&format!("{who}.id"))).unwrap();
    locked.unlock(&Passphrase::from_bytes(PHRASE.as_bytes().to_vec()).unwrap()).unwrap()
}

fn seal(custody: &Custody, more: &str) -> Value {
    let line =
        format!("recover --key {} --owner A --reason 'new vendor' --out-dir sealed {more}", custody.key);
    custody.run(&line).ok()
}

fn sealed(told: &Value) -> String {
    let files = told["shares"].as_array().unwrap().iter().map(|share| share["file"].as_str().unwrap());
    files.collect::<Vec<_>>().join(" ")
}

const BY_A: &str = "--identity A.id --passphrase-file pass --reason 'new vendor'";

#[test]
fn r43_servers_seal_and_the_owner_s_device_combines() {
    let custody = Custody::new("SECP256k1", 2, 3);
    let key = &custody.key;
    let public = custody.run(&format!("key show --key {key}")).ok()["groupPublicKey"].clone();
    let told = seal(&custody, "--servers OFFICIAL_3,OFFICIAL_1");
    assert_eq!((told["shares"].as_array().unwrap().len(), names(&told["notMarked"]).len()), (2, 0), "{told}");
    // Every server knows, also the one that gave nothing.
    let shown = custody.run(&format!("key show --key {key}")).ok();
    assert!(shown["onServers"].as_array().unwrap().iter().all(|server| server["exposed"] == true), "{shown}");
    custody.run(&format!("sign --key {key} --message x")).fails(3, "exposed");
    assert_eq!(custody.run("share list").ok()["keys"][0]["exposed"], true);
    assert!(custody.stage.text("doctor").text().contains("EXPOSED"));
    let heir = Identity::random(&mut OsRng);
    let combine = |by: &str, rest: &str| {
        custody.run(&format!("recover --combine {} {by} --to {} {rest}", sealed(&told), heir.recipient()))
    };
    combine(&BY_A.replace("A.id", "B.id"), "--out b.age").fails(4, "another identity");
    assert!(!custody.stage.path("b.age").exists());
    let done = combine(BY_A, "--out a.age --receipts back").ok();
    assert_eq!(done["receipts"].as_array().unwrap().len(), 2, "{done}");
    let hex = opened(&custody.stage, "a.age", &heir);
    let secret = k256::SecretKey::from_slice(&hex::decode(hex.trim_end()).unwrap()).unwrap();
    assert_eq!(hex::encode(secret.public_key().to_sec1_bytes()), public);
    // Stock tools find the same in what servers sealed.
    let plain = identity(&custody, "A");
    let file: Value = serde_json::from_slice(
        &fs::read(custody.stage.path(told["shares"][0]["file"].as_str().unwrap())).unwrap(),
    )
    .unwrap();
    let blob = file["wrappedKeyShare"].as_str().unwrap();
    assert!(quorate::wrap::age_file::decrypt(plain.age(), blob.as_bytes()).is_ok());
    // Nobody asked for deletion.
    let release = format!("share release --key {key} --receipt back/OFFICIAL_1.recovery.receipt.json");
    custody.run(&release).fails(3, "not to delete anything");
    assert!(custody.resident(1));
    for server in ["OFFICIAL_1", "OFFICIAL_2", "OFFICIAL_3"] {
        let log = fs::read_to_string(custody.stage.home(&format!("nodes/{server}/audit.jsonl"))).unwrap();
        let events = ["PRIVATE_KEY_RECOVERY_INITIATED", "KEY_EXPOSED", "PRIVATE_KEY_RECOVERY_COMPLETED"];
        let seals = server != "OFFICIAL_2";
        let found: Vec<bool> = events.iter().map(|event| log.contains(event)).collect();
        assert_eq!(found, [seals, true, seals], "{server}");
        assert!(log.contains("new vendor"));
    }
}

#[test]
fn r20_r43_servers_delete_only_against_the_device_s_own_receipt() {
    let custody = Custody::new("ED25519", 2, 3);
    let key = &custody.key;
    let told = seal(&custody, "--delete-after-recover");
    let to = Identity::random(&mut OsRng).recipient();
    custody
        .run(&format!("recover --combine {} {BY_A} --to {to} --out a.age --receipts back", sealed(&told)))
        .ok();
    let file = |server: &str| format!("back/{server}.recovery.receipt.json");
    let release = |file: &str| custody.run(&format!("share release --key {key} --receipt {file}"));
    let good = fs::read_to_string(custody.stage.path(&file("OFFICIAL_1"))).unwrap();
    custody.stage.write("bent.json", good.replace("\"kind\":\"recovery\"", "\"kind\":\"export\"").as_bytes());
    release("bent.json").fails(4, "");
    custody.stage.write("bent.json", good.replace("\"signer\":\"A\"", "\"signer\":\"B\"").as_bytes());
    release("bent.json").fails(4, "not signed by");
    assert!(custody.resident(1) && custody.resident(2));
    let told = release(&file("OFFICIAL_1")).ok();
    assert_eq!(told["statements"][0]["statement"]["shares"], 0, "{told}");
    assert!(!custody.resident(1) && custody.resident(2));
    release(&file("OFFICIAL_1")).ok();
    release(&file("OFFICIAL_2")).ok();
    assert!(!custody.resident(2) && custody.resident(3), "the third server was asked for nothing");
}

#[test]
fn r43_in_one_command_where_the_identity_is_here() {
    let custody = Custody::new("P256", 2, 3);
    let heir = Identity::random(&mut OsRng);
    let line = format!(
        "recover --key {} --owner A {BY_A} --delete-after-recover --to {} --out key.age",
        custody.key,
        heir.recipient()
    );
    custody.run(&line.replace("--owner A", "--owner B")).fails(1, "not the identity that B is enrolled with");
    assert_eq!(custody.run("key list").ok()["keys"][0]["status"], "active");
    let told = custody.run(&line).ok();
    assert_eq!(told["statements"].as_array().unwrap().len(), 2, "{told}");
    assert!(!custody.resident(1) && !custody.resident(2) && custody.resident(3));
    assert_eq!(opened(&custody.stage, "key.age", &heir).len(), 65);
    assert!(told["notice"]["file"].is_string());
    custody
        .run(&format!("sign --key {} --message x --servers OFFICIAL_2,OFFICIAL_3", custody.key))
        .fails(3, "exposed");
}

#[test]
fn r43_from_servers_what_does_not_fit_is_refused() {
    let custody = Custody::new("ED25519", 2, 3);
    let key = &custody.key;
    let run = |rest: &str| custody.run(&format!("recover --key {key} --reason x --out-dir sealed {rest}"));
    run("").fails(2, "--owner and --reason");
    run("--owner Zoe").fails(3, "Zoe");
    run("--owner A --servers OFFICIAL_1").fails(1, "exactly 2 servers");
    run("--owner A --servers OFFICIAL_1,OFFICIAL_9").fails(1, "OFFICIAL_9");
    custody.run(&format!("recover --key {key} --owner A --reason x")).fails(2, "--out-dir");
    assert_eq!(custody.run(&format!("key show --key {key}")).ok()["status"], "active");
    // Shares of two recoveries are not mixed.
    let first = seal(&custody, "--servers OFFICIAL_1,OFFICIAL_2");
    let second = seal(&custody, "--servers OFFICIAL_1,OFFICIAL_2");
    let mixed = format!(
        "{} {}",
        first["shares"][0]["file"].as_str().unwrap(),
        second["shares"][1]["file"].as_str().unwrap()
    );
    let to = Identity::random(&mut OsRng).recipient();
    let combine =
        |files: &str| custody.run(&format!("recover --combine {files} {BY_A} --to {to} --out k.age"));
    combine(&mixed).fails(4, "another request");
    combine(first["shares"][0]["file"].as_str().unwrap()).fails(1, "1 more share(s)");
    let text = fs::read_to_string(custody.stage.path(first["shares"][0]["file"].as_str().unwrap())).unwrap();
    custody.stage.write("bent", text.replace("\"owner\":\"A\"", "\"owner\":\"B\"").as_bytes());
    combine(&format!("bent {}", first["shares"][1]["file"].as_str().unwrap()))
        .fails(4, "owner on the outside");
    assert!(!custody.stage.path("k.age").exists());
    combine(&sealed(&second)).ok();
    // Nodes that are empty give nothing.
    let custody = Custody::exported("ED25519", 2, 3);
    let line = format!("recover --key {} --owner A --reason x --out-dir sealed", custody.key);
    let error = custody.run(&line).fails(1, "only 0 of the 2 servers");
    assert!(error.to_string().contains("recover --offline"), "{error}");
}

#[test]
fn r38_r42_r43_in_production_shares_are_sealed_when_two_custodians_agree() {
    let production = Production::new();
    let key = production.key("ED25519");
    let line = |dir: &str| format!("recover --key {key} --out-dir {dir}");
    production.run(&format!("{} --owner C --reason x", line("sealed"))).fails(3, "enrolled person's request");
    production
        .ask("K", &format!("{} --owner C --reason x", line("sealed")))
        .fails(3, "needs the approval of 2 people");
    let new = format!("request new recover --key {key} --to C --reason 'the vendor is gone' --out r.json");
    production.ask("K", &new).ok();
    production.approve("A", "r.json").ok();
    let one = "--request r.json --approval A.r.json";
    production.run(&format!("{} {one}", line("sealed"))).fails(3, "1 count");
    assert_eq!(production.run(&format!("key show --key {key}")).ok()["status"], "active");
    let both = production.approved("r.json", &["A", "B"]);
    let other = production.key("ED25519");
    production
        .run(&format!("{} {both}", line("sealed").replace(&key, &other)))
        .fails(1, "no request that was given");
    // Another recipient under the same approvals.
    let text = fs::read_to_string(production.path("r.json")).unwrap();
    production.stage.write("bent.json", text.replace("\"owner\":\"C\"", "\"owner\":\"B\"").as_bytes());
    let bent = both.replace("--request r.json", "--request bent.json");
    production.run(&format!("{} {bent}", line("sealed"))).fails(2, "another request");
    let told = production.run(&format!("{} {both}", line("sealed"))).ok();
    assert_eq!((&told["owner"], told["shares"].as_array().unwrap().len()), (&"C".into(), 2), "{told}");
    let to = Identity::random(&mut OsRng);
    let combine = format!(
        "recover --combine {} --identity C.id --passphrase-file pass --reason 'the vendor is gone' --to {} --out key.age",
        sealed(&told),
        to.recipient()
    );
    production.laptop(&combine).ok();
    assert_eq!(opened(&production.stage, "key.age", &to).len(), 65);
    production.ask("K", &format!("sign --key {key} --message x")).fails(3, "");
    assert_eq!(production.run(&format!("key show --key {key}")).ok()["status"], "exposed");
    // Three attempts were approved, and no more.
    for dir in ["second", "third"] {
        production.run(&format!("{} {both}", line(dir))).ok();
    }
    production.run(&format!("{} {both}", line("fourth"))).fails(3, "was used before");
}

#[test]
fn r46_where_something_cannot_be_written_is_found_before_anything_is_asked_or_opened() {
    let custody = Custody::new("ED25519", 2, 3);
    let seal = format!("recover --key {} --owner A --reason x", custody.key);
    custody.stage.write("file", b"x");
    custody.run(&format!("{seal} --out-dir file")).fails(1, "");
    let shown = custody.run(&format!("key show --key {}", custody.key)).ok();
    assert!(
        shown["onServers"].as_array().unwrap().iter().all(|server| server["exposed"] == false),
        "{shown}"
    );
    let told = custody.run(&format!("{seal} --out-dir sealed")).ok();
    let to = Identity::random(&mut OsRng).recipient();
    let combine =
        |rest: &str| custody.run(&format!("recover --combine {} {BY_A} --to {to} {rest}", sealed(&told)));
    combine("--out a.age --receipts back").ok();
    // Receipts of before stand in the way: nothing is opened, and no key is put out beside them.
    let error = combine("--out b.age --receipts back").fails(1, "already there");
    assert!(error["state"].as_str().unwrap().starts_with("nothing was done"), "{error}");
    combine("--out b.age --receipts file").fails(1, "");
    assert!(!custody.stage.path("b.age").exists());
}
