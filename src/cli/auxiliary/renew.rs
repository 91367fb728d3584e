//! `aux renew`.

use crate::ceremony::auxiliary;
use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::ids::KeyId;

const EXAMPLES: &str = "\
Examples:
  quorate aux renew --key 3f0c9a52-6d0e-4f4c-9d1e-2f1f0a4b7c11";

/// Makes new Paillier data for an ECDSA key on its servers
#[derive(clap::Args, Clone, Debug)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// The key's keyId
    #[arg(long, value_name = "KEYID")]
    pub(crate) key: KeyId,
}

pub(crate) fn run(args: Args, context: &mut Context) -> Result<(), CommandError> {
    let mut workspace = context.workspace()?;
    let progress = context.progress();
    let made = auxiliary::renew(&mut workspace, &args.key, &mut *context.ui(), &progress)?;
    let report = serde_json::json!({
        "keyId": args.key, "auxId": made.aux_id, "tableHash": made.table_hash, "words": made.table_hash.words(),
    });
    context.show(&report, |report, text| text.value(report))
}
