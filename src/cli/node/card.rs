//! `node card`.

use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::cli::seams;
use crate::ids::Name;

const EXAMPLES: &str = "\
Examples:
  quorate node card OFFICIAL_1 --json > OFFICIAL_1.card.json";

/// Prints a node's public, self-signed card
#[derive(clap::Args, Clone, Debug)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// The node; default: all
    #[arg(value_name = "NAME")]
    pub(crate) name: Option<Name>,
}

pub(crate) fn run(args: Args, context: &mut Context) -> Result<(), CommandError> {
    let report = seams::node_card(&args, context)?;
    context.show(&report, |report, text| text.value(report))
}
