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

    /// Who holds index 1, 2, ... under the genesis in force: the roster, with the nodes that were replaced.
    pub fn holders(&self, chain: &Chain) -> Result<Vec<Name>, CodecError> {
        Ok(self.roster.iter().map(|name| chain.current().holder(name).clone()).collect())
    }

    /// The index that a node holds now.
    pub fn index_held(&self, chain: &Chain, name: &Name) -> Result<Option<u16>, CodecError> {
        let holders = self.holders(chain)?;
        Ok((1u16..).zip(&holders).find(|(_, holder)| *holder == name).map(|(index, _)| index))
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
        let through = |base: &[(Identifier<C>, _)], x| -> Result<_, KeyShareError> {
            let set: BTreeSet<_> = base.iter().map(|(id, _)| *id).collect();
            let mut sum = C::Group::identity();
            for (id, point) in base {
                let lambda = frost_core::compute_lagrange_coefficient(&set, x, *id);
                sum = sum + *point * lambda.map_err(library)?;
            }
            Ok(sum)
        };
        let mut fits = through(&base, None)? == group;
        for (id, point) in above {
            fits &= through(&base, Some(id))? == point;
        }
        // Of a lower degree, fewer than t shares would make the key.
        base.pop();
        fits &= through(&base, None)? != group;
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

#[cfg(test)]
mod tests {
    use rand_core::OsRng;

    use super::*;
    use crate::{
        card::NodeSecrets,
        keyshare::samples::{Sample, chain},
    };

    const BOTH_FORMS: [Curve; 3] = [Curve::Ed25519, Curve::P256, Curve::Secp256k1Schnorr];

    #[test]
    fn r8_a_card_signed_by_all_and_by_the_key_is_accepted() {
        for curve in Curve::ALL {
            let sample = Sample::new(curve, 2, 3);
            let dirty = sample.certify(sample.card.clone());
            let json = serde_json::to_vec(&dirty).unwrap();
            assert_eq!(serde_json::from_slice::<DirtyKeyCard>(&json).unwrap(), dirty);
            let card = dirty.clone().check(&sample.chain).unwrap();
            assert_eq!((card.body(), card.hash()), (&sample.card, sample.card.hash().unwrap()));
            assert_eq!(serde_json::to_vec(&card).unwrap(), json, "what is checked is what travels");
        }
    }

    type Alter = fn(&mut KeyCardBody);

    /// One change to each field.
    const FIELDS: [(&str, Alter); 14] = [
        ("version", |c| c.version = 2),
        ("key id", |c| c.key_id = KeyId::random(&mut OsRng)),
        ("label", |c| c.label = Some("other".parse().unwrap())),
        ("purpose", |c| c.purpose = Purpose::Production),
        ("curve", |c| c.curve = if c.curve == Curve::P256 { Curve::Secp256k1 } else { Curve::P256 }),
        ("threshold", |c| c.threshold = 3),
        ("participants", |c| c.participants = 2),
        ("roster", |c| c.roster.swap(0, 1)),
        ("genesis id", |c| c.genesis_id.0[0] ^= 1),
        ("genesis hash", |c| c.genesis_hash = Hash::ZERO),
        ("group key", |c| c.group_public_key = c.verification_shares[0].clone()),
        ("chain code", |c| c.chain_code_hash = Hash::ZERO),
        ("epoch", |c| c.epoch = 1),
        ("card before", |c| c.previous_card_hash = Some(Hash::ZERO)),
    ];

    #[test]
    fn r8_an_altered_field_voids_the_signatures() {
        for curve in BOTH_FORMS {
            let sample = Sample::new(curve, 2, 3);
            let good = sample.certify(sample.card.clone());
            for (what, alter) in FIELDS {
                let mut bad = good.clone();
                alter(&mut bad.card);
                assert_ne!(bad.card.hash().unwrap(), good.card.hash().unwrap(), "{what}");
                assert!(bad.check(&sample.chain).is_err(), "{curve} {what}");
            }
        }
    }

    /// What no number of signatures makes good.
    #[test]
    fn r2_r6_r8_a_false_card_is_refused_though_everyone_signed_it() {
        let bad: [(&str, Alter); 20] = [
            ("version", |c| c.version = 2),
            ("purpose", |c| c.purpose = Purpose::Production),
            ("threshold 0", |c| c.threshold = 0),
            ("threshold 1", |c| c.threshold = 1),
            ("threshold above", |c| c.threshold = 4),
            ("higher threshold", |c| c.threshold = 3),
            ("participants", |c| c.participants = 4),
            ("one more name", |c| c.roster.push("OFFICIAL_4".parse().unwrap())),
            ("a name twice", |c| c.roster[1] = c.roster[0].clone()),
            ("a stranger", |c| c.roster[2] = "OFFICIAL_9".parse().unwrap()),
            ("empty", |c| (c.roster, c.verification_shares, c.participants) = (vec![], vec![], 0)),
            ("one share less", |c| c.verification_shares.truncate(2)),
            ("one share more", |c| c.verification_shares.push(c.verification_shares[0].clone())),
            ("shares swapped", |c| c.verification_shares.swap(0, 1)),
            ("shares alike", |c| c.verification_shares[2] = c.verification_shares[0].clone()),
            ("all shares the key", |c| c.verification_shares.fill(c.group_public_key.clone())),
            ("a share cut", |c| c.verification_shares[1].0.truncate(31)),
            ("the identity", |c| c.verification_shares[1].0.fill(0)),
            ("another group key", |c| c.group_public_key = c.verification_shares[0].clone()),
            ("another genesis", |c| c.genesis_hash = Hash::ZERO),
        ];
        for curve in BOTH_FORMS {
            let sample = Sample::new(curve, 2, 3);
            for (what, alter) in bad {
                let mut card = sample.card.clone();
                alter(&mut card);
                assert!(sample.certify(card).check(&sample.chain).is_err(), "{curve} {what}");
            }
        }
    }

    #[test]
    fn r8_shares_off_the_polynomial_are_found_on_every_curve() {
        for curve in Curve::ALL {
            // In either half: among the first t, which define the polynomial, and above them.
            let (sample, other) = (Sample::new(curve, 3, 5), Sample::new(curve, 3, 5));
            for at in 0..5 {
                let mut card = sample.card.clone();
                card.verification_shares[at] = other.card.verification_shares[at].clone();
                assert!(matches!(card.check(), Err(KeyShareError::Polynomial)), "{curve} {at}");
            }
            // Consistent, but of a lower degree: two shares would do where three are asked for.
            let two = Sample::new(curve, 2, 5);
            let mut card = two.card.clone();
            card.threshold = 3;
            assert!(matches!(card.check(), Err(KeyShareError::Polynomial)), "{curve}");
        }
    }

    #[test]
    fn r8_every_node_must_have_signed() {
        let sample = Sample::new(Curve::Ed25519, 2, 3);
        let good = sample.certify(sample.card.clone());
        let refused = |alter: &dyn Fn(&mut DirtyKeyCard)| {
            let mut bad = good.clone();
            alter(&mut bad);
            bad.check(&sample.chain).unwrap_err()
        };
        let length = |error| matches!(error, KeyShareError::Length { what: "signatures" });
        assert!(length(refused(&|bad| bad.signatures.truncate(2))));
        assert!(length(refused(&|bad| bad.signatures.clear())));
        assert!(length(refused(&|bad| bad.signatures.push(bad.signatures[0]))));
        for at in 0..3 {
            let named = |error| match error {
                KeyShareError::NodeSignature(name) => name == sample.card.roster[at],
                _ => false,
            };
            assert!(named(refused(&|bad| bad.signatures[at].0[7] ^= 1)), "{at}");
            assert!(named(refused(&|bad| bad.signatures[at] = bad.signatures[(at + 1) % 3])), "{at}");
        }
        // The same names with other keys, or a chain that does not know the genesis.
        let strangers: Vec<_> = (0..3).map(|_| NodeSecrets::random(&mut OsRng)).collect();
        let other = chain(&strangers, &sample.card.roster);
        assert!(matches!(good.clone().check(&other), Err(KeyShareError::Genesis)));
        let mut card = sample.card.clone();
        (card.genesis_id, card.genesis_hash) = (other.current().genesis_id, other.current_hash());
        assert!(matches!(sample.certify(card).check(&other), Err(KeyShareError::NodeSignature(_))));
    }

    #[test]
    fn r8_the_key_itself_must_have_proven_exactly_this_card() {
        for curve in Curve::ALL {
            let (sample, other) = (Sample::new(curve, 2, 2), Sample::new(curve, 2, 2));
            let good = sample.certify(sample.card.clone());
            let hash = sample.card.hash().unwrap();
            let longer = [&good.proof[..], &[0]].concat();
            let proofs = [
                ("none", Hex::default()),
                ("cut", Hex(good.proof[..good.proof.len() - 1].to_vec())),
                ("longer", Hex(longer)),
                ("another key's", other.prove(&proof_message(&hash))),
                ("of another card", sample.prove(&proof_message(&Hash::ZERO))),
                ("of the bare hash", sample.prove(hash.as_bytes())),
                ("zeros", Hex(vec![0; good.proof.len()])),
            ];
            for (what, proof) in proofs {
                let bad = DirtyKeyCard { proof, ..good.clone() };
                assert!(matches!(bad.check(&sample.chain), Err(KeyShareError::Proof)), "{curve} {what}");
            }
            for at in 0..good.proof.len() {
                let mut bad = good.clone();
                bad.proof.0[at] ^= 1;
                assert!(matches!(bad.check(&sample.chain), Err(KeyShareError::Proof)), "{curve} byte {at}");
            }
        }
    }

    #[test]
    fn r51_unknown_and_repeated_fields_are_refused() {
        let sample = Sample::new(Curve::Ed25519, 2, 2);
        let text = serde_json::to_string(&sample.certify(sample.card.clone())).unwrap();
        let bad = [
            text.replacen("{\"card\":{", "{\"card\":{\"extra\":1,", 1),
            text.replacen("{\"card\"", "{\"extra\":1,\"card\"", 1),
            text.replacen("\"epoch\":0", "\"epoch\":0,\"epoch\":0", 1),
            text.replacen(",\"epoch\":0", "", 1),
            text.replacen("ED25519", "ed25519", 1),
        ];
        assert!(serde_json::from_str::<DirtyKeyCard>(&text).is_ok());
        for text in bad {
            assert!(serde_json::from_str::<DirtyKeyCard>(&text).is_err(), "{text}");
        }
    }

    #[test]
    fn holders_and_indices_count_from_one() {
        let card = Sample::new(Curve::Ed25519, 2, 3).card;
        assert_eq!((card.holder(0), card.holder(4), card.verification_share(0)), (None, None, None));
        for index in 1..=3 {
            assert_eq!(card.index_of(card.holder(index).unwrap()), Some(index));
        }
        assert_eq!(card.index_of(&"X".parse().unwrap()), None);
    }
}
