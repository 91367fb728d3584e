//! A chain of versions, and what each may change of the one before.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Genesis, GenesisError, Mode, Replacement};
use crate::{digest::Hash, ids::Name, signing_key::Signature};

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
    /// By every node in it, and nobody else.
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
        let mut chain = Self { versions: Vec::with_capacity(signed.len()) };
        for next in signed {
            chain.append(next)?;
        }
        if chain.versions.is_empty() { Err(GenesisError::Empty) } else { Ok(chain) }
    }

    /// Checks one more version and takes it.
    pub fn append(&mut self, next: &SignedGenesis) -> Result<(), GenesisError> {
        let genesis = &next.genesis;
        let hash = self.check_next(genesis)?;
        for entry in &genesis.nodes {
            let by_node = next.signatures.iter().find(|s| s.name == entry.name);
            by_node
                .and_then(|s| entry.card.card.signing_key.verify(&hash, &s.signature).ok())
                .ok_or_else(|| GenesisError::Signature(genesis.sequence, entry.name.clone()))?;
        }
        // Every node has one, so more of them are of strangers or double.
        if next.signatures.len() != genesis.nodes.len() {
            return Err(GenesisError::Surplus(genesis.sequence));
        }
        self.versions.push((hash, genesis.clone()));
        Ok(())
    }

    /// Everything but the signatures: what a node judges before it signs, and a caller before it asks. Returns
    /// the version's hash.
    pub fn check_next(&self, next: &Genesis) -> Result<Hash, GenesisError> {
        next.check()?;
        if next.mode != Mode::Rehearsal {
            return Err(GenesisError::Production);
        }
        follows(self.versions.last(), next)?;
        if let Some((_, before)) = self.versions.last() {
            keeps_nodes(before, next)?;
            self.check_newcomers(before, next)?;
            self.check_vouched(next)?;
        }
        self.check_replacements(next)?;
        Ok(next.hash()?)
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

    /// Who came into the set when `old` went out of it: the only ones its indices may move to.
    pub fn successors(&self, old: &Name) -> Vec<&Name> {
        successors(&self.versions().collect::<Vec<_>>(), old)
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

    /// What moved stays moved, and only from a node that went to the one that came in its stead. Within one key
    /// a node has one index for good.
    fn check_replacements(&self, next: &Genesis) -> Result<(), GenesisError> {
        let before = self.versions.last().map_or(&[][..], |(_, before)| &before.replacements);
        let Some(added) = next.replacements.strip_prefix(before) else {
            return Err(GenesisError::Chain(next.sequence));
        };
        let mut moves: BTreeMap<&Hash, Vec<&Replacement>> = BTreeMap::new();
        for moved in before {
            moves.entry(&moved.key_card_hash).or_default().push(moved);
        }
        let versions: Vec<&Genesis> = self.versions().chain([next]).collect();
        for moved in added {
            let refused = |reason| GenesisError::Replacement {
                index: moved.index,
                old: moved.old_node.clone(),
                new: moved.new_node.clone(),
                reason,
            };
            if !successors(&versions, &moved.old_node).contains(&&moved.new_node) {
                return Err(refused("the new node did not come when the old one went"));
            }
            if next.node(&moved.new_node).is_none() {
                return Err(refused("the new node is not in this version"));
            }
            let of_key = moves.entry(&moved.key_card_hash).or_default();
            check_move(of_key, moved).map_err(refused)?;
            of_key.push(moved);
        }
        Ok(())
    }

    #[allow(clippy::expect_used)]
    fn last(&self) -> &(Hash, Genesis) {
        self.versions.last().expect("a checked chain has at least one version")
    }
}

/// One more move of an index, after those `known` of the same key.
fn check_move(known: &[&Replacement], moved: &Replacement) -> Result<(), &'static str> {
    if moved.index == 0 {
        return Err("indices count from 1");
    }
    let mut holder = None;
    for other in known {
        let named = |name: &Name| other.old_node == *name || other.new_node == *name;
        if other.index == moved.index {
            holder = Some(&other.new_node);
        } else if named(&moved.old_node) || named(&moved.new_node) {
            return Err("one of the two has another index of the same key");
        }
    }
    match holder {
        Some(holder) if *holder != moved.old_node => Err("the old node does not hold it"),
        _ => Ok(()),
    }
}

/// The nodes that came in the version in which `old` was gone.
fn successors<'a>(versions: &[&'a Genesis], old: &Name) -> Vec<&'a Name> {
    let mut pairs = versions.iter().zip(versions.iter().skip(1));
    let left = pairs.find(|(before, next)| before.node(old).is_some() && next.node(old).is_none());
    let Some((before, next)) = left else { return Vec::new() };
    let names = next.nodes.iter().map(|entry| &entry.name);
    names.filter(|name| before.node(name).is_none()).collect()
}

fn follows(previous: Option<&(Hash, Genesis)>, next: &Genesis) -> Result<(), GenesisError> {
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
