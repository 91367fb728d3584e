//! The private key made whole again from t shares, on one machine, and what must follow from it.
//!
//! Offline recovery from shards and recovery from nodes end here alike: [`RecoveredKey::combine`] is the only way to
//! a key, and what it gives was compared with the key card. How the key is written down for other programs is
//! [`KeyFormat`]; that it is exposed from then on, says an [`ExposureNotice`].
#![doc = include_str!("recovery/format.md")]

mod exposure;
mod formats;
#[cfg(test)]
mod tests;

use std::fmt;

pub use self::{
    exposure::{ExposureNotice, NOTICE_CAP, NoticeBody, cards_of},
    formats::{KeyFormat, Network, ethereum_address},
};
use crate::{
    codec::CodecError,
    curve::{Curve, CurveError},
    ids::{KeyId, Name},
    keyshare::{KeyCard, KeyCardBody, KeyShare, KeyShareError, Quorum, reconstruct},
    secret::SecretBytes,
};

/// Why there is no key, or a notice is not accepted.
#[derive(Debug, thiserror::Error)]
pub enum RecoveryError {
    #[error(
        "{given} is a share of key {given_id}, {first} one of key {first_id}: shares of two keys make neither"
    )]
    OtherKey { given: String, given_id: KeyId, first: String, first_id: KeyId },
    #[error(
        "{given} is of epoch {given_epoch}, {first} of epoch {first_epoch}: shares of different epochs never combine"
    )]
    OtherEpoch { given: String, given_epoch: u32, first: String, first_epoch: u32 },
    #[error("{given} carries another key card than {first}, of the same key and epoch")]
    OtherCard { given: String, first: String },
    #[error("{given} and {first} are both the share of index {index}")]
    Twice { given: String, first: String, index: u16 },
    #[error("{more} more share(s) are needed: {have} of {threshold}")]
    TooFew { have: usize, threshold: u16, more: usize },
    #[error("{given} holds no share of the key")]
    NoShare { given: String },
    #[error("a key on {curve} is not written as {given}; these fit: {fit}")]
    Format { given: KeyFormat, curve: Curve, fit: String },
    #[error("a network is named for wif only; this is {0}")]
    Network(KeyFormat),
    #[error("the {what} has version {given}; this program reads version 1")]
    Version { what: &'static str, given: u32 },
    #[error("this is no {what}, or it was altered: {source}")]
    Form { what: &'static str, source: CodecError },
    #[error("the {what} is for another {field}")]
    Differs { what: &'static str, field: &'static str },
    #[error("the notice is signed in the name of {0}, who never was enrolled")]
    Stranger(Name),
    #[error("the notice is not signed by {0}")]
    Signature(Name),
    #[error("the notice does not prove that the key was whole: it lacks a signature under the key itself")]
    Proof,
    #[error("the key cannot be written in this format: {0}")]
    Encode(&'static str),
    #[error("the recovered key: {0}")]
    Key(#[from] KeyShareError),
    #[error(transparent)]
    Curve(#[from] CurveError),
    #[error(transparent)]
    Codec(#[from] CodecError),
}

/// What a file says of the share in it, before anything is opened.
#[derive(Clone, Copy, Debug)]
pub struct Claim<'a> {
    /// The file, as messages name it.
    pub source: &'a str,
    /// The key, checked under the chain.
    pub card: &'a KeyCard,
    /// The index.
    pub index: u16,
}

/// Judges a set of shares by their outsides, so that nobody opens what cannot combine: one key, one epoch, every
/// index once, at least t of them. More than t are welcome: each is checked against the card. Returns the key.
pub fn check_claims<'a>(claims: &[Claim<'a>]) -> Result<&'a KeyCard, RecoveryError> {
    let none = RecoveryError::TooFew { have: 0, threshold: 2, more: 2 };
    let (first, others) = claims.split_first().ok_or(none)?;
    let mut seen = vec![first];
    for claim in others {
        same_key(first, claim)?;
        if let Some(before) = seen.iter().find(|before| before.index == claim.index) {
            let (given, first) = (claim.source.to_owned(), before.source.to_owned());
            return Err(RecoveryError::Twice { given, first, index: claim.index });
        }
        seen.push(claim);
    }
    let (have, threshold) = (seen.len(), first.card.body().threshold);
    match usize::from(threshold).saturating_sub(have) {
        0 => Ok(first.card),
        more => Err(RecoveryError::TooFew { have, threshold, more }),
    }
}

fn same_key(first: &Claim, claim: &Claim) -> Result<(), RecoveryError> {
    if first.card.hash() == claim.card.hash() {
        return Ok(());
    }
    let (one, other) = (first.card.body(), claim.card.body());
    let (given, first) = (claim.source.to_owned(), first.source.to_owned());
    let same_point = one.curve == other.curve && one.group_public_key == other.group_public_key;
    Err(match same_point {
        false => RecoveryError::OtherKey { given, given_id: other.key_id, first, first_id: one.key_id },
        true if one.epoch != other.epoch => {
            let (given_epoch, first_epoch) = (other.epoch, one.epoch);
            RecoveryError::OtherEpoch { given, given_epoch, first, first_epoch }
        }
        true => RecoveryError::OtherCard { given, first },
    })
}

/// A whole private key, seen to make the group key of its card.
pub struct RecoveredKey {
    card: KeyCardBody,
    scalar: SecretBytes,
}

impl RecoveredKey {
    /// Combines all shares given, t or more of one card, by Lagrange at zero, and compares scalar * G with the card.
    pub fn combine(shares: Vec<KeyShare>) -> Result<Self, RecoveryError> {
        let quorum = Quorum::new(shares)?;
        let scalar = reconstruct(&quorum)?;
        Ok(Self { card: quorum.card()?.clone(), scalar })
    }

    /// The key's card.
    pub fn card(&self) -> &KeyCardBody {
        &self.card
    }

    /// The scalar as it is encoded on its curve.
    pub fn scalar(&self) -> &SecretBytes {
        &self.scalar
    }
}

impl fmt::Debug for RecoveredKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RecoveredKey({})", self.card.key_id)
    }
}
