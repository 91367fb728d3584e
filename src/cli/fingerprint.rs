//! One comparison of words, by voice: what makes a file of somebody else's keys theirs.

use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::digest::Hash;

/// Goes on only if the words (or hex digits) given are those of `hash`; without any, a person is asked
/// `question`, which shows them. A script gives them by `flag`.
pub(crate) fn compare(
    given: Option<&str>,
    hash: &Hash,
    (question, flag): (&str, &'static str),
    refusal: impl FnOnce() -> CommandError,
    context: &mut Context,
) -> Result<(), CommandError> {
    match given {
        Some(given) if hash.is_said(given) => Ok(()),
        Some(_) => Err(refusal()),
        None => Ok(context.ui().confirm(question, "Yes", flag)?),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r22_words_and_hex_are_compared_whole() {
        let hash = Hash::plain(b"card");
        let (words, hex) = (hash.words(), hash.to_string());
        for good in
            [words.clone(), words.to_uppercase(), format!("  {} ", words.replace(' ', "  ")), hex.clone()]
        {
            assert!(hash.is_said(&good), "{good}");
        }
        let fewer = words.rsplit_once(' ').unwrap().0;
        for bad in ["", fewer, &hex[1..], &hex[..62], &Hash::plain(b"other").words()] {
            assert!(!hash.is_said(bad), "{bad}");
        }
    }
}
