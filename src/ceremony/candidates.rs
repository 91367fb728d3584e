//! The version of the genesis that this home is about to append, and what nodes say they signed.
//!
//! `genesis.next.json` holds that version from before the first node is asked until it stands in `genesis.json`. A
//! node's candidate is one node's unsigned word: only the version in that file is completed, or one whose words a
//! person confirmed.

use std::path::PathBuf;

use super::{
    CeremonyError,
    workspace::{PinnedNode, Workspace},
};
use crate::{
    codec::{self, JSON_CAP},
    digest::Hash,
    genesis::{Genesis, PersonEntry},
    ids::Name,
    store::files,
};

/// The version that this home began; one that is in force already counts for nothing.
pub(super) fn intended(workspace: &Workspace) -> Result<Option<Genesis>, CeremonyError> {
    let path = path(workspace);
    let bytes = match files::read_capped(&path, JSON_CAP as u64) {
        Err(files::FileError::NotFound(_)) => return Ok(None),
        other => other?,
    };
    let genesis: Genesis = codec::from_canonical("genesis.next.json", &bytes, JSON_CAP)
        .map_err(|e| CeremonyError::Damaged(format!("{}: {e}", path.display())))?;
    let follows = genesis.previous_hash == Some(workspace.chain()?.current_hash());
    Ok(Some(genesis).filter(|_| follows))
}

/// Remembers, durably, what nodes are about to be asked to sign.
pub(super) fn intend(workspace: &Workspace, next: &Genesis) -> Result<(), CeremonyError> {
    Ok(files::replace(&path(workspace), &codec::canonical("genesis.next.json", next)?)?)
}

/// Forgets it: it is in force, or no node signed it.
pub(super) fn forget(workspace: &Workspace) -> Result<(), CeremonyError> {
    let path = path(workspace);
    if std::fs::symlink_metadata(&path).is_err() {
        return Ok(());
    }
    Ok(files::remove_file(&path)?)
}

/// The version to complete: this home's own, where a node signed it, or one that was confirmed. Any other
/// candidate is an error, but for one of a node that is to be replaced.
pub(super) fn judge(
    workspace: &Workspace,
    nodes: &[PinnedNode],
    leaving: Option<&Name>,
) -> Result<Option<Genesis>, CeremonyError> {
    let current = workspace.chain()?.current();
    let sequence = current.sequence.saturating_add(1);
    let signed: Vec<(&Name, &Genesis)> = nodes
        .iter()
        .filter_map(|node| Some((node.name(), node.hello.candidate.as_deref()?)))
        .filter(|(_, candidate)| candidate.sequence == sequence)
        .collect();
    let own = intended(workspace)?;
    let (ours, foreign): (Vec<_>, Vec<_>) =
        signed.into_iter().partition(|(_, candidate)| Some(*candidate) == own.as_ref());
    let foreign: Vec<_> = foreign.into_iter().filter(|(name, _)| Some(*name) != leaving).collect();
    let Some((_, one)) = foreign.first() else {
        return Ok(own.filter(|_| !ours.is_empty()));
    };
    let alone = ours.is_empty() && foreign.iter().all(|(_, candidate)| candidate == one);
    if alone && workspace.is_confirmed(&one.hash()?) {
        return Ok(Some((*one).clone()));
    }
    let ours = own.as_ref().map(|own| (own, ours.as_slice()));
    Err(refusal(current, &foreign, ours, alone)?)
}

/// Names who signed what, and the way out, if there is one.
fn refusal(
    current: &Genesis,
    foreign: &[(&Name, &Genesis)],
    own: Option<(&Genesis, &[(&Name, &Genesis)])>,
    alone: bool,
) -> Result<CeremonyError, CeremonyError> {
    let mut said = Vec::new();
    for (name, candidate) in foreign {
        said.push(format!(
            "{name} signed a version {} of the genesis that this workspace did not begin, in which {} ({}, \"{}\")",
            candidate.sequence,
            difference(current, candidate),
            candidate.hash()?,
            candidate.hash()?.words()
        ));
    }
    if let Some((own, signers)) = own {
        let names = signers.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", ");
        let names = if names.is_empty() { "no node".to_owned() } else { names };
        said.push(format!("{names} signed the one that it began, in which {}", difference(current, own)));
    }
    let culprit = foreign.first().map(|(name, _)| name.as_str()).unwrap_or_default();
    let hint = if alone {
        format!(
            "only if you know that it was begun here (GENESIS_INITIATED in quorate audit show): quorate doctor --fix \
             --confirm \"WORDS\"; else: quorate node replace {culprit} --with NEWNAME"
        )
    } else {
        "nodes that signed different versions complete none of them, ever: keys are used and exported under the \
         version in force, by people who stay in what each node signed; new people, nodes and keys need a new node \
         set: quorate --home NEW init"
            .into()
    };
    Ok(CeremonyError::After {
        source: Box::new(CeremonyError::Forked(said.join("; "))),
        state: "no version was completed; the one in force stays, and keys can be used under it".into(),
        hint,
    })
}

/// What a version changes of nodes and people, in words.
pub(super) fn differences(before: &Genesis, next: &Genesis) -> Vec<String> {
    let mut found = Vec::new();
    for entry in &next.nodes {
        match before.node(&entry.name) {
            None => found.push(format!("node {} comes; card: {}", entry.name, words(entry.card.hash()))),
            Some(card) if *card != entry.card => found.push(format!("node {} has other keys", entry.name)),
            Some(_) => {}
        }
    }
    let gone = before.nodes.iter().filter(|entry| next.node(&entry.name).is_none());
    found.extend(gone.map(|entry| format!("node {} goes", entry.name)));
    for person in &next.people {
        let described = super::people::described(person);
        match before.person(&person.name) {
            None => {
                let card = words(person.card.hash());
                found.push(format!("{} is enrolled as {described}; card: {card}", person.name));
            }
            Some(same) if same == person => {}
            Some(other) if other.card == person.card => {
                found.push(format!("{} becomes {described}", person.name));
            }
            Some(other) => {
                let (card, was) = (words(person.card.hash()), super::people::described(other));
                found.push(format!(
                    "{} was {was}, becomes {described} and has another card: {card}",
                    person.name
                ));
            }
        }
    }
    for moved in next.replacements.iter().skip(before.replacements.len()) {
        found.push(format!("{} takes over every index of {}", moved.new_node, moved.old_node));
    }
    let left = |person: &&PersonEntry| next.person(&person.name).is_none();
    found.extend(before.people.iter().filter(left).map(|person| format!("{} is removed", person.name)));
    found
}

fn words<E>(hash: Result<Hash, E>) -> String {
    hash.map_or_else(|_| "none".into(), |hash| hash.words())
}

fn difference(before: &Genesis, next: &Genesis) -> String {
    super::govern::changes(before, next).join(", ")
}

fn path(workspace: &Workspace) -> PathBuf {
    workspace.home().join("genesis.next.json")
}
