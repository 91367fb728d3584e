//! Tools for tests with one faulty node: parties that lie, spies on what the honest ones sent, and the
//! expectation that exactly the faulty one is named.
#![allow(clippy::type_complexity)] // Tables of lies are lists of functions.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use frost_core::{Ciphersuite, Field, Group};
use quorate::{
    codec::{self, Hex, HexArray},
    curve::{self, Curve},
    digest::Hash,
    keyshare::KeyShare,
    protocol::{
        Context, Fault, Inbox, Outgoing, Party, Step,
        dkg::{self, Generated},
        session::Body,
    },
    with_suite,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use zeroize::Zeroizing;

use crate::relay::{Node, Run, card_template, honest, share_of, terms};

/// Index of the faulty node: between the honest ones, so that it speaks first to one and second to the other.
pub const FAULTY: u16 = 2;

/// One curve per family, then the others.
pub const FAMILIES: [Curve; 5] =
    [Curve::Ed25519, Curve::Ed448, Curve::Secp256k1Schnorr, Curve::P256, Curve::P521];

/// A party that follows the protocol but for what `tamper` does to its messages, by round from 1. The session
/// around it is honest: it signs and echoes what is really sent.
pub struct Evil<T> {
    inner: Box<dyn Party<T>>,
    round: u32,
    tamper: Box<dyn FnMut(u32, &mut Outgoing)>,
}

impl<T: 'static> Evil<T> {
    pub fn party(
        inner: Box<dyn Party<T>>,
        tamper: impl FnMut(u32, &mut Outgoing) + 'static,
    ) -> Box<dyn Party<T>> {
        Box::new(Self { inner, round: 0, tamper: Box::new(tamper) })
    }

    /// Alters one round's broadcast.
    pub fn broadcast(
        inner: Box<dyn Party<T>>,
        round: u32,
        mut alter: impl FnMut(&mut Vec<u8>) + 'static,
    ) -> Box<dyn Party<T>> {
        Self::party(inner, move |now, outgoing| {
            if now == round {
                alter(outgoing.broadcast.as_mut().unwrap());
            }
        })
    }
}

impl<T: 'static> Party<T> for Evil<T> {
    fn step(self: Box<Self>, context: &mut Context<'_>, inbox: Inbox) -> Result<Step<T>, Fault> {
        let Self { inner, round, mut tamper } = *self;
        Ok(match inner.step(context, inbox)? {
            Step::Done(output) => Step::Done(output),
            Step::Send(mut outgoing, inner) => {
                tamper(round + 1, &mut outgoing);
                Step::Send(outgoing, Box::new(Self { inner, round: round + 1, tamper }))
            }
        })
    }
}

/// A generating party that commits to an altered round 1 message and then reveals exactly that.
pub struct EvilReveal {
    inner: Box<dyn Party<Generated>>,
    alter: Box<dyn FnOnce(&mut Vec<u8>)>,
}

impl EvilReveal {
    pub fn party(
        curve: Curve,
        threshold: u16,
        n: u16,
        alter: impl FnOnce(&mut Vec<u8>) + 'static,
    ) -> Box<dyn Party<Generated>> {
        Box::new(Self { inner: dkg::party(curve, threshold, n), alter: Box::new(alter) })
    }
}

impl Party<Generated> for EvilReveal {
    fn step(self: Box<Self>, context: &mut Context<'_>, _: Inbox) -> Result<Step<Generated>, Fault> {
        let (_, committed) = sent(self.inner.step(context, Inbox::default())?);
        let (outgoing, _) = sent(committed.step(context, Inbox::default())?);
        let mut reveal = outgoing.broadcast.unwrap();
        (self.alter)(&mut reveal);
        let parts = [context.session_id.as_bytes().as_slice(), &context.me.to_be_bytes(), &reveal];
        let commitment = Hash::tagged("dkg-commitment", &parts).as_bytes().to_vec();
        Ok(Step::Send(broadcast(commitment), Box::new(Script(vec![reveal]))))
    }
}

/// Broadcasts what it was given, then gives up.
pub struct Script(pub Vec<Vec<u8>>);

impl<T: 'static> Party<T> for Script {
    fn step(mut self: Box<Self>, _: &mut Context<'_>, _: Inbox) -> Result<Step<T>, Fault> {
        if self.0.is_empty() {
            return Err(Fault::local("the script has ended"));
        }
        let next = self.0.remove(0);
        Ok(Step::Send(broadcast(next), self))
    }
}

fn broadcast(bytes: Vec<u8>) -> Outgoing {
    Outgoing { broadcast: Some(bytes), direct: BTreeMap::new() }
}

fn sent<T>(step: Step<T>) -> (Outgoing, Box<dyn Party<T>>) {
    match step {
        Step::Send(outgoing, next) => (outgoing, next),
        Step::Done(_) => panic!("it has ended"),
    }
}

/// What a generating party reveals in round 2, in the shape of the private message.
#[derive(Serialize, Deserialize)]
pub struct Reveal {
    pub commitment: Vec<Hex>,
    pub proof: Hex,
    pub chain_code: HexArray<32>,
}

/// Nonce commitments of FROST.
#[derive(Serialize, Deserialize)]
pub struct Nonces {
    pub hiding: Hex,
    pub binding: Hex,
}

/// Round 1 of activation.
#[derive(Serialize, Deserialize)]
pub struct First {
    pub card_hash: Hash,
    pub commitments: Hex,
}

/// Round 2 of activation.
#[derive(Serialize, Deserialize)]
pub struct Second {
    pub signature: HexArray<64>,
    pub share: Hex,
}

/// Decodes, alters, encodes.
pub fn edit<M: Serialize + DeserializeOwned>(bytes: &mut Vec<u8>, alter: impl FnOnce(&mut M)) {
    let mut message: M = codec::from_cbor("message", bytes, 1 << 20).unwrap();
    alter(&mut message);
    *bytes = codec::to_cbor("message", &message).unwrap();
}

/// A session for each of three nodes; the faulty one runs `evil`, the others `good`.
pub fn with_evil<T: 'static>(
    curve: Curve,
    nodes: &[Node],
    mut good: impl FnMut(u16) -> Box<dyn Party<T>>,
    evil: Box<dyn Party<T>>,
) -> Run<T> {
    let mut evil = Some(evil);
    let all = (1..).zip(nodes).map(|(index, _)| index).collect();
    Run::open(&terms(curve, 2, nodes, all), nodes, |index| match index {
        FAULTY => evil.take().unwrap(),
        _ => good(index),
    })
}

/// What a run is expected to end in.
pub struct Expected<'a> {
    /// Last round of the protocol in which an honest party sent anything.
    pub round: u32,
    /// Part of the reason.
    pub reason: &'a str,
    /// Who notices, of the honest; the others wait or have finished.
    pub victims: &'a [u16],
}

/// Runs with an honest relay: every victim faults and names exactly the faulty node, nobody names another,
/// and no honest party sent anything of a later round.
pub fn expect<T>(what: &str, mut run: Run<T>, expected: &Expected<'_>) -> Vec<Fault> {
    let rounds = spy(&mut run);
    run.relay(&mut honest());
    let mut faults = Vec::new();
    for index in [1, 3] {
        let result = run.results.remove(&index);
        if !expected.victims.contains(&index) {
            assert!(!matches!(result, Some(Err(_))), "{what}: {index} should not have noticed");
            continue;
        }
        let Some(Err(fault)) = result else { panic!("{what}: {index} did not notice") };
        assert_eq!(fault.culprits(), [FAULTY], "{what}: {index} says {fault:?}");
        assert!(fault.to_string().contains(expected.reason), "{what}: {index} says {fault}");
        faults.push(fault);
        let session = run.sessions.get_mut(&index).unwrap();
        assert!(session.deliver(vec![]).is_err(), "{what}: {index} goes on after its fault");
    }
    let last = *rounds.lock().unwrap();
    assert!(last <= expected.round, "{what}: an honest party went on to round {last}");
    faults
}

/// Records the last round in which an honest party sent a message of the protocol.
pub fn spy<T>(run: &mut Run<T>) -> Arc<Mutex<u32>> {
    let last = Arc::new(Mutex::new(0));
    for (_, session) in run.sessions.iter_mut().filter(|(index, _)| **index != FAULTY) {
        let last = last.clone();
        session.misbehave(Box::new(move |_, header, _| {
            if matches!(header.body, Body::Round(_)) {
                let mut last = last.lock().unwrap();
                *last = header.round.max(*last);
            }
            false
        }));
    }
    last
}

/// Shares of a new key whose card nobody has signed yet.
pub fn pending(curve: Curve, nodes: &[Node]) -> Vec<KeyShare> {
    let n = u16::try_from(nodes.len()).unwrap();
    let template = card_template(curve, 2, nodes);
    let run = Run::open(&terms(curve, 2, nodes, (1..=n).collect()), nodes, |_| dkg::party(curve, 2, n));
    run.finish().into_iter().map(|(index, (new, _))| share_of(&template, index, new)).collect()
}

/// Encodings that are no point of prime order.
pub fn bad_points(curve: Curve) -> Vec<(&'static str, Vec<u8>)> {
    let good = with_suite!(curve, C => {
        curve::point_bytes::<C>(&<C as Ciphersuite>::Group::generator()).unwrap()
    });
    let len = good.len();
    let mut bad = vec![
        ("an empty point", vec![]),
        ("a short point", good[1..].to_vec()),
        ("a long point", [&good[..], &[0]].concat()),
        ("a coordinate above p", vec![0xff; len]),
    ];
    match curve {
        Curve::Ed25519 => {
            use curve25519_dalek::constants::{ED25519_BASEPOINT_POINT, EIGHT_TORSION};
            bad.push(("the identity", EIGHT_TORSION[0].compress().to_bytes().to_vec()));
            bad.push(("a point of order 8", EIGHT_TORSION[1].compress().to_bytes().to_vec()));
            bad.push(("a point of order 2", EIGHT_TORSION[4].compress().to_bytes().to_vec()));
            let mixed = ED25519_BASEPOINT_POINT + EIGHT_TORSION[1];
            bad.push(("a point outside the subgroup", mixed.compress().to_bytes().to_vec()));
            bad.push(("y = p + 1", [vec![0xee], vec![0xff; 30], vec![0x7f]].concat()));
            bad.push(("the identity with a sign", [vec![1], vec![0; 30], vec![0x80]].concat()));
        }
        Curve::Ed448 => {
            use ed448_goldilocks_plus::{CompressedEdwardsY, EdwardsPoint};
            let order_two = [vec![0xfe], vec![0xff; 27], vec![0xfe], vec![0xff; 27], vec![0]].concat();
            let two = CompressedEdwardsY(order_two.clone().try_into().unwrap());
            let mixed = EdwardsPoint::GENERATOR + two.decompress_unchecked().unwrap();
            bad.push(("the identity", [vec![1], vec![0; 56]].concat()));
            bad.push(("a point of order 2", order_two));
            bad.push(("a point of order 4", vec![0; 57]));
            bad.push(("a point outside the subgroup", mixed.compress().to_bytes().to_vec()));
            bad.push(("y = p", [vec![0xff], vec![0xff; 27], vec![0xfe], vec![0xff; 27], vec![0]].concat()));
            bad.push(("a spare bit", [&good[..56], &[good[56] | 1]].concat()));
        }
        _ => {
            let with_tag = |tag: u8| [&[tag], &good[1..]].concat();
            bad.push(("the identity", vec![0]));
            bad.push(("the identity, padded", vec![0; len]));
            bad.push(("SEC1's compact form", with_tag(5)));
            bad.push(("half of SEC1's plain form", with_tag(4)));
            let off_curve = (0..=255).map(|last| [&good[..len - 1], &[last]].concat());
            let is_off = |bytes: &Vec<u8>| with_suite!(curve, C => curve::point_from::<C>(bytes).is_err());
            bad.push(("a point off the curve", off_curve.clone().find(is_off).unwrap()));
        }
    }
    bad
}

/// Encodings that are no scalar below the group order.
pub fn bad_scalars(curve: Curve) -> Vec<(&'static str, Vec<u8>)> {
    let mut order = with_suite!(curve, C => {
        type F = <<C as Ciphersuite>::Group as Group>::Field;
        curve::scalar_bytes::<C>(&(F::zero() - F::one())).to_vec()
    });
    let len = order.len();
    *last_byte(curve, &mut order) += 1; // All the orders are odd, so this does not carry.
    vec![
        ("no scalar", vec![]),
        ("a short scalar", vec![0; len - 1]),
        ("a long scalar", vec![0; len + 1]),
        ("the group order", order),
        ("a scalar of ones", vec![0xff; len]),
    ]
}

/// The least significant byte of a scalar.
pub fn last_byte(curve: Curve, scalar: &mut [u8]) -> &mut u8 {
    match curve {
        Curve::Ed25519 | Curve::Ed448 => scalar.first_mut().unwrap(),
        _ => scalar.last_mut().unwrap(),
    }
}

/// A scalar that is another one.
pub fn other_scalar(curve: Curve, scalar: &[u8]) -> Vec<u8> {
    let mut other = scalar.to_vec();
    *last_byte(curve, &mut other) ^= 1;
    other
}

pub fn secret(bytes: Vec<u8>) -> Zeroizing<Vec<u8>> {
    Zeroizing::new(bytes)
}
