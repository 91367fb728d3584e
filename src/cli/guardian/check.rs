//! `guardian check`.

use std::path::PathBuf;

use serde::Serialize;

use crate::ceremony::guardians;
use crate::ceremony::guardians::read::{self, ShareFile};
use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::cli::guardian::{SetReport, ShareArgs, refused, texts, type_share};
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
    let mut set = guardians::read_set(&args.set)?;
    let ShareArgs { shares, mut identity } = args.shares;
    let mut checked = Vec::new();
    if shares.is_empty() {
        checked.extend(typed(&mut set, context)?);
    }
    for path in shares {
        let name = path.display().to_string();
        let file = ShareFile::read(&path)?;
        for text in texts(&file, &mut identity, context)? {
            let share = read::parse(&name, &text, Some(&set))?;
            checked.push(prove(&mut set, &share, &name)?);
        }
    }
    guardians::update_set(&set, &args.set).map_err(|e| {
        CommandError::from(e).state("the shares are good; only the note in the set could not be written")
    })?;
    let report = Report { checked, set: SetReport::of(&set) };
    context.show(&report, |report, text| {
        for name in &report.checked {
            text.line(format!("{name}'s share is good"));
        }
        report.set.text(text);
        text.line(if set.proven() {
            "PROVEN: every sheet was read back"
        } else {
            "UNPROVEN until every sheet was read back"
        });
    })
}

fn prove(set: &mut GuardianSet, share: &Share, file: &str) -> Result<Name, CommandError> {
    match set.add_proof(share) {
        Ok(guardian) => Ok(guardian.name.clone()),
        Err(reason) => Err(refused(file, &Refusal::NotInSet(reason))),
    }
}

fn typed(set: &mut GuardianSet, context: &mut Context) -> Result<Option<Name>, CommandError> {
    if !context.person_present() {
        return Err(UiError::NoTerminal { need: "a share".into(), flag: "a file" }.into());
    }
    let known = &*set;
    let judge = |share: &Share| known.find(share).map(|_| ()).map_err(|reason| reason.to_string());
    let typed = type_share("Checking one sheet.", Some(known), &judge, context)?;
    typed.map(|share| prove(set, &share, "what was typed")).transpose()
}
