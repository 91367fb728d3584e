//! Guardian sheets: one share on one page, as PDF, QR code and text, and the way back from a photo, a
//! scan or a text file to the words.
#![doc = include_str!("print/format.md")]

mod pdf;
pub mod qr;
pub mod scan;
pub mod sheet;
pub mod text;

/// Words of one share: a 256-bit secret in SLIP-39.
pub const WORDS: usize = 33;

/// Why a sheet could not be made.
#[derive(Debug, thiserror::Error)]
pub enum PrintError {
    #[error("a sheet holds {WORDS} words; there are {0}")]
    WordCount(usize),
    #[error("share {member} of {count} with threshold {threshold} is no share")]
    Member { member: u8, count: u8, threshold: u8 },
    #[error("the words do not fit into a QR code")]
    Qr(#[source] qrcode::types::QrError),
    #[error("the PNG could not be written")]
    Png(#[source] image::ImageError),
}
