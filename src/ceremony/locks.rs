//! Locks: whom the servers of a key do not work with, and how the quorum lifts that (R13).

use super::{
    CeremonyError, keys,
    workspace::{PinnedNode, Workspace, unexpected},
};
use crate::{
    audit::Event,
    ids::{KeyId, Name},
    keyshare::KeyCard,
    node::{Call, Lock, NodeError, Reply},
    request::{Action, UnlockParams},
};

/// A lock that one server keeps.
pub struct Locked {
    /// Who keeps it.
    pub server: Name,
    /// Against whom, since when and why.
    pub lock: Lock,
    /// Its evidence convinces everybody else, too: the culprit signed two things in one place.
    pub proven: bool,
}

/// Every lock that the servers of a key keep.
pub fn list(workspace: &Workspace, key_id: &KeyId) -> Result<Vec<Locked>, CeremonyError> {
    let chain = workspace.chain()?;
    let mut found = Vec::new();
    for server in keys::show(workspace, key_id)?.servers {
        for lock in server.locks() {
            let key = chain.versions().rev().find_map(|version| version.node(&lock.culprit));
            let proven = key.zip(lock.evidence.as_ref());
            let proven = proven.is_some_and(|(card, evidence)| evidence.convicts(&card.card.signing_key));
            found.push(Locked { server: server.name.clone(), lock: lock.clone(), proven });
        }
    }
    Ok(found)
}

/// Gives the evidence of a failed run, if it convicts somebody, to the servers of the key that were not in it. Who cannot be
/// asked now is not told; a failure of this changes nothing of the one that is reported.
pub(super) fn spread(
    workspace: &Workspace,
    card: &KeyCard,
    open: &mut [PinnedNode],
    failure: &CeremonyError,
) {
    let CeremonyError::Node(NodeError { evidence: Some(evidence), culprits, .. }) = failure else { return };
    let convict = |node: &mut PinnedNode| {
        let card = Box::new(card.dirty().clone());
        let _ = node.node.handle(Call::Convict { card, evidence: evidence.clone() });
    };
    let holders = workspace.chain().ok().and_then(|chain| card.body().holders(chain).ok());
    let there = |name: &Name| culprits.contains(name) || open.iter().any(|node| node.name() == name);
    let others: Vec<Name> = holders.unwrap_or_default().into_iter().filter(|name| !there(name)).collect();
    open.iter_mut().filter(|node| !culprits.contains(node.name())).for_each(convict);
    for name in others {
        workspace.nodes(&[name]).unwrap_or_default().iter_mut().for_each(convict);
    }
}

/// Has every server lift its locks on a culprit; returns which ones kept one. The others use the request up, too, and will not
/// be told of what was lifted here.
pub fn lift(
    workspace: &mut Workspace,
    key_id: &KeyId,
    culprit: &Name,
    reason: Option<String>,
) -> Result<Vec<Name>, CeremonyError> {
    let card = workspace.inventory().card(key_id, workspace.chain()?)?;
    let mut kept: Vec<Name> = Vec::new();
    for locked in list(workspace, key_id)?.into_iter().filter(|locked| locked.lock.culprit == *culprit) {
        if !kept.contains(&locked.server) {
            kept.push(locked.server);
        }
    }
    if kept.is_empty() {
        return Ok(kept);
    }
    let given = workspace.given().iter().find_map(|given| match &given.request.action {
        Action::Unlock(params) if params.key_id == *key_id && params.culprit == *culprit => {
            Some(params.reason.clone())
        }
        _ => None,
    });
    let reason = reason.or(given).ok_or_else(|| CeremonyError::Usage("--reason is needed".into()))?;
    let params = UnlockParams { key_id: *key_id, culprit: culprit.clone(), reason };
    let mut nodes = workspace.nodes(&kept)?;
    let holders = card.body().holders(workspace.chain()?)?;
    for name in holders.iter().filter(|name| !kept.contains(name) && *name != culprit) {
        nodes.extend(workspace.nodes(std::slice::from_ref(name)).unwrap_or_default());
    }
    let request = workspace.request(Action::Unlock(params), Some(card.hash()), &nodes)?;
    let note = Workspace::note_of(Event::UnlockInitiated, &request)?.with("culprit", culprit);
    workspace.intend(&request, note)?;
    for node in &mut nodes {
        match node.node.handle(Call::Unlock { request: Box::new(request.clone()) }) {
            Ok(Reply::Done) => {}
            _ if !kept.contains(node.name()) => {}
            other => return Err(other.err().unwrap_or_else(|| unexpected(&*node.node)).into()),
        }
    }
    workspace.note(Workspace::note_of(Event::LockLifted, &request)?.with("culprit", culprit))?;
    Ok(kept)
}
