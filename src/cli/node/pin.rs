//! `node pin`.

use std::path::PathBuf;

use serde::Serialize;

use crate::ceremony::pins::{self, NodeSet};
use crate::cli::context::Context;
use crate::cli::error::{CommandError, ExitKind};
use crate::cli::files;
use crate::cli::fingerprint;
use crate::digest::Hash;
use crate::genesis::Mode;
use crate::ids::Name;

const EXAMPLES: &str = "\
Examples:
  The operator writes the node set, the custodian pins it and compares its words by voice:
    quorate --home demo node card --out node-set.json
    quorate --home laptop init --no-nodes
    quorate --home laptop node pin node-set.json

  In a script, the words are given:
    quorate --home laptop node pin node-set.json --fingerprint \"topmost istanbul ..\"";

/// Pins a node set on a machine without nodes, after one comparison of its words
#[derive(clap::Args, Clone, Debug)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// The node set, as `node card --out` writes it
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// The words (or the hex digits) that the operator read to you; else they are asked about
    #[arg(long, value_name = "WORDS")]
    pub(crate) fingerprint: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    mode: Mode,
    sequence: u32,
    servers: Vec<Name>,
    genesis_hash: Hash,
    words: String,
}

pub(crate) fn run(args: Args, context: &mut Context) -> Result<(), CommandError> {
    let set = NodeSet::parse(&files::read(&args.file, pins::FILE_CAP as u64)?)?;
    let mut workspace = context.workspace()?;
    let fingerprint = set.fingerprint();
    let question = format!(
        "The operator's words for this node set must be:\n  {}\nIf you hear other ones, stop.",
        fingerprint.words()
    );
    let refusal = || {
        CommandError::new(ExitKind::Integrity, "the words given are not those of this node set")
            .state("nothing was pinned")
            .hint("hear the words again; if they still differ, this is not the operator's file")
    };
    fingerprint::compare(
        args.fingerprint.as_deref(),
        &fingerprint,
        (&question, "--fingerprint"),
        refusal,
        context,
    )?;
    pins::pin(&mut workspace, &set)?;
    let genesis = set.chain().current();
    let report = Report {
        mode: genesis.mode,
        sequence: genesis.sequence,
        servers: genesis.nodes.iter().map(|node| node.name.clone()).collect(),
        genesis_hash: fingerprint,
        words: fingerprint.words(),
    };
    context.show(&report, |report, text| {
        let servers: Vec<&str> = report.servers.iter().map(Name::as_str).collect();
        text.line("pinned: from now on another key of these nodes is an error");
        text.fields([
            ("servers", servers.join(" ")),
            ("mode", report.mode.name().to_owned()),
            ("genesis", report.genesis_hash.to_string()),
            ("words", report.words.clone()),
        ]);
    })
}
