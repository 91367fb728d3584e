//! Pictures as cameras and scanners make them, and as nobody should.

use std::io::Write as _;

use image::{DynamicImage, GrayImage, Luma, codecs::jpeg::JpegEncoder, imageops};

use super::*;
use crate::print::{qr, sheet::samples::PHRASE};

pub(super) fn code() -> GrayImage {
    image::load_from_memory(qr::png(PHRASE).unwrap().expose()).unwrap().into_luma8()
}

pub(super) fn as_png(image: &GrayImage) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    image.write_to(&mut out, image::ImageFormat::Png).unwrap();
    out.into_inner()
}

pub(super) fn as_jpeg(image: &GrayImage, quality: u8) -> Vec<u8> {
    let mut out = Vec::new();
    let image = DynamicImage::ImageLuma8(image.clone()).into_rgb8();
    JpegEncoder::new_with_quality(&mut out, quality).encode_image(&image).unwrap();
    out
}

/// Gaussian enough, from a generator of its own, so that every run sees the same pictures.
fn noise(image: &mut GrayImage, strength: f32) {
    let mut state = 88_172_645_463_325_252u64;
    let mut uniform = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 40) as f32 / (1u64 << 24) as f32
    };
    for pixel in image.pixels_mut() {
        let bell: f32 = (0..6).map(|_| uniform()).sum::<f32>() - 3.0;
        pixel.0[0] = (f32::from(pixel.0[0]) + bell * strength).clamp(0.0, 255.0) as u8;
    }
}

/// Seen from the side: turned by `degrees`, sheared, nearer on one side than on the other.
fn seen(image: &GrayImage, degrees: f32, shear: f32, depth: f32) -> GrayImage {
    let (sin, cos) = degrees.to_radians().sin_cos();
    let middle = image.width() as f32 / 2.0;
    let side = (image.width() as f32 * 1.7) as u32;
    GrayImage::from_fn(side, side, |x, y| {
        let (x, y) = (x as f32 - side as f32 / 2.0, y as f32 - side as f32 / 2.0);
        let near = 1.0 + depth * x / side as f32;
        let (u, v) = ((x * cos + y * sin) / near, (y * cos - x * sin) / near);
        let (u, v) = (u + shear * v + middle, v + middle);
        if u < 0.0 || v < 0.0 || u >= 2.0 * middle - 1.0 || v >= 2.0 * middle - 1.0 {
            return Luma([200]);
        }
        let (left, top, dx, dy) = (u as u32, v as u32, u.fract(), v.fract());
        let at = |x, y| f32::from(image.get_pixel(x, y).0[0]);
        let row = |y| at(left, y) * (1.0 - dx) + at(left + 1, y) * dx;
        Luma([(row(top) * (1.0 - dy) + row(top + 1) * dy) as u8])
    })
}

fn relit(mut image: GrayImage, light: impl Fn(f32, f32) -> f32) -> GrayImage {
    let (width, height) = image.dimensions();
    for (x, y, pixel) in image.enumerate_pixels_mut() {
        let light = light(x as f32 / width as f32, y as f32 / height as f32);
        pixel.0[0] = (f32::from(pixel.0[0]) * light) as u8;
    }
    image
}

fn scaled(image: &GrayImage, scale: f32) -> GrayImage {
    let side = (image.width() as f32 * scale) as u32;
    imageops::resize(image, side, side, imageops::FilterType::Triangle)
}

pub(super) fn noisy(mut image: GrayImage, strength: f32) -> GrayImage {
    noise(&mut image, strength);
    image
}

fn distorted() -> Vec<(String, Vec<u8>)> {
    let code = code();
    let straight = seen(&code, 4.0, 0.0, 0.0);
    let mut cases = Vec::new();
    let mut add = |name: String, image: &GrayImage, quality| cases.push((name, as_jpeg(image, quality)));
    for degrees in [0.0, 3.0, 10.0, 30.0, 45.0, 90.0, 180.0, 213.0] {
        add(format!("turned by {degrees}"), &seen(&code, degrees, 0.0, 0.0), 85);
    }
    for scale in [0.6, 0.5, 0.4, 0.35] {
        add(format!("scaled by {scale}"), &scaled(&code, scale), 85);
    }
    for sigma in [1.0, 2.0, 3.0] {
        add(format!("blurred by {sigma}"), &imageops::blur(&straight, sigma), 85);
    }
    for (shear, depth) in [(0.1, 0.0), (0.3, 0.0), (0.0, 0.3), (0.1, 0.4)] {
        add(format!("sheared by {shear}, depth {depth}"), &seen(&code, 7.0, shear, depth), 80);
    }
    for quality in [60, 40, 20] {
        add(format!("JPEG quality {quality}"), &straight, quality);
    }
    for strength in [10.0, 25.0, 40.0] {
        add(format!("noise {strength}"), &noisy(straight.clone(), strength), 70);
    }
    let pale = relit(straight.clone(), |_, _| 0.14);
    add("dark, low contrast".into(), &noisy(pale, 1.5), 85);
    let uneven = relit(straight.clone(), |x, y| 0.2 + 0.4 * (x + y));
    add("uneven light".into(), &noisy(uneven, 4.0), 80);
    let shadow = relit(straight.clone(), |x, y| if x < 0.4 + 0.2 * y { 0.45 } else { 1.0 });
    add("a shadow across".into(), &noisy(shadow, 5.0), 70);
    let photo = relit(seen(&scaled(&code, 0.7), 197.0, 0.1, 0.3), |x, _| 0.5 + 0.4 * x);
    add("all at once".into(), &noisy(imageops::blur(&photo, 1.0), 6.0), 60);
    add("mirrored".into(), &imageops::flip_horizontal(&code), 80);
    cases
}

/// A picture inside a PDF, without the rest of the file.
pub(super) fn in_pdf(dict: &str, data: &[u8]) -> Vec<u8> {
    let head = format!(
        "%PDF-1.4\n7 0 obj\n<</Type/XObject/Subtype /Image {dict} /Length {}>>\nstream\r\n",
        data.len()
    );
    [head.as_bytes(), data, b"\nendstream\nendobj\n"].concat()
}

pub(super) fn deflated(data: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(data).unwrap();
    encoder.finish().unwrap()
}

pub(super) fn reads(file: &[u8]) -> bool {
    match scan(file) {
        Ok(found) => {
            let texts: Vec<&str> = found.iter().map(|text| text.as_str()).collect();
            assert_eq!(texts, [PHRASE.to_uppercase()], "another text than the right one");
            true
        }
        Err(ScanError::NoQr) => false,
        Err(error) => panic!("{error}"),
    }
}

#[test]
fn photos_are_read_better_than_by_the_decoder_alone() {
    let cases = distorted();
    let bare = |file: &[u8]| {
        let image = image::load_from_memory(file).unwrap().into_luma8();
        let (width, height) = (image.width() as usize, image.height() as usize);
        let pixel = |x: usize, y: usize| image.get_pixel(x as u32, y as u32).0[0];
        let mut prepared = rqrr::PreparedImage::prepare_from_greyscale(width, height, pixel);
        prepared.detect_grids().iter().any(|grid| grid.decode().is_ok())
    };
    let alone = cases.iter().filter(|(_, file)| bare(file)).count();
    let failed: Vec<&str> =
        cases.iter().filter(|(_, file)| !reads(file)).map(|(name, _)| name.as_str()).collect();
    println!("{} of {} read, {alone} by the bare decoder", cases.len() - failed.len(), cases.len());
    assert!(failed.is_empty(), "not read: {failed:?}");
}

#[test]
fn two_sheets_on_one_picture_are_both_read() {
    let other = PHRASE.replace("testify", "academic");
    let second = image::load_from_memory(qr::png(&other).unwrap().expose()).unwrap().into_luma8();
    let first = code();
    let mut table = GrayImage::from_pixel(first.width() + second.width() + 60, 700, Luma([225]));
    imageops::replace(&mut table, &first, 20, 30);
    imageops::replace(&mut table, &second, i64::from(first.width()) + 40, 40);
    let found = scan(&as_png(&table)).unwrap();
    let mut texts: Vec<String> = found.iter().map(|text| text.to_lowercase()).collect();
    texts.sort();
    assert_eq!(texts, [other.as_str(), PHRASE]);
}

#[test]
fn pages_of_scanners_are_read() {
    let image = code();
    let (width, height) = image.dimensions();
    let size = format!("/Width {width} /Height {height}");
    let jpeg = as_jpeg(&image, 70);
    assert!(reads(&in_pdf(&format!("{size} /BitsPerComponent 8 /Filter /DCTDecode"), &jpeg)));
    let both = format!("{size} /BitsPerComponent 8 /Filter [ /FlateDecode /DCTDecode ]");
    assert!(reads(&in_pdf(&both, &deflated(&jpeg))));
    let gray = format!("{size} /BitsPerComponent 8 /ColorSpace 9 0 R /Filter /FlateDecode");
    assert!(reads(&in_pdf(&gray, &deflated(image.as_raw()))));
    let rgb = DynamicImage::ImageLuma8(image.clone()).into_rgb8();
    assert!(reads(&in_pdf(&gray, &deflated(rgb.as_raw()))));
    // One bit, ink as ones: which value is ink stands elsewhere in such files.
    let rows = image.as_raw().chunks_exact(width as usize);
    let bits: Vec<u8> = rows
        .flat_map(|row| {
            row.chunks(8).map(|bits| bits.iter().fold(0, |byte, pixel| byte << 1 | u8::from(*pixel < 128)))
        })
        .collect();
    assert_eq!(width % 8, 0);
    assert!(reads(&in_pdf(&format!("{size} /ImageMask true /Filter /FlateDecode"), &deflated(&bits))));
}

#[test]
fn rows_filtered_as_in_png_are_read() {
    let image = code();
    let (width, height) = (image.width() as usize, image.height() as usize);
    let at = |x: usize, y: usize| image.as_raw()[y * width + x];
    for filter in 0..=4u8 {
        let mut data = Vec::new();
        for y in 0..height {
            data.push(filter);
            for x in 0..width {
                let left = if x > 0 { at(x - 1, y) } else { 0 };
                let up = if y > 0 { at(x, y - 1) } else { 0 };
                let corner = if x > 0 && y > 0 { at(x - 1, y - 1) } else { 0 };
                let guess = match filter {
                    0 => 0,
                    1 => left,
                    2 => up,
                    3 => u8::midpoint(left, up),
                    // Of black and white pixels only: the nearest of the three to their plane.
                    _ => {
                        let plane = i16::from(left) + i16::from(up) - i16::from(corner);
                        *[left, up, corner].iter().min_by_key(|v| (plane - i16::from(**v)).abs()).unwrap()
                    }
                };
                data.push(at(x, y).wrapping_sub(guess));
            }
        }
        let dict = format!(
            "/Width {width} /Height {height} /BitsPerComponent 8 /Filter /FlateDecode /DecodeParms \
             <</Predictor 15 /Columns {width}>>"
        );
        assert!(reads(&in_pdf(&dict, &deflated(&data))), "filter {filter}");
    }
}

#[test]
fn r31_half_a_code_is_no_code() {
    let image = code();
    let side = image.width();
    for (width, height) in [(side / 2, side), (side, side / 2), (side, side * 4 / 5)] {
        let part = imageops::crop_imm(&image, 0, 0, width, height).to_image();
        assert!(matches!(scan(&as_png(&part)), Err(ScanError::NoQr)));
    }
    let blank = GrayImage::from_pixel(400, 300, Luma([255]));
    assert!(matches!(scan(&as_png(&blank)), Err(ScanError::NoQr)));
}

#[test]
fn r51_other_and_torn_files_are_refused() {
    for bytes in [&b""[..], b"GIF89a", b"hello", &[0xff, 0xd8], b"\x89PNG"] {
        assert!(matches!(scan(bytes), Err(ScanError::Format)));
    }
    let png = as_png(&code());
    assert!(matches!(scan(&png[..png.len() / 2]), Err(ScanError::Damaged(_))));
    assert!(matches!(scan(&as_jpeg(&code(), 80)[..300]), Err(ScanError::Damaged(_))));
    assert!(matches!(scan(b"%PDF-1.7\nnothing"), Err(ScanError::NoPicture)));
    assert!(matches!(scan(b"%PDF-1.7\nstream\n1 0 0 1 re endstream"), Err(ScanError::NoPicture)));
}

#[test]
fn r51_bombs_are_refused_before_memory_is_taken() {
    assert!(matches!(scan(&vec![0; FILE_CAP + 1]), Err(ScanError::FileTooLarge { .. })));
    let mut png = as_png(&GrayImage::from_pixel(8, 8, Luma([255])));
    png[16..24].copy_from_slice(&[0, 1, 0, 0, 0, 1, 0, 0]);
    let mut crc = flate2::Crc::new();
    crc.update(&png[12..29]);
    png[29..33].copy_from_slice(&crc.sum().to_be_bytes());
    assert!(matches!(scan(&png), Err(ScanError::TooManyPixels { width: 65_536, .. })));

    let mut jpeg = as_jpeg(&code(), 50);
    let frame = jpeg.windows(2).position(|marker| marker == [0xff, 0xc0]).unwrap();
    jpeg[frame + 5..frame + 9].copy_from_slice(&[0xff, 0xff, 0xff, 0xff]);
    assert!(matches!(scan(&jpeg), Err(ScanError::TooManyPixels { width: 65_535, .. })));

    let flate = "/BitsPerComponent 8 /Filter /FlateDecode";
    let huge = in_pdf(&format!("/Width 99999999999 /Height 99999999999 {flate}"), b"");
    assert!(matches!(scan(&huge), Err(ScanError::TooManyPixels { .. })));
    let bomb = deflated(&vec![0; 50_000_000]);
    assert!(matches!(scan(&in_pdf(&format!("/Width 100 /Height 100 {flate}"), &bomb)), Err(ScanError::NoQr)));
    let one = in_pdf(&format!("/Width 8000 /Height 8000 {flate}"), b"");
    assert!(matches!(scan(&one.repeat(5)), Err(ScanError::TooManyPictures)));
    let small = in_pdf("/Width 1 /Height 1 /BitsPerComponent 8", b"x");
    assert!(matches!(scan(&small.repeat(65)), Err(ScanError::TooManyPictures)));
}

#[test]
fn r51_damaged_files_never_panic_and_never_say_something_else() {
    let small = scaled(&code(), 0.35);
    let jpeg = as_jpeg(&small, 70);
    let size = format!("/Width {} /Height {} /BitsPerComponent 8", small.width(), small.height());
    let seeds = [
        as_png(&small),
        in_pdf(&format!("{size} /Filter /DCTDecode"), &jpeg),
        in_pdf(&format!("{size} /Filter /FlateDecode"), &deflated(small.as_raw())),
        in_pdf(&format!("{size} /K -1 /Columns {} /Filter /CCITTFaxDecode", small.width()), &jpeg),
        jpeg,
    ];
    let mut state = 0x9e37_79b9_7f4a_7c15u64;
    let mut random = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below as u64) as usize
    };
    for round in 0..25 {
        let mut file = seeds[round % seeds.len()].clone();
        for _ in 0..=random(6) {
            let at = random(file.len());
            match random(3) {
                0 => file[at] = random(256) as u8,
                1 => drop(file.drain(at..(at + random(40)).min(file.len()))),
                _ => file.splice(at..at, [0xff; 3]).for_each(drop),
            }
        }
        if let Ok(found) = scan(&file) {
            assert!(found.iter().all(|text| **text == PHRASE.to_uppercase()));
        }
    }
}
