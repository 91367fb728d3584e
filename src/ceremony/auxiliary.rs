//! `aux renew`, and the last part of `key generate` for ECDSA curves: Paillier data for all holders of a key.
//!
//! Each node first fills its pool with four safe primes, one durable prime at a time, so that a stopped
//! run goes on where it was; then the holders prove their moduli to each other.

use rand_core::OsRng;

use super::{
    CeremonyError, locks, relay,
    workspace::{PinnedNode, Workspace, unexpected},
};
use crate::{
    audit::Event,
    codec::HexArray,
    curve::Level,
    digest::Hash,
    ids::{KeyId, Name, OpId},
    keyshare::KeyCard,
    node::{Call, Outcome, Reply},
    paillier::bits,
    request::{Action, AuxParams},
    ui::{Progress, Ui},
};

/// Primes that each holder needs.
const PRIMES: u16 = 4;

/// Holders above which making aux takes long enough to warn.
const MANY: usize = 5;

/// An aux that is in use.
#[derive(Clone, Copy, Debug)]
pub struct Made {
    /// Which one.
    pub aux_id: OpId,
    /// Hash of the table that all holders signed.
    pub table_hash: Hash,
}

/// Makes new aux for a key whose shares are on the nodes. `servers` are its holders, at least as many as
/// sign; empty: all of them. Others keep the aux they had and cannot sign with these.
pub fn renew(
    workspace: &mut Workspace,
    key_id: &KeyId,
    servers: &[Name],
    ui: &mut dyn Ui,
    progress: &Progress,
) -> Result<Made, CeremonyError> {
    let card = workspace.inventory().card(key_id, workspace.chain()?)?;
    let body = card.body();
    let holders = body.holders(workspace.chain()?)?;
    if let Some(stranger) = servers.iter().find(|name| !holders.contains(name)) {
        return Err(CeremonyError::Refused(format!("{stranger} holds no share of this key")));
    }
    let chosen = |name: &&Name| servers.is_empty() || servers.contains(name);
    let names: Vec<Name> = holders.iter().filter(chosen).cloned().collect();
    if names.len() < usize::from(body.threshold) {
        let message = format!("aux is made for at least {} servers of this key", body.threshold);
        return Err(CeremonyError::Refused(message));
    }
    let mut nodes = workspace.nodes(&names)?;
    make(workspace, &card, &mut nodes, ui, progress)
}

/// Makes aux; `nodes` hold indices of the card, in their order.
pub(super) fn make(
    workspace: &mut Workspace,
    card: &KeyCard,
    nodes: &mut [PinnedNode],
    ui: &mut dyn Ui,
    progress: &Progress,
) -> Result<Made, CeremonyError> {
    let curve = card.body().curve;
    let level = curve.level();
    let level = level.ok_or_else(|| CeremonyError::Refused(format!("{curve} keys need no aux")))?;
    if nodes.len() > MANY {
        ui.note(&estimate(nodes.len(), level));
    }
    if !nodes.iter().all(|node| node.hello.test) {
        fill_pools(nodes, level, progress)?;
    }
    // The heads moved while the pools filled.
    for node in nodes.iter_mut() {
        node.refresh()?;
    }
    let mut holders = Vec::with_capacity(nodes.len());
    for node in nodes.iter() {
        holders.extend(card.body().index_held(workspace.chain()?, node.name())?);
    }
    let aux_id = HexArray::random(&mut OsRng);
    let params = AuxParams { key_id: card.body().key_id, aux_id, holders: holders.clone() };
    let request = workspace.request(Action::Aux(params), Some(card.hash()), nodes)?;
    workspace.intend(&request, Workspace::note_of(Event::AuxInitiated, &request)?)?;
    progress.start("proving the moduli", 1);
    let outcomes =
        relay::run(&mut holders.into_iter().zip(nodes.iter_mut()).collect::<Vec<_>>(), &request, 1);
    progress.finish();
    let outcomes = outcomes.inspect_err(|error| locks::spread(workspace, card, nodes, error))?;
    let mut tables = outcomes.into_iter().map(|outcome| match outcome {
        Outcome::AuxReady { table_hash, .. } => Ok(table_hash),
        _ => Err(CeremonyError::Disagree),
    });
    let table_hash = tables.next().ok_or(CeremonyError::Disagree)??;
    for other in tables {
        if other? != table_hash {
            return Err(CeremonyError::Disagree);
        }
    }
    workspace.note(Workspace::note_of(Event::AuxCompleted, &request)?.with("table", table_hash))?;
    Ok(Made { aux_id, table_hash })
}

/// Embedded nodes share the machine, and each search takes all its cores: one node after the other.
fn fill_pools(nodes: &mut [PinnedNode], level: Level, progress: &Progress) -> Result<(), CeremonyError> {
    let level = bits(level);
    let total = u64::try_from(nodes.len()).unwrap_or_default() * u64::from(PRIMES);
    progress.start(&format!("safe primes, level {level}"), total);
    let result = nodes.iter_mut().try_for_each(|pinned| {
        let mut counted = 0;
        while counted < PRIMES {
            let call = Call::FillPool { level, wanted: PRIMES };
            let Reply::Pool { have } = pinned.node.handle(call)? else {
                return Err(unexpected(&*pinned.node).into());
            };
            let have = have.min(PRIMES);
            progress.advance(u64::from(have.saturating_sub(counted)));
            counted = have;
        }
        Ok(())
    });
    progress.finish();
    result
}

/// Measured on two cores; proofs grow with the square of the holders, primes linearly.
fn estimate(holders: usize, level: Level) -> String {
    let (prime, proof) = match level {
        Level::Bits256 => (1.1, 2.8),
        Level::Bits384 => (1.5, 4.7),
        Level::Bits521 => (6.0, 11.0),
    };
    let n = f64::from(u16::try_from(holders).unwrap_or(u16::MAX));
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let cores = f64::from(u16::try_from(cores).unwrap_or(1));
    let seconds = (n * f64::from(PRIMES) * prime * 2.0 + n * (n - 1.0) * proof * 2.0) / cores;
    format!(
        "Aux for {holders} servers takes long: about {:.0} minutes on this machine. It may be stopped and renewed later.",
        (seconds / 60.0).ceil()
    )
}
