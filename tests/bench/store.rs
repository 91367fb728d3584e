//! One key among 100,000 beside one among 100: in a node's store, and in a workspace's inventory.
//!
//! Keys are synthetic except those that the workspace looks up, whose cards it checks in full.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, dead_code, unreachable_pub)]

mod lockstep;
mod meter;
#[path = "../it/relay.rs"]
mod relay;

use std::{
    hint::black_box,
    path::{Path, PathBuf},
    time::Instant,
};

use quorate::{
    ceremony::{init, workspace::Workspace},
    codec::{self, Hex, HexArray},
    curve::Curve,
    genesis::{Genesis, SignedGenesis},
    ids::{KeyId, Name, Time},
    keyshare::DirtyKeyCard,
    node::{Call, KeyEntry, KeyRecord, KeyState, Machine, Reply, embedded::node_dir},
    paillier::PrimeSource,
    protocol::{activate, dkg},
    secret::SecretBytes,
    store::{Batch, BlobKind, NodeStore, SealKey, SealSource, Table, seal},
    wrap::passphrase::KdfCost,
};
use rand_core::{OsRng, RngCore as _};

use crate::{
    meter::{Clock, Meter},
    relay::{Node, card_template, share_of},
};

const SIZES: [usize; 2] = [100_000, 100];

/// Keys that are looked up in a workspace.
const REAL: usize = 50;

/// Shares that are looked up; a store of 100 keys has as many.
const BATCH: usize = 1000;

fn main() {
    let server: Name = "OFFICIAL_1".parse().unwrap();
    let nodes = relay::nodes(3);
    let genesis = genesis(&nodes);
    let real: Vec<DirtyKeyCard> = (0..REAL).map(|_| key_card(&genesis, &nodes)).collect();
    let homes = SIZES.map(|size| Home::fill(size, &server, &genesis, &real));
    let mut meter = Meter::new(Clock::Wall, ["of 100,000", "of 100"]);

    let stores = homes.each_ref().map(Home::store);
    let get = |at: usize| {
        let (home, store) = (&homes[at], &stores[at]);
        move |id: KeyId| {
            let bytes = store.get(Table::Keys, id.as_bytes()).unwrap().unwrap();
            let entry: KeyEntry = codec::from_json("key entry", &bytes, codec::JSON_CAP).unwrap();
            assert_eq!(entry.card().key_id, id);
            black_box(home);
        }
    };
    meter.pair("node store/key entry", || homes[0].any(), get(0), || homes[1].any(), get(1));
    let open = |at: usize| {
        let store = &stores[at];
        move |id: KeyId| {
            black_box(store.open_blob(BlobKind::Share, id.as_bytes()).unwrap().unwrap());
        }
    };
    meter.pair("node store/share", || homes[0].any(), open(0), || homes[1].any(), open(1));
    drop(stores);

    let open = |at: usize| {
        let home = &homes[at];
        move |()| drop(home.store())
    };
    meter.pair("node store/open", || (), open(0), || (), open(1));

    let ask = |machine: &mut Machine, id: KeyId| {
        let Reply::Key(Some(entry), Some(_), _) = machine.handle(Call::Key { key_id: id }).unwrap() else {
            panic!("the key is not there");
        };
        black_box(entry);
    };
    // What every command pays: the node starts, and finds the key.
    let start = |at: usize| {
        let home = &homes[at];
        move |id: KeyId| ask(&mut home.machine(), id)
    };
    meter.pair("node/start and key", || homes[0].any(), start(0), || homes[1].any(), start(1));

    let mut machines = homes.each_ref().map(|home| home.machine());
    let [large, small] = &mut machines;
    meter.pair("node/key", || homes[0].any(), |id| ask(large, id), || homes[1].any(), |id| ask(small, id));
    let hello = |machine: &mut Machine| drop(black_box(machine.handle(Call::Hello).unwrap()));
    meter.pair("node/hello", || (), |()| hello(large), || (), |()| hello(small));
    drop(machines);

    let workspaces = homes.each_ref().map(Home::workspace);
    let find = |at: usize| {
        let workspace = &workspaces[at];
        move |id: KeyId| {
            black_box(workspace.inventory().card(&id, workspace.chain().unwrap()).unwrap());
        }
    };
    let any = || real[OsRng.next_u32() as usize % REAL].card.key_id;
    meter.pair("workspace/key card", any, find(0), any, find(1));
    meter.finish();
}

/// A home with many keys, gone when it is dropped.
struct Home {
    dir: tempfile::TempDir,
    server: Name,
    seal: SealKey,
    ids: Vec<KeyId>,
}

impl Home {
    fn fill(size: usize, server: &Name, genesis: &SignedGenesis, real: &[DirtyKeyCard]) -> Self {
        let start = Instant::now();
        // Filling costs two flushes for each share: in memory where there is such a place.
        let memory = Path::new("/dev/shm");
        let dir = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }.unwrap();
        let home = dir.path().join("home");
        let servers = [1, 2, 3].map(|i| format!("OFFICIAL_{i}").parse().unwrap());
        init::run(&home, &servers, false, &SealSource::KeyFile, KdfCost::FLOOR, &PrimeSource::real())
            .unwrap();
        let seal = seal::open_seal(&home, None).unwrap();
        let ids = (0..size).map(|_| KeyId::random(&mut OsRng)).collect();
        let this = Self { dir, server: server.clone(), seal, ids };
        this.fill_store(&real[0]);
        this.fill_inventory(genesis, real);
        eprintln!("{size} keys filled in {:.0?}", start.elapsed());
        this
    }

    fn fill_store(&self, card: &DirtyKeyCard) {
        let mut store = self.store();
        for ids in self.ids.chunks(BATCH) {
            let mut batch = Batch::new();
            for id in ids {
                let mut card = card.clone();
                card.card.key_id = *id;
                card.card.group_public_key = Hex(HexArray::<32>::random(&mut OsRng).0.to_vec());
                let record = KeyRecord::new(&card.card, 1);
                let bytes = codec::canonical("key record", &record).unwrap();
                batch.put(Table::KeyRecords, &record.group_public_key, bytes);
                let entry = KeyEntry {
                    version: 1,
                    state: KeyState::Active,
                    card,
                    alias: None,
                    index: 1,
                    op_id: HexArray::random(&mut OsRng),
                    created_at: Time::now(),
                    aux_id: None,
                    pending_aux_id: None,
                };
                batch.put(Table::Keys, id.as_bytes(), codec::canonical("key entry", &entry).unwrap());
            }
            store.write(batch).unwrap();
        }
        let share = SecretBytes::new(vec![7; 300]);
        for id in &self.ids {
            store.put_blob(BlobKind::Share, id.as_bytes(), &share, Batch::new()).unwrap();
        }
    }

    /// Real cards, and links to one more for the rest.
    fn fill_inventory(&self, genesis: &SignedGenesis, real: &[DirtyKeyCard]) {
        let home = self.home();
        std::fs::write(home.join("genesis.json"), codec::canonical("genesis", &[genesis]).unwrap()).unwrap();
        let path = |id: &KeyId| home.join("keys").join(format!("{id}.card.json"));
        for card in real {
            let bytes = codec::canonical("key card", card).unwrap();
            std::fs::write(path(&card.card.key_id), bytes).unwrap();
        }
        let rest = &self.ids[real.len()..];
        // A file takes fewer links than that on some systems.
        for ids in rest.chunks(10_000) {
            std::fs::write(path(&ids[0]), b"{}").unwrap();
            for id in &ids[1..] {
                std::fs::hard_link(path(&ids[0]), path(id)).unwrap();
            }
        }
    }

    fn home(&self) -> PathBuf {
        self.dir.path().join("home")
    }

    fn any(&self) -> KeyId {
        self.ids[OsRng.next_u32() as usize % self.ids.len()]
    }

    fn store(&self) -> NodeStore {
        let seal = self.seal.for_node(self.server.as_str());
        NodeStore::open(&node_dir(&self.home(), &self.server), &seal).unwrap()
    }

    fn machine(&self) -> Machine {
        let seal = self.seal.for_node(self.server.as_str());
        let dir = node_dir(&self.home(), &self.server);
        Machine::open(&dir, self.server.clone(), &seal, PrimeSource::real()).unwrap()
    }

    fn workspace(&self) -> Workspace {
        let seal = seal::open_seal(&self.home(), None).unwrap();
        Workspace::open(&self.home(), seal, &PrimeSource::real()).unwrap()
    }
}

fn genesis(nodes: &[Node]) -> SignedGenesis {
    let cards = nodes.iter().map(|node| node.card.clone()).collect();
    let genesis = Genesis::rehearsal(HexArray::random(&mut OsRng), cards, Time::now());
    let sign = |node: &Node| genesis.sign(node.name.clone(), node.secrets.signing()).unwrap();
    let signatures = nodes.iter().map(sign).collect();
    SignedGenesis::new(genesis, signatures)
}

/// A complete card under the genesis.
fn key_card(genesis: &SignedGenesis, nodes: &[Node]) -> DirtyKeyCard {
    let (curve, all) = (Curve::Ed25519, [1, 2, 3]);
    let mut template = card_template(curve, 2, nodes);
    template.genesis_id = genesis.genesis.genesis_id;
    template.genesis_hash = genesis.genesis.hash().unwrap();
    let keys: Vec<_> = nodes.iter().map(|node| node.card.card.signing_key).collect();
    let generated = lockstep::run(&all, all.map(|_| dkg::party(curve, 2, 3)).into());
    let activate = |((index, generated), node): ((u16, dkg::Generated), &Node)| {
        let share = share_of(&template, index, generated);
        let signature = node.secrets.signing().sign(&share.card().hash().unwrap());
        activate::party(&share, signature, keys.clone()).unwrap()
    };
    let parties = all.into_iter().zip(generated).zip(nodes).map(activate).collect();
    lockstep::run(&all, parties).remove(0)
}
