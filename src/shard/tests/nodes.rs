//! What nodes take: imports and grants.

use super::*;

/// What the one-time recipient was made for.
pub(super) struct Made {
    op_id: crate::ids::OpId,
    request_hash: Hash,
}

impl Made {
    pub(super) fn of<'a>(&self, node: &'a crate::ids::Name) -> Wanted<'a> {
        Wanted { node, op_id: self.op_id, request_hash: self.request_hash, attempt: 1, now: then() }
    }
}

pub(super) fn import(scene: &Scene) -> DirtyImport {
    scene.set.import(&scene.shard(1), 1, then().plus_seconds(60))
}

/// What OFFICIAL_1 does with an import.
pub(super) fn take(scene: &Scene, bytes: &[u8]) -> Result<OpenShard, ShardError> {
    take_at(scene, bytes, 1, then())
}

fn take_at(scene: &Scene, bytes: &[u8], node: u16, now: Time) -> Result<OpenShard, ShardError> {
    let identity = recipient_of(scene, node);
    let import = DirtyImport::parse(bytes)?;
    import.open(&identity, &scene.set.chain, &official(node), now).map(|(_, open)| open)
}

fn recipient_of(scene: &Scene, node: u16) -> Identity {
    let bytes = scene.set.node(node).to_bytes();
    Identity::from_secret(crate::secret::Secret::from_slice(&bytes.expose()[64..]).unwrap())
}

pub(super) fn grant(scene: &Scene) -> (DirtyGrant, Identity, Made) {
    grant_by(scene, scene.set.person(1), |_| ())
}

fn grant_by(
    scene: &Scene,
    person: &PersonIdentity,
    change: impl Fn(&mut Wrap),
) -> (DirtyGrant, Identity, Made) {
    let one_time = Identity::random(&mut OsRng);
    let made = Made { op_id: HexArray::random(&mut OsRng), request_hash: Hash::plain(b"a request") };
    let parcel = resealed(&scene.shard(1), &scene.set.chain, scene.set.person(1), |last| {
        let mut wrap = Wrap {
            kind: WrapKind::Grant,
            holder: official(1),
            recipient: one_time.recipient(),
            signer: person.name().clone(),
            op_id: Some(made.op_id),
            request_hash: Some(made.request_hash),
            not_after: Some(then().plus_seconds(60)),
            ..last.clone()
        };
        change(&mut wrap);
        wrap
    });
    let grant = DirtyGrant {
        version: 1,
        custodian: person.name().clone(),
        node: official(1),
        index: 1,
        key_card_hash: scene.key.card.hash(),
        op_id: made.op_id,
        attempt: 1,
        approval: Approval::sign(person.name().clone(), made.request_hash, person.approval()),
        parcel,
    };
    (grant, one_time, made)
}

#[test]
fn r24_an_import_is_taken_by_its_node_from_its_custodian_in_time() {
    for curve in [Curve::Ed448, Curve::Stark] {
        let scene = Scene::new(curve);
        let import = import(&scene);
        let bytes = import.to_bytes().unwrap();
        let open = take(&scene, &bytes).unwrap();
        assert_eq!(open.share.unwrap().share.index(), 1);
        let late = take_at(&scene, &bytes, 1, then().plus_seconds(60)).unwrap_err();
        assert!(matches!(late, ShardError::Expired(_)), "{late}");
        let elsewhere = take_at(&scene, &bytes, 2, then()).unwrap_err();
        assert!(matches!(elsewhere, ShardError::Holder { .. }), "{elsewhere}");
        // Sent to another node than that of the index.
        let astray = scene.set.import(&scene.shard(1), 1, then().plus_seconds(60));
        let astray = DirtyImport { index: 2, ..astray };
        let refused = take(&scene, &astray.to_bytes().unwrap()).unwrap_err();
        assert!(matches!(refused, ShardError::Exporter(_)), "{refused}");
        let named = DirtyImport { custodian: official(3), ..import.clone() };
        let refused = take(&scene, &named.to_bytes().unwrap()).unwrap_err();
        assert!(matches!(refused, ShardError::Header("custodian")), "{refused}");
        let empty = DirtyImport { parcel: Parcel::default(), ..import };
        assert!(matches!(DirtyImport::parse(&empty.to_bytes().unwrap()), Err(ShardError::Empty)));
    }
}

#[test]
fn r22_r24_an_import_is_made_under_a_version_in_which_all_of_it_was_so() {
    let mut scene = Scene::new(Curve::Ed25519);
    let at = |scene: &Scene, version| {
        let import = scene.set.import_under(&scene.shard(1), 1, then().plus_seconds(60), version);
        take(scene, &import.to_bytes().unwrap())
    };
    let known = scene.set.chain.current_hash();
    at(&scene, known).unwrap();
    let first = scene.set.chain.versions().next().unwrap().hash().unwrap();
    for version in [Hash::ZERO, Hash::plain(b"another"), first] {
        let refused = at(&scene, version).unwrap_err();
        assert!(matches!(refused, ShardError::OtherSet { index: 1, .. }), "{refused}");
    }
    // A version in which something else changed does not matter; one with another custodian does.
    scene.set.succeed(2, person("Zoe"));
    at(&scene, known).unwrap();
    let me = scene.set.succeed(1, person("Yan"));
    let given_back = scene.set.chain.current_hash();
    scene.set.succeed(1, me);
    at(&scene, scene.set.chain.current_hash()).unwrap();
    assert!(matches!(at(&scene, given_back), Err(ShardError::OtherSet { .. })));
}

#[test]
fn r24_share_and_aux_come_together() {
    let scene = Scene::new(Curve::Secp256k1);
    let (one, two) = (import(&scene), import(&scene));
    let aux = Parcel { wrapped_aux: two.parcel.wrapped_aux, aux_table: two.parcel.aux_table, ..one.parcel };
    let mixed = DirtyImport { parcel: aux, ..import(&scene) };
    assert!(matches!(take(&scene, &mixed.to_bytes().unwrap()), Err(ShardError::Apart)));
}

#[test]
fn r22_only_the_custodian_enrolled_now_may_send() {
    let mut scene = Scene::new(Curve::Ed25519);
    let import = import(&scene).to_bytes().unwrap();
    let (grant, one_time, made) = grant(&scene);
    take(&scene, &import).unwrap();
    scene.set.succeed(1, person("Zoe"));
    let refused = take(&scene, &import).unwrap_err();
    assert!(matches!(refused, ShardError::NotCustodian { .. }), "{refused}");
    let place = (&scene.set.chain, &scene.key.card);
    let refused = grant.open(&one_time, place, &made.of(&official(1))).unwrap_err();
    assert!(matches!(refused, ShardError::Approval), "{refused}");
    scene.set.adopt(|_, genesis| genesis.people.clear());
    let refused = take(&scene, &import).unwrap_err();
    assert!(matches!(refused, ShardError::NoCustodian(_)), "{refused}");
}

#[test]
fn r23_r25_a_grant_is_for_one_request_node_and_attempt() {
    let scene = Scene::new(Curve::P521);
    let (grant, one_time, made) = grant(&scene);
    let (here, there) = (official(1), official(2));
    let place = (&scene.set.chain, &scene.key.card);
    let read = DirtyGrant::parse(&grant.to_bytes().unwrap()).unwrap();
    assert_eq!(read, grant);
    let open = |wanted: Wanted| grant.open(&one_time, place, &wanted);
    assert_eq!(open(made.of(&here)).unwrap().share.unwrap().share.index(), 1);
    let other_op = Wanted { op_id: HexArray([3; 16]), ..made.of(&here) };
    assert!(matches!(open(other_op), Err(ShardError::OtherRequest)));
    assert!(matches!(open(Wanted { attempt: 2, ..made.of(&here) }), Err(ShardError::OtherRequest)));
    let other = Wanted { request_hash: Hash::plain(b"another request"), ..made.of(&here) };
    assert!(matches!(open(other), Err(ShardError::Approval)), "the custodian did not agree to that");
    let late = Wanted { now: then().plus_seconds(60), ..made.of(&here) };
    assert!(matches!(open(late), Err(ShardError::Expired(_))));
    assert!(matches!(open(made.of(&there)), Err(ShardError::Holder { .. })));
    let another = grant.open(&Identity::random(&mut OsRng), place, &made.of(&here)).unwrap_err();
    assert!(matches!(another, ShardError::Age(_)), "{another}");
    let key = scene.set.key(Curve::P521, 2, 3);
    let refused = grant.open(&one_time, (&scene.set.chain, &key.card), &made.of(&here)).unwrap_err();
    assert!(matches!(refused, ShardError::OtherCard(_)), "{refused}");
}

#[test]
fn r37_a_grant_carries_its_custodians_own_approval() {
    let scene = Scene::new(Curve::Ed25519);
    let place = (&scene.set.chain, &scene.key.card);
    let here = official(1);
    let (good, one_time, made) = grant(&scene);
    let other = scene.set.person(2);
    let approvals = [
        Approval::sign(other.name().clone(), made.request_hash, other.approval()),
        Approval::sign(good.custodian.clone(), Hash::ZERO, scene.set.person(1).approval()),
        Approval::sign(good.custodian.clone(), made.request_hash, other.approval()),
        Approval { request_hash: Hash::ZERO, ..good.approval.clone() },
        Approval { approver: other.name().clone(), ..good.approval.clone() },
    ];
    for approval in approvals {
        let grant = DirtyGrant { approval, ..good.clone() };
        let refused = grant.open(&one_time, place, &made.of(&here)).unwrap_err();
        assert!(matches!(refused, ShardError::Approval), "{refused}");
    }
    // The wrap is for another request than the approval.
    let (grant, one_time, made) =
        grant_by(&scene, scene.set.person(1), |wrap| wrap.request_hash = Some(Hash::ZERO));
    let refused = grant.open(&one_time, place, &made.of(&here)).unwrap_err();
    assert!(matches!(refused, ShardError::OtherRequest), "{refused}");
    // An import is not a grant: it would open more than once.
    let (grant, one_time, made) = grant_by(&scene, scene.set.person(1), |wrap| {
        (wrap.kind, wrap.request_hash, wrap.genesis_hash) = (WrapKind::Import, None, Some(Hash::ZERO));
    });
    let refused = grant.open(&one_time, place, &made.of(&here)).unwrap_err();
    assert!(matches!(refused, ShardError::Kind { .. }), "{refused}");
}
