//! `node confirm`.

use std::path::PathBuf;

use serde::Serialize;

use crate::ceremony::govern::{self, Adoption, Proposal};
use crate::cli::context::Context;
use crate::cli::error::{CommandError, ExitKind};
use crate::cli::fingerprint;
use crate::digest::Hash;
use crate::ids::Name;

const EXAMPLES: &str = "\
Examples:
  At the console of OFFICIAL_1, with the signature of everybody in it:
    quorate node confirm genesis.proposal.json --server OFFICIAL_1 --adoption A.adoption.json --adoption B.adoption.json ..

  A node that comes in the place of another one:
    quorate node confirm replace.request.json --server OFFICIAL_4

Without it a node signs no production genesis, whoever asks.";

/// Confirms the words of a production genesis at a node's own console
#[derive(clap::Args, Clone, Debug)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// The proposal
    #[arg(value_name = "PROPOSAL")]
    pub(crate) proposal: PathBuf,
    /// The node whose console this is
    #[arg(long, value_name = "NAME")]
    pub(crate) server: Name,
    /// The signature of a person in it; repeat for each
    #[arg(long, value_name = "FILE")]
    pub(crate) adoption: Vec<PathBuf>,
    /// The words (or the hex digits) as the others read them to you; else you are asked
    #[arg(long, value_name = "WORDS")]
    pub(crate) fingerprint: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    server: Name,
    genesis_hash: Hash,
    words: String,
}

pub(crate) fn run(args: Args, context: &mut Context) -> Result<(), CommandError> {
    let proposal = Proposal::read(&args.proposal)?;
    let genesis = proposal.genesis();
    let read = |path: &PathBuf| Adoption::read(path).map(|adoption| adoption.signature);
    let signatures = args.adoption.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    let hash = genesis.hash()?;
    let refusal = || {
        CommandError::new(ExitKind::Integrity, "the words given are not those of this genesis")
            .state(format!("{} has confirmed nothing", args.server))
            .hint("hear the words again; if they still differ, this is not what the others signed")
    };
    let question = format!(
        "The words of the genesis for {}, as the others read them to you, must be:\n  {}\nIf you hear other ones, stop.",
        args.server,
        hash.words()
    );
    fingerprint::compare(args.fingerprint.as_deref(), &hash, (&question, "--fingerprint"), refusal, context)?;
    let mut workspace = context.workspace()?;
    govern::confirm(&mut workspace, &args.server, genesis, &signatures)?;
    let report = Report { server: args.server, genesis_hash: hash, words: hash.words() };
    context.show(&report, |report, text| {
        text.line(format!("confirmed: {} signs this genesis when it is asked", report.server));
        text.fields([("genesis", report.genesis_hash.to_string()), ("words", report.words.clone())]);
    })?;
    context.next("when every server has confirmed: quorate policy adopt PROPOSAL --adoption FILE..");
    Ok(())
}
