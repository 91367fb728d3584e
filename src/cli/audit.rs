//! `audit`: signed, hash-chained logs.

use clap::Subcommand;

use crate::cli::context::Context;
use crate::cli::error::CommandError;

pub(crate) mod show;

/// Signed, hash-chained logs
#[derive(Subcommand, Clone, Debug)]
pub(crate) enum AuditCommand {
    Show(show::Args),
}

impl AuditCommand {
    pub(crate) fn run(self, context: &mut Context) -> Result<(), CommandError> {
        match self {
            Self::Show(args) => show::run(args, context),
        }
    }
}
