//! `sign run`.

use std::path::{Path, PathBuf};

use crate::ceremony::{CeremonyError, grants, requests};
use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::cli::{files, letters};
use crate::request::Content;
use crate::shard::{self, DirtyGrant};

use super::{Output, OutputArgs};

const EXAMPLES: &str = "\
Examples:
  quorate sign run pay.request.json --grant A.grant.json --grant B.grant.json";

/// Signs a request with the grants of its custodians
#[derive(clap::Args, Clone, Debug)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// The request
    #[arg(value_name = "REQUEST")]
    pub(crate) request: PathBuf,
    /// A custodian's grant, or a picture of its QR code; repeat, as many as the threshold
    #[arg(long, value_name = "FILE", required = true)]
    pub(crate) grant: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

pub(crate) fn run(args: Args, context: &mut Context) -> Result<(), CommandError> {
    let output = Output::plan(&args.output)?;
    let request = letters::request(&args.request)?;
    let grants = args.grant.iter().map(|path| read(path)).collect::<Result<Vec<_>, _>>()?;
    let (params, _) = grants::signing(&request)?;
    let blind = matches!(params.content, Content::Digest { .. });
    let mut workspace = context.workspace()?;
    output.check(&workspace, &params.key_id)?;
    let signed = requests::run(&mut workspace, &request, grants, &files::quoted(&args.request))?;
    output.show(signed, blind, context)
}

/// A grant's file, or a picture of its QR code.
fn read(path: &Path) -> Result<DirtyGrant, CommandError> {
    let of_file =
        |source| CeremonyError::ShardFile { file: path.display().to_string(), source: Box::new(source) };
    let grant = match letters::read(path, shard::GRANT_PREFIX, shard::FILE_CAP)? {
        letters::Content::File(bytes) => DirtyGrant::parse(&bytes),
        letters::Content::Code(text) => DirtyGrant::from_text(&text),
    };
    Ok(grant.map_err(of_file)?)
}
