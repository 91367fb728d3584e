//! `key mark-exposed`.

use std::path::PathBuf;

use serde::Serialize;

use crate::ceremony::CeremonyError;
use crate::ceremony::recover::{self, Marked};
use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::cli::files;
use crate::ids::{KeyId, Name, OpId, Reason, Time};

const EXAMPLES: &str = "\
Examples:
  quorate key mark-exposed 3f0c9a52-6d0e-4f4c-9d1e-2f1f0a4b7c11.exposure.json

Every server that holds the key now refuses to sign with it from then on, under each of its ids; this cannot be taken back.
The notice must be signed by a custodian of the key, and under the key itself, which only a recovery can.";

/// Tells the servers that a key was recovered somewhere: they sign with it no more
#[derive(clap::Args, Clone, Debug)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// The notice that `recover --offline` wrote
    #[arg(value_name = "NOTICE")]
    pub(crate) notice: PathBuf,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    key_id: KeyId,
    words: String,
    op_id: OpId,
    reason: Reason,
    recovered_at: Time,
    signer: Name,
    marked: Vec<Name>,
    not_marked: Vec<Name>,
}

pub(crate) fn run(args: Args, context: &mut Context) -> Result<(), CommandError> {
    let read = recover::read_notice(&args.notice)?;
    let mut workspace = context.workspace()?;
    let (card, servers) = recover::mark_exposed(&mut workspace, &read).map_err(unknown_key)?;
    drop(workspace);
    let names = |of: fn(&Marked) -> bool| {
        servers.iter().filter(|server| of(server)).map(|server| server.server.clone()).collect()
    };
    let body = read.notice;
    let report = Report {
        key_id: body.key_id,
        words: card.hash().words(),
        op_id: body.op_id,
        reason: body.reason,
        recovered_at: body.recovered_at,
        signer: body.signer,
        marked: names(|server| server.error.is_none()),
        not_marked: names(|server| server.error.is_some()),
    };
    let failed = servers.into_iter().find_map(|server| Some((server.server, server.error?)));
    if let Some((server, error)) = failed {
        let error = CommandError::from(error);
        let message = format!("{server} did not take the notice: {}", error.message);
        let list = |names: &[Name]| match names {
            [] => "none".to_owned(),
            names => names.iter().map(Name::as_str).collect::<Vec<_>>().join(" "),
        };
        return Err(CommandError { message, ..error }
            .state(format!("marked on {}; not on {}", list(&report.marked), list(&report.not_marked)))
            .hint(format!("quorate key mark-exposed {}", files::quoted(&args.notice))));
    }
    context.show(&report, |report, text| {
        let servers = report.marked.iter().map(Name::as_str).collect::<Vec<_>>().join(" ");
        text.line("exposed: this key signs no more");
        text.fields([
            ("key", report.key_id.to_string()),
            ("words", report.words.clone()),
            ("recovered", format!("at {}, says {}", report.recovered_at, report.signer)),
            ("reason", report.reason.to_string()),
            (
                "marked on",
                if servers.is_empty() { "this home only; it has no servers".into() } else { servers },
            ),
        ]);
    })
}

fn unknown_key(error: CeremonyError) -> CommandError {
    let unknown = matches!(error, CeremonyError::UnknownKey(_));
    let error = CommandError::from(error);
    if unknown { error.hint("quorate key rebuild-inventory SHARD brings a lost card back") } else { error }
}
