//! Shares leave nodes that are killed, and come back: no index is ever without a copy, and what is gone is gone.

use std::{
    fs,
    path::{Path, PathBuf},
};

use quorate::{
    ceremony::{
        CeremonyError,
        custody::{ShardFile, rewrap},
        export, import,
        journal::{Kind, Open},
        keys, people,
        workspace::Workspace,
    },
    cli::error::ExitKind,
    codec,
    curve::Curve,
    genesis::PersonEntry,
    identity::PersonIdentity,
    ids::{KeyId, Time},
    node::KeyRecord,
    policy::Role,
    shard::DirtyImport,
    store::{BlobKind, Table},
};
use rand_core::OsRng;

use crate::{
    cli_people::doctor,
    node_leak::{Needles, canaries, files, image, opened, opened_anywhere},
    node_stage::{Death, Stage, dies, exit, name, relay},
};

/// A home of three nodes with their custodians.
pub struct Crew {
    pub stage: Stage,
    pub people: Vec<PersonIdentity>,
}

impl Crew {
    pub fn new() -> Self {
        let stage = Stage::new(3);
        let mut people = Vec::new();
        for (i, who) in (1..).zip(["A", "B", "C"]) {
            let person = PersonIdentity::random(who.parse().unwrap(), &mut OsRng);
            enrol(&mut stage.open(), &person, i);
            people.push(person);
        }
        Self { stage, people }
    }

    pub fn person(&self, i: u16) -> &PersonIdentity {
        &self.people[usize::from(i) - 1]
    }

    fn out(&self) -> PathBuf {
        self.stage.beside("out")
    }

    /// Everything leaves, at once.
    pub fn export(&self, workspace: &mut Workspace, key: &KeyId) -> Result<(), CeremonyError> {
        let wanted = export::Wanted {
            key_id: *key,
            servers: Vec::new(),
            delete: true,
            aux_only: false,
            out_dir: self.out(),
        };
        let settle = |workspace: &mut Workspace, node: &mut _, exported| {
            export::settle_here(workspace, node, exported, &self.people, None)
        };
        export::run(workspace, &wanted, settle).map(drop)
    }

    /// Shards of an index that its custodian can open.
    pub fn shards(&self, key: &KeyId, i: u16) -> Vec<ShardFile> {
        let Ok(entries) = fs::read_dir(self.out()) else { return Vec::new() };
        let workspace = self.stage.open();
        let chain = workspace.chain().unwrap();
        let mut found = Vec::new();
        for entry in entries {
            let path = entry.unwrap().path();
            let text = path.file_name().unwrap().to_str().unwrap().to_owned();
            if text.contains(&format!("{key}-i{i}-")) && text.ends_with(".shard.json") {
                let shard = ShardFile::read(&path, chain).unwrap();
                assert!(shard.open(self.person(i), chain).unwrap().share.is_some());
                found.push(shard);
            }
        }
        found
    }

    /// Whether a node holds the share.
    fn resident(&self, key: &KeyId, i: u16) -> bool {
        let shown = keys::show(&self.stage.open(), key).unwrap();
        shown.servers[usize::from(i) - 1].resident.share
    }

    /// An import of this shard for its node.
    pub fn import(&self, shard: &ShardFile, i: u16) -> DirtyImport {
        let end = Time::now().plus_seconds(600);
        rewrap::for_node(shard, self.person(i), &name(i), end, &mut self.stage.open()).unwrap()
    }
}

pub fn enrol(workspace: &mut Workspace, person: &PersonIdentity, i: u16) {
    let entry = PersonEntry {
        name: person.name().clone(),
        roles: vec![Role::Custodian],
        server: Some(name(i)),
        card: person.card(Time::now(), None).unwrap(),
    };
    assert!(people::add(workspace, entry).unwrap());
}

#[test]
fn r21_r26_a_node_killed_while_its_share_leaves_never_loses_the_last_copy() {
    let crew = Crew::new();
    let stage = &crew.stage;
    let mut ended = false;
    for at in 0.. {
        for after in [false, true] {
            let victim = u16::try_from(at % 3).unwrap() + 1;
            let key = stage.key(Curve::Ed25519, 2);
            let death = Death { victim, at: at / 3, after };
            let (plan, died) = dies(death);
            let result = crew.export(&mut stage.open_with(plan), &key);
            if !*died.lock().unwrap() {
                result.unwrap();
                ended = true;
                break;
            }
            assert_eq!(exit(result.unwrap_err()), ExitKind::Unreachable, "{death:?}");
            for i in 1..=3 {
                let copies = usize::from(crew.resident(&key, i)) + crew.shards(&key, i).len();
                assert!(copies > 0, "{death:?}: index {i} is lost");
            }
            crew.export(&mut stage.open(), &key).unwrap();
            for i in 1..=3 {
                assert!(!crew.resident(&key, i) && !crew.shards(&key, i).is_empty(), "{death:?}: {i}");
            }
        }
        if ended {
            assert!(at >= 6, "{at}");
            break;
        }
    }
    for i in 1..=3 {
        assert!(stage.store(i).blob_ids(BlobKind::Share).unwrap().is_empty());
    }
}

#[test]
fn r26_a_node_killed_while_a_share_comes_back_takes_it_once() {
    let crew = Crew::new();
    let stage = &crew.stage;
    for curve in [Curve::Ed25519, Curve::Secp256k1] {
        let key = stage.key(curve, 2);
        crew.export(&mut stage.open(), &key).unwrap();
        let shard = crew.shards(&key, 1).remove(0);
        for at in 0.. {
            for after in [false, true] {
                let import = crew.import(&shard, 1);
                let (plan, died) = dies(Death { victim: 1, at, after });
                let result = import::run(
                    &mut stage.open_with(plan),
                    import.clone(),
                    Path::new("import"),
                    &name(1),
                    None,
                );
                if !*died.lock().unwrap() {
                    result.unwrap();
                    assert!(at > 0);
                } else {
                    assert!(result.is_err());
                    assert!(doctor(stage, false).is_empty(), "the run settled it: {at} {after}");
                }
                let again =
                    import::run(&mut stage.open(), import, Path::new("import"), &name(1), None).unwrap();
                assert_eq!(again.statement.statement.shares, 1);
                assert_eq!(again.statement.statement.aux, u16::from(curve == Curve::Secp256k1));
                assert!(doctor(stage, false).is_empty());
                crew.export(&mut stage.open(), &key).unwrap();
                assert!(!crew.resident(&key, 1));
            }
            if at > 1 {
                break;
            }
        }
    }
}

#[test]
fn r26_doctor_settles_an_import_that_was_cut() {
    let crew = Crew::new();
    let stage = &crew.stage;
    let key = stage.key(Curve::Ed25519, 2);
    crew.export(&mut stage.open(), &key).unwrap();
    let import = crew.import(&crew.shards(&key, 1).remove(0), 1);
    // What a killed run leaves, before and after the node took the share.
    let open = || Open { servers: vec![name(1)], ..Open::of_run(Kind::Import, Some(key)) };
    let said = |stage: &Stage| {
        let log = stage.open().log_tail(usize::MAX).unwrap();
        log.iter().filter(|line| String::from_utf8_lossy(line).contains("SHARE_IMPORTED")).count()
    };
    for held in [false, true] {
        if held {
            import::run(&mut stage.open(), import.clone(), Path::new("import"), &name(1), None).unwrap();
        }
        let before = said(stage);
        stage.open().journal().begin(&open()).unwrap();
        assert_eq!(doctor(stage, false), ["import"]);
        assert_eq!(doctor(stage, true), ["import"]);
        assert!(doctor(stage, false).is_empty());
        assert_eq!(said(stage), before + usize::from(held), "the log has what was found");
        assert_eq!(crew.resident(&key, 1), held);
    }
    // The import that is given again settles the one before, too.
    crew.export(&mut stage.open(), &key).unwrap();
    stage.open().journal().begin(&open()).unwrap();
    let import = crew.import(&crew.shards(&key, 1).pop().unwrap(), 1);
    import::run(&mut stage.open(), import, Path::new("import"), &name(1), None).unwrap();
    assert!(doctor(stage, false).is_empty());
}

/// The raw files, the seal key, every name that a slot ever had: nothing opens (R27), and no plain byte shows.
#[test]
fn r27_after_export_with_delete_nothing_of_a_share_is_on_a_node() {
    let crew = Crew::new();
    let stage = &crew.stage;
    let kept = stage.key(Curve::Ed25519, 2);
    let gone: Vec<KeyId> = [Curve::Ed25519, Curve::Secp256k1].map(|curve| stage.key(curve, 2)).into();
    let secrets = Needles::of(&canaries(stage));
    let before: Vec<_> = (1..=3).map(|i| image(stage, i)).collect();
    for key in &gone {
        crew.export(&mut stage.open(), key).unwrap();
    }
    let blob = |key: &KeyId| [&[1], key.as_bytes().as_slice(), &0u32.to_be_bytes()].concat();
    for (i, old) in (1..).zip(&before) {
        let now = image(stage, i);
        let still = opened(stage, i, &now.slots, &old.owners);
        assert_eq!(still, 2, "node {i}: its own keys and the share of the key that stays");
        assert_eq!(opened(stage, i, &now.slots, &[blob(&kept)]), 1);
        for key in &gone {
            assert_eq!(opened(stage, i, &now.slots, &[blob(key)]), 0);
            assert_eq!(opened_anywhere(stage, i, &[blob(key)]), 0);
        }
        let store = stage.store(i);
        assert!(store.blob_ids(BlobKind::Aux).unwrap().is_empty());
    }
    let mut all = Vec::new();
    files(&stage.home().join("nodes"), &mut all);
    files(&crew.out(), &mut all);
    for path in all {
        let found = secrets.found_in(&fs::read(&path).unwrap());
        assert_eq!(found, Vec::<&str>::new(), "{}", path.display());
    }
    stage.signs(&kept, &[1, 3]);
}

/// The relay tells a node of another custodian, or another node's answer: nothing is deleted.
#[test]
fn r22_a_relay_cannot_send_a_share_to_somebody_else() {
    let crew = Crew::new();
    let stage = &crew.stage;
    let key = stage.key(Curve::Ed25519, 2);
    let thief = PersonIdentity::random("A".parse().unwrap(), &mut OsRng).recipient();
    let swapped = relay(move |_, call, node| match call {
        quorate::node::Call::Export { mut request } => {
            if let quorate::request::Action::Export(params) = &mut request.request.action {
                params.recipient = thief;
            }
            node.handle(quorate::node::Call::Export { request })
        }
        call => node.handle(call),
    });
    let error = crew.export(&mut stage.open_with(swapped), &key).unwrap_err();
    assert!(error.to_string().contains("not that of the custodian"), "{error}");
    assert_eq!(exit(error), ExitKind::Integrity);
    assert!(crew.shards(&key, 1).is_empty() && crew.resident(&key, 1));
    assert_eq!(stage.count(1, "SHARE_EXPORTED"), 0);
}

/// What a node kept of a point decides, whatever the file says (R24): exposed, retired, old epoch, another index.
#[test]
fn r24_a_node_refuses_imports_by_what_it_knows_of_the_point() {
    let crew = Crew::new();
    let stage = &crew.stage;
    let key = stage.key(Curve::Ed25519, 2);
    crew.export(&mut stage.open(), &key).unwrap();
    let shard = crew.shards(&key, 1).remove(0);
    let group = shard.shard.card().body().group_public_key.clone();
    let whole = stage.store(1).get(Table::KeyRecords, &group).unwrap().unwrap();
    type Change = fn(&mut KeyRecord);
    let cases: [(&str, Change); 4] = [
        ("exposed", |record| record.exposed = true),
        ("retired", |record| record.retired = true),
        ("epoch 0; this node takes 1", |record| record.epoch_floor = 1),
        ("held index 2", |record| record.indices.push(2)),
    ];
    for (reason, change) in cases {
        let mut record: KeyRecord = codec::from_json("key record", &whole, codec::JSON_CAP).unwrap();
        change(&mut record);
        let bytes = codec::canonical("key record", &record).unwrap();
        stage.store(1).put(Table::KeyRecords, &group, bytes).unwrap();
        let import = crew.import(&shard, 1);
        let error =
            import::run(&mut stage.open(), import, Path::new("import"), &name(1), None).err().unwrap();
        assert!(error.to_string().contains(reason), "{reason}: {error}");
        assert_eq!(exit(error), ExitKind::Denied, "{reason}");
        assert!(!crew.resident(&key, 1));
    }
    stage.store(1).put(Table::KeyRecords, &group, whole).unwrap();
    // Index 1 for node 2: by its own custodian, and by that of node 2, who has it from A.
    let mut astray = crew.import(&shard, 1);
    astray.node = name(2);
    let error = import::run(&mut stage.open(), astray, Path::new("import"), &name(2), None).err().unwrap();
    assert!(matches!(exit(error), ExitKind::Integrity | ExitKind::Denied));
    assert!(!crew.resident(&key, 2));
    let import = crew.import(&shard, 1);
    import::run(&mut stage.open(), import, Path::new("import"), &name(1), None).unwrap();
    assert!(crew.resident(&key, 1));
}

/// A lock outlives the share: it leaves and comes back, and the culprit stays locked out (R13).
#[test]
fn r13_a_lock_survives_export_and_import() {
    let crew = Crew::new();
    let stage = &crew.stage;
    let key = stage.key(Curve::Ed25519, 2);
    let liar = crate::node_stage::liar(2, crate::quorum_faulty::bad_share);
    let error = crate::node_stage::sign(&mut stage.open_with(liar), &key, &[1, 2]).err().unwrap();
    assert_eq!(crate::node_stage::exit(error), ExitKind::Misbehaved);
    let before = stage.locks(1, &key);
    assert_eq!(before, [name(2)]);
    crew.export(&mut stage.open(), &key).unwrap();
    assert_eq!(stage.locks(1, &key), before);
    for i in 1..=3 {
        let shard = crew.shards(&key, i).remove(0);
        let import = crew.import(&shard, i);
        import::run(&mut stage.open(), import, Path::new("import"), &name(i), None).unwrap();
    }
    assert_eq!(stage.locks(1, &key), before);
    let error = crate::node_stage::sign(&mut stage.open(), &key, &[1, 2]).err().unwrap();
    assert!(error.to_string().contains("does not work with OFFICIAL_2"), "{error}");
    assert_eq!(crate::node_stage::exit(error), ExitKind::Denied);
    stage.signs(&key, &[1, 3]);
}
