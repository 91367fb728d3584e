//! The genesis chain of a workspace's own nodes grows: people are enrolled, their cards follow a rotation.
//!
//! In a rehearsal a version is in force once all its nodes have signed it. The order lets a run that was stopped
//! anywhere go on: `genesis.next.json` holds the version before a node is asked, and a node remembers what it signed
//! before it gives the signature out, so that the next run completes that very version first; `genesis.json` holds
//! the signed version before any node adopts it, and nodes that did not are brought along whenever they are opened.

use super::{
    CeremonyError, candidates,
    workspace::{PinnedNode, Workspace, unexpected},
};
use crate::{
    audit::{Event, Note},
    card::PersonCard,
    genesis::{Genesis, GenesisError, Mode, NamedSignature, PersonEntry, SignedGenesis},
    ids::{Name, Time},
    node::{Call, Reply},
    request::SignedRequest,
};

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
            return Err(unchanged(
                CeremonyError::Refused(format!(
                    "{} is enrolled already, {}; that does not change by adding the card again",
                    same.name,
                    described(same)
                )),
                "quorate person list shows who is enrolled as what; another role is another person's",
            ));
        }
        None => {}
    }
    if let Some((server, other)) = wanted.server.as_ref().and_then(|s| Some((s, genesis.custodian(s)?))) {
        let message = format!("{server} has a custodian already: {}", other.name);
        let hint = "quorate person list shows which servers have none";
        return Err(unchanged(CeremonyError::Refused(message), hint));
    }
    let mut next = genesis.next(Time::now())?;
    next.people.push(wanted);
    append(workspace, next, None)?;
    Ok(true)
}

/// Puts a person's new card in the place of the one that vouches for it; returns whether anything changed.
pub fn update(workspace: &mut Workspace, card: PersonCard) -> Result<bool, CeremonyError> {
    card.check()?;
    settle(workspace)?;
    let genesis = workspace.chain()?.current();
    let name = &card.card.name;
    let person = genesis.person(name);
    let person = person.ok_or_else(|| {
        let hint = format!("quorate person add {name}.card.json --role ROLE");
        unchanged(CeremonyError::Refused(format!("{name} is not enrolled")), hint)
    })?;
    if person.card == card {
        return Ok(false);
    }
    card.check_replaces(&person.card).map_err(|error| {
        let hint = format!(
            "make the card with: quorate custodian keygen --name {name} --replaces OLD.identity.json"
        );
        unchanged(error.into(), hint)
    })?;
    let mut next = genesis.next(Time::now())?;
    for person in next.people.iter_mut().filter(|person| person.name == *name) {
        person.card = card.clone();
    }
    append(workspace, next, None)?;
    Ok(true)
}

/// The genesis version that a stopped run left half-signed, as far as nodes can be asked. A candidate that this
/// home did not begin is an error.
pub fn begun(workspace: &Workspace) -> Result<Option<u32>, CeremonyError> {
    let open = |name: &Name| workspace.nodes(std::slice::from_ref(name)).unwrap_or_default();
    let nodes: Vec<PinnedNode> = workspace.servers().iter().flat_map(open).collect();
    Ok(candidates::judge(workspace, &nodes, None)?.map(|begun| begun.sequence))
}

/// Brings all nodes to the version in force and completes a version that was begun here.
pub fn settle(workspace: &mut Workspace) -> Result<(), CeremonyError> {
    let names = workspace.servers().to_vec();
    settle_among(workspace, &names, None)
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
        let message = format!("{name} is enrolled with another card: the keys, or the card's time, differ");
        let hint = format!("after a rotation: quorate person update {name}.card.json");
        return Err(unchanged(CeremonyError::OtherCard(message), hint));
    }
    let same_key = |person: &&PersonEntry| {
        let other = &person.card.card;
        other.approval_key == card.card.approval_key || other.recipient == card.card.recipient
    };
    match genesis.people.iter().find(same_key) {
        Some(other) => Err(unchanged(
            CeremonyError::OtherCard(format!(
                "the card of {name} has the keys of {}, who is enrolled: one identity is one person",
                other.name
            )),
            format!("{name} makes an identity of their own: quorate custodian keygen --name {name}"),
        )),
        None => Ok(None),
    }
}

fn unchanged(source: CeremonyError, hint: impl Into<String>) -> CeremonyError {
    CeremonyError::After { source: Box::new(source), state: "nothing was changed".into(), hint: hint.into() }
}

/// Completes, among these nodes only, a version that was begun here. What `leaving` signed is not judged.
pub(super) fn settle_among(
    workspace: &mut Workspace,
    names: &[Name],
    leaving: Option<&Name>,
) -> Result<(), CeremonyError> {
    let nodes = workspace.nodes(names)?;
    let begun = candidates::judge(workspace, &nodes, leaving)?;
    drop(nodes);
    match begun {
        Some(begun) if begun.mode == Mode::Production => Err(CeremonyError::After {
            source: Box::new(CeremonyError::Denied(format!(
                "version {} of the genesis was begun and is not signed by all",
                begun.sequence
            ))),
            state: "the version before is in force".into(),
            hint: "quorate policy adopt REQUEST --approval FILE.., with the same files; if they have expired: quorate policy propose --again REQUEST, and approvals for that"
                .into(),
        }),
        Some(begun) => append(workspace, begun, None),
        // No node of the set signed it, or it is in force.
        None if names.len() == workspace.servers().len() => candidates::forget(workspace),
        None => Ok(()),
    }
}

/// Why a next version cannot be, with the way out.
pub(super) fn not_next(error: GenesisError) -> CeremonyError {
    let message = error.to_string();
    match error {
        GenesisError::Grown { .. } => unchanged(
            CeremonyError::Refused(message),
            "this set goes on as it is; for new people and keys make another: quorate --home NEW init",
        ),
        GenesisError::Walks { .. } => {
            unchanged(CeremonyError::Denied(message), "enrol somebody else for that server")
        }
        other => unchanged(other.into(), "quorate doctor"),
    }
}

/// In production the people who govern agree first.
fn not_adopted(error: GenesisError) -> CeremonyError {
    let hint = "quorate policy propose --requester IDENTITY --out FILE, with the same change; the others: quorate approve FILE";
    match error {
        GenesisError::NotAdopted(_) => unchanged(CeremonyError::Denied(error.to_string()), hint),
        GenesisError::Adoption(_, source) => {
            unchanged((*source).into(), "quorate request status REQUEST --approval FILE...")
        }
        other => not_next(other),
    }
}

/// Has a version signed by all its nodes, pins it, and has them adopt it. In production `adoption` is the approved
/// request for it.
pub(super) fn append(
    workspace: &mut Workspace,
    next: Genesis,
    adoption: Option<SignedRequest>,
) -> Result<(), CeremonyError> {
    let hash = workspace.chain()?.check_next(&next).map_err(not_next)?;
    workspace.chain()?.check_adopted(&next, adoption.as_ref()).map_err(not_adopted)?;
    let mut all = workspace.signed_chain()?.to_vec();
    let sequence = next.sequence;
    let mut nodes = open(workspace, &next)?;
    let note = Note::new(Event::GenesisInitiated).with("genesis", hash).with("sequence", sequence);
    workspace.note(note)?;
    candidates::intend(workspace, &next)?;
    let stopped = |source: CeremonyError| CeremonyError::After {
        source: Box::new(source),
        state: format!("version {sequence} of the genesis is not in force; what was signed of it is kept"),
        hint: "run the same command again: it completes that version first".into(),
    };
    let signatures =
        nodes.iter_mut().map(|node| sign(node, &next, adoption.as_ref())).collect::<Result<_, _>>();
    let signatures = signatures.map_err(stopped)?;
    all.push(SignedGenesis { genesis: next, signatures, adoption: adoption.map(Box::new) });
    workspace.pin(all)?;
    candidates::forget(workspace)?;
    let current = workspace.chain()?.current();
    nodes.retain(|node| current.node(node.name()).is_some());
    let late = |source: CeremonyError| CeremonyError::After {
        source: Box::new(source),
        state: format!(
            "version {sequence} of the genesis is in force; a node that lacks it takes it when it is opened"
        ),
        hint: "quorate node list".into(),
    };
    super::catch_up::run(workspace, &mut nodes).map_err(late)
}

/// Whoever signs a version. In production the newcomer first, whose words somebody has confirmed: a node in force that has
/// signed one version signs no other, so it signs when the one that may fail has. In a rehearsal it is the last, and signs
/// nothing that the nodes in force do not know of.
fn open(workspace: &Workspace, next: &Genesis) -> Result<Vec<PinnedNode>, CeremonyError> {
    let chain = workspace.chain()?;
    let (known, come): (Vec<_>, Vec<_>) =
        chain.signers(next).partition(|entry| chain.current().node(&entry.name).is_some());
    let known: Vec<Name> = known.into_iter().map(|entry| entry.name.clone()).collect();
    let known = workspace.nodes(&known)?;
    let mut newcomers = Vec::with_capacity(come.len());
    for entry in come {
        let node = workspace.node(&entry.name)?;
        if node.hello.card != entry.card || !node.hello.chain.is_empty() {
            let what = format!("{} is not the new node whose card is to be taken", entry.name);
            return Err(CeremonyError::Damaged(what));
        }
        newcomers.push(node);
    }
    let (mut nodes, last) = match next.mode {
        Mode::Production => (newcomers, known),
        Mode::Rehearsal => (known, newcomers),
    };
    nodes.extend(last);
    Ok(nodes)
}

/// A node's signature over a version.
pub(super) fn sign(
    node: &mut PinnedNode,
    next: &Genesis,
    adoption: Option<&SignedRequest>,
) -> Result<NamedSignature, CeremonyError> {
    let adoption = adoption.cloned().map(Box::new);
    match node.node.handle(Call::SignGenesis { genesis: Box::new(next.clone()), adoption })? {
        Reply::GenesisSigned(signature) => Ok(signature),
        _ => Err(unexpected(&*node.node).into()),
    }
}
