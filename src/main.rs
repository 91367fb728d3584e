//! The `quorate` command: hardens the process, then hands over to `quorate::cli`.

use std::process::ExitCode;

use quorate::cli::{self, PrimeSource};

fn main() -> ExitCode {
    quorate::secret::harden_process();
    cli::run(std::env::args_os(), PrimeSource::real())
}
