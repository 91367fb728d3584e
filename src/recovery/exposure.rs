//! The notice that a key was whole somewhere: nodes that are given it sign with the key no more.

use frost_core::VerifyingKey;
use rand_core::{CryptoRng, RngCore};
use serde::{Deserialize, Serialize};

use super::{RecoveredKey, RecoveryError};
use crate::with_suite;
use crate::{
    card::PersonCardBody,
    codec::{self, CodecError, Hex},
    curve::{self, Suite},
    digest::Hash,
    genesis::Chain,
    ids::{KeyId, Name, OpId, Reason, Time},
    keyshare::{KeyCard, KeyCardBody, proof_message},
    policy::Role,
    signing_key::{Signature, SigningKey},
};

/// Longest notice that is read, in bytes.
pub const NOTICE_CAP: usize = 16 << 10;
const WHAT: &str = "exposure notice";

/// What a notice says.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct NoticeBody {
    /// Format version, 1.
    pub version: u32,
    /// The key, by the id in its card.
    pub key_id: KeyId,
    /// Its card.
    pub key_card_hash: Hash,
    /// The point: every key with it is exposed.
    pub group_public_key: Hex,
    /// Why it was recovered.
    pub reason: Reason,
    /// The recovery.
    pub op_id: OpId,
    /// When, by the clock of the machine on which it was.
    pub recovered_at: Time,
    /// Who says so: a person whose identity was used.
    pub signer: Name,
}

/// A notice with its two signatures: by a person, and under the key itself. The second one can only be made by
/// whoever has the whole key, or t shares; so nobody alone takes a key out of use.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ExposureNotice {
    /// What it says.
    pub notice: NoticeBody,
    /// By the signer's approval key.
    pub signature: Signature,
    /// A Schnorr signature under the key, in the form and domain of a key card's proof.
    pub proof: Hex,
}

impl ExposureNotice {
    /// Signs for a key that was just recovered.
    pub fn sign(
        key: &RecoveredKey,
        (signer, approval): (&Name, &SigningKey),
        (reason, op_id, recovered_at): (Reason, OpId, Time),
        rng: &mut (impl RngCore + CryptoRng),
    ) -> Result<Self, RecoveryError> {
        let card = key.card();
        let notice = NoticeBody {
            version: 1,
            key_id: card.key_id,
            key_card_hash: card.hash()?,
            group_public_key: card.group_public_key.clone(),
            reason,
            op_id,
            recovered_at,
            signer: signer.clone(),
        };
        let hash = notice.hash()?;
        let proof = with_suite!(card.curve, C => prove::<C>(key, &hash, rng))?;
        Ok(Self { signature: approval.sign(&hash), proof, notice })
    }

    /// Reads a file: canonical JSON and one line end.
    pub fn parse(bytes: &[u8]) -> Result<Self, RecoveryError> {
        let line = bytes.strip_suffix(b"\n").unwrap_or_default();
        let read: Self = codec::from_canonical(WHAT, line, NOTICE_CAP)
            .map_err(|source| RecoveryError::Form { what: WHAT, source })?;
        match read.notice.version {
            1 => Ok(read),
            given => Err(RecoveryError::Version { what: WHAT, given }),
        }
    }

    /// The file's bytes.
    pub fn to_bytes(&self) -> Result<Vec<u8>, CodecError> {
        let mut bytes = codec::canonical(WHAT, self)?;
        bytes.push(b'\n');
        Ok(bytes)
    }

    /// `<keyId>.exposure.json`.
    pub fn file_name(key_id: &KeyId) -> String {
        format!("{key_id}.exposure.json")
    }

    /// That it is about this key, that its signer is or was enrolled, and both signatures.
    pub fn check(&self, card: &KeyCard, chain: &Chain) -> Result<(), RecoveryError> {
        let (notice, body) = (&self.notice, card.body());
        let differs = |field, same: bool| {
            if same { Ok(()) } else { Err(RecoveryError::Differs { what: WHAT, field }) }
        };
        if notice.version != 1 {
            return Err(RecoveryError::Version { what: WHAT, given: notice.version });
        }
        differs("key card", notice.key_card_hash == card.hash())?;
        differs("key", notice.key_id == body.key_id && notice.group_public_key == body.group_public_key)?;
        let hash = notice.hash()?;
        let mut signers = cards_of(chain, &notice.signer).peekable();
        signers.peek().ok_or_else(|| RecoveryError::Stranger(notice.signer.clone()))?;
        if !signers.any(|card| card.approval_key.verify(&hash, &self.signature).is_ok()) {
            return Err(RecoveryError::Signature(notice.signer.clone()));
        }
        with_suite!(body.curve, C => self.check_proof::<C>(body, &hash))
    }

    fn check_proof<C: Suite>(&self, card: &KeyCardBody, hash: &Hash) -> Result<(), RecoveryError> {
        let refused = |_| RecoveryError::Proof;
        let key = VerifyingKey::<C>::deserialize(&card.group_public_key).map_err(refused)?;
        let proof = frost_core::Signature::<C>::deserialize(&self.proof).map_err(refused)?;
        key.verify(&proof_message(hash), &proof).map_err(refused)
    }
}

impl NoticeBody {
    /// What is signed.
    pub fn hash(&self) -> Result<Hash, CodecError> {
        Hash::of("exposure", self)
    }
}

/// The cards with which a person's notice counts: of every version of the chain, the latest first. Who made a key whole may
/// have left since, and what they say stays true; auditors hold nothing.
pub fn cards_of<'a>(chain: &'a Chain, name: &Name) -> impl Iterator<Item = &'a PersonCardBody> {
    let enrolled = chain.versions().rev().filter_map(move |version| version.person(name));
    enrolled.filter(|person| !person.roles.contains(&Role::Auditor)).map(|person| &person.card.card)
}

/// frost-core's keys wipe themselves.
fn prove<C: Suite>(
    key: &RecoveredKey,
    hash: &Hash,
    rng: &mut (impl RngCore + CryptoRng),
) -> Result<Hex, RecoveryError> {
    let scalar = curve::nonzero_scalar_from::<C>(key.scalar().expose())?;
    let failed = |_| RecoveryError::Proof;
    let signing = frost_core::SigningKey::<C>::from_scalar(scalar).map_err(failed)?;
    Ok(Hex(signing.sign(rng, &proof_message(hash)).serialize().map_err(failed)?))
}
