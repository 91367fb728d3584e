//! `share`: shards, from node to custodian and back.

use clap::Subcommand;

use crate::cli::context::Context;
use crate::cli::error::CommandError;

pub(crate) mod export;
pub(crate) mod import;
pub(crate) mod release;

/// Shards: key shares outside of nodes
#[derive(Subcommand, Clone, Debug)]
pub(crate) enum ShareCommand {
    Export(export::Args),
    Release(release::Args),
    Import(import::Args),
}

impl ShareCommand {
    pub(crate) fn run(self, context: &mut Context) -> Result<(), CommandError> {
        match self {
            Self::Export(args) => export::run(args, context),
            Self::Release(args) => release::run(args, context),
            Self::Import(args) => import::run(args, context),
        }
    }
}
