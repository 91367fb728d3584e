//! A node that lies inside its own channels, seen from the use cases: it is named, the run ends with exit
//! code 6, honest nodes log it and lock it out of the key, and go on without it.

use ciborium::Value;
use quorate::{
    ceremony::{CeremonyError, auxiliary, keys, locks, workspace::Workspace},
    cli::error::ExitKind,
    curve::Curve,
    ids::KeyId,
    node::{
        Call, FailureKind, Machine, NodeError, Reply,
        embedded::{EmbeddedNode, node_dir},
    },
    protocol::session::{Body, Header, Mischief},
    ui::Progress,
};

use crate::{
    fixtures,
    node_stage::{
        Lie, Stage, exit, generate, honest, liar, name, node_error, sign, sign_ok, wanted, with_ui,
    },
};

/// The broadcast of a round.
fn broadcast(header: &mut Header, round: u32) -> Option<&mut Vec<u8>> {
    match &mut header.body {
        Body::Round(Some((payload, _))) if header.round == round => Some(&mut payload.0),
        _ => None,
    }
}

/// Alters the last byte of a round's broadcast, and signs it anew.
fn flip(header: &mut Header, round: u32) -> bool {
    let Some(payload) = broadcast(header, round) else { return false };
    *payload.last_mut().unwrap() ^= 1;
    true
}

/// Steps down to the first entry of each name in turn, wherever it is nested.
fn find<'a>(value: &'a mut Value, names: &[&str]) -> Option<&'a mut Value> {
    let Some((name, rest)) = names.split_first() else { return Some(value) };
    match value {
        Value::Array(list) => list.iter_mut().find_map(|inner| find(inner, names)),
        Value::Map(entries) => {
            let at = entries.iter().position(|(key, _)| key.as_text() == Some(name));
            match at {
                Some(at) => find(&mut entries[at].1, rest),
                None => entries.iter_mut().find_map(|(_, inner)| find(inner, names)),
            }
        }
        _ => None,
    }
}

/// What was altered is not a broadcast, or is to keep its old signature.
fn silently(_altered: bool) -> bool {
    false
}

/// Alters a number in a message of the ECDSA library.
fn nudge(bytes: &mut Vec<u8>, names: &[&str]) -> bool {
    let mut message: Value = ciborium::from_reader(bytes.as_slice()).unwrap();
    match find(&mut message, names) {
        Some(Value::Bytes(number)) => *number.last_mut().unwrap() ^= 1,
        Some(Value::Text(number)) => {
            let last = number.pop().unwrap();
            number.push(if last == '4' { '5' } else { '4' });
        }
        other => panic!("{names:?}: {other:?}"),
    }
    bytes.clear();
    ciborium::into_writer(&message, bytes).unwrap();
    true
}

/// The run ended because node 2, and only it, is known to have misbehaved.
fn named(what: &str, error: CeremonyError) -> NodeError {
    named_as(2, what, error)
}

fn named_as(liar: u16, what: &str, error: CeremonyError) -> NodeError {
    let (error, code) = node_error(error);
    assert_eq!(error.kind, FailureKind::Misbehaved, "{what}: {error}");
    assert_eq!(code, ExitKind::Misbehaved, "{what}");
    assert_eq!(error.culprits, [name(liar)], "{what}: {error}");
    assert!(error.certain && error.message.contains(name(liar).as_str()), "{what}: {error}");
    error
}

const DETECTED: &str = "MISBEHAVIOUR_DETECTED";

/// Rounds: 1 commitments, 2 reveals, 3 shares, 4 and 5 activation.
#[test]
fn r4_r7_r9_a_liar_in_generate_is_named_and_leaves_no_key() {
    let lies: [(&str, Lie, bool); 9] = [
        ("different commitments", |to, h, _| to == 1 && flip(h, 1), false),
        ("unsigned commitment", |_, h, _| silently(flip(h, 1)), false),
        ("other reveal", |_, h, _| flip(h, 2), false),
        (
            "malformed share",
            |_, h, d| {
                if h.round == 3 {
                    d.pop();
                }
                false
            },
            false,
        ),
        (
            "wrong share",
            |_, h, d| {
                if h.round == 3 && !d.is_empty() {
                    d[1] ^= 1;
                }
                false
            },
            false,
        ),
        (
            "message out of turn",
            |_, h, _| {
                h.round += u32::from(h.round == 2);
                false
            },
            false,
        ),
        (
            "false echo",
            |_, h, _| {
                if let (1, Body::Echo(list)) = (h.round, &mut h.body) {
                    list[0].1 = quorate::digest::Hash::ZERO;
                }
                false
            },
            false,
        ),
        ("other key card", |_, h, _| broadcast(h, 4).is_some_and(|p| nudge_cbor_bytes(p, "card_hash")), true),
        ("bad proof share", |_, h, _| broadcast(h, 5).is_some_and(|p| nudge_cbor_bytes(p, "share")), true),
    ];
    let stage = Stage::new(3);
    for (what, lie, pending) in lies {
        let before: Vec<_> = [1, 3].map(|i| stage.count(i, DETECTED)).into();
        let Err(error) = generate(&mut stage.open_with(liar(2, lie)), Curve::Ed25519, 2) else {
            panic!("{what} went unnoticed")
        };
        let error = named(what, error);
        assert_eq!(error.evidence.is_some(), what == "different commitments", "{what}");
        let after: Vec<_> = [1, 3].map(|i| stage.count(i, DETECTED)).into();
        assert!(after[0] + after[1] > before[0] + before[1], "{what}");
        let key = stage.only_key();
        let mut workspace = stage.open();
        let shown = keys::show(&workspace, &key).unwrap();
        assert_eq!(shown.status(), "incomplete", "{what}");
        let shares = shown.servers.iter().filter(|server| server.entry.is_some()).count();
        // The liar itself got true shares from everyone; alone it holds nothing of use.
        assert!(if pending { shares == 3 } else { shares <= 1 }, "{what}: {shares}");
        let honest = shown.servers.iter().filter(|server| server.name != name(2));
        assert!(honest.map(|s| s.record.is_some()).all(|known| known == pending), "{what}");
        assert_eq!(exit(sign(&mut workspace, &key, &[1, 3]).err().unwrap()), ExitKind::Fixable, "{what}");
        if what == "bad proof share" {
            // The liar had everyone's true share, so its card is complete and true, and finishes the key.
            // It stays locked out of it.
            keys::resume(&mut workspace, &key).unwrap();
            sign_ok(&mut workspace, &key, &[1, 3]);
            assert_eq!(exit(sign(&mut workspace, &key, &[1, 2]).err().unwrap()), ExitKind::Denied);
            continue;
        }
        keys::abandon(&mut workspace, &key).unwrap();
        assert!(workspace.inventory().ids().unwrap().is_empty());
    }
    let key = stage.key(Curve::Ed25519, 2);
    stage.signs(&key, &[1, 2]);
}

/// Alters the last byte under a name in one of our own messages.
fn nudge_cbor_bytes(payload: &mut Vec<u8>, field: &str) -> bool {
    nudge(payload, &[field])
}

#[test]
fn r4_an_ecdsa_key_notices_liars_too() {
    let lies: [(&str, Lie); 2] = [
        ("other reveal", |_, h, _| flip(h, 2)),
        ("wrong share", |_, h, d| {
            if h.round == 3 && d.len() == 32 {
                d[20] ^= 1;
            }
            false
        }),
    ];
    let stage = Stage::new(3);
    for (what, lie) in lies {
        let error = generate(&mut stage.open_with(liar(2, lie)), Curve::Secp256k1, 2).err().unwrap();
        named(what, error);
        let key = stage.only_key();
        keys::abandon(&mut stage.open(), &key).unwrap();
    }
}

/// The lie is told in `sign`; honest signers lock node 2 out of this key, and of this key only.
fn locked_out(stage: &Stage, key: &KeyId, signers: &[u16], without: &[u16], what: &str, lie: Lie) {
    named(what, sign(&mut stage.open_with(liar(2, lie)), key, signers).err().unwrap());
    for i in signers.iter().filter(|i| **i != 2) {
        assert_eq!(stage.locks(*i, key), [name(2)], "{what}");
        assert_eq!(stage.count(*i, DETECTED), 1, "{what}");
    }
    let refused = sign(&mut stage.open(), key, signers).err().unwrap();
    assert!(refused.to_string().contains("does not work with OFFICIAL_2"), "{what}: {refused}");
    assert_eq!(exit(refused), ExitKind::Denied, "{what}");
    stage.signs(key, without);
}

#[test]
fn r13_a_liar_in_frost_is_locked_out_and_the_others_sign() {
    let lies: [(&str, Lie); 4] = [
        ("different nonces", |to, h, _| to == 1 && flip(h, 1)),
        ("malformed nonces", |_, h, _| broadcast(h, 1).is_some_and(|p| nudge_cbor_bytes(p, "hiding"))),
        ("bad signature share", |_, h, _| flip_first(h, 2)),
        ("no canonical share", |_, h, _| {
            broadcast(h, 2).is_some_and(|p| {
                p.fill(0xff);
                true
            })
        }),
    ];
    for (what, lie) in lies {
        let stage = Stage::new(4);
        let key = stage.key(Curve::Ed25519, 3);
        locked_out(&stage, &key, &[1, 2, 3], &[1, 3, 4], what, lie);
        // Node 4 saw nothing itself. Two signatures of node 2 convince it; the word of others does not.
        let told = what == "different nonces";
        assert_eq!(stage.locks(4, &key).contains(&name(2)), told, "{what}");
    }
}

/// Alters the lowest byte of a little-endian scalar.
fn flip_first(header: &mut Header, round: u32) -> bool {
    let Some(payload) = broadcast(header, round) else { return false };
    payload[0] ^= 1;
    true
}

#[test]
fn r13_a_lock_is_for_one_key_and_outlives_restarts() {
    let stage = Stage::new(3);
    let (key, other) = (stage.key(Curve::Ed25519, 2), stage.key(Curve::Ed25519, 2));
    locked_out(&stage, &key, &[1, 2], &[1, 3], "bad signature share", |_, h, _| flip_first(h, 2));
    stage.signs(&other, &[1, 2]);
    // A lock is a node's own: node 3 still works with node 2, node 1 never again.
    stage.signs(&key, &[2, 3]);
    assert_eq!(exit(sign(&mut stage.open(), &key, &[1, 2]).err().unwrap()), ExitKind::Denied);
}

#[test]
fn r13_a_lock_is_lifted_on_request_with_its_reason_in_every_log() {
    let stage = Stage::new(3);
    let (key, other) = (stage.key(Curve::Ed25519, 2), stage.key(Curve::Ed25519, 2));
    let bad: Lie = |_, h, _| flip_first(h, 2);
    locked_out(&stage, &key, &[1, 2], &[1, 3], "bad signature share", bad);
    named("bad signature share", sign(&mut stage.open_with(liar(2, bad)), &other, &[1, 2]).err().unwrap());
    let found = locks::list(&stage.open(), &key).unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!((&found[0].server, &found[0].lock.culprit), (&name(1), &name(2)));
    let lift = |key: &KeyId, culprit: u16, reason: Option<&str>| {
        locks::lift(&mut stage.open(), key, &name(culprit), reason.map(str::to_owned))
    };
    assert_eq!(exit(lift(&key, 2, None).unwrap_err()), ExitKind::Usage);
    assert_eq!(exit(lift(&key, 2, Some("a\nb")).unwrap_err()), ExitKind::Fixable);
    assert!(lift(&key, 3, Some("rebuilt")).unwrap().is_empty(), "no lock on that one");
    assert_eq!(stage.locks(1, &key), [name(2)]);
    assert_eq!(lift(&key, 2, Some("rebuilt")).unwrap(), [name(1)]);
    assert!(stage.locks(1, &key).is_empty());
    assert_eq!(stage.count(1, "LOCK_LIFTED"), 1);
    assert!(lift(&key, 2, Some("rebuilt")).unwrap().is_empty());
    stage.signs(&key, &[1, 2]);
    assert_eq!(stage.locks(1, &other), [name(2)], "another key's lock stays");
}

/// Rounds: 1 ciphertexts and range proofs, 2 their echo, 3 products, 4 delta, 5 partial signatures.
#[test]
fn r13_a_liar_in_threshold_ecdsa_is_named_as_far_as_the_library_can() {
    let stage = Stage::new(4);
    let key = stage.key(Curve::Secp256k1, 3);
    // Of this one the library knows nobody: nothing is locked, and the same servers may try again.
    let delta: Lie = |_, h, _| broadcast(h, 4).is_some_and(|p| nudge(p, &["delta", "scalar"]));
    let (error, code) =
        node_error(sign(&mut stage.open_with(liar(2, delta)), &key, &[1, 2, 3]).err().unwrap());
    assert_eq!((error.kind, code), (FailureKind::Misbehaved, ExitKind::Misbehaved), "{error}");
    assert!(!error.certain && error.culprits.len() > 1 && error.culprits.contains(&name(2)), "{error:?}");
    assert!(error.message.contains("reports: one of {OFFICIAL_"), "{error}");
    for i in [1, 3] {
        assert_eq!(stage.count(i, DETECTED), 1);
        assert!(stage.locks(i, &key).is_empty());
    }
    // Among three, this name comes from the library's Debug text alone.
    let product: Lie = |_, h, d| silently(h.round == 3 && !d.is_empty() && nudge(d, &["D", "value"]));
    named("product", sign(&mut stage.open_with(liar(2, product)), &key, &[1, 2, 3]).err().unwrap());
    for i in [1, 3] {
        assert_eq!(stage.locks(i, &key), [name(2)]);
    }
    assert_eq!(exit(sign(&mut stage.open(), &key, &[1, 2, 3]).err().unwrap()), ExitKind::Denied);
    stage.signs(&key, &[1, 3, 4]);
}

#[test]
fn r13_with_one_peer_a_bad_partial_signature_is_that_peers() {
    let stage = Stage::new(3);
    let key = stage.key(Curve::Secp256k1, 2);
    let lie: Lie = |_, h, _| broadcast(h, 5).is_some_and(|p| nudge(p, &["sigma", "scalar"]));
    locked_out(&stage, &key, &[1, 2], &[1, 3], "partial signature", lie);
}

/// Four primes for each node, then aux by the real protocol.
fn renew(workspace: &mut Workspace, key: &KeyId) -> Result<auxiliary::Made, CeremonyError> {
    fill(workspace);
    with_ui(|ui| auxiliary::renew(workspace, key, &[], ui, &Progress::hidden()))
}

fn fill(workspace: &Workspace) {
    for pinned in &mut workspace.nodes(workspace.servers()).unwrap() {
        while !matches!(
            pinned.node.handle(Call::FillPool { level: 256, wanted: 4 }).unwrap(),
            Reply::Pool { have: 4.. }
        ) {}
    }
}

/// A key on `n` nodes whose pools are empty; its aux is missing.
fn without_aux(n: u16) -> (Stage, KeyId) {
    let stage = Stage::with(n, fixtures::source_without_aux());
    let wanted = wanted(Curve::Secp256k1, 2, n.into());
    let result =
        with_ui(|ui| quorate::ceremony::generate::run(&mut stage.open(), wanted, ui, &Progress::hidden()));
    let error = result.err().unwrap();
    assert!(matches!(&error, CeremonyError::After { state, .. } if state.contains("without aux")), "{error}");
    let key = stage.only_key();
    (stage, key)
}

/// Rounds: 1 commitments, 2 their echo, 3 moduli, 4 proofs, 5 signatures on the table.
#[test]
fn r13_a_wrong_aux_proof_names_its_maker() {
    let (stage, key) = without_aux(2);
    assert_eq!(exit(sign(&mut stage.open(), &key, &[1, 2]).err().unwrap()), ExitKind::Fixable);
    let lie: Lie =
        |_, h, d| silently(h.round == 4 && !d.is_empty() && nudge(d, &["fac_proof", "z1", "value"]));
    let error = named("proof", renew(&mut stage.open_with(liar(2, lie)), &key).err().unwrap());
    assert!(error.message.contains("InvalidFacProof"), "{error}");
    assert_eq!(stage.locks(1, &key), [name(2)]);
    // Each prime is used once, even in vain.
    assert!(stage.store(1).blob_ids(quorate::store::BlobKind::Prime).unwrap().is_empty());
    assert_eq!(exit(renew(&mut stage.open(), &key).err().unwrap()), ExitKind::Denied);
}

#[test]
fn r13_among_three_the_library_names_who_broke_its_aux_commitment() {
    let (stage, key) = without_aux(3);
    let lie: Lie = |_, h, _| broadcast(h, 3).is_some_and(|p| nudge(p, &["decommit"]));
    let error = named("decommitment", renew(&mut stage.open_with(liar(2, lie)), &key).err().unwrap());
    assert!(error.message.contains("InvalidDecommitment"), "{error}");
    for i in [1, 3] {
        assert_eq!(stage.locks(i, &key), [name(2)]);
    }
    assert_eq!(keys::show(&stage.open(), &key).unwrap().status(), "no aux");
}

#[test]
fn r13_a_maker_of_aux_that_says_different_things_is_convicted_and_the_others_go_on() {
    let (stage, key) = without_aux(3);
    let lie: Lie = |to, h, _| to == 1 && flip(h, 1);
    let error = named("commitments", renew(&mut stage.open_with(liar(2, lie)), &key).err().unwrap());
    assert!(error.evidence.is_some(), "{error}");
    for i in [1, 3] {
        assert_eq!(stage.locks(i, &key), [name(2)]);
    }
    assert_eq!(exit(renew(&mut stage.open(), &key).err().unwrap()), ExitKind::Denied);
    // Two of three make aux without it, and sign.
    let mut workspace = stage.open();
    fill(&workspace);
    let without = [name(1), name(3)];
    with_ui(|ui| auxiliary::renew(&mut workspace, &key, &without, ui, &Progress::hidden())).unwrap();
    drop(workspace);
    stage.signs(&key, &[1, 3]);
}

/// In whatever place of the roster a liar stands.
#[test]
fn r14_the_first_and_the_last_are_named_as_those_between() {
    for i in [1, 3] {
        let others: Vec<u16> = (1..=3).filter(|other| *other != i).collect();
        let stage = Stage::new(3);
        let bad_reveal: Lie = |_, h, _| flip(h, 2);
        let bad_share: Lie = |_, h, d| {
            if h.round == 3 && !d.is_empty() {
                d[1] ^= 1;
            }
            false
        };
        for (what, lie) in [("reveal", bad_reveal), ("share", bad_share)] {
            let error = generate(&mut stage.open_with(liar(i, lie)), Curve::Ed25519, 2).err().unwrap();
            named_as(i, what, error);
            let key = stage.only_key();
            keys::abandon(&mut stage.open(), &key).unwrap();
        }
        let signs_without = |key: &KeyId, what: &str, lie: Lie, rounds: &str| {
            let signers = [others[0].min(i), others[0].max(i)];
            let error = sign(&mut stage.open_with(liar(i, lie)), key, &signers).err().unwrap();
            named_as(i, &format!("{rounds} {what} {i}"), error);
            assert_eq!(stage.locks(others[0], key), [name(i)], "{rounds} {what}");
            stage.signs(key, &others);
        };
        let frost: [(&str, Lie); 2] = [
            ("nonces", |_, h, _| broadcast(h, 1).is_some_and(|p| nudge_cbor_bytes(p, "hiding"))),
            ("signature share", |_, h, _| flip_first(h, 2)),
        ];
        for (what, lie) in frost {
            signs_without(&stage.key(Curve::Ed25519, 2), what, lie, "FROST");
        }
        let ecdsa: [(&str, Lie); 3] = [
            ("ciphertext", |_, h, _| broadcast(h, 1).is_some_and(|p| nudge(p, &["K", "value"]))),
            ("product", |_, h, d| silently(h.round == 3 && !d.is_empty() && nudge(d, &["D", "value"]))),
            ("partial signature", |_, h, _| broadcast(h, 5).is_some_and(|p| nudge(p, &["sigma", "scalar"]))),
        ];
        for (what, lie) in ecdsa {
            signs_without(&stage.key(Curve::Secp256k1, 2), what, lie, "ECDSA");
        }
    }
}

/// Two ciphertexts for two peers: the echo shows it, the signatures convict.
#[test]
fn r4_r13_equivocation_in_threshold_ecdsa_convicts_the_signer() {
    let stage = Stage::new(4);
    let key = stage.key(Curve::Secp256k1, 3);
    let lie: Lie = |to, h, _| to == 1 && broadcast(h, 1).is_some_and(|p| nudge(p, &["K", "value"]));
    let error = named("K", sign(&mut stage.open_with(liar(2, lie)), &key, &[1, 2, 3]).err().unwrap());
    assert!(error.evidence.is_some(), "{error}");
    // Node 4 was not there, and is told.
    for i in [1, 3, 4] {
        assert_eq!(stage.locks(i, &key), [name(2)], "{i}");
    }
    stage.signs(&key, &[1, 3, 4]);
}

#[test]
fn r13_a_bad_signature_on_the_aux_table_is_named() {
    let stage = Stage::new(3);
    // With committed aux the signatures are the first round; nothing else there is 64 bytes long.
    let lie: Lie = |_, h, _| broadcast(h, 1).is_some_and(|p| p.len() == 64) && flip(h, 1);
    let error = generate(&mut stage.open_with(liar(2, lie)), Curve::Secp256k1, 2).err().unwrap();
    assert!(matches!(&error, CeremonyError::After { state, .. } if state.contains("without aux")), "{error}");
    named("table", error);
    let key = stage.only_key();
    assert_eq!(keys::show(&stage.open(), &key).unwrap().status(), "no aux");
    assert_eq!(exit(sign(&mut stage.open(), &key, &[1, 3]).err().unwrap()), ExitKind::Fixable);
    for i in [1, 3] {
        assert_eq!(stage.locks(i, &key), [name(2)]);
    }
}

/// A liar that also accuses: nobody outside can tell who is right, so both are named with their accusers,
/// and each node believes itself.
#[test]
fn a_liar_that_accuses_back_locks_nothing_on_others() {
    let stage = Stage::new(4);
    let key = stage.key(Curve::Ed25519, 3);
    let mut workspace = stage.open();
    workspace.connect_with(Box::new(|home, who, seal, primes| {
        if *who != name(2) {
            return honest(home, who, seal, primes);
        }
        let (dir, seal, primes) = (node_dir(home, who), seal.for_node(who.as_str()), primes.clone());
        Ok(Box::new(EmbeddedNode::spawn(who.clone(), move || {
            let mut machine = Machine::open(&dir, name(2), &seal, primes)?;
            let lie: Lie = |to, h, _| to == 1 && flip_first(h, 2);
            machine.misbehave(move || Box::new(lie) as Mischief);
            Ok(machine)
        })?))
    }));
    let (error, code) = node_error(sign(&mut workspace, &key, &[1, 2, 3]).err().unwrap());
    drop(workspace);
    assert_eq!(code, ExitKind::Misbehaved);
    for words in ["OFFICIAL_1 reports: OFFICIAL_2 misbehaved", "OFFICIAL_2 reports: OFFICIAL_1 misbehaved"] {
        assert!(error.message.contains(words), "{error}");
    }
    for i in [1, 3] {
        assert_eq!(stage.locks(i, &key), [name(2)]);
    }
    stage.signs(&key, &[1, 3, 4]);
}

#[test]
fn r14_a_retry_after_a_lost_packet_works() {
    let stage = Stage::new(3);
    let key = stage.key(Curve::Ed25519, 2);
    let lost = crate::node_stage::Counter::default();
    let mut workspace = stage.open_with(crate::node_stage::relay(move |_, call, node| {
        let reply = node.handle(call)?;
        match reply {
            Reply::Step(mut step) if lost.next() == 5 => {
                step.packets.pop();
                Ok(Reply::Step(step))
            }
            other => Ok(other),
        }
    }));
    let (error, code) = node_error(sign(&mut workspace, &key, &[1, 2]).err().unwrap());
    assert_eq!(code, ExitKind::Unreachable, "{error}");
    assert!(error.culprits.is_empty());
    sign_ok(&mut workspace, &key, &[1, 2]);
}
