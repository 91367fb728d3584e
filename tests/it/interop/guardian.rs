//! Guardians without Quorate: the reference implementation of SLIP-39, stock `age`, `zbarimg`, `pdftoppm`.

use std::{
    fs,
    io::Write as _,
    path::Path,
    process::{Command, Stdio},
};

use serde_json::{Value, json};

use super::skipped;
use crate::cli::Stage;
use crate::cli_custodian::{keygen, stage};
use crate::cli_guardian::{split, words};

#[test]
fn r31_shares_on_paper_restore_without_quorate() {
    if skipped() {
        return;
    }
    let stage = stage();
    let report = split(&stage);
    let recipient = report["recipient"].as_str().unwrap();
    // What the last lines of the sheet say, by hand.
    let texts = ["Ann", "Dan", "Eve"].map(|name| words(&stage, &format!("out/{name}.txt")).join(" "));
    let key = slip39(&["age"], &texts.join("\n"));
    stage.write_secret("key.txt", key.as_bytes());
    assert_eq!(said(&stage, "age-keygen", &["-y", "key.txt"], b"").trim(), recipient);
    let sealed = said(&stage, "age", &["-a", "-r", recipient], b"what is in custody");
    stage.write("sealed.age", sealed.as_bytes());
    assert_eq!(said(&stage, "age", &["-d", "-i", "key.txt", "sealed.age"], b""), "what is in custody");
    // Two are too few for them as well.
    let two = json!({"do": "combine", "shares": &texts[..2]});
    assert!(slip39_json(&two)["error"].is_string());
}

#[test]
fn r33_shares_made_elsewhere_restore_here() {
    if skipped() {
        return;
    }
    let stage = stage();
    for (extendable, exponent) in [(true, 0), (false, 0), (true, 1)] {
        said(&stage, "sh", &["-c", "rm -f key.txt back.id; age-keygen -o key.txt 2>/dev/null"], b"");
        let recipient = said(&stage, "age-keygen", &["-y", "key.txt"], b"");
        let file = fs::read(stage.path("key.txt")).unwrap();
        let identity = quorate::wrap::recipient::Identity::from_key_file(&file).unwrap();
        let made = slip39_json(&json!({
            "do": "split", "secret": hex::encode(identity.secret().expose()), "groups": [[2, 3]],
            "extendable": extendable, "exponent": exponent,
        }));
        for (i, text) in made["groups"][0].as_array().unwrap().iter().enumerate() {
            stage.write(&format!("s{i}"), text.as_str().unwrap().as_bytes());
        }
        let line = format!("guardian combine s2 s0 --name A --recipient {} --out back.id", recipient.trim());
        let back = stage.run(&format!("{line} --passphrase-file new")).ok();
        assert_eq!(back["recipient"], recipient.trim());
    }
}

#[test]
fn a_guardians_age_file_opens_with_stock_age() {
    if skipped() {
        return;
    }
    let stage = stage();
    keygen(&stage, "A");
    said(&stage, "age-keygen", &["-o", "bob.key"], b"");
    let bob = said(&stage, "age-keygen", &["-y", "bob.key"], b"");
    let line =
        format!("guardian split A.id --guardians Bob,Cyd --recipient Bob={} --out-dir out", bob.trim());
    stage.run(&format!("{line} --passphrase-file pass")).ok();
    let text = said(&stage, "age", &["-d", "-i", "bob.key", "out/Bob.share.age"], b"");
    stage.write("bob", text.as_bytes());
    stage.run("guardian check bob --set out/guardian-set.json").ok();
}

#[test]
fn the_printed_qr_and_words_survive_150_dpi() {
    if skipped() {
        return;
    }
    let stage = stage();
    keygen(&stage, "A");
    for paper in ["a4", "letter"] {
        let line = format!("guardian split A.id --guardians Ann,Bob,Cyd --paper {paper} --out-dir {paper}");
        stage.run(&format!("{line} --passphrase-file pass")).ok();
        for name in ["Ann", "Bob", "Cyd"] {
            let pdf = format!("{paper}/{name}.pdf");
            said(&stage, "pdftoppm", &["-r", "150", "-png", "-singlefile", &pdf, "page"], b"");
            let expected = words(&stage, &format!("{paper}/{name}.txt"));
            let read = said(&stage, "zbarimg", &["--raw", "-q", "page.png"], b"");
            assert_eq!(read.trim(), expected.join(" ").to_uppercase());
            let set = format!("--set {paper}/guardian-set.json");
            assert_eq!(stage.run(&format!("guardian check page.png {set}")).ok()["checked"], json!([name]));
            let read = said(&stage, "zbarimg", &["--raw", "-q", &format!("{paper}/{name}.png")], b"");
            assert_eq!(read.trim(), expected.join(" ").to_uppercase());
            let text = said(&stage, "pdftotext", &["-layout", &pdf, "-"], b"");
            for word in &expected {
                assert!(text.contains(word.as_str()), "{word} is not on {pdf}");
            }
        }
    }
}

/// `tests/interop/slip39.py` with these arguments and this input.
fn slip39(args: &[&str], input: &str) -> String {
    let python = std::env::var_os("QUORATE_PYTHON").unwrap_or_else(|| "python3".into());
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/interop");
    let mut command = Command::new(python);
    command.args(["-B", "slip39.py"]).args(args).current_dir(folder);
    output(command, input.as_bytes())
}

fn slip39_json(command: &Value) -> Value {
    serde_json::from_str(&slip39(&[], &command.to_string())).unwrap()
}

/// What a program of the system says in the stage's directory; it must succeed.
fn said(stage: &Stage, program: &str, args: &[&str], input: &[u8]) -> String {
    let mut command = Command::new(program);
    command.args(args).current_dir(stage.path(""));
    output(command, input)
}

fn output(mut command: Command, input: &[u8]) -> String {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap_or_else(|e| panic!("{command:?}: {e}"));
    child.stdin.take().unwrap().write_all(input).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}
