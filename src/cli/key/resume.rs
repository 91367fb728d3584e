//! `key resume`.

use crate::ceremony::keys;
use crate::cli::args::AuthorityArgs;
use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::cli::key::KeyReport;
use crate::ids::KeyId;

const EXAMPLES: &str = "\
Examples:
  quorate key list
  quorate key resume --key 3f0c9a52-6d0e-4f4c-9d1e-2f1f0a4b7c11";

/// Finishes a key generation that was interrupted
#[derive(clap::Args, Clone, Debug)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// The key's keyId
    #[arg(long, value_name = "KEYID")]
    pub(crate) key: KeyId,
    #[command(flatten)]
    pub(crate) authority: AuthorityArgs,
}

pub(crate) fn run(args: Args, context: &mut Context) -> Result<(), CommandError> {
    let mut workspace = context.workspace_for(&args.authority)?;
    let card = keys::resume(&mut workspace, &args.key)?;
    let report = KeyReport::of(&card)?;
    context.show(&report, |report, text| report.text(text))?;
    if keys::show(&workspace, &args.key)?.status() == "no aux" {
        context.next(&format!("quorate aux renew --key {}", args.key));
    }
    Ok(())
}
