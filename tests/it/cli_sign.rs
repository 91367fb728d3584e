//! `sign` and `verify` from outside: every curve, quorums, payloads, outputs, refusals.

use std::fs::{self, File};

use serde_json::{Value, json};

use crate::cli::{Key, Stage, shipped};

fn sign(stage: &Stage, key: &Key, rest: &str) -> Value {
    let signed = stage.run(&format!("sign --key {} {rest}", key.id())).ok();
    for (name, value) in
        [("keyId", key.id()), ("curve", key.field("curve")), ("rootPublicKey", key.field("rootPublicKey"))]
    {
        assert_eq!(signed[name], value);
    }
    assert_eq!(signed["verified"], true);
    signed
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_else(|| panic!("no {name} in {value}"))
}

/// `verify` takes the signature and nothing that differs from it in one thing.
fn verifies(stage: &Stage, key: &Key, other: &Key, signed: &Value, message: &str) {
    let signature = text(signed, "signature");
    let verify = |public: &str, signature: &str, message: &str| {
        stage.run_shipped(&format!("verify {public} --signature {signature} --message '{message}'"))
    };
    assert_eq!(verify(&key.public(), signature, message).ok()["valid"], true);
    verify(&key.public(), signature, &format!("{message}!")).fails(4, "");
    verify(&other.public(), signature, message).fails(4, "");
    for at in [0, signature.len() / 2, signature.len() - 2] {
        let mut bytes = hex::decode(signature).unwrap();
        bytes[at / 2] ^= 1;
        verify(&key.public(), &hex::encode(bytes), message).fails(4, "");
    }
    verify(&key.public(), &signature[2..], message).fails(4, "");
    if signed["r"].is_string() {
        let raw = format!("{}{}", text(signed, "r"), text(signed, "s"));
        assert_eq!(verify(&key.public(), &raw, message).ok()["valid"], true, "r and s beside each other");
    }
}

#[test]
fn r17_every_pair_signs_with_secp256k1() {
    let stage = Stage::init();
    let key = stage.generate("--curve SECP256k1 --threshold 2");
    let other = stage.generate("--curve SECP256k1 --threshold 2");
    for pair in ["OFFICIAL_1,OFFICIAL_2", "OFFICIAL_1,OFFICIAL_3", "OFFICIAL_3,OFFICIAL_2"] {
        let signed = sign(&stage, &key, &format!("--message 'pay 7 to Ann' --servers {pair}"));
        let mut servers: Vec<_> = pair.split(',').collect();
        servers.sort();
        assert_eq!(signed["servers"], json!(servers));
        assert_eq!((&signed["blind"], signed["v"].as_u64().unwrap() < 4), (&false.into(), true));
        // Low s.
        assert!(text(&signed, "s") <= "7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0");
        verifies(&stage, &key, &other, &signed, "pay 7 to Ann");
    }
}

#[test]
fn r17_a_pair_signs_with_each_schnorr_curve() {
    let stage = Stage::init();
    for (curve, len, pair) in [
        ("ED25519", 64, "OFFICIAL_1,OFFICIAL_3"),
        ("ED448", 114, "OFFICIAL_2,OFFICIAL_3"),
        ("SECP256K1_SCHNORR", 64, "OFFICIAL_1,OFFICIAL_2"),
    ] {
        let key = stage.generate(&format!("--curve {curve} --threshold 2"));
        let other = stage.generate(&format!("--curve {curve} --threshold 2"));
        let signed = sign(&stage, &key, &format!("--message 'pay 7 to Ann' --servers {pair}"));
        assert_eq!(text(&signed, "signature").len(), 2 * len);
        assert_eq!((signed.get("r"), signed.get("v")), (None, None));
        verifies(&stage, &key, &other, &signed, "pay 7 to Ann");
    }
}

fn other_ecdsa_curve(curve: &str, pair: &str) {
    let stage = Stage::init();
    let key = stage.generate(&format!("--curve {curve} --threshold 2"));
    let other = stage.generate(&format!("--curve {curve} --threshold 2"));
    let signed = sign(&stage, &key, &format!("--message 'pay 7 to Ann' --servers {pair}"));
    assert_eq!(signed.get("v"), None, "a recovery id belongs to SECP256k1");
    verifies(&stage, &key, &other, &signed, "pay 7 to Ann");
}

#[test]
fn r17_a_pair_signs_with_p256() {
    other_ecdsa_curve("P256", "OFFICIAL_1,OFFICIAL_3");
}

#[test]
fn r17_a_pair_signs_with_p384() {
    other_ecdsa_curve("P384", "OFFICIAL_2,OFFICIAL_3");
}

#[test]
fn r17_a_pair_signs_with_p521() {
    other_ecdsa_curve("P521", "OFFICIAL_1,OFFICIAL_2");
}

#[test]
fn r17_a_pair_signs_with_stark() {
    other_ecdsa_curve("STARK", "OFFICIAL_1,OFFICIAL_3");
}

#[test]
fn r17_three_of_five_sign_with_p256() {
    let stage = Stage::with_servers(5);
    let key = stage.generate("--curve P256 --threshold 3");
    let other = stage.generate("--curve P256 --threshold 3");
    let signed = sign(&stage, &key, "--message m --servers N5,N1,N4");
    assert_eq!(signed["servers"], json!(["N1", "N4", "N5"]));
    verifies(&stage, &key, &other, &signed, "m");
}

#[test]
fn r16_message_file_and_digest_are_three_ways_to_one_digest() {
    let stage = Stage::init();
    let key = stage.generate("--curve SECP256k1 --threshold 2");
    stage.write("m", b"pay\n");
    let digest = "0xAEE0D9C8C9CBFDEE2CD6CA81C5D91ADDCC99AB2D4C0CB4D06BB1A7A6B6F4E6B4";
    let by_file = sign(&stage, &key, "--message-file m");
    let by_digest = stage.run(&format!("sign --key {} --digest {digest}", key.id()));
    assert!(by_digest.stderr.contains("BLIND SIGNATURE"), "{}", by_digest.stderr);
    let by_digest = by_digest.ok();
    assert_eq!((&by_file["blind"], &by_digest["blind"]), (&false.into(), &true.into()));
    assert_eq!(text(&by_digest, "digest"), digest[2..].to_lowercase());
    let check = |signed: &Value, what: &str| {
        stage.run_shipped(&format!(
            "verify {} --signature {} {what}",
            key.public(),
            text(signed, "signature")
        ))
    };
    check(&by_file, "--message-file m").ok();
    check(&by_file, &format!("--digest {}", text(&by_file, "digest"))).ok();
    check(&by_digest, &format!("--digest {digest}")).ok();
    check(&by_digest, "--message-file m").fails(4, "");
    check(&by_file, "--message-file m --hash keccak256").fails(4, "");
    let ethereum = sign(&stage, &key, "--message-file m --hash keccak256");
    check(&ethereum, "--message-file m --hash keccak256").ok();
    check(&ethereum, "--message-file m").fails(4, "");
}

#[test]
fn a_message_comes_from_standard_input_too() {
    let stage = Stage::init();
    let key = stage.generate("--curve ED25519 --threshold 2");
    stage.write("m", b"pay");
    let mut piped = stage.command(&format!("sign --key {} --message-file -", key.id()));
    let run = piped.stdin(File::open(stage.path("m")).unwrap()).output().unwrap();
    let signed = crate::cli::Run::of("sign", run).ok();
    let verify = format!("verify {} --signature {} --message pay", key.public(), text(&signed, "signature"));
    stage.run_shipped(&verify).ok();
}

#[test]
fn taproot_signs_under_the_output_key_only() {
    let stage = Stage::init();
    let key = stage.generate("--curve SECP256K1_SCHNORR --threshold 2");
    let signed = sign(&stage, &key, "--message m --taproot");
    let (output, signature) = (text(&signed, "outputKey"), text(&signed, "signature"));
    let verify = |public: &str| {
        stage.run_shipped(&format!(
            "verify --curve SECP256K1_SCHNORR --public-key {public} --signature {signature} --message m"
        ))
    };
    assert_ne!(output, key.field("rootPublicKey"));
    verify(output).ok();
    verify(key.field("rootPublicKey")).fails(4, "");
    assert_eq!(sign(&stage, &key, "--message m").get("outputKey"), None);
    let other = stage.generate("--curve ED25519 --threshold 2");
    stage.run(&format!("sign --key {} --message m --taproot", other.id())).fails(2, "Taproot");
}

#[test]
fn r46_a_signature_file_is_new_or_refused() {
    let stage = Stage::init();
    let key = stage.generate("--curve ED25519 --threshold 2");
    let signed = sign(&stage, &key, "--message m --out m.sig");
    let written = fs::read(stage.path("m.sig")).unwrap();
    assert_eq!(hex::encode(&written), text(&signed, "signature"));
    let line = format!("sign --key {} --message other --out", key.id());
    stage.run(&format!("{line} m.sig")).fails(1, "already there");
    stage.run(&format!("{line} home")).fails(1, "already there");
    stage.run(&format!("{line} missing/m.sig")).fails(1, "missing is not a directory");
    assert_eq!(fs::read(stage.path("m.sig")).unwrap(), written);
    let raw = stage.command(&format!("{line} -")).output().unwrap();
    assert_eq!((raw.status.code(), raw.stdout.len()), (Some(0), 64));
}

#[test]
fn wrong_quorums_are_refused_before_anything_is_signed() {
    let stage = Stage::with_servers(4);
    let key = stage.generate("--curve ED25519 --threshold 2 --servers N1,N2,N3");
    let before = stage.files();
    for (servers, code, complaint) in [
        ("N1", 1, "exactly 2"),
        ("N1,N2,N3", 1, "exactly 2"),
        ("N1,N1", 2, "named twice"),
        ("N1,N9", 1, "N9 holds no share"),
        ("N1,N4", 1, "N4 holds no share"),
        ("N1,", 2, "not a name"),
    ] {
        stage.run(&format!("sign --key {} --message m --servers {servers}", key.id())).fails(code, complaint);
    }
    assert!(before == stage.files(), "a refused quorum changed something");
}

#[test]
fn digests_of_the_wrong_length_range_or_curve_are_usage_errors() {
    let stage = Stage::init();
    let key_of = |curve: &str| stage.generate(&format!("--curve {curve} --threshold 2"));
    let zeros = |len: usize| "00".repeat(len);
    let stark_bound = format!("08{}", zeros(31));
    for (curve, digests) in [
        ("SECP256k1", [zeros(31), zeros(33)]),
        ("SECP256K1_SCHNORR", [zeros(31), zeros(64)]),
        ("P384", [zeros(32), zeros(64)]),
        ("P521", [zeros(48), zeros(66)]),
        ("STARK", [stark_bound, "ff".repeat(32)]),
        ("ED25519", [zeros(32), zeros(64)]),
        ("ED448", [zeros(64), zeros(114)]),
    ] {
        let key = key_of(curve);
        for digest in digests {
            stage.run(&format!("sign --key {} --digest {digest}", key.id())).fails(2, curve);
            stage
                .run_shipped(&format!("verify {} --signature 00 --digest {digest}", key.public()))
                .fails(2, curve);
        }
        for bad in ["xyz", "0x", "abc", "''"] {
            stage.run(&format!("sign --key {} --digest {bad}", key.id())).fails(2, "digest");
        }
    }
    let key = key_of("ED25519");
    stage
        .run(&format!("sign --key {} --message m --hash keccak256", key.id()))
        .fails(2, "leave out the hash");
    stage.run(&format!("sign --key {} --message m --digest 00", key.id())).fails(2, "cannot be used with");
    stage.run(&format!("sign --key {}", key.id())).fails(2, "required");
}

#[test]
fn r51_message_files_that_cannot_be_signed() {
    let stage = Stage::init();
    let key = stage.generate("--curve ED25519 --threshold 2");
    File::create(stage.path("huge")).unwrap().set_len(1 << 30).unwrap();
    let before = stage.files();
    for (file, complaint) in
        [("missing", "cannot be read"), ("home", "is a directory"), ("huge", "is 1073741824 bytes")]
    {
        let error = stage.run(&format!("sign --key {} --message-file {file}", key.id())).fails(1, complaint);
        assert!(error["message"].as_str().unwrap().contains(file), "{error}");
    }
    assert!(before == stage.files());
    stage.write("empty", b"");
    sign(&stage, &key, "--message-file empty");
}

#[test]
fn verify_needs_no_home_and_says_what_it_cannot_read() {
    let stage = Stage::empty();
    let run = |rest: &str| {
        let mut command = stage.bare(&shipped());
        command.env_remove("HOME").args(["--json", "verify"]).args(shlex::split(rest).unwrap());
        crate::cli::Run::of(rest, command.output().unwrap())
    };
    let key = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";
    let signature = "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00";
    run(&format!("--curve ED25519 --public-key {key} --signature {signature} --message r")).ok();
    run(&format!("--curve ED448 --public-key {key} --signature {signature} --message r")).fails(1, "");
    run(&format!("--curve ED25519 --public-key {} --signature {signature} --message r", "00".repeat(32)))
        .fails(1, "");
    run(&format!("--curve ED25519 --public-key zz --signature {signature} --message r"))
        .fails(2, "--public-key");
    run(&format!("--curve ED25519 --public-key {key} --signature {signature} --message-file huge"))
        .fails(1, "huge");
}
