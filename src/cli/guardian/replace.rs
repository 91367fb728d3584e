//! `guardian replace`.

use std::path::{Path, PathBuf};

use rand_core::OsRng;
use serde::Serialize;

use crate::ceremony::custodians;
use crate::cli::args::NewPassphraseArgs;
use crate::cli::context::Context;
use crate::cli::custodian::Person;
use crate::cli::error::CommandError;
use crate::cli::files;
use crate::cli::guardian::split::{self, SplitArgs};
use crate::identity::{PersonIdentity, Replaces};

const EXAMPLES: &str = "\
Examples:
  A guardian left, or a sheet was stolen: a new identity with new guardians. The old passphrase is asked first:
    quorate guardian replace old/A.identity.json --out A.identity.json --guardians Ann,Bob,Fay --out-dir /dev/shm/A

  Only another grouping of trusted people, the same identity:
    quorate guardian replace A.identity.json --same-identity --guardians Ann,Bob,Cyd --out-dir /dev/shm/A

Splitting the same identity again retires no old sheet: any threshold of old sheets still restores it.";

/// Makes a new identity with new guardians in the place of an old one
#[derive(clap::Args, Clone, Debug)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// The old identity; its card is sought beside it
    #[arg(value_name = "IDENTITY")]
    pub(crate) identity: PathBuf,
    /// The new identity file to make; its card goes beside it
    #[arg(long, value_name = "FILE", required_unless_present = "same_identity")]
    pub(crate) out: Option<PathBuf>,
    /// Keep the identity and only make a new set: old sheets stay valid
    #[arg(long, conflicts_with_all = ["out", "generate_passphrase", "kdf"])]
    pub(crate) same_identity: bool,
    #[command(flatten)]
    pub(crate) split: SplitArgs,
    #[command(flatten)]
    pub(crate) protection: NewPassphraseArgs,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    #[serde(skip_serializing_if = "Option::is_none")]
    new_identity: Option<NewIdentity>,
    #[serde(flatten)]
    split: split::Report,
    same_identity: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct NewIdentity {
    #[serde(flatten)]
    person: Person,
    identity: String,
    card: String,
}

pub(crate) fn run(args: Args, context: &mut Context) -> Result<(), CommandError> {
    let set = args.split.set_path(args.out.as_ref().unwrap_or(&args.identity));
    custodians::absent(&set)?;
    args.split.check()?;
    let printer = args.split.out.printer(context)?;
    let name = custodians::read_identity(&args.identity)?.name().clone();
    if let Some(out) = &args.out {
        custodians::absent(out)?;
        custodians::absent(&custodians::card_path(out, &name))?;
    }
    let old = context.unlock(&args.identity)?;
    let (identity, new_identity) = match &args.out {
        None => (old, None),
        Some(out) => {
            let (identity, made) = renew(&args, out, &old, context)?;
            (identity, Some(made))
        }
    };
    let split = args.split.perform(&identity, &set, printer.as_deref(), context);
    let split = split.map_err(|error| match &args.out {
        Some(out) => {
            let before = error.state.clone().map(|state| format!("{state}; ")).unwrap_or_default();
            let mut error = error.state(format!(
                "{before}the new identity and its card are complete; it has no guardians yet"
            ));
            error.hints.retain(|hint| !hint.starts_with("run the same command"));
            error.hint(format!("quorate guardian split {} --guardians ..", files::quoted(out)))
        }
        None => error,
    })?;
    let report = Report { same_identity: new_identity.is_none(), new_identity, split };
    context.show(&report, |report, text| {
        if let Some(new) = &report.new_identity {
            let files = [("identity", new.identity.clone()), ("card", new.card.clone())];
            text.fields(new.person.fields().into_iter().chain(files));
        }
        report.split.text(text);
        text.line(if report.same_identity {
            "the identity is the same: any threshold of OLD sheets still works; only a new identity ends that"
        } else {
            "old sheets restore the old identity only: re-wrap what it opens to the new one, then destroy both"
        });
    })?;
    context.next(&split::check_command(&set));
    Ok(())
}

fn renew(
    args: &Args,
    out: &Path,
    old: &PersonIdentity,
    context: &mut Context,
) -> Result<(PersonIdentity, NewIdentity), CommandError> {
    let card = custodians::read_card(&custodians::card_path(&args.identity, old.name()))?;
    let replaces = Some(Replaces::new(&card, old)?);
    let identity = PersonIdentity::random(old.name().clone(), &mut OsRng);
    let (cost, generate) = (args.protection.cost(), args.protection.generate_passphrase);
    let name = old.name().as_str();
    let passphrase = context.new_passphrase(&format!("{name}'s new identity"), &[name], generate)?;
    let made = custodians::keygen(out, &identity, &passphrase, context.kdf_cost(cost), replaces)?;
    let new = NewIdentity {
        person: Person::of_card(&made.card)?,
        identity: out.display().to_string(),
        card: made.card_path.display().to_string(),
    };
    Ok((identity, new))
}
