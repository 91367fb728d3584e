//! The untrusted star: begins an attempt on every node that takes part and carries their packets.

use std::{collections::BTreeMap, thread};

use super::{
    CeremonyError,
    workspace::{PinnedNode, unexpected},
};
use crate::{
    ids::Name,
    node::{Call, FailureKind, Node, NodeError, Outcome, Reply, Step},
    protocol::session::Packet,
    request::SignedRequest,
    shard::Grant,
};

/// Rounds of messages after which a run is given up; the longest protocol has about thirty.
const TURNS_CAP: usize = 500;

/// Runs one attempt to its end. `nodes` are the participants with their indices; every node must give an
/// outcome. When one fails, the others are told to stop, and the gravest failure is returned.
pub fn run(
    nodes: &mut [(u16, &mut PinnedNode)],
    request: &SignedRequest,
    attempt: u16,
) -> Result<Vec<Outcome>, CeremonyError> {
    run_with(nodes, request, attempt, &BTreeMap::new())
}

/// The same with grants, by the index of the node that each is for.
pub fn run_with(
    nodes: &mut [(u16, &mut PinnedNode)],
    request: &SignedRequest,
    attempt: u16,
    grants: &BTreeMap<u16, Grant>,
) -> Result<Vec<Outcome>, CeremonyError> {
    let op_id = request.request.op_id;
    let begin = |index: u16| {
        let grant = grants.get(&index).cloned();
        Some(Call::Begin { request: Box::new(request.clone()), attempt, grant })
    };
    let mut outcomes: BTreeMap<u16, Outcome> = BTreeMap::new();
    let mut steps = call_all(nodes, begin);
    for _ in 0..TURNS_CAP {
        let mut inbound: BTreeMap<u16, Vec<Packet>> = BTreeMap::new();
        let mut failures = Vec::new();
        for (index, step) in steps {
            match step {
                Ok(step) => {
                    for packet in step.packets {
                        if packet.from != index || packet.to == index {
                            failures.push(spoofed(nodes, index));
                            break;
                        }
                        inbound.entry(packet.to).or_default().push(packet);
                    }
                    outcomes.extend(step.outcome.map(|outcome| (index, outcome)));
                }
                Err(error) => failures.push(error),
            }
        }
        if let Some(error) = gravest(failures) {
            let reason = error.message.clone();
            let close = |_| Some(Call::Close { op_id, attempt, reason: reason.clone() });
            call_all(nodes, close);
            return Err(error.into());
        }
        if outcomes.len() == nodes.len() {
            return Ok(outcomes.into_values().collect());
        }
        if inbound.is_empty() {
            let waiting = nodes.iter().filter(|(index, _)| !outcomes.contains_key(index));
            let names = waiting.map(|(_, node)| node.name().as_str()).collect::<Vec<_>>().join(", ");
            let message = format!("messages were lost: {names} still wait");
            let close = |_| Some(Call::Close { op_id, attempt, reason: message.clone() });
            call_all(nodes, close);
            return Err(NodeError::new(FailureKind::Unreachable, message).into());
        }
        let mut relay = |index| {
            let packets = inbound.remove(&index)?;
            Some(Call::Relay { op_id, attempt, packets })
        };
        steps = call_all(nodes, &mut relay);
    }
    let message = "the servers keep talking without an end";
    let close = |_| Some(Call::Close { op_id, attempt, reason: message.to_owned() });
    call_all(nodes, close);
    Err(NodeError::new(FailureKind::Bug, message).into())
}

/// A node that gave out a packet in another's name.
fn spoofed(nodes: &[(u16, &mut PinnedNode)], index: u16) -> NodeError {
    let name = nodes.iter().find(|(i, _)| *i == index).map(|(_, node)| node.name().clone());
    let mut error = NodeError::new(FailureKind::Misbehaved, "a server sent a message in another's name");
    if let Some(name) = name {
        error.message = format!("{name} sent a message in another's name");
        (error.culprits, error.certain) = (vec![name], true);
    }
    error
}

/// Calls nodes at the same time, each on a thread of its own.
fn call_all(
    nodes: &mut [(u16, &mut PinnedNode)],
    mut call: impl FnMut(u16) -> Option<Call>,
) -> Vec<(u16, Result<Step, NodeError>)> {
    let calls: Vec<_> = nodes
        .iter_mut()
        .filter_map(|(index, pinned)| Some((*index, &mut pinned.node, call(*index)?)))
        .collect();
    thread::scope(|scope| {
        let running: Vec<_> = calls
            .into_iter()
            .map(|(index, node, call)| (index, scope.spawn(move || step(&mut **node, call))))
            .collect();
        let stopped = || NodeError::new(FailureKind::Bug, "the thread of a call stopped");
        running
            .into_iter()
            .map(|(index, run)| (index, run.join().unwrap_or_else(|_| Err(stopped()))))
            .collect()
    })
}

/// A node's accusation is its own word: it is passed on with its name, and as certain only as its evidence.
fn step(node: &mut dyn Node, call: Call) -> Result<Step, NodeError> {
    let name = node.name().clone();
    let reported = |mut error: NodeError| {
        if error.kind == FailureKind::Misbehaved {
            error.message = format!("{name} reports: {}", error.message);
        }
        error
    };
    match node.handle(call).map_err(reported)? {
        Reply::Step(step) => Ok(step),
        Reply::Done => Ok(Step::default()),
        _ => Err(unexpected(node)),
    }
}

/// The failure to act on: misbehaviour before damage, damage before refusals, refusals before the rest.
fn gravest(mut failures: Vec<NodeError>) -> Option<NodeError> {
    failures.sort_by_key(|error| match error.kind {
        FailureKind::Misbehaved => 0,
        FailureKind::Integrity => 1,
        FailureKind::Denied => 2,
        FailureKind::Fixable => 3,
        FailureKind::Bug => 4,
        FailureKind::Unreachable => 5,
    });
    let mut failures = failures.into_iter();
    let mut first = failures.next()?;
    for other in failures.filter(|other| other.kind == FailureKind::Misbehaved) {
        if other.message != first.message && first.kind == FailureKind::Misbehaved {
            first.message = format!("{}; {}", first.message, other.message);
            first.certain &= other.certain;
            let known = first.culprits.clone();
            first.culprits.extend(other.culprits.into_iter().filter(|name: &Name| !known.contains(name)));
        }
    }
    Some(first)
}
