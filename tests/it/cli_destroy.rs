//! `share destroy-old`, from outside: what lets an old shard go, and what does not.

use std::fs;
use std::path::PathBuf;

use quorate::audit::{Event, Note};
use quorate::ceremony::journal::{Kind, Open};
use quorate::ceremony::workspace::Workspace;
use quorate::curve::Curve;
use quorate::receipt::{Receipt, ReceiptBody};

use crate::cli_share::{BOTH, receipt, receive, renew};
use crate::shards::{person, rewrapped};
use crate::share_stage::Laptop;

#[test]
fn r28_r29_a_transfer_ends_with_the_receipt() {
    let laptop = Laptop::new();
    let key = laptop.key(Curve::Secp256k1);
    let shard = laptop.set.export(&key, 1);
    let file = laptop.put("store", &shard);
    let told = laptop
        .stage
        .run(&format!(
            "share rewrap {file} --identity A.id --to B.card.json --out-dir out --passphrase-file pass"
        ))
        .ok();
    let sent = told["shards"][0]["file"].as_str().unwrap().to_owned();
    let told = receive(&laptop, &sent, "B", "B.receipt.json").ok();
    assert_eq!((&told["kind"], &told["issuer"]), (&"transfer".into(), &"A".into()));
    let hash = shard.file_hash();
    let destroy = |rest: &str| laptop.stage.run(&format!("share destroy-old {file} {rest} --confirm {hash}"));
    // Receipts of something else.
    let other = laptop.put("other", &laptop.set.export(&laptop.key(Curve::Secp256k1), 1));
    receive(&laptop, &other, "A", "A.receipt.json").ok();
    destroy("--receipt A.receipt.json").fails(4, "another kind of delivery");
    let bent = fs::read_to_string(laptop.path("B.receipt.json")).unwrap();
    laptop.stage.write("bent", bent.replace("\"madeAt\":\"20", "\"madeAt\":\"21").as_bytes());
    destroy("--receipt bent").fails(4, "not signed by B");
    let given = receipt(&laptop, "B.receipt.json").receipt;
    // B did receive this one, too, but nobody here gave it to them.
    let (a, b) = (laptop.set.person(1), laptop.set.person(2));
    let unknown = rewrapped(&shard, &laptop.set.chain, a, b);
    receive(&laptop, &laptop.put("other", &unknown), "B", "unknown.json").ok();
    destroy("--receipt unknown.json").fails(4, "no transfer written down");
    // Whoever else is enrolled signs what they read, and knows no core.
    let forged = |body: &dyn Fn(&mut ReceiptBody), by: usize| {
        let mut given = given.clone();
        body(&mut given);
        let forged = Receipt::sign(given, laptop.set.person(by as u16).approval()).unwrap();
        laptop.stage.write("forged", &forged.to_bytes().unwrap());
        destroy("--receipt forged")
    };
    forged(&|body| body.signer = "C".parse().unwrap(), 3).fails(4, "another person");
    forged(&|_| (), 3).fails(4, "not signed by B");
    forged(&|body| body.core_hash = None, 2).fails(4, "another core");
    forged(&|body| body.op_id = quorate::codec::HexArray([7; 16]), 2).fails(4, "another export");
    forged(&|body| body.aux_blob_hash = None, 2).fails(4, "another aux");
    forged(&|body| body.index = 2, 2).fails(4, "another index");
    forged(&|body| body.verification_share = None, 2).fails(4, "another share");
    laptop
        .stage
        .run(&format!("share destroy-old {file} --receipt B.receipt.json --confirm no"))
        .fails(4, "not those");
    let asked = laptop.stage.run(&format!("share destroy-old {file} --receipt B.receipt.json"));
    assert!(asked.fails(1, "no terminal").to_string().contains("--confirm"));
    destroy("--receipt B.receipt.json --card C.card.json").fails(2, "--card");
    assert!(laptop.path(&file).exists());
    destroy("--receipt B.receipt.json").ok();
    assert!(!laptop.path(&file).exists());
    let log = laptop.stage.run("audit show").ok().to_string();
    assert!(log.contains("SHARE_DESTRUCTION_INITIATED") && log.contains("SHARE_DESTROYED"), "{log}");
    // The same bytes again: the receipt was used.
    laptop.stage.write(&file, shard.bytes());
    destroy("--receipt B.receipt.json").fails(3, "was used");
    assert!(laptop.path(&file).exists());
}

#[test]
fn r21_a_receipt_from_before_the_share_came_back_destroys_nothing() {
    let laptop = Laptop::new();
    let shard = laptop.set.export(&laptop.key(Curve::Ed25519), 1);
    let file = laptop.put("store", &shard);
    let zoe = person("Zoe");
    laptop.identity(&zoe, "Zoe.id", "pass");
    let words = laptop.stranger(&zoe).hash().unwrap();
    let wrap = || {
        let line = format!("share rewrap {file} --identity A.id --to Zoe.card.json --out-dir out");
        let told = laptop.stage.run(&format!("{line} --passphrase-file pass --confirm {words}")).ok();
        (told["shards"][0]["file"].as_str().unwrap().to_owned(), told["shards"][0]["alreadyThere"] == true)
    };
    let (there, already) = wrap();
    assert!(!already);
    assert_eq!(wrap(), (there.clone(), true), "what was written down is found again");
    receive(&laptop, &there, "Zoe", "Zoe.receipt.json").ok();
    // Zoe becomes custodian of this index, and gives it back.
    let mut laptop = laptop;
    let sent = quorate::shard::DirtyShard::parse(&fs::read(laptop.path(&there)).unwrap()).unwrap();
    let sent = sent.check(&laptop.set.chain).unwrap();
    let a = laptop.set.succeed(1, zoe);
    laptop.pin();
    let back = rewrapped(&sent, &laptop.set.chain, laptop.set.person(1), &a);
    receive(&laptop, &laptop.put("stick", &back), "A", "A.receipt.json").ok();
    let mine = format!("store-A/{}", back.file_name());
    let destroy = |file: &str, hash| {
        laptop.stage.run(&format!("share destroy-old {file} --receipt Zoe.receipt.json --confirm {hash}"))
    };
    destroy(&mine, back.file_hash()).fails(4, "another file");
    destroy(&file, shard.file_hash()).fails(3, "overtaken");
    assert!(laptop.path(&mine).exists() && laptop.path(&file).exists());
}

#[test]
fn r21_what_was_wrapped_for_oneself_later_is_not_given_away() {
    let laptop = Laptop::new();
    let shard = laptop.set.export(&laptop.key(Curve::Ed25519), 1);
    let file = laptop.put("store", &shard);
    let line = format!("share rewrap {file} --identity A.id --out-dir out --passphrase-file pass");
    let told = laptop.stage.run(&format!("{line} --to B.card.json")).ok();
    receive(&laptop, told["shards"][0]["file"].as_str().unwrap(), "B", "r").ok();
    renew(&laptop);
    laptop.stage.run(&format!("{line} --to A2.id --passphrase-file new")).ok();
    let destroy = format!("share destroy-old {file}.old --receipt r --confirm {}", shard.file_hash());
    laptop.stage.run(&destroy).fails(3, "overtaken");
    let log = laptop.stage.run("audit show").ok().to_string();
    assert!(log.contains("SHARE_RETIRED"), "{log}");
}

#[test]
fn r21_an_old_file_goes_only_after_its_replacement_opened() {
    let laptop = Laptop::new();
    let key = laptop.key(Curve::P256);
    let shard = laptop.set.export(&key, 1);
    let file = laptop.put("store", &shard);
    renew(&laptop);
    let told = laptop
        .stage
        .run(&format!("share rewrap {file} --identity A.id --to A2.id --out-dir store {BOTH}"))
        .ok();
    let new = told["shards"][0]["file"].as_str().unwrap().to_owned();
    let old = format!("{file}.old");
    let hash = shard.file_hash();
    let by = |by: &str, who: &str, pass: &str| {
        laptop.stage.run(&format!(
            "share destroy-old {old} --replaced-by {by} --identity {who}.id --confirm {hash} --passphrase-file {pass}"
        ))
    };
    by(&new, "A", "pass").fails(4, "another identity");
    by(&old, "A", "pass").fails(1, "does not replace itself");
    let another = laptop.put("other", &laptop.set.export(&laptop.key(Curve::P256), 1));
    by(&another, "A", "pass").fails(4, "another key card");
    by(&laptop.put("other", &laptop.set.export(&key, 2)), "B", "pass").fails(4, "index on the outside");
    by(&laptop.put("other", &laptop.set.export_aux(&key, 1)), "A", "pass").fails(4, "neither");
    let plain = format!("share destroy-old {new} --replaced-by {another} --identity A.id --confirm {hash}");
    laptop.stage.run(&format!("{plain} --passphrase-file pass")).fails(2, "does not end .old");
    assert_eq!(fs::read(laptop.path(&old)).unwrap(), shard.bytes());
    let said = by(&new, "A2", "new").ok();
    assert_eq!(said["destroyed"], true);
    assert!(!laptop.path(&old).exists() && laptop.path(&new).exists());
    let events = || {
        let log = laptop.stage.run("audit show --tail 500").ok().to_string();
        (log.matches("SHARE_DESTRUCTION_INITIATED").count(), log.matches("SHARE_DESTROYED").count())
    };
    assert_eq!(events(), (1, 1));
    by(&new, "A2", "new").fails(1, "does not exist");
    // Zeros, and what is called as if it were being destroyed, are nobody's to destroy.
    laptop.stage.write("zeros", &[0; 5000]);
    laptop.stage.write("x.destroying", shard.bytes());
    let plain =
        |file: &str| laptop.stage.run(&format!("share destroy-old {file} --receipt r --confirm {hash}"));
    plain("zeros").fails(4, "altered");
    plain("x.destroying").fails(1, "began to destroy no");
    plain("x").fails(1, "began to destroy no");
    assert!(laptop.path("zeros").exists() && laptop.path("x.destroying").exists());
    assert_eq!(events(), (1, 1));
}

#[test]
fn r21_r52_a_destruction_that_was_cut_is_ended_under_either_name() {
    let laptop = Laptop::new();
    let key = laptop.key(Curve::Ed25519);
    let shard = laptop.set.export(&key, 1);
    let other = laptop.put("other", &laptop.set.export(&key, 1));
    let begun = |bytes: usize| {
        let home = laptop.stage.home("");
        let seal = quorate::store::seal::open_seal(&home, None).unwrap();
        let mut workspace = Workspace::open(&home, seal, &crate::fixtures::source()).unwrap();
        let note = Note::new(Event::ShareDestructionInitiated).with("file", "x.old.destroying");
        workspace.note(note.with("sha256", shard.file_hash()).with("bytes", bytes)).unwrap();
    };
    let ends = || {
        let log = laptop.stage.run("audit show --tail 500").ok().to_string();
        log.matches("SHARE_DESTROYED").count()
    };
    fs::create_dir(laptop.path("store")).unwrap();
    let destroy = |file: &str| {
        let by = format!("--replaced-by {other} --identity A.id --passphrase-file pass");
        laptop.stage.run(&format!("share destroy-old {file} {by} --confirm {}", shard.file_hash()))
    };
    let (old, doomed) = (laptop.path("store/x.old"), laptop.path("store/x.old.destroying"));
    let whole = shard.bytes();
    let half = [&vec![0; whole.len() / 2], &whole[whole.len() / 2..]].concat();
    let mut count = 0;
    for (given, left) in [
        ("store/x.old", Some(&half)),
        ("store/x.old.destroying", Some(&half)),
        ("store/x.old", Some(&whole.to_vec())),
        ("store/x.old", Some(&vec![0; whole.len()])),
        ("store/x.old", None),
    ] {
        begun(whole.len());
        if let Some(left) = left {
            fs::write(&doomed, left).unwrap();
        }
        destroy(given).ok();
        assert!(!doomed.exists());
        count += 1;
        assert_eq!(ends(), count);
        destroy(given).fails(1, "does not exist");
    }
    // Cut before the renaming: it is an ordinary shard, and another file has the other name.
    begun(whole.len());
    fs::write(&old, whole).unwrap();
    destroy("store/x.old.destroying").fails(1, "does not exist");
    fs::write(&doomed, b"somebody's").unwrap();
    destroy("store/x.old.destroying").fails(1, "began to destroy no");
    destroy("store/x.old").fails(1, "already exists");
    assert!(old.exists() && doomed.exists());
    fs::remove_file(&doomed).unwrap();
    destroy("store/x.old").ok();
    assert!(!old.exists());
}

/// The kinds of what doctor finds on the laptop.
fn findings(laptop: &Laptop, fix: &str) -> Vec<(String, bool, bool)> {
    let report = laptop.stage.run(&format!("doctor {fix}")).ok();
    let found = report["findings"].as_array().unwrap().iter().map(|finding| {
        let text = |field: &str| finding[field].as_str().unwrap().to_owned();
        (text("kind"), finding["waits"] == true, finding["fixed"] == true)
    });
    found.collect()
}

#[test]
fn r26_doctor_ends_a_destruction_that_stopped() {
    let laptop = Laptop::new();
    let shard = laptop.set.export(&laptop.key(Curve::Ed25519), 1);
    let file = laptop.put("store", &shard);
    let rewrap = format!("share rewrap {file} --identity A.id --to B.card.json --out-dir out");
    let told = laptop.stage.run(&format!("{rewrap} --passphrase-file pass")).ok();
    assert_eq!(findings(&laptop, "--fix"), [("transfer".into(), true, false)]);
    receive(&laptop, told["shards"][0]["file"].as_str().unwrap(), "B", "r").ok();
    let hash = shard.file_hash();
    let destroy = || laptop.stage.run(&format!("share destroy-old {file} --receipt r --confirm {hash}"));
    // Stopped before the file was touched: forgotten.
    let doomed = laptop.path(&format!("{file}.destroying"));
    fs::create_dir(&doomed).unwrap();
    destroy().fails(1, "already exists");
    fs::remove_dir(&doomed).unwrap();
    let both = |fixed| [("destroy".into(), false, fixed), ("transfer".into(), true, false)];
    assert_eq!(findings(&laptop, ""), both(false));
    assert_eq!(findings(&laptop, "--fix"), both(true));
    assert_eq!(fs::read(laptop.path(&file)).unwrap(), shard.bytes());
    assert_eq!(findings(&laptop, ""), [("transfer".into(), true, false)]);
    // Stopped after it was renamed: ended.
    fs::create_dir(&doomed).unwrap();
    destroy().fails(1, "already exists");
    fs::remove_dir(&doomed).unwrap();
    fs::rename(laptop.path(&file), &doomed).unwrap();
    assert_eq!(findings(&laptop, "--fix"), both(true));
    assert!(!doomed.exists() && !laptop.path(&file).exists());
    assert!(findings(&laptop, "").is_empty());
}

#[test]
fn r26_doctor_names_a_rewrap_that_stopped() {
    let laptop = Laptop::new();
    let file = laptop.put("store", &laptop.set.export(&laptop.key(Curve::Ed25519), 1));
    renew(&laptop);
    let command = format!("share rewrap {file} --identity A.id --to A2.id --out-dir out {BOTH}");
    // What a killed run leaves first.
    let path = laptop.path(&file);
    let killed = |path: PathBuf| {
        let open = Open { paths: vec![path], again: Some("this".into()), ..Open::of_run(Kind::Rewrap, None) };
        let record = laptop.stage.home(&format!("operations/{}.json", open.op_id));
        fs::create_dir_all(laptop.stage.home("operations")).unwrap();
        fs::write(record, quorate::codec::canonical("open operation", &open).unwrap()).unwrap();
    };
    killed(path.clone());
    assert_eq!(findings(&laptop, "--fix"), [("rewrap".into(), true, false)]);
    assert_eq!(laptop.stage.run("doctor").ok()["findings"][0]["command"], "this");
    laptop.stage.run(&command).ok();
    assert!(findings(&laptop, "").is_empty());
    assert!(!path.exists());
    // Killed when the old file, or all of a directory, had its last name: the same command ends it.
    for (place, command) in [(&*file, command.clone()), ("store", command.replace(&file, "store"))] {
        killed(laptop.path(place));
        assert_eq!(findings(&laptop, ""), [("rewrap".into(), true, false)]);
        let again = laptop.stage.run(&command).ok();
        assert_eq!((&again["shards"][0]["alreadyThere"], &again["failed"]), (&true.into(), &0.into()));
        assert!(findings(&laptop, "").is_empty());
        assert_eq!(laptop.names("out").len(), 1);
    }
}
