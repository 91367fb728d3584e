//! Key cards, share cores and key shares: plain Shamir with Feldman verification shares, one form for
//! every curve.
#![doc = include_str!("keyshare/format.md")]

mod alias;
mod card;
mod core;
mod dealer;
#[cfg(test)]
mod samples;

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

pub use self::{
    alias::{AliasBody, DirtyAlias},
    card::{DirtyKeyCard, KeyCard, KeyCardBody, PROOF_PREFIX, lagrange_at_zero, proof_message},
    core::{KeyShare, ShareCore, chain_code_hash},
    dealer::{Dealt, Quorum, reconstruct, split},
};
use crate::{card::CardError, codec::CodecError, curve::CurveError, genesis::Chain, ids::Name};

/// Why a key card, a share core or a set of shares is not accepted.
#[derive(Debug, thiserror::Error)]
pub enum KeyShareError {
    #[error("the {what} has version {given}; this program reads version 1")]
    Version { what: &'static str, given: u32 },
    #[error("the threshold {threshold} does not fit {participants} servers: 2 <= threshold <= servers <= 16")]
    Threshold { threshold: u16, participants: usize },
    #[error("the key card lists {what} of the wrong length")]
    Length { what: &'static str },
    #[error("server {0} stands twice in the roster")]
    Duplicate(Name),
    #[error("index {0} is not in the roster")]
    Index(u16),
    #[error("the verification shares do not lie on one polynomial through the group key")]
    Polynomial,
    #[error("the key card was made under a genesis that is not in this chain")]
    Genesis,
    #[error("a {0} key does not belong under this genesis")]
    Purpose(Purpose),
    #[error("the key card lacks a valid signature of {0}")]
    NodeSignature(Name),
    #[error("the key card lacks a valid proof by the key itself")]
    Proof,
    #[error("the share core is not well-formed: {0}")]
    Core(&'static str),
    #[error("the share core belongs to another key card")]
    OtherCard,
    #[error("the share does not match its verification share (index {0})")]
    Share(u16),
    #[error("the chain code does not match the key card")]
    ChainCode,
    #[error("{more} more share(s) are needed: {have} of {threshold}")]
    TooFew { have: usize, threshold: u16, more: usize },
    #[error("index {0} was given twice")]
    Twice(u16),
    #[error("the reconstructed key is not the one of the key card")]
    Reconstructed,
    #[error("the protocol library refused: {0}")]
    Library(String),
    #[error(transparent)]
    Curve(#[from] CurveError),
    #[error(transparent)]
    Codec(#[from] CodecError),
    #[error(transparent)]
    Card(#[from] CardError),
}

/// What a key may be used for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Purpose {
    /// Drills and tests; never becomes production.
    Rehearsal,
    /// Guards value.
    Production,
}

impl FromStr for Purpose {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "rehearsal" => Ok(Self::Rehearsal),
            "production" => Ok(Self::Production),
            _ => Err("a purpose is 'rehearsal' or 'production'".to_owned()),
        }
    }
}

impl fmt::Display for Purpose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Rehearsal => "rehearsal",
            Self::Production => "production",
        })
    }
}

/// Checks t and n as agreed before round 1 (R2).
pub fn check_threshold(threshold: u16, participants: usize) -> Result<(), KeyShareError> {
    let fits = threshold >= 2
        && usize::from(threshold) <= participants
        && crate::genesis::NODES.contains(&participants);
    if fits { Ok(()) } else { Err(KeyShareError::Threshold { threshold, participants }) }
}

/// The signing key a node had in the genesis version a card was made under.
pub fn node_key(
    chain: &Chain,
    card: &KeyCardBody,
    name: &Name,
) -> Result<crate::signing_key::PublicKey, KeyShareError> {
    let genesis = chain.version(&card.genesis_hash).ok_or(KeyShareError::Genesis)?;
    if genesis.genesis_id != card.genesis_id {
        return Err(KeyShareError::Genesis);
    }
    let node = genesis.node(name).ok_or_else(|| KeyShareError::NodeSignature(name.clone()))?;
    Ok(node.card.signing_key)
}
