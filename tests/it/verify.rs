//! `verify` from outside, with the RFC 8032 section 7.1 test 2 signature.

use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Output};

const KEY: &str = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";
const SIGNATURE: &str = "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00";

fn verify(key: &str, signature: &str, rest: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_quorate"))
        .args(["--json", "verify", "--curve", "ed25519", "--public-key", key, "--signature", signature])
        .args(rest)
        .env_remove("QUORATE_HOME")
        .output()
        .unwrap()
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

#[test]
fn a_valid_signature_is_accepted() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("r");
    fs::write(&file, "r").unwrap();
    for rest in [["--message", "r"], ["--message-file", file.to_str().unwrap()]] {
        let output = verify(KEY, SIGNATURE, &rest);
        assert_eq!(code(&output), 0, "{}", String::from_utf8_lossy(&output.stderr));
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(report["valid"], true);
        assert_eq!(report["publicKey"], KEY);
    }
}

#[test]
fn a_signature_of_something_else_exits_4() {
    let mut other = SIGNATURE.to_owned();
    other.replace_range(0..2, "93");
    for output in [
        verify(KEY, SIGNATURE, &["--message", "s"]),
        verify(KEY, &other, &["--message", "r"]),
        verify(KEY, &SIGNATURE[2..], &["--message", "r"]),
    ] {
        assert_eq!(code(&output), 4);
        assert!(output.stdout.is_empty());
    }
}

#[test]
fn what_cannot_be_verified_is_told_apart() {
    assert_eq!(code(&verify("00", SIGNATURE, &["--message", "r"])), 1, "not a key");
    assert_eq!(code(&verify(KEY, SIGNATURE, &["--digest", &"00".repeat(32)])), 2, "EdDSA takes no digest");
    assert_eq!(code(&verify(KEY, SIGNATURE, &["--message", "r", "--hash", "sha256"])), 2, "nor a hash");
}

#[test]
fn bad_message_files_exit_1() {
    let dir = tempfile::tempdir().unwrap();
    let huge = dir.path().join("huge");
    File::create(&huge).unwrap().set_len(1 << 30).unwrap();
    let cases: [(&Path, &str); 3] = [
        (&dir.path().join("missing"), "cannot be read"),
        (dir.path(), "is a directory"),
        (&huge, "is 1073741824 bytes"),
    ];
    for (path, complaint) in cases {
        let output = verify(KEY, SIGNATURE, &["--message-file", path.to_str().unwrap()]);
        assert_eq!(code(&output), 1);
        assert!(String::from_utf8_lossy(&output.stderr).contains(complaint), "{complaint}");
    }
}
