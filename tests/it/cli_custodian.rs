//! `custodian`: identities under a passphrase, from outside.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Stdio;

use serde_json::Value;

use crate::cli::{Run, Stage};

pub const PHRASE: &str = "correct horse battery staple 7";

/// A stage with passphrase files `pass`, `new` and `wrong`.
pub fn stage() -> Stage {
    let stage = Stage::empty();
    stage.write_secret("pass", format!("{PHRASE}\n").as_bytes());
    stage.write_secret("new", b"another horse battery staple 8");
    stage.write_secret("wrong", b"correct horse battery staple 8");
    stage
}

/// Makes the identity `<name>.id` with the passphrase in `pass`.
pub fn keygen(stage: &Stage, name: &str) -> Value {
    stage.run(&format!("custodian keygen --name {name} --out {name}.id --passphrase-file pass")).ok()
}

#[test]
fn r22_r35_keygen_makes_a_private_identity_and_a_public_card() {
    let stage = stage();
    let made = keygen(&stage, "A");
    assert!(made["recipient"].as_str().unwrap().starts_with("age1"));
    assert_eq!(made["approvalKey"].as_str().unwrap().len(), 64);
    assert_eq!(made["fingerprint"].as_str().unwrap().len(), 64);
    assert_eq!(made["words"].as_str().unwrap().split(' ').count(), 16);
    assert_eq!(made["card"], "A.card.json");
    assert_eq!(fs::metadata(stage.path("A.id")).unwrap().permissions().mode() & 0o777, 0o600);

    let shown = stage.run("custodian show A.id").ok();
    for field in ["name", "recipient", "approvalKey", "fingerprint", "words"] {
        assert_eq!(shown[field], made[field], "{field}");
    }
    assert_eq!(shown["authenticated"], false);
    let verified = stage.run("custodian verify A.card.json").ok();
    assert_eq!((&verified["words"], &verified["proven"]), (&made["words"], &Value::Bool(false)));
    let opened = stage.run("custodian unlock-check A.id --passphrase-file pass").ok();
    assert_eq!(opened["recipient"], made["recipient"]);
}

#[test]
fn r46_nothing_is_overwritten() {
    let stage = stage();
    keygen(&stage, "A");
    let before = (fs::read(stage.path("A.id")).unwrap(), fs::read(stage.path("A.card.json")).unwrap());
    let again = "custodian keygen --name A --out A.id --passphrase-file pass";
    stage.run(again).fails(1, "already exists");
    stage.run(&again.replace("A.id", "B.id")).fails(1, "A.card.json already exists");
    assert!(!stage.path("B.id").exists());
    assert_eq!((fs::read(stage.path("A.id")).unwrap(), fs::read(stage.path("A.card.json")).unwrap()), before);
}

#[test]
fn r35_wrong_passphrases_and_altered_files_are_one_error() {
    let stage = stage();
    keygen(&stage, "A");
    let check = |file: &str, pass: &str| {
        stage.run(&format!("custodian unlock-check {file} --passphrase-file {pass}"))
    };
    let wrong = check("A.id", "wrong").fails(4, "wrong passphrase, or the file was altered");
    let text = fs::read_to_string(stage.path("A.id")).unwrap();
    stage.write("renamed.id", text.replace(r#""name":"A""#, r#""name":"B""#).as_bytes());
    assert_eq!(check("renamed.id", "pass").fails(4, "wrong passphrase")["message"], wrong["message"]);
    let costly = text.replace("m=64,t=1,p=1", "m=4294967296,t=1,p=1");
    stage.write("costly.id", costly.as_bytes());
    check("costly.id", "pass").fails(4, "outside what is accepted");
    stage.write("slow.id", text.replace("m=64,t=1,p=1", "m=64,t=1000000,p=1").as_bytes());
    check("slow.id", "pass").fails(4, "outside what is accepted");
    stage.write("newer.id", text.replace(r#""version":1"#, r#""version":9"#).as_bytes());
    check("newer.id", "pass").fails(1, "version 9");
    stage.write("huge.id", &vec![b' '; 1 << 20]);
    check("huge.id", "pass").fails(1, "larger");
}

#[test]
fn r35_the_shipped_program_opens_no_file_with_costs_below_the_floor() {
    let stage = stage();
    keygen(&stage, "A");
    stage
        .run_shipped("custodian unlock-check A.id --passphrase-file pass")
        .fails(4, "outside what is accepted");
}

#[test]
fn r35_one_passphrase_in_several_spellings_opens_one_identity() {
    let stage = stage();
    stage.write_secret("nfc", "Zo\u{eb} trägt sieben gelbe Stiefel".as_bytes());
    stage.write_secret("nfd", "Zoe\u{308} tra\u{308}gt sieben gelbe Stiefel\r\n".as_bytes());
    stage.run("custodian keygen --name A --out A.id --passphrase-file nfc").ok();
    for spelling in ["nfc", "nfd"] {
        stage.run(&format!("custodian unlock-check A.id --passphrase-file {spelling}")).ok();
    }
}

#[test]
fn r35_r51_bad_passphrases_make_nothing() {
    let stage = stage();
    let cases: [(&str, Vec<u8>, &str); 5] = [
        ("short", b"fifteen letters".to_vec(), "fewer than 16"),
        ("weak", b"passwordpassword".to_vec(), "easy to guess"),
        ("latin1", b"correct horse b\xe4ttery staple 7".to_vec(), "not valid UTF-8"),
        ("long", vec![b'x'; 1 << 20], "longer than 1024 bytes"),
        ("empty", b"\n".to_vec(), "empty"),
    ];
    for (name, bytes, complaint) in cases {
        stage.write_secret(name, &bytes);
        let line = format!("custodian keygen --name A --out A.id --passphrase-file {name}");
        stage.run(&line).fails(1, complaint);
        assert!(!stage.path("A.id").exists() && !stage.path("A.card.json").exists(), "{name}");
    }
}

#[test]
fn r36_scripts_get_an_error_instead_of_a_prompt() {
    let stage = stage();
    stage.run("custodian keygen --name A --out A.id").fails(1, "no terminal to ask at");
    stage.run("custodian keygen --name A --out A.id --generate-passphrase").fails(1, "no terminal");
    stage.write("open", PHRASE.as_bytes());
    stage
        .run("custodian keygen --name A --out A.id --passphrase-file open")
        .fails(1, "can be read by others");
    assert!(!stage.path("A.id").exists());
}

#[test]
fn r36_a_passphrase_comes_from_an_open_descriptor() {
    let stage = stage();
    keygen(&stage, "A");
    for (file, code) in [("pass", 0), ("wrong", 4)] {
        let mut command = stage.command("custodian unlock-check A.id --passphrase-fd 0");
        command.stdin(Stdio::from(fs::File::open(stage.path(file)).unwrap()));
        assert_eq!(Run::of(file, command.output().unwrap()).code, Some(code), "{file}");
    }
}

#[test]
fn a_new_passphrase_takes_the_old_ones_place() {
    let stage = stage();
    let made = keygen(&stage, "A");
    let change = "custodian passphrase A.id --passphrase-file";
    stage.run(&format!("{change} wrong --passphrase-file new")).fails(4, "wrong passphrase");
    stage.run("custodian unlock-check A.id --passphrase-file pass").ok();
    stage.write_secret("weak", b"passwordpassword");
    stage.run(&format!("{change} pass --passphrase-file weak")).fails(1, "easy to guess");
    stage.run("custodian unlock-check A.id --passphrase-file pass").ok();
    stage.run(&format!("{change} pass --passphrase-file new")).ok();
    stage.run("custodian unlock-check A.id --passphrase-file pass").fails(4, "wrong passphrase");
    let opened = stage.run("custodian unlock-check A.id --passphrase-file new").ok();
    assert_eq!(opened["recipient"], made["recipient"]);
}

#[test]
fn an_age_key_made_elsewhere_keeps_its_recipient() {
    let stage = stage();
    let key = age::x25519::Identity::generate();
    let text = age::secrecy::ExposeSecret::expose_secret(&key.to_string()).to_owned();
    let file = format!("# created: 2026-11-20T10:00:00Z\n# public key: {}\n{text}\n", key.to_public());
    stage.write_secret("key.txt", file.as_bytes());
    let line = "custodian keygen --name A --out A.id --from key.txt --passphrase-file pass";
    let made = stage.run(line).ok();
    assert_eq!(made["recipient"], key.to_public().to_string());
    let locked = fs::read_to_string(stage.path("A.id")).unwrap();
    assert!(!locked.contains(&text));

    stage.write("open.txt", file.as_bytes());
    stage.run(&line.replace("key.txt", "open.txt").replace("A.id", "B.id")).fails(1, "exists");
    let line = line.replace("--name A --out A.id", "--name B --out B.id");
    stage.run(&line.replace("key.txt", "open.txt")).fails(1, "can be read by others");
    stage.write_secret("bad.txt", text.replace("AGE-SECRET-KEY-1", "AGE-SECRET-KEY-1Q").as_bytes());
    let error = stage.run(&line.replace("key.txt", "bad.txt")).fails(1, "checksum");
    assert!(!error.to_string().contains(&text[20..]), "the key is not repeated");
    assert!(!stage.path("B.id").exists());
}

#[test]
fn r22_a_rotated_identity_is_vouched_for_by_the_old_one() {
    let stage = stage();
    keygen(&stage, "A");
    keygen(&stage, "B");
    fs::create_dir(stage.path("new-A")).unwrap();
    let line = "custodian keygen --name A --out new-A/A.id --replaces A.id";
    let twice = "--passphrase-file pass --passphrase-file new";
    stage
        .run(&format!("{} {twice}", line.replace("--replaces A.id", "--replaces B.id")))
        .fails(2, "same name");
    stage.run(&format!("{line} --passphrase-file wrong --passphrase-file new")).fails(4, "wrong passphrase");
    assert!(!stage.path("new-A/A.id").exists());
    stage.run(&format!("{line} {twice}")).ok();
    stage.run("custodian verify new-A/A.card.json --replaces A.card.json").ok();
    stage.run("custodian verify new-A/A.card.json --replaces B.card.json").fails(4, "does not replace");
    stage.run("custodian verify A.card.json --replaces A.card.json").fails(4, "does not replace");
    let alone = stage.run("custodian verify new-A/A.card.json").ok();
    assert!(alone["claimsToReplace"].is_string() && alone["replaces"] == false, "{alone}");
    assert!(stage.text("custodian verify new-A/A.card.json").text().contains("NOT checked"));

    // A card that is not of the old identity vouches for nothing.
    fs::create_dir(stage.path("mixed")).unwrap();
    fs::create_dir(stage.path("newer")).unwrap();
    fs::copy(stage.path("A.id"), stage.path("mixed/A.id")).unwrap();
    fs::copy(stage.path("new-A/A.card.json"), stage.path("mixed/A.card.json")).unwrap();
    let mixed = format!("custodian keygen --name A --out newer/A.id --replaces mixed/A.id {twice}");
    stage.run(&mixed).fails(4, "not of this identity");
    assert!(!stage.path("newer/A.id").exists());
    stage
        .run(&format!("custodian keygen --name A --out A.card.json {twice}"))
        .fails(2, "would have that name");
}

#[test]
fn r22_possession_is_proven_by_the_holder_and_nobody_else() {
    let stage = stage();
    keygen(&stage, "A");
    keygen(&stage, "B");
    let challenge = |out: &str| stage.run(&format!("custodian challenge A.card.json --out {out}"));
    challenge("first").ok();
    challenge("second").ok();
    challenge("first").fails(1, "already");
    let prove = |who: &str, out: &str| {
        stage.run(&format!("custodian prove {who}.id --challenge first --out {out} --passphrase-file pass"))
    };
    prove("A", "proof").ok();
    prove("B", "by-B").fails(4, "another card");
    let verify = |line: &str| {
        stage.run(&format!("custodian verify {line}").replace("CHECK", "--challenge first --proof"))
    };
    assert_eq!(verify("A.card.json CHECK proof").ok()["proven"], true);
    verify("B.card.json CHECK proof").fails(4, "another card");
    verify("A.card.json --challenge second --proof proof").fails(4, "another challenge");
    let proof = fs::read_to_string(stage.path("proof")).unwrap();
    let cut = proof.find("\"answer\":\"").unwrap() + 10;
    let digit = if &proof[cut..=cut] == "0" { "1" } else { "0" };
    stage.write("guessed", format!("{}{digit}{}", &proof[..cut], &proof[cut + 1..]).as_bytes());
    verify("A.card.json CHECK guessed").fails(4, "could not open");
    assert_eq!(verify("A.card.json --challenge first").code, Some(2));
}

#[test]
fn a_lost_card_is_made_again_with_the_same_keys() {
    let stage = stage();
    let made = keygen(&stage, "A");
    stage.run("custodian card A.id --passphrase-file pass").fails(1, "already exists");
    fs::remove_file(stage.path("A.card.json")).unwrap();
    let again = stage.run("custodian card A.id --passphrase-file pass").ok();
    assert_eq!(again["recipient"], made["recipient"]);
    stage.run("custodian verify A.card.json").ok();
    // With its vouching, if it had one.
    fs::create_dir(stage.path("new-A")).unwrap();
    let rotate = "custodian keygen --name A --out new-A/A.id --replaces A.id";
    stage.run(&format!("{rotate} --passphrase-file pass --passphrase-file new")).ok();
    fs::remove_file(stage.path("new-A/A.card.json")).unwrap();
    let again = "custodian card new-A/A.id --replaces A.id --passphrase-file new --passphrase-file pass";
    stage.run(again).ok();
    stage.run("custodian verify new-A/A.card.json --replaces A.card.json").ok();
}
