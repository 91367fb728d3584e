//! `request new sign`.

use std::path::PathBuf;

use crate::ceremony::requests;
use crate::ceremony::sign::Wanted;
use crate::cli::args::{HashName, MessageArgs, NameList};
use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::cli::files::{self, NewFile};
use crate::ids::KeyId;

use super::RequestReport;

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
    pub(crate) message: MessageArgs,
    /// How the message is hashed; default: what the curve's users expect
    #[arg(long, value_enum, value_name = "HASH", conflicts_with = "digest")]
    pub(crate) hash: Option<HashName>,
    /// The servers that are to sign, exactly as many as the threshold; default: the first ones
    #[arg(long, value_name = "A,B,..")]
    pub(crate) servers: Option<NameList>,
    /// Sign under the BIP-341 output key (SECP256K1_SCHNORR only)
    #[arg(long)]
    pub(crate) taproot: bool,
    /// How long the request is valid; default: as long as the policy allows
    #[arg(long, value_name = "HOURS")]
    pub(crate) valid_hours: Option<u16>,
    /// The request's new file, by convention *.request.json
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
}

pub(crate) fn run(args: Args, context: &mut Context) -> Result<(), CommandError> {
    let out = NewFile::plan(&args.out)?;
    let content = files::content(&args.message, args.hash)?;
    let mut workspace = context.workspace()?;
    let wanted = Wanted {
        key_id: args.key,
        content,
        servers: args.servers.map(|list| list.names().to_vec()).unwrap_or_default(),
        taproot: args.taproot,
    };
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
