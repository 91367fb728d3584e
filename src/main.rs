//! The `quorate` command: hardens the process, then hands over to `quorate::cli`.

use std::process::ExitCode;

use quorate::{cli, paillier::PrimeSource};

/// Wipes every freed block, also those of libraries that do not wipe their own (big integers, Noise).
#[global_allocator]
static ALLOCATOR: zeroizing_alloc::ZeroAlloc<std::alloc::System> =
    zeroizing_alloc::ZeroAlloc(std::alloc::System);

fn main() -> ExitCode {
    quorate::secret::harden_process();
    cli::run(std::env::args_os(), PrimeSource::real())
}
