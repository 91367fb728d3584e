//! What the entries of one log say that other logs and documents are held against.

use std::collections::{HashMap, HashSet};

use super::{Fault, Kind};
use crate::{
    audit::{Entry, Event, WORKSPACE},
    codec::HexArray,
    digest::Hash,
    ids::{KeyId, Name, OpId, Time},
};

/// What is irreversible, or says that it happened, and what of the same operation must stand before it in the
/// same log: one of these.
const INTENTS: &[(Event, &[Event])] = &[
    (Event::KeyPending, &[Event::SessionStarted]),
    (Event::KeyActivated, &[Event::SessionStarted, Event::KeyGenerationInitiated]),
    (Event::KeyAbandoned, &[Event::SessionStarted]),
    (Event::AuxCompleted, &[Event::SessionStarted, Event::AuxInitiated]),
    (Event::SigningCompleted, &[Event::SessionStarted, Event::SigningInitiated]),
    (Event::ShareExported, &[Event::ShareExportInitiated]),
    (Event::ShareDeleted, &[Event::ShareDeletionInitiated]),
    (Event::ShareImported, &[Event::ShareImportInitiated]),
    (Event::ShareLeased, &[Event::RecipientPrepared]),
    (Event::LeaseEnded, &[Event::ShareLeased]),
    (Event::PrivateKeyRecoveryCompleted, &[Event::PrivateKeyRecoveryInitiated]),
];

/// A head that an entry names.
pub(super) struct Seen {
    /// Index into [`Facts::names`].
    pub(super) of: usize,
    pub(super) counter: u64,
    pub(super) head: Hash,
    pub(super) at: u64,
}

/// An entry, by its number and its writer's clock.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Moment {
    pub(super) at: u64,
    pub(super) time: Time,
}

/// One operation in one log.
#[derive(Default)]
pub(super) struct Operation {
    /// One bit for each sort of event.
    events: u64,
    /// Its first entry.
    pub(super) first: u64,
    /// An entry names its request.
    pub(super) named: bool,
    /// The request that was carried out, and the first entry of that.
    pub(super) request: Option<(Hash, u64)>,
    /// When that was begun for the first time and for the last.
    pub(super) ran: Option<(Moment, Moment)>,
    /// The last attempt of it, or how often one was used up, whichever is more.
    pub(super) attempts: u64,
    used: u64,
    /// What was carried out, one bit for each sort of event.
    acts: u64,
    /// With which key first, and the first entry that says another one.
    pub(super) key_id: Option<KeyId>,
    pub(super) astray: Option<u64>,
}

/// With these, and the hash of a request, a node begins to carry it out: from then on it takes no other one under the same id.
pub(super) const RUN: [Event; 7] = [
    Event::SessionStarted,
    Event::ShareExportInitiated,
    Event::ShareImportInitiated,
    Event::PrivateKeyRecoveryInitiated,
    Event::LockLifted,
    Event::AliasSigned,
    Event::KeyRenounced,
];

/// Before these an attempt is used up.
const USES: [Event; 5] = [
    Event::SessionStarted,
    Event::ShareExportInitiated,
    Event::ShareImportInitiated,
    Event::PrivateKeyRecoveryInitiated,
    Event::AliasSigned,
];

/// These name requests that are not carried out then. Whoever writes one chooses its id.
const NOT_RUN: [Event; 5] = [
    Event::RequestRefused,
    Event::RequestCancelled,
    Event::RequestMade,
    Event::RequestApproved,
    Event::ShareGranted,
];

impl Operation {
    pub(super) fn has(&self, event: Event) -> bool {
        self.events & bit(event) != 0
    }

    /// Whether the request was carried out with this event.
    pub(super) fn did(&self, event: Event) -> bool {
        self.acts & bit(event) != 0
    }

    fn run(&mut self, entry: &Entry, at: u64) {
        let now = Moment { at, time: entry.time };
        if self.ran.is_some() && self.key_id != entry.key_id {
            self.astray = self.astray.or(Some(at));
        }
        if self.ran.is_none() {
            self.key_id = entry.key_id;
        }
        self.ran = Some((self.ran.map_or(now, |(first, _)| first), now));
        self.acts |= bit(entry.event);
        self.used += u64::from(USES.contains(&entry.event));
        let attempt = entry.detail.get("attempt").and_then(|attempt| attempt.parse().ok());
        self.attempts = self.attempts.max(attempt.unwrap_or_default()).max(self.used);
    }

    /// The node was asked by a workspace.
    pub(super) fn is_asked(&self) -> bool {
        RUN.iter().chain(&[Event::RecipientPrepared]).any(|event| self.has(*event))
    }
}

/// A version of the genesis that an entry names.
pub(super) struct Version {
    pub(super) at: u64,
    pub(super) event: Event,
    pub(super) hash: Option<Hash>,
    pub(super) sequence: Option<u32>,
}

/// A key card that an entry names.
pub(super) struct Card {
    pub(super) at: u64,
    pub(super) event: Event,
    pub(super) key_id: KeyId,
    pub(super) hash: Option<Hash>,
}

/// What happened to a share at its export.
pub(super) struct Share {
    pub(super) at: Moment,
    pub(super) event: Event,
    pub(super) op_id: OpId,
    pub(super) share: Option<Hash>,
    pub(super) aux: Option<Hash>,
    /// In a workspace's log.
    pub(super) server: Option<Name>,
    /// The request on which it was deleted without a receipt.
    pub(super) request: Option<Hash>,
    /// For whom it was encrypted: custodian and recipient.
    pub(super) to: Option<(String, String)>,
}

/// Where the shares of one operation stand in [`Facts::shares`].
#[derive(Default)]
struct SharesOf {
    all: Vec<usize>,
    /// The beginning of the export.
    to: Option<usize>,
    /// The beginning of a deletion without a receipt.
    let_go: Option<usize>,
}

/// A private key that was to be made whole from shards, on the machine of this log.
pub(super) struct Recovery {
    pub(super) at: Moment,
    pub(super) key_id: Option<KeyId>,
    /// Of its key card.
    pub(super) card: Option<Hash>,
    /// Of the request for it.
    pub(super) request: Option<Hash>,
}

/// All of it.
#[derive(Default)]
pub(super) struct Facts {
    pub(super) first: Option<Entry>,
    pub(super) names: Vec<Name>,
    number_of: HashMap<Name, usize>,
    pub(super) seen: Vec<Seen>,
    pub(super) operations: HashMap<OpId, Operation>,
    /// Which requests the log names for which operations.
    pub(super) requests: HashSet<(OpId, Hash)>,
    /// Requests that were given up, and the first entry that says so.
    pub(super) cancelled: HashMap<Hash, u64>,
    pub(super) genesis: Vec<Version>,
    adopted: Vec<(u64, Option<Hash>)>,
    signed: Vec<(u64, Option<Hash>)>,
    pub(super) cards: Vec<Card>,
    pub(super) aliases: HashSet<KeyId>,
    pub(super) shares: Vec<Share>,
    shares_of: HashMap<OpId, SharesOf>,
    pub(super) recoveries: Vec<Recovery>,
    /// Files whose destruction has begun.
    doomed: HashSet<String>,
}

impl Facts {
    /// Takes an entry in.
    pub(super) fn take(&mut self, log: &Name, entry: &Entry, at: u64, faults: &mut Vec<Fault>) {
        if self.first.is_none() {
            self.first = Some(entry.clone());
        }
        for head in &entry.heads {
            let of = self.name(&head.node);
            self.seen.push(Seen { of, counter: head.counter, head: head.head, at });
        }
        if !self.is_intended(entry) {
            let what = format!("{} without the intent that must stand before it", name(entry.event));
            let fault = Fault::new(Kind::NoIntent, what).at(log, at);
            faults.push(match entry.key_id {
                Some(key_id) => fault.of_key(key_id),
                None => fault,
            });
        }
        if let Some(op_id) = entry.op_id {
            let operation = self.operations.entry(op_id).or_default();
            operation.events |= bit(entry.event);
            if operation.first == 0 {
                operation.first = at;
            }
            if let Some(hash) = entry.request_hash.filter(|_| !NOT_RUN.contains(&entry.event)) {
                operation.named = true;
                self.requests.insert((op_id, hash));
                if RUN.contains(&entry.event) {
                    operation.run(entry, at);
                    // An operator may be given two of one id; a node takes one.
                    let (before, _) = *operation.request.get_or_insert((hash, at));
                    if before != hash && log.as_str() != WORKSPACE {
                        let what = format!("operation {op_id} is here for another request than before");
                        faults.push(Fault::new(Kind::Contradiction, what).at(log, at));
                    }
                }
            }
        }
        if is_nameless(log, entry) {
            let what = format!("{} does not name the request for it", name(entry.event));
            faults.push(Fault::new(Kind::Request, what).at(log, at));
        }
        if let (Event::RequestCancelled, Some(hash)) = (entry.event, entry.request_hash) {
            self.cancelled.entry(hash).or_insert(at);
        }
        self.take_particulars(entry, at);
    }

    fn take_particulars(&mut self, entry: &Entry, at: u64) {
        let event = entry.event;
        match event {
            Event::GenesisAdopted | Event::GenesisSigned | Event::GenesisConfirmed => {
                let sequence = entry.detail.get("sequence").and_then(|text| text.parse().ok());
                let hash = hash(entry, "genesis");
                match event {
                    Event::GenesisAdopted => self.adopted.push((at, hash)),
                    Event::GenesisSigned => {
                        // A node that was stopped before it kept the version signs it again; from then on it is bound.
                        self.signed.pop_if(|(_, before)| *before == hash);
                        self.signed.push((at, hash));
                    }
                    _ => {}
                }
                self.genesis.push(Version { at, event, hash, sequence });
            }
            Event::KeyPending | Event::KeyActivated | Event::KeyLearned => {
                if let Some(key_id) = entry.key_id {
                    self.cards.push(Card { at, event, key_id, hash: hash(entry, "card") });
                }
            }
            Event::AliasSigned => {
                self.aliases.extend(entry.detail.get("newKeyId").and_then(|id| id.parse::<KeyId>().ok()));
            }
            Event::ShareExportInitiated
            | Event::ShareExported
            | Event::ShareDeletionInitiated
            | Event::ShareDeleted => {
                if let Some(op_id) = entry.op_id {
                    let server = entry.detail.get("server").and_then(|name| name.parse().ok());
                    let (share, aux) = (hash(entry, "share"), hash(entry, "aux"));
                    let (at, request) = (Moment { at, time: entry.time }, hash(entry, "request"));
                    let to =
                        entry.detail.get("custodian").cloned().zip(entry.detail.get("recipient").cloned());
                    let (of, number) = (self.shares_of.entry(op_id).or_default(), self.shares.len());
                    of.all.push(number);
                    of.to = of.to.or(Some(number).filter(|_| event == Event::ShareExportInitiated));
                    of.let_go = of.let_go.or(Some(number).filter(|_| request.is_some()));
                    self.shares.push(Share { at, event, op_id, share, aux, server, request, to });
                }
            }
            Event::PrivateKeyRecoveryInitiated
                if entry.detail.get("from").is_some_and(|from| from == "shards") =>
            {
                let (at, key_id) = (Moment { at, time: entry.time }, entry.key_id);
                let (card, request) = (hash(entry, "card"), entry.request_hash);
                self.recoveries.push(Recovery { at, key_id, card, request });
            }
            _ => {}
        }
    }

    /// What happened to the shares of one operation.
    pub(super) fn shares_of(&self, op_id: &OpId) -> impl DoubleEndedIterator<Item = &Share> {
        let at = self.shares_of.get(op_id).map(|of| of.all.as_slice()).unwrap_or_default();
        at.iter().filter_map(|at| self.shares.get(*at))
    }

    /// How the export of an operation began.
    pub(super) fn export_of(&self, op_id: &OpId) -> Option<&Share> {
        self.shares.get(self.shares_of.get(op_id)?.to?)
    }

    /// How the deletion of its share without a receipt began.
    pub(super) fn let_go(&self, op_id: &OpId) -> Option<&Share> {
        self.shares.get(self.shares_of.get(op_id)?.let_go?)
    }

    /// The version of the genesis that was in force when an entry was written.
    pub(super) fn in_force(&self, at: u64) -> Option<Hash> {
        last_before(&self.adopted, at)
    }

    /// The version that the node had signed last.
    pub(super) fn signed_before(&self, at: u64) -> Option<Hash> {
        last_before(&self.signed, at)
    }

    fn is_intended(&mut self, entry: &Entry) -> bool {
        match (entry.event, entry.detail.get("file")) {
            (Event::ShareDestructionInitiated, Some(file)) => {
                self.doomed.insert(file.clone());
                return true;
            }
            (Event::ShareDestroyed, file) => return file.is_some_and(|file| self.doomed.remove(file)),
            _ => {}
        }
        let Some((_, intents)) = INTENTS.iter().find(|(outcome, _)| *outcome == entry.event) else {
            return true;
        };
        let before = entry.op_id.and_then(|op_id| self.operations.get(&op_id));
        before.is_some_and(|before| intents.iter().any(|intent| before.has(*intent)))
    }

    fn name(&mut self, name: &Name) -> usize {
        if let Some(number) = self.number_of.get(name) {
            return *number;
        }
        self.names.push(name.clone());
        self.number_of.insert(name.clone(), self.names.len() - 1);
        self.names.len() - 1
    }
}

fn last_before(versions: &[(u64, Option<Hash>)], at: u64) -> Option<Hash> {
    let before = versions.partition_point(|(then, _)| *then < at);
    versions.get(..before)?.last()?.1
}

/// A node that begins to carry a request out says which. Only the certificate of a key's other nodes needs none.
fn is_nameless(log: &Name, entry: &Entry) -> bool {
    let certified = entry.event == Event::SessionStarted
        && entry.detail.get("operation").is_some_and(|operation| operation == "activate");
    log.as_str() != WORKSPACE && RUN.contains(&entry.event) && entry.request_hash.is_none() && !certified
}

fn bit(event: Event) -> u64 {
    1 << (event as u32)
}

/// An event as it stands in logs.
pub(super) fn name(event: Event) -> String {
    let value = serde_json::to_value(event).unwrap_or_default();
    value.as_str().unwrap_or_default().to_owned()
}

fn hash(entry: &Entry, name: &str) -> Option<Hash> {
    entry.detail.get(name).and_then(|text| HexArray::parse(text)).map(Hash)
}
