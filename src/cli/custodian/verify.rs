//! `custodian verify`.

use std::path::PathBuf;

use serde::Serialize;

use crate::ceremony::custodians;
use crate::cli::context::Context;
use crate::cli::custodian::Person;
use crate::cli::error::CommandError;
use crate::cli::files;
use crate::digest::Hash;
use crate::identity::challenge::{Challenge, FILE_CAP, Proof};

const EXAMPLES: &str = "\
Examples:
  quorate custodian verify A.card.json
  quorate custodian verify A.card.json --challenge A.challenge.json --proof A.proof.json

A card alone shows that its maker once held both secrets. A proof shows that its sender holds them now, if the
challenge is your own. That the person is who they say, only you can see: compare the words by voice.";

/// Checks a person's card, and a proof that its holder has both secrets now
#[derive(clap::Args, Clone, Debug)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// The person's card
    #[arg(value_name = "CARD")]
    pub(crate) card: PathBuf,
    /// Your own copy of the challenge
    #[arg(long, value_name = "FILE", requires = "proof")]
    pub(crate) challenge: Option<PathBuf>,
    /// The proof you were given
    #[arg(long, value_name = "FILE", requires = "challenge")]
    pub(crate) proof: Option<PathBuf>,
    /// The card that this one replaces
    #[arg(long, value_name = "CARD")]
    pub(crate) replaces: Option<PathBuf>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    #[serde(flatten)]
    person: Person,
    proven: bool,
    /// The card that this one names as replaced, whether or not that was checked.
    #[serde(skip_serializing_if = "Option::is_none")]
    claims_to_replace: Option<Hash>,
    replaces: bool,
}

pub(crate) fn run(args: Args, context: &mut Context) -> Result<(), CommandError> {
    let card = custodians::read_card(&args.card)?;
    if let (Some(challenge), Some(proof)) = (&args.challenge, &args.proof) {
        let challenge = Challenge::parse(&files::read(challenge, FILE_CAP as u64)?)?;
        Proof::parse(&files::read(proof, FILE_CAP as u64)?)?.check(&challenge, &card)?;
    }
    if let Some(previous) = &args.replaces {
        card.check_replaces(&custodians::read_card(previous)?)?;
    }
    let (proven, replaces) = (args.proof.is_some(), args.replaces.is_some());
    let claims_to_replace = card.card.previous_card_hash;
    let report = Report { person: Person::of_card(&card)?, proven, claims_to_replace, replaces };
    context.show(&report, |report, text| {
        text.line(if report.proven {
            "the holder of this card has both of its secrets now"
        } else {
            "the card is whole; nothing shows who has its secrets today"
        });
        if report.replaces {
            text.line("the card that it replaces vouches for it");
        } else if report.claims_to_replace.is_some() {
            text.line("it says that it replaces another card; NOT checked: name that with --replaces");
        }
        text.fields(report.person.fields());
    })
}
