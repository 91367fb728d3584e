//! `audit head`.

use serde::Serialize;

use crate::ceremony::audit::{self, LogHead};
use crate::cli::context::Context;
use crate::cli::error::CommandError;

const EXAMPLES: &str = "\
Examples:
  quorate audit head

Write the heads down, or send them to the auditor. A log that is cut or written anew afterwards is found out:
  quorate audit verify demo.audit.jsonl --head OFFICIAL_1:41:<hash>";

/// Shows where each log stands, to be written down or sent to the auditor
#[derive(clap::Args, Clone, Debug)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {}

#[derive(Serialize)]
struct Report {
    heads: Vec<LogHead>,
}

pub(crate) fn run(_: Args, context: &mut Context) -> Result<(), CommandError> {
    let heads = audit::heads(&context.home()?, context.primes)?;
    context.show(&Report { heads }, |report, text| {
        for head in &report.heads {
            text.line(format!("{}  {}", head.time, head.head));
            text.line(format!("    {}", head.words));
        }
    })
}
