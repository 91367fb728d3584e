//! Pictures out of a PDF, without its page tree: every stream that is an image (as scanners write them:
//! JPEG, Flate or CCITT fax), and filled rectangles (as our own sheets draw their code). A PDF library
//! would read more kinds of file; the small one there is inflates streams without a bound.

mod raster;
mod vector;

use std::io::Read as _;

use flate2::read::ZlibDecoder;
use zeroize::Zeroizing;

use super::{PICTURE_CAP, ScanError, TOTAL_PIXEL_CAP, check_pixels, jpeg, picture::Picture};

/// Longest dictionary in front of a stream that is looked at, in bytes.
const DICT_CAP: usize = 8 << 10;
/// Longest page description that is read, in bytes.
const CONTENT_CAP: u64 = 4 << 20;
/// Most streams that are read as page descriptions: fonts and tables look alike before they are inflated.
const CONTENTS: usize = 4 * PICTURE_CAP;
/// What the JPEG in a stream may need for itself and for each pixel, in bytes.
const JPEG_HEAD: u64 = 1 << 20;
const JPEG_PIXEL: u64 = 4;

/// Hands over one picture after the other, in the order of the file.
pub(super) fn each(
    pdf: &[u8],
    mut look: impl FnMut(Picture) -> Result<(), ScanError>,
) -> Result<(), ScanError> {
    let mut budget = Budget::default();
    let mut contents = 0;
    let mut any = false;
    for stream in Streams(pdf) {
        let picture = if stream.is_image() {
            image(&stream, &mut budget)?
        } else if contents < CONTENTS {
            contents += 1;
            drawing(&stream, &mut budget)?
        } else {
            None
        };
        if let Some(picture) = picture {
            any = true;
            look(picture)?;
        }
    }
    if any { Ok(()) } else { Err(ScanError::NoPicture) }
}

/// What was spent on one file, be there a picture in the end or not.
#[derive(Default)]
struct Budget {
    pictures: usize,
    pixels: u64,
}

impl Budget {
    /// To be called before a picture of this size is made.
    fn charge(&mut self, width: u64, height: u64) -> Result<(), ScanError> {
        self.pictures += 1;
        self.pixels = self.pixels.saturating_add(check_pixels(width, height)?);
        let exceeded = self.pictures > PICTURE_CAP || self.pixels > TOTAL_PIXEL_CAP;
        if exceeded { Err(ScanError::TooManyPictures) } else { Ok(()) }
    }
}

/// How the bytes of an image are packed.
#[derive(Clone, Copy)]
enum Packing {
    Plain,
    Flate,
    Jpeg,
    FlateJpeg,
    Fax,
}

impl Packing {
    fn of(stream: &Stream) -> Option<Self> {
        let filters = stream.filters();
        match filters.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
            [] => Some(Self::Plain),
            ["FlateDecode" | "Fl"] => Some(Self::Flate),
            ["DCTDecode" | "DCT"] => Some(Self::Jpeg),
            ["FlateDecode" | "Fl", "DCTDecode" | "DCT"] => Some(Self::FlateJpeg),
            ["CCITTFaxDecode" | "CCF"] => Some(Self::Fax),
            _ => None,
        }
    }
}

/// The picture in an image stream. One in a form we do not read is passed over: another may hold the code.
fn image(stream: &Stream, budget: &mut Budget) -> Result<Option<Picture>, ScanError> {
    let Some(packing) = Packing::of(stream) else { return Ok(None) };
    let (width, height) = (stream.number(b"Width")?, stream.number(b"Height")?);
    budget.charge(width, height)?;
    Ok(unpack(stream, packing, (width, height)).ok().flatten())
}

fn unpack(
    stream: &Stream,
    packing: Packing,
    (width, height): (u64, u64),
) -> Result<Option<Picture>, ScanError> {
    let shape = raster::Shape::of(stream, width, height)?;
    match packing {
        Packing::Plain => Ok(shape.unpack(stream.data)),
        Packing::Flate => Ok(shape.unpack(&inflate(stream.data, shape.byte_cap())?)),
        Packing::Jpeg => jpeg(stream.data, Some((width, height))).map(Some),
        Packing::FlateJpeg => {
            let data = inflate(stream.data, JPEG_HEAD + JPEG_PIXEL * width * height)?;
            jpeg(&data, Some((width, height))).map(Some)
        }
        Packing::Fax => Ok(shape.fax(stream)),
    }
}

/// The picture that a page description draws, if it is one and draws one.
fn drawing(stream: &Stream, budget: &mut Budget) -> Result<Option<Picture>, ScanError> {
    let Some(drawing) = content(stream).and_then(|content| vector::Drawing::of(&content)) else {
        return Ok(None);
    };
    let (width, height) = drawing.size();
    budget.charge(width as u64, height as u64)?;
    Ok(drawing.picture())
}

/// What a stream that is no image says, if it may describe a page.
fn content(stream: &Stream) -> Option<Zeroizing<Vec<u8>>> {
    let filters = stream.filters();
    match filters.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["FlateDecode" | "Fl"] => inflate(stream.data, CONTENT_CAP).ok(),
        [] if stream.data.len() as u64 <= CONTENT_CAP => Some(Zeroizing::new(stream.data.to_vec())),
        _ => None,
    }
}

/// Inflates at most `cap` bytes; what comes after is dropped, as is what follows damage.
fn inflate(data: &[u8], cap: u64) -> Result<Zeroizing<Vec<u8>>, ScanError> {
    let mut out = Zeroizing::new(Vec::new());
    match ZlibDecoder::new(data).take(cap).read_to_end(&mut out) {
        Err(error) if out.is_empty() => Err(ScanError::Damaged(error.to_string())),
        _ => Ok(out),
    }
}

/// One stream object: the text of its dictionary, and its bytes.
struct Stream<'a> {
    dict: &'a [u8],
    data: &'a [u8],
}

impl Stream<'_> {
    fn is_image(&self) -> bool {
        self.value(b"Subtype").is_some_and(|value| value.starts_with(b"/Image"))
    }

    /// A whole number, or an error that names no key: such a file was not made by a scanner.
    fn number(&self, key: &[u8]) -> Result<u64, ScanError> {
        let missing = || ScanError::Damaged("an image without its size".into());
        self.integer(key).and_then(|number| u64::try_from(number).ok()).ok_or_else(missing)
    }

    fn integer(&self, key: &[u8]) -> Option<i64> {
        let value = self.value(key)?;
        let length = value.iter().take_while(|byte| byte.is_ascii_digit() || **byte == b'-').count();
        std::str::from_utf8(value.get(..length)?).ok()?.parse().ok()
    }

    fn flag(&self, key: &[u8]) -> Option<bool> {
        let value = self.value(key)?;
        if value.starts_with(b"true") { Some(true) } else { value.starts_with(b"false").then_some(false) }
    }

    /// What stands behind a key, anywhere in the dictionary: the keys asked for occur on one level only.
    fn value(&self, key: &[u8]) -> Option<&[u8]> {
        let mut rest = self.dict;
        while let Some(at) = rest.iter().position(|byte| *byte == b'/') {
            rest = rest.get(at + 1..)?;
            if let Some(value) = rest.strip_prefix(key)
                && value.first().is_none_or(|byte| !byte.is_ascii_alphanumeric())
            {
                return Some(value.trim_ascii_start());
            }
        }
        None
    }

    /// The names of the filters, outermost first.
    fn filters(&self) -> Vec<String> {
        let Some(value) = self.value(b"Filter") else { return Vec::new() };
        let list = match value.strip_prefix(b"[") {
            Some(list) => list.split(|byte| *byte == b']').next().unwrap_or_default(),
            None => {
                let end = value.iter().skip(1).position(|byte| !byte.is_ascii_alphanumeric());
                value.get(..end.map_or(value.len(), |end| end + 1)).unwrap_or_default()
            }
        };
        let names = list.split(|byte| *byte == b'/').skip(1).take(8);
        names.map(|name| String::from_utf8_lossy(name.trim_ascii()).into_owned()).collect()
    }
}

/// Goes through the bytes of a PDF from one stream to the next.
struct Streams<'a>(&'a [u8]);

impl<'a> Iterator for Streams<'a> {
    type Item = Stream<'a>;

    fn next(&mut self) -> Option<Stream<'a>> {
        let at = find(self.0, b"stream")?;
        let (before, rest) = self.0.split_at_checked(at)?;
        let rest = rest.strip_prefix(b"stream")?;
        let data = rest.strip_prefix(b"\r\n").or_else(|| rest.strip_prefix(b"\n")).unwrap_or(rest);
        let end = find(data, b"endstream").unwrap_or(data.len());
        let (data, rest) = data.split_at_checked(end)?;
        self.0 = rest.strip_prefix(b"endstream").unwrap_or(rest);
        let near = before.get(before.len().saturating_sub(DICT_CAP)..).unwrap_or(before);
        let start = near.windows(4).rposition(|window| window == b" obj").unwrap_or(0);
        Some(Stream { dict: near.get(start..).unwrap_or(near), data })
    }
}

fn find(bytes: &[u8], needle: &[u8]) -> Option<usize> {
    bytes.windows(needle.len()).position(|window| window == needle)
}
