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
        recover::{Permission, Recovery, Source, Unasked, nodes},
        workspace::Workspace,
    },
    curve::Curve,
    genesis::PersonEntry,
    identity::PersonIdentity,
    ids::Time,
    node::{Call, ExposureProof, Reply, embedded::node_dir},
    policy::Role,
    request::{Action, DeleteParams},
    store::BlobKind,
};
use rand_core::OsRng;

use crate::{
    jit_stage::JitStage,
    node_export::Crew,
    node_stage::{Plan, Stage, generate, name, relay, sign},
    quorum_faulty::{convicted, invented},
    quorum_stage::{Governed, approve, boxed, export_of, recovery_of, unlock_of},
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
    // All have signed the version; the one that cannot write it down does not take it.
    refused(add(&mut with(|call| matches!(call, Call::AdoptGenesis { .. }))));
    assert_eq!((1..=3).map(|i| stage.count(i, "GENESIS_SIGNED")).sum::<usize>(), 3 * 4);
    assert!((1..=3).any(|i| stage.count(i, "GENESIS_ADOPTED") < stage.count(i, "GENESIS_SIGNED") + 1));
}

#[test]
fn r50_a_node_of_a_production_set_whose_log_is_full_seals_marks_lifts_locks_cancels_and_deletes_nothing() {
    let governed = Governed::new();
    let card = governed.key(Curve::Ed25519);
    let key_id = card.body().key_id;
    let (_, evidence) = convicted(&governed);
    let evidence = invented(&governed, &evidence, |opening| {
        opening.terms.key_card_hash = Some(card.hash());
        opening.terms.threshold = 2;
    });
    let ask = |action| {
        let mut signed = governed.ask(action, &card, &[1, 2]);
        approve(&mut signed, &["A", "B"]);
        signed
    };
    let given = ask(export_of(&card, 1, "A", true));
    governed.call(1, Call::Export { request: boxed(&given) }).unwrap();
    let delete = Action::DeleteWithoutReceipt(DeleteParams {
        key_id,
        server: name(1),
        export_op_id: given.request.op_id,
        reason: "A is ill".into(),
    });
    let (delete, unlock, recover) =
        (ask(delete), ask(unlock_of(&card, 2)), ask(recovery_of(&card, "C", &[1, 2])));
    let Ok(Reply::Recovered { entry, .. }) =
        governed.call(2, Call::Recover { request: boxed(&recover), attempt: 1 })
    else {
        panic!()
    };
    let proof = ExposureProof::Sealed { request: boxed(&recover), entry };
    let convict = Call::Convict { card: Box::new(card.dirty().clone()), evidence: Box::new(evidence) };
    let before = governed.state(&card);
    let acts = [
        (1, Call::Unlock { request: boxed(&unlock) }),
        (1, Call::Cancel { request: boxed(&given) }),
        (1, Call::MarkExposed { proof, card: Box::new(card.dirty().clone()) }),
        (1, Call::Recover { request: boxed(&recover), attempt: 1 }),
        (1, Call::ReleaseWithoutReceipt { request: boxed(&delete) }),
        (3, convict),
    ];
    for (i, call) in acts.clone() {
        let mut machine = governed.machine(i);
        tear(&node_dir(&governed.stage.home(), &name(i)).join("audit.jsonl"));
        let error = machine.handle(call).expect_err("it went on without a line in the log");
        assert!(error.message.contains("audit.jsonl"), "{error}");
        drop(machine);
        assert_eq!(governed.state(&card), before);
    }
    // With room in the log all of it is done; sealing has used an attempt up.
    for (i, call) in acts {
        let again = match call {
            Call::Recover { request, .. } => Call::Recover { request, attempt: 2 },
            other => other,
        };
        governed.call(i, again).unwrap();
    }
    assert_ne!(governed.state(&card), before);
}

#[test]
fn r43_r50_without_a_line_in_the_log_no_key_is_made_whole_and_none_is_put_out() {
    let crew = Crew::new();
    let stage = &crew.stage;
    let key = stage.key(Curve::Ed25519, 2);
    crew.export(&mut stage.open(), &key).unwrap();
    let shards = [crew.shards(&key, 1).remove(0), crew.shards(&key, 2).remove(0)];
    let card = shards[0].shard.card().clone();
    let group = card.body().group_public_key.clone();
    let log = stage.home().join("workspace/audit.jsonl");
    let unasked = || Unasked { reason: "the vendor is gone".parse().unwrap(), unapproved: false };
    let begin = |workspace: &mut Workspace| {
        let permission = Permission::unasked(workspace, unasked()).unwrap();
        let reason = permission.reason().clone();
        Recovery::begin(workspace, card.clone(), reason, Source::Shards(&permission))
    };
    let mut workspace = stage.open();
    tear(&log);
    refused(begin(&mut workspace));
    drop(workspace);
    // The log takes the beginning and nothing after it: no notice, and so no key.
    let mut workspace = stage.open();
    let recovery = begin(&mut workspace).unwrap();
    tear(&log);
    let chain = workspace.chain().unwrap().clone();
    let whole = recovery.combine(&shards, &crew.people, &chain).unwrap();
    let notice = stage.beside("notice.json");
    refused(recovery.expose(&whole, &crew.people, &notice, &mut workspace));
    assert!(!notice.exists() && workspace.inventory().exposed(&group).unwrap().is_none());
    drop(workspace);
    // From servers: none is asked.
    let gone = stage.key(Curve::Ed25519, 2);
    let acted = Arc::new(AtomicUsize::new(0));
    let seen = acted.clone();
    let mut workspace = stage.open_with(relay(move |_, call, node| {
        seen.fetch_add(usize::from(matches!(call, Call::Recover { .. })), Ordering::SeqCst);
        node.handle(call)
    }));
    let wanted = nodes::Wanted {
        key_id: gone,
        owner: crew.person(1).name().clone(),
        servers: vec![name(1), name(2)],
        reason: "the vendor is gone".parse().unwrap(),
        delete: false,
    };
    let params = nodes::choose(&workspace, &wanted).unwrap();
    let request = nodes::request(&workspace, params).unwrap();
    tear(&log);
    refused(nodes::run(&mut workspace, &request));
    assert_eq!(acted.load(Ordering::SeqCst), 0);
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
