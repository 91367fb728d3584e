//! Genesis and key cards, and what logs say of them.

use std::collections::{BTreeMap, HashSet};

use super::{Audit, Fault, Kind, facts::Version, walk::Walked};
use crate::{
    audit::{
        Event, WORKSPACE,
        bundle::{AliasRecord, Lines},
    },
    codec::{self, JSON_CAP},
    digest::Hash,
    genesis::{Chain, Mode, SignedGenesis},
    ids::{KeyId, Name},
    keyshare::{DirtyKeyCard, KeyCard},
};

impl Audit {
    /// Checks the chain; whether the words that were given are those of one of its versions.
    pub(super) fn read_genesis(&mut self, lines: Lines, said: Option<&str>) -> bool {
        let mut chain: Option<Chain> = None;
        for (number, line) in lines.enumerate() {
            let read = codec::from_canonical::<SignedGenesis>("the version", line, JSON_CAP);
            let read = read.map_err(|e| e.to_string());
            let added = read.and_then(|signed| {
                match &mut chain {
                    Some(chain) => chain.append(&signed).map_err(|e| e.to_string())?,
                    none => {
                        *none = Some(Chain::check(std::slice::from_ref(&signed)).map_err(|e| e.to_string())?)
                    }
                }
                Ok(())
            });
            if let Err(reason) = added {
                self.fault(Fault::new(Kind::Genesis, format!("version {number} of the genesis: {reason}")));
                break;
            }
        }
        if chain.is_none() && lines.is_empty() {
            self.unseen.push("the node set: there is no genesis here".into());
        }
        let is_said = |said: &str| chain.iter().flat_map(Chain::hashed).any(|(hash, _)| hash.is_said(said));
        let compared = said.is_some_and(is_said);
        if said.is_some() && !compared {
            let what = "the words given are those of no version of this genesis: this is another node set, or an older state of it";
            self.fault(Fault::new(Kind::Genesis, what));
        }
        for version in chain.iter().flat_map(Chain::versions) {
            let nodes = version.nodes.iter().map(|node| (node.name.clone(), node.card.card.signing_key));
            self.node_keys.extend(nodes);
            let people = version.people.iter().map(|person| &person.card.card);
            self.cards.extend(people.map(|card| ((card.name.clone(), card.recipient), card.approval_key)));
        }
        self.chain = chain;
        compared
    }

    /// Every log adopts versions of this chain, in their order; who signed one has it in the log.
    pub(super) fn check_adoptions(&mut self) {
        let Some(chain) = self.chain.clone() else { return };
        let versions: BTreeMap<Hash, u32> =
            chain.hashed().map(|(hash, version)| (*hash, version.sequence)).collect();
        let mut faults = Vec::new();
        for log in self.logs.values() {
            // A workspace that is made with its nodes adopts their genesis then.
            let born = log.facts.first.as_ref().and_then(|first| first.detail.get("genesis"));
            let born = born.and_then(|text| versions.iter().find(|(hash, _)| hash.to_string() == *text));
            let (mut before, mut last) = (None, born.map(|(_, sequence)| *sequence));
            for version in log.facts.genesis.iter().filter(|version| version.event == Event::GenesisAdopted) {
                let known = version.hash.and_then(|hash| versions.get(&hash).copied());
                let fault = |what: &str| Fault::new(Kind::Genesis, what).at(&log.name, version.at);
                match known {
                    None => faults.push(fault("the log adopts a genesis that this chain does not have: another one, or a later one (after a run that was stopped: quorate doctor)")),
                    Some(sequence) if version.sequence.is_some_and(|said| said != sequence) => {
                        faults.push(fault("the log adopts a version of the genesis under another number"));
                    }
                    // A run that was stopped adopts the same one again.
                    Some(sequence) if before.is_some_and(|before| sequence < before) => {
                        faults.push(fault("the log adopts versions of the genesis out of their order"));
                    }
                    Some(sequence) => (before, last) = (Some(sequence), Some(sequence)),
                }
            }
            let current = chain.current().sequence;
            let stays = log.name.as_str() == WORKSPACE || chain.current().node(&log.name).is_some();
            if !log.broken && stays && last != Some(current) {
                if log.name.as_str() == WORKSPACE {
                    let what =
                        format!("the log never adopts version {current} of the genesis, which is in force");
                    faults.push(Fault::new(Kind::Genesis, what).at(&log.name, log.head().counter));
                } else {
                    self.unseen
                        .push(format!("{}: it has not adopted version {current} of the genesis", log.name));
                }
            }
        }
        self.all_faults(faults);
        self.check_genesis_signatures(&chain);
    }

    /// A node logs a candidate before it signs it, and signs one per sequence.
    fn check_genesis_signatures(&mut self, chain: &Chain) {
        let mut faults = Vec::new();
        for log in self.nodes() {
            let mut signed: BTreeMap<u32, Hash> = BTreeMap::new();
            for version in log.facts.genesis.iter().filter(|version| version.event == Event::GenesisSigned) {
                let (Some(sequence), Some(hash)) = (version.sequence, version.hash) else { continue };
                if *signed.entry(sequence).or_insert(hash) != hash {
                    let what = format!("the node signed two versions {sequence} of the genesis");
                    faults.push(Fault::new(Kind::Genesis, what).at(&log.name, version.at));
                }
            }
            let first = chain.hashed().next().filter(|(_, first)| first.mode == Mode::Production);
            if let Some((hash, _)) = first.filter(|(_, first)| first.node(&log.name).is_some()) {
                let is = |v: &Version| v.event == Event::GenesisConfirmed && v.hash == Some(*hash);
                if !log.broken && !log.facts.genesis.iter().any(is) {
                    let what = "nobody confirmed the words of the genesis at this node's console";
                    faults.push(Fault::new(Kind::Genesis, what).at(&log.name, log.head().counter));
                }
            }
            let later = chain.hashed().skip(1).filter(|(_, version)| version.node(&log.name).is_some());
            for (hash, version) in later {
                if !log.broken && signed.get(&version.sequence) != Some(hash) {
                    let what = format!(
                        "version {} of the genesis has this node's signature; its log does not",
                        version.sequence
                    );
                    faults.push(Fault::new(Kind::Genesis, what).at(&log.name, log.head().counter));
                }
            }
        }
        self.all_faults(faults);
    }

    /// Key cards are sound, every key that was activated has the card that its nodes logged, and every card was
    /// logged by its nodes.
    pub(super) fn check_key_cards(&mut self, cards: Lines, aliases: Lines) {
        let Some(chain) = self.chain.clone() else {
            if !cards.is_empty() {
                self.fault(Fault::new(
                    Kind::KeyCard,
                    "there are key cards, and no genesis that they stand under",
                ));
            }
            return;
        };
        let mut known: BTreeMap<KeyId, Hash> = BTreeMap::new();
        let mut sound: Vec<KeyCard> = Vec::new();
        for line in cards {
            match read_card(line, &chain) {
                Ok(card) if known.insert(card.body().key_id, card.hash()).is_some() => {
                    self.fault(Fault::new(Kind::KeyCard, "two cards of one key").of_key(card.body().key_id));
                }
                Ok(card) => sound.push(card),
                Err(reason) => self.fault(Fault::new(Kind::KeyCard, format!("a key card: {reason}"))),
            }
        }
        self.check_cards_logged(&sound);
        self.documents.key_cards = sound.len();
        self.key_cards = sound.into_iter().map(|card| (card.hash(), card.body().clone())).collect();
        for line in aliases {
            match self.check_alias(line, &chain) {
                Ok((new_id, hash)) => {
                    known.insert(new_id, hash);
                    self.documents.alias_cards += 1;
                }
                Err(reason) => self.fault(Fault::new(Kind::KeyCard, format!("an alias card: {reason}"))),
            }
        }
        self.check_logged_cards(&known);
    }

    fn check_cards_logged(&mut self, cards: &[KeyCard]) {
        let made = |log: &Walked| -> HashSet<(KeyId, Hash)> {
            let made = log.facts.cards.iter().filter(|seen| seen.event != Event::KeyLearned);
            made.filter_map(|seen| Some((seen.key_id, seen.hash?))).collect()
        };
        let logs: BTreeMap<&Name, _> =
            self.nodes().filter(|log| !log.broken).map(|log| (&log.name, (made(log), log.head()))).collect();
        let mut faults = Vec::new();
        for card in cards {
            let key_id = card.body().key_id;
            let logs = card.body().roster.iter().filter_map(|name| Some((name, logs.get(name)?)));
            for (name, (_, head)) in logs.filter(|(_, (made, _))| !made.contains(&(key_id, card.hash()))) {
                let what =
                    format!("the log does not know of the card of key {key_id}, which its owner signed");
                faults.push(Fault::new(Kind::KeyCard, what).at(name, head.counter).of_key(key_id));
            }
        }
        self.all_faults(faults);
    }

    /// What logs say of keys that became active, against the inventory.
    fn check_logged_cards(&mut self, known: &BTreeMap<KeyId, Hash>) {
        let mut faults = Vec::new();
        for log in self.logs.values() {
            for seen in log.facts.cards.iter().filter(|seen| seen.event != Event::KeyPending) {
                let what = match known.get(&seen.key_id) {
                    Some(hash) if seen.hash == Some(*hash) => continue,
                    Some(_) => "the log has another card of this key than the inventory",
                    None => {
                        "the key was activated, and the inventory does not have its card (after a run that was stopped: quorate key resume)"
                    }
                };
                faults.push(Fault::new(Kind::KeyCard, what).at(&log.name, seen.at).of_key(seen.key_id));
            }
        }
        self.all_faults(faults);
    }

    fn check_alias(&self, line: &[u8], chain: &Chain) -> Result<(KeyId, Hash), String> {
        let record: AliasRecord =
            codec::from_canonical("the alias", line, JSON_CAP).map_err(|e| e.to_string())?;
        if record.version != 1 {
            return Err(format!("it has version {}; this program reads version 1", record.version));
        }
        let card = record.key_card.check(chain).map_err(|e| e.to_string())?;
        record.alias_card.check(chain, &card).map_err(|e| e.to_string())?;
        let new_id = record.alias_card.alias.new_key_id;
        for signed in &record.alias_card.signatures {
            if self.whole(&signed.name).is_some_and(|log| !log.facts.aliases.contains(&new_id)) {
                return Err(format!("{} signed the id {new_id}; its log does not know of it", signed.name));
            }
        }
        Ok((new_id, card.hash()))
    }
}

fn read_card(line: &[u8], chain: &Chain) -> Result<KeyCard, String> {
    let card: DirtyKeyCard =
        codec::from_canonical("the key card", line, JSON_CAP).map_err(|e| e.to_string())?;
    let key_id = card.card.key_id;
    card.check(chain).map_err(|e| format!("{key_id}: {e}"))
}
