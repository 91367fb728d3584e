//! What it costs a node that its share comes just in time: unwrap, open, delete, statements; beside the bare
//! signature of `frost-core` or `cggmp24` in the same run. CPU time of both nodes together, halved: per share.
//! Argon2id is not in it. The custodian's side, re-wrapping, stands apart.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unreachable,
    dead_code,
    unreachable_pub
)]

#[path = "../harness/fixtures.rs"]
mod fixtures;
#[path = "../it/jit_stage.rs"]
mod jit_stage;
mod lockstep;
mod meter;
#[path = "../it/node_stage.rs"]
mod node_stage;

use std::{collections::BTreeMap, time::Instant};

use quorate::{
    ceremony::grants::Bearer,
    curve::{Curve, Engine, payload_of_message},
    ids::KeyId,
    keyshare::KeyShare,
    paillier::AuxShare,
    protocol::{ecdsa, frost},
    request::{OneTimeRecipient, SignedRequest},
    shard::{Grant, OpenShard},
    store,
};

use crate::{
    jit_stage::{JitStage, Rig},
    meter::{Clock, Meter},
};

const SIGNERS: [u16; 2] = [1, 2];

fn main() {
    let mut meter = Meter::new(Clock::Cpu, ["just in time", "bare"]);
    let mut staged = JitStage::new(3);
    for curve in [Curve::Ed25519, Curve::Secp256k1] {
        let key = staged.key(curve, 2);
        one(&mut meter, &staged, curve, &key);
    }
    meter.finish();
}

fn one(meter: &mut Meter, staged: &JitStage, curve: Curve, key: &KeyId) {
    let workspace = staged.stage.open();
    let chain = workspace.chain().unwrap();
    let bearers = staged.bearers(&workspace, key, &SIGNERS);
    let rig = std::cell::RefCell::new(Rig::open(&staged.stage, &SIGNERS));
    let last = std::cell::RefCell::new(None::<SignedRequest>);
    // What waits for a grant is forgotten first: a node keeps few such requests.
    let request = || {
        if let Some(old) = last.take() {
            rig.borrow_mut().surrender(&old);
        }
        let request = rig.borrow_mut().request(&workspace, key, "pay the supplier");
        last.replace(Some(request.clone()));
        request
    };
    let grants = |request: &SignedRequest, ones: BTreeMap<u16, OneTimeRecipient>| -> BTreeMap<u16, Grant> {
        ones.into_iter()
            .map(|(i, one)| (i, bearer(&bearers, i).grant(chain, request, &one).unwrap()))
            .collect()
    };
    let prepared = |request: SignedRequest| {
        let ones = rig.borrow_mut().prepare(&request);
        (request, ones)
    };
    let granted = || {
        let (request, ones) = prepared(request());
        let grants = grants(&request, ones);
        (request, grants)
    };
    let opened: Vec<OpenShard> =
        bearers.iter().map(|bearer| bearer.file.shard.open(&bearer.identity, chain).unwrap()).collect();
    // A run that ends before its first round: unwrapped, opened, logged; then dropped, stated, signed.
    let open_and_forget = |(request, grants): (SignedRequest, BTreeMap<u16, Grant>)| {
        let mut rig = rig.borrow_mut();
        rig.begin(&request, grants);
        rig.surrender(&request);
    };
    meter.pair(
        &format!("open and forget/{curve}"),
        granted,
        open_and_forget,
        || (),
        |()| bare(curve, &opened),
    );
    let name = curve.to_string();
    meter.alone("one-time recipients", &name, request, |request| drop(prepared(request)));
    meter.alone(
        "custodians' grants",
        &name,
        || prepared(request()),
        |(request, ones)| drop(grants(&request, ones)),
    );
    if let (Some(open), Some(prepare)) =
        (meter.row(&format!("open and forget/{curve}")), meter.row(&format!("one-time recipients/{curve}")))
    {
        meter.note(&format!("overhead per share, limit 20/{curve}"), (open + prepare) / 2.0);
    }
    let (request, before, wall) = (request(), store::flushes(), Instant::now());
    let (request, ones) = prepared(request);
    let grants = grants(&request, ones);
    rig.borrow_mut().sign(&request, grants);
    rig.borrow_mut().surrender(&request);
    println!(
        "{curve}: {} flushes per share, {:.1} ms on the wall for the whole signature",
        (store::flushes() - before) / 2,
        wall.elapsed().as_secs_f64() * 1e3
    );
}

fn bearer(bearers: &[Bearer], i: u16) -> &Bearer {
    &bearers[usize::from(i) - 1]
}

/// The parties alone, on shares that are open: no channels, no store, no log.
fn bare(curve: Curve, opened: &[OpenShard]) {
    let payload = payload_of_message(curve, None, b"pay the supplier").unwrap();
    let share = |i: u16| -> &KeyShare { &opened[usize::from(i) - 1].share.as_ref().unwrap().share };
    let aux = |i: u16| -> &AuxShare { &opened[usize::from(i) - 1].aux.as_ref().unwrap().aux };
    match curve.engine() {
        Engine::Frost => {
            let party = |i| frost::party(share(i), &payload, false).unwrap();
            drop(lockstep::run(&SIGNERS, SIGNERS.map(party).into()));
        }
        Engine::Ecdsa => {
            let party = |i| ecdsa::party(share(i), aux(i), &SIGNERS, payload.clone()).unwrap();
            drop(lockstep::run(&SIGNERS, SIGNERS.map(party).into()));
        }
    }
}
