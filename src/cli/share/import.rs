//! `share import`.

use std::path::PathBuf;

use serde::Serialize;

use crate::ceremony::import;
use crate::cli::args::AuthorityArgs;
use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::cli::files;
use crate::cli::share::release::stated;
use crate::ids::{KeyId, Name};
use crate::keyshare::Purpose;
use crate::shard::{DirtyImport, FILE_CAP};
use crate::statement::{Holding, Signed};

const EXAMPLES: &str = "\
Examples:
  The custodian, on their laptop:
    quorate share rewrap SHARD --identity A.identity.json --to-node OFFICIAL_1 --out A.import.json
  The operator:
    quorate share import A.import.json --server OFFICIAL_1

The server takes the share of its own index only, from the custodian enrolled for it, and each such file once.";

/// Puts a share back on its server to stay; no identity is needed here
#[derive(clap::Args, Clone, Debug)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// What the custodian made with `share rewrap --to-node`
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// The server that it is for
    #[arg(long, value_name = "NAME")]
    pub(crate) server: Name,
    /// Import it under this other id of the key, which `key alias` made
    #[arg(long, value_name = "KEYID")]
    pub(crate) as_new: Option<KeyId>,
    #[command(flatten)]
    pub(crate) authority: AuthorityArgs,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    key_id: KeyId,
    purpose: Purpose,
    server: Name,
    index: u16,
    words: String,
    statement: Signed<Holding>,
}

pub(crate) fn run(args: Args, context: &mut Context) -> Result<(), CommandError> {
    let import = DirtyImport::parse(&files::read(&args.file, FILE_CAP as u64)?)?;
    let mut workspace = context.workspace_for(&args.authority)?;
    let done = import::run(&mut workspace, import, &args.file, &args.server, args.as_new.as_ref())?;
    let report = Report {
        key_id: done.key_id,
        purpose: done.card.body().purpose,
        server: args.server,
        index: done.statement.statement.index,
        words: done.card.hash().words(),
        statement: done.statement,
    };
    context.show(&report, |report, text| {
        text.fields([
            ("key", report.key_id.to_string()),
            ("words", report.words.clone()),
            ("purpose", report.purpose.to_string()),
            ("server", format!("{} (index {})", report.server, report.index)),
            ("states", stated(&report.statement.statement)),
        ]);
    })
}
