//! `key unlock`.

use serde::Serialize;

use crate::ceremony::locks;
use crate::cli::args::AuthorityArgs;
use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::ids::{KeyId, Name};

const EXAMPLES: &str = "\
Examples:
  quorate key unlock --key 3f0c9a52-6d0e-4f4c-9d1e-2f1f0a4b7c11 --culprit OFFICIAL_2 --reason \"rebuilt from a clean image\"

  In production, with the approval of those whom the policy names:
    quorate key unlock --key 3f0c9a52-6d0e-4f4c-9d1e-2f1f0a4b7c11 --culprit OFFICIAL_2 --request u.request.json \\
      --approval A.approval.json --approval B.approval.json";

/// Has the servers of a key work again with a server that misbehaved
#[derive(clap::Args, Clone, Debug)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// The key's keyId
    #[arg(long, value_name = "KEYID")]
    pub(crate) key: KeyId,
    /// The server that was found to misbehave
    #[arg(long, value_name = "NAME")]
    pub(crate) culprit: Name,
    /// Why it may take part again, for everybody's logs; a request that is given has it
    #[arg(long, value_name = "TEXT", required_unless_present = "request")]
    pub(crate) reason: Option<String>,
    #[command(flatten)]
    pub(crate) authority: AuthorityArgs,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    key_id: KeyId,
    culprit: Name,
    lifted_by: Vec<Name>,
}

pub(crate) fn run(args: Args, context: &mut Context) -> Result<(), CommandError> {
    let mut workspace = context.workspace_for(&args.authority)?;
    let lifted_by = locks::lift(&mut workspace, &args.key, &args.culprit, args.reason)?;
    let report = Report { key_id: args.key, culprit: args.culprit, lifted_by };
    context.show(&report, |report, text| match report.lifted_by.as_slice() {
        [] => text.line(format!("no server keeps a lock on {} for this key", report.culprit)),
        names => {
            let names = names.iter().map(Name::as_str).collect::<Vec<_>>().join(" ");
            text.line(format!("lifted: {names} work again with {}", report.culprit));
        }
    })
}
