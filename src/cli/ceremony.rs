//! `ceremony`: scripted ceremonies.

use clap::Subcommand;

use crate::cli::context::Context;
use crate::cli::error::CommandError;

pub(crate) mod check;
pub(crate) mod run;

/// Scripted ceremonies
#[derive(Subcommand, Clone, Debug)]
pub(crate) enum CeremonyCommand {
    Run(run::Args),
    Check(check::Args),
}

impl CeremonyCommand {
    pub(crate) fn run(self, context: &mut Context) -> Result<(), CommandError> {
        match self {
            Self::Run(args) => run::run(args, context),
            Self::Check(args) => check::run(args, context),
        }
    }
}
