//! A coordinator that does what it likes with packets and terms: honest nodes blame nobody, never end with
//! different results, and a fresh session works.
#![allow(clippy::type_complexity)] // Tables of lies are lists of functions.

use std::collections::BTreeMap;

use proptest::{collection::vec, prelude::*, test_runner::Config};
use quorate::{
    codec::{Hex, HexArray},
    curve::{Curve, Payload},
    digest::Hash,
    keyshare::{KeyCardBody, KeyShare},
    protocol::{
        Fault, activate,
        dkg::{self, Generated},
        frost,
        session::{Body, Header, Mischief, Packet, Session, Terms},
    },
};
use rand_core::{OsRng, RngCore};

use crate::relay::{Node, Relay, Run, card_template, honest, nodes, share_of, terms};

const CURVE: Curve = Curve::Ed25519;
/// Packets of one generation among three: handshakes, then seven messages from each to each.
const PACKETS: usize = 6 + 7 * 6;

fn generating(terms: &Terms, nodes: &[Node]) -> Run<Generated> {
    Run::open(terms, nodes, |_| dkg::party(CURVE, 2, 3))
}

fn fresh(nodes: &[Node]) -> Terms {
    terms(CURVE, 2, nodes, vec![1, 2, 3])
}

/// Nobody is blamed, and whoever has a result has the same. Says how many noticed something.
fn check<T, P: PartialEq + std::fmt::Debug>(
    what: &str,
    results: &BTreeMap<u16, Result<T, Fault>>,
    public: impl Fn(&T) -> P,
) -> usize {
    let mut noticed = 0;
    let mut outputs = Vec::new();
    for (index, result) in results {
        match result {
            Ok(output) => outputs.push(public(output)),
            Err(Fault::Disturbed { .. }) => noticed += 1,
            Err(fault) => panic!("{what}: {index} says {fault:?}"),
        }
    }
    assert!(outputs.windows(2).all(|pair| pair[0] == pair[1]), "{what}: {outputs:?}");
    noticed
}

fn public(new: &Generated) -> (Hex, Vec<Hex>, HexArray<32>) {
    (new.group_public_key.clone(), new.verification_shares.clone(), HexArray(*new.chain_code.expose()))
}

/// What becomes of the packet under attack, given all packets before it.
type Attack = fn(Packet, &[Packet]) -> Vec<Packet>;

fn flip(mut packet: Packet, at: usize) -> Vec<Packet> {
    packet.body.0[at] ^= 1;
    vec![packet]
}

const ATTACKS: [(&str, Attack); 17] = [
    ("replayed", |p, _| vec![p.clone(), p]),
    ("replayed older", |p, before| {
        let older = before.iter().find(|old| (old.from, old.to) == (p.from, p.to));
        vec![older.unwrap_or(&p).clone(), p]
    }),
    ("altered at the start", |p, _| flip(p, 0)),
    ("altered in the middle", |p, _| {
        let middle = p.body.len() / 2;
        flip(p, middle)
    }),
    ("altered at the end", |p, _| {
        let last = p.body.len() - 1;
        flip(p, last)
    }),
    ("cut by one", |p, _| vec![Packet { body: Hex(p.body[..p.body.len() - 1].to_vec()), ..p }]),
    ("cut in half", |p, _| vec![Packet { body: Hex(p.body[..p.body.len() / 2].to_vec()), ..p }]),
    ("emptied", |p, _| vec![Packet { body: Hex(vec![]), ..p }]),
    ("extended", |p, _| vec![Packet { body: Hex([&p.body[..], &[0]].concat()), ..p }]),
    ("doubled", |p, _| vec![Packet { body: Hex([&p.body[..], &p.body].concat()), ..p }]),
    ("inflated", |p, _| vec![Packet { body: Hex(vec![1; 17 << 20]), ..p }]),
    ("spoofed: the third", |p, _| vec![Packet { from: 6 - p.from - p.to, ..p }]),
    ("spoofed: the receiver", |p, _| vec![Packet { from: p.to, ..p }]),
    ("spoofed: zero", |p, _| vec![Packet { from: 0, ..p }]),
    ("spoofed: a stranger", |p, _| vec![Packet { from: 99, ..p }]),
    ("misdirected", |p, _| vec![Packet { to: 6 - p.from - p.to, ..p }]),
    ("reflected", |p, _| vec![Packet { from: p.to, to: p.from, body: p.body }]),
];

/// Attacks the packet at a position.
fn at(position: usize, attack: Attack) -> Relay<'static> {
    let mut before = Vec::new();
    Box::new(move |packet| {
        before.push(packet.clone());
        match before.len() == position + 1 {
            true => attack(packet, &before[..position]),
            false => vec![packet],
        }
    })
}

#[test]
fn r7_r13_no_attack_on_any_packet_blames_anyone() {
    let nodes = nodes(3);
    for (what, attack) in ATTACKS {
        // A copy of 17 MiB for every position would be slow.
        let step = if what == "inflated" { 7 } else { 1 };
        for position in (0..PACKETS).step_by(step) {
            let mut run = generating(&fresh(&nodes), &nodes);
            run.relay(&mut at(position, attack));
            let name = format!("{what}, packet {position}");
            assert!(check(&name, &run.results, public) > 0, "{name}: nobody noticed");
        }
        assert_eq!(generating(&fresh(&nodes), &nodes).finish().len(), 3, "a fresh session after {what}");
    }
}

#[test]
fn r14_lost_and_late_packets_blame_nobody() {
    let nodes = nodes(3);
    for position in 0..PACKETS {
        // One packet is lost.
        let mut run = generating(&fresh(&nodes), &nodes);
        run.relay(&mut at(position, |_, _| vec![]));
        check(&format!("lost {position}"), &run.results, public);
        assert!(run.results.values().filter(|r| r.is_ok()).count() < 3);
        // The relay goes silent: nobody notices, and before the last round nobody has finished.
        let mut run = generating(&fresh(&nodes), &nodes);
        let mut count = 0;
        let mut silent: Relay<'_> = Box::new(|packet| {
            count += 1;
            if count > position { vec![] } else { vec![packet] }
        });
        run.relay(&mut silent);
        assert_eq!(check(&format!("silent from {position}"), &run.results, public), 0);
        assert!(position >= PACKETS - 6 || run.results.is_empty(), "{position}");
        // One packet is late: it comes after the next one of its channel.
        let mut run = generating(&fresh(&nodes), &nodes);
        let (mut count, mut held) = (0, None::<Packet>);
        let mut late: Relay<'_> = Box::new(|packet| {
            count += 1;
            if count == position + 1 {
                held = Some(packet);
                return vec![];
            }
            match held.take_if(|h| (h.from, h.to) == (packet.from, packet.to)) {
                Some(old) => vec![packet, old],
                None => vec![packet],
            }
        });
        run.relay(&mut late);
        check(&format!("late {position}"), &run.results, public);
    }
    assert_eq!(generating(&fresh(&nodes), &nodes).finish().len(), 3);
}

/// Packets of another run take the place of this run's, with other terms or even the same.
#[test]
fn r3_packets_of_another_session_do_not_open() {
    let nodes = nodes(3);
    let same = fresh(&nodes);
    for old_terms in [fresh(&nodes), same.clone()] {
        let mut old = Vec::new();
        let mut record: Relay<'_> = Box::new(|packet| {
            old.push(packet.clone());
            vec![packet]
        });
        generating(&old_terms, &nodes).relay(&mut record);
        drop(record);
        assert_eq!(old.len(), PACKETS);
        for position in 0..PACKETS {
            let mut run = generating(&same, &nodes);
            let mut count = BTreeMap::<(u16, u16), usize>::new();
            let mut seen = 0;
            let mut swap: Relay<'_> = Box::new(|packet| {
                let channel = (packet.from, packet.to);
                let nth = count.entry(channel).or_default();
                *nth += 1;
                seen += 1;
                if seen != position + 1 {
                    return vec![packet];
                }
                let mut same_channel = old.iter().filter(|p| (p.from, p.to) == channel);
                vec![same_channel.nth(*nth - 1).unwrap().clone()]
            });
            run.relay(&mut swap);
            let name = format!("another session's packet {position}");
            assert!(check(&name, &run.results, public) > 0, "{name}: nobody noticed");
        }
        // The whole old run once more, to a node that took part in it.
        let mut run = generating(&same, &nodes);
        run.packets.clear();
        for index in [1, 2, 3] {
            let packets = old.iter().filter(|packet| packet.to == index).cloned().collect();
            let fault = run.sessions.get_mut(&index).unwrap().deliver(packets).err().unwrap();
            assert!(matches!(fault, Fault::Disturbed { .. }), "{index}: {fault:?}");
        }
    }
}

#[test]
fn r2_r16_different_terms_for_one_node_open_no_session() {
    let nodes = nodes(3);
    let changes: [fn(&mut Terms); 14] = [
        |t| t.version += 1,
        |t| t.operation = "sign".into(),
        |t| t.genesis_hash = Hash::plain(b"x"),
        |t| t.request_hash = Hash::plain(b"pay someone else"),
        |t| t.op_id = HexArray::random(&mut OsRng),
        |t| t.attempt += 1,
        |t| t.curve = Curve::Ed448,
        |t| t.threshold = 3,
        |t| t.roster.swap(0, 1),
        |t| t.roster.push("OFFICIAL_4".parse().unwrap()),
        |t| t.epoch += 1,
        |t| t.key_card_hash = Some(Hash::ZERO),
        |t| t.aux_table_hash = Some(Hash::ZERO),
        |t| (t.key_card_hash, t.aux_table_hash) = (Some(Hash::ZERO), Some(Hash::ZERO)),
    ];
    for (number, change) in changes.into_iter().enumerate() {
        for victim in [1, 2, 3] {
            let common = fresh(&nodes);
            let mut run = generating(&common, &nodes);
            let mut other = common.clone();
            change(&mut other);
            let cards = (1..).zip(&nodes).map(|(i, node)| (i, node.card.clone())).collect();
            let secrets = nodes[usize::from(victim) - 1].secrets.clone();
            let party = dkg::party(CURVE, 2, 3);
            let (session, packets) =
                Session::open(other, victim, secrets, &cards, party, Box::new(OsRng)).unwrap();
            run.packets.retain(|packet| packet.from != victim);
            run.packets.extend(packets);
            run.sessions.insert(victim, session);
            run.relay(&mut honest());
            let name = format!("terms {number} for {victim}");
            assert!(check(&name, &run.results, public) > 0, "{name}: nobody noticed");
            assert!(run.results.values().all(Result::is_err), "{name}");
            assert!(run.sessions.values().all(|session| session.id() == Hash::ZERO), "{name}");
        }
    }
}

#[test]
fn r6_terms_with_zero_or_repeated_indices_are_refused() {
    let nodes = nodes(3);
    let cards: BTreeMap<_, _> = (1..).zip(&nodes).map(|(i, node)| (i, node.card.clone())).collect();
    let lists: [&[u16]; 9] =
        [&[], &[1], &[0, 1], &[1, 1], &[1, 2, 2], &[2, 1], &[2, 3], &[1, 4], &[1, 2, 3, u16::MAX]];
    let open = |list: &[u16]| {
        let terms = terms(CURVE, 2, &nodes, list.to_vec());
        let party = dkg::party(CURVE, 2, 3);
        Session::open(terms, 1, nodes[0].secrets.clone(), &cards, party, Box::new(OsRng)).map(drop)
    };
    for list in lists {
        assert!(matches!(open(list), Err(Fault::Disturbed { .. })), "{list:?}");
    }
    open(&[1, 2, 3]).unwrap();
    open(&[1, 3]).unwrap();
}

/// A second of everything: the relay's counter runs on through generation, activation and signing.
fn whole_life(nodes: &[Node], relay: &mut Relay<'_>) {
    let mut run = generating(&fresh(nodes), nodes);
    run.relay(relay);
    check("generation", &run.results, public);
    if run.results.values().filter(|r| r.is_ok()).count() < 3 {
        return;
    }
    let template = card_template(CURVE, 2, nodes);
    let keys: Vec<_> = nodes.iter().map(|node| node.card.card.signing_key).collect();
    let mut shares = Vec::new();
    let mut activation = Run { sessions: BTreeMap::new(), packets: vec![], results: BTreeMap::new() };
    for (index, result) in run.results {
        let share = share_of(&template, index, result.unwrap());
        let signature = nodes[usize::from(index) - 1].secrets.signing().sign(&share.card().hash().unwrap());
        let party = activate::party(&share, signature, keys.clone()).unwrap();
        let (session, progress) = run.sessions.remove(&index).unwrap().then(party).unwrap();
        activation.sessions.insert(index, session);
        activation.packets.extend(progress.packets);
        shares.push(share);
    }
    activation.relay(relay);
    check("activation", &activation.results, Clone::clone);
    let mut run = Run::open(&fresh(nodes), nodes, |index| sign(&shares, index));
    run.relay(relay);
    check("signing", &run.results, Clone::clone);
}

fn sign(shares: &[KeyShare], index: u16) -> Box<dyn quorate::protocol::Party<Vec<u8>>> {
    frost::party(&shares[usize::from(index) - 1], &Payload::Message(b"pay".to_vec()), false).unwrap()
}

/// One thing the relay does to the packet at a position.
#[derive(Clone, Debug)]
enum Deed {
    Flip(usize, u8),
    Cut(usize),
    Drop,
    Twice,
    /// Instead of this packet, an earlier one with its addresses.
    Older(usize),
    From(u16),
    To(u16),
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        4 => (any::<usize>(), 1u8..).prop_map(|(at, mask)| Deed::Flip(at, mask)),
        1 => any::<usize>().prop_map(Deed::Cut),
        1 => Just(Deed::Drop),
        1 => Just(Deed::Twice),
        2 => any::<usize>().prop_map(Deed::Older),
        1 => (0u16..5).prop_map(Deed::From),
        1 => (1u16..4).prop_map(Deed::To),
    ]
}

fn hostile<'a>(plan: Vec<(usize, Deed)>) -> Relay<'a> {
    let mut seen: Vec<Packet> = Vec::new();
    Box::new(move |packet| {
        let position = seen.len();
        seen.push(packet.clone());
        let mut arriving = vec![packet];
        for (_, deed) in plan.iter().filter(|(at, _)| *at == position) {
            let Some(packet) = arriving.first_mut() else { continue };
            let len = packet.body.len().max(1);
            match deed {
                Deed::Flip(at, mask) => {
                    packet.body.0.get_mut(at % len).into_iter().for_each(|b| *b ^= mask);
                }
                Deed::Cut(at) => packet.body.0.truncate(at % len),
                Deed::Drop => arriving.clear(),
                Deed::Twice => {
                    let again = packet.clone();
                    arriving.push(again);
                }
                Deed::Older(at) => packet.body = seen[at % seen.len()].body.clone(),
                Deed::From(index) => packet.from = *index,
                Deed::To(index) => packet.to = *index,
            }
        }
        arriving
    })
}

fn cases(cases: u32) -> Config {
    Config { cases, failure_persistence: None, ..Config::default() }
}

/// A generator for mischief: SplitMix64.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % n as u64) as usize
    }

    fn garble(&mut self, bytes: &mut Vec<u8>) {
        match (self.below(4), bytes.len()) {
            (0, _) => bytes.push(7),
            (1, len) => bytes.truncate(self.below(len + 1)),
            (_, 0) => {}
            (_, len) => bytes[self.below(len)] ^= 1 << self.below(8),
        }
    }
}

/// Garbles one frame in twenty, in a way that a node can: everything inside the channel.
fn random_mischief(seed: u64) -> Mischief {
    let mut dice = Dice(seed);
    Box::new(move |_, header, direct| {
        if dice.below(20) > 0 {
            return false;
        }
        match dice.below(6) {
            0 => header.round = dice.below(4) as u32,
            1 => header.session.0.0[0] ^= 1,
            2 => dice.garble(direct),
            _ => garble_body(&mut dice, header),
        }
        dice.below(2) == 0
    })
}

fn garble_body(dice: &mut Dice, header: &mut Header) {
    match &mut header.body {
        Body::Commit(hash) => hash.0.0[dice.below(32)] ^= 1,
        Body::Reveal(nonce, report) => match dice.below(4) {
            0 => nonce.0[dice.below(32)] ^= 1,
            1 => report.truncate(1),
            2 => report[0].1 = Hash::ZERO,
            _ => report[1].0 = dice.below(5) as u16,
        },
        Body::Round(Some((payload, signature))) => match dice.below(8) {
            0 => signature.0[dice.below(64)] ^= 1,
            1 => header.body = Body::Round(None),
            _ => dice.garble(&mut payload.0),
        },
        Body::Round(None) => header.body = Body::Echo(vec![]),
        Body::Echo(report) => {
            let at = dice.below(report.len());
            match dice.below(4) {
                0 => drop(report.remove(at)),
                1 => report[at].1.0.0[0] ^= 1,
                2 => report[at].0 = dice.below(5) as u16,
                _ => report[at] = report[0],
            }
        }
    }
}

/// Runs with one faulty node: the honest name no other, and agree where they finish.
fn with_faulty<T, P: PartialEq + std::fmt::Debug>(
    mut run: Run<T>,
    faulty: u16,
    seed: u64,
    relay: &mut Relay<'_>,
    public: impl Fn(&T) -> P,
) {
    run.sessions.get_mut(&faulty).unwrap().misbehave(random_mischief(seed));
    run.relay(relay);
    run.results.remove(&faulty);
    for (index, result) in &mut run.results {
        if let Err(fault @ Fault::Misbehaviour { .. }) = result {
            assert_eq!(fault.culprits(), [faulty], "{index} says {fault:?}");
            *fault = Fault::disturbed("rightly blamed");
        }
    }
    check("one faulty node", &run.results, public);
}

fn shares(nodes: &[Node]) -> (KeyCardBody, Vec<KeyShare>) {
    let shares = crate::faulty::pending(CURVE, nodes);
    (shares[0].card().clone(), shares)
}

proptest! {
    #![proptest_config(cases(100))]

    #[test]
    fn r13_no_relay_gets_anyone_blamed(plan in vec((0usize..110, deed()), 1..4)) {
        whole_life(&nodes(3), &mut hostile(plan));
    }

    /// A faulty node, and a relay that may help it.
    #[test]
    fn r13_no_faulty_node_gets_another_blamed(
        faulty in 1u16..4,
        seed in any::<u64>(),
        plan in vec((0usize..60, deed()), 0..2),
    ) {
        let nodes = nodes(3);
        let all = fresh(&nodes);
        with_faulty(generating(&all, &nodes), faulty, seed, &mut hostile(plan.clone()), public);
        let (card, shares) = shares(&nodes);
        let keys: Vec<_> = nodes.iter().map(|node| node.card.card.signing_key).collect();
        let run = Run::open(&all, &nodes, |index| {
            let at = usize::from(index) - 1;
            let signature = nodes[at].secrets.signing().sign(&card.hash().unwrap());
            activate::party(&shares[at], signature, keys.clone()).unwrap()
        });
        with_faulty(run, faulty, seed, &mut hostile(plan.clone()), Clone::clone);
        let run = Run::open(&all, &nodes, |index| sign(&shares, index));
        with_faulty(run, faulty, seed, &mut hostile(plan), Clone::clone);
    }
}

#[test]
fn the_dice_are_not_loaded() {
    let mut dice = Dice(OsRng.next_u64());
    let thrown = (0..2000).filter(|_| dice.below(20) == 0).count();
    assert!((40..200).contains(&thrown), "{thrown}");
}
