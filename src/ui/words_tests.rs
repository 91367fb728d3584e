use super::*;

/// Some of the SLIP-39 list, in its order.
const LIST: &[&str] = &["academic", "acid", "acne", "acquire", "acrobat", "activity", "actress", "zero"];

fn form(count: usize) -> Form<'static> {
    Form::new("Type the sheet.", LIST, count)
}

/// Types text (`\n` is Enter, `\t` Tab, `<` Backspace) and gives the last step.
fn type_in(form: &mut Form, text: &str) -> Step {
    let key = |c| match c {
        '\n' => Key::Enter,
        '\t' => Key::Tab,
        '<' => Key::Backspace,
        c => Key::Char(c),
    };
    text.chars().fold(Step::More, |_, c| form.key(key(c)))
}

#[test]
fn words_are_taken_by_space_enter_prefix_and_tab_in_any_case() {
    for typed in ["academic acid acne", "ACADEMIC\nacid\nacne", "acad acid acn", "aca\t aci\t acn\t"] {
        let mut form = form(3);
        assert_eq!(type_in(&mut form, typed), Step::More, "{typed}");
        assert_eq!(type_in(&mut form, "\n"), Step::Complete, "{typed}");
        assert_eq!(form.text().as_str(), "academic acid acne");
    }
}

#[test]
fn numbered_lines_are_typed_as_they_stand() {
    let mut form = form(3);
    assert_eq!(type_in(&mut form, "01 academic\n02. acid\n3 acne\n"), Step::Complete);
    assert_eq!(form.text().as_str(), "academic acid acne");
}

#[test]
fn unknown_and_ambiguous_words_are_refused_with_what_is_near() {
    let mut form = form(3);
    assert_eq!(type_in(&mut form, "acid "), Step::More);
    type_in(&mut form, "acidd");
    assert!(form.news().contains("nearest: acid"), "{}", form.news().as_str());
    assert_eq!(type_in(&mut form, "\n"), Step::Refused);
    assert!(form.message.contains("acidd is not in the list; nearest: acid"), "{}", form.message.as_str());
    assert_eq!(type_in(&mut form, "act "), Step::Refused);
    assert!(form.message.contains("activity, actress"));
    assert_eq!(type_in(&mut form, "7 "), Step::Refused);
    assert!(form.message.contains("word 2 comes next"));
    assert_eq!(form.text().as_str(), "acid");
}

#[test]
fn tab_goes_as_far_as_all_agree() {
    let mut form = form(3);
    type_in(&mut form, "\tz\t");
    assert_eq!(form.token.as_str(), "zero");
    type_in(&mut form, "<<<<ac\t");
    assert_eq!(form.token.as_str(), "ac");
    type_in(&mut form, "t\ti\t");
    assert_eq!(form.token.as_str(), "activity");
}

#[test]
fn the_last_word_is_taken_back_and_earlier_ones_are_corrected() {
    let mut form = form(3);
    type_in(&mut form, "acid acne -");
    assert_eq!(form.text().as_str(), "acid");
    type_in(&mut form, "\nzero 1 academic ");
    assert_eq!(form.text().as_str(), "academic zero");
    assert_eq!(type_in(&mut form, "acid\n"), Step::Complete);
    form.wrong("The checksum does not fit.".to_owned());
    assert_eq!(type_in(&mut form, "acne\n"), Step::Refused);
    assert_eq!(type_in(&mut form, "2 acne"), Step::More);
    assert_eq!(type_in(&mut form, "\n"), Step::Complete);
    assert_eq!(form.text().as_str(), "academic acne acid");
    assert_eq!(type_in(&mut form, "4 acne"), Step::More);
    assert_eq!(type_in(&mut form, "---\n"), Step::Refused);
}

#[test]
fn an_empty_line_ends_only_where_nothing_is_lost_by_it_and_only_twice() {
    assert_eq!(type_in(&mut form(3), "\n"), Step::More);
    assert_eq!(type_in(&mut form(3), "\n\n"), Step::End);
    assert_eq!(type_in(&mut form(3), "\na<\n"), Step::More);
    assert_eq!(type_in(&mut form(3), "acid\n\n\n\n"), Step::More);
    assert_eq!(form(3).key(Key::End), Step::End);
}

#[test]
fn all_words_are_checked_by_enter_once_after_each_change() {
    for typed in ["acid\n", "acid \n", "acid  \n", "acne -acid \n", "acid 1 \n\n\n"] {
        let mut full = form(1);
        assert_eq!(type_in(&mut full, typed), Step::Complete, "{typed:?}");
        full.wrong("no".to_owned());
        assert_eq!(type_in(&mut full, "\n"), Step::More, "{typed:?}");
        assert_eq!(type_in(&mut full, "1 acne\n"), Step::Complete, "{typed:?}");
        assert_eq!(type_in(&mut full, "\n\n"), Step::End, "{typed:?}");
    }
    let mut full = form(1);
    type_in(&mut full, "acid ");
    assert!(full.news().contains("Enter checks"));
}

#[test]
fn what_begins_alike_is_nearest() {
    let list = ["answer", "browser", "closet", "flavor", "flower"];
    let form = Form::new("", &list[..4], 1);
    assert!(form.nearest("flower").starts_with("flavor"), "{}", form.nearest("flower").as_str());
    assert!(form.nearest("closzzzz").starts_with("closet"), "{}", form.nearest("closzzzz").as_str());
}

#[test]
fn frames_fit_the_screen() {
    let mut form = Form::new("Sheet 1: type its 33 words.", LIST, 33);
    type_in(&mut form, "academic acquire acid act");
    for (columns, rows) in [(80, 24), (40, 24), (120, 50), (80, 12), (20, 5), (1, 1)] {
        let frame = form.frame(columns, rows);
        let lines = frame.matches("\r\n").count();
        assert!(lines < rows.max(4), "{columns} x {rows}: {lines}");
        assert!(frame.contains("word  4> act"), "{columns} x {rows}");
    }
    let frame = form.frame(80, 24);
    assert!(frame.contains("33 words") && frame.contains(" 33\x1b") && frame.contains("Ctrl-D"));
    assert!(frame.contains("  1\x1b[0m academic") && frame.contains("activity, actress"));
}

#[test]
fn lines_are_broken_at_spaces() {
    assert_eq!(wrap("one two three", 8).collect::<Vec<_>>(), ["one two", "three"]);
    assert_eq!(wrap("abcdefghij", 4).collect::<Vec<_>>(), ["abcd", "efgh", "ij"]);
    assert_eq!(wrap("one\ntwo", 8).count(), 2);
    assert_eq!(wrap("", 8).count(), 0);
}
