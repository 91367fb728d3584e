//! QR codes out of photos and scans. Everything here is data from outside: sizes are judged before
//! memory is taken for them.

mod pages;
mod patterns;
mod picture;
mod search;

use std::io::{self, Cursor};
use std::time::Duration;

use image::{ImageDecoder, Limits, codecs::jpeg::JpegDecoder, codecs::png::PngDecoder};
use zeroize::Zeroizing;

use self::{picture::Picture, search::Search};

/// Largest file that is read, in bytes.
pub const FILE_CAP: usize = 64 << 20;
/// Largest picture, in pixels: an A4 page at 600 dpi has 35 million.
pub const PIXEL_CAP: u64 = 64 << 20;
/// Largest number of pictures that are looked at in one PDF, and of their pixels together.
const PICTURE_CAP: usize = 64;
const TOTAL_PIXEL_CAP: u64 = 4 * PIXEL_CAP;
/// Most bytes that a PNG's decoder takes: four samples of 16 bits for every pixel.
const PNG_BYTES: u64 = 8 * PIXEL_CAP;
/// How long the codes of one file are looked for. All ways of looking at one picture take a few seconds.
const TIME_CAP: Duration = Duration::from_secs(30);

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
    #[error(
        "no QR code was found in {} seconds; crop the picture to the code, give one page at a time, or type \
         the words",
        .0.as_secs()
    )]
    Slow(Duration),
    #[error("the search could not be started")]
    Thread(#[source] io::Error),
}

/// The texts of all QR codes that were read, whoever made them, each once. Never empty. What was read before
/// a limit was reached or a later page turned out to be damaged is given all the same.
pub fn scan(bytes: &[u8]) -> Result<Vec<Zeroizing<String>>, ScanError> {
    scan_within(TIME_CAP, bytes)
}

fn scan_within(time: Duration, bytes: &[u8]) -> Result<Vec<Zeroizing<String>>, ScanError> {
    if bytes.len() > FILE_CAP {
        return Err(ScanError::FileTooLarge { len: bytes.len() });
    }
    let mut search = Search::new(time);
    let outcome = match Kind::of(bytes).ok_or(ScanError::Format)? {
        Kind::Png => png(bytes).and_then(|picture| search.look(picture)),
        Kind::Jpeg => jpeg(bytes, None).and_then(|picture| search.look(picture)),
        Kind::Pdf => pages::each(bytes, |picture| search.look(picture)),
    };
    let found = search.finish();
    if found.is_empty() { outcome.and(Err(ScanError::NoQr)) } else { Ok(found) }
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

fn png(bytes: &[u8]) -> Result<Picture, ScanError> {
    let essential = pixels_only(bytes);
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(PNG_BYTES);
    decode(PngDecoder::with_limits(Cursor::new(essential.as_slice()), limits).map_err(damaged)?)
}

/// A PNG without the chunks that say nothing about its pixels (W3C PNG, section 5): a colour profile or a
/// text of a megabyte may inflate to a gigabyte.
fn pixels_only(png: &[u8]) -> Zeroizing<Vec<u8>> {
    let mut out = Zeroizing::new(Vec::with_capacity(png.len()));
    let (signature, mut rest) = png.split_at_checked(8).unwrap_or((png, &[]));
    out.extend_from_slice(signature);
    while let Some(([a, b, c, d, name @ ..], _)) = rest.split_first_chunk::<8>() {
        let length = u32::from_be_bytes([*a, *b, *c, *d]) as usize;
        // Length, name and checksum are 12 bytes more.
        let (chunk, after) = rest.split_at_checked(length.saturating_add(12)).unwrap_or((rest, &[]));
        if matches!(name, b"IHDR" | b"PLTE" | b"tRNS" | b"IDAT" | b"IEND") {
            out.extend_from_slice(chunk);
        }
        rest = after;
    }
    out
}

/// `size` is what the picture must measure, if that was said elsewhere.
fn jpeg(bytes: &[u8], size: Option<(u64, u64)>) -> Result<Picture, ScanError> {
    let decoder = JpegDecoder::new(Cursor::new(bytes)).map_err(damaged)?;
    let (width, height) = decoder.dimensions();
    if size.is_some_and(|size| size != (width.into(), height.into())) {
        return Err(ScanError::Damaged("it is not as large as the PDF says".into()));
    }
    decode(decoder)
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
#[path = "scan/hostile_tests.rs"]
mod hostile_tests;
#[cfg(test)]
#[path = "scan/scan_tests.rs"]
mod tests;
