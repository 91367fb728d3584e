//! What nodes refuse for a key: pending, exposed and retired ones, another purpose; and that keys leave each
//! other alone.

use std::sync::atomic::{AtomicUsize, Ordering};

use quorate::{
    ceremony::{CeremonyError, keys, relay, workspace::PinnedNode},
    cli::error::ExitKind,
    codec,
    curve::Curve,
    digest::Hash,
    ids::KeyId,
    keyshare::Purpose,
    node::{Call, KeyRecord, Outcome, Reply},
    request::{Action, AuxParams, GenerateParams, KeyParams, SignParams},
    store::Table,
    ui::Progress,
};
use rand_core::OsRng;

use crate::node_stage::{
    Death, Stage, dies, exit, generate, message, name, node_error, sign, wanted, with_ui,
};

/// A key whose shares are durable everywhere and whose card is complete nowhere: node 3 died while the key
/// was being activated.
pub fn pending_key(stage: &Stage) -> KeyId {
    static AT: AtomicUsize = AtomicUsize::new(1);
    for at in AT.load(Ordering::SeqCst)..40 {
        let (plan, _) = dies(Death { victim: 3, at, after: true });
        let before = stage.ids();
        assert!(generate(&mut stage.open_with(plan), Curve::Ed25519, 2).is_err(), "no death left it pending");
        let ids = stage.ids();
        let key = *ids.iter().find(|id| !before.contains(id)).unwrap();
        let shown = keys::show(&stage.open(), &key).unwrap();
        if shown.servers.iter().all(|server| server.state() == "pending") {
            AT.store(at, Ordering::SeqCst);
            return key;
        }
        keys::abandon(&mut stage.open(), &key).unwrap();
    }
    panic!("no death left a key pending");
}

/// Asks nodes to act, past the checks that the use cases make.
fn ask(stage: &Stage, servers: &[u16], action: Action) -> Result<Vec<Outcome>, CeremonyError> {
    let workspace = stage.open();
    let names: Vec<_> = servers.iter().copied().map(name).collect();
    let mut nodes = workspace.nodes(&names)?;
    let card = card_hash(&mut nodes, action.key_id().unwrap());
    let request = workspace.request(action, card, &nodes)?;
    let mut indexed: Vec<(u16, &mut PinnedNode)> = servers.iter().copied().zip(&mut nodes).collect();
    relay::run(&mut indexed, &request, 1)
}

fn card_hash(nodes: &mut [PinnedNode], key_id: KeyId) -> Option<Hash> {
    match nodes[0].node.handle(Call::Key { key_id }).unwrap() {
        Reply::Key(entry, _, _) => entry.map(|entry| entry.card().hash().unwrap()),
        other => panic!("{other:?}"),
    }
}

fn signing(key_id: KeyId) -> Action {
    let (content, path) = (message("pay"), String::new());
    Action::Sign(SignParams { key_id, signers: vec![1, 2], content, path, taproot: false })
}

#[test]
fn r9_a_pending_key_signs_nothing_until_it_is_resumed() {
    let stage = Stage::new(3);
    let key = pending_key(&stage);
    assert_eq!(exit(sign(&mut stage.open(), &key, &[1, 2]).err().unwrap()), ExitKind::Fixable);
    let (error, code) = node_error(ask(&stage, &[1, 2], signing(key)).unwrap_err());
    assert!(error.message.contains("is not active"), "{error}");
    assert_eq!(code, ExitKind::Fixable);
    keys::resume(&mut stage.open(), &key).unwrap();
    stage.signs(&key, &[1, 2]);
    // A second time there is nothing left to do, and an active key is not abandoned.
    keys::resume(&mut stage.open(), &key).unwrap();
    assert_eq!(exit(keys::abandon(&mut stage.open(), &key).unwrap_err()), ExitKind::Denied);
    stage.signs(&key, &[2, 3]);
}

/// Sets flags of a key's record on a node.
fn flag(stage: &Stage, i: u16, key: &KeyId, set: fn(&mut KeyRecord)) {
    let shown = keys::show(&stage.open(), key).unwrap();
    let mut record = shown.servers.into_iter().find(|s| s.name == name(i)).unwrap().record.unwrap();
    set(&mut record);
    let bytes = codec::canonical("key record", &record).unwrap();
    stage.store(i).put(Table::KeyRecords, &record.group_public_key, bytes).unwrap();
}

#[test]
fn r24_r43_exposed_and_retired_keys_sign_no_more() {
    let stage = Stage::new(3);
    type Flag = fn(&mut KeyRecord);
    let flags: [(Curve, Flag); 2] =
        [(Curve::Ed25519, |r| r.exposed = true), (Curve::Secp256k1, |r| r.retired = true)];
    for (curve, set) in flags {
        let key = stage.key(curve, 2);
        flag(&stage, 1, &key, set);
        let (error, code) = node_error(sign(&mut stage.open(), &key, &[1, 2]).err().unwrap());
        assert!(["exposed", "retired"].iter().any(|why| error.message.contains(why)), "{error}");
        assert_eq!(code, ExitKind::Denied);
        if curve == Curve::Ed25519 {
            continue;
        }
        let renewed = with_ui(|ui| {
            quorate::ceremony::auxiliary::renew(&mut stage.open(), &key, &[], ui, &Progress::hidden())
        });
        assert_eq!(exit(renewed.unwrap_err()), ExitKind::Denied);
    }
}

#[test]
fn r15_a_production_key_is_refused_under_a_rehearsal_genesis() {
    let stage = Stage::new(3);
    let production =
        quorate::ceremony::generate::Wanted { purpose: Purpose::Production, ..wanted(Curve::Ed25519, 2, 3) };
    let result = with_ui(|ui| {
        quorate::ceremony::generate::run(&mut stage.open(), production, ui, &Progress::hidden())
    });
    assert_eq!(exit(result.err().unwrap()), ExitKind::Denied);
    assert!(stage.open().inventory().ids().unwrap().is_empty());
    // The nodes say so too (R42).
    let params = GenerateParams {
        key_id: KeyId::random(&mut OsRng),
        curve: Curve::Ed25519,
        threshold: 2,
        roster: [1, 2, 3].map(name).into(),
        label: None,
        purpose: Purpose::Production,
        no_loss_tolerance: false,
    };
    let bad = |edit: fn(&mut GenerateParams)| {
        let mut params = GenerateParams { purpose: Purpose::Rehearsal, ..params.clone() };
        edit(&mut params);
        exit(ask(&stage, &[1, 2, 3], Action::Generate(params)).unwrap_err())
    };
    assert_eq!(bad(|p| p.purpose = Purpose::Production), ExitKind::Denied);
    assert_eq!(bad(|p| p.threshold = 1), ExitKind::Fixable);
    assert_eq!(bad(|p| p.threshold = 4), ExitKind::Fixable);
    assert_eq!(bad(|p| p.threshold = 3), ExitKind::Fixable);
    assert_eq!(bad(|p| p.roster = vec![name(1), name(1), name(2)]), ExitKind::Fixable);
    assert_eq!(bad(|p| p.roster = vec![name(1), name(2), name(9)]), ExitKind::Fixable);
    for i in 1..=3 {
        assert_eq!(stage.count(i, "SESSION_STARTED"), 0);
    }
    ask(
        &stage,
        &[1, 2, 3],
        Action::Generate(GenerateParams { purpose: Purpose::Rehearsal, ..params.clone() }),
    )
    .unwrap();
    // The id is taken now.
    let again = GenerateParams { purpose: Purpose::Rehearsal, ..params };
    assert_eq!(exit(ask(&stage, &[1, 2, 3], Action::Generate(again)).unwrap_err()), ExitKind::Fixable);
}

#[test]
fn keys_do_not_disturb_each_other() {
    let stage = Stage::new(3);
    let (first, second) = (stage.key(Curve::Ed25519, 2), stage.key(Curve::Secp256k1, 2));
    let pending = pending_key(&stage);
    stage.signs(&first, &[1, 3]);
    keys::abandon(&mut stage.open(), &pending).unwrap();
    stage.signs(&first, &[1, 2]);
    let mut ids = [first, second];
    ids.sort();
    assert_eq!(stage.ids(), ids);
    // Aux is for one key, and for ECDSA only.
    let aux = |key_id, holders| {
        let aux_id = quorate::codec::HexArray::random(&mut OsRng);
        exit(ask(&stage, &[1, 2, 3], Action::Aux(AuxParams { key_id, aux_id, holders })).unwrap_err())
    };
    assert_eq!(aux(first, vec![1, 2, 3]), ExitKind::Fixable);
    assert_eq!(aux(second, vec![1]), ExitKind::Fixable);
    // An active key is activated again by nobody who could not activate it before.
    let result = ask(&stage, &[1, 2, 3], Action::Activate(KeyParams { key_id: first }));
    drop(result);
    assert!(ask(&stage, &[1, 2], signing(second)).is_ok());
    stage.signs(&first, &[2, 3]);
}
