//! age X25519 recipients and identities (C2SP `age.md`): the text forms and the keys behind them.

use std::{fmt, str::FromStr};

use bech32::{Bech32, Hrp, primitives::decode::CheckedHrpstring};
use rand_core::{CryptoRng, RngCore};
use serde::{Deserialize, Serialize};

use crate::secret::{Secret, SecretBytes, SecretWriter};
use crate::signing_key::{self, x25519_public};

const RECIPIENT_HRP: Hrp = Hrp::parse_unchecked("age");
const SECRET_HRP: Hrp = Hrp::parse_unchecked("age-secret-key-");
/// Longest identity file that is read, in bytes.
pub const KEY_FILE_CAP: usize = 16 << 10;

/// Text is not an age X25519 recipient.
#[derive(Debug, thiserror::Error)]
#[error("'{0}' is not an age X25519 recipient (age1...)")]
pub struct NotARecipient(String);

/// Why text gave no identity. The text itself is never repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAnIdentity {
    #[error("it is longer than {KEY_FILE_CAP} bytes")]
    TooLong,
    #[error("it holds no line AGE-SECRET-KEY-1...")]
    Missing,
    #[error("it holds more than one secret key; which one is meant cannot be known")]
    Several,
    #[error("its AGE-SECRET-KEY-1... is mistyped or cut short: the checksum is wrong")]
    Checksum,
    #[error("it is a plugin or post-quantum identity; only X25519 identities are taken")]
    Unsupported,
}

/// An age X25519 recipient, `age1...`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Recipient([u8; 32]);

impl Recipient {
    /// The X25519 public key.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl FromStr for Recipient {
    type Err = NotARecipient;

    fn from_str(text: &str) -> Result<Self, NotARecipient> {
        let refused = || NotARecipient(text.chars().take(80).collect());
        let checked = CheckedHrpstring::new::<Bech32>(text).map_err(|_| refused())?;
        let bytes: Vec<u8> = checked.byte_iter().collect();
        let recipient = Self(bytes.try_into().map_err(|_| refused())?);
        let usable = !signing_key::has_small_order(&recipient.0);
        if usable && recipient.to_string() == text { Ok(recipient) } else { Err(refused()) }
    }
}

impl TryFrom<String> for Recipient {
    type Error = NotARecipient;
    fn try_from(text: String) -> Result<Self, NotARecipient> {
        text.parse()
    }
}

impl From<Recipient> for String {
    fn from(recipient: Recipient) -> String {
        recipient.to_string()
    }
}

impl fmt::Display for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        bech32::encode_lower_to_fmt::<Bech32, _>(f, RECIPIENT_HRP, &self.0).map_err(|_| fmt::Error)
    }
}

impl fmt::Debug for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The 32 secret bytes behind an `AGE-SECRET-KEY-1...`.
#[derive(Debug)]
pub struct Identity(Secret<32>);

impl Identity {
    /// A fresh identity.
    pub fn random(rng: &mut (impl RngCore + CryptoRng)) -> Self {
        Self(Secret::random(rng))
    }

    /// The identity of 32 secret bytes.
    pub fn from_secret(secret: Secret<32>) -> Self {
        Self(secret)
    }

    /// The one secret key in what `age-keygen` writes: comments, empty lines, `AGE-SECRET-KEY-1...`.
    pub fn from_key_file(bytes: &[u8]) -> Result<Self, NotAnIdentity> {
        if bytes.len() > KEY_FILE_CAP {
            return Err(NotAnIdentity::TooLong);
        }
        let text = std::str::from_utf8(bytes).map_err(|_| NotAnIdentity::Missing)?;
        let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        match (lines.next(), lines.next()) {
            (Some(line), None) => Self::from_text(line),
            (Some(_), Some(_)) => Err(NotAnIdentity::Several),
            (None, _) => Err(NotAnIdentity::Missing),
        }
    }

    /// `AGE-SECRET-KEY-1...`: Bech32 (BIP-173) of the 32 bytes, in upper case.
    pub fn from_text(text: &str) -> Result<Self, NotAnIdentity> {
        if text.starts_with("AGE-PLUGIN-") || text.starts_with("AGE-SECRET-KEY-PQ-") {
            return Err(NotAnIdentity::Unsupported);
        }
        if !text.starts_with("AGE-SECRET-KEY-1") {
            return Err(NotAnIdentity::Missing);
        }
        let checked = CheckedHrpstring::new::<Bech32>(text).map_err(|_| NotAnIdentity::Checksum)?;
        if checked.hrp() != SECRET_HRP || checked.byte_iter().len() != 32 {
            return Err(NotAnIdentity::Checksum);
        }
        Ok(Self(Secret::fill(|secret| {
            secret.iter_mut().zip(checked.byte_iter()).for_each(|(to, from)| *to = from);
        })))
    }

    /// The text that [`Self::from_text`] reads, as stock age does.
    pub fn to_text(&self) -> SecretBytes {
        let mut text = SecretWriter::default();
        // 32 bytes fit Bech32, and the writer takes all.
        let _ = bech32::encode_upper_to_writer::<Bech32, _>(&mut text, SECRET_HRP, self.0.expose());
        text.finish()
    }

    /// Its recipient.
    pub fn recipient(&self) -> Recipient {
        Recipient(x25519_public(&self.0))
    }

    /// The secret bytes, for the moment of use.
    pub fn secret(&self) -> &Secret<32> {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use rand_core::OsRng;

    use super::*;

    #[test]
    fn recipients_match_the_age_crate() {
        let identity = Identity::random(&mut OsRng);
        let ours = identity.recipient().to_string();
        let hrp = Hrp::parse("age-secret-key-").unwrap();
        let text = bech32::encode_upper::<Bech32>(hrp, identity.secret().expose()).unwrap();
        let theirs: age::x25519::Identity = text.parse().unwrap();
        assert_eq!(theirs.to_public().to_string(), ours);
        assert_eq!(ours.parse::<Recipient>().unwrap(), identity.recipient());
    }

    #[test]
    fn an_age_keygen_file_gives_its_identity() {
        let identity = Identity::random(&mut OsRng);
        let text = identity.to_text();
        let text = std::str::from_utf8(text.expose()).unwrap();
        let theirs: age::x25519::Identity = text.parse().unwrap();
        assert_eq!(theirs.to_public().to_string(), identity.recipient().to_string());
        let file = format!("# created: 2026-11-20T10:00:00Z\r\n# public key: age1...\n{text}\n\n");
        let read = Identity::from_key_file(file.as_bytes()).unwrap();
        assert_eq!(read.secret().expose(), identity.secret().expose());
    }

    #[test]
    fn r51_other_key_files_are_refused_with_a_reason() {
        let text = Identity::random(&mut OsRng).to_text();
        let text = std::str::from_utf8(text.expose()).unwrap().to_owned();
        let read = |text: &str| Identity::from_key_file(text.as_bytes()).unwrap_err();
        assert_eq!(read(""), NotAnIdentity::Missing);
        assert_eq!(read("# comment"), NotAnIdentity::Missing);
        assert_eq!(read(&text.to_lowercase()), NotAnIdentity::Missing);
        assert_eq!(read(&format!("{text}\n{text}")), NotAnIdentity::Several);
        assert_eq!(read(&text[..70]), NotAnIdentity::Checksum);
        assert_eq!(read(&format!("{text}Q")), NotAnIdentity::Checksum);
        assert_eq!(read("AGE-PLUGIN-YUBIKEY-1QQQ"), NotAnIdentity::Unsupported);
        assert_eq!(read("AGE-SECRET-KEY-PQ-1QQQ"), NotAnIdentity::Unsupported);
        assert_eq!(read(&"#\n".repeat(KEY_FILE_CAP)), NotAnIdentity::TooLong);
        for at in 16..text.len() {
            let other = if &text[at..=at] == "Q" { "P" } else { "Q" };
            let mut altered = text.clone();
            altered.replace_range(at..=at, other);
            assert_eq!(read(&altered), NotAnIdentity::Checksum, "{at}");
        }
    }

    #[test]
    fn other_text_is_refused() {
        let good = Identity::random(&mut OsRng).recipient().to_string();
        let mut flipped = good.clone();
        flipped.replace_range(10..11, if &good[10..11] == "q" { "p" } else { "q" });
        // Everybody shares the same secret, zero, with a point of small order.
        let zero = bech32::encode_lower::<Bech32>(RECIPIENT_HRP, &[0; 32]).unwrap();
        let mut one = [0; 32];
        one[0] = 1;
        let one = bech32::encode_lower::<Bech32>(RECIPIENT_HRP, &one).unwrap();
        for bad in [zero, one, flipped, good.to_uppercase(), String::new(), "age1".into(), format!("{good}q")]
        {
            assert!(bad.parse::<Recipient>().is_err(), "{bad}");
        }
    }
}
