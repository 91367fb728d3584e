//! `doctor`.

use crate::ceremony::doctor::{self, Finding, Report};
use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::cli::output::Text;
use crate::cli::share::list;

const EXAMPLES: &str = "\
Examples:
  quorate doctor
  quorate doctor --fix

  A version of the genesis that was begun here, when this home was put back from an older copy:
    quorate doctor --fix --confirm \"topmost istanbul ..\"

What waits for somebody else (a custodian's receipt) is listed and left. Nothing is deleted that has no copy elsewhere.";

/// Lists operations that stopped half-way, the copies of every share, and what finishes each
#[derive(clap::Args, Clone, Debug)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// Finish or undo what needs nobody else
    #[arg(long)]
    pub(crate) fix: bool,
    /// The words (or the hex digits) of a version of the genesis that nodes signed and this workspace has no record of
    #[arg(long, value_name = "WORDS", requires = "fix")]
    pub(crate) confirm: Option<String>,
}

pub(crate) fn run(args: Args, context: &mut Context) -> Result<(), CommandError> {
    let mut workspace = context.workspace()?;
    if let Some(words) = args.confirm {
        workspace.confirm_genesis(words);
    }
    let progress = context.progress();
    let report = doctor::run(&mut workspace, args.fix, &mut *context.ui(), &progress)?;
    context.show(&report, describe)
}

fn describe(report: &Report, text: &mut Text) {
    if report.findings.is_empty() {
        text.line("nothing is half-done");
    }
    for Finding { kind, key_id, what, command, waits, fixed, error, .. } in &report.findings {
        let state = match (error, fixed, waits) {
            (Some(error), ..) => error.as_str(),
            (None, true, _) => "settled now",
            (None, false, true) => "waits for somebody",
            (None, false, false) => "quorate doctor --fix settles it",
        };
        let mut fields = vec![(*kind, what.clone())];
        fields.extend(key_id.iter().map(|key_id| ("key", key_id.to_string())));
        fields.push(("state", state.to_owned()));
        if !fixed {
            fields.push(("next", command.clone()));
        }
        text.fields(fields);
        text.line("");
    }
    report.keys.iter().for_each(|key| list::describe(key, text));
}
