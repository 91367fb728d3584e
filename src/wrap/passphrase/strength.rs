//! Which passphrases may protect something new: drawn by this program, or chosen and strong (R35).

use diceware_wordlists::EFF_LONG_WORDLIST;
use rand_core::{CryptoRng, RngCore};
use zeroize::Zeroizing;

use super::{Passphrase, PassphraseError};
use crate::secret::SecretBytes;

/// Fewest characters of a chosen passphrase.
pub(super) const MIN_CHARS: usize = 16;
/// Least strength of a chosen passphrase by zxcvbn's estimate, which saturates at 64 bits.
pub(super) const MIN_BITS: u32 = 60;
/// Words of a drawn passphrase, 12.9 bits each.
pub(super) const DICEWARE_WORDS: usize = 7;

/// Characters that are estimated: zxcvbn is slow on long input.
const ESTIMATED: usize = 100;

/// A passphrase good enough to protect something with. Opening takes any [`Passphrase`]; sealing takes this.
#[derive(Debug)]
pub struct NewPassphrase(Passphrase);

impl NewPassphrase {
    /// One that a person made up. `about` are words that an attacker would try first: the person's name.
    pub fn chosen(passphrase: Passphrase, about: &[&str]) -> Result<Self, PassphraseError> {
        let text = passphrase.expose();
        if text.chars().count() < MIN_CHARS {
            return Err(PassphraseError::Short);
        }
        let start = text.char_indices().nth(ESTIMATED).map_or(text, |(end, _)| text.split_at(end).0);
        let known: Vec<&str> = about.iter().copied().chain(["quorate"]).collect();
        let bits = zxcvbn::zxcvbn(start, &known).guesses_log10() * std::f64::consts::LOG2_10;
        if bits < f64::from(MIN_BITS) { Err(PassphraseError::Weak) } else { Ok(Self(passphrase)) }
    }

    /// Seven words of the EFF long list (7,776 words), uniformly drawn, between single spaces.
    pub fn diceware(rng: &mut (impl RngCore + CryptoRng)) -> Self {
        // The longest word has nine letters.
        let mut text = Zeroizing::new(Vec::with_capacity(DICEWARE_WORDS * 10));
        for position in 0..DICEWARE_WORDS {
            if position > 0 {
                text.push(b' ');
            }
            text.extend_from_slice(word(rng).as_bytes());
        }
        Self(Passphrase(SecretBytes::from(text)))
    }

    /// The passphrase, to derive a key from or to show once.
    pub fn passphrase(&self) -> &Passphrase {
        &self.0
    }
}

/// Uniform: a draw from the incomplete last stretch of 2^16 is thrown away.
fn word(rng: &mut (impl RngCore + CryptoRng)) -> &'static str {
    let count = EFF_LONG_WORDLIST.len();
    let fair = (1 << 16) / count * count;
    loop {
        let drawn = (rng.next_u32() >> 16) as usize;
        if drawn < fair
            && let Some(word) = EFF_LONG_WORDLIST.get(drawn % count)
        {
            return word;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use rand_core::OsRng;

    use super::*;

    fn chosen(text: &str) -> Result<NewPassphrase, PassphraseError> {
        NewPassphrase::chosen(Passphrase::from_bytes(text.as_bytes().to_vec()).unwrap(), &["Annabelle"])
    }

    #[test]
    fn r35_strong_passphrases_pass() {
        for good in ["correct horse battery staple 7", "vT9!q_mZ2#rLw8^x7KdP", "прямой угол и сорок две луны"]
        {
            assert!(chosen(good).is_ok(), "{good}");
        }
        assert!(chosen(&"vT9!q_mZ2#rLw8^x7KdP ".repeat(48)).is_ok(), "long input is cut, not slow");
    }

    #[test]
    fn r35_short_and_guessable_passphrases_are_refused() {
        assert_eq!(chosen("vT9!q_mZ2#rLw8^").unwrap_err(), PassphraseError::Short);
        for weak in [
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            "passwordpassword",
            "1234567890123456",
            "qwertyuiopasdfgh",
            "Annabelle Annabelle Quorate",
            "password1password2",
        ] {
            assert_eq!(chosen(weak).unwrap_err(), PassphraseError::Weak, "{weak}");
        }
    }

    #[test]
    fn r35_drawn_passphrases_are_seven_words_of_the_list_and_pass_the_rule_for_chosen_ones() {
        assert_eq!(EFF_LONG_WORDLIST.len(), 7776);
        assert_eq!(EFF_LONG_WORDLIST.iter().collect::<BTreeSet<_>>().len(), 7776);
        let mut seen = BTreeSet::new();
        for _ in 0..50 {
            let drawn = NewPassphrase::diceware(&mut OsRng);
            let text = drawn.passphrase().expose();
            assert_eq!(text.split(' ').filter(|word| EFF_LONG_WORDLIST.contains(word)).count(), 7, "{text}");
            assert!(chosen(text).is_ok(), "{text}");
            assert!(seen.insert(text.to_owned()));
        }
    }

    #[test]
    fn r35_every_word_can_be_drawn_about_equally_often() {
        let mut counts = std::collections::HashMap::new();
        let draws = 20 * 7776;
        for _ in 0..draws {
            *counts.entry(word(&mut OsRng)).or_insert(0u32) += 1;
        }
        assert_eq!(counts.len(), 7776);
        let squares: f64 = counts.values().map(|&n| (f64::from(n) - 20.0).powi(2) / 20.0).sum();
        // Chi-square with 7775 degrees of freedom: standard deviation 125.
        assert!((squares - 7775.0).abs() < 8.0 * 125.0, "{squares}");
    }
}
