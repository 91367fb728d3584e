//! QR codes out of photos and scans. Everything here is data from outside: sizes are judged before
//! memory is taken for them.

mod pages;
mod picture;
mod search;

use std::io::Cursor;

use image::{ImageDecoder, codecs::jpeg::JpegDecoder, codecs::png::PngDecoder};
use zeroize::Zeroizing;

use self::picture::Picture;

/// Largest file that is read, in bytes.
pub const FILE_CAP: usize = 64 << 20;
/// Largest picture, in pixels: an A4 page at 600 dpi has 35 million.
pub const PIXEL_CAP: u64 = 64 << 20;
/// Largest number of pictures that are looked at in one PDF, and of their pixels together.
const PICTURE_CAP: usize = 64;
const TOTAL_PIXEL_CAP: u64 = 4 * PIXEL_CAP;

/// Why a picture gave no text.
#[derive(Debug, thiserror::Error)]
pub enum ScanError {
    #[error("it is not a PNG, JPEG or PDF file")]
    Format,
    #[error("the file is {len} bytes long; at most {FILE_CAP} are read")]
    FileTooLarge { len: usize },
    #[error("the picture has {width} x {height} pixels; at most {PIXEL_CAP} in all are read")]
    TooManyPixels { width: u64, height: u64 },
    #[error("the PDF holds more pictures than are looked through; give one page at a time")]
    TooManyPictures,
    #[error("the picture is damaged: {0}")]
    Damaged(String),
    #[error("there is no picture in the PDF that can be read; save its page as PNG or JPEG")]
    NoPicture,
    #[error(
        "no QR code was found or could be read; hold the camera straight, close and still, with more light, \
         or type the words"
    )]
    NoQr,
}

/// The texts of all QR codes that were read, each once. Never empty.
pub fn scan(bytes: &[u8]) -> Result<Vec<Zeroizing<String>>, ScanError> {
    if bytes.len() > FILE_CAP {
        return Err(ScanError::FileTooLarge { len: bytes.len() });
    }
    let mut found: Vec<Zeroizing<String>> = Vec::new();
    for picture in pictures(bytes)? {
        for text in search::texts(&picture) {
            if !found.contains(&text) {
                found.push(text);
            }
        }
    }
    if found.is_empty() { Err(ScanError::NoQr) } else { Ok(found) }
}

/// Whether a file is of a kind that [`scan`] looks at.
pub fn is_picture(bytes: &[u8]) -> bool {
    Kind::of(bytes).is_some()
}

enum Kind {
    Png,
    Jpeg,
    Pdf,
}

impl Kind {
    fn of(bytes: &[u8]) -> Option<Self> {
        // Some writers put a few bytes before a PDF's first line (ISO 32000-1, note in 7.5.2).
        let start = bytes.get(..1024).unwrap_or(bytes);
        if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
            Some(Self::Png)
        } else if bytes.starts_with(&[0xff, 0xd8, 0xff]) {
            Some(Self::Jpeg)
        } else if start.windows(5).any(|window| window == b"%PDF-") {
            Some(Self::Pdf)
        } else {
            None
        }
    }
}

fn pictures(bytes: &[u8]) -> Result<Vec<Picture>, ScanError> {
    match Kind::of(bytes).ok_or(ScanError::Format)? {
        Kind::Png => Ok(vec![png(bytes)?]),
        Kind::Jpeg => Ok(vec![jpeg(bytes)?]),
        Kind::Pdf => pages::pictures(bytes),
    }
}

fn png(bytes: &[u8]) -> Result<Picture, ScanError> {
    decode(PngDecoder::new(Cursor::new(bytes)).map_err(damaged)?)
}

fn jpeg(bytes: &[u8]) -> Result<Picture, ScanError> {
    decode(JpegDecoder::new(Cursor::new(bytes)).map_err(damaged)?)
}

fn decode(decoder: impl ImageDecoder) -> Result<Picture, ScanError> {
    let (width, height) = decoder.dimensions();
    check_pixels(width.into(), height.into())?;
    let image = image::DynamicImage::from_decoder(decoder).map_err(damaged)?;
    Ok(Picture::from_image(image))
}

fn check_pixels(width: u64, height: u64) -> Result<u64, ScanError> {
    let pixels = width.saturating_mul(height);
    if pixels > PIXEL_CAP { Err(ScanError::TooManyPixels { width, height }) } else { Ok(pixels) }
}

fn damaged(error: image::ImageError) -> ScanError {
    ScanError::Damaged(error.to_string())
}

#[cfg(test)]
#[path = "scan/scan_tests.rs"]
mod tests;
