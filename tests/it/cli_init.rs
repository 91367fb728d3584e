//! `init` from outside: names, sizes, seal, TEST mark, where the home is.

use std::fs;

use crate::cli::{Stage, harness, shipped};

#[test]
fn init_makes_three_servers_unless_told_otherwise() {
    let stage = Stage::empty();
    let made = stage.run("init").ok();
    assert_eq!(made["servers"], serde_json::json!(["OFFICIAL_1", "OFFICIAL_2", "OFFICIAL_3"]));
    assert_eq!(
        (&made["mode"], &made["seal"], &made["test"]),
        (&"rehearsal".into(), &"key-file".into(), &true.into())
    );
    assert_eq!(made["words"].as_str().unwrap().split(' ').count(), 16);
    let nodes = stage.run("node list").ok();
    assert_eq!(nodes["nodes"].as_array().unwrap().len(), 3);
}

#[test]
fn init_takes_2_to_16_named_servers() {
    for n in [2, 16] {
        let nodes = Stage::with_servers(n).run("node list").ok();
        assert_eq!(nodes["nodes"].as_array().unwrap().len(), n);
        assert_eq!(nodes["nodes"][n - 1]["name"], format!("N{n}"));
    }
}

#[test]
fn init_refuses_bad_server_lists_and_leaves_nothing() {
    let stage = Stage::empty();
    let many: Vec<_> = (1..=17).map(|i| format!("N{i}")).collect();
    for (servers, code, complaint) in [
        ("A", 1, "2 to 16"),
        ("A,A", 2, "named twice"),
        ("A,../B", 2, "not a name"),
        ("", 2, "not a name"),
        (&many.join(","), 2, "at most 16"),
        ("A,workspace", 1, "workspace"),
    ] {
        stage.run(&format!("init --servers '{servers}'")).fails(code, complaint);
        assert!(!stage.path("home").exists(), "{servers}");
    }
    stage.run("init --no-nodes --servers A,B").fails(2, "--no-nodes");
}

#[test]
fn a_home_without_nodes_verifies_but_generates_nothing() {
    let stage = Stage::empty();
    let made = stage.run("init --no-nodes").ok();
    assert_eq!((&made["mode"], &made["servers"]), (&"none".into(), &serde_json::json!([])));
    assert_eq!(stage.run("key list").ok()["keys"], serde_json::json!([]));
    assert_eq!(stage.run("audit show").ok()["entries"].as_array().unwrap().len(), 1);
    stage.run("key generate --curve ED25519 --threshold 2").fails(1, "no nodes");
    stage.run("node list").fails(1, "no nodes");
    stage.run("sign --key 00000000-0000-4000-8000-000000000000 --message m").fails(1, "no nodes");
}

#[test]
#[cfg(unix)]
fn r35_a_passphrase_seals_the_home() {
    let stage = Stage::empty();
    stage.write_secret("right", b"correct horse battery staple 7\n");
    stage.write_secret("wrong", b"correct horse battery staple 8\n");
    stage.run("--passphrase-file right init --seal passphrase").ok();
    assert!(!stage.home("seal.key").exists());
    let generate = "key generate --curve ED25519 --threshold 2";
    stage.run(&format!("--passphrase-file right {generate}")).ok();
    let before = stage.files();
    let error = stage.run(&format!("--passphrase-file wrong {generate}")).fails(4, "wrong");
    assert!(!error["message"].as_str().unwrap().contains("staple"));
    assert!(before == stage.files(), "a wrong passphrase changed something");
    assert_eq!(stage.run("--passphrase-file right key list").ok()["keys"].as_array().unwrap().len(), 1);
}

#[test]
#[cfg(target_os = "linux")]
fn r36_a_passphrase_comes_from_a_private_file_or_not_at_all() {
    use std::os::unix::fs::PermissionsExt;
    let stage = Stage::empty();
    stage.write_secret("pass", b"correct horse battery staple 7\n");
    stage.run("--passphrase-file pass init --seal passphrase").ok();
    // A session of its own has no terminal to ask at.
    let mut alone = stage.bare("setsid".as_ref());
    alone
        .env("PATH", "/usr/bin:/bin")
        .arg("-w")
        .arg(harness())
        .args(["--home", "home", "--json", "key", "list"]);
    crate::cli::Run::of("key list", alone.output().unwrap()).fails(1, "assphrase");
    stage.run("--passphrase-file missing key list").fails(1, "missing");
    fs::set_permissions(stage.path("pass"), fs::Permissions::from_mode(0o644)).unwrap();
    stage.run("--passphrase-file pass key list").fails(1, "pass");
}

#[test]
#[cfg(unix)]
fn r35_weak_passphrases_seal_nothing() {
    let stage = Stage::empty();
    for weak in ["", "short", "fifteen letters"] {
        stage.write_secret("weak", weak.as_bytes());
        let run = stage.run("--passphrase-file weak init --seal passphrase");
        assert_eq!(run.code, Some(1), "{weak}: {}", run.stderr);
        assert!(!stage.path("home").exists(), "{weak}");
    }
    stage.run("init --generate-passphrase").fails(2, "--seal passphrase");
    assert!(!stage.path("home").exists());
}

#[test]
fn a_directory_with_something_in_it_becomes_no_home() {
    let stage = Stage::init();
    let before = stage.files();
    stage.run("init").fails(1, "already");
    assert!(before == stage.files());
    let stage = Stage::empty();
    fs::create_dir(stage.path("home")).unwrap();
    fs::write(stage.home("letter"), "Dear Ann").unwrap();
    stage.run("init").fails(1, "not empty");
    assert_eq!(stage.files().len(), 1);
    fs::remove_file(stage.home("letter")).unwrap();
    stage.run("init").ok();
}

#[test]
fn homes_made_with_test_primes_are_refused_by_the_shipped_program_and_the_other_way_round() {
    let stage = Stage::init();
    let key = stage.generate("--curve ED25519 --threshold 2");
    let before = stage.files();
    for line in
        ["key list".to_owned(), "node status".to_owned(), format!("sign --key {} --message m", key.id())]
    {
        stage.run_shipped(&line).fails(3, "TEST");
    }
    assert!(before == stage.files());
    let stage = Stage::empty();
    assert_eq!(stage.run_shipped("init").ok()["test"], false);
    stage.run_shipped("key list").ok();
    stage.run("key list").fails(3, "TEST");
}

#[test]
fn the_home_is_the_flag_then_the_variable_then_the_default() {
    let stage = Stage::empty();
    let mut by_default = stage.bare(&shipped());
    assert!(by_default.arg("init").output().unwrap().status.success());
    assert!(stage.path("nobody/.quorate/home.json").exists());
    let mut by_variable = stage.bare(&shipped());
    assert!(by_variable.env("QUORATE_HOME", "there").arg("init").output().unwrap().status.success());
    assert!(stage.path("there/home.json").exists());
    let mut by_flag = stage.bare(&shipped());
    by_flag.env("QUORATE_HOME", "there").args(["init", "--home", "elsewhere"]);
    assert!(by_flag.output().unwrap().status.success());
    assert!(stage.path("elsewhere/home.json").exists());
    stage.run("key list").fails(1, "no workspace in home");
}
