//! `request new recover`.

use super::{MakeArgs, make};
use crate::cli::args::NameList;
use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::ids::{KeyId, Name};
use crate::request::{Action, RecoverParams};

const EXAMPLES: &str = "\
Examples:
  quorate request new recover --key 3f0c9a52-6d0e-4f4c-9d1e-2f1f0a4b7c11 --to C --reason \"vendor is gone\" \\
    --requester K.identity.json --out r.request.json

  Where the servers are gone, on any machine that knows the key (quorate key rebuild-inventory SHARD):
    quorate request new recover --offline --key 3f0c9a52-6d0e-4f4c-9d1e-2f1f0a4b7c11 --to C --reason \"vendor is gone\" \\
      --requester K.identity.json --out r.request.json

The servers seal their shares to C's enrolled recipient; the key is whole on C's device only, and signs no more.";

/// Makes a request to recover a private key, from the servers or from shards
#[derive(clap::Args, Clone, Debug)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// The key's keyId
    #[arg(long, value_name = "KEYID")]
    pub(crate) key: KeyId,
    /// The servers that give their shares, exactly as many as the threshold; default: the first of the roster
    #[arg(long, value_name = "A,B,..", conflicts_with = "offline")]
    pub(crate) servers: Option<NameList>,
    /// From shards, with `recover --offline`: no server is asked
    #[arg(long)]
    pub(crate) offline: bool,
    /// The enrolled person on whose device the key is put together
    #[arg(long, value_name = "NAME")]
    pub(crate) to: Name,
    /// Why, for everybody's logs
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: String,
    /// The servers delete their shares once that device has signed a receipt
    #[arg(long, conflicts_with = "offline")]
    pub(crate) delete_after_recover: bool,
    #[command(flatten)]
    pub(crate) make: MakeArgs,
}

pub(crate) fn run(args: Args, context: &mut Context) -> Result<(), CommandError> {
    let workspace = args.make.workspace(context)?;
    let chain = workspace.chain()?;
    let card = workspace.inventory().card(&args.key, chain)?;
    let owner = chain.current().person(&args.to);
    let owner = owner.ok_or_else(|| {
        CommandError::fixable(format!("{} is not enrolled", args.to)).hint("quorate person list")
    })?;
    let holders = card.body().holders(chain)?;
    let first = || holders.iter().take(card.body().threshold.into()).map(|name| (*name).clone()).collect();
    let servers: Vec<Name> = match &args.servers {
        _ if args.offline => Vec::new(),
        Some(list) => list.names().to_vec(),
        None => first(),
    };
    let params = RecoverParams {
        key_id: args.key,
        servers: servers.clone(),
        recipient: owner.card.card.recipient,
        owner: args.to.clone(),
        reason: args.reason.clone(),
        delete: args.delete_after_recover,
    };
    let then = match args.offline {
        true => format!(
            "quorate recover --offline --shard SHARD.. --identity FILE.. --to {} --out FILE",
            params.recipient
        ),
        false => format!("quorate recover --key {}", args.key),
    };
    make(Action::Recover(params), (&card, &servers), workspace, (&args.make, &then), context)
}
