//! What an approver sees and answers, and what `request status` says of each approval.

use std::fs;

use quorate::{
    ceremony::{custodians, requests},
    ids::Time,
    request::{Action, Approval, SignedRequest},
    wrap::passphrase::{Passphrase, danger_allow_small_costs},
};
use serde_json::{Value, json};

use crate::cli::{Run, harness};
use crate::cli_custodian::{PHRASE, keygen};
use crate::custody_stage::shards;
use crate::node_stage::{Stage, liar, name, sign};
use crate::production_stage::Production;
use crate::pty::{CTRL_C, Session};
use crate::quorum_faulty::bad_share;

/// What an approver is shown, in order.
fn shown(run: Run) -> Vec<String> {
    let Run { code, stderr, line, .. } = run;
    assert_eq!(code, Some(0), "{line}: {stderr}");
    stderr.lines().map(|line| line.trim_start_matches("note: ").to_owned()).collect()
}

#[track_caller]
fn shows(lines: &[String], expected: &[&str]) {
    let mut rest = lines.iter();
    for wanted in expected {
        assert!(rest.any(|line| line.contains(wanted)), "{wanted}: {lines:#?}");
    }
}

fn unlocked(production: &Production, who: &str) -> quorate::identity::PersonIdentity {
    danger_allow_small_costs();
    let phrase = Passphrase::from_bytes(PHRASE.as_bytes().to_vec()).unwrap();
    custodians::read_identity(&production.path(&format!("{who}.id"))).unwrap().unlock(&phrase).unwrap()
}

#[test]
fn r37_every_field_of_what_is_agreed_to_is_shown_decoded() {
    let production = Production::new();
    let key = production.key("ED25519");
    let label = format!("key: {key} (no label)");
    production.laptop(&format!("key rebuild-inventory {}", exported(&production, &key))).ok();
    let ask = |new: &str, out: &str| production.ask("K", &format!("request new {new} --out {out}")).ok();
    let a = unlocked(&production, "A").recipient().to_string();
    let c = unlocked(&production, "C").recipient().to_string();
    let frame = ["asked for by: K", "valid: from ", "attempts: 3 at most"];
    let seen = |request: &str| shown(production.approve("B", request));

    ask(&format!("export --key {key} --server OFFICIAL_1 --delete"), "e.json");
    let to = format!("to: A, {a}");
    let delete = "delete: YES: the server deletes it against the custodian's receipt";
    let common = ["operation: EXPORT a share", &label, "curve: ED25519, for production", "from: OFFICIAL_1"];
    shows(&seen("e.json"), &[&common[..], &[&to, delete], &frame].concat());
    ask(&format!("export --key {key} --server OFFICIAL_1"), "k.json");
    shows(&seen("k.json"), &[&common[..], &[&to, "delete: no: the server keeps it"], &frame].concat());

    let recovery = format!("recover --key {key} --to C --reason 'the vendor is gone'");
    let title = "operation: RECOVER THE PRIVATE KEY: it will be whole on one device";
    let to = format!("to the device of: C, {c}");
    for (more, from, delete) in [
        ("--servers OFFICIAL_3,OFFICIAL_1", "shares from: OFFICIAL_3 OFFICIAL_1", "delete: no"),
        ("--delete-after-recover", "shares from: OFFICIAL_1 OFFICIAL_2", "delete: YES: the servers delete"),
    ] {
        let file = format!("r{}.json", more.len());
        ask(&format!("{recovery} {more}"), &file);
        shows(
            &seen(&file),
            &[title, &label, from, &to, "have it SHOWN there", "reason: the vendor is gone", delete],
        );
    }
    let line =
        format!("request new {recovery} --offline --requester K.id --passphrase-file pass --out o.json");
    production.laptop(&line).ok();
    shows(
        &seen("o.json"),
        &[title, &label, "shares from: shards that custodians bring; no server is asked", &to],
    );

    // Node 1 gives its share out, and A cannot sign for it.
    let both = production.approved("e.json", &["B", "C"]);
    production
        .run(&format!("share export --key {key} --server OFFICIAL_1 --delete --out-dir out {both}"))
        .ok();
    ask(&format!("release --key {key} --server OFFICIAL_1 --reason 'A is ill'"), "d.json");
    let title = "operation: DELETE a share WITHOUT its custodian's receipt";
    shows(&seen("d.json"), &[title, &label, "from: OFFICIAL_1", "export: ", "reason: A is ill"]);

    ask(&format!("unlock --key {key} --culprit OFFICIAL_2 --reason rebuilt"), "u.json");
    let title = "operation: LIFT THE LOCK on a server that misbehaved";
    shows(&seen("u.json"), &[title, &label, "culprit: OFFICIAL_2", "reason: rebuilt"]);

    // The share that left comes back.
    let shard = shards(&production.path("out"), "B")[0].display().to_string();
    let line = format!("share rewrap {shard} --identity B.id --passphrase-file pass --to-node OFFICIAL_2");
    let words = production.run("node card --out now.json").ok()["words"].as_str().unwrap().to_owned();
    production.laptop(&format!("{line} --out b.import.json --confirm '{words}'")).ok();
    ask("import b.import.json --server OFFICIAL_2", "i.json");
    let request = requests::read(&production.path("i.json")).unwrap();
    let Action::Import(params) = &request.request.action else { panic!() };
    let share = format!("share: the encrypted share with SHA-256 {}", params.share_blob_hash);
    shows(
        &seen("i.json"),
        &["operation: IMPORT a share, to stay on its server", &label, "to: OFFICIAL_2", &share, "aux: none"],
    );

    production
        .ask("K", "policy propose --allow-blind yes --quorum recover=3 --validity-hours 12 --out g.json")
        .ok();
    let title = "operation: CHANGE who decides: a next version of the genesis";
    let changes = seen("g.json");
    shows(&changes, &[title, "change: ", "version: 1 of this set's genesis", "its words: "]);
    for change in ["recover", "bare digests", "43200"] {
        assert!(
            changes.iter().any(|line| line.starts_with("change: ") && line.contains(change)),
            "{changes:#?}"
        );
    }
}

/// Node 2 gives its share to B, who keeps the shard; where it is.
fn exported(production: &Production, key: &str) -> String {
    let export = format!("share export --key {key} --server OFFICIAL_2 --delete");
    production.ask("K", &format!("{} --out x.json", export.replace("share", "request new"))).ok();
    let both = production.approved("x.json", &["A", "C"]);
    let by_b = "--identity B.id --passphrase-file pass";
    production.run(&format!("{export} --out-dir out {by_b} {both}")).ok();
    shards(&production.path("out"), "B")[0].display().to_string()
}

#[test]
fn r37_one_question_per_field_and_no_is_the_answer_to_each() {
    let production = Production::new();
    let key = production.key("ED25519");
    let new = format!("request new export --key {key} --server OFFICIAL_1 --delete --out e.json");
    production.ask("K", &new).ok();
    let start = || {
        let mut command = production.stage.bare(&harness());
        command.args(["--home", "laptop", "approve", "e.json", "--identity", "A.id", "--out", "a.json"]);
        Session::start(command)
    };
    let fields =
        ["operation: EXPORT", "key: ", "key words: ", "from: OFFICIAL_1", "to: A, age1", "delete: YES"];
    let frame = ["asked for by: K", "valid: from", "attempts: 3"];
    let all: Vec<&str> = fields.into_iter().chain(frame).collect();
    // At each question in turn: Enter alone, no, and yes without a capital are all No.
    for stop in 0..all.len() {
        let mut session = start();
        for field in &all[..stop] {
            session.expect(field).expect("Type Yes").line("Yes");
        }
        session.expect(all[stop]).expect("Type Yes").line(["", "no", "yes"][stop % 3]);
        let ended = session.end().with(130);
        assert!(ended.transcript.contains("nothing was approved"), "{ended:?}");
        assert!(!production.path("a.json").exists());
    }
    let answered = || {
        let mut session = start();
        for field in &all {
            session.expect(field).expect("Type Yes").line("Yes");
        }
        session
    };
    let mut cut = answered();
    cut.expect("The words of this request").send(CTRL_C);
    cut.end().with(130);
    assert!(!production.path("a.json").exists());
    let mut session = answered();
    session.expect("If you hear other ones, stop.").line("Yes");
    session.expect("Passphrase of A's identity").line(PHRASE);
    session.end().with(0);
    let status = production.laptop("request status e.json --approval a.json").ok();
    assert_eq!(status["quorums"][0]["have"], 1, "{status}");
}

#[test]
fn r37_r38_status_judges_every_approval_and_says_who_is_missing() {
    let production = Production::new();
    keygen(&production.stage, "Z");
    let key = production.key("ED25519");
    let new = format!("request new export --key {key} --server OFFICIAL_1 --delete --out e.json");
    production.ask("K", &new).ok();
    let request = requests::read(&production.path("e.json")).unwrap();
    let hash = request.request.hash().unwrap();
    let write = |file: &str, approval: &Approval| {
        let mut bytes = quorate::codec::canonical("approval", approval).unwrap();
        bytes.push(b'\n');
        production.stage.write(file, &bytes);
    };
    let by = |who: &str| Approval::sign(who.parse().unwrap(), hash, unlocked(&production, who).approval());
    for who in ["A", "B", "K", "U", "Z"] {
        write(&format!("{who}.ok"), &by(who));
    }
    let mut bad = by("B");
    bad.signature.0[9] ^= 1;
    write("bad", &bad);
    let other = Approval::sign(
        "B".parse().unwrap(),
        request.request.policy_hash,
        unlocked(&production, "B").approval(),
    );
    write("other", &other);
    write("key", &Approval::sign("B".parse().unwrap(), hash, unlocked(&production, "Z").approval()));
    let status = |files: &[&str]| {
        let approvals: String = files.iter().map(|file| format!(" --approval {file}")).collect();
        production.laptop(&format!("request status e.json{approvals}"))
    };
    let verdicts = |files: &[&str]| -> (Vec<String>, Value, String) {
        let (line, said) = (status(files).line, status(files).ok());
        let mut command = production.stage.bare(&harness());
        command.args(["--home", "laptop"]).args(shlex::split(&line).unwrap());
        let hints = Run::of(&line, command.output().unwrap()).stderr;
        let quorum = &said["quorums"][0];
        let rows = quorum["approvals"].as_array().unwrap();
        let rows = rows.iter().map(|row| format!("{}: {}", row["approver"], row["verdict"]).replace('"', ""));
        (rows.collect(), json!([quorum["have"], quorum["met"], said["approved"], quorum["open"]]), hints)
    };
    let all = ["A.ok", "A.ok", "K.ok", "U.ok", "Z.ok", "bad", "other", "key"];
    let (rows, sum, hints) = verdicts(&all);
    let expected = [
        "A: valid",
        "A: duplicate",
        "K: requester",
        "U: auditor",
        "Z: notEnrolled",
        "B: badSignature",
        "B: otherRequest",
        "B: otherKey",
    ];
    assert_eq!(rows, expected);
    assert_eq!(sum, json!([1, false, false, ["B", "C"]]));
    for who in ["B", "C"] {
        let command = format!(
            "on {who}'s machine: quorate approve e.json --identity {who}.identity.json --out {who}.approval.json"
        );
        assert!(hints.contains(&command), "{hints}");
    }
    let (_, sum, hints) = verdicts(&["A.ok", "B.ok"]);
    assert_eq!(sum, json!([2, true, true, ["C"]]));
    assert!(!hints.contains("quorate approve"), "{hints}");
    // Once it has expired, no approval is worth anything, and nobody is called.
    let mut late: SignedRequest = request;
    late.request.not_before = Time::now().plus_seconds(-7200);
    late.request.expiry = Time::now().plus_seconds(-1);
    let late_hash = late.request.hash().unwrap();
    late.requester_signature = Some(unlocked(&production, "K").approval().sign(&late_hash));
    for who in ["A", "B"] {
        let approval = Approval::sign(who.parse().unwrap(), late_hash, unlocked(&production, who).approval());
        write(&format!("{who}.late"), &approval);
    }
    fs::write(production.path("e.json"), requests::to_bytes(&late).unwrap()).unwrap();
    let (rows, sum, hints) = verdicts(&["A.late", "B.late"]);
    assert_eq!(rows, ["A: expired", "B: expired"]);
    assert_eq!(sum, json!([0, false, false, ["C"]]));
    assert!(!hints.contains("quorate approve"), "{hints}");
}

#[test]
fn r13_locks_are_shown_and_lifted_at_the_command_line() {
    let stage = Stage::new(3);
    let key = stage.key(quorate::curve::Curve::Ed25519, 2);
    sign(&mut stage.open_with(liar(2, bad_share)), &key, &[1, 2]).err().unwrap();
    let with = |json: &[&str], line: &str| {
        let mut command = std::process::Command::new(harness());
        command.arg("--home").arg(stage.home()).args(json).args(shlex::split(line).unwrap());
        Run::of(line, command.output().unwrap())
    };
    let run = |line: &str| with(&["--json"], line);
    let shown = with(&[], &format!("key locks --key {key}"));
    let unlock = format!("key unlock --key {key} --culprit OFFICIAL_2 --reason TEXT");
    assert!(shown.stderr.contains(&unlock), "{}", shown.stderr);
    assert!(
        shown.stdout.contains("OFFICIAL_2") && shown.stdout.contains("its own observation"),
        "{}",
        shown.stdout
    );
    let locks = run(&format!("key locks --key {key}")).ok()["locks"].clone();
    assert_eq!(locks.as_array().unwrap().len(), 1, "{locks}");
    let of = (&locks[0]["server"], &locks[0]["culprit"], &locks[0]["proven"]);
    assert_eq!(of, (&"OFFICIAL_1".into(), &"OFFICIAL_2".into(), &false.into()));
    let sign = format!("sign --key {key} --message x --servers OFFICIAL_1,OFFICIAL_2");
    run(&sign).fails(3, "does not work with OFFICIAL_2");
    let lift = format!("key unlock --key {key} --culprit OFFICIAL_2");
    run(&lift).fails(2, "--reason");
    run(&format!("key unlock --key {key} --culprit OFFICIAL_3 --reason x")).ok();
    assert_eq!(stage.locks(1, &key), [name(2)]);
    let lifted = run(&format!("{lift} --reason rebuilt")).ok();
    assert!(lifted.to_string().contains("OFFICIAL_1"), "{lifted}");
    assert_eq!(run(&format!("key locks --key {key}")).ok()["locks"], json!([]));
    run(&sign).ok();
}

#[test]
fn r42_bare_digests_are_signed_once_the_policy_allows_them() {
    let production = Production::new();
    let key = production.key("SECP256K1_SCHNORR");
    let sign = format!("--key {key} --digest {}", "07".repeat(32));
    let asked = production.ask("K", &format!("sign {sign} --servers OFFICIAL_1,OFFICIAL_2"));
    asked.fails(3, "does not allow blind signatures");
    production.ask("K", "policy propose --allow-blind yes --out g.json").ok();
    let both = production.approved("g.json", &["A", "B"]);
    let approvals = both.split_once("--approval").unwrap().1;
    production.run(&format!("policy adopt g.json --approval{approvals}")).ok();
    production.pin();
    let shown = production.run("policy show").ok();
    assert_eq!(shown["allowBlind"], true, "{shown}");
    // Every share leaves, and comes for one signature: whoever grants says that they know what it is.
    for (i, who) in [(1, "A"), (2, "B"), (3, "C")] {
        let export = format!("share export --key {key} --server OFFICIAL_{i} --delete");
        production.ask("K", &format!("{} --out e{i}.json", export.replace("share", "request new"))).ok();
        let both = production.approved(&format!("e{i}.json"), &["A", "B"]);
        let by = format!("--identity {who}.id --passphrase-file pass");
        production.run(&format!("{export} --out-dir out {by} {both}")).ok();
    }
    let new = format!("request new sign {sign} --servers OFFICIAL_1,OFFICIAL_2 --out s.json");
    production.ask("K", &new).ok();
    let grant = |who: &str, more: &str| {
        let shard = shards(&production.path("out"), who)[0].display().to_string();
        let words = production.words("s.json");
        production.laptop(&format!(
            "sign grant s.json --shard {shard} --identity {who}.id --passphrase-file pass --out {who}.grant --confirm '{words}' {more}"
        ))
    };
    grant("A", "").fails(3, "BLIND SIGNATURE");
    grant("A", "--allow-blind").ok();
    grant("B", "--allow-blind").ok();
    let signed = production.run("sign run s.json --grant A.grant --grant B.grant").ok();
    let signature = signed["signature"].as_str().unwrap();
    let public = signed["rootPublicKey"].as_str().unwrap();
    production
        .run(&format!(
            "verify --curve SECP256K1_SCHNORR --public-key {public} --signature {signature} --digest {}",
            "07".repeat(32)
        ))
        .ok();
}
