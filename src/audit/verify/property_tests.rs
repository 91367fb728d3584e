//! Whatever is done to a log of 10,000 entries is found out (R48).

use std::sync::LazyLock;

use proptest::prelude::*;

use super::{
    GivenHead, Kind, Outside, Report,
    stage::{Stage, Writer, text},
    verify,
};
use crate::{
    audit::{
        SignedEntry,
        bundle::{Bundle, Lines},
    },
    digest::Hash,
    ids::Name,
};

const ENTRIES: u64 = 10_000;

/// An honest bundle, and the heads that were written down at its end.
struct Honest {
    stage: Stage,
    outside: Outside,
}

/// N1 is in every signature, and its log has the entries; N2 and N3 see it in turn.
static LARGE: LazyLock<Honest> = LazyLock::new(|| honest(ENTRIES));
static SMALL: LazyLock<Honest> = LazyLock::new(|| honest(60));

fn honest(entries: u64) -> Honest {
    let mut stage = Stage::new();
    stage.export();
    for i in 0.. {
        stage.sign(1 + i % 2);
        if stage.nodes[0].head.counter >= entries {
            break;
        }
    }
    let given = |log: &Writer| GivenHead {
        log: log.name.clone(),
        counter: log.head.counter,
        hash: log.head.hash.to_string(),
    };
    let heads = stage.logs().map(given).collect();
    Honest { outside: Outside { heads, ..Outside::default() }, stage }
}

/// What is done, at a place between 0 and 1.
#[derive(Clone, Copy, Debug)]
enum Tamper {
    Flip { bit: u8, byte: f64 },
    Drop,
    Swap,
    Repeat,
    Truncate,
    Fork,
}

fn tampers() -> impl Strategy<Value = Tamper> {
    prop_oneof![
        3 => (0u8..8, 0.0..1.0).prop_map(|(bit, byte)| Tamper::Flip { bit, byte }),
        1 => Just(Tamper::Drop),
        1 => Just(Tamper::Swap),
        1 => Just(Tamper::Repeat),
        1 => Just(Tamper::Truncate),
        1 => Just(Tamper::Fork),
    ]
}

fn part(of: usize, place: f64) -> usize {
    ((of as f64 * place) as usize).min(of - 1)
}

/// Tampers with one log's lines; gives the entries that may be named as the first bad one.
fn tamper(log: &Writer, lines: &mut Vec<Vec<u8>>, how: Tamper, place: f64) -> (u64, u64) {
    let at = part(lines.len(), place);
    let entry = at as u64 + 1;
    match how {
        Tamper::Flip { bit, byte } => {
            let byte = part(lines[at].len(), byte);
            lines[at][byte] ^= 1 << bit;
        }
        Tamper::Drop => drop(lines.remove(at)),
        Tamper::Swap => {
            let at = at.min(lines.len() - 2);
            lines.swap(at, at + 1);
            return (at as u64 + 1, at as u64 + 1);
        }
        Tamper::Repeat => {
            lines.insert(at, lines[at].clone());
            return (entry + 1, entry + 1);
        }
        Tamper::Truncate => lines.truncate(at),
        Tamper::Fork => {
            let mut before = Hash::ZERO;
            for (number, line) in lines.iter_mut().enumerate() {
                let mut signed = SignedEntry::parse(line).unwrap();
                if number >= at {
                    signed.entry.previous = before;
                    signed.entry.detail.insert("note".into(), "another history".into());
                    signed.signature = log.key.sign(&Hash::of("audit-entry", &signed.entry).unwrap());
                    *line = signed.line().unwrap();
                }
                before = Hash::of("audit-entry", &signed.entry).unwrap();
            }
            return (entry, u64::MAX);
        }
    }
    (entry, entry)
}

fn report(honest: &Honest, outside: &Outside, name: &Name, lines: &[Vec<u8>]) -> Report {
    let bytes = honest.stage.bytes();
    let mut bundle = Bundle::parse(&bytes).unwrap();
    let log = bundle.logs.iter_mut().find(|log| log.name == *name).unwrap();
    let text = text(lines);
    log.lines = Lines::of(&text);
    let bytes = bundle.to_bytes(bundle.created_at.unwrap()).unwrap();
    verify(&Bundle::parse(&bytes).unwrap(), outside)
}

fn check(honest: &Honest, log: usize, how: Tamper, place: f64) {
    check_with(honest, &honest.outside, log, how, place);
}

fn check_with(honest: &Honest, outside: &Outside, log: usize, how: Tamper, place: f64) {
    let log = honest.stage.logs().nth(log).unwrap();
    let mut lines = log.lines.clone();
    let (first, last) = tamper(log, &mut lines, how, place);
    let report = report(honest, outside, &log.name, &lines);
    assert!(!report.valid, "{how:?} at {first}");
    let places = report.faults.iter().filter_map(|fault| fault.place.as_ref());
    let named = places.filter(|place| place.log == log.name).map(|place| place.entry).next().unwrap();
    // What was cut off is missed at the end that is left.
    let (first, last) = match how {
        Tamper::Drop if first == log.head.counter => (first, first),
        _ => (first, last),
    };
    assert!((first..=last).contains(&named), "{how:?} at {first}: {named} {:?}", report.faults.first());
    if matches!(how, Tamper::Fork) {
        assert!(report.faults.iter().any(|fault| fault.kind == Kind::Forked));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn r48_anything_done_to_10_000_entries_is_found_and_its_entry_named(how in tampers(), place in 0.0..1.0f64) {
        check(&LARGE, 1, how, place);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn r48_anything_done_to_any_log_is_found_and_its_entry_named(
        log in 0usize..4, how in tampers(), place in 0.0..1.0f64,
    ) {
        check(&SMALL, log, how, place);
    }
}

#[test]
fn r48_10_000_honest_entries_are_found_good_and_every_stretch_of_them_matters() {
    let report = verify(&Bundle::parse(&LARGE.stage.bytes()).unwrap(), &LARGE.outside);
    assert_eq!(report.faults, []);
    let n1 = report.logs.iter().find(|log| log.log.as_str() == "N1").unwrap();
    assert!(n1.entries >= ENTRIES && n1.witnessed == n1.entries);
    // Each sort, at both ends, and where one batch of signatures ends and the next begins; also without heads,
    // but for what nobody else can have seen.
    let entries = LARGE.stage.nodes[0].head.counter as f64;
    let none = Outside::default();
    let flip = Tamper::Flip { bit: 3, byte: 0.7 };
    for at in [0.0, 2047.0, 2048.0, entries - 1.0] {
        let place = (at + 0.5) / entries;
        for how in [flip, Tamper::Drop, Tamper::Swap, Tamper::Repeat, Tamper::Truncate, Tamper::Fork] {
            check(&LARGE, 1, how, place);
        }
        if at == 2047.0 {
            for how in [flip, Tamper::Drop, Tamper::Swap, Tamper::Repeat, Tamper::Truncate] {
                check_with(&LARGE, &none, 1, how, place);
            }
        }
    }
    // Each of the 64 entries from one end to the other, and both ends.
    for at in 0..=64 {
        check(&SMALL, 1, Tamper::Flip { bit: 0, byte: 0.5 }, f64::from(at) / 64.0);
        check(&SMALL, 1, Tamper::Drop, f64::from(at) / 64.0);
    }
}
