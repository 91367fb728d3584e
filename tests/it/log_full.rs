//! A log that takes no line stops everything that cannot be undone, on nodes and in the workspace (R50).

use std::{
    fs::{self, OpenOptions},
    io::Write,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use quorate::{
    ceremony::{
        CeremonyError, alias,
        custody::{retire, rewrap},
        import, keys, people,
        workspace::Workspace,
    },
    curve::Curve,
    genesis::PersonEntry,
    identity::PersonIdentity,
    ids::Time,
    node::{Call, embedded::node_dir},
    policy::Role,
    store::BlobKind,
};
use rand_core::OsRng;

use crate::{
    jit_stage::JitStage,
    node_export::Crew,
    node_stage::{Plan, Stage, generate, name, relay, sign},
};

/// No line can be added: the last one is not finished, as after a write that failed half-way.
fn tear(log: &Path) {
    OpenOptions::new().append(true).open(log).unwrap().write_all(b"{").unwrap();
}

/// Every node's log is full from a certain call on.
fn full_at(stage: &Stage, call: fn(&Call) -> bool) -> Plan {
    let home: PathBuf = stage.home();
    relay(move |who, given, node| {
        if call(&given) {
            tear(&node_dir(&home, who).join("audit.jsonl"));
        }
        node.handle(given)
    })
}

/// Secrets on the nodes, and what nodes may do only once.
fn held(stage: &Stage) -> Vec<Vec<Vec<u8>>> {
    let kinds = [BlobKind::Share, BlobKind::Aux, BlobKind::Identity];
    (1..=3).flat_map(|i| kinds.map(|kind| stage.store(i).blob_ids(kind).unwrap())).collect()
}

#[track_caller]
fn refused<T>(result: Result<T, CeremonyError>) {
    let error = result.err().expect("it went on without a line in the log");
    assert!(error.to_string().contains("audit.jsonl"), "{error}");
}

fn add(workspace: &mut Workspace) -> Result<bool, CeremonyError> {
    let person = PersonIdentity::random("Zoe".parse().unwrap(), &mut OsRng);
    let card = person.card(Time::now(), None).unwrap();
    people::add(
        workspace,
        PersonEntry { name: "Zoe".parse().unwrap(), roles: vec![Role::Approver], server: None, card },
    )
}

#[test]
fn r50_a_node_whose_log_is_full_deletes_gives_out_takes_in_and_signs_nothing() {
    let crew = Crew::new();
    let stage = &crew.stage;
    let key = stage.key(Curve::Ed25519, 2);
    let with = |call: fn(&Call) -> bool| stage.open_with(full_at(stage, call));
    let before = held(stage);
    refused(generate(&mut with(|call| matches!(call, Call::Begin { .. })), Curve::Ed25519, 2));
    refused(sign(&mut with(|call| matches!(call, Call::Begin { .. })), &key, &[1, 2]));
    refused(add(&mut with(|call| matches!(call, Call::SignGenesis { .. }))));
    refused(alias::run(&mut with(|call| matches!(call, Call::Alias { .. })), &key, None));
    refused(crew.export(&mut with(|call| matches!(call, Call::Export { .. })), &key));
    assert!(crew.shards(&key, 1).is_empty());
    refused(crew.export(&mut with(|call| matches!(call, Call::Release { .. })), &key));
    assert_eq!(held(stage), before);

    crew.export(&mut stage.open(), &key).unwrap();
    let empty = held(stage);
    assert_ne!(empty, before);
    let shard = crew.shards(&key, 1).remove(0);
    let import = crew.import(&shard, 1);
    let mut workspace = with(|call| matches!(call, Call::Import { .. }));
    refused(import::run(&mut workspace, import, Path::new("import"), &name(1), None));
    drop(workspace);
    assert_eq!(held(stage), empty);
}

#[test]
fn r50_a_node_whose_log_is_full_gives_no_key_up_and_makes_no_recipient() {
    let stage = Stage::new(3);
    let with = |call: fn(&Call) -> bool| stage.open_with(full_at(&stage, call));
    // The share is durable and cannot be logged: the key never becomes active.
    assert!(generate(&mut with(|call| matches!(call, Call::Relay { .. })), Curve::Ed25519, 2).is_err());
    let key = stage.only_key();
    let before = held(&stage);
    assert_eq!(stage.count(1, "KEY_ACTIVATED") + stage.count(2, "KEY_ACTIVATED"), 0);
    for call in [
        |call: &Call| matches!(call, Call::Renounce { .. }),
        |call: &Call| matches!(call, Call::Abandon { .. }),
    ] {
        refused(keys::abandon(&mut with(call), &key));
        assert_eq!(held(&stage), before);
    }
    keys::abandon(&mut stage.open(), &key).unwrap();

    let mut jit = JitStage::new(3);
    let key = jit.key(Curve::Ed25519, 2);
    let before = held(&jit.stage);
    let plan = full_at(&jit.stage, |call| matches!(call, Call::Prepare { .. }));
    assert!(jit.sign_with(plan, &key, &[1, 2]).is_err());
    assert_eq!(held(&jit.stage), before);
}

#[test]
fn r50_a_workspace_whose_log_is_full_asks_no_node_for_anything() {
    let crew = Crew::new();
    let stage = &crew.stage;
    let (key, gone) = (stage.key(Curve::Ed25519, 2), stage.key(Curve::Ed25519, 2));
    crew.export(&mut stage.open(), &gone).unwrap();
    let acted = Arc::new(AtomicUsize::new(0));
    let log = stage.home().join("workspace/audit.jsonl");
    let full = || {
        let acted = acted.clone();
        let workspace = stage.open_with(relay(move |_, call, node| {
            let reads = matches!(call, Call::Hello | Call::Key { .. } | Call::Keys { .. });
            acted.fetch_add(usize::from(!reads), Ordering::SeqCst);
            node.handle(call)
        }));
        tear(&log);
        workspace
    };
    refused(generate(&mut full(), Curve::Ed25519, 2));
    refused(sign(&mut full(), &key, &[1, 2]));
    refused(alias::run(&mut full(), &key, None));
    refused(crew.export(&mut full(), &key));
    let shard = crew.shards(&gone, 1).remove(0);
    let import = crew.import(&shard, 1);
    // Nor does it destroy, rename or wrap a shard on this machine.
    refused(retire::destroy(&shard, &mut full()));
    refused(retire::retire(&shard, &mut full()));
    let end = Time::now().plus_seconds(600);
    refused(rewrap::for_node(&shard, crew.person(1), &name(1), end, &mut full()));
    assert_eq!(fs::read(&shard.path).unwrap(), shard.shard.bytes());
    let before = fs::read(stage.home().join("genesis.json")).unwrap();
    refused(import::run(&mut full(), import.clone(), Path::new("import"), &name(1), None));
    refused(add(&mut full()));
    assert_eq!(acted.load(Ordering::SeqCst), 0);
    assert_eq!(fs::read(stage.home().join("genesis.json")).unwrap(), before);
    import::run(&mut stage.open(), import, Path::new("import"), &name(1), None).unwrap();
}
