//! Party state machines without I/O or clock: what nodes say to each other, round by round.
//!
//! The libraries leave sessions to their caller. Here a [`session::Session`] gives a protocol pairwise
//! Noise channels over an untrusted relay, a session id with fresh randomness of every party, signed
//! broadcasts with an echo after each round, and single-shot parties: a [`Party`] is consumed by each step.
#![doc = include_str!("protocol/format.md")]

pub mod activate;
pub mod auxgen;
pub mod channel;
pub mod dkg;
mod driver;
pub mod ecdsa;
pub mod frost;
mod link;
mod range_proofs;
pub mod session;

use std::collections::BTreeMap;

use rand_core::CryptoRngCore;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::{
    codec::{CodecError, HexArray},
    curve::CurveError,
    digest::Hash,
    genesis::Chain,
    ids::Name,
    keyshare::{KeyCard, KeyCardBody, KeyShareError},
    signing_key::{PublicKey, Signature},
};

/// Why a protocol ended without a result, sorted by who is at fault.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error, Serialize, Deserialize)]
pub enum Fault {
    /// The relay could have caused it: nobody is blamed, a fresh session may work.
    #[error("the session was disturbed: {reason}")]
    Disturbed { reason: String },
    /// Only a party could have caused it, and this party verified so itself.
    #[error("{reason}")]
    Misbehaviour {
        /// Their indices.
        culprits: Vec<u16>,
        /// False: one of the culprits, and the library cannot tell which.
        certain: bool,
        /// What they did.
        reason: String,
        /// What convinces a third party, where there is such a thing.
        evidence: Option<Box<Evidence>>,
    },
    /// This party cannot go on: its own data or program is at fault.
    #[error("this node could not go on: {reason}")]
    Local { reason: String },
}

impl Fault {
    /// Blames one party.
    pub fn by(culprit: u16, reason: impl Into<String>) -> Self {
        Self::Misbehaviour { culprits: vec![culprit], certain: true, reason: reason.into(), evidence: None }
    }

    /// Blames nobody.
    pub fn disturbed(reason: impl Into<String>) -> Self {
        Self::Disturbed { reason: reason.into() }
    }

    /// Blames this node.
    pub fn local(reason: impl ToString) -> Self {
        Self::Local { reason: reason.to_string() }
    }

    /// Who misbehaved, as far as it is known.
    pub fn culprits(&self) -> &[u16] {
        match self {
            Self::Misbehaviour { culprits, .. } => culprits,
            Self::Disturbed { .. } | Self::Local { .. } => &[],
        }
    }
}

impl From<CodecError> for Fault {
    fn from(error: CodecError) -> Self {
        Self::local(error)
    }
}

impl From<KeyShareError> for Fault {
    fn from(error: KeyShareError) -> Self {
        Self::local(error)
    }
}

impl From<CurveError> for Fault {
    fn from(error: CurveError) -> Self {
        Self::local(error)
    }
}

impl From<channel::ChannelError> for Fault {
    fn from(error: channel::ChannelError) -> Self {
        Self::disturbed(error.to_string())
    }
}

/// What a session id is the hash of: it shows to whoever was not in the session which key it was about.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Opening {
    /// What was agreed on before.
    pub terms: session::Terms,
    /// Of each pair, the hash of its handshake.
    pub handshakes: Vec<((u16, u16), Hash)>,
    /// Each party's randomness.
    pub nonces: Vec<(u16, HexArray<32>)>,
}

impl Opening {
    /// The session id.
    pub fn session_id(&self) -> Result<Hash, CodecError> {
        Hash::of("session", &(Hash::of("session-terms", &self.terms)?, &self.handshakes, &self.nonces))
    }

    /// Whether it is one that a session with this key has, held by these; so nothing in it is larger than it has to be.
    fn is_of(&self, card: &KeyCardBody, holders: &[Name]) -> bool {
        let Self { terms, handshakes, nonces } = self;
        let all = &terms.participants;
        let pairs = all.iter().enumerate().flat_map(|(at, a)| all.iter().skip(at + 1).map(|b| (*a, *b)));
        terms.version == session::PROTOCOL_VERSION
            && WITH_A_KEY.contains(&terms.operation.as_str())
            && (terms.curve, terms.threshold, terms.epoch) == (card.curve, card.threshold, card.epoch)
            && terms.roster == holders
            && terms.are_ascending()
            && handshakes.iter().map(|(pair, _)| *pair).eq(pairs)
            && nonces.iter().map(|(index, _)| index).eq(all)
    }
}

/// The operations that run rounds with a key that there is.
const WITH_A_KEY: [&str; 3] = ["activate", "aux", "sign"];

/// What [`Evidence`] is of.
pub const EQUIVOCATION: &str = "it sent different broadcasts to different parties";

/// Two broadcasts that one node signed for the same round of the same session.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Evidence {
    /// The session.
    pub session: Hash,
    /// The round, counted from 1.
    pub round: u32,
    /// Who signed both.
    pub sender: u16,
    /// What was sent to one party: hash and signature.
    pub first: (Hash, Signature),
    /// What was sent to another.
    pub second: (Hash, Signature),
    /// Which session it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opening: Option<Box<Opening>>,
}

impl Evidence {
    /// What the session was about, if the evidence tells so truly.
    pub fn terms(&self) -> Option<&session::Terms> {
        let opening = self.opening.as_ref()?;
        let same = opening.session_id().is_ok_and(|id| id == self.session);
        same.then_some(&opening.terms)
    }

    /// Whether it is of a session with this key, and who sent what it is about. `chain` ends with the genesis of that session.
    pub fn culprit<'a>(&'a self, card: &KeyCard, chain: &Chain) -> Result<Option<&'a Name>, CodecError> {
        let (Some(opening), Some(terms)) = (&self.opening, self.terms()) else { return Ok(None) };
        let body = card.body();
        let same = terms.key_card_hash == Some(card.hash())
            && terms.genesis_hash == chain.current_hash()
            && terms.participants.contains(&self.sender)
            && opening.is_of(body, &body.holders(chain)?);
        let at = usize::from(self.sender).checked_sub(1);
        Ok(at.filter(|_| same).and_then(|at| terms.roster.get(at)))
    }

    /// Whether it convicts the holder of a key.
    pub fn convicts(&self, key: &PublicKey) -> bool {
        let signed = |(hash, signature): &(Hash, Signature)| {
            key.verify(&broadcast_hash(&self.session, self.round, self.sender, hash), signature).is_ok()
        };
        self.first.0 != self.second.0 && signed(&self.first) && signed(&self.second)
    }
}

/// What a node signs for each broadcast.
fn broadcast_hash(session: &Hash, round: u32, sender: u16, payload: &Hash) -> Hash {
    let (round, sender) = (round.to_be_bytes(), sender.to_be_bytes());
    Hash::tagged("broadcast", &[session.as_bytes(), &round, &sender, payload.as_bytes()])
}

/// What a party knows of its session.
pub struct Context<'a> {
    /// Binds everything agreed and every party's randomness.
    pub session_id: Hash,
    /// This party's index.
    pub me: u16,
    /// All indices that take part, ascending, this one among them.
    pub participants: &'a [u16],
    /// The operating system's randomness, or a test's.
    pub rng: &'a mut dyn CryptoRngCore,
}

impl Context<'_> {
    /// All indices but this one.
    pub fn peers(&self) -> impl Iterator<Item = u16> {
        self.participants.iter().copied().filter(|index| *index != self.me)
    }
}

/// What every peer sent in the round before, by index.
#[derive(Default)]
pub struct Inbox {
    /// The same for everyone, as the echo showed.
    pub broadcasts: BTreeMap<u16, Vec<u8>>,
    /// For this party only.
    pub direct: BTreeMap<u16, Zeroizing<Vec<u8>>>,
}

impl Inbox {
    /// Whether nobody sent anything, as before the first round.
    pub fn is_empty(&self) -> bool {
        self.broadcasts.is_empty() && self.direct.is_empty()
    }
}

/// What a party sends in one round. Either every party broadcasts in a round or none does.
#[derive(Default)]
pub struct Outgoing {
    /// To everyone.
    pub broadcast: Option<Vec<u8>>,
    /// To one peer each.
    pub direct: BTreeMap<u16, Zeroizing<Vec<u8>>>,
}

/// What a party does next.
pub enum Step<T> {
    /// Sends, and waits for everyone's messages of this round.
    Send(Outgoing, Box<dyn Party<T>>),
    /// Has its result.
    Done(T),
}

/// One party of a protocol between its rounds. A step consumes it, so that no state is used twice; it is
/// never written anywhere.
pub trait Party<T> {
    /// Takes everything the peers sent (nothing in the first step) and goes on.
    fn step(self: Box<Self>, context: &mut Context<'_>, inbox: Inbox) -> Result<Step<T>, Fault>;
}
