//! Damage, by chance or on purpose.

use super::*;

/// One flipped bit in each byte; `judge` must refuse all of them.
fn flip(what: &str, bytes: &[u8], step: usize, judge: impl Fn(&[u8]) -> Result<OpenShard, ShardError>) {
    judge(bytes).unwrap();
    for at in (0..bytes.len()).step_by(step) {
        let mut bad = bytes.to_vec();
        bad[at] ^= 1 << (at % 3);
        let around = String::from_utf8_lossy(&bytes[at.saturating_sub(30)..at + 1]).into_owned();
        assert!(judge(&bad).is_err(), "{what}: byte {at}, after {around}");
    }
    for len in (0..bytes.len()).step_by(step) {
        assert!(judge(&bytes[..len]).is_err(), "{what}: cut to {len}");
    }
    assert!(judge(&bytes[..bytes.len() - 1]).is_err(), "{what}: without its line end");
    assert!(judge(&[bytes, b"\n"].concat()).is_err(), "{what}: with another line end");
    assert!(judge(&[bytes, bytes].concat()).is_err(), "{what}: twice");
}

#[test]
fn r51_every_flipped_byte_and_every_cut_of_a_shard_is_refused() {
    let scene = Scene::new(Curve::Ed25519);
    flip("shard", scene.shard(1).bytes(), 1, |bytes| scene.judge(bytes, scene.set.person(1)));
    let again = rewrapped(&scene.shard(2), &scene.set.chain, scene.set.person(2), &person("Zoe"));
    assert!(scene.judge(again.bytes(), scene.set.person(2)).is_err());
    flip_with_aux(13);
}

#[test]
#[ignore = "minutes; .ci/run runs it"]
fn r51_every_flipped_byte_and_every_cut_of_what_has_aux_is_refused() {
    flip_with_aux(1);
}

fn flip_with_aux(step: usize) {
    let scene = Scene::new(Curve::Secp256k1);
    flip("with aux", scene.shard(1).bytes(), step, |bytes| scene.judge(bytes, scene.set.person(1)));
    let aux = scene.set.export_aux(&scene.key, 1);
    flip("aux", aux.bytes(), step, |bytes| scene.judge(bytes, scene.set.person(1)));
    let scene = Scene::new(Curve::P256);
    let import = nodes::import(&scene).to_bytes().unwrap();
    flip("import with aux", &import, step, |bytes| nodes::take(&scene, bytes));
}

#[test]
fn r51_every_flipped_byte_of_an_import_or_a_grant_is_refused() {
    let scene = Scene::new(Curve::Ed25519);
    let import = nodes::import(&scene).to_bytes().unwrap();
    flip("import", &import, 1, |bytes| nodes::take(&scene, bytes));
    let (grant, one_time, wanted) = nodes::grant(&scene);
    let open = |bytes: &[u8]| {
        let place = (&scene.set.chain, &scene.key.card);
        DirtyGrant::parse(bytes)?.open(&one_time, place, &wanted.of(&official(1)))
    };
    flip("grant", &grant.to_bytes().unwrap(), 1, open);
}

/// The outside is canonical, so only the encrypted parts could be spelled otherwise.
#[test]
fn r51_armor_has_one_spelling() {
    let scene = Scene::new(Curve::Ed25519);
    let shard = scene.shard(1);
    let armor = shard.parcel().wrapped_key_share.clone().unwrap();
    let lines: Vec<&str> = armor.lines().collect();
    let body = lines[1..lines.len() - 1].concat();
    let narrow: Vec<String> = body.as_bytes().chunks(60).map(|l| String::from_utf8_lossy(l).into()).collect();
    let variants = [
        ("CRLF", armor.replace('\n', "\r\n")),
        ("no line end", armor.trim_end().to_owned()),
        ("two line ends", format!("{armor}\n")),
        ("a space at the end", format!("{armor} ")),
        ("a space before", format!(" {armor}")),
        ("spaces at line ends", armor.replace('\n', " \n")),
        ("shorter lines", format!("{}\n{}\n{}\n", lines[0], narrow.join("\n"), lines[lines.len() - 1])),
        ("one line", format!("{}\n{body}\n{}\n", lines[0], lines[lines.len() - 1])),
        ("lower-case markers", armor.replace("BEGIN AGE", "begin age").replace("END AGE", "end age")),
        ("twice", format!("{armor}{armor}")),
        ("words after it", format!("{armor}and more\n")),
        ("nothing", String::new()),
    ];
    for (what, variant) in variants {
        let parcel = Parcel { wrapped_key_share: Some(variant.clone()), ..shard.parcel().clone() };
        assert!(matches!(scene.with(1, &shard, parcel), Err(ShardError::Armor)), "{what}");
        let direct = scene.place(1).open_share(
            scene.set.person(1).age(),
            &variant,
            Reader::Custodian(scene.set.person(1).name()),
        );
        assert!(matches!(direct, Err(ShardError::Armor)), "{what}");
    }
    let long = "A".repeat(FILE_CAP + 1);
    assert!(DirtyShard::parse(long.as_bytes()).is_err());
}

/// Age is right and the recipient is right; what is inside was not written by this program.
#[test]
fn r51_what_is_decrypted_is_canonical_too() {
    let scene = Scene::new(Curve::Ed25519);
    let (shard, me) = (scene.shard(1), scene.set.person(1));
    let armor = shard.parcel().wrapped_key_share.clone().unwrap();
    let plain = age_file::decrypt(me.age(), armor.as_bytes()).unwrap();
    let again = |bytes: &[u8]| {
        let blob = age_file::encrypt(&me.recipient(), bytes).unwrap();
        let parcel = Parcel { wrapped_key_share: Some(blob), ..shard.parcel().clone() };
        scene.with(1, &shard, parcel)
    };
    again(plain.expose()).unwrap();
    for (at, byte) in plain.expose().iter().enumerate() {
        let mut bad = plain.expose().to_vec();
        bad[at] = byte ^ 1;
        assert!(again(&bad).is_err(), "byte {at}");
    }
    for len in 0..plain.expose().len() {
        assert!(again(&plain.expose()[..len]).is_err(), "cut to {len}");
    }
    let payload = |refused| matches!(refused, Err(ShardError::Payload(_)));
    assert!(payload(again(&[plain.expose(), b"\n"].concat())));
    assert!(payload(again(&edited(plain.expose(), "\"wraps\"", " \"wraps\""))));
    assert!(payload(again(&edited(plain.expose(), "\"wraps\"", "\"note\":1,\"wraps\""))));
    assert!(payload(again(b"{\"core\":\"\",\"wraps\":[]}")));
    assert!(payload(again(&vec![b' '; SHARE_CAP + 1])));
    let refused = again(b"AGE-SECRET-KEY-LOOKALIKE").unwrap_err().to_string();
    assert!(!refused.contains("LOOKALIKE"), "{refused}");
}

#[test]
fn r23_a_table_that_few_have_signed_is_nobody_s() {
    let scene = Scene::new(Curve::Secp256k1);
    let mut table = scene.shard(1).parcel().aux_table.clone().unwrap();
    scene.place(1).check_table(&table).unwrap();
    table.table.rows.clear();
    table.signatures.clear();
    assert!(matches!(scene.place(1).check_table(&table), Err(ShardError::ForeignTable)));
}

/// The decoder takes the one spelling of the core that the encoder writes.
#[test]
fn r55_the_core_has_one_spelling() {
    let scene = Scene::new(Curve::Ed25519);
    let (shard, me) = (scene.shard(1), scene.set.person(1));
    let armor = shard.parcel().wrapped_key_share.clone().unwrap();
    let plain = age_file::decrypt(me.age(), armor.as_bytes()).unwrap();
    let text = std::str::from_utf8(plain.expose()).unwrap();
    let core = text.strip_prefix("{\"core\":\"").unwrap().split('"').next().unwrap();
    let open = |core_text: &str| {
        let blob = age_file::encrypt(&me.recipient(), text.replacen(core, core_text, 1).as_bytes()).unwrap();
        Payload::open(me.age(), &blob)
    };
    open(core).unwrap();
    let bare = core.trim_end_matches('=');
    let spellings = [
        bare.to_owned() + &"=".repeat(3),
        format!("{core}===="),
        format!(" {core}"),
        core.replacen(|c: char| c.is_ascii_alphabetic(), "-", 1),
        core.replacen(|c: char| c.is_ascii_alphabetic(), "\\u0041", 1),
        format!("{}\\n{}", &core[..4], &core[4..]),
    ];
    for spelling in spellings {
        assert!(matches!(open(&spelling), Err(ShardError::Payload(_))), "{spelling}");
    }
}

#[test]
fn r24_the_outside_must_say_what_the_inside_says() {
    let scene = Scene::new(Curve::Ed25519);
    let shard = scene.shard(1);
    let me = scene.set.person(1);
    let id = scene.key.card.body().key_id.to_string();
    let other = crate::ids::KeyId::random(&mut OsRng).to_string();
    let bytes = shard.bytes();
    let recipient = format!("\"recipient\":\"{}\"", me.recipient());
    let outside = [
        ("custodian", edited(bytes, "\"custodian\":\"A\"", "\"custodian\":\"B\"")),
        ("server", edited(bytes, "\"server\":\"OFFICIAL_1\"", "\"server\":\"OFFICIAL_2\"")),
        (
            "exportedAt",
            edited(
                bytes,
                "\"exportedAt\":\"2026-11-20T09:44:00Z\"",
                "\"exportedAt\":\"2026-11-20T09:44:01Z\"",
            ),
        ),
        (
            "recipient",
            edited(
                bytes,
                &recipient,
                &recipient.replace(&me.recipient().to_string(), &scene.set.person(2).recipient().to_string()),
            ),
        ),
        ("index", edited(bytes, "\"index\":1", "\"index\":4")),
        ("index", edited(bytes, "\"index\":1", "\"index\":0")),
    ];
    for (field, bad) in outside {
        let refused = scene.judge(&bad, me).unwrap_err();
        assert!(matches!(refused, ShardError::Header(given) if given == field), "{field}: {refused}");
    }
    // These stand in the card as well; the outer one comes last.
    let last = |from: &str, to: &str| {
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        let at = text.rfind(from).unwrap();
        [&text[..at], to, &text[at + from.len()..]].concat().into_bytes()
    };
    let key = shard.card().body().root_public_key().unwrap().to_string();
    let twice = [
        ("participants", last("\"participants\":3", "\"participants\":4")),
        ("threshold", last("\"threshold\":2", "\"threshold\":3")),
        ("keyId", last(&id, &other)),
        ("rootPublicKey", last(&key, &key.replace(&key[..2], "00"))),
        ("epoch", edited(bytes, "\"epoch\":0,\"exportedAt\"", "\"epoch\":1,\"exportedAt\"")),
        ("curve", edited(bytes, "\"curve\":\"ED25519\",\"custodian\"", "\"curve\":\"P256\",\"custodian\"")),
    ];
    for (field, bad) in twice {
        let refused = DirtyShard::parse(&bad).unwrap().check(&scene.set.chain).unwrap_err();
        assert!(matches!(refused, ShardError::Header(given) if given == field), "{field}: {refused}");
    }
    let strange = edited(bytes, "\"custodian\":\"A\"", "\"comment\":\"A\",\"custodian\":\"A\"");
    assert!(matches!(DirtyShard::parse(&strange), Err(ShardError::Form { .. })));
}

#[test]
fn r8_r22_cards_that_do_not_hold_are_refused() {
    let scene = Scene::new(Curve::Ed25519);
    let shard = scene.shard(1);
    let mut dirty: serde_json::Value = serde_json::from_slice(shard.bytes()).unwrap();
    let signatures = dirty["keyCard"]["signatures"].as_array_mut().unwrap();
    signatures[2] = signatures[1].clone();
    let unsigned = file::line_of("shard", &dirty).unwrap();
    let refused = scene.judge(&unsigned, scene.set.person(1)).unwrap_err();
    let Share(KeyShareError::NodeSignature(name)) = refused else { panic!("{refused}") };
    assert_eq!(name, official(3));
    dirty["keyCard"]["signatures"].as_array_mut().unwrap().pop();
    let short = file::line_of("shard", &dirty).unwrap();
    let refused = scene.judge(&short, scene.set.person(1)).unwrap_err();
    assert!(matches!(refused, Share(KeyShareError::Length { what: "signatures" })), "{refused}");
    // A reader who pinned another set, or an older version of this one.
    let stranger = Set::new(3);
    let refused = DirtyShard::parse(shard.bytes()).unwrap().check(&stranger.chain).unwrap_err();
    assert!(matches!(refused, Share(KeyShareError::Genesis)), "{refused}");
    let older = Chain::check(&scene.set.versions[..1]).unwrap();
    let refused = DirtyShard::parse(shard.bytes()).unwrap().check(&older).unwrap_err();
    assert!(matches!(refused, Share(KeyShareError::Genesis)), "{refused}");
}

use ShardError::Share;
