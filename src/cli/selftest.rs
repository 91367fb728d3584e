//! `selftest`.

use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::cli::seams;

const EXAMPLES: &str = "\
Examples:
  quorate selftest";

/// Runs known-answer tests of everything cryptographic
#[derive(clap::Args, Clone, Debug)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {}

pub(crate) fn run(args: Args, context: &mut Context) -> Result<(), CommandError> {
    let report = seams::selftest(&args, context)?;
    context.show(&report, |report, text| text.value(report))
}
