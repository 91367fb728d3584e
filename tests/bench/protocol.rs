//! Key generation and signing, 2-of-3, on every curve beside the bare libraries; then what channels,
//! session and the second implementation's verification cost, apart. CPU time of all parties together.
//!
//! `cargo bench --bench protocol` ends with a table of ratios; a filter (`-- frost`) makes it short.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unreachable,
    dead_code,
    unreachable_pub
)]

mod bare;
#[path = "../harness/fixtures.rs"]
mod fixtures;
mod lockstep;
mod meter;
#[path = "../it/relay.rs"]
mod relay;

use cggmp24::key_share::{DirtyKeyShare, Validate as _};
use generic_ec::NonZero;
use key_share::{DirtyCoreKeyShare, DirtyKeyInfo};
use quorate::{
    codec::HexArray,
    curve::{self, Curve, EcdsaSignature, Engine, Payload, Suite, payload_of_message, suite},
    keyshare::{KeyShare, lagrange_at_zero},
    paillier::{AuxShare, AuxTableBody},
    protocol::{Party, dkg, ecdsa, frost},
    with_ecdsa, with_suite,
};
use rand_core::OsRng;

use crate::{
    bare::Wire,
    meter::{Clock, Meter},
    relay::{Node, Run, generate, nodes, terms},
};

const MESSAGE: &[u8] = b"pay the supplier";
const SIGNERS: [u16; 2] = [1, 3];

fn main() {
    let mut meter = Meter::new(Clock::Cpu, ["ours", "bare"]);
    let nodes = nodes(3);
    for curve in Curve::ALL {
        key_generation(&mut meter, curve, &nodes);
    }
    for curve in Curve::ALL {
        let shares = generate(curve, 2, &nodes);
        match curve.engine() {
            Engine::Frost => schnorr(&mut meter, curve, &nodes, &shares),
            Engine::Ecdsa => threshold_ecdsa(&mut meter, curve, &nodes, &shares),
        }
    }
    meter.finish();
}

fn key_generation(meter: &mut Meter, curve: Curve, nodes: &[Node]) {
    let ours = |()| drop(lockstep::run(&[1, 2, 3], (0..3).map(|_| dkg::party(curve, 2, 3)).collect()));
    with_suite!(curve, C => {
        let group = format!("dkg/{curve}");
        meter.pair(&group, || (), ours, || (), |()| drop(bare::dkg::<C>(Wire::Encoded, 2, 3)));
        let group = format!("dkg, bare in memory/{curve}");
        meter.pair(&group, || (), ours, || (), |()| drop(bare::dkg::<C>(Wire::Memory, 2, 3)));
    });
    let terms = terms(curve, 2, nodes, vec![1, 2, 3]);
    let session = format!("session/dkg {curve}");
    meter.alone(
        "session",
        &format!("dkg {curve}"),
        || (),
        |()| {
            drop(Run::open(&terms, nodes, |_| dkg::party(curve, 2, 3)).finish());
        },
    );
    apart(meter, &session, &format!("dkg/{curve}"));
}

/// What a run in sessions costs above the parties' own part.
fn apart(meter: &mut Meter, session: &str, party: &str) {
    if let (Some(whole), Some(part)) = (meter.row(session), meter.row(party)) {
        meter.note(&format!("channels and session of {party}"), whole - part);
    }
}

fn schnorr(meter: &mut Meter, curve: Curve, nodes: &[Node], shares: &[KeyShare]) {
    let payload = payload_of_message(curve, None, MESSAGE).unwrap();
    match curve {
        Curve::Ed25519 => schnorr_with::<suite::Ed25519Sha512>(meter, curve, shares, &payload),
        Curve::Ed448 => schnorr_with::<suite::Ed448Shake256>(meter, curve, shares, &payload),
        _ => schnorr_with::<frost_secp256k1_tr::Secp256K1Sha256TR>(meter, curve, shares, &payload),
    }
    let party = |index| frost::party(&shares[usize::from(index) - 1], &payload, false).unwrap();
    let terms = terms(curve, 2, nodes, SIGNERS.to_vec());
    let open = || Run::open(&terms, nodes, party);
    meter.alone("session", &format!("sign {curve}"), || (), |()| drop(open().finish()));
    if let (Some(sign), Some(load)) =
        (meter.row(&format!("sign/{curve}")), meter.row(&format!("load key/{curve}")))
        && let Some(whole) = meter.row(&format!("session/sign {curve}"))
    {
        meter.note(&format!("channels and session of sign/{curve}"), whole - sign - load);
    }
    let signature = lockstep::run(&SIGNERS, SIGNERS.map(party).into()).remove(0);
    verification(meter, curve, shares, &payload, &signature);
}

fn schnorr_with<C: Suite>(meter: &mut Meter, curve: Curve, shares: &[KeyShare], payload: &Payload) {
    let share = |index: u16| &shares[usize::from(index) - 1];
    let ours = || SIGNERS.map(|index| frost::party(share(index), payload, false).unwrap());
    let load =
        |index| (share(index).key_package::<C>().unwrap(), share(index).card().public_package().unwrap());
    let keys = SIGNERS.map(load);
    let sign = |parties: [Box<dyn Party<Vec<u8>>>; 2]| drop(lockstep::run(&SIGNERS, parties.into()));
    for (wire, name) in [(Wire::Encoded, "sign"), (Wire::Memory, "sign, bare in memory")] {
        let bare = |()| drop(bare::frost::<C>(wire, &keys, payload.bytes()));
        meter.pair(&format!("{name}/{curve}"), ours, sign, || (), bare);
    }
    // The library reads the same two packages from its own encoding.
    let encoded = keys.each_ref().map(|pair| {
        let mut bytes = Vec::new();
        ciborium::into_writer(pair, &mut bytes).unwrap();
        bytes
    });
    let read = |bytes: &Vec<u8>| -> (frost_core::keys::KeyPackage<C>, frost_core::keys::PublicKeyPackage<C>) {
        ciborium::from_reader(bytes.as_slice()).unwrap()
    };
    let group = format!("load key/{curve}");
    meter.pair(&group, || (), |()| drop(ours()), || (), |()| drop(encoded.each_ref().map(read)));
}

fn threshold_ecdsa(meter: &mut Meter, curve: Curve, nodes: &[Node], shares: &[KeyShare]) {
    let payload = payload_of_message(curve, None, MESSAGE).unwrap();
    let aux = ready_aux(shares, nodes);
    let party = |index: u16| {
        let at = usize::from(index) - 1;
        ecdsa::party(&shares[at], &aux[at], &SIGNERS, payload.clone()).unwrap()
    };
    let sign = |()| lockstep::run(&SIGNERS, SIGNERS.map(party).into());
    with_ecdsa!(curve, E, L => with_suite!(curve, C => {
        let keys: Vec<cggmp24::KeyShare<E, L>> = SIGNERS
            .iter()
            .map(|index| additive::<C, E, L>(&shares[usize::from(*index) - 1], &aux[usize::from(*index) - 1]))
            .collect();
        let bare = |()| drop(bare::ecdsa::<E, L>(&keys, payload.bytes()));
        meter.pair(&format!("sign/{curve}"), || (), |()| drop(sign(())), || (), bare);
    }), else unreachable!());
    if curve == Curve::Secp256k1 {
        let terms = terms(curve, 2, nodes, SIGNERS.to_vec());
        let open = || Run::open(&terms, nodes, party);
        meter.alone("session", &format!("sign {curve}"), || (), |()| drop(open().finish()));
        apart(meter, &format!("session/sign {curve}"), &format!("sign/{curve}"));
    }
    let signature: EcdsaSignature = sign(()).remove(0);
    verification(meter, curve, shares, &payload, &signature.to_der());
}

/// A signer's share as the library holds it: the additive view, over the same aux.
fn additive<C, E, L>(share: &KeyShare, aux: &AuxShare) -> cggmp24::KeyShare<E, L>
where
    C: Suite,
    E: generic_ec::Curve,
    L: cggmp24::security_level::SecurityLevel,
{
    let lagrange = |index| lagrange_at_zero::<C>(&SIGNERS, index).unwrap();
    let x = curve::scalar_from::<C>(share.scalar().expose()).unwrap() * lagrange(share.index());
    let point = |bytes: &[u8], factor: Option<u16>| {
        let point = curve::point_from::<C>(bytes).unwrap();
        let point = factor.map_or(point, |index| point * lagrange(index));
        NonZero::from_point(curve::ec_point::<C, E>(&point).unwrap()).unwrap()
    };
    let card = share.card();
    let public = |index: &u16| point(card.verification_share(*index).unwrap(), Some(*index));
    let core = DirtyCoreKeyShare {
        i: u16::try_from(SIGNERS.iter().position(|index| *index == share.index()).unwrap()).unwrap(),
        key_info: DirtyKeyInfo {
            curve: Default::default(),
            shared_public_key: point(&card.group_public_key, None),
            public_shares: SIGNERS.iter().map(public).collect(),
            vss_setup: None,
        },
        x: NonZero::from_secret_scalar(curve::ec_scalar::<C, E>(&x).unwrap()).unwrap(),
    };
    DirtyKeyShare { core, aux: aux.info::<L>(&SIGNERS).unwrap().into_inner() }.validate().unwrap()
}

/// The second implementation, as run before a signature is printed.
fn verification(meter: &mut Meter, curve: Curve, shares: &[KeyShare], payload: &Payload, signature: &[u8]) {
    let key = shares[0].card().root_public_key().unwrap();
    let verify = |()| curve::verify(curve, &key, payload, signature).unwrap();
    meter.alone("verify", curve.name(), || (), verify);
}

/// Committed TEST aux for every share.
fn ready_aux(shares: &[KeyShare], nodes: &[Node]) -> Vec<AuxShare> {
    let card = shares[0].card();
    let level = card.curve.level().unwrap();
    let rows = (1..=card.participants).map(|index| fixtures::row(level, index)).collect();
    let id = HexArray::random(&mut OsRng);
    let table = AuxTableBody::of_rows(card.hash().unwrap(), id, level, rows);
    let read = |(index, node): (u16, &Node)| {
        let primes = fixtures::primes(level, usize::from(index) - 1);
        let core = primes.core(&table, index, node.secrets.signing()).unwrap();
        AuxShare::read(&core, &table, &node.card.card.signing_key).unwrap()
    };
    (1..).zip(nodes).map(read).collect()
}
