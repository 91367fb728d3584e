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
//! ```

use std::{
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, OnceLock, PoisonError},
    time::Duration,
};

use rand_core::OsRng;
use serde::{Deserialize, Serialize};

pub use super::pinned::{PinnedNode, unexpected};
use super::{
    CeremonyError, authority::Authority, catch_up, exports::Exports, inventory::Inventory, journal::Journal,
};
use crate::{
    audit::{Event, Note, WORKSPACE},
    codec::{self, HexArray, JSON_CAP},
    digest::Hash,
    genesis::{Chain, Genesis, GenesisError, Mode, NamedSignature, SignedGenesis},
    ids::{Name, Time},
    node::{
        Node, NodeError,
        embedded::{self, EmbeddedNode},
    },
    paillier::PrimeSource,
    request::{Action, NodeHead, Request, SignedRequest},
    secret::{Secret, SecretBytes},
    signing_key::SigningKey,
    store::{Batch, BlobKind, HomeLock, NodeStore, SealKey, Table, files, log::AuditLog},
};

/// How long a run waits for another one to finish.
const LOCK_WAIT: Duration = Duration::from_secs(10);

/// Attempts a request allows.
const MAX_ATTEMPTS: u16 = 3;

/// How far clocks may differ between operator and nodes, in seconds.
const CLOCK_SKEW: i64 = 300;

const SIGNING_KEY: &[u8] = b"signing-key";

/// What `home.json` holds.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct HomeFile {
    /// Format version, 1.
    pub version: u32,
    /// Made with committed test primes.
    pub test: bool,
    /// The servers it was made with, in the order of `init`; empty in a home without nodes.
    pub servers: Vec<Name>,
    /// When it was made.
    pub created_at: Time,
    /// Its nodes await a production genesis, or have one.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub production: bool,
}

impl HomeFile {
    /// Reads the file of a home and refuses one of the other kind (TEST or not).
    pub fn read(home: &Path, primes: &PrimeSource) -> Result<Self, CeremonyError> {
        let path = home.join("home.json");
        let bytes = match files::read_capped(&path, JSON_CAP as u64) {
            Err(files::FileError::NotFound(_)) => {
                return Err(CeremonyError::NoWorkspace(home.display().to_string()));
            }
            other => other?,
        };
        let file = Self::parse(&bytes)?;
        if file.test == primes.is_test() {
            Ok(file)
        } else {
            Err(CeremonyError::TestMark { home: file.test })
        }
    }

    /// Reads the file's content, in canonical form only. A newer version is told apart from damage.
    pub fn parse(bytes: &[u8]) -> Result<Self, CeremonyError> {
        #[derive(Deserialize)]
        struct Version {
            version: u32,
        }
        let damaged = |e: codec::CodecError| CeremonyError::Damaged(e.to_string());
        let Version { version } = codec::from_json("home.json", bytes, JSON_CAP).map_err(damaged)?;
        if version != 1 {
            return Err(CeremonyError::Newer { found: version });
        }
        codec::from_canonical("home.json", bytes, JSON_CAP).map_err(damaged)
    }
}

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
        Ok(Self {
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
        })
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

    fn append_note(&self, note: Note) -> Result<(), CeremonyError> {
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
        Ok(embedded::create_one(&self.home, name, &self.seal, self.primes.is_test())?)
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

    /// A rehearsal request by the operator, which names where the nodes' logs stand, or stood when they were
    /// last asked: a node that was put back to an older copy refuses it (R39). It names where this workspace's
    /// log stands, too.
    pub fn request(
        &self,
        action: Action,
        key_card_hash: Option<Hash>,
        nodes: &[PinnedNode],
    ) -> Result<SignedRequest, CeremonyError> {
        self.request_for(action, key_card_hash, nodes, None)
    }

    /// The same, valid until then instead of as long as the policy allows.
    pub fn request_for(
        &self,
        action: Action,
        key_card_hash: Option<Hash>,
        nodes: &[PinnedNode],
        until: Option<Time>,
    ) -> Result<SignedRequest, CeremonyError> {
        if let Some(given) = self.authority.given_for(&action, key_card_hash) {
            return Ok(given.clone());
        }
        let chain = self.chain()?;
        let policy = &chain.current().policy;
        let not_before = Time::now().plus_seconds(-CLOCK_SKEW);
        let end = not_before.plus_seconds(policy.validity_seconds.into());
        let mut node_heads = Vec::new();
        for node in nodes {
            node_heads.push(self.witness(&node.hello.head)?);
        }
        // The nodes write it into their logs: what is cut off this one later, they have seen.
        let own = self.log().head();
        node_heads.push(NodeHead { node: workspace_name()?, counter: own.counter, head: own.hash });
        let request = Request {
            version: 1,
            genesis_hash: chain.current_hash(),
            policy_hash: policy.hash()?,
            key_card_hash,
            requester: self.authority.requester(chain.current().mode, &action)?,
            action,
            op_id: HexArray::random(&mut OsRng),
            max_attempts: MAX_ATTEMPTS,
            not_before,
            expiry: until.map_or(end, |until| until.min(end)),
            node_heads,
        };
        self.authority.sign(request, chain.current().mode)
    }

    /// Which attempt of a request is next: counted here, so that one that was given is not begun where it ended.
    pub(super) fn next_attempt(&self, request: &SignedRequest) -> Result<u16, CeremonyError> {
        let key = format!("attempts/{}", request.request.op_id);
        let before = self.store.get(Table::Log, key.as_bytes())?;
        let before =
            before.and_then(|bytes| <[u8; 2]>::try_from(bytes.as_slice()).ok()).map(u16::from_be_bytes);
        let next = before.unwrap_or_default().saturating_add(1);
        self.store.put(Table::Log, key.as_bytes(), next.to_be_bytes().to_vec())?;
        Ok(next)
    }

    /// Remembers where a node's log stands; returns the furthest that is known of it.
    fn witness(&self, head: &NodeHead) -> Result<NodeHead, CeremonyError> {
        let key = format!("witness/{}", head.node);
        let before = self.store.get(Table::Log, key.as_bytes())?;
        let before = before.map(|bytes| codec::from_json::<NodeHead>("log head", &bytes, JSON_CAP));
        match before.transpose()? {
            Some(before) if before.counter >= head.counter => Ok(before),
            _ => {
                self.store.put(Table::Log, key.as_bytes(), codec::canonical("log head", head)?)?;
                Ok(head.clone())
            }
        }
    }

    /// A log entry about a request.
    pub fn note_of(event: Event, request: &SignedRequest) -> Result<Note, CeremonyError> {
        let body = &request.request;
        let mut note = Note::new(event).with("operation", body.action.operation());
        note.op_id = Some(body.op_id);
        note.request_hash = Some(body.hash()?);
        note.key_id = body.action.key_id();
        note.heads = body.node_heads.iter().filter(|h| h.node.as_str() != WORKSPACE).cloned().collect();
        Ok(note)
    }
}

/// The name of the workspace's log; no server may have it.
pub fn workspace_name() -> Result<Name, CeremonyError> {
    WORKSPACE.parse().map_err(|_| CeremonyError::Damaged("its name".into()))
}

/// A chain that was checked, with the form in which it travels.
pub(super) struct Pinned {
    chain: Chain,
    pub(super) signed: Vec<SignedGenesis>,
    servers: Vec<Name>,
}

impl Pinned {
    fn check(signed: Vec<SignedGenesis>) -> Result<Self, GenesisError> {
        let chain = Chain::check(&signed)?;
        let servers = chain.current().nodes.iter().map(|node| node.name.clone()).collect();
        Ok(Self { chain, signed, servers })
    }

    fn write(&self, home: &Path) -> Result<(), CeremonyError> {
        Ok(files::replace(&home.join("genesis.json"), &codec::canonical("genesis", &self.signed)?)?)
    }
}

fn adopted(chain: &Chain) -> Result<Note, CeremonyError> {
    let genesis = chain.current();
    Ok(Note::new(Event::GenesisAdopted)
        .with("genesis", chain.current_hash())
        .with("sequence", genesis.sequence)
        .with("mode", genesis.mode.name()))
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

/// The pinned chain. `home.json` names the servers of its first version; which ones there are now, the chain
/// alone tells, so that nothing else has to follow when a node is replaced.
pub(super) fn read_chain(home: &Path, file: &HomeFile) -> Result<Option<Pinned>, CeremonyError> {
    let path = home.join("genesis.json");
    let bytes = match files::read_capped(&path, 16 * JSON_CAP as u64) {
        Err(files::FileError::NotFound(_)) if file.servers.is_empty() || file.production => return Ok(None),
        Err(files::FileError::NotFound(_)) => {
            return Err(CeremonyError::Damaged(format!("{} is missing", path.display())));
        }
        other => other?,
    };
    let signed: Vec<SignedGenesis> = codec::from_canonical("genesis.json", &bytes, 16 * JSON_CAP)
        .map_err(|e| CeremonyError::Damaged(e.to_string()))?;
    let damaged = |e: &dyn std::fmt::Display| CeremonyError::Damaged(format!("{}: {e}", path.display()));
    let pinned = Pinned::check(signed).map_err(|e| damaged(&e))?;
    let first: Vec<&Name> =
        pinned.chain.versions().take(1).flat_map(|v| &v.nodes).map(|node| &node.name).collect();
    // A home without nodes may have pinned those of another one.
    let mode = if file.production { Mode::Production } else { Mode::Rehearsal };
    if !file.servers.is_empty() && pinned.chain.current().mode != mode {
        return Err(damaged(&"home.json was made for another mode"));
    }
    let same = file.servers.is_empty()
        || first.len() == file.servers.len() && file.servers.iter().all(|name| first.contains(&name));
    if same { Ok(Some(pinned)) } else { Err(damaged(&"home.json names other servers")) }
}
