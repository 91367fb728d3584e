//! Text and lines on one PDF page, measured from its top left corner in points (1/72 in), in the fonts
//! that every PDF reader has (ISO 32000-1, 9.6.2.2).

use pdf_writer::{Content, Name, Str};

/// Width of the printed block; it stands in the middle of either paper.
pub(super) const WIDTH: f32 = 484.0;

#[derive(Clone, Copy)]
pub(super) enum Font {
    Plain,
    Bold,
    Mono,
    MonoBold,
}

impl Font {
    pub(super) const ALL: [Font; 4] = [Font::Plain, Font::Bold, Font::Mono, Font::MonoBold];

    /// Its name in the page's resources.
    pub(super) fn resource(self) -> Name<'static> {
        Name(match self {
            Font::Plain => b"F1",
            Font::Bold => b"F2",
            Font::Mono => b"F3",
            Font::MonoBold => b"F4",
        })
    }

    /// Its PostScript name.
    pub(super) fn base(self) -> Name<'static> {
        Name(match self {
            Font::Plain => b"Helvetica",
            Font::Bold => b"Helvetica-Bold",
            Font::Mono => b"Courier",
            Font::MonoBold => b"Courier-Bold",
        })
    }

    /// Width of printable ASCII text, in points.
    pub(super) fn width(self, size: f32, text: &str) -> f32 {
        let glyph = |byte: u8| {
            let index = usize::from(byte.wrapping_sub(b' '));
            match self {
                Font::Plain => HELVETICA.get(index).copied().unwrap_or(1000),
                Font::Bold => HELVETICA_BOLD.get(index).copied().unwrap_or(1000),
                Font::Mono | Font::MonoBold => 600,
            }
        };
        text.bytes().map(|byte| f32::from(glyph(byte))).sum::<f32>() * size / 1000.0
    }

    /// Breaks text between words into lines of at most `width` points.
    pub(super) fn wrap(self, size: f32, width: f32, text: &str) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        for word in text.split_whitespace() {
            if let Some(last) = lines.last_mut() {
                let longer = format!("{last} {word}");
                if self.width(size, &longer) <= width {
                    *last = longer;
                    continue;
                }
            }
            lines.push(word.to_owned());
        }
        lines
    }
}

/// A page being drawn.
pub(super) struct Canvas {
    content: Content,
    height: f32,
    left: f32,
    /// Rightmost and lowest point of any text so far, in the block's measure; for tests.
    pub(super) reach: (f32, f32),
}

impl Canvas {
    pub(super) fn new((width, height): (f32, f32)) -> Self {
        // Room for the whole page, so that growing leaves no copy of the words behind.
        let content = Content::with_capacity(1 << 16);
        Self { content, height, left: (width - WIDTH) / 2.0, reach: (0.0, 0.0) }
    }

    pub(super) fn finish(self) -> pdf_writer::Buf {
        self.content.finish()
    }

    /// Gray of what follows: 0 black, 1 white.
    pub(super) fn gray(&mut self, level: f32) {
        self.content.set_fill_gray(level);
    }

    /// One line, its baseline at `y`.
    pub(super) fn text(&mut self, font: Font, size: f32, (x, y): (f32, f32), text: &str) {
        let end = x + font.width(size, text);
        self.reach = (self.reach.0.max(end), self.reach.1.max(y));
        self.content.begin_text();
        self.content.set_font(font.resource(), size);
        self.content.next_line(points(self.left + x), points(self.height - y));
        self.content.show(Str(text.as_bytes()));
        self.content.end_text();
    }

    /// One line that ends at `x`.
    pub(super) fn text_right(&mut self, font: Font, size: f32, (x, y): (f32, f32), text: &str) {
        self.text(font, size, (x - font.width(size, text), y), text);
    }

    /// Lines one below the other; returns the next baseline.
    pub(super) fn lines(
        &mut self,
        font: Font,
        size: f32,
        (x, mut y): (f32, f32),
        leading: f32,
        lines: &[String],
    ) -> f32 {
        for line in lines {
            self.text(font, size, (x, y), line);
            y += leading;
        }
        y
    }

    /// A filled bar, its upper left corner at (x, y).
    pub(super) fn bar(&mut self, (x, y): (f32, f32), (width, height): (f32, f32)) {
        self.rect((x, y), (width, height));
        self.fill();
    }

    /// Adds a rectangle to what [`Canvas::fill`] will fill.
    pub(super) fn rect(&mut self, (x, y): (f32, f32), (width, height): (f32, f32)) {
        let bottom = self.height - y - height;
        self.content.rect(points(self.left + x), points(bottom), points(width), points(height));
    }

    pub(super) fn fill(&mut self) {
        self.content.fill_nonzero();
    }
}

/// Thousandths of a point are enough, and keep the numbers short.
fn points(value: f32) -> f32 {
    (value * 1000.0).round() / 1000.0
}

/// Adobe Core 14 metrics, characters 32 to 126, in thousandths of the font size.
#[rustfmt::skip]
const HELVETICA: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278,
    556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,
    1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778,
    667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,
    333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556,
    556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];

#[rustfmt::skip]
const HELVETICA_BOLD: [u16; 95] = [
    278, 333, 474, 556, 556, 889, 722, 238, 333, 333, 389, 584, 278, 333, 278, 278,
    556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 333, 333, 584, 584, 584, 611,
    975, 722, 722, 722, 722, 667, 611, 778, 722, 278, 556, 722, 611, 833, 722, 778,
    667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 333, 278, 333, 584, 556,
    333, 556, 611, 556, 611, 556, 333, 611, 611, 278, 278, 556, 278, 889, 611, 611,
    611, 611, 389, 556, 333, 611, 556, 778, 556, 556, 500, 389, 280, 389, 584,
];
