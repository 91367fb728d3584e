//! Every prompt of the custodian and guardian commands at a real terminal.

use std::fs;

use rustix::process::Signal;

use crate::cli::{Stage, harness};
use crate::cli_custodian::{PHRASE, keygen, stage};
use crate::cli_guardian::{split, words};
use crate::pty::{CTRL_C, CTRL_D, Session};

const NEW: &str = "another horse battery staple 8";
const UNLOCK: &str = "Passphrase of A's identity (A.id): ";
const FIRST: &str = "New passphrase for A's identity: ";
const AGAIN: &str = "Again, to be sure: ";

fn session(stage: &Stage, line: &str) -> Session {
    let mut command = stage.bare(&harness());
    command.args(shlex::split(line).unwrap());
    Session::start(command)
}

#[test]
fn r36_keygen_asks_twice_and_shows_nothing() {
    let stage = stage();
    let mut keygen = session(&stage, "custodian keygen --name A --out A.id");
    keygen.expect(FIRST).line(PHRASE).expect(AGAIN).line(PHRASE).expect("recipient");
    assert!(!keygen.end().with(0).transcript.contains("horse"));
    stage.run("custodian unlock-check A.id --passphrase-file pass").ok();
    let mut aborted = session(&stage, "custodian keygen --name B --out B.id");
    aborted.expect("New passphrase for B's identity: ").send(CTRL_C);
    aborted.end().with(130);
    assert!(!stage.path("B.id").exists() && !stage.path("B.card.json").exists());
}

#[test]
fn r35_r47_a_drawn_passphrase_is_shown_once_and_typed_back() {
    let stage = stage();
    let mut keygen = session(&stage, "custodian keygen --name A --out A.id --generate-passphrase");
    keygen.expect("Type Show (exactly)").line("Show").expect("write it down)\r\n\r\n");
    let shown = keygen.expect_line();
    assert_eq!(shown.split(' ').count(), 7, "{shown}");
    keygen.expect("Press Enter").line("");
    keygen.expect("Type it, to be sure: ").line("something else").expect("try again");
    keygen.expect("Type it, to be sure: ").line(&shown).expect("recipient");
    let ended = keygen.end().with(0);
    assert!(!ended.ordinary().contains(&shown), "{ended:?}");
    stage.write_secret("drawn", shown.as_bytes());
    stage.run("custodian unlock-check A.id --passphrase-file drawn").ok();
    let mut declined = session(&stage, "custodian keygen --name B --out B.id --generate-passphrase");
    declined.expect("Type Show (exactly)").line("no");
    declined.end().with(130);
    assert!(!stage.path("B.id").exists());
}

#[test]
fn r36_unlocking_may_be_tried_three_times() {
    let stage = stage();
    keygen(&stage, "A");
    let mut second = session(&stage, "custodian unlock-check A.id");
    second.expect(UNLOCK).line("wrong").expect("try again").expect(UNLOCK).line(PHRASE).expect("is right");
    assert!(!second.end().with(0).transcript.contains("horse"));
    let mut never = session(&stage, "custodian unlock-check A.id");
    for _ in 0..3 {
        never.expect(UNLOCK).line("wrong");
    }
    assert!(never.end().with(4).transcript.contains("wrong passphrase, or the file was altered"));
}

#[test]
fn a_passphrase_is_changed_at_the_terminal() {
    let stage = stage();
    keygen(&stage, "A");
    let before = fs::read(stage.path("A.id")).unwrap();
    let mut aborted = session(&stage, "custodian passphrase A.id");
    aborted.expect(UNLOCK).line(PHRASE).expect(FIRST).line(NEW).expect(AGAIN).send(CTRL_D);
    aborted.end().with(130);
    assert_eq!(fs::read(stage.path("A.id")).unwrap(), before);
    let mut changed = session(&stage, "custodian passphrase A.id");
    changed.expect(UNLOCK).line(PHRASE).expect(FIRST).line(NEW).expect(AGAIN).line(NEW).expect("only");
    assert!(!changed.end().with(0).transcript.contains("horse"));
    stage.run("custodian unlock-check A.id --passphrase-file new").ok();
}

#[test]
fn the_other_commands_ask_for_the_passphrase_too() {
    let stage = stage();
    keygen(&stage, "A");
    stage.run("custodian challenge A.card.json --out challenge").ok();
    fs::rename(stage.path("A.card.json"), stage.path("card")).unwrap();
    fs::create_dir(stage.path("renewed")).unwrap();
    for (line, done) in [
        ("custodian card A.id", "fingerprint"),
        ("custodian prove A.id --card card --challenge challenge --out proof", "SHA-256"),
        ("guardian split A.id --guardians Ann,Bob --out-dir out", "UNPROVEN"),
        ("guardian replace A.id --same-identity --guardians Ann,Bob --out-dir out2", "OLD sheets"),
    ] {
        let mut asked = session(&stage, line);
        asked.expect(UNLOCK).line(PHRASE).expect(done);
        assert!(!asked.end().with(0).transcript.contains("horse"), "{line}");
    }
    let line = "guardian replace A.id --out renewed/A.id --guardians Ann,Bob --out-dir out3";
    let mut replaced = session(&stage, line);
    replaced.expect(UNLOCK).line(PHRASE).expect("New passphrase for A's new identity: ").line(NEW);
    replaced.expect(AGAIN).line(NEW).expect("restore the old identity only");
    assert!(!replaced.end().with(0).transcript.contains("horse"));
    fs::create_dir(stage.path("newest")).unwrap();
    fs::rename(stage.path("card"), stage.path("lost-card")).unwrap();
    let mut keygen = session(&stage, "custodian keygen --name A --replaces renewed/A.id --out newest/A.id");
    keygen.expect("Passphrase of A's identity (renewed/A.id): ").line(NEW).expect(FIRST).line(PHRASE);
    keygen.expect(AGAIN).line(PHRASE).expect("fingerprint");
    assert!(!keygen.end().with(0).transcript.contains("horse"));
}

#[test]
fn guardians_are_called_to_the_printer_by_name() {
    let stage = stage();
    keygen(&stage, "A");
    let line = "guardian split A.id --guardians Ann,Bob,Cyd --passphrase-file pass --set set.json";
    let mut printed = session(&stage, &format!("{line} --print-to 'dd of=sheet'"));
    for name in ["Ann", "Bob", "Cyd"] {
        printed.expect(&format!("{name}: come to the printer")).expect(&format!("Type {name}")).line(name);
    }
    printed.expect("UNPROVEN");
    printed.end().with(0);
    assert!(fs::read(stage.path("sheet")).unwrap().starts_with(b"%PDF-"));

    let line = line.replace("set.json", "other.json");
    let mut wrong = session(&stage, &format!("{line} --print-to 'dd of=sheet'"));
    wrong.expect("Type Ann").line("Ann").expect("Type Bob").line("bob").expect("that was not Bob");
    wrong.expect("Type Bob").send(CTRL_C);
    let told = wrong.end().with(130).transcript;
    assert!(told.contains("printed or begun for Ann, and not finished: destroy those sheets"), "{told}");
    // Until they are, what they are can be looked up.
    assert!(told.contains("rm other.json") && stage.path("other.json").exists(), "{told}");

    let line = line.replace("other.json", "third.json");
    let mut jammed = session(&stage, &format!("{line} --print-to false"));
    jammed
        .expect("Type Ann")
        .line("Ann")
        .expect("the printer command failed")
        .expect("Type Ann")
        .send(CTRL_C);
    assert!(jammed.end().with(130).transcript.contains("printed or begun for Ann, and not finished"));
    let line = line.replace("third.json", "fourth.json");
    let mut early = session(&stage, &format!("{line} --print-to false"));
    early.expect("Type Ann").send(CTRL_C);
    assert!(early.end().with(130).transcript.contains("no sheet was printed"));

    // A signal while the printer works ends the command, and what was begun is told.
    let line = line.replace("fourth.json", "fifth.json");
    let mut busy = session(&stage, &format!("{line} --print-to 'sh -c \"echo at work >&2; sleep 1\"'"));
    busy.expect("Type Ann").line("Ann").expect("at work").signal(Signal::TERM);
    assert!(busy.end().with(130).transcript.contains("printed or begun for Ann"));

    // What cannot be written is noticed before anything is on paper.
    fs::remove_file(stage.path("sheet")).unwrap();
    let line = line.replace("fifth.json", "missing/set.json");
    session(&stage, &format!("{line} --print-to 'dd of=sheet'")).end().with(1);
    assert!(!stage.path("sheet").exists());
}

#[test]
fn a_guardian_sets_the_passphrase_of_a_share() {
    let stage = stage();
    keygen(&stage, "A");
    let line =
        "guardian split A.id --guardians Ann,Bob --share-passphrase Bob --out-dir out --passphrase-file pass";
    let mut split = session(&stage, line);
    split.expect("New passphrase for Bob's share: ").line(NEW).expect(AGAIN).line(NEW).expect("UNPROVEN");
    assert!(!split.end().with(0).transcript.contains("horse"));
    let mut check = session(&stage, "guardian check out/Bob.share.age --set out/guardian-set.json");
    check.expect("Passphrase of the share: ").line(PHRASE).expect("try again");
    check.expect("Passphrase of the share: ").line(NEW).expect("Bob's share is good");
    check.end().with(0);
    let bob = keygen(&stage, "Bob")["recipient"].as_str().unwrap().to_owned();
    let line = format!("guardian split A.id --guardians Ann,Bob --recipient Bob={bob} --out-dir to-bob");
    stage.run(&format!("{line} --passphrase-file pass")).ok();
    let line = "guardian check to-bob/Bob.share.age --identity Bob.id --set to-bob/guardian-set.json";
    let mut check = session(&stage, line);
    check.expect("Passphrase of Bob's identity (Bob.id): ").line(PHRASE).expect("Bob's share is good");
    check.end().with(0);
}

/// A photo, a typed sheet with a wrong word, a sheet entered twice, a third sheet; a new passphrase.
#[test]
fn r31_r33_sheets_are_typed_mended_and_make_the_identity_again() {
    let stage = stage();
    split(&stage);
    let line = "guardian combine out/Ann.png --set out/guardian-set.json --out back.id";
    let mut typed = session(&stage, line);
    // Before anybody types a sheet.
    typed.expect(FIRST).line(NEW).expect(AGAIN).line(NEW);
    typed.expect("Ann's share (number 1) is good; 2 more shares are needed");
    let bob = words(&stage, "out/Bob.txt");
    let mut wrong = bob.clone();
    wrong[13] = if bob[13] == "academic" { "acid".into() } else { "academic".into() };
    typed.expect("word  1>").line(&wrong.join(" "));
    typed.expect("Bob's share is damaged: word 14").expect(&bob[13]);
    typed.line(&format!("14 {}", bob[13])).expect("Bob's share (number 2) is good; 1 more share is needed");
    // By four letters each; and Ann again.
    let short = |name: &str| {
        let words = words(&stage, &format!("out/{name}.txt"));
        words.iter().map(|word| word[..4].to_owned()).collect::<Vec<_>>().join(" ")
    };
    typed.expect("word  1>").line(&short("Ann")).expect("already entered").send(CTRL_D);
    let ended = typed.end().with(1);
    assert!(ended.transcript.contains("1 more share is needed"), "{ended:?}");
    assert!(!stage.path("back.id").exists());

    let mut typed = session(&stage, &line.replace("out/Ann.png", "out/Ann.png out/Bob.txt"));
    typed.expect(FIRST).line(NEW).expect(AGAIN).line(NEW);
    typed.expect("word  1>").line(&short("Cyd")).expect("enough to restore").expect("restored, and checked");
    let ended = typed.end().with(0);
    let screen = ended.ordinary();
    assert!(!screen.contains("horse") && !screen.contains(&words(&stage, "out/Cyd.txt")[9..12].join(" ")));
    stage.run("custodian unlock-check back.id --passphrase-file new").ok();
}

#[test]
fn a_lost_sheet_is_recreated_from_typed_ones() {
    let stage = stage();
    split(&stage);
    let line = "guardian recreate Cyd out/Ann.txt out/Bob.txt --set out/guardian-set.json --out-dir again";
    let mut recreated = session(&stage, line);
    recreated
        .expect("1 more share is needed")
        .expect("word  1>")
        .line(&words(&stage, "out/Dan.txt").join(" "));
    recreated.expect("identical to the lost one");
    let told = recreated.end().with(0).transcript;
    assert!(told.contains("rm -r again"), "{told}");
    assert_eq!(words(&stage, "again/Cyd.txt"), words(&stage, "out/Cyd.txt"));
}

#[test]
fn r47_the_secret_is_shown_after_a_typed_word_and_wiped() {
    let stage = stage();
    split(&stage);
    let line = "guardian combine out/Ann.txt out/Bob.txt out/Cyd.txt --set out/guardian-set.json --show";
    let mut shown = session(&stage, line);
    shown
        .expect("Type Show (exactly)")
        .line("Show")
        .expect("AGE-SECRET-KEY-1")
        .expect("Press Enter")
        .line("");
    shown.expect("restored, and checked");
    let ended = shown.end().with(0);
    assert!(!ended.ordinary().contains("AGE-SECRET-KEY-1"), "{ended:?}");
    let mut declined = session(&stage, line);
    declined.expect("Type Show (exactly)").line("show");
    assert!(!declined.end().with(130).transcript.contains("AGE-SECRET-KEY-1"));
}

#[test]
fn r31_one_sheet_is_checked_by_typing_it() {
    let stage = stage();
    split(&stage);
    let mut checked = session(&stage, "guardian check --set out/guardian-set.json");
    checked.expect("word  1>").line(&words(&stage, "out/Dan.txt").join(" ")).expect("Dan's share is good");
    checked.end().with(0);
    let mut left = session(&stage, "guardian check --set out/guardian-set.json");
    left.expect("word  1>").send(CTRL_D);
    assert!(left.end().with(1).transcript.contains("no share was checked"));
}
