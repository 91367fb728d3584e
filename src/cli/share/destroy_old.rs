//! `share destroy-old`.

use std::path::PathBuf;

use serde::Serialize;

use crate::ceremony::custody::retire::{self, Doomed};
use crate::ceremony::custody::transfers::Transfers;
use crate::ceremony::custody::{ShardFile, receive};
use crate::cli::context::Context;
use crate::cli::error::{CommandError, ExitKind};
use crate::cli::fingerprint;
use crate::cli::share::{ShardReport, closed};
use crate::genesis::Chain;

const EXAMPLES: &str = "\
Examples:
  After a re-wrap for your own new identity, which opens the new shard first:
    quorate share destroy-old A-3f0c..shard.json.old --replaced-by A-3f0c..shard.json --identity A.identity.json

  After D signed for the shard you wrapped for them:
    quorate share destroy-old A-3f0c..shard.json --receipt D.receipt.json

The file is overwritten and removed; if that is cut short, run the same command again. A receipt counts once, and no
longer when a shard of the same index came back since. What a medium, a snapshot or a backup keeps of it, no program reaches: with the old
identity it opens the share until the key is refreshed.";

/// Destroys a shard that was replaced, after its replacement was seen to hold the same share
#[derive(clap::Args, Clone, Debug)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// The shard to destroy; with --replaced-by its name ends .old
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// The shard that replaced it; it is opened first
    #[arg(long, value_name = "SHARD", requires = "identity", required_unless_present = "receipt")]
    pub(crate) replaced_by: Option<PathBuf>,
    /// The identity that opens --replaced-by
    #[arg(long, value_name = "FILE", requires = "replaced_by")]
    pub(crate) identity: Option<PathBuf>,
    /// The new holder's receipt for the shard that this home wrapped for them
    #[arg(long, value_name = "FILE", conflicts_with = "replaced_by")]
    pub(crate) receipt: Option<PathBuf>,
    /// The words of the file to destroy (or its SHA-256); else you are asked
    #[arg(long, value_name = "WORDS")]
    pub(crate) confirm: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    file: String,
    destroyed: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    shard: Option<ShardReport>,
}

const STILL: [&str; 2] = [
    "solid-state media, snapshots and backups may still hold it; with the old identity it opens this share",
    "until the key's shares are refreshed: destroy those copies, and the old identity when nothing needs it",
];

pub(crate) fn run(args: Args, context: &mut Context) -> Result<(), CommandError> {
    let closed = closed(context)?;
    let shard = match retire::look(&args.file, &closed.chain)? {
        Doomed::Begun => {
            retire::finish(&args.file, &mut closed.open(context)?)?;
            None
        }
        Doomed::Shard(old) => {
            let untouched =
                |e: CommandError| if e.state.is_some() { e } else { e.state("nothing was destroyed") };
            let transfers = Transfers::of_home(closed.home());
            check(&args, &old, (&closed.chain, &transfers), context).map_err(untouched)?;
            confirm(&args, &old, context).map_err(untouched)?;
            let report = ShardReport::of_file(&old)?;
            let mut workspace = closed.open(context)?;
            // Another run may have used it while this one asked.
            check_receipt(&args, &old, (workspace.chain()?, &transfers)).map_err(untouched)?;
            retire::destroy(&old, &mut workspace)?;
            Some(report)
        }
    };
    let report = Report { file: args.file.display().to_string(), destroyed: true, shard };
    context.show(&report, |report, text| {
        text.line(format!("destroyed: {} was overwritten and removed", report.file));
        STILL.into_iter().for_each(|line| text.line(line));
    })
}

fn check(
    args: &Args,
    old: &ShardFile,
    (chain, transfers): (&Chain, &Transfers),
    context: &mut Context,
) -> Result<(), CommandError> {
    match (&args.replaced_by, &args.identity, &args.receipt) {
        (Some(by), Some(identity), None) => {
            if !old.is_old() {
                return Err(CommandError::usage(format!("{} does not end .old", old.path.display()))
                    .state("nothing was destroyed")
                    .hint("quorate share rewrap gives that name to what it replaced"));
            }
            let by = ShardFile::read(by, chain)?;
            let identity = context.unlock(identity)?;
            Ok(retire::check_replaced(old, &by, &identity, chain)?)
        }
        (None, None, Some(_)) => check_receipt(args, old, (chain, transfers)),
        _ => Err(CommandError::usage("either --replaced-by with --identity, or --receipt")),
    }
}

fn check_receipt(
    args: &Args,
    old: &ShardFile,
    (chain, transfers): (&Chain, &Transfers),
) -> Result<(), CommandError> {
    let Some(path) = &args.receipt else { return Ok(()) };
    let receipt = receive::read_receipt(path)?;
    Ok(retire::check_transfer(old, &receipt, path, transfers, chain)?)
}

fn confirm(args: &Args, old: &ShardFile, context: &mut Context) -> Result<(), CommandError> {
    let hash = old.shard.file_hash();
    let question = format!(
        "About to destroy {}\n  SHA-256  {hash}\n  words    {}\nThe same share was seen elsewhere. This cannot be undone.",
        old.path.display(),
        hash.words()
    );
    let refusal = || {
        let message = "the words given with --confirm are not those of the file to destroy";
        CommandError::new(ExitKind::Integrity, message)
            .state("nothing was destroyed")
            .hint("quorate share inspect FILE shows its words")
    };
    fingerprint::compare(args.confirm.as_deref(), &hash, (&question, "--confirm"), refusal, context)
}
