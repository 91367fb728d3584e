//! `node status`.

use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::cli::seams;
use crate::ids::Name;

const EXAMPLES: &str = "\
Examples:
  quorate node status
  quorate node status OFFICIAL_1";

/// Shows what a node holds: shares, aux, log head
#[derive(clap::Args, Clone, Debug)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// The node; default: all
    #[arg(value_name = "NAME")]
    pub(crate) name: Option<Name>,
}

pub(crate) fn run(args: Args, context: &mut Context) -> Result<(), CommandError> {
    let report = seams::node_status(&args, context)?;
    context.show(&report, |report, text| text.value(report))
}
