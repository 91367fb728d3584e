//! `custodian passphrase`.

use std::path::PathBuf;

use serde::Serialize;

use crate::ceremony::custodians;
use crate::cli::args::NewPassphraseArgs;
use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::ids::Name;
use crate::wrap::passphrase::KdfCost;

const EXAMPLES: &str = "\
Examples:
  quorate custodian passphrase A.identity.json --generate-passphrase

  In a script, the old passphrase first:
    quorate custodian passphrase A.identity.json --passphrase-file old.txt --passphrase-file new.txt

Copies of the old file still open with the old passphrase.";

/// Changes the passphrase of an identity file; the old file stands until the new one was opened
#[derive(clap::Args, Clone, Debug)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// The identity file
    #[arg(value_name = "IDENTITY")]
    pub(crate) identity: PathBuf,
    #[command(flatten)]
    pub(crate) protection: NewPassphraseArgs,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    name: Name,
    identity: String,
    kdf: String,
}

pub(crate) fn run(args: Args, context: &mut Context) -> Result<(), CommandError> {
    custodians::check_replaceable(&args.identity)?;
    let old = custodians::read_identity(&args.identity)?;
    let identity = context.unlock(&args.identity)?;
    let cost = args.protection.kdf.map_or(old.phc().cost(), KdfCost::from);
    let (cost, generate) = (context.kdf_cost(cost), args.protection.generate_passphrase);
    let name = identity.name().clone();
    let passphrase = context.new_passphrase(&format!("{name}'s identity"), &[name.as_str()], generate)?;
    let locked = custodians::change_passphrase(&args.identity, &old, &identity, &passphrase, cost)?;
    let report = Report { name, identity: args.identity.display().to_string(), kdf: locked.phc().costs() };
    context.show(&report, |report, text| {
        text.line(format!("{} now opens with the new passphrase only", report.identity));
        text.line("other copies of the file still open with the old one: destroy them");
    })
}
