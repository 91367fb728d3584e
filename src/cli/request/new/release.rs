//! `request new release`.

use super::{MakeArgs, make};
use crate::ceremony::export;
use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::ids::{KeyId, Name};
use crate::request::{Action, DeleteParams};

const EXAMPLES: &str = "\
Examples:
  quorate request new release --key 3f0c9a52-6d0e-4f4c-9d1e-2f1f0a4b7c11 --server OFFICIAL_1 \\
    --reason \"A is in hospital; the shard was read back by two of us\" --requester K.identity.json --out d.request.json

If the shard that was written does not open, the share is lost: have it opened first, or have a receipt.";

/// Makes a request to delete what a server gave out without its custodian's receipt
#[derive(clap::Args, Clone, Debug)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// The key's keyId
    #[arg(long, value_name = "KEYID")]
    pub(crate) key: KeyId,
    /// The server that is to delete what it exported last
    #[arg(long, value_name = "NAME")]
    pub(crate) server: Name,
    /// Why there is no receipt, for everybody's logs
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: String,
    #[command(flatten)]
    pub(crate) make: MakeArgs,
}

pub(crate) fn run(args: Args, context: &mut Context) -> Result<(), CommandError> {
    let workspace = args.make.workspace(context)?;
    let card = workspace.inventory().card(&args.key, workspace.chain()?)?;
    let params = DeleteParams {
        key_id: args.key,
        server: args.server.clone(),
        export_op_id: export::unreleased(&workspace, &args.key, &args.server)?.op_id,
        reason: args.reason.clone(),
    };
    let then = format!("quorate share release --key {} --no-receipt {}", args.key, args.server);
    let action = Action::DeleteWithoutReceipt(params);
    make(action, (&card, &[args.server]), workspace, (&args.make, &then), context)
}
