//! `guardian split`.

use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::ceremony::{custodians, guardians};
use crate::cli::args::NameList;
use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::cli::files;
use crate::cli::guardian::hand_out::{self, OutArgs};
use crate::cli::guardian::{NamedRecipient, SetReport, deliveries, majority};
use crate::cli::output::Text;
use crate::identity::PersonIdentity;
use crate::ids::Name;

const EXAMPLES: &str = "\
Examples:
  Five sheets, any three of which restore the identity:
    quorate guardian split A.identity.json --guardians Ann,Bob,Cyd,Dan,Eve --out-dir /dev/shm/A

  One sheet at a time, with each guardian at the printer:
    quorate guardian split A.identity.json --guardians Ann,Bob,Cyd --threshold 2 --print-to 'lp -o media=a4'

  Bob gets an age file instead of paper:
    quorate guardian split A.identity.json --guardians Ann,Bob,Cyd --recipient Bob=age1... --out-dir /dev/shm/A

Shares are SLIP-39; the sheets tell how to restore without this program. guardian-set.json holds no secret:
keep it with the identity.";

/// Splits an identity among guardians and rehearses every combination that must restore it
#[derive(clap::Args, Clone, Debug)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// The identity file
    #[arg(value_name = "IDENTITY")]
    pub(crate) identity: PathBuf,
    #[command(flatten)]
    pub(crate) split: SplitArgs,
}

/// Who gets what.
#[derive(clap::Args, Clone, Debug)]
pub(crate) struct SplitArgs {
    /// The guardians, one share each (2 to 16)
    #[arg(long, value_name = "A,B,..")]
    pub(crate) guardians: NameList,
    /// How many of them restore the identity; default: more than half (3 of 5)
    #[arg(long, value_name = "T", value_parser = clap::value_parser!(u8).range(2..=16))]
    pub(crate) threshold: Option<u8>,
    #[command(flatten)]
    pub(crate) out: OutArgs,
    /// The guardian set to write; default: guardian-set.json in --out-dir, else beside the identity
    #[arg(long, value_name = "FILE")]
    pub(crate) set: Option<PathBuf>,
    /// Encrypt this guardian's share to the guardian's own age recipient, as NAME.share.age, instead of paper
    #[arg(long, value_name = "NAME=age1..")]
    pub(crate) recipient: Vec<NamedRecipient>,
    /// Encrypt this guardian's share under a passphrase of the guardian's, as NAME.share.age, instead of paper
    #[arg(long, value_name = "NAME")]
    pub(crate) share_passphrase: Vec<Name>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Report {
    #[serde(flatten)]
    set: SetReport,
    guardian_set: String,
    rehearsed: usize,
    files: Vec<String>,
}

pub(crate) fn run(args: Args, context: &mut Context) -> Result<(), CommandError> {
    let set = args.split.set_path(&args.identity);
    custodians::absent(&set)?;
    args.split.check()?;
    let printer = args.split.out.printer(context)?;
    let identity = context.unlock(&args.identity)?;
    let report = args.split.perform(&identity, &set, printer.as_deref(), context)?;
    context.show(&report, |report, text| report.text(text))?;
    context.next(&check_command(&set));
    Ok(())
}

/// What comes after a split.
pub(crate) fn check_command(set: &Path) -> String {
    format!(
        "quorate guardian check SHEET --set {}   (every sheet, before you rely on them)",
        files::quoted(set)
    )
}

impl SplitArgs {
    /// Where the set goes, seen from the identity that is split.
    pub(crate) fn set_path(&self, identity: &Path) -> PathBuf {
        let in_dir = || self.out.out_dir.as_ref().map(|dir| dir.join(guardians::SET_FILE));
        let beside = || identity.with_file_name(guardians::SET_FILE);
        self.set.clone().or_else(in_dir).unwrap_or_else(beside)
    }

    /// Refuses numbers that cannot be meant, before a passphrase is asked for.
    pub(crate) fn check(&self) -> Result<u8, CommandError> {
        let count = self.guardians.names().len();
        let threshold = self.threshold.unwrap_or_else(|| majority(count));
        if count < 2 || usize::from(threshold) > count {
            let message =
                format!("{threshold} of {count} guardians cannot be: 2 <= threshold <= guardians <= 16");
            return Err(CommandError::usage(message));
        }
        let encrypted = !self.recipient.is_empty() || !self.share_passphrase.is_empty();
        if encrypted && self.out.out_dir.is_none() {
            return Err(CommandError::usage("encrypted shares are files: name a directory with --out-dir"));
        }
        let mut seen = Vec::new();
        for name in self.recipient.iter().map(|NamedRecipient(name, _)| name).chain(&self.share_passphrase) {
            if !self.guardians.names().contains(name) {
                return Err(CommandError::usage(format!("{name} is not among the guardians")));
            }
            if seen.contains(&name) {
                return Err(CommandError::usage(format!("{name}'s share would be encrypted in two ways")));
            }
            seen.push(name);
        }
        let mut recipients: Vec<_> = self.recipient.iter().map(|NamedRecipient(_, to)| to).collect();
        recipients.sort_unstable();
        if recipients.windows(2).any(|pair| matches!(pair, [a, b] if a == b)) {
            return Err(CommandError::usage(
                "two guardians have the same recipient: one person would hold two shares",
            ));
        }
        Ok(threshold)
    }

    /// Splits and hands out.
    pub(crate) fn perform(
        &self,
        identity: &PersonIdentity,
        set: &Path,
        printer: Option<&[String]>,
        context: &mut Context,
    ) -> Result<Report, CommandError> {
        let threshold = self.check()?;
        if self.recipient.iter().any(|NamedRecipient(_, to)| *to == identity.recipient()) {
            let message =
                "a share encrypted to the identity that it restores would open only when it is not needed";
            return Err(CommandError::usage(message));
        }
        let names = self.guardians.names();
        let deliveries = deliveries(names, &self.recipient, &self.share_passphrase, context)?;
        let prepared = guardians::prepare(identity, deliveries, threshold, self.out.paper.into())?;
        let written = hand_out::hand_out(&prepared, &self.out, set, printer, context)?;
        Ok(Report {
            set: SetReport::of(&prepared.set),
            guardian_set: set.display().to_string(),
            rehearsed: prepared.subsets,
            files: written.iter().map(|path| path.display().to_string()).collect(),
        })
    }
}

/// `out/Ann` with `pdf`, `png`, ...: one line a guardian.
fn by_stem(files: &[String]) -> Vec<(&str, Vec<&str>)> {
    let mut stems: Vec<(&str, Vec<&str>)> = Vec::new();
    for file in files {
        let folder = file.rfind('/').map_or(0, |slash| slash + 1);
        let dot = file.get(folder..).and_then(|name| name.find('.')).map_or(file.len(), |dot| folder + dot);
        let (stem, ending) = file.split_at(dot);
        let ending = ending.trim_start_matches('.');
        match stems.last_mut() {
            Some((last, endings)) if *last == stem => endings.push(ending),
            _ => stems.push((stem, vec![ending])),
        }
    }
    stems
}

impl Report {
    pub(crate) fn text(&self, text: &mut Text) {
        self.set.text(text);
        text.line(format!("rehearsed: all {} combinations restore the identity", self.rehearsed));
        for (stem, endings) in by_stem(&self.files) {
            text.line(format!("{stem}.{}", endings.join(" .")));
        }
        text.line(format!("{}   (public: keep it with the identity)", self.guardian_set));
        text.line("UNPROVEN until every sheet was read back");
    }
}
