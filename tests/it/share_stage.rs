//! A custodian's laptop: a home without nodes that pinned a node set, identities, and shards that the set's nodes
//! are taken to have exported.

use std::fs;
use std::path::PathBuf;

use quorate::card::PersonCard;
use quorate::codec::canonical;
use quorate::curve::Curve;
use quorate::identity::PersonIdentity;
use quorate::ids::Time;
use quorate::shard::Shard;
use quorate::wrap::passphrase::{NewPassphrase, Passphrase, danger_allow_small_costs, danger_small_cost};
use rand_core::OsRng;

use crate::cli::Stage;
use crate::cli_custodian::stage;
use crate::shards::{Key, Set};

/// The home, what is beside it, and everything that is secret about its keys.
pub struct Laptop {
    pub stage: Stage,
    pub set: Set,
}

/// Makes the home, pins the set, and writes `<name>.id` (its passphrase is in `pass`) and `<name>.card.json` of each
/// custodian.
pub fn furnish(stage: &Stage, set: &Set) {
    stage.run("init --no-nodes").ok();
    pin(stage, set);
    for person in &set.people {
        let name = person.name();
        identity_file(stage, person, &format!("{name}.id"), "pass");
        let entry = set.chain.current().people.iter().find(|entry| entry.name == *name).unwrap();
        card_file(stage, &entry.card, &format!("{name}.card.json"));
    }
}

/// Pins the set as it is now.
pub fn pin(stage: &Stage, set: &Set) {
    stage.write("node-set.json", &set.file());
    let words = set.chain.current_hash().words();
    stage.run(&format!("node pin node-set.json --fingerprint \"{words}\"")).ok();
}

/// Puts an identity in a file, under the passphrase that is in another.
pub fn identity_file(stage: &Stage, person: &PersonIdentity, file: &str, pass: &str) {
    danger_allow_small_costs();
    let phrase = fs::read(stage.path(pass)).unwrap();
    let phrase = Passphrase::from_bytes(phrase.trim_ascii().to_vec()).unwrap();
    let phrase = NewPassphrase::chosen(phrase, &[]).unwrap();
    let locked = person.lock(&phrase, danger_small_cost(), &mut OsRng).unwrap();
    stage.write_secret(file, &locked.to_bytes().unwrap());
}

pub fn card_file(stage: &Stage, card: &PersonCard, file: &str) {
    stage.write(file, &canonical("card", card).unwrap());
}

/// The names in a directory, sorted.
pub fn names(stage: &Stage, dir: &str) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(stage.path(dir))
        .map(|entries| entries.map(|e| e.unwrap().file_name().into_string().unwrap()).collect())
        .unwrap_or_default();
    names.sort();
    names
}

impl Laptop {
    /// Three nodes and custodians A, B and C.
    pub fn new() -> Self {
        let laptop = Self { stage: stage(), set: Set::new(3) };
        furnish(&laptop.stage, &laptop.set);
        laptop
    }

    /// Pins the set as it is now.
    pub fn pin(&self) {
        pin(&self.stage, &self.set);
    }

    pub fn identity(&self, person: &PersonIdentity, file: &str, pass: &str) {
        identity_file(&self.stage, person, file, pass);
    }

    pub fn card(&self, card: &PersonCard, file: &str) {
        card_file(&self.stage, card, file);
    }

    /// A fresh person's card, not enrolled.
    pub fn stranger(&self, person: &PersonIdentity) -> PersonCard {
        let card = person.card(Time::now(), None).unwrap();
        self.card(&card, &format!("{}.card.json", person.name()));
        card
    }

    /// A 2-of-3 key.
    pub fn key(&self, curve: Curve) -> Key {
        self.set.key(curve, 2, 3)
    }

    /// Puts a shard in a directory under its own name; gives the path as a command takes it.
    pub fn put(&self, dir: &str, shard: &Shard) -> String {
        fs::create_dir_all(self.path(dir)).unwrap();
        let path = format!("{dir}/{}", shard.file_name());
        self.stage.write(&path, shard.bytes());
        path
    }

    pub fn names(&self, dir: &str) -> Vec<String> {
        names(&self.stage, dir)
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.stage.path(name)
    }
}
