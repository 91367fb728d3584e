//! The libraries' own protocols, as their documentation runs them.
//!
//! Messages reach the other party either in memory or through the library's own encoding (serde, here as
//! CBOR), which is where the library checks that a point is of prime order.

use std::collections::{BTreeMap, VecDeque};

use cggmp24::{ExecutionId, PrehashedDataToSign, security_level::SecurityLevel};
use frost_core::{
    Ciphersuite, Identifier, Signature, SigningPackage,
    keys::{KeyPackage, PublicKeyPackage, dkg},
    round1, round2,
};
use generic_ec::{Curve as EcCurve, Point, Scalar, coords::HasAffineX};
use rand_core::OsRng;
use round_based::{
    Incoming, MessageDestination, MessageType, Outgoing,
    state_machine::{self, ProceedResult, StateMachine},
};
use serde::{Serialize, de::DeserializeOwned};

/// How a message travels.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Wire {
    Memory,
    Encoded,
}

/// A message on its way.
enum Sent<T> {
    Value(T),
    Bytes(Vec<u8>),
}

impl<T: Serialize + DeserializeOwned + Clone> Sent<T> {
    fn new(wire: Wire, value: T) -> Self {
        if wire == Wire::Memory {
            return Self::Value(value);
        }
        let mut bytes = Vec::new();
        ciborium::into_writer(&value, &mut bytes).unwrap();
        Self::Bytes(bytes)
    }

    fn receive(&self) -> T {
        match self {
            Self::Value(value) => value.clone(),
            Self::Bytes(bytes) => ciborium::from_reader(bytes.as_slice()).unwrap(),
        }
    }
}

fn ids<C: Ciphersuite>(indices: impl IntoIterator<Item = u16>) -> Vec<Identifier<C>> {
    indices.into_iter().map(|index| index.try_into().unwrap()).collect()
}

/// What others sent to `me`.
fn received<C: Ciphersuite, T: Serialize + DeserializeOwned + Clone>(
    me: Identifier<C>,
    sent: &BTreeMap<Identifier<C>, Sent<T>>,
) -> BTreeMap<Identifier<C>, T> {
    sent.iter().filter(|(id, _)| **id != me).map(|(id, sent)| (*id, sent.receive())).collect()
}

/// Key generation of `n` parties with threshold `t`.
pub fn dkg<C: Ciphersuite>(wire: Wire, t: u16, n: u16) -> BTreeMap<Identifier<C>, KeyPackage<C>> {
    let ids = ids::<C>(1..=n);
    let mut secrets = BTreeMap::new();
    let mut first = BTreeMap::new();
    for id in &ids {
        let (secret, package) = dkg::part1::<C, _>(*id, n, t, OsRng).unwrap();
        secrets.insert(*id, secret);
        first.insert(*id, Sent::new(wire, package));
    }
    let mut packages = BTreeMap::new();
    let mut second: BTreeMap<_, BTreeMap<_, _>> = BTreeMap::new();
    let mut kept = BTreeMap::new();
    for id in &ids {
        let others = received(*id, &first);
        let (secret, shares) = dkg::part2(secrets.remove(id).unwrap(), &others).unwrap();
        for (to, share) in shares {
            second.entry(to).or_default().insert(*id, Sent::new(wire, share));
        }
        kept.insert(*id, secret);
        packages.insert(*id, others);
    }
    ids.iter()
        .map(|id| {
            let shares = received(*id, &second[id]);
            (*id, dkg::part3(&kept[id], &packages[id], &shares).unwrap().0)
        })
        .collect()
}

/// A FROST signature; every signer puts it together, as ours do.
pub fn frost<C: Ciphersuite>(
    wire: Wire,
    keys: &[(KeyPackage<C>, PublicKeyPackage<C>)],
    message: &[u8],
) -> Vec<Signature<C>> {
    let mut nonces = BTreeMap::new();
    let mut sent = BTreeMap::new();
    for (key, _) in keys {
        let (secret, commitments) = round1::commit(key.signing_share(), &mut OsRng);
        nonces.insert(*key.identifier(), (secret, commitments));
        sent.insert(*key.identifier(), Sent::new(wire, commitments));
    }
    let mut packages = BTreeMap::new();
    let mut shares = BTreeMap::new();
    let mut own = BTreeMap::new();
    for (key, _) in keys {
        let id = *key.identifier();
        let mut commitments = received(id, &sent);
        commitments.insert(id, nonces[&id].1);
        let package = SigningPackage::new(commitments, message);
        let share = round2::sign(&package, &nonces[&id].0, key).unwrap();
        packages.insert(id, package);
        own.insert(id, share);
        shares.insert(id, Sent::new(wire, share));
    }
    keys.iter()
        .map(|(key, public)| {
            let id = *key.identifier();
            let mut all = received(id, &shares);
            all.insert(id, own[&id]);
            frost_core::aggregate(&packages[&id], &all, public).unwrap()
        })
        .collect()
}

/// A threshold ECDSA signature by all holders of `shares`, messages in memory.
pub fn ecdsa<E, L>(shares: &[cggmp24::KeyShare<E, L>], digest: &[u8]) -> Vec<cggmp24::Signature<E>>
where
    E: EcCurve,
    Point<E>: HasAffineX<E>,
    L: SecurityLevel,
{
    let positions: Vec<u16> = (0..).zip(shares).map(|(position, _)| position).collect();
    let scalar = Scalar::<E>::from_be_bytes_mod_order(digest);
    let machines = positions.iter().zip(shares).map(|(me, share)| {
        let positions = &positions;
        state_machine::wrap_protocol(move |party| async move {
            let data = PrehashedDataToSign::from_scalar(scalar);
            let id = ExecutionId::new(b"bench");
            cggmp24::signing(id, *me, positions, share).sign(&mut OsRng, party, &data).await
        })
    });
    drive(machines.collect()).into_iter().map(|signature| signature.unwrap()).collect()
}

fn drive<S: StateMachine>(mut machines: Vec<S>) -> Vec<S::Output>
where
    S::Msg: Clone,
{
    let mut queues: Vec<VecDeque<Incoming<S::Msg>>> = machines.iter().map(|_| VecDeque::new()).collect();
    let mut outputs: Vec<Option<S::Output>> = machines.iter().map(|_| None).collect();
    let mut id = 0;
    while outputs.iter().any(Option::is_none) {
        for (me, machine) in machines.iter_mut().enumerate() {
            while outputs[me].is_none() {
                match machine.proceed() {
                    ProceedResult::SendMsg(Outgoing { recipient, msg }) => {
                        for (to, queue) in queues.iter_mut().enumerate().filter(|(to, _)| *to != me) {
                            let msg_type = match recipient {
                                MessageDestination::AllParties => MessageType::Broadcast,
                                MessageDestination::OneParty(only) if usize::from(only) == to => {
                                    MessageType::P2P
                                }
                                MessageDestination::OneParty(_) => continue,
                            };
                            id += 1;
                            let sender = u16::try_from(me).unwrap();
                            queue.push_back(Incoming { id, sender, msg_type, msg: msg.clone() });
                        }
                    }
                    ProceedResult::NeedsOneMoreMessage => match queues[me].pop_front() {
                        Some(message) => assert!(machine.received_msg(message).is_ok()),
                        None => break,
                    },
                    ProceedResult::Yielded => {}
                    ProceedResult::Output(output) => outputs[me] = Some(output),
                    ProceedResult::Error(error) => panic!("{error}"),
                }
            }
        }
    }
    outputs.into_iter().flatten().collect()
}
