//! What commands do with the share of one key in a home of 100,000 keys, beside a home of 100: export with delete,
//! import, a signature with shares that stay and one with shares that come for it. Nodes and workspace are opened
//! anew each time, as commands do. All keys but one are made by a dealer's stand-in: records, share blobs and cards of
//! the right size.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    dead_code,
    unreachable_pub
)]

#[path = "../harness/fixtures.rs"]
mod fixtures;
mod meter;

use std::{path::Path, time::Instant};

use quorate::{
    ceremony::{
        custody::{ShardFile, rewrap},
        export, generate,
        grants::Bearer,
        import, init, jit, people, sign,
        workspace::Workspace,
    },
    codec::{self, Hex, HexArray},
    curve::Curve,
    genesis::PersonEntry,
    identity::PersonIdentity,
    ids::{KeyId, Name, Time},
    keyshare::{DirtyKeyCard, Purpose},
    node::{KeyEntry, KeyRecord, KeyState, embedded::node_dir},
    policy::Role,
    request::Content,
    secret::{Secret, SecretBytes},
    shard::DirtyImport,
    store::{Batch, BlobKind, NodeStore, SealKey, SealSource, Table, seal},
    ui::{Progress, Secrets, script::ScriptUi},
    wrap::{passphrase::KdfCost, recipient::Identity},
};
use rand_core::OsRng;

use crate::meter::{Clock, Meter};

const SIZES: [usize; 2] = [100_000, 100];
const BATCH: usize = 1000;

fn main() {
    let homes = SIZES.map(Home::new);
    let mut meter = Meter::new(Clock::Wall, ["of 100,000", "of 100"]);
    let [a, b] = &homes;
    meter.pair(
        "share/export with delete",
        || a.resident(),
        |()| a.export(),
        || b.resident(),
        |()| b.export(),
    );
    meter.pair("share/import", || a.away(), |file| a.import(file), || b.away(), |file| b.import(file));
    meter.pair("sign/shares on nodes", || a.resident(), |()| a.sign(), || b.resident(), |()| b.sign());
    meter.pair("sign/shards", || a.empty(), |()| a.jit(), || b.empty(), |()| b.jit());
    meter.finish();
}

/// A home of three nodes with many keys and one real one.
struct Home {
    dir: tempfile::TempDir,
    seal: SealKey,
    people: Vec<[u8; 32]>,
    key: KeyId,
}

fn name(i: u16) -> Name {
    format!("OFFICIAL_{i}").parse().unwrap()
}

impl Home {
    fn new(size: usize) -> Self {
        let start = Instant::now();
        // In memory where there is such a place: filling costs two flushes for each share.
        let memory = Path::new("/dev/shm");
        let dir = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }.unwrap();
        let home = dir.path().join("home");
        let servers = [1, 2, 3].map(name);
        init::run(&home, &servers, false, &SealSource::KeyFile, KdfCost::FLOOR, &fixtures::source()).unwrap();
        let seal = seal::open_seal(&home, None).unwrap();
        let people = (0..3).map(|_| *Secret::<32>::random(&mut OsRng).expose()).collect();
        let mut this = Self { dir, seal, people, key: KeyId::random(&mut OsRng) };
        let mut workspace = this.workspace();
        for i in 1..=3 {
            let person = this.person(i);
            let card = person.card(Time::now(), None).unwrap();
            let (name, server) = (person.name().clone(), Some(name(i)));
            people::add(&mut workspace, PersonEntry { name, roles: vec![Role::Custodian], server, card })
                .unwrap();
        }
        let wanted = generate::Wanted {
            curve: Curve::Ed25519,
            threshold: 2,
            servers: Vec::new(),
            label: None,
            purpose: Purpose::Rehearsal,
            no_loss_tolerance: false,
            backup: None,
        };
        let (mut secrets, mut notes) = (Secrets::default(), Vec::new());
        let mut ui = ScriptUi::new(&mut secrets, &mut notes);
        let made = generate::run(&mut workspace, wanted, &mut ui, &Progress::hidden()).unwrap();
        drop(workspace);
        this.key = made.card.body().key_id;
        let ids: Vec<KeyId> = (1..size).map(|_| KeyId::random(&mut OsRng)).collect();
        (1..=3).for_each(|i| this.fill_node(i, &ids, made.card.dirty()));
        this.fill_inventory(&ids);
        eprintln!("{size} keys filled in {:.0?}", start.elapsed());
        this
    }

    fn fill_node(&self, i: u16, ids: &[KeyId], card: &DirtyKeyCard) {
        let seal = self.seal.for_node(name(i).as_str());
        let mut store = NodeStore::open(&node_dir(&self.dir.path().join("home"), &name(i)), &seal).unwrap();
        for ids in ids.chunks(BATCH) {
            let mut batch = Batch::new();
            for id in ids {
                let mut card = card.clone();
                card.card.key_id = *id;
                card.card.group_public_key = Hex(HexArray::<32>::random(&mut OsRng).0.to_vec());
                let record = KeyRecord::new(&card.card, i);
                batch.put(
                    Table::KeyRecords,
                    &record.group_public_key,
                    codec::canonical("key record", &record).unwrap(),
                );
                let entry = KeyEntry {
                    version: 1,
                    state: KeyState::Active,
                    card,
                    alias: None,
                    index: i,
                    op_id: HexArray::random(&mut OsRng),
                    created_at: Time::now(),
                    aux_id: None,
                    pending_aux_id: None,
                };
                batch.put(Table::Keys, id.as_bytes(), codec::canonical("key entry", &entry).unwrap());
            }
            store.write(batch).unwrap();
        }
        let share = SecretBytes::new(vec![7; 174]);
        for id in ids {
            let blob = [id.as_bytes().as_slice(), &0u32.to_be_bytes()].concat();
            store.put_blob(BlobKind::Share, &blob, &share, Batch::new()).unwrap();
        }
    }

    /// Links to one card: only the real key is looked up.
    fn fill_inventory(&self, ids: &[KeyId]) {
        let path = |id: &KeyId| self.dir.path().join("home/keys").join(format!("{id}.card.json"));
        for ids in ids.chunks(10_000) {
            std::fs::write(path(&ids[0]), b"{}").unwrap();
            ids[1..].iter().for_each(|id| std::fs::hard_link(path(&ids[0]), path(id)).unwrap());
        }
    }

    fn workspace(&self) -> Workspace {
        let home = self.dir.path().join("home");
        Workspace::open(&home, seal::open_seal(&home, None).unwrap(), &fixtures::source()).unwrap()
    }

    fn person(&self, i: u16) -> PersonIdentity {
        let secret = Secret::from_slice(&self.people[usize::from(i) - 1]).unwrap();
        PersonIdentity::new(
            ["A", "B", "C"][usize::from(i) - 1].parse().unwrap(),
            Identity::from_secret(secret),
        )
    }

    fn export(&self) {
        let mut workspace = self.workspace();
        let wanted = export::Wanted {
            key_id: self.key,
            servers: vec![name(1)],
            delete: true,
            aux_only: false,
            out_dir: self.dir.path().join("out"),
        };
        let people = [self.person(1)];
        export::run(&mut workspace, &wanted, |workspace, node, exported| {
            export::settle_here(workspace, node, exported, &people, None)
        })
        .unwrap();
    }

    fn import(&self, file: DirtyImport) {
        self.import_to(1, file);
    }

    fn import_to(&self, i: u16, file: DirtyImport) {
        import::run(&mut self.workspace(), file, Path::new("import"), &name(i), None).unwrap();
    }

    fn sign(&self) {
        sign::run(&mut self.workspace(), self.wanted()).unwrap();
    }

    fn jit(&self) {
        let bearers: Vec<Bearer> =
            [1, 2].map(|i| Bearer { file: self.shard(i), identity: self.person(i) }).into();
        jit::run(&mut self.workspace(), self.wanted(), &bearers).unwrap();
    }

    fn wanted(&self) -> sign::Wanted {
        let content = Content::Message { message: b"pay".to_vec().into(), hash: None };
        sign::Wanted { key_id: self.key, content, servers: Vec::new(), taproot: false }
    }

    /// Every node holds its share.
    fn resident(&self) {
        for i in 1..=3 {
            if !self.holds(i) {
                self.import_to(i, self.import_file(i));
            }
        }
    }

    /// Node 1 has given its share away; what brings it back.
    fn away(&self) -> DirtyImport {
        if self.holds(1) {
            self.export();
        }
        self.import_file(1)
    }

    /// No node holds a share.
    fn empty(&self) {
        let mut workspace = self.workspace();
        let wanted = export::Wanted {
            key_id: self.key,
            servers: Vec::new(),
            delete: true,
            aux_only: false,
            out_dir: self.dir.path().join("out"),
        };
        let people = [1, 2, 3].map(|i| self.person(i));
        let settle = |workspace: &mut Workspace, node: &mut _, exported| {
            export::settle_here(workspace, node, exported, &people, None)
        };
        export::run(&mut workspace, &wanted, settle).unwrap();
    }

    fn holds(&self, i: u16) -> bool {
        let seal = self.seal.for_node(name(i).as_str());
        let store = NodeStore::open(&node_dir(&self.dir.path().join("home"), &name(i)), &seal).unwrap();
        store.any_blob(BlobKind::Share, self.key.as_bytes()).unwrap()
    }

    /// The latest shard of an index.
    fn shard(&self, i: u16) -> ShardFile {
        let workspace = self.workspace();
        let exports = workspace.exports().of_key(&self.key).unwrap();
        let export = exports.into_iter().rfind(|export| export.index == i && export.file.is_some()).unwrap();
        ShardFile::read(&export.file.unwrap().path, workspace.chain().unwrap()).unwrap()
    }

    fn import_file(&self, i: u16) -> DirtyImport {
        let (shard, end) = (self.shard(i), Time::now().plus_seconds(600));
        rewrap::for_node(&shard, &self.person(i), &name(i), end, &mut self.workspace()).unwrap()
    }
}
