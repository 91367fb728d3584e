//! Measures by criterion and in alternating pairs, and prints a table at the end.

use std::time::{Duration, Instant};

use criterion::Criterion;

/// Pairs slower than this are compared by criterion's own samples; faster ones alternate.
const SLOW: f64 = 0.5;

/// How long a pair alternates, in seconds.
const ALTERNATE: f64 = 1.5;

/// What is counted.
#[derive(Clone, Copy)]
pub enum Clock {
    /// CPU time of the calling thread: other work on the same cores does not change ratios much.
    Cpu,
    /// The clock on the wall, for what waits or has threads of its own.
    Wall,
}

pub struct Meter {
    criterion: Criterion,
    clock: Clock,
    /// The two sides of a pair.
    sides: [&'static str; 2],
    rows: Vec<Row>,
}

struct Row {
    what: String,
    /// Milliseconds: ours, theirs (if there is a counterpart), and our part of theirs.
    ours: f64,
    bare: Option<(f64, f64)>,
}

impl Meter {
    pub fn new(clock: Clock, sides: [&'static str; 2]) -> Self {
        let criterion = Criterion::default()
            .sample_size(10)
            .warm_up_time(Duration::from_millis(200))
            .measurement_time(Duration::from_secs(1))
            .configure_from_args();
        Self { criterion, clock, sides, rows: Vec::new() }
    }

    /// One benchmark; the set-up of each run is not counted. Gives the median in seconds, or `None` if the
    /// command line's filter excludes it.
    pub fn time<I>(
        &mut self,
        group: &str,
        name: &str,
        setup: &mut dyn FnMut() -> I,
        run: &mut dyn FnMut(I),
    ) -> Option<f64> {
        let clock = self.clock;
        let mut samples = Vec::new();
        let mut group = self.criterion.benchmark_group(group);
        group.bench_function(name, |bencher| {
            bencher.iter_custom(|count| {
                let mut total = Duration::ZERO;
                for _ in 0..count {
                    let input = setup();
                    let spent = clock.spent(|| run(input));
                    samples.push(spent.as_secs_f64());
                    total += spent;
                }
                // Criterion divides by it.
                total.max(Duration::from_nanos(1))
            });
        });
        group.finish();
        (!samples.is_empty()).then(|| median(samples))
    }

    /// One benchmark for the table.
    pub fn alone<I>(
        &mut self,
        group: &str,
        name: &str,
        mut setup: impl FnMut() -> I,
        mut run: impl FnMut(I),
    ) {
        if let Some(seconds) = self.time(group, name, &mut setup, &mut run) {
            self.rows.push(Row { what: format!("{group}/{name}"), ours: seconds * 1e3, bare: None });
        }
    }

    /// One side beside the other: two benchmarks, one ratio.
    pub fn pair<I, J>(
        &mut self,
        group: &str,
        mut our_setup: impl FnMut() -> I,
        mut ours: impl FnMut(I),
        mut bare_setup: impl FnMut() -> J,
        mut bare: impl FnMut(J),
    ) {
        let (clock, [ours_name, bare_name]) = (self.clock, self.sides);
        let a = self.time(group, ours_name, &mut our_setup, &mut ours);
        let b = self.time(group, bare_name, &mut bare_setup, &mut bare);
        let (Some(a), Some(b)) = (a, b) else { return };
        let (a, b, ratio) = if a > SLOW {
            (a, b, a / b)
        } else {
            let (mut first, mut second, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
            for _ in 0..((ALTERNATE / (a + b)) as usize).clamp(10, 2000) {
                let (i, j) = (our_setup(), bare_setup());
                let a = clock.spent(|| ours(i)).as_secs_f64();
                let b = clock.spent(|| bare(j)).as_secs_f64();
                first.push(a);
                second.push(b);
                ratios.push(a / b);
            }
            (median(first), median(second), median(ratios))
        };
        self.rows.push(Row { what: group.to_owned(), ours: a * 1e3, bare: Some((b * 1e3, ratio)) });
    }

    /// The milliseconds of an earlier row.
    pub fn row(&self, what: &str) -> Option<f64> {
        self.rows.iter().find(|row| row.what == what).map(|row| row.ours)
    }

    /// A row that was computed.
    pub fn note(&mut self, what: &str, milliseconds: f64) {
        self.rows.push(Row { what: what.to_owned(), ours: milliseconds, bare: None });
    }

    /// Criterion's last words, and the table in Markdown.
    pub fn finish(self) {
        self.criterion.final_summary();
        if self.rows.is_empty() {
            return;
        }
        let ([ours, bare], unit) =
            (self.sides, if matches!(self.clock, Clock::Cpu) { "ms CPU" } else { "ms" });
        println!("\n| what | {ours}, {unit} | {bare}, {unit} | ratio |\n|---|---:|---:|---:|");
        for Row { what, ours, bare } in self.rows {
            match bare {
                Some((bare, ratio)) => println!("| {what} | {ours:.3} | {bare:.3} | {ratio:.2} |"),
                None => println!("| {what} | {ours:.3} | | |"),
            }
        }
    }
}

impl Clock {
    fn spent(self, run: impl FnOnce()) -> Duration {
        let (cpu, wall) = (cpu(), Instant::now());
        run();
        match self {
            Self::Cpu => self::cpu().saturating_sub(cpu),
            Self::Wall => wall.elapsed(),
        }
    }
}

fn cpu() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
