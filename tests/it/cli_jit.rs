//! `sign --shard`, `request`, `sign grant` and `sign run`, from outside.

use std::fs;

use crate::cli::{Run, Stage, harness};
use crate::custody_stage::{Custody, custodian};

/// A custodian's laptop: a home without nodes that has pinned the node set.
pub fn laptop(custody: &Custody) {
    at(&custody.stage, "laptop", "init --no-nodes").ok();
    pin(custody, "set.json");
}

/// The laptop pins the node set as it is now.
fn pin(custody: &Custody, file: &str) {
    let card = custody.run(&format!("node card --out {file}")).ok();
    let words = card["words"].as_str().unwrap();
    at(&custody.stage, "laptop", &format!("node pin {file} --fingerprint '{words}'")).ok();
}

pub fn at(stage: &Stage, home: &str, line: &str) -> Run {
    let mut command = stage.bare(&harness());
    command.args(["--home", home, "--json"]).args(shlex::split(line).unwrap());
    Run::of(line, command.output().unwrap())
}

/// A new request; `message` is what the file of that name holds.
pub fn request(custody: &Custody, more: &str, out: &str, message: &[u8]) -> serde_json::Value {
    custody.stage.write("message", message);
    custody.run(&format!("request new sign --key {} {more} --out {out}", custody.key)).ok()
}

pub fn grant(custody: &Custody, i: usize, request: &str, out: &str, more: &str) -> Run {
    let (who, shard) = (custodian(i), custody.shard(i));
    let line = format!(
        "sign grant {request} --shard {shard} --identity {who}.id --passphrase-file pass --out {out} {more}"
    );
    at(&custody.stage, "laptop", &line)
}

/// Nothing is left open, and every server says so.
fn clear(custody: &Custody, signed: &serde_json::Value, t: usize) {
    let statements = signed["statements"].as_array().unwrap();
    assert_eq!(statements.len(), t);
    for statement in statements {
        let said = &statement["statement"];
        assert_eq!(
            (&said["shares"], &said["aux"], &said["leases"]),
            (&0.into(), &0.into(), &0.into()),
            "{said}"
        );
        assert_eq!(said["empty"], true);
        assert_eq!(statement["signature"].as_str().unwrap().len(), 128);
    }
    assert_eq!(fs::read_dir(custody.stage.home("operations")).map_or(0, Iterator::count), 0);
    let doctor = custody.run("doctor").ok();
    assert!(doctor["findings"].as_array().unwrap().is_empty(), "{doctor}");
}

#[test]
fn r25_one_command_signs_with_shards_and_leaves_the_servers_empty() {
    let custody = Custody::exported("SECP256k1", 2, 3);
    let key = &custody.key;
    for (signers, format) in [([1, 2], "der"), ([3, 1], "raw")] {
        let jit = custody.jit("out", &signers);
        let signed = custody.run(&format!("sign --key {key} --message pay --format {format}{jit}")).ok();
        clear(&custody, &signed, 2);
        assert_eq!(signed["verified"], true);
        let (signature, r, s) = (&signed["signature"], &signed["r"], &signed["s"]);
        let raw = format!("{}{}", r.as_str().unwrap(), s.as_str().unwrap());
        assert_eq!(signature.as_str().unwrap() == raw, format == "raw");
        let root = signed["rootPublicKey"].as_str().unwrap();
        let signature = signature.as_str().unwrap();
        let verify =
            format!("verify --curve SECP256k1 --public-key {root} --message pay --signature {signature}");
        assert_eq!(custody.run(&verify).ok()["valid"], true);
    }
    let plain = custody
        .stage
        .text(&format!("sign --key {key} --message pay --format json{}", custody.jit("out", &[2, 3])));
    let json: serde_json::Value = serde_json::from_str(&plain.text()).unwrap();
    assert_eq!(json["verified"], true);
}

#[test]
fn r25_wrong_shards_and_identities_are_refused_before_a_server_is_asked() {
    let custody = Custody::exported("ED25519", 2, 3);
    let sign = format!("sign --key {} --message pay", custody.key);
    let before =
        custody.run("node status OFFICIAL_1").ok()["nodes"][0]["statement"]["head"]["counter"].clone();
    custody.run(&format!("{sign}{}", custody.jit("out", &[1]))).fails(1, "exactly 2 shards; 1 given");
    custody.run(&format!("{sign}{}", custody.jit("out", &[1, 2, 3]))).fails(1, "exactly 2 shards; 3 given");
    custody
        .run(&format!("{sign}{}", custody.jit("out", &[1, 1])))
        .fails(1, "two of the shards are of index 1");
    let (a, b) = (custody.shard(1), custody.shard(2));
    let ids = "--identity B.id --passphrase-file pass --identity A.id --passphrase-file pass";
    custody.run(&format!("{sign} --shard {a} --shard {b} {ids}")).fails(3, "B, but the custodian");
    custody
        .run(&format!("{sign} --shard {a} --shard {b} --identity A.id --passphrase-file pass"))
        .fails(2, "each --shard needs");
    custody.run(&format!("{sign} --shard {a}")).fails(2, "");
    let wrong = custody.jit("out", &[1, 2]).replacen("--passphrase-file pass", "--passphrase-file wrong", 1);
    custody.run(&format!("{sign}{wrong}")).fails(4, "passphrase");
    let servers = "--servers OFFICIAL_1,OFFICIAL_3";
    custody.run(&format!("{sign} {servers}{}", custody.jit("out", &[1, 2]))).fails(1, "leave --servers out");
    // A flipped byte, and a shard under another's name.
    let mut bytes = fs::read(&a).unwrap();
    let at = bytes.len() / 2;
    bytes[at] ^= 1;
    custody.stage.write("altered.json", &bytes);
    custody.run(&format!("{sign} --shard altered.json --identity A.id --passphrase-file pass --shard {b} --identity B.id --passphrase-file pass")).fails(4, "altered.json");
    let after =
        custody.run("node status OFFICIAL_1").ok()["nodes"][0]["statement"]["head"]["counter"].clone();
    assert_eq!(after.as_u64().unwrap(), before.as_u64().unwrap() + 1, "only the status itself was logged");
    let other = custody.run("key generate --curve ED25519 --threshold 2").ok();
    let line = sign.replace(&custody.key, other["keyId"].as_str().unwrap());
    custody.run(&format!("{line}{}", custody.jit("out", &[1, 2]))).fails(1, "not of");
    let der = custody.jit("out", &[1, 2]);
    custody.run(&format!("{sign} --format der{der}")).fails(2, "no DER form");
    // And without shards the empty servers say what to do.
    custody.run(&format!("{sign} --servers OFFICIAL_1,OFFICIAL_2")).fails(1, "--shard");
}

#[test]
fn r16_r25_custodians_grant_on_their_own_machines() {
    let custody = Custody::exported("ED25519", 2, 3);
    laptop(&custody);
    let made =
        request(&custody, "--message 'pay 5 to Zoe' --servers OFFICIAL_1,OFFICIAL_3", "p.request.json", b"");
    let words = made["words"].as_str().unwrap().to_owned();
    for home in ["home", "laptop"] {
        let shown = at(&custody.stage, home, "request show p.request.json").ok();
        assert_eq!(shown["words"], *words);
        assert_eq!(shown["grants"][1]["custodian"], "C");
        assert_eq!(shown["grants"][0]["signed"], true);
    }
    let doctor = custody.run("doctor").ok();
    assert_eq!(
        (&doctor["findings"][0]["kind"], &doctor["findings"][0]["waits"]),
        (&"sign".into(), &true.into())
    );
    grant(&custody, 1, "p.request.json", "A.grant.json", "").fails(1, "answer");
    grant(&custody, 1, "p.request.json", "A.grant.json", "--confirm 'wrong words'")
        .fails(4, "not those of this request");
    grant(&custody, 2, "p.request.json", "B.grant.json", &format!("--confirm '{words}'"))
        .fails(1, "does not sign");
    assert!(!custody.stage.path("A.grant.json").exists());
    for i in [1, 3] {
        let done = grant(
            &custody,
            i,
            "p.request.json",
            &format!("{}.grant.json", custodian(i)),
            &format!("--confirm '{words}'"),
        );
        assert!(done.stderr.contains("\"pay 5 to Zoe\" (12 bytes)"), "{}", done.stderr);
        let done = done.ok();
        assert_eq!(
            (&done["words"], &done["attempt"], &done["blind"]),
            (&words.clone().into(), &1.into(), &false.into())
        );
    }
    custody.run("sign run p.request.json --grant A.grant.json").fails(1, "a grant of C is missing");
    let run = "sign run p.request.json --grant C.grant.json --grant A.grant.json";
    let signed = custody.run(run).ok();
    clear(&custody, &signed, 2);
    let again = custody.run(run).fails(3, "ask for grants again");
    assert_eq!(again["hints"][0], "quorate --home home request renew p.request.json --out NEW.request.json");
    clear(&custody, &signed, 2);
    let renewed = custody.run("request renew p.request.json --out q.request.json").ok();
    assert_eq!((&renewed["words"], &renewed["grants"][0]["attempt"]), (&words.into(), &2.into()));
    let cancelled = custody.run("request cancel q.request.json").ok();
    clear(&custody, &cancelled, 2);
}

#[test]
fn r25_a_schnorr_grant_goes_as_one_qr_code() {
    let custody = Custody::exported("ED25519", 2, 5);
    laptop(&custody);
    for kind in ["png", "svg"] {
        let file = format!("{kind}.request.json");
        let made = request(&custody, "--message pay --servers OFFICIAL_2,OFFICIAL_5", &file, b"");
        let confirm = format!("--confirm '{}'", made["words"].as_str().unwrap());
        for i in [2, 5] {
            let out = format!("{kind}{i}.grant.json");
            grant(&custody, i, &file, &out, &format!("{confirm} --qr {kind}{i}.{kind}")).ok();
        }
        assert!(fs::read(custody.stage.path(&format!("{kind}2.{kind}"))).unwrap().len() > 1000);
        let ending = if kind == "png" { "png" } else { "grant.json" };
        let signed =
            custody.run(&format!("sign run {file} --grant {kind}2.{ending} --grant {kind}5.grant.json")).ok();
        clear(&custody, &signed, 2);
    }
    let made = request(&custody, "--message pay", "x.request.json", b"");
    let confirm = format!("--confirm '{}'", made["words"].as_str().unwrap());
    grant(&custody, 1, "x.request.json", "x.grant.json", &format!("{confirm} --qr x.gif"))
        .fails(2, ".svg or .png");
    assert!(!custody.stage.path("x.grant.json").exists());
}

#[test]
fn r16_a_bare_digest_is_called_blind_and_needs_leave() {
    let custody = Custody::exported("SECP256k1", 2, 3);
    laptop(&custody);
    let digest = "7".repeat(64);
    let made = request(&custody, &format!("--digest {digest}"), "d.request.json", b"");
    assert_eq!(made["blind"], true);
    let confirm = format!("--confirm '{}'", made["words"].as_str().unwrap());
    grant(&custody, 1, "d.request.json", "A.grant.json", &confirm).fails(3, "UNDECODED: BLIND SIGNATURE");
    for i in [1, 2] {
        let out = format!("{}.grant.json", custodian(i));
        let done = grant(&custody, i, "d.request.json", &out, &format!("{confirm} --allow-blind"));
        assert!(done.stderr.contains("UNDECODED: BLIND SIGNATURE over 7777"), "{}", done.stderr);
        done.ok();
    }
    let run = custody.run("sign run d.request.json --grant A.grant.json --grant B.grant.json");
    assert!(run.stderr.contains("BLIND"), "{}", run.stderr);
    let signed = run.ok();
    assert_eq!((&signed["blind"], &signed["digest"]), (&true.into(), &digest.into()));
    clear(&custody, &signed, 2);
}

/// A shard signs on the node that holds its index now, and what was granted to the node before serves nobody.
#[test]
fn r22_r25_a_shard_signs_on_the_node_that_took_the_place_of_its_own() {
    let custody = Custody::exported("ED25519", 2, 3);
    laptop(&custody);
    let granted = |request: &serde_json::Value, file: &str, out: &str| {
        let confirm = format!("--confirm '{}'", request["words"].as_str().unwrap());
        for i in [1, 3] {
            grant(&custody, i, file, &format!("{out}-{}.json", custodian(i)), &confirm).ok();
        }
        confirm
    };
    let old = request(&custody, "--message pay --servers OFFICIAL_1,OFFICIAL_3", "old.request.json", b"");
    let confirm = granted(&old, "old.request.json", "old");
    let lost = request(&custody, "--message lost --servers OFFICIAL_1,OFFICIAL_2", "lost.request.json", b"");
    custody.run("node replace OFFICIAL_1 --with NEW_1").ok();

    custody
        .run("sign run old.request.json --grant old-A.json --grant old-C.json")
        .fails(3, "another genesis");
    for signers in [[1, 2], [3, 1]] {
        let jit = custody.jit("out", &signers);
        let signed = custody.run(&format!("sign --key {} --message pay{jit}", custody.key)).ok();
        assert_eq!(signed["verified"], true);
        let said = signed["statements"].as_array().unwrap();
        let said: Vec<_> =
            said.iter().map(|said| (&said["statement"]["node"], &said["statement"]["empty"])).collect();
        assert!(said.contains(&(&"NEW_1".into(), &true.into())), "{signed}");
        assert!(said.iter().all(|(node, _)| **node != "OFFICIAL_1"), "{signed}");
    }
    // By request and grants: the custodian has to learn of the new node first.
    let new = request(&custody, "--message pay --servers NEW_1,OFFICIAL_3", "new.request.json", b"");
    let words = format!("--confirm '{}'", new["words"].as_str().unwrap());
    grant(&custody, 1, "new.request.json", "early.json", &words).fails(3, "another genesis");
    pin(&custody, "newer-set.json");
    grant(&custody, 1, "old.request.json", "late.json", &confirm).fails(3, "another genesis");
    assert!(!custody.stage.path("early.json").exists() && !custody.stage.path("late.json").exists());
    granted(&new, "new.request.json", "new");
    let run = "sign run new.request.json --grant new-C.json --grant";
    custody.run(&format!("{run} old-A.json")).fails(4, "");
    let signed = custody.run(&format!("{run} new-A.json")).ok();
    assert_eq!(signed["verified"], true);
    // Both old requests end, though one of their nodes is of the set no more.
    custody.run("request cancel old.request.json").ok();
    custody.run(&format!("request cancel --operation {}", lost["opId"].as_str().unwrap())).ok();
    let doctor = custody.run("doctor").ok();
    assert!(doctor["findings"].as_array().unwrap().is_empty(), "{doctor}");
    assert_eq!(custody.run("node status").ok()["empty"], true);
}
