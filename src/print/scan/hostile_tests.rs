//! Files that were made to cost time or memory, and pictures with more on them than one sheet.

use std::time::Instant;

use image::{GrayImage, Luma, imageops};

use super::{
    tests::{as_jpeg, as_png, code, deflated, in_pdf, noisy, reads},
    *,
};
use crate::print::{
    qr,
    sheet::{Paper, pdf, samples},
};

/// Longer than anything here takes on a slow and busy machine, shorter than what it guards against.
const SOON: Duration = Duration::from_secs(40);

fn chunk(name: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let mut crc = flate2::Crc::new();
    crc.update(name);
    crc.update(data);
    let length = u32::try_from(data.len()).unwrap().to_be_bytes();
    [&length[..], name, data, &crc.sum().to_be_bytes()].concat()
}

/// A PNG of 8 x 8 white pixels whose `name` chunk holds a gibibyte of zeros in about a megabyte.
fn inflating(name: &[u8; 4], head: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    for _ in 0..1024 {
        std::io::Write::write_all(&mut encoder, &vec![0; 1 << 20]).unwrap();
    }
    let bomb = chunk(name, &[head, &encoder.finish().unwrap()].concat());
    assert!(bomb.len() < 2 << 20);
    let mut png = as_png(&GrayImage::from_pixel(8, 8, Luma([255])));
    png.splice(33..33, bomb);
    png
}

#[test]
fn r51_what_inflates_beside_the_pixels_of_a_png_is_not_inflated() {
    for (name, head) in [(b"iCCP", &b"x\0\0"[..]), (b"zTXt", b"x\0\0"), (b"iTXt", b"x\0\x01\0\0\0")] {
        let png = inflating(name, head);
        assert!(image::load_from_memory(&png).is_ok(), "it is a PNG");
        assert_eq!(*pixels_only(&png), as_png(&GrayImage::from_pixel(8, 8, Luma([255]))));
        assert!(matches!(scan(&png), Err(ScanError::NoQr)));
    }
}

#[test]
fn a_png_with_a_palette_and_transparency_is_read() {
    let image = code();
    let (width, height) = image.dimensions();
    let mut rows = Vec::new();
    for row in image.as_raw().chunks_exact(width as usize) {
        rows.push(0);
        rows.extend(row.iter().map(|pixel| u8::from(*pixel < 128)));
    }
    let header = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 3, 0, 0, 0]].concat();
    let png = [
        b"\x89PNG\r\n\x1a\n".to_vec(),
        chunk(b"IHDR", &header),
        chunk(b"tEXt", b"Comment\0nothing"),
        // Both colours are black; the first is transparent.
        chunk(b"PLTE", &[0; 6]),
        chunk(b"tRNS", &[0]),
        chunk(b"IDAT", &deflated(&rows)),
        chunk(b"IEND", b""),
    ];
    assert!(reads(&png.concat()));
    assert!(matches!(scan(&png[..5].concat()), Err(ScanError::Damaged(_))));
}

#[test]
fn r51_a_jpeg_that_is_larger_than_its_page_says_is_not_decoded() {
    let image = code();
    let jpeg = as_jpeg(&image, 70);
    let page = |width: u32, filter| {
        let size = format!("/Width {width} /Height {} /BitsPerComponent 8", image.height());
        format!("{size} /Filter {filter}")
    };
    let wrapped = "[/FlateDecode /DCTDecode]";
    assert!(reads(&in_pdf(&page(image.width(), "/DCTDecode"), &jpeg)));
    assert!(reads(&in_pdf(&page(image.width(), wrapped), &deflated(&jpeg))));
    for width in [1, image.width() - 1, image.width() + 1] {
        let other = in_pdf(&page(width, "/DCTDecode"), &jpeg);
        assert!(matches!(scan(&other), Err(ScanError::NoPicture)));
        assert!(matches!(scan(&in_pdf(&page(width, wrapped), &deflated(&jpeg))), Err(ScanError::NoPicture)));
    }
}

#[test]
fn r51_pictures_that_cannot_be_read_count_as_well() {
    let bomb = deflated(&vec![0; 64 << 20]);
    let one = in_pdf("/Width 1 /Height 1 /BitsPerComponent 8 /Filter [/FlateDecode /DCTDecode]", &bomb);
    assert!(matches!(scan(&one), Err(ScanError::NoPicture)));
    let started = Instant::now();
    assert!(matches!(scan(&one.repeat(65)), Err(ScanError::TooManyPictures)));
    assert!(started.elapsed() < SOON);
    // What we cannot unpack at all costs nothing and may be there for other readers.
    let other = in_pdf("/Width 9999 /Height 9999 /BitsPerComponent 1 /Filter /JBIG2Decode", b"x");
    assert!(matches!(scan(&other.repeat(65)), Err(ScanError::NoPicture)));
}

/// A PDF whose page draws these rectangles: left, bottom, width, height.
fn drawn(rects: impl Iterator<Item = [u32; 4]>) -> Vec<u8> {
    let rects: Vec<String> = rects.map(|[x, y, w, h]| format!("{x} {y} {w} {h} re f\n")).collect();
    let content = deflated(rects.concat().as_bytes());
    let head = format!("%PDF-1.4\n4 0 obj\n<</Length {}/Filter/FlateDecode>>\nstream\n", content.len());
    [head.as_bytes(), &content, b"\nendstream\nendobj\n"].concat()
}

#[test]
fn r51_drawings_are_charged_for_their_pixels() {
    let large = drawn((0..100).map(|i| [10 * i, 10 * i, 1, 1]));
    let count = |pdf: &[u8]| {
        let mut count = 0;
        let outcome = pages::each(pdf, |picture| {
            assert!(picture.width() > 3900 && picture.height() > 3900);
            count += 1;
            Ok(())
        });
        (count, outcome)
    };
    assert!(matches!(count(&large.repeat(10)), (10, Ok(()))));
    let (looked, outcome) = count(&large.repeat(30));
    assert!(looked < 20, "{looked}");
    assert!(matches!(outcome, Err(ScanError::TooManyPictures)));
}

#[test]
fn r51_rectangles_painted_over_each_other_are_given_up() {
    let started = Instant::now();
    let corners = [[0, 0, 1, 1], [999, 999, 1, 1]].into_iter();
    let full = drawn(corners.clone().chain(std::iter::repeat_n([0, 0, 1000, 1000], 99_000)));
    assert!(matches!(scan(&full), Err(ScanError::NoPicture)));
    let thin = drawn(corners.chain((0..99_000).map(|i| [i % 1000, 0, 0, 1000])));
    assert!(matches!(scan(&thin), Err(ScanError::NoPicture)));
    assert!(started.elapsed() < SOON, "{:?}", started.elapsed());
}

/// `across` finder patterns each way, of 7 x 7 squares of `module` pixels, one square apart.
fn finders(across: u32, module: u32) -> GrayImage {
    let dark = |x: u32, y: u32| {
        let (x, y) = (x / module % 8, y / module % 8);
        let ring = x.abs_diff(3).max(y.abs_diff(3));
        x < 7 && y < 7 && ring != 2
    };
    let side = across * 8 * module;
    GrayImage::from_fn(side, side, |x, y| Luma([if dark(x, y) { 0 } else { 255 }]))
}

#[test]
fn r51_a_sheet_full_of_finder_patterns_is_not_compared() {
    let full = |across, module| {
        let image = finders(across, module);
        let (width, height) = (image.width() as usize, image.height() as usize);
        patterns::too_many((width, height), |x, y| image.as_raw()[y * width + x] == 0)
    };
    assert!(full(110, 1) && full(150, 2));
    assert!(!full(30, 2));
}

#[test]
fn r51_the_search_ends_when_its_time_is_up() {
    let started = Instant::now();
    let outcome = scan_within(Duration::from_secs(1), &as_png(&finders(32, 3)));
    assert!(matches!(outcome, Err(ScanError::Slow(_))), "{outcome:?}");
    assert!(started.elapsed() < Duration::from_secs(15), "{:?}", started.elapsed());
    assert!(outcome.unwrap_err().to_string().contains("1 seconds"));
}

#[test]
fn counting_patterns_finds_each_once() {
    for (across, module) in [(3, 1), (3, 2), (12, 4)] {
        let image = finders(across, module);
        let (width, height) = (image.width() as usize, image.height() as usize);
        let dark = |x: usize, y: usize| image.as_raw()[y * width + x] == 0;
        assert_eq!(patterns::count((width, height), dark), (across * across) as usize);
    }
}

#[test]
fn a_code_of_others_neither_hides_nor_ends_the_search() {
    // Of a sheet that is read only after more attempts than the label beside it needs.
    let sheet = noisy(imageops::blur(&code(), 3.0), 25.0);
    let label = qr::png("HTTPS://EXAMPLE.ORG/ASSET/4711").unwrap();
    let label = image::load_from_memory(label.expose()).unwrap().into_luma8();
    let mut desk = GrayImage::from_pixel(sheet.width() + label.width() + 60, 700, Luma([225]));
    imageops::replace(&mut desk, &sheet, 20, 30);
    imageops::replace(&mut desk, &label, i64::from(sheet.width()) + 40, 40);
    let found = scan(&as_png(&desk)).unwrap();
    let texts: Vec<&str> = found.iter().map(|text| text.as_str()).collect();
    assert_eq!(texts, ["HTTPS://EXAMPLE.ORG/ASSET/4711", &samples::PHRASE.to_uppercase()]);
}

#[test]
fn several_sheets_in_one_file_are_all_read() {
    let words = samples::words();
    let others: Vec<Vec<&'static str>> =
        (0..16).map(|i| words.iter().map(|w| if *w == "zero" { words[i] } else { w }).collect()).collect();
    let sheets =
        (1..=16).zip(&others).map(|(member, words)| samples::sheet(words, ("A", "Ann"), (member, 16, 9)));
    let merged: Vec<u8> =
        sheets.flat_map(|sheet| pdf(&sheet, Paper::A4).unwrap().expose().to_vec()).collect();
    let found: Vec<String> = scan(&merged).unwrap().iter().map(|text| text.to_lowercase()).collect();
    let expected: std::collections::BTreeSet<String> = others.iter().map(|words| words.join(" ")).collect();
    assert_eq!(found.into_iter().collect::<std::collections::BTreeSet<_>>(), expected);
}

#[test]
fn what_was_read_before_a_limit_is_given() {
    let image = code();
    let size = format!("/Width {} /Height {} /BitsPerComponent 8", image.width(), image.height());
    let good = in_pdf(&format!("{size} /Filter /FlateDecode"), &deflated(image.as_raw()));
    let huge = in_pdf("/Width 99999999 /Height 99999999 /BitsPerComponent 8 /Filter /FlateDecode", b"");
    assert!(reads(&[good.clone(), huge.clone()].concat()));
    assert!(matches!(scan(&[huge, good].concat()), Err(ScanError::TooManyPixels { .. })));
}
