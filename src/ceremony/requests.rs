//! Requests that travel: the operator makes one, custodians grant it on their own machines, and the operator
//! runs it with what came back.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::{
    CeremonyError, grants,
    jit::{self, Statement},
    journal::Kind,
    relay,
    sign::{self, Signed, Wanted},
    workspace::{PinnedNode, Workspace, unexpected},
};
use crate::{
    audit::Event,
    codec,
    genesis::{Chain, Mode},
    ids::{Name, OpId, Time},
    keyshare::KeyCard,
    node::{Call, FailureKind, NodeError, Outcome, Reply},
    request::{Action, SignParams, SignedRequest},
    shard::{DirtyGrant, Grant},
    store::files,
};

/// Longest request file, in bytes: the message in hex, and the rest.
pub const FILE_CAP: usize = 1 << 20;

/// Reads a request file: canonical JSON and one line end. Nothing in it is believed yet.
pub fn parse(bytes: &[u8]) -> Result<SignedRequest, CeremonyError> {
    let altered =
        |e: codec::CodecError| CeremonyError::Forged(format!("this is no request, or it was altered: {e}"));
    let line = bytes.strip_suffix(b"\n").unwrap_or_default();
    let request: SignedRequest = codec::from_canonical("the request", line, FILE_CAP).map_err(altered)?;
    match request.request.version {
        1 => Ok(request),
        found => Err(CeremonyError::Newer { found }),
    }
}

/// Reads a request file.
pub fn read(path: &Path) -> Result<SignedRequest, CeremonyError> {
    parse(&files::read_capped(path, FILE_CAP as u64)?)
}

/// The file's bytes.
pub fn to_bytes(request: &SignedRequest) -> Result<Vec<u8>, CeremonyError> {
    let mut bytes = codec::canonical("the request", request)?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// Makes a request, with one-time recipients of its nodes for the first attempt. `hours` shortens what the
/// policy allows.
pub fn new(
    workspace: &mut Workspace,
    wanted: Wanted,
    hours: Option<u16>,
) -> Result<SignedRequest, CeremonyError> {
    let card = workspace.inventory().card(&wanted.key_id, workspace.chain()?)?;
    sign::payload(card.body().curve, &wanted.content, wanted.taproot)?;
    let until = until(workspace.chain()?, hours)?;
    let (signers, servers) = choose(workspace.chain()?, &card, &wanted.servers)?;
    jit::surrender_stale(workspace, &wanted.key_id)?;
    let mut nodes = workspace.nodes(&servers)?;
    jit::introduce(workspace, &card, &wanted.key_id, &mut nodes)?;
    let params = SignParams {
        key_id: wanted.key_id,
        signers: signers.clone(),
        content: wanted.content,
        path: String::new(),
        taproot: wanted.taproot,
    };
    let mut request = workspace.request_for(Action::Sign(params), Some(card.hash()), &nodes, until)?;
    workspace.journal().begin(&jit::opened(&request, Kind::Request, &servers))?;
    workspace.intend(&request, Workspace::note_of(Event::SigningInitiated, &request)?)?;
    let chain = workspace.chain()?.clone();
    let mut participants = indexed(&signers, &mut nodes);
    let all: BTreeSet<u16> = signers.iter().copied().collect();
    match jit::prepare(&chain, &mut participants, &mut request, 1, &all) {
        Ok(()) => Ok(request),
        Err(error) => {
            let forgot = jit::surrender(workspace, &card, request.request.op_id, &wanted.key_id, &mut nodes);
            if forgot.is_ok() {
                workspace.journal().end(&request.request.op_id)?;
            }
            Err(error)
        }
    }
}

/// Makes a request that needs no one-time recipients: others approve it, and the command for it takes it.
pub fn make(
    workspace: &mut Workspace,
    action: Action,
    card: &KeyCard,
    servers: &[Name],
    hours: Option<u16>,
) -> Result<SignedRequest, CeremonyError> {
    // One that no server is asked for is made on any machine.
    let nodes = if servers.is_empty() { Vec::new() } else { workspace.nodes(servers)? };
    let until = until(workspace.chain()?, hours)?;
    let request = workspace.request_for(action, Some(card.hash()), &nodes, until)?;
    workspace.note(Workspace::note_of(Event::RequestMade, &request)?)?;
    Ok(request)
}

/// When a request ends that is to be valid for so many hours.
fn until(chain: &Chain, hours: Option<u16>) -> Result<Option<Time>, CeremonyError> {
    let allowed = chain.current().policy.validity_seconds / 3600;
    match hours {
        Some(hours) if hours == 0 || u32::from(hours) > allowed => {
            Err(CeremonyError::Usage(format!("the policy allows 1 to {allowed} hours, not {hours}")))
        }
        hours => Ok(hours.map(|hours| Time::now().plus_seconds(i64::from(hours) * 3600))),
    }
}

/// Has the nodes make one-time recipients for the next attempt that none of them has used. The request and
/// its hash stay; grants for earlier attempts are void.
pub fn renew(workspace: &mut Workspace, request: &mut SignedRequest) -> Result<u16, CeremonyError> {
    check_current(workspace.chain()?, request)?;
    let (card, signers, servers) = parties(workspace, request)?;
    let mut nodes = workspace.nodes(&servers)?;
    let chain = workspace.chain()?.clone();
    if workspace.journal().find(&request.request.op_id)?.is_none() {
        workspace.journal().begin(&jit::opened(request, Kind::Request, &servers))?;
    }
    let note = Workspace::note_of(Event::SigningInitiated, request)?.with("renewed", "yes");
    workspace.intend(request, note)?;
    let mut participants = indexed(&signers, &mut nodes);
    let all: BTreeSet<u16> = signers.iter().copied().collect();
    let first = request.one_time_recipients.iter().map(|one| one.attempt).max().unwrap_or(1);
    let mut refused = None;
    for attempt in first..=request.request.max_attempts {
        match jit::prepare(&chain, &mut participants, request, attempt, &all) {
            Ok(()) => return Ok(attempt),
            Err(CeremonyError::Node(error)) if error.kind == FailureKind::Denied => refused = Some(error),
            Err(error) => return Err(error),
        }
    }
    let key_id = card.body().key_id;
    let used = || NodeError::new(FailureKind::Denied, "every attempt of this request was used");
    Err(CeremonyError::After {
        source: Box::new(refused.unwrap_or_else(used).into()),
        state: "the request is used up; nothing was signed with it now".into(),
        hint: format!("quorate request new sign --key {key_id}"),
    })
}

/// A request that was given up.
#[derive(Default)]
pub struct Cancelled {
    /// The servers that never carry it out.
    pub servers: Vec<Name>,
    /// Of a signature: that they hold nothing for it.
    pub statements: Vec<Statement>,
}

/// Gives a request up: its nodes never carry it out. Those of a signature also forget what they keep for it, and say so.
pub fn cancel(workspace: &mut Workspace, request: &SignedRequest) -> Result<Cancelled, CeremonyError> {
    let action = &request.request.action;
    if matches!(action, Action::Govern(_)) {
        return Err(CeremonyError::Refused(
            "a proposal is void when another version of the genesis is in force; nothing waits for it".into(),
        ));
    }
    let signs = matches!(action, Action::Sign(_));
    let void = grants::check_form(workspace.chain()?, request);
    if let (Err(error), false) = (&void, signs) {
        return Err(CeremonyError::Refused(format!("the request is void already: {error}")));
    }
    let named = request.request.node_heads.iter().map(|head| &head.node);
    let servers: Vec<Name> = named.filter(|name| workspace.servers().contains(name)).cloned().collect();
    let mut nodes = if servers.is_empty() { Vec::new() } else { workspace.nodes(&servers)? };
    workspace.note(Workspace::note_of(Event::RequestCancelled, request)?)?;
    workspace.give_up(request)?;
    let mut cancelled = Cancelled::default();
    for node in nodes.iter_mut().filter(|_| void.is_ok()) {
        let Reply::Done = node.node.handle(Call::Cancel { request: Box::new(request.clone()) })? else {
            return Err(unexpected(&*node.node).into());
        };
        cancelled.servers.push(node.name().clone());
    }
    if signs {
        let (card, _, _) = parties(workspace, request)?;
        let (op_id, key_id) = (request.request.op_id, request.request.key_id()?);
        cancelled.statements = jit::surrender(workspace, &card, op_id, &key_id, &mut nodes)?;
        workspace.journal().end(&op_id)?;
    }
    Ok(cancelled)
}

/// The same for a request whose file is lost: the journal knows its nodes.
pub fn cancel_lost(workspace: &mut Workspace, op_id: &OpId) -> Result<Vec<Statement>, CeremonyError> {
    match workspace.journal().find(op_id)? {
        Some(open) => jit::surrender_open(workspace, &open),
        None => Err(CeremonyError::Refused(format!(
            "no operation {op_id} is open here; quorate doctor lists them"
        ))),
    }
}

/// Signs with grants. Everything that can be told from outside is looked at before a node is asked; from then
/// on the grants are used up, whatever comes of it, and the nodes forget and say so. `file` is what the
/// operator calls the request, for the command that goes on from a failure.
pub fn run(
    workspace: &mut Workspace,
    request: &SignedRequest,
    grants: Vec<DirtyGrant>,
    file: &str,
) -> Result<Signed, CeremonyError> {
    check_current(workspace.chain()?, request)?;
    let request = &agreed(workspace.chain()?, request, &grants);
    let (card, signers, servers) = parties(workspace, request)?;
    let (attempt, grants) = check_grants(workspace.chain()?, &card, &signers, request, grants)?;
    let mut nodes = workspace.nodes(&servers)?;
    if workspace.journal().find(&request.request.op_id)?.is_none() {
        workspace.journal().begin(&jit::opened(request, Kind::Request, &servers))?;
    }
    let note = Workspace::note_of(Event::SessionStarted, request)?.with("attempt", attempt);
    workspace.intend(request, note)?;
    let outcomes = attempts(&mut indexed(&signers, &mut nodes), request, attempt, grants);
    jit::finish(workspace, card, request, &mut nodes, outcomes).map_err(|error| renewable(error, file))
}

/// In production the custodians' agreement travels in their grants, and nodes count it.
fn agreed(chain: &Chain, request: &SignedRequest, grants: &[DirtyGrant]) -> SignedRequest {
    let mut request = request.clone();
    if chain.current().mode == Mode::Production {
        request.approvals.extend(grants.iter().map(|grant| grant.approval.clone()));
    }
    request
}

/// The first attempt with the grants; after a benign failure the next ones with what the nodes still have open.
fn attempts(
    nodes: &mut [(u16, &mut PinnedNode)],
    request: &SignedRequest,
    first: u16,
    mut grants: BTreeMap<u16, Grant>,
) -> Result<Vec<Outcome>, CeremonyError> {
    let mut attempt = first;
    loop {
        match relay::run_with(nodes, request, attempt, &grants) {
            Err(CeremonyError::Node(error))
                if error.kind == FailureKind::Unreachable && attempt < request.request.max_attempts =>
            {
                // A node that lost its share needs a grant that nobody here can make.
                if !jit::without_lease(nodes, request.request.op_id).is_ok_and(|without| without.is_empty()) {
                    return Err(error.into());
                }
                grants.clear();
                attempt += 1;
            }
            other => return other,
        }
    }
}

/// A failure, with the command that lets custodians grant the same request again.
fn renewable(error: CeremonyError, file: &str) -> CeremonyError {
    let renew = format!("quorate request renew {file} --out NEW.request.json");
    match error {
        CeremonyError::After { source, state, .. }
            if matches!(&*source, CeremonyError::Node(error)
                if !matches!(error.kind, FailureKind::Misbehaved | FailureKind::Bug)) =>
        {
            CeremonyError::After { source, state, hint: renew }
        }
        other => other,
    }
}

/// The card, the signers' indices, and the nodes that hold them now.
fn parties(
    workspace: &Workspace,
    request: &SignedRequest,
) -> Result<(KeyCard, Vec<u16>, Vec<Name>), CeremonyError> {
    let (params, card_hash) = grants::signing(request)?;
    let chain = workspace.chain()?;
    let card = workspace.inventory().card(&params.key_id, chain)?;
    if card.hash() != card_hash {
        return Err(CeremonyError::Forged("the request names another card of this key".into()));
    }
    let holders = card.body().holders(chain)?;
    let holder = |index: &u16| holders.get(usize::from(*index).checked_sub(1)?).cloned();
    let servers: Vec<Name> = params.signers.iter().filter_map(holder).collect();
    if servers.len() != params.signers.len() {
        return Err(CeremonyError::Refused("the request names an index that the key does not have".into()));
    }
    Ok((card, params.signers.clone(), servers))
}

fn check_current(chain: &Chain, request: &SignedRequest) -> Result<(), CeremonyError> {
    grants::check_form(chain, request)?;
    if Time::now() >= request.request.expiry {
        return Err(CeremonyError::Denied(format!(
            "the request expired at {}; make a new one: quorate request new sign",
            request.request.expiry
        )));
    }
    Ok(())
}

/// One grant for each signer, all for this request and the same attempt, with one aux; by index.
fn check_grants(
    chain: &Chain,
    card: &KeyCard,
    signers: &[u16],
    request: &SignedRequest,
    given: Vec<DirtyGrant>,
) -> Result<(u16, BTreeMap<u16, Grant>), CeremonyError> {
    let mut grants: BTreeMap<u16, Grant> = BTreeMap::new();
    for grant in given {
        grants::check_grant(chain, card, request, &grant)?;
        let (index, who) = (grant.index, grant.custodian.clone());
        if grants.insert(index, Box::new(grant)).is_some() {
            return Err(CeremonyError::Refused(format!("two of the grants are {who}'s, for index {index}")));
        }
    }
    let missing: Vec<String> = signers
        .iter()
        .filter(|index| !grants.contains_key(index))
        .map(|index| {
            let holders = card.body().holders(chain).unwrap_or_default();
            let node = holders.get(usize::from(index.saturating_sub(1)));
            let who = node.and_then(|node| chain.current().custodian(node));
            who.map_or_else(|| format!("index {index}"), |who| who.name.to_string())
        })
        .collect();
    if !missing.is_empty() {
        return Err(CeremonyError::Refused(format!("a grant of {} is missing", missing.join(" and of "))));
    }
    if let Some(index) = grants.keys().find(|index| !signers.contains(index)) {
        return Err(CeremonyError::Refused(format!("index {index} does not sign in this request")));
    }
    grants::check_same_aux(card, grants.values().map(|grant| grant.parcel.aux_table.as_ref()))?;
    let attempts: BTreeSet<u16> = grants.values().map(|grant| grant.attempt).collect();
    match attempts.iter().collect::<Vec<_>>().as_slice() {
        [attempt] => Ok((**attempt, grants)),
        _ => Err(CeremonyError::Refused(
            "the grants are for different attempts: the request was renewed between them; the older ones must be made again".into(),
        )),
    }
}

/// Exactly t servers that hold an index of the key now; the first ones if none is named.
fn choose(chain: &Chain, card: &KeyCard, wanted: &[Name]) -> Result<(Vec<u16>, Vec<Name>), CeremonyError> {
    let holders = card.body().holders(chain)?;
    let threshold = usize::from(card.body().threshold);
    let all = (1u16..).zip(&holders);
    let chosen: Vec<(u16, &Name)> = match wanted {
        [] => all.take(threshold).collect(),
        _ => all.filter(|(_, holder)| wanted.contains(holder)).collect(),
    };
    if chosen.len() != threshold || !wanted.is_empty() && wanted.len() != threshold {
        let known = holders.iter().map(Name::as_str).collect::<Vec<_>>().join(", ");
        return Err(CeremonyError::Refused(format!("exactly {threshold} of {known} sign with this key")));
    }
    Ok(chosen.into_iter().map(|(index, name)| (index, name.clone())).unzip())
}

fn indexed<'a>(signers: &[u16], nodes: &'a mut [PinnedNode]) -> Vec<(u16, &'a mut PinnedNode)> {
    signers.iter().copied().zip(nodes).collect()
}
