//! `guardian combine`.

use std::path::PathBuf;

use clap::ValueEnum;
use serde::Serialize;

use crate::ceremony::custodians;
use crate::ceremony::guardians::{self, Expected, read};
use crate::cli::args::NewPassphraseArgs;
use crate::cli::context::Context;
use crate::cli::custodian::Person;
use crate::cli::error::{CommandError, ExitKind};
use crate::cli::files::NewFile;
use crate::cli::guardian::{ShareArgs, collect};
use crate::guardian::collect::Collection;
use crate::ids::Name;
use crate::wrap::recipient::Recipient;

const EXAMPLES: &str = "\
Examples:
  Three photos restore the identity, under a new passphrase:
    quorate guardian combine Ann.jpg Bob.jpg Cyd.jpg --set guardian-set.json --out A.identity.json

  The words are typed; the recipient is the age1... on the sheets:
    quorate guardian combine --name A --recipient age1... --out A.identity.json

  In a script the new passphrase comes first, then those of encrypted shares, in the order of the files.

  Shares of the sharks or blahaj libraries, one file of hex or base64 each:
    quorate guardian combine --format sharks s1 s2 s3 --name A --recipient age1... --out A.identity.json";

/// Restores an identity from enough guardians' shares and puts it under a new passphrase at once
#[derive(clap::Args, Clone, Debug)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) shares: ShareArgs,
    #[command(flatten)]
    pub(crate) expected: ExpectedArgs,
    /// The identity file to make
    #[arg(long, value_name = "FILE", required_unless_present = "show")]
    pub(crate) out: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) protection: NewPassphraseArgs,
    /// Show AGE-SECRET-KEY-1... on the terminal, after a typed confirmation
    #[arg(long)]
    pub(crate) show: bool,
    /// How the shares were made
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = Format::Slip39)]
    pub(crate) format: Format,
}

/// What the result must be; one is needed.
#[derive(clap::Args, Clone, Debug)]
pub(crate) struct ExpectedArgs {
    /// The guardian set: each share is checked to the bit
    #[arg(long, value_name = "FILE", required_unless_present_any = ["card", "recipient"])]
    pub(crate) set: Option<PathBuf>,
    /// The person's card, if the set is lost; beside --set, the two must agree
    #[arg(long, value_name = "CARD")]
    pub(crate) card: Option<PathBuf>,
    /// The age1... printed on the sheets, if both are lost
    #[arg(long, value_name = "age1..", conflicts_with_all = ["set", "card"], requires = "name")]
    pub(crate) recipient: Option<Recipient>,
    /// The person, with --recipient
    #[arg(long, value_name = "NAME", conflicts_with_all = ["set", "card"])]
    pub(crate) name: Option<Name>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum Format {
    /// The sheets of this program, or any SLIP-39 shares of one group
    Slip39,
    /// Legacy: hex or base64 shares of the sharks or blahaj libraries
    Sharks,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    #[serde(flatten)]
    person: Person,
    #[serde(skip_serializing_if = "Option::is_none")]
    identity: Option<String>,
}

pub(crate) fn run(args: Args, context: &mut Context) -> Result<(), CommandError> {
    if let Some(out) = &args.out {
        NewFile::plan(out)?;
    }
    let (expected, mut collection) = args.expected.read()?;
    // Asked for before anybody types a sheet: what goes wrong here must not cost them their work.
    let passphrase = match &args.out {
        Some(_) => {
            let name = expected.name.as_str();
            let what = format!("{name}'s identity");
            Some(context.new_passphrase(&what, &[name], args.protection.generate_passphrase)?)
        }
        None => None,
    };
    if args.show {
        context.ui().can_reveal()?;
    }
    let identity = match args.format {
        Format::Slip39 => {
            collect(&mut collection, args.shares, context)?;
            guardians::rebuild(&collection, &expected)?
        }
        Format::Sharks => read::combine_sharks(&args.shares.shares, &expected)?,
    };
    if let (Some(out), Some(passphrase)) = (&args.out, &passphrase) {
        custodians::save(out, &identity, passphrase, context.kdf_cost(args.protection.cost()))?;
    }
    if args.show {
        let title = format!("The secret key of {}'s identity", identity.name());
        context.ui().reveal(&title, &identity.age().to_text(), "Show")?;
    }
    let person = Person::without_card(identity.name(), &identity.recipient(), &identity.approval_key());
    let report = Report { person, identity: args.out.map(|out| out.display().to_string()) };
    context.show(&report, |report, text| {
        text.line("restored, and checked against its public keys");
        let file = report.identity.clone().map(|file| ("identity", file));
        text.fields(report.person.fields().into_iter().chain(file));
        text.line("its guardians have shown their shares: consider a new identity (guardian replace)");
    })
}

impl ExpectedArgs {
    fn read(&self) -> Result<(Expected, Collection), CommandError> {
        let card = self.card.as_deref().map(custodians::read_card).transpose()?.map(Expected::of_card);
        if let Some(path) = &self.set {
            let set = guardians::read_set(path)?;
            let expected = Expected::of_set(&set);
            return match card {
                Some(card) if card != expected => {
                    let message = "the guardian set is not of the identity on the card";
                    Err(CommandError::new(ExitKind::Integrity, message).state("nothing was restored"))
                }
                _ => Ok((expected, Collection::of(set))),
            };
        }
        if let Some(expected) = card {
            return Ok((expected, Collection::of_any_set()));
        }
        match (&self.name, self.recipient) {
            (Some(name), Some(recipient)) => {
                let expected = Expected { name: name.clone(), recipient, approval_key: None };
                Ok((expected, Collection::of_any_set()))
            }
            _ => Err(CommandError::usage("one of --set, --card and --recipient with --name is needed")),
        }
    }
}
