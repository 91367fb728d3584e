//! A person's identity: the age secret key and the approval key derived from it, at rest under a passphrase.
#![doc = include_str!("identity/format.md")]

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hkdf::Hkdf;
use rand_core::{CryptoRng, RngCore};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use crate::card::{CardError, PersonCard, PersonCardBody};
use crate::codec::{self, CodecError, HexArray};
use crate::digest::Hash;
use crate::ids::{Name, Time};
use crate::secret::Secret;
use crate::signing_key::{Possession, PublicKey, SigningKey};
use crate::wrap::NONCE_LEN;
use crate::wrap::passphrase::{self, KdfCost, NewPassphrase, Passphrase, PassphraseError, Phc};
use crate::wrap::recipient::{Identity, Recipient};

pub mod challenge;

/// Longest identity file, in bytes.
pub const FILE_CAP: usize = 4096;
const WHAT: &str = "the identity file";

/// Why an identity was not read, opened or written.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    #[error("the identity file has version {found}; this program reads version 1")]
    Newer { found: u32 },
    #[error("this is not an identity file, or it was altered: {0}")]
    Damaged(CodecError),
    #[error(transparent)]
    Passphrase(#[from] PassphraseError),
    #[error(transparent)]
    Codec(CodecError),
}

/// What an identity file says without a passphrase. Authentic only once it was unlocked.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Header {
    version: u32,
    name: Name,
    phc: Phc,
    recipient: Recipient,
    approval_key: PublicKey,
    nonce: HexArray<NONCE_LEN>,
    commitment: HexArray<32>,
}

/// An identity at rest: readable by all, usable by whoever knows the passphrase.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct LockedIdentity {
    header: Header,
    body: String,
}

/// An identity in memory.
pub struct PersonIdentity {
    name: Name,
    age: Identity,
    approval: SigningKey,
}

impl LockedIdentity {
    /// Reads a file: canonical form only, costs within the caps; nothing is derived.
    pub fn parse(bytes: &[u8]) -> Result<Self, IdentityError> {
        #[derive(Deserialize)]
        struct Versioned {
            header: VersionedHeader,
        }
        #[derive(Deserialize)]
        struct VersionedHeader {
            version: u32,
        }
        let line = bytes.strip_suffix(b"\n").unwrap_or(bytes);
        let versioned: Versioned = codec::from_json(WHAT, line, FILE_CAP).map_err(IdentityError::Damaged)?;
        if versioned.header.version != 1 {
            return Err(IdentityError::Newer { found: versioned.header.version });
        }
        codec::from_canonical(WHAT, line, FILE_CAP).map_err(IdentityError::Damaged)
    }

    /// The file's bytes.
    pub fn to_bytes(&self) -> Result<Vec<u8>, IdentityError> {
        let mut bytes = codec::canonical(WHAT, self).map_err(IdentityError::Codec)?;
        bytes.push(b'\n');
        Ok(bytes)
    }

    /// Derives the key (slow on purpose) and opens. A wrong passphrase and altered bytes are one error.
    pub fn unlock(&self, passphrase: &Passphrase) -> Result<PersonIdentity, IdentityError> {
        let refused = || IdentityError::Passphrase(PassphraseError::WrongOrAltered);
        let Header { phc, nonce, commitment, .. } = &self.header;
        let body = STANDARD.decode(&self.body).map_err(|_| refused())?;
        let aad = codec::canonical(WHAT, &self.header).map_err(IdentityError::Codec)?;
        let secret = passphrase::derive(passphrase, phc)?.open(&commitment.0, &nonce.0, &aad, &body)?;
        let secret = Secret::from_slice(secret.expose()).ok_or_else(refused)?;
        let identity = PersonIdentity::new(self.header.name.clone(), Identity::from_secret(secret));
        let same = identity.recipient() == self.header.recipient
            && identity.approval_key() == self.header.approval_key;
        if same { Ok(identity) } else { Err(refused()) }
    }

    /// The person.
    pub fn name(&self) -> &Name {
        &self.header.name
    }

    /// Their age recipient.
    pub fn recipient(&self) -> &Recipient {
        &self.header.recipient
    }

    /// Their approval key.
    pub fn approval_key(&self) -> &PublicKey {
        &self.header.approval_key
    }

    /// What opening costs.
    pub fn phc(&self) -> &Phc {
        &self.header.phc
    }
}

impl PersonIdentity {
    /// A fresh one.
    pub fn random(name: Name, rng: &mut (impl RngCore + CryptoRng)) -> Self {
        Self::new(name, Identity::random(rng))
    }

    /// That of an age secret key.
    pub fn new(name: Name, age: Identity) -> Self {
        let seed = Secret::fill(|seed| {
            let hkdf = Hkdf::<Sha256>::new(None, age.secret().expose());
            // 32 bytes are always a valid HKDF output length.
            let _ = hkdf.expand(b"quorate/approval/v1", seed);
        });
        Self { name, age, approval: SigningKey::from_seed(&seed) }
    }

    /// The person.
    pub fn name(&self) -> &Name {
        &self.name
    }

    /// The age identity.
    pub fn age(&self) -> &Identity {
        &self.age
    }

    /// The age recipient.
    pub fn recipient(&self) -> Recipient {
        self.age.recipient()
    }

    /// The key that signs approvals, receipts and guardian sets.
    pub fn approval(&self) -> &SigningKey {
        &self.approval
    }

    /// Its public half.
    pub fn approval_key(&self) -> PublicKey {
        self.approval.public()
    }

    /// Puts the identity under a passphrase: fresh salt and nonce.
    pub fn lock(
        &self,
        passphrase: &NewPassphrase,
        cost: KdfCost,
        rng: &mut (impl RngCore + CryptoRng),
    ) -> Result<LockedIdentity, IdentityError> {
        let phc = Phc::random(cost, rng);
        let key = passphrase::derive(passphrase.passphrase(), &phc)?;
        let header = Header {
            version: 1,
            name: self.name.clone(),
            phc,
            recipient: self.recipient(),
            approval_key: self.approval_key(),
            nonce: HexArray::random(rng),
            commitment: HexArray(key.commitment()),
        };
        let aad = codec::canonical(WHAT, &header).map_err(IdentityError::Codec)?;
        let body = key.seal(&header.nonce.0, &aad, self.age.secret().expose())?;
        Ok(LockedIdentity { header, body: STANDARD.encode(body) })
    }

    /// The self-signed card. With `replaces`, the old card's key vouches for the new one.
    pub fn card(&self, created_at: Time, replaces: Option<Replaces>) -> Result<PersonCard, CodecError> {
        let previous_card_hash = replaces.map(|old| old.card.hash()).transpose()?;
        let card = PersonCardBody {
            version: 1,
            name: self.name.clone(),
            recipient: self.recipient(),
            approval_key: self.approval_key(),
            created_at,
            previous_card_hash,
        };
        let hash = Hash::of("person-card", &card)?;
        Ok(PersonCard {
            recipient_proof: Possession::prove(self.age.secret(), &hash),
            signature: self.approval.sign(&hash),
            previous_signature: replaces.map(|old| old.identity.approval.sign(&hash)),
            card,
        })
    }
}

/// What a new card takes the place of: an old card and the identity behind it.
#[derive(Clone, Copy)]
pub struct Replaces<'a> {
    card: &'a PersonCard,
    identity: &'a PersonIdentity,
}

impl<'a> Replaces<'a> {
    /// Refuses a card of another identity: its key could not vouch for anything.
    pub fn new(card: &'a PersonCard, identity: &'a PersonIdentity) -> Result<Self, CardError> {
        let own = card.card.name == identity.name
            && card.card.recipient == identity.recipient()
            && card.card.approval_key == identity.approval_key();
        if own { Ok(Self { card, identity }) } else { Err(CardError::OfAnother(card.card.name.clone())) }
    }
}

#[cfg(test)]
mod tests {
    use rand_core::OsRng;

    use super::*;
    use crate::wrap::passphrase::{danger_allow_small_costs, danger_small_cost};

    const PHRASE: &str = "correct horse battery staple 7";

    fn phrase(text: &str) -> Passphrase {
        Passphrase::from_bytes(text.as_bytes().to_vec()).unwrap()
    }

    fn locked() -> (PersonIdentity, LockedIdentity) {
        danger_allow_small_costs();
        let identity = PersonIdentity::random("A".parse().unwrap(), &mut OsRng);
        let passphrase = NewPassphrase::chosen(phrase(PHRASE), &[]).unwrap();
        let locked = identity.lock(&passphrase, danger_small_cost(), &mut OsRng).unwrap();
        (identity, locked)
    }

    #[test]
    fn r35_the_same_passphrase_opens_the_same_identity() {
        let (identity, locked) = locked();
        let read = LockedIdentity::parse(&locked.to_bytes().unwrap()).unwrap();
        assert_eq!(read, locked);
        let opened = read.unlock(&phrase(PHRASE)).unwrap();
        assert_eq!(opened.age().secret().expose(), identity.age().secret().expose());
        assert_eq!(opened.approval_key(), identity.approval_key());
        assert_eq!(read.recipient(), &identity.recipient());
    }

    #[test]
    fn r35_a_wrong_passphrase_of_the_same_length_opens_nothing() {
        let (_, locked) = locked();
        let wrong = locked.unlock(&phrase("correct horse battery staple 8"));
        assert!(matches!(wrong, Err(IdentityError::Passphrase(PassphraseError::WrongOrAltered))));
    }

    #[test]
    fn r35_a_flipped_bit_anywhere_in_the_file_opens_nothing() {
        let (_, locked) = locked();
        let bytes = locked.to_bytes().unwrap();
        for at in 0..bytes.len() - 1 {
            for bit in [1, 4, 0x20] {
                let mut altered = bytes.clone();
                altered[at] ^= bit;
                let opened = LockedIdentity::parse(&altered).and_then(|file| file.unlock(&phrase(PHRASE)));
                assert!(opened.is_err(), "byte {at}, bit {bit}: {}", String::from_utf8_lossy(&altered));
            }
        }
        for cut in 0..bytes.len() - 1 {
            assert!(LockedIdentity::parse(&bytes[..cut]).is_err(), "cut at {cut}");
        }
    }

    #[test]
    fn r35_swapped_headers_and_bodies_open_nothing() {
        let ((_, one), (_, two)) = (locked(), locked());
        let swapped = LockedIdentity { header: one.header.clone(), body: two.body.clone() };
        assert!(swapped.unlock(&phrase(PHRASE)).is_err());
        let renamed = Header { name: "B".parse().unwrap(), ..one.header.clone() };
        let renamed = LockedIdentity { header: renamed, body: one.body.clone() };
        assert!(renamed.unlock(&phrase(PHRASE)).is_err(), "the name is authenticated");
        let other = Header { recipient: two.header.recipient, ..one.header };
        let other = LockedIdentity { header: other, body: one.body };
        assert!(other.unlock(&phrase(PHRASE)).is_err(), "the recipient is authenticated");
    }

    #[test]
    fn r35_costs_are_capped_before_anything_is_derived() {
        let (_, locked) = locked();
        let text = String::from_utf8(locked.to_bytes().unwrap()).unwrap();
        for costs in ["m=4294967296,t=1,p=1", "m=64,t=1000000,p=1", "m=64,t=1,p=9", "m=0,t=1,p=1"] {
            let altered = text.replace("m=64,t=1,p=1", costs);
            assert_ne!(altered, text);
            let refused = LockedIdentity::parse(altered.as_bytes()).unwrap_err().to_string();
            assert!(refused.contains("outside what is accepted"), "{refused}");
        }
    }

    #[test]
    fn r51_newer_versions_unknown_fields_and_long_files_are_refused() {
        let (_, locked) = locked();
        let text = String::from_utf8(locked.to_bytes().unwrap()).unwrap();
        let parse = |text: &str| LockedIdentity::parse(text.as_bytes());
        let newer = parse(&text.replace("\"version\":1", "\"version\":2"));
        assert!(matches!(newer, Err(IdentityError::Newer { found: 2 })));
        let more = text.replace("\"version\":1", "\"version\":1,\"x\":1");
        assert!(matches!(parse(&more), Err(IdentityError::Damaged(_))));
        assert!(matches!(parse(&text.replace(",\"", ", \"")), Err(IdentityError::Damaged(_))));
        assert!(matches!(parse(&" ".repeat(FILE_CAP + 1)), Err(IdentityError::Damaged(_))));
    }

    #[test]
    fn r22_a_card_is_vouched_for_by_the_one_it_replaces() {
        let name: Name = "A".parse().unwrap();
        let old = PersonIdentity::random(name.clone(), &mut OsRng);
        let old_card = old.card(Time::now(), None).unwrap();
        old_card.check().unwrap();
        let new = PersonIdentity::random(name.clone(), &mut OsRng);
        let card = new.card(Time::now(), Some(Replaces::new(&old_card, &old).unwrap())).unwrap();
        card.check().unwrap();
        card.check_replaces(&old_card).unwrap();

        let stranger = PersonIdentity::random(name, &mut OsRng);
        assert!(card.check_replaces(&stranger.card(Time::now(), None).unwrap()).is_err());
        assert!(new.card(Time::now(), None).unwrap().check_replaces(&old_card).is_err());
        assert!(Replaces::new(&old_card, &stranger).is_err());
        let mut forged = card.clone();
        forged.previous_signature = Some(stranger.approval().sign(&forged.hash().unwrap()));
        assert!(forged.check_replaces(&old_card).is_err());
        let mut unsigned = card.clone();
        unsigned.previous_signature = None;
        assert!(unsigned.check().is_err(), "a hash without a signature, or the other way round");
    }
}
