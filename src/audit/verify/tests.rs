use super::{
    Kind, Outside,
    stage::{Stage, Writer, asked, note, op_id},
    verify,
};
use crate::{
    audit::{
        Event, Note, SignedEntry,
        bundle::{Bundle, Lines},
    },
    codec::HexArray,
    digest::Hash,
    ids::KeyId,
    request::SignedRequest,
    signing_key::SigningKey,
};

fn busy() -> Stage {
    let mut stage = Stage::new();
    stage.sign(1);
    stage.export();
    stage.sign(2);
    stage.sign(1);
    stage
}

#[test]
fn r48_r49_honest_logs_are_found_good_and_what_rests_on_one_word_is_said() {
    let stage = busy();
    let report = stage.report();
    assert_eq!(report.faults, []);
    assert!(report.valid);
    let of = |name: &str| report.logs.iter().find(|log| log.log.as_str() == name).unwrap();
    assert_eq!((of("N1").entries, of("workspace").entries), (12, 11));
    assert_eq!(of("N1").witnessed, 10, "what N2 saw before the last signature");
    assert_eq!(of("N3").witnessed, 2);
    assert_eq!(of("workspace").witnessed, 9);
    assert_eq!(of("N1").head, stage.nodes[0].head.hash);
    assert!(
        report.unseen.iter().any(|unseen| unseen.contains("N1: whether entries 11 to 12, which")),
        "{:?}",
        report.unseen
    );
    assert!(report.unseen.iter().any(|unseen| unseen.contains("--genesis")));
    assert_eq!((report.documents.exports, report.documents.receipts), (1, 1));
}

#[test]
fn the_hash_cut_out_of_a_line_is_that_of_the_entry() {
    for line in &busy().nodes[0].lines {
        let (signed, hash) = super::walk::parse(line).unwrap();
        assert_eq!(hash, Hash::of("audit-entry", &signed.entry).unwrap());
    }
}

type Tamper = fn(&mut Writer);
type Alteration = (&'static str, fn(&mut Stage), Kind);

#[test]
fn r48_each_sort_of_tampering_with_one_log_is_named_with_its_entry() {
    let cases: [(&str, Tamper, Kind, u64); 15] = [
        ("not JSON", |log| log.lines[4] = b"{".to_vec(), Kind::Unreadable, 5),
        ("no UTF-8", |log| log.lines[4][20] = 0xff, Kind::Unreadable, 5),
        ("empty line", |log| log.lines[4].clear(), Kind::Unreadable, 5),
        ("a space more", |log| log.lines[4].push(b' '), Kind::Unreadable, 5),
        (
            "a field more",
            |log| replace(log, 5, "\"version\":1", "\"version\":1,\"x\":1"),
            Kind::Unreadable,
            5,
        ),
        ("version 2", |log| replace(log, 5, "\"version\":1", "\"version\":2"), Kind::Unreadable, 5),
        (
            "an edited event",
            |log| replace(log, 5, "SHARE_EXPORT_INITIATED", "SHARE_EXPORTED"),
            Kind::Edited,
            5,
        ),
        ("an edited counter", |log| replace(log, 5, "\"counter\":5", "\"counter\":6"), Kind::Edited, 5),
        ("another signature", |log| resign(log, 5), Kind::ForeignSignature, 5),
        ("a dropped entry", |log| drop(log.lines.remove(4)), Kind::Dropped, 5),
        ("three dropped", |log| drop(log.lines.drain(4..7)), Kind::Dropped, 5),
        ("the first dropped", |log| drop(log.lines.remove(1)), Kind::Dropped, 2),
        ("two swapped", |log| log.lines.swap(4, 5), Kind::Reordered, 5),
        ("one moved to the end", |log| (log.lines[4..]).rotate_left(1), Kind::Reordered, 5),
        ("one repeated", |log| log.lines.insert(5, log.lines[4].clone()), Kind::Repeated, 6),
    ];
    for (what, tamper, kind, entry) in cases {
        let mut stage = busy();
        tamper(&mut stage.nodes[0]);
        assert_eq!(stage.first(), (kind, "N1".into(), entry), "{what}");
    }
}

#[test]
fn r48_entries_of_others_and_second_histories_are_told_apart() {
    let mut stage = busy();
    let line = stage.nodes[1].lines[4].clone();
    stage.nodes[0].lines[4] = line;
    assert_eq!(stage.first(), (Kind::ForeignLog, "N1".into(), 5));

    // N2 signs in N1's name, and the chain goes on from there.
    let mut stage = busy();
    let mut signed = stage.nodes[0].entry(5);
    signed.signature = stage.nodes[1].key.sign(&Hash::of("audit-entry", &signed.entry).unwrap());
    stage.nodes[0].lines[4] = signed.line().unwrap();
    let fault = stage.fault();
    assert_eq!(fault.kind, Kind::ForeignSignature);
    assert!(fault.what.contains("signed by N2"), "{}", fault.what);

    // One entry is replaced by another one that its owner signed.
    let mut stage = busy();
    let mut signed = stage.nodes[0].entry(5);
    signed.entry.time = signed.entry.time.plus_seconds(1);
    signed.signature = stage.nodes[0].key.sign(&Hash::of("audit-entry", &signed.entry).unwrap());
    stage.nodes[0].lines[4] = signed.line().unwrap();
    assert_eq!(stage.first(), (Kind::Forked, "N1".into(), 6));

    // All is written anew, consistently: N2 saw the log before.
    let mut stage = busy();
    stage.nodes[0].head = super::super::Head { counter: 4, hash: *hashes(&stage.nodes[0]).get(3).unwrap() };
    stage.nodes[0].rewrite(5, |signed| signed.entry.time = signed.entry.time.plus_seconds(1));
    let fault = stage.fault();
    assert_eq!((fault.kind, fault.place.unwrap().entry), (Kind::Forked, 8), "where N3 saw it next");
    assert_eq!(fault.witness.unwrap().log.as_str(), "N3");
    let report = stage.report();
    assert!(report.faults.iter().all(|fault| fault.kind == Kind::Forked));
}

#[test]
fn r48_the_end_of_a_log_is_missed_where_somebody_saw_it() {
    for (log, kept, entry) in [(0, 9, 10), (0, 3, 4), (1, 3, 4), (1, 0, 1)] {
        let mut stage = busy();
        stage.nodes[log].lines.truncate(kept);
        let truncated = stage.report().faults.into_iter().find(|fault| fault.kind == Kind::Truncated);
        let place = truncated.unwrap().place.unwrap();
        assert_eq!((place.log.as_str(), place.entry), (stage.nodes[log].name.as_str(), entry));
    }
    let mut stage = busy();
    stage.workspace.lines.truncate(8);
    let fault = stage.report().faults.into_iter().find(|fault| fault.kind == Kind::Truncated).unwrap();
    assert_eq!(fault.place.unwrap().entry, 9);
    assert_eq!(fault.witness.unwrap().log.as_str(), "N1");
}

#[test]
fn r48_what_nobody_else_saw_a_head_from_outside_tells() {
    let mut stage = busy();
    let before: Vec<_> = stage.logs().map(Writer::node_head).collect();
    stage.nodes[2].lines.truncate(2);
    // Nobody signed with N3 after that but N1, whose log says nothing of N3's end.
    let bytes = stage.bytes();
    let bundle = Bundle::parse(&bytes).unwrap();
    let given = |head: &crate::request::NodeHead, words: bool| super::GivenHead {
        log: head.node.clone(),
        counter: head.counter,
        hash: if words { head.head.words() } else { head.head.to_string() },
    };
    for words in [false, true] {
        let heads = before.iter().map(|head| given(head, words)).collect();
        let report = verify(&bundle, &Outside { heads, ..Outside::default() });
        let fault = report.faults.iter().find(|fault| fault.kind == Kind::Truncated).unwrap();
        assert_eq!(
            (fault.place.as_ref().unwrap().log.as_str(), fault.place.as_ref().unwrap().entry),
            ("N3", 3)
        );
        assert!(fault.what.contains("given"));
    }
    let good = busy();
    let heads: Vec<_> = good.logs().map(|log| given(&log.node_head(), false)).collect();
    let bytes = good.bytes();
    let bundle = Bundle::parse(&bytes).unwrap();
    let report = verify(&bundle, &Outside { heads: heads.clone(), ..Outside::default() });
    assert!(report.valid);
    assert!(report.logs.iter().all(|log| log.witnessed == log.entries));
    for wrong in [
        super::GivenHead { hash: "0".repeat(64), ..heads[1].clone() },
        super::GivenHead { counter: 3, ..heads[1].clone() },
        super::GivenHead { log: "N9".parse().unwrap(), ..heads[1].clone() },
    ] {
        assert!(!verify(&bundle, &Outside { heads: vec![wrong], ..Outside::default() }).valid);
    }
}

#[test]
fn r49_the_words_of_the_genesis_are_compared() {
    let stage = busy();
    let bytes = stage.bytes();
    let bundle = Bundle::parse(&bytes).unwrap();
    let said = |genesis: String| verify(&bundle, &Outside { genesis: Some(genesis), ..Outside::default() });
    let hash = stage.genesis[0].genesis.hash().unwrap();
    for good in [hash.words(), hash.to_string()] {
        let report = said(good);
        assert!(report.valid && report.genesis.unwrap().compared);
    }
    assert_eq!(said(Hash::ZERO.words()).faults[0].kind, Kind::Genesis);
}

#[test]
fn r48_logs_must_fit_the_genesis() {
    let cases: [Alteration; 6] = [
        ("no signature", |s| s.genesis[0].signatures[1].signature = HexArray([0; 64]), Kind::Genesis),
        ("another chain", |s| s.genesis = Stage::new().genesis, Kind::ForeignSignature),
        ("a log less", |s| drop(s.nodes.pop()), Kind::Missing),
        ("a log of nobody", |s| s.nodes[2].name = "N9".parse().unwrap(), Kind::ForeignLog),
        ("adopts another", |s| adopt(&mut s.nodes[0], Hash::ZERO, 1), Kind::Genesis),
        (
            "adopts under another number",
            |s| {
                let first = hashes(&s.nodes[0])[0];
                s.nodes[0].head = super::super::Head { counter: 1, hash: first };
                s.nodes[0]
                    .rewrite(2, |signed| drop(signed.entry.detail.insert("sequence".into(), "7".into())));
            },
            Kind::Genesis,
        ),
    ];
    for (what, alter, kind) in cases {
        let mut stage = Stage::new();
        alter(&mut stage);
        assert_eq!(stage.fault().kind, kind, "{what}");
    }
    // A run that was stopped between log and store adopts the same one again.
    let mut stage = Stage::new();
    let hash = stage.genesis[0].genesis.hash().unwrap();
    adopt(&mut stage.nodes[0], hash, 0);
    assert_eq!(stage.report().faults, []);
    let mut stage = Stage::new();
    for sequence in [1, 2] {
        let two = Hash::plain(&[sequence]);
        stage.nodes[1].write(Note::new(Event::GenesisSigned).with("genesis", two).with("sequence", 1));
    }
    assert_eq!(stage.first(), (Kind::Genesis, "N2".into(), 4));
}

#[test]
fn r48_the_workspace_publishes_its_key_and_nodes_witness_it() {
    // Whoever writes a new workspace log under a key of their own meets what the nodes saw.
    let mut stage = busy();
    let mut forged = Stage::new().workspace;
    forged.lines.clear();
    forged.head = super::super::Head::EMPTY;
    for line in &stage.workspace.lines {
        let entry = SignedEntry::parse(line).unwrap().entry;
        let mut note =
            Note { op_id: entry.op_id, request_hash: entry.request_hash, ..Note::new(entry.event) };
        note.detail = entry.detail;
        if note.detail.contains_key("key") {
            note = note.with("key", forged.key.public().0);
        }
        forged.write(note);
    }
    stage.workspace = forged;
    let faults = stage.report().faults;
    assert!(faults.iter().all(|fault| fault.kind == Kind::Forked), "{faults:?}");
    assert_eq!(faults[0].place.as_ref().unwrap().entry, 1);
    // Without its key in the first entry the log says nothing.
    let mut stage = busy();
    replace(&mut stage.workspace, 1, "\"key\"", "\"kez\"");
    assert_eq!(stage.first(), (Kind::Unreadable, "workspace".into(), 1));
    let mut stage = busy();
    stage.workspace.lines.clear();
    assert_eq!(stage.first(), (Kind::Truncated, "workspace".into(), 1));
}

#[test]
fn r50_what_is_irreversible_has_its_intent_before_it() {
    let alone = [
        Event::KeyPending,
        Event::KeyActivated,
        Event::KeyAbandoned,
        Event::AuxCompleted,
        Event::SigningCompleted,
        Event::ShareExported,
        Event::ShareDeleted,
        Event::ShareImported,
        Event::ShareLeased,
        Event::LeaseEnded,
        Event::PrivateKeyRecoveryCompleted,
        Event::ShareDestroyed,
    ];
    for event in alone {
        let mut stage = Stage::new();
        stage.nodes[0].write(note(event, op_id()).with("file", "x"));
        assert_eq!(stage.first(), (Kind::NoIntent, "N1".into(), 3), "{event:?}");
    }
    // Of another operation, or after it, an intent is none.
    let mut stage = Stage::new();
    let op = op_id();
    stage.nodes[0].write(note(Event::ShareImported, op));
    stage.nodes[0].write(note(Event::ShareImportInitiated, op));
    assert_eq!(stage.first(), (Kind::NoIntent, "N1".into(), 3));
    let mut stage = Stage::new();
    let destroy = |event| Note::new(event).with("file", "A.json.old");
    stage.workspace.write(destroy(Event::ShareDestructionInitiated));
    stage.workspace.write(destroy(Event::ShareDestroyed));
    assert!(stage.report().valid);
    stage.workspace.write(destroy(Event::ShareDestroyed));
    assert_eq!(stage.first(), (Kind::NoIntent, "workspace".into(), 4));
}

#[test]
fn r48_a_clock_that_went_back_is_noticed() {
    let mut stage = busy();
    stage.nodes[0].clock = stage.nodes[0].clock.plus_seconds(-3600);
    stage.nodes[0].write(Note::new(Event::HoldingStated));
    assert_eq!(stage.first(), (Kind::ClockBack, "N1".into(), 13));
}

#[test]
fn r21_what_was_deleted_has_its_receipt() {
    let cases: [Alteration; 11] = [
        ("no account of it", |s| s.exports.clear(), Kind::Receipt),
        ("no receipt", |s| s.exports[0].receipt = None, Kind::Receipt),
        ("another signer", |s| with_receipt(s, |r| r.signature = HexArray([1; 64])), Kind::Receipt),
        (
            "another share",
            |s| with_receipt(s, |r| r.receipt.share_blob_hash = Some(Hash::ZERO)),
            Kind::Receipt,
        ),
        ("another node", |s| s.exports[0].server = "N2".parse().unwrap(), Kind::Receipt),
        ("another custodian", |s| s.exports[0].custodian = "B".parse().unwrap(), Kind::Receipt),
        ("a share never given out", |s| s.exports[0].share_blob_hash = Some(Hash::ZERO), Kind::Receipt),
        ("an operation of nobody", |s| s.exports[0].op_id = op_id(), Kind::Receipt),
        (
            "a statement that is none",
            |s| s.exports[0].released.as_mut().unwrap().statement.shares = 1,
            Kind::Receipt,
        ),
        ("newer", |s| s.exports[0].version = 2, Kind::Receipt),
        ("twice", |s| s.exports.push(s.exports[0].clone()), Kind::Receipt),
    ];
    for (what, alter, kind) in cases {
        let mut stage = busy();
        alter(&mut stage);
        assert_eq!(stage.fault().kind, kind, "{what}");
    }
}

#[test]
fn r48_two_logs_do_not_say_different_things() {
    // A node ran what the workspace never asked for.
    let mut stage = busy();
    let request = stage.request().request;
    stage.nodes[1].write(asked(Event::SessionStarted, &request));
    assert_eq!(stage.first(), (Kind::Contradiction, "N2".into(), 7));
    // The workspace has a signature that no node made.
    let mut stage = busy();
    let op = op_id();
    stage.workspace.write(note(Event::SigningInitiated, op));
    assert!(stage.report().valid, "asked for, and refused by all");
    stage.workspace.write(note(Event::SigningCompleted, op));
    assert_eq!(stage.first(), (Kind::Contradiction, "workspace".into(), 12));
    // One operation for two requests.
    let mut stage = busy();
    let op = stage.sign(1);
    stage.nodes[1].write(Note { request_hash: Some(Hash::ZERO), ..note(Event::SessionStarted, op) });
    assert_eq!(stage.fault().kind, Kind::Contradiction);
    // The workspace saw a deletion that the node's log does not have.
    let mut stage = busy();
    let op = op_id();
    for event in [Event::ShareExportInitiated, Event::ShareDeletionInitiated, Event::ShareDeleted] {
        stage.workspace.write(note(event, op).with("server", "N2"));
    }
    let fault = stage.fault();
    assert_eq!((fault.kind, fault.witness.unwrap().entry), (Kind::Contradiction, 14));
}

#[test]
fn r37_r40_r49_a_request_was_in_time_and_under_the_genesis_in_force_when_it_was_carried_out() {
    let mut stage = busy();
    let signed = stage.request();
    stage.carry_out(&signed, 10);
    stage.requests.push(signed.clone());
    let report = stage.report();
    assert_eq!((report.faults, report.documents.requests), (vec![], 1));
    type Case = (&'static str, i64, fn(&mut SignedRequest));
    let cases: [Case; 6] = [
        ("not valid before", 10, |r| r.request.not_before = r.request.not_before.plus_seconds(11)),
        ("expired at", 3661, |_| ()),
        ("longer than the policy allows", 10, |r| {
            r.request.expiry = r.request.not_before.plus_seconds(86_401)
        }),
        ("in rehearsal the requester", 10, |r| r.request.requester = "A".parse().unwrap()),
        ("another policy", 10, |r| r.request.policy_hash = Hash::ZERO),
        ("which is not here", 10, |r| r.request.genesis_hash = Hash::ZERO),
    ];
    for (reason, after, alter) in cases {
        let mut stage = busy();
        let mut signed = stage.request();
        alter(&mut signed);
        stage.carry_out(&signed, after);
        stage.requests.push(signed);
        let fault = stage.fault();
        assert_eq!(fault.kind, Kind::Request, "{reason}");
        assert!(fault.what.contains(reason), "{reason}: {}", fault.what);
    }
    // A node may write down a little later what it judged in time; a second attempt must be in time as well.
    let mut stage = busy();
    let signed = stage.request();
    stage.carry_out(&signed, 3600);
    stage.requests.push(signed.clone());
    assert!(stage.report().valid);
    stage.carry_out(&signed, 100);
    assert!(stage.fault().what.contains("expired at"));
    // What was only refused may be here, beside what was carried out or alone.
    let mut stage = busy();
    let (signed, mut other) = (stage.request(), stage.request());
    stage.carry_out(&signed, 10);
    (other.request.op_id, other.request.max_attempts) = (signed.request.op_id, 2);
    stage.requests = vec![other.clone(), signed, stage.request()];
    let report = stage.report();
    assert_eq!((report.faults, report.documents.requests), (vec![], 2));
    stage.requests = vec![other];
    let fault = stage.fault();
    assert!(
        fault.kind == Kind::Request && fault.what.contains("carried out on another request"),
        "{}",
        fault.what
    );
}

#[test]
fn r40_r49_a_request_of_an_earlier_version_is_not_carried_out_under_a_later_one() {
    let mut stage = busy();
    let (before, first) = (stage.request(), stage.genesis[0].genesis.clone());
    let mut next = first.next(first.created_at).unwrap();
    next.people.clear();
    let hash = next.hash().unwrap();
    let sign = |node: &Writer| next.sign(node.name.clone(), &node.key).unwrap();
    stage
        .genesis
        .push(crate::genesis::SignedGenesis::new(next.clone(), stage.nodes.iter().map(sign).collect()));
    stage.carry_out(&before, 10);
    for event in [Event::GenesisSigned, Event::GenesisAdopted] {
        for log in &mut stage.nodes {
            log.write(Note::new(event).with("genesis", hash).with("sequence", 1));
        }
    }
    adopt(&mut stage.workspace, hash, 1);
    stage.requests.push(before.clone());
    adopt(&mut stage.workspace, hash, 1);
    assert_eq!(stage.report().faults, []);
    let back = stage.workspace.lines.clone();
    let head = stage.workspace.head;
    adopt(&mut stage.workspace, first.hash().unwrap(), 0);
    assert!(stage.fault().what.contains("out of their order"), "{}", stage.fault().what);
    (stage.workspace.lines, stage.workspace.head) = (back, head);
    let at = stage.carry_out(&before, 10);
    let fault = stage.fault();
    assert!(fault.what.contains("another genesis than the one in force there then"), "{}", fault.what);
    assert!(fault.what.contains(&format!("entry {at}")), "{}", fault.what);
}

#[test]
fn r51_a_bundle_of_nothing_but_line_ends_costs_no_more_than_it_has_bytes() {
    let stage = busy();
    let good = stage.bytes();
    let cut = good.windows(11).rposition(|window| window == b"\"section\":\"").unwrap_or_default();
    let start = good[..cut].iter().rposition(|byte| *byte == b'\n').unwrap() + 1;
    let lines = 8 << 20;
    let heading = format!("{{\"lines\":{lines},\"log\":\"N9\",\"section\":\"log\"}}\n");
    let bytes = [&good[..start], heading.as_bytes(), &vec![b'\n'; lines], &good[start..]].concat();
    let bundle = Bundle::parse(&bytes).unwrap();
    assert_eq!(bundle.logs.last().unwrap().lines.count(), lines);
    let report = verify(&bundle, &Outside::default());
    assert!(report.faults.iter().any(|fault| fault.kind == Kind::ForeignLog));
    // Nor does one whose documents are nothing: so many are told, and the others counted.
    let mut hostile = bundle.clone();
    let ends = vec![b'\n'; 1 << 20];
    hostile.requests = Lines::of(&ends);
    (hostile.exports, hostile.receipts, hostile.key_cards) =
        (hostile.requests, hostile.requests, hostile.requests);
    let report = verify(&hostile, &Outside::default());
    assert_eq!(report.faults.len(), 200);
    assert!(report.more_faults >= 4 * (1 << 20) - 200, "{}", report.more_faults);
    // What is wrong with logs is told before.
    assert_eq!(report.faults[0].kind, Kind::ForeignLog);
    let mut empty = busy();
    empty.nodes[0].lines = vec![Vec::new(); 1 << 20];
    assert_eq!(empty.first(), (Kind::Unreadable, "N1".into(), 1));
}

#[test]
fn r8_a_key_that_was_activated_has_its_card() {
    let mut stage = busy();
    let request = stage.request().request;
    let op = request.op_id;
    stage.workspace.write(note(Event::KeyGenerationInitiated, op));
    stage.nodes[0].write(asked(Event::SessionStarted, &request));
    assert!(stage.report().valid);
    let key_id = KeyId::random(&mut rand_core::OsRng);
    let activated = note(Event::KeyActivated, op).with("card", Hash::ZERO);
    stage.nodes[0].write(Note { key_id: Some(key_id), ..activated });
    let fault = stage.fault();
    assert_eq!((fault.kind, fault.key_id), (Kind::KeyCard, Some(key_id)));
}

fn hashes(writer: &Writer) -> Vec<Hash> {
    writer.lines.iter().map(|line| super::walk::parse(line).unwrap().1).collect()
}

fn replace(log: &mut Writer, counter: usize, from: &str, to: &str) {
    let text = String::from_utf8(log.lines[counter - 1].clone()).unwrap();
    assert!(text.contains(from), "{text}");
    log.lines[counter - 1] = text.replacen(from, to, 1).into_bytes();
}

fn resign(log: &mut Writer, counter: u64) {
    let mut signed = log.entry(counter);
    let hash = Hash::of("audit-entry", &signed.entry).unwrap();
    signed.signature = SigningKey::random(&mut rand_core::OsRng).sign(&hash);
    log.lines[counter as usize - 1] = signed.line().unwrap();
}

fn adopt(log: &mut Writer, hash: Hash, sequence: u32) {
    log.write(Note::new(Event::GenesisAdopted).with("genesis", hash).with("sequence", sequence));
}

fn with_receipt(stage: &mut Stage, alter: fn(&mut crate::receipt::Receipt)) {
    alter(stage.exports[0].receipt.as_mut().unwrap());
}
