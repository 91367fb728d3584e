//! The sheet as one PDF page: words as text, the QR code as squares, nothing embedded, nothing taken
//! from a clock.

mod canvas;

use pdf_writer::{Finish as _, Name as PdfName, Pdf, Rect, Ref, TextStr};

use self::canvas::{Canvas, Font, WIDTH};
use super::{
    PrintError,
    qr::{Modules, QUIET_ZONE},
    sheet::{Paper, Sheet},
};
use crate::secret::SecretBytes;

/// Side of the QR code with its quiet zone, in points.
const QR_SIDE: f32 = 204.0;
/// Where the facts begin, right of their labels.
const INDENT: f32 = 84.0;
/// Width of one of the two columns at the foot.
const COLUMN: f32 = 230.0;

/// Size of spoken words: eight of the longest fit beside their label.
const SPOKEN: f32 = 8.7;
/// Size of commands: the longest line has 94 characters.
const COMMAND: f32 = 8.2;
/// Gray of labels.
const LIGHT: f32 = 0.4;

/// Draws the sheet.
pub(super) fn page(sheet: &Sheet, paper: Paper) -> Result<SecretBytes, PrintError> {
    let canvas = draw(sheet, paper)?;
    let content = canvas.finish();
    let (width, height) = size(paper);

    let mut pdf = Pdf::with_capacity(1 << 17);
    let [catalog, pages, page, stream, info] = [1, 2, 3, 4, 5].map(Ref::new);
    let fonts: Vec<(Font, Ref)> = Font::ALL.into_iter().zip((6..).map(Ref::new)).collect();
    pdf.catalog(catalog).pages(pages).lang(TextStr("en"));
    pdf.pages(pages).kids([page]).count(1);
    let mut object = pdf.page(page);
    object.media_box(Rect::new(0.0, 0.0, width, height)).parent(pages).contents(stream);
    let mut resources = object.resources();
    let mut dict = resources.fonts();
    for (font, id) in &fonts {
        dict.pair(font.resource(), *id);
    }
    dict.finish();
    resources.finish();
    object.finish();
    for (font, id) in &fonts {
        pdf.type1_font(*id).base_font(font.base()).encoding_predefined(PdfName(b"WinAnsiEncoding"));
    }
    let title = format!("Guardian sheet {} of {}, custodian {}", sheet.member, sheet.count, sheet.custodian);
    pdf.document_info(info).title(TextStr(&title)).creator(TextStr("Quorate"));
    pdf.stream(stream, content.as_slice());
    Ok(SecretBytes::new(pdf.finish()))
}

fn size(paper: Paper) -> (f32, f32) {
    match paper {
        Paper::A4 => (595.276, 841.89),
        Paper::Letter => (612.0, 792.0),
    }
}

/// Everything on the page, from the top down. `air` is what the longer paper has more between parts.
fn draw(sheet: &Sheet, paper: Paper) -> Result<Canvas, PrintError> {
    let (top, air) = match paper {
        Paper::A4 => (66.0, 8.0),
        Paper::Letter => (52.0, 0.0),
    };
    let mut canvas = Canvas::new(size(paper));
    let y = heading(&mut canvas, sheet, top);
    let y = facts(&mut canvas, sheet, y + 14.0 + air);
    let y = words(&mut canvas, sheet, y + 4.0 + air)?;
    let y = parameters(&mut canvas, sheet, y + 10.0 + air);
    advice(&mut canvas, sheet, y + 18.0 + air);
    Ok(canvas)
}

fn heading(canvas: &mut Canvas, sheet: &Sheet, y: f32) -> f32 {
    canvas.text(Font::Bold, 23.0, (0.0, y), "Guardian sheet");
    let share = format!("Share {} of {}", sheet.member, sheet.count);
    canvas.text_right(Font::Bold, 23.0, (WIDTH, y), &share);
    canvas.bar((0.0, y + 9.0), (WIDTH, 1.5));
    let (n, t) = (sheet.count, sheet.threshold);
    let rule = if t == n {
        format!("All {n} of them together restore that key; fewer say nothing about it.")
    } else {
        format!("Any {t} of them together restore that key; fewer say nothing about it.")
    };
    let what = format!(
        "SECRET. This is one of {n} shares of the secret key with which a custodian opens what is encrypted to \
         the recipient below. {rule}"
    );
    let lines = Font::Plain.wrap(10.5, WIDTH, &what);
    canvas.lines(Font::Plain, 10.5, (0.0, y + 26.0), 14.0, &lines)
}

fn facts(canvas: &mut Canvas, sheet: &Sheet, mut y: f32) -> f32 {
    let share = if sheet.threshold == sheet.count {
        format!("{} of {}; all {} are needed", sheet.member, sheet.count, sheet.count)
    } else {
        format!("{} of {}; any {} are enough", sheet.member, sheet.count, sheet.threshold)
    };
    let date = sheet.created_at.to_string().replace('T', " ").replace('Z', " UTC");
    fact(canvas, "Custodian", Font::Bold, 11.0, y, sheet.custodian.as_str());
    fact(canvas, "Guardian", Font::Bold, 11.0, y + 16.0, sheet.guardian.as_str());
    fact(canvas, "Share", Font::Bold, 11.0, y + 32.0, &share);
    y += 48.0;
    fact(canvas, "Set", Font::Mono, 9.0, y, &format!("{}   made {date}", sheet.set_id));
    fact(canvas, "Recipient", Font::Mono, 9.0, y + 13.0, &sheet.recipient.to_string());
    y += 26.0;
    let spoken = sheet.fingerprint().words();
    let spoken: Vec<&str> = spoken.split(' ').collect();
    let hex = sheet.fingerprint().to_string();
    fact(canvas, "Its SHA-256", Font::Mono, 9.0, y, &hex);
    for line in spoken.chunks(8) {
        y += 12.0;
        canvas.text(Font::Plain, SPOKEN, (INDENT, y), &line.join(" "));
    }
    y += 13.0;
    fact(canvas, "Approval key", Font::Mono, 9.0, y, &sheet.approval_key.0.to_string());
    y
}

fn fact(canvas: &mut Canvas, label: &str, font: Font, size: f32, y: f32, value: &str) {
    canvas.gray(LIGHT);
    canvas.text(Font::Plain, 9.0, (0.0, y), label);
    canvas.gray(0.0);
    canvas.text(font, size, (INDENT, y), value);
}

/// Three columns of words, to be read downwards, and the QR code beside them.
fn words(canvas: &mut Canvas, sheet: &Sheet, y: f32) -> Result<f32, PrintError> {
    const PITCH: f32 = 17.0;
    let rows = sheet.words.len().div_ceil(3);
    let top = y + (QR_SIDE - PITCH * rows as f32) / 2.0 + 11.0;
    for (index, word) in sheet.words.iter().enumerate() {
        let x = 97.0 * (index / rows) as f32;
        let baseline = top + PITCH * (index % rows) as f32;
        canvas.gray(LIGHT);
        canvas.text_right(Font::Plain, 8.5, (x + 11.0, baseline), &(index + 1).to_string());
        canvas.gray(0.0);
        canvas.text(Font::MonoBold, 13.0, (x + 17.0, baseline), word);
    }
    let code = Modules::of(&sheet.phrase())?;
    let module = QR_SIDE / (code.size + 2 * QUIET_ZONE) as f32;
    // The code ends with the block; its quiet zone reaches over the edge, white on white.
    let left = WIDTH - module * code.size as f32;
    for run in code.runs() {
        let place = (left + module * run.column as f32, y + module * (run.row + QUIET_ZONE) as f32);
        canvas.rect(place, (module * run.length as f32, module));
    }
    canvas.fill();
    Ok(y + QR_SIDE)
}

fn parameters(canvas: &mut Canvas, sheet: &Sheet, y: f32) -> f32 {
    fact(canvas, "Check", Font::MonoBold, 11.0, y, &sheet.checksum());
    let how = "begins the SHA-256 of the words (lower case, single spaces, no line end)";
    canvas.text(Font::Plain, 8.0, (INDENT + 132.0, y), how);
    let parameters = format!(
        "256-bit secret, identifier {}, extendable 1, iteration exponent 0, group 1 of 1, group threshold 1, \
         member index {}, member threshold {}, empty passphrase",
        sheet.identifier,
        sheet.member.saturating_sub(1),
        sheet.threshold
    );
    fact(canvas, "SLIP-39", Font::Plain, 9.0, y + 15.0, "");
    let lines = Font::Plain.wrap(9.0, WIDTH - INDENT, &parameters);
    canvas.lines(Font::Plain, 9.0, (INDENT, y + 15.0), 11.5, &lines)
}

/// What to do with the sheet: in two columns, and below them what needs the width.
fn advice(canvas: &mut Canvas, sheet: &Sheet, y: f32) {
    canvas.bar((0.0, y - 14.0), (WIDTH, 0.5));
    let right = WIDTH - COLUMN;
    let left_end = section(canvas, (0.0, y), COLUMN, "Keeping this sheet", &[KEEPING.to_owned()]);
    let right_end = section(canvas, (right, y), COLUMN, "If sheets are lost", &[losing(sheet)]);
    let y = left_end.max(right_end) + 4.0;
    let y = section(canvas, (0.0, y), WIDTH, "Restoring with Quorate", &with_quorate(sheet)) + 4.0;
    section(canvas, (0.0, y), WIDTH, "Restoring without Quorate", &without_quorate(sheet));
}

/// A headed text; a paragraph that begins with `$ ` is a command.
fn section(canvas: &mut Canvas, (x, y): (f32, f32), width: f32, title: &str, paragraphs: &[String]) -> f32 {
    canvas.text(Font::Bold, 10.5, (x, y), title);
    let mut y = y + 13.0;
    for paragraph in paragraphs {
        if let Some(command) = paragraph.strip_prefix("$ ") {
            let lines: Vec<String> = command.lines().map(str::to_owned).collect();
            y = canvas.lines(Font::Mono, COMMAND, (x + 12.0, y), 10.0, &lines) + 2.5;
        } else {
            y = canvas.lines(Font::Plain, 9.0, (x, y), 11.0, &Font::Plain.wrap(9.0, width, paragraph)) + 2.0;
        }
    }
    y + 3.0
}

const KEEPING: &str = "Keep it where only its guardian can reach it, in a sealed envelope or a safe, away from \
     the other sheets and from the custodian's computer. Keep it dry and dark. Copy, photograph or type it \
     only to check it or to restore, on a computer without a network. Once a year, see that it is still there \
     and can be read.";

fn losing(sheet: &Sheet) -> String {
    let (n, t) = (sheet.count, sheet.threshold);
    let spare = match n.saturating_sub(t) {
        0 => format!("No sheet may be lost: all {n} are needed."),
        1 => format!("One of the {n} sheets may be lost; the other {t} still restore the key."),
        lost => format!("Up to {lost} of the {n} sheets may be lost; the other {t} still restore the key."),
    };
    format!(
        "{spare} Tell the custodian at once of a sheet that is lost or was seen by others. {t} sheets together ARE \
         the key: whoever has them needs no password. New sheets for the same key do not end old ones: {t} old \
         sheets still restore it until they are destroyed."
    )
}

fn with_quorate(sheet: &Sheet) -> [String; 2] {
    let [verb, name, recipient, out] = sheet.command();
    [
        format!(
            "On a computer without a network. It asks for the words of {} sheets (files or pictures of sheets can be \
             named after \"combine\"), checks each sheet and the result, and puts the key under a new passphrase.",
            sheet.threshold
        ),
        format!("$ {verb} {name} \\\n  {recipient} \\\n  {out}"),
    ]
}

fn without_quorate(sheet: &Sheet) -> [String; 5] {
    [
        format!(
            "1. Give the words of {} sheets to any SLIP-39 tool, with an empty passphrase: 32 bytes, 64 hex digits. \
             In Python:",
            sheet.threshold
        ),
        "$ pip install 'shamir-mnemonic[cli]' bech32 && shamir recover".to_owned(),
        "2. Give the 32 bytes to any Bech32 encoder (BIP-173, not Bech32m), human-readable part \"age-secret-key-\". \
         Save the result in upper case, 74 characters AGE-SECRET-KEY-1..., as key.txt. In Python, for the hex digits \
         that it waits for:"
            .to_owned(),
        "$ python3 -c \"from bech32 import *\n\
         print(bech32_encode('age-secret-key-', convertbits(bytes.fromhex(input()), 8, 5)).upper())\""
            .to_owned(),
        "3. With age (age-encryption.org): \"age-keygen -y key.txt\" must print the recipient above; \
         \"age -d -i key.txt FILE\" decrypts."
            .to_owned(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{codec::HexArray, digest::Hash, print::sheet::samples};

    #[test]
    fn nothing_reaches_over_the_block_or_near_the_foot() {
        let words = vec!["academic"; 33];
        let wide = "W".repeat(32);
        for names in [("A", "B"), (wide.as_str(), wide.as_str())] {
            for shares in [(2, 5, 3), (16, 16, 16), (16, 16, 15), (10, 16, 10), (1, 2, 2)] {
                for paper in [Paper::A4, Paper::Letter] {
                    let sheet = samples::sheet(&words, names, shares);
                    let (right, low) = draw(&sheet, paper).unwrap().reach;
                    assert!(right <= WIDTH + 0.1, "{shares:?} {paper:?}: {right}");
                    assert!(low <= size(paper).1 - 36.0, "{shares:?} {paper:?}: {low}");
                }
            }
        }
    }

    #[test]
    fn the_widest_fingerprint_fits() {
        let pairs = (0..=255).map(|byte| Hash(HexArray([byte; 32])).words());
        let width = |word: &str| Font::Plain.width(SPOKEN, word);
        let widths = pairs.map(|words| words.split(' ').take(2).map(width).collect::<Vec<_>>());
        let widest =
            widths.fold([0.0f32; 2], |widest, pair| [widest[0].max(pair[0]), widest[1].max(pair[1])]);
        let line = 4.0 * (widest[0] + widest[1]) + 7.0 * width(" ");
        assert!(INDENT + line <= WIDTH, "{line}");
    }
}
