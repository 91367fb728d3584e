//! Interop with programs that share no code with this one: OpenSSL, Python `cryptography` and `coincurve`, a
//! plain Python reading of the formats; for guardians `shamir-mnemonic`, stock `age`, `zbarimg`, poppler and `strace`. Runs
//! with `QUORATE_INTEROP=1`, as `.ci/run` does; `QUORATE_PYTHON` names a Python that has the packages.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
    sync::LazyLock,
};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde_json::{Value, json};

#[path = "interop/clock.rs"]
mod clock;
#[path = "interop/guardian.rs"]
mod guardian;
#[path = "interop/kill.rs"]
mod kill;
#[path = "interop/kill_nodes.rs"]
mod kill_nodes;
#[cfg(target_os = "linux")]
#[path = "interop/memory.rs"]
mod memory;
#[path = "interop/power.rs"]
mod power;
#[path = "interop/recover.rs"]
mod recover;
#[path = "interop/shard.rs"]
mod shard;
#[path = "interop/slip39.rs"]
mod slip39;
#[path = "interop/sweep.rs"]
mod sweep;

const MESSAGE: &str = "Pay Bob 10 – now\n";

const CURVES: [&str; 8] =
    ["SECP256k1", "ED25519", "P256", "P384", "P521", "ED448", "SECP256K1_SCHNORR", "STARK"];

/// A TEST home with a key on every curve, and signatures by it; made once for all tests here.
static SIGNED: LazyLock<Signed> = LazyLock::new(Signed::make);

struct Signed {
    dir: tempfile::TempDir,
    cases: Vec<Value>,
}

#[test]
fn r17_openssl_verifies_every_curve_it_knows() {
    if skipped() {
        return;
    }
    let mut verified = 0;
    for case in SIGNED.cases.iter().filter(|case| case["outputKey"].is_null()) {
        let Some(spki) = spki(&case["curve"], &bytes(&case["rootPublicKey"])) else { continue };
        assert!(openssl_verifies(case, &spki, MESSAGE), "{case}");
        assert!(!openssl_verifies(case, &spki, "Pay Bob 11 – now\n"), "another message: {case}");
        verified += 1;
    }
    assert_eq!(verified, 12, "two signatures on each of six curves");
}

#[test]
fn r17_python_verifies_every_curve() {
    if skipped() {
        return;
    }
    let path = SIGNED.path("cases.json");
    fs::write(&path, serde_json::to_vec(&SIGNED.cases).unwrap()).unwrap();
    let told = python(&["signatures.py", "check", path.to_str().unwrap()]);
    assert_eq!(told, "17 signatures on 8 curves\n");
}

#[test]
fn r17_signatures_made_elsewhere_verify_here() {
    if skipped() {
        return;
    }
    let made: Vec<Value> = serde_json::from_str(&python(&["signatures.py", "make"])).unwrap();
    assert_eq!(made.len(), 7);
    for case in made {
        let verify = |message: &str| {
            let field = |name: &str| case[name].as_str().unwrap().to_owned();
            let (curve, key, signature) = (field("curve"), field("publicKey"), field("signature"));
            let args = ["--curve", &curve, "--public-key", &key, "--signature", &signature];
            let args = [&["verify", "--message", message], args.as_slice()].concat();
            Command::new(env!("CARGO_BIN_EXE_quorate")).args(args).output().unwrap().status.code()
        };
        assert_eq!(verify(case["message"].as_str().unwrap()), Some(0), "{case}");
        assert_eq!(verify("something else"), Some(4), "{case}");
    }
}

#[test]
fn r48_r49_formats_are_read_without_our_code() {
    if skipped() {
        return;
    }
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/v1");
    python(&["formats.py", "golden", golden.to_str().unwrap()]);
    let told = python(&["formats.py", "home", SIGNED.path("home").to_str().unwrap()]);
    assert!(told.starts_with("1 genesis versions, 8 key cards, "), "{told}");
}

#[test]
fn r49_an_audit_bundle_is_judged_without_our_code() {
    if skipped() {
        return;
    }
    let file = SIGNED.path("home.audit.jsonl");
    run(&harness(), &SIGNED.path("home"), &["audit", "export", "--out", file.to_str().unwrap()]);
    let told = python(&["audit_bundle.py", file.to_str().unwrap()]);
    assert!(told.starts_with("4 logs, ") && told.ends_with(" witnessed heads\n"), "{told}");
}

#[test]
fn real_primes_make_a_key_that_signs() {
    if skipped() {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let home = dir.path().join("home");
    let quorate = |args: &[&str]| run(Path::new(env!("CARGO_BIN_EXE_quorate")), &home, args);
    quorate(&["init", "--servers", "OFFICIAL_1,OFFICIAL_2", "--seal", "key-file"]);
    let generate = ["key", "generate", "--curve", "SECP256k1", "--threshold", "2", "--no-loss-tolerance"];
    let key = quorate(&generate);
    assert!(key["auxId"].is_string(), "{key}");
    let case = quorate(&["sign", "--key", key["keyId"].as_str().unwrap(), "--message", MESSAGE]);
    let spki = spki(&case["curve"], &bytes(&key["rootPublicKey"])).unwrap();
    fs::write(dir.path().join("message"), MESSAGE).unwrap();
    assert!(openssl_verifies(&case, &spki, MESSAGE), "{case}");
    // The shipped binary wants nothing of a home made with test primes.
    let test_home = SIGNED.path("home");
    let refused = output(Path::new(env!("CARGO_BIN_EXE_quorate")), &test_home, &["key", "list"]);
    assert_ne!(refused.status.code(), Some(0));
}

fn skipped() -> bool {
    let skipped = std::env::var_os("QUORATE_INTEROP").is_none_or(|value| value != "1");
    if skipped {
        println!("skipped: QUORATE_INTEROP=1 turns it on; .ci/run does");
    }
    skipped
}

impl Signed {
    fn make() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let (home, message) = (dir.path().join("home"), dir.path().join("message"));
        fs::write(&message, MESSAGE).unwrap();
        let test = |args: &[&str]| run(&harness(), &home, args);
        test(&["init", "--seal", "key-file"]);
        let mut cases = Vec::new();
        for curve in CURVES {
            let key =
                test(&["key", "generate", "--curve", curve, "--threshold", "2", "--label", "Kälte – 1"]);
            let key = key["keyId"].as_str().unwrap().to_owned();
            let sign = |more: &[&str]| {
                let file = ["sign", "--key", &key, "--message-file", message.to_str().unwrap()];
                let mut case = test(&[&file, more].concat());
                case["messageHex"] = json!(hex::encode(MESSAGE));
                case
            };
            cases.push(sign(&["--servers", "OFFICIAL_1,OFFICIAL_2"]));
            cases.push(sign(&["--servers", "OFFICIAL_3,OFFICIAL_1"]));
            if curve == "SECP256K1_SCHNORR" {
                cases.push(sign(&["--taproot"]));
            }
        }
        Self { dir, cases }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }
}

/// `quorate-test`, which cargo puts beside the tests.
fn harness() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    test.parent().unwrap().parent().unwrap().join("examples").join("quorate-test")
}

fn run(program: &Path, home: &Path, args: &[&str]) -> Value {
    let output = output(program, home, args);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{args:?}: {said}");
    serde_json::from_slice(&output.stdout).unwrap()
}

fn output(program: &Path, home: &Path, args: &[&str]) -> Output {
    Command::new(program).arg("--json").arg("--home").arg(home).args(args).output().unwrap()
}

/// Runs one of the scripts in `tests/interop`; it must succeed.
fn python(args: &[&str]) -> String {
    let python = std::env::var_os("QUORATE_PYTHON").unwrap_or_else(|| "python3".into());
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/interop");
    let output = Command::new(python).arg("-B").args(args).current_dir(folder).output().unwrap();
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn bytes(hex_text: &Value) -> Vec<u8> {
    hex::decode(hex_text.as_str().unwrap()).unwrap()
}

/// SubjectPublicKeyInfo (RFC 5480, RFC 8410); none for curves OpenSSL does not know.
fn spki(curve: &Value, key: &[u8]) -> Option<String> {
    let ec = |oid: &str| format!("06072a8648ce3d0201{oid}");
    let algorithm = match curve.as_str().unwrap() {
        "SECP256k1" => ec("06052b8104000a"),
        "P256" => ec("06082a8648ce3d030107"),
        "P384" => ec("06052b81040022"),
        "P521" => ec("06052b81040023"),
        "ED25519" => "06032b6570".to_owned(),
        "ED448" => "06032b6571".to_owned(),
        _ => return None,
    };
    let field = |tag: u8, content: &[u8]| [&[tag, u8::try_from(content.len()).unwrap()], content].concat();
    let algorithm = field(0x30, &hex::decode(algorithm).unwrap());
    let der = field(0x30, &[algorithm, field(3, &[&[0], key].concat())].concat());
    let text = BASE64_STANDARD.encode(der);
    Some(format!("-----BEGIN PUBLIC KEY-----\n{text}\n-----END PUBLIC KEY-----\n"))
}

fn openssl_verifies(case: &Value, spki: &str, message: &str) -> bool {
    let dir = tempfile::tempdir().unwrap();
    for (name, content) in [
        ("key.pem", spki.as_bytes()),
        ("message", message.as_bytes()),
        ("signature", &bytes(&case["signature"])),
    ] {
        fs::write(dir.path().join(name), content).unwrap();
    }
    let curve = case["curve"].as_str().unwrap();
    let hash = match curve {
        "P384" => "-sha384",
        "P521" => "-sha512",
        _ => "-sha256",
    };
    let eddsa = ["pkeyutl", "-verify", "-pubin", "-inkey", "key.pem", "-rawin", "-in", "message", "-sigfile"];
    let ecdsa = ["dgst", hash, "-verify", "key.pem", "-signature", "signature", "message"];
    let mut openssl = Command::new("openssl");
    match curve {
        "ED25519" | "ED448" => openssl.args(eddsa).arg("signature"),
        _ => openssl.args(ecdsa),
    };
    let output = openssl.current_dir(dir.path()).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).to_lowercase();
    let verified = said.contains("verified ok") || said.contains("signature verified successfully");
    assert_eq!(verified, output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    verified
}
