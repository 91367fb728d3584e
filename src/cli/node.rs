//! `node`: the nodes that hold shares.

use clap::Subcommand;

use crate::cli::context::Context;
use crate::cli::error::CommandError;

pub(crate) mod card;
pub(crate) mod confirm;
pub(crate) mod list;
pub(crate) mod pin;
pub(crate) mod recipient;
pub(crate) mod replace;
pub(crate) mod status;

/// The nodes that hold shares
#[derive(Subcommand, Clone, Debug)]
pub(crate) enum NodeCommand {
    List(list::Args),
    Status(status::Args),
    Card(card::Args),
    Pin(pin::Args),
    Confirm(confirm::Args),
    Recipient(recipient::Args),
    Replace(replace::Args),
}

impl NodeCommand {
    pub(crate) fn run(self, context: &mut Context) -> Result<(), CommandError> {
        match self {
            Self::List(args) => list::run(args, context),
            Self::Status(args) => status::run(args, context),
            Self::Card(args) => card::run(args, context),
            Self::Confirm(args) => confirm::run(args, context),
            Self::Pin(args) => pin::run(args, context),
            Self::Recipient(args) => recipient::run(args, context),
            Self::Replace(args) => replace::run(args, context),
        }
    }
}
