//! `request renew`.

use std::path::PathBuf;

use crate::ceremony::requests;
use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::cli::files::{self, NewFile};
use crate::cli::letters;

use super::RequestReport;

const EXAMPLES: &str = "\
Examples:
  quorate request renew pay.request.json --out pay-2.request.json

The request and its words stay the same; custodians grant it again, for the servers' new one-time recipients.";

/// Makes new one-time recipients for a request whose run failed
#[derive(clap::Args, Clone, Debug)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// The request
    #[arg(value_name = "REQUEST")]
    pub(crate) request: PathBuf,
    /// The new file
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
}

pub(crate) fn run(args: Args, context: &mut Context) -> Result<(), CommandError> {
    let out = NewFile::plan(&args.out)?;
    let mut request = letters::request(&args.request)?;
    let mut workspace = context.workspace()?;
    requests::renew(&mut workspace, &mut request)?;
    out.write_only(&requests::to_bytes(&request)?)?;
    let report = RequestReport::of(&request, workspace.chain()?, Some(&args.out))?;
    context.show(&report, |report, text| report.text(text))?;
    report.next(&files::quoted(&args.out), context);
    Ok(())
}
