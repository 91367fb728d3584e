//! `aux renew`.

use crate::ceremony::auxiliary;
use crate::cli::args::{AuthorityArgs, NameList};
use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::ids::KeyId;

const EXAMPLES: &str = "\
Examples:
  quorate aux renew --key 3f0c9a52-6d0e-4f4c-9d1e-2f1f0a4b7c11

  Without a server that the others refuse to work with:
    quorate aux renew --key 3f0c9a52-6d0e-4f4c-9d1e-2f1f0a4b7c11 --servers OFFICIAL_1,OFFICIAL_3";

/// Makes new Paillier data for an ECDSA key on its servers
#[derive(clap::Args, Clone, Debug)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// The key's keyId
    #[arg(long, value_name = "KEYID")]
    pub(crate) key: KeyId,
    /// The servers that get new aux, at least as many as sign; default: all that hold the key
    #[arg(long, value_name = "A,B,..")]
    pub(crate) servers: Option<NameList>,
    #[command(flatten)]
    pub(crate) authority: AuthorityArgs,
}

pub(crate) fn run(args: Args, context: &mut Context) -> Result<(), CommandError> {
    let mut workspace = context.workspace_for(&args.authority)?;
    let servers = args.servers.map(|list| list.names().to_vec()).unwrap_or_default();
    let progress = context.progress();
    let made = auxiliary::renew(&mut workspace, &args.key, &servers, &mut *context.ui(), &progress)?;
    let report = serde_json::json!({
        "keyId": args.key, "auxId": made.aux_id, "tableHash": made.table_hash, "words": made.table_hash.words(),
    });
    context.show(&report, |report, text| text.value(report))
}
