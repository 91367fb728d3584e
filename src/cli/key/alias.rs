//! `key alias`.

use crate::ceremony::alias;
use crate::cli::args::AuthorityArgs;
use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::cli::key::KeyReport;
use crate::ids::{KeyId, Label};

const EXAMPLES: &str = "\
Examples:
  quorate key alias --key 3f0c9a52-6d0e-4f4c-9d1e-2f1f0a4b7c11 --label 'treasury, second set'
  quorate share import A.import.json --server OFFICIAL_1 --as-new NEWKEYID";

/// Gives a key a second id, for shares that are imported anew; all its servers sign it
#[derive(clap::Args, Clone, Debug)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// The key's keyId
    #[arg(long, value_name = "KEYID")]
    pub(crate) key: KeyId,
    /// Free text
    #[arg(long, value_name = "TEXT")]
    pub(crate) label: Option<Label>,
    #[command(flatten)]
    pub(crate) authority: AuthorityArgs,
}

pub(crate) fn run(args: Args, context: &mut Context) -> Result<(), CommandError> {
    let mut workspace = context.workspace_for(&args.authority)?;
    let (card, alias) = alias::run(&mut workspace, &args.key, args.label)?;
    let report = KeyReport::of(&card)?.under(alias.alias.new_key_id, alias.alias.label);
    context.show(&report, |report, text| report.text(text))
}
