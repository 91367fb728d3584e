//! `share release`.

use std::path::PathBuf;

use serde::Serialize;

use crate::ceremony::export;
use crate::cli::args::AuthorityArgs;
use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::cli::files;
use crate::codec::JSON_CAP;
use crate::ids::{KeyId, Name};
use crate::receipt::Receipt;
use crate::statement::{Holding, Signed};

const EXAMPLES: &str = "\
Examples:
  quorate share release --key 3f0c9a52-6d0e-4f4c-9d1e-2f1f0a4b7c11 --receipt A.receipt.json --receipt B.receipt.json

  A custodian cannot sign, and the quorum has agreed to do without (request new release):
    quorate share release --key 3f0c9a52-6d0e-4f4c-9d1e-2f1f0a4b7c11 --no-receipt OFFICIAL_1 --request d.request.json --approval ..

Each server checks that the receipt is its own custodian's, for the very files that it gave out, deletes share
and aux, and signs what it holds then. After a recovery from servers the receipts are those of the device that made the key whole.";

/// Has servers delete the shares that their custodians have signed for
#[derive(clap::Args, Clone, Debug)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// The key's keyId
    #[arg(long, value_name = "KEYID")]
    pub(crate) key: KeyId,
    /// A custodian's receipt; repeat for several
    #[arg(long, value_name = "FILE", required_unless_present = "no_receipt")]
    pub(crate) receipt: Vec<PathBuf>,
    /// Without any: this server deletes what it gave out last, though nobody has signed for it
    #[arg(long, value_name = "SERVER", conflicts_with = "receipt")]
    pub(crate) no_receipt: Option<Name>,
    /// With --no-receipt: why, for everybody's logs; a request that is given has it
    #[arg(long, value_name = "TEXT", requires = "no_receipt")]
    pub(crate) reason: Option<String>,
    #[command(flatten)]
    pub(crate) authority: AuthorityArgs,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    key_id: KeyId,
    statements: Vec<Signed<Holding>>,
}

pub(crate) fn run(args: Args, context: &mut Context) -> Result<(), CommandError> {
    let mut receipts = Vec::new();
    for path in &args.receipt {
        let receipt = Receipt::parse(&files::read(path, JSON_CAP as u64)?);
        receipts.push(receipt.map_err(|e| {
            let mut error = CommandError::from(e);
            error.message = format!("{}: {}", path.display(), error.message);
            error
        })?);
    }
    let mut workspace = context.workspace_for(&args.authority)?;
    let statements = match &args.no_receipt {
        Some(server) => {
            vec![export::release_without_receipt(&mut workspace, &args.key, server, args.reason)?]
        }
        None => export::release(&mut workspace, &args.key, &receipts)?,
    };
    context.show(&Report { key_id: args.key, statements }, |report, text| {
        for signed in &report.statements {
            let said = &signed.statement;
            text.fields([("server", said.node.to_string()), ("states", stated(said))]);
        }
    })
}

/// What a node said it holds, in words.
pub(crate) fn stated(said: &Holding) -> String {
    let all = if said.empty { "; it holds nothing of any key" } else { "" };
    let Holding { shares, aux, leases, node: _, .. } = said;
    format!(
        "{shares} shares, {aux} aux, {leases} open of this key{all} (signed by {})",
        Name::as_str(&said.node)
    )
}
