//! A signing request in words, as the person sees it who is to agree.

use crate::cli::error::CommandError;
use crate::curve::{self, HashAlgorithm};
use crate::keyshare::KeyCardBody;
use crate::request::{Content, SignParams};

/// Name and value of everything that is signed for. `card` and `servers` are what the pinned chain says.
pub(crate) fn fields(
    params: &SignParams,
    card: Option<&KeyCardBody>,
    servers: &[String],
) -> Result<Vec<(&'static str, String)>, CommandError> {
    let mut fields = Vec::new();
    match &params.content {
        Content::Message { message, hash } => {
            fields.push(("message", message_text(message)));
            fields.push(("hashed with", hashed(card, *hash)));
        }
        Content::Digest { digest } => {
            fields.push((
                "digest",
                format!("UNDECODED: BLIND SIGNATURE over {digest}; nobody sees what it stands for"),
            ));
            fields.push(("hashed with", "unknown: the digest was made elsewhere".into()));
        }
    }
    let label =
        card.and_then(|card| card.label.as_ref()).map_or_else(|| "no label".into(), ToString::to_string);
    fields.push(("key", format!("{} ({label})", params.key_id)));
    if let Some(card) = card {
        let words = card.hash()?.words();
        fields.push(("key words", words));
        fields.push(("curve", format!("{}, for {}", card.curve, card.purpose)));
    }
    fields.push(("servers", servers.join(" ")));
    let path = if params.path.is_empty() { "none".to_owned() } else { escaped(&params.path) };
    fields.push(("path", path));
    let taproot = if params.taproot { "yes: under the BIP-341 output key" } else { "no" };
    fields.push(("taproot", taproot.into()));
    Ok(fields)
}

fn hashed(card: Option<&KeyCardBody>, hash: Option<HashAlgorithm>) -> String {
    match (hash, card.map(|card| curve::default_hash(card.curve))) {
        (Some(hash), _) => hash.name().to_owned(),
        (None, Some(Some(usual))) => format!("{} (the curve's usual one)", usual.name()),
        (None, Some(None)) => "nothing: the message is signed whole".into(),
        (None, None) => "the curve's usual hash".into(),
    }
}

/// The whole message: as text if it is text, else in hex.
fn message_text(message: &[u8]) -> String {
    let length = message.len();
    match std::str::from_utf8(message) {
        Ok("") => "empty (0 bytes)".into(),
        Ok(text) => format!("\"{}\" ({length} bytes)", escaped(text)),
        Err(_) => format!("no text; {length} bytes in hex: {}", hex::encode(message)),
    }
}

/// Text in which nothing can move the cursor, hide, or show in another order than it stands (R16).
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\\' => out.push_str("\\\\"),
            '"' => out.push_str("\\\""),
            c if is_plain(c) => out.push(c),
            c => out.extend(c.escape_unicode()),
        }
    }
    out
}

/// Neither control nor format character, nor a space that is none.
fn is_plain(c: char) -> bool {
    let hidden = matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}');
    !c.is_control() && !hidden && (c == ' ' || !c.is_whitespace())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r16_what_a_terminal_could_hide_is_shown_as_an_escape() {
        assert_eq!(escaped("pay 5 € to Zoë"), "pay 5 € to Zoë");
        assert_eq!(escaped("a\nb"), "a\\nb");
        for (text, shown) in [
            ("pay\r999", "pay\\u{d}999"),
            ("\u{1b}[2J", "\\u{1b}[2J"),
            ("a\u{202e}b", "a\\u{202e}b"),
            ("a\u{200b}b", "a\\u{200b}b"),
            ("a\u{a0}b", "a\\u{a0}b"),
            ("\u{9b}1A", "\\u{9b}1A"),
            ("\\n", "\\\\n"),
            ("a\"b", "a\\\"b"),
        ] {
            assert_eq!(escaped(text), shown);
        }
    }

    #[test]
    fn r16_bytes_that_are_no_text_are_shown_in_hex() {
        assert_eq!(message_text(b"pay"), "\"pay\" (3 bytes)");
        assert_eq!(message_text(&[0xff, 0]), "no text; 2 bytes in hex: ff00");
        assert_eq!(message_text(b""), "empty (0 bytes)");
    }
}
