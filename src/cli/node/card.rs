//! `node card`.

use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::ceremony::pins::NodeSet;
use crate::ceremony::workspace::Workspace;
use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::cli::files::NewFile;
use crate::digest::Hash;
use crate::ids::Name;

const EXAMPLES: &str = "\
Examples:
  quorate node card OFFICIAL_1 --json > OFFICIAL_1.card.json

  The whole node set in one file, for custodians to pin:
    quorate node card --out node-set.json";

/// Prints a node's public, self-signed card
#[derive(clap::Args, Clone, Debug)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// The node; default: all
    #[arg(value_name = "NAME")]
    pub(crate) name: Option<Name>,
    /// Write the node set, with all that its nodes signed, into one file
    #[arg(long, value_name = "FILE", conflicts_with = "name")]
    pub(crate) out: Option<PathBuf>,
}

pub(crate) fn run(args: Args, context: &mut Context) -> Result<(), CommandError> {
    let out = args.out.as_deref().map(NewFile::plan).transpose()?;
    let workspace = context.workspace()?;
    if let (Some(out), Some(path)) = (out, &args.out) {
        return write(&workspace, out, path, context);
    }
    let chain = workspace.chain()?;
    let names = args.name.map_or_else(|| workspace.servers().to_vec(), |name| vec![name]);
    workspace.check_servers(&names)?;
    let cards: Vec<_> = names.iter().filter_map(|name| chain.current().node(name)).cloned().collect();
    let report = match cards.as_slice() {
        [card] => serde_json::to_value(card),
        cards => serde_json::to_value(serde_json::json!({ "cards": cards })),
    };
    let report = report.map_err(|e| CommandError::bug(e.to_string()))?;
    context.show(&report, |_, text| {
        for card in &cards {
            let hash = card.hash().map(|hash| (hash.to_string(), hash.words())).unwrap_or_default();
            text.fields([
                ("node", card.card.name.to_string()),
                ("signing key", card.card.signing_key.0.to_string()),
                ("Noise key", card.card.noise_key.to_string()),
                ("recipient", card.card.recipient.to_string()),
                ("made", card.card.created_at.to_string()),
                ("fingerprint", hash.0),
                ("words", hash.1),
            ]);
        }
    })
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Written {
    file: String,
    genesis_hash: Hash,
    words: String,
}

fn write(
    workspace: &Workspace,
    out: NewFile,
    path: &Path,
    context: &mut Context,
) -> Result<(), CommandError> {
    let set = NodeSet::of(workspace)?;
    out.write_only(set.bytes())?;
    let genesis_hash = set.fingerprint();
    let report = Written { file: path.display().to_string(), genesis_hash, words: genesis_hash.words() };
    context.show(&report, |report, text| {
        text.fields([
            ("node set", report.file.clone()),
            ("genesis", report.genesis_hash.to_string()),
            ("words", report.words.clone()),
        ]);
        text.line("on a custodian's machine: quorate node pin FILE; read these words to whoever does it");
    })
}
