//! Stores and logs that were put back, cut, or left apart by a crash.

use quorate::{cli::error::ExitKind, curve::Curve, node::embedded::node_dir, store::Table};

use crate::{
    node_relay::{by_hand, edited, run, unharmed},
    node_stage::{Stage, copy_dir, exit, name, node_error, sign},
};

#[test]
fn r39_a_node_put_back_to_an_older_copy_is_noticed() {
    let stage = Stage::new(3);
    let key = stage.key(Curve::Ed25519, 2);
    let (dir, old) = (node_dir(&stage.home(), &name(1)), stage.beside("old"));
    copy_dir(&dir, &old);
    stage.signs(&key, &[1, 2]);
    stage.signs(&key, &[1, 2]);
    let (newer, kept) = (by_hand(&stage, &key).1, stage.beside("kept"));
    std::fs::rename(&dir, &kept).unwrap();
    copy_dir(&old, &dir);
    let error = run(&stage.open(), &newer, 1).unwrap_err();
    assert!(error.to_string().contains("restored from an old copy"), "{error}");
    assert_eq!(exit(error), ExitKind::Integrity);
    // Not only by an old request: the workspace remembers how far the log went.
    let (error, code) = node_error(sign(&mut stage.open(), &key, &[1, 2]).err().unwrap());
    assert!(error.message.contains("restored from an old copy"), "{error}");
    assert_eq!(code, ExitKind::Integrity);
    std::fs::remove_dir_all(&dir).unwrap();
    std::fs::rename(&kept, &dir).unwrap();
    unharmed(&stage, &key);
}

#[test]
fn r48_a_node_whose_log_was_cut_does_not_open() {
    let stage = Stage::new(3);
    let key = stage.key(Curve::Ed25519, 2);
    let path = node_dir(&stage.home(), &name(1)).join("audit.jsonl");
    let whole = std::fs::read(&path).unwrap();
    let lines: Vec<&[u8]> = whole.split_inclusive(|b| *b == b'\n').collect();
    std::fs::write(&path, lines[..lines.len() - 1].concat()).unwrap();
    let (error, code) = node_error(sign(&mut stage.open(), &key, &[1, 2]).err().unwrap());
    assert!(error.message.contains("cut or replaced"), "{error}");
    assert_eq!(code, ExitKind::Integrity);
    std::fs::write(&path, &whole).unwrap();
    unharmed(&stage, &key);
}

/// A crash may come between the log's line and the store's memory of it, and again the next time.
#[test]
fn r52_crashes_between_log_and_store_lose_nothing_and_a_store_put_back_is_noticed() {
    let stage = Stage::new(3);
    let key = stage.key(Curve::Ed25519, 2);
    let head = || stage.store(1).get(Table::Log, b"head").unwrap().unwrap();
    let one_line = || {
        let result = sign(&mut stage.open_with(edited(true, |_, attempt| *attempt = 0)), &key, &[1, 2]);
        assert_eq!(exit(result.err().unwrap()), ExitKind::Denied);
    };
    let old = head();
    for _ in 0..3 {
        let before = head();
        one_line();
        stage.store(1).put(Table::Log, b"head", before).unwrap();
        stage.open().nodes(&[name(1)]).unwrap();
    }
    stage.signs(&key, &[1, 2]);
    stage.store(1).put(Table::Log, b"head", old).unwrap();
    let (error, code) = node_error(sign(&mut stage.open(), &key, &[1, 2]).err().unwrap());
    assert!(error.message.contains("put back from a copy"), "{error}");
    assert_eq!(code, ExitKind::Integrity);
}
