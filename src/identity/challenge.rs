//! Proof that whoever holds a card holds both of its secrets (R22): a challenge sealed to the recipient, an
//! answer signed by the approval key.

use rand_core::{CryptoRng, RngCore};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::PersonIdentity;
use crate::card::{CardError, PersonCard};
use crate::codec::{self, CodecError, HexArray};
use crate::digest::Hash;
use crate::ids::Time;
use crate::signing_key::Signature;
use crate::wrap::age_file::{self, AgeError};

/// Longest challenge or proof, in bytes.
pub const FILE_CAP: usize = 16 << 10;
const MAGIC: &[u8] = b"quorate/challenge/v1\0";
const CHALLENGE: &str = "the challenge";
const PROOF: &str = "the proof";

/// Why a challenge was not answered, or an answer not accepted.
#[derive(Debug, thiserror::Error)]
pub enum ChallengeError {
    #[error("{what} has version {found}; this program reads version 1")]
    Newer { what: &'static str, found: u32 },
    #[error("{0}")]
    Damaged(CodecError),
    #[error("the challenge is for another card than this identity's")]
    OtherCard,
    #[error("what the challenge seals does not open: {0}")]
    Sealed(AgeError),
    #[error("what the challenge seals is not a challenge; it may be an attempt to have something decrypted")]
    NotAChallenge,
    #[error("the proof answers another challenge")]
    OtherChallenge,
    #[error("the proof's answer is wrong: its maker could not open what was sealed to the card's recipient")]
    Answer,
    #[error("the proof's signature is not by the card's approval key")]
    Signature,
    #[error(transparent)]
    Card(#[from] CardError),
    #[error(transparent)]
    Codec(#[from] CodecError),
    #[error("the challenge could not be sealed: {0}")]
    Seal(AgeError),
}

/// What a verifier asks.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Challenge {
    version: u32,
    card_hash: Hash,
    sealed: String,
    answer_hash: Hash,
    created_at: Time,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct ProofBody {
    version: u32,
    challenge_hash: Hash,
    card_hash: Hash,
    answer: Hash,
}

/// What the holder of the card answers.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Proof {
    proof: ProofBody,
    signature: Signature,
}

impl Challenge {
    /// A fresh challenge for the holder of a card.
    pub fn new(
        card: &PersonCard,
        created_at: Time,
        rng: &mut (impl RngCore + CryptoRng),
    ) -> Result<Self, ChallengeError> {
        card.check()?;
        let card_hash = card.hash()?;
        let random = HexArray::<32>::random(rng);
        let mut plaintext = Zeroizing::new(Vec::with_capacity(MAGIC.len() + 64));
        plaintext.extend_from_slice(MAGIC);
        plaintext.extend_from_slice(card_hash.as_bytes());
        plaintext.extend_from_slice(&random.0);
        let sealed = age_file::encrypt(&card.card.recipient, &plaintext).map_err(ChallengeError::Seal)?;
        let answer = answer(&card_hash, &random.0);
        Ok(Self { version: 1, card_hash, sealed, answer_hash: hash_of_answer(&answer), created_at })
    }

    /// Reads a file.
    pub fn parse(bytes: &[u8]) -> Result<Self, ChallengeError> {
        let challenge: Self =
            codec::from_json(CHALLENGE, bytes, FILE_CAP).map_err(ChallengeError::Damaged)?;
        match challenge.version {
            1 => Ok(challenge),
            found => Err(ChallengeError::Newer { what: CHALLENGE, found }),
        }
    }

    /// Opens what was sealed, and signs the answer. `card` is the answerer's own.
    pub fn answer(&self, identity: &PersonIdentity, card: &PersonCard) -> Result<Proof, ChallengeError> {
        let card_hash = card.hash()?;
        let own =
            card.card.recipient == identity.recipient() && card.card.approval_key == identity.approval_key();
        if !own || self.card_hash != card_hash {
            return Err(ChallengeError::OtherCard);
        }
        let opened =
            age_file::decrypt(identity.age(), self.sealed.as_bytes()).map_err(ChallengeError::Sealed)?;
        let rest = opened.expose().strip_prefix(MAGIC).ok_or(ChallengeError::NotAChallenge)?;
        let random: &[u8; 32] = rest
            .strip_prefix(card_hash.as_bytes())
            .and_then(|random| random.try_into().ok())
            .ok_or(ChallengeError::NotAChallenge)?;
        let answer = answer(&card_hash, random);
        if hash_of_answer(&answer) != self.answer_hash {
            return Err(ChallengeError::NotAChallenge);
        }
        let proof = ProofBody { version: 1, challenge_hash: self.hash()?, card_hash, answer };
        let signature = identity.approval().sign(&Hash::of("proof", &proof)?);
        Ok(Proof { proof, signature })
    }

    /// The card that is asked for.
    pub fn card_hash(&self) -> &Hash {
        &self.card_hash
    }

    fn hash(&self) -> Result<Hash, CodecError> {
        Hash::of("challenge", self)
    }
}

impl Proof {
    /// Reads a file.
    pub fn parse(bytes: &[u8]) -> Result<Self, ChallengeError> {
        let proof: Self = codec::from_json(PROOF, bytes, FILE_CAP).map_err(ChallengeError::Damaged)?;
        match proof.proof.version {
            1 => Ok(proof),
            found => Err(ChallengeError::Newer { what: PROOF, found }),
        }
    }

    /// Checks the answer to a challenge of the verifier's own making.
    pub fn check(&self, challenge: &Challenge, card: &PersonCard) -> Result<(), ChallengeError> {
        card.check()?;
        let card_hash = card.hash()?;
        if challenge.card_hash != card_hash || self.proof.card_hash != card_hash {
            return Err(ChallengeError::OtherCard);
        }
        if self.proof.challenge_hash != challenge.hash()? {
            return Err(ChallengeError::OtherChallenge);
        }
        if hash_of_answer(&self.proof.answer) != challenge.answer_hash {
            return Err(ChallengeError::Answer);
        }
        let hash = Hash::of("proof", &self.proof)?;
        card.card.approval_key.verify(&hash, &self.signature).map_err(|_| ChallengeError::Signature)
    }
}

fn answer(card_hash: &Hash, random: &[u8; 32]) -> Hash {
    Hash::tagged("challenge-answer", &[card_hash.as_bytes(), random])
}

fn hash_of_answer(answer: &Hash) -> Hash {
    Hash::tagged("challenge-answer-hash", &[answer.as_bytes()])
}

#[cfg(test)]
mod tests {
    use rand_core::OsRng;

    use super::*;

    fn person(name: &str) -> (PersonIdentity, PersonCard) {
        let identity = PersonIdentity::random(name.parse().unwrap(), &mut OsRng);
        let card = identity.card(Time::now(), None).unwrap();
        (identity, card)
    }

    #[test]
    fn r22_the_holder_of_both_secrets_answers() {
        let (identity, card) = person("A");
        let challenge = Challenge::new(&card, Time::now(), &mut OsRng).unwrap();
        let challenge = Challenge::parse(&codec::canonical("x", &challenge).unwrap()).unwrap();
        let proof = challenge.answer(&identity, &card).unwrap();
        let proof = Proof::parse(&codec::canonical("x", &proof).unwrap()).unwrap();
        proof.check(&challenge, &card).unwrap();
    }

    #[test]
    fn r22_nobody_else_does() {
        let ((identity, card), (stranger, other)) = (person("A"), person("A"));
        let challenge = Challenge::new(&card, Time::now(), &mut OsRng).unwrap();
        assert!(matches!(challenge.answer(&stranger, &card), Err(ChallengeError::OtherCard)));
        assert!(matches!(challenge.answer(&stranger, &other), Err(ChallengeError::OtherCard)));

        let proof = challenge.answer(&identity, &card).unwrap();
        let second = Challenge::new(&card, Time::now(), &mut OsRng).unwrap();
        assert!(matches!(proof.check(&second, &card), Err(ChallengeError::OtherChallenge)));
        assert!(matches!(proof.check(&challenge, &other), Err(ChallengeError::OtherCard)));
        let mut guessed = proof.clone();
        guessed.proof.answer = Hash::ZERO;
        assert!(matches!(guessed.check(&challenge, &card), Err(ChallengeError::Answer)));
        let mut unsigned = proof.clone();
        unsigned.signature = stranger.approval().sign(&Hash::of("proof", &proof.proof).unwrap());
        assert!(matches!(unsigned.check(&challenge, &card), Err(ChallengeError::Signature)));
    }

    /// Somebody's shard sent as a challenge must not come back opened.
    #[test]
    fn r44_answering_decrypts_nothing_but_challenges() {
        let (identity, card) = person("A");
        let good = Challenge::new(&card, Time::now(), &mut OsRng).unwrap();
        let card_hash = card.hash().unwrap();
        let foreign = [MAGIC, &[7; 64]].concat();
        let own = [MAGIC, &card_hash.as_bytes()[..], &[7; 32]].concat();
        for plaintext in [b"a share".to_vec(), foreign, own.clone(), own[..own.len() - 1].to_vec()] {
            let sealed = age_file::encrypt(&identity.recipient(), &plaintext).unwrap();
            let bad = Challenge { sealed, ..good.clone() };
            assert!(matches!(bad.answer(&identity, &card), Err(ChallengeError::NotAChallenge)));
        }
    }

    #[test]
    fn r51_other_versions_and_fields_are_refused() {
        let (_, card) = person("A");
        let challenge = Challenge::new(&card, Time::now(), &mut OsRng).unwrap();
        let text = String::from_utf8(codec::canonical("x", &challenge).unwrap()).unwrap();
        let parse = |text: String| Challenge::parse(text.as_bytes());
        let newer = parse(text.replace("\"version\":1", "\"version\":2"));
        assert!(matches!(newer, Err(ChallengeError::Newer { found: 2, .. })));
        assert!(parse(text.replace("\"version\":1", "\"version\":1,\"x\":0")).is_err());
        assert!(parse(format!("{text}{}", " ".repeat(FILE_CAP))).is_err());
    }
}
