//! `recover --offline`: from shards, on a machine that pinned the node set.

use super::identities;
use super::output::Output;
use crate::ceremony::CeremonyError;
use crate::ceremony::custody::ShardFile;
use crate::ceremony::recover::{self, Permission, Recovery, Source, Unasked};
use crate::ceremony::workspace::Workspace;
use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::cli::recover::Args;
use crate::cli::recover::output::Report;
use crate::cli::request::decoded;
use crate::cli::share::closed;
use crate::genesis::Chain;
use crate::keyshare::KeyCard;
use crate::request::SignedRequest;

pub(super) fn run(args: Args, context: &mut Context) -> Result<(), CommandError> {
    let asked = args.authority.given()?;
    let closed = closed(context)?;
    let chain = closed.chain.clone();
    let mut shards = Vec::with_capacity(args.shard.len());
    for path in &args.shard {
        shards.push(ShardFile::read(path, &chain)?);
    }
    let card = recover::check_shards(&shards)?;
    let output = Output::plan(&args.output, &card, &chain, context)?;
    if let Some(signed) = asked.first() {
        output.check_approved(signed)?;
    }
    let wanted = identities::plan(&args, &shards)?;
    // Nobody else uses this home until the end: the log's beginning and end belong together.
    let mut workspace = closed.open(context)?;
    let permission = permission(&args, asked, &workspace, &card)
        .map_err(|error| decoded::nothing(error, "nothing was opened"))?;
    let reason = permission.reason().clone();
    let recovery = Recovery::begin(&mut workspace, card, reason, Source::Shards(&permission))?;
    let done = whole(&recovery, (&shards, &wanted, &output), &chain, &mut workspace, context);
    let report = done.map_err(|error| ended(&recovery, &mut workspace, error))?;
    drop(workspace);
    context.show(&report, Report::text)?;
    if let Some(next) = report.next() {
        context.next(&next);
    }
    Ok(())
}

/// On whose word: an approved request's, or in a rehearsal the operator's.
fn permission(
    args: &Args,
    asked: Vec<SignedRequest>,
    workspace: &Workspace,
    card: &KeyCard,
) -> Result<Permission, CeremonyError> {
    let mut asked = asked.into_iter();
    match (asked.next(), asked.next(), &args.reason) {
        (Some(signed), None, _) => Permission::approved(workspace, signed, card),
        (None, None, Some(reason)) => {
            let unasked = Unasked { reason: reason.clone(), unapproved: args.unapproved };
            Permission::unasked(workspace, unasked)
        }
        (None, None, None) => Err(CeremonyError::Usage("--reason is needed".into())),
        _ => Err(CeremonyError::Usage("one --request is carried out at a time".into())),
    }
}

fn whole(
    recovery: &Recovery,
    (shards, wanted, output): (&[ShardFile], &identities::Wanted, &Output),
    chain: &Chain,
    workspace: &mut Workspace,
    context: &mut Context,
) -> Result<Report, CommandError> {
    let identities = wanted.open(shards, context)?;
    let key = recovery.combine(shards, &identities, chain)?;
    let indices = shards.iter().map(|file| file.shard.header().index).collect();
    output.put_out((recovery, &key), (&identities, indices), workspace, context)
}

/// The log also has how it failed; that it cannot take it changes nothing of the failure.
pub(super) fn ended(recovery: &Recovery, workspace: &mut Workspace, error: CommandError) -> CommandError {
    let noted = recovery.failed(workspace, &error.message);
    let error = if error.state.is_none() { error.state("no key was put out") } else { error };
    match noted {
        Ok(()) => error,
        Err(log) => error.hint(format!("the log did not take this failure: {log}")),
    }
}
