//! `request new`: requests that travel to those who approve or grant.

use std::path::PathBuf;

use clap::Subcommand;
use serde::Serialize;

use super::decoded;
use crate::ceremony::letters::Letter;
use crate::ceremony::requests;
use crate::ceremony::workspace::Workspace;
use crate::cli::args::AuthorityArgs;
use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::cli::files::{NewFile, quoted};
use crate::cli::letters::Picture;
use crate::digest::Hash;
use crate::ids::{KeyId, Name, OpId, Time};
use crate::keyshare::KeyCard;
use crate::request::Action;

pub(crate) mod export;
pub(crate) mod import;
pub(crate) mod recover;
pub(crate) mod release;
pub(crate) mod sign;
pub(crate) mod unlock;

/// Makes a request
#[derive(Subcommand, Clone, Debug)]
pub(crate) enum NewCommand {
    Sign(sign::Args),
    Export(export::Args),
    Import(import::Args),
    Recover(recover::Args),
    Release(release::Args),
    Unlock(unlock::Args),
}

impl NewCommand {
    pub(crate) fn run(self, context: &mut Context) -> Result<(), CommandError> {
        match self {
            Self::Sign(args) => sign::run(args, context),
            Self::Export(args) => export::run(args, context),
            Self::Import(args) => import::run(args, context),
            Self::Release(args) => release::run(args, context),
            Self::Recover(args) => recover::run(args, context),
            Self::Unlock(args) => unlock::run(args, context),
        }
    }
}

/// What every request that others approve takes.
#[derive(clap::Args, Clone, Debug)]
pub(crate) struct MakeArgs {
    /// In production: the identity of whoever asks
    #[arg(long, value_name = "IDENTITY")]
    pub(crate) requester: Option<PathBuf>,
    /// How long the request is valid; default: as long as the policy allows
    #[arg(long, value_name = "HOURS")]
    pub(crate) valid_hours: Option<u16>,
    /// The request's new file, by convention *.request.json
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    /// Also draw the request as one QR code into a new file: .svg or .png
    #[arg(long, value_name = "FILE")]
    pub(crate) qr: Option<PathBuf>,
}

impl MakeArgs {
    /// The workspace, to act for the requester.
    pub(crate) fn workspace(&self, context: &mut Context) -> Result<Workspace, CommandError> {
        let requester = self.requester.clone();
        context.workspace_for(&AuthorityArgs { requester, ..AuthorityArgs::default() })
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    operation: &'static str,
    op_id: OpId,
    request_hash: Hash,
    words: String,
    key_id: KeyId,
    requester: Name,
    expiry: Time,
    file: String,
}

/// Makes the request, writes and shows it, and says who goes on. `then` is the command that takes it.
pub(crate) fn make(
    action: Action,
    (card, servers): (&KeyCard, &[Name]),
    mut workspace: Workspace,
    (args, then): (&MakeArgs, &str),
    context: &mut Context,
) -> Result<(), CommandError> {
    let out = NewFile::plan(&args.out)?;
    let picture = args.qr.as_deref().map(Picture::plan).transpose()?;
    let key_id = card.body().key_id;
    let request = requests::make(&mut workspace, action, card, servers, args.valid_hours)?;
    let bytes = requests::to_bytes(&request)?;
    let text = Letter::Request.to_text(&bytes);
    let drawn = picture.map(|qr| qr.draw(text, "no request was written")).transpose()?;
    out.write_only(&bytes)?;
    drawn.map_or(Ok(()), |drawn| drawn.write(&args.out))?;
    let chain = workspace.chain()?.clone();
    drop(workspace);
    let hash = request.request.hash().map_err(crate::ceremony::CeremonyError::from)?;
    let report = Report {
        operation: request.request.action.operation(),
        op_id: request.request.op_id,
        request_hash: hash,
        words: hash.words(),
        key_id: request.request.action.key_id().unwrap_or(key_id),
        requester: request.request.requester.clone(),
        expiry: request.request.expiry,
        file: args.out.display().to_string(),
    };
    let fields = decoded::of_request(&request, &chain, Some(card.body()))?;
    context.show(&report, |report, text| {
        text.fields(fields);
        text.fields([("request", report.request_hash.to_string()), ("words", report.words.clone())]);
    })?;
    let file = quoted(&args.out);
    if args.requester.is_some() {
        context.next(&format!("the others: quorate approve {file} --identity IDENTITY --out FILE"));
    }
    let approvals = if args.requester.is_some() { " --approval FILE.." } else { "" };
    context.next(&format!("{then} --request {file}{approvals}"));
    Ok(())
}
