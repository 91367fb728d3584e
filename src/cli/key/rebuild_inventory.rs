//! `key rebuild-inventory`.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Serialize;

use crate::ceremony::CeremonyError;
use crate::ceremony::custody::list::Refused;
use crate::ceremony::custody::{ShardFile, shard_files};
use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::cli::key::KeyReport;
use crate::cli::share::pinned;
use crate::ids::KeyId;

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
    /// Other ids of those keys.
    aliases: Vec<KeyId>,
    refused: Vec<Refused>,
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
    let (mut cards, mut aliases, mut refused) = (BTreeMap::new(), BTreeMap::new(), Vec::new());
    for place in &args.shards {
        for path in shard_files(place, true)? {
            let shard = match ShardFile::read(&path, &chain) {
                Ok(file) => file.shard,
                Err(error @ CeremonyError::ShardFile { .. }) if place.is_dir() => {
                    refused.push(Refused { file: path.display().to_string(), reason: error.to_string() });
                    continue;
                }
                Err(error) => return Err(error.into()),
            };
            if let Some(alias) = shard.alias() {
                aliases.insert(shard.key_id(), (shard.card().clone(), alias.clone()));
            }
            cards.insert(shard.card().hash(), shard.card().clone());
        }
    }
    let inventory = workspace.inventory();
    let mut keys = Vec::with_capacity(cards.len());
    for card in cards.values() {
        let already_there = inventory.restore(card)?;
        keys.push(Rebuilt { key: KeyReport::of(card)?, already_there });
    }
    for (card, alias) in aliases.values() {
        inventory.add_alias(card, alias)?;
    }
    drop(workspace);
    let aliases = aliases.into_keys().collect();
    context.show(&Report { keys, aliases, refused }, |report, text| {
        if report.keys.is_empty() {
            text.line("no shards in the places named");
        }
        for rebuilt in &report.keys {
            text.line(if rebuilt.already_there { "known before:" } else { "restored:" });
            rebuilt.key.text(text);
        }
        report.aliases.iter().for_each(|id| text.line(format!("another id: {id}")));
        report.refused.iter().for_each(|refused| text.line(format!("UNUSABLE  {}", refused.reason)));
    })
}
