//! `person` and `node recipient`: the genesis grows, from outside and with nodes killed at any point of it.

use std::fs;

use quorate::{
    card::PersonCard,
    ceremony::{CeremonyError, doctor, people, replace},
    cli::error::ExitKind,
    digest::Hash,
    genesis::PersonEntry,
    identity::{PersonIdentity, Replaces},
    ids::{Name, Time},
    node::{Call, FailureKind, Reply},
    policy::Role,
    request::{Action, SignParams},
};
use rand_core::OsRng;
use serde_json::Value;

use crate::cli::{Run, Stage, harness};
use crate::cli_custodian::{keygen, stage};
use crate::node_stage::{self, Death, dies, exit, name, node_error};
use crate::pty::Session;

/// A workspace with nodes and the identities A, B and C.
fn enrolled_stage() -> Stage {
    let stage = stage();
    stage.run("init").ok();
    for name in ["A", "B", "C"] {
        keygen(&stage, name);
    }
    stage
}

fn words(stage: &Stage, name: &str) -> String {
    stage.run(&format!("custodian verify {name}.card.json")).ok()["words"].as_str().unwrap().to_owned()
}

/// Enrols a custodian as a script does.
pub fn enrol(stage: &Stage, person: &str, server: &str) -> Run {
    let words = words(stage, person);
    stage.run(&format!(
        "person add {person}.card.json --role custodian --server {server} --fingerprint '{words}'"
    ))
}

#[test]
fn r22_people_are_enrolled_and_listed() {
    let stage = enrolled_stage();
    assert_eq!(stage.run("person list").ok()["people"].as_array().unwrap().len(), 0);
    let before = stage.run("node card --out set0").ok();
    for (i, person) in (1..).zip(["A", "B", "C"]) {
        let added = enrol(&stage, person, &format!("OFFICIAL_{i}")).ok();
        assert_eq!((&added["name"], &added["changed"]), (&person.into(), &true.into()));
        assert_eq!((&added["sequence"], &added["server"]), (&i.into(), &format!("OFFICIAL_{i}").into()));
        assert_eq!(added["words"], words(&stage, person));
    }
    let again = enrol(&stage, "B", "OFFICIAL_2").ok();
    assert_eq!((&again["changed"], &again["sequence"]), (&false.into(), &3.into()));
    let listed = stage.run("person list").ok();
    assert_eq!(listed["people"][1]["name"], "B");
    assert_eq!(listed["people"][1]["roles"], serde_json::json!(["custodian"]));
    assert!(stage.text("person list").text().contains("custodian (of OFFICIAL_3)"));
    // Keys are made and used under the new version; custodians see another set, which follows the first.
    let key = stage.generate("--curve ED25519 --threshold 2");
    stage.run(&format!("sign --key {} --message m", key.id())).ok();
    let after = stage.run("node card --out set3").ok();
    assert_ne!(before["words"], after["words"]);
    let at = |line: &str| {
        let mut command = stage.bare(&harness());
        command.args(["--json", "--home", "laptop"]).args(shlex::split(line).unwrap());
        Run::of(line, command.output().unwrap())
    };
    at("init --no-nodes").ok();
    for set in [("set0", &before), ("set3", &after)] {
        at(&format!("node pin {} --fingerprint '{}'", set.0, set.1["words"].as_str().unwrap())).ok();
    }
    assert_eq!(at("person list").ok()["people"][2]["server"], "OFFICIAL_3");
    at("person add A.card.json --role approver --fingerprint x").fails(4, "not those of A's card");
    let line = format!("person add A.card.json --role approver --fingerprint '{}'", words(&stage, "A"));
    at(&line).fails(1, "has no nodes");
    let log = stage.run("audit show --server OFFICIAL_2").ok().to_string();
    assert_eq!(log.matches("GENESIS_SIGNED").count(), 3, "{log}");
    assert_eq!(log.matches("GENESIS_ADOPTED").count(), 4, "{log}");
}

#[test]
fn r22_wrong_words_other_cards_and_wrong_places_are_refused() {
    let stage = enrolled_stage();
    let line = "person add A.card.json --role custodian --server OFFICIAL_1";
    stage.run(&format!("{line} --fingerprint '{}'", words(&stage, "B"))).fails(4, "not those of A's card");
    stage.run(line).fails(1, "no terminal");
    stage.run("person add A.card.json --role custodian --fingerprint x").fails(2, "needs --server");
    stage.run("person add A.card.json --role approver --server OFFICIAL_1").fails(2, "only a custodian");
    enrol(&stage, "A", "OFFICIAL_9").fails(1, "OFFICIAL_9 is not a server");
    let forged = fs::read_to_string(stage.path("A.card.json")).unwrap().replace("\"A\"", "\"B\"");
    stage.write("forged.card.json", forged.as_bytes());
    stage.run("person add forged.card.json --role approver --fingerprint x").fails(4, "does not verify");
    assert_eq!(stage.run("person list").ok()["sequence"], 0);

    enrol(&stage, "A", "OFFICIAL_1").ok();
    enrol(&stage, "B", "OFFICIAL_1").fails(1, "has a custodian already: A");
    enrol(&stage, "A", "OFFICIAL_2").fails(1, "enrolled already");
    fs::create_dir(stage.path("other")).unwrap();
    stage.run("custodian keygen --name A --out other/A.id --passphrase-file pass").ok();
    let error = enrol(&stage, "other/A", "OFFICIAL_1").fails(4, "enrolled with another card");
    assert!(error["hints"][0].as_str().unwrap().contains("person update"), "{error}");
    stage.run("person update other/A.card.json").fails(4, "does not replace");
    stage.run("person update B.card.json").fails(1, "is not enrolled");
    assert_eq!(stage.run("person list").ok()["sequence"], 1);
}

#[test]
fn r22_a_rotated_card_is_taken_when_the_old_identity_vouches_for_it() {
    let stage = enrolled_stage();
    enrol(&stage, "A", "OFFICIAL_1").ok();
    fs::create_dir(stage.path("rotated")).unwrap();
    let line = "custodian keygen --name A --out rotated/A.id --replaces A.id --passphrase-file pass --passphrase-file new";
    let made = stage.run(line);
    let made: Value = made.ok();
    let updated = stage.run("person update rotated/A.card.json").ok();
    assert_eq!((&updated["changed"], &updated["fingerprint"]), (&true.into(), &made["fingerprint"]));
    assert_eq!(updated["server"], "OFFICIAL_1");
    assert_eq!(stage.run("person update rotated/A.card.json").ok()["changed"], false);
    stage.run("person update A.card.json").fails(4, "does not replace");
}

#[test]
fn r22_a_person_at_a_terminal_compares_the_words() {
    let stage = enrolled_stage();
    let session = |answer: &str| {
        let mut command = stage.bare(&harness());
        command.args(["--home", "home", "person", "add", "A.card.json", "--role", "approver"]);
        let mut session = Session::start(command);
        session.expect("words for this card").expect("Type Yes").line(answer);
        session.end()
    };
    session("yes").with(130);
    session("Yes").with(0);
    assert_eq!(stage.run("person list").ok()["people"][0]["roles"][0], "approver");
}

#[test]
fn r22_a_recipient_comes_with_its_proof() {
    let stage = Stage::init();
    let shown = stage.run("node recipient OFFICIAL_2").ok();
    assert!(shown["recipientKey"].as_str().unwrap().starts_with("age1"));
    assert_eq!(shown["recipientProof"]["edwardsKey"].as_str().unwrap().len(), 64);
    assert_eq!(shown["words"].as_str().unwrap().split(' ').count(), 16);
    assert_eq!(shown["card"]["card"]["recipient"], shown["recipientKey"]);
    let listed = stage.run("node list").ok();
    assert_eq!(listed["nodes"][1]["fingerprint"], shown["fingerprint"]);
    stage.run("node recipient OFFICIAL_9").fails(1, "not a node of this set");
}

fn person(text: &str) -> (PersonIdentity, PersonCard) {
    let identity = PersonIdentity::random(text.parse().unwrap(), &mut OsRng);
    let card = identity.card(Time::now(), None).unwrap();
    (identity, card)
}

fn custodian(card: &PersonCard, server: Name) -> PersonEntry {
    let (name, roles) = (card.card.name.clone(), vec![Role::Custodian]);
    PersonEntry { name, roles, server: Some(server), card: card.clone() }
}

/// Everything at one version: workspace, file and nodes; no node holds a candidate.
pub fn at_one_version(stage: &node_stage::Stage) -> u32 {
    let workspace = stage.open();
    let mut nodes = workspace.nodes(workspace.servers()).unwrap();
    for node in &mut nodes {
        node.refresh().unwrap();
        assert_eq!(node.hello.chain, workspace.signed_chain().unwrap(), "{}", node.name());
    }
    workspace.chain().unwrap().current().sequence
}

/// The kinds of what doctor finds.
pub fn doctor(stage: &node_stage::Stage, fix: bool) -> Vec<&'static str> {
    let report = node_stage::with_ui(|ui| {
        doctor::run(&mut stage.open(), fix, ui, &quorate::ui::Progress::hidden()).unwrap()
    });
    report.findings.iter().map(|finding| finding.kind).collect()
}

#[test]
fn r26_a_node_killed_while_a_person_is_enrolled_converges() {
    let stage = node_stage::Stage::new(3);
    let (mut undone, mut begun, mut late, mut people) = (0, 0, 0, 0);
    for victim in [1, 3] {
        for (at, after) in (0..).flat_map(|at| [(at, false), (at, true)]) {
            let (_, card) = person(&format!("P{people}"));
            let (_, other) = person(&format!("Q{people}"));
            let sequence = at_one_version(&stage);
            let approver = |card: &PersonCard| PersonEntry {
                server: None,
                roles: vec![Role::Approver],
                ..custodian(card, name(1))
            };
            let (plan, died) = dies(Death { victim, at, after });
            let result = people::add(&mut stage.open_with(plan), approver(&card));
            people += 1;
            if !*died.lock().unwrap() {
                result.unwrap();
                break;
            }
            let (error, code) = node_error(result.unwrap_err());
            assert_eq!(code, ExitKind::Unreachable, "{error}");
            match at_one_version(&stage) - sequence {
                1 => late += 1,
                _ if stage.open().nodes(&[name(1)]).unwrap()[0].hello.candidate.is_some() => begun += 1,
                _ => undone += 1,
            }
            if at == 1 {
                let found = doctor(&stage, false);
                let begun = stage.open().nodes(&[name(1)]).unwrap()[0].hello.candidate.is_some();
                assert_eq!(found.contains(&"genesis"), begun);
                doctor(&stage, true);
                assert!(doctor(&stage, false).is_empty());
            }
            // Whoever comes next finds it done, or does it first.
            if at % 2 == 0 {
                assert!(people::add(&mut stage.open(), approver(&other)).unwrap());
            }
            let changed = people::add(&mut stage.open(), approver(&card)).unwrap();
            let sequence = at_one_version(&stage);
            assert!(!people::add(&mut stage.open(), approver(&card)).unwrap(), "{changed}");
            assert_eq!(at_one_version(&stage), sequence);
        }
    }
    assert!(undone > 0 && begun > 0 && late > 0, "{undone} {begun} {late}");
    let workspace = stage.open();
    let genesis = workspace.chain().unwrap().current();
    assert!((0..people).all(|i| genesis.person(&format!("P{i}").parse().unwrap()).is_some()));
    drop(workspace);
    let key = stage.key(quorate::curve::Curve::Ed25519, 2);
    stage.signs(&key, &[1, 3]);
}

#[test]
fn r22_a_genesis_file_put_back_catches_up_and_a_forged_one_does_not() {
    let stage = node_stage::Stage::new(3);
    let path = stage.home().join("genesis.json");
    let old = fs::read(&path).unwrap();
    people::add(&mut stage.open(), custodian(&person("A").1, name(1))).unwrap();
    let new = fs::read(&path).unwrap();
    fs::write(&path, &old).unwrap();
    let key = stage.key(quorate::curve::Curve::Ed25519, 2);
    assert_eq!(fs::read(&path).unwrap(), new);
    stage.signs(&key, &[1, 2]);
    // Another set's chain of the same names is no version of this one.
    let other = node_stage::Stage::new(3);
    fs::copy(other.home().join("genesis.json"), &path).unwrap();
    let error = node_stage::sign(&mut stage.open(), &key, &[1, 2]).err().unwrap();
    assert_eq!(exit(error), ExitKind::Integrity);
    fs::write(&path, &new).unwrap();
    stage.signs(&key, &[1, 2]);
}

#[test]
fn r22_a_node_signs_one_candidate_and_adopts_only_what_all_signed() {
    let stage = node_stage::Stage::new(3);
    let workspace = stage.open();
    let mut nodes = workspace.nodes(workspace.servers()).unwrap();
    let next = |who: &str, roles: &[Role]| {
        let mut next = workspace.chain().unwrap().current().next(Time::now()).unwrap();
        let roles = roles.to_vec();
        next.people.push(PersonEntry { server: None, roles, ..custodian(&person(who).1, name(1)) });
        next
    };
    let (one, two) = (next("A", &[Role::Approver]), next("B", &[Role::Approver]));
    let mut ask = |at: usize, genesis: &quorate::genesis::Genesis| {
        nodes[at].node.handle(Call::SignGenesis { genesis: Box::new(genesis.clone()), adoption: None })
    };
    assert_eq!(ask(0, &next("A", &[Role::Custodian])).unwrap_err().kind, FailureKind::Integrity);
    let mut far = one.clone();
    far.sequence = 2;
    assert_eq!(ask(0, &far).unwrap_err().kind, FailureKind::Integrity);
    let mut signatures = Vec::new();
    for at in [0, 0, 1] {
        let Reply::GenesisSigned(signature) = ask(at, &one).unwrap() else { panic!() };
        signatures.push(signature);
    }
    signatures.remove(0);
    let refused = ask(0, &two).unwrap_err();
    assert_eq!(refused.kind, FailureKind::Denied);
    assert!(refused.message.contains("signs no second one"), "{refused}");
    ask(2, &two).unwrap();
    let signed = quorate::genesis::SignedGenesis::new(one, signatures);
    let adopt = Call::AdoptGenesis { signed: vec![signed] };
    assert_eq!(nodes[0].node.handle(adopt).unwrap_err().kind, FailureKind::Integrity);
    // One node was led astray: nothing can be completed, and that is said; what is in force stays.
    drop((nodes, workspace));
    let error = people::add(&mut stage.open(), custodian(&person("C").1, name(1))).unwrap_err();
    assert!(
        matches!(&error, CeremonyError::After { hint, .. } if hint.contains("a new node set")),
        "{error}"
    );
    for said in ["OFFICIAL_1", "OFFICIAL_3", "A is enrolled", "B is enrolled"] {
        assert!(error.to_string().contains(said), "{error}");
    }
    assert_eq!(exit(error), ExitKind::Integrity);
    let key = stage.key(quorate::curve::Curve::Ed25519, 2);
    stage.signs(&key, &[1, 2]);
}

/// Node `i` signs, of its own, a version in which `who` is custodian of OFFICIAL_2; its hash.
fn signs_alone(stage: &node_stage::Stage, i: u16, who: &str) -> Hash {
    let workspace = stage.open();
    let mut next = workspace.chain().unwrap().current().next(Time::now()).unwrap();
    next.people.push(custodian(&person(who).1, name(2)));
    let mut nodes = workspace.nodes(&[name(i)]).unwrap();
    let call = Call::SignGenesis { genesis: Box::new(next.clone()), adoption: None };
    assert!(matches!(nodes[0].node.handle(call).unwrap(), Reply::GenesisSigned(_)));
    next.hash().unwrap()
}

#[test]
fn r22_a_version_that_one_node_made_up_is_never_completed() {
    let stage = node_stage::Stage::new(3);
    let words = signs_alone(&stage, 3, "Mallory").words();
    let entry = custodian(&person("A").1, name(1));
    let refused = people::add(&mut stage.open(), entry.clone()).unwrap_err();
    for said in ["OFFICIAL_3 signed a version 1", "Mallory is enrolled as custodian (of OFFICIAL_2)", &words]
    {
        assert!(refused.to_string().contains(said), "{refused}");
    }
    assert_eq!(exit(refused), ExitKind::Integrity);
    let run = |words: Option<&str>| {
        let mut workspace = stage.open();
        if let Some(words) = words {
            workspace.confirm_genesis(words.to_owned());
        }
        node_stage::with_ui(|ui| doctor::run(&mut workspace, true, ui, &quorate::ui::Progress::hidden()))
    };
    let report = run(None).unwrap();
    assert_eq!(
        (report.findings[0].kind, report.findings[0].waits, report.findings[0].fixed),
        ("genesis", true, false)
    );
    assert_eq!(exit(run(Some("topmost istanbul")).unwrap_err()), ExitKind::Integrity);
    assert_eq!(at_one_version(&stage), 0);
    // Its node goes: what it signed does not matter then, and the set grows again.
    replace::run(&mut stage.open(), &name(3), &name(4)).unwrap();
    assert!(people::add(&mut stage.open(), entry).unwrap());
    assert_eq!(at_one_version(&stage), 2);
    assert!(stage.open().chain().unwrap().current().person(&"Mallory".parse().unwrap()).is_none());
}

#[test]
fn r26_a_version_whose_record_was_lost_is_completed_by_its_words_only() {
    let stage = node_stage::Stage::new(3);
    let record = stage.home().join("genesis.next.json");
    let (plan, died) = dies(Death { victim: 3, at: 0, after: false });
    let entry = custodian(&person("A").1, name(1));
    people::add(&mut stage.open_with(plan), entry.clone()).unwrap_err();
    assert!(*died.lock().unwrap() && record.exists());
    let bytes = fs::read(&record).unwrap();
    let began: quorate::genesis::Genesis = serde_json::from_slice(&bytes).unwrap();
    fs::remove_file(&record).unwrap();
    assert_eq!(exit(people::settle(&mut stage.open()).unwrap_err()), ExitKind::Integrity);
    // Another one in its place is none.
    let mut other = began.clone();
    other.created_at = other.created_at.plus_seconds(1);
    fs::write(&record, quorate::codec::canonical("genesis", &other).unwrap()).unwrap();
    assert_eq!(exit(people::settle(&mut stage.open()).unwrap_err()), ExitKind::Integrity);
    fs::write(&record, b"{").unwrap();
    assert_eq!(exit(people::settle(&mut stage.open()).unwrap_err()), ExitKind::Integrity);
    fs::remove_file(&record).unwrap();
    let mut workspace = stage.open();
    workspace.confirm_genesis(began.hash().unwrap().words());
    people::settle(&mut workspace).unwrap();
    drop(workspace);
    assert!(!record.exists());
    assert!(!people::add(&mut stage.open(), entry).unwrap());
    assert_eq!(at_one_version(&stage), 1);
    // Killed before it was removed, it counts for nothing.
    fs::write(&record, bytes).unwrap();
    people::add(&mut stage.open(), custodian(&person("B").1, name(2))).unwrap();
    assert!(!record.exists());
}

#[test]
fn r22_a_custodian_is_not_moved_to_another_server() {
    let stage = node_stage::Stage::new(3);
    let entry = custodian(&person("A").1, name(1));
    people::add(&mut stage.open(), entry.clone()).unwrap();
    let workspace = stage.open();
    let mut next = workspace.chain().unwrap().current().next(Time::now()).unwrap();
    next.people[0].server = Some(name(2));
    let mut nodes = workspace.nodes(&[name(3)]).unwrap();
    let refused =
        nodes[0].node.handle(Call::SignGenesis { genesis: Box::new(next), adoption: None }).unwrap_err();
    assert!(refused.message.contains("A was custodian of OFFICIAL_1"), "{refused}");
}

#[test]
fn r26_a_node_signs_and_keeps_nothing_that_it_could_not_read_back() {
    let stage = node_stage::Stage::new(2);
    let next = stage.open().chain().unwrap().current().next(Time::now()).unwrap();
    let with_people = |count: usize| {
        let mut next = next.clone();
        next.people = (0..count)
            .map(|i| PersonEntry {
                server: None,
                roles: vec![Role::Approver],
                ..custodian(&person(&format!("P{i}")).1, name(1))
            })
            .collect();
        next
    };
    let ask = |genesis: quorate::genesis::Genesis| {
        let mut nodes = stage.open().nodes(&[name(1)]).unwrap();
        nodes[0].node.handle(Call::SignGenesis { genesis: Box::new(genesis), adoption: None })
    };
    let refused = ask(with_people(1500)).unwrap_err();
    assert!(refused.message.contains("beyond what every node reads back"), "{refused}");
    assert_eq!(stage.count(1, "GENESIS_SIGNED"), 0);
    ask(with_people(300)).unwrap();
    assert!(stage.open().nodes(&[name(1)]).unwrap()[0].hello.candidate.is_some(), "it is read back");
}

#[test]
fn r22_no_version_is_adopted_while_a_session_binds_the_one_before() {
    let stage = node_stage::Stage::new(3);
    let key = stage.key(quorate::curve::Curve::Ed25519, 2);
    let workspace = stage.open();
    let mut nodes = workspace.nodes(workspace.servers()).unwrap();
    let chain = workspace.chain().unwrap();
    let mut next = chain.current().next(Time::now()).unwrap();
    next.people.push(custodian(&person("A").1, name(1)));
    let mut signatures = Vec::new();
    for node in &mut nodes {
        let call = Call::SignGenesis { genesis: Box::new(next.clone()), adoption: None };
        let Reply::GenesisSigned(signature) = node.node.handle(call).unwrap() else { panic!() };
        signatures.push(signature);
    }
    let action = Action::Sign(SignParams {
        key_id: key,
        signers: vec![1, 2],
        content: node_stage::message("m"),
        path: String::new(),
        taproot: false,
    });
    let card = workspace.inventory().card(&key, chain).unwrap();
    let request = workspace.request(action, Some(card.hash()), &nodes[..2]).unwrap();
    let op_id = request.request.op_id;
    let begin = Call::Begin { request: Box::new(request), attempt: 1, grant: None };
    nodes[0].node.handle(begin.clone()).unwrap();
    let signed = vec![quorate::genesis::SignedGenesis::new(next, signatures)];
    let mut adopt = |at: usize| nodes[at].node.handle(Call::AdoptGenesis { signed: signed.clone() });
    assert_eq!(adopt(0).unwrap_err().kind, FailureKind::Unreachable);
    assert!(matches!(adopt(1).unwrap(), Reply::Done));
    assert!(matches!(adopt(1).unwrap(), Reply::Done), "again is no harm");
    assert_eq!(nodes[1].node.handle(begin).unwrap_err().kind, FailureKind::Denied, "of the version before");
    nodes[0].node.handle(Call::Close { op_id, attempt: 1, reason: "test".into() }).unwrap();
    let mut adopt = |at: usize| nodes[at].node.handle(Call::AdoptGenesis { signed: signed.clone() });
    assert!(matches!(adopt(0).unwrap(), Reply::Done));
    drop((nodes, workspace));
    // The workspace and node 3 did not hear of it, and do now.
    assert_eq!(at_one_version(&stage), 1);
}

#[test]
fn r22_an_update_needs_the_old_approval_key() {
    let stage = node_stage::Stage::new(2);
    let (old, card) = person("A");
    people::add(&mut stage.open(), custodian(&card, name(1))).unwrap();
    let stranger = person("A").1;
    assert_eq!(exit(people::update(&mut stage.open(), stranger).unwrap_err()), ExitKind::Integrity);
    let new = person("A").0;
    let rotated = new.card(Time::now(), Some(Replaces::new(&card, &old).unwrap())).unwrap();
    assert!(people::update(&mut stage.open(), rotated.clone()).unwrap());
    assert!(!people::update(&mut stage.open(), rotated).unwrap());
    assert_eq!(at_one_version(&stage), 2);
}
