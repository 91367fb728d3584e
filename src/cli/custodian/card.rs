//! `custodian card`.

use std::path::PathBuf;

use serde::Serialize;

use crate::ceremony::custodians;
use crate::cli::context::Context;
use crate::cli::custodian::Person;
use crate::cli::error::CommandError;
use crate::ids::Time;

const EXAMPLES: &str = "\
Examples:
  quorate custodian card A.identity.json

A card made again has the same keys and another fingerprint, because it names another time.";

/// Writes the public card of an identity again, if the first one was lost
#[derive(clap::Args, Clone, Debug)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// The identity file
    #[arg(value_name = "IDENTITY")]
    pub(crate) identity: PathBuf,
    /// The card to make; default: NAME.card.json beside the identity
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    #[serde(flatten)]
    person: Person,
    card: String,
}

pub(crate) fn run(args: Args, context: &mut Context) -> Result<(), CommandError> {
    let name = custodians::read_identity(&args.identity)?.name().clone();
    let out = args.out.unwrap_or_else(|| custodians::card_path(&args.identity, &name));
    custodians::absent(&out)?;
    let card = context.unlock(&args.identity)?.card(Time::now(), None)?;
    custodians::write_card(&out, &card)?;
    let report = Report { person: Person::of_card(&card)?, card: out.display().to_string() };
    context.show(&report, |report, text| {
        text.fields(report.person.fields().into_iter().chain([("card", report.card.clone())]));
    })
}
