//! `aux renew`.

use uuid::Uuid;

use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::cli::seams;

const EXAMPLES: &str = "\
Examples:
  quorate aux renew --key 3f2a7f0e-6f0c-4b1e-9a64-0b9d1c4f2a11";

/// Makes new Paillier data for an ECDSA key on its servers
#[derive(clap::Args, Clone, Debug)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// The key's keyId
    #[arg(long, value_name = "KEYID")]
    pub(crate) key: Uuid,
}

pub(crate) fn run(args: Args, context: &mut Context) -> Result<(), CommandError> {
    let report = seams::aux_renew(&args, context)?;
    context.show(&report, |report, text| text.value(report))
}
