//! The sheet as a text file, and the words of a share out of such a file or out of any plain list.

use std::io::Write as _;

use zeroize::Zeroizing;

use super::sheet::Sheet;
use crate::secret::{SecretBytes, SecretWriter};

/// Largest text that is looked through for words, in bytes.
pub const TEXT_CAP: usize = 64 << 10;

/// Most words of any SLIP-39 share of a secret up to 512 bits.
const WORDS_CAP: usize = 59;

/// Why no words were found. No message shows a word.
#[derive(Debug, thiserror::Error)]
pub enum TextError {
    #[error("the text is {0} bytes long; at most {TEXT_CAP} are read")]
    TooLong(usize),
    #[error("it is not a text")]
    NotText,
    #[error("there are no words in it: neither numbered lines nor a text of nothing but words")]
    NoWords,
    #[error("there are more than {WORDS_CAP} words in it, more than one share has")]
    TooMany,
    #[error("word {0} is missing or given twice")]
    Order(usize),
}

/// The words of a share, in lower case with single spaces. Takes a file made by [`super::sheet::text`]
/// (or other text with numbered words: one or several `NN word` on a line, in order) and ignores all its
/// other lines, or a text of nothing but words. Whether they are a share is not looked at here.
pub fn words_of(text: &[u8]) -> Result<Zeroizing<String>, TextError> {
    if text.len() > TEXT_CAP {
        return Err(TextError::TooLong(text.len()));
    }
    let text = std::str::from_utf8(text).map_err(|_| TextError::NotText)?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut numbered: Vec<(usize, &str)> = text.lines().filter_map(numbered_words).flatten().collect();
    // Columns copied from a page come row by row.
    numbered.sort_by_key(|(number, _)| *number);
    if let Some(((number, _), place)) = numbered.iter().zip(1..).find(|((number, _), place)| number != place)
    {
        return Err(TextError::Order(place.min(*number)));
    }
    let words: Vec<&str> = if numbered.is_empty() {
        text.split_whitespace().collect()
    } else {
        numbered.into_iter().map(|(_, word)| word).collect()
    };
    if words.is_empty() || !words.iter().all(|word| is_word(word)) {
        return Err(TextError::NoWords);
    }
    if words.len() > WORDS_CAP {
        return Err(TextError::TooMany);
    }
    let mut phrase = Zeroizing::new(words.join(" "));
    phrase.make_ascii_lowercase();
    Ok(phrase)
}

/// The `(number, word)` pairs of a line that holds nothing else.
fn numbered_words(line: &str) -> Option<Vec<(usize, &str)>> {
    let mut tokens = line.split_whitespace().peekable();
    let mut pairs = Vec::new();
    tokens.peek()?;
    while let Some(number) = tokens.next() {
        let number = number.strip_suffix(['.', ')', ':']).unwrap_or(number);
        let digits = (1..=2).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit());
        let word = tokens.next().filter(|word| digits && is_word(word))?;
        pairs.push((number.parse().ok()?, word));
    }
    Some(pairs)
}

fn is_word(token: &str) -> bool {
    token.len() <= 8 && token.bytes().all(|byte| byte.is_ascii_alphabetic())
}

/// The text form. No digit of the header stands right before a lower-case word, so that even a careless
/// search for numbered words finds the 33 and nothing else.
pub(super) fn file(sheet: &Sheet) -> SecretBytes {
    let mut out = SecretWriter::default();
    // Writing to memory cannot fail.
    let _ = out.write_all(header(sheet).as_bytes());
    for (number, word) in (1..).zip(sheet.words) {
        let _ = writeln!(out, "{number:2} {word}");
    }
    let _ = out.write_all(footer(sheet).as_bytes());
    out.finish()
}

fn header(sheet: &Sheet) -> String {
    let check = sheet.checksum().replace(' ', "");
    let Sheet { member, count, threshold, identifier, .. } = sheet;
    format!(
        "QUORATE GUARDIAN SHEET\n\n\
         Custodian     {}\n\
         Guardian      {}\n\
         Share         {member}/{count}, threshold {threshold}\n\
         Set           {}\n\
         Made          {}\n\
         Recipient     {}\n\
         Its SHA-256   {}\n\
         Spoken        {}\n\
         Approval key  {}\n\
         To restore    {}\n\
         SLIP-39       Identifier {identifier}, extendable 1, iteration exponent 0, group 1/1,\n              \
         group threshold 1, member index {}, member threshold {threshold}, empty passphrase\n\
         Check         {check}\n              \
         (words in lower case, single spaces, no line end: so begins their SHA-256)\n\n",
        sheet.custodian,
        sheet.guardian,
        sheet.set_id,
        sheet.created_at,
        sheet.recipient,
        sheet.fingerprint(),
        sheet.fingerprint().words(),
        sheet.approval_key.0,
        sheet.command().join(" "),
        member.saturating_sub(1),
    )
}

fn footer(sheet: &Sheet) -> String {
    let Sheet { member, count, threshold, custodian, .. } = sheet;
    let custodian = custodian.as_str().to_ascii_uppercase();
    format!(
        "\nEND OF SHARE {member} OF {count}. SECRET: {threshold} SHARES OF THIS SET TOGETHER ARE THE KEY OF {custodian},\n\
         WITHOUT ANY PASSWORD; FEWER SAY NOTHING ABOUT IT. TELL THE CUSTODIAN OF A SHARE\n\
         THAT IS LOST OR WAS SEEN BY OTHERS. NEW SHARES OF THE SAME KEY DO NOT END OLD ONES.\n\n\
         TO RESTORE, ON A COMPUTER WITHOUT A NETWORK, WITH QUORATE: THE COMMAND AFTER \"TO RESTORE\" ABOVE,\n\
         ON ONE LINE. IT ASKS FOR THE WORDS, OR TAKES FILES OF SHARES NAMED AFTER \"COMBINE\".\n\
         WITHOUT QUORATE (WHAT STANDS IN QUOTES IS TYPED IN LOWER CASE):\n\
         1. GIVE THE WORDS OF {threshold} SHARES TO ANY SLIP-39 TOOL (\"SHAMIR RECOVER\" FROM PYTHON, AFTER\n\
         \"PIP INSTALL 'SHAMIR-MNEMONIC[CLI]'\"), WITH AN EMPTY PASSPHRASE: 32 BYTES, 64 HEX DIGITS.\n\
         2. GIVE THE 32 BYTES TO ANY BECH32 ENCODER (BIP-173, NOT BECH32M; IN PYTHON, AFTER \"PIP INSTALL\n\
         BECH32\", ITS CONVERTBITS FROM 8 TO 5 BITS AND BECH32_ENCODE), HUMAN-READABLE PART\n\
         \"AGE-SECRET-KEY-\". SAVE THE RESULT IN UPPER CASE, 74 CHARACTERS AGE-SECRET-KEY-1..., AS KEY.TXT.\n\
         3. \"AGE-KEYGEN -Y KEY.TXT\" MUST PRINT THE RECIPIENT ABOVE; \"AGE -D -I KEY.TXT FILE\" DECRYPTS.\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::print::sheet::{samples, samples::PHRASE};

    fn usual() -> String {
        let words = samples::words();
        String::from_utf8(file(&samples::usual(&words)).expose().to_vec()).unwrap()
    }

    #[test]
    fn a_text_file_is_read_back() {
        let text = usual();
        assert_eq!(*words_of(text.as_bytes()).unwrap(), PHRASE);
        let windows = format!("\u{feff}{}", text.replace('\n', "\r\n"));
        assert_eq!(*words_of(windows.as_bytes()).unwrap(), PHRASE);
    }

    #[test]
    fn a_careless_search_finds_the_words_and_nothing_else() {
        let text = usual();
        let mut found = Vec::new();
        let tokens: Vec<&str> = text.split_whitespace().collect();
        for pair in tokens.windows(2) {
            let number = pair[0].ends_with(|c: char| c.is_ascii_digit());
            if number && pair[1].starts_with(|c: char| c.is_ascii_lowercase()) {
                found.push(pair[1]);
            }
        }
        assert_eq!(found.join(" "), PHRASE);
        let between = text.split(" 1 testify").nth(1).unwrap().split("zero").nth(1).unwrap();
        assert!(!between.bytes().any(|byte| byte.is_ascii_lowercase()), "{between}");
        assert!(text.lines().count() > 33 + 10 && text.is_ascii());
    }

    #[test]
    fn bare_words_columns_and_other_numbering_are_read() {
        assert_eq!(*words_of(PHRASE.to_uppercase().as_bytes()).unwrap(), PHRASE);
        assert_eq!(*words_of(PHRASE.replace(' ', "\n").as_bytes()).unwrap(), PHRASE);
        let columns = "A sheet of 3\n1. one   3) Three\n 2 two\nthe end\n";
        assert_eq!(*words_of(columns.as_bytes()).unwrap(), "one two three");
    }

    #[test]
    fn r31_a_word_left_out_or_doubled_is_told_by_its_number() {
        let text = usual();
        let without = text.replace(" 7 smear\n", "");
        assert!(matches!(words_of(without.as_bytes()), Err(TextError::Order(7))));
        let twice = text.replace(" 7 smear\n", " 7 smear\n 7 smear\n");
        assert!(matches!(words_of(twice.as_bytes()), Err(TextError::Order(7))));
        let two_sheets = format!("{text}{text}");
        assert!(matches!(words_of(two_sheets.as_bytes()), Err(TextError::Order(1))));
    }

    #[test]
    fn r51_other_files_are_refused() {
        assert!(matches!(words_of(b""), Err(TextError::NoWords)));
        assert!(matches!(words_of(b"age1zvkyg2 lqz, 3 sheets.\n"), Err(TextError::NoWords)));
        assert!(matches!(words_of(b"\xff\xfe"), Err(TextError::NotText)));
        assert!(matches!(words_of(&[b'a'; TEXT_CAP + 1]), Err(TextError::TooLong(_))));
        assert!(matches!(words_of("word ".repeat(60).as_bytes()), Err(TextError::TooMany)));
    }
}
