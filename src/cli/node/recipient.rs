//! `node recipient`.

use serde::Serialize;

use crate::card::NodeCard;
use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::digest::Hash;
use crate::ids::Name;
use crate::signing_key::Possession;
use crate::wrap::recipient::Recipient;

const EXAMPLES: &str = "\
Examples:
  quorate node recipient OFFICIAL_1

The proof shows that the node has the secret of this recipient; it is checked here and belongs to the card, whose
words are compared once with `node pin`.";

/// Prints a node's age recipient with its proof of possession
#[derive(clap::Args, Clone, Debug)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// The node
    #[arg(value_name = "NAME")]
    pub(crate) name: Name,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    name: Name,
    recipient_key: Recipient,
    recipient_proof: Possession,
    fingerprint: Hash,
    words: String,
    card: NodeCard,
}

pub(crate) fn run(args: Args, context: &mut Context) -> Result<(), CommandError> {
    let workspace = context.workspace()?;
    // The pinned card serves in a home without nodes as well.
    let chain = workspace.chain()?;
    let Some(card) = chain.current().node(&args.name).cloned() else {
        let names = chain.current().nodes.iter().map(|node| node.name.as_str()).collect::<Vec<_>>();
        let message = format!("{} is not a node of this set; its nodes are {}", args.name, names.join(", "));
        return Err(CommandError::fixable(message));
    };
    card.check()?;
    let fingerprint = card.hash()?;
    let report = Report {
        name: args.name,
        recipient_key: card.card.recipient,
        recipient_proof: card.recipient_proof.clone(),
        fingerprint,
        words: fingerprint.words(),
        card,
    };
    context.show(&report, |report, text| {
        text.fields([
            ("node", report.name.to_string()),
            ("recipient", report.recipient_key.to_string()),
            ("possession", "proven: the node's card is signed with the recipient's secret".to_owned()),
            ("fingerprint", report.fingerprint.to_string()),
            ("words", report.words.clone()),
        ]);
    })
}
