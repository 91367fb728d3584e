//! `key`: threshold keys.

use clap::Subcommand;

use crate::cli::context::Context;
use crate::cli::error::CommandError;

pub(crate) mod abandon;
pub(crate) mod generate;
pub(crate) mod list;
pub(crate) mod resume;
pub(crate) mod show;

/// Threshold keys
#[derive(Subcommand, Clone, Debug)]
pub(crate) enum KeyCommand {
    Generate(generate::Args),
    List(list::Args),
    Show(show::Args),
    Resume(resume::Args),
    Abandon(abandon::Args),
}

impl KeyCommand {
    pub(crate) fn run(self, context: &mut Context) -> Result<(), CommandError> {
        match self {
            Self::Generate(args) => generate::run(args, context),
            Self::List(args) => list::run(args, context),
            Self::Show(args) => show::run(args, context),
            Self::Resume(args) => resume::run(args, context),
            Self::Abandon(args) => abandon::run(args, context),
        }
    }
}
