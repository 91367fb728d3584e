//! `key list`, `show`, `resume`, `abandon`: what keys there are, how far each is, and the way out of a
//! generation that stopped half-way.

use rand_core::OsRng;

use super::{
    CeremonyError,
    generate::{agreed_card, indexed},
    inventory::{Exposed, Known},
    recover, relay,
    workspace::{PinnedNode, Workspace, unexpected},
};
use crate::{
    audit::Event,
    codec::HexArray,
    curve::Engine,
    digest::Hash,
    ids::{KeyId, Name, OpId},
    keyshare::{DirtyKeyCard, KeyCard},
    node::{Call, KeyEntry, KeyRecord, KeyState, Lock, Reply, Resident},
    request::{Action, KeyParams},
};

/// A key on one server.
#[derive(Clone, Debug)]
pub struct OnServer {
    /// The server.
    pub name: Name,
    /// What it knows.
    pub entry: Option<KeyEntry>,
    /// What it keeps of the point for good.
    pub record: Option<KeyRecord>,
    /// What of it is there now.
    pub resident: Resident,
}

impl OnServer {
    /// `active`, `exported` (it knows the key, and its share has left), `pending` or `absent`.
    pub fn state(&self) -> &'static str {
        match self.entry.as_ref().map(|entry| entry.state) {
            Some(KeyState::Active) if self.resident.share => "active",
            Some(KeyState::Active) => "exported",
            Some(KeyState::Pending) => "pending",
            None => "absent",
        }
    }

    /// Aux in use.
    pub fn aux(&self) -> Option<OpId> {
        self.entry.as_ref().and_then(|entry| entry.aux_id)
    }

    /// It knows that the key was whole somewhere.
    pub fn exposed(&self) -> bool {
        self.record.as_ref().is_some_and(|record| record.exposed)
    }

    /// Locks against others.
    pub fn locks(&self) -> &[Lock] {
        self.record.as_ref().map_or(&[], |record| &record.locks)
    }
}

/// A key and what its servers say of it.
pub struct Shown {
    /// From the inventory.
    pub known: Known,
    /// From each of its servers.
    pub servers: Vec<OnServer>,
    /// What this home knows of its exposure.
    pub exposed: Option<Exposed>,
}

impl Shown {
    /// Whether servers have different aux, because making it stopped half-way or was meant for some of them:
    /// those that share one still sign together.
    pub fn mixed_aux(&self) -> bool {
        self.servers.iter().any(|server| server.aux().is_some()) && common_aux(&self.servers).is_none()
    }

    /// `exposed` (it was recovered, as this home or a server knows: it signs no more); `active`; `exported` (fewer servers than sign hold a share); `no aux` (an ECDSA key that cannot sign
    /// before `aux renew`: fewer servers than sign share one); or `incomplete`.
    pub fn status(&self) -> &'static str {
        let Known::Card(card) = &self.known else { return "incomplete" };
        if self.exposed.is_some() || self.servers.iter().any(OnServer::exposed) {
            return "exposed";
        }
        if self.servers.iter().any(|server| !matches!(server.state(), "active" | "exported")) {
            return "incomplete";
        }
        let needs_aux = card.body().curve.engine() == Engine::Ecdsa;
        let threshold = card.body().threshold.into();
        if self.servers.iter().filter(|server| server.resident.share).count() < threshold {
            return "exported";
        }
        if needs_aux && !enough_share_aux(&self.servers, threshold) { "no aux" } else { "active" }
    }
}

/// All keys of the workspace, from its inventory alone.
pub fn list(workspace: &Workspace) -> Result<Vec<Known>, CeremonyError> {
    let inventory = workspace.inventory();
    let ids = inventory.ids()?;
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let chain = workspace.chain()?;
    ids.iter().map(|id| inventory.find(id, chain)).collect()
}

/// One key, with the state on every server.
pub fn show(workspace: &Workspace, key_id: &KeyId) -> Result<Shown, CeremonyError> {
    let known = workspace.inventory().find(key_id, workspace.chain()?)?;
    let mut nodes = workspace.nodes(&holders(workspace, &known)?)?;
    let servers = ask(&mut nodes, key_id)?;
    let exposed = match &known {
        Known::Card(card) => workspace.inventory().exposed(&card.body().group_public_key)?,
        Known::Pending(_) => None,
    };
    Ok(Shown { known, servers, exposed })
}

/// What those servers of a key say that can be asked at all.
pub(super) fn reachable(workspace: &Workspace, card: &KeyCard, key_id: &KeyId) -> Vec<OnServer> {
    let one = |name: &Name| {
        let mut nodes = workspace.nodes(std::slice::from_ref(name)).ok()?;
        ask(&mut nodes, key_id).ok()?.pop()
    };
    let holders = workspace.chain().ok().and_then(|chain| card.body().holders(chain).ok());
    holders.unwrap_or_default().iter().filter_map(one).collect()
}

/// Finishes a key whose share is durable on every server, and has a server that came in the place of another one
/// know it. Which of the ways applies depends on where the
/// run stopped; a key some server never got a share of cannot be finished.
pub fn resume(workspace: &mut Workspace, key_id: &KeyId) -> Result<KeyCard, CeremonyError> {
    let known = workspace.inventory().find(key_id, workspace.chain()?)?;
    let mut nodes = workspace.nodes(&holders(workspace, &known)?)?;
    let servers = ask(&mut nodes, key_id)?;
    let certificate = match &known {
        Known::Card(card) => Some(card.dirty().clone()),
        Known::Pending(_) => complete_card(&servers),
    };
    let card = match certificate {
        Some(card) => {
            let card = card.check(workspace.chain()?)?;
            if !fits(&known, &card) {
                return Err(CeremonyError::Damaged(format!(
                    "a server answered with the card of another key than {key_id}"
                )));
            }
            card
        }
        None => {
            if let Some(without) = servers.iter().find(|server| server.entry.is_none()) {
                return Err(CeremonyError::Incomplete {
                    key_id: *key_id,
                    reason: format!(
                        "{} never got its share, so the key cannot be finished; `quorate key abandon --key {key_id}` removes it",
                        without.name
                    ),
                });
            }
            activate_anew(workspace, key_id, &servers, &mut nodes)?
        }
    };
    for (node, server) in nodes.iter_mut().zip(&servers) {
        match server.state() {
            "pending" => {
                node.node.handle(Call::Activate { card: Box::new(card.dirty().clone()) })?;
            }
            "absent" => teach(workspace, key_id, &card, node)?,
            _ => {}
        }
    }
    // An alias has no card of its own to write.
    if card.body().key_id == *key_id {
        workspace.inventory().complete(&card, None)?;
    }
    Ok(card)
}

/// Removes a key that is complete nowhere.
pub fn abandon(workspace: &mut Workspace, key_id: &KeyId) -> Result<(), CeremonyError> {
    let known = workspace.inventory().find(key_id, workspace.chain()?)?;
    let mut nodes = workspace.nodes(&holders(workspace, &known)?)?;
    let servers = ask(&mut nodes, key_id)?;
    if matches!(known, Known::Card(_)) || complete_card(&servers).is_some() {
        return Err(CeremonyError::Denied(format!(
            "key {key_id} is complete on at least one server, and only an incomplete key can be abandoned"
        )));
    }
    let request = workspace.request(Action::Abandon(KeyParams { key_id: *key_id }), None, &nodes)?;
    workspace.intend(&request, Workspace::note_of(Event::SessionStarted, &request)?)?;
    let mut renounced = Vec::new();
    for node in &mut nodes {
        match node.node.handle(Call::Renounce { request: Box::new(request.clone()) })? {
            Reply::Renounced(signature) => renounced.push(signature),
            _ => return Err(unexpected(&*node.node).into()),
        }
    }
    for node in &mut nodes {
        let call = Call::Abandon { request: Box::new(request.clone()), renounced: renounced.clone() };
        let Reply::Done = node.node.handle(call)? else { return Err(unexpected(&*node.node).into()) };
    }
    workspace.note(Workspace::note_of(Event::KeyAbandoned, &request)?)?;
    workspace.inventory().forget(key_id)
}

/// All shares are durable and no card was completed: the nodes sign it and prove the key in a new session.
fn activate_anew(
    workspace: &mut Workspace,
    key_id: &KeyId,
    servers: &[OnServer],
    nodes: &mut [PinnedNode],
) -> Result<KeyCard, CeremonyError> {
    let hash = common_card(servers)?;
    let request = workspace.request(Action::Activate(KeyParams { key_id: *key_id }), Some(hash), nodes)?;
    workspace.intend(&request, Workspace::note_of(Event::SessionStarted, &request)?)?;
    let card = agreed_card(relay::run(&mut indexed(nodes), &request, 1)?)?;
    let card = card.check(workspace.chain()?)?;
    workspace.note(Workspace::note_of(Event::KeyActivated, &request)?.with("card", card.hash()))?;
    Ok(card)
}

/// Whether a card is of the key that was asked for.
fn fits(known: &Known, card: &KeyCard) -> bool {
    let body = card.body();
    match known {
        Known::Card(own) => own.hash() == card.hash(),
        Known::Pending(pending) => {
            body.key_id == pending.key_id
                && body.curve == pending.curve
                && body.threshold == pending.threshold
                && body.roster == pending.servers
        }
    }
}

/// Whether some aux is in use on as many servers as sign.
fn enough_share_aux(servers: &[OnServer], threshold: usize) -> bool {
    let sharing = |aux: OpId| servers.iter().filter(|server| server.aux() == Some(aux)).count();
    servers.iter().filter_map(OnServer::aux).any(|aux| sharing(aux) >= threshold)
}

/// The aux that all of these servers have in use.
pub(super) fn common_aux(servers: &[OnServer]) -> Option<OpId> {
    let (first, others) = servers.split_first()?;
    first.aux().filter(|aux| others.iter().all(|other| other.aux() == Some(*aux)))
}

fn common_card(servers: &[OnServer]) -> Result<Hash, CeremonyError> {
    let mut hashes = servers.iter().filter_map(|server| server.entry.as_ref()).map(|e| e.card().hash());
    let first = hashes.next().ok_or(CeremonyError::Disagree)??;
    for other in hashes {
        if other? != first {
            return Err(CeremonyError::Disagree);
        }
    }
    Ok(first)
}

fn complete_card(servers: &[OnServer]) -> Option<DirtyKeyCard> {
    let entries = servers.iter().filter_map(|server| server.entry.as_ref());
    entries.filter(|entry| entry.state == KeyState::Active).map(|entry| entry.card.clone()).next()
}

/// What nodes know of a key.
pub(super) fn ask(nodes: &mut [PinnedNode], key_id: &KeyId) -> Result<Vec<OnServer>, CeremonyError> {
    let mut servers = Vec::with_capacity(nodes.len());
    for pinned in nodes {
        let Reply::Key(entry, record, resident) = pinned.node.handle(Call::Key { key_id: *key_id })? else {
            return Err(unexpected(&*pinned.node).into());
        };
        let (entry, record) = (entry.map(|e| *e), record.map(|r| *r));
        servers.push(OnServer { name: pinned.name().clone(), entry, record, resident });
    }
    Ok(servers)
}

/// Who holds a key now; of one that is not complete, who was to hold it.
fn holders(workspace: &Workspace, known: &Known) -> Result<Vec<Name>, CeremonyError> {
    match known {
        Known::Card(card) => Ok(card.body().holders(workspace.chain()?)?),
        Known::Pending(pending) => Ok(pending.servers.clone()),
    }
}

/// Has a server know a key whose index it holds now; its share comes by import, or for one signature.
pub(super) fn teach(
    workspace: &Workspace,
    key_id: &KeyId,
    card: &KeyCard,
    node: &mut PinnedNode,
) -> Result<(), CeremonyError> {
    let alias = workspace.inventory().alias(key_id, workspace.chain()?)?.map(Box::new);
    let op_id = HexArray::random(&mut OsRng);
    let Reply::Done = node.node.handle(Call::Learn { card: Box::new(card.dirty().clone()), alias, op_id })?
    else {
        return Err(unexpected(&*node.node).into());
    };
    recover::tell(workspace, card, node)
}
