//! `recover --offline` and `key mark-exposed` at the command line: every curve, every refusal, and that the key goes
//! where it was told to and nowhere else.

use std::fs;

use quorate::curve::Curve;
use quorate::recovery::ExposureNotice;
use quorate::wrap::{age_file, recipient::Identity};
use rand_core::OsRng;
use serde_json::Value;

use crate::cli::{Run, Stage};
use crate::cli_custodian::keygen;
use crate::custody_stage::Custody;
use crate::node_leak::Needles;
use crate::shards::{Key, person};
use crate::share_stage::{Laptop, furnish};

/// `--shard F` for each index and `--identity` of its custodian.
fn given(laptop: &Laptop, key: &Key, indices: &[u16]) -> String {
    let one = |i: &u16| {
        let shard = laptop.put("shards", &laptop.set.export(key, *i));
        format!(" --shard {shard}{}", opened_by(laptop.set.person(*i).name().as_str()))
    };
    indices.iter().map(one).collect()
}

fn opened_by(who: &str) -> String {
    format!(" --identity {who}.id --passphrase-file pass")
}

fn offline(stage: &Stage, rest: &str) -> Run {
    stage.run(&format!("recover --offline --reason 'the drill of May' {rest}"))
}

/// What stands in an age file, for whoever has its identity.
pub fn opened(stage: &Stage, file: &str, identity: &Identity) -> String {
    let bytes = fs::read(stage.path(file)).unwrap();
    String::from_utf8(age_file::decrypt(identity, &bytes).unwrap().expose().to_vec()).unwrap()
}

fn log(stage: &Stage) -> String {
    stage.run("audit show").ok().to_string()
}

#[test]
fn r43_every_curve_is_recovered_to_an_age_recipient_and_to_nobody_else() {
    let laptop = Laptop::new();
    let heir = Identity::random(&mut OsRng);
    let to = heir.recipient();
    for (curve, pair) in Curve::ALL.into_iter().zip([[1, 2], [1, 3], [2, 3], [3, 1]].into_iter().cycle()) {
        let key = laptop.key(curve);
        let out = format!("{curve}.age");
        let run = offline(&laptop.stage, &format!("{} --to {to} --out {out}", given(&laptop, &key, &pair)));
        let (said, told) = (run.stderr.clone(), run.ok());
        let secret = hex::encode(key.secret.expose());
        assert_eq!(opened(&laptop.stage, &out, &heir), format!("{secret}\n"), "{curve}");
        assert!(!told.to_string().contains(&secret) && !said.contains(&secret));
        let edwards = matches!(curve, Curve::Ed25519 | Curve::Ed448);
        assert_eq!(told["format"], if edwards { "scalar" } else { "hex" });
        assert_eq!(told["caveat"].as_str().is_some_and(|caveat| caveat.contains("no seed")), edwards);
        assert_eq!(told["indices"], serde_json::json!(pair));
        let notice = fs::read(laptop.path(&format!("{}.exposure.json", key.card.body().key_id))).unwrap();
        ExposureNotice::parse(&notice).unwrap().check(&key.card, &laptop.set.chain).unwrap();
    }
    let log = log(&laptop.stage);
    assert!(log.contains("PRIVATE_KEY_RECOVERY_INITIATED") && log.contains("the drill of May"), "{log}");
}

#[test]
fn r43_the_log_has_the_intent_before_and_the_end_after() {
    let laptop = Laptop::new();
    let key = laptop.key(Curve::Ed25519);
    let to = Identity::random(&mut OsRng).recipient();
    let shards = given(&laptop, &key, &[1, 2]);
    offline(
        &laptop.stage,
        &format!(
            "{} --to {to} --out k.age",
            shards.replace("pass ", "wrong ").replace("file pass", "file wrong")
        ),
    )
    .fails(4, "wrong passphrase");
    assert!(!laptop.path("k.age").exists());
    offline(&laptop.stage, &format!("{shards} --to {to} --out k.age")).ok();
    let entries = laptop.stage.run("audit show").ok();
    let events: Vec<&str> = entries["entries"]
        .as_array()
        .unwrap_or_else(|| panic!("{entries}"))
        .iter()
        .filter_map(|entry| entry["entry"]["event"].as_str())
        .filter(|event| event.contains("RECOVERY") || event.contains("EXPOSED"))
        .collect();
    assert_eq!(
        events,
        [
            "PRIVATE_KEY_RECOVERY_INITIATED",
            "PRIVATE_KEY_RECOVERY_FAILED",
            "PRIVATE_KEY_RECOVERY_INITIATED",
            "KEY_EXPOSED",
            "PRIVATE_KEY_RECOVERY_COMPLETED",
        ]
    );
    assert_eq!(laptop.stage.run("key rebuild-inventory shards").ok()["refused"].as_array().unwrap().len(), 0);
    assert_eq!(laptop.stage.run("key list").ok()["keys"][0]["status"], "exposed");
}

#[test]
fn r43_formats_say_what_they_are_and_others_are_refused() {
    let laptop = Laptop::new();
    let heir = Identity::random(&mut OsRng);
    let key = laptop.key(Curve::Secp256k1);
    let line = |rest: &str| format!("{} --to {} {rest}", given(&laptop, &key, &[1, 3]), heir.recipient());
    let eth = offline(&laptop.stage, &line("--out eth.age --format eth")).ok();
    assert!(eth["address"].as_str().unwrap().starts_with("0x"), "{eth}");
    assert_eq!(opened(&laptop.stage, "eth.age", &heir), format!("0x{}\n", hex::encode(key.secret.expose())));
    offline(&laptop.stage, &line("--out wif.age --format wif --network testnet")).ok();
    assert!(opened(&laptop.stage, "wif.age", &heir).starts_with('c'));
    let refused = offline(&laptop.stage, &line("--out x.age --format pkcs8-pem")).fails(2, "hex, wif, eth");
    assert!(refused["state"].as_str().unwrap().contains("nothing was put out"), "{refused}");
    offline(&laptop.stage, &line("--out x.age --network testnet")).fails(2, "for wif only");
    let edwards = laptop.key(Curve::Ed448);
    let shards = given(&laptop, &edwards, &[1, 3]);
    offline(&laptop.stage, &format!("{shards} --to {} --out x.age --format hex", heir.recipient()))
        .fails(2, "these fit: scalar");
    assert!(!laptop.path("x.age").exists());
    let nist = laptop.key(Curve::P521);
    let shards = given(&laptop, &nist, &[2, 3]);
    offline(&laptop.stage, &format!("{shards} --to {} --out pem.age --format pkcs8-pem", heir.recipient()))
        .ok();
    let pem = opened(&laptop.stage, "pem.age", &heir);
    assert!(pem.starts_with("-----BEGIN PRIVATE KEY-----\n") && pem.ends_with("-----END PRIVATE KEY-----\n"));
}

#[test]
fn r43_what_cannot_combine_is_refused_with_its_reason_before_anything_is_opened() {
    let laptop = Laptop::new();
    let (key, other) = (laptop.key(Curve::P256), laptop.key(Curve::P256));
    let next = laptop.set.refreshed(&key);
    let to = format!("--to {} --out k.age", Identity::random(&mut OsRng).recipient());
    let run = |shards: &str| offline(&laptop.stage, &format!("{shards} {to}"));
    run(&given(&laptop, &key, &[2])).fails(1, "1 more share(s) are needed: 1 of 2");
    run("").fails(1, "2 more share(s) are needed");
    run(&(given(&laptop, &key, &[2]) + &given(&laptop, &key, &[2]))).fails(1, "both the share of index 2");
    run(&(given(&laptop, &key, &[1]) + &given(&laptop, &other, &[2])))
        .fails(4, "shares of two keys make neither");
    run(&(given(&laptop, &key, &[1]) + &given(&laptop, &next, &[2])))
        .fails(4, "different epochs never combine");
    let one = given(&laptop, &key, &[1]);
    let two = laptop.put("shards", &laptop.set.export(&key, 2));
    run(&format!("{one} --shard {two}")).fails(1, "no identity given has that recipient");
    run(&format!("{one} --shard {two}{}", opened_by("C"))).fails(1, "C's identity (C.id) opens none");
    let aux = laptop.put("shards", &laptop.set.export_aux(&key, 2));
    run(&format!("{one} --shard {aux}{}", opened_by("B"))).fails(1, "holds no share of the key");
    let foreign = Laptop::new();
    let theirs = laptop.put("shards", &foreign.set.export(&foreign.key(Curve::P256), 2));
    run(&format!("{one} --shard {theirs}{}", opened_by("B"))).fails(4, "genesis that is not in this chain");
    assert!(!laptop.path("k.age").exists());
    assert!(!log(&laptop.stage).contains("RECOVERY"), "nothing was begun");
    // What only opening tells: a shard whose inside is another's.
    let text = fs::read_to_string(laptop.path(&two)).unwrap();
    let read: Value = serde_json::from_str(&text).unwrap();
    let inside: Value = serde_json::from_str(&fs::read_to_string(laptop.path(&theirs)).unwrap()).unwrap();
    let swapped = text.replace(
        &read["wrappedKeyShare"].to_string(),
        &serde_json::json!(laptop.set.exported(laptop.set.share_core(&other, 2), &other, 2).seal().unwrap())
            .to_string(),
    );
    assert!(swapped != text && inside.is_object());
    laptop.stage.write("swapped", swapped.as_bytes());
    run(&format!("{one} --shard swapped{}", opened_by("B"))).fails(4, "another key card");
    assert!(!laptop.path("k.age").exists());
    // All three are welcome.
    run(&given(&laptop, &key, &[3, 1, 2])).ok();
}

#[test]
fn r43_r47_the_key_is_neither_printed_nor_shown_without_a_terminal_nor_written_over_something() {
    let laptop = Laptop::new();
    let key = laptop.key(Curve::Ed25519);
    let shards = given(&laptop, &key, &[1, 2]);
    let to = Identity::random(&mut OsRng).recipient();
    offline(&laptop.stage, &shards).fails(2, "the key is never printed");
    offline(&laptop.stage, &format!("{shards} --reveal")).fails(1, "no terminal");
    offline(&laptop.stage, &format!("{shards} --reveal --to {to} --out x")).fails(2, "cannot be used with");
    laptop.stage.write("there", b"mine");
    offline(&laptop.stage, &format!("{shards} --to {to} --out there")).fails(1, "already there");
    assert_eq!(fs::read(laptop.path("there")).unwrap(), b"mine");
    laptop.stage.write(&format!("{}.exposure.json", key.card.body().key_id), b"mine");
    offline(&laptop.stage, &format!("{shards} --to {to} --out x.age")).fails(4, "exposure notice");
    offline(&laptop.stage, &format!("{shards} --to {to} --out x.age --notice n.json")).ok();
    // A second recovery keeps the notice of the first.
    let before = fs::read(laptop.path("n.json")).unwrap();
    offline(&laptop.stage, &format!("{shards} --to {to} --out y.age --notice n.json")).ok();
    assert_eq!(fs::read(laptop.path("n.json")).unwrap(), before);
    offline(&laptop.stage, &format!("{shards} --to age1nonsense --out z.age --notice n.json"))
        .fails(2, "not an age X25519");
    let run = laptop.stage.run(&format!("recover --offline {shards} --to {to} --out z.age"));
    run.fails(2, "--reason");
    offline(&laptop.stage, &format!("{shards} --to {to} --out no/z.age --notice n.json"))
        .fails(1, "not a directory");
    assert!(!laptop.path("z.age").exists());
}

#[test]
fn r22_r43_a_card_is_enrolled_or_its_words_are_compared() {
    let laptop = Laptop::new();
    let key = laptop.key(Curve::Stark);
    let shards = given(&laptop, &key, &[1, 2]);
    let told = offline(&laptop.stage, &format!("{shards} --to C.card.json --out c.age")).ok();
    assert_eq!(told["owner"], "C");
    assert!(opened(&laptop.stage, "c.age", laptop.set.person(3).age()).len() == 65);
    let zoe = person("Zoe");
    let card = laptop.stranger(&zoe);
    let to = |rest: &str| offline(&laptop.stage, &format!("{shards} --to Zoe.card.json --out z.age {rest}"));
    to("").fails(1, "no terminal");
    to("--confirm 'one two'").fails(4, "not those of this card");
    assert!(!laptop.path("z.age").exists());
    to(&format!("--confirm '{}'", card.hash().unwrap().words())).ok();
    opened(&laptop.stage, "z.age", zoe.age());
}

/// B's identity is lost: guardians restore it in memory.
fn guarded() -> (Laptop, Key, String) {
    let laptop = Laptop::new();
    let key = laptop.key(Curve::Secp256k1);
    laptop
        .stage
        .run("guardian split B.id --guardians Ann,Bob,Cyd,Dan,Eve --out-dir sheets --passphrase-file pass")
        .ok();
    fs::remove_file(laptop.path("B.id")).unwrap();
    let two = laptop.put("shards", &laptop.set.export(&key, 2));
    let shards = format!("{} --shard {two}", given(&laptop, &key, &[1]));
    (laptop, key, shards)
}

#[test]
fn r33_r43_guardians_restore_an_identity_in_memory_only() {
    let (laptop, key, shards) = guarded();
    let heir = Identity::random(&mut OsRng);
    let run = |shares: &str, out: &str| {
        offline(
            &laptop.stage,
            &format!("{shards} --guardian-share {shares} --to {} --out {out}", heir.recipient()),
        )
    };
    let set = "--guardian-set sheets/guardian-set.json";
    run(&format!("sheets/Ann.txt sheets/Bob.png sheets/Eve.txt {set}"), "one.age").ok();
    run("sheets/Cyd.txt sheets/Dan.txt sheets/Eve.txt sheets/Ann.txt", "two.age").ok();
    let secret = format!("{}\n", hex::encode(key.secret.expose()));
    assert_eq!(opened(&laptop.stage, "one.age", &heir), secret);
    assert_eq!(opened(&laptop.stage, "two.age", &heir), secret);
    assert!(!laptop.path("B.id").exists());
    let log = log(&laptop.stage);
    assert_eq!(log.matches("PRIVATE_KEY_RECOVERY_COMPLETED").count(), 2, "{log}");
}

#[test]
fn r31_r43_a_bad_guardian_share_among_good_ones_is_named() {
    let (laptop, _, shards) = guarded();
    let to = Identity::random(&mut OsRng).recipient();
    let run = |shares: &str| {
        offline(&laptop.stage, &format!("{shards} --guardian-share {shares} --to {to} --out k.age"))
    };
    let set = "--guardian-set sheets/guardian-set.json";
    let words = crate::cli_guardian::words(&laptop.stage, "sheets/Cyd.txt");
    let mut damaged = words.clone();
    damaged.swap(20, 21);
    laptop.stage.write("damaged", damaged.join(" ").as_bytes());
    let three = "sheets/Ann.txt sheets/Bob.txt sheets/Dan.txt";
    let error = run(&format!("{three} damaged {set}")).fails(4, "damaged");
    assert!(error["message"].as_str().unwrap().contains("Cyd's share"), "{error}");
    run(&format!("{three} damaged")).fails(4, "damaged");
    run(&format!("sheets/Ann.txt sheets/Bob.txt {set}")).fails(1, "1 more guardian share(s) of B's");
    run("sheets/Ann.txt sheets/Bob.txt").fails(1, "1 more");
    // A's guardians bring A's shares, which open B's shard as little.
    laptop
        .stage
        .run("guardian split A.id --guardians Ann,Bob,Cyd --out-dir other --passphrase-file pass")
        .ok();
    run(&format!("other/Ann.txt other/Bob.txt {set}")).fails(4, "other/Ann.txt");
    run("other/Ann.txt other/Bob.txt").fails(1, "no identity given has that recipient");
    let mixed = run(&format!("sheets/Ann.txt other/Bob.txt sheets/Cyd.txt sheets/Eve.txt {set}"));
    mixed.fails(4, "other/Bob.txt");
    let zoe = keygen(&laptop.stage, "Zoe");
    assert!(zoe["recipient"].is_string());
    laptop
        .stage
        .run("guardian split Zoe.id --guardians Ann,Bob --threshold 2 --out-dir zoe --passphrase-file pass")
        .ok();
    run("zoe/Ann.txt zoe/Bob.txt").fails(4, "no identity that opens one of the shards");
    run(&format!("{three} --guardian-set zoe/guardian-set.json")).fails(1, "opens none of the shards");
    assert!(!laptop.path("k.age").exists());
}

/// A home with nodes, empty after an export, and its custodians' shards.
fn recovered(curve: &str) -> Custody {
    let custody = Custody::exported(curve, 2, 3);
    let to = Identity::random(&mut OsRng).recipient();
    let line = format!("{} --to {to} --out key.age --notice notice.json", custody.jit("out", &[1, 3]));
    offline(&custody.stage, &line).ok();
    custody
}

#[test]
fn r43_an_exposed_key_is_refused_everywhere_under_each_of_its_ids() {
    let custody = recovered("SECP256k1");
    let key = &custody.key;
    let alias = custody.run(&format!("key alias --key {key}")).ok()["keyId"].as_str().unwrap().to_owned();
    let (who, shard, set) = ("B", custody.shard(2), custody.set());
    let rewrap = format!(
        "share rewrap {shard} --identity {who}.id --passphrase-file pass --to-node OFFICIAL_2 --out B.import.json {set}"
    );
    custody.run(&rewrap).ok();
    let sign = format!("sign --key {key} --message x{}", custody.jit("out", &[1, 2]));
    // The home knows; its servers do not yet.
    assert_eq!(custody.run("key list").ok()["keys"][0]["status"], "exposed");
    custody.run(&sign).ok();
    let told = custody.run("key mark-exposed notice.json").ok();
    assert_eq!(told["marked"].as_array().unwrap().len(), 3, "{told}");
    custody.run("key mark-exposed notice.json").ok();
    custody.run(&sign).fails(3, "the key is exposed");
    custody.run(&sign.replace(&format!("--key {key}"), &format!("--key {alias}"))).fails(3, "exposed");
    custody.run(&format!("request new sign --key {key} --message x --out r.json")).fails(3, "exposed");
    custody.run("share import B.import.json --server OFFICIAL_2").fails(3, "exposed");
    custody
        .run(&format!("share import B.import.json --server OFFICIAL_2 --as-new {alias}"))
        .fails(3, "exposed");
    custody.run(&format!("key alias --key {key}")).fails(3, "exposed");
    custody.run(&format!("aux renew --key {key}")).fails(3, "exposed");
    let shown = custody.run(&format!("key show --key {key}")).ok();
    assert_eq!((&shown["status"], &shown["onServers"][2]["exposed"]), (&"exposed".into(), &true.into()));
    assert_eq!(custody.run(&format!("key show --key {alias}")).ok()["status"], "exposed");
    let text = custody.stage.text(&format!("key show --key {key}")).text();
    assert!(text.contains("exposed, ") || text.contains(", exposed"), "{text}");
    let log = custody.run("audit show --node OFFICIAL_1");
    assert!(log.stdout.is_empty() || log.stdout.contains("KEY_EXPOSED"));
}

#[test]
fn r43_a_resident_share_of_an_exposed_key_leaves_only_to_be_deleted() {
    let custody = Custody::new("ED25519", 2, 3);
    custody.export("--server OFFICIAL_2,OFFICIAL_3").ok();
    let to = Identity::random(&mut OsRng).recipient();
    let line = format!("{} --to {to} --out key.age --notice notice.json", custody.jit("out", &[2, 3]));
    offline(&custody.stage, &line).ok();
    custody.run("key mark-exposed notice.json").ok();
    custody.run(&format!("sign --key {} --message x", custody.key)).fails(3, "exposed");
    custody
        .run(&format!("share export --key {} --server OFFICIAL_1 --out-dir again", custody.key))
        .fails(3, "exposed");
    custody.export_all().ok();
    assert!(!custody.resident(1));
}

#[test]
fn r43_a_forged_or_foreign_notice_marks_nothing() {
    let custody = recovered("ED25519");
    let good = fs::read_to_string(custody.stage.path("notice.json")).unwrap();
    let mark = |text: &str| {
        custody.stage.write("n.json", text.as_bytes());
        custody.run("key mark-exposed n.json")
    };
    mark(&good.replace("the drill of May", "the drill of June")).fails(4, "not signed by");
    mark(&good.replace("\"signer\":\"A\"", "\"signer\":\"B\"")).fails(4, "not signed by B");
    mark(&good.replace("\"signer\":\"A\"", "\"signer\":\"Zoe\"")).fails(3, "never was enrolled");
    mark(good.trim_end()).fails(4, "no exposure notice, or it was altered");
    mark(&good.replace("\"version\":1", "\"version\":2")).fails(1, "version 2");
    let proof = good.split("\"proof\":\"").nth(1).unwrap().split('"').next().unwrap();
    let other = recovered("ED25519");
    let theirs = fs::read_to_string(other.stage.path("notice.json")).unwrap();
    let their_proof = theirs.split("\"proof\":\"").nth(1).unwrap().split('"').next().unwrap();
    mark(&good.replace(proof, their_proof)).fails(4, "does not prove that the key was whole");
    mark(&theirs).fails(1, "no key");
    let sign = format!("sign --key {} --message x{}", custody.key, custody.jit("out", &[1, 2]));
    custody.run(&sign).ok();
    mark(&good).ok();
    custody.run(&sign).fails(3, "exposed");
}

/// S5: operator's home, nodes and inventory are gone; what custodians keep is enough.
#[test]
fn s5_r30_r43_with_everything_of_the_operator_gone_custodians_recover() {
    let custody = Custody::exported("P384", 2, 3);
    let (a, c) = (custody.shard(1), custody.shard(3));
    custody.run("node card --out set.json").ok();
    let public = custody.run(&format!("key show --key {}", custody.key)).ok()["groupPublicKey"].clone();
    let words = custody.set();
    let stage = &custody.stage;
    fs::remove_dir_all(stage.path("home")).unwrap();
    stage.run("init --no-nodes").ok();
    stage.run(&format!("node pin set.json {}", words.replace("--confirm", "--fingerprint"))).ok();
    let rebuilt = stage.run(&format!("key rebuild-inventory {a}")).ok();
    assert_eq!(rebuilt["keys"][0]["groupPublicKey"], public);
    let heir = Identity::random(&mut OsRng);
    let shards = format!("--shard {a}{} --shard {c}{}", opened_by("A"), opened_by("C"));
    offline(stage, &format!("{shards} --format pkcs8-pem --to {} --out key.age", heir.recipient())).ok();
    let pem = opened(stage, "key.age", &heir);
    let key = <p384::SecretKey as p384::pkcs8::DecodePrivateKey>::from_pkcs8_pem(&pem).unwrap();
    assert_eq!(hex::encode(key.public_key().to_sec1_bytes()).len(), 2 * 97);
    let point = <p384::PublicKey as p384::elliptic_curve::sec1::ToEncodedPoint<_>>::to_encoded_point(
        &key.public_key(),
        true,
    );
    assert_eq!(hex::encode(point.as_bytes()), public);
    // A home without servers takes the notice for itself.
    let told = stage.run(&format!("key mark-exposed {}.exposure.json", custody.key)).ok();
    assert!(told["marked"].as_array().unwrap().is_empty());
}

/// Leak canary (R44): the recovered key, the shares and the identities, in all that is printed and left.
#[test]
fn r44_no_secret_of_a_recovery_is_printed_or_left() {
    let (laptop, key, shards) = guarded();
    let heir = Identity::random(&mut OsRng);
    let mut said = String::new();
    let mut run = |line: &str| {
        for run in [laptop.stage.run(&format!("-vvv {line}")), laptop.stage.text(&format!("-vvv {line}"))] {
            said += &format!("{}\n{}\n", run.stdout, run.stderr);
        }
    };
    let sheets = "--guardian-share sheets/Ann.txt sheets/Bob.txt sheets/Cyd.txt";
    let base = format!("recover --offline --reason drill {shards} {sheets}");
    for format in ["hex", "wif", "eth", "scalar"] {
        run(&format!("{base} --format {format} --to {} --out {format}.age", heir.recipient()));
    }
    run(&format!("{base} --reveal"));
    run(&base);
    run(&format!("{base} --to {} --out /dev/full", heir.recipient()));
    run(&format!("{base} --to {} --out no/dir", heir.recipient()));
    run("audit show");
    run("key list");
    assert!(said.contains("EXPOSED") && said.contains("address"), "{said}");
    let mut secrets = vec![("the key".to_owned(), key.secret.expose().to_vec())];
    secrets.push(("the chain code".into(), key.chain_code.expose().to_vec()));
    secrets.extend(key.scalars.iter().map(|scalar| ("a share".to_owned(), scalar.expose().to_vec())));
    let people = laptop.set.people.iter();
    secrets.extend(people.map(|one| ("an identity".to_owned(), one.age().secret().expose().to_vec())));
    let mut needles = Needles::of(&secrets);
    let wif = opened(&laptop.stage, "wif.age", &heir);
    needles.add("the key", wif.trim_end().as_bytes()[..40].to_vec());
    assert_eq!(needles.found_in(said.as_bytes()), Vec::<&str>::new());
    let mut looked_at = 0;
    let mut dirs = vec![laptop.path("")];
    while let Some(dir) = dirs.pop() {
        for entry in fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                dirs.push(path);
                continue;
            }
            assert_eq!(needles.found_in(&fs::read(&path).unwrap()), Vec::<&str>::new(), "{}", path.display());
            looked_at += 1;
        }
    }
    assert!(looked_at > 20, "{looked_at}");
    assert!(!needles.found_in(opened(&laptop.stage, "hex.age", &heir).as_bytes()).is_empty());
    // Another laptop of the same set is no other laptop.
    let bare = crate::cli_custodian::stage();
    furnish(&bare, &laptop.set);
}
