//! `guardian-set.json`: who holds which share of whose identity, nothing secret.

use std::collections::BTreeSet;

use rand_core::{CryptoRng, RngCore};
use serde::{Deserialize, Serialize};

use super::slip39::{MAX_SHARES, Parameters, Rehearsed, Share, commitment_of};
use crate::{
    codec::{self, CodecError},
    digest::Hash,
    ids::{Name, OpId, Time},
    signing_key::{PublicKey, Signature, SigningKey},
    wrap::recipient::Recipient,
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
    /// The set of freshly made shares, signed by the custodian's approval key.
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

    /// Reads and checks a file.
    pub fn from_json(bytes: &[u8]) -> Result<Self, SetError> {
        let Versioned { set: VersionedBody { version } } = codec::from_json(WHAT, bytes, SET_CAP)?;
        if version != 1 {
            return Err(SetError::Version(version));
        }
        codec::from_canonical::<DirtyGuardianSet>(WHAT, bytes, SET_CAP)?.check()
    }

    /// The file.
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

#[cfg(test)]
mod tests {
    use rand_core::OsRng;

    use super::*;
    use crate::{guardian::slip39::split, secret::Secret, wrap::recipient::Identity};

    pub(crate) struct Sample {
        pub(crate) set: GuardianSet,
        pub(crate) shares: Vec<Share>,
    }

    pub(crate) fn sample(threshold: u8, names: &[&str]) -> Result<Sample, SetError> {
        let secret = Secret::random(&mut OsRng);
        let split = split(&secret, threshold, names.len() as u8, &mut OsRng).unwrap();
        let appointment = Appointment {
            custodian: "Alice".parse().unwrap(),
            recipient: Identity::from_secret(secret).recipient(),
            guardians: names.iter().map(|name| name.parse().unwrap()).collect(),
            created_at: Time::now(),
        };
        let set = GuardianSet::make(appointment, &split, &SigningKey::random(&mut OsRng), &mut OsRng)?;
        Ok(Sample { set, shares: split.into_shares() })
    }

    const NAMES: [&str; 3] = ["Ann", "Bob", "Cyd"];

    #[test]
    fn r31_each_share_names_its_guardian_and_proves_it_was_read_back() {
        let Sample { mut set, shares } = sample(2, &NAMES).unwrap();
        for (share, name) in shares.iter().zip(NAMES).rev() {
            assert!(!set.proven());
            assert_eq!(set.find(share).unwrap().name.as_str(), name);
            for _ in 0..2 {
                assert_eq!(set.add_proof(share).unwrap().name.as_str(), name);
            }
            let json = set.to_json().unwrap();
            assert_eq!(GuardianSet::from_json(&json).unwrap(), set);
        }
        assert!(set.proven());
        assert_eq!(set.missing_proofs().count(), 0);
        assert_eq!((set.threshold(), set.guardians().len()), (2, 3));
        assert_eq!(set.guardian(&"Bob".parse().unwrap()), set.guardian_at(1));
    }

    #[test]
    fn r31_a_share_of_another_set_and_an_altered_one_are_told_apart() {
        let (one, mut other) = (sample(2, &NAMES).unwrap(), sample(2, &NAMES).unwrap());
        if one.set.body().identifier != other.set.body().identifier {
            let refused = one.set.find(&other.shares[0]).unwrap_err();
            assert_eq!(refused, NotInSet::AnotherSet("the identifiers"));
        }
        // Two sets can draw the same identifier; then the commitment still tells.
        other.set.dirty.set.identifier = one.set.body().identifier;
        let refused = other.set.find(&one.shares[1]).unwrap_err();
        assert_eq!(refused, NotInSet::Altered { guardian: "Bob".parse().unwrap() });
        assert!(other.set.add_proof(&one.shares[1]).is_err());
        assert_eq!(other.set.missing_proofs().count(), 3);
        let five = sample(2, &["a", "b", "c", "d", "e"]).unwrap();
        other.set.dirty.set.identifier = five.set.body().identifier;
        assert_eq!(other.set.find(&five.shares[4]).unwrap_err(), NotInSet::Index(5));
        let thrice = sample(3, &NAMES).unwrap();
        other.set.dirty.set.identifier = thrice.set.body().identifier;
        assert_eq!(other.set.find(&thrice.shares[0]).unwrap_err(), NotInSet::AnotherSet("the thresholds"));
    }

    #[test]
    fn impossible_sets_are_not_made() {
        assert!(matches!(sample(2, &["Ann", "Bob", "Ann"]), Err(SetError::Name(_))));
        let split = split(&Secret::random(&mut OsRng), 2, 3, &mut OsRng).unwrap();
        let appointment = Appointment {
            custodian: "Alice".parse().unwrap(),
            recipient: Identity::random(&mut OsRng).recipient(),
            guardians: vec!["Ann".parse().unwrap(), "Bob".parse().unwrap()],
            created_at: Time::now(),
        };
        let key = SigningKey::random(&mut OsRng);
        let refused = GuardianSet::make(appointment, &split, &key, &mut OsRng);
        assert!(matches!(refused, Err(SetError::Count { names: 2, shares: 3 })));
    }

    type Alter = fn(&mut DirtyGuardianSet);

    #[test]
    fn r31_an_altered_file_is_refused_whatever_was_altered() {
        let Sample { mut set, shares } = sample(2, &NAMES).unwrap();
        for share in &shares {
            set.add_proof(share).unwrap();
        }
        let dirty = set.dirty.clone();
        assert!(dirty.clone().check().is_ok());
        let altered: [Alter; 22] = [
            |set| set.set.version = 2,
            |set| set.set.set_id.0[0] ^= 1,
            |set| set.set.custodian = "Mallory".parse().unwrap(),
            |set| set.set.recipient = Identity::random(&mut OsRng).recipient(),
            |set| set.set.approval_key = SigningKey::random(&mut OsRng).public(),
            |set| set.set.threshold = 3,
            |set| set.set.threshold = 1,
            |set| set.set.threshold = 4,
            |set| set.set.guardians[0].name = "Dan".parse().unwrap(),
            |set| set.set.guardians[0].member_index = 5,
            |set| set.set.guardians[0].commitment = set.set.guardians[1].commitment,
            |set| set.set.guardians[0].commitment = Hash::ZERO,
            |set| set.set.guardians.swap(0, 1),
            |set| drop(set.set.guardians.pop()),
            |set| set.set.identifier ^= 1,
            |set| set.set.identifier ^= 0x8000,
            |set| set.set.extendable = false,
            |set| set.set.iteration_exponent = 1,
            |set| set.set.created_at = set.set.created_at.plus_seconds(1),
            |set| set.signature.0[0] ^= 1,
            |set| set.proofs.swap(0, 1),
            |set| set.proofs[0].proof = Hash::ZERO,
        ];
        for (i, alter) in altered.iter().enumerate() {
            let mut bad = dirty.clone();
            alter(&mut bad);
            assert!(bad.clone().check().is_err(), "alteration {i}");
            let json = codec::canonical("x", &bad).unwrap();
            assert!(GuardianSet::from_json(&json).is_err(), "alteration {i}");
        }
        let mut twice = dirty.clone();
        twice.proofs.push(twice.proofs[2].clone());
        assert!(matches!(twice.check(), Err(SetError::Form(_))));
        let mut stranger = dirty;
        stranger.proofs[2].guardian = "Dan".parse().unwrap();
        assert!(matches!(stranger.check(), Err(SetError::Form(_))));
    }

    #[test]
    fn r51_other_spellings_fields_versions_and_sizes_are_refused() {
        let json = String::from_utf8(sample(2, &NAMES).unwrap().set.to_json().unwrap()).unwrap();
        let read = |json: &str| GuardianSet::from_json(json.as_bytes());
        assert!(read(&json).is_ok());
        assert!(matches!(
            read(&json.replace("\"version\":1", "\"version\":2,\"more\":0")),
            Err(SetError::Version(2))
        ));
        for (from, to) in [
            ("\"version\":1", "\"version\":1,\"version\":1"),
            ("\"version\":1", "\"more\":0,\"version\":1"),
            ("\"proofs\":[],", ""),
            ("{\"proofs\"", "{ \"proofs\""),
            ("\"identifier\":", "\"identifier\":70"),
        ] {
            assert_ne!(json.replace(from, to), json);
            assert!(read(&json.replacen(from, to, 1)).is_err(), "{from} -> {to}");
        }
        assert!(matches!(read(&" ".repeat(SET_CAP + 1)), Err(SetError::Codec(CodecError::TooLong { .. }))));
        let names: Vec<String> = (0..16).map(|i| format!("{i:a>32}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let Sample { mut set, shares } = sample(16, &names).unwrap();
        shares.iter().for_each(|share| drop(set.add_proof(share).unwrap().clone()));
        assert!(GuardianSet::from_json(&set.to_json().unwrap()).unwrap().proven(), "the largest set fits");
    }
}

#[cfg(test)]
pub(in crate::guardian) use tests::{Sample, sample};
