//! `node list`.

use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::cli::seams;

const EXAMPLES: &str = "\
Examples:
  quorate node list";

/// Lists the nodes of this workspace
#[derive(clap::Args, Clone, Debug)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {}

pub(crate) fn run(args: Args, context: &mut Context) -> Result<(), CommandError> {
    let report = seams::node_list(&args, context)?;
    context.show(&report, |report, text| text.value(report))
}
