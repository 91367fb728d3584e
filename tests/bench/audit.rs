//! Judging logs: 10,000 entries, and 1,000,000 (`cargo bench --bench audit -- million`), all of one node, each with a
//! head of another log. Beside it the library's batch verification of the same signatures alone.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::time::{Duration, Instant};

use ed25519_dalek::{Signature, VerifyingKey};
use quorate::{
    audit::{
        Event, Head, Note, WORKSPACE,
        bundle::{Bundle, Lines, LogLines},
        verify::{Outside, verify},
    },
    card::NodeSecrets,
    codec::{self, HexArray},
    digest::Hash,
    genesis::{Genesis, SignedGenesis},
    ids::{Name, OpId, Time},
    request::NodeHead,
    secret::Secret,
    signing_key::SigningKey,
};
use rand_core::OsRng;

/// As in the shipped binary.
#[global_allocator]
static ALLOCATOR: zeroizing_alloc::ZeroAlloc<std::alloc::System> =
    zeroizing_alloc::ZeroAlloc(std::alloc::System);

/// As `audit verify` takes them.
const BATCH: usize = 2048;

struct Log {
    name: Name,
    key: SigningKey,
    head: Head,
    lines: Vec<Vec<u8>>,
    signed: Vec<(Hash, Signature)>,
}

impl Log {
    fn new(name: &str, key: SigningKey) -> Self {
        Self { name: name.parse().unwrap(), key, head: Head::EMPTY, lines: Vec::new(), signed: Vec::new() }
    }

    fn write(&mut self, now: Time, note: Note) {
        let (entry, head) = self.head.next(&self.name, now, note, &self.key).unwrap();
        self.lines.push(entry.line().unwrap());
        self.signed.push((head.hash, Signature::from_bytes(&entry.signature.0)));
        self.head = head;
    }

    fn text(&self) -> Vec<u8> {
        self.lines.iter().flat_map(|line| [line.as_slice(), b"\n"]).flatten().copied().collect()
    }
}

/// The genesis of two nodes, and the logs of both and of a workspace; the first node's is the long one.
fn logs(entries: u64) -> (Vec<u8>, [Log; 3]) {
    let now = Time::now();
    let names = ["N1", "N2"];
    let secrets = names.map(|_| NodeSecrets::random(&mut OsRng));
    let cards = [0, 1].map(|i| secrets[i].card(names[i].parse().unwrap(), now).unwrap());
    let genesis = Genesis::rehearsal(HexArray::random(&mut OsRng), cards.to_vec(), now);
    let hash = genesis.hash().unwrap();
    let signatures = [0, 1].map(|i| genesis.sign(names[i].parse().unwrap(), secrets[i].signing()).unwrap());
    let key =
        |i: usize| SigningKey::from_seed(&Secret::from_slice(&secrets[i].to_bytes().expose()[..32]).unwrap());
    let mut logs =
        [Log::new("N1", key(0)), Log::new("N2", key(1)), Log::new(WORKSPACE, SigningKey::random(&mut OsRng))];
    for i in [0, 1] {
        let card = cards[i].hash().unwrap();
        logs[i].write(now, Note::new(Event::Created).with("card", card));
        logs[i].write(now, Note::new(Event::GenesisAdopted).with("genesis", hash).with("sequence", 0));
    }
    let public = logs[2].key.public().0;
    logs[2].write(now, Note::new(Event::Created).with("genesis", hash).with("key", public));
    let op_id = OpId::random(&mut OsRng);
    logs[2].write(now, Note { op_id: Some(op_id), ..Note::new(Event::SigningInitiated) });
    let other = NodeHead { node: logs[1].name.clone(), counter: 2, head: logs[1].head.hash };
    while logs[0].head.counter < entries {
        let mut note = Note::new(Event::SessionStarted).with("operation", "sign").with("attempt", 1);
        (note.op_id, note.request_hash, note.heads) = (Some(op_id), Some(hash), vec![other.clone()]);
        logs[0].write(now, note);
    }
    let mut line = codec::canonical("genesis", &SignedGenesis::new(genesis, signatures.to_vec())).unwrap();
    line.push(b'\n');
    (line, logs)
}

fn judge(genesis: &[u8], logs: &[Log]) -> Duration {
    let lines = |log: &Log| log.lines.len();
    let texts: Vec<_> = logs.iter().map(|log| (log.name.clone(), log.text())).collect();
    let mut bundle = Bundle { genesis: Lines::of(genesis), ..Bundle::default() };
    bundle
        .logs
        .extend(texts.iter().map(|(name, text)| LogLines { name: name.clone(), lines: Lines::of(text) }));
    let started = Instant::now();
    let report = verify(&bundle, &Outside::default());
    let took = started.elapsed();
    assert!(report.valid, "{:?}", report.faults);
    let judged: u64 = report.logs.iter().map(|log| log.entries).sum();
    assert_eq!(judged as usize, logs.iter().map(lines).sum::<usize>());
    took
}

fn batches_alone(log: &Log) -> Duration {
    let key = VerifyingKey::from_bytes(&log.key.public().0.0).unwrap();
    let started = Instant::now();
    for batch in log.signed.chunks(BATCH) {
        let messages: Vec<&[u8]> = batch.iter().map(|(hash, _)| hash.as_bytes().as_slice()).collect();
        let signatures: Vec<Signature> = batch.iter().map(|(_, signature)| *signature).collect();
        ed25519_dalek::verify_batch(&messages, &signatures, &vec![key; batch.len()]).unwrap();
    }
    started.elapsed()
}

fn one_by_one(log: &Log) -> Duration {
    let key = VerifyingKey::from_bytes(&log.key.public().0.0).unwrap();
    let started = Instant::now();
    for (hash, signature) in &log.signed {
        key.verify_strict(hash.as_bytes(), signature).unwrap();
    }
    started.elapsed()
}

fn main() {
    let million = std::env::args().any(|arg| arg == "million");
    println!("| entries | MB | `audit verify` | per entry | batches alone | one by one |");
    println!("|---:|---:|---:|---:|---:|---:|");
    let sizes: &[u64] = if million { &[10_000, 100_000, 1_000_000] } else { &[10_000, 100_000] };
    for &entries in sizes {
        let (genesis, logs) = logs(entries);
        let [long, ..] = &logs;
        let size = long.lines.iter().map(|line| line.len() + 1).sum::<usize>() as f64 / 1e6;
        let took = judge(&genesis, &logs);
        let each = took.as_secs_f64() * 1e6 / entries as f64;
        let (batches, single) = (batches_alone(long), one_by_one(long));
        println!("| {entries} | {size:.0} | {took:.2?} | {each:.1} µs | {batches:.2?} | {single:.2?} |");
    }
}
