//! `request new import`.

use std::path::PathBuf;

use super::{MakeArgs, make};
use crate::ceremony::import;
use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::cli::files::{self, quoted};
use crate::ids::Name;
use crate::request::Action;
use crate::shard::{DirtyImport, FILE_CAP};

const EXAMPLES: &str = "\
Examples:
  quorate request new import A.import.json --server OFFICIAL_1 --requester K.identity.json --out i1.request.json";

/// Makes a request to put a share back on its server, to stay
#[derive(clap::Args, Clone, Debug)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// What the custodian made with `share rewrap --to-node`
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// The server that it is for
    #[arg(long, value_name = "NAME")]
    pub(crate) server: Name,
    #[command(flatten)]
    pub(crate) make: MakeArgs,
}

pub(crate) fn run(args: Args, context: &mut Context) -> Result<(), CommandError> {
    let file = DirtyImport::parse(&files::read(&args.file, FILE_CAP as u64)?)?;
    let workspace = args.make.workspace(context)?;
    let card =
        file.key_card.clone().check(workspace.chain()?).map_err(crate::ceremony::CeremonyError::from)?;
    let params = import::params_of(&file, &args.server)?;
    let then = format!("quorate share import {} --server {}", quoted(&args.file), args.server);
    make(Action::Import(params), (&card, &[args.server]), workspace, (&args.make, &then), context)
}
