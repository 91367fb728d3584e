//! `key abandon`.

use uuid::Uuid;

use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::cli::seams;

const EXAMPLES: &str = "\
Examples:
  quorate key list
  quorate key abandon --key 3f2a7f0e-6f0c-4b1e-9a64-0b9d1c4f2a11";

/// Gives up a key whose generation was never completed
#[derive(clap::Args, Clone, Debug)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// The keyId; only an incomplete key can be abandoned
    #[arg(long, value_name = "KEYID")]
    pub(crate) key: Uuid,
}

pub(crate) fn run(args: Args, context: &mut Context) -> Result<(), CommandError> {
    let report = seams::key_abandon(&args, context)?;
    context.show(&report, |report, text| text.value(report))
}
