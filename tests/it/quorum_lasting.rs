//! What a node of a production set remembers for good: requests that were given up, keys that were whole somewhere, the ids of a
//! key, and the version of the genesis that it signed (R38, R39, R41).

use quorate::{
    audit::{Event, SignedEntry},
    ceremony::{custody::receive, export, govern, requests},
    codec::HexArray,
    curve::Curve,
    digest::Hash,
    ids::{KeyId, Time},
    keyshare::KeyCard,
    node::{Call, ExposureProof, Reply, embedded::node_dir},
    policy::Role,
    receipt::Receipt,
    request::{Action, AliasParams, DeleteParams, SignedRequest},
};

use crate::{
    node_stage::{copy_dir, name},
    quorum_refused::{call, not_done, refused},
    quorum_stage::{
        Governed, approve, boxed, entry, export_of, person, recovery_of, refusal, resigned, unlock_of,
    },
};

#[test]
fn r38_r41_whoever_leaves_with_a_version_that_a_node_has_signed_counts_no_more_there() {
    let governed = Governed::new();
    let card = governed.key(Curve::Ed25519);
    let mut next = governed.open().chain().unwrap().current().next(Time::now()).unwrap();
    next.people.retain(|person| person.name.as_str() != "C");
    next.people.push(entry("D", Role::Custodian, Some(3)));
    let ask = |who: &str, approvers: &[&str]| {
        let mut signed = governed.ask_by(who, unlock_of(&card, 2), &card, &[1]);
        approve(&mut signed, approvers);
        signed
    };
    let (with, without) = (ask("K", &["B", "C"]), ask("K", &["A", "B"]));
    let (by_c, both) = (ask("C", &["A", "B"]), ask("K", &["A", "B", "C"]));
    let mut change = govern::propose(&mut governed.open(), next.clone()).unwrap();
    change.proposal = None;
    approve(&mut change, &["B", "C"]);
    // C has a part in the change that lets C go, also when it is asked for again; whoever carries the signatures never shows
    // the node that all are there.
    let sign =
        || Call::SignGenesis { genesis: Box::new(next.clone()), adoption: Some(Box::new(change.clone())) };
    let mut machine = governed.machine(1);
    for _ in 0..2 {
        assert!(matches!(machine.handle(sign()), Ok(Reply::GenesisSigned(_))));
    }
    let error = refused(&governed, &mut machine, &with, "needs the approval of 2 people");
    assert!(error.message.contains("; 1 count"), "{error}");
    refused(&governed, &mut machine, &by_c, "the requester C is not enrolled");
    for signed in [without, both] {
        assert!(matches!(machine.handle(call(&signed)), Ok(Reply::Done)));
    }
    // Too late to give up.
    not_done(
        &governed,
        (1, &mut machine),
        &card.body().key_id,
        Call::Cancel { request: boxed(&change) },
        "signed the genesis of this request already",
    );
}

/// A node that has signed a version in which somebody is not what they were, and never hears that all have.
fn with_signed(governed: &Governed, alter: impl FnOnce(&mut quorate::genesis::Genesis)) {
    let mut next = governed.open().chain().unwrap().current().next(Time::now()).unwrap();
    alter(&mut next);
    let mut change = govern::propose(&mut governed.open(), next.clone()).unwrap();
    change.proposal = None;
    approve(&mut change, &["A", "B"]);
    let call = Call::SignGenesis { genesis: Box::new(next), adoption: Some(Box::new(change)) };
    assert!(matches!(governed.call(1, call), Ok(Reply::GenesisSigned(_))));
}

/// What A signs for the share of node 1, which has not deleted it yet.
fn received(governed: &Governed, card: &KeyCard, signed: &SignedRequest) -> Receipt {
    let wanted = governed.leaving(card, 1);
    let mut workspace = governed.open_for(signed);
    let exported = export::run(&mut workspace, &wanted, |_, _, exported| Ok(exported)).unwrap().remove(0);
    let (shard, chain, a) = (exported.shard.unwrap(), workspace.chain().unwrap(), person("A"));
    let stored = receive::store(&shard, &a, chain, &governed.stage.beside("store")).unwrap();
    Receipt::sign(receive::receipt_for(&shard, &stored, &a, chain).unwrap(), a.approval()).unwrap()
}

#[test]
fn r22_r41_whoever_is_replaced_in_a_version_that_a_node_has_signed_is_given_nothing_more() {
    // C, who leaves, would be given the private key, and A, whose identity another one takes the place of, a share.
    for (who, action) in [("C", 0), ("A", 1), ("A", 2), ("A", 3)] {
        let governed = Governed::new();
        let card = governed.key(Curve::Ed25519);
        let ask = |action, people: &[&str]| {
            let mut signed = governed.ask(action, &card, &[1, 2]);
            approve(&mut signed, people);
            signed
        };
        let people: &[&str] = if who == "C" { &["A", "B"] } else { &["B", "C"] };
        let signed = match action {
            0 => ask(recovery_of(&card, "C", &[1, 2]), people),
            _ => ask(export_of(&card, 1, "A", true), people),
        };
        let receipt = (action > 1).then(|| received(&governed, &card, &signed));
        let delete = Action::DeleteWithoutReceipt(DeleteParams {
            key_id: card.body().key_id,
            server: name(1),
            export_op_id: signed.request.op_id,
            reason: "A is ill".into(),
        });
        let delete = ask(delete, people);
        with_signed(&governed, |next| {
            next.people.retain(|person| person.name.as_str() != who);
            next.people.push(entry("D", Role::Custodian, Some(if who == "C" { 3 } else { 1 })));
        });
        let key_id = card.body().key_id;
        let (act, reason) = match receipt {
            Some(_) if action == 3 => (
                Call::ReleaseWithoutReceipt { request: boxed(&delete) },
                "A is replaced by the next genesis, which OFFICIAL_1 has signed",
            ),
            Some(receipt) => (
                Call::Release { key_id, receipt: Box::new(receipt) },
                "A is replaced by the next genesis, which OFFICIAL_1 has signed",
            ),
            None if who == "C" => (call(&signed), "C is not enrolled"),
            None => (call(&signed), "not that of the custodian enrolled for OFFICIAL_1"),
        };
        let mut machine = governed.machine(1);
        not_done(&governed, (1, &mut machine), &key_id, act, reason);
    }
}

#[test]
fn r38_r41_whoever_loses_a_role_in_a_version_that_a_node_has_signed_has_it_no_more_there() {
    let governed = Governed::new();
    let card = governed.key(Curve::Ed25519);
    let mut signed = governed.ask(unlock_of(&card, 2), &card, &[1]);
    approve(&mut signed, &["A", "B"]);
    let key_id = card.body().key_id;
    let new_key_id = KeyId::random(&mut rand_core::OsRng);
    let alias = governed.ask(Action::Alias(AliasParams { key_id, new_key_id, label: None }), &card, &[1]);
    with_signed(&governed, |next| {
        for person in &mut next.people {
            match person.name.as_str() {
                "B" => (person.roles, person.server) = (vec![Role::Approver], None),
                "K" => person.roles = vec![Role::Approver],
                _ => {}
            }
        }
        next.people.push(entry("D", Role::Custodian, Some(2)));
        next.people.push(entry("L", Role::KeyGenerator, None));
    });
    let mut machine = governed.machine(1);
    refused(&governed, &mut machine, &signed, "not that of B: has not the role");
    let call = Call::Alias { request: boxed(&alias) };
    not_done(&governed, (1, &mut machine), &key_id, call, "K is no key generator");
}

#[test]
fn r39_a_cancellation_that_was_cut_off_after_its_line_in_the_log_holds() {
    let governed = Governed::new();
    let card = governed.key(Curve::Ed25519);
    let mut export = governed.ask(export_of(&card, 1, "A", true), &card, &[1]);
    approve(&mut export, &["A", "B"]);
    let dir = node_dir(&governed.stage.home(), &name(1));
    let before = governed.stage.beside("before");
    copy_dir(&dir, &before);
    let cancel = || Call::Cancel { request: boxed(&export) };
    assert!(matches!(governed.call(1, cancel()), Ok(Reply::Done)));
    // The store is as it was, and the log has the line.
    let log = std::fs::read(dir.join("audit.jsonl")).unwrap();
    std::fs::remove_dir_all(&dir).unwrap();
    copy_dir(&before, &dir);
    std::fs::write(dir.join("audit.jsonl"), log).unwrap();
    let mut machine = governed.machine(1);
    refused(&governed, &mut machine, &export, "the request was cancelled");
    assert!(matches!(machine.handle(cancel()), Ok(Reply::Done)));
    drop(machine);
    assert_eq!(governed.stage.count(1, "REQUEST_CANCELLED"), 1);
}

#[test]
fn r39_a_key_is_marked_on_a_request_only_when_a_server_says_that_it_was_carried_out() {
    let governed = Governed::new();
    let (card, other) = (governed.key(Curve::Ed25519), governed.key(Curve::Ed25519));
    let key_id = card.body().key_id;
    let mut approved = governed.ask(recovery_of(&card, "C", &[1, 2]), &card, &[1, 2]);
    let alone = approved.clone();
    approve(&mut approved, &["A", "B"]);
    // Another one runs on node 1 only, and is refused on node 2, which was given up on.
    let mut ran = governed.ask(recovery_of(&card, "C", &[1, 2]), &card, &[1, 2]);
    approve(&mut ran, &["A", "B"]);
    let Ok(Reply::Recovered { entry, .. }) = governed.call(1, call(&ran)) else { panic!() };
    requests::cancel(&mut governed.open(), &ran).unwrap();
    let mut offline = governed.ask(recovery_of(&card, "C", &[]), &card, &[1, 2]);
    approve(&mut offline, &["A", "B"]);
    let proof = |request: &SignedRequest, entry: &SignedEntry, card: &KeyCard| Call::MarkExposed {
        proof: ExposureProof::Sealed { request: boxed(request), entry: Box::new(entry.clone()) },
        card: Box::new(card.dirty().clone()),
    };
    let altered = |alter: &dyn Fn(&mut SignedEntry)| {
        let mut entry = (*entry).clone();
        alter(&mut entry);
        entry
    };
    let resealed = |i: u16, alter: &dyn Fn(&mut SignedEntry)| {
        let mut entry = altered(alter);
        let hash = Hash::of("audit-entry", &entry.entry).unwrap();
        entry.signature = governed.machine(i).secrets().signing().sign(&hash);
        entry
    };
    const NOBODY: &str = "no server that the request asks wrote down";
    let cases = [
        // It was approved, and no server began: whoever has the file freezes nothing with it.
        (proof(&approved, &entry, &card), NOBODY),
        (proof(&ran, &altered(&|e| e.entry.event = Event::KeyExposed), &card), NOBODY),
        (proof(&ran, &altered(&|e| e.entry.log = name(2)), &card), NOBODY),
        (proof(&ran, &altered(&|e| e.signature.0[0] ^= 1), &card), NOBODY),
        (proof(&ran, &resealed(2, &|_| ()), &card), NOBODY),
        // Nor is a server's word enough that the request asks for nothing, or that it asks alone and for nothing.
        (proof(&ran, &resealed(3, &|e| e.entry.log = name(3)), &card), NOBODY),
        (
            proof(&offline, &resealed(1, &|e| e.entry.request_hash = offline.request.hash().ok()), &card),
            NOBODY,
        ),
        (proof(&ran, &resealed(1, &|e| e.entry.event = Event::KeyExposed), &card), NOBODY),
        (
            proof(&alone, &resealed(1, &|e| e.entry.request_hash = alone.request.hash().ok()), &card),
            "0 count",
        ),
        (proof(&ran, &entry, &other), "is for no recovery of this key"),
    ];
    for (call, reason) in cases {
        let mut machine = governed.machine(3);
        not_done(&governed, (3, &mut machine), &key_id, call, reason);
    }
    // Nor does a request mark anything at a node that it asks for nothing, were it to be told of one that was given up.
    let mut wide = governed.ask(recovery_of(&card, "C", &[1, 2]), &card, &[1, 2, 3]);
    approve(&mut wide, &["A", "B"]);
    let mut machine = governed.machine(3);
    not_done(&governed, (3, &mut machine), &key_id, call(&wide), "does not ask for the share of OFFICIAL_3");
    drop(machine);
    // What was carried out somewhere counts, also where it was cancelled, and after it expired.
    let mut machine = governed.machine_at(3, 2 * 86_400);
    assert!(matches!(machine.handle(proof(&ran, &entry, &card)), Ok(Reply::Done)));
    let Ok(Reply::Key(_, Some(record), _)) = machine.handle(Call::Key { key_id }) else { panic!() };
    assert!(record.exposed);
}

#[test]
fn r39_a_key_goes_by_no_more_ids_than_a_node_can_keep() {
    let governed = Governed::new();
    let card = governed.key(Curve::Ed25519);
    let key_id = card.body().key_id;
    let learn = |i: usize| {
        let (_, alias) = quorate::ceremony::alias::run(&mut governed.open(), &key_id, None).unwrap();
        let alias = Some(Box::new(alias));
        let call = Call::Learn {
            card: Box::new(card.dirty().clone()),
            alias,
            op_id: HexArray([u8::try_from(i).unwrap(); 16]),
        };
        governed.call(1, call)
    };
    for i in 1..64 {
        assert!(matches!(learn(i), Ok(Reply::Done)), "{i}");
    }
    assert!(refusal(learn(64)).message.contains("at most 64 ids"));
}

#[test]
fn r39_a_cancelled_request_is_carried_out_by_nobody() {
    let governed = Governed::new();
    let card = governed.key(Curve::Ed25519);
    let mut export = governed.ask(export_of(&card, 1, "A", true), &card, &[1]);
    approve(&mut export, &["A", "B"]);
    let mut recovery = governed.ask(recovery_of(&card, "C", &[1, 2]), &card, &[1, 2]);
    approve(&mut recovery, &["A", "B"]);
    // Somebody else's request with the same id gives up only itself.
    let mut twin = governed.ask_by("C", unlock_of(&card, 2), &card, &[1]);
    twin.request.op_id = export.request.op_id;
    let mut foreign = twin.clone();
    foreign.requester_signature = None;
    let error = refusal(governed.call(1, Call::Cancel { request: boxed(&foreign) }));
    assert!(error.message.contains("not signed by its requester"), "{error}");
    assert!(matches!(governed.call(1, Call::Cancel { request: Box::new(resigned(twin)) }), Ok(Reply::Done)));
    assert!(matches!(governed.call(1, call(&export)), Ok(Reply::Exported(..))));
    for signed in [&export, &recovery] {
        let cancelled = requests::cancel(&mut governed.open(), signed).unwrap();
        assert!(cancelled.servers.contains(&name(1)) && cancelled.statements.is_empty());
        let mut machine = governed.machine(1);
        refused(&governed, &mut machine, signed, "the request was cancelled");
    }
    assert_eq!(governed.stage.count(1, "REQUEST_CANCELLED"), 3);
    assert_eq!(governed.stage.count(2, "REQUEST_CANCELLED"), 1);
    assert_eq!(governed.stage.count(1, "KEY_EXPOSED"), 0);
    // A proposal has nothing to cancel, and what is void already is said to be.
    let next = governed.open().chain().unwrap().current().next(Time::now()).unwrap();
    let proposal = govern::propose(&mut governed.open(), next).unwrap();
    let error = requests::cancel(&mut governed.open(), &proposal).err().unwrap();
    assert!(error.to_string().contains("a proposal is void when"), "{error}");
}
