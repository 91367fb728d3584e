//! The growth of the genesis chain on a node: it signs one candidate per sequence, so that a chain never
//! forks, and adopts what all have signed, so that it never goes back.

use super::{FailureKind, Machine, NodeError, Reply};
use crate::{
    audit::{Event, Note},
    codec::{self, JSON_CAP},
    genesis::{Chain, Genesis, SignedGenesis},
    request::SignedRequest,
    store::{Batch, NodeStore, Table},
};

const CANDIDATE: &[u8] = b"candidate";

impl Machine {
    /// Signs a next version that follows this node's chain and needs its signature: it holds the node's card, or
    /// lets it go from a set of two. In a rehearsal nobody else is asked; in production the version in force governs.
    pub(super) fn sign_genesis(
        &mut self,
        next: &Genesis,
        adoption: Option<SignedRequest>,
    ) -> Result<Reply, NodeError> {
        let judged = self.judge_next(next, adoption);
        let refusal = Note::new(Event::RequestRefused).with("operation", "signGenesis");
        if self.logged(refusal, judged)? {
            self.note(note(Event::GenesisSigned, next)?)?;
            keep_candidate(&self.store, next)?;
        }
        self.check_durable()?;
        Ok(Reply::GenesisSigned(next.sign(self.name.clone(), self.secrets.signing())?))
    }

    /// Whether a version is one that this node may sign and has not signed yet.
    fn judge_next(&self, next: &Genesis, adoption: Option<SignedRequest>) -> Result<bool, NodeError> {
        self.chain.check_next(next)?;
        if let Some(adoption) = &adoption {
            let proposal = Some(Box::new(next.clone()));
            self.judge(SignedRequest { proposal, ..adoption.clone() })?;
        }
        self.chain.check_adopted(next, adoption.as_ref())?;
        if !self.chain.signers(next).any(|entry| entry.card == self.card) {
            return Err(self.not_own());
        }
        check_candidate(&self.store, next)
    }

    /// Takes versions that follow its own; those it has already must be the same. Sessions bind the version
    /// in force, so none may run. A refusal is logged.
    pub(super) fn adopt_genesis(&mut self, signed: Vec<SignedGenesis>) -> Result<Reply, NodeError> {
        let judged = self.judge_versions(signed);
        let refusal = Note::new(Event::RequestRefused).with("operation", "adoptGenesis");
        if let Some((chain, missing)) = self.logged(refusal, judged)? {
            self.take_versions(chain, missing)?;
        }
        Ok(Reply::Done)
    }

    /// The chain with what is new in it, if anything is.
    fn judge_versions(
        &mut self,
        signed: Vec<SignedGenesis>,
    ) -> Result<Option<(Chain, Vec<SignedGenesis>)>, NodeError> {
        let mut chain = self.chain.clone();
        let mut missing = Vec::new();
        for version in signed {
            if chain.version(&version.genesis.hash()?).is_none() {
                chain.append(&version)?;
                missing.push(version);
            }
        }
        if missing.is_empty() {
            return Ok(None);
        }
        self.check_own(chain.current())?;
        self.drop_expired()?;
        if !self.sessions.is_empty() || !self.leases.is_empty() {
            let message = format!("{} runs operations under the genesis in force", self.name);
            return Err(NodeError::new(FailureKind::Unreachable, message));
        }
        Ok(Some((chain, missing)))
    }

    /// The log's line comes first; the store remembers it with the versions.
    fn take_versions(&mut self, chain: Chain, missing: Vec<SignedGenesis>) -> Result<(), NodeError> {
        let now = self.now();
        self.log.append(note(Event::GenesisAdopted, chain.current())?, now, self.secrets.signing())?;
        let mut batch = Batch::new();
        self.log.remember(&mut batch);
        put_versions(&mut batch, &missing)?;
        let sequence = chain.current().sequence;
        if candidate(&self.store)?.is_some_and(|candidate| candidate.sequence <= sequence) {
            forget_candidate(&mut batch);
        }
        self.store.write(batch)?;
        self.chain = chain;
        self.signed_chain.extend(missing);
        Ok(())
    }

    fn check_own(&self, genesis: &Genesis) -> Result<(), NodeError> {
        if genesis.node(&self.name) == Some(&self.card) {
            return Ok(());
        }
        Err(self.not_own())
    }

    fn not_own(&self) -> NodeError {
        let message = format!("the genesis does not hold the card of {}", self.name);
        NodeError::new(FailureKind::Integrity, message)
    }
}

/// The next version that a node signed, until it is adopted.
pub(super) fn candidate(store: &NodeStore) -> Result<Option<Genesis>, NodeError> {
    let bytes = store.get(Table::Node, CANDIDATE)?;
    Ok(bytes.map(|bytes| codec::from_json("genesis", &bytes, JSON_CAP)).transpose()?)
}

/// Whether `next` is new to this node. Another one of the same sequence or a later one is refused for good.
pub(super) fn check_candidate(store: &NodeStore, next: &Genesis) -> Result<bool, NodeError> {
    match candidate(store)? {
        Some(signed) if signed == *next => Ok(false),
        Some(signed) if signed.sequence >= next.sequence => {
            let message = format!(
                "this node signed another genesis version {} ({}) and signs no second one",
                signed.sequence,
                signed.hash()?
            );
            Err(NodeError::new(FailureKind::Denied, message))
        }
        _ => Ok(true),
    }
}

/// Remembers what is about to be signed.
pub(super) fn keep_candidate(store: &NodeStore, next: &Genesis) -> Result<(), NodeError> {
    Ok(store.put(Table::Node, CANDIDATE, codec::canonical("genesis", next)?)?)
}

/// Drops the candidate with a batch that adopts it, or another version in its place.
pub(super) fn forget_candidate(batch: &mut Batch) {
    batch.remove(Table::Node, CANDIDATE);
}

/// Puts versions into a batch, by sequence.
pub(super) fn put_versions(batch: &mut Batch, signed: &[SignedGenesis]) -> Result<(), NodeError> {
    for version in signed {
        let key = version.genesis.sequence.to_be_bytes();
        batch.put(Table::Genesis, &key, codec::canonical("genesis", version)?);
    }
    Ok(())
}

/// A log entry about a version.
pub(super) fn note(event: Event, genesis: &Genesis) -> Result<Note, NodeError> {
    Ok(Note::new(event)
        .with("genesis", genesis.hash()?)
        .with("sequence", genesis.sequence)
        .with("mode", genesis.mode.name()))
}
