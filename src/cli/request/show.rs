//! `request show`.

use std::path::PathBuf;

use crate::ceremony::grants;
use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::cli::letters;

use super::{RequestReport, decoded};

const EXAMPLES: &str = "\
Examples:
  quorate request show pay.request.json";

/// Shows a request: what would be done, its words, who must grant it
#[derive(clap::Args, Clone, Debug)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// The request
    #[arg(value_name = "REQUEST")]
    pub(crate) request: PathBuf,
}

pub(crate) fn run(args: Args, context: &mut Context) -> Result<(), CommandError> {
    let request = letters::request(&args.request)?;
    let workspace = context.workspace()?;
    let chain = workspace.chain()?;
    grants::check_form(chain, &request)?;
    // A custodian's home has no inventory; a card that is another one says nothing about this request.
    let card = request.request.action.key_id().and_then(|id| workspace.inventory().card(&id, chain).ok());
    let card = card.filter(|card| request.request.key_card_hash == Some(card.hash()));
    let fields = decoded::of_request(&request, chain, card.as_ref().map(|card| card.body()))?;
    let report = RequestReport::of(&request, chain, None)?;
    context.show(&report, |report, text| {
        text.fields(fields);
        report.text(text);
    })
}
