//! `key rebuild-inventory`.

use std::path::PathBuf;

use serde::Serialize;

use crate::ceremony::custody::{ShardFile, shard_files};
use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::cli::key::KeyReport;
use crate::cli::share::pinned;

const EXAMPLES: &str = "\
Examples:
  quorate key rebuild-inventory A-3f0c..shard.json
  quorate key rebuild-inventory /media/a

Any one shard of a key is enough: its key card is signed by all the key's nodes and under the key itself.";

/// Writes lost key cards into the workspace again, from shards
#[derive(clap::Args, Clone, Debug)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// Shards, or directories with them
    #[arg(value_name = "SHARD", required = true)]
    pub(crate) shards: Vec<PathBuf>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    keys: Vec<Rebuilt>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rebuilt {
    #[serde(flatten)]
    key: KeyReport,
    already_there: bool,
}

pub(crate) fn run(args: Args, context: &mut Context) -> Result<(), CommandError> {
    let workspace = pinned(context)?;
    let chain = workspace.chain()?.clone();
    let mut cards = std::collections::BTreeMap::new();
    for place in &args.shards {
        for path in shard_files(place, true)? {
            let file = ShardFile::read(&path, &chain)?;
            cards.insert(file.shard.card().hash(), file.shard.card().clone());
        }
    }
    let mut keys = Vec::with_capacity(cards.len());
    for card in cards.values() {
        let already_there = workspace.inventory().restore(card)?;
        keys.push(Rebuilt { key: KeyReport::of(card)?, already_there });
    }
    drop(workspace);
    context.show(&Report { keys }, |report, text| {
        if report.keys.is_empty() {
            text.line("no shards in the places named");
        }
        for rebuilt in &report.keys {
            text.line(if rebuilt.already_there { "known before:" } else { "restored:" });
            rebuilt.key.text(text);
        }
    })
}
