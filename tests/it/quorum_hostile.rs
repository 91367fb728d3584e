//! The machine in the middle is hostile (T2, T5): it has every file that travels, and calls the nodes as it likes. Nothing is
//! signed, given out, taken or deleted that people did not approve, and no honest node is blamed or locked.

use std::{
    fs,
    path::Path,
    sync::{Arc, Mutex},
};

use quorate::{
    audit::SignedEntry,
    card::NodeSecrets,
    ceremony::{CeremonyError, govern, jit, keys, locks, recover, sign},
    cli::error::ExitKind,
    codec::HexArray,
    curve::Curve,
    digest::Hash,
    genesis::{Genesis, NodeEntry, SignedGenesis},
    ids::{KeyId, Name, Time},
    keyshare::{DirtyKeyCard, Purpose},
    node::{Call, ExposureProof, FailureKind, Node, NodeError, embedded::node_dir},
    request::{Action, DeleteParams, GenerateParams, SignedRequest},
    shard::DirtyImport,
};
use rand_core::OsRng;

use crate::{
    node_stage::{Plan, Stage, copy_dir, exit, message, name, relay},
    quorum_stage::{
        Governed, altered, approve, boxed, export_of, person, recovery_of, refusal, resigned, signature_of,
        unlock_of,
    },
};

/// What stands beside a request in a call.
struct Beside {
    import: DirtyImport,
    entry: SignedEntry,
    card: DirtyKeyCard,
}

/// Every way in which a request can be handed to a node.
fn calls(signed: &SignedRequest, beside: &Beside) -> Vec<Call> {
    let request = || boxed(signed);
    let proof = ExposureProof::Sealed { request: request(), entry: Box::new(beside.entry.clone()) };
    let mut calls = vec![
        Call::Begin { request: request(), attempt: 1, grant: None },
        Call::Renounce { request: request() },
        Call::Abandon { request: request(), renounced: Vec::new() },
        Call::Export { request: request() },
        Call::ReleaseWithoutReceipt { request: request() },
        Call::Import { request: request(), import: Box::new(beside.import.clone()) },
        Call::Alias { request: request() },
        Call::Prepare { request: request(), attempt: 1 },
        Call::Unlock { request: request() },
        Call::Recover { request: request(), attempt: 1 },
        Call::MarkExposed { proof, card: Box::new(beside.card.clone()) },
    ];
    calls.extend(signed.proposal.as_ref().map(|next| {
        let adoption = Some(Box::new(SignedRequest { proposal: None, ..signed.clone() }));
        Call::SignGenesis { genesis: next.clone(), adoption }
    }));
    calls
}

/// The call that a request is for.
fn is_own(call: &Call, action: &Action) -> bool {
    matches!(
        (call, action),
        (Call::Export { .. }, Action::Export(_))
            | (Call::Import { .. }, Action::Import(_))
            | (Call::ReleaseWithoutReceipt { .. }, Action::DeleteWithoutReceipt(_))
            | (Call::Recover { .. }, Action::Recover(_))
            | (Call::Unlock { .. }, Action::Unlock(_))
            | (Call::Begin { .. }, Action::Sign(_))
            | (Call::SignGenesis { .. }, Action::Govern(_))
    )
}

#[test]
fn r37_r42_whatever_is_altered_in_an_approved_request_no_node_acts_on_it() {
    let governed = Governed::new();
    let card = governed.key(Curve::Ed25519);
    let key_id = card.body().key_id;
    // The share of node 3 is with C, who sends it back; that of node 2 was given out, and nobody has signed for it.
    let shard = governed.export_one(&card, 3, "C");
    let (import, import_request) = governed.import(&card, &shard, 3, None);
    let mut given = governed.ask(export_of(&card, 2, "B", true), &card, &[2]);
    approve(&mut given, &["A", "C"]);
    governed.call(2, Call::Export { request: boxed(&given) }).unwrap();
    let delete = DeleteParams {
        key_id,
        server: name(2),
        export_op_id: given.request.op_id,
        reason: "B is ill".into(),
    };
    let ask = |action, nodes: &[u16]| {
        let mut signed = governed.ask(action, &card, nodes);
        approve(&mut signed, &["A", "B"]);
        signed
    };
    let next = governed.open().chain().unwrap().current().next(Time::now()).unwrap();
    let mut change = govern::propose(&mut governed.open(), next).unwrap();
    approve(&mut change, &["A", "B"]);
    // In the order in which they can be carried out, each on its node.
    let requests = [
        (1, ask(signature_of(&card, &[1, 2], "pay the supplier"), &[1, 2])),
        (2, ask(Action::DeleteWithoutReceipt(delete), &[2])),
        (3, import_request),
        (1, ask(export_of(&card, 1, "A", true), &[1])),
        (1, ask(unlock_of(&card, 3), &[1, 2])),
        (3, ask(recovery_of(&card, "C", &[1, 3]), &[1, 3])),
        (1, change),
    ];
    let beside = Beside { import, entry: last_entry(&governed.stage, 1), card: card.dirty().clone() };
    let before = governed.state(&card);
    let mut nodes: Vec<_> = (1..=3).map(|i| governed.machine(i)).collect();
    for (own, signed) in &requests {
        let operation = signed.request.action.operation();
        let mut count = 0;
        let tried = altered(signed, |leaf, bad| {
            // Given twice, an approval counts once, and does no harm. Of a whole genesis a part will do.
            count += 1;
            let sampled = leaf.starts_with("/proposal") && count % 5 != 0;
            if sampled || leaf == "/approvals" && bad.approvals.len() > 2 {
                return;
            }
            // Its own node is called in every way, the others in the one that it is for.
            for (i, node) in (1..).zip(&mut nodes) {
                let all = calls(&bad, &beside).into_iter();
                for call in all.filter(|call| i == *own || is_own(call, &signed.request.action)) {
                    let reply = node.handle(call);
                    let error = reply.err().unwrap_or_else(|| panic!("{operation} {leaf}"));
                    let sort = matches!(error.kind, FailureKind::Bug | FailureKind::Misbehaved);
                    assert!(!sort, "{operation} {leaf}: {error}");
                }
                // Whoever asked can give up what they asked for, and nothing else.
                if i == *own && !leaf.starts_with("/approvals") && !leaf.starts_with("/proposal") {
                    let reply = node.handle(Call::Cancel { request: boxed(&bad) });
                    assert!(reply.is_err(), "{operation} {leaf}: cancelled");
                }
            }
        });
        assert!(tried > 30, "{operation} {tried}");
    }
    drop(nodes);
    assert_eq!(governed.state(&card), before);
    // As they were, each of them does one thing and nothing else.
    for (_, signed) in &requests {
        for call in calls(signed, &beside) {
            if !is_own(&call, &signed.request.action) {
                refusal(governed.call(1, call));
            }
        }
    }
    assert_eq!(governed.state(&card), before);
    for (i, signed) in &requests {
        let own = calls(signed, &beside).into_iter().find(|call| is_own(call, &signed.request.action));
        let done = governed.call(*i, own.unwrap());
        assert!(done.is_ok(), "{}: {}", signed.request.action.operation(), done.unwrap_err());
    }
    assert_ne!(governed.state(&card), before);
}

fn last_entry(stage: &Stage, i: u16) -> SignedEntry {
    let log = fs::read(node_dir(&stage.home(), &name(i)).join("audit.jsonl")).unwrap();
    SignedEntry::parse(log.strip_suffix(b"\n").unwrap().rsplit(|byte| *byte == b'\n').next().unwrap())
        .unwrap()
}

#[test]
fn r39_what_was_done_is_not_done_again_by_playing_it_back_today_or_tomorrow() {
    let governed = Governed::new();
    let card = governed.key(Curve::Ed25519);
    let key_id = card.body().key_id;
    let tape: Arc<Mutex<Vec<(Name, Call)>>> = Arc::default();
    let recorded = tape.clone();
    let plan = move || -> Plan {
        let tape = recorded.clone();
        relay(move |who, call, node| {
            tape.lock().unwrap().push((who.clone(), call.clone()));
            node.handle(call)
        })
    };
    // A life: shares leave, sign just in time, one comes back.
    let shards = governed.export_all(&card);
    let wanted =
        sign::Wanted { key_id, content: message("pay the supplier"), servers: Vec::new(), taproot: false };
    let bearers = governed.bearers(&shards, &[1, 2]);
    let mut workspace = governed.open();
    workspace.connect_with(plan());
    jit::run(&mut workspace, wanted, &bearers).unwrap();
    drop(workspace);
    let (import, signed) = governed.import(&card, &shards[&1], 1, None);
    let mut workspace = governed.open_for(&signed);
    workspace.connect_with(plan());
    let played = import.clone();
    quorate::ceremony::import::run(&mut workspace, import, Path::new("x"), &name(1), None).unwrap();
    drop(workspace);
    let mut tape = std::mem::take(&mut *tape.lock().unwrap());
    let beside = Beside { import: played, entry: last_entry(&governed.stage, 1), card: card.dirty().clone() };
    // The requests and receipts of what was not recorded are kept in the home.
    for kept in fs::read_dir(governed.stage.home().join("requests")).unwrap() {
        let signed = quorate::ceremony::requests::read(&kept.unwrap().path());
        for call in calls(&signed.unwrap(), &beside) {
            tape.extend((1..=3).map(|i| (name(i), call.clone())));
        }
    }
    let exports = quorate::ceremony::audit::collect(&governed.stage.home(), &governed.stage.primes).unwrap();
    let bundle = quorate::audit::bundle::Bundle::parse(&exports.bytes).unwrap();
    for line in bundle.exports {
        let export: quorate::audit::bundle::ExportRecord = serde_json::from_slice(line).unwrap();
        let receipt = Box::new(export.receipt.unwrap());
        tape.extend((1..=3).map(|i| (name(i), Call::Release { key_id, receipt: receipt.clone() })));
    }
    tape.retain(|(_, call)| !matches!(call, Call::Hello | Call::Key { .. } | Call::Status { .. }));
    assert!(tape.len() > 30, "{}", tape.len());
    let before = governed.state(&card);
    for day in [0, 1] {
        for (who, call) in tape.iter().chain(tape.iter().rev()) {
            let i = (1..=3).find(|i| name(*i) == *who).unwrap();
            for i in [i, i % 3 + 1] {
                let _ = governed.machine_at(i, day * 86_400).handle(call.clone());
            }
        }
        assert_eq!(governed.state(&card), before, "day {day}");
    }
    // The share that came back is there, though the receipt for it was played back.
    assert!(before[0].contains("share: true") && before[1].contains("share: false"), "{before:?}");
}

#[test]
fn r16_two_approved_requests_never_meet_in_one_signature() {
    let governed = Governed::new();
    let card = governed.key(Curve::Ed25519);
    let ask = |text: &str| {
        let mut signed = governed.ask(signature_of(&card, &[1, 2], text), &card, &[1, 2]);
        approve(&mut signed, &["A", "B"]);
        signed
    };
    let (one, other) = (ask("pay the supplier"), ask("pay the partner"));
    let second = other.clone();
    let mut workspace = governed.open_for(&one);
    workspace.connect_with(relay(move |who, call, node| match call {
        Call::Begin { attempt, grant, .. } if *who == name(2) => {
            node.handle(Call::Begin { request: boxed(&second), attempt, grant })
        }
        // What it answers goes by the operation of the other one.
        Call::Relay { attempt, packets, .. } if *who == name(2) => {
            node.handle(Call::Relay { op_id: second.request.op_id, attempt, packets })
        }
        other => node.handle(other),
    }));
    let wanted = sign::Wanted {
        key_id: card.body().key_id,
        content: message("pay the supplier"),
        servers: vec![name(1), name(2)],
        taproot: false,
    };
    let error = sign::run(&mut workspace, wanted.clone()).err().unwrap();
    assert_eq!(exit(error), ExitKind::Unreachable);
    drop(workspace);
    assert!(locks::list(&governed.open(), &card.body().key_id).unwrap().is_empty());
    for i in 1..=3 {
        assert_eq!(governed.stage.count(i, "SIGNING_COMPLETED"), 0);
    }
    // Both serve, each for itself.
    sign::run(&mut governed.open_for(&one), wanted.clone()).unwrap();
    let partner = sign::Wanted { content: message("pay the partner"), ..wanted };
    // Node 2 has used its first attempt up.
    let error = sign::run(&mut governed.open_for(&other), partner.clone()).err().unwrap();
    assert!(error.to_string().contains("was used before"), "{error}");
    sign::run(&mut governed.open_for(&other), partner).unwrap();
}

/// What becomes of the packets on their way.
type Mangle =
    fn(&mut Vec<quorate::protocol::session::Packet>, &Mutex<Vec<quorate::protocol::session::Packet>>);

#[test]
fn r13_r14_lost_doubled_swapped_altered_and_old_packets_blame_nobody_and_sign_nothing() {
    let governed = Governed::new();
    let card = governed.key(Curve::Ed25519);
    let mangles: [(&str, Mangle); 6] = [
        ("dropped", |packets, _| drop(packets.pop())),
        ("doubled", |packets, _| packets.extend(packets.clone())),
        ("altered", |packets, _| packets.iter_mut().for_each(|p| *p.body.0.last_mut().unwrap() ^= 1)),
        ("cut", |packets, _| packets.iter_mut().for_each(|p| p.body.0.truncate(p.body.0.len() - 1))),
        ("sent back", |packets, _| packets.iter_mut().for_each(|p| (p.from, p.to) = (p.to, p.from))),
        ("of before", |packets, old| {
            let mut old = old.lock().unwrap();
            let kept = packets.clone();
            *packets = std::mem::replace(&mut *old, kept);
        }),
    ];
    for (what, mangle) in mangles {
        for round in [0, 2] {
            let text = format!("{what} {round}");
            let mut signed = governed.ask(signature_of(&card, &[1, 3], &text), &card, &[1, 3]);
            approve(&mut signed, &["B", "C"]);
            let mut workspace = governed.open_for(&signed);
            let (old, seen) = (Mutex::new(Vec::new()), Mutex::new(0));
            workspace.connect_with(relay(move |who, call, node| match call {
                Call::Relay { op_id, attempt, mut packets } if *who == name(3) => {
                    let mut seen = seen.lock().unwrap();
                    if *seen >= round {
                        mangle(&mut packets, &old);
                    }
                    *seen += 1;
                    node.handle(Call::Relay { op_id, attempt, packets })
                }
                other => node.handle(other),
            }));
            let wanted = sign::Wanted {
                key_id: card.body().key_id,
                content: message(&text),
                servers: vec![name(1), name(3)],
                taproot: false,
            };
            let error = sign::run(&mut workspace, wanted).err().unwrap_or_else(|| panic!("{text}: signed"));
            assert_eq!(exit(error), ExitKind::Unreachable, "{text}");
        }
    }
    assert!(locks::list(&governed.open(), &card.body().key_id).unwrap().is_empty());
    for i in 1..=3 {
        assert_eq!(governed.stage.count(i, "MISBEHAVIOUR_DETECTED"), 0);
    }
}

#[test]
fn r22_nobody_brings_in_nodes_or_people_of_their_own() {
    let governed = Governed::new();
    let card = governed.key(Curve::Ed25519);
    let before = governed.state(&card);
    // A key over a stranger, asked for by the key generator.
    let generate = |roster: Vec<Name>| {
        let params = GenerateParams {
            key_id: KeyId::random(&mut OsRng),
            curve: Curve::Ed25519,
            threshold: 2,
            roster,
            label: None,
            purpose: Purpose::Production,
            no_loss_tolerance: false,
        };
        let mut signed = governed.ask(Action::Generate(params), &card, &[1, 2]);
        signed.request.key_card_hash = None;
        resigned(signed)
    };
    for (roster, reason) in [
        (vec![name(1), name(2), name(9)], "OFFICIAL_9 is not a server"),
        (vec![name(1), name(1), name(2)], "OFFICIAL_1 is named twice"),
        (vec![name(1), name(2)], "survives the loss of none"),
        (vec![name(2), name(3), name(1)], ""),
    ] {
        let begin = Call::Begin { request: Box::new(generate(roster.clone())), attempt: 1, grant: None };
        match governed.call(1, begin) {
            Err(error) => assert!(!reason.is_empty() && error.message.contains(reason), "{error}"),
            Ok(_) => assert!(reason.is_empty(), "{roster:?}"),
        }
    }
    // A version with nodes, or people, that the one in force knows nothing of.
    let chain = governed.stage.open().signed_chain().unwrap().to_vec();
    let strangers: Vec<NodeSecrets> = (0..3).map(|_| NodeSecrets::random(&mut OsRng)).collect();
    let mut sybil: Genesis = chain[0].genesis.next(Time::now()).unwrap();
    sybil.nodes = (1..=3)
        .zip(&strangers)
        .map(|(i, secrets)| NodeEntry { name: name(i), card: secrets.card(name(i), Time::now()).unwrap() })
        .collect();
    let sign = |genesis: &Genesis| {
        let by = |(i, secrets): (u16, &NodeSecrets)| genesis.sign(name(i), secrets.signing()).unwrap();
        SignedGenesis::new(genesis.clone(), (1..=3).zip(&strangers).map(by).collect())
    };
    let mut own = chain[0].genesis.next(Time::now()).unwrap();
    own.people.retain(|person| person.name.as_str() != "C");
    let mut first = sybil.clone();
    (first.sequence, first.previous_hash) = (0, None);
    for bad in [&sybil, &own, &first] {
        for i in 1..=3 {
            let adopt = Call::AdoptGenesis { signed: vec![sign(bad)] };
            assert_eq!(refusal(governed.call(i, adopt)).kind, FailureKind::Integrity);
            refusal(governed.call(i, Call::SignGenesis { genesis: Box::new(bad.clone()), adoption: None }));
        }
    }
    // The card of a key that other nodes signed.
    let mut foreign = card.dirty().clone();
    foreign.card.key_id = KeyId::random(&mut OsRng);
    foreign.signatures = (1..=3)
        .zip(&strangers)
        .map(|(_, secrets)| secrets.signing().sign(&Hash::of("key-card", &foreign.card).unwrap()))
        .collect();
    let learn = Call::Learn { card: Box::new(foreign), alias: None, op_id: HexArray([3; 16]) };
    refusal(governed.call(1, learn));
    // The honest generation began and went no further; nothing else happened anywhere.
    let after = governed.state(&card);
    let counted = |state: &str| -> (String, Vec<usize>) {
        let (rest, acts) = state.rsplit_once(" [").unwrap();
        let acts = acts.trim_end_matches(']').split(", ").map(|count| count.parse().unwrap());
        (rest.to_owned(), acts.collect())
    };
    let (rest, mut acts) = counted(&after[0]);
    acts[0] -= 1;
    assert_eq!((rest, acts), counted(&before[0]));
    assert_eq!(after[1..], before[1..]);
}

#[test]
fn r39_a_restored_node_is_noticed_by_the_next_request_and_gives_nothing_twice() {
    let governed = Governed::new();
    let card = governed.key(Curve::Ed25519);
    let dir = node_dir(&governed.stage.home(), &name(1));
    let copy = governed.stage.beside("snapshot");
    copy_dir(&dir, &copy);
    let shards = governed.export_all(&card);
    assert_eq!(shards.len(), 3);
    // Yesterday's store holds the share.
    fs::remove_dir_all(&dir).unwrap();
    copy_dir(&copy, &dir);
    let restored = governed.state(&card)[0].clone();
    assert!(restored.contains("share: true"), "{restored}");
    for action in [
        recovery_of(&card, "C", &[1, 2]),
        export_of(&card, 1, "A", false),
        signature_of(&card, &[1, 2], "pay"),
    ] {
        let mut signed = governed.ask(action, &card, &[1, 2]);
        approve(&mut signed, &["A", "B"]);
        let call = match &signed.request.action {
            Action::Recover(_) => Call::Recover { request: boxed(&signed), attempt: 1 },
            Action::Export(_) => Call::Export { request: boxed(&signed) },
            _ => Call::Begin { request: boxed(&signed), attempt: 1, grant: None },
        };
        let error = refusal(governed.call(1, call));
        assert!(error.message.contains("was restored from an old copy"), "{error}");
    }
    assert_eq!(governed.state(&card)[0], restored);
}

#[test]
fn r43_a_recovery_goes_to_the_approved_device_and_marks_all_it_can_reach() {
    let governed = Governed::new();
    let card = governed.key(Curve::Ed25519);
    let mut signed = governed.ask(recovery_of(&card, "C", &[1, 2]), &card, &[1, 2]);
    approve(&mut signed, &["A", "B"]);
    // Node 2 fails after node 1 has sealed: node 3, which gives nothing, is told all the same.
    let mut workspace = governed.open_for(&signed);
    workspace.connect_with(relay(|who, call, node| match call {
        Call::Recover { .. } if *who == name(2) => Err(lost()),
        other => node.handle(other),
    }));
    let error = recover::nodes::run(&mut workspace, &signed).err().unwrap();
    let CeremonyError::After { state, .. } = &error else { panic!("{error}") };
    assert!(state.contains("a share was sealed, so the key is exposed"), "{state}");
    drop(workspace);
    let shown = keys::show(&governed.open(), &card.body().key_id).unwrap();
    let exposed: Vec<bool> = shown.servers.iter().map(|server| server.exposed()).collect();
    assert_eq!((exposed, shown.status()), (vec![true, false, true], "exposed"));
    // Whoever sealed did so for C; the next attempt goes on.
    let sealed = recover::nodes::run(&mut governed.open_for(&signed), &signed).unwrap();
    assert_eq!(sealed.shares.len(), 2);
    for share in &sealed.shares {
        let chain = governed.stage.open();
        assert!(share.open(&person("B"), chain.chain().unwrap()).is_err());
        assert!(share.open(&person("C"), chain.chain().unwrap()).is_ok());
    }
    let shown = keys::show(&governed.open(), &card.body().key_id).unwrap();
    assert!(shown.servers.iter().all(|server| server.exposed()));
    // One that is refused everywhere exposes nothing.
    let other = governed.key(Curve::Ed25519);
    let alone = governed.ask(recovery_of(&other, "C", &[1, 2]), &other, &[1, 2]);
    let error = recover::nodes::run(&mut governed.open_for(&alone), &alone).err().unwrap();
    assert!(error.to_string().contains("needs the approval of 2 people"), "{error}");
    assert_eq!(keys::show(&governed.open(), &other.body().key_id).unwrap().status(), "active");
}

fn lost() -> NodeError {
    NodeError::new(FailureKind::Unreachable, "the connection was lost")
}

/// A node that is asked in the wrong place.
#[test]
fn r22_a_request_for_one_node_is_refused_by_the_others() {
    let governed = Governed::new();
    let card = governed.key(Curve::Ed25519);
    let mut signed = governed.ask(export_of(&card, 1, "A", true), &card, &[1, 2, 3]);
    approve(&mut signed, &["A", "B"]);
    for i in [2, 3] {
        let mut node = crate::node_stage::honest(
            &governed.stage.home(),
            &name(i),
            &governed.stage.seal(),
            &governed.stage.primes,
        )
        .unwrap();
        let error = refusal(Node::handle(&mut *node, Call::Export { request: boxed(&signed) }));
        assert!(error.message.contains("is for OFFICIAL_1, not for"), "{error}");
    }
}
