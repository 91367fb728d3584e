//! `policy show`.

use std::path::PathBuf;

use super::PolicyReport;
use crate::ceremony::govern::{self, Proposal};
use crate::cli::context::Context;
use crate::cli::error::CommandError;

const EXAMPLES: &str = "\
Examples:
  quorate policy show
  quorate policy show genesis.proposal.json";

/// Shows people and quorums of the genesis in force, or of a proposal
#[derive(clap::Args, Clone, Debug)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// A proposal; default: the genesis in force
    #[arg(value_name = "PROPOSAL")]
    pub(crate) proposal: Option<PathBuf>,
}

pub(crate) fn run(args: Args, context: &mut Context) -> Result<(), CommandError> {
    let report = match args.proposal {
        None => PolicyReport::of(context.workspace()?.chain()?.current(), Vec::new())?,
        Some(path) => match Proposal::read(&path)? {
            Proposal::First(genesis) => PolicyReport::of(&genesis, Vec::new())?,
            Proposal::Next(_, next) => {
                let workspace = context.workspace()?;
                PolicyReport::of(&next, govern::changes(workspace.chain()?.current(), &next))?
            }
        },
    };
    context.show(&report, |report, text| report.text(text))
}
