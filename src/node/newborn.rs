//! A node that has an identity but no genesis yet: made by `init` or to replace another one. It signs one
//! candidate and takes the chain; nothing else.

use std::path::Path;

use rand_core::OsRng;

use super::{Call, FailureKind, Hello, NodeError, Reply, genesis};
use crate::{
    audit::{Event, Note},
    card::{NodeCard, NodeSecrets},
    codec::{self, JSON_CAP},
    genesis::{Chain, Genesis, Mode, NamedSignature, SignedGenesis},
    ids::{Name, Time},
    request::NodeHead,
    secret::SecretBytes,
    store::{self, Batch, BlobKind, NodeStore, SealKey, StoreError, Table, log::AuditLog},
};

const LOG_FILE: &str = "audit.jsonl";
const CARD: &[u8] = b"card";
const TEST_MARK: &[u8] = b"test";
const CONFIRMED: &[u8] = b"confirmed";
const MODE: &[u8] = b"mode";

/// What a node's directory holds, checked, whether or not the node has a genesis.
pub(super) struct Opened {
    pub(super) store: NodeStore,
    pub(super) secrets: NodeSecrets,
    pub(super) card: NodeCard,
    pub(super) log: AuditLog,
    /// What a node that is in no set yet was made for.
    mode: Mode,
}

impl Opened {
    /// Opens a directory; `test` must be how the node was made.
    pub(super) fn open(dir: &Path, name: &Name, seal: &SealKey, test: bool) -> Result<Self, NodeError> {
        let damaged = |what: &str| {
            NodeError::new(FailureKind::Integrity, format!("the store of {name} is damaged: {what}"))
        };
        let store = NodeStore::open(dir, seal)?;
        let card = store.get(Table::Node, CARD)?.ok_or_else(|| damaged("its card is missing"))?;
        let card: NodeCard = codec::from_json("node card", &card, JSON_CAP)?;
        card.check().map_err(|e| damaged(&e.to_string()))?;
        if card.card.name != *name {
            return Err(damaged("its card is another node's"));
        }
        if (store.get(Table::Node, TEST_MARK)?.as_deref() != Some(&[0])) != test {
            let message =
                format!("{name} carries the TEST mark, or was made without it; this program refuses it");
            return Err(NodeError::new(FailureKind::Denied, message));
        }
        let secrets =
            store.open_blob(BlobKind::Node, CARD)?.ok_or_else(|| damaged("its keys are missing"))?;
        let secrets =
            NodeSecrets::from_bytes(secrets.expose()).ok_or_else(|| damaged("its keys are cut off"))?;
        if secrets.signing().public() != card.card.signing_key {
            return Err(damaged("its keys are not those of its card"));
        }
        let log = AuditLog::open(&dir.join(LOG_FILE), name.clone(), &card.card.signing_key)?;
        log.check_remembered(&store)?;
        let mode = match store.get(Table::Node, MODE)? {
            Some(mode) => codec::from_json("mode", &mode, JSON_CAP)?,
            None => Mode::Rehearsal,
        };
        Ok(Self { store, secrets, card, log, mode })
    }

    /// Whether the node is in no set yet. One that knows keys and has lost its genesis is damaged, not new.
    pub(super) fn is_newborn(&self) -> Result<bool, NodeError> {
        let mut records = 0;
        for table in [Table::Genesis, Table::Keys, Table::KeyRecords] {
            records += self.store.count(table)?;
        }
        Ok(records == 0)
    }
}

/// A node without a genesis.
pub(super) struct Newborn {
    secrets: NodeSecrets,
    card: NodeCard,
    store: NodeStore,
    log: AuditLog,
    test: bool,
    mode: Mode,
}

impl Newborn {
    /// Makes a node's directory, keys and card. It will only ever join a set of this mode.
    pub(super) fn create(
        dir: &Path,
        name: Name,
        seal: &SealKey,
        test: bool,
        mode: Mode,
    ) -> Result<Self, NodeError> {
        let mut store = NodeStore::create(dir, seal)?;
        let secrets = NodeSecrets::random(&mut OsRng);
        let card = secrets.card(name.clone(), Time::now())?;
        let mut log = AuditLog::open(&dir.join(LOG_FILE), name, &secrets.signing().public())?;
        let note = Note::new(Event::Created).with("card", card.hash()?);
        let note = if test { note.with("mark", "TEST") } else { note };
        log.append(note, Time::now(), secrets.signing())?;
        let mut batch = Batch::new();
        log.remember(&mut batch);
        batch.put(Table::Node, CARD, codec::canonical("node card", &card)?);
        batch.put(Table::Node, TEST_MARK, vec![u8::from(test)]);
        batch.put(Table::Node, MODE, codec::canonical("mode", &mode)?);
        let bytes = SecretBytes::new(secrets.to_bytes().expose().to_vec());
        store.put_blob(BlobKind::Node, CARD, &bytes, batch)?;
        Ok(Self { secrets, card, store, log, test, mode })
    }

    /// The node in a directory that is in no set yet.
    pub(super) fn of(opened: Opened, test: bool) -> Self {
        let Opened { store, secrets, card, log, mode } = opened;
        Self { secrets, card, store, log, test, mode }
    }

    /// Its card.
    pub(super) fn card(&self) -> &NodeCard {
        &self.card
    }

    /// A person at this node's own console has compared the words of a production version that holds its card (R22).
    /// The first version of a chain must have the signature of everybody in it by then. No caller of the node can do
    /// this for them.
    pub(super) fn confirm(
        &mut self,
        candidate: &Genesis,
        adoptions: &[NamedSignature],
    ) -> Result<(), NodeError> {
        candidate.check()?;
        self.check_own(candidate)?;
        self.check_mode(candidate)?;
        if candidate.sequence == 0 {
            candidate.check_adopters(adoptions)?;
        }
        genesis::check_candidate(&self.store, candidate)?;
        let hash = candidate.hash()?;
        if self.store.get(Table::Node, CONFIRMED)?.as_deref() == Some(hash.as_bytes()) {
            return Ok(());
        }
        let note = genesis::note(Event::GenesisConfirmed, candidate)?;
        self.log.append_remembered(note, Time::now(), self.secrets.signing(), &mut self.store)?;
        Ok(self.store.put(Table::Node, CONFIRMED, hash.as_bytes().to_vec())?)
    }

    /// A node that was made for production never joins a rehearsal, nor the other way round.
    fn check_mode(&self, genesis: &Genesis) -> Result<(), NodeError> {
        if genesis.mode == self.mode {
            return Ok(());
        }
        let (name, own, given) = (&self.card.card.name, self.mode.name(), genesis.mode.name());
        let message = format!("{name} was made for {own}, and that genesis is for {given}");
        Err(NodeError::new(FailureKind::Denied, message))
    }

    /// In production nothing is signed or taken that was not confirmed here.
    fn check_confirmed(&self, genesis: &Genesis) -> Result<(), NodeError> {
        self.check_mode(genesis)?;
        let hash = genesis.hash()?;
        let confirmed = self.store.get(Table::Node, CONFIRMED)?;
        if genesis.mode == Mode::Rehearsal || confirmed.as_deref() == Some(hash.as_bytes()) {
            return Ok(());
        }
        let name = &self.card.card.name;
        let message =
            format!("nobody has confirmed that genesis at {name}'s own console: quorate node confirm");
        Err(NodeError::new(FailureKind::Denied, message))
    }

    /// Answers what a node without a genesis can.
    pub(super) fn handle(&mut self, call: Call) -> Result<Reply, NodeError> {
        match call {
            Call::Hello => self.hello(),
            Call::SignGenesis { genesis, .. } => Ok(Reply::GenesisSigned(self.sign(&genesis)?)),
            Call::AdoptGenesis { signed } => self.adopt(&signed).map(|()| Reply::Done),
            _ => {
                let message = format!("{} is in no node set yet", self.card.card.name);
                Err(NodeError::new(FailureKind::Fixable, message))
            }
        }
    }

    /// Its signature over the genesis that is made with it: there is nothing to fork from.
    pub(super) fn sign_first(&self, genesis: &Genesis) -> Result<NamedSignature, NodeError> {
        Ok(genesis.sign(self.card.card.name.clone(), self.secrets.signing())?)
    }

    /// Its signature over a version that holds its card; it has no chain yet to judge it by. What it keeps of it must
    /// be small enough to be read back.
    fn sign(&mut self, candidate: &Genesis) -> Result<NamedSignature, NodeError> {
        candidate.check()?;
        self.check_own(candidate)?;
        self.check_confirmed(candidate)?;
        if genesis::check_candidate(&self.store, candidate)? {
            let note = genesis::note(Event::GenesisSigned, candidate)?;
            let signing = self.secrets.signing();
            self.log.append_remembered(note, Time::now(), signing, &mut self.store)?;
            genesis::keep_candidate(&self.store, candidate)?;
        }
        if store::poisoned() {
            return Err(StoreError::Poisoned.into());
        }
        Ok(candidate.sign(self.card.card.name.clone(), self.secrets.signing())?)
    }

    /// Takes the chain whose last version all its nodes signed, this one among them.
    pub(super) fn adopt(&mut self, signed: &[SignedGenesis]) -> Result<(), NodeError> {
        let chain = Chain::check(signed)?;
        self.check_own(chain.current())?;
        self.check_confirmed(chain.current())?;
        let note = genesis::note(Event::GenesisAdopted, chain.current())?;
        self.log.append(note, Time::now(), self.secrets.signing())?;
        let mut batch = Batch::new();
        self.log.remember(&mut batch);
        genesis::put_versions(&mut batch, signed)?;
        genesis::forget_candidate(&mut batch);
        Ok(self.store.write(batch)?)
    }

    fn check_own(&self, genesis: &Genesis) -> Result<(), NodeError> {
        if genesis.node(&self.card.card.name) == Some(&self.card) {
            return Ok(());
        }
        Err(NodeError::new(FailureKind::Integrity, "the genesis does not hold this node's card"))
    }

    fn hello(&self) -> Result<Reply, NodeError> {
        let head = self.log.head();
        Ok(Reply::Hello(Box::new(Hello {
            card: self.card.clone(),
            chain: Vec::new(),
            candidate: genesis::candidate(&self.store)?.map(Box::new),
            mode: self.mode,
            test: self.test,
            head: NodeHead { node: self.card.card.name.clone(), counter: head.counter, head: head.hash },
            time: Time::now(),
            keys: 0,
            pool: Vec::new(),
            sessions: 0,
            version: env!("CARGO_PKG_VERSION").to_owned(),
        })))
    }
}
