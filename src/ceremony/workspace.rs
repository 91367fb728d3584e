//! An operator's home: its lock, the genesis it pinned, its own audit log, and the way to its nodes.
//!
//! ```text
//! home.json        version, TEST mark, servers; written last: a home without it was never finished
//! lock             held by one run at a time
//! seal.json        what opens the stores (and seal.key, if that is a key file)
//! genesis.json     the pinned chain
//! genesis.next.json  the version that is about to follow, from before nodes are asked until it is in the chain
//! workspace/       store of the workspace's signing key, and audit.jsonl
//! nodes/<name>/    one store and log each
//! keys/            <keyId>.card.json, <keyId>.pending.json while a generation runs, <keyId>.alias.json
//! exports/         one account per export: file, receipt, what the node stated
//! operations/      <opId>.json of every signature that waits for grants or ran with shards
//! requests/        what nodes were asked for, with who approved it
//! ```

use std::{
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, OnceLock, PoisonError},
    time::Duration,
};

use rand_core::OsRng;

mod chain_file;
mod home_file;
mod requests;

use self::chain_file::adopted;
pub(super) use self::chain_file::{Pinned, read_chain};
pub use self::home_file::HomeFile;
pub use super::pinned::{PinnedNode, unexpected};
use super::{
    CeremonyError, authority::Authority, catch_up, exports::Exports, inventory::Inventory, journal::Journal,
};
use crate::{
    audit::{Note, WORKSPACE},
    digest::Hash,
    genesis::{Chain, Genesis, NamedSignature, SignedGenesis},
    ids::{Name, Time},
    node::{
        Node, NodeError,
        embedded::{self, EmbeddedNode},
    },
    paillier::PrimeSource,
    request::SignedRequest,
    secret::{Secret, SecretBytes},
    signing_key::SigningKey,
    store::{self, Batch, BlobKind, HomeLock, NodeStore, SealKey, files, log::AuditLog},
};

/// How long a run waits for another one to finish.
const LOCK_WAIT: Duration = Duration::from_secs(10);

const SIGNING_KEY: &[u8] = b"signing-key";

/// Opens a node, where tests put a faulty one or a hostile relay in its place.
#[cfg(feature = "mischief")]
pub type Connect =
    Box<dyn Fn(&Path, &Name, &SealKey, &PrimeSource) -> Result<Box<dyn Node>, NodeError> + Send>;

/// An open workspace. Only one run has it at a time.
pub struct Workspace {
    home: PathBuf,
    file: HomeFile,
    pinned: Option<Pinned>,
    /// What the nodes had of the chain beyond `genesis.json`, found while they were opened.
    newer: OnceLock<Pinned>,
    /// Words of a version that nodes have or signed and this home did not begin, as a person gave them.
    confirmed: Option<String>,
    authority: Authority,
    store: NodeStore,
    log: Mutex<AuditLog>,
    key: SigningKey,
    seal: SealKey,
    primes: PrimeSource,
    #[cfg(feature = "mischief")]
    connect: Option<Connect>,
    _lock: HomeLock,
}

impl Workspace {
    /// Opens a home; `seal` was opened by whoever asked for its passphrase.
    pub fn open(home: &Path, seal: SealKey, primes: &PrimeSource) -> Result<Self, CeremonyError> {
        let file = HomeFile::read(home, primes)?;
        let lock = HomeLock::acquire(home, LOCK_WAIT).map_err(not_locked)?;
        let dir = home.join("workspace");
        let store = NodeStore::open(&dir, &seal.for_node("workspace"))?;
        let seed = store.open_blob(BlobKind::Node, SIGNING_KEY)?;
        let seed = seed.and_then(|bytes| Secret::from_slice(bytes.expose()));
        let seed = seed.ok_or_else(|| CeremonyError::Damaged("its signing key is missing".into()))?;
        let key = SigningKey::from_seed(&seed);
        let log = AuditLog::open(&dir.join("audit.jsonl"), workspace_name()?, &key.public())?;
        log.check_remembered(&store)?;
        let pinned = read_chain(home, &file)?;
        let home = home.to_owned();
        let workspace = Self {
            home,
            file,
            pinned,
            newer: OnceLock::new(),
            confirmed: None,
            authority: Authority::default(),
            log: Mutex::new(log),
            store,
            key,
            seal,
            primes: primes.clone(),
            #[cfg(feature = "mischief")]
            connect: None,
            _lock: lock,
        };
        if !store::poisoned() {
            workspace.finish_given_up()?;
        }
        Ok(workspace)
    }

    /// The chain that a home has pinned, read without its lock: before a person is asked anything.
    pub fn peek(home: &Path, primes: &PrimeSource) -> Result<Chain, CeremonyError> {
        let file = HomeFile::read(home, primes)?;
        read_chain(home, &file)?.map(|pinned| pinned.chain).ok_or(CeremonyError::NoNodes)
    }

    /// Makes the store of a new workspace's signing key and starts its log.
    pub(super) fn create_store(home: &Path, seal: &SealKey, note: Note) -> Result<(), CeremonyError> {
        let dir = home.join("workspace");
        let mut store = NodeStore::create(&dir, &seal.for_node("workspace"))?;
        let seed = Secret::<32>::random(&mut OsRng);
        let key = SigningKey::from_seed(&seed);
        let bytes = SecretBytes::new(seed.expose().to_vec());
        store.put_blob(BlobKind::Node, SIGNING_KEY, &bytes, Default::default())?;
        let mut log = AuditLog::open(&dir.join("audit.jsonl"), workspace_name()?, &key.public())?;
        // The first entry publishes the key of all that follow; nodes witness it with every head.
        let note = note.with("key", key.public().0);
        log.append_remembered(note, Time::now(), &key, &mut store)?;
        Ok(())
    }

    /// The directory.
    pub fn home(&self) -> &Path {
        &self.home
    }

    /// Its servers: the nodes of the genesis in force, in its order. A home without nodes has none, whatever
    /// it pinned.
    pub fn servers(&self) -> &[Name] {
        match self.pinned() {
            Ok(pinned) if !self.file.servers.is_empty() => &pinned.servers,
            _ => &[],
        }
    }

    /// The servers it was made with; in production they may be in no set yet.
    pub fn first_servers(&self) -> &[Name] {
        &self.file.servers
    }

    /// Whether its nodes await a production genesis, or have one.
    pub fn is_production(&self) -> bool {
        self.file.production
    }

    /// Acts for this requester, or with these approved requests, from now on.
    pub fn act_with(&mut self, authority: Authority) {
        self.authority = authority;
    }

    /// The requests that were given to act with.
    pub fn given(&self) -> &[SignedRequest] {
        self.authority.given()
    }

    /// The pinned chain.
    pub fn chain(&self) -> Result<&Chain, CeremonyError> {
        Ok(&self.pinned()?.chain)
    }

    /// The pinned chain as it travels.
    pub fn signed_chain(&self) -> Result<&[SignedGenesis], CeremonyError> {
        Ok(&self.pinned()?.signed)
    }

    /// Pins a longer chain: logged, then durable in `genesis.json`.
    pub(super) fn pin(&mut self, signed: Vec<SignedGenesis>) -> Result<(), CeremonyError> {
        let pinned = Pinned::check(signed)?;
        self.append_note(adopted(&pinned.chain)?)?;
        pinned.write(&self.home)?;
        (self.pinned, self.newer) = (Some(pinned), OnceLock::new());
        Ok(())
    }

    /// Pins what the nodes have beyond `genesis.json`, likewise.
    pub(super) fn catch_up_with(&self, signed: Vec<SignedGenesis>) -> Result<(), CeremonyError> {
        let pinned = Pinned::check(signed)?;
        self.append_note(adopted(&pinned.chain)?)?;
        pinned.write(&self.home)?;
        self.newer.set(pinned).map_err(|_| {
            CeremonyError::Refused(
                "the genesis chain grew twice during one run; run the same command again".into(),
            )
        })
    }

    /// Takes the words of a version of the genesis that this home did not begin: it may be completed, or followed.
    pub fn confirm_genesis(&mut self, words: String) {
        self.confirmed = Some(words);
    }

    /// Whether there were any.
    pub(super) fn gave_words(&self) -> bool {
        self.confirmed.is_some()
    }

    /// Whether the words given are those of a version, if there were any.
    pub(super) fn is_confirmed(&self, version: &Hash) -> bool {
        self.confirmed.as_ref().is_some_and(|words| version.is_said(words))
    }

    fn pinned(&self) -> Result<&Pinned, CeremonyError> {
        let none = if self.file.production { CeremonyError::NotAdopted } else { CeremonyError::NoNodes };
        self.newer.get().or(self.pinned.as_ref()).ok_or(none)
    }

    /// The keys it knows.
    pub fn inventory(&self) -> Inventory {
        Inventory::of(&self.home)
    }

    /// Its account of exports.
    pub fn exports(&self) -> Exports {
        Exports::of_home(&self.home)
    }

    /// The operations that are open.
    pub fn journal(&self) -> Journal {
        Journal::of(&self.home)
    }

    /// Writes one entry of the workspace's log, durably.
    pub fn note(&mut self, note: Note) -> Result<(), CeremonyError> {
        self.append_note(note)
    }

    fn append_note(&self, mut note: Note) -> Result<(), CeremonyError> {
        note.heads = self.seen_of(&note.heads)?;
        let mut log = self.log();
        log.append(note, Time::now(), &self.key)?;
        let mut batch = Batch::new();
        log.remember(&mut batch);
        Ok(self.store.write(batch)?)
    }

    fn log(&self) -> MutexGuard<'_, AuditLog> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The last lines of the workspace's log.
    pub fn log_tail(&self, count: usize) -> Result<Vec<Vec<u8>>, CeremonyError> {
        Ok(self.log().tail(count)?)
    }

    /// Refuses names that are not servers of this workspace.
    pub fn check_servers(&self, names: &[Name]) -> Result<(), CeremonyError> {
        let servers = self.servers();
        if servers.is_empty() {
            let made = !self.file.servers.is_empty();
            return Err(if made { CeremonyError::NotAdopted } else { CeremonyError::NoNodes });
        }
        match names.iter().find(|name| !servers.contains(name)) {
            None => Ok(()),
            Some(unknown) => Err(CeremonyError::UnknownServer {
                given: unknown.clone(),
                known: servers.iter().map(Name::as_str).collect::<Vec<_>>().join(", "),
            }),
        }
    }

    /// Opens nodes and checks that each is the one this workspace pinned. Those that a stopped run left behind
    /// take the versions of the genesis they lack.
    pub fn nodes(&self, names: &[Name]) -> Result<Vec<PinnedNode>, CeremonyError> {
        self.check_servers(names)?;
        let mut nodes = names.iter().map(|name| self.node(name)).collect::<Result<Vec<_>, _>>()?;
        catch_up::run(self, &mut nodes)?;
        Ok(nodes)
    }

    /// Opens one node, also one that is in no set yet; whether it is the pinned one is not judged.
    pub(super) fn node(&self, name: &Name) -> Result<PinnedNode, CeremonyError> {
        let closed = |source| CeremonyError::Closed { name: name.clone(), source };
        PinnedNode::greet(self.connect(name).map_err(closed)?)
    }

    /// Makes a node that is in no set yet.
    pub(super) fn create_node(&self, name: &Name) -> Result<(), CeremonyError> {
        let mode = self.chain()?.current().mode;
        Ok(embedded::create_one(&self.home, name, &self.seal, self.primes.is_test(), mode)?)
    }

    /// Words of a production genesis were compared at a node's console, which is this one for embedded nodes.
    pub(super) fn confirm_at(
        &self,
        name: &Name,
        genesis: &Genesis,
        adoptions: &[NamedSignature],
    ) -> Result<(), CeremonyError> {
        let test = self.primes.is_test();
        Ok(embedded::confirm(&self.home, name, &self.seal, test, (genesis, adoptions))?)
    }

    /// Has nodes opened in another way from now on.
    #[cfg(feature = "mischief")]
    pub fn connect_with(&mut self, connect: Connect) {
        self.connect = Some(connect);
    }

    fn connect(&self, name: &Name) -> Result<Box<dyn Node>, NodeError> {
        #[cfg(feature = "mischief")]
        if let Some(connect) = &self.connect {
            return connect(&self.home, name, &self.seal, &self.primes);
        }
        Ok(Box::new(EmbeddedNode::open(&self.home, name.clone(), &self.seal, self.primes.clone())?))
    }
}

/// The name of the workspace's log; no server may have it.
pub fn workspace_name() -> Result<Name, CeremonyError> {
    WORKSPACE.parse().map_err(|_| CeremonyError::Damaged("its name".into()))
}

fn not_locked(error: files::FileError) -> CeremonyError {
    match error {
        files::FileError::Io { .. } => CeremonyError::After {
            source: Box::new(error.into()),
            state: "nothing was done".into(),
            hint: "a home is used by whoever may write there: be that user, or name another --home".into(),
        },
        other => other.into(),
    }
}
