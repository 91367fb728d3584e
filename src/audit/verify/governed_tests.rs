//! What an auditor sees of a production set: who agreed to what, and where a share went.

use super::{
    Kind,
    facts::RUN,
    stage::{Stage, Writer, asked, note, op_id},
};
use crate::{
    audit::{Event, Note},
    curve::Curve,
    digest::Hash,
    genesis::SignedGenesis,
    ids::{KeyId, Name, OpId},
    keyshare::Purpose,
    receipt::{Receipt, ReceiptKind},
    request::{Action, ExportParams, GenerateParams, GovernParams, RecoverParams, Request, SignedRequest},
};
use rand_core::OsRng;

fn name(text: &str) -> Name {
    text.parse().unwrap()
}

/// A fault of a kind, with these words in it.
#[track_caller]
fn wrong(stage: &Stage, kind: Kind, words: &str) {
    let faults = stage.report().faults;
    assert!(faults.iter().any(|f| f.kind == kind && f.what.contains(words)), "{words}: {faults:#?}");
}

fn approved_export(stage: &Stage) -> SignedRequest {
    let params = ExportParams {
        key_id: stage.key_id,
        server: name("N1"),
        custodian: name("A"),
        recipient: stage.custodian.recipient(),
        delete: true,
        aux_only: false,
    };
    stage.approved(stage.request_of(Action::Export(params)))
}

/// N1 gives its share to A and deletes it, on a request that A and B approved.
fn exported() -> (Stage, OpId) {
    let mut stage = Stage::production();
    let signed = approved_export(&stage);
    let op_id = stage.export_on(Some(&signed));
    stage.requests.push(signed);
    (stage, op_id)
}

#[test]
fn r38_r49_an_approved_export_is_in_order_and_without_its_request_is_not() {
    let (mut stage, op_id) = exported();
    assert_eq!(stage.report().faults, []);
    let second = stage.requests[0].approvals.pop().unwrap();
    wrong(&stage, Kind::Request, "1 count");
    stage.requests[0].approvals.push(second);
    stage.requests.clear();
    wrong(&stage, Kind::Request, &format!("operation {op_id} was carried out, and the request"));
    // One that was given up before is not carried out later.
    let mut stage = Stage::production();
    let signed = approved_export(&stage);
    let hash = Some(signed.request.hash().unwrap());
    stage.nodes[0].write(Note { request_hash: hash, ..note(Event::RequestCancelled, signed.request.op_id) });
    assert_eq!(stage.report().faults, []);
    stage.export_on(Some(&signed));
    stage.requests.push(signed);
    wrong(&stage, Kind::Request, "it had been cancelled");
}

#[test]
fn r39_r49_more_attempts_than_were_approved_are_noticed() {
    let (mut stage, op_id) = exported();
    let request = stage.requests[0].request.clone();
    let again = || asked(Event::ShareExportInitiated, &request).with("custodian", "A");
    stage.nodes[0].write(again().with("attempt", 3));
    assert_eq!(stage.report().faults, []);
    let words = format!("N1 ran operation {op_id} 4 times, of 3");
    let mut numbered = stage;
    numbered.nodes[0].write(again().with("attempt", 4));
    wrong(&numbered, Kind::Request, &words);
    // Nor does it help to count none.
    let (mut stage, op_id) = exported();
    let request = stage.requests[0].request.clone();
    for _ in 0..2 {
        stage.nodes[0].write(asked(Event::ShareExportInitiated, &request).with("custodian", "A"));
        assert_eq!(stage.report().faults, []);
    }
    stage.nodes[0].write(asked(Event::ShareExportInitiated, &request).with("custodian", "A"));
    wrong(&stage, Kind::Request, &format!("N1 ran operation {op_id} 4 times, of 3"));
}

/// An approved request is the paper for what it asks for, of whom, and with which key; for nothing else.
#[test]
fn r38_r49_what_a_node_does_is_what_the_request_is_for() {
    let cases: [(Event, &str); 6] = [
        (Event::SessionStarted, "wrote SESSION_STARTED"),
        (Event::ShareImportInitiated, "wrote SHARE_IMPORT_INITIATED"),
        (Event::PrivateKeyRecoveryInitiated, "wrote PRIVATE_KEY_RECOVERY_INITIATED"),
        (Event::LockLifted, "wrote LOCK_LIFTED"),
        (Event::AliasSigned, "wrote ALIAS_SIGNED"),
        (Event::KeyRenounced, "wrote KEY_RENOUNCED"),
    ];
    for (event, words) in cases {
        let (mut stage, _) = exported();
        let request = stage.requests[0].request.clone();
        stage.nodes[0].write(asked(event, &request));
        wrong(&stage, Kind::Request, words);
    }
    // Another node than the one that is asked, and another key.
    let (mut stage, _) = exported();
    let request = stage.requests[0].request.clone();
    let begun = |request: &Request| asked(Event::ShareExportInitiated, request).with("custodian", "A");
    stage.nodes[1].write(begun(&request));
    wrong(&stage, Kind::Request, "N2 wrote SHARE_EXPORT_INITIATED");
    for first in [true, false] {
        let (mut stage, other) = if first {
            (Stage::production(), KeyId::random(&mut OsRng))
        } else {
            (exported().0, stage.key_id)
        };
        if first {
            let signed = approved_export(&stage);
            stage.requests.push(signed);
        }
        let request = stage.requests[0].request.clone();
        stage.workspace.write(begun(&request));
        stage.nodes[0].write(Note { key_id: Some(other), ..begun(&request) });
        wrong(&stage, Kind::Request, "with another key than the request is for");
    }
    // Nothing is carried out without saying on which request; the certificate of a key's other nodes needs none.
    for event in RUN {
        let (mut stage, op_id) = exported();
        stage.nodes[0].write(note(event, op_id));
        wrong(&stage, Kind::Request, "does not name the request for it");
    }
    let (mut stage, op_id) = exported();
    stage.nodes[0].write(note(Event::SessionStarted, op_id).with("operation", "activate"));
    assert_eq!(stage.report().faults, []);
    // An export without deletion is no paper for one.
    let mut stage = Stage::production();
    let Action::Export(params) = approved_export(&stage).request.action else { panic!() };
    let kept = Action::Export(ExportParams { delete: false, ..params });
    let signed = stage.approved(stage.request_of(kept));
    stage.export_on(Some(&signed));
    stage.requests.push(signed);
    wrong(&stage, Kind::Receipt, "its request does not say so");
}

/// Whoever prepares a share for a signature has a request for that too.
#[test]
fn r38_r49_what_was_asked_of_a_node_has_its_request_here() {
    for event in [Event::RecipientPrepared, Event::SessionStarted] {
        let mut stage = Stage::production();
        let signed = stage.approved(stage.request().request);
        stage.workspace.write(asked(Event::SigningInitiated, &signed.request));
        stage.nodes[0].write(asked(event, &signed.request));
        wrong(&stage, Kind::Request, "and the request with who approved it is not here");
        stage.requests.push(signed);
        assert_eq!(stage.report().faults, []);
    }
}

/// Whom a version takes away counts no more at a node that has signed it, though it never adopts it.
#[test]
fn r38_r41_r49_whoever_left_with_a_version_that_a_node_had_signed_did_not_count_there() {
    for signs in ["after", "before", "before, cut off, and again after"] {
        let mut stage = Stage::production();
        let first = stage.genesis[0].genesis.clone();
        let mut next = first.next(first.created_at).unwrap();
        next.people.retain(|person| person.name != name("B"));
        let params = GovernParams { next_hash: next.hash().unwrap() };
        let request = Request { key_card_hash: None, ..stage.request_of(Action::Govern(params)) };
        let mut adoption = stage.approved(request);
        let signed = approved_export(&stage);
        adoption.proposal = Some(Box::new(next.clone()));
        let said = |event| Note::new(event).with("genesis", next.hash().unwrap()).with("sequence", 1);
        if signs.starts_with("before") {
            stage.nodes[0].write(said(Event::GenesisSigned));
        }
        stage.export_on(Some(&signed));
        if signs.ends_with("after") {
            stage.nodes[0].write(said(Event::GenesisSigned));
        }
        stage.requests.push(signed);
        for node in &mut stage.nodes[1..] {
            node.write(said(Event::GenesisSigned));
            node.write(said(Event::GenesisAdopted));
        }
        stage.workspace.write(said(Event::GenesisAdopted));
        let sign = |node: &Writer| next.sign(node.name.clone(), &node.key).unwrap();
        adoption.proposal = None;
        let signatures = stage.nodes.iter().map(sign).collect();
        stage.genesis.push(SignedGenesis { genesis: next, signatures, adoption: Some(Box::new(adoption)) });
        if signs == "before" {
            wrong(&stage, Kind::Request, "the node had signed version 1 of the genesis: ");
        } else {
            assert_eq!(stage.report().faults, []);
        }
    }
}

/// A request that no node carried out is nobody's word about the logs.
#[test]
fn r48_a_refused_request_says_nothing_of_where_logs_stood() {
    let mut stage = Stage::production();
    let mut request = stage.request().request;
    request.node_heads[0].counter = 9000;
    let mut signed = stage.approved(request);
    signed.requester_signature = None;
    stage.requests.push(signed.clone());
    stage.workspace.write(asked(Event::SigningInitiated, &signed.request));
    assert_eq!(stage.report().faults, []);
    stage.nodes[0].write(asked(Event::SessionStarted, &signed.request));
    wrong(&stage, Kind::Request, "is not signed by");
}

/// What whoever owns the first log can have written otherwise, with the papers to match.
#[test]
fn r21_r22_a_share_that_was_deleted_went_to_the_custodian_of_its_node() {
    let as_of_b = |stage: &mut Stage| {
        let (who, recipient) = (stage.others[0].name().clone(), stage.others[0].recipient());
        let export = &mut stage.exports[0];
        (export.custodian, export.recipient) = (who.clone(), recipient);
        let mut body = export.receipt.as_ref().unwrap().receipt.clone();
        (body.signer, body.recipient) = (who, recipient);
        export.receipt = Some(Receipt::sign(body, stage.others[0].approval()).unwrap());
    };
    let (mut stage, _) = exported();
    as_of_b(&mut stage);
    wrong(&stage, Kind::Receipt, "its request does not say so");
    // Without any request, as in a rehearsal, the log is left.
    stage.requests.clear();
    wrong(&stage, Kind::Receipt, "given to somebody else than the receipt is of");
    // The node's log says so too.
    let b = (stage.others[0].name().to_string(), stage.others[0].recipient().to_string());
    let at = stage.entry_of(0, Event::ShareExportInitiated);
    stage.rewrite(0, at, |detail| {
        detail.insert("custodian".into(), b.0.clone());
        detail.insert("recipient".into(), b.1.clone());
    });
    wrong(&stage, Kind::Receipt, "somebody who was not the custodian of this server then");
    let (mut stage, _) = exported();
    stage.exports[0].delete = false;
    wrong(&stage, Kind::Receipt, "one without deletion");
    let (mut stage, _) = exported();
    let mut body = stage.exports[0].receipt.as_ref().unwrap().receipt.clone();
    body.kind = ReceiptKind::Recovery;
    stage.exports[0].receipt = Some(Receipt::sign(body, stage.custodian.approval()).unwrap());
    wrong(&stage, Kind::Receipt, "the receipt is for another one");
    // What the workspace says it received has an account.
    let (mut stage, _) = exported();
    stage.exports.clear();
    wrong(&stage, Kind::Receipt, "the workspace's account of export");
    let (mut stage, _) = exported();
    stage.exports[0].aux_blob_hash = Some(Hash::ZERO);
    wrong(&stage, Kind::Receipt, "the node gave out another share than the workspace has");
    let (mut stage, _) = exported();
    stage.exports[0].op_id = op_id();
    wrong(&stage, Kind::Receipt, "the log does not know of export");
}

/// A private key is made whole from shards, on a request.
fn recovered(stage: &mut Stage, signed: &SignedRequest, card: Hash) -> u64 {
    let note = Note {
        request_hash: Some(signed.request.hash().unwrap()),
        key_id: Some(stage.key_id),
        ..note(Event::PrivateKeyRecoveryInitiated, signed.request.op_id)
    };
    stage.workspace.clock = stage.workspace.clock.max(stage.nodes[0].clock);
    stage.workspace.write(note.with("from", "shards").with("card", card))
}

fn recovery(stage: &Stage) -> Request {
    let params = RecoverParams {
        key_id: stage.key_id,
        servers: Vec::new(),
        recipient: stage.others[1].recipient(),
        owner: name("C"),
        reason: "the vendor is gone".into(),
        delete: false,
    };
    Request { node_heads: Vec::new(), ..stage.request_of(Action::Recover(params)) }
}

#[test]
fn r43_r49_a_private_key_is_made_whole_as_often_and_for_what_was_approved() {
    let card = Hash::plain(b"card");
    let mut stage = Stage::production();
    let signed = stage.approved(recovery(&stage));
    stage.requests.push(signed.clone());
    for _ in 0..3 {
        recovered(&mut stage, &signed, card);
    }
    assert_eq!(stage.report().faults, []);
    recovered(&mut stage, &signed, card);
    wrong(&stage, Kind::Request, "the request allows 3 attempts");
    type Alter = fn(&mut Stage, &mut SignedRequest, &mut Hash);
    let cases: [(&str, Alter); 6] = [
        ("for something else", |_, _, card| *card = Hash::ZERO),
        ("for something else", |stage, signed, _| {
            let Action::Recover(params) = &mut signed.request.action else { panic!() };
            params.servers = vec![name("N1"), name("N2")];
            *signed = stage.approved(signed.request.clone());
        }),
        ("1 count", |_, signed, _| drop(signed.approvals.pop())),
        ("expired at", |stage, signed, _| {
            signed.request.expiry = signed.request.not_before.plus_seconds(1);
            *signed = stage.approved(signed.request.clone());
            stage.workspace.clock = stage.workspace.clock.plus_seconds(7200);
        }),
        ("it had been cancelled", |stage, signed, _| {
            let hash = Some(signed.request.hash().unwrap());
            let op_id = signed.request.op_id;
            stage.workspace.write(Note { request_hash: hash, ..note(Event::RequestCancelled, op_id) });
        }),
        ("the request for it is not here", |stage, _, _| stage.requests.clear()),
    ];
    for (words, alter) in cases {
        let mut stage = Stage::production();
        let (mut signed, mut card) = (stage.approved(recovery(&stage)), card);
        stage.requests.push(signed.clone());
        alter(&mut stage, &mut signed, &mut card);
        if let Some(kept) = stage.requests.first_mut() {
            *kept = signed.clone();
        }
        recovered(&mut stage, &signed, card);
        wrong(&stage, Kind::Request, words);
    }
}

#[test]
fn r48_whoever_had_a_part_in_what_was_ended_has_it_in_the_log() {
    let mut stage = Stage::new();
    let params = GenerateParams {
        key_id: KeyId::random(&mut OsRng),
        curve: Curve::Ed25519,
        threshold: 2,
        roster: vec![name("N1"), name("N2"), name("N3")],
        label: None,
        purpose: Purpose::Rehearsal,
        no_loss_tolerance: false,
    };
    let request = Request { key_card_hash: None, ..stage.request_of(Action::Generate(params.clone())) };
    let (op_id, hash) = (request.op_id, request.hash().unwrap());
    stage.requests.push(SignedRequest::unsigned(request));
    let key_id = Some(params.key_id);
    let asked = |event| Note { request_hash: Some(hash), key_id, ..note(event, op_id) };
    stage.workspace.write(asked(Event::KeyGenerationInitiated));
    for node in &mut stage.nodes[..2] {
        node.write(asked(Event::SessionStarted));
    }
    assert_eq!(stage.report().faults, [], "nobody ended it");
    stage.nodes[0].write(note(Event::KeyActivated, op_id));
    wrong(&stage, Kind::Contradiction, "does not know of its part in operation");
    let fault = stage.report().faults.into_iter().find(|fault| fault.what.contains("its part")).unwrap();
    assert_eq!((fault.place.unwrap().log, fault.witness.unwrap().log), (name("N3"), name("N1")));
    stage.nodes[2].write(asked(Event::SessionStarted));
    assert_eq!(stage.report().faults, []);
}

/// Whoever can have a node write a line of a request that is not carried out does not make its log a false one.
#[test]
fn r48_requests_that_were_refused_or_given_up_frame_nobody() {
    let (mut stage, op_id) = exported();
    for event in [Event::RequestRefused, Event::RequestCancelled, Event::RequestMade, Event::RequestApproved]
    {
        stage.nodes[0].write(Note { request_hash: Some(Hash::ZERO), ..note(event, op_id) });
        stage.workspace.write(Note { request_hash: Some(Hash::ZERO), ..note(event, op_id) });
    }
    // An operator may be given two requests of one id; a node carries out one.
    let twin = Note { request_hash: Some(Hash::ZERO), ..note(Event::ShareExportInitiated, op_id) };
    stage.workspace.write(twin.clone());
    assert_eq!(stage.report().faults, []);
    stage.nodes[0].write(twin);
    wrong(&stage, Kind::Contradiction, "for another request than before");
    // A generation that is ended later, when its request has expired, begins no second time.
    let (mut stage, op_id) = exported();
    stage.nodes[0].clock = stage.nodes[0].clock.plus_seconds(200_000);
    stage.nodes[0].write(note(Event::SessionStarted, op_id).with("operation", "activate"));
    assert_eq!(stage.report().faults, []);
}

#[test]
fn r22_r41_r49_nodes_confirmed_the_words_and_workspaces_follow_the_chain() {
    let without = |stage: &mut Stage, at: u64| {
        let old = stage.nodes[1].lines.clone();
        stage.nodes[1] = Writer { lines: Vec::new(), head: crate::audit::Head::EMPTY, ..stage.take_node(1) };
        for (number, line) in (1..).zip(old) {
            if number != at {
                let entry = crate::audit::SignedEntry::parse(&line).unwrap().entry;
                let mut again = Note::new(entry.event);
                again.detail = entry.detail;
                stage.nodes[1].write(again);
            }
        }
    };
    let mut stage = Stage::production();
    assert_eq!(stage.report().faults, []);
    without(&mut stage, 2);
    wrong(&stage, Kind::Genesis, "nobody confirmed the words");
    let mut stage = Stage::production();
    without(&mut stage, 1);
    wrong(&stage, Kind::Contradiction, "does not begin with the making of its owner");
    let mut stage = Stage::production();
    stage.rewrite(1, 1, |detail| drop(detail.insert("card".into(), Hash::ZERO.to_string())));
    wrong(&stage, Kind::Genesis, "another node card than the one in the genesis");
    let mut stage = Stage::production();
    let two = |genesis: &[u8]| {
        Note::new(Event::GenesisSigned).with("genesis", Hash::plain(genesis)).with("sequence", 1)
    };
    stage.nodes[2].write(two(b"one"));
    assert_eq!(stage.report().faults, [], "a candidate that is not in force");
    stage.nodes[2].write(two(b"other"));
    wrong(&stage, Kind::Genesis, "signed two versions 1");
    // A bundle that leaves the genesis out, which the workspace's log speaks of.
    let mut stage = Stage::new();
    stage.genesis.clear();
    stage.nodes.clear();
    wrong(&stage, Kind::Missing, "the genesis, which the logs speak of, is missing");
}
