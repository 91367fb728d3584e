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
use crate::cli_custodian::{PHRASE, stage};
use crate::shards::{Key, Set};

/// The home, what is beside it, and everything that is secret about its keys.
pub struct Laptop {
    pub stage: Stage,
    pub set: Set,
}

impl Laptop {
    /// Three nodes, custodians A, B and C with `<name>.id` and `<name>.card.json`; passphrase in `pass`.
    pub fn new() -> Self {
        Self::with(Set::new(3))
    }

    pub fn with(set: Set) -> Self {
        let laptop = Self { stage: stage(), set };
        laptop.stage.run("init --no-nodes").ok();
        laptop.pin();
        for person in &laptop.set.people {
            let name = person.name();
            laptop.identity(person, &format!("{name}.id"), "pass");
            let entry = laptop.set.chain.current().people.iter().find(|entry| entry.name == *name);
            laptop.card(&entry.unwrap().card, &format!("{name}.card.json"));
        }
        laptop
    }

    /// Pins the set as it is now.
    pub fn pin(&self) {
        self.stage.write("node-set.json", &self.set.file());
        let words = self.set.chain.current_hash().words();
        self.stage.run(&format!("node pin node-set.json --fingerprint \"{words}\"")).ok();
    }

    /// Puts an identity in a file, under the passphrase that is in another.
    pub fn identity(&self, person: &PersonIdentity, file: &str, pass: &str) {
        danger_allow_small_costs();
        let phrase = fs::read(self.stage.path(pass)).unwrap();
        let phrase = Passphrase::from_bytes(phrase.trim_ascii().to_vec()).unwrap();
        let phrase = NewPassphrase::chosen(phrase, &[]).unwrap();
        let locked = person.lock(&phrase, danger_small_cost(), &mut OsRng).unwrap();
        self.stage.write_secret(file, &locked.to_bytes().unwrap());
        assert!(PHRASE.len() > 16);
    }

    pub fn card(&self, card: &PersonCard, file: &str) {
        self.stage.write(file, &canonical("card", card).unwrap());
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
        fs::create_dir_all(self.stage.path(dir)).unwrap();
        let path = format!("{dir}/{}", shard.file_name());
        self.stage.write(&path, shard.bytes());
        path
    }

    /// The names in a directory, sorted.
    pub fn names(&self, dir: &str) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(self.stage.path(dir))
            .map(|entries| entries.map(|e| e.unwrap().file_name().into_string().unwrap()).collect())
            .unwrap_or_default();
        names.sort();
        names
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.stage.path(name)
    }
}
