//! `key generate`, `list`, `show`: every curve, sizes, what is durable, what is refused.

use std::fs;

use serde_json::{Value, json};

use crate::cli::{Key, Stage};

const CURVES: [&str; 8] =
    ["SECP256k1", "ED25519", "P256", "P384", "P521", "ED448", "SECP256K1_SCHNORR", "STARK"];

/// Root and group key in bytes: SEC1 compressed, Edwards, or x-only.
fn lengths(curve: &str) -> (usize, usize) {
    match curve {
        "SECP256k1" | "P256" | "STARK" => (33, 33),
        "P384" => (49, 49),
        "P521" => (67, 67),
        "ED25519" => (32, 32),
        "ED448" => (57, 57),
        _ => (32, 33),
    }
}

fn card_file(stage: &Stage, key: &Key) -> std::path::PathBuf {
    stage.home("keys").join(format!("{}.card.json", key.id()))
}

#[test]
fn keys_of_all_eight_curves_are_generated_listed_and_shown() {
    let stage = Stage::init();
    let mut ids = Vec::new();
    for curve in CURVES {
        let key =
            stage.generate(&format!("--curve {} --threshold 2 --label 'a {curve}'", curve.to_lowercase()));
        let printed = &key.0;
        assert_eq!(printed["curve"], curve);
        assert_eq!(printed["label"], format!("a {curve}"));
        assert_eq!((&printed["threshold"], &printed["participants"]), (&2.into(), &3.into()));
        assert_eq!((&printed["purpose"], &printed["epoch"]), (&"rehearsal".into(), &0.into()));
        assert_eq!(printed["servers"], json!(["OFFICIAL_1", "OFFICIAL_2", "OFFICIAL_3"]));
        let (root, group) = lengths(curve);
        assert_eq!(key.field("rootPublicKey").len(), 2 * root, "{curve}");
        assert_eq!(key.field("groupPublicKey").len(), 2 * group, "{curve}");
        assert_eq!(key.field("keyCardHash").len(), 64);
        assert_eq!(key.field("words").split(' ').count(), 16);
        let ecdsa = !matches!(curve, "ED25519" | "ED448" | "SECP256K1_SCHNORR");
        assert_eq!(printed["auxId"].is_string(), ecdsa, "{curve}");
        shown_alike(&stage, &key);
        ids.push(key.id().to_owned());
    }
    let list = stage.run("key list").ok();
    let mut listed: Vec<_> = list["keys"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["keyId"].as_str().unwrap().to_owned())
        .collect();
    (listed.sort(), ids.sort());
    assert_eq!(listed, ids);
    assert!(list["keys"].as_array().unwrap().iter().all(|row| row["status"] == "active"));
}

/// `key show` repeats what `key generate` printed, and the card it shows is the file's.
fn shown_alike(stage: &Stage, key: &Key) {
    let shown = stage.run(&format!("key show --key {}", key.id())).ok();
    assert_eq!(shown["status"], "active");
    for (name, value) in key.0.as_object().unwrap().iter().filter(|(name, _)| *name != "auxId") {
        assert_eq!(&shown[name], value, "{name}");
    }
    for on in shown["onServers"].as_array().unwrap() {
        assert_eq!((&on["state"], &on["locks"]), (&"active".into(), &json!([])));
        assert_eq!(on["auxId"], key.0["auxId"]);
    }
    let file: Value = serde_json::from_slice(&fs::read(card_file(stage, key)).unwrap()).unwrap();
    assert_eq!(shown["keyCard"], file);
}

#[test]
fn r2_a_threshold_of_all_servers_needs_its_flag() {
    let stage = Stage::with_servers(2);
    let line = "key generate --curve ED25519 --threshold 2";
    let refused = stage.run(line).fails(1, "--no-loss-tolerance");
    assert!(refused["state"].as_str().unwrap().contains("no key"), "{refused}");
    assert_eq!(stage.run("key list").ok()["keys"], json!([]));
    for curve in ["ED25519", "SECP256k1"] {
        let key = stage.generate(&format!("--curve {curve} --threshold 2 --no-loss-tolerance"));
        let signed = stage.run(&format!("sign --key {} --message m", key.id())).ok();
        assert_eq!(signed["servers"], json!(["N1", "N2"]));
    }
}

#[test]
fn r2_thresholds_that_fit_no_roster_make_no_key() {
    let stage = Stage::init();
    let before = stage.files();
    for (threshold, code) in
        [("0", 2), ("1", 2), ("4", 1), ("17", 2), ("two", 2), ("-2", 2), ("2.5", 2), ("''", 2)]
    {
        let run = stage.run(&format!("key generate --curve ED25519 --threshold {threshold}"));
        assert_eq!(run.code, Some(code), "{threshold}: {}", run.stderr);
        run.fails(code, "threshold");
    }
    assert!(before == stage.files(), "a refused threshold changed something");
}

#[test]
fn unknown_curves_are_told_the_eight_and_the_nearest() {
    let stage = Stage::empty();
    for (given, nearest) in
        [("secp256k2", "SECP256k1"), ("ed25518", "ED25519"), ("p-257", "P256"), ("STRK", "STARK")]
    {
        let error =
            stage.run(&format!("key generate --curve {given} --threshold 2")).fails(2, "is not a curve");
        let message = error["message"].as_str().unwrap();
        assert!(message.contains(&format!("did you mean {nearest}?")), "{message}");
        assert!(CURVES.iter().all(|curve| message.contains(curve)), "{message}");
    }
    stage.run("key generate --curve '' --threshold 2").fails(2, "curve");
    assert!(!stage.path("home").exists());
}

#[test]
fn aliases_of_curves_are_taken_and_the_one_spelling_is_given() {
    let stage = Stage::init();
    for (alias, curve) in
        [("Goldilocks", "ED448"), ("'BIP-340 Schnorr'", "SECP256K1_SCHNORR"), ("secp256r1", "P256")]
    {
        assert_eq!(stage.generate(&format!("--curve {alias} --threshold 2")).field("curve"), curve);
    }
}

#[test]
fn servers_are_chosen_and_their_order_gives_the_indices() {
    let stage = Stage::with_servers(5);
    let key = stage.generate("--curve ED25519 --threshold 2 --servers N5,N2,N3");
    assert_eq!(key.0["servers"], json!(["N5", "N2", "N3"]));
    let shown = stage.run(&format!("key show --key {}", key.id())).ok();
    let on: Vec<_> = shown["onServers"].as_array().unwrap().iter().map(|on| on["server"].clone()).collect();
    assert_eq!(on, ["N5", "N2", "N3"]);
    let before = stage.files();
    for (servers, code, complaint) in [
        ("N1,N2,N2", 2, "named twice"),
        ("N1,N2,N9", 1, "N9 is not a server of this workspace"),
        ("N1", 1, "threshold"),
        ("N1,n2,N3", 1, "n2 is not a server"),
    ] {
        stage
            .run(&format!("key generate --curve ED25519 --threshold 2 --servers {servers}"))
            .fails(code, complaint);
    }
    assert!(before == stage.files());
}

#[test]
fn schnorr_quorums_of_5_of_9_and_11_of_16_sign() {
    for (n, t, curve) in [(9, 5, "SECP256K1_SCHNORR"), (16, 11, "ED25519"), (9, 5, "ED448")] {
        let stage = Stage::with_servers(n);
        let key = stage.generate(&format!("--curve {curve} --threshold {t}"));
        assert_eq!(key.0["participants"], n);
        // The last t of them, out of order.
        let servers: Vec<_> = (n - t + 1..=n).rev().map(|i| format!("N{i}")).collect();
        let signed =
            stage.run(&format!("sign --key {} --message m --servers {}", key.id(), servers.join(","))).ok();
        let verify = format!(
            "verify {} --message m --signature {}",
            key.public(),
            signed["signature"].as_str().unwrap()
        );
        assert_eq!(stage.run_shipped(&verify).ok()["valid"], true);
    }
}

#[test]
fn a_second_copy_of_the_card_goes_where_backup_says() {
    let stage = Stage::init();
    fs::create_dir(stage.path("stick")).unwrap();
    let key = stage.generate("--curve ED25519 --threshold 2 --backup stick");
    let name = format!("{}.card.json", key.id());
    assert_eq!(fs::read(stage.path("stick").join(name)).unwrap(), fs::read(card_file(&stage, &key)).unwrap());
    // A place that takes nothing is noticed before there is a key.
    stage.write("file", b"");
    let before = stage.files();
    for place in ["file", "missing/deeper", "file/below"] {
        let run = stage.run(&format!("key generate --curve ED25519 --threshold 2 --backup {place}"));
        assert_eq!(run.code, Some(1), "{place}: {}{}", run.stdout, run.stderr);
    }
    assert!(before == stage.files(), "there is a key without its second copy");
}

#[test]
fn r15_production_keys_are_denied_in_a_rehearsal() {
    let stage = Stage::init();
    let before = stage.files();
    let line = "key generate --curve ED25519 --threshold 2 --purpose";
    stage.run(&format!("{line} production")).fails(3, "rehearsal");
    stage.run(&format!("{line} fun")).fails(2, "'rehearsal' or 'production'");
    assert!(before == stage.files());
    assert_eq!(stage.run(&format!("{line} rehearsal")).ok()["purpose"], "rehearsal");
}

#[test]
fn labels_are_for_people_and_bounded() {
    let stage = Stage::init();
    let key = stage.generate("--curve ED25519 --threshold 2 --label 'Kasse \u{2116} 7 \u{2013} cold'");
    assert_eq!(key.field("label"), "Kasse \u{2116} 7 \u{2013} cold");
    assert!(stage.text("key list").text().contains("Kasse \u{2116} 7"));
    for bad in ["a\u{1b}[31mred", "line\nbreak", &"x".repeat(1000)] {
        stage.run(&format!("key generate --curve ED25519 --threshold 2 --label '{bad}'")).fails(2, "label");
    }
}

#[test]
fn keys_that_are_not_there_are_told_apart_from_ids_that_are_none() {
    let stage = Stage::init();
    let unknown = "00000000-0000-4000-8000-000000000000";
    for line in [
        "key show --key",
        "key resume --key",
        "key abandon --key",
        "aux renew --key",
        "sign --message m --key",
    ] {
        let error = stage.run(&format!("{line} {unknown}")).fails(1, "no key 00000000");
        assert!(error["hints"][0].as_str().unwrap().ends_with("key list"), "{error}");
        stage.run(&format!("{line} nonsense")).fails(2, "not a key id");
    }
}

#[test]
fn a_complete_key_is_not_abandoned_and_resuming_it_changes_nothing() {
    let stage = Stage::init();
    let key = stage.generate("--curve ED25519 --threshold 2");
    stage.run(&format!("key abandon --key {}", key.id())).fails(3, "complete");
    assert_eq!(stage.run(&format!("key resume --key {}", key.id())).ok(), key.0);
    stage.run(&format!("sign --key {} --message m", key.id())).ok();
}
