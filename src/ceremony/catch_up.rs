//! Nodes and workspace at one version of the genesis. A run that was stopped while a version was appended, or
//! a `genesis.json` put back from a copy, leaves some of them behind; whatever opens nodes brings them along.

use super::{
    CeremonyError,
    workspace::{PinnedNode, Workspace, unexpected},
};
use crate::{
    genesis::{Chain, SignedGenesis},
    node::{Call, Reply},
};

/// Where a node's chain is, beside the pinned one.
enum Stand {
    Same,
    Behind,
    Ahead(Chain),
}

/// Brings opened nodes and the workspace to the longest chain among them, and checks that each node is the one
/// that was pinned. Another key, or another history, is an error and changes nothing.
pub(super) fn run(workspace: &Workspace, nodes: &mut [PinnedNode]) -> Result<(), CeremonyError> {
    let mut longest: Option<(Chain, &[SignedGenesis])> = None;
    for node in nodes.iter() {
        let Stand::Ahead(theirs) = stand(workspace, node)? else { continue };
        match &longest {
            Some((other, _)) if other.version(&theirs.current_hash()).is_some() => {}
            Some((other, _)) if theirs.version(&other.current_hash()).is_none() => {
                return Err(CeremonyError::Forked(format!(
                    "the genesis chain of {} has another history than that of the other nodes",
                    node.name()
                )));
            }
            _ => longest = Some((theirs, &node.hello.chain)),
        }
    }
    if let Some((_, signed)) = longest {
        workspace.catch_up_with(signed.to_vec())?;
    }
    for node in nodes {
        bring(workspace, node)?;
    }
    Ok(())
}

/// Gives one node the versions it lacks; one without a genesis takes the whole chain.
fn bring(workspace: &Workspace, node: &mut PinnedNode) -> Result<(), CeremonyError> {
    if matches!(stand(workspace, node)?, Stand::Behind) {
        let known = node.hello.chain.len();
        let signed = workspace.signed_chain()?.iter().skip(known).cloned().collect();
        let Reply::Done = node.node.handle(Call::AdoptGenesis { signed })? else {
            return Err(unexpected(&*node.node).into());
        };
        node.refresh()?;
        if !matches!(stand(workspace, node)?, Stand::Same) {
            return Err(unexpected(&*node.node).into());
        }
    }
    Ok(())
}

fn stand(workspace: &Workspace, node: &PinnedNode) -> Result<Stand, CeremonyError> {
    let (name, hello, pinned) = (node.name(), &node.hello, workspace.chain()?);
    let other = || {
        let what = format!("{name} does not have the card and genesis this workspace pinned");
        Err(CeremonyError::Damaged(what))
    };
    if pinned.current().node(name) != Some(&hello.card) {
        return other();
    }
    if hello.chain == workspace.signed_chain()? {
        return Ok(Stand::Same);
    }
    if hello.chain.is_empty() {
        // A newcomer that was not given the chain; one that was in the first version had it from the start.
        let came_later = pinned.versions().next().is_some_and(|first| first.node(name).is_none());
        return if came_later { Ok(Stand::Behind) } else { other() };
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
