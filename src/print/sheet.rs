//! What stands on a guardian's sheet, and its two readable forms.

use zeroize::Zeroizing;

use super::{PrintError, WORDS, pdf, text};
use crate::{
    digest::Hash,
    ids::{Name, OpId, Time},
    secret::SecretBytes,
    signing_key::PublicKey,
    wrap::recipient::Recipient,
};

/// One share with everything its reader needs. The words are secret; all else is public.
pub struct Sheet<'a> {
    /// Whose identity is shared.
    pub custodian: Name,
    /// Who keeps the sheet.
    pub guardian: Name,
    /// Which share this is, 1 to `count`; in SLIP-39 the member index is one less.
    pub member: u8,
    /// How many shares there are.
    pub count: u8,
    /// How many of them restore the identity.
    pub threshold: u8,
    /// The set the share belongs to.
    pub set_id: OpId,
    /// The 15-bit SLIP-39 identifier, common to the set.
    pub identifier: u16,
    /// When the set was made.
    pub created_at: Time,
    /// The identity's age recipient.
    pub recipient: Recipient,
    /// The identity's approval key.
    pub approval_key: PublicKey,
    /// The hash of the custodian's card.
    pub fingerprint: Hash,
    /// The share, in lower case.
    pub words: &'a [&'static str],
}

/// A paper size.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Paper {
    /// ISO 216, 210 mm by 297 mm.
    #[default]
    A4,
    /// ANSI, 8.5 in by 11 in.
    Letter,
}

/// The sheet as a PDF of one page; the same sheet always gives the same bytes.
pub fn pdf(sheet: &Sheet, paper: Paper) -> Result<SecretBytes, PrintError> {
    sheet.check()?;
    pdf::page(sheet, paper)
}

/// The sheet as text: a header, the numbered words, a footer in upper case.
pub fn text(sheet: &Sheet) -> Result<SecretBytes, PrintError> {
    sheet.check()?;
    Ok(text::file(sheet))
}

impl Sheet<'_> {
    /// The words in lower case with single spaces: what a QR holds (there in upper case) and what
    /// [`Sheet::checksum`] covers.
    pub fn phrase(&self) -> Zeroizing<String> {
        let length = self.words.iter().map(|word| word.len() + 1).sum();
        let mut phrase = Zeroizing::new(String::with_capacity(length));
        for (index, word) in self.words.iter().enumerate() {
            if index > 0 {
                phrase.push(' ');
            }
            phrase.push_str(word);
        }
        phrase
    }

    /// The first 16 hex digits of the phrase's SHA-256, in groups of four. Printed, because a share has
    /// 256 uniform bits that no 64 bits of a hash help to guess; it is not sent anywhere.
    pub fn checksum(&self) -> String {
        let hash = Hash::plain(self.phrase().as_bytes()).to_string();
        let groups: Vec<&str> = [hash.get(..4), hash.get(4..8), hash.get(8..12), hash.get(12..16)]
            .into_iter()
            .flatten()
            .collect();
        groups.join(" ")
    }

    fn check(&self) -> Result<(), PrintError> {
        let Self { member, count, threshold, .. } = *self;
        if self.words.len() != WORDS {
            return Err(PrintError::WordCount(self.words.len()));
        }
        if (2..=count).contains(&threshold) && count <= 16 && (1..=count).contains(&member) {
            Ok(())
        } else {
            Err(PrintError::Member { member, count, threshold })
        }
    }
}
