//! `key abandon`.

use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::cli::seams;
use crate::ids::KeyId;

const EXAMPLES: &str = "\
Examples:
  quorate key list
  quorate key abandon --key 3f0c9a52-6d0e-4f4c-9d1e-2f1f0a4b7c11";

/// Gives up a key whose generation was never completed
#[derive(clap::Args, Clone, Debug)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// The keyId; only an incomplete key can be abandoned
    #[arg(long, value_name = "KEYID")]
    pub(crate) key: KeyId,
}

pub(crate) fn run(args: Args, context: &mut Context) -> Result<(), CommandError> {
    let report = seams::key_abandon(&args, context)?;
    context.show(&report, |report, text| text.value(report))
}
