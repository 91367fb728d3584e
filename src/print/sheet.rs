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
    /// SHA-256 of the recipient's text: what is spoken to compare it.
    pub fn fingerprint(&self) -> Hash {
        Hash::plain(self.recipient.to_string().as_bytes())
    }

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

    /// The command that restores the identity, one option per part. Words are then asked for; files of shares
    /// could stand before the first option.
    pub(super) fn command(&self) -> [String; 4] {
        let custodian = self.custodian.as_str();
        [
            "quorate guardian combine".to_owned(),
            format!("--name {custodian}"),
            format!("--recipient {}", self.recipient),
            format!("--out {custodian}.identity.json"),
        ]
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

#[cfg(test)]
pub(super) mod samples {
    use super::*;
    use crate::codec::HexArray;

    pub(crate) const PHRASE: &str = "testify swimming academic academic column loyalty smear include exotic bedroom \
         exotic wrist lobe cover grief golden smart junior estimate learn flip pistol traveler unwrap wrote mansion \
         nervous building slush forward platform velvet zero";

    /// Share `member` of `count`, both names as given.
    pub(crate) fn sheet<'a>(
        words: &'a [&'static str],
        names: (&str, &str),
        (member, count, threshold): (u8, u8, u8),
    ) -> Sheet<'a> {
        let recipient = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj";
        Sheet {
            custodian: names.0.parse().unwrap(),
            guardian: names.1.parse().unwrap(),
            member,
            count,
            threshold,
            set_id: HexArray([0x5a; 16]),
            identifier: 32_767,
            created_at: "2026-11-20T14:00:00Z".parse().unwrap(),
            recipient: recipient.parse().unwrap(),
            approval_key: PublicKey(HexArray([0xab; 32])),
            words,
        }
    }

    pub(crate) fn words() -> Vec<&'static str> {
        PHRASE.split(' ').collect()
    }

    /// Ann's sheet, 2 of 5 with threshold 3.
    pub(crate) fn usual<'a>(words: &'a [&'static str]) -> Sheet<'a> {
        sheet(words, ("A", "Ann"), (2, 5, 3))
    }
}

#[cfg(test)]
mod tests {
    use super::{samples::*, *};
    use crate::print::scan::scan;

    #[test]
    fn the_same_sheet_always_gives_the_same_bytes() {
        let words = words();
        let make = |paper| pdf(&usual(&words), paper).unwrap();
        for paper in [Paper::A4, Paper::Letter] {
            assert_eq!(make(paper).expose(), make(paper).expose());
        }
        assert_ne!(make(Paper::A4).expose(), make(Paper::Letter).expose());
        assert_eq!(text(&usual(&words)).unwrap().expose(), text(&usual(&words)).unwrap().expose());
    }

    #[test]
    fn a_pdf_is_one_page_without_dates_or_embedded_files() {
        let words = words();
        let made = pdf(&usual(&words), Paper::A4).unwrap();
        let made = String::from_utf8_lossy(made.expose()).into_owned();
        assert_eq!(made.matches("/Type /Page\n").count(), 1);
        for absent in ["/CreationDate", "/ID", "/FontFile", "/Image", "/Encrypt"] {
            assert!(!made.contains(absent), "{absent}");
        }
        for word in words {
            assert!(made.contains(&format!("({word}) Tj")), "{word}");
        }
    }

    #[test]
    fn the_code_of_a_pdf_holds_the_words() {
        let words = words();
        for paper in [Paper::A4, Paper::Letter] {
            let made = pdf(&usual(&words), paper).unwrap();
            let read = scan(made.expose()).unwrap();
            let [text] = read.as_slice() else { panic!("{} codes", read.len()) };
            assert_eq!(**text, PHRASE.to_uppercase());
        }
    }

    #[test]
    fn the_checksum_is_what_sha256sum_says() {
        let words = words();
        assert_eq!(usual(&words).checksum(), "1358 e9ac 1562 3e3c");
        assert_eq!(*usual(&words).phrase(), PHRASE);
    }

    #[test]
    fn what_is_no_share_of_ours_is_not_printed() {
        let words = words();
        assert!(matches!(text(&usual(&words[..20])), Err(PrintError::WordCount(20))));
        for (member, count, threshold) in [(0, 5, 3), (6, 5, 3), (1, 5, 1), (1, 5, 6), (1, 17, 3), (1, 1, 1)]
        {
            let sheet = sheet(&words, ("A", "Ann"), (member, count, threshold));
            assert!(matches!(pdf(&sheet, Paper::A4), Err(PrintError::Member { .. })), "{member} {count}");
        }
    }
}
