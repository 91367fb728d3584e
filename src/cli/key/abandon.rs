//! `key abandon`.

use crate::ceremony::keys;
use crate::cli::args::AuthorityArgs;
use crate::cli::context::Context;
use crate::cli::error::CommandError;
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
    #[command(flatten)]
    pub(crate) authority: AuthorityArgs,
}

pub(crate) fn run(args: Args, context: &mut Context) -> Result<(), CommandError> {
    let mut workspace = context.workspace_for(&args.authority)?;
    keys::abandon(&mut workspace, &args.key)?;
    let report = serde_json::json!({ "keyId": args.key, "abandoned": true });
    context.show(&report, |_, text| {
        text.line(format!("abandoned: {} and every share of it are gone", args.key));
    })
}
