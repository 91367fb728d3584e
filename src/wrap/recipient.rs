//! age X25519 recipients and identities (C2SP `age.md`): the text forms and the keys behind them.

use std::{fmt, str::FromStr};

use bech32::{Bech32, Hrp, primitives::decode::CheckedHrpstring};
use rand_core::{CryptoRng, RngCore};
use serde::{Deserialize, Serialize};

use crate::{secret::Secret, signing_key::x25519_public};

const RECIPIENT_HRP: Hrp = Hrp::parse_unchecked("age");

/// Text is not an age X25519 recipient.
#[derive(Debug, thiserror::Error)]
#[error("'{0}' is not an age X25519 recipient (age1...)")]
pub struct NotARecipient(String);

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
        if recipient.to_string() == text { Ok(recipient) } else { Err(refused()) }
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
    fn other_text_is_refused() {
        let good = Identity::random(&mut OsRng).recipient().to_string();
        let mut flipped = good.clone();
        flipped.replace_range(10..11, if &good[10..11] == "q" { "p" } else { "q" });
        for bad in [flipped, good.to_uppercase(), String::new(), "age1".into(), format!("{good}q")] {
            assert!(bad.parse::<Recipient>().is_err(), "{bad}");
        }
    }
}
