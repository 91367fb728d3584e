//! Filled rectangles of a page description (ISO 32000-1, 8.5), as a picture.

use super::Picture;

/// Fewer rectangles than this are no code.
const FEWEST: usize = 100;
const MOST: usize = 100_000;
/// Pixels for the height of the lowest rectangle, which is one module.
const SCALE: f64 = 4.0;
/// Longest side of the picture.
const SIDE_CAP: f64 = 4000.0;

/// How often the whole picture may be painted over: a code and the bars around it do not cover it once.
const LAYERS: usize = 4;

struct Rect {
    left: f64,
    bottom: f64,
    right: f64,
    top: f64,
}

/// All `re` of a content stream, to be painted in black on white. Colours, clipping and turned axes are not
/// looked at: what they change is then no readable code.
pub(super) struct Drawing {
    rects: Vec<Rect>,
    left: f64,
    top: f64,
    /// Pixels per unit.
    scale: f64,
    width: usize,
    height: usize,
}

impl Drawing {
    /// `None` if there are too few rectangles for a code.
    pub(super) fn of(content: &[u8]) -> Option<Self> {
        let rects = rects(content);
        if rects.len() < FEWEST {
            return None;
        }
        let lowest = |length: fn(&Rect) -> f64| {
            rects.iter().map(length).filter(|length| *length > 0.0).fold(f64::INFINITY, f64::min)
        };
        let left = rects.iter().map(|rect| rect.left).fold(f64::INFINITY, f64::min);
        let bottom = rects.iter().map(|rect| rect.bottom).fold(f64::INFINITY, f64::min);
        let right = rects.iter().map(|rect| rect.right).fold(f64::NEG_INFINITY, f64::max);
        let top = rects.iter().map(|rect| rect.top).fold(f64::NEG_INFINITY, f64::max);
        // Rules may be thinner than a module, which is why the width of a rectangle counts as well.
        let module = lowest(|rect| (rect.right - rect.left).max(rect.top - rect.bottom));
        let scale = (SCALE / module).min(SIDE_CAP / (right - left)).min(SIDE_CAP / (top - bottom));
        if !scale.is_finite() || scale <= 0.0 {
            return None;
        }
        let (width, height) = (place((right - left) * scale) + 16, place((top - bottom) * scale) + 16);
        Some(Self { rects, left, top, scale, width, height })
    }

    /// Width and height of the picture, in pixels.
    pub(super) fn size(&self) -> (usize, usize) {
        (self.width, self.height)
    }

    /// Paints it. `None` if the rectangles lie on each other as those of no code do.
    pub(super) fn picture(&self) -> Option<Picture> {
        let Self { left, top, scale, width, height, .. } = *self;
        let mut left_to_paint = LAYERS * width * height;
        let mut pixels = vec![255u8; width * height];
        for rect in &self.rects {
            let columns = place((rect.left - left) * scale)..place((rect.right - left) * scale);
            let rows = place((top - rect.top) * scale)..place((top - rect.bottom) * scale);
            // A row costs something however short it is.
            left_to_paint = left_to_paint.checked_sub(rows.len() * (columns.len() + 1))?;
            for row in pixels.chunks_exact_mut(width).skip(rows.start).take(rows.len()) {
                row.iter_mut().skip(columns.start).take(columns.len()).for_each(|pixel| *pixel = 0);
            }
        }
        Picture::new(u32::try_from(width).ok()?, u32::try_from(height).ok()?, pixels)
    }
}

/// Where a length ends up in the picture, behind its margin.
fn place(pixels: f64) -> usize {
    const MARGIN: f64 = 4.0 * SCALE;
    (pixels + MARGIN).round().clamp(0.0, SIDE_CAP + 2.0 * MARGIN) as usize
}

fn rects(content: &[u8]) -> Vec<Rect> {
    let mut rects = Vec::new();
    let mut operands: Vec<f64> = Vec::new();
    for token in content.split(u8::is_ascii_whitespace).filter(|token| !token.is_empty()) {
        let number = std::str::from_utf8(token).ok().and_then(|token| token.parse::<f64>().ok());
        match number {
            Some(number) if number.is_finite() && number.abs() < 1e6 && operands.len() < 8 => {
                operands.push(number);
                continue;
            }
            _ => {}
        }
        if token == b"re"
            && let [x, y, width, height] = *operands.as_slice()
            && rects.len() < MOST
        {
            rects.push(Rect {
                left: x.min(x + width),
                bottom: y.min(y + height),
                right: x.max(x + width),
                top: y.max(y + height),
            });
        }
        operands.clear();
    }
    rects
}
