//! `share list`.

use std::path::PathBuf;

use serde::Serialize;

use crate::ceremony::copies;
use crate::ceremony::custody::list::{self, Copy, KeyCopies, Refused};
use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::cli::output::Text;
use crate::cli::share::pinned;

const EXAMPLES: &str = "\
Examples:
  quorate share list /media/a
  quorate --home demo share list
  quorate share list /media/a /media/b A-3f0c..shard.json

Without a place, the operator's workspace lists what it knows: shares on its nodes, files it wrote, receipts. Only the
directories and files that are named are read, not those below them. Nothing is opened: whether an identity opens a
shard, `quorate share inspect` tells.";

/// Lists where copies of shares are, and which quorums they make
#[derive(clap::Args, Clone, Debug)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// Directories and shard files
    #[arg(value_name = "DIR_OR_FILE")]
    pub(crate) places: Vec<PathBuf>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    keys: Vec<KeyCopies>,
    refused: Vec<Refused>,
}

pub(crate) fn run(args: Args, context: &mut Context) -> Result<(), CommandError> {
    let workspace = pinned(context)?;
    let (mut copies, refused) = list::find(&args.places, workspace.chain()?)?;
    if args.places.is_empty() {
        if workspace.servers().is_empty() {
            return Err(CommandError::usage(
                "this home has no nodes, so there is nothing to list without a place",
            )
            .hint("name directories or files with shards: quorate share list DIR"));
        }
        copies = copies::of_all(&workspace)?;
    }
    let report = Report { keys: list::by_key(copies, &workspace.inventory())?, refused };
    drop(workspace);
    context.show(&report, |report, text| {
        if report.keys.is_empty() {
            text.line("no shards in the places named");
        }
        report.keys.iter().for_each(|key| describe(key, text));
        for refused in &report.refused {
            text.line(format!("UNUSABLE  {}", refused.reason));
        }
    })
}

/// A key and its copies.
pub(crate) fn describe(key: &KeyCopies, text: &mut Text) {
    text.line(format!("key {} ({}, any {} of {})", key.key_id, key.curve, key.threshold, key.participants));
    text.line(format!("  words  {}", key.words));
    if key.exposed {
        text.line("  EXPOSED: its private key was whole somewhere; it signs no more");
    }
    let rows: Vec<Vec<String>> = key.copies.iter().map(row).collect();
    text.table(&["  index", "epoch", "custodian", "holds", "state", "place"], &rows);
    let names = |indices: &[u16]| indices.iter().map(u16::to_string).collect::<Vec<_>>().join(",");
    text.line(match (key.quorums, key.quorum_list.as_slice()) {
        (0, _) => {
            format!("  NO quorum: {} of the {} indices that are needed", key.indices.len(), key.threshold)
        }
        (count, []) => {
            format!("  {count} quorums of {} among indices {}", key.threshold, names(&key.indices))
        }
        (_, list) => {
            format!("  quorums: {}", list.iter().map(|set| names(set)).collect::<Vec<_>>().join("  "))
        }
    });
}

fn row(copy: &Copy) -> Vec<String> {
    let holds = match (copy.share, copy.aux) {
        (true, true) => "share, aux",
        (true, false) => "share",
        _ => "aux",
    };
    let state = match (copy.old, copy.rewrapped) {
        (true, _) => "OLD",
        (false, true) => "re-wrapped",
        (false, false) if copy.recipient.is_none() => "on its node",
        (false, false) => "as exported",
    };
    vec![
        format!("  {}", copy.index),
        copy.epoch.to_string(),
        copy.custodian.to_string(),
        holds.to_owned(),
        state.to_owned(),
        copy.place.clone(),
    ]
}
