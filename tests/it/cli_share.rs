//! `share` on a custodian's laptop, from outside.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use quorate::curve::Curve;
use quorate::identity::Replaces;
use quorate::ids::Time;
use quorate::receipt::{Receipt, ReceiptKind};
use serde_json::Value;

use crate::cli::Run;
use crate::shards::{official, person, rewrapped};
use crate::share_stage::Laptop;

pub fn receive(laptop: &Laptop, file: &str, who: &str, out: &str) -> Run {
    let line = format!("share receive {file} --identity {who}.id --store store-{who} --out {out}");
    laptop.stage.run(&format!("{line} --passphrase-file pass"))
}

pub fn receipt(laptop: &Laptop, name: &str) -> Receipt {
    Receipt::parse(&fs::read(laptop.path(name)).unwrap()).unwrap()
}

#[test]
fn r19_r20_a_shard_is_stored_opened_and_receipted() {
    let laptop = Laptop::new();
    for curve in [Curve::Ed25519, Curve::Secp256k1] {
        let key = laptop.key(curve);
        let shard = laptop.set.export(&key, 1);
        let file = laptop.put("stick", &shard);
        let out = format!("{curve}.receipt.json");
        let told = receive(&laptop, &file, "A", &out).ok();
        let body = key.card.body();
        assert_eq!(told["keyId"], body.key_id.to_string());
        assert_eq!((told["index"].as_u64(), told["epoch"].as_u64()), (Some(1), Some(0)));
        assert_eq!(told["keyWords"], key.card.hash().words());
        assert_eq!(told["words"], shard.file_hash().words());
        assert_eq!((&told["kind"], &told["issuer"]), (&"export".into(), &"OFFICIAL_1".into()));
        assert_eq!(told["alreadyThere"], false);
        let stored = laptop.path(&format!("store-A/{}", shard.file_name()));
        assert_eq!(fs::read(&stored).unwrap(), shard.bytes());
        assert_eq!(fs::metadata(&stored).unwrap().permissions().mode() & 0o777, 0o600);

        let receipt = receipt(&laptop, &out);
        receipt.verify(&laptop.set.person(1).approval_key()).unwrap();
        let given = receipt.receipt;
        assert_eq!((given.kind, given.issuer, given.op_id), (ReceiptKind::Export, official(1), key.export));
        assert_eq!(given.share_blob_hash, shard.parcel().share_hash());
        assert_eq!(given.aux_blob_hash, shard.parcel().aux_hash());
        assert_eq!(given.verification_share.as_ref(), body.verification_share(1));
        assert_eq!((given.recipient, given.key_card_hash), (shard.header().recipient, key.card.hash()));

        // Again: what is there stays, byte for byte, and so does the receipt.
        let before = fs::read(laptop.path(&out)).unwrap();
        let again = receive(&laptop, &file, "A", &out).ok();
        assert_eq!(again["alreadyThere"], true);
        assert_eq!(fs::read(laptop.path(&out)).unwrap(), before);
    }
    assert_eq!(laptop.names("store-A").len(), 2, "nothing but the shards");
    let log = laptop.stage.run("audit show").ok().to_string();
    assert_eq!(log.matches("SHARE_RECEIVED").count(), 2, "{log}");
}

#[test]
fn r20_r46_nothing_is_stored_or_signed_for_what_does_not_open() {
    let laptop = Laptop::new();
    let key = laptop.key(Curve::Ed25519);
    let (one, two) = (laptop.set.export(&key, 1), laptop.set.export(&key, 2));
    let file = laptop.put("stick", &one);
    receive(&laptop, &file, "B", "r").fails(4, "another identity");
    laptop.stage.write(&format!("stick/{}", two.file_name()), one.bytes());
    receive(&laptop, &format!("stick/{}", two.file_name()), "A", "r").fails(4, "named for another shard");
    let text = String::from_utf8(one.bytes().to_vec()).unwrap();
    laptop.stage.write("bent", text.replace("\"custodian\":\"A\"", "\"custodian\":\"C\"").as_bytes());
    receive(&laptop, "bent", "A", "r").fails(4, "custodian on the outside");
    laptop.stage.write("cut", &one.bytes()[..one.bytes().len() / 2]);
    receive(&laptop, "cut", "A", "r").fails(4, "no such file, or it was altered");
    laptop
        .stage
        .write("newer", text.replace("\"version\":1,\"wrapped", "\"version\":3,\"wrapped").as_bytes());
    receive(&laptop, "newer", "A", "r").fails(1, "version 3");
    receive(&laptop, "missing", "A", "r").fails(1, "does not exist");
    let wrong =
        format!("share receive {file} --identity A.id --store store-A --out r --passphrase-file wrong");
    laptop.stage.run(&wrong).fails(4, "wrong passphrase");
    let foreign = Laptop::new();
    let theirs = laptop.put("stick", &foreign.set.export(&foreign.key(Curve::Ed25519), 1));
    receive(&laptop, &theirs, "A", "r").fails(4, "genesis that is not in this chain");
    assert!(!laptop.path("store-A").exists() && !laptop.path("r").exists());

    // A copy beside what was sent is no own one.
    let beside =
        format!("share receive {file} --identity A.id --store ./stick --out r --passphrase-file pass");
    laptop.stage.run(&beside).fails(2, "no copy of your own");
    // Something else has the name, or the receipt's.
    fs::create_dir(laptop.path("store-A")).unwrap();
    laptop.stage.write(&format!("store-A/{}", one.file_name()), b"mine");
    receive(&laptop, &file, "A", "r").fails(1, "already exists with other contents");
    assert_eq!(fs::read(laptop.path(&format!("store-A/{}", one.file_name()))).unwrap(), b"mine");
    assert!(!laptop.path("r").exists());
    fs::remove_file(laptop.path(&format!("store-A/{}", one.file_name()))).unwrap();
    laptop.stage.write("r", b"mine");
    let error = receive(&laptop, &file, "A", "r").fails(1, "already exists");
    assert!(error["state"].as_str().unwrap().contains("there is no receipt"), "{error}");
    assert_eq!(fs::read(laptop.path("r")).unwrap(), b"mine");
    receive(&laptop, &file, "A", "r2").ok();

    let bare = crate::cli_custodian::stage();
    bare.run("init --no-nodes").ok();
    bare.write("shard", one.bytes());
    bare.run("share inspect shard").fails(1, "knows no node set");
}

#[test]
fn renewed_aux_is_put_to_the_share() {
    let laptop = Laptop::new();
    let key = laptop.key(Curve::P256);
    let (old, aux) = (laptop.set.export(&key, 1), laptop.set.export_aux(&key, 1));
    let (held, sent) = (laptop.put("store-A", &old), laptop.put("stick", &aux));
    receive(&laptop, &sent, "A", "r").fails(2, "holds aux only");
    let line = |shard: &str| {
        let line = format!("share receive --aux {sent} --shard {shard} --identity A.id --store store-A");
        laptop.stage.run(&format!("{line} --out r --passphrase-file pass"))
    };
    let other = laptop.put("other", &laptop.set.export(&laptop.key(Curve::P256), 1));
    line(&other).fails(4, "another key card");
    line(&sent).fails(4, "a wrap for aux");
    let told = line(&held).ok();
    assert_eq!((&told["kind"], &told["share"], &told["aux"]), (&"aux".into(), &true.into(), &true.into()));
    assert_eq!(laptop.names("store-A").len(), 2, "the old shard stays");
    let given = receipt(&laptop, "r").receipt;
    assert_eq!((given.aux_blob_hash, given.share_blob_hash), (aux.parcel().aux_hash(), None));
    assert_eq!((given.kind, given.issuer), (ReceiptKind::Aux, official(1)));
    let shown = laptop
        .stage
        .run(&format!(
            "share inspect {} --identity A.id --passphrase-file pass",
            told["file"].as_str().unwrap()
        ))
        .ok();
    assert_eq!(shown["opened"], true);
    line(&held).ok();
}

#[test]
fn r30_inspect_says_what_it_saw() {
    let laptop = Laptop::new();
    let key = laptop.key(Curve::Ed448);
    let shard = laptop.set.export(&key, 2);
    let file = laptop.put("stick", &shard);
    let outside = laptop.stage.run(&format!("share inspect {file}")).ok();
    assert_eq!((&outside["opened"], &outside["wrappedBy"]), (&false.into(), &Value::Null));
    assert_eq!(outside["verified"].as_array().unwrap().len(), 3);
    assert_eq!(outside["notVerified"].as_array().unwrap().len(), 3);
    let inspect = |file: &str, who: &str| {
        laptop.stage.run(&format!("share inspect {file} --identity {who}.id --passphrase-file pass"))
    };
    let inside = inspect(&file, "B").ok();
    assert_eq!((&inside["opened"], &inside["wrappedBy"]["name"]), (&true.into(), &"OFFICIAL_2".into()));
    assert!(inside["notVerified"].as_array().unwrap().is_empty());
    assert_eq!(inside["words"], shard.file_hash().words());
    inspect(&file, "C").fails(4, "another identity");
    let given = rewrapped(&shard, &laptop.set.chain, laptop.set.person(2), laptop.set.person(3));
    let inside = inspect(&laptop.put("stick", &given), "C").ok();
    assert_eq!((&inside["wrappedBy"]["name"], &inside["wrappedBy"]["serial"]), (&"B".into(), &1.into()));
    let text = laptop.stage.text(&format!("share inspect {file}")).stdout;
    assert!(text.contains("NOT verified, because it needs the identity"), "{text}");
}

/// A's new identity, vouched for by the old one: `A2.id` and `A2.card.json`.
pub fn renew(laptop: &Laptop) -> quorate::identity::PersonIdentity {
    let (old, new) = (laptop.set.person(1), person("A"));
    let enrolled = laptop.set.chain.current().people[0].card.clone();
    let card = new.card(Time::now(), Some(Replaces::new(&enrolled, old).unwrap())).unwrap();
    laptop.identity(&new, "A2.id", "new");
    laptop.card(&card, "A2.card.json");
    new
}

pub const BOTH: &str = "--passphrase-file pass --passphrase-file new";

#[test]
fn r28_shards_are_wrapped_again_for_an_own_new_identity() {
    let laptop = Laptop::new();
    let mut files = Vec::new();
    for curve in [Curve::Ed25519, Curve::Stark] {
        files.push(laptop.put("store", &laptop.set.export(&laptop.key(curve), 1)));
    }
    laptop.put("store", &laptop.set.export(&laptop.key(Curve::P384), 2));
    renew(&laptop);
    let line = format!("share rewrap store --identity A.id --to A2.id --out-dir store {BOTH}");
    let told = laptop.stage.run(&line).ok();
    assert_eq!((told["rewrapped"].as_u64(), told["skipped"].as_u64()), (Some(2), Some(1)), "{told}");
    for line in told["shards"].as_array().unwrap().iter().filter(|line| line["skipped"].is_null()) {
        let (from, file) = (line["from"].as_str().unwrap(), line["file"].as_str().unwrap());
        assert!(files.contains(&from.to_owned()) && !laptop.path(from).exists());
        assert_eq!(line["retired"], format!("{from}.old"));
        let inspect = |file: &str, who: &str, pass: &str| {
            laptop.stage.run(&format!("share inspect {file} --identity {who}.id --passphrase-file {pass}"))
        };
        let shown = inspect(file, "A2", "new").ok();
        assert_eq!(
            (&shown["wrappedBy"]["name"], &shown["wrappedBy"]["kind"]),
            (&"A".into(), &"rewrap".into())
        );
        inspect(file, "A", "pass").fails(4, "another identity");
        inspect(&format!("{from}.old"), "A", "pass").ok();
        // Not one encrypted byte is the same.
        let blob = |path: &str| -> Value {
            let bytes = fs::read(laptop.path(path)).unwrap();
            serde_json::from_slice::<Value>(&bytes).unwrap()["wrappedKeyShare"].clone()
        };
        assert_ne!(blob(file), blob(&format!("{from}.old")));
    }
    let text = laptop.stage.text(&line).stdout;
    assert!(text.contains("skipped") && !text.contains("wrapped  "), "{text}");
}

#[test]
fn r28_an_interrupted_rewrap_converges() {
    let laptop = Laptop::new();
    let shard = laptop.set.export(&laptop.key(Curve::Ed25519), 1);
    let file = laptop.put("store", &shard);
    renew(&laptop);
    let line = format!("share rewrap {file} --identity A.id --to A2.id --out-dir out {BOTH}");
    laptop.stage.run(&line).ok();
    // As if it had been killed before the old file got its new name.
    fs::rename(laptop.path(&format!("{file}.old")), laptop.path(&file)).unwrap();
    let again = laptop.stage.run(&line).ok();
    assert_eq!(again["shards"][0]["alreadyThere"], true);
    assert_eq!(laptop.names("out").len(), 1);
    assert!(!laptop.path(&file).exists() && laptop.path(&format!("{file}.old")).exists());
}

#[test]
fn r28_only_cards_and_identities_that_verify_are_wrapped_for() {
    let laptop = Laptop::new();
    let file = laptop.put("store", &laptop.set.export(&laptop.key(Curve::Ed25519), 1));
    let zoe = person("Zoe");
    let card = laptop.stranger(&zoe);
    let to = |to: &str, rest: &str| {
        laptop.stage.run(&format!(
            "share rewrap {file} --identity A.id --to {to} --out-dir out --passphrase-file pass {rest}"
        ))
    };
    laptop.stage.write("recipient", zoe.recipient().to_string().as_bytes());
    to("recipient", "").fails(4, "no card that verifies");
    let text = fs::read_to_string(laptop.path("Zoe.card.json")).unwrap();
    laptop.stage.write("bent.json", text.replace("Zoe", "Zed").as_bytes());
    to("bent.json", "").fails(4, "does not verify");
    to("Zoe.card.json", "").fails(1, "no terminal");
    to("Zoe.card.json", "--confirm \"one two three\"").fails(4, "not those of this card");
    // A's name on a card that A's identity does not vouch for.
    laptop.card(&person("A").card(Time::now(), None).unwrap(), "false.json");
    to("false.json", "").fails(4, "not vouched for");
    to("A.card.json", "").fails(2, "same identity");
    laptop.identity(&zoe, "Zoe.id", "new");
    to("Zoe.id", "--passphrase-file new").fails(2, "Zoe's identity");
    to("missing", "").fails(1, "missing");
    assert!(!laptop.path("out").exists());

    let told = to("Zoe.card.json", &format!("--confirm \"{}\"", card.hash().unwrap().words())).ok();
    assert_eq!(told["shards"][0]["custodian"], "Zoe");
    let blob = told["rewrappedKeyShare"].as_str().unwrap();
    assert!(blob.starts_with("-----BEGIN AGE") && told["shards"][0]["rewrappedKeyShare"] == blob);
    assert!(laptop.path(&file).exists(), "the old one stays until the receipt");
    to("B.card.json", "").ok();
    assert_eq!(laptop.names("out").len(), 2);
}

#[test]
fn r28_a_new_card_of_ones_own_is_vouched_for() {
    let laptop = Laptop::new();
    let file = laptop.put("store", &laptop.set.export(&laptop.key(Curve::Ed25519), 1));
    renew(&laptop);
    let line = format!("share rewrap {file} --identity A.id --to A2.card.json --out-dir out");
    let told = laptop.stage.run(&format!("{line} --passphrase-file pass")).ok();
    assert_eq!(told["shards"][0]["retired"], Value::Null);
    assert!(laptop.path(&file).exists(), "nobody has opened the new one yet");
    let new = told["shards"][0]["file"].as_str().unwrap();
    let line = format!("share receive {new} --identity A2.id --store kept --out r --passphrase-file new");
    assert_eq!(laptop.stage.run(&line).ok()["kind"], "transfer");
    let words = fs::read(laptop.path(&file)).map(|bytes| quorate::digest::Hash::plain(&bytes)).unwrap();
    let destroy = format!("share destroy-old {file} --receipt r --confirm {words}");
    laptop.stage.run(&destroy).ok();
    assert!(!laptop.path(&file).exists());
}

#[test]
fn r22_r24_an_import_is_made_for_the_node_that_holds_the_index() {
    let laptop = Laptop::new();
    let key = laptop.key(Curve::Secp256k1);
    let file = laptop.put("store", &laptop.set.export(&key, 1));
    let to = |node: &str, rest: &str| {
        laptop.stage.run(&format!(
            "share rewrap {file} --identity A.id --to-node {node} --out x.import.json --passphrase-file pass {rest}"
        ))
    };
    to("OFFICIAL_1", "").fails(1, "no terminal");
    to("OFFICIAL_1", "--confirm \"one two\"").fails(4, "not those of the pinned node set");
    assert!(!laptop.path("x.import.json").exists());
    let set = format!("--confirm {}", laptop.set.chain.current_hash());
    to("OFFICIAL_2", "").fails(3, "belongs to OFFICIAL_1, not to OFFICIAL_2");
    to("OFFICIAL_9", "").fails(3, "belongs to OFFICIAL_1");
    to("OFFICIAL_1", "--valid-hours 200").fails(2, "200");
    let told = to("OFFICIAL_1", &format!("--valid-hours 2 {set}")).ok();
    assert_eq!(told["node"], "OFFICIAL_1");
    assert!(told["rewrappedKeyShare"].as_str().unwrap().starts_with("-----BEGIN AGE"));
    assert!(laptop.path(&file).exists());
    let import =
        quorate::shard::DirtyImport::parse(&fs::read(laptop.path("x.import.json")).unwrap()).unwrap();
    let bytes = laptop.set.node(1).to_bytes();
    let secret = quorate::secret::Secret::from_slice(&bytes.expose()[64..]).unwrap();
    let identity = quorate::wrap::recipient::Identity::from_secret(secret);
    let open = |now| import.open(&identity, &laptop.set.chain, &official(1), now);
    let (_, open_now) = open(Time::now()).unwrap();
    assert_eq!(open_now.share.unwrap().share.scalar().expose(), key.scalars[0].expose());
    assert!(open(Time::now().plus_seconds(2 * 3600)).is_err());
    to("OFFICIAL_1", &set).fails(1, "already there");

    // Another holder in the pinned set.
    let mut laptop = laptop;
    laptop.set.succeed(1, person("Zoe"));
    laptop.pin();
    let line =
        format!("share rewrap {file} --identity A.id --to-node OFFICIAL_1 --out y --passphrase-file pass");
    laptop.stage.run(&line).fails(3, "but the custodian of this index is Zoe");
    laptop.set.replace_node(1, 4);
    laptop.pin();
    laptop.stage.run(&line).fails(3, "belongs to OFFICIAL_4");
    assert!(!laptop.path("y").exists());
}

#[test]
fn r29_r30_list_and_rebuild_inventory() {
    let laptop = Laptop::new();
    let key = laptop.key(Curve::Ed25519);
    let shards: Vec<_> = (1..=3).map(|i| laptop.set.export(&key, i)).collect();
    let one = laptop.put("a", &shards[0]);
    let listed = |places: &str| laptop.stage.run(&format!("share list {places}")).ok();
    laptop.stage.run("share list").fails(2, "no nodes");
    let told = listed("a");
    assert_eq!(
        (&told["keys"][0]["quorums"], &told["keys"][0]["indices"]),
        (&0.into(), &serde_json::json!([1]))
    );
    let given = rewrapped(&shards[1], &laptop.set.chain, laptop.set.person(2), laptop.set.person(3));
    let given = laptop.put("b", &given);
    laptop.stage.write(&format!("b/{}.old", shards[1].file_name()), shards[1].bytes());
    laptop.stage.write("b/notes.txt", b"not a shard");
    laptop.stage.write("b/A-x.shard.json", b"{}\n");
    fs::create_dir(laptop.path("b/below")).unwrap();
    laptop.put("b/below", &shards[2]);
    let told = listed("a b");
    let found = &told["keys"][0];
    assert_eq!((&found["quorums"], &found["quorumList"]), (&1.into(), &serde_json::json!([[1, 2]])));
    let copies = found["copies"].as_array().unwrap();
    assert_eq!(copies.len(), 3, "{told}");
    let of =
        |place: &str| copies.iter().find(|copy| copy["place"].as_str().unwrap().ends_with(place)).unwrap();
    assert_eq!((&of(&one)["rewrapped"], &of(&one)["old"]), (&false.into(), &false.into()));
    assert_eq!((&of(&given)["rewrapped"], &of(&given)["custodian"]), (&true.into(), &"C".into()));
    assert_eq!(of(".old")["old"], true);
    assert_eq!(told["refused"].as_array().unwrap().len(), 1);
    let all = listed("a b b/below");
    assert_eq!(all["keys"][0]["quorumList"], serde_json::json!([[1, 2], [1, 3], [2, 3]]));
    let text = laptop.stage.text("share list a b").stdout;
    assert!(text.contains("quorums: 1,2") && text.contains("UNUSABLE") && text.contains("OLD"), "{text}");

    let rebuild = |what: &str| laptop.stage.run(&format!("key rebuild-inventory {what}"));
    laptop.stage.run(&format!("key show --key {}", key.card.body().key_id)).fails(1, "no key");
    assert_eq!(rebuild(&one).ok()["keys"][0]["alreadyThere"], false);
    let card = laptop.stage.home(&format!("keys/{}.card.json", key.card.body().key_id));
    let bytes = fs::read(&card).unwrap();
    assert_eq!(bytes, quorate::codec::canonical("card", &key.card).unwrap());
    assert_eq!(rebuild("b/below").ok()["keys"][0]["alreadyThere"], true);
    // One bad file does not keep the others back; an alias comes along.
    let alias = laptop.set.alias(&key);
    let id = alias.alias.new_key_id;
    let named = shards[0].clone();
    let named = quorate::shard::Shard::new(
        &laptop.set.chain,
        named.card().clone(),
        Some(alias),
        named.header().clone(),
        named.parcel().clone(),
    );
    laptop.put("b", &named.unwrap());
    let told = rebuild("b").ok();
    assert_eq!((&told["aliases"], told["refused"].as_array().unwrap().len()), (&serde_json::json!([id]), 1));
    assert!(laptop.stage.home(&format!("keys/{id}.alias.json")).exists());
    rebuild("b/A-x.shard.json").fails(4, "altered");
    fs::write(&card, b"{}").unwrap();
    rebuild(&one).fails(4, "another card of key");
    assert_eq!(fs::read(&card).unwrap(), b"{}");
}
