//! Results on standard output: text for people, one JSON object for programs. A result that cannot be
//! written is an error of its own, never a panic (R52).

use std::io::{self, Write};

use serde::Serialize;
use serde_json::Value;

use crate::cli::error::CommandError;

/// Text for people, built line by line.
#[derive(Debug, Default)]
pub struct Text(String);

impl Text {
    /// The lines so far.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// One line, or several. What a terminal would obey or hide is escaped.
    pub fn line(&mut self, line: impl AsRef<str>) {
        self.0.push_str(&shown(line.as_ref()));
        self.0.push('\n');
    }

    /// Names and values in two columns.
    pub fn fields<N: AsRef<str>, V: AsRef<str>>(&mut self, fields: impl IntoIterator<Item = (N, V)>) {
        let fields: Vec<(N, V)> = fields.into_iter().collect();
        let width = fields.iter().map(|(name, _)| name.as_ref().chars().count()).max().unwrap_or(0);
        for (name, value) in &fields {
            let value = one_line(value.as_ref());
            self.line(format!("{:width$}  {value}", name.as_ref()).trim_end());
        }
    }

    /// A table with a header; columns two spaces apart.
    pub fn table(&mut self, header: &[&str], rows: &[Vec<String>]) {
        let rows: Vec<Vec<String>> =
            rows.iter().map(|row| row.iter().map(|cell| one_line(cell)).collect()).collect();
        let mut widths: Vec<usize> = header.iter().map(|cell| cell.chars().count()).collect();
        for row in &rows {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = (*width).max(cell.chars().count());
            }
        }
        let header: Vec<String> = header.iter().map(|cell| (*cell).to_owned()).collect();
        for row in std::iter::once(&header).chain(&rows) {
            let cells: Vec<String> =
                row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}")).collect();
            self.line(cells.join("  ").trim_end());
        }
    }

    /// Any JSON object, one field a line; lists of objects become tables.
    pub fn value(&mut self, value: &Value) {
        match value {
            Value::Object(object) => {
                let (lists, plain): (Vec<_>, Vec<_>) = object.iter().partition(|(_, v)| is_table(v));
                self.fields(plain.iter().map(|(name, value)| (name.as_str(), inline(value))));
                for (name, list) in lists {
                    self.line(format!("{name}:"));
                    self.value(list);
                }
            }
            Value::Array(rows) if is_table(value) => self.rows(rows),
            other => self.line(inline(other)),
        }
    }

    fn rows(&mut self, rows: &[Value]) {
        let mut header: Vec<&str> = Vec::new();
        for name in rows.iter().filter_map(Value::as_object).flat_map(|row| row.keys()) {
            if !header.contains(&name.as_str()) {
                header.push(name);
            }
        }
        let cell = |row: &Value, name: &&str| row.get(*name).map(inline).unwrap_or_default();
        let cells: Vec<Vec<String>> =
            rows.iter().map(|row| header.iter().map(|name| cell(row, name)).collect()).collect();
        self.table(&header, &cells);
    }
}

/// Text from outside as one line in which nothing can move the cursor, hide, or show in another order than it
/// stands (R16). Backslashes are doubled: what looks like an escape is one.
pub fn escaped(text: &str) -> String {
    one_line(&text.replace('\\', "\\\\"))
}

/// The same for text that is partly ours: a last line of defence, so backslashes and line ends stay.
pub fn shown(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c == '\n' || is_plain(c) { out.push(c) } else { out.extend(c.escape_unicode()) }
    }
    out
}

fn one_line(text: &str) -> String {
    shown(text).replace('\n', "\\n")
}

/// Neither control nor format character, nor a space that is none.
fn is_plain(c: char) -> bool {
    let hidden = matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}');
    !c.is_control() && !hidden && (c == ' ' || !c.is_whitespace())
}

fn is_table(value: &Value) -> bool {
    matches!(value, Value::Array(rows) if !rows.is_empty() && rows.iter().all(Value::is_object))
}

fn inline(value: &Value) -> String {
    match value {
        Value::Null => "-".into(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(inline).collect::<Vec<_>>().join(" "),
        other => other.to_string(),
    }
}

/// Writes `result` as one JSON line, or as the text that `text` makes of it.
pub(crate) fn show<T: Serialize>(
    out: &mut dyn Write,
    json: bool,
    result: &T,
    text: impl FnOnce(&T, &mut Text),
) -> Result<(), CommandError> {
    let rendered = if json {
        let mut line = serde_json::to_string(result).map_err(|e| CommandError::bug(e.to_string()))?;
        line.push('\n');
        line
    } else {
        let mut lines = Text::default();
        text(result, &mut lines);
        lines.0
    };
    write_all(out, rendered.as_bytes())
}

/// Writes bytes and flushes them, so that a full disk is noticed here.
pub(crate) fn write_all(out: &mut dyn Write, bytes: &[u8]) -> Result<(), CommandError> {
    out.write_all(bytes).and_then(|()| out.flush()).map_err(|e| undelivered(&e))
}

fn undelivered(error: &io::Error) -> CommandError {
    CommandError::fixable(format!("the result could not be written to standard output: {error}"))
        .state("the command itself is complete; what it did stands")
        .hint("quorate key list")
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Full;

    impl Write for Full {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::StorageFull.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn text_of(value: &Value) -> String {
        let mut text = Text::default();
        text.value(value);
        text.0
    }

    #[test]
    fn objects_read_as_aligned_fields_and_lists_as_tables() {
        let value = serde_json::json!({
            "curve": "ED25519",
            "keys": [{ "keyId": "a", "label": "cold" }, { "keyId": "bb" }],
            "servers": ["OFFICIAL_1", "OFFICIAL_2"],
        });
        assert_eq!(
            text_of(&value),
            "curve    ED25519\nservers  OFFICIAL_1 OFFICIAL_2\nkeys:\nkeyId  label\na      cold\nbb\n"
        );
    }

    #[test]
    fn r16_what_a_terminal_could_hide_is_shown_as_an_escape() {
        assert_eq!(escaped("pay 5 € to Zoë"), "pay 5 € to Zoë");
        for (text, safe) in [
            ("a\nb", "a\\nb"),
            ("pay\r999", "pay\\u{d}999"),
            ("\u{1b}[2J", "\\u{1b}[2J"),
            ("a\u{202e}b", "a\\u{202e}b"),
            ("a\u{2066}b", "a\\u{2066}b"),
            ("a\u{200b}b", "a\\u{200b}b"),
            ("a\u{feff}b", "a\\u{feff}b"),
            ("a\u{a0}b", "a\\u{a0}b"),
            ("\u{9b}1A", "\\u{9b}1A"),
            ("\\n", "\\\\n"),
            ("a\"b", "a\"b"),
        ] {
            assert_eq!(escaped(text), safe);
        }
    }

    #[test]
    fn r16_no_text_for_people_lets_a_label_or_reason_command_the_terminal() {
        let hostile = "x\u{1b}[31m\u{202e}\u{200b}y\nz";
        let mut text = Text::default();
        text.line(hostile);
        text.fields([("label", hostile)]);
        text.table(&["reason"], &[vec![hostile.to_owned()]]);
        text.value(&serde_json::json!({ "a": hostile, "b": [{ "c": hostile }] }));
        assert!(text.as_str().chars().all(|c| c == '\n' || is_plain(c)), "{}", text.as_str());
        assert_eq!(text.as_str().lines().count(), 9, "{}", text.as_str());
        assert!(text.as_str().starts_with("x\\u{1b}[31m\\u{202e}\\u{200b}y\nz\nlabel  x\\u{1b}"));
    }

    #[test]
    fn r52_a_full_device_is_an_error_that_names_the_state() {
        let result = serde_json::json!({ "keyId": "a" });
        let mut good = Vec::new();
        show(&mut good, true, &result, |_, _| ()).unwrap();
        assert_eq!(good, b"{\"keyId\":\"a\"}\n");
        let error = show(&mut Full, true, &result, |_, _| ()).unwrap_err();
        assert_eq!(error.code.code(), 1);
        assert!(error.state.unwrap().contains("complete"));
    }
}
