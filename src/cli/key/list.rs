//! `key list`.

use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::cli::seams;

const EXAMPLES: &str = "\
Examples:
  quorate key list
  quorate key list --json";

/// Lists the keys of this workspace, incomplete ones too
#[derive(clap::Args, Clone, Debug)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {}

pub(crate) fn run(args: Args, context: &mut Context) -> Result<(), CommandError> {
    let report = seams::key_list(&args, context)?;
    context.show(&report, |report, text| text.value(report))
}
