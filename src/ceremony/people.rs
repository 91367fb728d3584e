//! The genesis chain of a workspace's own nodes grows: people are enrolled, their cards follow a rotation.
//!
//! In a rehearsal a version is in force once all its nodes have signed it. The order lets a run that was stopped
//! anywhere go on: a node remembers what it signed before it gives the signature out, so that the next run
//! completes that very version first; `genesis.json` holds the signed version before any node adopts it, and
//! nodes that did not are brought along whenever they are opened.

use super::{
    CeremonyError,
    workspace::{PinnedNode, Workspace, unexpected},
};
use crate::{
    audit::{Event, Note},
    card::PersonCard,
    codec::{self, JSON_CAP},
    genesis::{Genesis, PersonEntry, SignedGenesis},
    ids::{Name, Time},
    node::{Call, Reply},
};

/// Room that signatures take beside a version, in bytes.
const SIGNATURES_ROOM: usize = 16 << 10;

/// Enrols a person. The same card with the same roles again changes nothing; returns whether anything changed.
pub fn add(workspace: &mut Workspace, wanted: PersonEntry) -> Result<bool, CeremonyError> {
    if let Some(server) = &wanted.server {
        workspace.check_servers(std::slice::from_ref(server))?;
    }
    wanted.card.check()?;
    settle(workspace)?;
    let genesis = workspace.chain()?.current();
    match enrolled(genesis, &wanted.card)? {
        Some(same) if *same == wanted => return Ok(false),
        Some(same) => {
            return Err(CeremonyError::Refused(format!(
                "{} is enrolled already, {}; that does not change by adding the card again",
                same.name,
                described(same)
            )));
        }
        None => {}
    }
    if let Some((server, other)) = wanted.server.as_ref().and_then(|s| Some((s, genesis.custodian(s)?))) {
        let message = format!("{server} has a custodian already: {}", other.name);
        return Err(CeremonyError::Refused(message));
    }
    let mut next = genesis.next(Time::now())?;
    next.people.push(wanted);
    append(workspace, next)?;
    Ok(true)
}

/// Puts a person's new card in the place of the one that vouches for it; returns whether anything changed.
pub fn update(workspace: &mut Workspace, card: PersonCard) -> Result<bool, CeremonyError> {
    card.check()?;
    settle(workspace)?;
    let genesis = workspace.chain()?.current();
    let name = &card.card.name;
    let person = genesis.person(name);
    let person = person.ok_or_else(|| CeremonyError::After {
        source: Box::new(CeremonyError::Refused(format!("{name} is not enrolled"))),
        state: "nothing was changed".into(),
        hint: format!("quorate person add {name}.card.json --role ROLE"),
    })?;
    if person.card == card {
        return Ok(false);
    }
    card.check_replaces(&person.card)?;
    let mut next = genesis.next(Time::now())?;
    for person in next.people.iter_mut().filter(|person| person.name == *name) {
        person.card = card.clone();
    }
    append(workspace, next)?;
    Ok(true)
}

/// The genesis version that a stopped run left half-signed, as far as nodes can be asked.
pub fn begun(workspace: &Workspace) -> Result<Option<u32>, CeremonyError> {
    let sequence = workspace.chain()?.current().sequence + 1;
    let signed = |name: &Name| {
        let nodes = workspace.nodes(std::slice::from_ref(name)).unwrap_or_default();
        nodes.into_iter().filter_map(|node| node.hello.candidate).any(|next| next.sequence == sequence)
    };
    Ok(workspace.servers().iter().any(signed).then_some(sequence))
}

/// Brings all nodes to the version in force and completes a version that was begun.
pub fn settle(workspace: &mut Workspace) -> Result<(), CeremonyError> {
    let names = workspace.servers().to_vec();
    settle_among(workspace, &names)
}

/// A person's roles, and the server of a custodian.
pub fn described(person: &PersonEntry) -> String {
    let roles = person.roles.iter().map(|role| role.name()).collect::<Vec<_>>().join(", ");
    match &person.server {
        Some(server) => format!("{roles} (of {server})"),
        None => roles,
    }
}

/// Who is enrolled with this card. Another card of the name, or the key under another name, is an error.
fn enrolled<'a>(genesis: &'a Genesis, card: &PersonCard) -> Result<Option<&'a PersonEntry>, CeremonyError> {
    let name = &card.card.name;
    if let Some(person) = genesis.person(name) {
        if person.card == *card {
            return Ok(Some(person));
        }
        return Err(CeremonyError::After {
            source: Box::new(CeremonyError::OtherCard(format!(
                "{name} is enrolled with another card: the keys, or the card's time, differ"
            ))),
            state: "nothing was changed".into(),
            hint: format!("after a rotation: quorate person update {name}.card.json"),
        });
    }
    let same_key = |person: &&PersonEntry| {
        let other = &person.card.card;
        other.approval_key == card.card.approval_key || other.recipient == card.card.recipient
    };
    match genesis.people.iter().find(same_key) {
        Some(other) => Err(CeremonyError::OtherCard(format!(
            "the card of {name} has the keys of {}, who is enrolled: one identity is one person",
            other.name
        ))),
        None => Ok(None),
    }
}

/// Completes, among these nodes only, a version that was begun.
pub(super) fn settle_among(workspace: &mut Workspace, names: &[Name]) -> Result<(), CeremonyError> {
    let nodes = workspace.nodes(names)?;
    let sequence = workspace.chain()?.current().sequence + 1;
    let mut begun: Option<&Genesis> = None;
    for node in &nodes {
        let candidate = node.hello.candidate.as_deref().filter(|next| next.sequence == sequence);
        match (begun, candidate) {
            (Some(begun), Some(other)) if begun != other => {
                return Err(CeremonyError::Forked(format!(
                    "the nodes signed different versions {sequence} of the genesis, so none can be completed"
                )));
            }
            (None, Some(candidate)) => begun = Some(candidate),
            _ => {}
        }
    }
    let Some(begun) = begun.cloned() else { return Ok(()) };
    drop(nodes);
    append(workspace, begun)
}

/// Has a version signed by all its nodes, pins it, and has them adopt it.
pub(super) fn append(workspace: &mut Workspace, next: Genesis) -> Result<(), CeremonyError> {
    let chain = workspace.chain()?;
    let hash = chain.check_next(&next)?;
    let mut all = workspace.signed_chain()?.to_vec();
    let size = codec::canonical("genesis", &next)?.len();
    let whole = codec::canonical("genesis", &all)?.len() + size;
    if size + SIGNATURES_ROOM > JSON_CAP || whole + SIGNATURES_ROOM > 16 * JSON_CAP {
        let message = "the genesis would grow beyond what is read; begin a new node set";
        return Err(CeremonyError::Refused(message.into()));
    }
    let sequence = next.sequence;
    let mut nodes = open(workspace, &next)?;
    let note = Note::new(Event::GenesisInitiated).with("genesis", hash).with("sequence", sequence);
    workspace.note(note)?;
    let stopped = |source: CeremonyError| CeremonyError::After {
        source: Box::new(source),
        state: format!("version {sequence} of the genesis is not in force; what was signed of it is kept"),
        hint: "run the same command again: it completes that version first".into(),
    };
    let signatures = nodes.iter_mut().map(|node| sign(node, &next)).collect::<Result<_, _>>();
    all.push(SignedGenesis { genesis: next, signatures: signatures.map_err(stopped)? });
    workspace.pin(all)?;
    let late = |source: CeremonyError| CeremonyError::After {
        source: Box::new(source),
        state: format!(
            "version {sequence} of the genesis is in force; a node that lacks it takes it when it is opened"
        ),
        hint: "quorate node list".into(),
    };
    super::catch_up::run(workspace, &mut nodes).map_err(late)
}

/// The nodes of a version: those that stay first, so that a newcomer signs nothing that they do not know of.
fn open(workspace: &Workspace, next: &Genesis) -> Result<Vec<PinnedNode>, CeremonyError> {
    let current = workspace.chain()?.current();
    let (stay, come): (Vec<_>, Vec<_>) =
        next.nodes.iter().partition(|entry| current.node(&entry.name).is_some());
    let stay: Vec<Name> = stay.into_iter().map(|entry| entry.name.clone()).collect();
    let mut nodes = workspace.nodes(&stay)?;
    for entry in come {
        let node = workspace.node(&entry.name)?;
        if node.hello.card != entry.card || !node.hello.chain.is_empty() {
            let what = format!("{} is not the new node whose card is to be taken", entry.name);
            return Err(CeremonyError::Damaged(what));
        }
        nodes.push(node);
    }
    Ok(nodes)
}

fn sign(node: &mut PinnedNode, next: &Genesis) -> Result<crate::genesis::NamedSignature, CeremonyError> {
    match node.node.handle(Call::SignGenesis { genesis: Box::new(next.clone()) })? {
        Reply::GenesisSigned(signature) => Ok(signature),
        _ => Err(unexpected(&*node.node).into()),
    }
}
