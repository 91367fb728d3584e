//! `share receive`.

use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::ceremony::custody::ShardFile;
use crate::ceremony::custody::receive::{self, Stored};
use crate::cli::context::Context;
use crate::cli::custodian::Artifact;
use crate::cli::error::CommandError;
use crate::cli::files;
use crate::cli::share::{ShardReport, closed};
use crate::ids::Name;
use crate::receipt::{Receipt, ReceiptError, ReceiptKind};

const EXAMPLES: &str = "\
Examples:
  The operator sent a shard; it is to stay on the medium /media/a, and the receipt goes back:
    quorate share receive A-3f0c..shard.json --identity A.identity.json --store /media/a --out A.receipt.json

  Aux was renewed: it is put to the share you hold, in a new shard:
    quorate share receive --aux A-3f0c..aux.json --shard /media/a/A-3f0c..shard.json --identity A.identity.json \\
      --store /media/a --out A.receipt.json

The receipt says that you hold this share on your own medium and opened it there. On its word the node deletes its own
copy, so --store must name the medium that you keep. Nothing there is ever replaced.";

/// Takes a shard in: copies it to your own medium, opens it there, and signs the receipt
#[derive(clap::Args, Clone, Debug)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// The shard that was sent to you
    #[arg(value_name = "SHARD", required_unless_present = "aux", conflicts_with = "aux")]
    pub(crate) sent: Option<PathBuf>,
    /// Renewed aux that was sent to you, in place of a shard
    #[arg(long, value_name = "FILE", requires = "shard")]
    pub(crate) aux: Option<PathBuf>,
    /// With --aux: the shard you hold; it stays as it is
    #[arg(long, value_name = "SHARD", requires = "aux")]
    pub(crate) shard: Option<PathBuf>,
    /// Your identity file
    #[arg(long, value_name = "FILE")]
    pub(crate) identity: PathBuf,
    /// Directory on the medium you keep; made if it is missing
    #[arg(long, value_name = "DIR")]
    pub(crate) store: PathBuf,
    /// The receipt to write, for whoever sent the shard
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    #[serde(flatten)]
    shard: ShardReport,
    already_there: bool,
    kind: ReceiptKind,
    issuer: Name,
    receipt: Artifact,
}

pub(crate) fn run(args: Args, context: &mut Context) -> Result<(), CommandError> {
    let Some(given) = args.sent.as_ref().or(args.aux.as_ref()) else {
        return Err(CommandError::usage("either a shard, or --aux with --shard"));
    };
    let closed = closed(context)?;
    let chain = closed.chain.clone();
    let read = |path: &PathBuf| ShardFile::read(path, &chain);
    let sent = read(given)?;
    check_own(given, &args.store)?;
    let old = args.shard.as_ref().map(read).transpose()?;
    if old.is_none() && sent.shard.parcel().wrapped_key_share.is_none() {
        return Err(CommandError::usage(format!("{} holds aux only, no share", sent.path.display()))
            .state("nothing was stored")
            .hint(format!("quorate share receive --aux {} --shard SHARD ..", files::quoted(&sent.path))));
    }
    let identity = context.unlock(&args.identity)?;
    let stays = match &old {
        Some(old) => receive::combine(&sent, old, &identity, &chain)?,
        None => {
            sent.open(&identity, &chain)?;
            sent.shard.clone()
        }
    };
    let mut workspace = closed.open(context)?;
    let stored = receive::store(&stays, &identity, &chain, &args.store).map_err(not_stored)?;
    let body = receive::receipt_for(&sent.shard, &stored, &identity, &chain)?;
    let receipt = receive::write_receipt(&args.out, body, &stored, &identity, &mut workspace)
        .map_err(|e| unsigned(e, &stored))?;
    drop(workspace);
    let report = report(&stored, &receipt, &args.out)?;
    let replaced = old.map(|old| old.path);
    context.show(&report, |report, text| {
        text.line(if report.already_there {
            "stored before, and opened again from there: the share is whole and is yours"
        } else {
            "stored and opened from there: the share is whole and is yours"
        });
        report.shard.text(text);
        text.line(format!("receipt for {}:", report.issuer));
        report.receipt.text(text);
        if let Some(old) = &replaced {
            text.line(format!("{} stays as it is; it holds the same share with older aux", old.display()));
        }
    })?;
    let (receipt, key_id) = (files::quoted(&args.out), report.shard.key_id);
    context.next(&match report.kind {
        ReceiptKind::Transfer => {
            format!("give it to {}: quorate share destroy-old SHARD --receipt {receipt}", report.issuer)
        }
        _ => format!("give it to the operator: quorate share release --key {key_id} --receipt {receipt}"),
    });
    Ok(())
}

/// A receipt is for an own copy: what stays where the sender put it is none.
fn check_own(sent: &Path, store: &Path) -> Result<(), CommandError> {
    let parent = sent.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    match (parent.canonicalize(), store.canonicalize()) {
        (Ok(from), Ok(to)) if from == to => {
            let store = store.display();
            Err(CommandError::usage(format!(
                "{store} is where the sent file is, so there would be no copy of your own"
            ))
            .state("nothing was stored, and no receipt was signed")
            .hint("name a directory on the medium that you keep: --store DIR"))
        }
        _ => Ok(()),
    }
}

fn not_stored(error: crate::ceremony::CeremonyError) -> CommandError {
    let error = CommandError::from(error);
    let state = "no receipt was signed; the sender still holds the share";
    match &error.state {
        None => error.state(state).hint("run the same command again, or name another medium: --store DIR"),
        Some(_) => error.hint(state),
    }
}

fn unsigned(error: crate::ceremony::CeremonyError, stored: &Stored) -> CommandError {
    CommandError::from(error)
        .state(format!("the shard is stored in {}; there is no receipt for it", stored.path.display()))
        .hint("run the same command again, with another --out if need be: what is stored is kept")
}

fn report(stored: &Stored, receipt: &Receipt, out: &Path) -> Result<Report, CommandError> {
    let failed = |e: ReceiptError| CommandError::bug(e.to_string());
    Ok(Report {
        shard: ShardReport::of(&stored.path, &stored.shard)?,
        already_there: stored.already,
        kind: receipt.receipt.kind,
        issuer: receipt.receipt.issuer.clone(),
        receipt: Artifact::new(out, &receipt.to_bytes().map_err(failed)?),
    })
}
