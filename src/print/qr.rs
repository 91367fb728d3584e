//! QR codes as pictures: upper case (alphanumeric mode), error correction level Q, a quiet zone of 4
//! modules (ISO/IEC 18004), plain black squares. The same text always gives the same bytes.

use std::io::Write as _;

use image::{ExtendedColorType, ImageEncoder as _, codecs::png::PngEncoder};
use qrcode::{Color, EcLevel, QrCode};
use zeroize::Zeroizing;

use super::PrintError;
use crate::secret::{SecretBytes, SecretWriter};

/// Modules of white around the code.
pub const QUIET_ZONE: usize = 4;

/// Side of one module in a PNG, in pixels.
const PNG_MODULE: usize = 8;

/// The code as SVG, one unit per module.
pub fn svg(text: &str) -> Result<SecretBytes, PrintError> {
    draw_svg(&Modules::of(text)?)
}

/// The code as an 8-bit gray PNG, 8 pixels per module.
pub fn png(text: &str) -> Result<SecretBytes, PrintError> {
    draw_png(&Modules::of(text)?)
}

/// As [`svg`], level L: for what must go into one code and is shown once, on a screen or fresh paper.
pub fn dense_svg(text: &str) -> Result<SecretBytes, PrintError> {
    draw_svg(&Modules::at(text, EcLevel::L)?)
}

/// As [`png`], level L.
pub fn dense_png(text: &str) -> Result<SecretBytes, PrintError> {
    draw_png(&Modules::at(text, EcLevel::L)?)
}

fn draw_svg(code: &Modules) -> Result<SecretBytes, PrintError> {
    let side = code.size + 2 * QUIET_ZONE;
    let mut out = SecretWriter::default();
    let head = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" width=\"70mm\" height=\"70mm\" \
         shape-rendering=\"crispEdges\">\n<rect width=\"{side}\" height=\"{side}\" fill=\"#fff\"/>\n<path fill=\"#000\" d=\""
    );
    // Writing to memory cannot fail.
    let _ = out.write_all(head.as_bytes());
    for run in code.runs() {
        let (x, y) = (run.column + QUIET_ZONE, run.row + QUIET_ZONE);
        let _ = write!(out, "M{x} {y}h{0}v1h-{0}z", run.length);
    }
    let _ = out.write_all(b"\"/>\n</svg>\n");
    Ok(out.finish())
}

fn draw_png(code: &Modules) -> Result<SecretBytes, PrintError> {
    let side = (code.size + 2 * QUIET_ZONE) * PNG_MODULE;
    let mut pixels = Zeroizing::new(vec![255u8; side * side]);
    for run in code.runs() {
        let left = (run.column + QUIET_ZONE) * PNG_MODULE;
        let top = (run.row + QUIET_ZONE) * PNG_MODULE;
        for row in pixels.chunks_exact_mut(side).skip(top).take(PNG_MODULE) {
            row.iter_mut().skip(left).take(run.length * PNG_MODULE).for_each(|pixel| *pixel = 0);
        }
    }
    let mut out = SecretWriter::default();
    let side = u32::try_from(side).unwrap_or(u32::MAX);
    PngEncoder::new(&mut out)
        .write_image(&pixels, side, side, ExtendedColorType::L8)
        .map_err(PrintError::Png)?;
    Ok(out.finish())
}

/// The dark and light squares of a code, without its quiet zone.
pub(super) struct Modules {
    /// Modules per side.
    pub(super) size: usize,
    dark: Zeroizing<Vec<bool>>,
}

/// Dark modules side by side in one row.
pub(super) struct Run {
    pub(super) row: usize,
    pub(super) column: usize,
    pub(super) length: usize,
}

impl Modules {
    /// Encodes the upper-case form of `text`, level Q, in the smallest version that holds it.
    pub(super) fn of(text: &str) -> Result<Self, PrintError> {
        Self::at(text, EcLevel::Q)
    }

    fn at(text: &str, level: EcLevel) -> Result<Self, PrintError> {
        let upper = Zeroizing::new(text.to_ascii_uppercase());
        let code = QrCode::with_error_correction_level(upper.as_bytes(), level).map_err(PrintError::Qr)?;
        let dark = code.to_colors().into_iter().map(|color| color == Color::Dark).collect();
        Ok(Self { size: code.width(), dark: Zeroizing::new(dark) })
    }

    /// All dark modules, row by row from the top.
    pub(super) fn runs(&self) -> impl Iterator<Item = Run> {
        self.dark.chunks(self.size).enumerate().flat_map(|(row, modules)| {
            let mut runs: Vec<Run> = Vec::new();
            for (column, _) in modules.iter().enumerate().filter(|(_, dark)| **dark) {
                match runs.last_mut() {
                    Some(last) if last.column + last.length == column => last.length += 1,
                    _ => runs.push(Run { row, column, length: 1 }),
                }
            }
            runs
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::print::{scan::scan, sheet::samples::PHRASE};

    fn read(picture: &[u8]) -> String {
        let read = scan(picture).unwrap();
        assert_eq!(read.len(), 1);
        read[0].to_string()
    }

    #[test]
    fn a_png_is_read_back_and_always_the_same() {
        let made = png(PHRASE).unwrap();
        assert_eq!(read(made.expose()), PHRASE.to_uppercase());
        assert_eq!(made.expose(), png(&PHRASE.to_uppercase()).unwrap().expose());
    }

    #[test]
    fn an_svg_draws_the_same_squares() {
        let made = svg(PHRASE).unwrap();
        assert_eq!(made.expose(), svg(PHRASE).unwrap().expose());
        let made = std::str::from_utf8(made.expose()).unwrap();
        assert!(made.starts_with("<svg ") && made.ends_with("</svg>\n"));
        assert_eq!((made.matches('<').count(), made.matches('"').count() % 2), (4, 0));
        let path = made.split(" d=\"").nth(1).unwrap().split('"').next().unwrap();
        let code = Modules::of(PHRASE).unwrap();
        let runs: Vec<String> =
            code.runs().map(|run| format!("M{} {}h{1}", run.column + 4, run.row + 4)).collect();
        assert_eq!(path.matches('z').count(), runs.len());
        assert!(runs.iter().all(|run| path.contains(run.split('h').next().unwrap())));
    }

    #[test]
    fn the_longest_words_stay_within_65_modules() {
        let code = Modules::of(&["academic"; 33].join(" ")).unwrap();
        assert_eq!(code.size, 65);
        assert!(code.runs().all(|run| run.column + run.length <= 65));
    }

    #[test]
    fn r51_too_long_a_text_is_refused() {
        assert!(matches!(svg(&"A".repeat(5000)), Err(PrintError::Qr(_))));
    }
}
