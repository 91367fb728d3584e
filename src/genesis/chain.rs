//! A chain of versions, and what each may change of the one before.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{
    ADOPTION_CAP, CHAIN_CAP, Genesis, GenesisError, Mode, NodeEntry, VERSION_CAP, VERSIONS_CAP, within,
};
use crate::{
    codec,
    digest::Hash,
    ids::Name,
    request::{RequestError, SignedRequest, check_adoption},
    signing_key::Signature,
};

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
    /// By every node in it, and nobody else; where fewer than two nodes stay, also by the one that goes; the first
    /// version of a production chain also by every person in it.
    pub signatures: Vec<NamedSignature>,
    /// The approved request for this version: in production, of every one after the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub adoption: Option<Box<SignedRequest>>,
}

impl SignedGenesis {
    /// A version that needs nobody's agreement but the signatures.
    pub fn new(genesis: Genesis, signatures: Vec<NamedSignature>) -> Self {
        Self { genesis, signatures, adoption: None }
    }
}

/// A chain whose every version was checked.
#[derive(Clone, Debug)]
pub struct Chain {
    versions: Vec<(Hash, Arc<Genesis>)>,
    /// Of all versions with their signatures, in bytes, at most.
    pub(super) size: usize,
}

impl Chain {
    /// Checks every version: cards, order, signatures of all its nodes, and in production who agreed.
    pub fn check(signed: &[SignedGenesis]) -> Result<Self, GenesisError> {
        let mut chain = Self { versions: Vec::with_capacity(signed.len().min(VERSIONS_CAP)), size: 0 };
        for next in signed {
            chain.append(next)?;
        }
        if chain.versions.is_empty() { Err(GenesisError::Empty) } else { Ok(chain) }
    }

    /// Checks one more version and takes it.
    pub fn append(&mut self, next: &SignedGenesis) -> Result<(), GenesisError> {
        let genesis = &next.genesis;
        let hash = self.check_next(genesis)?;
        let nodes = self.signers(genesis).map(|entry| (&entry.name, &entry.card.card.signing_key));
        let mut count = 0;
        for (name, key) in nodes.chain(genesis.adopters()) {
            let signed = next.signatures.iter().find(|signed| signed.name == *name);
            signed
                .and_then(|signed| key.verify(&hash, &signed.signature).ok())
                .ok_or_else(|| GenesisError::Signature(genesis.sequence, name.clone()))?;
            count += 1;
        }
        self.check_adopted(genesis, next.adoption.as_deref())?;
        // Each of them has one, so more are of strangers or double.
        if next.signatures.len() != count {
            return Err(GenesisError::Surplus(genesis.sequence));
        }
        self.size += genesis.signed_size()?;
        self.versions.push((hash, Arc::new(genesis.clone())));
        Ok(())
    }

    /// That the quorum of the version in force agreed to the next one: in production, from the second on.
    pub fn check_adopted(
        &self,
        next: &Genesis,
        adoption: Option<&SignedRequest>,
    ) -> Result<(), GenesisError> {
        let asked = next.mode == Mode::Production && !self.versions.is_empty();
        let refused = |source| GenesisError::Adoption(next.sequence, Box::new(source));
        match adoption {
            Some(adoption) if asked => {
                within("the approvals", codec::canonical("request", adoption)?.len(), ADOPTION_CAP)?;
                check_adoption(adoption, self, next).map_err(refused)
            }
            None if !asked => Ok(()),
            Some(_) => Err(refused(RequestError::RehearsalApprovals)),
            None => Err(GenesisError::NotAdopted(next.sequence)),
        }
    }

    /// Who signs a next version: all its nodes. Where fewer than two nodes stay, also the one that goes: a single
    /// node could else go on with nodes that it made up.
    pub fn signers<'a>(&'a self, next: &'a Genesis) -> impl Iterator<Item = &'a NodeEntry> {
        let before = self.versions.last().map(|(_, before)| before.nodes.as_slice()).unwrap_or_default();
        let stays = |entry: &&NodeEntry| next.node(&entry.name).is_some();
        let enough = before.iter().filter(stays).count() >= 2;
        next.nodes.iter().chain(before.iter().filter(move |entry| !enough && !stays(entry)))
    }

    /// Everything but the signatures: what a node judges before it signs, and a caller before it asks. Returns
    /// the version's hash.
    pub fn check_next(&self, next: &Genesis) -> Result<Hash, GenesisError> {
        next.check()?;
        follows(self.versions.last(), next)?;
        if let Some((_, before)) = self.versions.last() {
            keeps_nodes(before, next)?;
            self.check_newcomers(before, next)?;
            self.check_vouched(next)?;
            self.check_custodians(before, next)?;
        }
        check_replacements(self.versions.last().map(|(_, before)| &**before), next)?;
        within("the whole", self.size.saturating_add(next.signed_size()?), CHAIN_CAP)?;
        Ok(next.hash()?)
    }

    /// That one more version with `more` bytes than the one in force can follow.
    pub fn check_room(&self, more: usize) -> Result<(), GenesisError> {
        within("the number of versions", self.versions.len() + 1, VERSIONS_CAP)?;
        let size = self.current().signed_size()? + more;
        within("one version", size, VERSION_CAP)?;
        within("the whole", self.size.saturating_add(size), CHAIN_CAP)
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
        self.versions.iter().find(|(h, _)| h == hash).map(|(_, genesis)| &**genesis)
    }

    /// The chain as it was while one of its versions was in force.
    pub fn until(&self, hash: &Hash) -> Option<Self> {
        let at = self.versions.iter().position(|(h, _)| h == hash)?;
        let versions = self.versions.get(..=at)?.to_vec();
        // Nothing is appended to it that the whole chain has no room for.
        Some(Self { versions, size: self.size })
    }

    /// All versions with their hashes, oldest first.
    pub fn hashed(&self) -> impl DoubleEndedIterator<Item = (&Hash, &Genesis)> {
        self.versions.iter().map(|(hash, genesis)| (hash, &**genesis))
    }

    /// All versions, oldest first.
    pub fn versions(&self) -> impl DoubleEndedIterator<Item = &Genesis> {
        self.versions.iter().map(|(_, genesis)| &**genesis)
    }

    /// Who comes into the set was never in it before, under no name; nor is a key of a former node or of
    /// another person taken again.
    fn check_newcomers(&self, before: &Genesis, next: &Genesis) -> Result<(), GenesisError> {
        for entry in next.nodes.iter().filter(|entry| before.node(&entry.name).is_none()) {
            if self.versions().any(|version| version.node(&entry.name).is_some()) {
                return Err(GenesisError::OldNode(entry.name.clone()));
            }
            let keys = entry.keys();
            let former = self.versions().flat_map(|version| &version.nodes);
            if former.flat_map(|former| former.keys()).any(|key| keys.contains(&key)) {
                return Err(GenesisError::SharedKey(entry.name.clone()));
            }
        }
        for person in next.people.iter().filter(|person| before.person(&person.name) != Some(*person)) {
            let keys = person.keys();
            let others = self.versions().flat_map(|version| &version.people);
            let others = others.filter(|other| other.name != person.name);
            if others.flat_map(|other| other.keys()).any(|key| keys.contains(&key)) {
                return Err(GenesisError::SharedKey(person.name.clone()));
            }
        }
        Ok(())
    }

    /// A card that differs from the last one known of that person is vouched for by it, also after the person
    /// was away for some versions.
    fn check_vouched(&self, next: &Genesis) -> Result<(), GenesisError> {
        for person in &next.people {
            let last = self.versions().rev().find_map(|version| version.person(&person.name));
            if let Some(last) = last.filter(|last| last.card != person.card) {
                let name = person.name.clone();
                person
                    .card
                    .check_replaces(&last.card)
                    .map_err(|source| GenesisError::NotVouched { name, source })?;
            }
        }
        Ok(())
    }

    /// Who was ever custodian of a server has seen its shares, and gets those of no other one. A key belongs to one
    /// name for good and a card is replaced under its name, so that the name is the person.
    fn check_custodians(&self, before: &Genesis, next: &Genesis) -> Result<(), GenesisError> {
        for person in &next.people {
            let server = person.server.as_ref();
            let Some(server) =
                server.filter(|_| before.person(&person.name).map(|p| &p.server) != Some(&person.server))
            else {
                continue;
            };
            let held = self.versions().filter_map(|version| version.person(&person.name)?.server.as_ref());
            if let Some(was) = held.into_iter().find(|was| next.holder(was) != server) {
                return Err(GenesisError::Walks { name: person.name.clone(), was: was.clone() });
            }
        }
        Ok(())
    }

    #[allow(clippy::expect_used)]
    fn last(&self) -> &(Hash, Arc<Genesis>) {
        self.versions.last().expect("a checked chain has at least one version")
    }
}

/// What was replaced stays so; a version adds at most one: the node that goes with it, by one that comes with it.
/// Since nobody comes back and nobody comes twice, no node ever holds two indices of a key.
fn check_replacements(before: Option<&Genesis>, next: &Genesis) -> Result<(), GenesisError> {
    let known = before.map(|before| before.replacements.as_slice()).unwrap_or_default();
    let Some(added) = next.replacements.strip_prefix(known) else {
        return Err(GenesisError::Chain(next.sequence));
    };
    let was = |name: &Name| before.is_some_and(|before| before.node(name).is_some());
    for (at, moved) in added.iter().enumerate() {
        let reason = if !was(&moved.old_node) || next.node(&moved.old_node).is_some() {
            "the old node does not go with this version"
        } else if was(&moved.new_node) || next.node(&moved.new_node).is_none() {
            "the new node does not come with this version"
        } else if at > 0 {
            "a version replaces one node by one"
        } else {
            continue;
        };
        let (old, new) = (moved.old_node.clone(), moved.new_node.clone());
        return Err(GenesisError::Replacement { old, new, reason });
    }
    Ok(())
}

fn follows(previous: Option<&(Hash, Arc<Genesis>)>, next: &Genesis) -> Result<(), GenesisError> {
    let fits = match previous {
        None => next.sequence == 0 && next.previous_hash.is_none(),
        Some((hash, before)) => {
            before.sequence.checked_add(1) == Some(next.sequence)
                && next.previous_hash == Some(*hash)
                && next.genesis_id == before.genesis_id
                && next.mode == before.mode
        }
    };
    if fits { Ok(()) } else { Err(GenesisError::Chain(next.sequence)) }
}

/// A version keeps every node's card, and drops at most one node: those that stay must sign it, and are two or have
/// the signature of the one that goes, so that neither a stranger nor a single node appends a version of its own.
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
