//! Reading shares back: from text files, photos, scans, and age files.

use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::ceremony::CeremonyError;
use crate::ceremony::guardians::Expected;
use crate::guardian::set::GuardianSet;
use crate::guardian::slip39::{Share, ShareError};
use crate::guardian::{legacy, mend};
use crate::identity::PersonIdentity;
use crate::print::{scan, text};
use crate::secret::{Secret, SecretBytes};
use crate::store::files;
use crate::wrap::age_file::{self, OpensWith};
use crate::wrap::recipient::Identity;

/// Longest file that is looked at, in bytes: a photo.
pub const FILE_CAP: u64 = 64 << 20;
/// Longest file of a legacy share, in bytes.
const LEGACY_CAP: u64 = 4096;

/// What a file of shares turned out to be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Form {
    /// PNG, JPEG or PDF.
    Image,
    /// An armored age file.
    Age(OpensWith),
    /// Words.
    Text,
}

/// A file of shares, not yet understood.
pub struct ShareFile {
    name: String,
    bytes: SecretBytes,
    form: Form,
    exposed: bool,
}

impl ShareFile {
    /// Reads the file and tells what it is.
    pub fn read(path: &Path) -> Result<Self, CeremonyError> {
        let bytes = files::read_secret(path, FILE_CAP)?;
        let form = if scan::is_picture(bytes.expose()) {
            Form::Image
        } else if bytes.expose().starts_with(b"-----BEGIN AGE") {
            Form::Age(age_file::opens_with(bytes.expose())?)
        } else {
            Form::Text
        };
        let exposed = form == Form::Text && files::readable_by_others(path);
        Ok(Self { name: path.display().to_string(), bytes, form, exposed })
    }

    /// Whether the share lies there in plain for others on this machine to read (R36).
    pub fn exposed(&self) -> bool {
        self.exposed
    }

    /// What it is.
    pub fn form(&self) -> Form {
        self.form
    }

    /// Every share in it. `open` decrypts an age file. Other QR codes in a picture do not matter if there is a
    /// share beside them.
    pub fn shares(
        &self,
        set: Option<&GuardianSet>,
        open: impl FnOnce(&[u8]) -> Result<SecretBytes, CeremonyError>,
    ) -> Result<Vec<Share>, CeremonyError> {
        let (mut shares, mut refused) = (Vec::new(), None);
        for text in self.texts(open)? {
            match parse(&self.name, &text, set) {
                Ok(share) => shares.push(share),
                Err(error) => refused = Some(error),
            }
        }
        match refused {
            Some(error) if shares.is_empty() => Err(error),
            _ => Ok(shares),
        }
    }

    fn texts(
        &self,
        open: impl FnOnce(&[u8]) -> Result<SecretBytes, CeremonyError>,
    ) -> Result<Vec<Zeroizing<String>>, CeremonyError> {
        let bad = |source: Box<dyn std::error::Error + Send + Sync>| CeremonyError::ShareFile {
            file: self.name.clone(),
            source,
        };
        Ok(match self.form {
            Form::Image => scan::scan(self.bytes.expose()).map_err(|e| bad(e.into()))?,
            Form::Text => vec![text::words_of(self.bytes.expose()).map_err(|e| bad(e.into()))?],
            Form::Age(_) => {
                let opened = open(self.bytes.expose())?;
                vec![text::words_of(opened.expose()).map_err(|e| bad(e.into()))?]
            }
        })
    }
}

/// What to tell a person about words that are no share: the reason, and what was probably meant. It may name
/// a word of the share, so it is for the screen on which the words are typed.
pub fn advice(words: &str, error: &ShareError, set: Option<&GuardianSet>) -> String {
    let Some(suggestion) = mend::suggest(words) else {
        return format!("{error}; look at every word again");
    };
    let whose = set.and_then(|set| suggestion.whose(set));
    let owner = whose.map_or("This share".to_owned(), |guardian| format!("{}'s share", guardian.name));
    let likely = suggestion.likely().map(|word| format!(" (it looks like {word})")).unwrap_or_default();
    format!("{owner} is damaged: {suggestion}{likely}. Look at the sheet")
}

/// The same without any word: for logs, files and scripts.
pub fn damage(words: &str, error: &ShareError, set: Option<&GuardianSet>) -> String {
    let Some(suggestion) = mend::suggest(words) else { return error.to_string() };
    match set.and_then(|set| suggestion.whose(set)) {
        Some(guardian) => format!("{}'s share is damaged: {suggestion}", guardian.name),
        None => format!("the share is damaged: {suggestion}"),
    }
}

/// Parses a share of a file.
pub fn parse(file: &str, words: &str, set: Option<&GuardianSet>) -> Result<Share, CeremonyError> {
    Share::parse(words).map_err(|error| CeremonyError::DamagedShare {
        file: file.to_owned(),
        reason: damage(words, &error, set),
    })
}

/// Combines legacy shares, one file of hex or base64 each, and takes the result only as the expected identity.
pub fn combine_sharks(paths: &[PathBuf], expected: &Expected) -> Result<PersonIdentity, CeremonyError> {
    let mut texts = Vec::with_capacity(paths.len());
    for path in paths {
        texts.push(files::read_secret(path, LEGACY_CAP)?);
    }
    // What is no text is no share either, and is refused by its number.
    let texts: Vec<&str> =
        texts.iter().map(|bytes| std::str::from_utf8(bytes.expose()).unwrap_or_default().trim()).collect();
    let combined = legacy::combine_sharks(&texts)?;
    let secret = match Identity::from_key_file(combined.expose()) {
        Ok(identity) => Secret::from_slice(identity.secret().expose()),
        Err(_) => Secret::from_slice(combined.expose()),
    };
    expected.identity(secret.ok_or_else(|| CeremonyError::AnotherIdentity(expected.name.clone()))?)
}
