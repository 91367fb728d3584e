//! The official vectors, and what must be refused.

use proptest::prelude::*;
use rand_core::OsRng;

use super::*;
use crate::{guardian::mend::suggest, secret::Secret};

const VECTORS: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/slip39.json"));

/// Description, shares, secret in hex (empty if refused), BIP-32 key.
type Vector = (String, Vec<String>, String, String);

fn vectors() -> Vec<Vector> {
    serde_json::from_str(VECTORS).unwrap()
}

fn run(shares: &[String]) -> Result<SecretBytes, String> {
    let read = |text: &String| Share::parse(text).map_err(|e| format!("{e:?}"));
    let shares = shares.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    combine(&shares, b"TREZOR").map_err(|e| format!("{e:?}"))
}

#[test]
fn the_15_valid_vectors_make_their_secrets() {
    let valid: Vec<Vector> = vectors().into_iter().filter(|vector| !vector.2.is_empty()).collect();
    assert_eq!(valid.len(), 15);
    for (what, shares, secret, _) in valid {
        assert_eq!(hex::encode(run(&shares).unwrap().expose()), secret, "{what}");
        for text in &shares {
            let share = Share::parse(text).unwrap();
            assert_eq!(*share.text(), *text, "{what}");
            assert_eq!(share.words().join(" "), *text, "{what}");
            let loud = text.to_uppercase().replace(' ', "\r\n \t");
            assert_eq!(*Share::parse(&loud).unwrap().text(), *text, "{what}");
        }
    }
}

/// Number of the vector and the reason that refuses it.
const REFUSED: [(usize, &str); 30] = [
    (2, "Checksum"),
    (3, "Padding"),
    (5, "TooFew { group: None, more: 1 }"),
    (6, "Mixed(\"identifiers\")"),
    (7, "Mixed(\"iteration exponents\")"),
    (8, "Mixed(\"group thresholds\")"),
    (9, "Mixed(\"numbers of groups\")"),
    (10, "Groups { threshold: 2, count: 1 }"),
    (11, "Conflict(Place { group: None, member: Some(2) })"),
    (12, "Mixed(\"thresholds\")"),
    (13, "Digest"),
    (14, "TooFewGroups { more: 1 }"),
    (15, "TooFewGroups { more: 1 }"),
    (16, "TooFew { group: Some(3), more: 1 }"),
    (21, "Checksum"),
    (22, "Padding"),
    (24, "TooFew { group: None, more: 1 }"),
    (25, "Mixed(\"identifiers\")"),
    (26, "Mixed(\"iteration exponents\")"),
    (27, "Mixed(\"group thresholds\")"),
    (28, "Mixed(\"numbers of groups\")"),
    (29, "Groups { threshold: 2, count: 1 }"),
    (30, "Conflict(Place { group: None, member: Some(2) })"),
    (31, "Mixed(\"thresholds\")"),
    (32, "Digest"),
    (33, "TooFewGroups { more: 1 }"),
    (34, "TooFewGroups { more: 1 }"),
    (35, "TooFew { group: Some(3), more: 1 }"),
    (39, "Count(19)"),
    (40, "Count(21)"),
];

#[test]
fn r31_the_30_invalid_vectors_are_refused_for_their_reason() {
    let vectors = vectors();
    let invalid: Vec<&Vector> = vectors.iter().filter(|vector| vector.2.is_empty()).collect();
    assert_eq!(invalid.len(), REFUSED.len());
    for ((number, reason), (what, shares, ..)) in REFUSED.iter().zip(invalid) {
        assert!(what.starts_with(&format!("{number}. ")), "{what}");
        assert_eq!(run(shares).err().as_deref(), Some(*reason), "{what}");
    }
}

fn set(threshold: u8, count: u8) -> (Secret<32>, Vec<Share>) {
    let secret = Secret::random(&mut OsRng);
    let shares = split(&secret, threshold, count, &mut OsRng).unwrap().into_shares();
    (secret, shares)
}

/// The same share with one bit of its value flipped and a checksum that fits.
fn altered(share: &Share) -> Share {
    let mut value = share.value().to_vec();
    value[7] ^= 0x10;
    Share::new(share.parameters, SecretBytes::new(value))
}

#[test]
fn r31_surplus_shares_must_lie_on_the_same_polynomial() {
    let (secret, shares) = set(3, 5);
    assert_eq!(combine(&shares, b"").unwrap().expose(), secret.expose());
    for bad in 0..5u8 {
        for size in 3..=5u8 {
            let (wrong, all) = (altered(&shares[usize::from(bad)]), 0..size);
            let given: Vec<&Share> =
                all.map(|i| if i == bad { &wrong } else { &shares[usize::from(i)] }).collect();
            let place = Place { group: None, member: Some(bad) };
            let expected = match (bad < size, size) {
                (false, _) => None,
                (true, 3) => Some(CombineError::Digest),
                (true, _) => Some(CombineError::Stray(vec![place])),
            };
            assert_eq!(combine(&given, b"").err(), expected, "share {bad} of {size}");
            assert_eq!(recreate(&given, 4).err(), expected, "share {bad} of {size}");
        }
    }
}

#[test]
fn r31_duplicates_and_shares_of_other_sets_are_told_apart() {
    let ((_, shares), (_, others)) = (set(2, 3), set(2, 3));
    let place = Place { group: None, member: Some(0) };
    let twice = combine(&[&shares[0], &shares[0]], b"").err();
    assert_eq!(twice, Some(CombineError::Twice(place)));
    let conflict = combine(&[&shares[0], &altered(&shares[0])], b"").err();
    assert_eq!(conflict, Some(CombineError::Conflict(place)));
    let mut other = Share::new(others[1].parameters, SecretBytes::new(others[1].value().to_vec()));
    other.parameters.identifier = shares[0].parameters.identifier ^ 1;
    assert_eq!(combine(&[&shares[0], &other], b"").err(), Some(CombineError::Mixed("identifiers")));
    other.parameters.identifier ^= 1;
    let swapped = combine(&[&shares[0], &other], b"").err();
    assert_eq!(swapped, Some(CombineError::Digest), "even where two sets drew the same identifier");
    assert_eq!(combine(&[] as &[Share], b"").err(), Some(CombineError::None));
    assert_eq!(recreate(&shares, 16).err(), Some(CombineError::Recreate));
}

#[test]
fn r31_every_single_wrong_word_fails_the_checksum() {
    let (_, shares) = set(2, 2);
    let indices = shares[1].indices();
    assert!(Share::from_indices(&indices).is_ok());
    for position in 0..indices.len() {
        for wrong in (0..1024).filter(|wrong| *wrong != indices[position]) {
            let mut bad = indices.clone();
            bad[position] = wrong;
            assert!(matches!(Share::from_indices(&bad), Err(ShareError::Checksum)), "{position} {wrong}");
        }
    }
}

#[test]
fn r51_text_that_is_no_share_is_refused() {
    let (_, shares) = set(2, 2);
    let text = shares[0].text();
    let words: Vec<&str> = text.split(' ').collect();
    let refused = |text: &str| Share::parse(text).unwrap_err();
    for count in (0..33).filter(|count| *count != 20) {
        assert!(matches!(refused(&words[..count].join(" ")), ShareError::Count(n) if n == count));
    }
    assert!(matches!(refused(&words[..20].join(" ")), ShareError::Checksum));
    assert!(matches!(refused(&format!("{} {}", *text, *text)), ShareError::Count(66)));
    assert!(matches!(refused(&"acid ".repeat(1 << 20)), ShareError::TooLong(_)));
    let mut misspelt = words.clone();
    misspelt[13] = "acadenic";
    match refused(&misspelt.join(" ")) {
        ShareError::UnknownWord { position: 14, nearest } => assert_eq!(nearest.0, ["academic"]),
        other => panic!("{other:?}"),
    }
    for bad in ["é", "\u{0}", "acid\u{200b}", "0", "ACADEMICS"] {
        misspelt[13] = bad;
        assert!(matches!(refused(&misspelt.join(" ")), ShareError::UnknownWord { position: 14, .. }));
    }
}

proptest! {
    #[test]
    fn r51_no_text_makes_the_parsers_panic(
        any in "\\PC{0,400}", words in prop::collection::vec(0..1024usize, 0..40), other in "[ -~]{0,9}",
    ) {
        let mut words: Vec<&str> = words.iter().map(|i| wordlist::list()[*i]).collect();
        words.push(&other);
        for text in [any, words.join(" "), words.repeat(20).join("\n")] {
            prop_assert!(Share::parse(&text).is_err());
            let _ = suggest(&text);
        }
    }
}

#[test]
fn r45_neither_errors_nor_debug_output_show_a_word_or_byte() {
    let (_, shares) = set(2, 2);
    let text = shares[0].text();
    let mut words: Vec<&str> = text.split(' ').collect();
    let near = format!("{}x", words[20]);
    words[20] = &near;
    let error = Share::parse(&words.join(" ")).unwrap_err();
    for shown in [format!("{:?}", shares[0]), format!("{error:?}"), error.to_string()] {
        assert!(!shown.contains(&near[..near.len() - 1]), "{shown}");
    }
    assert!(format!("{:?}", shares[0]).ends_with("member_threshold: 2 }, .. }"), "{:?}", shares[0]);
}

static_assertions::assert_not_impl_any!(Share: Clone, Copy, PartialEq, serde::Serialize, fmt::Display);
