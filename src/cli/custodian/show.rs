//! `custodian show`.

use std::path::PathBuf;

use serde::Serialize;

use crate::ceremony::custodians;
use crate::cli::context::Context;
use crate::cli::custodian::Person;
use crate::cli::error::CommandError;
use crate::cli::files;

const EXAMPLES: &str = "\
Examples:
  quorate custodian show A.identity.json";

/// Shows the public parts of an identity file; asks for no passphrase
#[derive(clap::Args, Clone, Debug)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// The identity file
    #[arg(value_name = "IDENTITY")]
    pub(crate) identity: PathBuf,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    #[serde(flatten)]
    person: Person,
    kdf: String,
    authenticated: bool,
}

pub(crate) fn run(args: Args, context: &mut Context) -> Result<(), CommandError> {
    let locked = custodians::read_identity(&args.identity)?;
    let (recipient, approval_key) = (locked.recipient(), locked.approval_key());
    let card = custodians::read_card(&custodians::card_path(&args.identity, locked.name())).ok();
    let card =
        card.filter(|card| card.card.recipient == *recipient && card.card.approval_key == *approval_key);
    let person = match card {
        Some(card) => Person::of_card(&card)?,
        None => Person::without_card(locked.name(), recipient, approval_key),
    };
    let report = Report { person, kdf: locked.phc().costs(), authenticated: false };
    context.show(&report, |report, text| {
        text.fields(report.person.fields().into_iter().chain([("Argon2id", report.kdf.clone())]));
        text.line("this is what the file says; only unlocking it proves that nobody altered it");
    })?;
    context.next(&format!("quorate custodian unlock-check {}", files::quoted(&args.identity)));
    Ok(())
}
