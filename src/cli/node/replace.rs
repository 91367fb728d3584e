//! `node replace`.

use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::ceremony::replace::{self, Moved, Replaced};
use crate::ceremony::{govern, requests};
use crate::cli::args::AuthorityArgs;
use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::cli::files::{NewFile, quoted};
use crate::cli::policy::PolicyReport;
use crate::digest::Hash;
use crate::ids::{KeyId, Name};

const EXAMPLES: &str = "\
Examples:
  quorate node replace OFFICIAL_1 --with OFFICIAL_4

  In production the same is asked for, approved, confirmed at the new node's console and adopted:
    quorate node replace OFFICIAL_1 --with OFFICIAL_4 --requester K.identity.json --out replace.request.json
    quorate node confirm replace.request.json --server OFFICIAL_4
    quorate policy adopt replace.request.json --approval A.approval.json --approval B.approval.json
    quorate node replace OFFICIAL_1 --with OFFICIAL_4

The custodian of OFFICIAL_1 is then the custodian of OFFICIAL_4, and brings the same shard there. Migration to other
nodes is this command once for each node. Running it again goes on where it was stopped. A name that was once in the
set is never used again.";

/// Puts a new node in the place of another one, which may be lost
///
/// The nodes that stay and the new one sign the next version of the genesis; it moves the custodian and every index
/// that the old node holds. The new node holds no share until one is imported, or granted for a signature. An
/// old node that answers must hold no share; one that cannot be opened is replaced as it is, but for one of two: it
/// has to sign as well.
#[derive(clap::Args, Clone, Debug)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// The node that goes
    #[arg(value_name = "OLD")]
    pub(crate) old: Name,
    /// The name of the node that is made
    #[arg(long, value_name = "NAME")]
    pub(crate) with: Name,
    /// In production: the identity of whoever asks
    #[arg(long, value_name = "IDENTITY", requires = "out")]
    pub(crate) requester: Option<PathBuf>,
    /// In production: the request's new file, for others to approve
    #[arg(long, value_name = "FILE", requires = "requester")]
    pub(crate) out: Option<PathBuf>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    old: Name,
    new: Name,
    changed: bool,
    sequence: u32,
    genesis_hash: Hash,
    genesis_words: String,
    keys: Vec<Moved>,
    incomplete: Vec<KeyId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    old_answered: Option<bool>,
    left_behind: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    custodian: Option<Name>,
}

pub(crate) fn run(args: Args, context: &mut Context) -> Result<(), CommandError> {
    if let (Some(requester), Some(out)) = (&args.requester, &args.out) {
        return propose(&args, requester, out, context);
    }
    let mut workspace = context.workspace()?;
    let replaced = replace::run(&mut workspace, &args.old, &args.with)?;
    let chain = workspace.chain()?;
    let Replaced { sequence, changed, keys, incomplete, asked, closed, left_behind } = replaced;
    let genesis_hash = chain.current_hash();
    let report = Report {
        custodian: chain.current().custodian(&args.with).map(|person| person.name.clone()),
        old: args.old,
        new: args.with,
        changed,
        sequence,
        genesis_hash,
        genesis_words: genesis_hash.words(),
        keys,
        incomplete,
        old_answered: asked.then_some(closed.is_none()),
        left_behind: left_behind.display().to_string(),
    };
    context.show(&report, |report, text| {
        let done = format!("{} is in the place of {}", report.new, report.old);
        text.line(if report.changed { done } else { "nothing to do: this was done before".into() });
        text.fields([
            ("genesis", format!("version {}, {}", report.sequence, report.genesis_hash)),
            ("its words", report.genesis_words.clone()),
            ("keys", report.keys.len().to_string()),
            ("custodian", report.custodian.as_ref().map_or_else(|| "-".into(), ToString::to_string)),
        ]);
        for moved in &report.keys {
            text.line(format!("    {}  index {}", moved.key_id, moved.index));
        }
        if let Some(reason) = &closed {
            text.line(format!(
                "{} could not be opened ({reason}): a share that is still in it was not deleted, and is one copy that\nno list shows. The others refuse to work with it; destroy its medium.",
                report.old
            ));
        }
        for key_id in &report.incomplete {
            text.line(format!("key {key_id} was never completed and cannot be any more: {} was to hold it", report.old));
        }
        text.line(format!("the files of {} stay in {}", report.old, report.left_behind));
    })?;
    if changed {
        context.next("quorate node card --out FILE, for custodians to pin this version of the node set");
    }
    Ok(())
}

fn propose(args: &Args, requester: &Path, out: &Path, context: &mut Context) -> Result<(), CommandError> {
    let file = NewFile::plan(out)?;
    let requester = Some(requester.to_owned());
    let mut workspace = context.workspace_for(&AuthorityArgs { requester, ..AuthorityArgs::default() })?;
    let before = workspace.chain()?.current().clone();
    let request = replace::propose(&mut workspace, &args.old, &args.with)?;
    file.write_only(&requests::to_bytes(&request)?)?;
    let next =
        request.proposal.as_deref().ok_or_else(|| CommandError::bug("a proposal without its version"))?;
    let report = PolicyReport::of(next, govern::changes(&before, next))?;
    context.show(&report, |report, text| report.text(text))?;
    let (file, with) = (quoted(out), &args.with);
    context.next(&format!("the others: quorate approve {file} --identity IDENTITY --out FILE"));
    context.next(&format!("at the console of {with}: quorate node confirm {file} --server {with}"));
    context.next(&format!("quorate policy adopt {file} --approval FILE.."));
    context.next(&format!("quorate node replace {} --with {with}", args.old));
    Ok(())
}
