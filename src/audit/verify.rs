//! Judging a bundle with public keys only (R49): each log by itself, the logs against each other, and against
//! the genesis, key cards, receipts and requests that they speak of. Time grows with the number of entries.

mod documents;
mod facts;
#[cfg(test)]
mod governed_tests;
mod logs;
#[cfg(test)]
mod property_tests;
mod requests;
mod shares;
#[cfg(test)]
mod stage;
#[cfg(test)]
mod tests;
mod walk;

use std::collections::BTreeMap;

use serde::Serialize;

use self::walk::Walked;
use super::{Head, WORKSPACE, bundle::Bundle};
use crate::{
    digest::Hash,
    genesis::{Chain, Mode},
    ids::{KeyId, Name, Time},
    keyshare::KeyCardBody,
    signing_key::PublicKey,
    wrap::recipient::Recipient,
};

/// Most faults that are told one by one.
const FAULTS_CAP: usize = 200;

/// What sort of tampering, or of disagreement. The names are a promise to programs that read reports.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Kind {
    /// A line that is no entry in canonical form.
    Unreadable,
    /// An entry that differs from what its owner signed.
    Edited,
    /// The chain has this entry, but the signature is not its owner's.
    ForeignSignature,
    /// An entry of another log.
    ForeignLog,
    /// Entries are missing in between.
    Dropped,
    /// An entry stands elsewhere than it was written.
    Reordered,
    /// An entry stands there twice.
    Repeated,
    /// Entries at the end are missing that somebody saw.
    Truncated,
    /// The owner signed two histories.
    Forked,
    /// A log that must be there is not.
    Missing,
    /// A clock went back.
    ClockBack,
    /// Something irreversible without its intent before it.
    NoIntent,
    /// The genesis is not sound, or a log adopted or signed another one.
    Genesis,
    /// A key card is not sound, or not the one that logs speak of.
    KeyCard,
    /// A receipt is not sound, missing, or not for what was deleted.
    Receipt,
    /// A request or approval is not sound, or not the one that logs speak of.
    Request,
    /// Two logs, or a log and a statement, say different things.
    Contradiction,
}

impl Kind {
    fn is_of_the_log(self) -> bool {
        self < Self::ClockBack
    }
}

/// An entry of a log.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Place {
    /// Whose log.
    pub log: Name,
    /// Which entry, from 1.
    pub entry: u64,
}

/// Something that is not as it must be.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Fault {
    /// What sort.
    pub kind: Kind,
    /// The first bad entry, where it is about one.
    #[serde(flatten)]
    pub place: Option<Place>,
    /// The key, where it is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key_id: Option<KeyId>,
    /// The entry of another log that tells.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub witness: Option<Place>,
    /// In words.
    pub what: String,
}

impl Fault {
    fn new(kind: Kind, what: impl Into<String>) -> Self {
        Self { kind, place: None, key_id: None, witness: None, what: what.into() }
    }

    fn at(mut self, log: &Name, entry: u64) -> Self {
        self.place = Some(Place { log: log.clone(), entry });
        self
    }

    fn of_key(mut self, key_id: KeyId) -> Self {
        self.key_id = Some(key_id);
        self
    }

    fn witnessed(mut self, witness: Option<Place>) -> Self {
        self.witness = witness;
        self
    }
}

/// What the auditor has from elsewhere.
#[derive(Clone, Debug, Default)]
pub struct Outside {
    /// Heads that were written down before.
    pub heads: Vec<GivenHead>,
    /// Words, or hex digits, of a version of the genesis.
    pub genesis: Option<String>,
    /// A home without nodes is judged, which has pinned those of another one.
    pub no_nodes: bool,
}

/// A head as its owner said it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GivenHead {
    /// Whose log.
    pub log: Name,
    /// Number of entries.
    pub counter: u64,
    /// Hash of the last one, in words or hex digits.
    pub hash: String,
}

/// One log as it was found.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LogReport {
    /// Whose.
    pub log: Name,
    /// The key of its signatures.
    pub key: PublicKey,
    /// Entries up to the first bad one.
    pub entries: u64,
    /// Hash of the last of them.
    pub head: Hash,
    /// The same in words.
    pub words: String,
    /// The writer's clock at the last of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time: Option<Time>,
    /// Up to which of them somebody else confirms the log.
    pub witnessed: u64,
}

/// The genesis in force.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct GenesisReport {
    /// Its hash.
    pub hash: Hash,
    /// The same in words.
    pub words: String,
    /// Its number.
    pub sequence: u32,
    /// Rehearsal or production.
    pub mode: Mode,
    /// The words that were given are those of a version of this chain.
    pub compared: bool,
}

/// What was found.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// Nothing is wrong.
    pub valid: bool,
    /// The genesis, if there is a sound one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub genesis: Option<GenesisReport>,
    /// The logs.
    pub logs: Vec<LogReport>,
    /// Sound key cards, alias cards, exports and requests.
    pub documents: Documents,
    /// What is wrong; of each log the first bad entry before what follows from it.
    pub faults: Vec<Fault>,
    /// How many more there are.
    pub more_faults: usize,
    /// What nobody could have noticed from this.
    pub unseen: Vec<String>,
}

/// How many there were.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Documents {
    /// Key cards.
    pub key_cards: usize,
    /// Alias cards.
    pub alias_cards: usize,
    /// Exports.
    pub exports: usize,
    /// Their receipts, and those of recoveries.
    pub receipts: usize,
    /// Requests.
    pub requests: usize,
}

/// Everything that was read so far, and what is wrong with it.
struct Audit {
    chain: Option<Chain>,
    /// The keys of all nodes that ever were in the set. None comes back under its name with another one.
    node_keys: BTreeMap<Name, PublicKey>,
    /// The approval keys of everybody who ever was enrolled, each with the recipient of the same card.
    cards: BTreeMap<(Name, Recipient), PublicKey>,
    logs: BTreeMap<Name, Walked>,
    /// Up to where somebody else confirms each log.
    witnessed: BTreeMap<Name, u64>,
    /// Sound key cards by their hashes.
    key_cards: BTreeMap<Hash, KeyCardBody>,
    documents: Documents,
    faults: Vec<Fault>,
    /// How many of each kind there are, also those that are not kept.
    found: BTreeMap<Kind, usize>,
    unseen: Vec<String>,
}

/// Judges a bundle.
pub fn verify(bundle: &Bundle, outside: &Outside) -> Report {
    let mut audit = Audit {
        chain: None,
        node_keys: BTreeMap::new(),
        cards: BTreeMap::new(),
        logs: BTreeMap::new(),
        witnessed: BTreeMap::new(),
        key_cards: BTreeMap::new(),
        documents: Documents::default(),
        faults: Vec::new(),
        found: BTreeMap::new(),
        unseen: Vec::new(),
    };
    let compared = audit.read_genesis(bundle.genesis, outside.genesis.as_deref());
    audit.walk_logs(&bundle.logs, outside.no_nodes);
    audit.check_births();
    audit.check_adoptions();
    audit.check_key_cards(bundle.key_cards, bundle.alias_cards);
    let requests = audit.check_requests(bundle.requests);
    let stated = audit.check_exports(bundle.exports, bundle.receipts, &requests);
    audit.check_operations();
    audit.check_parties(&requests);
    audit.check_witnesses(&[stated, requests.claims()].concat(), outside);
    audit.report(compared)
}

impl Audit {
    /// Keeps as many of each kind as a report has room for, so that a hostile bundle takes no more memory for them.
    fn fault(&mut self, fault: Fault) {
        let found = self.found.entry(fault.kind).or_default();
        *found += 1;
        if *found <= FAULTS_CAP {
            self.faults.push(fault);
        }
    }

    fn all_faults(&mut self, faults: impl IntoIterator<Item = Fault>) {
        faults.into_iter().for_each(|fault| self.fault(fault));
    }

    /// A log whose every entry was found good: what is not in it was never there, or was cut off.
    fn whole(&self, name: &Name) -> Option<&Walked> {
        self.logs.get(name).filter(|log| !log.broken)
    }

    fn workspace(&self) -> Option<&Walked> {
        self.logs.iter().find(|(name, _)| name.as_str() == WORKSPACE).map(|(_, log)| log)
    }

    /// The logs of nodes.
    fn nodes(&self) -> impl Iterator<Item = &Walked> {
        self.logs.values().filter(|log| log.name.as_str() != WORKSPACE)
    }

    fn report(mut self, compared: bool) -> Report {
        self.say_what_is_unseen(compared);
        let logs = self.logs.values().map(|log| {
            let Head { counter, hash } = log.head();
            LogReport {
                log: log.name.clone(),
                key: log.key,
                entries: counter,
                head: hash,
                words: hash.words(),
                time: log.last,
                witnessed: self.witnessed.get(&log.name).copied().unwrap_or_default(),
            }
        });
        let logs = logs.collect();
        let genesis = self.chain.as_ref().map(|chain| GenesisReport {
            hash: chain.current_hash(),
            words: chain.current_hash().words(),
            sequence: chain.current().sequence,
            mode: chain.current().mode,
            compared,
        });
        // The chain comes first: it has the keys. What is wrong with a log by itself or by what others saw of it comes
        // before what follows from that.
        self.faults.sort_by_key(|fault| {
            let chain = fault.kind == Kind::Genesis && fault.place.is_none();
            (!chain, !fault.kind.is_of_the_log())
        });
        self.faults.truncate(FAULTS_CAP);
        let more_faults = self.found.values().sum::<usize>() - self.faults.len();
        Report {
            valid: self.faults.is_empty(),
            genesis,
            logs,
            documents: self.documents,
            faults: self.faults,
            more_faults,
            unseen: self.unseen,
        }
    }

    fn say_what_is_unseen(&mut self, compared: bool) {
        let mut unseen = Vec::new();
        if self.chain.is_some() && !compared {
            unseen.push(
                "whether this is the node set that you mean: compare the words of its genesis (--genesis)"
                    .to_owned(),
            );
        }
        for log in self.logs.values().filter(|log| !log.broken) {
            let (entries, seen) =
                (log.head().counter, self.witnessed.get(&log.name).copied().unwrap_or_default());
            let name = &log.name;
            unseen.push(match entries.saturating_sub(seen) {
                0 => format!("{name}: whether entries after the last one, {entries}, were cut off"),
                1 => format!("{name}: whether entry {entries}, which nobody else saw, was rewritten by its owner, or more cut off"),
                _ => format!(
                    "{name}: whether entries {} to {entries}, which nobody else saw, were rewritten by their owner, or more cut off",
                    seen + 1
                ),
            });
        }
        unseen.push("whether the writers' clocks were right, and what was never written down".to_owned());
        self.unseen.extend(unseen);
    }
}
