//! `custodian unlock-check`.

use std::path::PathBuf;

use crate::cli::context::Context;
use crate::cli::custodian::Person;
use crate::cli::error::CommandError;

const EXAMPLES: &str = "\
Examples:
  quorate custodian unlock-check A.identity.json

Do this once a quarter: a passphrase nobody types is a passphrase nobody knows.";

/// Opens an identity with its passphrase, checks that its keys are the ones it names, and forgets them
#[derive(clap::Args, Clone, Debug)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// The identity file
    #[arg(value_name = "IDENTITY")]
    pub(crate) identity: PathBuf,
}

pub(crate) fn run(args: Args, context: &mut Context) -> Result<(), CommandError> {
    let identity = context.unlock(&args.identity)?;
    let report = Person::without_card(identity.name(), &identity.recipient(), &identity.approval_key());
    context.show(&report, |report, text| {
        text.line("the passphrase is right and the file is whole");
        text.fields(report.fields());
    })
}
