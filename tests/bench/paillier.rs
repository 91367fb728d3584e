//! Aux of a SECP256k1 key for three embedded holders, safe primes and proofs, as `quorate aux renew` makes
//! it: five runs, their times and the median, on the wall. At most 90 s on two cores.
//!
//! Not a criterion benchmark: the time to find primes varies from run to run, and each counts.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::{process::ExitCode, time::Instant};

use quorate::{
    ceremony::{
        auxiliary,
        generate::{self, Wanted},
        init,
        workspace::Workspace,
    },
    curve::Curve,
    keyshare::Purpose,
    paillier::PrimeSource,
    store::{SealSource, seal},
    ui::{Progress, Secrets, script::ScriptUi},
    wrap::passphrase::KdfCost,
};

/// As in the shipped binary.
#[global_allocator]
static ALLOCATOR: zeroizing_alloc::ZeroAlloc<std::alloc::System> =
    zeroizing_alloc::ZeroAlloc(std::alloc::System);

const RUNS: usize = 5;
const LIMIT: f64 = 90.0;

fn main() -> ExitCode {
    let dir = tempfile::tempdir().unwrap();
    let home = dir.path().join("home");
    let servers = [1, 2, 3].map(|i| format!("OFFICIAL_{i}").parse().unwrap());
    let primes = PrimeSource::real();
    init::run(&home, &servers, false, &SealSource::KeyFile, KdfCost::FLOOR, &primes).unwrap();
    let mut workspace = Workspace::open(&home, seal::open_seal(&home, None).unwrap(), &primes).unwrap();
    let (mut secrets, mut notes) = (Secrets::default(), Vec::new());
    let mut ui = ScriptUi::new(&mut secrets, &mut notes);
    let progress = Progress::hidden();
    let wanted = Wanted {
        curve: Curve::Secp256k1,
        threshold: 2,
        servers: Vec::new(),
        label: None,
        purpose: Purpose::Rehearsal,
        no_loss_tolerance: false,
        backup: None,
    };
    // Generation makes aux too; with the key's own part, a tenth of a second, this is the first run.
    let start = Spent::now();
    let card = generate::run(&mut workspace, wanted, &mut ui, &progress).unwrap().card;
    let mut times = vec![report(1, start)];
    for run in 2..=RUNS {
        let start = Spent::now();
        auxiliary::renew(&mut workspace, &card.body().key_id, &[], &mut ui, &progress).unwrap();
        times.push(report(run, start));
    }
    times.sort_by(f64::total_cmp);
    let median = times[RUNS / 2];
    println!("aux for three holders, 256-bit level: median {median:.1} s, limit {LIMIT:.0} s");
    if median <= LIMIT { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The clock on the wall, and the CPU time of the process.
struct Spent {
    wall: Instant,
    cpu: f64,
}

impl Spent {
    fn now() -> Self {
        let cpu = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
        Self { wall: Instant::now(), cpu: cpu.tv_sec as f64 + cpu.tv_nsec as f64 / 1e9 }
    }
}

/// CPU time over cores is what an idle machine would take; on a busy one the wall says little.
fn report(run: usize, start: Spent) -> f64 {
    let (seconds, cpu) = (start.wall.elapsed().as_secs_f64(), Spent::now().cpu - start.cpu);
    println!("run {run}: {seconds:.1} s, {cpu:.1} s of CPU");
    seconds
}
