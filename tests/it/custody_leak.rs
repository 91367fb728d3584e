//! Leak canary (R44) of what custodians and guardians do: the identity's secret, its approval seed, every share
//! and every passphrase, sought in all that the program prints, in its files but for the sheets themselves, and
//! in what it passes on.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use hkdf::Hkdf;
use quorate::ceremony::custodians;
use quorate::curve::{Curve, Level};
use quorate::guardian::slip39::Share;
use quorate::print::text;
use quorate::wrap::passphrase::Passphrase;
use sha2::Sha256;

use crate::cli::Stage;
use crate::cli_custodian::{PHRASE, keygen, stage};
use crate::cli_guardian::words;
use crate::fixtures;
use crate::node_leak::Needles;
use crate::shards::person;
use crate::share_stage::Laptop;

/// Everything secret about the identity in `A.id` and its five shares in `out`.
fn needles(stage: &Stage) -> Needles {
    quorate::wrap::passphrase::danger_allow_small_costs();
    let locked = custodians::read_identity(&stage.path("A.id")).unwrap();
    let identity = locked.unlock(&Passphrase::from_bytes(PHRASE.as_bytes().to_vec()).unwrap()).unwrap();
    let secret = identity.age().secret().expose();
    let mut seed = [0; 32];
    Hkdf::<Sha256>::new(None, secret).expand(b"quorate/approval/v1", &mut seed).unwrap();
    let mut needles =
        Needles::of(&[("the identity".into(), secret.to_vec()), ("the approval seed".into(), seed.to_vec())]);
    let key = identity.age().to_text();
    needles.add("the age key", key.expose()[16..].to_vec());
    needles.add("the age key", key.expose()[16..].to_ascii_lowercase());
    needles.add("a passphrase", PHRASE.as_bytes().to_vec());
    needles.add("a passphrase", b"another horse battery staple 8".to_vec());
    for name in ["Ann", "Bob", "Cyd", "Dan", "Eve"] {
        let words = words(stage, &format!("out/{name}.txt"));
        // The first four words are the set and the place, which every share has in common.
        for (three, number) in words[4..30].chunks(3).zip((5..).step_by(3)) {
            needles.add(name, three.join(" ").into_bytes());
            needles.add(name, three.join(" ").to_uppercase().into_bytes());
            needles.add(name, three.join("\n").into_bytes());
            let numbered = (number..).zip(three).map(|(number, word)| format!("{number:>2} {word}"));
            needles.add(name, numbered.collect::<Vec<_>>().join("\n").into_bytes());
        }
    }
    needles
}

/// A printer that keeps what it was started with.
fn printer(stage: &Stage) -> PathBuf {
    let path = stage.path("printer");
    fs::write(
        &path,
        "#!/bin/sh\nenv > started; tr '\\0' ' ' < /proc/$PPID/cmdline >> started; cat > /dev/null\n",
    )
    .unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    path
}

#[test]
fn r44_no_secret_of_a_custodian_or_guardian_is_printed_or_left() {
    let stage = stage();
    keygen(&stage, "A");
    let mut said = String::new();
    let mut run = |line: &str| {
        for run in [stage.run(&format!("-vvv {line}")), stage.text(&format!("-vvv {line}"))] {
            said += &format!("{}\n{}\n", run.stdout, run.stderr);
        }
    };
    let three = "out/Ann.txt out/Bob.png out/Cyd.txt --set out/guardian-set.json";
    run("guardian split A.id --guardians Ann,Bob,Cyd,Dan,Eve --out-dir out --passphrase-file pass");
    run("custodian show A.id");
    run("custodian unlock-check A.id --passphrase-file pass");
    run("custodian unlock-check A.id --passphrase-file wrong");
    run("custodian challenge A.card.json --out challenge");
    run("custodian prove A.id --challenge challenge --out proof --passphrase-file pass");
    run("custodian verify A.card.json --challenge challenge --proof proof");
    run("guardian check out/Ann.txt out/Bob.png --set out/guardian-set.json");
    run("guardian scan out/Ann.png out/Dan.png");
    run(&format!("guardian combine {three} --out back.id --passphrase-file new"));
    run(&format!("guardian combine {three} --show"));
    run(
        "guardian combine out/Ann.txt out/Bob.txt --set out/guardian-set.json --out b.id --passphrase-file new",
    );
    run(
        "guardian combine --format sharks out/Ann.txt out/Bob.txt --card A.card.json --out b.id --passphrase-file new",
    );
    let bob = text::words_of(&fs::read(stage.path("out/Bob.txt")).unwrap()).unwrap();
    let mut altered: Vec<&str> = bob.split(' ').collect();
    altered.swap(20, 21);
    stage.write("out/altered", altered.join(" ").as_bytes());
    assert!(Share::parse(&altered.join(" ")).is_err());
    run(&format!("guardian combine out/altered {three} --out b.id --passphrase-file new"));
    run("guardian check out/altered --set out/guardian-set.json");
    run("custodian passphrase back.id --passphrase-file new --passphrase-file pass");

    let needles = needles(&stage);
    assert_eq!(needles.found_in(said.as_bytes()), Vec::<&str>::new());
    let mut looked_at = 0;
    for path in files(&stage.path("")) {
        let name = path.strip_prefix(stage.path("")).unwrap().display().to_string();
        let meant = name.starts_with("out/") && name != "out/guardian-set.json";
        if !meant && !["pass", "new", "wrong"].contains(&name.as_str()) {
            assert_eq!(needles.found_in(&fs::read(&path).unwrap()), Vec::<&str>::new(), "{name}");
            looked_at += 1;
        }
    }
    assert!(looked_at >= 6, "{looked_at} files");
    // The search itself finds: a sheet, and a passphrase file.
    assert!(!needles.found_in(&fs::read(stage.path("out/Ann.txt")).unwrap()).is_empty());
    assert!(!needles.found_in(&fs::read(stage.path("pass")).unwrap()).is_empty());
}

#[test]
#[cfg(target_os = "linux")]
fn r44_a_printer_command_gets_the_sheet_on_its_standard_input_only() {
    let stage = stage();
    keygen(&stage, "A");
    let printer = printer(&stage);
    let split = "guardian split A.id --guardians Ann,Bob,Cyd,Dan,Eve --passphrase-file pass";
    stage.run(&format!("{split} --out-dir out")).ok();
    let mut command = stage.bare(&crate::cli::harness());
    let line = format!("{split} --set s.json --print-to {}", printer.display());
    command.args(shlex::split(&line).unwrap());
    let mut session = crate::pty::Session::start(command);
    for name in ["Ann", "Bob", "Cyd", "Dan", "Eve"] {
        session.expect(&format!("{name}: come to the printer")).line(name);
    }
    session.expect("UNPROVEN");
    let transcript = session.end().with(0).transcript;
    let needles = needles(&stage);
    assert_eq!(needles.found_in(transcript.as_bytes()), Vec::<&str>::new());
    let started = fs::read(stage.path("started")).unwrap();
    assert!(!started.is_empty());
    assert_eq!(needles.found_in(&started), Vec::<&str>::new());
}

/// Shares, chain code, aux primes and identities of a laptop, while shards are taken in, wrapped again and destroyed.
#[test]
fn r27_r44_no_share_is_printed_or_left_by_custodians() {
    let laptop = Laptop::new();
    let (set, stage) = (&laptop.set, &laptop.stage);
    let key = laptop.key(Curve::Secp256k1);
    let shard = set.export(&key, 1);
    let (file, aux) = (laptop.put("stick", &shard), laptop.put("stick", &set.export_aux(&key, 1)));
    let newer = person("A");
    laptop.identity(&newer, "A2.id", "new");
    let mut said = String::new();
    let mut run = |line: &str| {
        for run in [stage.text(&format!("-vvv {line}")), stage.run(&format!("-vvv {line}"))] {
            said += &format!("{}\n{}\n", run.stdout, run.stderr);
        }
    };
    let (me, new) = ("--identity A.id --passphrase-file pass", "--identity A2.id --passphrase-file new");
    run(&format!("share receive {file} {me} --store kept --out r"));
    run(&format!("share receive {file} {new} --store kept --out r2"));
    run(&format!("share receive --aux {aux} --shard {file} {me} --store kept --out r3"));
    run(&format!("share inspect {file} {me}"));
    run(&format!("share inspect {file} {new}"));
    run(&format!(
        "share rewrap {file} {me} --to-node OFFICIAL_1 --out import --confirm {}",
        set.chain.current_hash()
    ));
    run(&format!("share rewrap {file} {me} --to B.card.json --out-dir for-B"));
    run(&format!("share rewrap {file} {me} --passphrase-file new --to A2.id --out-dir again"));
    let by = laptop.names("again").first().cloned().unwrap();
    let confirm = format!("--confirm {}", shard.file_hash());
    run(&format!("share destroy-old {file}.old --replaced-by again/{by} {me} {confirm}"));
    run(&format!("share destroy-old {file}.old --replaced-by again/{by} {new} {confirm}"));
    assert!(!laptop.path(&format!("{file}.old")).exists());
    run("share list stick kept for-B again");
    run("key rebuild-inventory again");
    assert!(said.contains("destroyed: ") && said.contains("quorums") && said.contains("index"), "{said}");

    let mut secrets = vec![
        ("the key".to_owned(), key.secret.expose().to_vec()),
        ("the chain code".to_owned(), key.chain_code.expose().to_vec()),
        ("the new identity".to_owned(), newer.age().secret().expose().to_vec()),
    ];
    secrets.extend(key.scalars.iter().map(|scalar| ("a share".to_owned(), scalar.expose().to_vec())));
    let people = set.people.iter();
    secrets.extend(people.map(|one| ("an identity".to_owned(), one.age().secret().expose().to_vec())));
    let prime = fixtures::primes(Level::Bits256, 0).integers()[0].to_bytes_msf();
    secrets.push(("a prime".to_owned(), prime));
    let mut needles = Needles::of(&secrets);
    needles.add("a passphrase", PHRASE.as_bytes().to_vec());
    assert_eq!(needles.found_in(said.as_bytes()), Vec::<&str>::new());
    let mut looked_at = 0;
    for path in files(&laptop.path("")) {
        let name = path.strip_prefix(laptop.path("")).unwrap().display().to_string();
        if !["pass", "new", "wrong"].contains(&name.as_str()) {
            assert_eq!(needles.found_in(&fs::read(&path).unwrap()), Vec::<&str>::new(), "{name}");
            looked_at += 1;
        }
    }
    assert!(looked_at > 15, "{looked_at} files");
    assert!(!needles.found_in(key.scalars[0].expose()).is_empty());
}

fn files(dir: &Path) -> Vec<PathBuf> {
    let (mut found, mut dirs) = (Vec::new(), vec![dir.to_owned()]);
    while let Some(dir) = dirs.pop() {
        for entry in fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { dirs.push(path) } else { found.push(path) }
        }
    }
    found
}
