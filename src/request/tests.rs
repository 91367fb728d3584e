//! Approvals under a production genesis: every one that does not count has its own reason.

use rand_core::OsRng;

use super::*;
use crate::{
    card::NodeSecrets,
    genesis::{Chain, Genesis, GenesisError, PersonEntry, SignedGenesis},
    identity::PersonIdentity,
    policy::{Policy, Role},
};

fn name(text: &str) -> Name {
    text.parse().unwrap()
}

fn start() -> Time {
    "2026-01-01T00:00:00Z".parse().unwrap()
}

/// A production set of three nodes: custodians A, B, C, the key generator K, the auditor U.
struct Stage {
    nodes: Vec<(Name, NodeSecrets)>,
    people: Vec<PersonIdentity>,
    chain: Chain,
}

impl Stage {
    fn new() -> Self {
        let nodes: Vec<_> =
            (1..=3).map(|i| (name(&format!("OFFICIAL_{i}")), NodeSecrets::random(&mut OsRng))).collect();
        let people: Vec<_> =
            ["A", "B", "C", "K", "U"].map(|n| PersonIdentity::random(name(n), &mut OsRng)).into();
        let mut stage = Self { chain: chain_of_one(&nodes), nodes, people };
        stage.chain = Chain::check(&[stage.sign_all(stage.first())]).unwrap();
        stage
    }

    fn first(&self) -> Genesis {
        let cards = self.nodes.iter().map(|(name, node)| node.card(name.clone(), start()).unwrap()).collect();
        let people = self.people.iter().map(entry).collect();
        Genesis::production(HexArray([7; 16]), cards, people, Policy::production(), start())
    }

    fn sign_all(&self, genesis: Genesis) -> SignedGenesis {
        let nodes = self.nodes.iter().map(|(name, node)| genesis.sign(name.clone(), node.signing()).unwrap());
        let people = self.people.iter().map(|who| genesis.sign(who.name().clone(), who.approval()).unwrap());
        let people: Vec<_> = people.collect();
        let adopters = if genesis.sequence == 0 { people } else { Vec::new() };
        SignedGenesis::new(genesis.clone(), nodes.chain(adopters).collect())
    }

    fn person(&self, who: &str) -> &PersonIdentity {
        self.people.iter().find(|person| person.name().as_str() == who).unwrap()
    }

    fn request(&self, action: Action, requester: &str) -> SignedRequest {
        let request = Request {
            version: 1,
            key_card_hash: Some(Hash::plain(b"card")).filter(|_| !matches!(action, Action::Govern(_))),
            action,
            genesis_hash: self.chain.current_hash(),
            policy_hash: self.chain.current().policy.hash().unwrap(),
            requester: name(requester),
            op_id: HexArray([1; 16]),
            max_attempts: 3,
            not_before: start(),
            expiry: start().plus_seconds(3600),
            node_heads: Vec::new(),
        };
        SignedRequest::signed(request, self.person(requester).approval()).unwrap()
    }

    fn import(&self) -> SignedRequest {
        let params = ImportParams {
            key_id: KeyId::random(&mut OsRng),
            server: name("OFFICIAL_1"),
            share_blob_hash: Hash::ZERO,
            aux_blob_hash: None,
        };
        self.request(Action::Import(params), "K")
    }

    fn approve(&self, signed: &mut SignedRequest, people: &[&str]) {
        let hash = signed.request.hash().unwrap();
        let by = |who: &&str| Approval::sign(name(who), hash, self.person(who).approval());
        signed.approvals.extend(people.iter().map(by));
    }

    fn judge(&self, signed: &SignedRequest) -> Result<Hash, RequestError> {
        let now = start().plus_seconds(10);
        Approved::check(signed.clone(), &self.chain, now).map(|approved| approved.hash())
    }

    /// The next version, adopted by a request with these approvals.
    fn govern(&self, next: Genesis, people: &[&str]) -> SignedGenesis {
        let about = GovernParams { next_hash: next.hash().unwrap() };
        let mut adoption = self.request(Action::Govern(about), "K");
        self.approve(&mut adoption, people);
        SignedGenesis { adoption: Some(Box::new(adoption)), ..self.sign_all(next) }
    }
}

/// Any chain, to be replaced.
fn chain_of_one(nodes: &[(Name, NodeSecrets)]) -> Chain {
    let cards = nodes.iter().map(|(name, node)| node.card(name.clone(), start()).unwrap()).collect();
    let genesis = Genesis::rehearsal(HexArray([1; 16]), cards, start());
    let by = |(name, node): &(Name, NodeSecrets)| genesis.sign(name.clone(), node.signing()).unwrap();
    Chain::check(&[SignedGenesis::new(genesis.clone(), nodes.iter().map(by).collect())]).unwrap()
}

fn entry(person: &PersonIdentity) -> PersonEntry {
    let (role, server) = match person.name().as_str() {
        "A" => (Role::Custodian, Some("OFFICIAL_1")),
        "B" => (Role::Custodian, Some("OFFICIAL_2")),
        "C" => (Role::Custodian, Some("OFFICIAL_3")),
        "K" => (Role::KeyGenerator, None),
        _ => (Role::Auditor, None),
    };
    PersonEntry {
        name: person.name().clone(),
        roles: vec![role],
        server: server.map(name),
        card: person.card(start(), None).unwrap(),
    }
}

fn refused(stage: &Stage, signed: &SignedRequest) -> String {
    stage.judge(signed).unwrap_err().to_string()
}

#[test]
fn r38_two_distinct_custodians_beside_the_requester_are_enough() {
    let stage = Stage::new();
    let mut signed = stage.import();
    assert!(refused(&stage, &signed).contains("needs the approval of 2 people"));
    stage.approve(&mut signed, &["A"]);
    assert!(refused(&stage, &signed).contains("1 count"));
    stage.approve(&mut signed, &["C"]);
    assert_eq!(stage.judge(&signed).unwrap(), signed.request.hash().unwrap());
    // What does not count does no harm.
    stage.approve(&mut signed, &["U", "A", "K"]);
    stage.judge(&signed).unwrap();
}

#[test]
fn r38_each_approval_that_does_not_count_has_its_reason() {
    let stage = Stage::new();
    let mut base = stage.import();
    stage.approve(&mut base, &["A"]);
    let hash = base.request.hash().unwrap();
    let stranger = PersonIdentity::random(name("A"), &mut OsRng);
    let other = Hash::plain(b"another request");
    let by = |who: &str, hash| Approval::sign(name(who), hash, stage.person(who).approval());
    let mut cut = by("B", hash);
    cut.signature.0[63] ^= 1;
    // B's signature under C's name; the name is signed, too.
    let mut renamed = by("B", hash);
    renamed.approver = name("C");
    // A signature of another domain: the bare request hash, as a requester signs it.
    let mut domain = by("B", hash);
    domain.signature = stage.person("B").approval().sign(&hash);
    let cases = [
        ("duplicate", by("A", hash)),
        ("otherKey", Approval::sign(name("A"), hash, stranger.approval())),
        ("requester", by("K", hash)),
        ("auditor", by("U", hash)),
        ("notEnrolled", Approval::sign(name("Z"), hash, stranger.approval())),
        ("otherRequest", by("B", other)),
        ("badSignature", cut),
        ("badSignature", renamed),
        ("badSignature", domain),
    ];
    for (reason, approval) in cases {
        let mut signed = base.clone();
        signed.approvals.push(approval);
        let need = &needs(&signed, &stage.chain, None).unwrap()[0];
        assert_eq!(need.judged[1].verdict.name(), reason);
        assert!(!need.is_met() && stage.judge(&signed).is_err(), "{reason}");
        stage.approve(&mut signed, &["B"]);
        stage.judge(&signed).unwrap();
    }
    let open = &needs(&base, &stage.chain, None).unwrap()[0].open;
    assert_eq!(open, &["B", "C"].map(name));
    // Whoever has another role does not count; nor does a custodian who asked.
    let mut policy = stage.first();
    policy.policy.quorums.import.role = Role::KeyGenerator;
    assert!(matches!(policy.check(), Err(GenesisError::Quorum("import", "keyGenerator", 2))));
    let mut own = stage.request(base.request.action.clone(), "A");
    stage.approve(&mut own, &["A", "B"]);
    assert!(refused(&stage, &own).contains("not that of A: asked for it"));
    stage.approve(&mut own, &["C"]);
    stage.judge(&own).unwrap();
}

#[test]
fn r37_the_requester_is_enrolled_and_signs_what_is_asked() {
    let stage = Stage::new();
    let mut good = stage.import();
    stage.approve(&mut good, &["A", "B"]);
    stage.judge(&good).unwrap();
    type Alter = fn(&mut SignedRequest);
    let cases: [(&str, Alter); 4] = [
        ("not signed by its requester", |r| r.requester_signature = None),
        ("not signed by its requester", |r| r.request.requester = "A".parse().unwrap()),
        ("not enrolled", |r| r.request.requester = "operator".parse().unwrap()),
        ("or is an auditor", |r| r.request.requester = "U".parse().unwrap()),
    ];
    for (reason, alter) in cases {
        let mut bad = good.clone();
        alter(&mut bad);
        assert!(refused(&stage, &bad).contains(reason), "{reason}: {}", refused(&stage, &bad));
    }
    // Anything that is changed voids the requester's signature, and every approval.
    let changes: [fn(&mut Request); 6] = [
        |r| r.op_id = HexArray([2; 16]),
        |r| r.expiry = r.expiry.plus_seconds(1),
        |r| r.max_attempts = 4,
        |r| r.key_card_hash = Some(Hash::plain(b"another card")),
        |r| r.node_heads.push(NodeHead { node: "OFFICIAL_1".parse().unwrap(), counter: 1, head: Hash::ZERO }),
        |r| {
            let Action::Import(params) = &mut r.action else { return };
            params.share_blob_hash = Hash::plain(b"another share");
        },
    ];
    for change in changes {
        let mut bad = good.clone();
        change(&mut bad.request);
        assert!(matches!(stage.judge(&bad), Err(RequestError::Unsigned(_))));
        bad.requester_signature = Some(stage.person("K").approval().sign(&bad.request.hash().unwrap()));
        assert!(refused(&stage, &bad).contains("it is for another request"));
    }
}

#[test]
fn r40_requests_live_between_their_times_and_no_longer_than_the_policy_says() {
    let stage = Stage::new();
    let mut good = stage.import();
    stage.approve(&mut good, &["A", "B"]);
    let at = |seconds| Approved::check(good.clone(), &stage.chain, start().plus_seconds(seconds)).map(drop);
    assert!(at(0).is_ok() && at(3599).is_ok());
    assert!(matches!(at(3600), Err(RequestError::Expired(_))), "expired by a second");
    assert!(matches!(at(-1), Err(RequestError::NotYet(_))));
    let mut long = good.request.clone();
    long.expiry = start().plus_seconds(86_401);
    let long = SignedRequest::signed(long, stage.person("K").approval()).unwrap();
    assert!(matches!(stage.judge(&long), Err(RequestError::Lifetime(86_400))));
}

#[test]
fn r38_more_approvals_than_anybody_needs_are_refused_unread() {
    let stage = Stage::new();
    let mut signed = stage.import();
    stage.approve(&mut signed, &["A", "B"]);
    let one = signed.approvals[0].clone();
    signed.approvals.resize(APPROVALS_CAP, one.clone());
    stage.judge(&signed).unwrap();
    signed.approvals.push(one);
    assert!(matches!(stage.judge(&signed), Err(RequestError::Crowd)));
}

#[test]
fn r38_keys_are_made_when_a_key_generator_asks() {
    let stage = Stage::new();
    let abandon = |who: &str| {
        let action = Action::Abandon(KeyParams { key_id: KeyId::random(&mut OsRng) });
        stage.judge(&stage.request(action, who))
    };
    abandon("K").unwrap();
    assert!(matches!(abandon("A"), Err(RequestError::KeyGenerator(_))));
}

#[test]
fn r38_a_signature_takes_as_many_custodians_as_shares() {
    let stage = Stage::new();
    let params = SignParams {
        key_id: KeyId::random(&mut OsRng),
        signers: vec![1, 2, 3],
        content: Content::Message { message: b"pay".to_vec().into(), hash: None },
        path: String::new(),
        taproot: false,
    };
    let mut signed = stage.request(Action::Sign(params.clone()), "K");
    stage.approve(&mut signed, &["A", "B"]);
    assert!(refused(&stage, &signed).contains("needs the approval of 3 people"));
    stage.approve(&mut signed, &["C"]);
    stage.judge(&signed).unwrap();
    let blind = SignParams { content: Content::Digest { digest: vec![1; 32].into() }, ..params };
    let mut blind = stage.request(Action::Sign(blind), "K");
    stage.approve(&mut blind, &["A", "B", "C"]);
    assert!(matches!(stage.judge(&blind), Err(RequestError::Blind)));
}

#[test]
fn r43_shares_are_recovered_to_an_enrolled_person_only() {
    let stage = Stage::new();
    let params = |who: &str| RecoverParams {
        key_id: KeyId::random(&mut OsRng),
        servers: vec![name("OFFICIAL_1"), name("OFFICIAL_2")],
        recipient: stage.person(who).recipient(),
        owner: name(who),
        reason: "drill".into(),
        delete: false,
    };
    let judge = |params| {
        let mut signed = stage.request(Action::Recover(params), "K");
        stage.approve(&mut signed, &["A", "B"]);
        stage.judge(&signed)
    };
    judge(params("C")).unwrap();
    type Alter = fn(&mut RecoverParams);
    let cases: [(Alter, &str); 6] = [
        (|p| p.owner = "B".parse().unwrap(), "not that of B's enrolled card"),
        (|p| p.owner = "Z".parse().unwrap(), "not enrolled"),
        (|p| p.reason = String::new(), "1 to 500"),
        (|p| p.reason = "a\nb".into(), "1 to 500"),
        (|p| p.servers[1] = p.servers[0].clone(), "named twice"),
        (|p| p.servers[1] = "OFFICIAL_9".parse().unwrap(), "not a server"),
    ];
    for (alter, reason) in cases {
        let mut bad = params("C");
        alter(&mut bad);
        let error = judge(bad).unwrap_err().to_string();
        assert!(error.contains(reason), "{error}");
    }
    assert!(judge(params("U")).is_err(), "an auditor holds no key");
}

#[test]
fn r22_production_begins_with_everybodys_signature() {
    let stage = Stage::new();
    let good = stage.sign_all(stage.first());
    assert!(Chain::check(std::slice::from_ref(&good)).is_ok());
    for at in 0..good.signatures.len() {
        let mut bad = good.clone();
        let gone = bad.signatures.remove(at);
        assert!(matches!(Chain::check(&[bad]), Err(GenesisError::Signature(0, name)) if name == gone.name));
    }
    let weak: [fn(&mut Policy); 4] = [
        |p| p.quorums.recover.count = 1,
        |p| p.quorums.policy_change.count = 0,
        |p| p.quorums.recover.role = Role::Auditor,
        |p| p.purposes.push(crate::keyshare::Purpose::Rehearsal),
    ];
    for weaken in weak {
        let mut genesis = stage.first();
        weaken(&mut genesis.policy);
        assert!(matches!(genesis.check(), Err(GenesisError::Policy(_))));
    }
    let mut beyond = stage.first();
    beyond.policy.quorums.recover.count = 4;
    assert!(matches!(beyond.check(), Err(GenesisError::Quorum("recover", "custodian", 4))));
    // Whoever asks does not count: three of three custodians need somebody else to ask.
    beyond.policy.quorums.recover.count = 3;
    beyond.check().unwrap();
    beyond.people.retain(|person| person.name != name("K"));
    assert!(matches!(beyond.check(), Err(GenesisError::Quorum("recover", "custodian", 3))));
}

#[test]
fn r41_only_the_old_quorum_changes_people_and_policy() {
    let stage = Stage::new();
    let mut chain = stage.chain.clone();
    let mut next = chain.current().next(start()).unwrap();
    next.policy.quorums.recover.count = 3;
    assert!(matches!(chain.append(&stage.sign_all(next.clone())), Err(GenesisError::NotAdopted(1))));
    for too_few in [&[][..], &["A"], &["A", "K"], &["A", "U"], &["B", "B"]] {
        let bad = stage.govern(next.clone(), too_few);
        assert!(matches!(chain.append(&bad), Err(GenesisError::Adoption(1, _))), "{too_few:?}");
    }
    // Approved for another version.
    let mut other = next.clone();
    other.policy.allow_blind = true;
    let approved = stage.govern(next.clone(), &["A", "B"]);
    let swapped = SignedGenesis { adoption: approved.adoption.clone(), ..stage.sign_all(other) };
    assert!(matches!(chain.append(&swapped), Err(GenesisError::Adoption(1, _))));
    chain.append(&approved).unwrap();
    // The version before does not come back, nor does its approval serve again.
    assert!(matches!(chain.append(&approved), Err(GenesisError::Chain(1))));
    let stage = Stage { chain, ..stage };
    let mut back = stage.chain.current().next(start()).unwrap();
    back.policy = Policy::production();
    let stale = SignedGenesis { adoption: approved.adoption, ..stage.sign_all(back.clone()) };
    assert!(matches!(stage.chain.clone().append(&stale), Err(GenesisError::Adoption(2, _))));
    // Somebody is let go, and counts no more: their approval has its own reason.
    back.people.retain(|person| person.name != name("C"));
    let mut chain = stage.chain.clone();
    chain.append(&stage.govern(back, &["A", "B"])).unwrap();
    let stage = Stage { chain, ..stage };
    let mut signed = stage.import();
    stage.approve(&mut signed, &["A", "C"]);
    assert_eq!(needs(&signed, &stage.chain, None).unwrap()[0].judged[1].verdict, Verdict::Revoked);
    assert!(refused(&stage, &signed).contains("not that of C: no longer enrolled"));
}
