//! `audit verify`, `head` and `export`, from outside.

use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use crate::cli::{Run, Stage};
use crate::custody_stage::Custody;
use crate::production_stage::Production;

/// A home on which everything happened: a key made, exported, signed with shards, imported again, known twice.
fn lived_in(curve: &str) -> Custody {
    let custody = Custody::exported(curve, 2, 3);
    custody.run(&format!("sign --key {} --message pay{}", custody.key, custody.jit("out", &[1, 2]))).ok();
    custody.import_again(3);
    custody.run(&format!("key alias --key {} --label again", custody.key)).ok();
    custody.run(&format!("sign --key {} --message pay --servers OFFICIAL_1", custody.key)).fails(1, "2");
    custody
}

/// The report of a run that found something wrong.
#[track_caller]
fn wrong(run: Run) -> Value {
    assert_eq!(run.code, Some(4), "{}: {}{}", run.line, run.stdout, run.stderr);
    assert!(run.stderr.contains("\"kind\":\"integrity\""), "{}", run.stderr);
    serde_json::from_str(&run.stdout).unwrap()
}

/// Sort, log and entry of each fault.
fn faults(report: &Value) -> Vec<(String, String, u64)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let faults = report["faults"].as_array().unwrap().iter();
    faults
        .map(|fault| {
            let place = &fault["place"];
            let place = if place.is_object() { place } else { fault };
            (text(&fault["kind"]), text(&place["log"]), place["entry"].as_u64().unwrap_or_default())
        })
        .collect()
}

#[test]
fn r48_r49_a_lived_in_home_is_found_good_here_and_elsewhere() {
    // A generation, aux, three exports, a signature, an import, an alias.
    for (curve, requests) in [("ED25519", 7), ("SECP256k1", 8)] {
        let custody = lived_in(curve);
        let here = custody.run("audit verify").ok();
        assert_eq!((&here["valid"], &here["faults"]), (&true.into(), &Value::Array(vec![])), "{here}");
        assert_eq!(
            here["documents"],
            serde_json::json!({ "keyCards": 1, "aliasCards": 1, "exports": 3, "receipts": 3, "requests": requests })
        );
        assert_eq!(here["logs"].as_array().unwrap().len(), 4);
        assert!(here["unseen"].to_string().contains("--genesis"));

        let heads = custody.run("audit head").ok();
        let made = custody.run("audit export --out home.audit.jsonl").ok();
        assert_eq!(made["logs"].as_array().unwrap().len(), 4);
        let elsewhere = Stage::empty();
        fs::copy(custody.stage.path("home.audit.jsonl"), elsewhere.path("b")).unwrap();
        let words = custody.run("node card --out set.json").ok()["words"].as_str().unwrap().to_owned();
        let given: String =
            heads["heads"].as_array().unwrap().iter().fold(String::new(), |line, head| {
                format!("{line} --head {}", head["head"].as_str().unwrap())
            });
        let there = elsewhere.run_shipped(&format!("audit verify b --genesis '{words}'{given}")).ok();
        assert_eq!((&there["valid"], &there["genesis"]["compared"]), (&true.into(), &true.into()));
        for (log, head) in there["logs"].as_array().unwrap().iter().zip(heads["heads"].as_array().unwrap()) {
            assert_eq!(log["witnessed"], log["entries"], "every head was given");
            let same = heads["heads"].as_array().unwrap().iter().any(|head| head["hash"] == log["head"]);
            assert!(same, "{log} {head}");
        }
        assert!(!elsewhere.path("home").exists());
        let told = elsewhere.text("audit verify b").text();
        assert!(told.contains("NOT compared") && told.contains("nothing is wrong"), "{told}");
        assert!(told.contains("What cannot be seen from this:"), "{told}");
        wrong(elsewhere.run("audit verify b --genesis 'topmost istanbul'"));
        let bytes = fs::read(elsewhere.path("b")).unwrap();
        for secret in ["age-encryption.org", "wrappedKeyShare", "AGE-SECRET-KEY", "tmp/"] {
            assert!(!String::from_utf8_lossy(&bytes).contains(secret), "{secret}");
        }
    }
}

#[test]
fn r49_a_replaced_node_need_not_be_there_any_more() {
    let custody = Custody::exported("ED25519", 2, 3);
    custody.run("node replace OFFICIAL_3 --with NEW_3").ok();
    custody.run("audit verify").ok();
    fs::remove_dir_all(custody.stage.home("nodes/OFFICIAL_3")).unwrap();
    let report = custody.run("audit verify").ok();
    assert!(report["unseen"].to_string().contains("OFFICIAL_3, which was replaced"), "{report}");
    fs::remove_dir_all(custody.stage.home("nodes/OFFICIAL_2")).unwrap();
    assert_eq!(faults(&wrong(custody.run("audit verify")))[0].0, "missing");
}

#[test]
fn r38_r49_in_production_what_ran_had_the_approvals_it_needed() {
    let production = Production::new();
    let key = production.key("ED25519");
    let export = format!("share export --key {key} --server OFFICIAL_1 --delete");
    let new = export.replace("share export", "request new export");
    production.ask("K", &format!("{new} --out e1.json")).ok();
    production.approve("A", "e1.json").ok();
    // Refused, and kept as what it was; then approved and done. Approvals of both times are there.
    let first = "--request e1.json --approval A.e1.json";
    production.run(&format!("{export} --out-dir out {first}")).fails(3, "1 count");
    production.approve("C", "e1.json").ok();
    production
        .run(&format!("{export} --out-dir out --request e1.json --approval C.e1.json"))
        .fails(3, "1 count");
    let both = production.approved("e1.json", &["A", "C"]);
    let done = production.run(&format!("{export} --out-dir out {both}")).ok();
    let report = production.run("audit verify").ok();
    assert_eq!((&report["valid"], &report["genesis"]["mode"]), (&true.into(), &"production".into()));
    assert_eq!(report["documents"]["requests"], 2, "the key and the export");
    assert!(!report["unseen"].to_string().contains("who approved"), "{report}");
    // Deleted without a receipt, on a request that says so.
    let release = format!("share release --key {key} --no-receipt OFFICIAL_1");
    let new = format!("request new release --key {key} --server OFFICIAL_1 --reason 'A is ill'");
    production.ask("K", &format!("{new} --out d.json")).ok();
    let agreed = production.approved("d.json", &["B", "C"]);
    production.run(&format!("{release} {agreed}")).ok();
    assert_eq!(production.run("audit verify").ok()["documents"]["receipts"], 0);
    assert!(done["exports"][0]["file"].is_string());
    // A recovery with deletion: the device's receipts let the servers delete.
    let other = production.key("ED25519");
    let new = format!(
        "request new recover --key {other} --to C --reason drill --delete-after-recover --out r.json"
    );
    production.ask("K", &new).ok();
    let agreed = production.approved("r.json", &["A", "B"]);
    let sealed = production.run(&format!("recover --key {other} --out-dir sealed {agreed}")).ok();
    let files: Vec<&str> =
        sealed["shares"].as_array().unwrap().iter().map(|share| share["file"].as_str().unwrap()).collect();
    let to = quorate::wrap::recipient::Identity::random(&mut rand_core::OsRng).recipient();
    let line = format!(
        "recover --combine {} --identity C.id --passphrase-file pass --reason drill",
        files.join(" ")
    );
    production.laptop(&format!("{line} --to {to} --out key.age --receipts back")).ok();
    for server in ["OFFICIAL_1", "OFFICIAL_2"] {
        let receipt = format!("back/{server}.recovery.receipt.json");
        production.run(&format!("share release --key {other} --receipt {receipt}")).ok();
    }
    let report = production.run("audit verify").ok();
    assert_eq!((&report["documents"]["receipts"], &report["valid"]), (&2.into(), &true.into()), "{report}");
    // Whatever is taken away of these papers is missed.
    let dir = production.stage.home("requests");
    let kept = |end: &str| -> Vec<PathBuf> {
        let names = fs::read_dir(&dir).unwrap().map(|entry| entry.unwrap().path());
        names.filter(|path| path.to_string_lossy().ends_with(end)).collect()
    };
    let requests = kept(".request.json");
    assert_eq!((requests.len(), kept(".receipt.json").len()), (5, 2));
    for path in requests {
        let good = fs::read_to_string(&path).unwrap();
        let mut request: Value = serde_json::from_str(&good).unwrap();
        let operation = request["request"]["operation"].as_str().unwrap().to_owned();
        fs::remove_file(&path).unwrap();
        // A deletion without a receipt runs under the id of its export.
        let kind = if operation == "deleteWithoutReceipt" { "receipt" } else { "request" };
        assert_eq!(faults(&wrong(production.run("audit verify")))[0].0, kind, "{operation}");
        let approvals = request["approvals"].as_array().unwrap().clone();
        if operation != "generate" {
            for few in [vec![], vec![approvals[0].clone()], vec![approvals[0].clone(), approvals[0].clone()]]
            {
                request["approvals"] = few.into();
                let bytes = quorate::codec::canonical("request", &request).unwrap();
                fs::write(&path, [bytes.as_slice(), b"\n"].concat()).unwrap();
                let found = faults(&wrong(production.run("audit verify")));
                assert!(["request", "receipt"].contains(&found[0].0.as_str()), "{operation}: {found:?}");
            }
        }
        fs::write(&path, good).unwrap();
    }
    for path in kept(".receipt.json") {
        let good = fs::read(&path).unwrap();
        fs::remove_file(&path).unwrap();
        assert_eq!(faults(&wrong(production.run("audit verify")))[0].0, "receipt");
        fs::write(&path, good).unwrap();
    }
    assert_eq!(production.run("audit verify").ok()["valid"], true);
}

/// A change to a file of the home, and what it is called.
type Case = (&'static str, fn(&Custody), &'static str, &'static str);

#[test]
fn r48_what_is_done_to_a_home_is_named() {
    let custody = lived_in("ED25519");
    let good = custody.stage.files();
    let cases: [Case; 12] = [
        ("edited", |c| edit(c, "nodes/OFFICIAL_2/audit.jsonl", |l| flip(&mut l[4])), "", "OFFICIAL_2"),
        (
            "dropped",
            |c| edit(c, "nodes/OFFICIAL_2/audit.jsonl", |l| drop(l.remove(4))),
            "dropped",
            "OFFICIAL_2",
        ),
        ("swapped", |c| edit(c, "nodes/OFFICIAL_1/audit.jsonl", |l| l.swap(3, 4)), "reordered", "OFFICIAL_1"),
        (
            "twice",
            |c| edit(c, "workspace/audit.jsonl", |l| l.insert(3, l[2].clone())),
            "repeated",
            "workspace",
        ),
        ("cut", |c| edit(c, "nodes/OFFICIAL_1/audit.jsonl", |l| l.truncate(9)), "truncated", "OFFICIAL_1"),
        ("cut", |c| edit(c, "workspace/audit.jsonl", |l| l.truncate(7)), "truncated", "workspace"),
        (
            "of another log",
            |c| {
                let line = lines(c, "nodes/OFFICIAL_2/audit.jsonl").remove(5);
                edit(c, "nodes/OFFICIAL_1/audit.jsonl", |l| l[5] = line);
            },
            "foreignLog",
            "OFFICIAL_1",
        ),
        ("no log", |c| fs::remove_file(c.stage.home("nodes/OFFICIAL_3/audit.jsonl")).unwrap(), "missing", ""),
        ("no card", |c| remove_all(c, "keys", ".card.json"), "keyCard", "OFFICIAL_1"),
        ("no receipts", |c| remove_all(c, &format!("exports/{}", c.key), ".json"), "receipt", "OFFICIAL_1"),
        (
            "an edited receipt",
            |c| {
                let path = first(c, &format!("exports/{}", c.key));
                let text = fs::read_to_string(&path).unwrap();
                let at = text.find("\"madeAt\":\"").unwrap() + 13;
                let mut bytes = text.into_bytes();
                bytes[at] ^= 1;
                fs::write(&path, bytes).unwrap();
            },
            "receipt",
            "",
        ),
        (
            "an edited card",
            |c| {
                let path = c.stage.home(&format!("keys/{}.card.json", c.key));
                let text = fs::read_to_string(&path).unwrap().replace("\"epoch\":0", "\"epoch\":1");
                fs::write(path, text).unwrap();
            },
            "keyCard",
            "",
        ),
    ];
    for (what, change, kind, log) in cases {
        change(&custody);
        let report = wrong(custody.run("audit verify"));
        let found = faults(&report);
        let named = |(k, l, _): &(String, String, u64)| {
            (kind.is_empty() || k == kind) && (log.is_empty() || l == log)
        };
        assert!(found.iter().any(named), "{what}: {found:?}");
        assert!(kind.is_empty() || log.is_empty() || named(&found[0]), "{what}: {found:?}");
        // What is wrong is carried along, and found by the outsider as well.
        let _ = fs::remove_file(custody.stage.path("bad"));
        custody.run("audit export --out bad").ok();
        assert_eq!(faults(&wrong(custody.run("audit verify bad"))), found, "{what}");
        for (path, bytes) in &good {
            fs::write(path, bytes).unwrap();
        }
    }
    custody.run("audit verify").ok();
}

#[test]
fn r48_a_head_from_outside_tells_what_nobody_else_saw() {
    let custody = lived_in("ED25519");
    custody.run("node status OFFICIAL_3").ok();
    let heads = custody.run("audit head").ok();
    let of = |log: &str| {
        let heads = heads["heads"].as_array().unwrap();
        heads.iter().find(|head| head["log"] == log).unwrap()["head"].as_str().unwrap().to_owned()
    };
    let log = "nodes/OFFICIAL_3/audit.jsonl";
    edit(&custody, log, |lines| drop(lines.pop()));
    custody.run("audit verify").ok();
    let report = wrong(custody.run(&format!("audit verify --head {}", of("OFFICIAL_3"))));
    assert_eq!(faults(&report)[0].0, "truncated");
    assert_eq!(faults(&report)[0].2, lines(&custody, log).len() as u64 + 1);
    custody.run(&format!("audit verify --head {}", of("OFFICIAL_1"))).ok();
    custody.run("audit verify --head OFFICIAL_1").fails(2, "NAME:COUNTER:HASH");
}

#[test]
fn r48_a_line_that_a_power_cut_tore_does_not_count() {
    let custody = Custody::new("ED25519", 2, 3);
    let path = custody.stage.home("nodes/OFFICIAL_1/audit.jsonl");
    let whole = fs::read(&path).unwrap();
    fs::write(&path, [whole.as_slice(), b"{\"entry\":{"].concat()).unwrap();
    let run = custody.run("audit verify");
    assert!(run.stderr.contains("unfinished line"), "{}", run.stderr);
    assert_eq!(run.ok()["valid"], true);
    let heads = custody.run("audit head").ok();
    assert_eq!(heads["heads"][1]["counter"], whole.iter().filter(|byte| **byte == b'\n').count());
}

#[test]
fn r49_a_home_without_nodes_and_no_bundle_at_all() {
    let custody = Custody::new("ED25519", 2, 3);
    crate::cli_jit::laptop(&custody);
    let mut command = custody.stage.bare(&crate::cli::harness());
    command.args(["--home", "laptop", "--json", "audit", "verify"]);
    let report = Run::of("verify", command.output().unwrap()).ok();
    assert!(report["unseen"].to_string().contains("OFFICIAL_1: its log is elsewhere"), "{report}");
    custody.stage.write("x", b"{}\n");
    custody.run("audit verify x").fails(1, "no audit bundle");
    custody.run("audit verify none").fails(1, "cannot be read");
    custody.run("audit export --out b").ok();
    custody.run("audit export --out b").fails(1, "already there");
    let bytes = fs::read(custody.stage.path("b")).unwrap();
    custody.stage.write("cut", &bytes[..bytes.len() / 2]);
    custody.run("audit verify cut").fails(4, "bundle");
    Stage::empty().run("audit verify").fails(1, "no workspace");
}

#[test]
fn r16_labels_and_reasons_from_outside_do_not_command_the_terminal() {
    let stage = Stage::init();
    stage.generate("--curve ED25519 --threshold 2 --label 'cold\u{200b}\u{2060}wallet'");
    for line in ["key list", "audit show --tail 1000", "audit verify"] {
        let text = stage.text(line).text();
        assert!(!text.contains(['\u{200b}', '\u{2060}', '\u{1b}']), "{text}");
    }
    assert!(stage.text("key list").text().contains("cold\\u{200b}\\u{2060}wallet"));
    // A reason, and what a stranger's bundle says.
    let custody = Custody::new("ED25519", 2, 3);
    let reason = "to \u{202e}eoZ\u{2066}";
    let recover = format!("recover --key {} --owner A --reason '{reason}' --out-dir sealed", custody.key);
    custody.run(&recover).fails(2, "printable characters");
    custody.run("audit export --out b.jsonl").ok();
    let bundle = fs::read_to_string(custody.stage.path("b.jsonl")).unwrap();
    let hostile = bundle.replacen("\"OFFICIAL_3\"", "\"\\u001b[2J\u{202e}\"", 1);
    assert_ne!(hostile, bundle);
    custody.stage.write("b.jsonl", hostile.as_bytes());
    let run = custody.stage.text("audit verify b.jsonl");
    assert_eq!(run.code, Some(4), "{}", run.stdout);
    assert!(run.stdout.contains("\\u{202e}"), "{}", run.stdout);
    for said in [run.stdout, run.stderr] {
        assert!(!said.contains(['\u{1b}', '\u{202e}']), "{said}");
    }
}

fn lines(custody: &Custody, log: &str) -> Vec<Vec<u8>> {
    let bytes = fs::read(custody.stage.home(log)).unwrap();
    bytes.strip_suffix(b"\n").unwrap().split(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect()
}

fn edit(custody: &Custody, log: &str, change: impl FnOnce(&mut Vec<Vec<u8>>)) {
    let mut all = lines(custody, log);
    change(&mut all);
    let bytes: Vec<u8> = all.iter().flat_map(|line| [line.as_slice(), b"\n"].concat()).collect();
    fs::write(custody.stage.home(log), bytes).unwrap();
}

fn flip(line: &mut [u8]) {
    let at = line.len() / 3;
    line[at] ^= 1;
}

fn first(custody: &Custody, dir: &str) -> PathBuf {
    let mut files: Vec<_> =
        fs::read_dir(custody.stage.home(dir)).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.remove(0)
}

fn remove_all(custody: &Custody, dir: &str, end: &str) {
    for entry in fs::read_dir(custody.stage.home(dir)).unwrap() {
        let path = entry.unwrap().path();
        if path.to_str().unwrap().ends_with(end) {
            fs::remove_file(path).unwrap();
        }
    }
}
