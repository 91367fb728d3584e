//! `person add`.

use std::path::PathBuf;

use crate::ceremony::{custodians, people};
use crate::cli::args::RoleName;
use crate::cli::context::Context;
use crate::cli::error::{CommandError, ExitKind};
use crate::cli::fingerprint;
use crate::genesis::PersonEntry;
use crate::ids::Name;

const EXAMPLES: &str = "\
Examples:
  The custodian of a server, who reads the words of the card to you:
    quorate person add A.card.json --role custodian --server OFFICIAL_1

  In a script, the words (or the hex digits) are given:
    quorate person add A.card.json --role custodian --server OFFICIAL_1 --fingerprint \"topmost istanbul ..\"

  Somebody who approves and holds no shards:
    quorate person add D.card.json --role approver

The nodes sign a new version of the genesis. The same card again changes nothing; another card of a person who
is enrolled is refused: see quorate person update.";

/// Enrols a person after one comparison of their card's words
#[derive(clap::Args, Clone, Debug)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// The person's card, as `custodian keygen` writes it
    #[arg(value_name = "CARD")]
    pub(crate) card: PathBuf,
    /// What the person may do; repeat for several
    #[arg(long, value_name = "ROLE", required = true)]
    pub(crate) role: Vec<RoleName>,
    /// For a custodian: the server whose shards the person holds
    #[arg(long, value_name = "NAME")]
    pub(crate) server: Option<Name>,
    /// The words (or the hex digits) that the person read to you; else they are asked about
    #[arg(long, value_name = "WORDS")]
    pub(crate) fingerprint: Option<String>,
}

pub(crate) fn run(args: Args, context: &mut Context) -> Result<(), CommandError> {
    let card = custodians::read_card(&args.card)?;
    let name = card.card.name.clone();
    let mut roles = Vec::new();
    for role in args.role.iter().copied().map(Into::into) {
        if !roles.contains(&role) {
            roles.push(role);
        }
    }
    match (args.role.contains(&RoleName::Custodian), &args.server) {
        (true, None) => {
            return Err(CommandError::usage("a custodian needs --server").state("nothing was changed"));
        }
        (false, Some(_)) => {
            return Err(CommandError::usage("only a custodian has a --server").state("nothing was changed"));
        }
        _ => {}
    }
    let hash = card.hash()?;
    let question =
        format!("{name}'s words for this card must be:\n  {}\nIf you hear other ones, stop.", hash.words());
    let refusal = || {
        CommandError::new(ExitKind::Integrity, format!("the words given are not those of {name}'s card"))
            .state("nothing was changed")
            .hint("hear the words again; if they still differ, this is not that person's card")
    };
    fingerprint::compare(args.fingerprint.as_deref(), &hash, (&question, "--fingerprint"), refusal, context)?;
    // Nobody else waits for the lock while the words are compared.
    let mut workspace = context.workspace()?;
    let wanted = PersonEntry { name: name.clone(), roles, server: args.server, card };
    let changed = people::add(&mut workspace, wanted)?;
    super::show(&workspace, &name, changed, "enrolled: all nodes signed this", context)
}
