//! `aux`: paillier data of ECDSA keys.

use clap::Subcommand;

use crate::cli::context::Context;
use crate::cli::error::CommandError;

pub(crate) mod renew;

/// Paillier data of ECDSA keys
#[derive(Subcommand, Clone, Debug)]
pub(crate) enum AuxCommand {
    Renew(renew::Args),
}

impl AuxCommand {
    pub(crate) fn run(self, context: &mut Context) -> Result<(), CommandError> {
        match self {
            Self::Renew(args) => renew::run(args, context),
        }
    }
}
