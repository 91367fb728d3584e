//! Runs protocol sessions of several parties in memory, as an honest (or other) relay would.

use std::{collections::BTreeMap, sync::Arc};

use quorate::{
    card::{NodeCard, NodeSecrets},
    codec::HexArray,
    curve::Curve,
    digest::Hash,
    ids::{Name, Time},
    keyshare::{KeyCardBody, KeyShare, Purpose},
    protocol::{
        Fault, Party, activate,
        dkg::{self, Generated},
        session::{PROTOCOL_VERSION, Packet, Session, Terms},
    },
};
use rand_core::OsRng;

pub struct Node {
    pub name: Name,
    pub secrets: Arc<NodeSecrets>,
    pub card: NodeCard,
}

/// `n` nodes, OFFICIAL_1 and on.
pub fn nodes(n: u16) -> Vec<Node> {
    (1..=n)
        .map(|i| {
            let name: Name = format!("OFFICIAL_{i}").parse().unwrap();
            let secrets = NodeSecrets::random(&mut OsRng);
            let card = secrets.card(name.clone(), Time::now()).unwrap();
            Node { name, secrets: Arc::new(secrets), card }
        })
        .collect()
}

pub fn terms(curve: Curve, threshold: u16, nodes: &[Node], participants: Vec<u16>) -> Terms {
    Terms {
        version: PROTOCOL_VERSION,
        operation: "test".into(),
        genesis_hash: Hash::ZERO,
        request_hash: Hash::plain(b"request"),
        op_id: HexArray::random(&mut OsRng),
        attempt: 1,
        curve,
        threshold,
        roster: nodes.iter().map(|node| node.name.clone()).collect(),
        participants,
        epoch: 0,
        key_card_hash: None,
        aux_table_hash: None,
    }
}

/// A relay that may alter what it carries: gets every packet, returns what arrives instead.
pub type Relay<'a> = Box<dyn FnMut(Packet) -> Vec<Packet> + 'a>;

pub fn honest<'a>() -> Relay<'a> {
    Box::new(|packet| vec![packet])
}

pub struct Run<T> {
    pub sessions: BTreeMap<u16, Session<T>>,
    pub packets: Vec<Packet>,
    pub results: BTreeMap<u16, Result<T, Fault>>,
}

impl<T> Run<T> {
    /// Opens a session for every participant.
    pub fn open(terms: &Terms, nodes: &[Node], mut party: impl FnMut(u16) -> Box<dyn Party<T>>) -> Self {
        let cards: BTreeMap<u16, NodeCard> =
            (1u16..).zip(nodes).map(|(i, node)| (i, node.card.clone())).collect();
        let mut run = Self { sessions: BTreeMap::new(), packets: Vec::new(), results: BTreeMap::new() };
        for index in terms.participants.clone() {
            let secrets = nodes[usize::from(index) - 1].secrets.clone();
            let (session, packets) =
                Session::open(terms.clone(), index, secrets, &cards, party(index), Box::new(OsRng)).unwrap();
            run.sessions.insert(index, session);
            run.packets.extend(packets);
        }
        run
    }

    /// Carries packets until nothing moves.
    pub fn relay(&mut self, relay: &mut Relay<'_>) {
        while !self.packets.is_empty() {
            let sent = std::mem::take(&mut self.packets);
            let mut arriving: BTreeMap<u16, Vec<Packet>> = BTreeMap::new();
            for packet in sent.into_iter().flat_map(&mut *relay) {
                arriving.entry(packet.to).or_default().push(packet);
            }
            for (index, packets) in arriving {
                if self.results.contains_key(&index) {
                    continue;
                }
                match self.sessions.get_mut(&index).unwrap().deliver(packets) {
                    Ok(progress) => {
                        self.packets.extend(progress.packets);
                        if let Some(output) = progress.output {
                            self.results.insert(index, Ok(output));
                        }
                    }
                    Err(fault) => {
                        self.results.insert(index, Err(fault));
                    }
                }
            }
        }
    }

    /// Carries everything honestly; every party must have a result.
    pub fn finish(mut self) -> BTreeMap<u16, (T, Session<T>)> {
        self.relay(&mut honest());
        let mut sessions = self.sessions;
        self.results
            .into_iter()
            .map(|(index, result)| (index, (result.unwrap(), sessions.remove(&index).unwrap())))
            .collect()
    }
}

/// A key generated and activated by all nodes: their shares, and the card they agree on.
pub fn generate(curve: Curve, threshold: u16, nodes: &[Node]) -> Vec<KeyShare> {
    let n = u16::try_from(nodes.len()).unwrap();
    let terms = terms(curve, threshold, nodes, (1..=n).collect());
    let run = Run::open(&terms, nodes, |_| dkg::party(curve, threshold, n));
    let template = card_template(curve, threshold, nodes);
    let keys: Vec<_> = nodes.iter().map(|node| node.card.card.signing_key).collect();
    let mut shares = Vec::new();
    let mut activation = Run { sessions: BTreeMap::new(), packets: vec![], results: BTreeMap::new() };
    for (index, (generated, session)) in run.finish() {
        let share = share_of(&template, index, generated);
        let signature = nodes[usize::from(index) - 1].secrets.signing().sign(&share.card().hash().unwrap());
        let party = activate::party(&share, signature, keys.clone()).unwrap();
        let (session, progress) = session.then(party).unwrap();
        activation.sessions.insert(index, session);
        activation.packets.extend(progress.packets);
        shares.push(share);
    }
    let cards: Vec<_> = activation.finish().into_values().map(|(card, _)| card).collect();
    assert_eq!(cards.len(), nodes.len());
    assert!(cards.iter().all(|card| card.card == cards[0].card && card.proof == cards[0].proof));
    shares
}

pub fn share_of(template: &KeyCardBody, index: u16, generated: Generated) -> KeyShare {
    let card = generated.complete(template.clone());
    KeyShare::new(card, index, generated.scalar, generated.chain_code).unwrap()
}

pub fn card_template(curve: Curve, threshold: u16, nodes: &[Node]) -> KeyCardBody {
    KeyCardBody {
        version: 1,
        key_id: quorate::ids::KeyId::random(&mut OsRng),
        label: None,
        purpose: Purpose::Rehearsal,
        curve,
        threshold,
        participants: nodes.len().try_into().unwrap(),
        roster: nodes.iter().map(|node| node.name.clone()).collect(),
        genesis_id: HexArray([0; 16]),
        genesis_hash: Hash::ZERO,
        group_public_key: Default::default(),
        chain_code_hash: Hash::ZERO,
        verification_shares: vec![],
        epoch: 0,
        previous_card_hash: None,
    }
}
