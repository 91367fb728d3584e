//! Files that may also come as a picture of their QR code, and QR codes that are drawn beside a file.

use std::path::Path;

use crate::ceremony::{CeremonyError, approve, letters::Letter, requests};
use crate::cli::error::CommandError;
use crate::cli::files::{self, NewFile};
use crate::print::{PrintError, qr, scan};
use crate::request::{Approval, SignedRequest};
use crate::secret::SecretBytes;

/// A request from its file, or from a picture of its QR code.
pub(crate) fn request(path: &Path) -> Result<SignedRequest, CommandError> {
    Ok(requests::parse(&letter(path, Letter::Request, requests::FILE_CAP)?)?)
}

/// An approval, likewise. What it is worth, nodes and `request status` judge.
pub(crate) fn approval(path: &Path) -> Result<Approval, CommandError> {
    Ok(approve::parse(&letter(path, Letter::Approval, approve::FILE_CAP)?, path)?)
}

fn letter(path: &Path, what: Letter, cap: usize) -> Result<Vec<u8>, CommandError> {
    match read(path, what.prefix(), cap)? {
        Content::File(bytes) => Ok(bytes),
        Content::Code(text) => Ok(what.from_text(&text, cap)?),
    }
}

/// What was found in a file.
pub(crate) enum Content {
    /// Its bytes.
    File(Vec<u8>),
    /// It is a picture: the text of the QR code in it that has the prefix.
    Code(String),
}

/// Reads a file of at most `cap` bytes, or a picture.
pub(crate) fn read(path: &Path, prefix: &str, cap: usize) -> Result<Content, CommandError> {
    let bytes = files::read(path, scan::FILE_CAP as u64)?;
    let name = path.display();
    if !scan::is_picture(&bytes) {
        if bytes.len() > cap {
            return Err(CommandError::fixable(format!(
                "{name} has {} bytes; at most {cap} are read",
                bytes.len()
            )));
        }
        return Ok(Content::File(bytes));
    }
    let texts = scan::scan(&bytes).map_err(|error| CommandError::fixable(format!("{name}: {error}")))?;
    let mut fitting = texts.iter().filter(|text| text.starts_with(prefix));
    match (fitting.next(), fitting.next()) {
        (Some(text), None) => Ok(Content::Code(text.to_string())),
        (None, _) => Err(CommandError::fixable(format!("{name}: no QR code in it begins with {prefix}"))),
        _ => Err(CommandError::fixable(format!("{name}: more than one QR code in it begins with {prefix}"))),
    }
}

/// The file of a QR code that is to be drawn, and how.
pub(crate) struct Picture {
    file: NewFile,
    draw: fn(&str) -> Result<SecretBytes, PrintError>,
}

impl Picture {
    /// Refuses what is there already, or is no kind of picture that is drawn.
    pub(crate) fn plan(path: &Path) -> Result<Self, CommandError> {
        let kind = path.extension().and_then(|kind| kind.to_str()).map(str::to_ascii_lowercase);
        let draw = match kind.as_deref() {
            Some("svg") => qr::dense_svg,
            Some("png") => qr::dense_png,
            _ => return Err(CommandError::usage("a QR code is drawn as .svg or .png")),
        };
        Ok(Self { file: NewFile::plan(path)?, draw })
    }

    /// Draws a text; nothing is written yet.
    pub(crate) fn draw(
        self,
        text: Result<String, CeremonyError>,
        nothing: &'static str,
    ) -> Result<Drawn, CommandError> {
        let text = text.map_err(|error| {
            CommandError::fixable(format!("this does not go into one QR code: {error}"))
                .state(nothing)
                .hint("the same command without --qr")
        })?;
        let drawn = (self.draw)(&text).map_err(CeremonyError::from)?;
        Ok(Drawn { file: self.file, bytes: drawn.expose().to_vec() })
    }
}

/// A picture that is ready.
pub(crate) struct Drawn {
    file: NewFile,
    bytes: Vec<u8>,
}

impl Drawn {
    /// Writes it, after the file that it shows.
    pub(crate) fn write(self, shows: &Path) -> Result<(), CommandError> {
        let state = format!("{} was written; its picture was not", shows.display());
        self.file.write(&self.bytes).map_err(|error| error.state(state))
    }
}
