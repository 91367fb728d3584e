//! `guardian recreate`.

use std::path::PathBuf;

use serde::Serialize;

use crate::ceremony::guardians::{self, Delivery, Expected};
use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::cli::guardian::hand_out::{self, OutArgs};
use crate::cli::guardian::{ShareArgs, collect};
use crate::guardian::collect::Collection;
use crate::ids::Name;

const EXAMPLES: &str = "\
Examples:
  Cyd's sheet burnt; three others make the same one again:
    quorate guardian recreate Cyd Ann.jpg Bob.jpg Dan.jpg --set guardian-set.json --out-dir /dev/shm/A

It is the identical share. If the sheet was stolen, not destroyed, replace the identity instead.";

/// Makes the identical share of one guardian again, from enough of the others
#[derive(clap::Args, Clone, Debug)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// Whose share was lost
    #[arg(value_name = "NAME")]
    pub(crate) name: Name,
    #[command(flatten)]
    pub(crate) shares: ShareArgs,
    /// The guardian set
    #[arg(long, value_name = "FILE", default_value = guardians::SET_FILE)]
    pub(crate) set: PathBuf,
    #[command(flatten)]
    pub(crate) out: OutArgs,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    guardian: Name,
    share: u8,
    files: Vec<String>,
}

pub(crate) fn run(args: Args, context: &mut Context) -> Result<(), CommandError> {
    let set = guardians::read_set(&args.set)?;
    let Some(guardian) = set.guardian(&args.name) else {
        let names: Vec<&str> = set.guardians().iter().map(|guardian| guardian.name.as_str()).collect();
        let names = names.join(", ");
        let message = format!("{} is no guardian of this set; its guardians are {names}", args.name);
        return Err(CommandError::fixable(message));
    };
    let printer = args.out.printer(context)?;
    let mut collection = Collection::of(set.clone());
    collect(&mut collection, args.shares, context)?;
    guardians::rebuild(&collection, &Expected::of_set(&set))?;
    let share = guardians::recreate(&set, &collection, guardian)?;
    let handout = guardians::handout(&set, guardian, &share, &Delivery::Sheet, args.out.paper.into())?;
    let files = hand_out::one(&handout, &args.out, printer.as_deref(), context)?;
    let files = files.iter().map(|path| path.display().to_string()).collect();
    let report = Report { guardian: args.name, share: guardian.number(), files };
    context.show(&report, |report, text| {
        text.line(format!("share {} of {}, identical to the lost one", report.share, report.guardian));
        report.files.iter().for_each(|file| text.line(file));
    })
}
