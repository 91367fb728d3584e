//! `audit`: signed, hash-chained logs.

use clap::Subcommand;

use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::ids::Name;

pub(crate) mod export;
pub(crate) mod head;
pub(crate) mod show;
pub(crate) mod verify;

/// Signed, hash-chained logs
#[derive(Subcommand, Clone, Debug)]
pub(crate) enum AuditCommand {
    Show(show::Args),
    Verify(verify::Args),
    Head(head::Args),
    Export(export::Args),
}

impl AuditCommand {
    pub(crate) fn run(self, context: &mut Context) -> Result<(), CommandError> {
        match self {
            Self::Show(args) => show::run(args, context),
            Self::Verify(args) => verify::run(args, context),
            Self::Head(args) => head::run(args, context),
            Self::Export(args) => export::run(args, context),
        }
    }
}

/// A power cut leaves the beginning of a line that nobody ever acted on.
fn tell_torn(torn: &[Name], context: &mut Context) {
    for name in torn {
        context.note(&format!("the log of {name} ends with an unfinished line, which does not count"));
    }
}
