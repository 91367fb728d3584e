//! A home of embedded nodes, and ways to make a node faulty or the relay hostile.

use std::{
    fs,
    path::PathBuf,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use quorate::{
    ceremony::{
        CeremonyError,
        generate::{self, Generated},
        init, keys, sign,
        workspace::Workspace,
    },
    cli::error::{CommandError, ExitKind},
    curve::{self, Curve},
    ids::{KeyId, Name},
    keyshare::Purpose,
    node::{
        Call, FailureKind, Machine, Node, NodeError, Reply,
        embedded::{EmbeddedNode, node_dir},
    },
    paillier::PrimeSource,
    protocol::session::{Header, Mischief},
    request::Content,
    store::{NodeStore, SealKey, SealSource, seal},
    ui::{Progress, Secrets, script::ScriptUi},
    wrap::passphrase::{KdfCost, NewPassphrase, Passphrase, danger_allow_small_costs, danger_small_cost},
};
use zeroize::Zeroizing;

use crate::fixtures;

fn in_memory() -> tempfile::TempDir {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap()
}

/// `OFFICIAL_<i>`.
pub fn name(i: u16) -> Name {
    format!("OFFICIAL_{i}").parse().unwrap()
}

pub struct Stage {
    dir: tempfile::TempDir,
    pub primes: PrimeSource,
    /// The stores are sealed by a passphrase.
    sealed: bool,
}

impl Stage {
    /// Nodes 1 to `n`, with committed aux.
    pub fn new(n: u16) -> Self {
        Self::with(n, fixtures::source())
    }

    pub fn with(n: u16, primes: PrimeSource) -> Self {
        Self::at(tempfile::tempdir().unwrap(), n, primes)
    }

    /// Where flushing costs nothing, if the system has such a place: for thousands of operations.
    pub fn in_memory(n: u16) -> Self {
        Self::at(in_memory(), n, fixtures::source())
    }

    fn at(dir: tempfile::TempDir, n: u16, primes: PrimeSource) -> Self {
        let stage = Self { dir, primes, sealed: false };
        let names: Vec<Name> = (1..=n).map(name).collect();
        init::run(&stage.home(), &names, false, &SealSource::KeyFile, KdfCost::FLOOR, &stage.primes).unwrap();
        stage
    }

    /// Nodes 1 to `n` that await a production genesis.
    pub fn production(n: u16) -> Self {
        danger_allow_small_costs();
        let stage = Self { dir: in_memory(), primes: fixtures::source(), sealed: true };
        let names: Vec<Name> = (1..=n).map(name).collect();
        let seal = SealSource::Passphrase(NewPassphrase::chosen(passphrase(), &[]).unwrap());
        init::run(&stage.home(), &names, true, &seal, danger_small_cost(), &stage.primes).unwrap();
        stage
    }

    pub fn home(&self) -> PathBuf {
        self.dir.path().join("home")
    }

    /// Beside the home.
    pub fn beside(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub fn seal(&self) -> SealKey {
        seal::open_seal(&self.home(), self.sealed.then(passphrase).as_ref()).unwrap()
    }

    /// The workspace with honest nodes and relay.
    pub fn open(&self) -> Workspace {
        Workspace::open(&self.home(), self.seal(), &self.primes).unwrap()
    }

    /// The workspace with every node behind what `plan` makes of it.
    pub fn open_with(&self, plan: Plan) -> Workspace {
        let mut workspace = self.open();
        workspace.connect_with(Box::new(move |home, name, seal, primes| plan(home, name, seal, primes)));
        workspace
    }

    /// The store of a node nobody has open.
    pub fn store(&self, i: u16) -> NodeStore {
        NodeStore::open(&node_dir(&self.home(), &name(i)), &self.seal().for_node(name(i).as_str())).unwrap()
    }

    /// A node's audit log.
    pub fn log(&self, i: u16) -> String {
        fs::read_to_string(node_dir(&self.home(), &name(i)).join("audit.jsonl")).unwrap()
    }

    /// How often an event stands in a node's log.
    pub fn count(&self, i: u16, event: &str) -> usize {
        self.log(i).matches(&format!("\"event\":\"{event}\"")).count()
    }

    /// Whom a node will not work with on a key.
    pub fn locks(&self, i: u16, key: &KeyId) -> Vec<Name> {
        let shown = keys::show(&self.open(), key).unwrap();
        let server = shown.servers.iter().find(|server| server.name == name(i)).unwrap();
        server.locks().iter().map(|lock| lock.culprit.clone()).collect()
    }

    /// A new active key over all nodes.
    pub fn key(&self, curve: Curve, threshold: u16) -> KeyId {
        let mut workspace = self.open();
        generate(&mut workspace, curve, threshold).unwrap().card.body().key_id
    }

    /// The keys of the home.
    pub fn ids(&self) -> Vec<KeyId> {
        self.open().inventory().ids().unwrap()
    }

    /// The only key of the home.
    pub fn only_key(&self) -> KeyId {
        let ids = self.ids();
        assert_eq!(ids.len(), 1);
        ids[0]
    }

    /// Signs with honest nodes; the signature verifies.
    pub fn signs(&self, key: &KeyId, servers: &[u16]) {
        sign_ok(&mut self.open(), key, servers);
    }
}

const PHRASE: &str = "correct horse battery staple 7";

fn passphrase() -> Passphrase {
    Passphrase::from_bytes(PHRASE.as_bytes().to_vec()).unwrap()
}

pub fn sign_ok(workspace: &mut Workspace, key: &KeyId, servers: &[u16]) {
    let signed = sign(workspace, key, servers).unwrap_or_else(|e| panic!("{servers:?}: {e}"));
    let body = signed.card.body();
    curve::verify(body.curve, &body.group_public_key, &signed.payload, &signed.signature.signature).unwrap();
}

pub fn wanted(curve: Curve, threshold: u16, of: usize) -> generate::Wanted {
    generate::Wanted {
        curve,
        threshold,
        servers: Vec::new(),
        label: None,
        purpose: Purpose::Rehearsal,
        no_loss_tolerance: usize::from(threshold) == of,
        backup: None,
    }
}

pub fn generate(workspace: &mut Workspace, curve: Curve, threshold: u16) -> Result<Generated, CeremonyError> {
    let wanted = wanted(curve, threshold, workspace.servers().len());
    with_ui(|ui| generate::run(workspace, wanted, ui, &Progress::hidden()))
}

pub fn with_ui<T>(run: impl FnOnce(&mut ScriptUi<'_>) -> T) -> T {
    let (mut secrets, mut notes) = (Secrets::default(), Vec::new());
    run(&mut ScriptUi::new(&mut secrets, &mut notes))
}

pub fn message(text: &str) -> Content {
    Content::Message { message: text.as_bytes().to_vec().into(), hash: None }
}

pub fn sign(workspace: &mut Workspace, key: &KeyId, servers: &[u16]) -> Result<sign::Signed, CeremonyError> {
    let wanted = sign::Wanted {
        key_id: *key,
        content: message("pay the supplier"),
        servers: servers.iter().copied().map(name).collect(),
        taproot: false,
    };
    sign::run(workspace, wanted)
}

/// How the command line would end.
pub fn exit(error: CeremonyError) -> ExitKind {
    CommandError::from(error).code
}

/// The node's error inside, and the exit code.
pub fn node_error(error: CeremonyError) -> (NodeError, ExitKind) {
    let inner = match &error {
        CeremonyError::Node(inner) | CeremonyError::Closed { source: inner, .. } => inner.clone(),
        CeremonyError::After { source, .. } => match &**source {
            CeremonyError::Node(inner) => inner.clone(),
            other => panic!("{other}"),
        },
        other => panic!("{other}"),
    };
    (inner, exit(error))
}

/// Opens a node, or something that stands before it.
pub type Plan =
    Box<dyn Fn(&std::path::Path, &Name, &SealKey, &PrimeSource) -> Result<Box<dyn Node>, NodeError> + Send>;

/// One lie inside a node's own channels: told to the frames that `applies` picks.
pub type Lie = fn(to: u16, header: &mut Header, direct: &mut Zeroizing<Vec<u8>>) -> bool;

/// Node `culprit` lies in every session and keeps quiet about what its peers then seem to do.
pub fn liar(culprit: u16, lie: Lie) -> Plan {
    Box::new(move |home, who, seal, primes| {
        if *who != name(culprit) {
            return honest(home, who, seal, primes);
        }
        let (dir, seal, primes, owner) =
            (node_dir(home, who), seal.for_node(who.as_str()), primes.clone(), who.clone());
        let node = EmbeddedNode::spawn(who.clone(), move || {
            let mut machine = Machine::open(&dir, owner, &seal, primes)?;
            machine.misbehave(move || Box::new(lie) as Mischief);
            Ok(machine)
        })?;
        Ok(Box::new(Faulty::new(Box::new(node), |call, node| {
            let mute = matches!(call, Call::Relay { .. });
            let reply = node.handle(call);
            if mute && reply.is_err() { Ok(Reply::Step(Default::default())) } else { reply }
        })))
    })
}

pub fn honest(
    home: &std::path::Path,
    who: &Name,
    seal: &SealKey,
    primes: &PrimeSource,
) -> Result<Box<dyn Node>, NodeError> {
    Ok(Box::new(EmbeddedNode::open(home, who.clone(), seal, primes.clone())?))
}

/// What the relay does with one call to one node.
pub type Tamper = Box<dyn FnMut(Call, &mut dyn Node) -> Result<Reply, NodeError> + Send>;

/// A node behind a hostile relay.
pub struct Faulty {
    inner: Box<dyn Node>,
    tamper: Tamper,
}

impl Faulty {
    pub fn new(
        inner: Box<dyn Node>,
        tamper: impl FnMut(Call, &mut dyn Node) -> Result<Reply, NodeError> + Send + 'static,
    ) -> Self {
        Self { inner, tamper: Box::new(tamper) }
    }
}

impl Node for Faulty {
    fn name(&self) -> &Name {
        self.inner.name()
    }

    fn handle(&mut self, call: Call) -> Result<Reply, NodeError> {
        (self.tamper)(call, &mut *self.inner)
    }
}

/// Every node behind `tamper`, which is told which node it stands before.
pub fn relay(
    tamper: impl Fn(&Name, Call, &mut dyn Node) -> Result<Reply, NodeError> + Send + Sync + 'static,
) -> Plan {
    let tamper = Arc::new(tamper);
    Box::new(move |home, who, seal, primes| {
        let (tamper, owner) = (tamper.clone(), who.clone());
        let inner = honest(home, who, seal, primes)?;
        Ok(Box::new(Faulty::new(inner, move |call, node| tamper(&owner, call, node))))
    })
}

/// When a node is killed in an operation.
#[derive(Clone, Copy, Debug)]
pub struct Death {
    pub victim: u16,
    /// The how-many-th call of the operation, from 0: all that change something.
    pub at: usize,
    /// The call is carried out and its answer lost.
    pub after: bool,
}

/// A node that dies, once; whether it came to that is told by the flag.
pub fn dies(death: Death) -> (Plan, Arc<Mutex<bool>>) {
    let died = Arc::new(Mutex::new(false));
    let told = died.clone();
    let plan: Plan = Box::new(move |home, who, seal, primes| {
        let inner = honest(home, who, seal, primes)?;
        if *who != name(death.victim) {
            return Ok(inner);
        }
        Ok(Box::new(Mortal { name: who.clone(), inner: Some(inner), death, calls: 0, died: told.clone() }))
    });
    (plan, died)
}

struct Mortal {
    name: Name,
    inner: Option<Box<dyn Node>>,
    death: Death,
    calls: usize,
    died: Arc<Mutex<bool>>,
}

impl Node for Mortal {
    fn name(&self) -> &Name {
        &self.name
    }

    fn handle(&mut self, call: Call) -> Result<Reply, NodeError> {
        let gone = || NodeError::new(FailureKind::Unreachable, "the connection was lost");
        let counts = !matches!(call, Call::Hello | Call::Key { .. } | Call::Close { .. });
        let now = counts && self.calls == self.death.at;
        self.calls += usize::from(counts);
        let inner = self.inner.as_mut().ok_or_else(gone)?;
        if !now {
            return inner.handle(call);
        }
        if self.death.after {
            let _ = inner.handle(call);
        }
        self.inner = None;
        *self.died.lock().unwrap() = true;
        Err(gone())
    }
}

/// Counts up, from any thread.
#[derive(Clone, Default)]
pub struct Counter(Arc<AtomicUsize>);

impl Counter {
    /// The number before this call.
    pub fn next(&self) -> usize {
        self.0.fetch_add(1, Ordering::SeqCst)
    }
}

/// Everything of a directory without directories.
pub fn copy_dir(from: &std::path::Path, to: &std::path::Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
}
