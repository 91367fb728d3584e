//! Runs beside each other, streams that take nothing, and the commands that only look.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::process::{Child, Stdio};

use serde_json::{Value, json};

use crate::cli::{Run, Stage, shipped};

fn finish((line, child): (String, Child)) -> Run {
    Run::of(&line, child.wait_with_output().unwrap())
}

/// A run that waited ten seconds for the others, on a busy machine, says so and is run again (R53).
fn again_if_busy(stage: &Stage, run: Run) -> Run {
    if run.code == Some(75) { stage.run(&run.line) } else { run }
}

#[test]
fn r18_concurrent_signs_on_one_key_all_succeed_and_no_nonce_repeats() {
    let stage = Stage::init();
    let key = stage.generate("--curve ED25519 --threshold 2");
    let line = format!("sign --key {} --message m", key.id());
    let running: Vec<_> = (0..6).map(|_| stage.command(&line).spawn().unwrap()).collect();
    let mut nonces = BTreeSet::new();
    for child in running {
        let signed = again_if_busy(&stage, finish((line.clone(), child))).ok();
        let signature = signed["signature"].as_str().unwrap();
        stage.run(&format!("verify {} --message m --signature {signature}", key.public())).ok();
        assert!(nonces.insert(signature[..64].to_owned()), "R repeats");
    }
}

#[test]
fn r18_concurrent_ecdsa_signs_and_a_generation_do_not_disturb_each_other() {
    let stage = Stage::init();
    let key = stage.generate("--curve SECP256k1 --threshold 2");
    let line = |servers| format!("sign --key {} --message m --servers {servers}", key.id());
    let lines = [
        line("OFFICIAL_1,OFFICIAL_2"),
        line("OFFICIAL_2,OFFICIAL_3"),
        "key generate --curve ED25519 --threshold 2".to_owned(),
    ];
    let running = lines.map(|line| (line.clone(), stage.command(&line).spawn().unwrap()));
    let [first, second, _] = running.map(finish).map(|run| again_if_busy(&stage, run).ok());
    assert_ne!(first["r"], second["r"]);
    assert_eq!(stage.run("key list").ok()["keys"].as_array().unwrap().len(), 2);
}

#[test]
#[cfg(target_os = "linux")]
fn r52_a_key_whose_report_is_lost_exists_and_signs() {
    let stage = Stage::init();
    let mut seen = BTreeSet::new();
    for lost in ["full", "broken"] {
        let mut command = stage.command("key generate --curve ED25519 --threshold 2 --label lost");
        if lost == "full" {
            command.stdout(File::options().write(true).open("/dev/full").unwrap());
        } else {
            let (reader, writer) = std::io::pipe().unwrap();
            drop(reader);
            command.stdout(writer);
        }
        let error = Run::of(lost, command.output().unwrap()).fails(1, "could not be written");
        assert!(error["state"].as_str().unwrap().contains("complete"), "{error}");
        assert!(error["hints"][0].as_str().unwrap().ends_with("key list"), "{error}");
        let list = stage.run("key list").ok();
        let new = list["keys"].as_array().unwrap().iter().map(|row| row["keyId"].as_str().unwrap());
        let new: Vec<_> = new.filter(|id| seen.insert((*id).to_owned())).collect();
        assert_eq!(new.len(), 1, "{lost}");
        assert!(stage.home("keys").join(format!("{}.card.json", new[0])).exists());
        stage.run(&format!("sign --key {} --message m", new[0])).ok();
    }
}

#[test]
#[cfg(unix)]
fn r52_closed_streams_change_no_outcome() {
    let stage = Stage::init();
    let program = crate::cli::harness();
    for closed in [">&-", "2>&-", ">&- 2>&-", "<&- >&- 2>&-"] {
        let before = stage.run("key list").ok()["keys"].as_array().unwrap().len();
        let mut shell = stage.bare("/bin/sh".as_ref());
        shell
            .arg("-c")
            .arg(format!("exec \"$0\" --home home key generate --curve ED25519 --threshold 2 {closed}"));
        let status = shell.arg(&program).stdin(Stdio::null()).status().unwrap();
        assert!(matches!(status.code(), Some(0 | 1)), "{closed}: {status}");
        let keys = stage.run("key list").ok();
        assert_eq!(keys["keys"].as_array().unwrap().len(), before + 1, "{closed}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn r52_full_standard_error_changes_no_outcome() {
    let stage = Stage::init();
    let mut command = stage.command("key generate --curve SECP256k1 --threshold 2");
    command.stderr(File::options().write(true).open("/dev/full").unwrap());
    let key = crate::cli::Key(Run::of("generate", command.output().unwrap()).ok());
    let mut command = stage.command(&format!("sign --key {} --digest {}", key.id(), "07".repeat(32)));
    command.stderr(File::options().write(true).open("/dev/full").unwrap());
    assert_eq!(Run::of("sign", command.output().unwrap()).ok()["blind"], true);
}

#[test]
#[cfg(target_os = "linux")]
fn r52_too_few_descriptors_or_a_file_size_limit_leave_a_usable_home() {
    let stage = Stage::init();
    let key = stage.generate("--curve ED25519 --threshold 2");
    let program = crate::cli::harness();
    for limit in ["-n 4", "-n 8", "-n 12", "-f 0", "-f 1", "-f 64", "-f 1000"] {
        for line in [
            format!("sign --key {} --message m", key.id()),
            "key generate --curve ED25519 --threshold 2".into(),
        ] {
            let mut shell = stage.bare("/bin/sh".as_ref());
            shell.arg("-c").arg(format!("ulimit {limit}; exec \"$0\" --home home {line}")).arg(&program);
            let run = Run::of(&format!("{limit} {line}"), shell.output().unwrap());
            assert!(matches!(run.code, Some(0 | 1)), "{limit}: {:?} {}{}", run.code, run.stdout, run.stderr);
            assert!(!run.stderr.contains("a defect in"), "{limit}: {}", run.stderr);
        }
        stage.run(&format!("sign --key {} --message m", key.id())).ok();
        for row in stage.run("key list").ok()["keys"].as_array().unwrap() {
            let id = row["keyId"].as_str().unwrap();
            if row["status"] != "active" {
                stage.run(&format!("sign --key {id} --message m")).fails(1, "incomplete");
                let resumed = stage.run(&format!("key resume --key {id}"));
                if resumed.code != Some(0) {
                    stage.run(&format!("key abandon --key {id}")).ok();
                }
            }
        }
    }
}

#[test]
fn the_audit_log_tells_what_was_done() {
    let stage = Stage::init();
    let key = stage.generate("--curve ED25519 --threshold 2");
    stage.run(&format!("sign --key {} --message m --servers OFFICIAL_1,OFFICIAL_3", key.id())).ok();
    let events = |line: &str| -> Vec<(String, String)> {
        let shown = stage.run(line).ok();
        let text = |entry: &Value, name: &str| entry["entry"][name].as_str().unwrap().to_owned();
        shown["entries"].as_array().unwrap().iter().map(|e| (text(e, "log"), text(e, "event"))).collect()
    };
    let last = |log: &str, event: &str| (log.to_owned(), event.to_owned());
    let one = events("audit show --tail 1");
    assert_eq!(
        one,
        [
            last("workspace", "SIGNING_COMPLETED"),
            last("OFFICIAL_1", "SIGNING_COMPLETED"),
            last("OFFICIAL_2", "KEY_ACTIVATED"),
            last("OFFICIAL_3", "SIGNING_COMPLETED"),
        ]
    );
    let node = events("audit show --server OFFICIAL_1 --tail 1000");
    assert_eq!(node[0], last("OFFICIAL_1", "CREATED"));
    assert!(node.iter().all(|(log, _)| log == "OFFICIAL_1") && node.len() > 5);
    assert_eq!(events("audit show --server OFFICIAL_1 --tail 3"), node[node.len() - 3..]);
    assert_eq!(events("audit show --tail 0"), []);
    stage.run("audit show --server OFFICIAL_9").fails(1, "OFFICIAL_9 is not a server");
    for bad in ["-1", "x", "99999999999"] {
        stage.run(&format!("audit show --tail={bad}")).fails(2, "--tail");
    }
    assert!(stage.text("audit show --tail 1").text().contains("SIGNING_COMPLETED"));
}

#[test]
fn nodes_are_listed_with_cards_and_what_they_hold() {
    let stage = Stage::init();
    stage.generate("--curve ED25519 --threshold 2 --servers OFFICIAL_1,OFFICIAL_2,OFFICIAL_3");
    stage.generate("--curve ED25519 --threshold 2 --no-loss-tolerance --servers OFFICIAL_1,OFFICIAL_3");
    let status = stage.run("node status").ok();
    let resident = |node: &Value| node["statement"]["resident"].as_array().unwrap().len();
    let keys: Vec<_> = status["nodes"].as_array().unwrap().iter().map(resident).collect();
    assert_eq!((keys, &status["empty"]), (vec![2, 1, 2], &false.into()));
    let one = stage.run("node status OFFICIAL_2").ok();
    let said = &one["nodes"][0]["statement"];
    assert_eq!((one["nodes"].as_array().unwrap().len(), &said["node"]), (1, &"OFFICIAL_2".into()));
    let list = stage.run("node list").ok();
    let card = stage.run("node card OFFICIAL_2").ok();
    assert_eq!(card["card"]["recipient"], list["nodes"][1]["recipient"]);
    assert!(card["card"]["recipient"].as_str().unwrap().starts_with("age1"));
    let words = list["nodes"][1]["words"].as_str().unwrap();
    assert!(stage.text("node card OFFICIAL_2").text().contains(words), "the same words for the same thing");
    assert_eq!(stage.run("node card").ok()["cards"].as_array().unwrap().len(), 3);
    for verb in ["card", "status"] {
        stage.run(&format!("node {verb} OFFICIAL_9")).fails(1, "OFFICIAL_9 is not a server");
    }
}

#[test]
fn aux_is_renewed_and_every_pair_still_signs() {
    let stage = Stage::init();
    let key = stage.generate("--curve SECP256k1 --threshold 2");
    let renewed = stage.run(&format!("aux renew --key {}", key.id())).ok();
    assert_ne!(renewed["auxId"], key.0["auxId"]);
    assert_eq!(renewed["keyId"], key.id());
    let shown = stage.run(&format!("key show --key {}", key.id())).ok();
    assert!(shown["onServers"].as_array().unwrap().iter().all(|on| on["auxId"] == renewed["auxId"]));
    assert_eq!(shown["rootPublicKey"], key.field("rootPublicKey"));
    let signed =
        stage.run(&format!("sign --key {} --message m --servers OFFICIAL_2,OFFICIAL_3", key.id())).ok();
    let signature = signed["signature"].as_str().unwrap();
    stage.run_shipped(&format!("verify {} --message m --signature {signature}", key.public())).ok();
    let eddsa = stage.generate("--curve ED25519 --threshold 2");
    stage.run(&format!("aux renew --key {}", eddsa.id())).fails(1, "need no aux");
}

#[test]
fn r56_selftest_passes_and_pages_are_there() {
    let stage = Stage::empty();
    let report = stage.run_shipped("selftest").ok();
    assert_eq!(report["passed"], true);
    assert!(report["checks"].as_array().unwrap().len() > 5);
    let mut command = stage.bare(&shipped());
    let completions = command.args(["completions", "bash"]).output().unwrap();
    assert!(completions.status.success() && completions.stdout.len() > 1000);
    stage.run_shipped("man --out-dir tmp").ok();
    assert!(fs::read_dir(stage.path("tmp")).unwrap().count() > 10);
    stage.run_shipped("completions tcsh").fails(2, "tcsh");
}

/// The next command on the screen can be typed as it stands.
#[test]
fn hints_name_the_home_that_was_named() {
    let stage = Stage::empty();
    let made = stage.text("init");
    assert!(made.stderr.contains("quorate --home home key generate"), "{}", made.stderr);
    let key = stage.text("key generate --curve ED25519 --threshold 2");
    assert!(key.stderr.contains("Next: quorate --home home sign --key"), "{}", key.stderr);
    let unknown = stage.run("key show --key 00000000-0000-4000-8000-000000000000").fails(1, "no key");
    assert_eq!(unknown["hints"], json!(["quorate --home home key list"]));
}

/// Every committed ceremony runs from its first step to its last, in a home that is gone afterwards.
#[test]
fn committed_ceremonies_run_to_their_end() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("ceremonies");
    let scripts = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let scripts: Vec<_> = scripts.filter(|path| path.extension().is_some_and(|ext| ext == "toml")).collect();
    assert!(!scripts.is_empty());
    for script in scripts {
        let stage = Stage::empty();
        let mut command = stage.bare(&crate::cli::harness());
        command.args(["--json", "ceremony", "run", "--unattended"]).arg(&script);
        let report = Run::of(&script.display().to_string(), command.output().unwrap()).ok();
        let steps = report["steps"].as_array().unwrap();
        assert!(steps.len() > 3 && steps.iter().any(|step| step["exit"] == 0), "{report}");
        assert_eq!(
            fs::read_dir(stage.path("tmp")).unwrap().count(),
            0,
            "{} leaves something",
            script.display()
        );
        assert!(!stage.path("home").exists() && fs::read_dir(stage.path("nobody")).unwrap().count() == 0);
    }
}
