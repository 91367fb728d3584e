//! One run of a protocol: handshakes, session id, rounds with echo.

use std::{collections::BTreeMap, mem, sync::Arc};

use rand_core::CryptoRngCore;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{Context, Fault, Inbox, Opening, Party, Step};
use crate::{
    card::{NodeCard, NodeSecrets},
    codec::HexArray,
    curve::Curve,
    digest::Hash,
    ids::{Name, OpId},
};

#[cfg(feature = "mischief")]
pub use super::link::Mischief;
pub use super::link::{Body, Header, Packet};
use super::link::{End, Link, Seen, nonce_commitment, out_of_turn};

/// Version of everything nodes say to each other.
pub const PROTOCOL_VERSION: u32 = 1;

/// What all parties agree on before round 1; its hash is in every handshake and in the session id (R2).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Terms {
    /// [`PROTOCOL_VERSION`].
    pub version: u32,
    /// Name of the operation.
    pub operation: String,
    /// The genesis in force.
    pub genesis_hash: Hash,
    /// The request, with message and path in it.
    pub request_hash: Hash,
    /// The operation.
    pub op_id: OpId,
    /// Its attempt, from 1.
    pub attempt: u16,
    /// The key's curve.
    pub curve: Curve,
    /// The key's threshold.
    pub threshold: u16,
    /// The key's roster: names at index 1, 2, ...
    pub roster: Vec<Name>,
    /// The indices that take part, ascending.
    pub participants: Vec<u16>,
    /// The key's epoch.
    pub epoch: u32,
    /// The key's card, once there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_card_hash: Option<Hash>,
    /// Hash of the aux table, for threshold ECDSA.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aux_table_hash: Option<Hash>,
}

impl Terms {
    /// Indices are those of the roster, each once, ascending, at least two, ours among them (R2, R6). The
    /// coordinator brings the terms, so nobody else is blamed for them.
    fn check(&self, me: u16) -> Result<(), Fault> {
        if self.are_ascending() && self.participants.contains(&me) {
            return Ok(());
        }
        Err(Fault::disturbed("the terms do not list the participants' indices"))
    }

    /// At least two indices of the roster, ascending.
    pub(super) fn are_ascending(&self) -> bool {
        let all = &self.participants;
        let ascending = all.windows(2).all(|pair| matches!(pair, [a, b] if a < b));
        ascending && all.len() >= 2 && all.iter().all(|i| *i > 0 && usize::from(*i) <= self.roster.len())
    }
}

/// What this party sends now, and its result once there is one.
pub struct Progress<T> {
    /// For the relay.
    pub packets: Vec<Packet>,
    /// The protocol's output.
    pub output: Option<T>,
}

/// One party's side of one run.
pub struct Session<T> {
    link: Link,
    phase: Phase,
    party: Option<Box<dyn Party<T>>>,
}

impl<T> Session<T> {
    /// Starts a run; the first packets are handshakes. `cards` are the peers', by index.
    pub fn open(
        terms: Terms,
        me: u16,
        secrets: Arc<NodeSecrets>,
        cards: &BTreeMap<u16, NodeCard>,
        party: Box<dyn Party<T>>,
        rng: Box<dyn CryptoRngCore + Send>,
    ) -> Result<(Self, Vec<Packet>), Fault> {
        terms.check(me)?;
        let terms_hash = Hash::of("session-terms", &terms)?;
        let participants = terms.participants.clone();
        let mut link = Link {
            terms_hash,
            me,
            secrets,
            participants,
            opening: Opening { terms, handshakes: Vec::new(), nonces: Vec::new() },
            session_id: Hash::ZERO,
            confirmed: true,
            round: 0,
            peers: BTreeMap::new(),
            own: None,
            packets: Vec::new(),
            rng,
            #[cfg(feature = "mischief")]
            mischief: None,
        };
        for index in link.participants.clone() {
            if index != me {
                let card = cards.get(&index).ok_or_else(|| Fault::local("a peer's card is missing"))?;
                link.greet(index, card)?;
            }
        }
        let packets = mem::take(&mut link.packets);
        Ok((Self { link, phase: Phase::Handshakes, party: Some(party) }, packets))
    }

    /// Takes packets from the relay, in order, and goes as far as they allow. After a fault the session
    /// is over: what it had ready is never sent.
    pub fn deliver(&mut self, packets: Vec<Packet>) -> Result<Progress<T>, Fault> {
        if matches!(self.phase, Phase::Failed) {
            return Err(Fault::disturbed("the session ended with a fault before"));
        }
        let delivered = packets.into_iter().try_for_each(|packet| self.link.receive(packet));
        let output = delivered.and_then(|()| self.advance()).inspect_err(|_| {
            self.phase = Phase::Failed;
            self.party = None;
            self.link.packets.clear();
        })?;
        Ok(Progress { packets: mem::take(&mut self.link.packets), output })
    }

    /// Runs another protocol in the same session, after this one gave its output.
    pub fn then<U>(self, party: Box<dyn Party<U>>) -> Result<(Session<U>, Progress<U>), Fault> {
        if !matches!(self.phase, Phase::Done) {
            return Err(Fault::local("the protocol before has not ended"));
        }
        let mut next = Session { link: self.link, phase: Phase::Rounds, party: Some(party) };
        let output = match next.step(Inbox::default())? {
            Some(output) => Some(output),
            None => next.advance()?,
        };
        let packets = mem::take(&mut next.link.packets);
        Ok((next, Progress { packets, output }))
    }

    /// The session id, once every party's randomness is in.
    pub fn id(&self) -> Hash {
        self.link.session_id
    }

    /// Makes this node a faulty one.
    #[cfg(feature = "mischief")]
    pub fn misbehave(&mut self, mischief: Mischief) {
        self.link.mischief = Some(mischief);
    }

    fn advance(&mut self) -> Result<Option<T>, Fault> {
        loop {
            let ready = match &self.phase {
                Phase::Handshakes => self.link.peers.values().all(|p| matches!(p.end, End::Open(_))),
                Phase::Done | Phase::Failed => return Ok(None),
                _ => self.link.peers.values().all(|p| !p.queue.is_empty()),
            };
            if !ready {
                return Ok(None);
            }
            if let Some(output) = self.next_phase()? {
                self.phase = Phase::Done;
                return Ok(Some(output));
            }
        }
    }

    fn next_phase(&mut self) -> Result<Option<T>, Fault> {
        match mem::replace(&mut self.phase, Phase::Done) {
            Phase::Handshakes => {
                let nonce = HexArray::random(&mut self.link.rng);
                self.link.send_all(|link, _| {
                    Ok((Body::Commit(nonce_commitment(link.me, &nonce)), Zeroizing::default()))
                })?;
                self.phase = Phase::Commits { nonce };
            }
            Phase::Commits { nonce } => {
                let mut commits = BTreeMap::new();
                for (index, header, _) in self.link.take()? {
                    let Body::Commit(commit) = header.body else { return Err(out_of_turn(index)) };
                    commits.insert(index, commit);
                }
                let handshakes = self.link.handshakes()?;
                self.link
                    .send_all(|_, _| Ok((Body::Reveal(nonce, handshakes.clone()), Zeroizing::default())))?;
                self.phase = Phase::Reveals { nonce, commits };
            }
            Phase::Reveals { nonce, commits } => {
                self.link.agree(nonce, &commits)?;
                self.phase = Phase::Rounds;
                return self.step(Inbox::default());
            }
            Phase::Rounds => {
                let (inbox, seen) = self.link.collect_round()?;
                if seen.is_empty() {
                    self.phase = Phase::Rounds;
                    return self.step(inbox);
                }
                self.link.send_all(|_, _| {
                    let list = seen.iter().map(|(i, (h, s))| (*i, *h, *s)).collect();
                    Ok((Body::Echo(list), Zeroizing::default()))
                })?;
                self.phase = Phase::Echo { inbox, seen };
            }
            Phase::Echo { inbox, seen } => {
                self.link.check_echo(&seen)?;
                self.phase = Phase::Rounds;
                return self.step(inbox);
            }
            Phase::Done | Phase::Failed => {}
        }
        Ok(None)
    }

    fn step(&mut self, inbox: Inbox) -> Result<Option<T>, Fault> {
        let party = self.party.take().ok_or_else(|| Fault::local("the protocol has ended"))?;
        let mut context = Context {
            session_id: self.link.session_id,
            me: self.link.me,
            participants: &self.link.participants,
            rng: &mut *self.link.rng,
        };
        match party.step(&mut context, inbox)? {
            Step::Done(output) => Ok(Some(output)),
            Step::Send(outgoing, party) => {
                self.party = Some(party);
                self.link.round += 1;
                self.link.send_round(&outgoing)?;
                Ok(None)
            }
        }
    }
}

enum Phase {
    Handshakes,
    Commits { nonce: HexArray<32> },
    Reveals { nonce: HexArray<32>, commits: BTreeMap<u16, Hash> },
    Rounds,
    Echo { inbox: Inbox, seen: Seen },
    Done,
    Failed,
}
