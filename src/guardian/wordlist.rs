//! The word list of SLIP-39: 1024 words, sorted, four to eight letters, no two with the same first four.
//!
//! Where a share is read or hashed, every entry is visited, so that neither time nor memory accesses depend on
//! the word. Where words are shown, typed or mended, they are looked up plainly.

use std::sync::LazyLock;

use subtle::{ConditionallySelectable as _, ConstantTimeEq as _};

/// As published with the standard, one word per line.
const LIST: &str = include_str!("wordlist.txt");

static WORDS: LazyLock<Vec<&'static str>> = LazyLock::new(|| LIST.lines().collect());

/// [`WORDS`] as [`pack`] has them.
static PACKED: LazyLock<Vec<u64>> =
    LazyLock::new(|| WORDS.iter().map(|word| pack(word).unwrap_or_default()).collect());

/// All words in order.
pub fn list() -> &'static [&'static str] {
    &WORDS
}

/// At most three words that someone who wrote `given` probably meant, the likeliest first: the one with the
/// same first four letters, then those within two changes (Damerau-Levenshtein).
pub fn nearest(given: &str) -> Vec<&'static str> {
    let given: String = given.chars().take(16).collect::<String>().to_ascii_lowercase();
    let head: String = given.chars().take(4).collect();
    let mut near: Vec<(usize, &str)> = list()
        .iter()
        .map(|word| {
            let same_head = head.len() == 4 && word.starts_with(&head);
            (if same_head { 0 } else { strsim::damerau_levenshtein(&given, word) }, *word)
        })
        .filter(|(distance, _)| *distance <= 2)
        .collect();
    near.sort_unstable();
    near.into_iter().map(|(_, word)| word).take(3).collect()
}

/// The index of a word in either case, 0 to 1023.
pub(super) fn index_of(word: &str) -> Option<u16> {
    let packed = pack(word)?;
    let (mut index, mut found) = (0u16, 0u8);
    for (i, word) in (0u16..).zip(PACKED.iter()) {
        let same = word.ct_eq(&packed);
        index.conditional_assign(&i, same);
        found |= same.unwrap_u8();
    }
    if found == 1 { Some(index) } else { None }
}

/// The letters of the word at an index, padded with zeros in front.
pub(super) fn letters_at(index: u16) -> [u8; 8] {
    let mut packed = 0u64;
    for (i, word) in (0u16..).zip(PACKED.iter()) {
        packed.conditional_assign(word, i.ct_eq(&index));
    }
    packed.to_be_bytes()
}

/// Up to eight letters in lower case, as one number. `None` for anything else.
fn pack(word: &str) -> Option<u64> {
    if word.is_empty() || word.len() > 8 || !word.bytes().all(|b| b.is_ascii_alphabetic()) {
        return None;
    }
    Some(word.bytes().fold(0, |packed, b| packed << 8 | u64::from(b.to_ascii_lowercase())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digest::Hash;

    #[test]
    fn the_list_is_the_published_one() {
        assert_eq!(
            Hash::plain(LIST.as_bytes()).to_string(),
            "bcc4555340332d169718aed8bf31dd9d5248cb7da6e5d355140ef4f1e601eec3"
        );
        let words = list();
        assert_eq!(words.len(), 1024);
        assert!(words.is_sorted());
        assert!(words.iter().all(|word| (4..=8).contains(&word.len())));
        let mut heads: Vec<&str> = words.iter().map(|word| &word[..4]).collect();
        heads.dedup();
        assert_eq!(heads.len(), 1024);
    }

    #[test]
    fn words_and_indices_map_both_ways() {
        for (i, word) in (0..).zip(list()) {
            assert_eq!(index_of(word), Some(i));
            assert_eq!(index_of(&word.to_uppercase()), Some(i));
            let letters: Vec<u8> = letters_at(i).into_iter().filter(|b| *b != 0).collect();
            assert_eq!(letters, word.as_bytes());
        }
        for bad in ["", "acad", "academia", "academicc", "abandon", "acid ", "ac\0id", "äcid", "\0acid"] {
            assert_eq!(index_of(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn suggestions_are_near_and_few() {
        assert_eq!(nearest("acadenic"), ["academic"]);
        assert_eq!(nearest("ACID")[0], "acid");
        assert_eq!(nearest("acdi")[0], "acid");
        assert!(nearest("xylophone").is_empty());
        assert!(nearest(&"a".repeat(100_000)).is_empty());
    }
}
