//! `audit show`.

use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::cli::seams;
use crate::ids::Name;

const EXAMPLES: &str = "\
Examples:
  quorate audit show --tail 10
  quorate audit show --server OFFICIAL_1 --tail 5 --json";

/// Shows the end of the audit logs
#[derive(clap::Args, Clone, Debug)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// Only this node's log; default: the workspace's and every node's
    #[arg(long, value_name = "NAME")]
    pub(crate) server: Option<Name>,
    /// How many entries, from the end
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub(crate) tail: u32,
}

pub(crate) fn run(args: Args, context: &mut Context) -> Result<(), CommandError> {
    let report = seams::audit_show(&args, context)?;
    context.show(&report, |report, text| text.value(report))
}
