//! `request new export`.

use super::{MakeArgs, make};
use crate::ceremony::export;
use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::ids::{KeyId, Name};
use crate::request::Action;

const EXAMPLES: &str = "\
Examples:
  quorate request new export --key 3f0c9a52-6d0e-4f4c-9d1e-2f1f0a4b7c11 --server OFFICIAL_1 --delete \\
    --requester K.identity.json --out e1.request.json

One request is for one server; `share export --all` takes several.";

/// Makes a request to export one server's share to its custodian
#[derive(clap::Args, Clone, Debug)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// The key's keyId
    #[arg(long, value_name = "KEYID")]
    pub(crate) key: KeyId,
    /// The server whose share leaves
    #[arg(long, value_name = "NAME")]
    pub(crate) server: Name,
    /// The server deletes, once its custodian's receipt is there
    #[arg(long)]
    pub(crate) delete: bool,
    /// Only aux, renewed for a share that left before
    #[arg(long)]
    pub(crate) aux: bool,
    #[command(flatten)]
    pub(crate) make: MakeArgs,
}

pub(crate) fn run(args: Args, context: &mut Context) -> Result<(), CommandError> {
    let workspace = args.make.workspace(context)?;
    let card = workspace.inventory().card(&args.key, workspace.chain()?)?;
    let params = export::params_of(&workspace, &args.server, &args.key, (args.delete, args.aux))?;
    let mut then = format!("quorate share export --key {} --server {} --out-dir DIR", args.key, args.server);
    then.push_str(if args.delete { " --delete" } else { "" });
    then.push_str(if args.aux { " --aux" } else { "" });
    make(Action::Export(params), (&card, &[args.server]), workspace, (&args.make, &then), context)
}
