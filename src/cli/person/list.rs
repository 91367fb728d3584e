//! `person list`.

use serde::Serialize;

use super::Enrolled;
use crate::ceremony::people;
use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::digest::Hash;

const EXAMPLES: &str = "\
Examples:
  quorate person list";

/// Lists the people of the genesis in force
#[derive(clap::Args, Clone, Debug)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    people: Vec<Enrolled>,
    sequence: u32,
    genesis_hash: Hash,
}

pub(crate) fn run(_: Args, context: &mut Context) -> Result<(), CommandError> {
    let workspace = context.workspace()?;
    let chain = workspace.chain()?;
    let entries = &chain.current().people;
    let report = Report {
        people: entries.iter().map(Enrolled::of).collect::<Result<_, _>>()?,
        sequence: chain.current().sequence,
        genesis_hash: chain.current_hash(),
    };
    context.show(&report, |_, text| {
        if entries.is_empty() {
            return text.line("nobody is enrolled");
        }
        for entry in entries {
            let words = entry.card.hash().map(|hash| hash.words()).unwrap_or_default();
            text.line(format!("{}  {}  {}", entry.name, people::described(entry), entry.card.card.recipient));
            text.line(format!("    {words}"));
        }
    })
}
