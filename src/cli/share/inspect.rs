//! `share inspect`.

use std::path::PathBuf;

use serde::Serialize;

use crate::ceremony::custody::ShardFile;
use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::cli::share::{ShardReport, pinned};
use crate::ids::{Name, Time};
use crate::shard::{OpenShard, ShardError, Wrap, WrapKind};

const EXAMPLES: &str = "\
Examples:
  What a file says, checked against its key card and the node set:
    quorate share inspect A-3f0c..shard.json

  Whether your identity really opens it to the share of that key; nothing secret is shown:
    quorate share inspect A-3f0c..shard.json --identity A.identity.json";

/// Shows what a shard is, and says what of it was checked
#[derive(clap::Args, Clone, Debug)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// The shard
    #[arg(value_name = "SHARD")]
    pub(crate) shard: PathBuf,
    /// Open it with this identity, and check everything
    #[arg(long, value_name = "FILE")]
    pub(crate) identity: Option<PathBuf>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    #[serde(flatten)]
    shard: ShardReport,
    opened: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    wrapped_by: Option<WrappedBy>,
    verified: Vec<&'static str>,
    not_verified: Vec<&'static str>,
}

/// The latest wrap of what is inside.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WrappedBy {
    name: Name,
    kind: WrapKind,
    serial: u32,
    made_at: Time,
}

const OUTSIDE: [&str; 3] = [
    "the key card: signed by all its nodes and under the key itself, in the pinned node set",
    "the outside of the shard fits its key card",
    "the file's name, as far as it is a shard's, is its own",
];
const INSIDE: [&str; 3] = [
    "the encrypted part opens, to the share of this key and index: its scalar times G is the card's",
    "the node that exported it held this index, and signed that it was sent",
    "whoever wrapped it last was its custodian, and wrapped it for this identity",
];
const AUX: &str = "the aux is that of this index, and its table is signed by the key's holders";

pub(crate) fn run(args: Args, context: &mut Context) -> Result<(), CommandError> {
    let workspace = pinned(context)?;
    let chain = workspace.chain()?.clone();
    drop(workspace);
    let file = ShardFile::read(&args.shard, &chain)?;
    let open = match &args.identity {
        Some(identity) => Some(file.open(&context.unlock(identity)?, &chain)?),
        None => None,
    };
    let report = report(&file, open.as_ref())?;
    context.show(&report, |report, text| {
        report.shard.text(text);
        if let Some(by) = &report.wrapped_by {
            text.fields([("wrapped", format!("by {} at {} (wrap {})", by.name, by.made_at, by.serial))]);
        }
        text.line("verified:");
        report.verified.iter().for_each(|what| text.line(format!("  {what}")));
        if !report.not_verified.is_empty() {
            text.line("NOT verified, because it needs the identity (--identity FILE):");
            report.not_verified.iter().for_each(|what| text.line(format!("  {what}")));
        }
    })
}

fn report(file: &ShardFile, open: Option<&OpenShard>) -> Result<Report, CommandError> {
    let parcel = file.shard.parcel();
    let share = parcel.wrapped_key_share.is_some();
    let inside = INSIDE.into_iter().skip(usize::from(!share));
    let inside = inside.chain(parcel.wrapped_aux.is_some().then_some(AUX));
    let (verified, not_verified) = match open {
        Some(_) => (OUTSIDE.into_iter().chain(inside).collect(), Vec::new()),
        None => (OUTSIDE.to_vec(), inside.collect()),
    };
    let last = open.and_then(|open| open.payloads().next()).map(|payload| payload.last()).transpose();
    let wrapped_by = last.map_err(|e: ShardError| CommandError::from(e))?.map(|wrap: &Wrap| WrappedBy {
        name: wrap.signer.clone(),
        kind: wrap.kind,
        serial: wrap.serial,
        made_at: wrap.made_at,
    });
    let opened = open.is_some();
    Ok(Report { shard: ShardReport::of_file(file)?, opened, wrapped_by, verified, not_verified })
}
