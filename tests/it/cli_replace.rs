//! `node replace`: a node in the place of another one, from outside and killed at any point.

use std::fs;
use std::sync::{Arc, Mutex};

use quorate::{
    ceremony::{keys, people, replace},
    cli::error::ExitKind,
    curve::Curve,
    genesis::PersonEntry,
    identity::PersonIdentity,
    ids::{Name, Time},
    keyshare::DirtyKeyCard,
    node::{Call, FailureKind, NodeError, Reply, embedded::node_dir},
    policy::Role,
};
use rand_core::OsRng;

use crate::cli::Stage;
use crate::cli_custodian::{keygen, stage};
use crate::cli_people::{at_one_version, doctor, enrol};
use crate::custody_stage::{Custody, custodian};
use crate::node_stage::{self, Plan, exit, name, node_error, relay, sign};

/// Custodian A of OFFICIAL_1, and a key over all three.
fn custody() -> (Stage, String) {
    let stage = stage();
    stage.run("init").ok();
    keygen(&stage, "A");
    enrol(&stage, "A", "OFFICIAL_1").ok();
    let key = stage.generate("--curve ED25519 --threshold 2").id().to_owned();
    (stage, key)
}

#[test]
fn r22_r26_a_lost_node_is_replaced_for_all_its_keys() {
    let (stage, key) = custody();
    let refused = stage.run("node replace OFFICIAL_1 --with OFFICIAL_4").fails(1, "holds a share of key");
    assert!(refused["hints"][0].as_str().unwrap().contains("share export"), "{refused}");
    assert!(!stage.home("nodes/OFFICIAL_4").exists());
    fs::rename(stage.home("nodes/OFFICIAL_1"), stage.path("lost")).unwrap();
    stage.run("node list").fails(1, "OFFICIAL_1 cannot be opened");

    let replaced = stage.run("node replace OFFICIAL_1 --with OFFICIAL_4").ok();
    assert_eq!((&replaced["changed"], &replaced["oldAnswered"]), (&true.into(), &false.into()));
    assert_eq!((&replaced["custodian"], &replaced["sequence"]), (&"A".into(), &2.into()));
    assert_eq!(replaced["keys"], serde_json::json!([{"keyId": key, "index": 1}]));
    let again = stage.run("node replace OFFICIAL_1 --with OFFICIAL_4").ok();
    assert_eq!((&again["changed"], &again["sequence"]), (&false.into(), &2.into()));
    assert!(again["oldAnswered"].is_null());

    let nodes = stage.run("node list").ok();
    assert_eq!(nodes["nodes"][0]["name"], "OFFICIAL_4", "in the same place");
    assert_eq!(stage.run("person list").ok()["people"][0]["server"], "OFFICIAL_4");
    stage.run(&format!("sign --key {key} --message m")).ok();
    stage.run(&format!("sign --key {key} --message m --servers OFFICIAL_3,OFFICIAL_2")).ok();
    stage
        .run(&format!("sign --key {key} --message m --servers OFFICIAL_4,OFFICIAL_2"))
        .fails(1, "holds no share");
    let gone = stage.run(&format!("sign --key {key} --message m --servers OFFICIAL_1,OFFICIAL_2"));
    gone.fails(1, "OFFICIAL_1 holds no share of this key; OFFICIAL_4, OFFICIAL_2, OFFICIAL_3 do");
    let shown = stage.run(&format!("key show --key {key}")).ok();
    assert_eq!(shown["status"], "active", "{shown}");
    let listed = stage.run("key list").ok();
    for servers in [&shown["servers"], &listed["keys"][0]["servers"]] {
        assert_eq!(*servers, serde_json::json!(["OFFICIAL_4", "OFFICIAL_2", "OFFICIAL_3"]));
    }
    let other = stage.generate("--curve ED25519 --threshold 2");
    stage.run(&format!("sign --key {} --message m --servers OFFICIAL_4,OFFICIAL_3", other.id())).ok();

    // The old node comes back with its share: nobody works with it.
    fs::rename(stage.path("lost"), stage.home("nodes/OFFICIAL_1")).unwrap();
    stage.run("node status OFFICIAL_1").fails(1, "is not a server");
    stage.run("node replace OFFICIAL_1 --with OFFICIAL_5").fails(1, "was replaced already, by OFFICIAL_4");
    stage.run("node replace OFFICIAL_2 --with OFFICIAL_1").fails(1, "or was one");
}

#[test]
fn r22_names_that_are_taken_and_nodes_that_are_unknown_are_refused() {
    let (stage, _) = custody();
    let before = stage.files();
    for (line, why) in [
        ("OFFICIAL_1 --with OFFICIAL_2", "is a node of this set"),
        ("OFFICIAL_1 --with OFFICIAL_1", "is a node of this set"),
        ("OFFICIAL_1 --with workspace", "its log is"),
        ("OFFICIAL_1 --with A", "a person's name"),
        ("OFFICIAL_9 --with OFFICIAL_4", "OFFICIAL_9 is not a server"),
    ] {
        stage.run(&format!("node replace {line}")).fails(1, why);
    }
    assert_eq!(stage.files(), before);
    // What stands where the new node is to be is not taken for one.
    fs::rename(stage.home("nodes/OFFICIAL_1"), stage.path("lost")).unwrap();
    fs::create_dir(stage.home("nodes/OFFICIAL_4")).unwrap();
    let error = stage.run("node replace OFFICIAL_1 --with OFFICIAL_4");
    assert_eq!(error.code, Some(1), "{}", error.stderr);
    assert!(error.stderr.contains("run the same command again"), "{}", error.stderr);
    fs::remove_dir(stage.home("nodes/OFFICIAL_4")).unwrap();
    stage.run("node replace OFFICIAL_1 --with OFFICIAL_4").ok();
}

#[test]
fn r22_an_empty_node_is_replaced_though_it_answers() {
    let stage = Stage::init();
    let key =
        stage.generate("--curve ED25519 --threshold 2 --servers OFFICIAL_2,OFFICIAL_3 --no-loss-tolerance");
    let replaced = stage.run("node replace OFFICIAL_1 --with N").ok();
    assert_eq!((&replaced["oldAnswered"], &replaced["keys"]), (&true.into(), &serde_json::json!([])));
    assert!(stage.home("nodes/OFFICIAL_1").exists(), "its files stay");
    stage.run(&format!("sign --key {} --message m", key.id())).ok();
}

#[test]
fn r22_aux_made_before_a_replacement_is_made_anew() {
    let stage = Stage::init();
    let key = stage.generate("--curve SECP256k1 --threshold 2");
    let sign = format!("sign --key {} --message m", key.id());
    fs::remove_dir_all(stage.home("nodes/OFFICIAL_3")).unwrap();
    stage.run("node replace OFFICIAL_3 --with N").ok();
    let refused = stage.run(&sign);
    assert!(refused.stderr.contains("aux renew"), "{}", refused.stderr);
    refused.fails(1, "before a server of it was replaced");
    stage.run(&format!("aux renew --key {}", key.id())).ok();
    stage.run(&sign).ok();
}

#[test]
fn r22_a_home_put_back_follows_a_replacement_by_its_words_only() {
    let stage = node_stage::Stage::new(3);
    let path = stage.home().join("genesis.json");
    let old = fs::read(&path).unwrap();
    replace::run(&mut stage.open(), &name(1), &name(4)).unwrap();
    let new = fs::read(&path).unwrap();
    let words = stage.open().chain().unwrap().current_hash().words();
    fs::write(&path, &old).unwrap();
    let error = stage.open().nodes(&[name(2)]).err().unwrap();
    for change in ["node OFFICIAL_4 comes", "node OFFICIAL_1 goes"] {
        assert!(error.to_string().contains(change), "{error}");
    }
    assert_eq!(exit(error), ExitKind::Integrity);
    // Nor is anything written when a node of the set is none of the longer chain.
    let mut workspace = stage.open();
    workspace.confirm_genesis(words);
    assert_eq!(exit(workspace.nodes(&[name(2), name(1)]).err().unwrap()), ExitKind::Integrity);
    assert_eq!(fs::read(&path).unwrap(), old);
    workspace.nodes(&[name(2)]).unwrap();
    drop(workspace);
    assert_eq!(fs::read(&path).unwrap(), new);
    at_one_version(&stage);
}

#[test]
fn r22_one_of_two_nodes_signs_its_own_replacement() {
    let stage = node_stage::Stage::new(2);
    let away = stage.beside("away");
    fs::rename(node_dir(&stage.home(), &name(1)), &away).unwrap();
    let error = replace::run(&mut stage.open(), &name(1), &name(3)).unwrap_err();
    assert!(error.to_string().contains("only replaced with its own signature"), "{error}");
    assert_eq!(exit(error), ExitKind::Fixable);
    assert!(!node_dir(&stage.home(), &name(3)).exists());
    fs::rename(&away, node_dir(&stage.home(), &name(1))).unwrap();
    assert!(replace::run(&mut stage.open(), &name(1), &name(3)).unwrap().changed);
    assert_eq!(at_one_version(&stage), 1);
    let key = stage.key(Curve::Ed25519, 2);
    sign(&mut stage.open(), &key, &[3, 2]).unwrap();
}

/// The `at`-th call that changes something, over all nodes, kills its node: before the call or after it.
fn kills(at: usize, after: bool) -> (Plan, Arc<Mutex<Option<Name>>>) {
    let dead: Arc<Mutex<Option<Name>>> = Arc::default();
    let (told, calls) = (dead.clone(), Mutex::new(0));
    let plan = relay(move |who, call, node| {
        let gone = || NodeError::new(FailureKind::Unreachable, "the connection was lost");
        if told.lock().unwrap().as_ref() == Some(who) {
            return Err(gone());
        }
        let counts = !matches!(call, Call::Hello | Call::Key { .. } | Call::Status { .. });
        let now = {
            let mut calls = calls.lock().unwrap();
            *calls += usize::from(counts);
            counts && *calls == at + 1
        };
        if !now {
            return node.handle(call);
        }
        if after {
            let _ = node.handle(call);
        }
        *told.lock().unwrap() = Some(who.clone());
        Err(gone())
    });
    (plan, dead)
}

#[test]
fn r26_a_node_killed_while_another_is_replaced_converges() {
    let stage = node_stage::Stage::new(3);
    let key = stage.key(Curve::Ed25519, 2);
    fs::remove_dir_all(node_dir(&stage.home(), &name(1))).unwrap();
    let (mut old, mut died) = (1, 0);
    for (at, after) in (0..).flat_map(|at| [(at, false), (at, true)]) {
        let with = old + 3 - u16::from(old > 1) * 2;
        let (plan, dead) = kills(at, after);
        let result = replace::run(&mut stage.open_with(plan), &name(old), &name(with));
        if dead.lock().unwrap().is_none() {
            assert!(result.unwrap().changed);
            break;
        }
        died += 1;
        let (error, code) = node_error(result.unwrap_err());
        assert_eq!(code, ExitKind::Unreachable, "{at} {after}: {error}");
        if at % 2 == 1 {
            // Something else comes first, once the set can be opened.
            let card = PersonIdentity::random(format!("P{at}{after}").parse().unwrap(), &mut OsRng);
            let card = card.card(Time::now(), None).unwrap();
            let (name, roles) = (card.card.name.clone(), vec![Role::Approver]);
            let entry = PersonEntry { name, roles, server: None, card };
            let _ = people::add(&mut stage.open(), entry);
        }
        // Doctor finishes what does not need the old node.
        if at % 3 == 2 && stage.open().nodes(&[name(2)]).is_ok() && old > 1 {
            doctor(&stage, true);
            assert!(doctor(&stage, false).is_empty(), "{at} {after}");
        }
        let replaced = replace::run(&mut stage.open(), &name(old), &name(with)).unwrap();
        assert_eq!(replaced.keys.len(), 1, "{at} {after}");
        at_one_version(&stage);
        let shown = keys::show(&stage.open(), &key).unwrap();
        assert_eq!((shown.servers[0].name.clone(), shown.servers[0].state()), (name(with), "exported"));
        assert!(!replace::run(&mut stage.open(), &name(old), &name(with)).unwrap().changed);
        stage.signs(&key, &[2, 3]);
        old = with;
    }
    assert!(died >= 14, "three sign, three adopt, one learns: {died}");
}

#[test]
fn r22_a_node_learns_only_keys_whose_index_it_holds() {
    let stage = node_stage::Stage::new(3);
    let key = stage.key(Curve::Ed25519, 2);
    fs::remove_dir_all(node_dir(&stage.home(), &name(1))).unwrap();
    replace::run(&mut stage.open(), &name(1), &name(4)).unwrap();
    let workspace = stage.open();
    let card = workspace.inventory().card(&key, workspace.chain().unwrap()).unwrap().dirty().clone();
    let mut nodes = workspace.nodes(&[name(4), name(2)]).unwrap();
    let op_id = quorate::codec::HexArray::random(&mut OsRng);
    let mut learn = |at: usize, card: &DirtyKeyCard| {
        let card = Box::new(card.clone());
        nodes[at].node.handle(Call::Learn { card, alias: None, op_id })
    };
    assert!(matches!(learn(0, &card).unwrap(), Reply::Done), "again is no harm");
    assert!(matches!(learn(1, &card).unwrap(), Reply::Done), "nor where the share is");
    let mut altered = card.clone();
    altered.card.label = Some("other".parse().unwrap());
    assert_eq!(learn(0, &altered).unwrap_err().kind, FailureKind::Integrity);
    drop((nodes, workspace));
    // A key over others.
    let mut workspace = stage.open();
    let wanted = quorate::ceremony::generate::Wanted {
        servers: vec![name(2), name(3)],
        ..node_stage::wanted(Curve::Ed25519, 2, 2)
    };
    let made = node_stage::with_ui(|ui| {
        quorate::ceremony::generate::run(&mut workspace, wanted, ui, &quorate::ui::Progress::hidden())
    });
    let other = made.unwrap().card.dirty().clone();
    let mut nodes = workspace.nodes(&[name(4)]).unwrap();
    let call = Call::Learn { card: Box::new(other), alias: None, op_id };
    let refused = nodes[0].node.handle(call).unwrap_err();
    assert!(refused.message.contains("is not the holder"), "{refused}");
    drop((nodes, workspace));
    assert_eq!(exit(sign(&mut stage.open(), &key, &[4, 2]).err().unwrap()), ExitKind::Fixable);
}

/// Every node in turn is replaced by another one while the shards are with their custodians; then they come back.
#[test]
fn r22_r24_a_key_migrates_to_other_nodes() {
    let custody = Custody::exported("ED25519", 2, 3);
    let key = custody.key.clone();
    for i in 1..=3 {
        let replaced = custody.run(&format!("node replace OFFICIAL_{i} --with NEW_{i}")).ok();
        assert_eq!((&replaced["oldAnswered"], &replaced["custodian"]), (&true.into(), &custodian(i).into()));
    }
    assert_eq!(custody.run(&format!("key show --key {key}")).ok()["status"], "exported");
    for i in 1..=3 {
        let (shard, who) = (custody.shard(i), custodian(i));
        let set = custody.set();
        let rewrap = format!("share rewrap {shard} --identity {who}.id --passphrase-file pass {set}");
        // The old node holds nothing any more, and another one never held this index.
        for other in [format!("OFFICIAL_{i}"), format!("NEW_{}", i % 3 + 1)] {
            let refused = custody.run(&format!("{rewrap} --to-node {other} --out other.import.json"));
            assert!(matches!(refused.code, Some(1 | 3 | 4)), "{other}: {}", refused.stderr);
        }
        custody.run(&format!("{rewrap} --to-node NEW_{i} --out {who}.import.json")).ok();
        custody.run(&format!("share import {who}.import.json --server NEW_{i}")).ok();
    }
    custody.run(&format!("sign --key {key} --message m --servers NEW_1,NEW_3")).ok();
    custody.run(&format!("sign --key {key} --message m --servers NEW_2,NEW_3")).ok();
    // And out again, from the new nodes to the same custodians.
    let out = custody.export("--all --delete").ok();
    assert_eq!(out["waitingFor"].as_array().unwrap().len(), 3, "{out}");
}
