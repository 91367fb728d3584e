//! What a person meets who types words, reads a secret or answers: this very executable runs on a terminal
//! and puts one question (`child`), which the tests then answer.

use std::fs;
use std::process::Command;

use quorate::secret::SecretBytes;
use quorate::ui::tty::{Terminal, TerminalUi};
use quorate::ui::{Secrets, Ui, UiError, Verdict};
use rustix::process::Signal;

use crate::pty::{CTRL_C, CTRL_D, ENTER, Ended, Session};

const LIST: &[&str] = &[
    "academic", "acid", "acne", "acquire", "acrobat", "activity", "actress", "adapt", "adequate", "adjust",
    "zero",
];
const SECRET: &str = "AGE-SECRET-KEY-1NOTONEATALL";
const SCENE: &str = "QUORATE_PTY_SCENE";
const RESULT: &str = "QUORATE_PTY_RESULT";
/// Exit codes of the child beside those of the program.
const NOTHING: i32 = 10;
const DECLINED: i32 = 11;
const SHOWN: i32 = 13;
const CANNOT_CLEAR: i32 = 12;

/// Not a test but the program under test; without its variable it does nothing.
#[test]
fn child() {
    let Ok(scene) = std::env::var(SCENE) else { return };
    let mut secrets = Secrets::default();
    let mut ui = TerminalUi::new(Terminal::open().expect("a terminal"), &mut secrets);
    let outcome = match scene.as_str() {
        "words" => ui.words("Type the sheet.", LIST, 4, &mut |words| match words {
            "academic acid acne acquire" => Verdict::Good,
            _ => Verdict::Wrong("The checksum does not fit.".to_owned()),
        }),
        "answer" => ui.answer("Who stands at the printer?").map(|answer| Some(answer.into())),
        "reveal" => ui.reveal("The identity of Ann", &SecretBytes::new(SECRET.into()), "Show").map(|()| None),
        "confirm" => ui.confirm("Delete it?", "Delete", "--confirm").map(|()| None),
        "passphrase" => {
            ui.new_passphrase("New passphrase").map(|typed| Some(typed.expose().to_owned().into()))
        }
        _ => panic!("no scene {scene}"),
    };
    std::process::exit(match outcome {
        Ok(Some(text)) => fs::write(std::env::var(RESULT).unwrap(), &*text).map_or(1, |()| 0),
        Ok(None) => NOTHING,
        Err(UiError::Interrupted) => 130,
        Err(UiError::Shown(inner)) if matches!(*inner, UiError::Interrupted) => SHOWN,
        Err(UiError::Declined { .. }) => DECLINED,
        Err(UiError::CannotClear) => CANNOT_CLEAR,
        Err(error) => panic!("{error}"),
    });
}

struct Scene {
    session: Session,
    dir: tempfile::TempDir,
}

impl Scene {
    fn play(scene: &str) -> Self {
        Self::play_on(scene, "xterm")
    }

    fn play_on(scene: &str, terminal: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.env_clear().env("TERM", terminal).env(SCENE, scene).env(RESULT, dir.path().join("result"));
        command.args(["--exact", "pty_words::child", "--nocapture", "--test-threads=1"]);
        Self { session: Session::start_as_is(command), dir }
    }

    fn result(self) -> (Ended, String) {
        let ended = self.session.end().with(0);
        (ended, fs::read_to_string(self.dir.path().join("result")).unwrap())
    }
}

/// None of the words is left where it can be scrolled back to.
#[track_caller]
fn shows_no_word(ended: &Ended) {
    let ordinary = ended.ordinary();
    for word in LIST {
        assert!(!ordinary.contains(word), "{word}: {ordinary:?}");
    }
}

#[test]
fn words_are_typed_completed_and_wiped() {
    let mut scene = Scene::play("words");
    let typing = &mut scene.session;
    typing.expect("Type the sheet.").expect("word  1> ").send("acad");
    typing.expect("acad\x1b[2memic").send(" ");
    typing.expect("academic").expect("word  2> ").send("aci\t").expect("word  2> acid").send(ENTER);
    typing.expect("word  3> ").line("acne acquire");
    let (ended, words) = scene.result();
    assert_eq!(words, "academic acid acne acquire");
    shows_no_word(&ended);
}

#[test]
fn unknown_words_are_refused_at_once_and_what_was_pasted_behind_them_is_dropped() {
    let mut scene = Scene::play("words");
    let typing = &mut scene.session;
    typing.expect("word  1> ").send("acdc").expect("no word begins with acdc; nearest: ac");
    typing.line(" acid acne").expect("acdc is not in the list; nearest: ac").expect("left out");
    typing.send("ac\t").expect("academic, acid, acne, acquire, acrobat, activity, actress");
    typing.line("").expect("ac could be: academic");
    typing.line("academic acid acne acquire");
    assert_eq!(scene.result().1, "academic acid acne acquire");
}

#[test]
fn the_last_word_is_taken_back() {
    let mut scene = Scene::play("words");
    let typing = &mut scene.session;
    typing.expect("word  1> ").send("academic acid zero ").expect("word  4> ");
    typing.send("-").expect("word  3> ").line("acne").expect("word  4> ").line("acquire");
    assert_eq!(scene.result().1, "academic acid acne acquire");
}

#[test]
fn wrong_sheets_are_corrected_by_number() {
    let mut scene = Scene::play("words");
    let typing = &mut scene.session;
    typing.expect("word  1> ").line("academic acid zero zero").expect("The checksum does not fit.");
    typing.line("acne").expect("number and word> ").expect("which word?");
    typing.line("3 acne").expect("The checksum does not fit.");
    typing.send("4").expect("number and word> 4").send(" ").expect("word  4> ").line("acq");
    let (ended, words) = scene.result();
    assert_eq!(words, "academic acid acne acquire");
    shows_no_word(&ended);
}

#[test]
fn an_empty_line_or_the_end_of_input_means_no_sheet() {
    for keys in ["\r\r", CTRL_D, "acid acne \x04"] {
        let mut scene = Scene::play("words");
        scene.session.expect("word  1> ").send(keys);
        shows_no_word(&scene.session.end().with(NOTHING));
    }
    let mut scene = Scene::play("words");
    scene.session.expect("word  1> ").line("zero zero zero zero").expect("The checksum does not fit.");
    scene.session.line("").expect("Enter once more").line("");
    shows_no_word(&scene.session.end().with(NOTHING));
}

#[test]
fn r47_aborting_wipes_the_words() {
    let mut scene = Scene::play("words");
    scene.session.expect("word  1> ").send("academic ac").expect("academic").send(CTRL_C);
    shows_no_word(&scene.session.end().with(130));
    for signal in [Signal::INT, Signal::TERM, Signal::HUP, Signal::QUIT] {
        let mut scene = Scene::play("words");
        scene.session.expect("word  1> ").send("academic ").expect("word  2> ").signal(signal);
        shows_no_word(&scene.session.end().with(130));
    }
}

#[test]
fn r47_a_secret_is_shown_only_after_confirmation_and_wiped() {
    let mut scene = Scene::play("reveal");
    scene.session.expect("Type Show (exactly)").line("Show").expect(SECRET).expect("Press Enter").line("");
    let ended = scene.session.end().with(NOTHING);
    assert!(!ended.ordinary().contains(SECRET));
    for keys in ["show\r", "\r", CTRL_C, CTRL_D] {
        let mut scene = Scene::play("reveal");
        scene.session.expect("Type Show (exactly)").send(keys);
        let code = if keys.ends_with(ENTER) { DECLINED } else { 130 };
        let ended = scene.session.end().with(code);
        assert!(!ended.transcript.contains(SECRET), "{ended:?}");
    }
}

#[test]
fn r47_a_revealed_secret_is_wiped_by_any_signal() {
    for signal in [Signal::INT, Signal::TERM, Signal::HUP, Signal::QUIT] {
        let mut scene = Scene::play("reveal");
        scene.session.expect("Type Show (exactly)").line("Show").expect("Press Enter").signal(signal);
        let ended = scene.session.end().with(SHOWN);
        assert!(!ended.ordinary().contains(SECRET), "{ended:?}");
    }
}

#[test]
fn r47_a_terminal_that_cannot_be_cleared_shows_no_secret() {
    for scene in ["words", "reveal"] {
        for terminal in ["dumb", ""] {
            let ended = Scene::play_on(scene, terminal).session.end().with(CANNOT_CLEAR);
            assert!(!ended.transcript.contains(SECRET));
        }
    }
    // The Linux console has no alternate screen in older kernels: wiping includes the scrollback.
    let mut scene = Scene::play_on("reveal", "linux");
    scene.session.expect("Type Show (exactly)").line("Show").expect(SECRET).line("");
    assert!(scene.session.end().transcript.contains("\x1b[2J\x1b[3J"));
}

#[test]
fn answers_are_visible_lines() {
    let mut scene = Scene::play("answer");
    scene.session.expect("Who stands at the printer?: ").line("Bpb\x7f\x7fob  ");
    let (ended, answer) = scene.result();
    assert_eq!(answer, "Bob");
    assert!(ended.transcript.contains("Bpb"));
    let mut scene = Scene::play("answer");
    scene.session.expect("printer?: ").line("x\u{15}\u{1f980}\u{7f}Z\u{fc}ri d\u{17}\x1b[A\x1bOB Ann");
    assert_eq!(scene.result().1, "Z\u{fc}ri  Ann");
    let mut scene = Scene::play("answer");
    scene.session.expect("printer?: ").send(CTRL_C);
    scene.session.end().with(130);
}

#[test]
fn confirmation_is_the_exact_word() {
    for (answer, code) in [("Delete", NOTHING), ("delete", DECLINED), ("Delete it", DECLINED), ("", DECLINED)]
    {
        let mut scene = Scene::play("confirm");
        scene.session.expect("Type Delete (exactly)").line(answer);
        scene.session.end().with(code);
    }
}

#[test]
fn r44_hidden_lines_are_edited_and_never_echoed() {
    let mut scene = Scene::play("passphrase");
    scene.session.expect("New passphrase: ").line("gar\u{15}hunter\u{fc}\x7f2");
    scene.session.expect("Again, to be sure: ").line("hunter2");
    let (ended, typed) = scene.result();
    assert_eq!(typed, "hunter2");
    assert!(!ended.transcript.contains("hunter") && !ended.transcript.contains("gar"), "{ended:?}");
    // Both in one paste: nothing of it is echoed between the prompts.
    let mut scene = Scene::play("passphrase");
    scene.session.expect("New passphrase: ").send("hunter2\rhunter2\r");
    let (ended, _) = scene.result();
    assert!(!ended.transcript.contains("hunter"), "{ended:?}");
}

#[test]
fn r44_a_signal_at_a_hidden_line_gives_the_echo_back() {
    for signal in [Signal::INT, Signal::TERM, Signal::HUP, Signal::QUIT] {
        let mut scene = Scene::play("passphrase");
        scene.session.expect("New passphrase: ").send("hunt");
        assert!(!scene.session.is_plain());
        scene.session.signal(signal);
        let ended = scene.session.end().with(130);
        assert!(!ended.transcript.contains("hunt"), "{ended:?}");
    }
}
