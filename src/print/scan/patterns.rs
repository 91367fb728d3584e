//! How many finder patterns a picture may hold, counted before the decoder compares each with all others.

use std::collections::BTreeSet;

/// More than this are not compared: in time and memory that grows with up to the cube of their number. A
/// photo of 16 sheets holds 48.
const MOST: usize = 5000;

/// Whether there are more finder patterns than any honest picture holds.
pub(super) fn too_many(size: (usize, usize), dark: impl Fn(usize, usize) -> bool) -> bool {
    count(size, dark) > MOST
}

/// How many rings there are around something dark that is not joined to them, cut by some row in the ratio
/// 1:1:3:1:1 (ISO/IEC 18004), as loosely as the decoder takes it: at least as many as it finds. `dark` is
/// asked for every pixel once.
pub(super) fn count((width, height): (usize, usize), dark: impl Fn(usize, usize) -> bool) -> usize {
    let mut areas = Areas(Vec::new());
    let mut cuts: Vec<[usize; 3]> = Vec::new();
    let mut above: Vec<Run> = Vec::new();
    for y in 0..height {
        let mut row = runs(width, |x| dark(x, y));
        areas.join(&above, &mut row);
        cuts.extend(row.windows(3).filter_map(|runs| match runs {
            [left, core, right] => is_cut(left, core, right).then_some([left.area, core.area, right.area]),
            _ => None,
        }));
        above = row;
    }
    let mut rings = BTreeSet::new();
    for [left, core, right] in cuts.into_iter().map(|cut| cut.map(|area| areas.root(area))) {
        if left == right && left != core {
            rings.insert(left);
        }
    }
    rings.len()
}

/// Dark pixels side by side, the last one not included, and the area they are part of.
struct Run {
    start: usize,
    end: usize,
    area: usize,
}

fn runs(width: usize, dark: impl Fn(usize) -> bool) -> Vec<Run> {
    let mut runs = Vec::new();
    let mut start = None;
    for x in 0..=width {
        match (start, x < width && dark(x)) {
            (None, true) => start = Some(x),
            (Some(from), false) => {
                runs.push(Run { start: from, end: x, area: usize::MAX });
                start = None;
            }
            _ => {}
        }
    }
    runs
}

fn is_cut(left: &Run, core: &Run, right: &Run) -> bool {
    let thin =
        [left.end - left.start, core.start - left.end, right.start - core.end, right.end - right.start];
    let unit = thin.iter().sum::<usize>() / 4;
    let slack = unit * 3 / 4;
    let near = |length: usize, expected: usize| length.abs_diff(expected) <= slack;
    thin.iter().all(|length| near(*length, unit)) && near(core.end - core.start, 3 * unit)
}

/// Which areas turned out to be one: each points to one with a smaller number, or to itself.
struct Areas(Vec<usize>);

impl Areas {
    /// Gives the runs of a row the area of what they touch in the row above.
    fn join(&mut self, above: &[Run], row: &mut [Run]) {
        let mut above = above.iter().peekable();
        for run in row {
            while above.next_if(|upper| upper.end <= run.start).is_some() {}
            let mut touching = above.clone();
            while let Some(upper) = touching.next_if(|upper| upper.start < run.end) {
                run.area = if run.area == usize::MAX { upper.area } else { self.unite(run.area, upper.area) };
            }
            if run.area == usize::MAX {
                run.area = self.0.len();
                self.0.push(run.area);
            }
        }
    }

    fn unite(&mut self, one: usize, other: usize) -> usize {
        let (one, other) = (self.root(one), self.root(other));
        let (low, high) = (one.min(other), one.max(other));
        if let Some(area) = self.0.get_mut(high) {
            *area = low;
        }
        low
    }

    fn root(&mut self, mut area: usize) -> usize {
        while let Some(next) = self.0.get(area).copied().filter(|next| *next != area) {
            // Halves the way for the next time.
            let further = self.0.get(next).copied().unwrap_or(next);
            if let Some(place) = self.0.get_mut(area) {
                *place = further;
            }
            area = further;
        }
        area
    }
}
