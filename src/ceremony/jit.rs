//! Signing with shares that come for this one signature: each node gets its share encrypted to a one-time
//! recipient, signs, forgets it and says so. What is done here is the same whether the shards are on this
//! machine or the grants came from their custodians' laptops.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    CeremonyError,
    grants::{self, Bearer},
    journal::{Kind, Open},
    kept::KeptRequests,
    keys, locks,
    nodes::{self as statements, check_holding},
    relay,
    sign::{self, Signed, Wanted},
    workspace::{PinnedNode, Workspace, unexpected},
};
use crate::{
    audit::{Event, Note},
    genesis::{Chain, Mode},
    ids::{KeyId, Name, OpId, Time},
    keyshare::KeyCard,
    node::{Call, FailureKind, NodeError, Outcome, Reply},
    request::{Action, OneTimeRecipient, SignParams, SignedRequest},
    shard::Grant,
    statement::{self, Holding},
};

/// How long a request is valid whose grants are made at once, in seconds.
const SHORT: i64 = 600;

/// A node's signed word about one key.
pub type Statement = statement::Signed<Holding>;

/// Signs with shards and identities on this machine, which are opened one at a time. Whatever happens, the
/// nodes are told to forget, and say so.
pub fn run(workspace: &mut Workspace, wanted: Wanted, bearers: &[Bearer]) -> Result<Signed, CeremonyError> {
    let card = workspace.inventory().card(&wanted.key_id, workspace.chain()?)?;
    sign::payload(card.body().curve, &wanted.content, wanted.taproot)?;
    let bearers = team(workspace.chain()?, &card, &wanted, bearers).map_err(nothing_done)?;
    let servers: Vec<Name> = bearers
        .values()
        .map(|bearer| bearer.node(workspace.chain()?).map_err(CeremonyError::from))
        .collect::<Result<_, _>>()?;
    surrender_stale(workspace, &wanted.key_id)?;
    let signers: Vec<u16> = bearers.keys().copied().collect();
    let mut nodes = workspace.nodes(&servers)?;
    introduce(workspace, &card, &wanted.key_id, &mut nodes)?;
    let params = SignParams {
        key_id: wanted.key_id,
        signers: signers.clone(),
        content: wanted.content,
        path: String::new(),
        taproot: wanted.taproot,
    };
    let until = Some(Time::now().plus_seconds(SHORT));
    let mut request = workspace.request_for(Action::Sign(params), Some(card.hash()), &nodes, until)?;
    workspace.journal().begin(&opened(&request, Kind::Sign, &servers))?;
    workspace.intend(&request, Workspace::note_of(Event::SigningInitiated, &request)?)?;
    let (chain, kept) = (workspace.chain()?.clone(), workspace.kept());
    let mut participants: Vec<(u16, &mut PinnedNode)> = signers.into_iter().zip(&mut nodes).collect();
    let outcomes = attempts(&chain, &bearers, &mut participants, &mut request, &kept);
    finish(workspace, card, &request, &mut nodes, outcomes)
}

/// Concludes what the nodes made of a request, and has them forget: whether they signed or not.
pub(super) fn finish(
    workspace: &mut Workspace,
    card: KeyCard,
    request: &SignedRequest,
    nodes: &mut [PinnedNode],
    outcomes: Result<Vec<Outcome>, CeremonyError>,
) -> Result<Signed, CeremonyError> {
    let servers: Vec<Name> = nodes.iter().map(|node| node.name().clone()).collect();
    if let Err(error) = &outcomes {
        locks::spread(workspace, &card, nodes, error);
    }
    let signed =
        outcomes.and_then(|outcomes| sign::conclude(workspace, card.clone(), request, outcomes, servers));
    let cleared = surrender(workspace, &card, request.request.op_id, &request.request.key_id()?, nodes);
    let cleared = cleared.and_then(|statements| {
        statements.iter().try_for_each(|statement| check_empty(&statement.statement))?;
        workspace.journal().end(&request.request.op_id)?;
        Ok(statements)
    });
    match (signed, cleared) {
        (Ok(signed), Ok(statements)) => Ok(Signed { statements, ..signed }),
        (Ok(signed), Err(error)) => Err(CeremonyError::After {
            source: Box::new(error),
            state: format!(
                "the signature was made and verified: {}; but not every server said that it holds nothing any more. A share that is still open there is dropped within two minutes",
                signed.signature.signature
            ),
            hint: "quorate node status".into(),
        }),
        (Err(error), Ok(_)) => {
            Err(after(error, "nothing was signed; the servers state that they hold nothing of the key"))
        }
        (Err(error), Err(left)) => Err(after(
            error,
            &format!(
                "nothing was signed; not every server could be asked to forget ({left}): a share that is open there is dropped within two minutes, and the next signature with shards asks again"
            ),
        )),
    }
}

fn after(source: CeremonyError, state: &str) -> CeremonyError {
    let hint = match &source {
        CeremonyError::Node(error) if error.kind == FailureKind::Unreachable => {
            "run the same command again: a new session is safe"
        }
        CeremonyError::Node(error) if error.kind == FailureKind::Misbehaved => {
            "do not retry with the named server; choose others, with their shards"
        }
        _ => "quorate audit show",
    };
    CeremonyError::After { source: Box::new(source), state: state.into(), hint: hint.into() }
}

fn nothing_done(source: CeremonyError) -> CeremonyError {
    match source {
        CeremonyError::After { .. } => source,
        source => CeremonyError::After {
            source: Box::new(source),
            state: "nothing was signed; no server was asked".into(),
            hint: "quorate share list".into(),
        },
    }
}

/// Has servers that came in the place of others know the key; refuses one that holds its own share, before
/// anybody does anything for it.
pub(super) fn introduce(
    workspace: &Workspace,
    card: &KeyCard,
    key_id: &KeyId,
    nodes: &mut [PinnedNode],
) -> Result<(), CeremonyError> {
    let known = keys::ask(nodes, key_id)?;
    if let Some(holds) = known.iter().find(|server| server.resident.share) {
        return Err(CeremonyError::Refused(format!(
            "{} holds its own share of key {key_id} and takes none: sign without --shard, or export with --delete first",
            holds.name
        )));
    }
    let strangers = nodes.iter_mut().zip(&known).filter(|(_, server)| server.entry.is_none());
    for (node, _) in strangers {
        keys::teach(workspace, key_id, card, node)?;
    }
    Ok(())
}

/// The journal's record of a request.
pub(super) fn opened(request: &SignedRequest, kind: Kind, servers: &[Name]) -> Open {
    Open {
        op_id: request.request.op_id,
        servers: servers.to_vec(),
        expiry: Some(request.request.expiry),
        ..Open::of_run(kind, request.request.action.key_id())
    }
}

/// The bearers by index: one for each of exactly t indices, each the enrolled custodian with a shard that
/// opens, all with one aux.
fn team<'a>(
    chain: &Chain,
    card: &KeyCard,
    wanted: &Wanted,
    bearers: &'a [Bearer],
) -> Result<BTreeMap<u16, &'a Bearer>, CeremonyError> {
    let threshold = usize::from(card.body().threshold);
    if bearers.len() != threshold {
        return Err(CeremonyError::Refused(format!(
            "this key signs with exactly {threshold} shards; {} given",
            bearers.len()
        )));
    }
    let mut team = BTreeMap::new();
    let mut nodes = BTreeSet::new();
    for bearer in bearers {
        let index = bearer.file.shard.header().index;
        if bearer.file.shard.card().hash() != card.hash() {
            return Err(CeremonyError::Refused(format!(
                "the shard of {} is of key {}, not of {}",
                bearer.identity.name(),
                bearer.file.shard.key_id(),
                wanted.key_id
            )));
        }
        if team.insert(index, bearer).is_some() {
            return Err(CeremonyError::Refused(format!("two of the shards are of index {index}")));
        }
        bearer.check(chain)?;
        nodes.insert(bearer.node(chain)?);
    }
    if !wanted.servers.is_empty() && wanted.servers.iter().cloned().collect::<BTreeSet<_>>() != nodes {
        let held = nodes.iter().map(Name::as_str).collect::<Vec<_>>().join(", ");
        return Err(CeremonyError::Refused(format!("the shards are those of {held}; leave --servers out")));
    }
    grants::check_same_aux(card, bearers.iter().map(Bearer::aux_table))?;
    Ok(team)
}

/// Attempts until one succeeds. A node that still has its share open needs no further grant.
fn attempts(
    chain: &Chain,
    bearers: &BTreeMap<u16, &Bearer>,
    nodes: &mut [(u16, &mut PinnedNode)],
    request: &mut SignedRequest,
    kept: &KeptRequests,
) -> Result<Vec<Outcome>, CeremonyError> {
    let mut attempt = 1;
    loop {
        let mut grants: BTreeMap<u16, Grant> = BTreeMap::new();
        let without = if attempt == 1 {
            nodes.iter().map(|(index, _)| *index).collect()
        } else {
            without_lease(nodes, request.request.op_id)?
        };
        prepare(chain, nodes, request, attempt, &without)?;
        for (index, node) in nodes.iter().filter(|(index, _)| without.contains(index)) {
            let one = request.one_time_recipients.iter().find(|one| one.node == *node.name());
            if let (Some(bearer), Some(one)) = (bearers.get(index), one) {
                grants.insert(*index, bearer.grant(chain, request, one)?);
            }
        }
        if chain.current().mode == Mode::Production {
            request.approvals.extend(grants.values().map(|grant| grant.approval.clone()));
            kept.keep(request, Some(chain))?;
        }
        match relay::run_with(nodes, request, attempt, &grants) {
            Err(CeremonyError::Node(error))
                if error.kind == FailureKind::Unreachable && attempt < request.request.max_attempts =>
            {
                attempt += 1;
            }
            other => return other,
        }
    }
}

/// Has nodes make one-time recipients for an attempt, and puts them into the request in the place of older
/// ones of the same nodes.
pub(super) fn prepare(
    chain: &Chain,
    nodes: &mut [(u16, &mut PinnedNode)],
    request: &mut SignedRequest,
    attempt: u16,
    which: &BTreeSet<u16>,
) -> Result<(), CeremonyError> {
    for (_, node) in nodes.iter_mut().filter(|(index, _)| which.contains(index)) {
        let one = prepare_one(chain, node, request, attempt)?;
        request.one_time_recipients.retain(|other| other.node != one.node);
        request.one_time_recipients.push(one);
    }
    request.one_time_recipients.sort_by(|a, b| a.node.cmp(&b.node));
    Ok(())
}

fn prepare_one(
    chain: &Chain,
    node: &mut PinnedNode,
    request: &SignedRequest,
    attempt: u16,
) -> Result<OneTimeRecipient, CeremonyError> {
    // What was gathered for the request is no part of it: the node is not shown other nodes' recipients.
    let bare = SignedRequest { one_time_recipients: Vec::new(), ..request.clone() };
    match node.node.handle(Call::Prepare { request: Box::new(bare), attempt })? {
        Reply::Prepared(one) => {
            grants::check_one_time(chain, request, Some(attempt), node.name(), &one)?;
            Ok(*one)
        }
        _ => Err(unexpected(&*node.node).into()),
    }
}

/// The nodes that have no share open for an operation. Asked for, not believed: a wrong answer costs an attempt.
pub(super) fn without_lease(
    nodes: &mut [(u16, &mut PinnedNode)],
    op_id: OpId,
) -> Result<BTreeSet<u16>, CeremonyError> {
    let mut without = BTreeSet::new();
    for (index, node) in nodes {
        let status = statements::status_of(node)?;
        if !status.statement.leases.iter().any(|lease| lease.op_id == op_id) {
            without.insert(*index);
        }
    }
    Ok(without)
}

/// Has every node forget an operation. All are asked, whatever one of them answers; the first failure is told.
pub(super) fn surrender(
    workspace: &Workspace,
    card: &KeyCard,
    op_id: OpId,
    key_id: &KeyId,
    nodes: &mut [PinnedNode],
) -> Result<Vec<Statement>, CeremonyError> {
    let others: Vec<Open> =
        workspace.journal().signatures_of(key_id)?.into_iter().filter(|open| open.op_id != op_id).collect();
    let ask = |node: &mut PinnedNode| {
        let Reply::Holding(statement) = node.node.handle(Call::Surrender { op_id, key_id: *key_id })? else {
            return Err(unexpected(&*node.node).into());
        };
        check_holding(workspace, card, node, Some(op_id), &statement)?;
        let waiting = others.iter().filter(|open| open.servers.contains(node.name())).count();
        check_forgotten(&statement.statement, waiting)?;
        Ok(*statement)
    };
    let answers: Vec<Result<Statement, CeremonyError>> = nodes.iter_mut().map(ask).collect();
    answers.into_iter().collect()
}

/// Of what could open a share, only the recipients of other requests that wait. Whether a share is there is
/// another matter: one may have been imported since.
fn check_forgotten(said: &Holding, waiting: usize) -> Result<(), CeremonyError> {
    if usize::from(said.leases) <= waiting { Ok(()) } else { Err(still_holds(said)) }
}

/// No share, no aux.
fn check_empty(said: &Holding) -> Result<(), CeremonyError> {
    if said.shares == 0 && said.aux == 0 { Ok(()) } else { Err(still_holds(said)) }
}

fn still_holds(said: &Holding) -> CeremonyError {
    let Holding { node, shares, aux, leases, .. } = said;
    let message =
        format!("{node} states that it holds {shares} share(s), {aux} aux, {leases} open or awaited");
    NodeError::new(FailureKind::Integrity, message).into()
}

/// Surrenders what killed runs of this machine left open for a key. A node that does not answer now keeps
/// its record for the next time; what it holds ends by itself.
pub fn surrender_stale(workspace: &mut Workspace, key_id: &KeyId) -> Result<usize, CeremonyError> {
    let mut cleared = 0;
    for open in workspace.journal().signatures_of(key_id)? {
        if open.is_stale() && surrender_open(workspace, &open).is_ok() {
            cleared += 1;
        }
    }
    Ok(cleared)
}

/// Surrenders one open operation at all its nodes that are of the set still, and strikes it out: a node that was
/// replaced since is not asked any more, and nobody works with it.
pub fn surrender_open(workspace: &mut Workspace, open: &Open) -> Result<Vec<Statement>, CeremonyError> {
    let key_id = open.key_id.ok_or_else(|| CeremonyError::Damaged("a signature of no key".into()))?;
    let card = workspace.inventory().card(&key_id, workspace.chain()?)?;
    let mut note = Note::new(Event::SessionAborted).with("reason", "surrendered");
    (note.op_id, note.key_id) = (Some(open.op_id), Some(key_id));
    workspace.note(note)?;
    let mut servers = open.servers.clone();
    servers.retain(|server| workspace.servers().contains(server));
    let mut nodes = workspace.nodes(&servers)?;
    let statements = surrender(workspace, &card, open.op_id, &key_id, &mut nodes)?;
    workspace.journal().end(&open.op_id)?;
    Ok(statements)
}
