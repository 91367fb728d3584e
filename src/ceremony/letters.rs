//! Requests and approvals as the text of one QR code, where they fit: a prefix, and base45 (RFC 9285) of the zlib stream
//! (RFC 1950) of the very file. Read back, they are judged as the file would be.

use std::io::{Read as _, Write as _};

use flate2::{Compression, read::ZlibDecoder, write::ZlibEncoder};

use super::CeremonyError;

/// Longest text: what a QR code of version 40, level L, holds in its alphanumeric mode.
const TEXT_CAP: usize = 4296;

/// What is sent.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Letter {
    /// A `*.request.json` file.
    Request,
    /// A `*.approval.json` file.
    Approval,
}

impl Letter {
    /// What its text begins with.
    pub fn prefix(self) -> &'static str {
        match self {
            Self::Request => "QUORATE-REQUEST-1:",
            Self::Approval => "QUORATE-APPROVAL-1:",
        }
    }

    /// The text of a file.
    pub fn to_text(self, file: &[u8]) -> Result<String, CeremonyError> {
        let long = || CeremonyError::Refused("it is too long for one QR code; carry the file".into());
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
        let packed = encoder.write_all(file).and_then(|()| encoder.finish()).map_err(|_| long())?;
        let text = format!("{}{}", self.prefix(), base45::encode(&packed));
        if text.len() <= TEXT_CAP { Ok(text) } else { Err(long()) }
    }

    /// The file of a text, at most `cap` bytes of it.
    pub fn from_text(self, text: &str, cap: usize) -> Result<Vec<u8>, CeremonyError> {
        let altered = || CeremonyError::Forged("the text of the QR code is altered, or cut off".into());
        let packed = text.strip_prefix(self.prefix()).filter(|_| text.len() <= TEXT_CAP);
        let packed = base45::decode(packed.ok_or_else(altered)?).map_err(|_| altered())?;
        let (mut file, limit) = (Vec::new(), cap as u64 + 1);
        ZlibDecoder::new(packed.as_slice()).take(limit).read_to_end(&mut file).map_err(|_| altered())?;
        if file.len() <= cap { Ok(file) } else { Err(altered()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digest::Hash;

    #[test]
    fn a_file_comes_back_as_it_was_and_only_as_what_it_is() {
        let file = b"{\"approver\":\"A\"}\n";
        let text = Letter::Approval.to_text(file).unwrap();
        assert_eq!(Letter::Approval.from_text(&text, 100).unwrap(), file);
        assert!(Letter::Request.from_text(&text, 100).is_err());
        assert!(
            text.bytes().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || b" $%*+-./:".contains(&c))
        );
    }

    #[test]
    fn r51_altered_cut_and_swollen_texts_are_refused() {
        let text = Letter::Request.to_text(&[b'x'; 500]).unwrap();
        assert!(Letter::Request.from_text(&text, 500).is_ok());
        assert!(Letter::Request.from_text(&text, 499).is_err());
        for cut in 0..text.len() {
            assert!(Letter::Request.from_text(&text[..cut], 500).is_err(), "{cut}");
        }
        // A few bytes that inflate to a gigabyte.
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
        (0..1024).for_each(|_| encoder.write_all(&vec![0; 1 << 20]).unwrap());
        let bomb = &encoder.finish().unwrap()[..2500];
        let text = format!("{}{}", Letter::Request.prefix(), base45::encode(bomb));
        assert!(Letter::Request.from_text(&text, 1 << 20).is_err());
        let noise: Vec<u8> = (0..6000u32).map(|i| Hash::plain(&i.to_be_bytes()).as_bytes()[0]).collect();
        assert!(Letter::Request.to_text(&noise).is_err());
    }
}
