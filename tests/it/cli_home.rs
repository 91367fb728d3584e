//! Homes that are damaged, newer, locked, read-only or incomplete: a clear error, nothing lost.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use quorate::store::HomeLock;

use crate::cli::{Key, Run, Stage};

/// A workspace with an ED25519 key that has signed once.
fn used() -> (Stage, Key) {
    let stage = Stage::init();
    let key = stage.generate("--curve ED25519 --threshold 2");
    sign(&stage, &key).ok();
    (stage, key)
}

fn sign(stage: &Stage, key: &Key) -> Run {
    stage.run(&format!("sign --key {} --message m --servers OFFICIAL_1,OFFICIAL_2", key.id()))
}

/// What someone has to know to put it right: which file, or which server's.
fn names_its_file(run: &Run, path: &Path) -> bool {
    let server = path.parent().unwrap().file_name().unwrap().to_str().unwrap();
    let file = path.file_name().unwrap().to_str().unwrap();
    run.stderr.contains(file)
        || run.stderr.contains(server)
        || file.starts_with("seal.") && run.stderr.contains("seal")
}

/// A damaged file: the run ends with 1 or 4, says where, prints nothing; with the file restored all is well.
fn check_damage(stage: &Stage, key: &Key, path: &Path, good: &[u8], bad: &[u8], what: &str) {
    check_flip(stage, key, path, good, bad, what, false);
}

/// The same, but the damage may be in a place that nothing reads: then the signature is right. Log and store
/// remember each other (R39), so a database is restored with the log beside it.
fn check_flip(
    stage: &Stage,
    key: &Key,
    path: &Path,
    good: &[u8],
    bad: &[u8],
    what: &str,
    may_be_harmless: bool,
) {
    let log = path.with_file_name("audit.jsonl");
    let old_log = fs::read(&log).ok().filter(|_| path.ends_with("store.redb"));
    fs::write(path, bad).unwrap();
    let run = sign(stage, key);
    let context = format!("{} {what}: {:?} {}{}", path.display(), run.code, run.stdout, run.stderr);
    if may_be_harmless && run.code == Some(0) {
        let signature = run.ok()["signature"].as_str().unwrap().to_owned();
        stage.run(&format!("verify {} --message m --signature {signature}", key.public())).ok();
    } else {
        assert!(matches!(run.code, Some(1 | 4)), "{context}");
        assert!(run.stdout.is_empty() && names_its_file(&run, path), "{context}");
        assert!(!run.stderr.contains("a defect in"), "{context}");
    }
    fs::write(path, good).unwrap();
    if let Some(old_log) = old_log {
        fs::write(&log, old_log).unwrap();
    }
    let again = sign(stage, key);
    assert_eq!(again.code, Some(0), "restored after {context}: {}", again.stderr);
}

fn damaged_files(stage: &Stage, key: &Key) -> Vec<PathBuf> {
    let mut paths: Vec<_> =
        ["home.json", "genesis.json", "seal.json", "seal.key", "workspace/keyslots", "workspace/store.redb"]
            .iter()
            .map(|name| stage.home(name))
            .collect();
    paths.push(stage.home("keys").join(format!("{}.card.json", key.id())));
    paths.extend(["keyslots", "store.redb"].map(|name| stage.home("nodes/OFFICIAL_2").join(name)));
    paths
}

#[test]
fn files_cut_short_or_missing_are_named_and_restoring_them_is_enough() {
    let (stage, key) = used();
    for path in damaged_files(&stage, &key) {
        let good = fs::read(&path).unwrap();
        check_damage(&stage, &key, &path, &good, b"", "emptied");
        let good = fs::read(&path).unwrap();
        // A keyslot file is zeros but for its first slots.
        let cut = if path.ends_with("keyslots") { 4096 } else { good.len() / 2 };
        check_damage(&stage, &key, &path, &good, &good[..cut], "cut");
        let good = fs::read(&path).unwrap();
        fs::remove_file(&path).unwrap();
        let run = sign(&stage, &key);
        assert!(matches!(run.code, Some(1 | 4)), "{} gone: {:?}", path.display(), run.code);
        fs::write(&path, good).unwrap();
        sign(&stage, &key).ok();
    }
}

#[test]
fn r48_a_cut_or_missing_audit_log_is_noticed() {
    let (stage, key) = used();
    for log in ["workspace/audit.jsonl", "nodes/OFFICIAL_2/audit.jsonl"] {
        let path = stage.home(log);
        let good = fs::read(&path).unwrap();
        let before_last = good[..good.len() - 1].iter().rposition(|b| *b == b'\n').unwrap() + 1;
        for (what, bad) in
            [("emptied", &b""[..]), ("first byte", &good[..1]), ("last entry cut", &good[..before_last])]
        {
            check_damage(&stage, &key, &path, &fs::read(&path).unwrap(), bad, what);
        }
        let mut garbled = fs::read(&path).unwrap();
        let (good, last) = (garbled.clone(), garbled.len() - 20);
        garbled[last] ^= 1;
        check_damage(&stage, &key, &path, &good, &garbled, "last entry altered");
        let good = fs::read(&path).unwrap();
        fs::remove_file(&path).unwrap();
        sign(&stage, &key).fails(4, "audit log");
        fs::write(&path, good).unwrap();
        sign(&stage, &key).ok();
        // What a power cut leaves of an entry that nobody was told of is dropped.
        let good = fs::read(&path).unwrap();
        fs::write(&path, [&good, &b"{\"entry\":{\"version\""[..]].concat()).unwrap();
        sign(&stage, &key).ok();
    }
}

#[test]
fn flipped_bytes_are_noticed_or_harmless_and_lose_nothing() {
    let (stage, key) = used();
    for path in damaged_files(&stage, &key) {
        let flippable = fs::read(&path).unwrap().iter().filter(|b| **b != 0).count();
        for nth in (0..flippable).step_by(flippable / 5) {
            let good = fs::read(&path).unwrap();
            let mut bad = good.clone();
            let at = bad.iter().enumerate().filter(|(_, b)| **b != 0).nth(nth).map_or(0, |(at, _)| at);
            bad[at] ^= 1 << (nth % 7);
            check_flip(&stage, &key, &path, &good, &bad, &format!("byte {at} flipped"), true);
        }
    }
}

#[test]
fn a_damaged_card_of_one_key_leaves_the_others_usable() {
    let (stage, key) = used();
    let other = stage.generate("--curve ED25519 --threshold 2");
    let path = stage.home("keys").join(format!("{}.card.json", other.id()));
    let good = fs::read_to_string(&path).unwrap();
    let as_another = good.replace(other.field("groupPublicKey"), key.field("groupPublicKey"));
    let unsigned = good.replace("\"epoch\":0", "\"epoch\":1");
    for bad in [as_another, unsigned] {
        fs::write(&path, bad).unwrap();
        sign(&stage, &other).fails(4, "card");
        stage.run("key list").fails(4, other.id());
        sign(&stage, &key).ok();
    }
    // The card of one key under the name of another.
    fs::copy(stage.home("keys").join(format!("{}.card.json", key.id())), &path).unwrap();
    sign(&stage, &other).fails(4, "another key's");
    fs::write(&path, good).unwrap();
    sign(&stage, &other).ok();
}

#[test]
fn newer_homes_are_told_from_damaged_ones() {
    let (stage, key) = used();
    for (file, from, to) in
        [("home.json", "\"version\":1", "\"version\":2"), ("seal.json", "\"version\":1", "\"version\":2")]
    {
        let path = stage.home(file);
        let good = fs::read_to_string(&path).unwrap();
        assert!(good.contains(from), "{good}");
        fs::write(&path, good.replace(from, to)).unwrap();
        for line in ["key list", "node status"] {
            let error = stage.run(line).fails(1, "version 2");
            assert!(error["hints"][0].as_str().unwrap().contains("newer version"), "{error}");
        }
        fs::write(&path, good).unwrap();
        sign(&stage, &key).ok();
    }
    // The keyslot file has its version, big-endian, after its 16-byte magic.
    let path = stage.home("nodes/OFFICIAL_1/keyslots");
    let good = fs::read(&path).unwrap();
    let mut newer = good.clone();
    newer[19] = 2;
    fs::write(&path, newer).unwrap();
    let error = sign(&stage, &key).fails(1, "version 2");
    assert!(error["message"].as_str().unwrap().contains("version 1"), "{error}");
    fs::write(&path, good).unwrap();
    sign(&stage, &key).ok();
}

#[test]
fn r53_a_home_in_use_is_waited_for_and_then_left_alone() {
    let (stage, key) = used();
    let before = stage.files();
    let held = HomeLock::acquire(&stage.path("home"), Duration::ZERO).unwrap();
    let start = Instant::now();
    // All wait at the same time.
    let lines = ["key list".to_owned(), "init".to_owned(), format!("sign --key {} --message m", key.id())];
    let waiting = lines.map(|line| stage.command(&line).spawn().unwrap());
    let [list, init, sign] = waiting.map(|child| child.wait_with_output().unwrap());
    for output in [list, sign] {
        let error = Run::of("locked", output).fails(75, "in use by another run");
        assert!(error["state"].as_str().unwrap().contains("nothing"), "{error}");
    }
    assert_eq!(init.status.code(), Some(1), "a home that is there needs no lock");
    assert!(start.elapsed() > Duration::from_secs(9));
    assert!(before == stage.files());
    drop(held);
    stage.run("key list").ok();
}

#[test]
#[cfg(target_os = "linux")]
fn a_read_only_home_is_refused_and_left_alone() {
    use std::os::unix::fs::PermissionsExt;
    let (stage, key) = used();
    let before = stage.files();
    let mut dirs = vec![stage.path("home")];
    dirs.extend(["nodes", "keys", "workspace"].map(|name| stage.home(name)));
    dirs.extend((1..=3).map(|i| stage.home(&format!("nodes/OFFICIAL_{i}"))));
    let set = |dir_mode: u32, file_mode: u32| {
        for (path, _) in &before {
            fs::set_permissions(path, fs::Permissions::from_mode(file_mode)).unwrap();
        }
        fs::set_permissions(stage.home("lock"), fs::Permissions::from_mode(file_mode)).unwrap();
        for dir in &dirs {
            fs::set_permissions(dir, fs::Permissions::from_mode(dir_mode)).unwrap();
        }
    };
    set(0o500, 0o400);
    let probe = stage.home("keys/probe");
    let bound = fs::write(&probe, b"").is_err();
    let _ = fs::remove_file(&probe);
    for line in [
        "key list".to_owned(),
        format!("sign --key {} --message m", key.id()),
        "key generate --curve ED25519 --threshold 2".to_owned(),
    ] {
        let mut command = if bound { stage.command(&line) } else { without_privilege(&stage, &line) };
        let output = match command.output() {
            Ok(output) => output,
            Err(error) => {
                set(0o700, 0o600);
                eprintln!(
                    "SKIPPED: a read-only home binds only a user without privilege, and setpriv: {error}"
                );
                return;
            }
        };
        let run = Run::of(&line, output);
        if run.code != Some(1) {
            set(0o700, 0o600);
        }
        let error = run.fails(1, "ermission");
        assert!(error["message"].as_str().unwrap().contains("home"), "{error}");
    }
    assert!(before == stage.files());
    set(0o700, 0o600);
    sign(&stage, &key).ok();
}

/// Root without capabilities is bound by permissions like everyone else.
#[cfg(target_os = "linux")]
fn without_privilege(stage: &Stage, line: &str) -> std::process::Command {
    let mut command = stage.bare("setpriv".as_ref());
    command.env("PATH", "/usr/bin:/bin").args([
        "--bounding-set=-all",
        "--inh-caps=-all",
        "--ambient-caps=-all",
    ]);
    command.arg(crate::cli::harness()).args(["--home", "home", "--json"]).args(shlex::split(line).unwrap());
    command
}

#[test]
fn a_removed_server_is_named_and_the_others_sign() {
    let (stage, key) = used();
    fs::rename(stage.home("nodes/OFFICIAL_2"), stage.path("aside")).unwrap();
    let error = sign(&stage, &key).fails(1, "OFFICIAL_2");
    assert!(error["hints"].to_string().contains("--servers"), "{error}");
    stage.run(&format!("sign --key {} --message m --servers OFFICIAL_3,OFFICIAL_1", key.id())).ok();
    stage.run(&format!("key show --key {}", key.id())).fails(1, "OFFICIAL_2");
    stage.run("key list").ok();
    fs::rename(stage.path("aside"), stage.home("nodes/OFFICIAL_2")).unwrap();
    sign(&stage, &key).ok();
}

#[test]
fn servers_of_another_home_are_refused() {
    let (stage, key) = used();
    let other = Stage::init();
    fs::rename(stage.home("nodes/OFFICIAL_2"), stage.path("aside")).unwrap();
    fs::rename(other.home("nodes/OFFICIAL_2"), stage.home("nodes/OFFICIAL_2")).unwrap();
    sign(&stage, &key).fails(4, "OFFICIAL_2");
    fs::rename(stage.home("nodes/OFFICIAL_2"), other.home("nodes/OFFICIAL_2")).unwrap();
    // One server's store under another's name.
    fs::rename(stage.home("nodes/OFFICIAL_1"), stage.home("nodes/OFFICIAL_2")).unwrap();
    fs::rename(stage.path("aside"), stage.home("nodes/OFFICIAL_1")).unwrap();
    sign(&stage, &key).fails(4, "OFFICIAL_");
    fs::rename(stage.home("nodes/OFFICIAL_1"), stage.path("aside")).unwrap();
    fs::rename(stage.home("nodes/OFFICIAL_2"), stage.home("nodes/OFFICIAL_1")).unwrap();
    fs::rename(stage.path("aside"), stage.home("nodes/OFFICIAL_2")).unwrap();
    sign(&stage, &key).ok();
}

#[test]
fn r39_an_audit_log_put_back_to_an_old_copy_is_noticed() {
    let (stage, key) = used();
    for log in ["workspace/audit.jsonl", "nodes/OFFICIAL_2/audit.jsonl"] {
        let log = stage.home(log);
        let old = fs::read(&log).unwrap();
        sign(&stage, &key).ok();
        let new = fs::read(&log).unwrap();
        fs::write(&log, &old).unwrap();
        sign(&stage, &key).fails(4, "audit log");
        fs::write(&log, &new).unwrap();
        sign(&stage, &key).ok();
    }
}
