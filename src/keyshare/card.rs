//! The key card: public description of a key, signed by its nodes and under the key itself.

use std::collections::BTreeSet;

use frost_core::{Group, Identifier, VerifyingKey};
use serde::{Deserialize, Serialize};

use super::{KeyShareError, Purpose, check_threshold, node_key};
use crate::with_suite;
use crate::{
    codec::{CodecError, Hex, HexArray},
    curve::{self, Curve, Suite},
    digest::Hash,
    genesis::{Chain, Mode},
    ids::{KeyId, Label, Name},
    signing_key::Signature,
};

/// What every message signed for a key card begins with. Users' messages that begin so are refused.
pub const PROOF_PREFIX: &[u8] = b"quorate/key-proof/v1\0";

/// The message that a t-subset signs under the key: [`PROOF_PREFIX`], then the card's hash.
pub fn proof_message(card_hash: &Hash) -> Vec<u8> {
    [PROOF_PREFIX, card_hash.as_bytes()].concat()
}

/// The signed part of a key card.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct KeyCardBody {
    /// Format version, 1.
    pub version: u32,
    /// The key's id.
    pub key_id: KeyId,
    /// Free text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<Label>,
    /// What it may be used for.
    pub purpose: Purpose,
    /// Its curve.
    pub curve: Curve,
    /// How many shares sign.
    pub threshold: u16,
    /// Number of shares.
    pub participants: u16,
    /// Who holds index 1, 2, ...
    pub roster: Vec<Name>,
    /// The chain of genesis versions.
    pub genesis_id: HexArray<16>,
    /// The version in force when the key was made.
    pub genesis_hash: Hash,
    /// Full SEC1 compressed point or Edwards encoding; untweaked, un-negated.
    pub group_public_key: Hex,
    /// Hash of the 32-byte chain code.
    pub chain_code_hash: Hash,
    /// x_i * G for index 1, 2, ...
    pub verification_shares: Vec<Hex>,
    /// Counter of refreshes.
    pub epoch: u32,
    /// The card of the epoch before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous_card_hash: Option<Hash>,
}

impl KeyCardBody {
    /// The hash that nodes, shares and requests bind.
    pub fn hash(&self) -> Result<Hash, CodecError> {
        Hash::of("key-card", self)
    }

    /// The name at an index.
    pub fn holder(&self, index: u16) -> Option<&Name> {
        self.roster.get(usize::from(index).checked_sub(1)?)
    }

    /// The index of a name.
    pub fn index_of(&self, name: &Name) -> Option<u16> {
        let position = self.roster.iter().position(|n| n == name)?;
        u16::try_from(position + 1).ok()
    }

    /// The verification share of an index.
    pub fn verification_share(&self, index: u16) -> Option<&Hex> {
        self.verification_shares.get(usize::from(index).checked_sub(1)?)
    }

    /// The public key as users of the curve expect it.
    pub fn root_public_key(&self) -> Result<Hex, KeyShareError> {
        Ok(Hex(self.curve.root_public_key(&self.group_public_key)?))
    }

    /// Sizes, distinct names, points of prime order, and one polynomial through the group key, so that
    /// every t-subset works (R6, R8).
    pub fn check(&self) -> Result<(), KeyShareError> {
        if self.version != 1 {
            return Err(KeyShareError::Version { what: "key card", given: self.version });
        }
        check_threshold(self.threshold, self.roster.len())?;
        if usize::from(self.participants) != self.roster.len() {
            return Err(KeyShareError::Length { what: "a roster" });
        }
        if self.verification_shares.len() != self.roster.len() {
            return Err(KeyShareError::Length { what: "verification shares" });
        }
        let mut seen = BTreeSet::new();
        if let Some(twice) = self.roster.iter().find(|name| !seen.insert(*name)) {
            return Err(KeyShareError::Duplicate(twice.clone()));
        }
        with_suite!(self.curve, C => self.check_polynomial::<C>())
    }

    fn check_polynomial<C: Suite>(&self) -> Result<(), KeyShareError> {
        let group = curve::point_from::<C>(&self.group_public_key)?;
        let mut base = Vec::new();
        let mut above = Vec::new();
        for (index, share) in (1u16..).zip(&self.verification_shares) {
            let point = (identifier::<C>(index)?, curve::point_from::<C>(share)?);
            if index <= self.threshold { base.push(point) } else { above.push(point) }
        }
        let at = |x| -> Result<_, KeyShareError> {
            let set: BTreeSet<_> = base.iter().map(|(id, _)| *id).collect();
            let mut sum = C::Group::identity();
            for (id, point) in &base {
                let lambda = frost_core::compute_lagrange_coefficient(&set, x, *id);
                sum = sum + *point * lambda.map_err(library)?;
            }
            Ok(sum)
        };
        let mut fits = at(None)? == group;
        for (id, point) in above {
            fits &= at(Some(id))? == point;
        }
        if fits { Ok(()) } else { Err(KeyShareError::Polynomial) }
    }
}

/// A key card as it travels; nothing in it is believed yet.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct DirtyKeyCard {
    /// The signed part.
    pub card: KeyCardBody,
    /// By the roster's nodes, in its order.
    pub signatures: Vec<Signature>,
    /// A Schnorr signature by a t-subset under the key over [`proof_message`], as frost encodes it.
    pub proof: Hex,
}

impl DirtyKeyCard {
    /// Everything R8 asks of a card: polynomial, all nodes' signatures, proof by the key.
    pub fn check(self, chain: &Chain) -> Result<KeyCard, KeyShareError> {
        self.card.check()?;
        let rehearsal = chain.current().mode == Mode::Rehearsal;
        if rehearsal != (self.card.purpose == Purpose::Rehearsal) {
            return Err(KeyShareError::Purpose(self.card.purpose));
        }
        let hash = self.card.hash()?;
        if self.signatures.len() != self.card.roster.len() {
            return Err(KeyShareError::Length { what: "signatures" });
        }
        for (name, signature) in self.card.roster.iter().zip(&self.signatures) {
            let key = node_key(chain, &self.card, name)?;
            key.verify(&hash, signature).map_err(|_| KeyShareError::NodeSignature(name.clone()))?;
        }
        with_suite!(self.card.curve, C => self.check_proof::<C>(&hash))?;
        Ok(KeyCard { card: self, hash })
    }

    fn check_proof<C: Suite>(&self, hash: &Hash) -> Result<(), KeyShareError> {
        let key = VerifyingKey::<C>::deserialize(&self.card.group_public_key).map_err(library)?;
        let proof = frost_core::Signature::<C>::deserialize(&self.proof).map_err(|_| KeyShareError::Proof)?;
        key.verify(&proof_message(hash), &proof).map_err(|_| KeyShareError::Proof)
    }
}

/// A key card whose every claim was checked: the key's activation certificate.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(transparent)]
pub struct KeyCard {
    card: DirtyKeyCard,
    #[serde(skip)]
    hash: Hash,
}

impl KeyCard {
    /// The signed part.
    pub fn body(&self) -> &KeyCardBody {
        &self.card.card
    }

    /// Its hash.
    pub fn hash(&self) -> Hash {
        self.hash
    }

    /// The form that travels.
    pub fn dirty(&self) -> &DirtyKeyCard {
        &self.card
    }
}

/// Lagrange coefficient of `index` at zero over `indices`, encoded as a scalar of the curve.
pub fn lagrange_at_zero<C: Suite>(
    indices: &[u16],
    index: u16,
) -> Result<frost_core::Scalar<C>, KeyShareError> {
    let mut set = BTreeSet::new();
    for i in indices {
        set.insert(identifier::<C>(*i)?);
    }
    frost_core::compute_lagrange_coefficient(&set, None, identifier::<C>(index)?).map_err(library)
}

pub(super) fn identifier<C: Suite>(index: u16) -> Result<Identifier<C>, KeyShareError> {
    Identifier::try_from(index).map_err(|_| KeyShareError::Index(index))
}

pub(super) fn library<C: Suite>(error: frost_core::Error<C>) -> KeyShareError {
    KeyShareError::Library(error.to_string())
}
