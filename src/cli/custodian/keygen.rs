//! `custodian keygen`.

use std::path::PathBuf;

use rand_core::OsRng;
use serde::Serialize;

use crate::ceremony::custodians;
use crate::cli::args::NewPassphraseArgs;
use crate::cli::context::Context;
use crate::cli::custodian::Person;
use crate::cli::error::CommandError;
use crate::cli::files;
use crate::identity::{PersonIdentity, Replaces};
use crate::ids::Name;
use crate::ui::SecretSource;
use crate::wrap::recipient::{self, Identity};

const EXAMPLES: &str = "\
Examples:
  quorate custodian keygen --name A --out A.identity.json --generate-passphrase

  Keep an age key made elsewhere:
    quorate custodian keygen --name A --from key.txt --out A.identity.json

  A new identity that the old one vouches for (asks for the old passphrase first):
    quorate custodian keygen --name A --replaces old/A.identity.json --out A.identity.json

The file is useless without its passphrase, and the passphrase cannot be reset: split the identity among
guardians next.";

/// Makes an identity on this machine: a file under a passphrase, and a public card beside it
#[derive(clap::Args, Clone, Debug)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// The person's name
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Name,
    /// The identity file to make; the card NAME.card.json goes beside it
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    /// Keep the secret key of a file that age-keygen wrote; - reads standard input
    #[arg(long, value_name = "FILE")]
    pub(crate) from: Option<PathBuf>,
    /// The identity that this one replaces; its card is sought beside it
    #[arg(long, value_name = "IDENTITY")]
    pub(crate) replaces: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) protection: NewPassphraseArgs,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    #[serde(flatten)]
    person: Person,
    identity: String,
    card: String,
    kdf: String,
}

pub(crate) fn run(args: Args, context: &mut Context) -> Result<(), CommandError> {
    let card_path = custodians::card_path(&args.out, &args.name);
    if card_path == args.out {
        return Err(CommandError::usage(
            "--out is the private identity; its public card would have that name",
        ));
    }
    custodians::absent(&args.out)?;
    custodians::absent(&card_path)?;
    let old = args.replaces.as_ref().map(|path| super::with_card(path, context)).transpose()?;
    let replaces = old.as_ref().map(|(identity, card)| Replaces::new(card, identity)).transpose()?;
    if old.as_ref().is_some_and(|(identity, _)| *identity.name() != args.name) {
        return Err(CommandError::usage("an identity replaces one of the same name"));
    }
    let identity = match args.from.clone() {
        None => PersonIdentity::random(args.name.clone(), &mut OsRng),
        Some(path) => PersonIdentity::new(args.name.clone(), age_key(path)?),
    };
    let (cost, generate) = (args.protection.cost(), args.protection.generate_passphrase);
    let what = format!("{}'s identity", args.name);
    let passphrase = context.new_passphrase(&what, &[args.name.as_str()], generate)?;
    let made = custodians::keygen(&args.out, &identity, &passphrase, context.kdf_cost(cost), replaces)?;
    let report = Report {
        person: Person::of_card(&made.card)?,
        identity: args.out.display().to_string(),
        card: made.card_path.display().to_string(),
        kdf: made.locked.phc().costs(),
    };
    context.show(&report, |report, text| {
        text.fields(report.person.fields().into_iter().chain([
            ("identity", report.identity.clone()),
            ("card", report.card.clone()),
            ("Argon2id", report.kdf.clone()),
        ]));
        text.line("the identity file stays with you; the card is public: give it to whoever enrols you");
    })?;
    if let Some(plain) = args.from.filter(|path| path.as_os_str() != "-") {
        context.note(&format!("{} still holds the same key, unprotected: destroy it", plain.display()));
    }
    let identity = files::quoted(&args.out);
    context.next(&format!("quorate guardian split {identity} --guardians Ann,Bob,Cyd,Dan,Eve --out-dir DIR"));
    Ok(())
}

fn age_key(path: PathBuf) -> Result<Identity, CommandError> {
    let name = path.display().to_string();
    let bytes = SecretSource::File(path).read_whole(recipient::KEY_FILE_CAP)?;
    Identity::from_key_file(bytes.expose()).map_err(|e| {
        CommandError::fixable(format!("{name} gives no age identity: {e}")).state("nothing was made")
    })
}
