//! `guardian check`.

use std::path::PathBuf;

use serde::Serialize;

use crate::ceremony::{CeremonyError, custodians, guardians};
use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::cli::guardian::{SetReport, ShareArgs, read_shares, refused, type_share};
use crate::guardian::collect::Refusal;
use crate::guardian::set::GuardianSet;
use crate::guardian::slip39::Share;
use crate::ids::Name;
use crate::ui::UiError;

const EXAMPLES: &str = "\
Examples:
  quorate guardian check Ann.jpg --set guardian-set.json
  quorate guardian check --set guardian-set.json        (asks for the words)

One share alone is checked to the bit, and restores nothing. The set file notes which shares were read back.";

/// Checks a guardian's share alone against its commitment, and notes in the set that it was read back
#[derive(clap::Args, Clone, Debug)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) shares: ShareArgs,
    /// The guardian set
    #[arg(long, value_name = "FILE", default_value = guardians::SET_FILE)]
    pub(crate) set: PathBuf,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    checked: Vec<Name>,
    #[serde(flatten)]
    set: SetReport,
}

pub(crate) fn run(args: Args, context: &mut Context) -> Result<(), CommandError> {
    custodians::check_replaceable(&args.set)?;
    let mut set = guardians::read_set(&args.set)?;
    let ShareArgs { shares, mut identity } = args.shares;
    let mut checked = Vec::new();
    // Each share is noted at once: a bad one must not cost the notes of the good ones before it.
    let mut note = |set: &mut GuardianSet, share: &Share, file: &str| {
        let found = set.find(share).map(|guardian| guardian.name.clone());
        checked.push(found.map_err(|reason| refused(file, &Refusal::NotInSet(reason)))?);
        *set = guardians::record(&args.set, set, share).map_err(unwritten)?;
        Ok::<_, CommandError>(())
    };
    if shares.is_empty() {
        let share = typed(&set, context)?;
        note(&mut set, &share, "what was typed")?;
    }
    for path in shares {
        for share in read_shares(&path, Some(&set), &mut identity, context)? {
            note(&mut set, &share, &path.display().to_string())?;
        }
    }
    let report = Report { checked, set: SetReport::of(&set) };
    context.show(&report, |report, text| {
        for name in &report.checked {
            text.line(format!("{name}'s share is good"));
        }
        report.set.text(text);
        text.line(if set.proven() {
            "PROVEN: every share was read back"
        } else {
            "UNPROVEN until every share was read back, from its sheet"
        });
    })
}

fn unwritten(error: CeremonyError) -> CommandError {
    let error = CommandError::from(error);
    match &error.state {
        Some(_) => error,
        None => error.state("the share is good; only the note in the set could not be written"),
    }
}

fn typed(set: &GuardianSet, context: &mut Context) -> Result<Share, CommandError> {
    if !context.person_present() {
        return Err(UiError::NoTerminal { need: "a share".into(), flag: "a file" }.into());
    }
    let judge = |share: &Share| set.find(share).map(|_| ()).map_err(|reason| reason.to_string());
    let typed = type_share("Checking one sheet.", Some(set), &judge, context)?;
    typed.ok_or_else(|| CommandError::fixable("no share was checked").state("nothing was noted"))
}
