//! A hostile coordinator between honest nodes: whatever it does, nobody is named and nobody is locked, and
//! afterwards everything works.

use quorate::{
    ceremony::{
        CeremonyError,
        generate::Generated,
        keys, relay,
        workspace::{PinnedNode, Workspace},
    },
    cli::error::ExitKind,
    codec::HexArray,
    curve::Curve,
    digest::Hash,
    ids::{KeyId, OpId, Time},
    node::{Call, FailureKind, Node, NodeError, Outcome, Reply},
    protocol::session::Packet,
    request::{Action, Content, Request, SignParams, SignedRequest},
};
use rand_core::OsRng;

use crate::node_stage::{
    Counter, Stage, exit, generate, message, name, node_error, relay as behind, sign, sign_ok,
};

/// Nobody is blamed for what a relay can do.
fn disturbed(what: &str, error: CeremonyError) {
    let (error, code) = node_error(error);
    assert_eq!((error.kind, code), (FailureKind::Unreachable, ExitKind::Unreachable), "{what}: {error}");
    assert!(error.culprits.is_empty() && error.evidence.is_none(), "{what}");
}

/// Nothing in any log or record says that someone misbehaved, and all pairs sign.
pub fn unharmed(stage: &Stage, key: &KeyId) {
    for i in 1..=3 {
        assert_eq!(stage.count(i, "MISBEHAVIOUR_DETECTED"), 0);
        assert!(stage.locks(i, key).is_empty());
    }
    for pair in [[1, 2], [2, 3]] {
        stage.signs(key, &pair);
    }
}

type Attack = fn(&mut Vec<Packet>);

const ATTACKS: [(&str, Attack); 6] = [
    ("dropped", |p| {
        p.pop();
    }),
    ("replayed", |p| p.push(p[0].clone())),
    ("altered", |p| *p[0].body.0.last_mut().unwrap() ^= 1),
    ("cut off", |p| {
        p[0].body.0.pop();
    }),
    ("another sender's", |p| p[0].from = 3),
    ("re-addressed", |p| p[0].to = 3),
];

#[test]
fn r14_attacked_packets_end_with_exit_5_and_name_nobody() {
    let stage = Stage::new(3);
    let key = stage.key(Curve::Ed25519, 2);
    for (what, attack) in ATTACKS {
        let mut at = 0;
        loop {
            let relayed = Counter::default();
            let mut workspace = stage.open_with(behind(move |who, call, node| match call {
                Call::Relay { op_id, attempt, mut packets } => {
                    if *who == name(1) && relayed.next() == at {
                        attack(&mut packets);
                    }
                    node.handle(Call::Relay { op_id, attempt, packets })
                }
                other => node.handle(other),
            }));
            // The last call is passed at some point, and then nothing was attacked.
            match sign(&mut workspace, &key, &[1, 2]) {
                Ok(_) => break,
                Err(error) => disturbed(&format!("{what} in call {at}"), error),
            }
            at += 1;
        }
        assert!(at >= 4, "{what}: {at} calls");
    }
    unharmed(&stage, &key);
}

#[test]
fn r9_attacked_generations_can_be_abandoned_or_finished() {
    let stage = Stage::new(3);
    for (at, (what, attack)) in (0..).step_by(3).zip(ATTACKS.into_iter().take(4)) {
        let relayed = Counter::default();
        let mut workspace = stage.open_with(behind(move |who, call, node| match call {
            Call::Relay { op_id, attempt, mut packets } => {
                if *who == name(3) && relayed.next() == at {
                    attack(&mut packets);
                }
                node.handle(Call::Relay { op_id, attempt, packets })
            }
            other => node.handle(other),
        }));
        disturbed(what, generate(&mut workspace, Curve::Ed25519, 2).err().unwrap());
        drop(workspace);
        let key = stage.only_key();
        keys::abandon(&mut stage.open(), &key).unwrap();
    }
    let key = stage.key(Curve::Ed25519, 2);
    unharmed(&stage, &key);
}

/// Sends node 2, or every node, another request than the use case made.
pub fn edited(
    everywhere: bool,
    edit: impl Fn(&mut SignedRequest, &mut u16) + Send + Sync + 'static,
) -> crate::node_stage::Plan {
    behind(move |who, call, node| match call {
        Call::Begin { mut request, mut attempt, grant } if everywhere || *who == name(2) => {
            edit(&mut request, &mut attempt);
            node.handle(Call::Begin { request, attempt, grant })
        }
        other => node.handle(other),
    })
}

fn params(request: &mut SignedRequest) -> &mut SignParams {
    match &mut request.request.action {
        Action::Sign(params) => params,
        other => panic!("{other:?}"),
    }
}

type Edit = fn(&mut SignedRequest, &mut u16);

#[test]
fn r14_different_requests_to_different_nodes_never_meet() {
    let edits: [(&str, Edit); 7] = [
        ("message", |r, _| params(r).content = message("pay the thief")),
        ("digest", |r, _| params(r).content = Content::Message { message: vec![7; 64].into(), hash: None }),
        ("signers", |r, _| params(r).signers = vec![2, 3]),
        ("attempts", |r, _| r.request.max_attempts += 1),
        ("expiry", |r, _| r.request.expiry = r.request.expiry.plus_seconds(-1)),
        ("operation id", |r, _| r.request.op_id = HexArray::random(&mut OsRng)),
        ("attempt", |_, attempt| *attempt += 1),
    ];
    let stage = Stage::new(3);
    let key = stage.key(Curve::Ed25519, 2);
    for (what, edit) in edits {
        let error = sign(&mut stage.open_with(edited(false, edit)), &key, &[1, 2]).err().unwrap();
        disturbed(what, error);
    }
    unharmed(&stage, &key);
}

#[test]
fn r15_r37_r40_requests_that_no_node_may_accept() {
    let edits: [(&str, ExitKind, Edit); 20] = [
        ("version", ExitKind::Integrity, |r, _| r.request.version = 2),
        ("genesis", ExitKind::Denied, |r, _| r.request.genesis_hash = Hash::plain(b"other")),
        ("policy", ExitKind::Denied, |r, _| r.request.policy_hash = Hash::plain(b"other")),
        ("card", ExitKind::Integrity, |r, _| r.request.key_card_hash = Some(Hash::plain(b"other"))),
        ("no card", ExitKind::Denied, |r, _| r.request.key_card_hash = None),
        ("requester", ExitKind::Denied, |r, _| r.request.requester = name(9)),
        ("expired", ExitKind::Denied, |r, _| r.request.expiry = Time::now()),
        ("not yet", ExitKind::Denied, |r, _| {
            r.request.not_before = Time::now().plus_seconds(100);
        }),
        ("too long", ExitKind::Denied, |r, _| r.request.expiry = r.request.expiry.plus_seconds(1)),
        ("no attempts", ExitKind::Denied, |r, _| r.request.max_attempts = 0),
        ("many attempts", ExitKind::Denied, |r, _| r.request.max_attempts = 17),
        ("attempt 0", ExitKind::Denied, |_, attempt| *attempt = 0),
        ("attempt 4", ExitKind::Denied, |_, attempt| *attempt = 4),
        ("another key", ExitKind::Fixable, |r, _| params(r).key_id = KeyId::random(&mut OsRng)),
        ("path", ExitKind::Fixable, |r, _| params(r).path = "m/0".into()),
        ("order", ExitKind::Fixable, |r, _| params(r).signers = vec![2, 1]),
        ("too few", ExitKind::Fixable, |r, _| params(r).signers = vec![2]),
        ("too many", ExitKind::Fixable, |r, _| params(r).signers = vec![1, 2, 3]),
        ("unknown log entry", ExitKind::Integrity, |r, _| {
            r.request.node_heads.iter_mut().for_each(|head| head.head = Hash::plain(b"other"));
        }),
        ("future log entry", ExitKind::Integrity, |r, _| {
            r.request.node_heads.iter_mut().for_each(|head| head.counter += 1);
        }),
    ];
    let stage = Stage::new(3);
    let key = stage.key(Curve::Ed25519, 2);
    let started = stage.count(2, "SESSION_STARTED");
    for (what, code, edit) in edits {
        let refused = stage.count(2, "REQUEST_REFUSED");
        let error = sign(&mut stage.open_with(edited(true, edit)), &key, &[1, 2]).err().unwrap();
        let (error, given) = node_error(error);
        assert_eq!(given, code, "{what}: {error}");
        assert!(error.culprits.is_empty(), "{what}");
        assert_eq!(stage.count(2, "REQUEST_REFUSED"), refused + 1, "{what}: {error}");
    }
    assert_eq!(stage.count(2, "SESSION_STARTED"), started);
    unharmed(&stage, &key);
}

/// Requests by hand, and the nodes 1 and 2.
pub fn by_hand(stage: &Stage, key: &KeyId) -> (Workspace, SignedRequest) {
    let workspace = stage.open();
    let nodes = workspace.nodes(&[name(1), name(2)]).unwrap();
    let card = workspace.inventory().card(key, workspace.chain().unwrap()).unwrap();
    let action = Action::Sign(SignParams {
        key_id: *key,
        signers: vec![1, 2],
        content: message("by hand"),
        path: String::new(),
        taproot: false,
    });
    let request = workspace.request(action, Some(card.hash()), &nodes).unwrap();
    (workspace, request)
}

pub fn run(
    workspace: &Workspace,
    request: &SignedRequest,
    attempt: u16,
) -> Result<Vec<Outcome>, CeremonyError> {
    let mut nodes = workspace.nodes(&[name(1), name(2)]).unwrap();
    let mut indexed: Vec<(u16, &mut PinnedNode)> = (1..).zip(&mut nodes).collect();
    relay::run(&mut indexed, request, attempt)
}

#[test]
fn r3_r39_an_attempt_is_used_once_and_an_operation_for_one_request() {
    let stage = Stage::new(3);
    let key = stage.key(Curve::Ed25519, 2);
    let (workspace, request) = by_hand(&stage, &key);
    let first = run(&workspace, &request, 1).unwrap();
    // Each run opens the nodes anew.
    for _ in 0..2 {
        assert_eq!(exit(run(&workspace, &request, 1).unwrap_err()), ExitKind::Denied);
    }
    let second = run(&workspace, &request, 2).unwrap();
    assert_ne!(first, second, "the same nonce twice");
    run(&workspace, &request, 3).unwrap();
    assert_eq!(exit(run(&workspace, &request, 4).unwrap_err()), ExitKind::Denied);
    let mut other = request.clone();
    params(&mut other).content = message("by another hand");
    other.request.max_attempts = 16;
    let error = run(&workspace, &other, 4).unwrap_err();
    assert!(error.to_string().contains("was used for another request"), "{error}");
    assert_eq!(exit(error), ExitKind::Denied);
    let op_id = request.request.op_id;
    let mut nodes = workspace.nodes(&[name(1)]).unwrap();
    for attempt in [0, 1, 3, 9] {
        let call = Call::Relay { op_id, attempt, packets: vec![] };
        assert_eq!(nodes[0].node.handle(call).unwrap_err().kind, FailureKind::Unreachable);
    }
    drop((nodes, workspace));
    unharmed(&stage, &key);
}

#[test]
fn r14_closing_in_the_middle_ends_the_attempt() {
    let stage = Stage::new(3);
    let key = stage.key(Curve::Ed25519, 2);
    for at in [0, 1, 3] {
        let relayed = Counter::default();
        let mut workspace = stage.open_with(behind(move |who, call, node| {
            if let Call::Relay { op_id, attempt, .. } = &call
                && *who == name(2)
                && relayed.next() == at
            {
                let reason = "\u{1b}[31m no\nreason ".repeat(100);
                node.handle(Call::Close { op_id: *op_id, attempt: *attempt, reason })?;
            }
            node.handle(call)
        }));
        disturbed("closed", sign(&mut workspace, &key, &[1, 2]).err().unwrap());
    }
    let aborted = stage.log(2);
    let aborted = aborted.lines().filter(|line| line.contains("SESSION_ABORTED"));
    for line in aborted {
        assert!(!line.contains("\\u001b") && !line.contains("\\n") && line.len() < 2000, "{line}");
    }
    unharmed(&stage, &key);
}

/// Alters what a node answers in the end.
fn answering(whose: &'static [u16], alter: fn(&mut Outcome)) -> crate::node_stage::Plan {
    behind(move |who, call, node| {
        let mut reply = node.handle(call)?;
        if let Reply::Step(step) = &mut reply
            && whose.iter().any(|i| *who == name(*i))
            && let Some(outcome) = &mut step.outcome
        {
            alter(outcome);
        }
        Ok(reply)
    })
}

#[test]
fn r11_altered_results_are_not_given_out() {
    let stage = Stage::new(3);
    let key = stage.key(Curve::Ed25519, 2);
    let alter: fn(&mut Outcome) = |outcome| match outcome {
        Outcome::Signed(output) => output.signature.0[3] ^= 1,
        other => panic!("{other:?}"),
    };
    let plans: [&'static [u16]; 2] = [&[1], &[1, 2]];
    for whose in plans {
        let error = sign(&mut stage.open_with(answering(whose, alter)), &key, &[1, 2]).err().unwrap();
        assert_eq!(exit(error), ExitKind::Integrity);
    }
    unharmed(&stage, &key);
    let alter: fn(&mut Outcome) = |outcome| match outcome {
        Outcome::Activated(card) => card.card.chain_code_hash = Hash::ZERO,
        other => panic!("{other:?}"),
    };
    let plans: [&'static [u16]; 2] = [&[1], &[1, 2, 3]];
    for whose in plans {
        let result: Result<Generated, _> =
            generate(&mut stage.open_with(answering(whose, alter)), Curve::Ed25519, 2);
        assert_eq!(exit(result.err().unwrap()), ExitKind::Integrity);
        // The nodes hold the true card, so the key is finished with it.
        let ids = stage.ids();
        for id in ids.iter().filter(|id| **id != key) {
            keys::resume(&mut stage.open(), id).unwrap();
            stage.signs(id, &[1, 3]);
        }
    }
}

#[test]
fn r22_a_node_that_is_not_the_pinned_one_is_refused() {
    let stage = Stage::new(3);
    let key = stage.key(Curve::Ed25519, 2);
    let alters: [fn(&mut quorate::node::Hello); 2] = [
        |hello| hello.card.card.created_at = hello.card.card.created_at.plus_seconds(1),
        |hello| hello.chain.clear(),
    ];
    for alter in alters {
        let plan = behind(move |who, call, node| {
            let mut reply = node.handle(call)?;
            if let Reply::Hello(hello) = &mut reply
                && *who == name(2)
            {
                alter(hello);
            }
            Ok(reply)
        });
        assert_eq!(exit(sign(&mut stage.open_with(plan), &key, &[1, 2]).err().unwrap()), ExitKind::Integrity);
    }
    // One node in the place of another.
    let plan: crate::node_stage::Plan = Box::new(|home, who, seal, primes| {
        let who = if *who == name(2) { name(3) } else { who.clone() };
        crate::node_stage::honest(home, &who, seal, primes)
    });
    let result = sign(&mut stage.open_with(plan), &key, &[1, 2]);
    assert!(result.is_err());
    unharmed(&stage, &key);
}

/// Two operations that run at the same time on the same nodes and key, with their packets mixed.
#[test]
fn r18_two_signatures_at_once_are_both_right() {
    let stage = Stage::new(3);
    let key = stage.key(Curve::Ed25519, 2);
    let (workspace, request) = by_hand(&stage, &key);
    let mut other = request.clone();
    other.request.op_id = HexArray::random(&mut OsRng);
    let mut nodes = workspace.nodes(&[name(1), name(2)]).unwrap();
    let mut inbound: Vec<(OpId, Vec<Packet>)> = Vec::new();
    let mut outcomes = Vec::new();
    let mut take = |op_id: OpId, reply: Result<Reply, NodeError>, to: &mut Vec<(OpId, Vec<Packet>)>| {
        let Ok(Reply::Step(step)) = reply else { panic!("{reply:?}") };
        to.extend(step.packets.into_iter().map(|packet| (op_id, vec![packet])));
        outcomes.extend(step.outcome);
    };
    for request in [&request, &other] {
        for node in &mut nodes {
            let call = Call::Begin { request: Box::new(request.clone()), attempt: 1, grant: None };
            take(request.request.op_id, node.node.handle(call), &mut inbound);
        }
    }
    while !inbound.is_empty() {
        for (op_id, packets) in std::mem::take(&mut inbound) {
            let node: &mut dyn Node = &mut *nodes[usize::from(packets[0].to) - 1].node;
            take(op_id, node.handle(Call::Relay { op_id, attempt: 1, packets }), &mut inbound);
        }
    }
    let signatures: Vec<Vec<u8>> = outcomes
        .into_iter()
        .map(|outcome| match outcome {
            Outcome::Signed(output) => output.signature.0,
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(signatures.len(), 4);
    let mut distinct: Vec<&[u8]> = signatures.iter().map(|s| &s[..32]).collect();
    distinct.sort_unstable();
    distinct.dedup();
    assert_eq!(distinct.len(), 2, "R repeats, or nodes disagree");
    drop((nodes, workspace));
    unharmed(&stage, &key);
}

#[test]
fn packets_of_another_session_disturb_only() {
    let stage = Stage::new(3);
    let key = stage.key(Curve::Ed25519, 2);
    let recorded: std::sync::Arc<std::sync::Mutex<Vec<Packet>>> = Default::default();
    let tape = recorded.clone();
    let mut workspace = stage.open_with(behind(move |who, call, node| {
        if let Call::Relay { packets, .. } = &call
            && *who == name(1)
        {
            tape.lock().unwrap().extend(packets.clone());
        }
        node.handle(call)
    }));
    sign_ok(&mut workspace, &key, &[1, 2]);
    drop(workspace);
    for at in [0, 3] {
        let (tape, relayed) = (recorded.clone(), Counter::default());
        let mut workspace = stage.open_with(behind(move |who, call, node| match call {
            Call::Relay { op_id, attempt, mut packets } => {
                if *who == name(1) {
                    let now = relayed.next();
                    if now == at {
                        packets = vec![tape.lock().unwrap()[now].clone()];
                    }
                }
                node.handle(Call::Relay { op_id, attempt, packets })
            }
            other => node.handle(other),
        }));
        disturbed("recorded", sign(&mut workspace, &key, &[1, 2]).err().unwrap());
    }
    unharmed(&stage, &key);
}

#[test]
fn calls_that_name_no_operation_of_ours_change_nothing() {
    let stage = Stage::new(3);
    let key = stage.key(Curve::Ed25519, 2);
    let (workspace, request) = by_hand(&stage, &key);
    let mut nodes = workspace.nodes(&[name(1)]).unwrap();
    let node = &mut nodes[0].node;
    let close = Call::Close { op_id: request.request.op_id, attempt: 1, reason: String::new() };
    assert!(matches!(node.handle(close).unwrap(), Reply::Done));
    // A request to sign abandons nothing, and abandoning has no rounds.
    let call = Call::Abandon { request: Box::new(request.clone()), renounced: vec![] };
    assert_eq!(node.handle(call).unwrap_err().kind, FailureKind::Fixable);
    let abandon = Request {
        action: Action::Abandon(quorate::request::KeyParams { key_id: key }),
        ..request.request.clone()
    };
    let abandon = Box::new(SignedRequest::unsigned(abandon));
    let call = Call::Begin { request: abandon.clone(), attempt: 1, grant: None };
    assert_eq!(node.handle(call).unwrap_err().kind, FailureKind::Fixable);
    // Nor is an active key abandoned, whoever asks.
    let calls =
        [Call::Renounce { request: abandon.clone() }, Call::Abandon { request: abandon, renounced: vec![] }];
    for call in calls {
        assert_eq!(node.handle(call).unwrap_err().kind, FailureKind::Denied);
    }
    drop((nodes, workspace));
    unharmed(&stage, &key);
}
