//! How many finder patterns a picture may hold, counted before the decoder compares each with all others.

/// More than this are not compared: in time and memory that grows with up to the cube of their number. A
/// photo of 16 sheets holds 48; noise that looks like one adds hundreds.
const MOST: usize = 5000;

/// Whether there are more finder patterns than any honest picture holds.
pub(super) fn too_many(size: (usize, usize), dark: impl Fn(usize, usize) -> bool) -> bool {
    count(size, dark) > MOST
}

/// How many patterns there seem to be. `dark` is asked for every pixel once.
pub(super) fn count((width, height): (usize, usize), dark: impl Fn(usize, usize) -> bool) -> usize {
    let mut count = 0;
    let mut above: Vec<Span> = Vec::new();
    for y in 0..height {
        let row = cores(width, |x| dark(x, y));
        count += fresh(&above, &row);
        above = row;
    }
    count
}

/// The first pixel of a run and the first one behind it.
type Span = (usize, usize);

/// The middles of what looks like a cut through a finder pattern in one row: dark, light, dark, light, dark
/// in the ratio 1:1:3:1:1 (ISO/IEC 18004), as loosely as the decoder takes it or looser.
fn cores(width: usize, dark: impl Fn(usize) -> bool) -> Vec<Span> {
    let mut cores = Vec::new();
    let mut starts = [0usize; 6];
    let mut runs = 0usize;
    let mut before = false;
    for x in 0..=width {
        let now = x < width && dark(x);
        if now == before {
            continue;
        }
        before = now;
        starts.rotate_left(1);
        starts[5] = x;
        runs += 1;
        // The sixth change ends the fifth run; it is a dark one where light begins.
        if runs >= 6 && !now && is_cut(&starts) {
            cores.push((starts[2], starts[3]));
        }
    }
    cores
}

fn is_cut(starts: &[usize; 6]) -> bool {
    let [a, b, c, d, e, end] = *starts;
    let unit = ((b - a) + (c - b) + (e - d) + (end - e)) as f32 / 4.0;
    let near = |length: usize, units: f32| (length as f32 - units * unit).abs() <= 0.75 * unit + 1.0;
    near(b - a, 1.0) && near(c - b, 1.0) && near(d - c, 3.0) && near(e - d, 1.0) && near(end - e, 1.0)
}

/// How many spans of a row touch none of the row above: where patterns begin.
fn fresh(above: &[Span], row: &[Span]) -> usize {
    let mut above = above.iter().peekable();
    let begins = |(start, end): &&Span| {
        while above.next_if(|(_, above_end)| above_end <= start).is_some() {}
        above.peek().is_none_or(|(above_start, _)| above_start >= end)
    };
    row.iter().filter(begins).count()
}
