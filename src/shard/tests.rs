//! What is accepted, and the reason for which everything else is not.

use rand_core::OsRng;

use super::*;
use crate::{
    codec::HexArray,
    curve::Curve,
    genesis::Chain,
    identity::PersonIdentity,
    ids::Time,
    request::Approval,
    wrap::{age_file, recipient::Identity},
};
use quorate::shards::{Key, Set, official, person, resealed, rewrapped, then};

mod damage;
mod nodes;
mod wraps;

/// A set of three with a key, and what its custodians and nodes make of files.
struct Scene {
    set: Set,
    key: Key,
}

impl Scene {
    fn new(curve: Curve) -> Self {
        let set = Set::new(3);
        let key = set.key(curve, 2, 3);
        Self { set, key }
    }

    /// What `share receive` and `share inspect` do with a file.
    fn judge(&self, bytes: &[u8], by: &PersonIdentity) -> Result<OpenShard, ShardError> {
        DirtyShard::parse(bytes)?.check(&self.set.chain)?.open(by, &self.set.chain)
    }

    fn shard(&self, i: u16) -> Shard {
        self.set.export(&self.key, i)
    }

    fn place(&self, index: u16) -> Place<'_> {
        Place { chain: &self.set.chain, card: &self.key.card, index }
    }

    fn with(&self, i: u16, shard: &Shard, parcel: Parcel) -> Result<OpenShard, ShardError> {
        let header = shard.header().clone();
        let again =
            Shard::new(&self.set.chain, shard.card().clone(), shard.alias().cloned(), header, parcel)?;
        self.judge(again.bytes(), self.set.person(i))
    }
}

/// Edits a file as text; the edit must change something.
fn edited(bytes: &[u8], from: &str, to: &str) -> Vec<u8> {
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    let edited = text.replacen(from, to, 1);
    assert_ne!(edited, text, "{from} is not in it");
    edited.into_bytes()
}

#[test]
fn r23_r30_a_shard_of_every_curve_opens_for_its_custodian() {
    for curve in Curve::ALL {
        let scene = Scene::new(curve);
        for i in 1..=3 {
            let shard = scene.shard(i);
            assert!(shard.bytes().len() < FILE_CAP / 4, "{curve}");
            let read = DirtyShard::parse(shard.bytes()).unwrap().check(&scene.set.chain).unwrap();
            assert_eq!((read.bytes(), read.file_name()), (shard.bytes(), shard.file_name()));
            let open = read.open(scene.set.person(i), &scene.set.chain).unwrap();
            let share = open.share.unwrap();
            assert_eq!(share.share.scalar().expose(), scene.key.scalars[usize::from(i) - 1].expose());
            assert_eq!(share.share.chain_code().expose(), scene.key.chain_code.expose());
            assert_eq!(open.aux.is_some(), curve.level().is_some(), "{curve}");
            assert!(open.aux.is_none_or(|aux| aux.aux.index() == i && aux.maker == official(i)));
            for other in (1..=3).filter(|other| *other != i) {
                let refused = read.open(scene.set.person(other), &scene.set.chain).unwrap_err();
                assert!(matches!(refused, ShardError::Age(age_file::AgeError::WrongKey)), "{refused}");
            }
        }
    }
}

#[test]
fn r30_renewed_aux_travels_alone() {
    let scene = Scene::new(Curve::P256);
    let aux = scene.set.export_aux(&scene.key, 2);
    assert!(aux.file_name().ends_with(".aux.json"), "{}", aux.file_name());
    let open = scene.judge(aux.bytes(), scene.set.person(2)).unwrap();
    assert!(open.share.is_none() && open.aux.is_some());
    let nothing = Parcel { wrapped_key_share: None, aux_table: None, wrapped_aux: None };
    assert!(matches!(scene.with(2, &aux, nothing), Err(ShardError::Empty)));
    let half = Parcel { aux_table: None, ..aux.parcel().clone() };
    assert!(matches!(scene.with(2, &aux, half), Err(ShardError::HalfAux)));
}

#[test]
fn r23_an_alias_is_the_keys_other_name() {
    let scene = Scene::new(Curve::Ed25519);
    let alias = scene.set.alias(&scene.key);
    let with = |alias| {
        let shard = scene.set.shard(&scene.key, 1, scene.shard(1).parcel().clone(), Some(alias));
        scene.judge(shard.bytes(), scene.set.person(1)).map(|_| shard.key_id())
    };
    assert_eq!(with(alias.clone()).unwrap(), alias.alias.new_key_id);
    let mut unsigned = alias.clone();
    unsigned.signatures[2] = unsigned.signatures[1].clone();
    let mut short = alias.clone();
    short.signatures.pop();
    let mut renamed = alias.clone();
    renamed.alias.new_key_id = crate::ids::KeyId::random(&mut OsRng);
    let mut foreign = alias.clone();
    foreign.alias.genesis_hash = Hash::ZERO;
    for bad in [unsigned, short, renamed, foreign, scene.set.alias(&scene.set.key(Curve::Ed25519, 2, 3))] {
        assert!(matches!(with(bad), Err(ShardError::Share(_))));
    }
}

#[test]
fn r20_a_file_keeps_its_name() {
    let scene = Scene::new(Curve::Ed25519);
    let (one, two) = (scene.shard(1), scene.shard(2));
    let name = one.file_name();
    let id = scene.key.card.body().key_id;
    assert!(name.starts_with(&format!("A-{id}-i1-e0-")) && name.ends_with(".shard.json"), "{name}");
    for good in [name.clone(), format!("{name}.old"), "backup".to_owned(), "shard.json.bak".to_owned()] {
        one.check_file_name(&good).unwrap();
    }
    let refused = one.check_file_name(&two.file_name()).unwrap_err();
    assert!(matches!(refused, ShardError::FileName(own) if own == name));
    assert!(one.check_file_name(&format!("{}.old", two.file_name())).is_err());
}

#[test]
fn r51_newer_versions_are_told_from_damage() {
    let scene = Scene::new(Curve::Ed25519);
    let newer = edited(scene.shard(1).bytes(), "\"version\":1,\"wrapped", "\"version\":2,\"wrapped");
    let refused = scene.judge(&newer, scene.set.person(1)).unwrap_err();
    assert!(matches!(refused, ShardError::Version { what: "shard", given: 2 }), "{refused}");
}
