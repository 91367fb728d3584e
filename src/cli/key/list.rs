//! `key list`.

use crate::ceremony::CeremonyError;
use crate::ceremony::inventory::Known;
use crate::ceremony::keys;
use crate::ceremony::workspace::Workspace;
use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::cli::output::Text;
use crate::codec::Hex;
use crate::curve::Curve;
use crate::ids::{KeyId, Label, Name};
use serde::Serialize;

const EXAMPLES: &str = "\
Examples:
  quorate key list
  quorate key list --json";

/// Lists the keys of this workspace, incomplete ones too
#[derive(clap::Args, Clone, Debug)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {}

/// One line of the list. An incomplete key has no public key yet.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    key_id: KeyId,
    #[serde(skip_serializing_if = "Option::is_none")]
    alias_of: Option<KeyId>,
    status: &'static str,
    curve: Curve,
    threshold: u16,
    servers: Vec<Name>,
    #[serde(skip_serializing_if = "Option::is_none")]
    root_public_key: Option<Hex>,
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<Label>,
}

#[derive(Serialize)]
struct Report {
    keys: Vec<Row>,
}

pub(crate) fn run(_: Args, context: &mut Context) -> Result<(), CommandError> {
    let workspace = context.workspace()?;
    let ids = workspace.inventory().ids().map_err(CommandError::from)?;
    let known = keys::list(&workspace)?;
    let keys = ids
        .iter()
        .zip(&known)
        .map(|(id, known)| row(id, known, &workspace))
        .collect::<Result<Vec<_>, _>>()?;
    let unfinished = keys.iter().find(|row| row.status == "incomplete").map(|row| row.key_id);
    let report = Report { keys };
    context.show(&report, table)?;
    match unfinished {
        Some(key_id) => context.next(&format!("quorate key resume --key {key_id}")),
        None if report.keys.is_empty() => {
            context.next("quorate key generate --curve SECP256k1 --threshold 2")
        }
        None => {}
    }
    Ok(())
}

fn row(key_id: &KeyId, known: &Known, workspace: &Workspace) -> Result<Row, CommandError> {
    Ok(match known {
        Known::Card(card) => {
            let body = card.body();
            Row {
                key_id: *key_id,
                alias_of: (*key_id != body.key_id).then_some(body.key_id),
                status: match workspace.inventory().exposed(&body.group_public_key)? {
                    Some(_) => "exposed",
                    None => "active",
                },
                curve: body.curve,
                threshold: body.threshold,
                servers: body.holders(workspace.chain()?)?,
                root_public_key: Some(body.root_public_key().map_err(CeremonyError::from)?),
                label: body.label.clone(),
            }
        }
        Known::Pending(pending) => Row {
            key_id: pending.key_id,
            alias_of: None,
            status: "incomplete",
            curve: pending.curve,
            threshold: pending.threshold,
            servers: pending.servers.clone(),
            root_public_key: None,
            label: pending.label.clone(),
        },
    })
}

fn table(report: &Report, text: &mut Text) {
    if report.keys.is_empty() {
        return text.line("no keys");
    }
    let cells = |row: &Row| {
        vec![
            row.key_id.to_string(),
            row.status.to_owned(),
            row.curve.to_string(),
            format!("{} of {}", row.threshold, row.servers.len()),
            row.label.as_ref().map(ToString::to_string).unwrap_or_default(),
        ]
    };
    let rows: Vec<_> = report.keys.iter().map(cells).collect();
    text.table(&["key", "status", "curve", "quorum", "label"], &rows);
}
