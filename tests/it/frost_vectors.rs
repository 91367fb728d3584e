//! The test vectors of RFC 9591 appendix E, through the suites that the key layer uses.

use std::collections::BTreeMap;

use frost_core::keys::{KeyPackage, PublicKeyPackage, SigningShare, VerifyingShare};
use frost_core::round1::{Nonce, NonceCommitment, SigningCommitments, SigningNonces};
use frost_core::{Group, Identifier, SigningPackage, VerifyingKey};
use quorate::curve::{
    Curve, Suite, payload_of_message, point_bytes, scalar_bytes, scalar_from, suite, verify,
};
use serde_json::Value;

#[test]
fn frost_ed25519_sha512() {
    let json = include_str!("../vectors/frost-ed25519-sha512.json");
    run::<suite::Ed25519Sha512>(json);
    r11_second_implementation(Curve::Ed25519, json);
}

#[test]
fn frost_ed448_shake256() {
    let json = include_str!("../vectors/frost-ed448-shake256.json");
    run::<suite::Ed448Shake256>(json);
    r11_second_implementation(Curve::Ed448, json);
}

#[test]
fn frost_p256_sha256() {
    run::<suite::P256Sha256>(include_str!("../vectors/frost-p256-sha256.json"));
}

#[test]
fn frost_secp256k1_sha256() {
    run::<suite::Secp256K1Sha256>(include_str!("../vectors/frost-secp256k1-sha256.json"));
}

fn run<C: Suite>(json: &str) {
    let vector: Value = serde_json::from_str(json).unwrap();
    let keys = key_packages::<C>(&vector["inputs"]);
    let group = *keys.values().next().unwrap().verifying_key();
    let message = bytes(&vector["inputs"]["message"]);
    let (nonces, commitments) = round_one(&vector, &keys);
    let package = SigningPackage::<C>::new(commitments, &message);
    binding_factors(&vector, &package, &group);

    let expected = by_identifier::<C>(&vector["round_two_outputs"]["outputs"]);
    let mut shares = BTreeMap::new();
    for (id, nonces) in &nonces {
        let share = frost_core::round2::sign(&package, nonces, &keys[id]).unwrap();
        assert_eq!(share.serialize(), bytes(&expected[id]["sig_share"]));
        shares.insert(*id, share);
    }
    let verifying = keys.iter().map(|(id, key)| (*id, *key.verifying_share())).collect();
    let public = PublicKeyPackage::new(verifying, group, Some(2));
    let signature = frost_core::aggregate(&package, &shares, &public).unwrap();
    assert_eq!(signature.serialize().unwrap(), bytes(&vector["final_output"]["sig"]));

    // A share of another message is refused.
    let other = SigningPackage::<C>::new(package.signing_commitments().clone(), b"other");
    assert!(frost_core::aggregate(&other, &shares, &public).is_err());
}

/// The vector's signature is plain EdDSA.
fn r11_second_implementation(curve: Curve, json: &str) {
    let vector: Value = serde_json::from_str(json).unwrap();
    let [key, message] = ["group_public_key", "message"].map(|name| bytes(&vector["inputs"][name]));
    let mut signature = bytes(&vector["final_output"]["sig"]);
    let payload = payload_of_message(curve, None, &message).unwrap();
    assert_eq!(verify(curve, &key, &payload, &signature), Ok(()));
    signature[0] ^= 1;
    assert!(verify(curve, &key, &payload, &signature).is_err());
}

/// Shares of the vector's polynomial, checked against its participant shares and group key.
fn key_packages<C: Suite>(inputs: &Value) -> BTreeMap<Identifier<C>, KeyPackage<C>> {
    let secret = scalar_from::<C>(&bytes(&inputs["group_secret_key"])).unwrap();
    let slope = scalar_from::<C>(&bytes(&inputs["share_polynomial_coefficients"][0])).unwrap();
    let group = bytes(&inputs["group_public_key"]);
    assert_eq!(point_bytes::<C>(&(C::Group::generator() * secret)).unwrap(), group);
    let mut share = secret;
    let mut packages = BTreeMap::new();
    for (index, entry) in (1u16..).zip(inputs["participant_shares"].as_array().unwrap()) {
        share = share + slope;
        assert_eq!(*scalar_bytes::<C>(&share), bytes(&entry["participant_share"]));
        assert_eq!(entry["identifier"].as_u64(), Some(u64::from(index)));
        let id = Identifier::try_from(index).unwrap();
        let signing = SigningShare::<C>::new(share);
        let key = VerifyingKey::deserialize(&group).unwrap();
        packages.insert(id, KeyPackage::new(id, signing, VerifyingShare::from(signing), key, 2));
    }
    packages
}

type RoundOne<C> =
    (BTreeMap<Identifier<C>, SigningNonces<C>>, BTreeMap<Identifier<C>, SigningCommitments<C>>);

/// Nonces from the vector's randomness, checked against its nonces and commitments.
fn round_one<C: Suite>(vector: &Value, keys: &BTreeMap<Identifier<C>, KeyPackage<C>>) -> RoundOne<C> {
    let mut nonces = BTreeMap::new();
    let mut commitments = BTreeMap::new();
    for (id, entry) in by_identifier::<C>(&vector["round_one_outputs"]["outputs"]) {
        let make = |kind: &str| {
            let mut rng = Fixed(bytes(&entry[format!("{kind}_nonce_randomness")]));
            let nonce = Nonce::new(keys[&id].signing_share(), &mut rng);
            assert!(rng.0.is_empty());
            assert_eq!(nonce.serialize(), bytes(&entry[format!("{kind}_nonce")]));
            let commitment = NonceCommitment::from(&nonce);
            assert_eq!(commitment.serialize().unwrap(), bytes(&entry[format!("{kind}_nonce_commitment")]));
            nonce
        };
        let both = SigningNonces::from_nonces(make("hiding"), make("binding"));
        commitments.insert(id, *both.commitments());
        nonces.insert(id, both);
    }
    (nonces, commitments)
}

fn binding_factors<C: Suite>(vector: &Value, package: &SigningPackage<C>, group: &VerifyingKey<C>) {
    let expected = by_identifier::<C>(&vector["round_one_outputs"]["outputs"]);
    let preimages = package.binding_factor_preimages(group, &[]).unwrap();
    assert_eq!(preimages.len(), expected.len());
    for (id, preimage) in preimages {
        assert_eq!(preimage, bytes(&expected[&id]["binding_factor_input"]));
        assert_eq!(*scalar_bytes::<C>(&C::H1(&preimage)), bytes(&expected[&id]["binding_factor"]));
    }
}

fn by_identifier<C: Suite>(outputs: &Value) -> BTreeMap<Identifier<C>, Value> {
    let entries = outputs.as_array().unwrap().iter();
    entries
        .map(|entry| {
            let index = u16::try_from(entry["identifier"].as_u64().unwrap()).unwrap();
            (Identifier::try_from(index).unwrap(), entry.clone())
        })
        .collect()
}

fn bytes(value: &Value) -> Vec<u8> {
    hex::decode(value.as_str().unwrap()).unwrap()
}

/// Hands out given bytes, once.
struct Fixed(Vec<u8>);

impl rand_core::RngCore for Fixed {
    fn next_u32(&mut self) -> u32 {
        rand_core::impls::next_u32_via_fill(self)
    }

    fn next_u64(&mut self) -> u64 {
        rand_core::impls::next_u64_via_fill(self)
    }

    fn fill_bytes(&mut self, dest: &mut [u8]) {
        let rest = self.0.split_off(dest.len());
        dest.copy_from_slice(&self.0);
        self.0 = rest;
    }

    fn try_fill_bytes(&mut self, dest: &mut [u8]) -> Result<(), rand_core::Error> {
        self.fill_bytes(dest);
        Ok(())
    }
}

impl rand_core::CryptoRng for Fixed {}
