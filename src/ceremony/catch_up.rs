//! Nodes and workspace at one version of the genesis. A run that was stopped while a version was appended, or
//! a `genesis.json` put back from a copy, leaves some of them behind; whatever opens nodes brings them along.

use std::collections::BTreeSet;

use super::{
    CeremonyError, candidates,
    workspace::{PinnedNode, Workspace, unexpected},
};
use crate::{
    genesis::{Chain, Genesis, SignedGenesis},
    node::{Call, Reply},
};

/// Where a node's chain is, beside another one.
enum Stand {
    Same,
    Behind,
    Ahead(Chain),
}

/// Brings opened nodes and the workspace to the longest chain among them, and checks that each node is the one
/// that was pinned. Another key, another history, or other nodes in the set than this home knows of is an error and
/// changes nothing.
pub(super) fn run(workspace: &Workspace, nodes: &mut [PinnedNode]) -> Result<(), CeremonyError> {
    let (pinned, signed) = (workspace.chain()?, workspace.signed_chain()?);
    let mut longest: Option<(Chain, &PinnedNode)> = None;
    for node in nodes.iter() {
        let Stand::Ahead(theirs) = stand(pinned, signed, node)? else { continue };
        match &longest {
            Some((other, _)) if other.version(&theirs.current_hash()).is_some() => {}
            Some((other, _)) if theirs.version(&other.current_hash()).is_none() => {
                return Err(CeremonyError::Forked(format!(
                    "the genesis chain of {} has another history than that of the other nodes",
                    node.name()
                )));
            }
            _ => longest = Some((theirs, node)),
        }
    }
    if let Some((chain, ahead)) = longest {
        check_same_nodes(workspace, &chain, ahead)?;
        for node in nodes.iter() {
            stand(&chain, &ahead.hello.chain, node)?;
        }
        workspace.catch_up_with(ahead.hello.chain.clone())?;
    }
    for node in nodes {
        bring(workspace, node)?;
    }
    Ok(())
}

/// What nodes have beyond the pinned chain may enrol people: all pinned nodes signed it. Whether a node goes or
/// comes, this home decides: it began that version, or a person confirmed the words of the last one.
fn check_same_nodes(workspace: &Workspace, chain: &Chain, ahead: &PinnedNode) -> Result<(), CeremonyError> {
    let mut before = workspace.chain()?.current();
    let began = candidates::intended(workspace)?;
    let confirmed = workspace.is_confirmed(&chain.current_hash());
    for version in chain.versions().filter(|version| version.sequence > before.sequence).collect::<Vec<_>>() {
        let names =
            |genesis: &Genesis| genesis.nodes.iter().map(|node| node.name.clone()).collect::<BTreeSet<_>>();
        if names(before) != names(version) && began.as_ref() != Some(version) && !confirmed {
            return Err(CeremonyError::After {
                source: Box::new(CeremonyError::Forked(format!(
                    "{} has a version {} of the genesis that this workspace did not begin, in which {} (now version \
                     {}, {}, \"{}\")",
                    ahead.name(),
                    version.sequence,
                    super::govern::changes(before, version).join(", "),
                    chain.current().sequence,
                    chain.current_hash(),
                    chain.current_hash().words()
                ))),
                state: "nothing was changed; the pinned genesis stays".into(),
                hint: "put the newest copy of genesis.json back; if there is none and you know these words (a custodian \
                       who pinned that version has them): quorate doctor --fix --confirm \"WORDS\""
                    .into(),
            });
        }
        before = version;
    }
    Ok(())
}

/// Gives one node the versions it lacks; one without a genesis takes the whole chain.
fn bring(workspace: &Workspace, node: &mut PinnedNode) -> Result<(), CeremonyError> {
    let (pinned, all) = (workspace.chain()?, workspace.signed_chain()?);
    if matches!(stand(pinned, all, node)?, Stand::Behind) {
        let signed = all.iter().skip(node.hello.chain.len()).cloned().collect();
        let Reply::Done = node.node.handle(Call::AdoptGenesis { signed })? else {
            return Err(unexpected(&*node.node).into());
        };
        node.refresh()?;
        if !matches!(stand(pinned, all, node)?, Stand::Same) {
            return Err(unexpected(&*node.node).into());
        }
    }
    Ok(())
}

/// Judges a node's card and chain beside a chain that it must be of.
fn stand(pinned: &Chain, signed: &[SignedGenesis], node: &PinnedNode) -> Result<Stand, CeremonyError> {
    let (name, hello) = (node.name(), &node.hello);
    let other = || {
        let what = format!("{name} does not have the card and genesis this workspace pinned");
        Err(CeremonyError::Damaged(what))
    };
    if pinned.current().node(name) != Some(&hello.card) {
        return other();
    }
    if hello.chain == signed {
        return Ok(Stand::Same);
    }
    if hello.chain.is_empty() {
        // A newcomer that was not given the chain. One that is in the first version has it from the start, or, in
        // production, still remembers that it signed it.
        let first = pinned.versions().next();
        let came_later = first.is_some_and(|first| first.node(name).is_none());
        let signed_first = hello.candidate.is_some() && hello.candidate.as_deref() == first;
        return if came_later || signed_first { Ok(Stand::Behind) } else { other() };
    }
    let theirs = Chain::check(&hello.chain)?;
    if theirs.current_hash() == pinned.current_hash() {
        Ok(Stand::Same)
    } else if pinned.version(&theirs.current_hash()).is_some() {
        Ok(Stand::Behind)
    } else if theirs.version(&pinned.current_hash()).is_some() {
        Ok(Stand::Ahead(theirs))
    } else {
        other()
    }
}
