//! `request new unlock`.

use super::{MakeArgs, make};
use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::ids::{KeyId, Name};
use crate::request::{Action, UnlockParams};

const EXAMPLES: &str = "\
Examples:
  quorate request new unlock --key 3f0c9a52-6d0e-4f4c-9d1e-2f1f0a4b7c11 --culprit OFFICIAL_2 \\
    --reason \"rebuilt from a clean image\" --requester K.identity.json --out u.request.json";

/// Makes a request to lift the lock on a server that misbehaved
#[derive(clap::Args, Clone, Debug)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// The key's keyId
    #[arg(long, value_name = "KEYID")]
    pub(crate) key: KeyId,
    /// The server that was found to misbehave
    #[arg(long, value_name = "NAME")]
    pub(crate) culprit: Name,
    /// Why it may take part again, for everybody's logs
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: String,
    #[command(flatten)]
    pub(crate) make: MakeArgs,
}

pub(crate) fn run(args: Args, context: &mut Context) -> Result<(), CommandError> {
    let workspace = args.make.workspace(context)?;
    let chain = workspace.chain()?;
    let card = workspace.inventory().card(&args.key, chain)?;
    let holders: Vec<Name> = card.body().holders(chain)?;
    let params =
        UnlockParams { key_id: args.key, culprit: args.culprit.clone(), reason: args.reason.clone() };
    let then = format!("quorate key unlock --key {} --culprit {}", args.key, args.culprit);
    make(Action::Unlock(params), (&card, &holders), workspace, (&args.make, &then), context)
}
