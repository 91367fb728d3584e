//! Cards: public, self-signed descriptions of a node or a person, with proofs of possession.
#![doc = include_str!("card/format.md")]

use rand_core::{CryptoRng, RngCore};
use serde::{Deserialize, Serialize};

use crate::{
    codec::{CodecError, HexArray},
    digest::Hash,
    ids::{Name, Time},
    secret::Secret,
    signing_key::{BadSignature, Possession, PublicKey, Signature, SigningKey, x25519_public},
    wrap::recipient::{Identity, Recipient},
};

/// Why a card is not accepted.
#[derive(Debug, thiserror::Error)]
pub enum CardError {
    #[error("the card has version {0}; this program reads version 1")]
    Version(u32),
    #[error("the card of {name}: {what} does not verify")]
    Signature { name: Name, what: &'static str },
    #[error(
        "the card of {0} names a card that it replaces without that card's signature, or the other way round"
    )]
    HalfReplacing(Name),
    #[error("the card of {0} is not of this identity: it names other keys, or another person")]
    OfAnother(Name),
    #[error("the card of {0} does not replace the card given: it names another one, or another person")]
    ReplacesAnother(Name),
    #[error(transparent)]
    Codec(#[from] CodecError),
}

/// What a node says of itself.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct NodeCardBody {
    /// Format version, 1.
    pub version: u32,
    /// Name of the server.
    pub name: Name,
    /// Ed25519 key that signs the node's statements.
    pub signing_key: PublicKey,
    /// X25519 key of the node's Noise channels.
    pub noise_key: HexArray<32>,
    /// age recipient for shares that are to stay on the node.
    pub recipient: Recipient,
    /// When the node was made.
    pub created_at: Time,
}

/// A node's card as it travels; [`NodeCard::check`] before any key in it is used.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct NodeCard {
    /// The signed part.
    pub card: NodeCardBody,
    /// Possession of the secret behind `noiseKey`.
    pub noise_key_proof: Possession,
    /// Possession of the secret behind `recipient`.
    pub recipient_proof: Possession,
    /// By `signingKey`.
    pub signature: Signature,
}

impl NodeCard {
    /// The card's hash, its fingerprint when spoken.
    pub fn hash(&self) -> Result<Hash, CodecError> {
        Hash::of("node-card", &self.card)
    }

    /// Version, signature and both proofs of possession.
    pub fn check(&self) -> Result<(), CardError> {
        if self.card.version != 1 {
            return Err(CardError::Version(self.card.version));
        }
        let hash = self.hash()?;
        let bad = |what| {
            let name = self.card.name.clone();
            move |_: BadSignature| CardError::Signature { name, what }
        };
        self.card.signing_key.verify(&hash, &self.signature).map_err(bad("its signature"))?;
        self.noise_key_proof
            .verify(&self.card.noise_key.0, &hash)
            .map_err(bad("the proof of its Noise key"))?;
        self.recipient_proof
            .verify(self.card.recipient.as_bytes(), &hash)
            .map_err(bad("the proof of its recipient"))
    }
}

/// The three secrets of a node.
pub struct NodeSecrets {
    seed: Secret<32>,
    signing: SigningKey,
    noise: Secret<32>,
    recipient: Identity,
}

impl NodeSecrets {
    /// Draws all three.
    pub fn random(rng: &mut (impl RngCore + CryptoRng)) -> Self {
        Self::from_parts(Secret::random(rng), Secret::random(rng), Secret::random(rng))
    }

    /// From the stored form: signing seed, Noise secret, recipient secret, 32 bytes each.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (seed, rest) = bytes.split_at_checked(32)?;
        let (noise, recipient) = rest.split_at_checked(32)?;
        Some(Self::from_parts(
            Secret::from_slice(seed)?,
            Secret::from_slice(noise)?,
            Secret::from_slice(recipient)?,
        ))
    }

    /// The stored form, 96 bytes.
    pub fn to_bytes(&self) -> Secret<96> {
        Secret::fill(|bytes| {
            let parts = self.seed.expose().iter().chain(self.noise.expose());
            let parts = parts.chain(self.recipient.secret().expose());
            bytes.iter_mut().zip(parts).for_each(|(to, from)| *to = *from);
        })
    }

    /// The key that signs the node's statements.
    pub fn signing(&self) -> &SigningKey {
        &self.signing
    }

    /// The secret of the node's Noise channels.
    pub fn noise(&self) -> &Secret<32> {
        &self.noise
    }

    /// What opens shares that are to stay on the node.
    pub fn recipient(&self) -> &Identity {
        &self.recipient
    }

    /// Makes the card of these secrets.
    pub fn card(&self, name: Name, created_at: Time) -> Result<NodeCard, CodecError> {
        let card = NodeCardBody {
            version: 1,
            name,
            signing_key: self.signing.public(),
            noise_key: HexArray(x25519_public(&self.noise)),
            recipient: self.recipient.recipient(),
            created_at,
        };
        let hash = Hash::of("node-card", &card)?;
        Ok(NodeCard {
            card,
            noise_key_proof: Possession::prove(&self.noise, &hash),
            recipient_proof: Possession::prove(self.recipient.secret(), &hash),
            signature: self.signing.sign(&hash),
        })
    }

    fn from_parts(seed: Secret<32>, noise: Secret<32>, recipient: Secret<32>) -> Self {
        Self {
            signing: SigningKey::from_seed(&seed),
            seed,
            noise,
            recipient: Identity::from_secret(recipient),
        }
    }
}

/// What a person's card says.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct PersonCardBody {
    /// Format version, 1.
    pub version: u32,
    /// Name of the person.
    pub name: Name,
    /// age recipient of the person's identity.
    pub recipient: Recipient,
    /// Ed25519 key derived from the same identity.
    pub approval_key: PublicKey,
    /// When the card was made.
    pub created_at: Time,
    /// Hash of the card that this one replaces.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous_card_hash: Option<Hash>,
}

/// A person's card as it travels; [`PersonCard::check`] before any key in it is used.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct PersonCard {
    /// The signed part.
    pub card: PersonCardBody,
    /// Possession of the secret behind `recipient`.
    pub recipient_proof: Possession,
    /// By `approvalKey`.
    pub signature: Signature,
    /// By the approval key of the card that this one replaces.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous_signature: Option<Signature>,
}

impl PersonCard {
    /// The card's hash, its fingerprint when spoken.
    pub fn hash(&self) -> Result<Hash, CodecError> {
        Hash::of("person-card", &self.card)
    }

    /// Version, signature and proof of possession. Who vouches for a replacement is judged where
    /// the replaced card is known.
    pub fn check(&self) -> Result<(), CardError> {
        if self.card.version != 1 {
            return Err(CardError::Version(self.card.version));
        }
        let hash = self.hash()?;
        let bad = |what| {
            let name = self.card.name.clone();
            move |_: BadSignature| CardError::Signature { name, what }
        };
        if self.card.previous_card_hash.is_some() != self.previous_signature.is_some() {
            return Err(CardError::HalfReplacing(self.card.name.clone()));
        }
        self.card.approval_key.verify(&hash, &self.signature).map_err(bad("its signature"))?;
        self.recipient_proof
            .verify(self.card.recipient.as_bytes(), &hash)
            .map_err(bad("the proof of its recipient"))
    }

    /// That `previous` vouches for this card: same person, its hash, its approval key's signature.
    pub fn check_replaces(&self, previous: &PersonCard) -> Result<(), CardError> {
        let name = || self.card.name.clone();
        let named = self.card.previous_card_hash == Some(previous.hash()?);
        let signature = self.previous_signature.as_ref().filter(|_| named && previous.card.name == name());
        let signature = signature.ok_or_else(|| CardError::ReplacesAnother(name()))?;
        previous.card.approval_key.verify(&self.hash()?, signature).map_err(|_: BadSignature| {
            CardError::Signature { name: name(), what: "the signature of the card that it replaces" }
        })
    }
}

#[cfg(test)]
mod tests {
    use rand_core::OsRng;

    use super::*;

    #[test]
    fn r22_a_node_card_proves_all_three_keys() {
        let secrets = NodeSecrets::random(&mut OsRng);
        let card = secrets.card("OFFICIAL_1".parse().unwrap(), Time::now()).unwrap();
        card.check().unwrap();
        let again = NodeSecrets::from_bytes(secrets.to_bytes().expose()).unwrap();
        assert_eq!(again.card(card.card.name.clone(), card.card.created_at).unwrap().card, card.card);
    }

    #[test]
    fn r22_a_node_card_with_another_key_or_field_is_refused() {
        let make = || {
            let secrets = NodeSecrets::random(&mut OsRng);
            secrets.card("OFFICIAL_1".parse().unwrap(), Time::now()).unwrap()
        };
        let (card, other) = (make(), make());
        let altered: [fn(&mut NodeCard, &NodeCard); 7] = [
            |card, _| card.card.version = 2,
            |card, _| card.card.name = "OFFICIAL_2".parse().unwrap(),
            |card, other| card.card.noise_key = other.card.noise_key,
            |card, other| card.card.recipient = other.card.recipient,
            |card, other| card.noise_key_proof = other.noise_key_proof.clone(),
            |card, other| card.recipient_proof = other.recipient_proof.clone(),
            |card, other| card.signature = other.signature,
        ];
        for (i, alter) in altered.iter().enumerate() {
            let mut bad = card.clone();
            alter(&mut bad, &other);
            assert!(bad.check().is_err(), "alteration {i}");
        }
    }
}
