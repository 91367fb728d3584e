//! A faulty node in generation, activation and FROST: the honest ones stop before the next round and name it.
#![allow(clippy::type_complexity)] // Tables of lies are lists of functions.

use std::sync::{Arc, Mutex};

use quorate::{
    codec::{Hex, HexArray},
    curve::{Curve, Engine, payload_of_message},
    digest::Hash,
    keyshare::KeyShare,
    protocol::{Fault, Party, activate, dkg, frost, session::Body},
};

use crate::{
    faulty::{
        Evil, EvilReveal, Expected, FAMILIES, FAULTY, First, Nonces, Reveal, Second, bad_points, bad_scalars,
        edit, expect, other_scalar, pending, secret, with_evil,
    },
    relay::{Node, Run, nodes, terms},
};

const BOTH: &[u16] = &[1, 3];

fn generating(curve: Curve, nodes: &[Node], evil: Box<dyn Party<dkg::Generated>>) -> Run<dkg::Generated> {
    with_evil(curve, nodes, |_| dkg::party(curve, 2, 3), evil)
}

#[test]
fn r5_r6_bad_round_1_packages_name_their_maker() {
    for curve in Curve::ALL {
        let nodes = nodes(3);
        let try_one = |what: &str, reason: &str, alter: Box<dyn FnOnce(&mut Vec<u8>)>| {
            let run = generating(curve, &nodes, EvilReveal::party(curve, 2, 3, alter));
            expect(&format!("{curve} {what}"), run, &Expected { round: 2, reason, victims: BOTH });
        };
        let edited = |alter: fn(&mut Reveal)| -> Box<dyn FnOnce(&mut Vec<u8>)> {
            Box::new(move |bytes| edit::<Reveal>(bytes, alter))
        };
        let long = |r: &mut Reveal| r.commitment.push(r.commitment[1].clone());
        try_one("vector too long", "has 3 coefficients, not 2", edited(long));
        try_one("vector too short", "has 1 coefficients, not 2", edited(|r| r.commitment.truncate(1)));
        try_one("vector empty", "has 0 coefficients, not 2", edited(|r| r.commitment.clear()));
        for (what, point) in bad_points(curve) {
            for slot in [0, 1] {
                let point = Hex(point.clone());
                let alter = move |r: &mut Reveal| r.commitment[slot] = point;
                try_one(what, "a point is", Box::new(move |bytes| edit(bytes, alter)));
            }
        }
        let proofs: [fn(&mut Vec<u8>); 4] = [
            |proof| proof.truncate(0),
            |proof| proof.truncate(proof.len() - 1),
            |proof| proof.push(0),
            |proof| proof.fill(0xff),
        ];
        for alter in proofs {
            let alter = move |r: &mut Reveal| alter(&mut r.proof.0);
            try_one("malformed proof", "proof of knowledge is malformed", Box::new(move |b| edit(b, alter)));
        }
        let flip = move |r: &mut Reveal| {
            let at = r.proof.len() - curve.scalar_len();
            let other = other_scalar(curve, &r.proof[at..]);
            r.proof.0[at..].copy_from_slice(&other);
        };
        let bad_proof = "The proof of knowledge is not valid";
        try_one("wrong proof", bad_proof, Box::new(move |bytes| edit(bytes, flip)));
        // Proves knowledge of one constant term, commits to another.
        try_one("stranger's proof", bad_proof, edited(|r| r.commitment.swap(0, 1)));
        try_one("no CBOR", "malformed", Box::new(|bytes| *bytes = vec![0xff; 40]));
        try_one("bytes after", "bytes after its end", Box::new(|bytes| bytes.push(0)));
        try_one("too long", "at most 4096 are read", Box::new(|bytes| bytes.resize(4097, 0)));
    }
}

#[test]
fn r4_a_reveal_must_be_what_was_committed_to() {
    for curve in Curve::ALL {
        let nodes = nodes(3);
        let evil = Evil::broadcast(dkg::party(curve, 2, 3), 2, |bytes| {
            edit(bytes, |reveal: &mut Reveal| reveal.chain_code.0[0] ^= 1);
        });
        let expected = Expected { round: 2, reason: "not the one it committed to", victims: BOTH };
        expect(&format!("{curve} wrong reveal"), generating(curve, &nodes, evil), &expected);
        for len in [0, 31, 33] {
            let evil = Evil::broadcast(dkg::party(curve, 2, 3), 1, move |bytes| bytes.resize(len, 0));
            let expected = Expected { round: 1, reason: "commitment has another length", victims: BOTH };
            expect(&format!("{curve} commitment of {len}"), generating(curve, &nodes, evil), &expected);
        }
    }
}

/// A copied commitment must not make the party it was copied from doubt its own randomness.
#[test]
fn r4_a_copied_commitment_names_the_copier() {
    let nodes = nodes(3);
    let (copied, original) = (Arc::new(Mutex::new(vec![])), Arc::new(Mutex::new(vec![])));
    let source = original.clone();
    let evil = Evil::broadcast(dkg::party(Curve::Ed25519, 2, 3), 1, move |bytes| {
        *bytes = source.lock().unwrap().clone();
        *copied.lock().unwrap() = bytes.clone();
    });
    // The first party sends before the faulty one, in the same batch.
    let good = |index| {
        let inner = dkg::party(Curve::Ed25519, 2, 3);
        let original = original.clone();
        match index {
            1 => Evil::broadcast(inner, 1, move |bytes| *original.lock().unwrap() = bytes.clone()),
            _ => inner,
        }
    };
    let run = with_evil(Curve::Ed25519, &nodes, good, evil);
    let expected = Expected { round: 2, reason: "not the one it committed to", victims: BOTH };
    expect("copied commitment", run, &expected);
    assert_eq!(original.lock().unwrap().len(), 32);
}

#[test]
fn r6_r8_bad_dealt_shares_name_their_dealer() {
    for curve in Curve::ALL {
        let nodes = nodes(3);
        let try_one = |what: &str, reason: &str, victims: &'static [u16], bad: Option<Vec<u8>>| {
            let evil = Evil::party(dkg::party(curve, 2, 3), move |round, outgoing| {
                for victim in victims.iter().filter(|_| round == 3) {
                    let share = outgoing.direct.get_mut(victim).unwrap();
                    *share = secret(bad.clone().unwrap_or_else(|| other_scalar(curve, share)));
                }
            });
            let expected = Expected { round: 3, reason, victims };
            expect(&format!("{curve} {what}"), generating(curve, &nodes, evil), &expected);
        };
        for (what, bytes) in bad_scalars(curve) {
            try_one(what, "not a canonical scalar", BOTH, Some(bytes));
        }
        try_one("wrong share", "Invalid secret share", BOTH, None);
        try_one("wrong share for one", "Invalid secret share", &[3], None);
        try_one("share of zero", "Invalid secret share", BOTH, Some(vec![0; curve.scalar_len()]));
        let evil = Evil::party(dkg::party(curve, 2, 3), |round, outgoing| {
            if round == 3 {
                let (one, three) = (outgoing.direct.remove(&1).unwrap(), outgoing.direct.remove(&3).unwrap());
                outgoing.direct.extend([(1, three), (3, one)]);
            }
        });
        let expected = Expected { round: 3, reason: "Invalid secret share", victims: BOTH };
        expect(&format!("{curve} swapped shares"), generating(curve, &nodes, evil), &expected);
    }
}

fn activating(
    shares: &[KeyShare],
    nodes: &[Node],
    index: u16,
) -> Box<dyn Party<quorate::keyshare::DirtyKeyCard>> {
    let at = usize::from(index) - 1;
    let signature = nodes[at].secrets.signing().sign(&shares[at].card().hash().unwrap());
    let keys = nodes.iter().map(|node| node.card.card.signing_key).collect();
    activate::party(&shares[at], signature, keys).unwrap()
}

#[test]
fn r8_lies_in_activation_name_the_liar() {
    for curve in FAMILIES {
        let nodes = nodes(3);
        let shares = pending(curve, &nodes);
        let try_one = |what: &str, round, reason: &str, alter: Box<dyn FnMut(&mut Vec<u8>)>| {
            let evil = Evil::broadcast(activating(&shares, &nodes, FAULTY), round, alter);
            let run = with_evil(curve, &nodes, |index| activating(&shares, &nodes, index), evil);
            expect(&format!("{curve} {what}"), run, &Expected { round, reason, victims: BOTH });
        };
        let first = |alter: fn(&mut First)| -> Box<dyn FnMut(&mut Vec<u8>)> {
            Box::new(move |bytes| edit(bytes, alter))
        };
        try_one("other card", 1, "another key card", first(|m| m.card_hash = Hash::ZERO));
        try_one("no nonces", 1, "missing or not due", first(|m| m.commitments.0.clear()));
        try_one("no CBOR", 1, "malformed", first(|m| m.commitments.0.truncate(9)));
        for (what, point) in bad_points(curve) {
            let alter = move |bytes: &mut Vec<u8>| {
                edit(bytes, |first: &mut First| {
                    edit(&mut first.commitments.0, |nonces: &mut Nonces| nonces.binding = Hex(point.clone()));
                });
            };
            try_one(what, 1, "a point is", Box::new(alter));
        }
        let second = |alter: fn(&mut Second)| -> Box<dyn FnMut(&mut Vec<u8>)> {
            Box::new(move |bytes| edit(bytes, alter))
        };
        let unsigned = "signature on the key card does not verify";
        try_one("bad signature", 2, unsigned, second(|m| m.signature.0[5] ^= 1));
        let other = nodes[0].secrets.signing().sign(&shares[0].card().hash().unwrap());
        let copy = move |bytes: &mut Vec<u8>| edit(bytes, |m: &mut Second| m.signature = other);
        try_one("signature of another", 2, unsigned, Box::new(copy));
        try_one("no CBOR", 2, "malformed", Box::new(|bytes| bytes.clear()));
        for (what, scalar) in bad_scalars(curve) {
            let alter =
                move |bytes: &mut Vec<u8>| edit(bytes, |m: &mut Second| m.share = Hex(scalar.clone()));
            try_one(what, 2, "not a canonical scalar", Box::new(alter));
        }
        let wrong = move |bytes: &mut Vec<u8>| {
            edit(bytes, |m: &mut Second| m.share = Hex(other_scalar(curve, &m.share)));
        };
        try_one("wrong share", 2, "Invalid signature share", Box::new(wrong));
    }
}

#[test]
fn r8_a_witness_has_no_part_in_the_proof() {
    let nodes = nodes(3);
    let shares = pending(Curve::Ed25519, &nodes);
    // With t = 2 the third node proves nothing; here it is the one that lies, and 1 and 2 notice.
    let all = terms(Curve::Ed25519, 2, &nodes, vec![1, 2, 3]);
    let mut run = Run::open(&all, &nodes, |index| match index {
        3 => Evil::broadcast(activating(&shares, &nodes, 3), 1, |bytes| {
            edit(bytes, |first: &mut First| first.commitments = Hex(vec![1; 70]));
        }),
        _ => activating(&shares, &nodes, index),
    });
    run.relay(&mut crate::relay::honest());
    for index in [1, 2] {
        let fault = run.results.remove(&index).unwrap().err().unwrap();
        assert_eq!((fault.culprits(), fault.to_string().contains("not due")), (&[3][..], true), "{fault}");
    }
}

fn signing(shares: &[KeyShare], index: u16, taproot: bool) -> Box<dyn Party<Vec<u8>>> {
    let share = &shares[usize::from(index) - 1];
    let payload = payload_of_message(share.card().curve, None, b"pay").unwrap();
    frost::party(share, &payload, taproot).unwrap()
}

#[test]
fn r14_bad_nonces_and_shares_name_the_signer() {
    let schemes = Curve::ALL.into_iter().filter(|c| c.engine() == Engine::Frost).map(|c| (c, false));
    for (curve, taproot) in schemes.chain([(Curve::Secp256k1Schnorr, true)]) {
        let nodes = nodes(3);
        let shares = pending(curve, &nodes);
        let try_one = |what: &str, round, reason: &str, alter: Box<dyn FnMut(&mut Vec<u8>)>| {
            let evil = Evil::broadcast(signing(&shares, FAULTY, taproot), round, alter);
            let run = with_evil(curve, &nodes, |index| signing(&shares, index, taproot), evil);
            expect(&format!("{curve} {what}"), run, &Expected { round, reason, victims: BOTH });
        };
        for (what, point) in bad_points(curve) {
            let (hiding, binding) = (point.clone(), point);
            let alter =
                move |bytes: &mut Vec<u8>| edit(bytes, |n: &mut Nonces| n.hiding = Hex(hiding.clone()));
            try_one(what, 1, "a point is", Box::new(alter));
            let alter =
                move |bytes: &mut Vec<u8>| edit(bytes, |n: &mut Nonces| n.binding = Hex(binding.clone()));
            try_one(what, 1, "a point is", Box::new(alter));
        }
        try_one("no CBOR", 1, "malformed", Box::new(|bytes| bytes.truncate(4)));
        for (what, scalar) in bad_scalars(curve) {
            try_one(what, 2, "not a canonical scalar", Box::new(move |bytes| *bytes = scalar.clone()));
        }
        let wrong = move |bytes: &mut Vec<u8>| *bytes = other_scalar(curve, bytes);
        try_one("wrong share", 2, "Invalid signature share", Box::new(wrong));
        // Nonces that it does not use afterwards.
        let swap =
            |bytes: &mut Vec<u8>| edit(bytes, |n: &mut Nonces| std::mem::swap(&mut n.hiding, &mut n.binding));
        let evil = Evil::broadcast(signing(&shares, FAULTY, taproot), 1, swap);
        let run = with_evil(curve, &nodes, |index| signing(&shares, index, taproot), evil);
        let expected = Expected { round: 2, reason: "Invalid signature share", victims: BOTH };
        expect(&format!("{curve} swapped nonces"), run, &expected);
    }
}

/// Sends another broadcast to one party, properly signed, in one round.
fn equivocate<T>(run: &mut Run<T>, round: u32, victim: u16) {
    let session = run.sessions.get_mut(&FAULTY).unwrap();
    session.misbehave(Box::new(move |to, header, _| match &mut header.body {
        Body::Round(Some((payload, _))) if header.round == round && to == victim => {
            payload.0[0] ^= 1;
            true
        }
        _ => false,
    }));
}

fn check_equivocation<T>(what: &str, nodes: &[Node], mut run: Run<T>, round: u32, victim: u16) {
    equivocate(&mut run, round, victim);
    let expected = Expected { round, reason: "different broadcasts", victims: BOTH };
    for fault in expect(&format!("{what}, round {round} to {victim}"), run, &expected) {
        let Fault::Misbehaviour { evidence: Some(evidence), certain: true, .. } = fault else {
            panic!("{what}: no evidence")
        };
        let key = |index: usize| nodes[index - 1].card.card.signing_key;
        assert!(evidence.convicts(&key(2)), "{what}");
        assert!(!evidence.convicts(&key(1)) && !evidence.convicts(&key(3)), "{what}");
        let text = serde_json::to_string(&evidence).unwrap();
        assert_eq!(serde_json::from_str::<quorate::protocol::Evidence>(&text).unwrap(), *evidence);
        let altered: [fn(&mut quorate::protocol::Evidence); 5] = [
            |e| e.session = Hash::ZERO,
            |e| e.round += 1,
            |e| e.sender += 1,
            |e| e.second = e.first,
            |e| e.second.1 = HexArray([0; 64]),
        ];
        for alter in altered {
            let mut other = (*evidence).clone();
            alter(&mut other);
            assert!(!other.convicts(&key(2)), "{what}");
        }
    }
}

#[test]
fn r4_equivocation_in_any_round_convicts() {
    for curve in FAMILIES {
        let nodes = nodes(3);
        let all = terms(curve, 2, &nodes, vec![1, 2, 3]);
        let shares = pending(curve, &nodes);
        for (round, victim) in [(1, 1), (1, 3), (2, 1), (2, 3)] {
            let run = Run::open(&all, &nodes, |_| dkg::party(curve, 2, 3));
            check_equivocation(&format!("{curve} generating"), &nodes, run, round, victim);
            let run = Run::open(&all, &nodes, |index| activating(&shares, &nodes, index));
            check_equivocation(&format!("{curve} activating"), &nodes, run, round, victim);
            if curve.engine() == Engine::Frost {
                let run = Run::open(&all, &nodes, |index| signing(&shares, index, false));
                check_equivocation(&format!("{curve} signing"), &nodes, run, round, victim);
            }
        }
    }
}
