//! `ceremony check`.

use std::path::PathBuf;

use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::cli::seams;

const EXAMPLES: &str = "\
Examples:
  quorate ceremony check ceremonies/quickstart.toml";

/// Checks a ceremony script without running anything
#[derive(clap::Args, Clone, Debug)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// The script (TOML)
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
}

pub(crate) fn run(args: Args, context: &mut Context) -> Result<(), CommandError> {
    let report = seams::ceremony_check(&args, context)?;
    context.show(&report, |report, text| text.value(report))
}
