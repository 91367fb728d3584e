//! The signed document a node set trusts: node cards, people, policy, mode; a chain of versions.
#![doc = include_str!("genesis/format.md")]

mod chain;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::{
    audit::WORKSPACE,
    card::{CardError, NodeCard, PersonCard},
    codec::{self, CodecError, HexArray},
    digest::Hash,
    ids::{Name, Time},
    keyshare::Purpose,
    policy::{Policy, Quorum, Role},
    request::RequestError,
    signing_key::{PublicKey, SigningKey},
};

pub use self::chain::{Chain, NamedSignature, SignedGenesis};

/// Smallest and largest node set.
pub const NODES: std::ops::RangeInclusive<usize> = 2..=16;

/// Most versions of a chain.
pub const VERSIONS_CAP: usize = 1000;

/// Longest version with its signatures, in bytes of canonical JSON; what nodes store is read up to
/// [`codec::JSON_CAP`].
pub const VERSION_CAP: usize = 512 << 10;

/// All versions of a chain, likewise. A workspace reads 16 MiB, and a message between it and a node is longer still.
pub const CHAIN_CAP: usize = 12 << 20;

/// Longest request that adopts a version, with its approvals, in bytes of canonical JSON.
pub const ADOPTION_CAP: usize = 64 << 10;

/// More than a name with its signature takes, in bytes.
const SIGNATURE_ROOM: usize = 300;

/// Why a genesis, or a version of one, is not accepted.
#[derive(Debug, thiserror::Error)]
pub enum GenesisError {
    #[error("the genesis has version {0}; this program reads version 1")]
    Version(u32),
    #[error("a node set has 2 to 16 servers; {0} were named")]
    Size(usize),
    #[error("{0} is named twice")]
    Duplicate(Name),
    #[error("no server may be called '{0}': the workspace's log is")]
    Reserved(Name),
    #[error("{0} has a key that another node or person of this genesis has, or had")]
    SharedKey(Name),
    #[error("the entry for {0} holds the card of someone else")]
    NameMismatch(Name),
    #[error("genesis version {0} was not adopted by those who govern: {1}")]
    Adoption(u32, Box<RequestError>),
    #[error("genesis version {0} was approved by nobody; in production the people of the one before agree")]
    NotAdopted(u32),
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
    #[error("{new} does not take the place of {old}: {reason}")]
    Replacement { old: Name, new: Name, reason: &'static str },
    #[error("{name} was custodian of {was}, and can be custodian of nothing but that or what took its place")]
    Walks { name: Name, was: Name },
    #[error("{what} of the genesis would grow beyond what every node reads back ({size}, at most {cap})")]
    Grown { what: &'static str, size: usize, cap: usize },
    #[error("{name}: {reason}")]
    Person { name: Name, reason: &'static str },
    #[error("{0}")]
    Policy(&'static str),
    #[error(
        "nobody could reach the quorum of '{0}': beside whoever asks, fewer people have the role {1} than {2}"
    )]
    Quorum(&'static str, &'static str, u16),
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

/// A node in the place of another one: every index that the old one held is the new one's. One entry serves all
/// keys: those over the old node were made before it went, for it never comes back.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Replacement {
    /// Who went.
    pub old_node: Name,
    /// Who came for it.
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
    /// Replaced nodes, in the order in which they went.
    pub replacements: Vec<Replacement>,
    /// When this version was made.
    pub created_at: Time,
}

impl Genesis {
    /// The first version of a production chain.
    pub fn production(
        genesis_id: HexArray<16>,
        cards: Vec<NodeCard>,
        people: Vec<PersonEntry>,
        policy: Policy,
        created_at: Time,
    ) -> Self {
        let first = Self::rehearsal(genesis_id, cards, created_at);
        Self { mode: Mode::Production, people, policy, ..first }
    }

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

    /// What keys made under it are for.
    pub fn purpose(&self) -> Purpose {
        match self.mode {
            Mode::Rehearsal => Purpose::Rehearsal,
            Mode::Production => Purpose::Production,
        }
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

    /// Who holds the indices of a roster's node now: itself, or the last one that took its place.
    pub fn holder<'a>(&'a self, roster_node: &'a Name) -> &'a Name {
        let moved = |holder: &'a Name, replacement: &'a Replacement| {
            if replacement.old_node == *holder { &replacement.new_node } else { holder }
        };
        self.replacements.iter().fold(roster_node, moved)
    }

    /// Who came in the place of a node when it went.
    pub fn replacement(&self, old: &Name) -> Option<&Name> {
        self.replacements.iter().find(|moved| moved.old_node == *old).map(|moved| &moved.new_node)
    }

    /// A node's signature over this version.
    pub fn sign(&self, name: Name, key: &SigningKey) -> Result<NamedSignature, CodecError> {
        Ok(NamedSignature { signature: key.sign(&self.hash()?), name })
    }

    /// The people who sign it beside the nodes: everybody in the first version of a production chain.
    pub fn adopters(&self) -> impl Iterator<Item = (&Name, &PublicKey)> {
        let all = self.sequence == 0 && self.mode == Mode::Production;
        let people = self.people.iter().filter(move |_| all);
        people.map(|person| (&person.name, &person.card.card.approval_key))
    }

    /// That each of them has signed.
    pub fn check_adopters(&self, signatures: &[NamedSignature]) -> Result<(), GenesisError> {
        let hash = self.hash()?;
        for (name, key) in self.adopters() {
            let signed =
                signatures.iter().any(|s| s.name == *name && key.verify(&hash, &s.signature).is_ok());
            if !signed {
                return Err(GenesisError::Signature(self.sequence, name.clone()));
            }
        }
        Ok(())
    }

    /// The longest that it gets with its signatures, in bytes of canonical JSON.
    fn signed_size(&self) -> Result<usize, CodecError> {
        let signers = self.nodes.len() + 1;
        let agreed = match self.mode {
            Mode::Rehearsal => 0,
            Mode::Production if self.sequence == 0 => self.people.len() * SIGNATURE_ROOM,
            Mode::Production => ADOPTION_CAP,
        };
        Ok(codec::canonical("genesis", self)?.len() + signers * SIGNATURE_ROOM + agreed)
    }

    /// What can be judged without the versions before. What passes can be stored and read back.
    pub(crate) fn check(&self) -> Result<(), GenesisError> {
        if self.version != 1 {
            return Err(GenesisError::Version(self.version));
        }
        let sequence = usize::try_from(self.sequence).unwrap_or(usize::MAX);
        within("the number of versions", sequence.saturating_add(1), VERSIONS_CAP)?;
        within("one version", self.signed_size()?, VERSION_CAP)?;
        let policy = &self.policy;
        if policy.version != 1 || policy.validity_seconds > 86_400 {
            return Err(GenesisError::Policy("the policy's version or validity is out of range"));
        }
        self.check_policy()?;
        let (mut names, mut keys) = (BTreeSet::new(), BTreeSet::new());
        self.check_nodes(&mut names, &mut keys)?;
        self.check_people(&mut names, &mut keys)
    }

    /// A rehearsal asks nobody; in production nothing happens that fewer than two people agreed to, and there are
    /// as many as each quorum asks for (R38).
    fn check_policy(&self) -> Result<(), GenesisError> {
        let (policy, quorums) = (&self.policy, self.policy.quorums.named());
        let refused = |reason| Err(GenesisError::Policy(reason));
        match self.mode {
            Mode::Rehearsal if policy.purposes != [Purpose::Rehearsal] => {
                refused("a rehearsal policy allows rehearsal keys only")
            }
            Mode::Rehearsal if quorums.iter().any(|(_, quorum)| quorum.count > 0) => {
                refused("a rehearsal policy asks nobody")
            }
            Mode::Production if policy.purposes != [Purpose::Production] => {
                refused("a production policy allows production keys only")
            }
            // No share leaves a node or comes to one for the sake of a generation.
            Mode::Production if quorums.iter().any(|(name, each)| each.count < 2 && *name != "generate") => {
                refused("in production every quorum but that of 'generate' is two people or more")
            }
            Mode::Production if quorums.iter().any(|(_, quorum)| quorum.role == Role::Auditor) => {
                refused("auditors approve nothing")
            }
            Mode::Production if policy.validity_seconds < 60 => {
                refused("requests live for a minute at least")
            }
            Mode::Production => {
                let lacks = |(_, quorum): &(_, Quorum)| {
                    let able = |asks: &PersonEntry| {
                        let others = self.people.iter().filter(|person| person.name != asks.name);
                        others.filter(|person| person.roles.contains(&quorum.role)).count()
                    };
                    let may_ask = self.people.iter().filter(|person| !person.roles.contains(&Role::Auditor));
                    may_ask.map(able).max().unwrap_or_default() < usize::from(quorum.count)
                };
                match quorums.iter().find(|each| lacks(each)) {
                    Some((name, quorum)) => Err(GenesisError::Quorum(name, quorum.role.name(), quorum.count)),
                    None => Ok(()),
                }
            }
            Mode::Rehearsal => Ok(()),
        }
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
            if entry.name.as_str() == WORKSPACE {
                return Err(GenesisError::Reserved(entry.name.clone()));
            }
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

/// Refuses what is larger than its cap.
fn within(what: &'static str, size: usize, cap: usize) -> Result<(), GenesisError> {
    if size > cap { Err(GenesisError::Grown { what, size, cap }) } else { Ok(()) }
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
