//! Just-in-time signing that is disturbed: nodes killed between any two calls, leases that end, attempts; and
//! what is left afterwards.

use std::{
    collections::BTreeSet,
    fs,
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicUsize, Ordering},
    },
};

use quorate::{
    ceremony::{CeremonyError, grants, requests, workspace::Workspace},
    cli::error::ExitKind,
    curve::{Curve, Level},
    ids::{KeyId, Time},
    node::{
        Call, FailureKind, Machine, Node, NodeError, Reply,
        embedded::{EmbeddedNode, node_dir},
    },
    request::{OneTimeRecipient, SignedRequest},
    shard::{DirtyGrant, Payload},
    store::{self, BlobKind, seal},
};

use crate::{
    fixtures,
    jit_stage::{JitStage, Rig, node_secrets, wanted},
    node_leak::{Attacker, Needles, files},
    node_stage::{Death, Faulty, Plan, Stage, dies, exit, honest, message, name},
};

#[test]
fn r25_a_node_killed_between_any_two_calls_restarts_empty_and_the_next_run_converges() {
    let mut staged = JitStage::new(3);
    let key = staged.key(Curve::Ed25519, 2);
    let mut killed = 0;
    for at in 0.. {
        for (victim, after) in [(1, false), (1, true), (2, false), (2, true)] {
            let (plan, died) = dies(Death { victim, at, after });
            let result = staged.sign_with(plan, &key, &[1, 2]);
            if !*died.lock().unwrap() {
                staged.check(&result.unwrap(), &[1, 2]);
                assert!(killed > 16, "{killed}");
                return;
            }
            killed += 1;
            let error = result.err().unwrap();
            assert_eq!(exit(error), ExitKind::Unreachable, "{victim} {at} {after}");
            for i in [1, 2] {
                let store = staged.stage.store(i);
                for kind in [BlobKind::Share, BlobKind::Aux] {
                    assert!(store.blob_ids(kind).unwrap().is_empty(), "{victim} {at} {after}");
                }
            }
            assert_eq!(staged.stage.open().journal().all().unwrap().len(), 1, "{victim} {at} {after}");
            staged.signs(&key, &[1, 2]);
        }
    }
}

#[test]
fn r25_a_killed_run_of_this_machine_is_cleared_by_the_next_one_with_other_servers() {
    let mut staged = JitStage::new(3);
    let key = staged.key(Curve::Ed25519, 2);
    let (plan, _) = dies(Death { victim: 2, at: 0, after: false });
    staged.sign_with(plan, &key, &[1, 2]).err().unwrap();
    assert_eq!(staged.stage.open().journal().all().unwrap().len(), 1);
    staged.signs(&key, &[1, 3]);
}

/// Loses the first relayed message to node 1; what else happens to the node then, `meanwhile` says.
fn loses_one(
    meanwhile: impl Fn(&mut Option<Box<dyn Node>>) + Send + Sync + 'static,
    offset: Arc<AtomicI64>,
) -> Plan {
    let (meanwhile, lost) = (Arc::new(meanwhile), Arc::new(AtomicUsize::new(0)));
    Box::new(move |home, who, sealed, primes| {
        if *who != name(1) {
            return honest(home, who, sealed, primes);
        }
        let (home, owner, primes) = (home.to_owned(), who.clone(), primes.clone());
        let offset = offset.clone();
        let open = move || -> Box<dyn Node> {
            let seal = seal::open_seal(&home, None).unwrap().for_node(owner.as_str());
            let (dir, owner, primes, offset) =
                (node_dir(&home, &owner), owner.clone(), primes.clone(), offset.clone());
            let node = EmbeddedNode::spawn(owner.clone(), move || {
                let mut machine = Machine::open(&dir, owner, &seal, primes)?;
                machine.set_clock(move || Time::now().plus_seconds(offset.load(Ordering::SeqCst)));
                Ok(machine)
            });
            Box::new(node.unwrap())
        };
        let (meanwhile, lost) = (meanwhile.clone(), lost.clone());
        let mut inner = Some(open());
        Ok(Box::new(Faulty::new(Box::new(Named(who.clone())), move |call, _| {
            if matches!(call, Call::Relay { .. }) && lost.fetch_add(1, Ordering::SeqCst) == 0 {
                meanwhile(&mut inner);
                inner.get_or_insert_with(&open);
                return Err(NodeError::new(FailureKind::Unreachable, "the message was lost"));
            }
            inner.as_mut().unwrap().handle(call)
        })))
    })
}

struct Named(quorate::ids::Name);

impl Node for Named {
    fn name(&self) -> &quorate::ids::Name {
        &self.0
    }

    fn handle(&mut self, _: Call) -> Result<Reply, NodeError> {
        Err(NodeError::new(quorate::node::FailureKind::Bug, "nobody asks it"))
    }
}

fn nothing(_: &mut Option<Box<dyn Node>>) {}

#[test]
fn r14_a_benign_failure_is_tried_again_within_the_lease_without_a_new_grant() {
    let mut staged = JitStage::new(3);
    for (round, curve) in [Curve::Ed25519, Curve::Secp256k1].into_iter().enumerate() {
        let key = staged.key(curve, 2);
        let plan = loses_one(nothing, Arc::default());
        let signed = staged.sign_with(plan, &key, &[1, 2]).unwrap();
        staged.check(&signed, &[1, 2]);
        for i in [1, 2] {
            assert_eq!(staged.stage.count(i, "SHARE_LEASED"), round + 1, "{curve} {i}");
            assert_eq!(staged.stage.count(i, "RECIPIENT_PREPARED"), round + 1, "{curve} {i}");
        }
    }
}

#[test]
fn r25_a_lease_that_ends_drops_share_and_session_and_a_new_grant_is_needed() {
    let mut staged = JitStage::new(3);
    let key = staged.key(Curve::Ed25519, 2);
    let offset = Arc::new(AtomicI64::new(0));
    let late = offset.clone();
    let plan = loses_one(move |_| late.store(121, Ordering::SeqCst), offset);
    let signed = staged.sign_with(plan, &key, &[1, 2]).unwrap();
    assert_eq!(signed.statements.len(), 2);
    assert_eq!((staged.stage.count(1, "SHARE_LEASED"), staged.stage.count(2, "SHARE_LEASED")), (2, 1));
    assert_eq!(
        (staged.stage.count(1, "RECIPIENT_PREPARED"), staged.stage.count(2, "RECIPIENT_PREPARED")),
        (2, 1)
    );
    assert!(staged.stage.log(1).contains("the lease ended"));
    assert!(staged.stage.count(1, "SESSION_ABORTED") >= 1);
    staged.empty();
}

#[test]
fn r25_a_restart_drops_the_share_and_a_new_grant_is_needed() {
    let mut staged = JitStage::new(3);
    let key = staged.key(Curve::Ed25519, 2);
    let plan = loses_one(|inner| *inner = None, Arc::default());
    let signed = staged.sign_with(plan, &key, &[1, 2]).unwrap();
    staged.check(&signed, &[1, 2]);
    assert_eq!((staged.stage.count(1, "SHARE_LEASED"), staged.stage.count(2, "SHARE_LEASED")), (2, 1));
}

fn granted(
    staged: &JitStage,
    workspace: &Workspace,
    key: &KeyId,
    request: &SignedRequest,
) -> Vec<DirtyGrant> {
    let chain = workspace.chain().unwrap();
    let one = |i: u16| {
        let bearer = staged.bearer(workspace, key, i);
        let review = grants::review(chain, &bearer.file.shard, request).unwrap();
        *bearer.grant(chain, request, review.one_time).unwrap()
    };
    [1, 2].map(one).into()
}

#[test]
fn r25_grants_from_elsewhere_survive_a_lost_message_and_not_a_restart() {
    let mut staged = JitStage::new(3);
    let key = staged.key(Curve::Ed25519, 2);
    let mut workspace = staged.stage.open_with(loses_one(nothing, Arc::default()));
    let request = requests::new(&mut workspace, wanted(&key, message("pay")), None).unwrap();
    let grants = granted(&staged, &workspace, &key, &request);
    let signed = requests::run(&mut workspace, &request, grants, "R").unwrap();
    drop(workspace);
    staged.check(&signed, &[1, 2]);

    let mut workspace = staged.stage.open_with(loses_one(|inner| *inner = None, Arc::default()));
    let mut request = requests::new(&mut workspace, wanted(&key, message("pay")), None).unwrap();
    let (hash, first) = (request.request.hash().unwrap(), request.one_time_recipients.clone());
    let grants = granted(&staged, &workspace, &key, &request);
    let failed = requests::run(&mut workspace, &request, grants.clone(), "R").err().unwrap();
    let CeremonyError::After { hint, .. } = &failed else { panic!("{failed}") };
    assert_eq!(hint, "quorate request renew R --out NEW.request.json");
    assert_eq!(exit(failed), ExitKind::Unreachable);
    assert_eq!(requests::renew(&mut workspace, &mut request).unwrap(), 2);
    assert_eq!(request.request.hash().unwrap(), hash);
    assert!(request.one_time_recipients.iter().all(|one| !first.contains(one) && one.attempt == 2));
    let old = requests::run(&mut workspace, &request, grants, "R").err().unwrap();
    assert_eq!(exit(old), ExitKind::Denied);
    assert_eq!(requests::renew(&mut workspace, &mut request).unwrap(), 2, "attempt 2 was not used");
    let grants = granted(&staged, &workspace, &key, &request);
    let signed = requests::run(&mut workspace, &request, grants, "R").unwrap();
    drop(workspace);
    staged.check(&signed, &[1, 2]);
}

#[test]
fn r39_a_request_ends_with_its_attempts() {
    let mut staged = JitStage::new(3);
    let key = staged.key(Curve::Ed25519, 2);
    let mut workspace = staged.stage.open();
    let mut request = requests::new(&mut workspace, wanted(&key, message("pay")), Some(1)).unwrap();
    for attempt in 1..=3 {
        let grants = granted(&staged, &workspace, &key, &request);
        requests::run(&mut workspace, &request, grants, "R").unwrap();
        let renewed = requests::renew(&mut workspace, &mut request);
        match attempt {
            3 => assert_eq!(exit(renewed.unwrap_err()), ExitKind::Denied),
            _ => assert_eq!(renewed.unwrap(), attempt + 1),
        }
    }
    assert!(requests::new(&mut workspace, wanted(&key, message("pay")), Some(25)).is_err());
}

#[test]
fn r25_r27_nothing_of_a_signature_is_left_and_a_recorded_grant_opens_nothing() {
    let mut staged = JitStage::new(3);
    let key = staged.key(Curve::Secp256k1, 2);
    let mut workspace = staged.stage.open();
    let request = requests::new(&mut workspace, wanted(&key, message("pay")), None).unwrap();
    let grants = granted(&staged, &workspace, &key, &request);
    let chain = workspace.chain().unwrap().clone();
    let mut canaries = Vec::new();
    for i in [1, 2] {
        let bearer = staged.bearer(&workspace, &key, i);
        let open = bearer.file.shard.open(&bearer.identity, &chain).unwrap();
        canaries.push((format!("share {i}"), open.share.unwrap().share.scalar().expose().to_vec()));
        for (n, prime) in fixtures::primes(Level::Bits256, usize::from(i) - 1).integers().iter().enumerate() {
            canaries.push((format!("prime {i} {n}"), prime.to_bytes_msf()));
        }
    }
    drop(workspace);
    // While the request waits, each node has one one-time identity; its secret is what must go.
    let attacker = Attacker::new(&staged.stage.home());
    let mut owners = Vec::new();
    for i in [1, 2] {
        let store = staged.stage.store(i);
        let ids = store.blob_ids(BlobKind::Identity).unwrap();
        assert_eq!(ids.len(), 1);
        let secret = store.open_blob(BlobKind::Identity, &ids[0]).unwrap().unwrap();
        canaries.push((format!("one-time {i}"), secret.expose()[..32].to_vec()));
        owners.push(ids[0].clone());
    }
    let slots = |i: u16| fs::read(node_dir(&staged.stage.home(), &name(i)).join("keyslots")).unwrap();
    // Whatever number the kind has in the keyslot file.
    let tagged = |i: u16| -> Vec<Vec<u8>> {
        (1..=6u8).map(|tag| [&[tag], owners[usize::from(i) - 1].as_slice()].concat()).collect()
    };
    for i in [1, 2] {
        assert_eq!(attacker.data_keys(name(i).as_str(), &slots(i), &tagged(i)).len(), 1, "before the run");
    }
    let mut workspace = staged.stage.open();
    let signed = requests::run(&mut workspace, &request, grants.clone(), "R").unwrap();
    drop(workspace);
    staged.check(&signed, &[1, 2]);
    for i in [1, 2] {
        assert_eq!(attacker.data_keys(name(i).as_str(), &slots(i), &tagged(i)).len(), 0, "after the run");
    }
    let needles = Needles::of(&canaries);
    let mut all = Vec::new();
    files(&staged.stage.home(), &mut all);
    for path in all {
        assert_eq!(needles.found_in(&fs::read(&path).unwrap()), Vec::<&str>::new(), "{}", path.display());
    }
    // The recorded grants, with every long-term key of the nodes.
    for (i, grant) in [1, 2].into_iter().zip(&grants) {
        let secrets = node_secrets(&staged.stage, i);
        for blob in [&grant.parcel.wrapped_key_share, &grant.parcel.wrapped_aux] {
            assert!(Payload::open(secrets.recipient(), blob.as_ref().unwrap()).is_err());
        }
    }
    let mut workspace = staged.stage.open();
    let replayed = requests::run(&mut workspace, &request, grants, "R").err().unwrap();
    assert_eq!(exit(replayed), ExitKind::Denied);
}

/// Nodes that stay open on one thread, so that many signatures take seconds.
#[test]
fn r12_r_never_repeats_over_a_thousand_signatures_just_in_time() {
    let mut staged = JitStage::on(Stage::in_memory(2), 2);
    let key = staged.key(Curve::Ed25519, 2);
    let workspace = staged.stage.open();
    let chain = workspace.chain().unwrap();
    let bearers = staged.bearers(&workspace, &key, &[1, 2]);
    let mut rig = Rig::open(&staged.stage, &[1, 2]);
    let mut seen = BTreeSet::new();
    for _ in 0..1000 {
        let request = rig.request(&workspace, &key, "the same message each time");
        let grant = |(i, one): (u16, OneTimeRecipient)| {
            (i, bearers[usize::from(i) - 1].grant(chain, &request, &one).unwrap())
        };
        let grants = rig.prepare(&request).into_iter().map(grant).collect();
        let signature = rig.sign(&request, grants);
        assert!(seen.insert(signature[..32].to_vec()), "R repeats");
    }
}

/// What one node makes durable for one signature; tests/bench/README.md states the number.
#[test]
fn r27_the_flushes_of_one_signature_are_counted() {
    let mut staged = JitStage::new(2);
    for curve in [Curve::Ed25519, Curve::Secp256k1] {
        let key = staged.key(curve, 2);
        let workspace = staged.stage.open();
        let chain = workspace.chain().unwrap();
        let bearers = staged.bearers(&workspace, &key, &[1, 2]);
        let mut rig = Rig::open(&staged.stage, &[1, 2]);
        let mut counts = Vec::new();
        for _ in 0..2 {
            let request = rig.request(&workspace, &key, "pay");
            let grant = |(i, one): (u16, OneTimeRecipient)| {
                (i, bearers[usize::from(i) - 1].grant(chain, &request, &one).unwrap())
            };
            let before = store::flushes();
            let grants = rig.prepare(&request).into_iter().map(grant).collect();
            rig.sign(&request, grants);
            rig.surrender(&request);
            counts.push((store::flushes() - before) / 2);
        }
        assert_eq!(counts, [FLUSHES, FLUSHES], "{curve}");
    }
}

/// Log entries (a line and a transaction each), the one-time identity made and destroyed, the attempt.
const FLUSHES: u64 = 17;
