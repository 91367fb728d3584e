//! Logs against the genesis and against each other.

use std::collections::BTreeMap;

use super::{
    Audit, Fault, Kind, Outside, Place,
    facts::Facts,
    requests::Requests,
    walk::{self, Walked},
};
use crate::{
    audit::{Event, SignedEntry, WORKSPACE, bundle::LogLines},
    codec::HexArray,
    digest::Hash,
    ids::{Name, OpId},
    request::{Action, NodeHead, Request},
    signing_key::PublicKey,
};

/// A head that somebody saw.
#[derive(Clone)]
pub(super) struct Claim {
    pub(super) head: NodeHead,
    /// Who, in words.
    pub(super) by: String,
}

/// What all claims say of one log.
#[derive(Default)]
struct Judged {
    confirmed: u64,
    /// The first entry that somebody saw otherwise.
    forked: Option<(u64, Option<Place>, String)>,
    /// The furthest entry that somebody saw and that is not there.
    beyond: Option<(u64, Option<Place>, String)>,
}

impl Audit {
    /// Reads every log with the key that the genesis names, the workspace's with the one that its first entry
    /// publishes.
    pub(super) fn walk_logs(&mut self, logs: &[LogLines], no_nodes: bool) {
        let mut keys = self.node_keys.clone();
        let workspace = logs.iter().find(|log| log.name.as_str() == WORKSPACE);
        if let Some((name, key)) = workspace.and_then(|log| Some((log.name.clone(), published_key(log)?))) {
            keys.insert(name, key);
        }
        for log in logs {
            let Some(key) = keys.get(&log.name) else {
                self.fault(unknown_owner(log));
                continue;
            };
            let others = keys.iter().filter(|(name, _)| **name != log.name);
            let others: Vec<(Name, PublicKey)> = others.map(|(name, key)| (name.clone(), *key)).collect();
            let mut walked = walk::walk(&log.name, *key, log.lines, &others);
            self.all_faults(std::mem::take(&mut walked.faults));
            self.logs.insert(log.name.clone(), walked);
        }
        self.check_missing(logs, no_nodes);
    }

    fn check_missing(&mut self, given: &[LogLines], no_nodes: bool) {
        let there = |name: &str| given.iter().any(|log| log.name.as_str() == name);
        let mut faults = Vec::new();
        if !there(WORKSPACE) {
            faults.push(Fault::new(Kind::Missing, "the workspace's log is missing"));
        }
        let adopted = |log: &Walked| {
            log.facts.first.as_ref().is_some_and(|first| first.detail.contains_key("genesis"))
                || log.facts.genesis.iter().any(|version| version.event == Event::GenesisAdopted)
        };
        if self.chain.is_none() && self.logs.values().any(adopted) {
            faults.push(Fault::new(Kind::Missing, "the genesis, which the logs speak of, is missing"));
        }
        if let Some(chain) = &self.chain {
            let now = |name: &Name| chain.current().node(name).is_some();
            for name in self.node_keys.keys().filter(|name| !there(name.as_str())) {
                if no_nodes {
                    self.unseen.push(format!("{name}: its log is elsewhere"));
                } else if now(name) {
                    let what = format!("the log of {name} is missing (of a home without nodes: --no-nodes)");
                    faults.push(Fault::new(Kind::Missing, what));
                } else {
                    self.unseen.push(format!("{name}, which was replaced: its log is not here"));
                }
            }
        }
        self.all_faults(faults);
    }

    /// Every log begins with the making of its owner, by the card that the genesis has.
    pub(super) fn check_births(&mut self) {
        let mut faults = Vec::new();
        for log in self.logs.values() {
            let Some(first) = &log.facts.first else {
                if !log.broken {
                    faults.push(Fault::new(Kind::Truncated, "the log is empty").at(&log.name, 1));
                }
                continue;
            };
            let card = self.chain.as_ref().and_then(|chain| {
                chain.versions().find_map(|version| version.node(&log.name)).and_then(|card| card.hash().ok())
            });
            let card = card.map(|hash| hash.to_string());
            if first.event != Event::Created {
                let what = "the log does not begin with the making of its owner";
                faults.push(Fault::new(Kind::Contradiction, what).at(&log.name, 1));
            } else if card.as_ref().is_some_and(|card| first.detail.get("card") != Some(card)) {
                let what = "the log begins with another node card than the one in the genesis";
                faults.push(Fault::new(Kind::Genesis, what).at(&log.name, 1));
            }
        }
        self.all_faults(faults);
    }

    /// What one log says of an operation, others say too.
    pub(super) fn check_operations(&mut self) {
        let mut faults = Vec::new();
        let mut requests: BTreeMap<OpId, (Hash, Place)> = BTreeMap::new();
        for log in self.nodes() {
            for (op_id, operation) in &log.facts.operations {
                let Some((hash, at)) = operation.request else { continue };
                let place = Place { log: log.name.clone(), entry: at };
                let (known, witness) = requests.entry(*op_id).or_insert((hash, place));
                if *known != hash {
                    let what =
                        format!("operation {op_id} is for another request in the log of {}", witness.log);
                    let fault = Fault::new(Kind::Contradiction, what).at(&log.name, at);
                    faults.push(fault.witnessed(Some(witness.clone())));
                }
                let Some(workspace) = self.workspace() else { continue };
                let asked = workspace.facts.operations.get(op_id).filter(|asked| asked.named);
                if asked.is_some_and(|_| !workspace.facts.requests.contains(&(*op_id, hash))) {
                    let what =
                        format!("operation {op_id} is for another request than the workspace's log says");
                    faults.push(Fault::new(Kind::Contradiction, what).at(&log.name, at));
                }
            }
        }
        if let Some(workspace) = self.workspace().filter(|log| !log.broken) {
            for node in self.nodes() {
                let asked = node.facts.operations.iter().filter(|(_, operation)| operation.is_asked());
                let unasked = asked.filter(|(op_id, _)| !workspace.facts.operations.contains_key(*op_id));
                faults.extend(unasked.map(|(op_id, operation)| {
                    let what = format!("the workspace's log does not know of operation {op_id}");
                    Fault::new(Kind::Contradiction, what).at(&node.name, operation.first)
                }));
            }
            let outcomes = [Event::KeyActivated, Event::AuxCompleted, Event::SigningCompleted];
            let all = self.nodes().all(|node| !node.broken);
            let done = workspace.facts.operations.iter();
            let done =
                done.filter(|(_, operation)| all && outcomes.iter().any(|event| operation.has(*event)));
            let nowhere = done.filter(|(op_id, _)| {
                self.nodes().all(|node| !node.facts.operations.contains_key(*op_id)) && self.has_every_node()
            });
            faults.extend(nowhere.map(|(op_id, operation)| {
                let what = format!("no node's log knows of operation {op_id}, which the workspace completed");
                Fault::new(Kind::Contradiction, what).at(&workspace.name, operation.first)
            }));
        }
        faults.sort_by(|a, b| a.place_key().cmp(&b.place_key()));
        self.all_faults(faults);
    }

    /// Whoever had a part in what others ended, began it: that stands in a log before the first message leaves its node.
    pub(super) fn check_parties(&mut self, requests: &Requests) {
        const ENDS: [Event; 3] = [Event::KeyActivated, Event::AuxCompleted, Event::SigningCompleted];
        let mut faults = Vec::new();
        for (op_id, request) in requests.all() {
            let ended = self.nodes().find_map(|log| {
                let operation = log.facts.operations.get(op_id)?;
                let ended = ENDS.iter().any(|event| operation.has(*event));
                ended.then(|| Place { log: log.name.clone(), entry: operation.first })
            });
            let Some(witness) = ended else { continue };
            for name in self.parties(request) {
                let Some(log) = self.whole(&name) else { continue };
                let operation = log.facts.operations.get(op_id);
                if !operation.is_some_and(|operation| operation.has(Event::SessionStarted)) {
                    let what =
                        format!("the log does not know of its part in operation {op_id}, which was ended");
                    let fault = Fault::new(Kind::Contradiction, what).at(&name, log.head().counter);
                    faults.push(fault.witnessed(Some(witness.clone())));
                }
            }
        }
        self.all_faults(faults);
    }

    /// The nodes that run rounds on a request.
    pub(super) fn parties(&self, request: &Request) -> Vec<Name> {
        let holders = || {
            let card = request.key_card_hash.and_then(|hash| self.key_cards.get(&hash));
            let then = self.chain.as_ref().and_then(|chain| chain.until(&request.genesis_hash));
            card.zip(then).and_then(|(card, then)| card.holders(&then).ok()).unwrap_or_default()
        };
        let some = |indices: &[u16]| {
            let all = (1u16..).zip(holders());
            all.filter(|(index, _)| indices.contains(index)).map(|(_, name)| name).collect()
        };
        match &request.action {
            Action::Generate(params) => params.roster.clone(),
            Action::Activate(_) => holders(),
            Action::Aux(params) => some(&params.holders),
            Action::Sign(params) => some(&params.signers),
            _ => Vec::new(),
        }
    }

    /// Whether no node that ever was is without its log here.
    fn has_every_node(&self) -> bool {
        self.node_keys.keys().all(|name| self.logs.contains_key(name))
    }

    /// A head that somebody saw lies on the log: otherwise it was cut, or its owner wrote it anew.
    pub(super) fn check_witnesses(&mut self, claims: &[Claim], outside: &Outside) {
        let mut judged: BTreeMap<Name, Judged> = BTreeMap::new();
        let mut faults = Vec::new();
        for log in self.logs.values() {
            let Facts { names, seen, .. } = &log.facts;
            for seen in seen {
                let Some(name) = names.get(seen.of).filter(|name| **name != log.name) else { continue };
                let witness = || Place { log: log.name.clone(), entry: seen.at };
                let by = || format!("entry {} of the log of {}", seen.at, log.name);
                self.judge(&mut judged, name, (seen.counter, |hash| *hash == seen.head), || {
                    (Some(witness()), by())
                });
            }
        }
        for Claim { head, by } in claims {
            self.judge(&mut judged, &head.node, (head.counter, |hash| *hash == head.head), || {
                (None, by.clone())
            });
        }
        for given in &outside.heads {
            if !self.logs.contains_key(&given.log) {
                let what = format!("a head of {} was given, whose log is not here", given.log);
                faults.push(Fault::new(Kind::Missing, what));
            }
            let same = |hash: &Hash| hash.is_said(&given.hash);
            self.judge(&mut judged, &given.log, (given.counter, same), || {
                (None, "the head that was given".into())
            });
        }
        for (name, found) in judged {
            if let Some((entry, witness, by)) = found.forked {
                let what = format!(
                    "entry {entry} is another one than {by} saw: its owner wrote the log anew from there or before, or the witness is wrong"
                );
                faults.push(Fault::new(Kind::Forked, what).at(&name, entry).witnessed(witness));
            }
            if let (Some((counter, witness, by)), Some(log)) = (found.beyond, self.whole(&name)) {
                let end = log.head().counter;
                let what = format!(
                    "the log ends with entry {end}; {by} saw entry {counter}, or the witness is wrong"
                );
                faults.push(Fault::new(Kind::Truncated, what).at(&name, end + 1).witnessed(witness));
            }
            self.witnessed.insert(name, found.confirmed);
        }
        self.all_faults(faults);
    }

    fn judge(
        &self,
        judged: &mut BTreeMap<Name, Judged>,
        name: &Name,
        (counter, is): (u64, impl Fn(&Hash) -> bool),
        by: impl FnOnce() -> (Option<Place>, String),
    ) {
        let Some(log) = self.logs.get(name) else { return };
        if !judged.contains_key(name) {
            judged.insert(name.clone(), Judged::default());
        }
        let Some(found) = judged.get_mut(name) else { return };
        match log.hash(counter) {
            Some(hash) if is(&hash) => found.confirmed = found.confirmed.max(counter),
            Some(_) if found.forked.as_ref().is_none_or(|(first, ..)| counter < *first) => {
                let (witness, by) = by();
                found.forked = Some((counter, witness, by));
            }
            None if found.beyond.as_ref().is_none_or(|(last, ..)| counter > *last) => {
                let (witness, by) = by();
                found.beyond = Some((counter, witness, by));
            }
            _ => {}
        }
    }
}

impl Fault {
    fn place_key(&self) -> Option<(&Name, u64)> {
        self.place.as_ref().map(|place| (&place.log, place.entry))
    }
}

fn published_key(log: &LogLines) -> Option<PublicKey> {
    let mut lines = log.lines;
    let first = SignedEntry::parse(lines.next()?).ok()?.entry;
    HexArray::parse(first.detail.get("key")?).map(PublicKey)
}

fn unknown_owner(log: &LogLines) -> Fault {
    let name = &log.name;
    let kind_and_reason = if name.as_str() != WORKSPACE {
        (Kind::ForeignLog, format!("the genesis knows no node {name}"))
    } else if log.lines.is_empty() {
        (Kind::Truncated, "the log is empty".into())
    } else {
        (Kind::Unreadable, "the log does not begin with an entry that publishes the workspace's key".into())
    };
    Fault::new(kind_and_reason.0, kind_and_reason.1).at(name, 1)
}
