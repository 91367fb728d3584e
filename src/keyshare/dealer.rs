//! Shares to key and key to shares, as library functions: recovery and import build on them.

use frost_core::{
    SigningKey,
    keys::{self, IdentifierList},
};
use rand_core::{CryptoRng, RngCore};
use zeroize::Zeroizing;

use super::{
    KeyShareError,
    card::{KeyCardBody, identifier, library},
    core::{KeyShare, chain_code_hash},
};
use crate::with_suite;
use crate::{
    codec::Hex,
    curve::{self, Curve, Suite},
    digest::Hash,
    secret::{Secret, SecretBytes},
};

/// At least t validated shares of one card with distinct indices.
pub struct Quorum(Vec<KeyShare>);

impl Quorum {
    /// Refuses shares of different cards, a repeated index, and too few.
    pub fn new(shares: Vec<KeyShare>) -> Result<Self, KeyShareError> {
        let Some(first) = shares.first() else {
            return Err(KeyShareError::TooFew { have: 0, threshold: 2, more: 2 });
        };
        let threshold = first.card().threshold;
        if shares.iter().any(|share| share.card() != first.card()) {
            return Err(KeyShareError::OtherCard);
        }
        let mut seen = std::collections::BTreeSet::new();
        if let Some(twice) = shares.iter().find(|share| !seen.insert(share.index())) {
            return Err(KeyShareError::Twice(twice.index()));
        }
        let more = usize::from(threshold).saturating_sub(shares.len());
        if more > 0 {
            return Err(KeyShareError::TooFew { have: shares.len(), threshold, more });
        }
        Ok(Self(shares))
    }
}

/// Combines a quorum into the private key (an encoded scalar) and compares it with the card's group key.
pub fn reconstruct(quorum: &Quorum) -> Result<SecretBytes, KeyShareError> {
    let card = quorum.0.first().map(KeyShare::card).ok_or(KeyShareError::Reconstructed)?;
    with_suite!(card.curve, C => reconstruct_with::<C>(quorum, card))
}

fn reconstruct_with<C: Suite>(quorum: &Quorum, card: &KeyCardBody) -> Result<SecretBytes, KeyShareError> {
    let packages = quorum.0.iter().map(KeyShare::key_package::<C>).collect::<Result<Vec<_>, _>>()?;
    let key = keys::reconstruct(&packages).map_err(library)?;
    let public = frost_core::VerifyingKey::from(&key).serialize().map_err(library)?;
    if public != card.group_public_key.0 {
        return Err(KeyShareError::Reconstructed);
    }
    Ok(curve::scalar_bytes::<C>(&key.to_scalar()).into())
}

/// What a dealer hands out: public values, and a scalar for each index.
pub struct Dealt {
    /// The group public key.
    pub group_public_key: Hex,
    /// x_i * G for index 1, 2, ...
    pub verification_shares: Vec<Hex>,
    /// Tagged hash of the chain code.
    pub chain_code_hash: Hash,
    /// x_i for index 1, 2, ...
    pub scalars: Vec<SecretBytes>,
}

/// Splits an existing private key (an encoded scalar) into n shares of threshold t.
pub fn split(
    curve: Curve,
    key: &SecretBytes,
    chain_code: &Secret<32>,
    threshold: u16,
    participants: u16,
    rng: &mut (impl RngCore + CryptoRng),
) -> Result<Dealt, KeyShareError> {
    super::check_threshold(threshold, participants.into())?;
    with_suite!(curve, C => split_with::<C>(key, chain_code, threshold, participants, rng))
}

fn split_with<C: Suite>(
    key: &SecretBytes,
    chain_code: &Secret<32>,
    threshold: u16,
    participants: u16,
    rng: &mut (impl RngCore + CryptoRng),
) -> Result<Dealt, KeyShareError> {
    let key = SigningKey::<C>::from_scalar(curve::scalar_from::<C>(key.expose())?).map_err(library)?;
    let list = IdentifierList::Default;
    let (shares, public) = keys::split(&key, participants, threshold, list, rng).map_err(library)?;
    let mut verification_shares = Vec::new();
    let mut scalars = Vec::new();
    for index in 1..=participants {
        let id = identifier::<C>(index)?;
        let verifying = public.verifying_shares().get(&id).ok_or(KeyShareError::Index(index))?;
        verification_shares.push(Hex(verifying.serialize().map_err(library)?));
        let share = shares.get(&id).ok_or(KeyShareError::Index(index))?;
        scalars.push(Zeroizing::new(share.signing_share().serialize()).into());
    }
    let group_public_key = Hex(public.verifying_key().serialize().map_err(library)?);
    Ok(Dealt { group_public_key, verification_shares, chain_code_hash: chain_code_hash(chain_code), scalars })
}
