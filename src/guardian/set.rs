//! `guardian-set.json`: who holds which share of whose identity, nothing secret.

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use rand_core::{CryptoRng, RngCore};
use serde::{Deserialize, Serialize};

use super::slip39::{MAX_SHARES, Parameters, Rehearsed, Share, combine, commitment_of};
use crate::{
    codec::{self, CodecError},
    digest::Hash,
    ids::{Name, OpId, Time},
    secret::Secret,
    signing_key::{PublicKey, Signature, SigningKey},
    wrap::recipient::{Identity, Recipient},
};

/// Largest file that is read, in bytes; sixteen guardians need under 6 KiB.
pub const SET_CAP: usize = 1 << 14;

/// Why a guardian set is not accepted.
#[derive(Debug, thiserror::Error)]
pub enum SetError {
    #[error("the guardian set has version {0}; this program reads version 1")]
    Version(u32),
    #[error("{guardians} guardians and a threshold of {threshold}: 2 <= threshold <= guardians <= 16")]
    Threshold { threshold: u8, guardians: usize },
    #[error("{names} guardians are named for {shares} shares")]
    Count { names: usize, shares: usize },
    #[error("the shares do not make the identity of recipient {0}")]
    Recipient(Recipient),
    #[error("guardian {0} is named twice")]
    Name(Name),
    #[error("the guardian set is not well-formed: {0}")]
    Form(&'static str),
    #[error("the signature of {custodian}'s approval key on the guardian set does not verify")]
    Signature { custodian: Name },
    #[error("the proof for {0} does not open the commitment to that share")]
    Proof(Name),
    #[error(transparent)]
    Codec(#[from] CodecError),
}

/// Why a share is not one of a set.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotInSet {
    #[error("this share belongs to another set: {0} differ")]
    AnotherSet(&'static str),
    #[error("{guardian}'s share is not the one that was made: it was altered, or is of another set")]
    Altered { guardian: Name },
    #[error("the set has no share {0}")]
    Index(u8),
}

/// One guardian.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Guardian {
    /// Who it is.
    pub name: Name,
    /// The SLIP-39 member index, from 0. Sheets and messages count from 1.
    pub member_index: u8,
    /// To the share; see the format.
    pub commitment: Hash,
}

impl Guardian {
    /// The number of the share as sheets and messages say it, from 1.
    pub fn number(&self) -> u8 {
        self.member_index.saturating_add(1)
    }
}

/// The signed part of a guardian set.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct GuardianSetBody {
    /// Format version, 1.
    pub version: u32,
    /// Random; names the set.
    pub set_id: OpId,
    /// Whose identity was split.
    pub custodian: Name,
    /// The age recipient of that identity.
    pub recipient: Recipient,
    /// The approval key of that identity.
    pub approval_key: PublicKey,
    /// How many shares make the identity again.
    pub threshold: u8,
    /// By member index: 0, 1, ...
    pub guardians: Vec<Guardian>,
    /// The SLIP-39 identifier, 15 bits.
    pub identifier: u16,
    /// The SLIP-39 flag; true.
    pub extendable: bool,
    /// The SLIP-39 exponent; 0.
    pub iteration_exponent: u8,
    /// When the shares were made.
    pub created_at: Time,
}

/// That somebody held the very share of a guardian after the set was made.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ShareProof {
    /// Whose share.
    pub guardian: Name,
    /// The value whose hash is the commitment.
    pub proof: Hash,
}

/// A guardian set as it travels; nothing in it is believed yet.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct DirtyGuardianSet {
    /// The signed part.
    pub set: GuardianSetBody,
    /// By `approvalKey`.
    pub signature: Signature,
    /// In the order of the guardians; unsigned, each carries its own evidence.
    pub proofs: Vec<ShareProof>,
}

impl DirtyGuardianSet {
    /// Form, signature and proofs. Whose approval key it is, only a person's card tells.
    pub fn check(self) -> Result<GuardianSet, SetError> {
        check_body(&self.set)?;
        let hash = Hash::of("guardian-set", &self.set)?;
        let unsigned = |_| SetError::Signature { custodian: self.set.custodian.clone() };
        self.set.approval_key.verify(&hash, &self.signature).map_err(unsigned)?;
        let mut next = 0;
        for ShareProof { guardian: name, proof } in &self.proofs {
            let place = self.set.guardians.iter().position(|guardian| guardian.name == *name);
            let guardian = place.and_then(|place| self.set.guardians.get(place));
            match (place, guardian) {
                (Some(place), Some(guardian)) if place >= next => {
                    if commitment_of(proof) != guardian.commitment {
                        return Err(SetError::Proof(name.clone()));
                    }
                    next = place + 1;
                }
                _ => return Err(SetError::Form("its proofs are not one per guardian, in order")),
            }
        }
        Ok(GuardianSet { dirty: self, hash })
    }
}

/// Who is to hold the shares of whose identity.
#[derive(Clone, Debug)]
pub struct Appointment {
    /// Whose identity was split.
    pub custodian: Name,
    /// Its age recipient.
    pub recipient: Recipient,
    /// One per share, in order.
    pub guardians: Vec<Name>,
    /// When.
    pub created_at: Time,
}

/// A guardian set whose form, signature and proofs were checked.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(transparent)]
pub struct GuardianSet {
    dirty: DirtyGuardianSet,
    #[serde(skip)]
    hash: Hash,
}

impl GuardianSet {
    /// The set of freshly made shares of the identity of `recipient`, signed by its approval key.
    pub fn make(
        appointment: Appointment,
        split: &Rehearsed,
        key: &SigningKey,
        rng: &mut (impl RngCore + CryptoRng),
    ) -> Result<Self, SetError> {
        let Appointment { custodian, recipient, guardians: names, created_at } = appointment;
        let shares = split.shares();
        let Parameters { identifier, extendable, iteration_exponent, member_threshold: threshold, .. } =
            *shares.first().ok_or(SetError::Form("it has no shares"))?.parameters();
        if names.len() != shares.len() {
            return Err(SetError::Count { names: names.len(), shares: shares.len() });
        }
        if makes(shares) != Some(recipient) {
            return Err(SetError::Recipient(recipient));
        }
        let guardian = |(name, share): (Name, &Share)| Guardian {
            name,
            member_index: share.member_index(),
            commitment: share.commitment(),
        };
        let set = GuardianSetBody {
            version: 1,
            set_id: OpId::random(rng),
            custodian,
            recipient,
            approval_key: key.public(),
            threshold,
            guardians: names.into_iter().zip(shares).map(guardian).collect(),
            identifier,
            extendable,
            iteration_exponent,
            created_at,
        };
        let signature = key.sign(&Hash::of("guardian-set", &set)?);
        DirtyGuardianSet { set, signature, proofs: Vec::new() }.check()
    }

    /// Reads and checks canonical JSON; the newline that ends the file is for the caller to strip.
    pub fn from_json(bytes: &[u8]) -> Result<Self, SetError> {
        let Versioned { set: VersionedBody { version } } = codec::from_json(WHAT, bytes, SET_CAP)?;
        if version != 1 {
            return Err(SetError::Version(version));
        }
        codec::from_canonical::<DirtyGuardianSet>(WHAT, bytes, SET_CAP)?.check()
    }

    /// Canonical JSON, without the newline that ends the file.
    pub fn to_json(&self) -> Result<Vec<u8>, SetError> {
        Ok(codec::canonical(WHAT, self)?)
    }

    /// The signed part.
    pub fn body(&self) -> &GuardianSetBody {
        &self.dirty.set
    }

    /// Hash of the signed part.
    pub fn hash(&self) -> Hash {
        self.hash
    }

    /// How many shares make the identity again.
    pub fn threshold(&self) -> u8 {
        self.dirty.set.threshold
    }

    /// By member index.
    pub fn guardians(&self) -> &[Guardian] {
        &self.dirty.set.guardians
    }

    /// The guardian of a name.
    pub fn guardian(&self, name: &Name) -> Option<&Guardian> {
        self.guardians().iter().find(|guardian| guardian.name == *name)
    }

    /// The guardian of a member index, from 0.
    pub fn guardian_at(&self, member_index: u8) -> Option<&Guardian> {
        self.guardians().iter().find(|guardian| guardian.member_index == member_index)
    }

    /// Whose share this is, to the bit.
    pub fn find(&self, share: &Share) -> Result<&Guardian, NotInSet> {
        let (set, share_says) = (self.body(), share.parameters());
        let checks = [
            ("the identifiers", set.identifier == share_says.identifier),
            ("the extendable flags", set.extendable == share_says.extendable),
            ("the iteration exponents", set.iteration_exponent == share_says.iteration_exponent),
            ("the numbers of groups", share_says.group_count == 1),
            ("the thresholds", set.threshold == share_says.member_threshold),
            ("the lengths", share.secret_len() == 32),
        ];
        if let Some((what, _)) = checks.iter().find(|(_, same)| !same) {
            return Err(NotInSet::AnotherSet(what));
        }
        let number = share.member_index() + 1;
        let guardian = self.guardian_at(share.member_index()).ok_or(NotInSet::Index(number))?;
        if share.commitment() == guardian.commitment {
            Ok(guardian)
        } else {
            Err(NotInSet::Altered { guardian: guardian.name.clone() })
        }
    }

    /// Notes that this share was read back. A second time changes nothing.
    pub fn add_proof(&mut self, share: &Share) -> Result<&Guardian, NotInSet> {
        let name = self.find(share)?.name.clone();
        if !self.has_proof(&name) {
            self.dirty.proofs.push(ShareProof { guardian: name, proof: share.proof() });
            let order = |proof: &ShareProof| {
                self.dirty.set.guardians.iter().position(|guardian| guardian.name == proof.guardian)
            };
            self.dirty.proofs.sort_by_key(order);
        }
        self.find(share)
    }

    /// Every share was read back once.
    pub fn proven(&self) -> bool {
        self.missing_proofs().next().is_none()
    }

    /// The guardians whose shares were not read back yet.
    pub fn missing_proofs(&self) -> impl Iterator<Item = &Guardian> {
        self.guardians().iter().filter(|guardian| !self.has_proof(&guardian.name))
    }

    fn has_proof(&self, name: &Name) -> bool {
        self.dirty.proofs.iter().any(|proof| proof.guardian == *name)
    }
}

const WHAT: &str = "the guardian set";

/// Only the version, so that a later one is called that.
#[derive(Deserialize)]
struct Versioned {
    set: VersionedBody,
}

#[derive(Deserialize)]
struct VersionedBody {
    version: u32,
}

/// The recipient of the identity that shares make.
fn makes(shares: &[Share]) -> Option<Recipient> {
    let secret = combine(shares, b"").ok()?;
    Some(Identity::from_secret(Secret::from_slice(secret.expose())?).recipient())
}

fn check_body(set: &GuardianSetBody) -> Result<(), SetError> {
    if set.version != 1 {
        return Err(SetError::Version(set.version));
    }
    let guardians = set.guardians.len();
    if set.threshold < 2 || usize::from(set.threshold) > guardians || guardians > usize::from(MAX_SHARES) {
        return Err(SetError::Threshold { threshold: set.threshold, guardians });
    }
    let (mut names, mut commitments) = (BTreeSet::new(), BTreeSet::new());
    for (index, guardian) in (0..).zip(&set.guardians) {
        if !names.insert(&guardian.name) {
            return Err(SetError::Name(guardian.name.clone()));
        }
        if !commitments.insert(guardian.commitment) {
            return Err(SetError::Form("two shares have the same commitment"));
        }
        if guardian.member_index != index {
            return Err(SetError::Form("its guardians are not in the order of their shares"));
        }
    }
    if set.identifier > 0x7fff || !set.extendable || set.iteration_exponent != 0 {
        return Err(SetError::Form("these are not the SLIP-39 parameters of guardian shares"));
    }
    Ok(())
}
