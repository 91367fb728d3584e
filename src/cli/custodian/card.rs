//! `custodian card`.

use std::path::PathBuf;

use serde::Serialize;

use crate::ceremony::custodians;
use crate::cli::context::Context;
use crate::cli::custodian::Person;
use crate::cli::error::CommandError;
use crate::identity::Replaces;
use crate::ids::Time;

const EXAMPLES: &str = "\
Examples:
  quorate custodian card A.identity.json

A card made again has the same keys and another fingerprint, because it names another time. If the lost one was
vouched for by an older identity, name that again with --replaces.";

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
    /// The older identity that vouches for this one; its card is sought beside it
    #[arg(long, value_name = "IDENTITY")]
    pub(crate) replaces: Option<PathBuf>,
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
    let identity = context.unlock(&args.identity)?;
    let old = args.replaces.as_ref().map(|path| super::with_card(path, context)).transpose()?;
    let replaces = old.as_ref().map(|(old, card)| Replaces::new(card, old)).transpose()?;
    let card = identity.card(Time::now(), replaces)?;
    custodians::write_card(&out, &card)?;
    let report = Report { person: Person::of_card(&card)?, card: out.display().to_string() };
    context.show(&report, |report, text| {
        text.fields(report.person.fields().into_iter().chain([("card", report.card.clone())]));
    })
}
