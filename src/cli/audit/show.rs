//! `audit show`.

use crate::audit::{Entry, SignedEntry};
use crate::cli::context::Context;
use crate::cli::error::{CommandError, ExitKind};
use crate::cli::output::escaped;
use crate::codec::Hex;
use crate::ids::Name;
use serde::Serialize;

const EXAMPLES: &str = "\
Examples:
  quorate audit show --tail 10
  quorate audit show --server OFFICIAL_1 --tail 5 --json";

/// Shows the end of the audit logs
#[derive(clap::Args, Clone, Debug)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// Only this node's log; default: the workspace's and every node's
    #[arg(long, value_name = "NAME")]
    pub(crate) server: Option<Name>,
    /// How many entries, from the end
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub(crate) tail: u32,
}

/// An entry as it stands in a log; labels and reasons may come from outside.
#[derive(Serialize)]
struct Report {
    entries: Vec<SignedEntry>,
}

pub(crate) fn run(args: Args, context: &mut Context) -> Result<(), CommandError> {
    let workspace = context.workspace()?;
    let count = usize::try_from(args.tail).unwrap_or(usize::MAX);
    let mut entries = Vec::new();
    if args.server.is_none() {
        entries.extend(parse(&workspace.log_tail(count)?)?);
    }
    let names = args.server.map_or_else(|| workspace.servers().to_vec(), |name| vec![name]);
    if !names.is_empty() {
        for mut node in workspace.nodes(&names)? {
            let lines = node.log_tail(args.tail)?;
            entries.extend(parse(&lines.into_iter().map(String::into_bytes).collect::<Vec<_>>())?);
        }
    }
    context.show(&Report { entries }, |report, text| {
        let rows: Vec<_> = report.entries.iter().map(|signed| cells(&signed.entry)).collect();
        text.table(&["log", "entry", "time", "event", "about"], &rows);
    })
}

fn parse(lines: &[Vec<u8>]) -> Result<Vec<SignedEntry>, CommandError> {
    let damaged = |e| CommandError::new(ExitKind::Integrity, format!("a log entry is damaged: {e}"));
    lines.iter().map(|line| SignedEntry::parse(line).map_err(damaged)).collect()
}

fn cells(entry: &Entry) -> Vec<String> {
    let event = serde_json::to_value(entry.event).ok();
    let event = event.as_ref().and_then(|value| value.as_str()).unwrap_or_default().to_owned();
    let mut about: Vec<String> = entry.key_id.iter().map(|id| format!("key {id}")).collect();
    about.extend(entry.detail.iter().map(|(name, value)| format!("{name} {}", shorten(value))));
    let about = escaped(&about.join(", "));
    vec![entry.log.to_string(), entry.counter.to_string(), entry.time.to_string(), event, about]
}

/// Hashes are cut to what the eye compares; `--json` has them whole.
fn shorten(value: &str) -> String {
    match value.get(..16) {
        Some(start) if value.len() == 64 && Hex::parse(value).is_some() => format!("{start}…"),
        _ => value.to_owned(),
    }
}
