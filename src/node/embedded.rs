//! Nodes in this process, one sealed store directory each: for rehearsal, CI and ceremonies on a single
//! laptop. All shares pass through one machine.
//!
//! Each node runs on a thread of its own and is spoken to in bytes, encoded and decoded as a remote node's
//! would be, so that a remote node changes the transport only.

use std::{
    panic::{self, AssertUnwindSafe},
    path::{Path, PathBuf},
    sync::mpsc,
    thread,
    time::Duration,
};

use super::{
    Call, FailureKind, MESSAGE_CAP, Machine, Node, NodeError, Reply,
    newborn::{Newborn, Opened},
};
use crate::{
    codec,
    genesis::{Genesis, Mode, NamedSignature, SignedGenesis},
    ids::{Name, Time},
    paillier::PrimeSource,
    store::SealKey,
};

/// A node on a thread of this process.
pub struct EmbeddedNode {
    name: Name,
    calls: Option<mpsc::Sender<Vec<u8>>>,
    replies: mpsc::Receiver<Vec<u8>>,
    thread: Option<thread::JoinHandle<()>>,
}

/// The directory of a node under `<home>/nodes`.
pub fn node_dir(home: &Path, name: &Name) -> PathBuf {
    home.join("nodes").join(name.as_str())
}

/// Makes nodes and the rehearsal genesis they all sign.
pub fn create(home: &Path, names: &[Name], seal: &SealKey, test: bool) -> Result<SignedGenesis, NodeError> {
    let mut nodes = Vec::new();
    for name in names {
        let dir = node_dir(home, name);
        let seal = seal.for_node(name.as_str());
        nodes.push(Newborn::create(&dir, name.clone(), &seal, test, Mode::Rehearsal)?);
    }
    let cards = nodes.iter().map(|node| node.card().clone()).collect();
    let id = codec::HexArray::random(&mut rand_core::OsRng);
    let genesis = Genesis::rehearsal(id, cards, Time::now());
    let signatures = nodes.iter().map(|node| node.sign_first(&genesis)).collect::<Result<_, _>>()?;
    let signed = SignedGenesis::new(genesis, signatures);
    nodes.iter_mut().try_for_each(|node| node.adopt(std::slice::from_ref(&signed)))?;
    Ok(signed)
}

/// Makes one more node, which is in no set yet and will join one of this mode only.
pub fn create_one(home: &Path, name: &Name, seal: &SealKey, test: bool, mode: Mode) -> Result<(), NodeError> {
    let (dir, seal) = (node_dir(home, name), seal.for_node(name.as_str()));
    Newborn::create(&dir, name.clone(), &seal, test, mode).map(|_| ())
}

/// A person compared the words of a production genesis at the console of a node that is in no set yet.
pub fn confirm(
    home: &Path,
    name: &Name,
    seal: &SealKey,
    test: bool,
    (genesis, adoptions): (&Genesis, &[NamedSignature]),
) -> Result<(), NodeError> {
    let opened = Opened::open(&node_dir(home, name), name, &seal.for_node(name.as_str()), test)?;
    if !opened.is_newborn()? {
        let message = format!("{name} is in a node set already, whose genesis is in force");
        return Err(NodeError::new(FailureKind::Fixable, message));
    }
    Newborn::of(opened, test).confirm(genesis, adoptions)
}

impl EmbeddedNode {
    /// Opens a node; `seal` is the workspace's.
    pub fn open(home: &Path, name: Name, seal: &SealKey, primes: PrimeSource) -> Result<Self, NodeError> {
        let (dir, seal) = (node_dir(home, &name), seal.for_node(name.as_str()));
        let node_name = name.clone();
        Self::inhabit(name, move || Inhabitant::open(Place { dir, name: node_name, seal, primes }))
    }

    /// Runs a machine made on the node's own thread.
    pub fn spawn(
        name: Name,
        make: impl FnOnce() -> Result<Machine, NodeError> + Send + 'static,
    ) -> Result<Self, NodeError> {
        Self::inhabit(name, move || Ok(Inhabitant::Grown(Box::new(make()?))))
    }

    fn inhabit(
        name: Name,
        make: impl FnOnce() -> Result<Inhabitant, NodeError> + Send + 'static,
    ) -> Result<Self, NodeError> {
        let (calls, incoming) = mpsc::channel::<Vec<u8>>();
        let (outgoing, replies) = mpsc::channel();
        let (ready, opened) = mpsc::channel();
        let run = move || {
            let mut inhabitant = match make() {
                Ok(inhabitant) => inhabitant,
                Err(error) => {
                    let _ = ready.send(Err(error));
                    return;
                }
            };
            let _ = ready.send(Ok(()));
            while let Some(call) = next(&incoming, &mut inhabitant) {
                if outgoing.send(answer(&mut inhabitant, &call)).is_err() {
                    break;
                }
            }
        };
        let gone = || NodeError::new(FailureKind::Bug, "the thread of a node could not be started");
        let thread = thread::Builder::new().name(name.to_string()).spawn(run).map_err(|_| gone())?;
        opened.recv().map_err(|_| gone())??;
        Ok(Self { name, calls: Some(calls), replies, thread: Some(thread) })
    }
}

impl Node for EmbeddedNode {
    fn name(&self) -> &Name {
        &self.name
    }

    fn handle(&mut self, call: Call) -> Result<Reply, NodeError> {
        let gone = || NodeError::new(FailureKind::Bug, format!("node {} stopped", self.name));
        let bytes = codec::to_cbor("call", &call)?;
        let calls = self.calls.as_ref().ok_or_else(gone)?;
        calls.send(bytes).map_err(|_| gone())?;
        let reply = self.replies.recv().map_err(|_| gone())?;
        codec::from_cbor::<Result<Reply, NodeError>>("reply", &reply, MESSAGE_CAP)?
    }
}

impl Drop for EmbeddedNode {
    /// Waits until the store is closed, so that the next run finds it clean.
    fn drop(&mut self) {
        self.calls = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// The next call. While a share is open, its lease is looked at every second.
fn next(incoming: &mpsc::Receiver<Vec<u8>>, inhabitant: &mut Inhabitant) -> Option<Vec<u8>> {
    while let Inhabitant::Grown(machine) = &mut *inhabitant
        && machine.has_leases()
    {
        match incoming.recv_timeout(Duration::from_secs(1)) {
            Ok(call) => return Some(call),
            Err(mpsc::RecvTimeoutError::Disconnected) => return None,
            // What cannot be logged is dropped all the same; the next call tells.
            Err(mpsc::RecvTimeoutError::Timeout) => drop(machine.expire_leases()),
        }
    }
    incoming.recv().ok()
}

/// Where a node is and what opens it.
struct Place {
    dir: PathBuf,
    name: Name,
    seal: SealKey,
    primes: PrimeSource,
}

/// A node, or one that was made and has no genesis yet.
enum Inhabitant {
    Grown(Box<Machine>),
    Newborn(Box<Newborn>, Box<Place>),
    /// It took a genesis and could not be opened with it.
    Gone,
}

impl Inhabitant {
    fn open(place: Place) -> Result<Self, NodeError> {
        let Place { dir, name, seal, primes } = &place;
        let opened = Opened::open(dir, name, seal, primes.is_test())?;
        if opened.is_newborn()? {
            return Ok(Self::Newborn(Box::new(Newborn::of(opened, primes.is_test())), Box::new(place)));
        }
        Ok(Self::Grown(Box::new(Machine::of(opened, place.name, place.primes)?)))
    }

    fn handle(&mut self, call: Call) -> Result<Reply, NodeError> {
        match self {
            Self::Grown(machine) => machine.handle(call),
            Self::Newborn(newborn, _) => {
                let adopts = matches!(call, Call::AdoptGenesis { .. });
                let reply = newborn.handle(call)?;
                // From here on it is like any other node.
                if adopts && let Self::Newborn(newborn, place) = std::mem::replace(self, Self::Gone) {
                    drop(newborn);
                    *self = Self::open(*place)?;
                }
                Ok(reply)
            }
            Self::Gone => Err(NodeError::new(FailureKind::Bug, "the node could not be opened again")),
        }
    }
}

/// One call in bytes to one reply in bytes.
fn answer(inhabitant: &mut Inhabitant, call: &[u8]) -> Vec<u8> {
    let reply =
        codec::from_cbor::<Call>("call", call, MESSAGE_CAP).map_err(NodeError::from).and_then(|call| {
            // A defect ends the call, not the node: what the call had taken out of memory is dropped.
            panic::catch_unwind(AssertUnwindSafe(|| inhabitant.handle(call)))
                .unwrap_or_else(|_| Err(NodeError::new(FailureKind::Bug, "the node stopped abnormally")))
        });
    let encoded = codec::to_cbor("reply", &reply);
    encoded.or_else(|e| codec::to_cbor("reply", &Err::<Reply, _>(NodeError::from(e)))).unwrap_or_default()
}
