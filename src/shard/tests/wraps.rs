//! Whose share it is, who wrapped it, and for whom.

use super::*;

fn share_of(shard: &Shard) -> Parcel {
    Parcel { wrapped_key_share: shard.parcel().wrapped_key_share.clone(), ..Parcel::default() }
}

#[test]
fn r24_encrypted_parts_of_another_index_or_key_are_refused() {
    let scene = Scene::new(Curve::Ed25519);
    let one = scene.shard(1);
    // The same person holds the other share, so that it opens.
    let mut both = Scene::new(Curve::Ed25519);
    both.set.people[1] = PersonIdentity::new(official(2), copy(both.set.person(1).age()));
    let (first, second) = (both.set.export(&both.key, 1), both.shard(2));
    let refused = both.with(1, &first, share_of(&second)).unwrap_err();
    assert!(matches!(&refused, ShardError::Exporter(name) if *name == official(2)), "{refused}");
    // Another key of the same people and nodes.
    let other = scene.set.key(Curve::Ed25519, 2, 3);
    let refused = scene.with(1, &one, share_of(&scene.set.export(&other, 1))).unwrap_err();
    assert!(matches!(refused, ShardError::Share(KeyShareError::OtherCard)), "{refused}");
    // Aux in place of a share, and the other way round.
    let scene = Scene::new(Curve::Secp256k1);
    let shard = scene.shard(1);
    let Parcel { wrapped_key_share, wrapped_aux, aux_table } = shard.parcel().clone();
    let swapped = Parcel { wrapped_key_share: wrapped_aux, wrapped_aux: wrapped_key_share, aux_table };
    let refused = scene.with(1, &shard, swapped).unwrap_err();
    assert!(matches!(refused, ShardError::Share(KeyShareError::Core(_))), "{refused}");
}

#[test]
fn r24_a_swapped_index_is_refused() {
    let scene = Scene::new(Curve::Ed25519);
    let header = Header { index: 2, ..scene.shard(1).header().clone() };
    let parcel = scene.shard(1).parcel().clone();
    let moved = Shard::new(&scene.set.chain, scene.key.card.clone(), None, header, parcel).unwrap();
    let refused = scene.judge(moved.bytes(), scene.set.person(1)).unwrap_err();
    assert!(matches!(refused, ShardError::Exporter(name) if name == official(1)));
    // The right node says it, about the wrong share.
    let foreign = scene.set.exported(scene.set.share_core(&scene.key, 2), &scene.key, 1).seal().unwrap();
    let parcel = Parcel { wrapped_key_share: Some(foreign), ..Parcel::default() };
    let refused = scene.with(1, &scene.shard(1), parcel).unwrap_err();
    assert!(matches!(refused, ShardError::Share(KeyShareError::Core(_))), "{refused}");
}

#[test]
fn r24_aux_of_another_holder_key_or_table_is_refused() {
    let scene = Scene::new(Curve::P256);
    let (shard, key) = (scene.shard(1), &scene.key);
    let table = shard.parcel().aux_table.clone().unwrap();
    let with = |table: &crate::paillier::AuxTable, core| {
        let wrapped_aux = Some(scene.set.exported(core, key, 1).seal().unwrap());
        let aux_table = Some(table.clone());
        scene.with(1, &shard, Parcel { aux_table, wrapped_aux, ..shard.parcel().clone() })
    };
    let refused = with(&table, scene.set.aux_core(&table.table, 2)).unwrap_err();
    assert!(matches!(refused, ShardError::ForeignAux), "{refused}");
    let renewed = scene.set.table(key).unwrap();
    let refused = with(&table, scene.set.aux_core(&renewed.table, 1)).unwrap_err();
    assert!(matches!(refused, ShardError::Aux(AuxError::OtherTable)), "{refused}");
    with(&renewed, scene.set.aux_core(&renewed.table, 1)).unwrap();
    let of_another = scene.set.table(&scene.set.key(Curve::P256, 2, 3)).unwrap();
    let refused = with(&of_another, scene.set.aux_core(&of_another.table, 1)).unwrap_err();
    assert!(matches!(refused, ShardError::ForeignTable), "{refused}");
    let mut unsigned = table.clone();
    unsigned.signatures[0] = unsigned.signatures[1];
    assert!(matches!(with(&unsigned, scene.set.aux_core(&table.table, 1)), Err(ShardError::ForeignTable)));
    // A curve that needs none has none.
    let eddsa = Scene::new(Curve::Ed25519);
    let parcel = Parcel { wrapped_key_share: None, ..shard.parcel().clone() };
    let header = eddsa.shard(1).header().clone();
    let refused = Shard::new(&eddsa.set.chain, eddsa.key.card.clone(), None, header, parcel).unwrap_err();
    assert!(matches!(refused, ShardError::ForeignTable), "{refused}");
}

#[test]
fn r28_a_rewrapped_shard_opens_for_the_new_holder_only() {
    for curve in [Curve::Ed25519, Curve::P384] {
        let scene = Scene::new(curve);
        let (shard, zoe) = (scene.shard(1), person("Zoe"));
        let again = rewrapped(&shard, &scene.set.chain, scene.set.person(1), &zoe);
        let open = scene.judge(again.bytes(), &zoe).unwrap();
        let last = open.payloads().map(|payload| payload.last().unwrap().clone()).collect::<Vec<_>>();
        assert!(last.iter().all(|wrap| (wrap.serial, wrap.kind) == (1, WrapKind::Rewrap)));
        assert!(scene.judge(again.bytes(), scene.set.person(1)).is_err());
        assert_ne!(again.file_name(), shard.file_name());
        // Zoe is nobody's custodian yet, so her wrap says nothing; once she is, it does.
        let mut scene = scene;
        let yan = person("Yan");
        let third = rewrapped(&again, &scene.set.chain, &zoe, &yan);
        let refused = scene.judge(third.bytes(), &yan).unwrap_err();
        assert!(matches!(&refused, ShardError::Stranger(name) if name.as_str() == "Zoe"), "{refused}");
        scene.set.succeed(1, zoe);
        let open = scene.judge(third.bytes(), &yan).unwrap();
        assert_eq!(open.payloads().next().unwrap().last().unwrap().serial, 2);
        // Of old shards nothing changes: whoever held this index may still read them.
        assert!(scene.judge(shard.bytes(), scene.set.person(1)).is_err(), "not hers to open");
    }
}

/// A shard wrapped for Zoe, with one thing about the wrap changed before it is signed by `signer`.
fn forged(scene: &Scene, signer: &PersonIdentity, change: impl Fn(&mut Wrap)) -> ShardError {
    let zoe = person("Zoe");
    let shard = scene.shard(1);
    let open = shard.open(scene.set.person(1), &scene.set.chain).unwrap();
    let wrap = |last: &Wrap| {
        let mut wrap = Wrap {
            kind: WrapKind::Rewrap,
            holder: zoe.name().clone(),
            recipient: zoe.recipient(),
            signer: scene.set.person(1).name().clone(),
            ..last.clone()
        };
        change(&mut wrap);
        wrap
    };
    let sealed = open.share.unwrap().payload.rewrapped(wrap, signer.approval()).unwrap();
    // Sealed to Zoe, whatever the wrap says.
    let plain = sealed_plain(&sealed);
    let blob = age_file::encrypt(&zoe.recipient(), &plain).unwrap();
    let reader = Reader::Custodian(zoe.name());
    scene.place(1).open_share(zoe.age(), &blob, reader).unwrap_err()
}

fn sealed_plain(payload: &Payload) -> Vec<u8> {
    payload.to_bytes().unwrap().to_vec()
}

#[test]
fn r23_wraps_by_strangers_or_with_false_particulars_are_refused() {
    let scene = Scene::new(Curve::Ed25519);
    let me = scene.set.person(1);
    let refused = forged(&scene, scene.set.person(2), |_| ());
    assert!(matches!(refused, ShardError::WrapSignature(name) if name == *me.name()));
    let refused =
        forged(&scene, scene.set.person(2), |wrap| wrap.signer = scene.set.person(2).name().clone());
    assert!(matches!(refused, ShardError::Stranger(name) if name == *scene.set.person(2).name()));
    let refused = forged(&scene, me, |wrap| wrap.holder = scene.set.person(3).name().clone());
    assert!(matches!(refused, ShardError::Holder { .. }), "{refused}");
    let refused = forged(&scene, me, |wrap| wrap.recipient = scene.set.person(3).recipient());
    assert!(matches!(refused, ShardError::Recipient), "{refused}");
    let refused = forged(&scene, me, |wrap| wrap.kind = WrapKind::Export);
    assert!(matches!(refused, ShardError::Order(_)), "{refused}");
    let refused = forged(&scene, me, |wrap| {
        (wrap.kind, wrap.op_id, wrap.not_after) =
            (WrapKind::Import, Some(HexArray([7; 16])), Some(Time::now()));
        wrap.genesis_hash = Some(Hash::ZERO);
    });
    assert!(matches!(refused, ShardError::Kind { given: "an import", .. }), "{refused}");
    let particulars: [fn(&mut Wrap); 4] = [
        |wrap| wrap.op_id = Some(HexArray([7; 16])),
        |wrap| wrap.not_after = Some(Time::now()),
        |wrap| wrap.request_hash = Some(Hash::ZERO),
        |wrap| wrap.kind = WrapKind::Grant,
    ];
    for change in particulars {
        let refused = forged(&scene, me, change);
        assert!(matches!(refused, ShardError::Particulars(_)), "{refused}");
    }
}

#[test]
fn r23_an_export_is_signed_by_a_node_that_held_the_index() {
    let scene = Scene::new(Curve::Ed25519);
    let me = scene.set.person(1);
    let exported = |signer: &crate::ids::Name, key: &crate::signing_key::SigningKey| {
        let wrap = |core_hash| Wrap {
            version: 1,
            core_hash,
            export_op_id: HexArray([1; 16]),
            kind: WrapKind::Export,
            holder: me.name().clone(),
            recipient: me.recipient(),
            signer: signer.clone(),
            serial: 0,
            made_at: then(),
            op_id: None,
            request_hash: None,
            not_after: None,
            genesis_hash: None,
        };
        let payload = Payload::exported(scene.set.share_core(&scene.key, 1), wrap, key).unwrap();
        let reader = Reader::Custodian(me.name());
        scene.place(1).open_share(me.age(), &payload.seal().unwrap(), reader)
    };
    exported(&official(1), scene.set.node(1).signing()).unwrap();
    let refused = exported(&official(1), scene.set.node(2).signing()).unwrap_err();
    assert!(matches!(refused, ShardError::WrapSignature(_)), "{refused}");
    let refused = exported(&official(2), scene.set.node(2).signing()).unwrap_err();
    assert!(matches!(refused, ShardError::Exporter(_)), "{refused}");
    let refused = exported(me.name(), me.approval()).unwrap_err();
    assert!(matches!(refused, ShardError::Exporter(_)), "{refused}");
}

#[test]
fn r23_the_node_in_place_of_another_exports_the_same_core() {
    let mut scene = Scene::new(Curve::Ed25519);
    let before = scene.shard(3);
    scene.set.replace_node(3, 4);
    scene.judge(before.bytes(), scene.set.person(3)).unwrap();
    let person = scene.set.person(3);
    let core = scene.set.share_core(&scene.key, 3);
    let wrap = |core_hash| {
        let mut wrap =
            before.open(person, &scene.set.chain).unwrap().payloads().next().unwrap().last().unwrap().clone();
        (wrap.core_hash, wrap.signer) = (core_hash, official(4));
        wrap
    };
    let payload = Payload::exported(core, wrap, scene.set.node(4).signing()).unwrap();
    let parcel = Parcel { wrapped_key_share: Some(payload.seal().unwrap()), ..Parcel::default() };
    let header = Header { server: official(4), ..before.header().clone() };
    let after = Shard::new(&scene.set.chain, scene.key.card.clone(), None, header, parcel).unwrap();
    scene.judge(after.bytes(), person).unwrap();
    let place = scene.place(3);
    place.check_holder(&official(4)).unwrap();
    let refused = place.check_holder(&official(3)).unwrap_err();
    assert!(matches!(refused, ShardError::Misplaced { index: 3, .. }), "{refused}");
}

fn copy(identity: &Identity) -> Identity {
    Identity::from_secret(crate::secret::Secret::from_slice(identity.secret().expose()).unwrap())
}
