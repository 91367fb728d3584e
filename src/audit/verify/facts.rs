//! What the entries of one log say that other logs and documents are held against.

use std::collections::{HashMap, HashSet};

use super::{Fault, Kind};
use crate::{
    audit::{Entry, Event},
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
    /// The request, and the entry that names it.
    pub(super) request: Option<(Hash, u64)>,
    /// When it was begun on a request for the first time and for the last.
    pub(super) asked: Option<(Moment, Moment)>,
}

/// With these a node begins what a workspace asked for.
const ASKED: [Event; 8] = [
    Event::SessionStarted,
    Event::ShareExportInitiated,
    Event::ShareImportInitiated,
    Event::RecipientPrepared,
    Event::PrivateKeyRecoveryInitiated,
    Event::LockLifted,
    Event::AliasSigned,
    Event::KeyRenounced,
];

impl Operation {
    pub(super) fn has(&self, event: Event) -> bool {
        self.events & bit(event) != 0
    }

    /// The node was asked by a workspace.
    pub(super) fn is_asked(&self) -> bool {
        self.asked.is_some()
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
}

/// A private key that was to be made whole from shards, on the machine of this log.
pub(super) struct Recovery {
    pub(super) at: Moment,
    pub(super) op_id: Option<OpId>,
    pub(super) key_id: Option<KeyId>,
}

/// All of it.
#[derive(Default)]
pub(super) struct Facts {
    pub(super) first: Option<Entry>,
    pub(super) names: Vec<Name>,
    pub(super) seen: Vec<Seen>,
    pub(super) operations: HashMap<OpId, Operation>,
    pub(super) genesis: Vec<Version>,
    pub(super) cards: Vec<Card>,
    pub(super) aliases: HashSet<KeyId>,
    pub(super) shares: Vec<Share>,
    /// Of each operation, where its shares stand in [`Facts::shares`].
    shares_of: HashMap<OpId, Vec<usize>>,
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
            if ASKED.contains(&entry.event) {
                let now = Moment { at, time: entry.time };
                operation.asked = Some((operation.asked.map_or(now, |(first, _)| first), now));
            }
            match (operation.request, entry.request_hash) {
                (None, Some(hash)) => operation.request = Some((hash, at)),
                (Some((before, _)), Some(hash)) if before != hash => {
                    let what = format!("operation {op_id} is here for another request than before");
                    faults.push(Fault::new(Kind::Contradiction, what).at(log, at));
                }
                _ => {}
            }
        }
        self.take_particulars(entry, at);
    }

    fn take_particulars(&mut self, entry: &Entry, at: u64) {
        let event = entry.event;
        match event {
            Event::GenesisAdopted | Event::GenesisSigned | Event::GenesisConfirmed => {
                let sequence = entry.detail.get("sequence").and_then(|text| text.parse().ok());
                self.genesis.push(Version { at, event, hash: hash(entry, "genesis"), sequence });
            }
            Event::KeyPending | Event::KeyActivated | Event::KeyLearned => {
                if let Some(key_id) = entry.key_id {
                    self.cards.push(Card { at, event, key_id, hash: hash(entry, "card") });
                }
            }
            Event::AliasSigned => {
                self.aliases.extend(entry.detail.get("newKeyId").and_then(|id| id.parse::<KeyId>().ok()));
            }
            Event::ShareExported | Event::ShareDeletionInitiated | Event::ShareDeleted => {
                if let Some(op_id) = entry.op_id {
                    let server = entry.detail.get("server").and_then(|name| name.parse().ok());
                    let (share, aux) = (hash(entry, "share"), hash(entry, "aux"));
                    let (at, request) = (Moment { at, time: entry.time }, hash(entry, "request"));
                    self.shares_of.entry(op_id).or_default().push(self.shares.len());
                    self.shares.push(Share { at, event, op_id, share, aux, server, request });
                }
            }
            Event::PrivateKeyRecoveryInitiated
                if entry.detail.get("from").is_some_and(|from| from == "shards") =>
            {
                let (op_id, key_id) = (entry.op_id, entry.key_id);
                self.recoveries.push(Recovery { at: Moment { at, time: entry.time }, op_id, key_id });
            }
            _ => {}
        }
    }

    /// What happened to the shares of one operation.
    pub(super) fn shares_of(&self, op_id: &OpId) -> impl DoubleEndedIterator<Item = &Share> {
        let at = self.shares_of.get(op_id).map(Vec::as_slice).unwrap_or_default();
        at.iter().filter_map(|at| self.shares.get(*at))
    }

    /// The version of the genesis that was in force when an entry was written.
    pub(super) fn in_force(&self, at: u64) -> Option<Hash> {
        let before = self.genesis.partition_point(|version| version.at < at);
        let mut before = self.genesis.get(..before)?.iter().rev();
        before.find(|version| version.event == Event::GenesisAdopted)?.hash
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
        self.names.iter().position(|known| known == name).unwrap_or_else(|| {
            self.names.push(name.clone());
            self.names.len() - 1
        })
    }
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
