//! `quorate-test`: the command line with committed TEST primes and aux, and cheap passphrases. Homes made
//! with it carry a TEST mark that `quorate` refuses. Built by `cargo test`, never installed.

#![allow(clippy::expect_used, clippy::indexing_slicing, dead_code, unreachable_pub)]

use std::process::ExitCode;

mod fixtures;

fn main() -> ExitCode {
    quorate::secret::harden_process();
    quorate::wrap::passphrase::danger_allow_small_costs();
    quorate::cli::run(std::env::args_os(), fixtures::source())
}
