//! `sign grant`.

use std::path::PathBuf;

use serde::Serialize;

use crate::audit::{Event, Note};
use crate::ceremony::custody::ShardFile;
use crate::ceremony::grants::{self, Bearer};
use crate::ceremony::{CeremonyError, custodians};
use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::cli::files::NewFile;
use crate::cli::letters::{self, Picture};
use crate::cli::request::decoded;
use crate::digest::Hash;
use crate::ids::{Name, OpId, Time};
use crate::request::Content;

const EXAMPLES: &str = "\
Examples:
  On a custodian's machine, whose home has pinned the node set:
    quorate sign grant pay.request.json --shard A.shard.json --identity A.identity.json --out A.grant.json

  In a script, the words that the operator read aloud answer instead of a person:
    quorate sign grant pay.request.json --shard A.shard.json --identity A.identity.json --out A.grant.json \\
      --confirm \"topmost istanbul ..\"";

/// Agrees to a request and encrypts this shard's share for it, once
#[derive(clap::Args, Clone, Debug)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// The request
    #[arg(value_name = "REQUEST")]
    pub(crate) request: PathBuf,
    /// The shard
    #[arg(long, value_name = "FILE")]
    pub(crate) shard: PathBuf,
    /// The identity that opens it
    #[arg(long, value_name = "FILE")]
    pub(crate) identity: PathBuf,
    /// The grant's new file, by convention *.grant.json
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    /// Also draw the grant as one QR code into a new file: .svg or .png (Schnorr curves only)
    #[arg(long, value_name = "FILE")]
    pub(crate) qr: Option<PathBuf>,
    /// The request's words (or the hex digits), heard over another channel; else every field is asked about
    #[arg(long, value_name = "WORDS")]
    pub(crate) confirm: Option<String>,
    /// Agree to a bare digest, whose message nobody sees
    #[arg(long)]
    pub(crate) allow_blind: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    file: String,
    custodian: Name,
    server: Name,
    index: u16,
    op_id: OpId,
    attempt: u16,
    request_hash: Hash,
    words: String,
    expiry: Time,
    blind: bool,
}

const NOTHING: &str = "nothing was granted";

pub(crate) fn run(args: Args, context: &mut Context) -> Result<(), CommandError> {
    let out = NewFile::plan(&args.out)?;
    let picture = args.qr.as_deref().map(Picture::plan).transpose()?;
    let request = letters::request(&args.request)?;
    let locked = custodians::read_identity(&args.identity)?;
    let mut workspace = context.workspace()?;
    let chain = workspace.chain()?.clone();
    let file = ShardFile::read(&args.shard, &chain)?;
    let review = grants::review(&chain, &file.shard, &request).map_err(nothing_granted)?;
    let blind = matches!(review.params.content, Content::Digest { .. });
    decoded::check_blind(&request, args.allow_blind, NOTHING)?;
    let expiry = request.request.expiry;
    if Time::now() >= expiry {
        context.note(&format!(
            "by this machine's clock the request expired at {expiry}; the servers will judge"
        ));
    }
    let card = file.shard.card().body();
    let holders = card.holders(&chain)?;
    let holder = |index: &u16| holders.get(usize::from(index.saturating_sub(1))).map(ToString::to_string);
    let servers: Vec<String> = review.params.signers.iter().filter_map(holder).collect();
    let mut fields = decoded::fields(review.params, Some(card), &servers)?;
    fields.extend(decoded::of_frame(&request));
    fields.push(("your share goes to", review.node.to_string()));
    decoded::ask(&fields, args.confirm.as_deref(), &review.hash, (NOTHING, "the operator"), context)?;
    let identity = context.unlock_read(&locked, &args.identity)?;
    grants::check_enrolled(&chain, &review.node, &identity)?;
    let mut note =
        Note::new(Event::ShareGranted).with("server", &review.node).with("custodian", identity.name());
    (note.op_id, note.request_hash) = (Some(request.request.op_id), Some(review.hash));
    note.key_id = Some(review.params.key_id);
    workspace.note(note)?;
    let bearer = Bearer { file, identity };
    let grant = bearer.grant(&chain, &request, review.one_time)?;
    let drawn =
        picture.map(|qr| qr.draw(grant.to_text().map_err(CeremonyError::from), NOTHING)).transpose()?;
    out.write_only(&grant.to_bytes().map_err(CeremonyError::from)?)?;
    drawn.map_or(Ok(()), |drawn| drawn.write(&args.out))?;
    let report = Report {
        file: args.out.display().to_string(),
        custodian: grant.custodian,
        server: grant.node,
        index: grant.index,
        op_id: grant.op_id,
        attempt: grant.attempt,
        request_hash: review.hash,
        words: review.hash.words(),
        expiry,
        blind,
    };
    context.show(&report, |report, text| {
        text.line(format!("granted: {} for {}, once, until {}", report.file, report.server, report.expiry));
        text.fields([("request", report.request_hash.to_string()), ("words", report.words.clone())]);
    })
}

fn nothing_granted(error: CeremonyError) -> CommandError {
    decoded::nothing(error, NOTHING)
}
