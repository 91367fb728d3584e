//! One MPC party: a state machine over its store that answers an untrusted caller and never calls anyone.
//!
//! The caller ([`crate::ceremony`]) relays sealed packets between nodes. What it says is checked by the
//! node against its own genesis, its log and its records; what it does not relay only delays.

mod abandon;
mod begin;
mod cancel;
mod convict;
mod durable;
pub mod embedded;
mod export;
mod exposure;
mod genesis;
mod held;
mod holding;
mod import;
mod keybook;
mod learn;
mod lease;
mod machine;
mod newborn;
mod pool;
mod recover;
mod running;
mod unlock;

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{
    audit::SignedEntry,
    card::NodeCard,
    codec::HexArray,
    curve::Level,
    digest::Hash,
    genesis::{Genesis, Mode, NamedSignature, SignedGenesis},
    ids::{KeyId, Name, OpId, Time},
    keyshare::{DirtyAlias, DirtyKeyCard},
    protocol::{Evidence, session::Packet},
    receipt::Receipt,
    recovery::ExposureNotice,
    request::{NodeHead, OneTimeRecipient, SignedRequest},
    shard::{DirtyRecovery, Grant, Import, Parcel},
    statement::{Holding, Signed, Status},
};

pub use keybook::{KeyEntry, KeyRecord, KeyState, Lock};
pub use machine::Machine;

/// Largest call or reply, in bytes.
pub const MESSAGE_CAP: usize = 64 << 20;

/// A node, wherever it runs.
pub trait Node: Send {
    /// Its name.
    fn name(&self) -> &Name;

    /// Answers one call. Calls to different nodes may run at the same time.
    fn handle(&mut self, call: Call) -> Result<Reply, NodeError>;
}

/// What a caller may ask.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum Call {
    /// Who are you, and where do you stand?
    Hello,
    /// Begin one attempt of an operation. Without a share of its own, a node signs with what a grant brings,
    /// or what an earlier attempt's brought within its lease.
    Begin { request: Box<SignedRequest>, attempt: u16, grant: Option<Grant> },
    /// Packets for a running attempt.
    Relay { op_id: OpId, attempt: u16, packets: Vec<Packet> },
    /// A running attempt is given up, for a reason reported by another node or by the relay.
    Close { op_id: OpId, attempt: u16, reason: String },
    /// The complete card of a key that this node holds as pending.
    Activate { card: Box<DirtyKeyCard> },
    /// Promise never to activate a key that is not active, so that it can be abandoned.
    Renounce { request: Box<SignedRequest> },
    /// Remove a key that never became active, and that all its nodes have renounced.
    Abandon { request: Box<SignedRequest>, renounced: Vec<NamedSignature> },
    /// Sign a next version of the genesis; the first candidate for its sequence binds the node. In production the
    /// people who govern have agreed to it.
    SignGenesis { genesis: Box<Genesis>, adoption: Option<Box<SignedRequest>> },
    /// Take these versions, which follow the node's own chain; a node without one takes the whole chain.
    AdoptGenesis { signed: Vec<SignedGenesis> },
    /// Get to know a key whose index this node holds now, without its share.
    Learn { card: Box<DirtyKeyCard>, alias: Option<Box<DirtyAlias>>, op_id: OpId },
    /// One key.
    Key { key_id: KeyId },
    /// Keys in the order of their ids, after one of them.
    Keys { after: Option<KeyId>, limit: u16 },
    /// Put one safe prime into the pool, unless it holds `wanted` of this level already.
    FillPool { level: u16, wanted: u16 },
    /// The last lines of the audit log.
    Audit { tail: u32 },
    /// Encrypt a share to its custodian. Nothing is deleted.
    Export { request: Box<SignedRequest> },
    /// Delete what an export gave out: its custodian holds it.
    Release { key_id: KeyId, receipt: Box<Receipt> },
    /// Delete what an export gave out without its custodian's receipt: an exception that was approved.
    ReleaseWithoutReceipt { request: Box<SignedRequest> },
    /// Keep a share that its custodian sent.
    Import { request: Box<SignedRequest>, import: Import },
    /// Sign a second id for a key.
    Alias { request: Box<SignedRequest> },
    /// Make a one-time recipient for an attempt of a request.
    Prepare { request: Box<SignedRequest>, attempt: u16 },
    /// Work again with a server that misbehaved.
    Unlock { request: Box<SignedRequest> },
    /// Forget the open share and the one-time identity of an operation.
    Surrender { op_id: OpId, key_id: KeyId },
    /// Seal a share to the device that an approved request names; the key is exposed from then on. A holder that the
    /// request does not name marks the key only.
    Recover { request: Box<SignedRequest>, attempt: u16 },
    /// A key was whole somewhere: do nothing more with it.
    MarkExposed { proof: ExposureProof, card: Box<DirtyKeyCard> },
    /// A server broadcast two different things in one place of a session with this key: work with it no more.
    Convict { card: Box<DirtyKeyCard>, evidence: Box<Evidence> },
    /// Never carry this request out.
    Cancel { request: Box<SignedRequest> },
    /// What is held at all; the account repeats the nonce.
    Status { nonce: HexArray<16> },
}

/// What convinces a node that a key was whole somewhere.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum ExposureProof {
    /// The notice of whoever made it whole.
    Notice(Box<ExposureNotice>),
    /// The request on which others sealed their shares, and the word of one of them that it began: the entry
    /// [`crate::audit::Event::PrivateKeyRecoveryInitiated`] of its log. The request may have ended since.
    Sealed { request: Box<SignedRequest>, entry: Box<SignedEntry> },
}

/// What a node answers.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum Reply {
    /// To [`Call::Hello`].
    Hello(Box<Hello>),
    /// To [`Call::Begin`] and [`Call::Relay`].
    Step(Step),
    /// To [`Call::Key`].
    Key(Option<Box<KeyEntry>>, Option<Box<KeyRecord>>, Resident),
    /// To [`Call::Keys`].
    Keys(Vec<KeyEntry>),
    /// To [`Call::FillPool`]: primes of this level in the pool.
    Pool { have: u16 },
    /// To [`Call::Audit`]: lines as they stand in the log, oldest first.
    Audit(Vec<String>),
    /// To [`Call::Renounce`].
    Renounced(NamedSignature),
    /// To [`Call::Export`], with the time that the wraps say.
    Exported(Box<Parcel>, Time),
    /// To [`Call::Recover`]: the sealed share, and what the log says of the beginning.
    Recovered { sealed: Box<DirtyRecovery>, entry: Box<SignedEntry> },
    /// To [`Call::Release`], [`Call::ReleaseWithoutReceipt`], [`Call::Import`] and [`Call::Surrender`].
    Holding(Box<Signed<Holding>>),
    /// To [`Call::Alias`].
    AliasSigned(NamedSignature),
    /// To [`Call::Prepare`].
    Prepared(Box<OneTimeRecipient>),
    /// To [`Call::Status`].
    Status(Box<Signed<Status>>),
    /// To [`Call::SignGenesis`].
    GenesisSigned(NamedSignature),
    /// To the rest.
    Done,
}

/// What a node holds of a key at the moment.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resident {
    /// Its share.
    pub share: bool,
    /// The aux in use.
    pub aux: bool,
}

/// A node's account of itself.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Hello {
    /// Its card.
    pub card: NodeCard,
    /// The genesis chain it trusts; empty for a node that was made and is in no set yet.
    pub chain: Vec<SignedGenesis>,
    /// The next version that it signed and that it has not seen signed by all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub candidate: Option<Box<Genesis>>,
    /// Rehearsal or production.
    pub mode: Mode,
    /// Made with committed primes.
    pub test: bool,
    /// Where its log stands.
    pub head: NodeHead,
    /// Its clock.
    pub time: Time,
    /// Keys it knows, pending ones among them.
    pub keys: u64,
    /// Safe primes in its pool, by level (256, 384, 521).
    pub pool: Vec<(u16, u16)>,
    /// Attempts that are running.
    pub sessions: u16,
    /// Version of this program.
    pub version: String,
}

/// Packets to relay, and the outcome once there is one.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// For the other nodes.
    pub packets: Vec<Packet>,
    /// The node's part is done.
    pub outcome: Option<Outcome>,
}

/// What an operation gave.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum Outcome {
    /// A key is active; every node answers with the same card.
    Activated(Box<DirtyKeyCard>),
    /// Aux is durable on all holders.
    AuxReady {
        /// Which one.
        aux_id: OpId,
        /// Of the table all holders signed.
        table_hash: Hash,
    },
    /// A signature, verified by the node with a second implementation.
    Signed(SignatureOutput),
}

/// A signature in the forms users ask for.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct SignatureOutput {
    /// DER for ECDSA; 64 or 114 bytes for EdDSA, 64 for BIP-340.
    pub signature: crate::codec::Hex,
    /// ECDSA: r, big-endian, as long as a scalar.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub r: Option<crate::codec::Hex>,
    /// ECDSA: s, likewise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub s: Option<crate::codec::Hex>,
    /// SECP256k1: recovery id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub v: Option<u8>,
}

/// Why a node did not do as asked, in a form that travels.
#[derive(Clone, Debug, thiserror::Error, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct NodeError {
    /// What sort of failure.
    pub kind: FailureKind,
    /// What happened.
    pub message: String,
    /// Who misbehaved, by name.
    pub culprits: Vec<Name>,
    /// False: one of the culprits, it is not known which.
    pub certain: bool,
    /// What convinces others, where there is such a thing.
    pub evidence: Option<Box<Evidence>>,
}

impl fmt::Display for NodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl NodeError {
    /// A failure that blames nobody.
    pub fn new(kind: FailureKind, message: impl ToString) -> Self {
        Self { kind, message: message.to_string(), culprits: Vec::new(), certain: false, evidence: None }
    }
}

/// Sorts failures as the command line's exit codes do.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum FailureKind {
    /// The operator can fix it.
    Fixable,
    /// Policy or quorum says no.
    Denied,
    /// Stored or given data is not what it claims to be.
    Integrity,
    /// The relay or a peer's absence; safe to retry.
    Unreachable,
    /// A peer misbehaved.
    Misbehaved,
    /// A defect of this program.
    Bug,
}

/// The level a number of bits names in calls and tables.
pub fn level_of(bits: u16) -> Option<Level> {
    [Level::Bits256, Level::Bits384, Level::Bits521].into_iter().find(|l| crate::paillier::bits(*l) == bits)
}
