//! A faulty node below the protocol: handshakes, session id, frames, echo. Runs over generation on Ed25519,
//! since sessions are the same for every curve.
#![allow(clippy::type_complexity)] // Tables of lies are lists of functions.

use std::collections::BTreeMap;

use quorate::{
    card::NodeSecrets,
    codec::{self, Hex, HexArray},
    curve::Curve,
    digest::Hash,
    protocol::{
        Fault,
        channel::{Channel, Handshake},
        dkg::{self, Generated},
        session::{Body, Header, Mischief, Packet, Terms},
    },
};
use rand_core::OsRng;

use crate::{
    faulty::{Expected, FAULTY, expect},
    relay::{Node, Run, honest, nodes, terms},
};

const CURVE: Curve = Curve::Ed25519;

fn generating(nodes: &[Node]) -> Run<Generated> {
    Run::open(&terms(CURVE, 2, nodes, vec![1, 2, 3]), nodes, |_| dkg::party(CURVE, 2, 3))
}

fn faulty(nodes: &[Node], mischief: Mischief) -> Run<Generated> {
    let mut run = generating(nodes);
    run.sessions.get_mut(&FAULTY).unwrap().misbehave(mischief);
    run
}

/// Alters the header of every frame that `which` picks, for every receiver.
fn alter(
    which: impl Fn(&Header) -> bool + Send + 'static,
    mut change: impl FnMut(u16, &mut Header) + Send + 'static,
) -> Mischief {
    Box::new(move |to, header, _| {
        if which(header) {
            change(to, header);
        }
        false
    })
}

fn is_commit(header: &Header) -> bool {
    matches!(header.body, Body::Commit(_))
}

fn is_reveal(header: &Header) -> bool {
    matches!(header.body, Body::Reveal(..))
}

fn is_round(round: u32) -> impl Fn(&Header) -> bool {
    move |header| matches!(header.body, Body::Round(_)) && header.round == round
}

fn is_echo(round: u32) -> impl Fn(&Header) -> bool {
    move |header| matches!(header.body, Body::Echo(_)) && header.round == round
}

#[test]
fn r3_false_randomness_and_handshake_reports_name_the_liar() {
    let nodes = nodes(3);
    let expected = |reason| Expected { round: 0, reason, victims: &[1, 3] };
    let nonce = alter(is_reveal, |_, header| {
        if let Body::Reveal(nonce, _) = &mut header.body {
            nonce.0[0] ^= 1;
        }
    });
    expect("nonce", faulty(&nodes, nonce), &expected("not what it committed to"));
    type Report = Vec<(u16, Hash)>;
    let reports: [(&str, fn(&mut Report)); 7] = [
        ("duplicate", |r| r[1] = r[0]),
        ("twice", |r| r.push(r[0])),
        ("zero", |r| r[0].0 = 0),
        ("itself", |r| r[0].0 = FAULTY),
        ("missing", |r| r.truncate(1)),
        ("empty", |r| r.clear()),
        ("stranger", |r| r.push((9, Hash::ZERO))),
    ];
    for (what, change) in reports {
        let mischief = alter(is_reveal, move |_, header| {
            if let Body::Reveal(_, report) = &mut header.body {
                change(report);
            }
        });
        expect(what, faulty(&nodes, mischief), &expected("handshakes with other parties"));
    }
    let own = alter(is_reveal, |to, header| {
        if let Body::Reveal(_, report) = &mut header.body {
            report.iter_mut().filter(|(peer, _)| *peer == to).for_each(|(_, hash)| *hash = Hash::ZERO);
        }
    });
    expect("handshake with us", faulty(&nodes, own), &expected("another handshake than it had"));
    // Of the channel between two others each may be lying: nobody is named.
    let others = alter(is_reveal, |to, header| {
        if let Body::Reveal(_, report) = &mut header.body {
            report.iter_mut().filter(|(peer, _)| *peer != to).for_each(|(_, hash)| *hash = Hash::ZERO);
        }
    });
    expect_disturbed(faulty(&nodes, others), "different handshakes");
}

/// Honest parties that notice something name nobody, and nobody finishes.
fn expect_disturbed<T>(mut run: Run<T>, reason: &str) {
    run.relay(&mut honest());
    let mut noticed = 0;
    for index in [1, 3] {
        match run.results.remove(&index) {
            None => {}
            Some(Err(fault @ Fault::Disturbed { .. })) if fault.to_string().contains(reason) => noticed += 1,
            Some(other) => panic!("{reason}: {index} ended with {:?}", other.err()),
        }
    }
    assert!(noticed > 0, "{reason}: nobody noticed");
}

/// Different randomness to each: the session ids differ, and that could be anyone's doing.
#[test]
fn r3_equivocated_randomness_blames_nobody() {
    let nodes = nodes(3);
    let nonce = HexArray([7; 32]);
    let mischief = Box::new(move |to, header: &mut Header, _: &mut _| {
        let parts: [&[u8]; 2] = [&FAULTY.to_be_bytes(), &nonce.0];
        match &mut header.body {
            Body::Commit(commit) if to == 1 => *commit = Hash::tagged("session-nonce", &parts),
            Body::Reveal(revealed, _) if to == 1 => *revealed = nonce,
            _ => {}
        }
        false
    });
    expect_disturbed(faulty(&nodes, mischief), "not in the same session");
}

#[test]
fn r7_messages_out_of_turn_name_the_sender() {
    let nodes = nodes(3);
    let due = |round| Expected { round, reason: "not due", victims: &[1, 3] };
    type Change = fn(u16, &mut Header);
    let changes: [(&str, Change); 5] = [
        ("early", |_, header| header.round += 1),
        ("late", |_, header| header.round = header.round.wrapping_sub(1)),
        ("another body", |_, header| header.body = Body::Commit(Hash::ZERO)),
        ("an echo", |_, header| header.body = Body::Echo(vec![])),
        ("another session", |_, header| header.session = Hash::plain(b"other")),
    ];
    for (what, change) in changes {
        for round in 0..=3 {
            let name = format!("{what} in round {round}");
            if what != "another body" && round == 0 {
                expect(&format!("{name}, commit"), faulty(&nodes, alter(is_commit, change)), &due(0));
            }
            if round == 0 {
                expect(&format!("{name}, reveal"), faulty(&nodes, alter(is_reveal, change)), &due(0));
            } else if what == "another session" && round == 1 {
                expect_disturbed(faulty(&nodes, alter(is_round(1), change)), "not in the same session");
            } else {
                expect(&name, faulty(&nodes, alter(is_round(round), change)), &due(round));
            }
            if (1..=2).contains(&round) && what != "an echo" {
                let run = faulty(&nodes, alter(is_echo(round), change));
                expect(&format!("{name}, echo"), run, &due(round));
            }
        }
    }
    let silent = alter(is_round(1), |_, header| header.body = Body::Round(None));
    expect("no broadcast", faulty(&nodes, silent), &due(1));
    let loud = alter(is_round(3), |_, header| {
        header.body = Body::Round(Some((Hex(vec![1]), HexArray([0; 64]))));
    });
    expect("a broadcast that is not due", faulty(&nodes, loud), &due(3));
}

#[test]
fn r4_broadcasts_are_signed_by_their_sender() {
    let nodes = nodes(3);
    for round in [1, 2] {
        let stranger = NodeSecrets::random(&mut OsRng);
        let mut before = None;
        let changes: [Box<dyn FnMut(&mut Hex, &mut HexArray<64>) + Send>; 4] = [
            Box::new(|_, signature| signature.0[9] ^= 1),
            Box::new(|payload, _| payload.0[9] ^= 1),
            Box::new(move |_, signature| *signature = stranger.signing().sign(&Hash::ZERO)),
            Box::new(|_, signature| signature.0 = [0; 64]),
        ];
        for mut change in changes {
            let mischief = alter(is_round(round), move |_, header| {
                if let Body::Round(Some((payload, signature))) = &mut header.body {
                    change(payload, signature);
                }
            });
            let expected = Expected { round, reason: "not signed by it", victims: &[1, 3] };
            expect(&format!("signature in round {round}"), faulty(&nodes, mischief), &expected);
        }
        // A signature of the round before does not count for this one.
        let mischief = alter(
            |header| matches!(header.body, Body::Round(Some(_))),
            move |_, header| {
                if let Body::Round(Some((_, signature))) = &mut header.body {
                    match before {
                        Some(old) if header.round == 2 => *signature = old,
                        _ => before = Some(*signature),
                    }
                }
            },
        );
        let expected = Expected { round: 2, reason: "not signed by it", victims: &[1, 3] };
        expect("signature of round 1", faulty(&nodes, mischief), &expected);
    }
}

#[test]
fn r4_lying_echoes_name_the_liar() {
    let nodes = nodes(3);
    type Report = Vec<(u16, Hash, HexArray<64>)>;
    fn of(report: &mut Report, sender: u16) -> &mut (u16, Hash, HexArray<64>) {
        report.iter_mut().find(|(s, ..)| *s == sender).unwrap()
    }
    let incomplete: [(&str, fn(u16, &mut Report)); 6] = [
        ("empty", |_, r| r.clear()),
        ("one missing", |_, r| r.truncate(2)),
        ("one twice", |_, r| r.push(r[0])),
        ("one instead of another", |_, r| r[0] = r[2]),
        ("a stranger", |_, r| r[0].0 = 9),
        ("zero", |_, r| r[0].0 = 0),
    ];
    // (about the receiver, about the other honest party)
    let invented: [(&str, fn(u16, &mut Report)); 5] = [
        ("receiver's hash", |to, r| of(r, to).1 = Hash::ZERO),
        ("other's hash", |to, r| of(r, 4 - to).1 = Hash::ZERO),
        ("other's, signed by the liar", |to, r| {
            let own = *of(r, FAULTY);
            let other = of(r, 4 - to);
            (other.1, other.2) = (own.1, own.2);
        }),
        ("other's, with the receiver's broadcast", |to, r| {
            let receiver = *of(r, to);
            let other = of(r, 4 - to);
            (other.1, other.2) = (receiver.1, receiver.2);
        }),
        ("receiver's, with the other's broadcast", |to, r| {
            let other = *of(r, 4 - to);
            let receiver = of(r, to);
            (receiver.1, receiver.2) = (other.1, other.2);
        }),
    ];
    let echo = |round, change: fn(u16, &mut Report)| {
        alter(is_echo(round), move |to, header| {
            if let Body::Echo(report) = &mut header.body {
                change(to, report);
            }
        })
    };
    for round in [1, 2] {
        for (what, change) in incomplete {
            let expected = Expected { round, reason: "echo is incomplete", victims: &[1, 3] };
            expect(&format!("{what} in {round}"), faulty(&nodes, echo(round, change)), &expected);
        }
        for (what, change) in invented {
            let expected = Expected { round, reason: "that was never sent", victims: &[1, 3] };
            expect(&format!("{what} in {round}"), faulty(&nodes, echo(round, change)), &expected);
        }
        // Taking back its own broadcast is its own fault either way.
        let own = echo(round, |_, r| of(r, FAULTY).1 = Hash::ZERO);
        let expected = Expected { round, reason: "that was never sent", victims: &[1, 3] };
        expect(&format!("own hash in {round}"), faulty(&nodes, own), &expected);
    }
}

/// A node whose program is not ours: it speaks Noise properly and then sends what the test wants.
struct Puppet {
    me: u16,
    shaking: BTreeMap<u16, Handshake>,
    channels: BTreeMap<u16, Channel>,
}

impl Puppet {
    fn new(terms: &Terms, nodes: &[Node], me: u16) -> (Self, Vec<Packet>) {
        let terms_hash = Hash::of("session-terms", terms).unwrap();
        let mut packets = Vec::new();
        let mut shaking = BTreeMap::new();
        for peer in terms.participants.iter().copied().filter(|index| *index != me) {
            let (low, high) = (me.min(peer).to_be_bytes(), me.max(peer).to_be_bytes());
            let prologue = Hash::tagged("noise-prologue", &[terms_hash.as_bytes(), &low, &high]);
            let noise = nodes[usize::from(me) - 1].secrets.noise();
            let card = &nodes[usize::from(peer) - 1].card.card;
            let mut handshake = Handshake::new(me < peer, noise, &card.noise_key.0, &prologue).unwrap();
            if me < peer {
                packets.push(Packet { from: me, to: peer, body: Hex(handshake.write().unwrap()) });
            }
            shaking.insert(peer, handshake);
        }
        (Self { me, shaking, channels: BTreeMap::new() }, packets)
    }

    /// Goes on with a handshake, or opens a frame.
    fn receive(&mut self, packet: &Packet) -> (Option<Packet>, Option<Header>) {
        if let Some(mut handshake) = self.shaking.remove(&packet.from) {
            handshake.read(&packet.body).unwrap();
            let answer = (self.me > packet.from).then(|| Packet {
                from: self.me,
                to: packet.from,
                body: Hex(handshake.write().unwrap()),
            });
            self.channels.insert(packet.from, handshake.finish().unwrap());
            return (answer, None);
        }
        let frame = self.channels.get_mut(&packet.from).unwrap().open(&packet.body).unwrap();
        let len = u32::from_be_bytes(frame[..4].try_into().unwrap()) as usize;
        (None, Some(codec::from_cbor("frame", &frame[4..4 + len], 1 << 20).unwrap()))
    }

    fn send(&mut self, to: u16, body: Body) -> Packet {
        let header = Header { session: Hash::ZERO, round: 0, body };
        let encoded = codec::to_cbor("frame", &header).unwrap();
        let len = u32::try_from(encoded.len()).unwrap().to_be_bytes();
        self.send_frame(to, &[&len[..], &encoded].concat())
    }

    fn send_frame(&mut self, to: u16, frame: &[u8]) -> Packet {
        let body = Hex(self.channels.get_mut(&to).unwrap().seal(frame).unwrap());
        Packet { from: self.me, to, body }
    }

    fn report(&self) -> Vec<(u16, Hash)> {
        self.channels.iter().map(|(peer, channel)| (*peer, channel.handshake_hash())).collect()
    }
}

/// Honest sessions with a puppet among them.
struct Stage {
    run: Run<Generated>,
    puppet: Puppet,
    heard: Vec<(u16, Header)>,
}

impl Stage {
    /// All channels are open, and the honest have sent their commitments.
    fn new(nodes: &[Node], puppet: u16) -> Self {
        let terms = terms(CURVE, 2, nodes, vec![1, 2, 3]);
        let mut run = Run::open(&terms, nodes, |_| dkg::party(CURVE, 2, 3));
        run.sessions.remove(&puppet);
        run.packets.retain(|packet| packet.from != puppet);
        let (puppet, packets) = Puppet::new(&terms, nodes, puppet);
        let mut stage = Self { run, puppet, heard: Vec::new() };
        stage.carry(packets);
        stage
    }

    /// Carries the puppet's packets and everything that follows.
    fn carry(&mut self, packets: Vec<Packet>) {
        let Self { run, puppet, heard } = self;
        run.packets.extend(packets);
        let mut answers = Vec::new();
        loop {
            let mut relay: crate::relay::Relay<'_> = Box::new(|packet: Packet| {
                if packet.to != puppet.me {
                    return vec![packet];
                }
                let (answer, header) = puppet.receive(&packet);
                answers.extend(answer);
                heard.extend(header.map(|header| (packet.from, header)));
                vec![]
            });
            run.relay(&mut relay);
            drop(relay);
            if answers.is_empty() {
                return;
            }
            run.packets.append(&mut answers);
        }
    }

    fn fault(&mut self, index: u16) -> Fault {
        self.run.results.remove(&index).expect("a result").err().expect("a fault")
    }
}

#[test]
fn r7_floods_and_malformed_frames_name_the_sender() {
    let nodes = nodes(3);
    let mut stage = Stage::new(&nodes, FAULTY);
    let flood = (0..10).map(|_| stage.puppet.send(1, Body::Commit(Hash::ZERO))).collect();
    stage.carry(flood);
    let fault = stage.fault(1);
    assert_eq!(fault.culprits(), [FAULTY], "{fault}");
    assert!(fault.to_string().contains("more messages than the protocol has"), "{fault}");
    for frame in [&[][..], &[0, 0, 0], &[0, 0, 0, 9, 1], &[0xff; 40], &[0, 0, 0, 1, 0xff]] {
        let mut stage = Stage::new(&nodes, FAULTY);
        let packet = stage.puppet.send_frame(3, frame);
        stage.carry(vec![packet]);
        let fault = stage.fault(3);
        assert_eq!(fault.culprits(), [FAULTY], "{frame:?}: {fault}");
        assert!(fault.to_string().contains("malformed"), "{fault}");
        assert!(!stage.run.results.contains_key(&1));
    }
}

/// The puppet commits to its randomness late, to one party only, and copies what another party already
/// revealed to it. The party it copied from must not be blamed for the repetition.
#[test]
fn r13_copied_randomness_frames_nobody() {
    let nodes = nodes(3);
    // The puppet's index is below or above that of the party it copies.
    for (puppet, victim, copied) in [(2, 1, 3), (2, 3, 1), (1, 2, 3), (3, 1, 2)] {
        let mut stage = Stage::new(&nodes, puppet);
        let first = stage.puppet.send(copied, Body::Commit(Hash::ZERO));
        stage.carry(vec![first]);
        let nonce = stage.heard.iter().find_map(|(from, header)| match &header.body {
            Body::Reveal(nonce, _) if *from == copied => Some(*nonce),
            _ => None,
        });
        let nonce = nonce.expect("it has everyone's commitment and reveals");
        let parts: [&[u8]; 2] = [&puppet.to_be_bytes(), &nonce.0];
        let commit = stage.puppet.send(victim, Body::Commit(Hash::tagged("session-nonce", &parts)));
        let report = stage.puppet.report();
        let reveal = stage.puppet.send(victim, Body::Reveal(nonce, report));
        stage.carry(vec![commit, reveal]);
        let fault = stage.fault(victim);
        assert!(matches!(fault, Fault::Disturbed { .. }), "{puppet} {victim} {copied}: {fault:?}");
    }
}
