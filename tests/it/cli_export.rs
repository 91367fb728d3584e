//! `share export`, `receive`, `release`, `import`, and what `doctor` says of them.

use std::fs;

use crate::custody_stage::{Custody, custodian, names, shards};

#[test]
fn r19_r20_a_share_leaves_in_two_steps_and_is_deleted_against_a_receipt_only() {
    let custody = Custody::new("ED25519", 2, 3);
    let out = custody.export("--all --delete").ok();
    assert_eq!(names(&out["waitingFor"]), ["A", "B", "C"]);
    assert_eq!(out["deleted"], false);
    assert!((1..=3).all(|i| custody.resident(i)));
    for i in 1..=3 {
        let got = custody.receive(i).ok();
        assert_eq!(got["kind"], "export", "{got}");
        let done = custody.release(&format!("{}.receipt.json", custodian(i))).ok();
        let said = &done["statements"][0]["statement"];
        assert_eq!((&said["shares"], &said["aux"], &said["leases"]), (&0.into(), &0.into(), &0.into()));
        assert_eq!(said["node"], format!("OFFICIAL_{i}"));
        assert_eq!(said["empty"], true);
        assert!(!custody.resident(i));
    }
    assert_eq!(custody.run("node status").ok()["empty"], true);
    let key = &custody.key;
    let shown = custody.run(&format!("key show --key {key}")).ok();
    assert_eq!(shown["status"], "exported");
    custody.run(&format!("sign --key {key} --message m")).fails(3, "no 2 servers");
    // Once more changes nothing.
    custody.release("A.receipt.json").ok();
    let again = custody.export("--all --delete").ok();
    assert!(again["exports"].as_array().unwrap().iter().all(|row| row["before"] == true), "{again}");
    assert_eq!(custody.run("doctor").ok()["findings"].as_array().unwrap().len(), 0);
}

#[test]
fn r26_a_second_export_gives_the_same_file_and_without_delete_nothing_is_released() {
    let custody = Custody::new("ED25519", 2, 3);
    let first = custody.export("--server OFFICIAL_1").ok();
    let second = custody.export("--server OFFICIAL_1").ok();
    assert_eq!(first["exports"][0]["sha256"], second["exports"][0]["sha256"]);
    assert_eq!(second["exports"][0]["before"], true);
    custody.receive(1).ok();
    custody.release("A.receipt.json").fails(3, "not to delete");
    assert!(custody.resident(1));
    // With --delete it is another export, of which the receipt says nothing.
    let third = custody.export("--server OFFICIAL_1 --delete").ok();
    assert_eq!(third["exports"][0]["state"], "waiting");
    assert_eq!(shards(&custody.stage.path("out"), "A").len(), 2, "nothing is overwritten");
    custody.release("A.receipt.json").fails(3, "not to delete");
    assert!(custody.resident(1));
}

#[test]
fn r20_a_lost_file_is_exported_again_and_only_its_own_receipt_releases() {
    let custody = Custody::new("ED25519", 2, 3);
    custody.export("--server OFFICIAL_1 --delete").ok();
    custody.receive(1).ok();
    fs::rename(custody.stage.path("A.receipt.json"), custody.stage.path("first.json")).unwrap();
    fs::remove_file(custody.shard_in("out", 1)).unwrap();
    custody.export("--server OFFICIAL_1 --delete").ok();
    custody.receive(1).ok();
    let receipt = |name: &str| fs::read_to_string(custody.stage.path(name)).unwrap();
    let (first, second) = (receipt("first.json"), receipt("A.receipt.json"));
    // Another export's operation with this one's blobs, and any other edit.
    for (from, to) in
        [("\"index\":1", "\"index\":2"), ("\"epoch\":0", "\"epoch\":1"), ("OFFICIAL_1", "OFFICIAL_2")]
    {
        custody.stage.write("bad.json", second.replace(from, to).as_bytes());
        custody.release("bad.json").fails(4, "not signed by A");
    }
    custody.stage.write("cut.json", &second.as_bytes()[..second.len() - 1]);
    custody.release("cut.json").fails(4, "no receipt");
    assert!(custody.resident(1));
    custody.stage.write("first.json", first.as_bytes());
    custody.release("first.json").ok();
    assert!(!custody.resident(1), "either export is with its custodian");
    custody.release("A.receipt.json").ok();
}

#[test]
fn r20_r24_a_receipt_is_void_after_a_later_import() {
    let custody = Custody::new("ED25519", 2, 3);
    custody.export("--all --delete").ok();
    custody.receive(1).ok();
    custody.release("A.receipt.json").ok();
    let shard = custody.shard(1);
    let rewrap = "--identity A.id --passphrase-file pass --to-node OFFICIAL_1 --out A.import.json";
    custody.run(&format!("share rewrap {shard} {rewrap} {}", custody.set())).ok();
    custody.run("share import A.import.json --server OFFICIAL_2").fails(4, "for OFFICIAL_1");
    let done = custody.run("share import A.import.json --server OFFICIAL_1").ok();
    assert_eq!(done["statement"]["statement"]["shares"], 1);
    assert!(custody.resident(1));
    custody.release("A.receipt.json").fails(3, "a later import closed it");
    assert!(custody.resident(1));
    // The same import again finds its share; a later one is refused while a share is there.
    custody.run("share import A.import.json --server OFFICIAL_1").ok();
    let again = rewrap.replace("A.import", "again.import");
    custody.run(&format!("share rewrap {shard} {again} {}", custody.set())).ok();
    custody
        .run("share import again.import.json --server OFFICIAL_1")
        .fails(1, "holds a share of this key already");
    // Signs again with a share that stayed.
    custody.run(&format!("sign --key {} --message m --servers OFFICIAL_1,OFFICIAL_2", custody.key)).ok();
    // And leaves again; the old import file brings nothing back.
    let all = "--server OFFICIAL_1 --delete --identity A.id --passphrase-file pass --out-dir out2";
    custody.run(&format!("share export --key {} {all}", custody.key)).ok();
    assert!(!custody.resident(1));
    custody.run("share import A.import.json --server OFFICIAL_1").fails(3, "took this import before");
    assert!(!custody.resident(1));
}

#[test]
fn r22_a_receipt_of_somebody_else_releases_nothing() {
    let custody = Custody::new("ED25519", 2, 3);
    custody.export("--all --delete").ok();
    custody.receive(2).ok();
    custody.run(&format!("share release --key {} --receipt B.receipt.json", custody.key)).ok();
    assert!(custody.resident(1) && !custody.resident(2) && custody.resident(3));
    let other = custody.run("key generate --curve ED25519 --threshold 2").ok();
    let line = format!("share release --key {} --receipt B.receipt.json", other["keyId"].as_str().unwrap());
    custody.run(&line).fails(4, "another export");
    // A's shard is not B's to open.
    let shard = custody.shard(1);
    let steal = "--identity B.id --passphrase-file pass --store stolen --out stolen.json";
    custody.run(&format!("share receive {shard} {steal}")).fails(4, "");
    assert!(!custody.stage.path("stolen.json").exists());
}

#[test]
fn r22_without_a_custodian_nothing_leaves() {
    let custody = Custody::new("ED25519", 2, 3);
    custody.run("person list").ok();
    let stage = crate::cli::Stage::init();
    let made = stage.run("key generate --curve ED25519 --threshold 2").ok();
    let line = format!("share export --key {} --all --out-dir out", made["keyId"].as_str().unwrap());
    let error = stage.run(&line).fails(1, "no custodian is enrolled for OFFICIAL_1");
    assert!(error["hints"][0].as_str().unwrap().contains("person add"), "{error}");
    assert!(!stage.path("out").exists());
}

#[test]
fn r25_an_ecdsa_key_leaves_with_its_aux_and_the_nodes_are_empty() {
    let custody = Custody::exported("SECP256k1", 2, 3);
    let status = custody.run("node status").ok();
    assert_eq!(status["empty"], true);
    for i in 1..=3 {
        let shard = fs::read_to_string(custody.shard_in("out", i)).unwrap();
        assert!(shard.contains("\"wrappedAux\"") && shard.contains("\"auxTable\""));
    }
}

/// Renewed aux leaves empty nodes like a share does.
#[test]
fn r26_aux_is_renewed_on_empty_nodes_and_joined_to_the_shards() {
    let custody = Custody::exported("SECP256k1", 2, 3);
    let key = &custody.key;
    custody.run(&format!("aux renew --key {key}")).ok();
    let out = custody.run(&format!("share export --key {key} --all --aux --delete --out-dir aux")).ok();
    assert_eq!(names(&out["waitingFor"]), ["A", "B", "C"]);
    for (i, row) in (1..=3).zip(out["exports"].as_array().unwrap()) {
        let (who, old, aux) = (custodian(i), custody.shard(i), row["file"].as_str().unwrap());
        let line = format!(
            "share receive --aux {aux} --shard {old} --identity {who}.id --passphrase-file pass --store fresh --out {who}.aux.receipt.json"
        );
        assert_eq!(custody.run(&line).ok()["kind"], "aux");
        let done = custody.release(&format!("{who}.aux.receipt.json")).ok();
        assert_eq!(done["statements"][0]["statement"]["aux"], 0, "{done}");
    }
    assert_eq!(custody.run("node status").ok()["empty"], true);
    let shards = custody.jit("fresh", &[1, 3]);
    custody.run(&format!("sign --key {key} --message m{shards}")).ok();
}

#[test]
fn r24_an_alias_shares_record_and_card() {
    let custody = Custody::exported("ED25519", 2, 3);
    let alias = custody.run(&format!("key alias --key {} --label second", custody.key)).ok();
    let new = alias["keyId"].as_str().unwrap();
    assert_eq!((&alias["aliasOf"], &alias["label"]), (&custody.key.as_str().into(), &"second".into()));
    for i in 1..=2 {
        let (who, shard) = (custodian(i), custody.shard(i));
        let rewrap = format!(
            "--identity {who}.id --passphrase-file pass --to-node OFFICIAL_{i} --out {who}.import.json"
        );
        custody.run(&format!("share rewrap {shard} {rewrap} {}", custody.set())).ok();
        // Only to the node of its index, whatever the key is called.
        custody
            .run(&format!("share import {who}.import.json --server OFFICIAL_3 --as-new {new}"))
            .fails(4, "for OFFICIAL_");
        custody.run(&format!("share import {who}.import.json --server OFFICIAL_{i} --as-new {new}")).ok();
    }
    assert!(!custody.resident(1), "the old id holds nothing");
    let signed = custody.run(&format!("sign --key {new} --message m --servers OFFICIAL_1,OFFICIAL_2")).ok();
    assert_eq!(signed["rootPublicKey"], alias["rootPublicKey"]);
    let shown = custody.run(&format!("key show --key {new}")).ok();
    assert_eq!(shown["keyId"], new);
    let listed = custody.run("key list").ok();
    assert_eq!(listed["keys"].as_array().unwrap().len(), 2, "{listed}");
}

/// What was exported before the share left and came back waits for nothing: the node closed it (R20, R26).
#[test]
fn r20_an_export_from_before_an_import_is_not_taken_for_the_present_one() {
    let custody = Custody::new("ED25519", 2, 3);
    let first = custody.export("--server OFFICIAL_1 --delete").ok();
    let file = custody.shard_in("out", 1);
    fs::rename(&file, custody.stage.path("aside")).unwrap();
    custody.export("--server OFFICIAL_1 --delete").ok();
    custody.receive(1).ok();
    custody.release("A.receipt.json").ok();
    custody.import_again(1);
    fs::remove_file(custody.shard_in("out", 1)).unwrap();
    fs::rename(custody.stage.path("aside"), &file).unwrap();
    let third = custody.export("--server OFFICIAL_1 --delete").ok();
    assert_eq!(third["exports"][0]["before"], false, "{third}");
    assert_ne!(third["exports"][0]["opId"], first["exports"][0]["opId"]);
    fs::remove_file(&file).unwrap();
    fs::remove_file(custody.stage.path("A.receipt.json")).unwrap();
    custody.receive(1).ok();
    custody.release("A.receipt.json").ok();
    assert!(!custody.resident(1));
}
