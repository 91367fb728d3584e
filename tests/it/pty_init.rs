//! The prompts of `init --seal passphrase` at a real terminal.

use rustix::process::Signal;

use crate::cli::{Stage, harness};
use crate::pty::{CTRL_C, CTRL_D, Ended, Session};

const GOOD: &str = "correct horse battery staple 7";
const FIRST: &str = "New passphrase for the workspace: ";
const AGAIN: &str = "Again, to be sure: ";

fn init(stage: &Stage) -> Session {
    let mut command = stage.bare(&harness());
    command.args(["--home", "home", "init", "--seal", "passphrase"]);
    Session::start(command)
}

/// The command failed, showed nothing of what was typed, and made nothing.
#[track_caller]
fn refused(stage: &Stage, ended: Ended, code: i32, complaint: &str) {
    let ended = ended.with(code);
    assert!(ended.transcript.contains(complaint), "{ended:?}");
    assert!(!ended.transcript.contains("correct") && !ended.transcript.contains("staple"), "{ended:?}");
    assert!(!stage.path("home").exists());
}

#[test]
fn r36_a_passphrase_typed_twice_makes_a_home_that_it_opens() {
    let stage = Stage::empty();
    let mut session = init(&stage);
    session.expect(FIRST).line(GOOD).expect(AGAIN).line(GOOD).expect("workspace made");
    let ended = session.end().with(0);
    assert!(!ended.transcript.contains("correct"), "{ended:?}");
    let mut command = stage.bare(&harness());
    command.args(["--home", "home", "node", "list"]);
    let mut session = Session::start(command);
    session.expect("Passphrase of the workspace: ").line(GOOD).expect("OFFICIAL_3");
    assert!(!session.end().with(0).transcript.contains("correct"));
}

#[test]
fn r35_two_different_or_a_short_passphrase_make_nothing_and_may_be_typed_again() {
    let stage = Stage::empty();
    let tries = [
        ([GOOD, "correct horse battery staple 8"], "the two passphrases differ"),
        (["correct", "correct"], "fewer than 16 characters"),
        (["correct correct correct", "correct correct correct"], "too easy to guess"),
    ];
    for (typed, complaint) in tries {
        let mut session = init(&stage);
        session.expect(FIRST).line(typed[0]).expect(AGAIN).line(typed[1]);
        session.expect(complaint).expect("try again").expect(FIRST).send(CTRL_C);
        refused(&stage, session.end(), 130, complaint);
        let mut session = init(&stage);
        for _ in 0..3 {
            session.expect(FIRST).line(typed[0]).expect(AGAIN).line(typed[1]);
        }
        refused(&stage, session.end(), 1, complaint);
    }
    for (line, complaint) in [(String::new(), "empty"), ("staple ".repeat(200), "1024")] {
        let mut session = init(&stage);
        session.expect(FIRST).line(&line).expect(complaint).expect(FIRST).send(CTRL_C);
        refused(&stage, session.end(), 130, complaint);
    }
    let mut session = init(&stage);
    session.expect(FIRST).line("short").expect(AGAIN).line("short").expect("try again");
    session.expect(FIRST).line(GOOD).expect(AGAIN).line(GOOD).expect("workspace made");
    session.end().with(0);
}

#[test]
fn r44_aborting_at_a_hidden_prompt_gives_the_echo_back() {
    let stage = Stage::empty();
    for keys in [CTRL_C, CTRL_D, "correct\x03"] {
        let mut session = init(&stage);
        session.expect(FIRST).send(keys);
        refused(&stage, session.end(), 130, "aborted at the terminal");
        let mut session = init(&stage);
        session.expect(FIRST).line(GOOD).expect(AGAIN).send(keys);
        refused(&stage, session.end(), 130, "aborted at the terminal");
    }
    for signal in [Signal::INT, Signal::TERM, Signal::HUP] {
        let mut session = init(&stage);
        session.expect(FIRST).send("correct");
        assert!(!session.is_plain());
        session.signal(signal);
        refused(&stage, session.end(), 130, "aborted at the terminal");
    }
}

/// The prompt needs a terminal, not standard input; and results stay apart from prompts.
#[test]
fn r36_prompts_reach_the_terminal_when_streams_are_redirected() {
    let stage = Stage::empty();
    let mut command = stage.bare("/bin/sh".as_ref());
    command.arg("-c").arg("exec \"$0\" --home home --json init --seal passphrase < /dev/null > out");
    command.arg(harness());
    let mut session = Session::start(command);
    session.expect(FIRST).line(GOOD).expect(AGAIN).line(GOOD);
    session.end().with(0);
    let out = std::fs::read_to_string(stage.path("out")).unwrap();
    assert!(out.starts_with('{') && out.lines().count() == 1, "{out}");
}
