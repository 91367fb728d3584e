//! `share export`.

use std::path::PathBuf;

use serde::Serialize;

use crate::ceremony::export::{self, Exported};
use crate::ceremony::exports::Progress;
use crate::cli::args::{AuthorityArgs, NameList};
use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::cli::files::quoted;
use crate::cli::output::Text;
use crate::digest::Hash;
use crate::ids::{KeyId, Name, OpId};
use crate::keyshare::Purpose;
use crate::wrap::recipient::Recipient;

const EXAMPLES: &str = "\
Examples:
  Every share to its custodian; the nodes delete when the receipts are there:
    quorate share export --key 3f0c9a52-6d0e-4f4c-9d1e-2f1f0a4b7c11 --all --delete --out-dir out
    quorate share release --key 3f0c9a52-6d0e-4f4c-9d1e-2f1f0a4b7c11 --receipt A.receipt.json --receipt B.receipt.json

  All of it at once, where the custodians' identities are on this machine:
    quorate share export --key 3f0c9a52-6d0e-4f4c-9d1e-2f1f0a4b7c11 --all --delete --out-dir out \\
      --identity A.identity.json --identity B.identity.json --identity C.identity.json

Nothing is deleted before its custodian has signed that they hold and have opened it.";

/// Gives shares to their custodians, encrypted; with --delete the nodes delete against receipts
#[derive(clap::Args, Clone, Debug)]
#[command(after_long_help = EXAMPLES)]
#[command(group = clap::ArgGroup::new("from").required(true).args(["server", "all"]))]
pub(crate) struct Args {
    /// The key's keyId
    #[arg(long, value_name = "KEYID")]
    pub(crate) key: KeyId,
    /// The servers whose shares leave
    #[arg(long, value_name = "A,B,..")]
    pub(crate) server: Option<NameList>,
    /// All servers that hold the key
    #[arg(long)]
    pub(crate) all: bool,
    /// The servers delete, once their custodians' receipts are there
    #[arg(long)]
    pub(crate) delete: bool,
    /// Only aux, renewed for shares that left before
    #[arg(long)]
    pub(crate) aux: bool,
    /// Where the shards are written
    #[arg(long, value_name = "DIR")]
    pub(crate) out_dir: PathBuf,
    /// An identity on this machine: its shard is received and released at once; repeat for several
    #[arg(long, value_name = "IDENTITY")]
    pub(crate) identity: Vec<PathBuf>,
    /// With --identity: where the custodians' copies go; default: they stay in --out-dir
    #[arg(long, value_name = "DIR", requires = "identity")]
    pub(crate) store: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) authority: AuthorityArgs,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    server: Name,
    index: u16,
    custodian: Name,
    age_recipient: Recipient,
    op_id: OpId,
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<PathBuf>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sha256: Option<Hash>,
    #[serde(skip_serializing_if = "Option::is_none")]
    words: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    wrapped_key_share: Option<String>,
    before: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    key_id: KeyId,
    curve: crate::curve::Curve,
    purpose: Purpose,
    exports: Vec<Row>,
    waiting_for: Vec<Name>,
    deleted: bool,
}

pub(crate) fn run(args: Args, context: &mut Context) -> Result<(), CommandError> {
    let (mut workspace, identities) = context.workspace_for_with(&args.authority, &args.identity)?;
    let card = workspace.inventory().card(&args.key, workspace.chain()?)?;
    let wanted = export::Wanted {
        key_id: args.key,
        servers: args.server.map(|list| list.names().to_vec()).unwrap_or_default(),
        delete: args.delete,
        aux_only: args.aux,
        out_dir: args.out_dir.clone(),
    };
    export::check_identities(&workspace, &wanted, &identities)
        .map_err(|e| CommandError::from(e).state("nothing left its server"))?;
    let store = args.store.as_deref();
    let done = export::run(&mut workspace, &wanted, |workspace, node, exported| {
        export::settle_here(workspace, node, exported, &identities, store)
    })?;
    let rows: Vec<Row> = done.into_iter().map(Row::of).collect();
    let waiting = rows.iter().filter(|row| row.state == "waiting").map(|row| row.custodian.clone()).collect();
    let report = Report {
        key_id: args.key,
        curve: card.body().curve,
        purpose: card.body().purpose,
        deleted: rows.iter().all(|row| row.state == "released"),
        exports: rows,
        waiting_for: waiting,
    };
    context.show(&report, describe)?;
    for row in report.exports.iter().filter(|row| row.state == "waiting") {
        let Some(file) = &row.file else { continue };
        let (file, who) = (quoted(file), &row.custodian);
        context.next(&format!(
            "{who}: quorate share receive {file} --identity {who}.identity.json --store DIR --out {who}.receipt.json"
        ));
    }
    Ok(())
}

impl Row {
    fn of(exported: Exported) -> Self {
        let Exported { export, shard, before } = exported;
        let state = match export.progress() {
            Progress::Begun => "begun",
            Progress::Copied => "copied",
            Progress::Waiting => "waiting",
            Progress::Receipted => "receipted",
            Progress::Released => "released",
        };
        Self {
            state,
            server: export.server,
            index: export.index,
            custodian: export.custodian,
            age_recipient: export.recipient,
            op_id: export.op_id,
            sha256: export.file.as_ref().map(|file| file.file_hash),
            words: export.file.as_ref().map(|file| file.file_hash.words()),
            file: export.file.map(|file| file.path),
            wrapped_key_share: shard.and_then(|shard| shard.parcel().wrapped_key_share.clone()),
            before,
        }
    }
}

fn describe(report: &Report, text: &mut Text) {
    text.fields([
        ("key", report.key_id.to_string()),
        ("curve", format!("{}, for {}", report.curve, report.purpose)),
    ]);
    for row in &report.exports {
        text.line("");
        let file = row.file.as_ref().map(|file| file.display().to_string()).unwrap_or_default();
        text.fields([
            ("server", format!("{} (index {})", row.server, row.index)),
            ("custodian", row.custodian.to_string()),
            ("shard", file),
            ("SHA-256", row.sha256.map(|hash| hash.to_string()).unwrap_or_default()),
            ("words", row.words.clone().unwrap_or_default()),
            ("state", state_text(row)),
        ]);
    }
    let names = report.waiting_for.iter().map(Name::as_str).collect::<Vec<_>>().join(", ");
    if !names.is_empty() {
        text.line(format!("nothing deleted; waiting for {names}"));
    }
}

fn state_text(row: &Row) -> String {
    let said = match row.state {
        "released" => "deleted by the server",
        "receipted" => "the receipt is here; the server has not deleted yet",
        "waiting" => "waits for the custodian's receipt; the server keeps its share until then",
        "copied" => "the server keeps its share too: --delete was not asked for",
        _ => "begun; no file was written",
    };
    if row.before { format!("{said} (exported before; nothing was done now)") } else { said.to_owned() }
}
