//! `recover --key`, `--request` and `--combine`: from servers, to the device of the person whom the request names.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::offline::ended;
use super::output::{Output, Report as KeyReport};
use crate::ceremony::recover::nodes::{self, Sealed, ShareFile, Wanted};
use crate::ceremony::recover::{Recovery, Source};
use crate::ceremony::workspace::Workspace;
use crate::ceremony::{CeremonyError, custodians, export};
use crate::cli::context::Context;
use crate::cli::custodian::Artifact;
use crate::cli::error::CommandError;
use crate::cli::files::{self, NewFile};
use crate::cli::letters;
use crate::cli::recover::Args;
use crate::cli::share::closed;
use crate::digest::Hash;
use crate::genesis::Chain;
use crate::identity::PersonIdentity;
use crate::ids::{KeyId, Name, OpId, Reason};
use crate::receipt::Receipt;
use crate::request::{Action, RecoverParams, SignedRequest};
use crate::statement::{Holding, Signed};

/// What servers sealed, where nothing is combined here.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SealedReport {
    key_id: KeyId,
    words: String,
    op_id: OpId,
    request_hash: Hash,
    owner: Name,
    shares: Vec<Artifact>,
    exposed: bool,
    not_marked: Vec<Name>,
}

/// The key's own report, and what became of the servers.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    #[serde(flatten)]
    key: KeyReport,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    receipts: Vec<Artifact>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    statements: Vec<Signed<Holding>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    not_marked: Vec<Name>,
}

/// Has servers seal their shares; combines them too where the owner's identity is on this machine.
pub(super) fn from_servers(args: Args, key_id: KeyId, context: &mut Context) -> Result<(), CommandError> {
    let approved = approved(&args, key_id)?;
    let ([] | [_]) = args.identity.as_slice() else {
        return Err(CommandError::usage("one identity opens what servers seal: that of the request's owner"));
    };
    let here = args.identity.first();
    if here.is_none() && args.out_dir.is_none() {
        return Err(CommandError::usage(
            "--out-dir for the sealed shares, or the owner's --identity to combine here",
        )
        .state("nothing was asked of any server"));
    }
    let mut workspace = context.workspace_for(&args.authority)?;
    let params = match approved {
        Some(params) => params,
        None => nodes::choose(&workspace, &wanted(&args, key_id)?)?,
    };
    let request = nodes::request(&workspace, params)?;
    let params = nodes::params(&request)?.clone();
    let chain = workspace.chain()?.clone();
    let card = workspace.inventory().card(&params.key_id, &chain)?;
    let here = match here {
        None => None,
        Some(path) => {
            let output = Output::plan(&args.output, &card, &chain, context)?;
            if params.delete && output.is_shown_only() {
                return Err(no_durable_result("--delete-after-recover"));
            }
            let locked = custodians::read_identity(path)?;
            if *locked.recipient() != params.recipient {
                let owner = &params.owner;
                return Err(CommandError::fixable(format!(
                    "{} is not the identity that {owner} is enrolled with",
                    path.display()
                ))
                .state("nothing was asked of any server"));
            }
            let back = match params.delete {
                true => Back::plan(args.receipts.as_deref(), &params.servers)?,
                false => Back::default(),
            };
            Some((output, context.unlock(path)?, back))
        }
    };
    if let Some(dir) = args.out_dir.as_deref().filter(|_| here.is_none()) {
        files::check_takes_files(dir).map_err(|error| error.state("nothing was asked of any server"))?;
    }
    let sealed = nodes::run(&mut workspace, &request)?;
    match here {
        None => hand_out(&args, &request, sealed, workspace, context),
        Some((output, identity, back)) => {
            combine_here((&request, sealed), (&output, identity, back), workspace, context)
        }
    }
}

/// Where receipts for servers go, judged before anything is opened.
#[derive(Default)]
struct Back(BTreeMap<Name, (PathBuf, NewFile)>);

impl Back {
    fn plan(dir: Option<&Path>, servers: &[Name]) -> Result<Self, CommandError> {
        let Some(dir) = dir else { return Ok(Self::default()) };
        files::check_takes_files(dir).map_err(|error| error.state("nothing was put together"))?;
        let one = |server: &Name| {
            let path = dir.join(format!("{server}.recovery.receipt.json"));
            Ok((server.clone(), (path.clone(), NewFile::plan(&path)?)))
        };
        servers.iter().map(one).collect::<Result<_, _>>().map(Self)
    }

    fn write(mut self, receipts: &[Receipt]) -> Result<Vec<Artifact>, CommandError> {
        let mut written = Vec::new();
        for receipt in receipts {
            let Some((path, file)) = self.0.remove(&receipt.receipt.issuer) else { continue };
            let bytes = receipt.to_bytes().map_err(CeremonyError::from)?;
            file.write(&bytes)?;
            written.push(Artifact::new(&path, &bytes));
        }
        Ok(written)
    }
}

/// On the device of the owner, from files.
pub(super) fn combine(args: Args, reason: Reason, context: &mut Context) -> Result<(), CommandError> {
    let [identity] = args.identity.as_slice() else {
        return Err(CommandError::usage("--combine takes one --identity: that of the request's owner"));
    };
    let closed = closed(context)?;
    let chain = closed.chain.clone();
    let mut shares = Vec::with_capacity(args.combine.len());
    for path in &args.combine {
        shares.push(nodes::read(path, &chain)?);
    }
    let card = nodes::check_files(&shares)?;
    let output = Output::plan(&args.output, &card, &chain, context)?;
    if args.receipts.is_some() && output.is_shown_only() {
        return Err(no_durable_result("--receipts"));
    }
    let servers: Vec<Name> = shares.iter().map(|file| file.share.outside().node.clone()).collect();
    let back = Back::plan(args.receipts.as_deref(), &servers)?;
    let mut workspace = closed.open(context)?;
    let first = shares.first().ok_or_else(|| CommandError::usage("--combine takes files"))?;
    let source = Source::Sealed(first.share.outside());
    let recovery = Recovery::begin(&mut workspace, card, reason, source)?;
    let done = context.unlock(identity).and_then(|identity| {
        let key = whole((&recovery, &output), &shares, &identity, &mut workspace, context)?;
        let signed =
            receipts(&shares, &identity, &chain).and_then(|signed| back.write(&signed)).map_err(|error| {
                error.state(format!("{}; not every receipt for the servers was", key.put_out()))
            })?;
        Ok(Report { key, receipts: signed, statements: Vec::new(), not_marked: Vec::new() })
    });
    let report = done.map_err(|error| ended(&recovery, &mut workspace, error))?;
    drop(workspace);
    show(&report, context)?;
    if let Some(receipt) = report.receipts.first() {
        let file = files::quoted(Path::new(&receipt.file));
        context.next(&format!("the operator, if the servers are to delete: quorate share release --key KEYID --receipt {file} .."));
    }
    Ok(())
}

fn wanted(args: &Args, key_id: KeyId) -> Result<Wanted, CommandError> {
    let (Some(owner), Some(reason)) = (args.owner.clone(), args.reason.clone()) else {
        return Err(CommandError::usage(
            "--owner and --reason say to whom and why; or an approved --request",
        )
        .state("nothing was asked of any server"));
    };
    let servers = args.servers.as_ref().map(|list| list.names().to_vec()).unwrap_or_default();
    Ok(Wanted { key_id, owner, servers, reason, delete: args.delete_after_recover })
}

/// What the approved request among those given says of this key's recovery.
fn approved(args: &Args, key_id: KeyId) -> Result<Option<RecoverParams>, CommandError> {
    if args.authority.request.is_empty() {
        return Ok(None);
    }
    for path in &args.authority.request {
        let request = letters::request(path)?;
        if let Action::Recover(params) = request.request.action
            && params.key_id == key_id
        {
            return Ok(Some(params));
        }
    }
    Err(CommandError::fixable("no request that was given is for a recovery of this key")
        .state("nothing was asked of any server"))
}

fn hand_out(
    args: &Args,
    request: &SignedRequest,
    sealed: Sealed,
    mut workspace: Workspace,
    context: &mut Context,
) -> Result<(), CommandError> {
    let dir = args.out_dir.as_deref().unwrap_or(Path::new("."));
    let mut shares = Vec::new();
    for share in &sealed.shares {
        match nodes::write(share, dir) {
            Ok((path, bytes)) => shares.push(Artifact::new(&path, &bytes)),
            Err(error) => {
                sealed.recovery.failed(&mut workspace, &error.to_string())?;
                return Err(CommandError::from(error)
                    .state("the servers sealed their shares, so the key is exposed; not every sealed share was written")
                    .hint("the same command again, while attempts are left: the servers seal anew"));
            }
        }
    }
    let owner = nodes::params(request)?.owner.clone();
    sealed.recovery.complete(&mut workspace, &format!("sealed shares for {owner}"))?;
    drop(workspace);
    let report = SealedReport {
        key_id: sealed.recovery.card.body().key_id,
        words: sealed.recovery.card.hash().words(),
        op_id: sealed.recovery.op_id,
        request_hash: request.request.hash()?,
        owner,
        shares,
        exposed: true,
        not_marked: sealed.not_marked.iter().map(|(name, _)| name.clone()).collect(),
    };
    context.show(&report, |report, text| {
        text.line(format!("sealed for {}; nothing was combined here", report.owner));
        text.fields([("key", report.key_id.to_string()), ("words", report.words.clone())]);
        report.shares.iter().for_each(|share| share.text(text));
        text.line("this key is EXPOSED from now on: its servers sign with it no more");
        not_marked(&report.not_marked, text);
    })?;
    let files = report.shares.iter().map(|share| files::quoted(Path::new(&share.file)));
    let files = files.collect::<Vec<_>>().join(" ");
    context.next(&format!(
        "{} runs: quorate recover --combine {files} --identity FILE --reason TEXT --to RECIPIENT --out FILE",
        report.owner
    ));
    Ok(())
}

fn not_marked(names: &[Name], text: &mut crate::cli::output::Text) {
    if !names.is_empty() {
        let names = names.iter().map(Name::as_str).collect::<Vec<_>>().join(" ");
        text.line(format!("NOT marked yet, for they could not be asked: {names}"));
    }
}

fn combine_here(
    (request, sealed): (&SignedRequest, Sealed),
    (output, identity, back): (&Output, PersonIdentity, Back),
    mut workspace: Workspace,
    context: &mut Context,
) -> Result<(), CommandError> {
    let Sealed { recovery, shares, not_marked } = sealed;
    let shares: Vec<ShareFile> = shares
        .into_iter()
        .map(|share| ShareFile { path: PathBuf::from(share.outside().node.as_str()), share })
        .collect();
    let chain = workspace.chain()?.clone();
    let key = whole((&recovery, output), &shares, &identity, &mut workspace, context)
        .map_err(|error| ended(&recovery, &mut workspace, error))?;
    let params = nodes::params(request)?;
    let state = || format!("{}; some servers may hold their shares still", key.put_out());
    let released = || -> Result<_, CommandError> {
        if !params.delete {
            return Ok((Vec::new(), Vec::new()));
        }
        let signed = receipts(&shares, &identity, &chain)?;
        // All are durable before the first server deletes: the same command could not sign them again.
        signed.iter().try_for_each(|receipt| workspace.kept().keep_receipt(receipt))?;
        let written = back.write(&signed)?;
        Ok((written, export::release(&mut workspace, &params.key_id, &signed)?))
    };
    let released = released().map_err(|error| {
        error.state(state()).hint(format!(
            "the receipts are in requests/ of this home: quorate share release --key {} --receipt FILE ..",
            params.key_id
        ))
    });
    drop((workspace, identity));
    let (receipts, statements) = released?;
    let not_marked = not_marked.into_iter().map(|(name, _)| name).collect();
    show(&Report { key, receipts, statements, not_marked }, context)
}

/// Servers delete for a key that is durable somewhere, not for one that was looked at.
fn no_durable_result(flag: &str) -> CommandError {
    CommandError::usage(format!("{flag} needs --to and --out: a key that was only shown is durable nowhere"))
        .state("nothing was put together, and no server deleted anything")
}

fn whole(
    (recovery, output): (&Recovery, &Output),
    shares: &[ShareFile],
    identity: &PersonIdentity,
    workspace: &mut Workspace,
    context: &mut Context,
) -> Result<KeyReport, CommandError> {
    let opened = nodes::open(shares, identity, workspace.chain()?)?;
    let key = recovery.combine_shares(opened)?;
    let indices = shares.iter().map(|file| file.share.outside().index).collect();
    output.put_out((recovery, &key), (std::slice::from_ref(identity), indices), workspace, context)
}

fn receipts(
    shares: &[ShareFile],
    identity: &PersonIdentity,
    chain: &Chain,
) -> Result<Vec<Receipt>, CommandError> {
    Ok(shares.iter().map(|file| nodes::receipt(&file.share, identity, chain)).collect::<Result<_, _>>()?)
}

fn show(report: &Report, context: &mut Context) -> Result<(), CommandError> {
    context.show(report, |report, text| {
        report.key.text(text);
        if !report.receipts.is_empty() {
            text.line("receipts for the servers:");
        }
        report.receipts.iter().for_each(|receipt| receipt.text(text));
        for signed in &report.statements {
            let said = &signed.statement;
            let states = crate::cli::share::release::stated(said);
            text.fields([("server", said.node.to_string()), ("states", states)]);
        }
        not_marked(&report.not_marked, text);
    })
}
