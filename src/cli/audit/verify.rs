//! `audit verify`.

use std::path::PathBuf;
use std::str::FromStr;

use crate::audit::bundle::{BUNDLE_CAP, Bundle, BundleError};
use crate::audit::verify::{self, Fault, GivenHead, LogReport, Outside, Report};
use crate::ceremony::audit;
use crate::cli::context::Context;
use crate::cli::error::{CommandError, ExitKind};
use crate::cli::files;
use crate::cli::output::{Text, escaped};
use crate::codec::HexArray;

const EXAMPLES: &str = "\
Examples:
  quorate audit verify
  quorate audit verify demo.audit.jsonl --genesis \"topmost istanbul ..\"
  quorate audit verify demo.audit.jsonl --head OFFICIAL_1:41:<hash> --head workspace:17:<hash>

Exit code 0: nothing is wrong with what is there. 4: something is; the first bad entry of each log is named.";

/// Checks logs, receipts and key cards against each other; needs public keys only
#[derive(clap::Args, Clone, Debug)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// A bundle from `audit export`; default: this home
    #[arg(value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
    /// Where a log stood, as `audit head` printed it once (hash in hex digits or words); repeatable
    #[arg(long, value_name = "NAME:COUNTER:HASH")]
    pub(crate) head: Vec<Head>,
    /// The words (or hex digits) of a version of the genesis, as its people know them
    #[arg(long, value_name = "WORDS")]
    pub(crate) genesis: Option<String>,
    /// The bundle is of a home without nodes: their logs are elsewhere
    #[arg(long, requires = "file")]
    pub(crate) no_nodes: bool,
}

/// A head on the command line.
#[derive(Clone, Debug)]
pub(crate) struct Head(GivenHead);

impl FromStr for Head {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || "expected NAME:COUNTER:HASH, as `quorate audit head` prints it".to_owned();
        let (log, rest) = text.split_once(':').ok_or_else(wrong)?;
        let (counter, hash) = rest.split_once(':').ok_or_else(wrong)?;
        if HexArray::<32>::parse(hash).is_none() && hash.split_whitespace().count() != 16 {
            return Err("the hash has 64 hex digits, or 16 words".into());
        }
        Ok(Self(GivenHead {
            log: log.parse().map_err(|_| wrong())?,
            counter: counter.parse().map_err(|_| wrong())?,
            hash: hash.to_owned(),
        }))
    }
}

pub(crate) fn run(args: Args, context: &mut Context) -> Result<(), CommandError> {
    let heads = args.head.into_iter().map(|head| head.0).collect();
    let outside = Outside { heads, genesis: args.genesis, no_nodes: args.no_nodes };
    let report = match &args.file {
        Some(path) => {
            let bytes = files::read(path, BUNDLE_CAP as u64)?;
            verify::verify(&Bundle::parse(&bytes)?, &outside)
        }
        None => {
            let (report, collected) = audit::verify_home(&context.home()?, context.primes, outside)?;
            super::tell_torn(&collected.torn, context);
            report
        }
    };
    context.show(&report, print)?;
    let Some(first) = report.faults.first() else { return Ok(()) };
    let count = report.faults.len() + report.more_faults;
    let message = format!("{count} fault(s); the first one: {}", described(first));
    Err(CommandError::new(ExitKind::Integrity, message)
        .state("nothing was changed; what the logs say is not to be relied on from there")
        .hint("keep the files as they are; compare the heads that were written down, with --head"))
}

fn print(report: &Report, text: &mut Text) {
    match &report.genesis {
        Some(genesis) => {
            let compared = if genesis.compared { "as given" } else { "NOT compared" };
            text.fields([
                ("genesis", format!("version {}, {} ({compared})", genesis.sequence, genesis.mode.name())),
                ("words", genesis.words.clone()),
            ]);
        }
        None => text.line("there is no sound genesis"),
    }
    let rows: Vec<_> = report.logs.iter().map(cells).collect();
    text.table(&["log", "entries", "confirmed by others up to", "last entry", "head"], &rows);
    let found = &report.documents;
    text.line(format!(
        "{} key card(s), {} alias card(s), {} export(s), {} receipt(s), {} request(s)",
        found.key_cards, found.alias_cards, found.exports, found.receipts, found.requests
    ));
    if report.valid {
        text.line("nothing is wrong with what is here");
    }
    for fault in &report.faults {
        text.line(format!("WRONG: {}", described(fault)));
    }
    if report.more_faults > 0 {
        text.line(format!("WRONG: and {} more", report.more_faults));
    }
    text.line("What cannot be seen from this:");
    for unseen in &report.unseen {
        text.line(format!("  {}", escaped(unseen)));
    }
}

fn cells(log: &LogReport) -> Vec<String> {
    let time = log.time.map_or_else(String::new, |time| time.to_string());
    let head = log.head.to_string().chars().take(16).collect::<String>();
    vec![log.log.to_string(), log.entries.to_string(), log.witnessed.to_string(), time, format!("{head}…")]
}

/// One line: where, what sort, what.
fn described(fault: &Fault) -> String {
    let place = fault.place.as_ref().map(|place| format!("{} entry {}: ", place.log, place.entry));
    let key = fault.key_id.map(|key_id| format!(" (key {key_id})"));
    let kind = serde_json::to_value(fault.kind).unwrap_or_default();
    format!(
        "{}[{}] {}{}",
        place.unwrap_or_default(),
        kind.as_str().unwrap_or_default(),
        escaped(&fault.what),
        key.unwrap_or_default()
    )
}

impl From<BundleError> for CommandError {
    fn from(error: BundleError) -> Self {
        let code = match error {
            BundleError::NotOne | BundleError::Version(_) | BundleError::TooLong { .. } => ExitKind::Fixable,
            BundleError::Line { .. } | BundleError::Cut(_) | BundleError::Codec(_) => ExitKind::Integrity,
        };
        Self::new(code, error.to_string()).state("nothing was judged")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r48_a_head_is_a_name_a_number_and_a_hash() {
        let hash = "0".repeat(64);
        let words = crate::digest::Hash::ZERO.words();
        for good in [format!("N1:3:{hash}"), format!("workspace:0:{words}")] {
            assert!(good.parse::<Head>().is_ok(), "{good}");
        }
        for bad in
            ["", "N1", "N1:3", &format!("N 1:3:{hash}"), &format!("N1:-1:{hash}"), "N1:3:00", "N1:3:a b c"]
        {
            assert!(bad.parse::<Head>().is_err(), "{bad}");
        }
    }
}
