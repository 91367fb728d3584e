//! Looking for QR codes in a picture: as it is, then smaller, larger, softer, harder, turned, until one
//! is read. A code that the decoder gives is right or not given: Reed-Solomon and the words' own
//! checksum stand behind it.

use std::sync::mpsc::{self, RecvTimeoutError, SyncSender};
use std::thread;
use std::time::{Duration, Instant};

use rqrr::PreparedImage;
use zeroize::Zeroizing;

use super::{ScanError, patterns, picture::Picture};

/// Longest text of a code that is taken, in bytes.
const TEXT_CAP: usize = 4096;
/// Fewest words of a share (SLIP-39: of 128 bits).
const FEWEST_WORDS: usize = 20;

/// Lengths of the longer side at which a picture is looked at, the likeliest first.
const SIDES: [u32; 5] = [1600, 1000, 2400, 700, 3600];
/// How many of them are tried even after a code was read: sheets side by side may need different ones.
const ALWAYS: usize = 2;
/// How many of them are tried with every change.
const CHANGED: usize = 3;

/// What was found so far in the pictures of one file.
pub(super) struct Search {
    time: Duration,
    deadline: Instant,
    found: Vec<Zeroizing<String>>,
}

impl Search {
    /// A search that takes no longer than `time`.
    pub(super) fn new(time: Duration) -> Self {
        Self { time, deadline: Instant::now() + time, found: Vec::new() }
    }

    /// Looks through one picture. The decoder cannot be interrupted and compares every finder pattern with
    /// all others, so it works on a thread that is left behind when time is up: it ends, and wipes its
    /// picture, with the decoder's current attempt or with the program. As nothing is looked at after
    /// [`ScanError::Slow`], that is one thread per file.
    pub(super) fn look(&mut self, picture: Picture) -> Result<(), ScanError> {
        if Instant::now() >= self.deadline {
            return Err(ScanError::Slow(self.time));
        }
        let (teller, attempts) = mpsc::sync_channel(1);
        let thread = thread::Builder::new().name("qr".into());
        let thread = thread.spawn(move || attempt(&picture, &teller)).map_err(ScanError::Thread)?;
        loop {
            match attempts.recv_timeout(self.deadline.saturating_duration_since(Instant::now())) {
                Ok(texts) => self.add(texts),
                Err(RecvTimeoutError::Timeout) => return Err(ScanError::Slow(self.time)),
                Err(RecvTimeoutError::Disconnected) => break,
            }
        }
        thread.join().map(drop).map_err(|_| ScanError::Damaged("the decoder could not cope with it".into()))
    }

    /// The texts, each once.
    pub(super) fn finish(self) -> Vec<Zeroizing<String>> {
        self.found
    }

    fn add(&mut self, texts: Vec<Zeroizing<String>>) {
        for text in texts {
            if !self.found.contains(&text) {
                self.found.push(text);
            }
        }
    }
}

/// Tells the texts of every attempt at a picture, until words were found, nothing is left to try, or nobody
/// listens any more.
fn attempt(picture: &Picture, teller: &SyncSender<Vec<Zeroizing<String>>>) -> Option<()> {
    let mut done = false;
    let mut tell = |texts: Vec<Zeroizing<String>>| {
        done |= texts.iter().any(|text| is_words(text));
        teller.send(texts).ok().map(|()| done)
    };
    let mut sizes = Vec::new();
    for (tried, side) in sides(picture).into_iter().enumerate() {
        let size = picture.resized(side);
        if tell(read(&size))? && tried + 1 >= ALWAYS {
            return None;
        }
        sizes.push(size);
    }
    sizes.truncate(CHANGED);
    for changed in CHANGES.iter().flat_map(|change| sizes.iter().map(change)) {
        if tell(read(&changed))? {
            return None;
        }
    }
    None
}

/// Whether a text may be a share. The search goes on after any other: a label on the desk has a code too.
fn is_words(text: &str) -> bool {
    text.split(' ').count() >= FEWEST_WORDS
        && text.bytes().all(|byte| byte == b' ' || byte.is_ascii_alphabetic())
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
    if patterns::too_many((width, height), |x, y| image.get_pixel_at(x, y) != 0) {
        return Vec::new();
    }
    let codes = image.detect_grids();
    let texts = codes.iter().filter_map(|code| code.decode().ok()).map(|(_, text)| Zeroizing::new(text));
    texts.filter(|text| !text.is_empty() && text.len() <= TEXT_CAP).collect()
}
