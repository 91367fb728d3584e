//! Names and identifiers that appear in every format.

use std::{fmt, str::FromStr};

use jiff::{Timestamp, Unit};
use serde::{Deserialize, Serialize};

use crate::codec::HexArray;

/// Random id of one operation: makes it resumable and single-use.
pub type OpId = HexArray<16>;

/// Why text is not an identifier of its kind.
#[derive(Debug, thiserror::Error)]
pub enum IdError {
    #[error(
        "'{0}' is not a name: a letter or digit first, then letters, digits, '_' or '-', at most 32 in all"
    )]
    Name(String),
    #[error("'{0}' is not a key id: expected a UUID such as 3f0c9a52-6d0e-4f4c-9d1e-2f1f0a4b7c11")]
    KeyId(String),
    #[error("'{0}' is not a time such as 2026-11-20T09:44:00Z (UTC, whole seconds)")]
    Time(String),
    #[error("a label has 1 to 64 printable characters")]
    Label,
    #[error("a reason has 1 to 500 printable characters, on one line")]
    Reason,
}

/// Name of a person or a server: `[A-Za-z0-9][A-Za-z0-9_-]{0,31}`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Name(String);

impl Name {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Name {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let first = text.bytes().next().is_some_and(|b| b.is_ascii_alphanumeric());
        let rest = text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'));
        if first && rest && text.len() <= 32 {
            Ok(Self(text.to_owned()))
        } else {
            Err(IdError::Name(text.chars().take(64).collect()))
        }
    }
}

/// Id of one threshold key; a version 4 UUID, in lower case with hyphens.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct KeyId(uuid::Uuid);

impl KeyId {
    /// A new random id.
    pub fn random(rng: &mut (impl rand_core::RngCore + rand_core::CryptoRng)) -> Self {
        Self(uuid::Builder::from_random_bytes(HexArray::<16>::random(rng).0).into_uuid())
    }

    /// From its 16 bytes, if they are those of a version 4 UUID.
    pub fn from_bytes(bytes: [u8; 16]) -> Option<Self> {
        let id = uuid::Uuid::from_bytes(bytes);
        (id.get_version_num() == 4).then_some(Self(id))
    }

    /// The 16 bytes.
    pub fn as_bytes(&self) -> &[u8; 16] {
        self.0.as_bytes()
    }
}

impl FromStr for KeyId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let refused = || IdError::KeyId(text.chars().take(64).collect());
        let id = uuid::Uuid::try_parse(text).map_err(|_| refused())?;
        if id.get_version_num() == 4 && id.hyphenated().to_string() == text {
            Ok(Self(id))
        } else {
            Err(refused())
        }
    }
}

/// A moment: RFC 3339, UTC, whole seconds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Time(Timestamp);

impl Time {
    /// The system clock, rounded down to the second.
    pub fn now() -> Self {
        Self::whole(Timestamp::now())
    }

    /// This moment moved by whole seconds, held within what the format can say.
    pub fn plus_seconds(self, seconds: i64) -> Self {
        let moved = self.0.as_second().saturating_add(seconds);
        Timestamp::from_second(moved).map_or(self, Self)
    }

    /// Seconds since 1970.
    pub fn unix(self) -> i64 {
        self.0.as_second()
    }

    fn whole(moment: Timestamp) -> Self {
        Self(Timestamp::from_second(moment.as_second()).unwrap_or(moment))
    }
}

impl FromStr for Time {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let refused = || IdError::Time(text.chars().take(64).collect());
        let moment: Timestamp = text.parse().map_err(|_| refused())?;
        let whole = moment.round(Unit::Second).map_err(|_| refused())?;
        let time = Self(whole);
        if time.to_string() == text { Ok(time) } else { Err(refused()) }
    }
}

/// A key's label: 1 to 64 characters, none of them a control character.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Label(String);

impl FromStr for Label {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let fits = (1..=64).contains(&text.chars().count());
        let printable = text.chars().all(|c| !c.is_control() && !is_bidi_control(c));
        if fits && printable { Ok(Self(text.to_owned())) } else { Err(IdError::Label) }
    }
}

/// Why something that cannot be undone is asked for: 1 to 500 characters, as a label's.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Reason(String);

impl FromStr for Reason {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let fits = (1..=500).contains(&text.chars().count()) && !text.trim().is_empty();
        let printable = text.chars().all(|c| !c.is_control() && !is_bidi_control(c));
        if fits && printable { Ok(Self(text.to_owned())) } else { Err(IdError::Reason) }
    }
}

/// Characters that make a terminal show text in another order than it is stored.
fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{061c}')
}

macro_rules! text_form {
    ($($kind:ty: $text:expr),*) => {$(
        impl TryFrom<String> for $kind {
            type Error = IdError;
            fn try_from(text: String) -> Result<Self, IdError> {
                text.parse()
            }
        }
        impl From<$kind> for String {
            fn from(value: $kind) -> String {
                value.to_string()
            }
        }
        impl fmt::Display for $kind {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let text: fn(&$kind) -> String = $text;
                f.pad(&text(self))
            }
        }
        impl fmt::Debug for $kind {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }
    )*};
}

text_form! {
    Name: |name| name.0.clone(),
    KeyId: |id| id.0.hyphenated().to_string(),
    Time: |time| time.0.to_string(),
    Label: |label| label.0.clone(),
    Reason: |reason| reason.0.clone()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_the_pattern() {
        for good in ["A", "OFFICIAL_1", "0-x", &"a".repeat(32)] {
            assert!(good.parse::<Name>().is_ok(), "{good}");
        }
        for bad in ["", "_a", "-", "a b", "a/b", "..", "é", "a\n", &"a".repeat(33)] {
            assert!(bad.parse::<Name>().is_err(), "{bad}");
        }
    }

    #[test]
    fn key_ids_have_one_spelling() {
        let id = "3f0c9a52-6d0e-4f4c-9d1e-2f1f0a4b7c11";
        assert_eq!(id.parse::<KeyId>().unwrap().to_string(), id);
        for bad in ["3F0C9A52-6D0E-4F4C-9D1E-2F1F0A4B7C11", "3f0c9a526d0e4f4c9d1e2f1f0a4b7c11", "x"] {
            assert!(bad.parse::<KeyId>().is_err(), "{bad}");
        }
        assert!("3f0c9a52-6d0e-1f4c-9d1e-2f1f0a4b7c11".parse::<KeyId>().is_err(), "not version 4");
    }

    #[test]
    fn times_are_utc_in_whole_seconds() {
        let time: Time = "2026-11-20T09:44:00Z".parse().unwrap();
        assert_eq!(time.plus_seconds(86_400).to_string(), "2026-11-21T09:44:00Z");
        for bad in ["2026-11-20T09:44:00.5Z", "2026-11-20T09:44:00+00:00", "2026-11-20", ""] {
            assert!(bad.parse::<Time>().is_err(), "{bad}");
        }
        let now = Time::now();
        assert_eq!(now.to_string().parse::<Time>().unwrap(), now);
    }

    #[test]
    fn labels_cannot_carry_terminal_controls() {
        assert!("Treasury – cold 1".parse::<Label>().is_ok());
        for bad in ["", "a\u{1b}[31m", "a\u{202e}b", "line\nbreak", &"x".repeat(65)] {
            assert!(bad.parse::<Label>().is_err(), "{bad:?}");
        }
        assert!("x".repeat(500).parse::<Reason>().is_ok());
        for bad in ["", "  ", "a\u{1b}[31m", "line\nbreak", &"x".repeat(501)] {
            assert!(bad.parse::<Reason>().is_err(), "{bad:?}");
        }
    }
}
