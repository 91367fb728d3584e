use rand_core::OsRng;

use super::*;
use crate::{
    card::{NodeSecrets, PersonCard},
    digest::Hash,
    identity::{PersonIdentity, Replaces},
    secret::Secret,
    wrap::recipient::Identity,
};

fn name(text: &str) -> Name {
    text.parse().unwrap()
}

/// Nodes by name, each with its secrets and its card.
struct Nodes(Vec<(Name, NodeSecrets, crate::card::NodeCard)>);

impl Nodes {
    fn new(names: &[&str]) -> Self {
        let node = |text: &&str| {
            let secrets = NodeSecrets::random(&mut OsRng);
            let card = secrets.card(name(text), Time::now()).unwrap();
            (name(text), secrets, card)
        };
        Self(names.iter().map(node).collect())
    }

    fn entry(&self, text: &str) -> NodeEntry {
        let (name, _, card) = self.0.iter().find(|(n, _, _)| n.as_str() == text).unwrap();
        NodeEntry { name: name.clone(), card: card.clone() }
    }

    fn first(&self, names: &[&str]) -> Genesis {
        let cards = names.iter().map(|name| self.entry(name).card).collect();
        Genesis::rehearsal(HexArray::random(&mut OsRng), cards, Time::now())
    }

    /// Signed by all the nodes of the version that are known here.
    fn sign(&self, genesis: Genesis) -> SignedGenesis {
        let names: Vec<Name> = genesis.nodes.iter().map(|entry| entry.name.clone()).collect();
        self.sign_by(&names, genesis)
    }

    fn sign_by(&self, names: &[Name], genesis: Genesis) -> SignedGenesis {
        let of = |wanted: &Name| self.0.iter().find(|(name, _, _)| name == wanted);
        let signatures = names.iter().filter_map(of);
        let signatures = signatures.map(|(name, s, _)| genesis.sign(name.clone(), s.signing()).unwrap());
        let signatures = signatures.collect();
        SignedGenesis::new(genesis, signatures)
    }
}

fn card(text: &str) -> PersonCard {
    PersonIdentity::random(name(text), &mut OsRng).card(Time::now(), None).unwrap()
}

/// The same keys under another name.
fn renamed(identity: &PersonIdentity, name: Name) -> PersonIdentity {
    let secret = Secret::from_slice(identity.age().secret().expose()).unwrap();
    PersonIdentity::new(name, Identity::from_secret(secret))
}

fn custodian(card: PersonCard, server: &str) -> PersonEntry {
    let roles = vec![Role::Custodian];
    PersonEntry { name: card.card.name.clone(), roles, server: Some(name(server)), card }
}

fn moved(old: &str, new: &str) -> Replacement {
    Replacement { old_node: name(old), new_node: name(new) }
}

/// Three nodes; then A is custodian of N1; then X is in the place of N1, also for A.
struct Grown {
    nodes: Nodes,
    versions: Vec<Genesis>,
}

impl Grown {
    fn new() -> Self {
        let nodes = Nodes::new(&["N1", "N2", "N3", "X", "Y", "Z"]);
        let first = nodes.first(&["N1", "N2", "N3"]);
        let mut second = first.next(Time::now()).unwrap();
        second.people.push(custodian(card("A"), "N1"));
        let mut third = second.next(Time::now()).unwrap();
        third.nodes[0] = nodes.entry("X");
        third.people[0].server = Some(name("X"));
        third.replacements.push(moved("N1", "X"));
        Self { nodes, versions: vec![first, second, third] }
    }

    fn chain(&self) -> Chain {
        self.with(&[])
    }

    fn with(&self, more: &[Genesis]) -> Chain {
        let all = self.versions.iter().chain(more).cloned();
        Chain::check(&all.map(|genesis| self.nodes.sign(genesis)).collect::<Vec<_>>()).unwrap()
    }

    /// What becomes of the chain when `alter` makes the version after the last.
    fn next(&self, alter: impl FnOnce(&mut Genesis)) -> Result<Hash, GenesisError> {
        let mut chain = self.chain();
        let mut next = chain.current().next(Time::now()).unwrap();
        alter(&mut next);
        let judged = chain.check_next(&next);
        let appended = chain.append(&self.nodes.sign(next));
        assert_eq!(judged.is_ok(), appended.is_ok(), "{judged:?} {appended:?}");
        judged
    }
}

#[test]
fn r22_a_genesis_signed_by_all_its_nodes_is_accepted() {
    let nodes = Nodes::new(&["N1", "N2", "N3"]);
    let first = nodes.sign(nodes.first(&["N1", "N2", "N3"]));
    let chain = Chain::check(std::slice::from_ref(&first)).unwrap();
    assert_eq!(chain.current(), &first.genesis);
    assert!(chain.version(&chain.current_hash()).is_some());
}

#[test]
fn r22_an_altered_genesis_is_refused() {
    let nodes = Nodes::new(&["N1", "N2", "N3"]);
    let first = nodes.first(&["N1", "N2", "N3"]);
    let cases: [fn(&mut Genesis); 9] = [
        |g| g.version = 2,
        |g| g.mode = Mode::Production,
        |g| g.sequence = 1,
        |g| g.previous_hash = Some(Hash::ZERO),
        |g| g.nodes.truncate(1),
        |g| g.nodes[1] = g.nodes[0].clone(),
        |g| g.nodes[1].card = g.nodes[0].card.clone(),
        |g| g.policy.validity_seconds = 86_401,
        |g| g.replacements.push(moved("N1", "N2")),
    ];
    for (i, alter) in cases.into_iter().enumerate() {
        let mut altered = first.clone();
        alter(&mut altered);
        assert!(Chain::check(&[nodes.sign(altered)]).is_err(), "case {i}");
    }
    let good = nodes.sign(first.clone());
    let mut unsigned = good.clone();
    unsigned.signatures.pop();
    assert!(matches!(Chain::check(&[unsigned]), Err(GenesisError::Signature(0, _))));
    let mut edited = good.clone();
    edited.genesis.policy.allow_blind = false;
    assert!(matches!(Chain::check(&[edited]), Err(GenesisError::Signature(0, _))));
    let mut twice = good.clone();
    twice.signatures.push(good.signatures[0].clone());
    assert!(matches!(Chain::check(&[twice]), Err(GenesisError::Surplus(0))));
    let stranger = Nodes::new(&["S"]);
    let mut surplus = good;
    surplus.signatures.push(first.sign(name("S"), stranger.0[0].1.signing()).unwrap());
    assert!(matches!(Chain::check(&[surplus]), Err(GenesisError::Surplus(0))));
    assert!(matches!(Chain::check(&[]), Err(GenesisError::Empty)));
}

#[test]
fn r22_a_chain_grows_by_people_and_replaced_nodes() {
    let grown = Grown::new();
    let chain = grown.chain();
    assert_eq!(chain.current().custodian(&name("X")).unwrap().name, name("A"));
    assert!(chain.current().custodian(&name("N1")).is_none());
    let of = |chain: &Chain, who: &str| chain.current().holder(&name(who)).to_string();
    assert_eq!((of(&chain, "N1"), of(&chain, "N2"), of(&chain, "X")), ("X".into(), "N2".into(), "X".into()));
    assert_eq!(chain.current().replacement(&name("N1")), Some(&name("X")));
    assert_eq!(chain.current().replacement(&name("N2")), None);
    // A node once more; one more person; nobody at all; a smaller set, whose nodes nobody took the place of.
    let mut fourth = chain.current().next(Time::now()).unwrap();
    fourth.nodes[0] = grown.nodes.entry("Y");
    fourth.people[0].server = Some(name("Y"));
    fourth.replacements.push(moved("X", "Y"));
    let longer = grown.with(&[fourth]);
    assert_eq!((of(&longer, "N1"), of(&longer, "X")), ("Y".into(), "Y".into()));
    assert_eq!(longer.versions().nth(2).unwrap().holder(&name("N1")), &name("X"), "as it was then");
    grown
        .next(|g| {
            g.nodes.remove(0);
            g.people.clear();
        })
        .unwrap();
    grown.next(|g| g.people.push(custodian(card("B"), "N2"))).unwrap();
    grown.next(|g| g.people.clear()).unwrap();
    grown.next(|_| ()).unwrap();
}

#[test]
fn r22_a_next_version_of_strangers_or_with_other_nodes_is_refused() {
    let grown = Grown::new();
    let strangers = Nodes::new(&["X", "N2", "N3"]);
    let mut chain = grown.chain();
    let mut theirs = chain.current().next(Time::now()).unwrap();
    theirs.nodes = ["X", "N2", "N3"].map(|name| strangers.entry(name)).into();
    assert!(matches!(chain.append(&strangers.sign(theirs)), Err(GenesisError::KeyChanged(_))));
    let nodes = &grown.nodes;
    let two = grown.next(|g| (g.nodes[1], g.nodes[2]) = (nodes.entry("Y"), nodes.entry("Z")));
    assert!(matches!(two, Err(GenesisError::Chain(3))));
    let back = grown.next(|g| g.nodes[1] = nodes.entry("N1"));
    assert!(matches!(back, Err(GenesisError::OldNode(_))));
    let same_keys = |g: &mut Genesis| {
        let secrets = &nodes.0[0].1;
        g.nodes[1] = NodeEntry { name: name("V"), card: secrets.card(name("V"), Time::now()).unwrap() };
    };
    assert!(matches!(grown.next(same_keys), Err(GenesisError::SharedKey(_))));
    for alter in [
        (|g| g.sequence = 2) as fn(&mut Genesis),
        |g| g.sequence = 4,
        |g| g.previous_hash = Some(Hash::ZERO),
        |g| g.genesis_id.0[0] ^= 1,
    ] {
        assert!(matches!(grown.next(alter), Err(GenesisError::Chain(_))));
    }
}

#[test]
fn r22_who_took_a_place_keeps_it_and_comes_when_the_other_goes() {
    let grown = Grown::new();
    let refused = |what: &str, alter: &dyn Fn(&mut Genesis)| {
        assert!(grown.next(alter).is_err(), "{what}");
    };
    refused("forgotten", &|g| g.replacements.clear());
    refused("altered", &|g| g.replacements[0].new_node = name("N2"));
    refused("twice", &|g| g.replacements.push(moved("N1", "X")));
    refused("from one that went before", &|g| g.replacements.push(moved("N1", "N2")));
    refused("from one that stays", &|g| g.replacements.push(moved("N2", "X")));
    refused("from a stranger", &|g| g.replacements.push(moved("V", "X")));
    let next = |alter: &dyn Fn(&mut Genesis)| {
        grown.next(|g| {
            g.nodes[0] = grown.nodes.entry("Y");
            g.people.clear();
            alter(g);
        })
    };
    next(&|g| g.replacements.push(moved("X", "Y"))).unwrap();
    let refused = |what: &str, alter: &dyn Fn(&mut Genesis)| assert!(next(alter).is_err(), "{what}");
    refused("to one that was there", &|g| g.replacements.push(moved("X", "N2")));
    refused("to one that is not there", &|g| g.replacements.push(moved("X", "Z")));
    refused("from one that stays", &|g| g.replacements.push(moved("N2", "Y")));
    refused("by two", &|g| {
        g.nodes.push(grown.nodes.entry("Z"));
        g.replacements.extend([moved("X", "Y"), moved("X", "Z")]);
    });
    refused("in the place of two", &|g| g.replacements.extend([moved("X", "Y"), moved("N2", "Y")]));
}

#[test]
fn r22_one_of_two_nodes_goes_with_its_own_signature_only() {
    let nodes = Nodes::new(&["N1", "N2", "M"]);
    let first = nodes.first(&["N1", "N2"]);
    let chain = Chain::check(&[nodes.sign(first.clone())]).unwrap();
    let mut next = first.next(Time::now()).unwrap();
    next.nodes[0] = nodes.entry("M");
    next.replacements.push(moved("N1", "M"));
    let signed =
        |by: &[&str]| nodes.sign_by(&by.iter().map(|text| name(text)).collect::<Vec<_>>(), next.clone());
    let refused = chain.clone().append(&signed(&["M", "N2"])).unwrap_err();
    assert!(matches!(&refused, GenesisError::Signature(1, who) if *who == name("N1")), "{refused}");
    let mut grown = chain.clone();
    grown.append(&signed(&["M", "N2", "N1"])).unwrap();
    assert_eq!(grown.current().holder(&name("N1")), &name("M"));
    // Of three, the two that stay suffice, and the one that goes adds nothing.
    let three = Grown::new();
    let mut next = three.versions[1].next(Time::now()).unwrap();
    next.nodes[0] = three.nodes.entry("X");
    next.people.clear();
    let two: Vec<_> = three.versions[..2].iter().cloned().map(|genesis| three.nodes.sign(genesis)).collect();
    let before = Chain::check(&two).unwrap();
    let names = ["X", "N2", "N3", "N1"].map(name);
    let surplus = before.clone().append(&three.nodes.sign_by(&names, next.clone()));
    assert!(matches!(surplus, Err(GenesisError::Surplus(2))));
    before.clone().append(&three.nodes.sign_by(&names[..3], next)).unwrap();
}

#[test]
fn r22_a_custodian_never_walks_to_another_server() {
    let grown = Grown::new();
    let a = grown.versions[1].people[0].card.clone();
    let walks =
        |result: Result<Hash, GenesisError>| assert!(matches!(result, Err(GenesisError::Walks { .. })));
    walks(grown.next(|g| g.people[0].server = Some(name("N2"))));
    // Nor after some versions away, or in another role; and not with another card.
    let away = |roles: Option<Role>| {
        let mut away = grown.chain().current().next(Time::now()).unwrap();
        match roles {
            Some(role) => (away.people[0].roles, away.people[0].server) = (vec![role], None),
            None => away.people.clear(),
        }
        let next = away.next(Time::now()).unwrap();
        (grown.with(&[away]), next)
    };
    for role in [None, Some(Role::Approver)] {
        for (server, good) in [("X", true), ("N2", false), ("N3", false)] {
            let (mut chain, mut next) = away(role);
            next.people = vec![custodian(a.clone(), server)];
            let judged = chain.append(&grown.nodes.sign(next));
            assert_eq!(judged.is_ok(), good, "{server}: {judged:?}");
        }
    }
    // What took the place is theirs, wherever they were meanwhile; another person may have the old place.
    let mut next = grown.chain().current().next(Time::now()).unwrap();
    next.nodes[0] = grown.nodes.entry("Y");
    next.replacements.push(moved("X", "Y"));
    next.people = vec![custodian(card("B"), "Y")];
    let mut after = next.next(Time::now()).unwrap();
    after.people = vec![custodian(a, "Y")];
    grown.with(&[next, after]);
    walks(grown.next(|g| {
        g.nodes[0] = grown.nodes.entry("Y");
        g.people[0].server = Some(name("Y"));
    }));
}

#[test]
fn r26_a_version_that_could_not_be_read_back_is_refused() {
    let grown = Grown::new();
    let many = |count: usize| -> Vec<PersonEntry> {
        let one = PersonEntry { server: None, roles: vec![Role::Approver], ..custodian(card("P"), "N2") };
        (0..count).map(|i| PersonEntry { name: name(&format!("P{i}")), ..one.clone() }).collect()
    };
    let caps = |alter: &dyn Fn(&mut Genesis)| match grown.next(alter) {
        Err(GenesisError::Grown { what, size, cap }) => {
            assert!(size > cap, "{what}");
            what
        }
        other => panic!("{other:?}"),
    };
    assert_eq!(caps(&|g| g.people = many(1000)), "one version");
    assert_eq!(caps(&|g| g.sequence = 1000), "the number of versions");
    assert!(
        matches!(grown.next(|g| g.sequence = 999), Err(GenesisError::Chain(999))),
        "the last that may be"
    );
    let mut chain = grown.chain();
    let next = chain.current().next(Time::now()).unwrap();
    chain.size = CHAIN_CAP - next.signed_size().unwrap();
    chain.check_next(&next).unwrap();
    chain.size += 1;
    assert!(matches!(chain.check_next(&next), Err(GenesisError::Grown { what: "the whole", .. })));
    chain.size = CHAIN_CAP - chain.current().signed_size().unwrap() - 200;
    chain.check_room(200).unwrap();
    assert!(matches!(chain.check_room(201), Err(GenesisError::Grown { .. })));
    const { assert!(VERSION_CAP < codec::JSON_CAP && CHAIN_CAP + VERSION_CAP < 16 * codec::JSON_CAP) };
}

#[test]
fn r22_people_are_custodians_of_one_server_each_and_have_keys_of_their_own() {
    let grown = Grown::new();
    let b = card("B");
    let refused = |what: &str, alter: &dyn Fn(&mut PersonEntry)| {
        let mut entry = custodian(b.clone(), "N2");
        alter(&mut entry);
        assert!(grown.next(|g| g.people.push(entry)).is_err(), "{what}");
    };
    refused("a server with a custodian", &|p| p.server = Some(name("X")));
    refused("no node", &|p| p.server = Some(name("N1")));
    refused("no server", &|p| p.server = None);
    refused("no custodian", &|p| p.roles = vec![Role::Approver]);
    refused("no role", &|p| p.roles.clear());
    refused("a role twice", &|p| p.roles.push(Role::Custodian));
    refused("an auditor with a key", &|p| p.roles.push(Role::Auditor));
    refused("another's name", &|p| p.name = name("C"));
    refused("a name that is taken", &|p| (p.name, p.card) = (name("A"), card("A")));
    refused("an altered card", &|p| p.card.card.created_at = p.card.card.created_at.plus_seconds(1));
    let a = grown.chain().current().people[0].card.clone();
    refused("another's card", &|p| (p.name, p.card) = (name("A"), a.clone()));
    let thief = PersonIdentity::random(name("A"), &mut OsRng);
    let [one, two] = ["C", "D"].map(|n| renamed(&thief, name(n)).card(Time::now(), None).unwrap());
    let twice = grown.next(|g| g.people.extend([custodian(one.clone(), "N2"), custodian(two, "N3")]));
    assert!(matches!(twice, Err(GenesisError::SharedKey(_))), "one person under two names");
}

#[test]
fn r22_a_changed_card_is_vouched_for_by_the_one_before() {
    let nodes = Nodes::new(&["N1", "N2"]);
    let identity = || PersonIdentity::random(name("A"), &mut OsRng);
    let (old, new, stranger) = (identity(), identity(), identity());
    let first_card = old.card(Time::now(), None).unwrap();
    let rotated = new.card(Time::now(), Some(Replaces::new(&first_card, &old).unwrap())).unwrap();
    let first = nodes.first(&["N1", "N2"]);
    let mut second = first.next(Time::now()).unwrap();
    second.people.push(custodian(first_card.clone(), "N1"));
    let grown = Grown { nodes, versions: vec![first, second] };
    grown.next(|g| g.people[0].card = rotated.clone()).unwrap();
    for bad in [stranger.card(Time::now(), None).unwrap(), new.card(Time::now(), None).unwrap()] {
        let refused = grown.next(|g| g.people[0].card = bad);
        assert!(matches!(refused, Err(GenesisError::NotVouched { .. })));
    }
    // Neither being away for a version nor the older card itself gets around it.
    let mut away = grown.chain().current().next(Time::now()).unwrap();
    away.people.clear();
    let away = Grown { nodes: grown.nodes, versions: [grown.versions, vec![away]].concat() };
    away.next(|g| g.people.push(custodian(first_card.clone(), "N1"))).unwrap();
    let refused = away.next(|g| g.people.push(custodian(stranger.card(Time::now(), None).unwrap(), "N1")));
    assert!(matches!(refused, Err(GenesisError::NotVouched { .. })));
    let under_another = renamed(&old, name("B")).card(Time::now(), None).unwrap();
    let refused = away.next(|g| g.people.push(custodian(under_another, "N2")));
    assert!(matches!(refused, Err(GenesisError::SharedKey(_))));
    let mut rotated_once = away.chain().current().next(Time::now()).unwrap();
    rotated_once.people.push(custodian(rotated, "N1"));
    let rotated_once = Grown { nodes: away.nodes, versions: [away.versions, vec![rotated_once]].concat() };
    let refused = rotated_once.next(|g| g.people[0].card = first_card);
    assert!(matches!(refused, Err(GenesisError::NotVouched { .. })));
}
