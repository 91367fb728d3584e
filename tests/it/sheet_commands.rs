//! Paper cannot be corrected later: the command printed on a guardian's sheet is one that the program takes.

use quorate::codec::HexArray;
use quorate::print::sheet::{self, Paper, Sheet};
use quorate::signing_key::PublicKey;

const RECIPIENT: &str = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj";

/// The sheet of a custodian of this name, as text and as PDF.
fn sheets(custodian: &str) -> [String; 2] {
    let words = ["academic"; 33];
    let sheet = Sheet {
        custodian: custodian.parse().unwrap(),
        guardian: "Ann".parse().unwrap(),
        member: 2,
        count: 5,
        threshold: 3,
        set_id: HexArray([0x5a; 16]),
        identifier: 32_767,
        created_at: "2026-11-20T14:00:00Z".parse().unwrap(),
        recipient: RECIPIENT.parse().unwrap(),
        approval_key: PublicKey(HexArray([0xab; 32])),
        words: &words,
    };
    let (text, pdf) = (sheet::text(&sheet).unwrap(), sheet::pdf(&sheet, Paper::Letter).unwrap());
    [text, pdf].map(|form| String::from_utf8_lossy(form.expose()).into_owned())
}

/// The printed command line, as a shell takes it apart.
fn command_lines([text, pdf]: [String; 2]) -> [Vec<String>; 2] {
    let from = |text: &str| text[text.find("quorate guardian combine").unwrap()..].to_owned();
    let on_one_line = from(&text).lines().next().unwrap().to_owned();
    let shown: Vec<&str> =
        pdf.lines().filter_map(|line| line.strip_prefix('(')?.strip_suffix(") Tj")).collect();
    // A PDF writes `\` twice; a shell drops one at the end of a line, with the line end.
    let shown = from(&shown.join("\n").replace("\\\\\n", ""));
    let end = shown.find(".identity.json").unwrap() + ".identity.json".len();
    [on_one_line.as_str(), &shown[..end]].map(|line| shlex::split(line).unwrap())
}

#[test]
fn r31_the_command_on_a_sheet_is_taken_as_printed() {
    for custodian in ["A", "Ann-Marie_2", &"W".repeat(32)] {
        for line in command_lines(sheets(custodian)) {
            let parsed = quorate::cli::command().try_get_matches_from(&line);
            let parsed = parsed.unwrap_or_else(|error| panic!("{line:?}: {error}"));
            let (_, guardian) = parsed.subcommand().unwrap();
            let (verb, combine) = guardian.subcommand().unwrap();
            assert_eq!(verb, "combine");
            let raw =
                |id| combine.get_raw(id).unwrap().map(|value| value.to_str().unwrap()).collect::<Vec<_>>();
            assert_eq!(raw("name"), [custodian]);
            assert_eq!(raw("recipient"), [RECIPIENT]);
            assert_eq!(raw("out"), [format!("{custodian}.identity.json")]);
        }
    }
}

#[test]
fn r31_half_of_the_command_is_not_taken() {
    let [line, _] = command_lines(sheets("A"));
    for end in [3, 5, 7] {
        assert!(quorate::cli::command().try_get_matches_from(&line[..end]).is_err(), "{:?}", &line[..end]);
    }
}
