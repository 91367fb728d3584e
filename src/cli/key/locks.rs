//! `key locks`.

use serde::Serialize;

use crate::ceremony::locks::{self, Locked};
use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::cli::output::escaped;
use crate::ids::{KeyId, Name, OpId, Time};
use crate::protocol::Evidence;

const EXAMPLES: &str = "\
Examples:
  quorate key locks --key 3f0c9a52-6d0e-4f4c-9d1e-2f1f0a4b7c11

A server locks a key, for one epoch, against a server that it saw misbehave. The lock stays over export and import,
and under every id of the key; the others sign without the culprit.";

/// Lists whom the servers of a key do not work with, and why
#[derive(clap::Args, Clone, Debug)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// The key's keyId
    #[arg(long, value_name = "KEYID")]
    pub(crate) key: KeyId,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    server: Name,
    culprit: Name,
    epoch: u32,
    reason: String,
    op_id: OpId,
    time: Time,
    /// The evidence convinces everybody who knows the culprit's key.
    proven: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    evidence: Option<Evidence>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    key_id: KeyId,
    locks: Vec<Row>,
}

pub(crate) fn run(args: Args, context: &mut Context) -> Result<(), CommandError> {
    let workspace = context.workspace()?;
    let row = |Locked { server, lock, proven }| Row {
        server,
        culprit: lock.culprit,
        epoch: lock.epoch,
        reason: lock.reason,
        op_id: lock.op_id,
        time: lock.time,
        proven,
        evidence: lock.evidence,
    };
    let locks = locks::list(&workspace, &args.key)?.into_iter().map(row).collect();
    let report = Report { key_id: args.key, locks };
    context.show(&report, |report, text| {
        if report.locks.is_empty() {
            return text.line("no server keeps a lock on this key");
        }
        let cells = |row: &Row| {
            let evidence = if row.proven { "proven to everybody" } else { "its own observation" };
            vec![
                row.server.to_string(),
                row.culprit.to_string(),
                row.epoch.to_string(),
                row.time.to_string(),
                evidence.to_owned(),
                escaped(&row.reason),
            ]
        };
        let rows: Vec<_> = report.locks.iter().map(cells).collect();
        text.table(&["server", "does not work with", "epoch", "since", "evidence", "because"], &rows);
    })?;
    for culprit in report.locks.iter().map(|row| &row.culprit).collect::<std::collections::BTreeSet<_>>() {
        context.next(&format!("quorate key unlock --key {} --culprit {culprit} --reason TEXT", args.key));
    }
    Ok(())
}
