//! `approve`.

use std::path::PathBuf;

use serde::Serialize;

use crate::audit::{Event, Note};
use crate::ceremony::letters::Letter;
use crate::ceremony::{approve, custodians};
use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::cli::files::NewFile;
use crate::cli::letters::{self, Picture};
use crate::cli::request::decoded;
use crate::digest::Hash;
use crate::ids::{Name, Time};

const EXAMPLES: &str = "\
Examples:
  On the approver's machine, which has pinned the node set:
    quorate approve recover.request.json --identity B.identity.json --out B.approval.json

  In a script, the words of the request answer every question:
    quorate approve recover.request.json --identity B.identity.json --out B.approval.json --confirm \"topmost istanbul ..\"

The machine checks first: form, genesis, policy, the requester's signature, that your approval would count. Then you
are shown every field and asked about each; No is the answer unless you type yes. This clock only warns.";

/// Agrees to a request, field by field
#[derive(clap::Args, Clone, Debug)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// The request, a picture of its QR code, or a proposal for a next genesis
    #[arg(value_name = "REQUEST")]
    pub(crate) request: PathBuf,
    /// Your identity
    #[arg(long, value_name = "FILE")]
    pub(crate) identity: PathBuf,
    /// The approval's new file, by convention *.approval.json
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    /// Also draw the approval as one QR code into a new file: .svg or .png
    #[arg(long, value_name = "FILE")]
    pub(crate) qr: Option<PathBuf>,
    /// The words (or the hex digits) of the request, as its requester read them to you; else you are asked
    #[arg(long, value_name = "WORDS")]
    pub(crate) confirm: Option<String>,
    /// Agree to a signature over a bare digest, of which nobody sees what it stands for
    #[arg(long)]
    pub(crate) allow_blind: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    file: String,
    approver: Name,
    operation: &'static str,
    request_hash: Hash,
    words: String,
    expiry: Time,
}

const NOTHING: &str = "nothing was approved";

pub(crate) fn run(args: Args, context: &mut Context) -> Result<(), CommandError> {
    let out = NewFile::plan(&args.out)?;
    let picture = args.qr.as_deref().map(Picture::plan).transpose()?;
    let request = letters::request(&args.request)?;
    let locked = custodians::read_identity(&args.identity)?;
    let mut workspace = context.workspace()?;
    let chain = workspace.chain()?.clone();
    let refused = |error| decoded::nothing(error, NOTHING);
    let review = approve::review(&request, &chain).map_err(refused)?;
    decoded::check_blind(&request, args.allow_blind, NOTHING)?;
    let expiry = request.request.expiry;
    if Time::now() >= expiry {
        context.note(&format!(
            "by this machine's clock the request expired at {expiry}; the servers will judge"
        ));
    }
    // An approver's home has no inventory; a card that is another one says nothing about this request.
    let card =
        request.request.action.key_id().and_then(|key_id| workspace.inventory().card(&key_id, &chain).ok());
    let card = card.filter(|card| request.request.key_card_hash == Some(card.hash()));
    let fields = decoded::of_request(&request, &chain, card.as_ref().map(|card| card.body()))?;
    decoded::ask(&fields, args.confirm.as_deref(), &review.hash, (NOTHING, "the requester"), context)?;
    let identity = context.unlock_read(&locked, &args.identity)?;
    approve::check_approver(&request, &chain, &review, &identity).map_err(refused)?;
    let mut note = Note::new(Event::RequestApproved).with("approver", identity.name());
    note = note.with("operation", request.request.action.operation());
    (note.op_id, note.request_hash) = (Some(request.request.op_id), Some(review.hash));
    note.key_id = request.request.action.key_id();
    workspace.note(note)?;
    let approval = approve::approve(&review, &identity);
    let bytes = approve::to_bytes(&approval)?;
    let drawn = picture.map(|qr| qr.draw(Letter::Approval.to_text(&bytes), NOTHING)).transpose()?;
    out.write_only(&bytes)?;
    drawn.map_or(Ok(()), |drawn| drawn.write(&args.out))?;
    let report = Report {
        file: args.out.display().to_string(),
        approver: approval.approver,
        operation: request.request.action.operation(),
        request_hash: review.hash,
        words: review.hash.words(),
        expiry,
    };
    context.show(&report, |report, text| {
        text.line(format!("approved: {} for '{}', until {}", report.file, report.operation, report.expiry));
        text.fields([("request", report.request_hash.to_string()), ("words", report.words.clone())]);
    })?;
    let requester = &request.request.requester;
    context.next(&format!("give {} to {requester}, who runs the request with it", report.file));
    Ok(())
}
