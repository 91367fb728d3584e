//! Pixels of an image in a PDF (ISO 32000-1, 8.9.5), reduced to gray.

use hayro_ccitt::{DecodeSettings, Decoder, DecoderContext, EncodingMode};
use zeroize::Zeroizing;

use super::{Picture, ScanError, Stream};

/// The measures of an image.
pub(super) struct Shape {
    width: usize,
    height: usize,
    /// Bits per sample: 1, 2, 4 or 8.
    bits: usize,
    /// Rows begin with the number of a PNG filter.
    png: bool,
}

impl Shape {
    pub(super) fn of(stream: &Stream, width: u64, height: u64) -> Result<Self, ScanError> {
        let damaged = |_| ScanError::Damaged("an image's size".into());
        let bits = stream.integer(b"BitsPerComponent").unwrap_or(1);
        if !matches!(bits, 1 | 2 | 4 | 8) || width == 0 || height == 0 {
            return Err(ScanError::Damaged("an image's depth".into()));
        }
        Ok(Self {
            width: usize::try_from(width).map_err(damaged)?,
            height: usize::try_from(height).map_err(damaged)?,
            bits: usize::try_from(bits).map_err(damaged)?,
            png: stream.integer(b"Predictor").is_some_and(|predictor| predictor >= 10),
        })
    }

    /// The most bytes such an image has: four samples per pixel.
    pub(super) fn byte_cap(&self) -> u64 {
        (self.height * (self.row(4) + 1)) as u64
    }

    /// Gray of the unpacked samples. How many there are per pixel follows from their number, because
    /// colour spaces often stand elsewhere in the file.
    pub(super) fn unpack(&self, data: &[u8]) -> Option<Picture> {
        let filter = usize::from(self.png);
        // Some writers end the data with a line end or two.
        let samples = [4, 3, 1].into_iter().find(|n| data.len() >= self.height * (self.row(*n) + filter))?;
        let row = self.row(samples);
        let unfiltered;
        let data = if self.png {
            unfiltered = unfilter(data, row, (samples * self.bits).div_ceil(8));
            &unfiltered
        } else {
            data
        };
        let mut pixels = Vec::with_capacity(self.width * self.height);
        for row in data.chunks(row).take(self.height) {
            let pixel = |x: usize| self.gray(row, x, samples);
            pixels.extend((0..self.width).map(pixel));
        }
        self.upright(pixels)
    }

    /// A fax picture (ITU-T T.4 and T.6).
    pub(super) fn fax(&self, stream: &Stream) -> Option<Picture> {
        let encoding = match stream.integer(b"K").unwrap_or(0) {
            ..0 => EncodingMode::Group4,
            0 => EncodingMode::Group3_1D,
            1.. => EncodingMode::Group3_2D,
        };
        let settings = DecodeSettings {
            columns: u32::try_from(self.width).ok()?,
            rows: u32::try_from(self.height).ok()?,
            end_of_block: stream.flag(b"EndOfBlock").unwrap_or(true),
            end_of_line: stream.flag(b"EndOfLine").unwrap_or(false),
            rows_are_byte_aligned: stream.flag(b"EncodedByteAlign").unwrap_or(false),
            encoding,
            strict: false,
        };
        let columns = stream.integer(b"Columns").unwrap_or(1728);
        if usize::try_from(columns).ok()? != self.width {
            return None;
        }
        let mut rows = Rows { shape: self, pixels: Vec::with_capacity(self.width * self.height) };
        // A torn end still leaves the rows before it.
        let _ = hayro_ccitt::decode(stream.data, &mut rows, &mut DecoderContext::new(settings));
        let mut pixels = rows.pixels;
        pixels.resize(self.width * self.height, 255);
        self.upright(pixels)
    }

    /// Bytes in a row of `samples` per pixel.
    fn row(&self, samples: usize) -> usize {
        (self.width * samples * self.bits).div_ceil(8)
    }

    /// The first three samples of a pixel, averaged to 0..=255.
    fn gray(&self, row: &[u8], x: usize, samples: usize) -> u8 {
        let used = samples.min(3);
        let sample = |index: usize| {
            let bit = (x * samples + index) * self.bits;
            let byte = row.get(bit / 8).copied().unwrap_or(0);
            let full = (1u16 << self.bits) - 1;
            let value = (u16::from(byte) >> (8 - self.bits - bit % 8)) & full;
            value * 255 / full
        };
        let sum: u16 = (0..used).map(sample).sum();
        u8::try_from(sum / used.max(1) as u16).unwrap_or(255)
    }

    /// Paper is white: a picture that is mostly dark is one whose black and white are told elsewhere.
    fn upright(&self, mut pixels: Vec<u8>) -> Option<Picture> {
        let light = pixels.iter().filter(|pixel| **pixel >= 128).count();
        if light < pixels.len() / 2 {
            pixels.iter_mut().for_each(|pixel| *pixel = 255 - *pixel);
        }
        Picture::new(u32::try_from(self.width).ok()?, u32::try_from(self.height).ok()?, pixels)
    }
}

/// Takes the rows of a fax.
struct Rows<'a> {
    shape: &'a Shape,
    pixels: Vec<u8>,
}

impl Decoder for Rows<'_> {
    fn push_row(&mut self, changes: &[u32]) {
        let (width, start) = (self.shape.width, self.pixels.len());
        if start >= width * self.shape.height {
            return;
        }
        let mut ink = 255;
        for change in changes.iter().map(|change| *change as usize).chain([width]) {
            let end = start + change.min(width);
            if end > self.pixels.len() {
                self.pixels.resize(end, ink);
            }
            ink = 255 - ink;
        }
    }
}

/// Undoes the PNG filters (W3C PNG, section 9); rows with an unknown filter stay as they are.
fn unfilter(data: &[u8], row: usize, pixel: usize) -> Zeroizing<Vec<u8>> {
    let mut out = Zeroizing::new(Vec::with_capacity(data.len()));
    let mut above = Zeroizing::new(vec![0u8; row]);
    for filtered in data.chunks_exact(row + 1) {
        let Some((filter, filtered)) = filtered.split_first() else { break };
        let mut line = Zeroizing::new(Vec::with_capacity(row));
        for (x, byte) in filtered.iter().enumerate() {
            let before = |line: &[u8]| x.checked_sub(pixel).and_then(|x| line.get(x)).copied().unwrap_or(0);
            let (left, up, corner) = (before(&line), above.get(x).copied().unwrap_or(0), before(&above));
            let guess = match filter {
                1 => left,
                2 => up,
                3 => u8::midpoint(left, up),
                4 => paeth(left, up, corner),
                _ => 0,
            };
            line.push(byte.wrapping_add(guess));
        }
        out.extend_from_slice(&line);
        above = line;
    }
    out
}

fn paeth(left: u8, up: u8, corner: u8) -> u8 {
    let guess = i16::from(left) + i16::from(up) - i16::from(corner);
    let distance = |value: u8| (guess - i16::from(value)).abs();
    let (a, b, c) = (distance(left), distance(up), distance(corner));
    if a <= b && a <= c {
        left
    } else if b <= c {
        up
    } else {
        corner
    }
}
