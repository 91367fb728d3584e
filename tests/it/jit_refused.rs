//! Grants and requests that are refused, each for its own reason, with nothing opened and nothing changed.

use quorate::{
    ceremony::{
        CeremonyError,
        grants::{self, Bearer},
        requests,
        workspace::{PinnedNode, Workspace},
    },
    cli::error::ExitKind,
    curve::Curve,
    ids::{KeyId, Time},
    node::{Call, FailureKind, NodeError, Reply},
    request::{Action, Approval, Content, OneTimeRecipient, SignedRequest},
    shard::{DirtyGrant, Grant, Parcel, Payload, Wrap, WrapKind},
    signing_key::SigningKey,
    wrap::recipient::Identity,
};
use rand_core::OsRng;

use crate::{
    jit_stage::{JitStage, again, wanted},
    node_stage::{exit, message, name, node_error, relay as through},
};

/// A request for nodes 1 and 2, and the grants of A and B.
fn request(staged: &JitStage, workspace: &mut Workspace, key: &KeyId) -> (SignedRequest, Vec<Grant>) {
    let request = requests::new(workspace, wanted(key, message("pay")), None).unwrap();
    let grants = [1, 2].map(|i| grant(staged, workspace, key, i, &request)).into();
    (request, grants)
}

fn grant(staged: &JitStage, workspace: &Workspace, key: &KeyId, i: u16, request: &SignedRequest) -> Grant {
    let bearer = staged.bearer(workspace, key, i);
    let chain = workspace.chain().unwrap();
    let review = grants::review(chain, &bearer.file.shard, request).unwrap();
    bearer.grant(chain, request, review.one_time).unwrap()
}

fn one_time(request: &SignedRequest, i: u16) -> &OneTimeRecipient {
    request.one_time_recipients.iter().find(|one| one.node == name(i)).unwrap()
}

/// A grant of `parts` (share, aux) for node 1 that says of itself what `alter` makes of it.
fn forged(
    workspace: &Workspace,
    request: &SignedRequest,
    outside: &Bearer,
    inside: &Bearer,
    key: &SigningKey,
    alter: impl Fn(&mut Wrap),
) -> Grant {
    let chain = workspace.chain().unwrap();
    let one = one_time(request, 1);
    let mut grant = outside.grant(chain, request, one).unwrap();
    let opened = inside.file.shard.open(&inside.identity, chain).unwrap();
    let wrap = |last: &Wrap| {
        let mut wrap = Wrap {
            kind: WrapKind::Grant,
            holder: name(1),
            recipient: one.recipient,
            signer: outside.identity.name().clone(),
            made_at: Time::now(),
            op_id: Some(request.request.op_id),
            request_hash: Some(request.request.hash().unwrap()),
            not_after: Some(request.request.expiry),
            ..last.clone()
        };
        alter(&mut wrap);
        wrap
    };
    let seal = |payload: &Payload| payload.rewrapped(wrap, key).unwrap().seal().unwrap();
    grant.parcel = Parcel {
        wrapped_key_share: opened.share.as_ref().map(|share| seal(&share.payload)),
        wrapped_aux: opened.aux.as_ref().map(|aux| seal(&aux.payload)),
        aux_table: inside.file.shard.parcel().aux_table.clone(),
    };
    grant
}

/// Begins on one node, past every check of the ceremony.
fn begin(
    node: &mut PinnedNode,
    request: &SignedRequest,
    attempt: u16,
    grant: Option<Grant>,
) -> Result<Reply, NodeError> {
    node.node.handle(Call::Begin { request: Box::new(request.clone()), attempt, grant })
}

#[track_caller]
fn refused(result: Result<Reply, NodeError>, kind: FailureKind, why: &str) {
    let error = result.expect_err(why);
    assert_eq!(error.kind, kind, "{why}: {error}");
    assert!(error.message.contains(why), "{why}: {error}");
}

type Alter = fn(&mut DirtyGrant, &DirtyGrant);

/// What the node sees on the outside: nothing is used up for it.
#[test]
fn r25_a_node_refuses_a_grant_whose_outside_is_wrong_and_takes_the_right_one_afterwards() {
    let mut staged = JitStage::new(3);
    let key = staged.key(Curve::Ed25519, 2);
    let mut workspace = staged.stage.open();
    let (request, good) = request(&staged, &mut workspace, &key);
    let mut nodes = staged.nodes(&workspace, &[1, 2]);
    use FailureKind::{Denied, Fixable, Integrity};
    let cases: [(FailureKind, &str, Alter); 11] = [
        (Integrity, "another request", |g, _| g.op_id.0[0] ^= 1),
        (Integrity, "another request", |g, _| g.attempt = 2),
        (Integrity, "wrapped for OFFICIAL_2", |g, other| *g = other.clone()),
        (Denied, "belongs to OFFICIAL_2, not to OFFICIAL_1", |g, _| g.index = 2),
        (Denied, "wrapped by B, but the custodian", |g, _| g.custodian = "B".parse().unwrap()),
        (Integrity, "another key card", |g, _| g.key_card_hash.0.0[3] ^= 1),
        (Integrity, "agreement to this request", |g, other| g.approval = other.approval.clone()),
        (Integrity, "agreement to this request", |g, _| g.approval.signature.0[5] ^= 1),
        (Integrity, "agreement to this request", |g, _| g.approval.request_hash.0.0[0] ^= 1),
        (Integrity, "neither a share nor aux", |g, _| g.parcel = Parcel::default()),
        (Fixable, "version 2", |g, _| g.version = 2),
    ];
    for (kind, why, alter) in cases {
        let mut bad = good[0].clone();
        alter(&mut bad, &good[1]);
        refused(begin(&mut nodes[0], &request, 1, Some(bad)), kind, why);
    }
    refused(begin(&mut nodes[0], &request, 1, None), Fixable, "holds no share");
    refused(begin(&mut nodes[0], &request, 2, Some(good[0].clone())), Integrity, "another request");
    refused(begin(&mut nodes[0], &request, 4, Some(good[0].clone())), Integrity, "another request");
    let mut tampered = request.clone();
    let Action::Sign(params) = &mut tampered.request.action else { panic!() };
    params.content = message("pay somebody else");
    refused(
        begin(&mut nodes[0], &tampered, 1, Some(good[0].clone())),
        Integrity,
        "agreement to this request",
    );
    drop(nodes);
    assert_eq!(staged.stage.count(1, "SHARE_LEASED"), 0);
    let grants = good.into_iter().map(|grant| *grant).collect();
    let signed = requests::run(&mut workspace, &request, grants, "R").unwrap();
    drop(workspace);
    staged.check(&signed, &[1, 2]);
}

/// What only opening shows: the attempt is used up, nothing stays open.
#[test]
fn r24_a_node_refuses_a_grant_whose_inside_is_wrong() {
    let mut staged = JitStage::new(3);
    for curve in [Curve::Ed25519, Curve::Secp256k1] {
        let key = staged.key(curve, 2);
        let mut workspace = staged.stage.open();
        let (a, b) = (staged.bearer(&workspace, &key, 1), staged.bearer(&workspace, &key, 2));
        let stranger = SigningKey::from_seed(&quorate::secret::Secret::random(&mut OsRng));
        type Forge = fn(&mut Wrap);
        let cases: [(&str, &Bearer, &SigningKey, Forge, FailureKind); 10] = [
            ("exported by OFFICIAL_2", &b, a.identity.approval(), |_| (), FailureKind::Integrity),
            ("not signed by A", &a, &stranger, |_| (), FailureKind::Integrity),
            ("not signed by A", &a, b.identity.approval(), |_| (), FailureKind::Integrity),
            (
                "wrapped by B",
                &a,
                b.identity.approval(),
                |w| w.signer = "B".parse().unwrap(),
                FailureKind::Denied,
            ),
            ("expired", &a, a.identity.approval(), |w| w.not_after = Some(Time::now()), FailureKind::Denied),
            ("other particulars", &a, a.identity.approval(), |w| w.not_after = None, FailureKind::Integrity),
            (
                "another request",
                &a,
                a.identity.approval(),
                |w| w.op_id.as_mut().unwrap().0[1] ^= 1,
                FailureKind::Integrity,
            ),
            (
                "another request",
                &a,
                a.identity.approval(),
                |w| w.request_hash.as_mut().unwrap().0.0[1] ^= 1,
                FailureKind::Integrity,
            ),
            ("an import", &a, a.identity.approval(), |w| w.kind = WrapKind::Import, FailureKind::Integrity),
            (
                "wrapped for OFFICIAL_2",
                &a,
                a.identity.approval(),
                |w| w.holder = name(2),
                FailureKind::Integrity,
            ),
        ];
        for (why, inside, signer, alter, kind) in cases {
            let request = requests::new(&mut workspace, wanted(&key, message("pay")), None).unwrap();
            let bad = forged(&workspace, &request, &a, inside, signer, alter);
            let mut nodes = staged.nodes(&workspace, &[1]);
            let result = begin(&mut nodes[0], &request, 1, Some(bad));
            refused(result, kind, why);
            // Its one-time identity is gone: the good grant comes too late.
            let late = a.grant(workspace.chain().unwrap(), &request, one_time(&request, 1)).unwrap();
            refused(
                begin(&mut nodes[0], &request, 1, Some(late)),
                FailureKind::Denied,
                "ask for grants again",
            );
            let Reply::Status(status) =
                nodes[0].node.handle(Call::Status { nonce: quorate::codec::HexArray([7; 16]) }).unwrap()
            else {
                panic!()
            };
            assert!(status.statement.leases.is_empty() && status.statement.empty, "{why}");
            drop(nodes);
            requests::cancel(&mut workspace, &request).unwrap();
        }
        drop(workspace);
        staged.empty();
        staged.signs(&key, &[1, 2]);
    }
}

#[test]
fn r25_an_ecdsa_grant_needs_its_own_aux() {
    let mut staged = JitStage::new(3);
    let key = staged.key(Curve::Secp256k1, 2);
    let mut workspace = staged.stage.open();
    let (request, good) = request(&staged, &mut workspace, &key);
    let mut nodes = staged.nodes(&workspace, &[1, 2]);
    let bad = |alter: &dyn Fn(&mut Parcel)| {
        let mut bad = good[0].clone();
        alter(&mut bad.parcel);
        Some(bad)
    };
    let without = bad(&|parcel| (parcel.wrapped_aux, parcel.aux_table) = (None, None));
    refused(begin(&mut nodes[0], &request, 1, without), FailureKind::Fixable, "brings no aux");
    let half = bad(&|parcel| parcel.aux_table = None);
    refused(begin(&mut nodes[0], &request, 1, half), FailureKind::Integrity, "without its table");
    let unsigned = bad(&|parcel| parcel.aux_table.as_mut().unwrap().signatures[1].0[0] ^= 1);
    refused(begin(&mut nodes[0], &request, 1, unsigned), FailureKind::Integrity, "not signed by the holders");
    // B's aux, encrypted to node 2, inside A's grant.
    let other = good[1].parcel.wrapped_aux.clone();
    let swapped = bad(&|parcel| parcel.wrapped_aux = other.clone());
    let error = begin(&mut nodes[0], &request, 1, swapped).unwrap_err();
    assert_eq!(error.kind, FailureKind::Integrity, "{error}");
    drop(nodes);
    requests::cancel(&mut workspace, &request).unwrap();
    drop(workspace);
    staged.empty();
    staged.signs(&key, &[1, 2]);
}

#[test]
fn r22_a_former_custodian_and_another_genesis_are_refused() {
    let mut staged = JitStage::new(3);
    let key = staged.key(Curve::Ed25519, 2);
    let old = {
        let mut workspace = staged.stage.open();
        requests::new(&mut workspace, wanted(&key, message("pay")), None).unwrap()
    };
    // Another person takes A's place; A still has the shard.
    let other = quorate::identity::PersonIdentity::random("Z".parse().unwrap(), &mut OsRng);
    let people = [again(&other), staged.person(2), staged.person(3)];
    staged.enrol(&people);
    let error = staged.sign(&key, &[1, 2]).err().unwrap();
    assert!(error.to_string().contains("wrapped by A, but the custodian of this index is Z"), "{error}");
    assert_eq!(exit(error), ExitKind::Denied);
    let mut workspace = staged.stage.open();
    let (request, good) = request(&staged, &mut workspace, &key);
    let mut nodes = staged.nodes(&workspace, &[1, 2]);
    refused(begin(&mut nodes[0], &request, 1, Some(good[0].clone())), FailureKind::Denied, "wrapped by A");
    // A calls himself Z.
    let mut named = good[0].clone();
    named.custodian = "Z".parse().unwrap();
    named.approval =
        Approval::sign("Z".parse().unwrap(), request.request.hash().unwrap(), staged.person(1).approval());
    refused(
        begin(&mut nodes[0], &request, 1, Some(named)),
        FailureKind::Integrity,
        "agreement to this request",
    );
    // A request of the genesis before.
    refused(begin(&mut nodes[0], &old, 1, Some(good[0].clone())), FailureKind::Denied, "another genesis");
    let shard = staged.bearer(&workspace, &key, 2).file.shard;
    let error = grants::review(workspace.chain().unwrap(), &shard, &old).err().unwrap();
    assert!(error.to_string().contains("another genesis"), "{error}");
    drop(nodes);
    let error =
        requests::run(&mut workspace, &request, good.into_iter().map(|g| *g).collect(), "R").err().unwrap();
    assert_eq!(exit(error), ExitKind::Denied);
    for open in [&request, &old] {
        requests::cancel(&mut workspace, open).unwrap();
    }
    drop(workspace);
    staged.signs(&key, &[2, 3]);
}

#[test]
fn r22_a_one_time_recipient_that_the_node_did_not_sign_gets_nothing() {
    let mut staged = JitStage::new(3);
    let key = staged.key(Curve::Ed25519, 2);
    // The relay puts its own recipient in, or another node's.
    let own: fn(&mut OneTimeRecipient) = |one| one.recipient = Identity::random(&mut OsRng).recipient();
    type Alter = fn(&mut OneTimeRecipient);
    let alterations: [(Alter, &str); 5] = [
        (own, "not signed by that server"),
        (|one| one.node = name(2), "names another server"),
        (|one| one.attempt = 2, "another attempt"),
        (|one| one.op_id.0[0] ^= 1, "another request"),
        (|one| one.request_hash.0.0[0] ^= 1, "another request"),
    ];
    for (alter, why) in alterations {
        let plan = through(move |who, call, node| {
            let prepare = matches!(call, Call::Prepare { .. }) && *who == name(1);
            match node.handle(call)? {
                Reply::Prepared(mut one) if prepare => {
                    alter(&mut one);
                    Ok(Reply::Prepared(one))
                }
                other => Ok(other),
            }
        });
        let error = staged.sign_with(plan, &key, &[1, 2]).err().unwrap();
        assert!(error.to_string().contains(why), "{why}: {error}");
        assert_eq!(exit(error), ExitKind::Integrity);
        staged.empty();
    }
    // The same in a request that travelled.
    let mut workspace = staged.stage.open();
    let (request, _) = request(&staged, &mut workspace, &key);
    let shard = staged.bearer(&workspace, &key, 1).file.shard;
    for alter in [
        own,
        |one: &mut OneTimeRecipient| one.attempt = 3,
        |one: &mut OneTimeRecipient| one.signature.0[0] ^= 1,
    ] {
        let mut altered = request.clone();
        alter(&mut altered.one_time_recipients[0]);
        let error = grants::review(workspace.chain().unwrap(), &shard, &altered).err().unwrap();
        assert_eq!(exit(error), ExitKind::Integrity);
    }
    requests::cancel(&mut workspace, &request).unwrap();
    drop(workspace);
    staged.signs(&key, &[1, 2]);
}

#[test]
fn r39_a_run_is_not_repeated_and_grants_are_not_mixed() {
    let mut staged = JitStage::new(3);
    let key = staged.key(Curve::Ed25519, 2);
    let mut workspace = staged.stage.open();
    let (one, grants_one) = request(&staged, &mut workspace, &key);
    let (two, grants_two) = request(&staged, &mut workspace, &key);
    let run = |workspace: &mut Workspace, request: &SignedRequest, grants: [&Grant; 2]| {
        let grants = grants.map(|grant| DirtyGrant::clone(grant)).into();
        requests::run(workspace, request, grants, "R")
    };
    let denied = |result: Result<_, CeremonyError>, why: &str| {
        let error: CeremonyError = result.map(|_: quorate::ceremony::sign::Signed| ()).unwrap_err();
        assert!(error.to_string().contains(why), "{why}: {error}");
        exit(error)
    };
    let mixed = run(&mut workspace, &one, [&grants_one[0], &grants_two[1]]);
    assert_eq!(denied(mixed, "another request"), ExitKind::Integrity);
    let twice = run(&mut workspace, &one, [&grants_one[0], &grants_one[0]]);
    assert_eq!(denied(twice, "two of the grants"), ExitKind::Fixable);
    let signed = run(&mut workspace, &one, [&grants_one[1], &grants_one[0]]).unwrap();
    assert_eq!(signed.statements.len(), 2);
    let replayed = run(&mut workspace, &one, [&grants_one[0], &grants_one[1]]).err().unwrap();
    let CeremonyError::After { hint, .. } = &replayed else { panic!("{replayed}") };
    assert_eq!(hint, "quorate request renew R --out NEW.request.json");
    let (error, code) = node_error(replayed);
    assert_eq!((error.kind, code), (FailureKind::Denied, ExitKind::Denied));
    // The other request stands untouched.
    assert!(run(&mut workspace, &two, [&grants_two[0], &grants_two[1]]).is_ok());
    // A bare digest where the key takes messages only.
    let digest = Content::Digest { digest: vec![7; 32].into() };
    let error = requests::new(&mut workspace, wanted(&key, digest), None).err().unwrap();
    assert_eq!(exit(error), ExitKind::Usage);
    drop(workspace);
    staged.empty();
}

#[test]
fn r25_a_node_with_its_own_share_takes_no_grant() {
    let mut staged = JitStage::new(3);
    let key = staged.stage.key(Curve::Ed25519, 2);
    for i in [1, 2] {
        let path = crate::jit_stage::export(&staged.stage, &key, i, &staged.people[usize::from(i) - 1]);
        staged.shards.insert((key, i), path);
    }
    staged.signs_only(&key, &[1, 2]);
    let mut workspace = staged.stage.open();
    let servers = vec![name(1), name(3)];
    let before = staged.stage.count(3, "RECIPIENT_PREPARED");
    let wish = quorate::ceremony::sign::Wanted { servers, ..wanted(&key, message("pay")) };
    let error = requests::new(&mut workspace, wish, None).err().unwrap();
    assert!(error.to_string().contains("holds its own share"), "{error}");
    assert!(workspace.journal().all().unwrap().is_empty());
    assert_eq!(staged.stage.count(3, "RECIPIENT_PREPARED"), before);
    let error = crate::node_stage::sign(&mut workspace, &key, &[1, 3]).err().unwrap();
    assert!(error.to_string().contains("holds no share"), "{error}");
}
