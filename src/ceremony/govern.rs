//! Production: a genesis that everybody in it adopts and that is confirmed at each node's console, and later versions
//! that the people of the one in force agree to.
//!
//! A proposal is the version itself, as a file. For the first one every person signs it (`*.adoption.json`), a
//! person at each node confirms its words there, and only then the nodes sign. A later one travels beside a request,
//! which the old quorum approves like any other (R22, R41).

use std::path::Path;

use rand_core::OsRng;
use serde::{Deserialize, Serialize};

use super::{
    CeremonyError, candidates, people, requests,
    workspace::{PinnedNode, Workspace},
};
use crate::{
    audit::{Event, Note},
    codec::{self, HexArray, JSON_CAP},
    digest::Hash,
    genesis::{Genesis, GenesisError, Mode, NamedSignature, PersonEntry, SignedGenesis},
    identity::PersonIdentity,
    ids::{Name, Time},
    policy::Policy,
    request::{Action, GovernParams, SignedRequest},
    store::files,
};

/// One person's signature over a production genesis.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Adoption {
    /// Format version, 1.
    pub version: u32,
    /// What was signed.
    pub genesis_hash: Hash,
    /// By whom.
    pub signature: NamedSignature,
}

impl Adoption {
    /// Reads a file: canonical JSON and one line end.
    pub fn read(path: &Path) -> Result<Self, CeremonyError> {
        let bytes = files::read_capped(path, JSON_CAP as u64)?;
        let adoption: Self = line("an adoption", &bytes)?;
        match adoption.version {
            1 => Ok(adoption),
            found => Err(CeremonyError::Newer { found }),
        }
    }

    /// The file's bytes.
    pub fn to_bytes(&self) -> Result<Vec<u8>, CeremonyError> {
        to_line("an adoption", self)
    }
}

/// What a proposal file holds.
pub enum Proposal {
    /// The first version of a production chain.
    First(Box<Genesis>),
    /// A later one, with the request for it.
    Next(Box<SignedRequest>, Box<Genesis>),
}

impl Proposal {
    /// Reads a file of either kind.
    pub fn read(path: &Path) -> Result<Self, CeremonyError> {
        let bytes = files::read_capped(path, requests::FILE_CAP as u64)?;
        if let Ok(request) = requests::parse(&bytes) {
            let Action::Govern(about) = &request.request.action else {
                return Err(CeremonyError::Usage("that request is about no genesis: quorate approve".into()));
            };
            let next = request.proposal.clone().ok_or(crate::request::RequestError::Proposal)?;
            if next.hash()? != about.next_hash {
                return Err(crate::request::RequestError::Proposal.into());
            }
            return Ok(Self::Next(Box::new(request), next));
        }
        let genesis: Genesis = line("a proposal", &bytes)?;
        genesis.check()?;
        match (genesis.mode, genesis.sequence) {
            (Mode::Production, 0) => Ok(Self::First(Box::new(genesis))),
            _ => {
                Err(CeremonyError::Refused("only the first production version is adopted in this way".into()))
            }
        }
    }

    /// The version that is proposed.
    pub fn genesis(&self) -> &Genesis {
        match self {
            Self::First(genesis) | Self::Next(_, genesis) => genesis,
        }
    }
}

/// What a version changes of the one before, in words; each is a matter of its own.
pub fn changes(before: &Genesis, next: &Genesis) -> Vec<String> {
    let mut found = candidates::differences(before, next);
    let (old, new) = (&before.policy, &next.policy);
    for ((name, was), (_, is)) in old.quorums.named().into_iter().zip(new.quorums.named()) {
        if was != is {
            let said = |q: crate::policy::Quorum| format!("{} x {}", q.count, q.role.name());
            found.push(format!("the quorum of '{name}' was {} and becomes {}", said(was), said(is)));
        }
    }
    if old.validity_seconds != new.validity_seconds {
        found.push(format!(
            "requests lived for {} s and will live for {} s",
            old.validity_seconds, new.validity_seconds
        ));
    }
    if old.allow_blind != new.allow_blind {
        let may = if new.allow_blind { "MAY be signed" } else { "may not be signed any more" };
        found.push(format!("bare digests {may}"));
    }
    if found.is_empty() {
        found.push("nothing but its time or order differs".into());
    }
    found
}

/// The file of a first version.
pub fn to_bytes(genesis: &Genesis) -> Result<Vec<u8>, CeremonyError> {
    to_line("a proposal", genesis)
}

/// The first version for the nodes of a new production home.
pub fn first(
    workspace: &Workspace,
    people: Vec<PersonEntry>,
    policy: Policy,
) -> Result<Genesis, CeremonyError> {
    check_first(workspace)?;
    let card = |name: &Name| workspace.node(name).map(|node| node.hello.card);
    let cards = workspace.first_servers().iter().map(card).collect::<Result<Vec<_>, _>>()?;
    let genesis = Genesis::production(HexArray::random(&mut OsRng), cards, people, policy, Time::now());
    genesis.check().map_err(unfit)?;
    Ok(genesis)
}

/// A person's signature. They must be in it, with this very identity.
pub fn sign_first(genesis: &Genesis, identity: &PersonIdentity) -> Result<Adoption, CeremonyError> {
    let name = identity.name();
    let entry = genesis.person(name);
    let card = entry.map(|entry| &entry.card.card);
    let own = card.is_some_and(|card| {
        card.approval_key == identity.approval_key() && card.recipient == identity.recipient()
    });
    if !own {
        return Err(CeremonyError::OtherCard(format!(
            "the proposal does not name {name} with this identity"
        )));
    }
    let signature = genesis.sign(name.clone(), identity.approval())?;
    Ok(Adoption { version: 1, genesis_hash: genesis.hash()?, signature })
}

/// Who has not signed, of those who must.
pub fn lacking<'a>(
    genesis: &'a Genesis,
    signatures: &[NamedSignature],
) -> Result<Vec<&'a Name>, CeremonyError> {
    let hash = genesis.hash()?;
    let signed = |name: &Name, key: &crate::signing_key::PublicKey| {
        signatures.iter().any(|s| s.name == *name && key.verify(&hash, &s.signature).is_ok())
    };
    Ok(genesis.adopters().filter(|(name, key)| !signed(name, key)).map(|(name, _)| name).collect())
}

/// The words of a production version were compared at a node's own console. Everybody in a first one has signed.
pub fn confirm(
    workspace: &mut Workspace,
    server: &Name,
    genesis: &Genesis,
    adoptions: &[NamedSignature],
) -> Result<(), CeremonyError> {
    if genesis.node(server).is_none() {
        return Err(CeremonyError::Refused(format!("the proposal has no server {server}")));
    }
    if let (0, Some(missing)) = (genesis.sequence, lacking(genesis, adoptions)?.first()) {
        return Err(CeremonyError::After {
            source: Box::new(GenesisError::Signature(0, (*missing).clone()).into()),
            state: format!("{server} has confirmed nothing"),
            hint: format!(
                "{missing}: quorate policy adopt PROPOSAL --identity {missing}.identity.json --out {missing}.adoption.json"
            ),
        });
    }
    workspace.confirm_at(server, genesis, adoptions)
}

/// Has the nodes sign the first version and brings it into force. A run that was stopped is gone on with.
pub fn adopt_first(
    workspace: &mut Workspace,
    genesis: Genesis,
    mut signatures: Vec<NamedSignature>,
) -> Result<bool, CeremonyError> {
    let hash = genesis.hash()?;
    if workspace.chain().is_ok_and(|chain| chain.version(&hash).is_some()) {
        let names = workspace.servers().to_vec();
        return workspace.nodes(&names).map(|_| false);
    }
    check_first(workspace)?;
    if let Some(missing) = lacking(&genesis, &signatures)?.first() {
        return Err(GenesisError::Signature(0, (*missing).clone()).into());
    }
    signatures.retain(|signed| genesis.person(&signed.name).is_some());
    signatures.sort_by(|a, b| a.name.cmp(&b.name));
    signatures.dedup_by(|a, b| a.name == b.name);
    let note = Note::new(Event::GenesisInitiated).with("genesis", hash).with("sequence", 0);
    workspace.note(note)?;
    let mut nodes = Vec::new();
    for name in workspace.first_servers().to_vec() {
        nodes.push(workspace.node(&name)?);
    }
    let sign = |node: &mut PinnedNode| people::sign(node, &genesis, None);
    let by_nodes: Result<Vec<_>, _> = nodes.iter_mut().map(sign).collect();
    let by_nodes = by_nodes.map_err(|source| CeremonyError::After {
        source: Box::new(source),
        state: "the genesis is not in force; what was signed of it is kept".into(),
        hint: "quorate node confirm PROPOSAL --server NAME --adoption FILE..; then the same command again"
            .into(),
    })?;
    drop(nodes);
    let signed = SignedGenesis::new(genesis, [by_nodes, signatures].concat());
    workspace.pin(vec![signed])?;
    let names = workspace.servers().to_vec();
    workspace.nodes(&names).map(|_| true)
}

/// A request for the next version, signed by the workspace's requester.
pub fn propose(workspace: &mut Workspace, next: Genesis) -> Result<SignedRequest, CeremonyError> {
    let hash = workspace.chain()?.check_next(&next).map_err(people::not_next)?;
    if workspace.chain()?.current().mode == Mode::Rehearsal {
        return Err(CeremonyError::Refused(
            "in a rehearsal nobody is asked: quorate person add, person update, node replace act at once"
                .into(),
        ));
    }
    let names: Vec<Name> = workspace.servers().to_vec();
    let nodes: Vec<PinnedNode> = names
        .iter()
        .flat_map(|name| workspace.nodes(std::slice::from_ref(name)).unwrap_or_default())
        .collect();
    let request = workspace.request(Action::Govern(GovernParams { next_hash: hash }), None, &nodes)?;
    workspace.note(Workspace::note_of(Event::RequestMade, &request)?.with("genesis", hash))?;
    Ok(SignedRequest { proposal: Some(Box::new(next)), ..request })
}

/// Brings an approved next version into force.
pub fn adopt_next(
    workspace: &mut Workspace,
    request: SignedRequest,
    next: Genesis,
) -> Result<bool, CeremonyError> {
    let hash = next.hash()?;
    if workspace.chain()?.version(&hash).is_some() {
        let names = workspace.servers().to_vec();
        return workspace.nodes(&names).map(|_| false);
    }
    let adoption = SignedRequest { proposal: None, ..request };
    people::append(workspace, next, Some(adoption))?;
    Ok(true)
}

fn check_first(workspace: &Workspace) -> Result<(), CeremonyError> {
    if !workspace.is_production() {
        return Err(CeremonyError::Denied(
            "this home is a rehearsal, and no production set grows out of one: quorate --home NEW init --production".into(),
        ));
    }
    match workspace.chain() {
        Err(CeremonyError::NotAdopted) => Ok(()),
        Err(other) => Err(other),
        Ok(_) => Err(CeremonyError::Refused("another production genesis is in force here".into())),
    }
}

/// Says what to change where a proposal cannot be.
fn unfit(error: GenesisError) -> CeremonyError {
    match error {
        GenesisError::Quorum(..) | GenesisError::Policy(_) | GenesisError::Person { .. } => {
            CeremonyError::Refused(error.to_string())
        }
        other => other.into(),
    }
}

fn line<T: serde::de::DeserializeOwned + Serialize>(
    what: &'static str,
    bytes: &[u8],
) -> Result<T, CeremonyError> {
    let altered =
        |e: codec::CodecError| CeremonyError::Forged(format!("this is not {what}, or it was altered: {e}"));
    let line = bytes.strip_suffix(b"\n").unwrap_or_default();
    codec::from_canonical(what, line, JSON_CAP).map_err(altered)
}

fn to_line(what: &'static str, value: &impl Serialize) -> Result<Vec<u8>, CeremonyError> {
    let mut bytes = codec::canonical(what, value)?;
    bytes.push(b'\n');
    Ok(bytes)
}
