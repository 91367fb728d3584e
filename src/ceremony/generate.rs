//! `key generate`: a threshold key over chosen servers, its card durable here and in a second place before
//! success is told; aux follows where the curve needs it.

use std::path::PathBuf;

use rand_core::OsRng;

use super::{
    CeremonyError, auxiliary,
    inventory::Pending,
    relay,
    workspace::{PinnedNode, Workspace},
};
use crate::{
    audit::Event,
    curve::{Curve, Engine},
    ids::{KeyId, Label, Name},
    keyshare::{DirtyKeyCard, KeyCard, Purpose, check_threshold},
    node::Outcome,
    request::{Action, GenerateParams, RequestError},
    store::files,
    ui::{Progress, Ui},
};

/// What is wanted.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// The curve.
    pub curve: Curve,
    /// How many servers sign.
    pub threshold: u16,
    /// Who holds index 1, 2, ...; empty: all servers of the workspace.
    pub servers: Vec<Name>,
    /// Free text.
    pub label: Option<Label>,
    /// Rehearsal or production.
    pub purpose: Purpose,
    /// Threshold = servers was asked for.
    pub no_loss_tolerance: bool,
    /// Where the second copy of the card goes.
    pub backup: Option<PathBuf>,
}

/// A generated key, and its aux if it has one.
pub struct Generated {
    /// Its card.
    pub card: KeyCard,
    /// Aux of an ECDSA key.
    pub aux: Option<auxiliary::Made>,
}

/// Generates a key.
pub fn run(
    workspace: &mut Workspace,
    wanted: Wanted,
    ui: &mut dyn Ui,
    progress: &Progress,
) -> Result<Generated, CeremonyError> {
    let roster =
        if wanted.servers.is_empty() { workspace.servers().to_vec() } else { wanted.servers.clone() };
    check(workspace, &wanted, &roster).map_err(|source| CeremonyError::After {
        hint: remedy(&source, roster.len()),
        source: Box::new(source),
        state: "no key was made; nothing was changed".into(),
    })?;
    if let Some(backup) = &wanted.backup {
        // A place that cannot be written is found out before there is a key.
        files::create_dir_private(backup)?;
    }
    let key_id = KeyId::random(&mut OsRng);
    let mut nodes = workspace.nodes(&roster)?;
    let params = GenerateParams {
        key_id,
        curve: wanted.curve,
        threshold: wanted.threshold,
        roster: roster.clone(),
        label: wanted.label.clone(),
        purpose: wanted.purpose,
        no_loss_tolerance: wanted.no_loss_tolerance,
    };
    let request = workspace.request(Action::Generate(params), None, &nodes)?;
    workspace.intend(&request, Workspace::note_of(Event::KeyGenerationInitiated, &request)?)?;
    let pending = Pending {
        version: 1,
        key_id,
        curve: wanted.curve,
        threshold: wanted.threshold,
        servers: roster,
        label: wanted.label,
        op_id: request.request.op_id,
        created_at: request.request.not_before,
    };
    workspace.inventory().begin(&pending)?;
    let after = |source, state: String, hint: String| CeremonyError::After { source, state, hint };
    let outcomes = relay::run(&mut indexed(&mut nodes), &request, 1);
    let card = outcomes.and_then(agreed_card).map_err(|source| {
        after(
            Box::new(source),
            format!("key {key_id} is listed as incomplete and signs nothing; no other key was touched"),
            format!("quorate key resume --key {key_id}, or quorate key abandon --key {key_id}"),
        )
    })?;
    let card = card.check(workspace.chain()?)?;
    workspace.inventory().complete(&card, wanted.backup.as_deref()).map_err(|source| {
        after(
            Box::new(source),
            format!("key {key_id} is active on its servers; this workspace could not keep its card twice"),
            format!("quorate key resume --key {key_id}, then keep a copy of its card yourself"),
        )
    })?;
    workspace.note(Workspace::note_of(Event::KeyActivated, &request)?.with("card", card.hash()))?;
    if card.body().curve.engine() == Engine::Frost {
        return Ok(Generated { card, aux: None });
    }
    let made = auxiliary::make(workspace, &card, &mut nodes, ui, progress);
    let made = made.map_err(|source| CeremonyError::After {
        source: Box::new(source),
        state: format!("key {key_id} is active and its card is written; without aux it cannot sign yet"),
        hint: format!("quorate aux renew --key {key_id}"),
    })?;
    Ok(Generated { card, aux: Some(made) })
}

/// Refuses what the nodes would refuse, before anything is written.
fn check(workspace: &Workspace, wanted: &Wanted, roster: &[Name]) -> Result<(), CeremonyError> {
    workspace.check_servers(roster)?;
    check_threshold(wanted.threshold, roster.len())?;
    if usize::from(wanted.threshold) == roster.len() && !wanted.no_loss_tolerance {
        return Err(CeremonyError::Refused(RequestError::NoLossTolerance.to_string()));
    }
    if !workspace.chain()?.current().policy.purposes.contains(&wanted.purpose) {
        return Err(CeremonyError::Denied(format!(
            "a {} key is not generated under a {} genesis",
            wanted.purpose,
            workspace.chain()?.current().mode.name()
        )));
    }
    Ok(())
}

fn remedy(error: &CeremonyError, servers: usize) -> String {
    match error {
        CeremonyError::Refused(_) if servers > 2 => {
            format!("take a --threshold of at most {}, or add --no-loss-tolerance", servers - 1)
        }
        CeremonyError::Key(_) if servers > 2 => format!("take a --threshold from 2 to {}", servers - 1),
        CeremonyError::Refused(_) => "name more --servers, or add --no-loss-tolerance".into(),
        CeremonyError::Denied(_) => {
            "leave --purpose out to make a key of the kind that the genesis is for".into()
        }
        CeremonyError::Key(_) => "name more --servers".into(),
        CeremonyError::NotAdopted => "quorate policy propose".into(),
        CeremonyError::NoNodes => "quorate init makes a workspace with nodes".into(),
        _ => "quorate node list".into(),
    }
}

/// Nodes with the indices of a roster in the same order.
pub(super) fn indexed(nodes: &mut [PinnedNode]) -> Vec<(u16, &mut PinnedNode)> {
    (1u16..).zip(nodes).collect()
}

/// The one card that all nodes gave.
pub(super) fn agreed_card(outcomes: Vec<Outcome>) -> Result<DirtyKeyCard, CeremonyError> {
    let mut cards = outcomes.into_iter().map(|outcome| match outcome {
        Outcome::Activated(card) => Ok(*card),
        _ => Err(CeremonyError::Disagree),
    });
    let first = cards.next().ok_or(CeremonyError::Disagree)??;
    for other in cards {
        if other?.card != first.card {
            return Err(CeremonyError::Disagree);
        }
    }
    Ok(first)
}
