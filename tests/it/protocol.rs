//! Key generation and signing at the level of sessions, on every curve, with honest parties.

use quorate::{
    codec::HexArray,
    curve::{self, Curve, Engine, Payload, payload_of_message},
    keyshare::{KeyShare, Quorum, reconstruct},
    paillier::{AuxShare, AuxTableBody},
    protocol::{ecdsa, frost},
};
use rand_core::{OsRng, RngCore};

use crate::{
    fixtures,
    relay::{Node, Run, generate, nodes, terms},
};

#[test]
fn r1_r8_every_curve_generates_and_activates() {
    for curve in Curve::ALL {
        let nodes = nodes(3);
        let shares = generate(curve, 2, &nodes);
        assert_eq!(shares.len(), 3, "{curve}");
        // Two different pairs rebuild the same key, and the library compares it with the card.
        let mut shares = shares.into_iter();
        let (a, b, c) = (shares.next().unwrap(), shares.next().unwrap(), shares.next().unwrap());
        let first = reconstruct(&Quorum::new(vec![a, b]).unwrap()).unwrap();
        assert_eq!(first.expose().len(), curve.scalar_len());
        assert!(Quorum::new(vec![c]).is_err());
    }
}

#[test]
fn frost_signs_with_random_subsets() {
    for curve in Curve::ALL.into_iter().filter(|c| c.engine() == Engine::Frost) {
        for (t, n) in [(2, 2), (2, 3), (3, 5), (5, 9), (11, 16)] {
            let nodes = nodes(n);
            let shares = generate(curve, t, &nodes);
            for taproot in [false, true] {
                if taproot && curve != Curve::Secp256k1Schnorr {
                    continue;
                }
                let signers = random_subset(t, n);
                let payload = payload_of_message(curve, None, b"pay the supplier").unwrap();
                let run = Run::open(&terms(curve, t, &nodes, signers.clone()), &nodes, |i| {
                    frost::party(&shares[usize::from(i) - 1], &payload, taproot).unwrap()
                });
                let signatures: Vec<_> = run.finish().into_values().map(|(s, _)| s).collect();
                assert!(signatures.iter().all(|s| *s == signatures[0]));
                if !taproot {
                    let key = shares[0].card().root_public_key().unwrap();
                    curve::verify(curve, &key, &payload, &signatures[0])
                        .unwrap_or_else(|e| panic!("{curve} {t}-of-{n} {signers:?}: {e}"));
                    let other = Payload::Message(b"pay someone else".to_vec());
                    assert!(curve::verify(curve, &key, &other, &signatures[0]).is_err());
                }
            }
        }
    }
}

#[test]
fn ecdsa_signs_on_every_curve() {
    for curve in Curve::ALL.into_iter().filter(|c| c.engine() == Engine::Ecdsa) {
        let nodes = nodes(3);
        let shares = generate(curve, 2, &nodes);
        let aux = ready_aux(&shares, &nodes);
        for signers in [[1, 2], [1, 3], [2, 3]] {
            ecdsa_sign(curve, &nodes, &shares, &aux, &signers);
        }
    }
}

/// Signs with the given indices; the output must verify with the independent verifier.
fn ecdsa_sign(curve: Curve, nodes: &[Node], shares: &[KeyShare], aux: &[AuxShare], signers: &[u16]) {
    let payload = payload_of_message(curve, None, b"pay the supplier").unwrap();
    let terms = terms(curve, shares[0].card().threshold, nodes, signers.to_vec());
    let run = Run::open(&terms, nodes, |i| {
        let at = usize::from(i) - 1;
        ecdsa::party(&shares[at], &aux[at], signers, payload.clone()).unwrap()
    });
    for (signature, _) in run.finish().into_values() {
        let key = &shares[0].card().group_public_key;
        curve::verify(curve, key, &payload, &signature.to_der()).unwrap();
        assert!(curve::verify(curve, key, &Payload::Digest(vec![1; 32]), &signature.to_der()).is_err());
    }
}

/// Committed TEST aux for every share.
pub fn ready_aux(shares: &[KeyShare], nodes: &[Node]) -> Vec<AuxShare> {
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

/// `t` of the indices 1 to `n`, ascending.
pub fn random_subset(t: u16, n: u16) -> Vec<u16> {
    let mut all: Vec<u16> = (1..=n).collect();
    while all.len() > usize::from(t) {
        let at = OsRng.next_u32() as usize % all.len();
        all.remove(at);
    }
    all
}
