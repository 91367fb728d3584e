//! `quorate-test`: the command line with committed TEST primes and aux, and cheap passphrases. Homes made
//! with it carry a TEST mark that `quorate` refuses. Built by `cargo test`, never installed.

#![allow(clippy::expect_used, clippy::indexing_slicing, dead_code, unreachable_pub)]

use std::process::ExitCode;

mod fixtures;

/// As the shipped program has it, so that what is looked for in memory here is looked for in the same way.
#[global_allocator]
static ALLOCATOR: zeroizing_alloc::ZeroAlloc<std::alloc::System> =
    zeroizing_alloc::ZeroAlloc(std::alloc::System);

fn main() -> ExitCode {
    quorate::secret::harden_process();
    quorate::wrap::passphrase::danger_allow_small_costs();
    quorate::cli::run(std::env::args_os(), fixtures::source())
}
