//! `request new sign`.

use std::path::PathBuf;

use crate::ceremony::requests;
use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::cli::files::{self, NewFile};
use crate::cli::sign::SubjectArgs;
use crate::ids::KeyId;

use crate::cli::args::AuthorityArgs;
use crate::cli::request::RequestReport;

const EXAMPLES: &str = "\
Examples:
  quorate request new sign --key 3f0c9a52-6d0e-4f4c-9d1e-2f1f0a4b7c11 --message-file payment.json --out pay.request.json

The servers make one-time recipients, to which custodians encrypt their shares with `quorate sign grant`.";

/// Makes a signing request for custodians whose shards are on other machines
#[derive(clap::Args, Clone, Debug)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// The key's keyId
    #[arg(long, value_name = "KEYID")]
    pub(crate) key: KeyId,
    #[command(flatten)]
    pub(crate) subject: SubjectArgs,
    /// How long the request is valid; default: as long as the policy allows
    #[arg(long, value_name = "HOURS")]
    pub(crate) valid_hours: Option<u16>,
    /// The request's new file, by convention *.request.json
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    /// In production: the identity of whoever asks
    #[arg(long, value_name = "IDENTITY")]
    pub(crate) requester: Option<PathBuf>,
}

pub(crate) fn run(args: Args, context: &mut Context) -> Result<(), CommandError> {
    let out = NewFile::plan(&args.out)?;
    let wanted = args.subject.wanted(args.key)?;
    let authority = AuthorityArgs { requester: args.requester, ..AuthorityArgs::default() };
    let mut workspace = context.workspace_for(&authority)?;
    let request = requests::new(&mut workspace, wanted, args.valid_hours)?;
    if let Err(error) = out.write(&requests::to_bytes(&request)?) {
        let state = match requests::cancel(&mut workspace, &request) {
            Ok(_) => "no request was written; the servers have forgotten it".to_owned(),
            Err(_) => format!(
                "no request was written; quorate request cancel --operation {}",
                request.request.op_id
            ),
        };
        return Err(error.state(state));
    }
    let report = RequestReport::of(&request, workspace.chain()?, Some(&args.out))?;
    context.show(&report, |report, text| report.text(text))?;
    report.next(&files::quoted(&args.out), context);
    Ok(())
}
