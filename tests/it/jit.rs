//! Signing just in time: any t shards, on every curve; the nodes are empty before and after, and say so.

use std::collections::BTreeSet;

use quorate::curve::{Curve, Engine};
use rand_core::{OsRng, RngCore as _};

use crate::jit_stage::JitStage;

/// All subsets of 1..=n with t members.
pub fn subsets(n: u16, t: u16) -> Vec<Vec<u16>> {
    (0u32..1 << n)
        .filter(|mask| mask.count_ones() == u32::from(t))
        .map(|mask| (1..=n).filter(|i| mask & (1 << (i - 1)) != 0).collect())
        .collect()
}

fn one_of(n: u16, t: u16) -> Vec<u16> {
    let all = subsets(n, t);
    all[usize::try_from(OsRng.next_u32()).unwrap() % all.len()].clone()
}

#[test]
fn r25_shares_come_for_one_signature_and_every_subset_signs_again_and_again() {
    let mut staged = JitStage::new(3);
    for curve in [Curve::Ed25519, Curve::Secp256k1] {
        let key = staged.key(curve, 2);
        staged.empty();
        let mut seen = BTreeSet::new();
        for who in subsets(3, 2).into_iter().chain([vec![1, 2]]) {
            let signed = staged.signs(&key, &who);
            let r = signed.signature.r.unwrap_or(signed.signature.signature);
            assert!(seen.insert(r.0[..32].to_vec()), "R repeats");
        }
    }
}

#[test]
fn r25_all_eight_curves_sign_just_in_time() {
    let mut staged = JitStage::new(3);
    for curve in Curve::ALL {
        if matches!(curve, Curve::Ed25519 | Curve::Secp256k1) {
            continue;
        }
        let key = staged.key(curve, 2);
        match curve.engine() {
            Engine::Frost => subsets(3, 2).iter().for_each(|who| drop(staged.signs(&key, who))),
            Engine::Ecdsa => drop(staged.signs(&key, &one_of(3, 2))),
        }
    }
}

#[test]
fn r25_three_of_five_sign_just_in_time() {
    let mut staged = JitStage::new(5);
    let key = staged.key(Curve::Ed25519, 3);
    subsets(5, 3).iter().for_each(|who| drop(staged.signs(&key, who)));
    let key = staged.key(Curve::Secp256k1, 3);
    subsets(5, 3).iter().for_each(|who| drop(staged.signs(&key, who)));
}

#[test]
fn r25_three_of_five_sign_just_in_time_on_the_other_curves() {
    let mut staged = JitStage::new(5);
    for curve in Curve::ALL {
        // The others stand above and below.
        if !matches!(curve, Curve::Ed25519 | Curve::Secp256k1 | Curve::P521) {
            three_of_five(&mut staged, curve);
        }
    }
}

#[test]
#[ignore = "half a minute; .ci/run runs it"]
fn r25_three_of_five_sign_just_in_time_on_p521() {
    three_of_five(&mut JitStage::new(5), Curve::P521);
}

fn three_of_five(staged: &mut JitStage, curve: Curve) {
    let key = staged.key(curve, 3);
    staged.signs(&key, &one_of(5, 3));
}
