//! `person update`.

use std::path::PathBuf;

use crate::ceremony::{custodians, people};
use crate::cli::context::Context;
use crate::cli::error::CommandError;

const EXAMPLES: &str = "\
Examples:
  After `custodian keygen --name A --replaces OLD` the new card is vouched for by the old identity:
    quorate person update A.card.json";

/// Takes a person's new card, vouched for by the identity it replaces
///
/// Shards wrapped for the old identity stay readable with it until they are re-wrapped and the share is refreshed.
#[derive(clap::Args, Clone, Debug)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// The person's new card
    #[arg(value_name = "CARD")]
    pub(crate) card: PathBuf,
}

pub(crate) fn run(args: Args, context: &mut Context) -> Result<(), CommandError> {
    let card = custodians::read_card(&args.card)?;
    let name = card.card.name.clone();
    let mut workspace = context.workspace()?;
    let changed = people::update(&mut workspace, card)?;
    super::show(&workspace, &name, changed, "updated: all nodes signed this", context)
}
