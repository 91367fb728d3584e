use serde_json::json;

use super::*;

const GOOD: &str = r#"
title = "T"
purpose = "rehearsal"
[people]
operator = ["Ann"]
[[steps]]
actor = "operator"
say = "Make a key."
run = "quorate key generate --label 'cold one' --curve ED25519"
expect = { curve = "ED25519", "/more/n" = 3 }
capture = { keyId = "keyId", n = "/more/n" }
[[steps]]
actor = "Ann"
say = "Show it."
run = "quorate key show --key={keyId} --x '{keyId} {n} {}' {here}/f"
confirm = "Yes"
[[steps]]
actor = "Ann"
say = "Refuse."
run = "quorate key show --key x"
expect_exit = 2
expect = { "/error/kind" = "usage" }
"#;

fn built_in() -> BTreeMap<String, String> {
    BUILT_IN.iter().map(|name| ((*name).to_owned(), format!("/{name}"))).collect()
}

fn ok(report: Value) -> Outcome {
    Outcome { exit: 0, report: Some(report), complaint: String::new(), text: String::new() }
}

#[test]
fn a_sound_script_runs_to_its_end() {
    let script = Script::parse(GOOD.as_bytes()).unwrap();
    assert!(script.needs_a_person());
    let mut run = Run::new(&script, built_in());
    let first = run.pending().unwrap();
    assert_eq!(first.words, ["key", "generate", "--label", "cold one", "--curve", "ED25519"]);
    assert_eq!(first.line, "quorate key generate --label 'cold one' --curve ED25519");
    let _ = run.finish(ok(json!({ "curve": "ED25519", "keyId": "k {n} $(x)", "more": { "n": 3 } }))).unwrap();
    let second = run.pending().unwrap();
    // A captured value stays one word and is not expanded again.
    assert_eq!(second.words, ["key", "show", "--key=k {n} $(x)", "--x", "k {n} $(x) 3 {}", "/here/f"]);
    assert!(run.finish(ok(json!({ "keyId": "k", "b": 1 }))).is_ok());
    let error = json!({ "error": { "kind": "usage" } });
    run.finish(Outcome { exit: 2, report: Some(error), complaint: String::new(), text: String::new() })
        .unwrap();
    assert!(run.pending().is_none());
}

#[test]
fn a_step_that_brings_something_else_stops_the_run() {
    let script = Script::parse(GOOD.as_bytes()).unwrap();
    let good = json!({ "curve": "ED25519", "keyId": "k", "more": { "n": 3 } });
    let attempt = |outcome: Outcome| {
        let mut run = Run::new(&script, built_in());
        let error = run.finish(outcome).unwrap_err();
        assert_eq!(run.pending().unwrap().step, 1, "the step is still pending");
        error
    };
    let failed = Outcome { exit: 5, report: None, complaint: "unreachable".into(), text: String::new() };
    assert!(matches!(attempt(failed), ScriptError::Exit { exit: 5, expected: 0, .. }));
    for (field, value) in [("curve", json!("P256")), ("more", json!({ "n": "3" }))] {
        let mut wrong = good.clone();
        wrong[field] = value;
        assert!(matches!(attempt(ok(wrong)), ScriptError::Expectation { .. }), "{field}");
    }
    let mut uncaptured = good;
    uncaptured["keyId"] = json!(["k"]);
    assert!(matches!(attempt(ok(uncaptured)), ScriptError::Capture { .. }));
    assert!(matches!(attempt(ok(json!({}))), ScriptError::Expectation { .. }));
}

#[test]
fn r51_unsound_scripts_are_refused() {
    let bad = [
        ("title = \"T\"", "title = \"T\"\nextra = 1"),
        ("purpose = \"rehearsal\"", "purpose = \"fun\""),
        ("actor = \"Ann\"", "actor = \"Eve\""),
        ("say = \"Show it.\"", "say = \"Show it.\"\nshell = true"),
        ("quorate key generate", "rm -rf"),
        ("'cold one'", "'cold one"),
        ("--key={keyId}", "--key={other}"),
        ("capture = { keyId", "capture = { home"),
        ("capture = { keyId", "capture = { \"a-b\""),
        ("expect_exit = 2", "expect_exit = 256"),
        ("curve = \"ED25519\", ", "curve = [\"ED25519\"], "),
    ];
    for (from, to) in bad {
        let text = GOOD.replacen(from, to, 1);
        assert_ne!(text, GOOD, "{from}");
        assert!(Script::parse(text.as_bytes()).is_err(), "{to}");
    }
    let empty = "title = \"T\"\npurpose = \"rehearsal\"\nsteps = []\n[people]\n";
    assert!(Script::parse(empty.as_bytes()).is_err());
    assert!(matches!(Script::parse(&vec![b'#'; SCRIPT_CAP + 1]), Err(ScriptError::TooLong { .. })));
    assert!(Script::parse(b"\xff").is_err());
}

#[test]
fn a_value_must_be_captured_before_it_is_used() {
    let second = GOOD.replacen("key generate", "key generate --key {keyId}", 1);
    assert!(Script::parse(second.as_bytes()).unwrap_err().to_string().contains("{keyId}"));
}

#[test]
fn every_command_line_is_judged() {
    let script = Script::parse(GOOD.as_bytes()).unwrap();
    let mut seen = 0;
    let count = |_: &[String]| {
        seen += 1;
        Ok(())
    };
    script.check(count).unwrap();
    assert_eq!(seen, 3);
    let error = script.check(|words| if words.contains(&"x".to_owned()) { Err("no".into()) } else { Ok(()) });
    assert_eq!(error.unwrap_err().to_string(), "step 3: no");
}
