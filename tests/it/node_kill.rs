//! A node killed at any point of an operation: afterwards there is no half key, or one that `key list` calls
//! incomplete and that exactly `resume` or `abandon` settles.

use std::{
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use quorate::{
    ceremony::{auxiliary, inventory::Known, keys},
    cli::error::ExitKind,
    curve::{Curve, Engine},
    ids::KeyId,
    node::{Call, FailureKind, KeyState, Reply},
    request::SignedRequest,
    store::BlobKind,
    ui::Progress,
};

use crate::{
    node_keys::pending_key,
    node_stage::{Death, Stage, dies, exit, generate, name, node_error, relay, sign, with_ui},
};

/// Stores and inventory agree: every share belongs to a key that is listed, and every listed key that is
/// complete has its share everywhere.
pub fn consistent(stage: &Stage) {
    let workspace = stage.open();
    let known = keys::list(&workspace).unwrap();
    drop(workspace);
    let ids = stage.ids();
    for i in 1..=3 {
        let mut store = stage.store(i);
        store.verify().unwrap();
        let shares = store.blob_ids(BlobKind::Share).unwrap();
        drop(store);
        let listed = shares.iter().filter(|blob| ids.iter().any(|id| blob.starts_with(id.as_bytes())));
        assert_eq!(listed.count(), shares.len(), "node {i} keeps a share of a key nobody lists");
        let complete = known.iter().filter(|known| matches!(known, Known::Card(_)));
        for card in complete {
            let Known::Card(card) = card else { continue };
            let id = card.body().key_id;
            assert!(shares.iter().any(|blob| blob.starts_with(id.as_bytes())), "node {i} lacks a share");
        }
    }
}

/// Every turn of an operation, before and after the victim carried the call out; the victims take turns.
fn deaths() -> impl Iterator<Item = Death> {
    (0..).flat_map(|at| {
        [false, true].map(|after| Death { victim: u16::try_from(at % 3).unwrap() + 1, at, after })
    })
}

#[test]
fn r9_a_node_killed_while_a_key_is_generated_leaves_none_or_one_to_settle() {
    let stage = Stage::new(3);
    let (mut resumed, mut abandoned, mut late) = (0, 0, 0);
    for death in deaths() {
        let (plan, died) = dies(death);
        let result = generate(&mut stage.open_with(plan), Curve::Ed25519, 2);
        if !*died.lock().unwrap() {
            let key = result.unwrap().card.body().key_id;
            stage.signs(&key, &[1, 2]);
            break;
        }
        let (error, code) = node_error(result.err().unwrap());
        assert_eq!(code, ExitKind::Unreachable, "{death:?}: {error}");
        consistent(&stage);
        let key = incomplete(&stage);
        let shown = keys::show(&stage.open(), &key).unwrap();
        let states: Vec<_> = shown.servers.iter().map(|server| server.state()).collect();
        assert_eq!(shown.status(), "incomplete", "{death:?}: {states:?}");
        let refused = sign(&mut stage.open(), &key, &[1, 2]).err().unwrap();
        assert_eq!(exit(refused), ExitKind::Fixable, "{death:?}: {states:?}");
        if states.contains(&"absent") {
            let error = keys::resume(&mut stage.open(), &key).unwrap_err();
            assert!(error.to_string().contains("key abandon"), "{death:?}: {error}");
            keys::abandon(&mut stage.open(), &key).unwrap();
            abandoned += 1;
        } else if states.contains(&"active") {
            assert_eq!(exit(keys::abandon(&mut stage.open(), &key).unwrap_err()), ExitKind::Denied);
            finish(&stage, &key);
            late += 1;
        } else if death.after {
            finish(&stage, &key);
            resumed += 1;
        } else {
            keys::abandon(&mut stage.open(), &key).unwrap();
            abandoned += 1;
        }
        consistent(&stage);
        assert!(stage.ids().iter().all(|id| !is_incomplete(&stage, id)));
    }
    assert!(resumed > 2 && abandoned > 10 && late > 0, "{resumed} {abandoned} {late}");
}

fn finish(stage: &Stage, key: &KeyId) {
    keys::resume(&mut stage.open(), key).unwrap();
    assert_eq!(keys::show(&stage.open(), key).unwrap().status(), "active");
    stage.signs(key, &[1, 3]);
}

fn is_incomplete(stage: &Stage, key: &KeyId) -> bool {
    let workspace = stage.open();
    let known = workspace.inventory().find(key, workspace.chain().unwrap()).unwrap();
    matches!(known, Known::Pending(_))
}

fn incomplete(stage: &Stage) -> KeyId {
    let mut open = stage.ids().into_iter().filter(|id| is_incomplete(stage, id));
    let key = open.next().expect("an incomplete key is listed");
    assert!(open.next().is_none());
    key
}

#[test]
fn r9_a_node_killed_while_a_key_is_activated_leaves_it_to_resume() {
    let stage = Stage::new(3);
    for death in deaths() {
        let key = pending_key(&stage);
        let (plan, died) = dies(death);
        let result = keys::resume(&mut stage.open_with(plan), &key);
        if !*died.lock().unwrap() {
            result.unwrap();
            break;
        }
        assert_eq!(exit(result.unwrap_err()), ExitKind::Unreachable, "{death:?}");
        assert_eq!(keys::show(&stage.open(), &key).unwrap().status(), "incomplete", "{death:?}");
        finish(&stage, &key);
    }
    consistent(&stage);
}

#[test]
fn r9_r26_a_node_killed_while_a_key_is_abandoned_leaves_it_to_abandon() {
    let stage = Stage::new(3);
    for death in deaths() {
        let key = pending_key(&stage);
        let (plan, died) = dies(death);
        let result = keys::abandon(&mut stage.open_with(plan), &key);
        if !*died.lock().unwrap() {
            result.unwrap();
            break;
        }
        assert_eq!(exit(result.unwrap_err()), ExitKind::Unreachable, "{death:?}");
        assert_eq!(keys::show(&stage.open(), &key).unwrap().status(), "incomplete", "{death:?}");
        // What a node has promised to give up is not finished behind its back.
        if death.at > 0 || death.after {
            assert!(keys::resume(&mut stage.open(), &key).is_err(), "{death:?}");
        }
        keys::abandon(&mut stage.open(), &key).unwrap();
        consistent(&stage);
    }
    assert!(stage.ids().is_empty());
}

#[test]
fn r12_a_node_killed_while_it_signs_keeps_nothing_of_the_attempt() {
    let stage = Stage::new(3);
    for curve in [Curve::Ed25519, Curve::Secp256k1] {
        let key = stage.key(curve, 2);
        let stride = if curve.engine() == Engine::Ecdsa { 7 } else { 1 };
        for at in (0..).step_by(stride) {
            let death = Death { victim: 1 + u16::from(at % 2 == 1), at, after: at % 4 < 2 };
            let (plan, died) = dies(death);
            let mut workspace = stage.open_with(plan);
            let result = sign(&mut workspace, &key, &[1, 2]);
            drop(workspace);
            if !*died.lock().unwrap() {
                result.unwrap();
                break;
            }
            assert_eq!(exit(result.err().unwrap()), ExitKind::Unreachable, "{death:?}");
        }
        stage.signs(&key, &[1, 2]);
    }
    consistent(&stage);
}

/// Packets of an attempt from before a restart find nothing, and the attempt cannot be begun again.
#[test]
fn r12_r39_an_attempt_does_not_survive_a_restart() {
    let stage = Stage::new(3);
    let key = stage.key(Curve::Ed25519, 2);
    let seen: std::sync::Arc<std::sync::Mutex<Option<(SignedRequest, Vec<_>)>>> = Default::default();
    let tape = seen.clone();
    let mut workspace = stage.open_with(relay(move |who, call, node| {
        let mut tape = tape.lock().unwrap();
        match &call {
            Call::Begin { request, .. } if *who == name(1) => *tape = Some(((**request).clone(), vec![])),
            Call::Relay { packets, .. } if *who == name(1) => {
                tape.as_mut().unwrap().1.extend(packets.clone());
            }
            _ => {}
        }
        drop(tape);
        node.handle(call)
    }));
    sign(&mut workspace, &key, &[1, 2]).unwrap();
    drop(workspace);
    let (request, packets) = seen.lock().unwrap().take().unwrap();
    let workspace = stage.open();
    let mut nodes = workspace.nodes(&[name(1)]).unwrap();
    let node = &mut nodes[0].node;
    let Reply::Hello(hello) = node.handle(Call::Hello).unwrap() else { panic!() };
    assert_eq!(hello.sessions, 0);
    let again = Call::Begin { request: Box::new(request.clone()), attempt: 1, grant: None };
    assert_eq!(node.handle(again).unwrap_err().kind, FailureKind::Denied);
    let relay = Call::Relay { op_id: request.request.op_id, attempt: 1, packets: packets.clone() };
    assert_eq!(node.handle(relay).unwrap_err().kind, FailureKind::Unreachable);
    // The next attempt is another session: old packets disturb it and nothing else.
    let next = Call::Begin { request: Box::new(request.clone()), attempt: 2, grant: None };
    assert!(matches!(node.handle(next).unwrap(), Reply::Step(_)));
    let relay = Call::Relay { op_id: request.request.op_id, attempt: 2, packets };
    assert_eq!(node.handle(relay).unwrap_err().kind, FailureKind::Unreachable);
}

#[test]
fn a_node_killed_while_aux_is_made_leaves_it_to_renew() {
    let stage = Stage::new(3);
    let key = stage.key(Curve::Secp256k1, 2);
    let (mut mixed, mut first) = (0, true);
    for death in deaths() {
        let (plan, died) = dies(death);
        let renew =
            |workspace: &mut _| with_ui(|ui| auxiliary::renew(workspace, &key, &[], ui, &Progress::hidden()));
        let result = renew(&mut stage.open_with(plan));
        if !*died.lock().unwrap() {
            result.unwrap();
            break;
        }
        assert_eq!(exit(result.unwrap_err()), ExitKind::Unreachable, "{death:?}");
        let shown = keys::show(&stage.open(), &key).unwrap();
        let mut aux: Vec<_> = shown.servers.iter().map(|server| server.aux().unwrap()).collect();
        aux.sort();
        aux.dedup();
        if aux.len() == 1 {
            assert_eq!(shown.status(), "active");
            continue;
        }
        // Some servers took the new aux into use, and the old one is gone there.
        mixed += 1;
        assert_eq!(shown.status(), "active", "two share one, {death:?}");
        assert!(shown.mixed_aux());
        let (one, other) = (shown.servers[0].aux(), shown.servers[1].aux());
        let pair = if one == other { [1, 3] } else { [1, 2] };
        let error = sign(&mut stage.open(), &key, &pair).err().unwrap();
        assert!(error.to_string().contains("aux renew"), "{death:?}: {error}");
        assert_eq!(exit(error), ExitKind::Fixable, "{death:?}");
        if std::mem::take(&mut first) {
            stage.signs(&key, &[]);
            renew(&mut stage.open()).unwrap();
            stage.signs(&key, &[1, 2]);
        }
    }
    assert!(mixed > 0);
    stage.signs(&key, &[1, 2]);
    consistent(&stage);
    for i in 1..=3 {
        assert_eq!(stage.store(i).blob_ids(BlobKind::Aux).unwrap().len(), 1, "old aux stays on node {i}");
    }
}

/// `quorate-test`, beside this test's own directory.
pub fn program() -> std::path::PathBuf {
    let here = std::env::current_exe().unwrap();
    here.parent().unwrap().parent().unwrap().join("examples").join("quorate-test")
}

#[test]
fn r9_r53_a_killed_key_generate_is_settled_by_what_key_list_says() {
    let stage = Stage::new(3);
    let run = |args: &[&str]| {
        let mut command = Command::new(program());
        command.args(args).arg("--json").arg("--home").arg(stage.home());
        command.env_remove("QUORATE_HOME").stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    };
    let generate = || run(&["key", "generate", "--curve", "ED25519", "--threshold", "2"]);
    let started = Instant::now();
    assert!(generate().output().unwrap().status.success());
    let whole = started.elapsed();
    let (mut resumed, mut abandoned) = (0, 0);
    for part in 0..14u32 {
        let mut child = generate().spawn().unwrap();
        std::thread::sleep(whole * part / 12 + Duration::from_millis(1));
        let _ = child.kill();
        child.wait().unwrap();
        let list = run(&["key", "list"]).output().unwrap();
        assert!(list.status.success(), "{part}: {}", String::from_utf8_lossy(&list.stderr));
        let list: serde_json::Value = serde_json::from_slice(&list.stdout).unwrap();
        let open = list["keys"].as_array().unwrap().iter().filter(|key| key["status"] == "incomplete");
        for key in open {
            let id = key["keyId"].as_str().unwrap();
            let resume = run(&["key", "resume", "--key", id]).output().unwrap();
            if resume.status.success() {
                resumed += 1;
                continue;
            }
            assert_eq!(resume.status.code(), Some(1), "{}", String::from_utf8_lossy(&resume.stderr));
            let abandon = run(&["key", "abandon", "--key", id]).output().unwrap();
            assert!(abandon.status.success(), "{}", String::from_utf8_lossy(&abandon.stderr));
            abandoned += 1;
        }
    }
    println!("{resumed} resumed, {abandoned} abandoned");
    consistent(&stage);
    let output = generate().output().unwrap();
    assert!(output.status.success());
    let listed = keys::list(&stage.open()).unwrap();
    for known in listed {
        let Known::Card(card) = known else { panic!("a key is still incomplete") };
        let shown = keys::show(&stage.open(), &card.body().key_id).unwrap();
        assert!(shown.servers.iter().all(|s| s.entry.as_ref().unwrap().state == KeyState::Active));
        stage.signs(&card.body().key_id, &[2, 3]);
    }
}
