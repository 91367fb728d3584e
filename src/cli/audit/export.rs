//! `audit export`.

use std::path::PathBuf;

use serde::Serialize;

use crate::audit::bundle::Bundle;
use crate::ceremony::audit;
use crate::cli::context::Context;
use crate::cli::error::{CommandError, ExitKind};
use crate::cli::files::{self, NewFile};
use crate::digest::Hash;
use crate::ids::Name;

const EXAMPLES: &str = "\
Examples:
  The operator writes the bundle, the auditor judges it on a machine of their own:
    quorate --home demo audit export --out demo.audit.jsonl
    quorate audit verify demo.audit.jsonl --genesis \"topmost istanbul ..\"";

/// Writes one file for an outside auditor: all logs, the genesis, key cards, receipts; no secret
#[derive(clap::Args, Clone, Debug)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// The file to write; nothing is overwritten
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    file: String,
    sha256: Hash,
    bytes: usize,
    logs: Vec<Log>,
}

#[derive(Serialize)]
struct Log {
    log: Name,
    lines: usize,
}

pub(crate) fn run(args: Args, context: &mut Context) -> Result<(), CommandError> {
    let out = NewFile::plan(&args.out)?;
    let collected = audit::collect(&context.home()?, context.primes)?;
    let bundle = Bundle::parse(&collected.bytes)
        .map_err(|e| CommandError::new(ExitKind::Bug, format!("the bundle does not read back: {e}")))?;
    let logs =
        bundle.logs.iter().map(|log| Log { log: log.name.clone(), lines: log.lines.count() }).collect();
    let report = Report {
        file: args.out.display().to_string(),
        sha256: Hash::plain(&collected.bytes),
        bytes: collected.bytes.len(),
        logs,
    };
    out.write_only(&collected.bytes)?;
    super::tell_torn(&collected.torn, context);
    context.show(&report, |report, text| {
        text.fields([
            ("file", report.file.clone()),
            ("SHA-256", report.sha256.to_string()),
            ("bytes", report.bytes.to_string()),
        ]);
        let rows: Vec<_> =
            report.logs.iter().map(|log| vec![log.log.to_string(), log.lines.to_string()]).collect();
        text.table(&["log", "entries"], &rows);
    })?;
    context.next(&format!("quorate audit verify {}", files::quoted(&args.out)));
    Ok(())
}
