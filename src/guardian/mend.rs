//! What may be wrong with words that fail the checksum.
//!
//! RS1024 tells all shares of a length apart by at least four words, so that at most one share is one word away.
//! It is still a guess: with two mistakes another share may lie nearer. SLIP-39 asks programs not to correct on
//! their own, and none of this is ever applied: a person looks at the paper again.

use std::fmt;

use zeroize::Zeroizing;

use super::{
    set::{Guardian, GuardianSet},
    slip39::{Parameters, Share, WORD_COUNTS, remainder, step},
    wordlist,
};

/// Longest text looked at, in bytes.
const TEXT_CAP: usize = 4096;

/// What a person probably did.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mistake {
    /// The word at the position is another one.
    Wrong,
    /// The words at the position and after it changed places.
    Swapped,
    /// A word is missing; it would stand at the position.
    Missing,
    /// The word at the position does not belong there.
    Surplus,
}

/// The one mistake that explains everything. Printing for debugging shows no word.
pub struct Suggestion {
    mistake: Mistake,
    position: usize,
    likely: Option<&'static str>,
    corrected: Share,
}

impl Suggestion {
    /// The kind of mistake.
    pub fn mistake(&self) -> Mistake {
        self.mistake
    }

    /// Where, counted from 1.
    pub fn position(&self) -> usize {
        self.position
    }

    /// The word that fits there, for a wrong or missing one. As secret as the share: for the screen only.
    pub fn likely(&self) -> Option<&'static str> {
        self.likely
    }

    /// What the share would say besides its value.
    pub fn parameters(&self) -> &Parameters {
        self.corrected.parameters()
    }

    /// Whose share of a set it would be, to the bit: then the suggestion is certain.
    pub fn whose<'s>(&self, set: &'s GuardianSet) -> Option<&'s Guardian> {
        set.find(&self.corrected).ok()
    }
}

impl fmt::Display for Suggestion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = self.position;
        match self.mistake {
            Mistake::Wrong => write!(f, "word {at} does not fit the others"),
            Mistake::Swapped => write!(f, "words {at} and {} seem to have changed places", at + 1),
            Mistake::Missing => write!(f, "a word seems to be missing at position {at}"),
            Mistake::Surplus => write!(f, "word {at} seems to be one too many"),
        }
    }
}

impl fmt::Debug for Suggestion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The single mistake that turns some share into this text: one word wrong, unreadable, missing or too many, or
/// two neighbours swapped. `None` for a good share, and if several mistakes or none would explain it.
///
/// A word that is not in the list counts as unreadable, so `?` may stand for one that cannot be read.
pub fn suggest(text: &str) -> Option<Suggestion> {
    if text.len() > TEXT_CAP {
        return None;
    }
    let read: Vec<Option<u16>> = text.split_whitespace().take(64).map(wordlist::index_of).collect();
    let read = Zeroizing::new(read);
    let unreadable: Vec<usize> = (0..read.len()).filter(|i| read.get(*i) == Some(&None)).collect();
    let words: Zeroizing<Vec<u16>> = Zeroizing::new(read.iter().map(|word| word.unwrap_or(0)).collect());
    let fits = |count: usize| WORD_COUNTS.contains(&count);
    let found = match unreadable.as_slice() {
        [position] if fits(words.len()) => replaced(&words, *position..position + 1),
        [position] if fits(words.len().wrapping_sub(1)) => without(&words, *position..position + 1),
        [] if fits(words.len()) => {
            if Share::from_indices(&words).is_ok() {
                return None;
            }
            let replaced = replaced(&words, 0..words.len());
            if replaced.is_empty() { swapped(&words) } else { replaced }
        }
        [] if fits(words.len() + 1) => inserted(&words),
        [] if fits(words.len().wrapping_sub(1)) => without(&words, 0..words.len()),
        _ => return None,
    };
    only(found)
}

/// The suggestion, if all that were found lead to the same share.
fn only(found: Vec<Suggestion>) -> Option<Suggestion> {
    let mut found = found.into_iter();
    let first = found.next()?;
    let text = first.corrected.text();
    found.all(|other| other.corrected.text() == text).then_some(first)
}

fn replaced(words: &[u16], positions: std::ops::Range<usize>) -> Vec<Suggestion> {
    positions.flat_map(|position| solve(words, position, Mistake::Wrong)).collect()
}

fn inserted(words: &[u16]) -> Vec<Suggestion> {
    let at = |position: usize| {
        let (before, after) = words.split_at(position);
        solve(&Zeroizing::new([before, &[0], after].concat()), position, Mistake::Missing)
    };
    (0..=words.len()).flat_map(at).collect()
}

fn without(words: &[u16], positions: std::ops::Range<usize>) -> Vec<Suggestion> {
    let at = |position: usize| {
        let mut words = Zeroizing::new(words.to_vec());
        words.remove(position);
        suggestion(&words, Mistake::Surplus, position, None)
    };
    positions.filter_map(at).collect()
}

fn swapped(words: &[u16]) -> Vec<Suggestion> {
    let at = |position: usize| {
        let mut words = Zeroizing::new(words.to_vec());
        words.swap(position, position + 1);
        suggestion(&words, Mistake::Swapped, position, None)
    };
    (0..words.len().saturating_sub(1)).filter_map(at).collect()
}

/// The shares that have any word at a position and the given ones elsewhere.
fn solve(words: &[u16], position: usize, mistake: Mistake) -> Vec<Suggestion> {
    let mut words = Zeroizing::new(words.to_vec());
    let after = words.len().saturating_sub(position + 1);
    if let Some(word) = words.get_mut(position) {
        *word = 0;
    }
    // The checksum is linear: what each bit of the word adds to the remainder.
    let adds: [u32; 10] = std::array::from_fn(|bit| (0..after).fold(1 << bit, |state, _| step(state, 0)));
    let mut found = Vec::new();
    for extendable in [true, false] {
        let wanted = remainder(extendable, words.iter().copied()) ^ 1;
        for index in 0..1024u16 {
            let added = (0..)
                .zip(adds)
                .fold(0, |sum, (bit, add)| sum ^ add & u32::from(index >> bit & 1).wrapping_neg());
            if added == wanted {
                let mut candidate = words.clone();
                if let Some(word) = candidate.get_mut(position) {
                    *word = index;
                }
                found.extend(suggestion(
                    &candidate,
                    mistake,
                    position,
                    wordlist::list().get(usize::from(index)).copied(),
                ));
            }
        }
    }
    found
}

fn suggestion(
    words: &[u16],
    mistake: Mistake,
    position: usize,
    likely: Option<&'static str>,
) -> Option<Suggestion> {
    let corrected = Share::from_indices(words).ok()?;
    Some(Suggestion { mistake, position: position + 1, likely, corrected })
}

#[cfg(test)]
mod tests {
    use rand_core::{OsRng, RngCore as _};

    use super::*;

    /// A fixed one, because a missing word has a second explanation once in a million shares: vector 45.
    const SHARE: &str = "western apart academic always artist resident briefing sugar woman oven coding club \
                          ajar merit pecan answer prisoner artist fraction amount desktop mild false necklace \
                          muscle photo wealthy alpha category unwrap spew losing making";

    fn words() -> Vec<&'static str> {
        SHARE.split_whitespace().collect()
    }

    fn other_than(word: &str) -> &'static str {
        let word = word.to_owned();
        let at = OsRng.next_u32() as usize % 1023;
        wordlist::list().iter().copied().filter(|other| *other != word).nth(at).unwrap()
    }

    fn suggested(words: &[&str]) -> Option<(Mistake, usize, Option<&'static str>)> {
        suggest(&words.join(" ")).map(|s| (s.mistake(), s.position(), s.likely()))
    }

    #[test]
    fn a_wrong_or_unreadable_word_is_found_wherever_it_stands() {
        let good = words();
        assert_eq!(suggested(&good), None);
        for position in 0..33 {
            for wrong in [other_than(good[position]), "?", "xylophone"] {
                let mut bad = good.clone();
                bad[position] = wrong;
                let expected = (Mistake::Wrong, position + 1, Some(good[position]));
                assert_eq!(suggested(&bad), Some(expected));
            }
        }
        let short = "duckling enlarge academic academic agency result length solution fridge kidney coal piece \
                     deal husband erode duke ajar critical decision keyboard";
        assert_eq!(suggested(&short.split_whitespace().collect::<Vec<_>>()), None);
        let found = suggest(&short.replace("kidney", "kind")).unwrap();
        assert_eq!((found.position(), found.likely()), (10, Some("kidney")));
    }

    #[test]
    fn swapped_missing_and_surplus_words_are_found() {
        for position in 0..32 {
            let good = words();
            let mut bad = good.clone();
            bad.swap(position, position + 1);
            if bad != good {
                assert_eq!(suggested(&bad), Some((Mistake::Swapped, position + 1, None)));
            }
            let mut bad = good.clone();
            let lost = bad.remove(position);
            let (mistake, at, likely) = suggested(&bad).unwrap();
            assert_eq!((mistake, likely), (Mistake::Missing, Some(lost)));
            bad.insert(at - 1, lost);
            assert_eq!(bad, good);
            bad.insert(position, "smudge");
            assert_eq!(suggested(&bad), Some((Mistake::Surplus, position + 1, None)));
            bad[position] = "academic";
            let (mistake, at, _) = suggested(&bad).unwrap();
            assert_eq!(mistake, Mistake::Surplus);
            bad.remove(at - 1);
            assert_eq!(bad, good);
        }
    }

    #[test]
    fn r31_what_one_mistake_does_not_explain_gets_no_suggestion() {
        for (a, b) in [(0, 5), (7, 20), (31, 32)] {
            let mut bad = words();
            (bad[a], bad[b]) = ("?", "?");
            assert_eq!(suggested(&bad), None);
        }
        assert_eq!(suggested(&[]), None);
        assert_eq!(suggested(&["acid"; 33]), None);
        assert!(suggest(&"acid ".repeat(1 << 20)).is_none());
    }

    #[test]
    fn r45_what_is_printed_shows_no_word() {
        let mut bad = words();
        let likely = std::mem::replace(&mut bad[20], "?");
        let found = suggest(&bad.join(" ")).unwrap();
        assert_eq!(found.likely(), Some(likely));
        assert_eq!(format!("{found} {found:?}"), "word 21 does not fit the others ".repeat(2).trim_end());
    }
}
