//! The signed document a node set trusts: node cards, people, policy, mode; a chain of versions.
#![doc = include_str!("genesis/format.md")]

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::{
    card::{CardError, NodeCard, PersonCard},
    codec::{CodecError, HexArray},
    digest::Hash,
    ids::{Name, Time},
    keyshare::Purpose,
    policy::{Policy, Role},
    signing_key::{Signature, SigningKey},
};

/// Smallest and largest node set.
pub const NODES: std::ops::RangeInclusive<usize> = 2..=16;

/// Why a genesis, or a version of one, is not accepted.
#[derive(Debug, thiserror::Error)]
pub enum GenesisError {
    #[error("the genesis has version {0}; this program reads version 1")]
    Version(u32),
    #[error("a node set has 2 to 16 servers; {0} were named")]
    Size(usize),
    #[error("server {0} is named twice")]
    Duplicate(Name),
    #[error("the entry for {0} holds the card of someone else")]
    NameMismatch(Name),
    #[error("a production genesis cannot be adopted by this version of quorate; only rehearsal is supported")]
    Production,
    #[error("genesis version {0} is not signed by {1}")]
    Signature(u32, Name),
    #[error("genesis version {0} does not follow the one before it")]
    Chain(u32),
    #[error("genesis version changes the keys of {0}, which stays in the set")]
    KeyChanged(Name),
    #[error("{0}")]
    Policy(&'static str),
    #[error("no genesis was found")]
    Empty,
    #[error(transparent)]
    Card(#[from] CardError),
    #[error(transparent)]
    Codec(#[from] CodecError),
}

/// Rehearsal is marked everywhere and asks no approvals; production is always a new chain.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Mode {
    /// For drills and tests.
    Rehearsal,
    /// For keys that guard value.
    Production,
}

impl Mode {
    /// As logs and screens name it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Rehearsal => "rehearsal",
            Self::Production => "production",
        }
    }
}

/// A node in the set.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct NodeEntry {
    /// Its name.
    pub name: Name,
    /// Its card.
    pub card: NodeCard,
}

/// An enrolled person.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct PersonEntry {
    /// Their name.
    pub name: Name,
    /// What they may do.
    pub roles: Vec<Role>,
    /// For a custodian: the server whose shares they hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server: Option<Name>,
    /// Their card.
    pub card: PersonCard,
}

/// An approved move of one key's index to another node.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Replacement {
    /// The key.
    pub key_card_hash: Hash,
    /// The index that moves.
    pub index: u16,
    /// Who held it.
    pub old_node: Name,
    /// Who holds it now.
    pub new_node: Name,
}

/// One version of the chain.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Genesis {
    /// Format version, 1.
    pub version: u32,
    /// Random, fixed for the whole chain.
    pub genesis_id: HexArray<16>,
    /// 0 for the first version.
    pub sequence: u32,
    /// Hash of the version before; absent in the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous_hash: Option<Hash>,
    /// Rehearsal or production; never changes within a chain.
    pub mode: Mode,
    /// The node set.
    pub nodes: Vec<NodeEntry>,
    /// Enrolled people.
    pub people: Vec<PersonEntry>,
    /// Who must agree to what.
    pub policy: Policy,
    /// Moved indices.
    pub replacements: Vec<Replacement>,
    /// When this version was made.
    pub created_at: Time,
}

impl Genesis {
    /// The first version of a rehearsal chain.
    pub fn rehearsal(genesis_id: HexArray<16>, cards: Vec<NodeCard>, created_at: Time) -> Self {
        let nodes = cards.into_iter().map(|card| NodeEntry { name: card.card.name.clone(), card }).collect();
        Self {
            version: 1,
            genesis_id,
            sequence: 0,
            previous_hash: None,
            mode: Mode::Rehearsal,
            nodes,
            people: Vec::new(),
            policy: Policy::rehearsal(),
            replacements: Vec::new(),
            created_at,
        }
    }

    /// The hash that requests and sessions bind.
    pub fn hash(&self) -> Result<Hash, CodecError> {
        Hash::of("genesis", self)
    }

    /// The card of a node.
    pub fn node(&self, name: &Name) -> Option<&NodeCard> {
        self.nodes.iter().find(|entry| entry.name == *name).map(|entry| &entry.card)
    }

    /// The custodian who holds the shares of a server.
    pub fn custodian(&self, server: &Name) -> Option<&PersonEntry> {
        let holds = |person: &&PersonEntry| {
            person.server.as_ref() == Some(server) && person.roles.contains(&Role::Custodian)
        };
        self.people.iter().find(holds)
    }

    /// Who holds an index of a key now: the roster's node, or the last one that replaced it.
    pub fn holder<'a>(&'a self, key_card_hash: &Hash, index: u16, roster_node: &'a Name) -> &'a Name {
        let moved = |holder: &'a Name, replacement: &'a Replacement| {
            let same = replacement.key_card_hash == *key_card_hash
                && replacement.index == index
                && replacement.old_node == *holder;
            if same { &replacement.new_node } else { holder }
        };
        self.replacements.iter().fold(roster_node, moved)
    }

    /// A node's signature over this version.
    pub fn sign(&self, name: Name, key: &SigningKey) -> Result<NamedSignature, CodecError> {
        Ok(NamedSignature { signature: key.sign(&self.hash()?), name })
    }

    fn check(&self) -> Result<(), GenesisError> {
        if self.version != 1 {
            return Err(GenesisError::Version(self.version));
        }
        if !NODES.contains(&self.nodes.len()) {
            return Err(GenesisError::Size(self.nodes.len()));
        }
        let mut seen = BTreeSet::new();
        for entry in &self.nodes {
            if !seen.insert(&entry.name) {
                return Err(GenesisError::Duplicate(entry.name.clone()));
            }
            if entry.card.card.name != entry.name {
                return Err(GenesisError::NameMismatch(entry.name.clone()));
            }
            entry.card.check()?;
        }
        let policy = &self.policy;
        if policy.version != 1 || policy.validity_seconds > 86_400 {
            return Err(GenesisError::Policy("the policy's version or validity is out of range"));
        }
        if self.mode == Mode::Rehearsal && policy.purposes != [Purpose::Rehearsal] {
            return Err(GenesisError::Policy("a rehearsal policy allows rehearsal keys only"));
        }
        let mut keys = BTreeSet::new();
        for person in &self.people {
            let body = &person.card.card;
            if !seen.insert(&person.name) || !keys.insert(body.approval_key) {
                return Err(GenesisError::Duplicate(person.name.clone()));
            }
            if person.card.card.name != person.name {
                return Err(GenesisError::NameMismatch(person.name.clone()));
            }
            person.card.check()?;
        }
        Ok(())
    }
}

/// A signature and who made it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct NamedSignature {
    /// Who signed.
    pub name: Name,
    /// Their signature.
    pub signature: Signature,
}

/// A version with the signatures that adopted it, not yet checked.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct SignedGenesis {
    /// The version.
    pub genesis: Genesis,
    /// By every node in it.
    pub signatures: Vec<NamedSignature>,
}

/// A chain whose every version was checked.
#[derive(Clone, Debug)]
pub struct Chain {
    versions: Vec<(Hash, Genesis)>,
}

impl Chain {
    /// Checks every version: cards, order, signatures of all its nodes. Only rehearsal is accepted.
    pub fn check(signed: &[SignedGenesis]) -> Result<Self, GenesisError> {
        let mut versions: Vec<(Hash, Genesis)> = Vec::with_capacity(signed.len());
        for next in signed {
            let genesis = &next.genesis;
            genesis.check()?;
            if genesis.mode != Mode::Rehearsal {
                return Err(GenesisError::Production);
            }
            follows(versions.last(), genesis)?;
            if let Some((_, before)) = versions.last() {
                keeps_nodes(before, genesis)?;
            }
            let hash = genesis.hash()?;
            for entry in &genesis.nodes {
                let by_node = next.signatures.iter().find(|s| s.name == entry.name);
                by_node
                    .and_then(|s| entry.card.card.signing_key.verify(&hash, &s.signature).ok())
                    .ok_or_else(|| GenesisError::Signature(genesis.sequence, entry.name.clone()))?;
            }
            versions.push((hash, genesis.clone()));
        }
        if versions.is_empty() { Err(GenesisError::Empty) } else { Ok(Self { versions }) }
    }

    /// The version in force.
    pub fn current(&self) -> &Genesis {
        &self.last().1
    }

    /// Hash of the version in force.
    pub fn current_hash(&self) -> Hash {
        self.last().0
    }

    /// A version of this chain by its hash.
    pub fn version(&self, hash: &Hash) -> Option<&Genesis> {
        self.versions.iter().find(|(h, _)| h == hash).map(|(_, genesis)| genesis)
    }

    /// All versions, oldest first.
    pub fn versions(&self) -> impl DoubleEndedIterator<Item = &Genesis> {
        self.versions.iter().map(|(_, genesis)| genesis)
    }

    #[allow(clippy::expect_used)]
    fn last(&self) -> &(Hash, Genesis) {
        self.versions.last().expect("a checked chain has at least one version")
    }
}

fn follows(previous: Option<&(Hash, Genesis)>, next: &Genesis) -> Result<(), GenesisError> {
    let fits = match previous {
        None => next.sequence == 0 && next.previous_hash.is_none(),
        Some((hash, before)) => {
            next.sequence == before.sequence + 1
                && next.previous_hash == Some(*hash)
                && next.genesis_id == before.genesis_id
                && next.mode == before.mode
        }
    };
    if fits { Ok(()) } else { Err(GenesisError::Chain(next.sequence)) }
}

/// A version keeps every node's card, and drops at most one node: those that stay must sign it, so a
/// stranger cannot append a version of his own.
fn keeps_nodes(before: &Genesis, next: &Genesis) -> Result<(), GenesisError> {
    let mut kept = 0;
    for entry in &before.nodes {
        match next.node(&entry.name) {
            Some(card) if *card != entry.card => return Err(GenesisError::KeyChanged(entry.name.clone())),
            Some(_) => kept += 1,
            None => {}
        }
    }
    if kept + 1 < before.nodes.len() { Err(GenesisError::Chain(next.sequence)) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use rand_core::OsRng;

    use super::*;
    use crate::card::NodeSecrets;

    fn signed(mut alter: impl FnMut(&mut Genesis)) -> SignedGenesis {
        let nodes: Vec<_> =
            (1..=3).map(|i| (format!("OFFICIAL_{i}"), NodeSecrets::random(&mut OsRng))).collect();
        let cards = nodes.iter().map(|(name, s)| s.card(name.parse().unwrap(), Time::now()).unwrap());
        let mut genesis = Genesis::rehearsal(HexArray::random(&mut OsRng), cards.collect(), Time::now());
        alter(&mut genesis);
        let sign =
            |(name, s): &(String, NodeSecrets)| genesis.sign(name.parse().unwrap(), s.signing()).unwrap();
        let signatures = nodes.iter().map(sign).collect();
        SignedGenesis { genesis, signatures }
    }

    #[test]
    fn r22_a_genesis_signed_by_all_its_nodes_is_accepted() {
        let first = signed(|_| ());
        let chain = Chain::check(std::slice::from_ref(&first)).unwrap();
        assert_eq!(chain.current(), &first.genesis);
        assert!(chain.version(&chain.current_hash()).is_some());
    }

    #[test]
    fn r22_an_altered_genesis_is_refused() {
        let cases: [fn(&mut Genesis); 6] = [
            |g| g.version = 2,
            |g| g.mode = Mode::Production,
            |g| g.sequence = 1,
            |g| g.previous_hash = Some(Hash::ZERO),
            |g| g.nodes.truncate(1),
            |g| g.nodes[1] = g.nodes[0].clone(),
        ];
        for (i, alter) in cases.into_iter().enumerate() {
            assert!(Chain::check(&[signed(alter)]).is_err(), "case {i}");
        }
        let first = signed(|_| ());
        let (id, hash) = (first.genesis.genesis_id, first.genesis.hash().unwrap());
        let by_strangers = signed(|g| {
            (g.genesis_id, g.previous_hash, g.sequence) = (id, Some(hash), 1);
        });
        let refused = Chain::check(&[first, by_strangers]);
        assert!(matches!(refused, Err(GenesisError::KeyChanged(_))), "a stranger's next version");
        let mut unsigned = signed(|_| ());
        unsigned.signatures.pop();
        assert!(matches!(Chain::check(&[unsigned]), Err(GenesisError::Signature(0, _))));
        let mut edited = signed(|_| ());
        edited.genesis.policy.allow_blind = false;
        assert!(matches!(Chain::check(&[edited]), Err(GenesisError::Signature(0, _))));
        assert!(matches!(Chain::check(&[]), Err(GenesisError::Empty)));
    }
}
