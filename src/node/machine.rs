//! A node's state machine: its identity, store and log, and the calls that end at once. Operations that
//! take several rounds are in [`super::running`].

use std::{collections::BTreeMap, path::Path, sync::Arc};

use super::{
    Call, FailureKind, Hello, NodeError, Reply, Resident, genesis, keybook, keybook::BookError, lease::Lease,
    newborn::Opened, running::Running,
};
use crate::{
    audit::{Event, Note},
    card::{NodeCard, NodeSecrets},
    codec::{self, CodecError, JSON_CAP},
    genesis::{Chain, GenesisError, SignedGenesis},
    ids::{KeyId, Name, OpId, Time},
    keyshare::{KeyCardBody, KeyShareError},
    paillier::{AuxError, PrimeSource},
    protocol::{Fault, session::Packet},
    request::{
        Action, Approved, NodeHead, Request, RequestError, SignedRequest, check_also, check_form,
        check_requester,
    },
    store::{
        self, Batch, BlobKind, NodeStore, SealKey, StoreError, Table,
        log::{AuditLog, LogError},
    },
};

/// Attempts that may run on a node at the same time.
const SESSIONS_CAP: usize = 64;

/// Most log lines answered in one call.
const TAIL_CAP: usize = 500;

/// Most keys answered in one page.
const PAGE_CAP: u16 = 512;

/// One node over its store.
pub struct Machine {
    pub(super) name: Name,
    pub(super) secrets: Arc<NodeSecrets>,
    pub(super) card: NodeCard,
    pub(super) chain: Chain,
    pub(super) store: NodeStore,
    pub(super) primes: PrimeSource,
    pub(super) sessions: BTreeMap<(OpId, u16), Running>,
    pub(super) leases: BTreeMap<OpId, Lease>,
    pub(super) signed_chain: Vec<SignedGenesis>,
    pub(super) log: AuditLog,
    clock: Box<dyn Fn() -> Time + Send>,
    #[cfg(feature = "mischief")]
    pub(super) mischief: Option<Box<dyn FnMut() -> crate::protocol::session::Mischief + Send>>,
}

impl Machine {
    /// Opens a node. `primes` must be of the kind the node was made with.
    pub fn open(dir: &Path, name: Name, seal: &SealKey, primes: PrimeSource) -> Result<Self, NodeError> {
        let opened = Opened::open(dir, &name, seal, primes.is_test())?;
        Self::of(opened, name, primes)
    }

    /// The node in an opened directory.
    pub(super) fn of(opened: Opened, name: Name, primes: PrimeSource) -> Result<Self, NodeError> {
        let Opened { store, secrets, card, log, .. } = opened;
        let mut signed_chain = Vec::new();
        for (_, bytes) in store.page(Table::Genesis, None, usize::MAX)? {
            signed_chain.push(codec::from_json::<SignedGenesis>("genesis", &bytes, JSON_CAP)?);
        }
        let chain = Chain::check(&signed_chain)?;
        let mut machine = Self {
            name,
            secrets: Arc::new(secrets),
            card,
            chain,
            store,
            primes,
            sessions: BTreeMap::new(),
            leases: BTreeMap::new(),
            signed_chain,
            log,
            clock: Box::new(Time::now),
            #[cfg(feature = "mischief")]
            mischief: None,
        };
        if !store::poisoned() {
            machine.finish_cancelled()?;
            machine.purge_one_time()?;
        }
        Ok(machine)
    }

    /// Makes this node faulty in every session it takes part in from now on.
    #[cfg(feature = "mischief")]
    pub fn misbehave(&mut self, make: impl FnMut() -> crate::protocol::session::Mischief + Send + 'static) {
        self.mischief = Some(Box::new(make));
    }

    /// What a faulty node signs other things with.
    #[cfg(feature = "mischief")]
    pub fn secrets(&self) -> Arc<NodeSecrets> {
        self.secrets.clone()
    }

    /// Gives this node another clock.
    #[cfg(feature = "mischief")]
    pub fn set_clock(&mut self, clock: impl Fn() -> Time + Send + 'static) {
        self.clock = Box::new(clock);
    }

    /// Answers one call.
    pub fn handle(&mut self, call: Call) -> Result<Reply, NodeError> {
        self.expire_leases()?;
        match call {
            Call::Hello => self.hello(),
            Call::Begin { request, attempt, grant } => self.begin(*request, attempt, grant).map(Reply::Step),
            Call::Relay { op_id, attempt, packets } => self.relay(op_id, attempt, packets),
            Call::Close { op_id, attempt, reason } => self.close(op_id, attempt, &reason),
            Call::Activate { card } => self.activate(*card),
            Call::Renounce { request } => self.renounce(*request),
            Call::Abandon { request, renounced } => self.abandon(*request, &renounced),
            Call::SignGenesis { genesis, adoption } => self.sign_genesis(&genesis, adoption.map(|it| *it)),
            Call::AdoptGenesis { signed } => self.adopt_genesis(signed),
            Call::Learn { card, alias, op_id } => self.learn(*card, alias.map(|alias| *alias), op_id),
            Call::Key { key_id } => self.key(&key_id),
            Call::Keys { after, limit } => {
                let limit = limit.min(PAGE_CAP).into();
                Ok(Reply::Keys(keybook::entries(&self.store, after.as_ref(), limit)?))
            }
            Call::Export { request } => self.export(*request),
            Call::Release { key_id, receipt } => self.release(&key_id, &receipt),
            Call::ReleaseWithoutReceipt { request } => self.release_without_receipt(*request),
            Call::Import { request, import } => self.import(*request, *import),
            Call::Unlock { request } => self.unlock(*request),
            Call::Alias { request } => self.alias(*request),
            Call::Prepare { request, attempt } => self.prepare(*request, attempt),
            Call::Surrender { op_id, key_id } => self.surrender(op_id, &key_id),
            Call::Recover { request, attempt } => self.recover(*request, attempt),
            Call::MarkExposed { proof, card } => self.mark_exposed(&proof, *card),
            Call::Convict { card, evidence } => self.convict(*card, &evidence),
            Call::Cancel { request } => self.cancel(&request),
            Call::Status { nonce } => self.status(nonce),
            Call::FillPool { level, wanted } => self.fill_pool(level, wanted),
            Call::Audit { tail } => {
                let lines = self.log.tail(usize::try_from(tail).unwrap_or(usize::MAX).min(TAIL_CAP))?;
                Ok(Reply::Audit(
                    lines.into_iter().map(|line| String::from_utf8_lossy(&line).into_owned()).collect(),
                ))
            }
        }
    }

    /// This node's clock.
    pub(super) fn now(&self) -> Time {
        (self.clock)()
    }

    /// Writes one log entry, durably, and remembers in the store where the log stands then, so that
    /// neither can be put back alone.
    pub(super) fn note(&mut self, note: Note) -> Result<(), NodeError> {
        let now = self.now();
        self.log.append_remembered(note, now, self.secrets.signing(), &mut self.store)?;
        Ok(())
    }

    /// Refuses to sign anything that claims durability after a flush has failed.
    pub(super) fn check_durable(&self) -> Result<(), NodeError> {
        if store::poisoned() { Err(StoreError::Poisoned.into()) } else { Ok(()) }
    }

    /// Judges a request by genesis, policy, clock and this node's log. A refusal is logged.
    pub(super) fn approve(&mut self, signed: SignedRequest) -> Result<Approved<Request>, NodeError> {
        let action = &signed.request.action;
        let note = self.note_of(Event::RequestRefused, signed.request.op_id, action);
        let result = self.judge(signed);
        self.logged(note, result)
    }

    /// Writes down that something was refused, if it was.
    pub(super) fn logged<T>(&mut self, refusal: Note, result: Result<T, NodeError>) -> Result<T, NodeError> {
        if let Err(error) = &result {
            self.note(refusal.with("reason", error.message.chars().take(500).collect::<String>()))?;
        }
        result
    }

    pub(super) fn judge(&self, signed: SignedRequest) -> Result<Approved<Request>, NodeError> {
        let now = self.now();
        self.log.check_clock(now)?;
        if !matches!(signed.request.action, Action::Govern(_))
            && let Some(next) = genesis::candidate(&self.store)?
        {
            check_also(&signed, &self.chain, &next)?;
        }
        let approved = Approved::check(signed, &self.chain, now)?;
        self.check_not_cancelled(&approved.hash())?;
        self.check_heads(approved.get())?;
        Ok(approved)
    }

    /// Judges a request that nobody has approved yet by everything else: form, clock, requester, log.
    pub(super) fn judge_asked(&self, signed: &SignedRequest) -> Result<(), NodeError> {
        let now = self.now();
        self.log.check_clock(now)?;
        check_form(&signed.request, &self.chain, now)?;
        check_requester(signed, self.chain.current())?;
        self.check_not_cancelled(&signed.request.hash()?)?;
        self.check_heads(&signed.request)
    }

    /// Whoever asks says where this node's log stood, so that one which was put back to an old copy notices it (R39).
    /// A next genesis may be asked for while a node cannot be reached.
    fn check_heads(&self, request: &Request) -> Result<(), NodeError> {
        let own = request.node_heads.iter().find(|head| head.node == self.name);
        let optional = matches!(request.action, Action::Govern(_));
        let message = match own {
            // Every log has an entry before its node is in a set.
            Some(NodeHead { counter: 0, .. }) => {
                let message = format!("the request names no entry of the log of {}", self.name);
                return Err(NodeError::new(FailureKind::Denied, message));
            }
            Some(head) if self.log.contains(head.counter, &head.head)? => return Ok(()),
            None if optional => return Ok(()),
            Some(head) => format!(
                "the log of {} lacks entry {} that the request names: this node was restored from an old copy",
                self.name, head.counter
            ),
            None => {
                let message = format!("the request does not say where the log of {} stood", self.name);
                return Err(NodeError::new(FailureKind::Denied, message));
            }
        };
        Err(NodeError::new(FailureKind::Integrity, message))
    }

    /// A log entry about an operation.
    pub(super) fn note_of(&self, event: Event, op_id: OpId, action: &Action) -> Note {
        let mut note = Note::new(event).with("operation", action.operation());
        (note.op_id, note.key_id) = (Some(op_id), action.key_id());
        note
    }

    /// A log entry about an operation that is carried out, with the request for it.
    pub(super) fn note_on(&self, event: Event, request: &Approved<Request>) -> Note {
        let mut note = self.note_of(event, request.get().op_id, &request.get().action);
        note.request_hash = Some(request.hash());
        note
    }

    /// Where the other logs stood when a request was made.
    pub(super) fn witnessed(&self, request: &Request) -> Vec<NodeHead> {
        request.node_heads.iter().filter(|head| head.node != self.name).cloned().collect()
    }

    /// Records an attempt durably before its first round (R39), and where the log stood then.
    pub(super) fn consume(&mut self, request: &Approved<Request>, attempt: u16) -> Result<(), NodeError> {
        let batch = self.consumption(request, attempt)?;
        Ok(self.store.write(batch)?)
    }

    /// The same with the first attempt that is left, for an operation without rounds.
    pub(super) fn consume_next(&mut self, request: &Approved<Request>) -> Result<(), NodeError> {
        let Request { op_id, max_attempts, .. } = *request.get();
        self.check_unbound(request)?;
        for attempt in 1..=max_attempts {
            if !self.is_used(op_id, attempt)? {
                return self.consume(request, attempt);
            }
        }
        let message = format!("all {max_attempts} attempts of operation {op_id} were used");
        Err(NodeError::new(FailureKind::Denied, message))
    }

    /// Whether an attempt was used.
    pub(super) fn is_used(&self, op_id: OpId, attempt: u16) -> Result<bool, NodeError> {
        Ok(self.store.get(Table::Consumed, &attempt_key(op_id, attempt))?.is_some())
    }

    /// The records that make an attempt used.
    pub(super) fn consumption(&self, request: &Approved<Request>, attempt: u16) -> Result<Batch, NodeError> {
        let op_id = request.get().op_id;
        let denied = |message: String| Err(NodeError::new(FailureKind::Denied, message));
        if attempt == 0 || attempt > request.get().max_attempts {
            return denied(format!("attempt {attempt} of {op_id} exceeds what its request allows"));
        }
        self.check_unbound(request)?;
        if self.is_used(op_id, attempt)? {
            return denied(format!("attempt {attempt} of operation {op_id} was used before"));
        }
        let mut batch = Batch::new();
        batch.put(Table::Operations, &op_id.0, request.hash().as_bytes().to_vec());
        let key = attempt_key(op_id, attempt);
        batch.put(Table::Consumed, &key, request.hash().as_bytes().to_vec());
        Ok(batch)
    }

    /// Whether something is left of an operation, and it is this request's.
    fn check_unbound(&self, request: &Approved<Request>) -> Result<(), NodeError> {
        let op_id = request.get().op_id;
        let denied = |message: String| Err(NodeError::new(FailureKind::Denied, message));
        if self.store.get(Table::Consumed, &done_key(&op_id))?.is_some() {
            return denied(format!("operation {op_id} was carried out"));
        }
        let bound = self.store.get(Table::Operations, &op_id.0)?;
        if bound.as_ref().is_some_and(|hash| hash.as_slice() != request.hash().as_bytes()) {
            return denied(format!("operation id {op_id} was used for another request"));
        }
        Ok(())
    }

    /// Where the log stands.
    pub(super) fn head(&self) -> crate::audit::Head {
        self.log.head()
    }

    fn hello(&self) -> Result<Reply, NodeError> {
        Ok(Reply::Hello(Box::new(Hello {
            card: self.card.clone(),
            chain: self.signed_chain.clone(),
            candidate: genesis::candidate(&self.store)?.map(Box::new),
            mode: self.chain.current().mode,
            test: self.primes.is_test(),
            head: self.log_head(),
            time: self.now(),
            keys: self.store.count(Table::Keys)?,
            pool: self.pool_sizes()?,
            sessions: count(self.sessions.len()),
            version: env!("CARGO_PKG_VERSION").to_owned(),
        })))
    }

    fn key(&self, key_id: &KeyId) -> Result<Reply, NodeError> {
        let entry = keybook::entry(&self.store, key_id)?;
        let record = match &entry {
            Some(entry) => keybook::record(&self.store, &entry.card().group_public_key)?,
            None => None,
        };
        let resident = match &entry {
            Some(entry) => Resident {
                share: self
                    .store
                    .has_blob(BlobKind::Share, &keybook::share_blob(key_id, entry.card().epoch))?,
                aux: match &entry.aux_id {
                    Some(aux_id) => self.store.has_blob(BlobKind::Aux, &keybook::aux_blob(key_id, aux_id))?,
                    None => false,
                },
            },
            None => Resident::default(),
        };
        Ok(Reply::Key(entry.map(Box::new), record.map(Box::new), resident))
    }

    fn relay(&mut self, op_id: OpId, attempt: u16, packets: Vec<Packet>) -> Result<Reply, NodeError> {
        let Some(running) = self.sessions.remove(&(op_id, attempt)) else {
            let message = format!("{} does not run attempt {attempt} of operation {op_id}", self.name);
            return Err(NodeError::new(FailureKind::Unreachable, message));
        };
        self.deliver(running, op_id, attempt, packets).map(Reply::Step)
    }

    fn close(&mut self, op_id: OpId, attempt: u16, reason: &str) -> Result<Reply, NodeError> {
        if let Some(running) = self.sessions.remove(&(op_id, attempt)) {
            let reason: String = reason.chars().filter(|c| !c.is_control()).take(500).collect();
            self.note(running.note(Event::SessionAborted).with("reason", reason))?;
        }
        Ok(Reply::Done)
    }

    /// The promise of a node that had no part in a key says nothing about it: who came later holds an index of a
    /// key that was complete before.
    pub(super) fn check_own_promise(&self, card: &KeyCardBody) -> Result<(), NodeError> {
        if card.roster.contains(&self.name) { self.check_not_renounced(&card.key_id) } else { Ok(()) }
    }

    /// A node keeps its promise never to activate a key.
    pub(super) fn check_not_renounced(&self, key_id: &KeyId) -> Result<(), NodeError> {
        if self.store.get(Table::Renounced, key_id.as_bytes())?.is_none() {
            return Ok(());
        }
        let message = format!(
            "{} renounced key {key_id} so that it could be abandoned; run: quorate key abandon --key {key_id}",
            self.name
        );
        Err(NodeError::new(FailureKind::Denied, message))
    }

    /// Drops attempts whose requests expired; refuses one more than there is room for, and a second one on
    /// the same key unless both only sign.
    pub(super) fn check_room(&mut self, action: &Action) -> Result<(), NodeError> {
        self.drop_expired()?;
        if self.sessions.len() >= SESSIONS_CAP {
            let message = format!("{} runs too many operations", self.name);
            return Err(NodeError::new(FailureKind::Unreachable, message));
        }
        match action.key_id() {
            Some(key_id) => self.check_idle(&key_id, matches!(action, Action::Sign(_))),
            None => Ok(()),
        }
    }

    /// Drops attempts whose requests expired.
    pub(super) fn drop_expired(&mut self) -> Result<(), NodeError> {
        let now = self.now();
        self.end_sessions(|_, running| now >= running.expiry(), "the request expired")
    }

    pub(super) fn check_idle(&self, key_id: &KeyId, signs: bool) -> Result<(), NodeError> {
        let clashes = |running: &Running| {
            let (other, other_signs) = running.key();
            other == Some(*key_id) && !(signs && other_signs)
        };
        if self.sessions.values().any(clashes) {
            let message = format!("{} runs another operation on key {key_id}", self.name);
            return Err(NodeError::new(FailureKind::Unreachable, message));
        }
        Ok(())
    }
}

/// Marks an operation of which no attempt is left, whatever its request allows.
pub(super) fn done_key(op_id: &OpId) -> Vec<u8> {
    [b"done".as_slice(), &op_id.0].concat()
}

fn attempt_key(op_id: OpId, attempt: u16) -> Vec<u8> {
    [op_id.0.as_slice(), &attempt.to_be_bytes()].concat()
}

pub(super) fn count(n: usize) -> u16 {
    u16::try_from(n).unwrap_or(u16::MAX)
}

macro_rules! failures {
    ($($error:ty: $kind:expr),* $(,)?) => {$(
        impl From<$error> for NodeError {
            fn from(error: $error) -> Self {
                let kind: fn(&$error) -> FailureKind = $kind;
                Self::new(kind(&error), error)
            }
        }
    )*};
}

failures! {
    StoreError: store_kind,
    BookError: |e| match e {
        BookError::Store(e) => store_kind(e),
        BookError::Codec(_) => FailureKind::Integrity,
        BookError::Ids | BookError::TooLong(_) => FailureKind::Fixable,
    },
    LogError: |e| match e {
        LogError::Clock { .. } | LogError::TooLong { .. } => FailureKind::Fixable,
        LogError::Damaged { .. } | LogError::Apart { .. } | LogError::Audit(_) => FailureKind::Integrity,
        LogError::Store(e) => store_kind(e),
    },
    CodecError: |_| FailureKind::Integrity,
    GenesisError: |_| FailureKind::Integrity,
    KeyShareError: |_| FailureKind::Integrity,
    AuxError: |e| match e {
        AuxError::Prime(_) => FailureKind::Bug,
        _ => FailureKind::Integrity,
    },
    RequestError: |e| match e {
        RequestError::Codec(_) | RequestError::Version(_) => FailureKind::Integrity,
        RequestError::Key(_) | RequestError::Server(_) | RequestError::NoLossTolerance
        | RequestError::Message | RequestError::Path | RequestError::Indices
        | RequestError::Twice(_) | RequestError::NoCustodian(_) | RequestError::Reason => FailureKind::Fixable,
        RequestError::Custodian(..) | RequestError::Owner(_) | RequestError::Proposal => FailureKind::Integrity,
        _ => FailureKind::Denied,
    },
}

fn store_kind(error: &StoreError) -> FailureKind {
    match error {
        StoreError::WrongSeal | StoreError::Damaged { .. } | StoreError::BlobExists(_) => {
            FailureKind::Integrity
        }
        _ => FailureKind::Fixable,
    }
}

impl From<Fault> for NodeError {
    fn from(fault: Fault) -> Self {
        let kind = match fault {
            Fault::Disturbed { .. } => FailureKind::Unreachable,
            Fault::Misbehaviour { .. } => FailureKind::Misbehaved,
            Fault::Local { .. } => FailureKind::Bug,
        };
        Self::new(kind, fault)
    }
}
