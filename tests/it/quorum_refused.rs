//! What the nodes of a production set refuse, each time with its own reason, in their logs too, and nothing done (R37-R42).

use quorate::{
    ceremony::{govern, sign},
    curve::Curve,
    digest::Hash,
    genesis::{Genesis, SignedGenesis},
    identity::Replaces,
    ids::{KeyId, Time},
    node::{Call, FailureKind, Machine, NodeError, Reply},
    policy::{Policy, Role},
    request::{Action, Approval, Content, SignedRequest},
};
use rand_core::OsRng;

use crate::{
    node_stage::name,
    quorum_stage::{
        Governed, approve, boxed, entry, export_of, person, recovery_of, refusal, resigned, signature_of,
        unlock_of,
    },
};

type Alter = fn(&mut SignedRequest);

/// The call by which a request is carried out.
pub fn call(signed: &SignedRequest) -> Call {
    let request = boxed(signed);
    match &signed.request.action {
        Action::Export(_) => Call::Export { request },
        Action::Recover(_) => Call::Recover { request, attempt: 1 },
        Action::Unlock(_) => Call::Unlock { request },
        Action::Sign(_) => Call::Begin { request, attempt: 1, grant: None },
        other => panic!("{}", other.operation()),
    }
}

/// Node 1 refuses, says why, writes it down, and is as it was.
#[track_caller]
pub fn refused(
    governed: &Governed,
    machine: &mut Machine,
    signed: &SignedRequest,
    reason: &str,
) -> NodeError {
    not_done(governed, (1, machine), &signed.request.action.key_id().unwrap(), call(signed), reason)
}

/// The same of any node and call.
#[track_caller]
pub fn not_done(
    governed: &Governed,
    (i, machine): (u16, &mut Machine),
    key_id: &KeyId,
    call: Call,
    reason: &str,
) -> NodeError {
    let count = || governed.stage.count(i, "REQUEST_REFUSED");
    let before = (count(), governed.state_at(i, machine, key_id));
    let error = refusal(machine.handle(call));
    assert!(error.message.contains(reason), "{reason}: {error}");
    let after = (count(), governed.state_at(i, machine, key_id));
    assert_eq!(after, (before.0 + 1, before.1), "{reason}");
    error
}

#[test]
fn r38_r42_a_node_counts_distinct_people_of_the_right_role_and_nobody_else() {
    let governed = Governed::new();
    let card = governed.key(Curve::Ed25519);
    let base = governed.ask(export_of(&card, 1, "A", true), &card, &[1]);
    let hash = base.request.hash().unwrap();
    let by = |who: &str| {
        Approval::sign(who.split(' ').next().unwrap().parse().unwrap(), hash, person(who).approval())
    };
    let mut cut = by("B");
    cut.signature.0[40] ^= 1;
    // B agrees as a requester does, and not as an approver.
    let mut domain = by("B");
    domain.signature = person("B").approval().sign(&hash);
    let other = Approval::sign("B".parse().unwrap(), card.hash(), person("B").approval());
    let cases = [
        ("not that of A: agreed already", by("A")),
        ("not that of A: enrolled with another key", by("A anew")),
        ("not that of K: asked for it", by("K")),
        ("not that of U: is an auditor", by("U")),
        ("not that of P: has not the role", by("P")),
        ("not that of Z: not enrolled", by("Z")),
        ("not that of B: its signature does not verify", cut),
        ("not that of B: its signature does not verify", domain),
        ("not that of B: it is for another request", other),
    ];
    let mut machine = governed.machine(1);
    refused(
        &governed,
        &mut machine,
        &base,
        "needs the approval of 2 people with the role custodian; 0 count",
    );
    for (reason, second) in cases {
        let mut signed = base.clone();
        signed.approvals = vec![by("A"), second];
        let error = refused(&governed, &mut machine, &signed, reason);
        assert!(error.message.contains("; 1 count"), "{error}");
        assert_eq!(error.kind, FailureKind::Denied);
    }
    // The same custodian as the requester.
    drop(machine);
    let mut own = governed.ask_by("A", export_of(&card, 1, "A", true), &card, &[1]);
    approve(&mut own, &["A", "B"]);
    let mut machine = governed.machine(1);
    refused(&governed, &mut machine, &own, "not that of A: asked for it");
    // What does not count does no harm to what does.
    let mut signed = base.clone();
    signed.approvals = vec![by("U"), by("A anew"), by("A"), by("A"), by("C")];
    assert!(matches!(machine.handle(call(&signed)), Ok(Reply::Exported(..))));
}

#[test]
fn r38_somebody_who_left_or_has_two_keys_counts_as_they_are_enrolled_now() {
    let governed = Governed::new();
    let card = governed.key(Curve::Ed25519);
    // A's identity is rotated, vouched for by the old one: both keys are A's, and one counts.
    let old = person("A");
    let workspace = governed.stage.open();
    let card_of_a = workspace.chain().unwrap().current().person(old.name()).unwrap().card.clone();
    drop(workspace);
    let replaces = Replaces::new(&card_of_a, &old).unwrap();
    let new_card = person("A anew").card(Time::now(), Some(replaces)).unwrap();
    let rotate = |genesis: &mut Genesis| {
        let a = genesis.people.iter_mut().find(|person| person.name.as_str() == "A").unwrap();
        a.card = new_card.clone();
    };
    governed.govern(rotate, &["B", "C"]).unwrap();
    let base = governed.ask(recovery_of(&card, "C", &[1, 2]), &card, &[1, 2]);
    let hash = base.request.hash().unwrap();
    let by = |who: &str| Approval::sign("A".parse().unwrap(), hash, person(who).approval());
    let mut signed = base.clone();
    signed.approvals = vec![by("A"), by("A anew")];
    let mut machine = governed.machine(1);
    refused(&governed, &mut machine, &signed, "not that of A: enrolled with another key");
    signed.approvals = vec![by("A anew"), by("A anew")];
    refused(&governed, &mut machine, &signed, "not that of A: agreed already");
    drop(machine);
    // C is let go; a spare takes C's node over.
    let remove = |genesis: &mut Genesis| {
        genesis.people.retain(|person| person.name.as_str() != "C");
        genesis.people.push(entry("D", Role::Custodian, Some(3)));
    };
    let mut stale = governed.ask(export_of(&card, 2, "B", false), &card, &[1, 2]);
    governed.govern(remove, &["B", "C"]).unwrap();
    let mut signed = governed.ask(unlock_of(&card, 2), &card, &[1]);
    approve(&mut signed, &["B", "C"]);
    let mut machine = governed.machine(1);
    refused(&governed, &mut machine, &signed, "not that of C: no longer enrolled");
    // A request from before the change is void, however many approved it.
    approve(&mut stale, &["A anew", "C"]);
    refused(&governed, &mut machine, &stale, "another genesis");
}

#[test]
fn r40_a_node_judges_time_by_its_own_clock() {
    let governed = Governed::new();
    let card = governed.key(Curve::Ed25519);
    let mut signed = governed.ask(export_of(&card, 1, "A", true), &card, &[1]);
    signed.request.not_before = Time::now();
    signed.request.expiry = Time::now().plus_seconds(3600);
    let mut signed = resigned(signed);
    approve(&mut signed, &["A", "B"]);
    // The node was opened at a clock that has gone wrong since.
    let mut late = governed.machine_at(1, 3600);
    let (expiry, start) = (signed.request.expiry, signed.request.not_before);
    let error = refused(&governed, &mut late, &signed, "the request expired at");
    assert!(error.message.contains(&expiry.to_string()));
    drop(late);
    // It wrote that down an hour ahead: from now on its clock is behind its log, and it does nothing at all.
    let mut back = governed.machine(1);
    let error = refusal(back.handle(call(&signed)));
    assert!(
        error.message.contains("clock") && error.message.contains("earlier than the last entry"),
        "{error}"
    );
    drop(back);
    let mut second = governed.machine_at(2, 0);
    let mut early = signed.clone();
    early.request.not_before = start.plus_seconds(600);
    let Action::Export(params) = &mut early.request.action else { panic!() };
    *params = match export_of(&card, 2, "B", true) {
        Action::Export(params) => params,
        _ => panic!(),
    };
    early.request.node_heads.clear();
    let mut early = resigned(early);
    approve(&mut early, &["A", "C"]);
    let key_id = card.body().key_id;
    not_done(&governed, (2, &mut second), &key_id, call(&early), "not valid before");
    let mut long = early.clone();
    (long.request.not_before, long.request.expiry) = (start, start.plus_seconds(86_401));
    let mut long = resigned(long);
    approve(&mut long, &["A", "C"]);
    not_done(&governed, (2, &mut second), &key_id, call(&long), "longer than the policy allows (86400 s)");
}

#[test]
fn r37_r39_nothing_but_what_was_approved_and_no_oftener() {
    let governed = Governed::new();
    let (card, other) = (governed.key(Curve::Ed25519), governed.key(Curve::Ed25519));
    let mut good = governed.ask(export_of(&card, 1, "A", true), &card, &[1]);
    approve(&mut good, &["A", "B"]);
    let mut recovery = governed.ask(recovery_of(&card, "C", &[1, 2]), &card, &[1, 2]);
    approve(&mut recovery, &["A", "B"]);
    let alterations: [(&str, Alter); 9] = [
        ("it is for another request", |r| {
            let Action::Export(params) = &mut r.request.action else { panic!() };
            params.delete = false;
        }),
        ("is not that of the custodian enrolled", |r| {
            let Action::Export(params) = &mut r.request.action else { panic!() };
            params.recipient = person("Z").recipient();
        }),
        ("is not that of the custodian enrolled", |r| {
            let Action::Export(params) = &mut r.request.action else { panic!() };
            params.custodian = "B".parse().unwrap();
            params.recipient = person("B").recipient();
        }),
        ("it is for another request", |r| r.request.max_attempts = 16),
        ("it is for another request", |r| r.request.op_id.0[0] ^= 1),
        ("another genesis", |r| r.request.genesis_hash = r.request.policy_hash),
        ("another policy", |r| r.request.policy_hash = Policy::rehearsal().hash().unwrap()),
        ("does not say where the log of OFFICIAL_1 stood", |r| r.request.node_heads.clear()),
        // The empty log is the beginning of every other one.
        ("names no entry of the log of OFFICIAL_1", |r| {
            let own = r.request.node_heads.iter_mut().find(|head| head.node == name(1)).unwrap();
            (own.counter, own.head) = (0, Hash::ZERO);
        }),
    ];
    let mut machine = governed.machine(1);
    for (reason, alter) in alterations {
        let mut bad = good.clone();
        alter(&mut bad);
        // Whoever asked did not sign this either.
        let error = refusal(machine.handle(call(&bad)));
        assert!(
            error.message.contains("not signed by its requester") || error.message.contains(reason),
            "{error}"
        );
        let mut bad = resigned(bad);
        if reason.contains("the log of") {
            approve(&mut bad, &["A", "B"]);
        }
        refused(&governed, &mut machine, &bad, reason);
    }
    let mut another = good.clone();
    another.request.key_card_hash = Some(other.hash());
    let Action::Export(params) = &mut another.request.action else { panic!() };
    params.key_id = other.body().key_id;
    refused(&governed, &mut machine, &resigned(another), "it is for another request");
    // The request of a recovery that others approved, with somebody else in its owner's place.
    let Action::Recover(params) = &mut recovery.request.action else { panic!() };
    params.owner = "B".parse().unwrap();
    refused(&governed, &mut machine, &resigned(recovery.clone()), "is not that of B's enrolled card");
    let Action::Recover(params) = &mut recovery.request.action else { panic!() };
    params.recipient = person("B").recipient();
    refused(&governed, &mut machine, &resigned(recovery), "it is for another request");
    // Three attempts were approved.
    for _ in 0..3 {
        assert!(matches!(machine.handle(call(&good)), Ok(Reply::Exported(..))));
    }
    refused(&governed, &mut machine, &good, "all 3 attempts of operation");
    drop(machine);
    // Another operation under the same id.
    let mut twin = governed.ask(export_of(&card, 1, "A", false), &card, &[1]);
    twin.request.op_id = good.request.op_id;
    let mut twin = resigned(twin);
    approve(&mut twin, &["A", "B"]);
    let mut machine = governed.machine(1);
    let error = refusal(machine.handle(call(&twin)));
    assert!(error.message.contains("was used for another request"), "{error}");
}

#[test]
fn r16_r37_a_signature_is_over_the_approved_message_digest_path_and_key() {
    let governed = Governed::new();
    let card = governed.key(Curve::Ed25519);
    let mut good = governed.ask(signature_of(&card, &[1, 2], "pay the supplier"), &card, &[1, 2]);
    let none = good.clone();
    approve(&mut good, &["A", "C"]);
    type AlterSign = fn(&mut quorate::request::SignParams);
    let alterations: [(&str, AlterSign); 4] = [
        ("no derivation path", |p| p.path = "m/44/60".into()),
        ("it is for another request", |p| p.content = crate::node_stage::message("pay the thief")),
        ("blind", |p| p.content = Content::Digest { digest: vec![7; 32].into() }),
        ("needs the approval of 3 people", |p| p.signers = vec![1, 2, 3]),
    ];
    let mut machine = governed.machine(1);
    refused(
        &governed,
        &mut machine,
        &none,
        "needs the approval of 2 people with the role custodian; 0 count",
    );
    for (reason, alter) in alterations {
        let mut bad = good.clone();
        let Action::Sign(params) = &mut bad.request.action else { panic!() };
        alter(params);
        refused(&governed, &mut machine, &resigned(bad), reason);
    }
    drop(machine);
    let wanted = sign::Wanted {
        key_id: card.body().key_id,
        content: crate::node_stage::message("pay the supplier"),
        servers: vec![name(1), name(2)],
        taproot: false,
    };
    let signed = sign::run(&mut governed.open_for(&good), wanted.clone()).unwrap();
    assert_eq!(signed.request_hash, good.request.hash().unwrap());
    // The rest of its attempts may repeat this very signature, and nothing else.
    sign::run(&mut governed.open_for(&good), wanted.clone()).unwrap();
    sign::run(&mut governed.open_for(&good), wanted.clone()).unwrap();
    let error = sign::run(&mut governed.open_for(&good), wanted.clone()).err().unwrap();
    assert!(error.to_string().contains("exceeds what its request allows"), "{error}");
    let other = sign::Wanted { content: crate::node_stage::message("pay the thief"), ..wanted };
    let error = sign::run(&mut governed.open_for(&good), other).err().unwrap();
    assert!(error.to_string().contains("no request that was given"), "{error}");
}

#[test]
fn r41_neither_policy_nor_people_come_back_and_nobody_writes_them_alone() {
    let governed = Governed::new();
    let weaken = |genesis: &mut Genesis| genesis.policy.quorums.recover.count = 3;
    governed.govern(weaken, &["A", "C"]).unwrap();
    let before = governed.stage.open().signed_chain().unwrap()[0].genesis.clone();
    let card = governed.key(Curve::Ed25519);
    // A request under the version before, and one under this version with the policy of before.
    let current = governed.ask(recovery_of(&card, "C", &[1, 2]), &card, &[1, 2]);
    let mut machine = governed.machine(1);
    let (mut genesis, mut policy) = (current.clone(), current.clone());
    genesis.request.genesis_hash = before.hash().unwrap();
    policy.request.policy_hash = before.policy.hash().unwrap();
    for (reason, swapped) in [("another genesis", genesis), ("another policy", policy)] {
        let mut bad = resigned(swapped);
        approve(&mut bad, &["A", "B"]);
        refused(&governed, &mut machine, &bad, reason);
    }
    // The version before as if it were the next one; a next one that nobody, one person, or the wrong people adopted.
    let chain = chain_of(&mut machine);
    let reply = machine.handle(Call::AdoptGenesis { signed: chain[..1].to_vec() });
    assert!(matches!(reply, Ok(Reply::Done)), "nothing new");
    let key_id = card.body().key_id;
    let again = Call::SignGenesis { genesis: Box::new(before.clone()), adoption: None };
    not_done(&governed, (1, &mut machine), &key_id, again, "does not follow");
    let mut back = chain[1].genesis.next(Time::now()).unwrap();
    back.policy = before.policy.clone();
    let sign = |adoption: Option<SignedRequest>| Call::SignGenesis {
        genesis: Box::new(back.clone()),
        adoption: adoption.map(Box::new),
    };
    not_done(&governed, (1, &mut machine), &key_id, sign(None), "approved by nobody");
    let old = chain[1].adoption.clone().map(|adoption| *adoption);
    not_done(&governed, (1, &mut machine), &key_id, sign(old), "another genesis");
    drop(machine);
    let mut asked = govern::propose(&mut governed.open(), back.clone()).unwrap();
    asked.proposal = None;
    let mut machine = governed.machine(1);
    for few in [&[][..], &["A"], &["A", "K"], &["A", "U"], &["A", "P"], &["B", "B"]] {
        let mut adoption = asked.clone();
        approve(&mut adoption, few);
        let reason = "needs the approval of 2 people";
        not_done(&governed, (1, &mut machine), &key_id, sign(Some(adoption)), reason);
    }
    approve(&mut asked, &["A", "B"]);
    assert!(matches!(machine.handle(sign(Some(asked))), Ok(Reply::GenesisSigned(_))));
    // It signs no other one of this number, whoever agrees.
    let mut fork = back;
    fork.policy.validity_seconds = 60;
    drop(machine);
    let mut adoption = govern::propose(&mut governed.open(), fork.clone()).unwrap();
    adoption.proposal = None;
    approve(&mut adoption, &["A", "B"]);
    let call = Call::SignGenesis { genesis: Box::new(fork), adoption: Some(Box::new(adoption)) };
    not_done(&governed, (1, &mut governed.machine(1)), &key_id, call, "signs no second one");
}

fn chain_of(machine: &mut Machine) -> Vec<SignedGenesis> {
    let Ok(Reply::Hello(hello)) = machine.handle(Call::Hello) else { panic!("no hello") };
    hello.chain
}

#[test]
fn r22_r42_a_node_made_for_production_joins_no_rehearsal_and_a_policy_asks_somebody() {
    let stage = crate::node_stage::Stage::production(3);
    let workspace = stage.open();
    // Whoever has the cards of nodes that wait makes a rehearsal of them, which asks nobody.
    let seal = stage.seal();
    let cards = (1..=3).map(|i| {
        let mut node = crate::node_stage::honest(&stage.home(), &name(i), &seal, &stage.primes).unwrap();
        let Ok(Reply::Hello(hello)) = node.handle(Call::Hello) else { panic!("no hello") };
        hello.card
    });
    let rehearsal = Genesis::rehearsal(quorate::codec::HexArray([7; 16]), cards.collect(), Time::now());
    for i in 1..=3 {
        let mut node = crate::node_stage::honest(&stage.home(), &name(i), &seal, &stage.primes).unwrap();
        let call = Call::SignGenesis { genesis: Box::new(rehearsal.clone()), adoption: None };
        let error = refusal(node.handle(call));
        assert!(error.message.contains("was made for production"), "{error}");
    }
    let empty = |change: &dyn Fn(&mut Policy)| {
        let mut policy = Policy::production();
        change(&mut policy);
        let people = [("A", 1), ("B", 2), ("C", 3)].map(|(who, i)| entry(who, Role::Custodian, Some(i)));
        let people = people.into_iter().chain([entry("K", Role::KeyGenerator, None)]).collect();
        govern::first(&workspace, people, policy).unwrap_err().to_string()
    };
    let quorums: [fn(&mut Policy) -> &mut quorate::policy::Quorum; 8] = [
        |p| &mut p.quorums.sign,
        |p| &mut p.quorums.export,
        |p| &mut p.quorums.export_delete,
        |p| &mut p.quorums.import,
        |p| &mut p.quorums.recover,
        |p| &mut p.quorums.node_replacement,
        |p| &mut p.quorums.policy_change,
        |p| &mut p.quorums.lock_lift,
    ];
    for quorum in quorums {
        for count in 0..2 {
            assert!(empty(&|p| quorum(p).count = count).contains("two people or more"));
        }
    }
    assert!(empty(&|p| p.quorums.import.role = Role::Auditor).contains("auditors approve nothing"));
    assert!(empty(&|p| p.quorums.lock_lift.count = 4).contains("fewer people have the role custodian"));
}

#[test]
fn r38_keys_are_abandoned_when_a_key_generator_asks_and_a_newcomer_is_bound_by_no_promise() {
    let governed = Governed::new();
    let card = governed.key(Curve::Ed25519);
    let abandon = |who: &str, key_id: KeyId| {
        let action = Action::Abandon(quorate::request::KeyParams { key_id });
        governed.ask_by(who, action, &card, &[1])
    };
    let error = refusal(
        governed.call(1, Call::Renounce { request: boxed(&abandon("A", KeyId::random(&mut OsRng))) }),
    );
    assert!(error.message.contains("no key generator"), "{error}");
    let own = abandon("K", card.body().key_id);
    let error = refusal(governed.call(1, Call::Renounce { request: boxed(&own) }));
    assert!(error.message.contains("is active"), "{error}");
}
