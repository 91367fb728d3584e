//! The pairwise channels of one session: frames, their rounds, the session id, the echo.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    mem,
    sync::Arc,
};

use rand_core::CryptoRngCore;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{
    EQUIVOCATION, Evidence, Fault, Inbox, Opening, Outgoing, broadcast_hash,
    channel::{Channel, Handshake},
};
use crate::{
    card::{NodeCard, NodeSecrets},
    codec::{self, Hex, HexArray},
    digest::Hash,
    signing_key::{PublicKey, Signature},
};

/// Frames a peer may be ahead of us: the echo of this round and the next round.
const QUEUE_CAP: usize = 4;

/// One sealed message on its way through the relay.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Packet {
    /// Index of the sender, as the relay claims.
    pub from: u16,
    /// Index of the receiver.
    pub to: u16,
    /// A handshake message, or frames sealed for the receiver.
    pub body: Hex,
}

/// The public part of a frame; what is for one peer alone follows it, outside the encoding.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// The session; zero until it is known.
    pub session: Hash,
    /// Counts from 1; 0 before the session is known.
    pub round: u32,
    /// What the frame says.
    pub body: Body,
}

/// What a frame says.
#[derive(Clone, Serialize, Deserialize)]
pub enum Body {
    /// Commitment to fresh randomness.
    Commit(Hash),
    /// The randomness, and the hash of the handshake with every peer.
    Reveal(HexArray<32>, Vec<(u16, Hash)>),
    /// A round of the protocol: a signed broadcast, if the round has one.
    Round(Option<(Hex, Signature)>),
    /// Hash and signature of every broadcast of the round, by sender.
    Echo(Vec<(u16, Hash, Signature)>),
}

/// Changes what a node sends, for tests that need a faulty one: `(receiver, header, direct)`. Returns
/// whether a broadcast is signed anew afterwards.
#[cfg(feature = "mischief")]
pub type Mischief = Box<dyn FnMut(u16, &mut Header, &mut Zeroizing<Vec<u8>>) -> bool + Send>;

/// Hash and signature of each broadcast of a round, by sender; our own among them.
pub(super) type Seen = BTreeMap<u16, (Hash, Signature)>;

/// What is for one peer alone.
pub(super) type Direct = Zeroizing<Vec<u8>>;

/// An opened frame.
pub(super) type Frame = (Header, Direct);

pub(super) enum End {
    Shaking(Handshake),
    Open(Box<Channel>),
    Broken,
}

pub(super) struct PeerLink {
    pub(super) signing: PublicKey,
    pub(super) end: End,
    pub(super) initiator: bool,
    pub(super) queue: VecDeque<Frame>,
}

pub(super) struct Link {
    pub(super) terms_hash: Hash,
    pub(super) me: u16,
    pub(super) secrets: Arc<NodeSecrets>,
    pub(super) participants: Vec<u16>,
    /// Handshakes and nonces are there once the session id is.
    pub(super) opening: Opening,
    pub(super) session_id: Hash,
    /// Every peer has shown that it has the same session id.
    pub(super) confirmed: bool,
    pub(super) round: u32,
    pub(super) peers: BTreeMap<u16, PeerLink>,
    pub(super) own: Option<(Hash, Signature)>,
    pub(super) packets: Vec<Packet>,
    pub(super) rng: Box<dyn CryptoRngCore + Send>,
    #[cfg(feature = "mischief")]
    pub(super) mischief: Option<Mischief>,
}

impl Link {
    /// Prepares the channel to a peer. The lower index speaks first.
    pub(super) fn greet(&mut self, index: u16, card: &NodeCard) -> Result<(), Fault> {
        let initiator = self.me < index;
        let (low, high) = (self.me.min(index).to_be_bytes(), self.me.max(index).to_be_bytes());
        let prologue = Hash::tagged("noise-prologue", &[self.terms_hash.as_bytes(), &low, &high]);
        let mut shaking = Handshake::new(initiator, self.secrets.noise(), &card.card.noise_key.0, &prologue)?;
        if initiator {
            let body = Hex(shaking.write()?);
            self.packets.push(Packet { from: self.me, to: index, body });
        }
        let (signing, queue) = (card.card.signing_key, VecDeque::new());
        self.peers.insert(index, PeerLink { signing, end: End::Shaking(shaking), initiator, queue });
        Ok(())
    }

    /// Reads one packet: a handshake message, or a frame for the queue.
    pub(super) fn receive(&mut self, packet: Packet) -> Result<(), Fault> {
        let peer = match self.peers.get_mut(&packet.from) {
            Some(peer) if packet.to == self.me => peer,
            _ => return Err(Fault::disturbed("a packet is not for this session")),
        };
        match mem::replace(&mut peer.end, End::Broken) {
            End::Shaking(mut shaking) => {
                shaking.read(&packet.body)?;
                if !peer.initiator {
                    let body = Hex(shaking.write()?);
                    self.packets.push(Packet { from: self.me, to: packet.from, body });
                }
                peer.end = End::Open(Box::new(shaking.finish()?));
            }
            End::Open(mut channel) => {
                let frame = channel.open(&packet.body)?;
                if peer.queue.len() >= QUEUE_CAP {
                    return Err(Fault::by(packet.from, "it sent more messages than the protocol has"));
                }
                let opened = split_frame(&frame);
                peer.queue.push_back(opened.ok_or_else(|| Fault::by(packet.from, "a frame is malformed"))?);
                peer.end = End::Open(channel);
            }
            End::Broken => return Err(Fault::disturbed("the channel broke earlier")),
        }
        Ok(())
    }

    /// Sends one frame to every peer.
    pub(super) fn send_all(
        &mut self,
        mut make: impl FnMut(&Self, u16) -> Result<(Body, Zeroizing<Vec<u8>>), Fault>,
    ) -> Result<(), Fault> {
        for index in self.peers.keys().copied().collect::<Vec<_>>() {
            let (body, direct) = make(self, index)?;
            self.send(index, body, direct)?;
        }
        Ok(())
    }

    #[cfg_attr(not(feature = "mischief"), allow(unused_mut))]
    pub(super) fn send(&mut self, to: u16, body: Body, mut direct: Zeroizing<Vec<u8>>) -> Result<(), Fault> {
        let mut header = Header { session: self.session_id, round: self.round, body };
        #[cfg(feature = "mischief")]
        if let Some(mut mischief) = self.mischief.take() {
            if mischief(to, &mut header, &mut direct)
                && let Body::Round(Some((payload, signature))) = &mut header.body
            {
                *signature = self.sign_broadcast(payload);
            }
            // A liar stands by what it said last.
            if let Body::Round(Some((payload, signature))) = &header.body {
                self.own = Some((Hash::plain(payload), *signature));
            }
            self.mischief = Some(mischief);
        }
        let encoded = codec::to_cbor("frame", &header)?;
        let len = u32::try_from(encoded.len()).map_err(Fault::local)?;
        let mut frame = Zeroizing::new(Vec::with_capacity(4 + encoded.len() + direct.len()));
        frame.extend_from_slice(&len.to_be_bytes());
        frame.extend_from_slice(&encoded);
        frame.extend_from_slice(&direct);
        let peer = self.peers.get_mut(&to).ok_or_else(|| Fault::local("no such peer"))?;
        let End::Open(channel) = &mut peer.end else {
            return Err(Fault::disturbed("the channel broke earlier"));
        };
        let body = Hex(channel.seal(&frame)?);
        self.packets.push(Packet { from: self.me, to, body });
        Ok(())
    }

    pub(super) fn send_round(&mut self, outgoing: &Outgoing) -> Result<(), Fault> {
        let broadcast = outgoing.broadcast.as_ref().map(|payload| {
            let payload = Hex(payload.clone());
            let signature = self.sign_broadcast(&payload);
            (payload, signature)
        });
        // Our own broadcast takes part in the echo.
        self.own = broadcast.as_ref().map(|(payload, signature)| (Hash::plain(payload), *signature));
        self.send_all(|_, index| {
            let direct = outgoing.direct.get(&index).cloned().unwrap_or_default();
            Ok((Body::Round(broadcast.clone()), direct))
        })
    }

    pub(super) fn sign_broadcast(&self, payload: &Hex) -> Signature {
        let hash = broadcast_hash(&self.session_id, self.round, self.me, &Hash::plain(payload));
        self.secrets.signing().sign(&hash)
    }

    /// Takes one frame of every peer; all must belong to this session and round.
    pub(super) fn take(&mut self) -> Result<Vec<(u16, Header, Direct)>, Fault> {
        let mut frames = Vec::with_capacity(self.peers.len());
        for (index, peer) in &mut self.peers {
            let (header, direct) =
                peer.queue.pop_front().ok_or_else(|| Fault::local("a frame is missing"))?;
            frames.push((*index, header, direct));
        }
        if let Some((index, ..)) = frames.iter().find(|(_, h, _)| h.session != self.session_id) {
            // A party that heard another's randomness differently computes another id: at first that is
            // nobody's fault. Once it has named our id, only the party itself can name another.
            let other = || Fault::disturbed("the parties are not in the same session");
            return Err(if self.confirmed { out_of_turn(*index) } else { other() });
        }
        self.confirmed = true;
        match frames.iter().find(|(_, header, _)| header.round != self.round) {
            Some((index, ..)) => Err(out_of_turn(*index)),
            None => Ok(frames),
        }
    }

    pub(super) fn handshakes(&self) -> Result<Vec<(u16, Hash)>, Fault> {
        let hash = |(index, peer): (&u16, &PeerLink)| match &peer.end {
            End::Open(channel) => Ok((*index, channel.handshake_hash())),
            _ => Err(Fault::disturbed("the channel broke earlier")),
        };
        self.peers.iter().map(hash).collect()
    }

    /// Opens the commitments, compares what everyone saw of every handshake, and derives the session id.
    pub(super) fn agree(&mut self, nonce: HexArray<32>, commits: &BTreeMap<u16, Hash>) -> Result<(), Fault> {
        let mut nonces = BTreeMap::from([(self.me, nonce)]);
        let mut handshakes = BTreeMap::new();
        let mut reports = vec![(self.me, self.handshakes()?)];
        for (index, header, _) in self.take()? {
            let Body::Reveal(nonce, report) = header.body else { return Err(out_of_turn(index)) };
            if commits.get(&index) != Some(&nonce_commitment(index, &nonce)) {
                return Err(Fault::by(index, "its randomness is not what it committed to"));
            }
            // Nobody can copy ours: we reveal after every commitment. Two others alike prove nothing about
            // either: the one who copied may have shown its commitment late to us alone.
            if nonces.get(&self.me) == Some(&nonce) {
                return Err(Fault::local("randomness repeated itself (R10)"));
            }
            if nonces.values().any(|other| *other == nonce) {
                return Err(Fault::disturbed("two parties gave the same randomness"));
            }
            nonces.insert(index, nonce);
            reports.push((index, report));
        }
        for (index, report) in reports {
            let peers: BTreeSet<u16> = report.iter().map(|(peer, _)| *peer).collect();
            let expected = self.participants.iter().copied().filter(|i| *i != index);
            if peers != expected.collect() || peers.len() != report.len() {
                return Err(Fault::by(index, "it reported handshakes with other parties"));
            }
            for (peer, hash) in report {
                let pair = (index.min(peer), index.max(peer));
                if *handshakes.entry(pair).or_insert(hash) != hash {
                    // The channel to us would not have opened over two handshakes, so this report is false.
                    // Of two others, either may lie.
                    if peer == self.me {
                        return Err(Fault::by(index, "it reported another handshake than it had"));
                    }
                    return Err(Fault::disturbed("two parties saw different handshakes"));
                }
            }
        }
        self.opening.handshakes = handshakes.into_iter().collect();
        self.opening.nonces = nonces.into_iter().collect();
        self.session_id = self.opening.session_id()?;
        self.confirmed = false;
        Ok(())
    }

    pub(super) fn collect_round(&mut self) -> Result<(Inbox, Seen), Fault> {
        let mut inbox = Inbox::default();
        let own = self.own.take();
        let mut seen: Seen = own.map(|own| (self.me, own)).into_iter().collect();
        let expected = !seen.is_empty();
        for (index, header, direct) in self.take()? {
            let Body::Round(broadcast) = header.body else { return Err(out_of_turn(index)) };
            if broadcast.is_some() != expected {
                return Err(out_of_turn(index));
            }
            if let Some((payload, signature)) = broadcast {
                let digest = Hash::plain(&payload);
                let hash = broadcast_hash(&self.session_id, self.round, index, &digest);
                let peer = self.peers.get(&index).ok_or_else(|| Fault::local("no such peer"))?;
                peer.signing
                    .verify(&hash, &signature)
                    .map_err(|_| Fault::by(index, "its broadcast is not signed by it"))?;
                seen.insert(index, (digest, signature));
                inbox.broadcasts.insert(index, payload.0);
            }
            inbox.direct.insert(index, direct);
        }
        Ok((inbox, seen))
    }

    /// Compares what every peer heard with what we heard. A difference comes with the sender's two
    /// signatures, which convict it; or without, which convicts the one who reports it.
    pub(super) fn check_echo(&mut self, seen: &Seen) -> Result<(), Fault> {
        for (index, header, _) in self.take()? {
            let Body::Echo(report) = header.body else { return Err(out_of_turn(index)) };
            let senders: BTreeSet<u16> = report.iter().map(|(sender, ..)| *sender).collect();
            if report.len() != seen.len() || !seen.keys().eq(senders.iter()) {
                return Err(Fault::by(index, "its echo is incomplete"));
            }
            for (sender, hash, signature) in report {
                let Some((ours, our_signature)) = seen.get(&sender) else {
                    return Err(Fault::by(index, "its echo is incomplete"));
                };
                if *ours == hash {
                    continue;
                }
                let evidence = Evidence {
                    session: self.session_id,
                    round: self.round,
                    sender,
                    first: (*ours, *our_signature),
                    second: (hash, signature),
                    opening: Some(Box::new(self.opening.clone())),
                };
                let key = match self.peers.get(&sender) {
                    Some(peer) => peer.signing,
                    None => self.secrets.signing().public(),
                };
                if sender == self.me || !evidence.convicts(&key) {
                    return Err(Fault::by(index, "it echoed a broadcast that was never sent"));
                }
                return Err(Fault::Misbehaviour {
                    culprits: vec![sender],
                    certain: true,
                    reason: EQUIVOCATION.into(),
                    evidence: Some(Box::new(evidence)),
                });
            }
        }
        Ok(())
    }
}

pub(super) fn nonce_commitment(index: u16, nonce: &HexArray<32>) -> Hash {
    Hash::tagged("session-nonce", &[&index.to_be_bytes(), &nonce.0])
}

pub(super) fn out_of_turn(index: u16) -> Fault {
    Fault::by(index, "it sent a message that is not due")
}

fn split_frame(frame: &[u8]) -> Option<Frame> {
    let (len, rest) = frame.split_first_chunk::<4>()?;
    let (encoded, direct) = rest.split_at_checked(u32::from_be_bytes(*len).try_into().ok()?)?;
    let header = codec::from_cbor("frame", encoded, super::channel::FRAME_CAP).ok()?;
    Some((header, Zeroizing::new(direct.to_vec())))
}
