//! `node card`.

use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::ids::Name;

const EXAMPLES: &str = "\
Examples:
  quorate node card OFFICIAL_1 --json > OFFICIAL_1.card.json";

/// Prints a node's public, self-signed card
#[derive(clap::Args, Clone, Debug)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// The node; default: all
    #[arg(value_name = "NAME")]
    pub(crate) name: Option<Name>,
}

pub(crate) fn run(args: Args, context: &mut Context) -> Result<(), CommandError> {
    let workspace = context.workspace()?;
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
