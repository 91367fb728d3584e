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

    /// One line.
    pub fn line(&mut self, line: impl AsRef<str>) {
        self.0.push_str(line.as_ref());
        self.0.push('\n');
    }

    /// Names and values in two columns.
    pub fn fields<N: AsRef<str>, V: AsRef<str>>(&mut self, fields: impl IntoIterator<Item = (N, V)>) {
        let fields: Vec<(N, V)> = fields.into_iter().collect();
        let width = fields.iter().map(|(name, _)| name.as_ref().chars().count()).max().unwrap_or(0);
        for (name, value) in &fields {
            self.line(format!("{:width$}  {}", name.as_ref(), value.as_ref()).trim_end());
        }
    }

    /// A table with a header; columns two spaces apart.
    pub fn table(&mut self, header: &[&str], rows: &[Vec<String>]) {
        let mut widths: Vec<usize> = header.iter().map(|cell| cell.chars().count()).collect();
        for row in rows {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = (*width).max(cell.chars().count());
            }
        }
        let header: Vec<String> = header.iter().map(|cell| (*cell).to_owned()).collect();
        for row in std::iter::once(&header).chain(rows) {
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
