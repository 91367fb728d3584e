//! The signed document a node set trusts: node cards, people, policy, mode; a chain of versions.
#![doc = include_str!("genesis/format.md")]

mod chain;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::{
    card::{CardError, NodeCard, PersonCard},
    codec::{CodecError, HexArray},
    digest::Hash,
    ids::{Name, Time},
    keyshare::Purpose,
    policy::{Policy, Role},
    signing_key::SigningKey,
};

pub use self::chain::{Chain, NamedSignature, SignedGenesis};

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
    #[error("{0} has a key that another node or person of this genesis has, or had")]
    SharedKey(Name),
    #[error("the entry for {0} holds the card of someone else")]
    NameMismatch(Name),
    #[error("a production genesis cannot be adopted by this version of quorate; only rehearsal is supported")]
    Production,
    #[error("genesis version {0} is not signed by {1}")]
    Signature(u32, Name),
    #[error("genesis version {0} carries a signature of someone who is not one of its nodes")]
    Surplus(u32),
    #[error("genesis version {0} does not follow the one before it")]
    Chain(u32),
    #[error("genesis version changes the keys of {0}, which stays in the set")]
    KeyChanged(Name),
    #[error("{0} was a node before and cannot become one again")]
    OldNode(Name),
    #[error("the new card of {name} is not vouched for by the one it replaces: {source}")]
    NotVouched { name: Name, source: CardError },
    #[error("index {index} of a key does not move from {old} to {new}: {reason}")]
    Replacement { index: u16, old: Name, new: Name, reason: &'static str },
    #[error("{name}: {reason}")]
    Person { name: Name, reason: &'static str },
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

    /// The version after this one, with the same nodes, people and policy; the caller then changes it.
    pub fn next(&self, now: Time) -> Result<Self, CodecError> {
        let (sequence, previous_hash) = (self.sequence.saturating_add(1), Some(self.hash()?));
        Ok(Self { sequence, previous_hash, created_at: now, ..self.clone() })
    }

    /// The hash that requests and sessions bind.
    pub fn hash(&self) -> Result<Hash, CodecError> {
        Hash::of("genesis", self)
    }

    /// The card of a node.
    pub fn node(&self, name: &Name) -> Option<&NodeCard> {
        self.nodes.iter().find(|entry| entry.name == *name).map(|entry| &entry.card)
    }

    /// An enrolled person.
    pub fn person(&self, name: &Name) -> Option<&PersonEntry> {
        self.people.iter().find(|person| person.name == *name)
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

    /// What can be judged without the versions before.
    fn check(&self) -> Result<(), GenesisError> {
        if self.version != 1 {
            return Err(GenesisError::Version(self.version));
        }
        let policy = &self.policy;
        if policy.version != 1 || policy.validity_seconds > 86_400 {
            return Err(GenesisError::Policy("the policy's version or validity is out of range"));
        }
        if self.mode == Mode::Rehearsal && policy.purposes != [Purpose::Rehearsal] {
            return Err(GenesisError::Policy("a rehearsal policy allows rehearsal keys only"));
        }
        let (mut names, mut keys) = (BTreeSet::new(), BTreeSet::new());
        self.check_nodes(&mut names, &mut keys)?;
        self.check_people(&mut names, &mut keys)
    }

    fn check_nodes<'a>(
        &'a self,
        names: &mut BTreeSet<&'a Name>,
        keys: &mut BTreeSet<[u8; 32]>,
    ) -> Result<(), GenesisError> {
        if !NODES.contains(&self.nodes.len()) {
            return Err(GenesisError::Size(self.nodes.len()));
        }
        for entry in &self.nodes {
            if !names.insert(&entry.name) {
                return Err(GenesisError::Duplicate(entry.name.clone()));
            }
            if entry.card.card.name != entry.name {
                return Err(GenesisError::NameMismatch(entry.name.clone()));
            }
            if !entry.keys().into_iter().all(|key| keys.insert(key)) {
                return Err(GenesisError::SharedKey(entry.name.clone()));
            }
            entry.card.check()?;
        }
        Ok(())
    }

    fn check_people<'a>(
        &'a self,
        names: &mut BTreeSet<&'a Name>,
        keys: &mut BTreeSet<[u8; 32]>,
    ) -> Result<(), GenesisError> {
        let mut served = BTreeSet::new();
        for person in &self.people {
            if !names.insert(&person.name) {
                return Err(GenesisError::Duplicate(person.name.clone()));
            }
            if person.card.card.name != person.name {
                return Err(GenesisError::NameMismatch(person.name.clone()));
            }
            if !person.keys().into_iter().all(|key| keys.insert(key)) {
                return Err(GenesisError::SharedKey(person.name.clone()));
            }
            person.check_roles()?;
            if let Some(server) = &person.server {
                let refused = |reason| GenesisError::Person { name: person.name.clone(), reason };
                if self.node(server).is_none() {
                    return Err(refused("the server is not a node of this genesis"));
                }
                if !served.insert(server) {
                    return Err(refused("the server has a custodian already"));
                }
            }
            person.card.check()?;
        }
        Ok(())
    }
}

impl NodeEntry {
    /// Its three public keys: no other node or person may have one of them.
    fn keys(&self) -> [[u8; 32]; 3] {
        let card = &self.card.card;
        [card.signing_key.0.0, card.noise_key.0, *card.recipient.as_bytes()]
    }
}

impl PersonEntry {
    fn keys(&self) -> [[u8; 32]; 2] {
        let card = &self.card.card;
        [card.approval_key.0.0, *card.recipient.as_bytes()]
    }

    /// Each role once; a custodian, and nobody else, has a server; an auditor is nothing besides.
    fn check_roles(&self) -> Result<(), GenesisError> {
        let refused = |reason| Err(GenesisError::Person { name: self.name.clone(), reason });
        let distinct: BTreeSet<_> = self.roles.iter().collect();
        if distinct.is_empty() || distinct.len() != self.roles.len() {
            return refused("a person has at least one role, and each of them once");
        }
        if self.server.is_some() != distinct.contains(&Role::Custodian) {
            return refused("a custodian has a server, and nobody else does");
        }
        if distinct.contains(&Role::Auditor) && distinct.len() > 1 {
            return refused("an auditor holds no key and has no other role");
        }
        Ok(())
    }
}
