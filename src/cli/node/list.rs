//! `node list`.

use crate::cli::context::Context;
use crate::cli::error::CommandError;

const EXAMPLES: &str = "\
Examples:
  quorate node list";

/// Lists the nodes of this workspace
#[derive(clap::Args, Clone, Debug)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {}

pub(crate) fn run(_: Args, context: &mut Context) -> Result<(), CommandError> {
    let workspace = context.workspace()?;
    let nodes = workspace.nodes(workspace.servers())?;
    let mut rows = Vec::new();
    for node in &nodes {
        let fingerprint = node.hello.card.hash()?;
        rows.push(serde_json::json!({
            "name": node.name(), "mode": node.hello.mode, "recipient": node.hello.card.card.recipient,
            "fingerprint": fingerprint, "words": fingerprint.words(),
        }));
    }
    let report = serde_json::json!({ "nodes": rows });
    context.show(&report, |_, text| {
        for node in &nodes {
            let fingerprint = node.hello.card.hash().map(|hash| hash.words()).unwrap_or_default();
            text.line(format!("{}  {}", node.name(), node.hello.card.card.recipient));
            text.line(format!("    {fingerprint}"));
        }
    })
}
