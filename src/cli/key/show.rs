//! `key show`.

use crate::ceremony::inventory::{Exposed, Known, Pending};
use crate::ceremony::keys::{self, Shown};
use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::cli::key::KeyReport;
use crate::ids::{KeyId, Label, Name, OpId};
use crate::keyshare::KeyCard;
use serde::Serialize;

const EXAMPLES: &str = "\
Examples:
  quorate key show --key 3f0c9a52-6d0e-4f4c-9d1e-2f1f0a4b7c11";

/// Shows one key: public key, servers, key card, spoken words
#[derive(clap::Args, Clone, Debug)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// The key's keyId
    #[arg(long, value_name = "KEYID")]
    pub(crate) key: KeyId,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    status: &'static str,
    #[serde(flatten)]
    key: Option<KeyReport>,
    #[serde(flatten)]
    pending: Option<Pending>,
    on_servers: Vec<OnServer>,
    #[serde(skip_serializing_if = "Option::is_none")]
    exposed: Option<Exposed>,
    #[serde(skip_serializing_if = "Option::is_none")]
    key_card: Option<KeyCard>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct OnServer {
    server: Name,
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    aux_id: Option<OpId>,
    locks: Vec<Name>,
    exposed: bool,
}

pub(crate) fn run(args: Args, context: &mut Context) -> Result<(), CommandError> {
    let workspace = context.workspace()?;
    let shown = keys::show(&workspace, &args.key)?;
    let label =
        workspace.inventory().alias(&args.key, workspace.chain()?)?.and_then(|alias| alias.alias.label);
    let report = report(&shown, &args.key, label)?;
    context.show(&report, |report, text| {
        text.fields([("status", report.status)]);
        match &report.key {
            Some(key) => key.text(text),
            None => text.line("the generation of this key did not finish; it has no public key"),
        }
        if let Some(exposed) = &report.exposed {
            text.fields([("exposed", format!("at {}: {}", exposed.exposed_at, exposed.reason))]);
        }
        let cells = |on: &OnServer| {
            let aux = on.aux_id.map_or("-".to_owned(), |id| id.to_string());
            let locks = on.locks.iter().map(Name::as_str).collect::<Vec<_>>().join(" ");
            let state = if on.exposed { format!("{}, exposed", on.state) } else { on.state.to_owned() };
            vec![on.server.to_string(), state, aux, locks]
        };
        let rows: Vec<_> = report.on_servers.iter().map(cells).collect();
        text.table(&["server", "share", "aux", "does not work with"], &rows);
    })?;
    match report.status {
        "incomplete" => context.next(&format!("quorate key resume --key {}", args.key)),
        _ if shown.mixed_aux() => context.next(&format!("quorate aux renew --key {}", args.key)),
        "no aux" => context.next(&format!("quorate aux renew --key {}", args.key)),
        _ => {}
    }
    Ok(())
}

fn report(shown: &Shown, key_id: &KeyId, label: Option<Label>) -> Result<Report, CommandError> {
    let (key, pending, key_card) = match &shown.known {
        Known::Card(card) => {
            let holders = shown.servers.iter().map(|server| server.name.clone()).collect();
            let key = KeyReport::of(card)?.under(*key_id, label).held_by(holders);
            (Some(key), None, Some((**card).clone()))
        }
        Known::Pending(pending) => (None, Some(pending.clone()), None),
    };
    let on_servers = shown.servers.iter().map(|server| OnServer {
        server: server.name.clone(),
        state: server.state(),
        aux_id: server.aux(),
        exposed: server.exposed(),
        locks: server.locks().iter().map(|lock| lock.culprit.clone()).collect(),
    });
    Ok(Report {
        status: shown.status(),
        key,
        pending,
        on_servers: on_servers.collect(),
        exposed: shown.exposed.clone(),
        key_card,
    })
}
