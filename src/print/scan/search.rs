//! Looking for QR codes in a picture: as it is, then smaller, larger, softer, harder, turned, until one
//! is read. A code that the decoder gives is right or not given: Reed-Solomon and the words' own
//! checksum stand behind it.

use rqrr::PreparedImage;
use zeroize::Zeroizing;

use super::picture::Picture;

/// Longest text of a code that is taken, in bytes.
const TEXT_CAP: usize = 4096;

/// Lengths of the longer side at which a picture is looked at, the likeliest first.
const SIDES: [u32; 5] = [1600, 1000, 2400, 700, 3600];
/// How many of them are tried even after a code was read: sheets side by side may need different ones.
const ALWAYS: usize = 2;
/// How many of them are tried with every change.
const CHANGED: usize = 3;

/// The texts of the codes in a picture, each once.
pub(super) fn texts(picture: &Picture) -> Vec<Zeroizing<String>> {
    let mut found = Vec::new();
    let mut sizes = Vec::new();
    for (tried, side) in sides(picture).into_iter().enumerate() {
        if tried >= ALWAYS && !found.is_empty() {
            break;
        }
        let size = picture.resized(side);
        found.extend(read(&size));
        sizes.push(size);
    }
    sizes.truncate(CHANGED);
    let tries = CHANGES.iter().flat_map(|change| sizes.iter().map(change));
    for changed in tries {
        if !found.is_empty() {
            break;
        }
        found.extend(read(&changed));
    }
    unique(found)
}

type Change = fn(&Picture) -> Picture;

const CHANGES: [Change; 10] = [
    |picture| picture.blurred(1.0),
    |picture| picture.thresholded(window(picture, 1), 128),
    |picture| picture.sharpened(1.5),
    |picture| picture.blurred(0.7).thresholded(window(picture, 60), 16),
    |picture| picture.thresholded(window(picture, 24), 20),
    |picture| picture.turned(45.0),
    |picture| picture.sharpened(4.0),
    |picture| picture.blurred(2.0).thresholded(window(picture, 24), 5),
    |picture| picture.turned(22.0),
    |picture| picture.turned(68.0),
];

fn window(picture: &Picture, parts: u32) -> u32 {
    picture.width().max(picture.height()) / parts
}

/// The sizes worth a look: of a small picture its own, larger and smaller, of a large one smaller ones.
fn sides(picture: &Picture) -> Vec<u32> {
    let own = picture.width().max(picture.height());
    if own <= 1200 {
        return vec![own, own.saturating_mul(3) / 2, own.div_ceil(2), own.saturating_mul(5) / 2];
    }
    let mut sides: Vec<u32> = SIDES.into_iter().filter(|side| *side < own).collect();
    if own <= 3600 {
        sides.insert(if own <= 1600 { 0 } else { 1 }, own);
    }
    sides
}

fn read(picture: &Picture) -> Vec<Zeroizing<String>> {
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let mut image = PreparedImage::prepare_from_greyscale(width, height, |x, y| picture.pixel(x, y));
    let codes = image.detect_grids();
    let texts = codes.iter().filter_map(|code| code.decode().ok()).map(|(_, text)| Zeroizing::new(text));
    texts.filter(|text| !text.is_empty() && text.len() <= TEXT_CAP).collect()
}

fn unique(texts: Vec<Zeroizing<String>>) -> Vec<Zeroizing<String>> {
    let mut unique: Vec<Zeroizing<String>> = Vec::new();
    for text in texts {
        if !unique.contains(&text) {
            unique.push(text);
        }
    }
    unique
}
