//! Sets that are made, read and refused.

use rand_core::OsRng;

use super::*;
use crate::{
    guardian::{
        samples::{Sample, sample},
        slip39::split,
    },
    secret::Secret,
    wrap::recipient::Identity,
};

const NAMES: [&str; 3] = ["Ann", "Bob", "Cyd"];

#[test]
fn r31_each_share_names_its_guardian_and_proves_it_was_read_back() {
    let Sample { mut set, shares } = sample(2, &NAMES).unwrap();
    for (share, name) in shares.iter().zip(NAMES).rev() {
        assert!(!set.proven());
        assert_eq!(set.find(share).unwrap().name.as_str(), name);
        for _ in 0..2 {
            assert_eq!(set.add_proof(share).unwrap().name.as_str(), name);
        }
        let json = set.to_json().unwrap();
        assert_eq!(GuardianSet::from_json(&json).unwrap(), set);
    }
    assert!(set.proven());
    assert_eq!(set.missing_proofs().count(), 0);
    assert_eq!((set.threshold(), set.guardians().len()), (2, 3));
    assert_eq!(set.guardian(&"Bob".parse().unwrap()), set.guardian_at(1));
}

#[test]
fn r31_a_share_of_another_set_and_an_altered_one_are_told_apart() {
    let (one, mut other) = (sample(2, &NAMES).unwrap(), sample(2, &NAMES).unwrap());
    if one.set.body().identifier != other.set.body().identifier {
        let refused = one.set.find(&other.shares[0]).unwrap_err();
        assert_eq!(refused, NotInSet::AnotherSet("the identifiers"));
    }
    // Two sets can draw the same identifier; then the commitment still tells.
    other.set.dirty.set.identifier = one.set.body().identifier;
    let refused = other.set.find(&one.shares[1]).unwrap_err();
    assert_eq!(refused, NotInSet::Altered { guardian: "Bob".parse().unwrap() });
    assert!(other.set.add_proof(&one.shares[1]).is_err());
    assert_eq!(other.set.missing_proofs().count(), 3);
    let five = sample(2, &["a", "b", "c", "d", "e"]).unwrap();
    other.set.dirty.set.identifier = five.set.body().identifier;
    assert_eq!(other.set.find(&five.shares[4]).unwrap_err(), NotInSet::Index(5));
    let thrice = sample(3, &NAMES).unwrap();
    other.set.dirty.set.identifier = thrice.set.body().identifier;
    assert_eq!(other.set.find(&thrice.shares[0]).unwrap_err(), NotInSet::AnotherSet("the thresholds"));
}

#[test]
fn impossible_sets_are_not_made() {
    assert!(matches!(sample(2, &["Ann", "Bob", "Ann"]), Err(SetError::Name(_))));
    let secret = Secret::random(&mut OsRng);
    let split = split(&secret, 2, 3, &mut OsRng).unwrap();
    let key = SigningKey::random(&mut OsRng);
    let right = Appointment {
        custodian: "Alice".parse().unwrap(),
        recipient: Identity::from_secret(secret).recipient(),
        guardians: NAMES.map(|name| name.parse().unwrap()).to_vec(),
        created_at: Time::now(),
    };
    let make = |appointment| GuardianSet::make(appointment, &split, &key, &mut OsRng);
    assert!(make(right.clone()).is_ok());
    let other = Identity::random(&mut OsRng).recipient();
    let refused = make(Appointment { recipient: other, ..right.clone() });
    assert!(matches!(refused, Err(SetError::Recipient(_))));
    let refused = make(Appointment { guardians: right.guardians[..2].to_vec(), ..right });
    assert!(matches!(refused, Err(SetError::Count { names: 2, shares: 3 })));
}

type Alter = fn(&mut DirtyGuardianSet);

#[test]
fn r31_an_altered_file_is_refused_whatever_was_altered() {
    let Sample { mut set, shares } = sample(2, &NAMES).unwrap();
    for share in &shares {
        set.add_proof(share).unwrap();
    }
    let dirty = set.dirty.clone();
    assert!(dirty.clone().check().is_ok());
    let altered: [Alter; 22] = [
        |set| set.set.version = 2,
        |set| set.set.set_id.0[0] ^= 1,
        |set| set.set.custodian = "Mallory".parse().unwrap(),
        |set| set.set.recipient = Identity::random(&mut OsRng).recipient(),
        |set| set.set.approval_key = SigningKey::random(&mut OsRng).public(),
        |set| set.set.threshold = 3,
        |set| set.set.threshold = 1,
        |set| set.set.threshold = 4,
        |set| set.set.guardians[0].name = "Dan".parse().unwrap(),
        |set| set.set.guardians[0].member_index = 5,
        |set| set.set.guardians[0].commitment = set.set.guardians[1].commitment,
        |set| set.set.guardians[0].commitment = Hash::ZERO,
        |set| set.set.guardians.swap(0, 1),
        |set| drop(set.set.guardians.pop()),
        |set| set.set.identifier ^= 1,
        |set| set.set.identifier ^= 0x8000,
        |set| set.set.extendable = false,
        |set| set.set.iteration_exponent = 1,
        |set| set.set.created_at = set.set.created_at.plus_seconds(1),
        |set| set.signature.0[0] ^= 1,
        |set| set.proofs.swap(0, 1),
        |set| set.proofs[0].proof = Hash::ZERO,
    ];
    for (i, alter) in altered.iter().enumerate() {
        let mut bad = dirty.clone();
        alter(&mut bad);
        assert!(bad.clone().check().is_err(), "alteration {i}");
        let json = codec::canonical("x", &bad).unwrap();
        assert!(GuardianSet::from_json(&json).is_err(), "alteration {i}");
    }
    let mut twice = dirty.clone();
    twice.proofs.push(twice.proofs[2].clone());
    assert!(matches!(twice.check(), Err(SetError::Form(_))));
    let mut stranger = dirty;
    stranger.proofs[2].guardian = "Dan".parse().unwrap();
    assert!(matches!(stranger.check(), Err(SetError::Form(_))));
}

#[test]
fn r51_other_spellings_fields_versions_and_sizes_are_refused() {
    let json = sample(2, &NAMES).unwrap().set.to_json().unwrap();
    let json = String::from_utf8(json).unwrap();
    let read = |json: &str| GuardianSet::from_json(json.as_bytes());
    assert!(read(&json).is_ok());
    assert!(matches!(
        read(&json.replace("\"version\":1", "\"version\":2,\"more\":0")),
        Err(SetError::Version(2))
    ));
    for (from, to) in [
        ("\"version\":1", "\"version\":1,\"version\":1"),
        ("\"version\":1", "\"more\":0,\"version\":1"),
        ("\"proofs\":[],", ""),
        ("{\"proofs\"", "{ \"proofs\""),
        ("\"identifier\":", "\"identifier\":70"),
    ] {
        assert_ne!(json.replace(from, to), json);
        assert!(read(&json.replacen(from, to, 1)).is_err(), "{from} -> {to}");
    }
    assert!(matches!(read(&" ".repeat(SET_CAP + 1)), Err(SetError::Codec(CodecError::TooLong { .. }))));
    let names: Vec<String> = (0..16).map(|i| format!("{i:a>32}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let Sample { mut set, shares } = sample(16, &names).unwrap();
    shares.iter().for_each(|share| drop(set.add_proof(share).unwrap().clone()));
    assert!(GuardianSet::from_json(&set.to_json().unwrap()).unwrap().proven(), "the largest set fits");
}
