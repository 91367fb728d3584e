//! A faulty signer in threshold ECDSA, and a faulty holder where aux is made. The library names most
//! culprits itself; of some failures only "one of the others" is known, and with one other that is certain.
#![allow(clippy::type_complexity)] // Tables of lies are lists of functions.

use cggmp24::backend::Integer;
use ciborium::Value;
use generic_ec::{Point, curves::Secp256k1};
use quorate::{
    codec::HexArray,
    curve::{Curve, EcdsaSignature, Level, payload_of_message},
    digest::Hash,
    protocol::{Fault, Outgoing, Party, auxgen, ecdsa},
};
use rand_core::OsRng;

use crate::{
    faulty::{Evil, FAULTY, pending, secret, spy},
    fixtures,
    protocol::ready_aux,
    relay::{Node, Run, honest, nodes, terms},
};

/// One lie: in which round, in the broadcast or to each peer, and what it does to the message.
struct Lie {
    what: &'static str,
    round: u32,
    broadcast: bool,
    tell: fn(&mut Value),
    /// Last round the honest take part in.
    last: u32,
    /// The library names the culprit among several.
    named: bool,
}

/// The value under a path of names, through lists of one and enum variants.
fn at<'a>(value: &'a mut Value, path: &[&str]) -> &'a mut Value {
    match value {
        Value::Array(list) => at(list.first_mut().unwrap(), path),
        Value::Map(map) if path.is_empty() => panic!("{:?}", map.iter().map(|(k, _)| k).collect::<Vec<_>>()),
        Value::Map(map) => {
            let variant = map.len() == 1 && map[0].0.as_text() != Some(path[0]);
            let inner = match variant {
                true => &mut map[0].1,
                false => {
                    &mut map
                        .iter_mut()
                        .find(|(key, _)| key.as_text() == Some(path[0]))
                        .unwrap_or_else(|| panic!("{path:?}"))
                        .1
                }
            };
            let rest = if variant { path } else { &path[1..] };
            if rest.is_empty() && !matches!(inner, Value::Array(_)) { inner } else { at(inner, rest) }
        }
        leaf => leaf,
    }
}

/// Changes the last byte or digit of a leaf; a point becomes another point.
fn nudge(value: &mut Value, path: &[&str]) {
    match at(value, path) {
        Value::Bytes(point) if point.len() == 65 => {
            *point = Point::<Secp256k1>::generator().to_point().to_bytes(false).as_bytes().to_vec();
        }
        Value::Bytes(bytes) => *bytes.last_mut().unwrap() ^= 1,
        Value::Integer(byte) => *byte = (u8::try_from(*byte).unwrap() ^ 1).into(),
        Value::Text(text) => {
            let last = text.pop().unwrap();
            text.push(if last == '4' { '5' } else { '4' });
        }
        other => panic!("{other:?}"),
    }
}

fn tamper(lie: &Lie) -> impl FnMut(u32, &mut Outgoing) + use<> {
    let (round, broadcast, tell) = (lie.round, lie.broadcast, lie.tell);
    let edit = move |bytes: &[u8]| {
        let mut value: Value = ciborium::from_reader(bytes).unwrap();
        tell(&mut value);
        let mut out = Vec::new();
        ciborium::into_writer(&value, &mut out).unwrap();
        out
    };
    move |now, outgoing| {
        if now == round && broadcast {
            let altered = edit(outgoing.broadcast.as_ref().unwrap());
            outgoing.broadcast = Some(altered);
        } else if now == round {
            outgoing.direct.values_mut().for_each(|bytes| *bytes = secret(edit(bytes)));
        }
    }
}

/// Every honest party stops in time and accuses the faulty one: alone if the library can tell or there is no
/// other, else among the others.
fn expect<T>(lie: &Lie, mut run: Run<T>) {
    let honest_ones: Vec<u16> = run.sessions.keys().copied().filter(|index| *index != FAULTY).collect();
    let rounds = spy(&mut run);
    run.relay(&mut honest());
    let what = lie.what;
    for index in &honest_ones {
        let Some(Err(fault)) = run.results.remove(index) else { panic!("{what}: {index} did not notice") };
        let Fault::Misbehaviour { culprits, certain, reason, .. } = fault else {
            panic!("{what}: {index} says {fault:?}")
        };
        let alone = lie.named || honest_ones.len() == 1;
        assert_eq!(certain, alone, "{what}: {index} says {reason}");
        assert!(culprits.contains(&FAULTY) && !culprits.contains(index), "{what}: {culprits:?}");
        assert!(!alone || culprits == [FAULTY], "{what}: {culprits:?}");
    }
    let last = *rounds.lock().unwrap();
    assert!(last <= lie.last, "{what}: an honest party went on to round {last}");
}

fn try_lies(n: u16, lies: &[Lie]) {
    let curve = Curve::Secp256k1;
    let all = nodes(n);
    let signers: Vec<u16> = (1..=n).collect();
    let (shares, payload) = (pending(curve, &all), payload_of_message(curve, None, b"pay").unwrap());
    let aux = ready_aux(&shares, &all);
    for lie in lies {
        let run = Run::open(&terms(curve, 2, &all, signers.clone()), &all, |index| {
            let at = usize::from(index) - 1;
            let party: Box<dyn Party<EcdsaSignature>> =
                ecdsa::party(&shares[at], &aux[at], &signers, payload.clone()).unwrap();
            if index == FAULTY { Evil::party(party, tamper(lie)) } else { party }
        });
        expect(lie, run);
    }
}

/// A ciphertext of 2^1300 under the liar's own key. The honest answer to it, x * 2^1300 - beta, would show the
/// liar the honest share x.
fn oversized() -> String {
    let [p, q, _, _] = fixtures::primes(Level::Bits256, usize::from(FAULTY) - 1).integers();
    let n = p * q;
    (Integer::one() + (&n * (Integer::one() << 1300usize))).modulo(&(&n * &n)).to_str_radix(16)
}

const fn lie(what: &'static str, round: u32, broadcast: bool, last: u32, tell: fn(&mut Value)) -> Lie {
    Lie { what, round, broadcast, tell, last, named: true }
}

/// Rounds: 1 ciphertexts and range proofs, 2 their echo, 3 multiplication, 4 delta, 5 partial signatures.
#[test]
fn r14_lies_of_a_signer_name_it_among_three() {
    try_lies(
        3,
        &[
            lie("ciphertext K", 1, true, 1, |v| nudge(v, &["K", "value"])),
            lie("range proof of K", 1, false, 1, |v| nudge(v, &["psi0", "proof", "z1", "value"])),
            lie("range proof of G", 1, false, 1, |v| nudge(v, &["psi1", "proof", "z1", "value"])),
            lie("product", 3, false, 3, |v| nudge(v, &["D", "value"])),
            lie("proof of delta", 4, true, 4, |v| nudge(v, &["psi_prime", "proof", "z", "scalar"])),
            Lie { named: false, ..lie("delta", 4, true, 4, |v| nudge(v, &["delta", "scalar"])) },
            lie("echo", 2, true, 2, |v| *v = Value::Array(vec![])),
            Lie { named: false, ..lie("partial signature", 5, true, 5, |v| nudge(v, &["sigma", "scalar"])) },
            lie("no list", 1, true, 1, |v| *v = Value::Null),
            lie("no product", 3, false, 3, |v| *v = Value::Array(vec![])),
        ],
    );
}

#[test]
fn r6_malformed_messages_of_a_signer_name_it() {
    fn set(value: &mut Value, path: &[&str], new: impl Into<Value>) {
        *at(value, path) = new.into();
    }
    try_lies(
        2,
        &[
            lie("partial signature", 5, true, 5, |v| nudge(v, &["sigma", "scalar"])),
            lie("echo", 2, true, 2, |v| match v {
                Value::Array(list) => list.clear(),
                other => panic!("{other:?}"),
            }),
            lie("no list", 1, true, 1, |v| *v = Value::Null),
            lie("two messages", 1, true, 1, |v| match v {
                Value::Array(list) => list.push(list[0].clone()),
                other => panic!("{other:?}"),
            }),
            lie("no message", 1, false, 1, |v| *v = Value::Array(vec![])),
            lie("radix", 1, true, 1, |v| set(v, &["K", "radix"], 99)),
            lie("no number", 1, true, 1, |v| set(v, &["K", "value"], "x")),
            lie("zero", 1, true, 1, |v| set(v, &["K", "value"], "0")),
            lie("negative", 1, true, 1, |v| set(v, &["G", "value"], "-1")),
            lie("another curve", 1, true, 1, |v| set(v, &["Y", "curve"], "secp256r1")),
            lie("off the curve", 1, true, 1, |v| set(v, &["Y", "point"], Value::Bytes(vec![4; 65]))),
            lie("oversized ciphertext", 1, true, 1, |v| set(v, &["K", "value"], oversized())),
            lie("the identity", 1, true, 1, |v| set(v, &["Y", "point"], Value::Bytes(vec![0]))),
            lie("above the order", 5, true, 5, |v| {
                set(v, &["sigma", "scalar"], Value::Bytes(vec![0xff; 32]))
            }),
            lie("another round's", 3, false, 3, |v| {
                *v = Value::Array(vec![Value::Map(vec![("Round4".into(), Value::Map(vec![]))])]);
            }),
        ],
    );
}

fn making_aux(nodes: &[Node], lie: &Lie) {
    let holders: Vec<u16> = (1..).zip(nodes).map(|(index, _)| index).collect();
    let plan = auxgen::Plan {
        key_card_hash: Hash::ZERO,
        aux_id: HexArray::random(&mut OsRng),
        level: Level::Bits256,
        holders: holders.clone(),
    };
    let run = Run::open(&terms(Curve::Secp256k1, 2, nodes, holders), nodes, |index| {
        let party = auxgen::party(plan.clone(), &fixtures::primes(Level::Bits256, usize::from(index) - 1));
        if index == FAULTY { Evil::party(party, tamper(lie)) } else { party }
    });
    expect(lie, run);
}

/// Rounds: 1 commitments, 2 their echo, 3 moduli with the proof of their parameters, 4 proofs of the moduli.
#[test]
fn r14_a_lie_of_a_maker_of_aux_in_each_round_names_it() {
    let nodes = nodes(3);
    for lie in [
        lie("commitment", 1, true, 3, |v| nudge(v, &["commitment"])),
        lie("no echo", 2, true, 2, |v| *v = Value::Array(vec![])),
        lie("proof of the parameters", 3, true, 3, |v| nudge(v, &["params_proof", "zs", "value"])),
        lie("proof of the factors", 4, false, 4, |v| nudge(v, &["fac_proof", "proof", "z1", "value"])),
    ] {
        making_aux(&nodes, &lie);
    }
}

#[test]
#[ignore = "minutes; .ci/run runs it"]
fn r14_all_lies_of_a_maker_of_aux_name_it() {
    fn set(value: &mut Value, path: &[&str], new: impl Into<Value>) {
        *at(value, path) = new.into();
    }
    let nodes = nodes(3);
    for lie in [
        lie("no commitment", 1, true, 1, |v| *v = Value::Null),
        lie("two commitments", 1, true, 1, |v| match v {
            Value::Array(list) => list.push(list[0].clone()),
            other => panic!("{other:?}"),
        }),
        lie("opening", 3, true, 3, |v| nudge(v, &["decommit"])),
        lie("modulus", 3, true, 3, |v| nudge(v, &["N", "value"])),
        lie("second modulus", 3, true, 3, |v| nudge(v, &["hat_N", "value"])),
        lie("ring-Pedersen s", 3, true, 3, |v| nudge(v, &["s", "value"])),
        lie("oversized modulus", 3, true, 3, |v| set(v, &["N", "value"], format!("1{}", "0".repeat(1500)))),
        lie("no modulus", 3, true, 3, |v| set(v, &["N", "value"], "0")),
        lie("proof of the modulus", 4, false, 4, |v| nudge(v, &["mod_proof", "proof", "x", "value"])),
        lie("no proofs", 4, false, 4, |v| *v = Value::Array(vec![])),
    ] {
        making_aux(&nodes, &lie);
    }
}

/// Paths to all numbers and points of a message; of a list, only the first.
fn leaves(value: &Value, path: &[String], found: &mut Vec<Vec<String>>) {
    match value {
        Value::Array(list) if list.first().is_some_and(|v| !v.is_integer()) => leaves(&list[0], path, found),
        Value::Map(map) => {
            for (key, inner) in map {
                let key = key.as_text().unwrap().to_owned();
                if !["curve", "radix"].contains(&key.as_str()) {
                    // A variant's name is not part of a path.
                    let variant = path.is_empty() && map.len() == 1;
                    let longer = [path, if variant { &[] } else { std::slice::from_ref(&key) }].concat();
                    leaves(inner, &longer, found);
                }
            }
        }
        Value::Bytes(_) | Value::Text(_) => found.push(path.to_vec()),
        _ => {}
    }
}

/// Alters every number of every message in turn; slow, so `.ci/run` does it.
#[test]
#[ignore = "two minutes; .ci/run runs it"]
fn r14_every_number_of_a_signer_is_checked() {
    let (curve, nodes) = (Curve::Secp256k1, nodes(2));
    let (shares, payload) = (pending(curve, &nodes), payload_of_message(curve, None, b"pay").unwrap());
    let aux = ready_aux(&shares, &nodes);
    let run = |target: Option<(u32, bool, Vec<String>)>| {
        let seen = std::rc::Rc::new(std::cell::RefCell::new(Vec::new()));
        let mut run = Run::open(&terms(curve, 2, &nodes, vec![1, 2]), &nodes, |index| {
            let at_index = usize::from(index) - 1;
            let party = ecdsa::party(&shares[at_index], &aux[at_index], &[1, 2], payload.clone()).unwrap();
            if index != FAULTY {
                return party;
            }
            let (seen, target) = (seen.clone(), target.clone());
            Evil::party(party, move |round, outgoing| {
                let each = |broadcast: bool, bytes: &[u8]| {
                    let mut value: Value = ciborium::from_reader(bytes).unwrap();
                    let mut found = Vec::new();
                    leaves(&value, &[], &mut found);
                    seen.borrow_mut().extend(found.into_iter().map(|path| (round, broadcast, path)));
                    if let Some((_, _, path)) = target.as_ref().filter(|t| (t.0, t.1) == (round, broadcast)) {
                        nudge(&mut value, &path.iter().map(String::as_str).collect::<Vec<_>>());
                    }
                    let mut out = Vec::new();
                    ciborium::into_writer(&value, &mut out).unwrap();
                    out
                };
                outgoing.broadcast = outgoing.broadcast.take().map(|bytes| each(true, &bytes));
                outgoing.direct.values_mut().for_each(|bytes| *bytes = secret(each(false, bytes)));
            })
        });
        run.relay(&mut honest());
        (run.results.remove(&1), seen.take())
    };
    let (result, all) = run(None);
    result.unwrap().unwrap();
    assert!(all.len() > 60, "{all:?}");
    for target in all {
        match run(Some(target.clone())).0 {
            Some(Err(fault)) => assert_eq!(fault.culprits(), [FAULTY], "{target:?}: {fault:?}"),
            _ => panic!("{target:?} was not noticed"),
        }
    }
}
