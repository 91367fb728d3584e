//! `request show`.

use std::path::PathBuf;

use crate::ceremony::{grants, requests};
use crate::cli::context::Context;
use crate::cli::error::CommandError;

use super::{RequestReport, decoded};

const EXAMPLES: &str = "\
Examples:
  quorate request show pay.request.json";

/// Shows a request: what would be signed, its words, who must grant it
#[derive(clap::Args, Clone, Debug)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// The request
    #[arg(value_name = "REQUEST")]
    pub(crate) request: PathBuf,
}

pub(crate) fn run(args: Args, context: &mut Context) -> Result<(), CommandError> {
    let request = requests::read(&args.request)?;
    let workspace = context.workspace()?;
    let chain = workspace.chain()?;
    grants::check_form(chain, &request)?;
    let (params, hash) = grants::signing(&request)?;
    // A custodian's home has no inventory; a card that is another one says nothing about this request.
    let card = workspace.inventory().card(&params.key_id, chain).ok().filter(|card| card.hash() == hash);
    let servers: Vec<String> = request.one_time_recipients.iter().map(|one| one.node.to_string()).collect();
    let fields = decoded::fields(params, card.as_ref().map(|card| card.body()), &servers)?;
    let report = RequestReport::of(&request, chain, None)?;
    context.show(&report, |report, text| {
        text.fields(fields);
        report.text(text);
    })
}
