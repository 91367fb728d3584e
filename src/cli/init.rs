//! `init`.

use crate::ceremony::init::{self, Report};
use crate::cli::args::{NameList, Seal};
use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::cli::output::Text;
use crate::ids::Name;
use crate::wrap::passphrase::KdfCost;

const EXAMPLES: &str = "\
Examples:
  A rehearsal workspace with three nodes in ./demo:
    quorate --home demo init

  Five nodes, sealed by a passphrase:
    quorate --home demo --passphrase-file pass.txt init --servers A,B,C,D,E --seal passphrase

  Three nodes for production; people adopt their genesis next:
    quorate --home vault init --production --seal passphrase";

/// Makes a workspace with its nodes and a rehearsal genesis
#[derive(clap::Args, Clone, Debug)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// The nodes' names, in order (2 to 16)
    #[arg(long, value_name = "A,B,..", default_value = "OFFICIAL_1,OFFICIAL_2,OFFICIAL_3")]
    pub(crate) servers: NameList,
    /// A custodian's or auditor's home: no nodes
    #[arg(long, conflicts_with = "servers")]
    pub(crate) no_nodes: bool,
    /// Nodes for keys that guard value: they do nothing until people have adopted a production genesis
    #[arg(long, conflicts_with = "no_nodes")]
    pub(crate) production: bool,
    /// What opens the node stores: a key file beside them (unprotected), or a passphrase
    #[arg(long, value_name = "KIND", value_enum, default_value_t = Seal::KeyFile)]
    pub(crate) seal: Seal,
    /// Draw the passphrase: seven random words, shown once
    #[arg(long)]
    pub(crate) generate_passphrase: bool,
}

pub(crate) fn run(args: Args, context: &mut Context) -> Result<(), CommandError> {
    if args.generate_passphrase && args.seal == Seal::KeyFile {
        return Err(
            CommandError::usage("--generate-passphrase needs --seal passphrase").state("nothing was made")
        );
    }
    let home = context.home()?;
    let seal = context.new_seal(args.seal.into(), args.generate_passphrase)?;
    let servers = if args.no_nodes { &[] } else { args.servers.names() };
    let cost = context.kdf_cost(KdfCost::default());
    let report = init::run(&home, servers, args.production, &seal, cost, context.primes)?;
    context.show(&report, describe)?;
    if args.production {
        context.next(
            "quorate policy propose --person A.card.json:custodian:OFFICIAL_1 .. --out genesis.proposal.json",
        );
    } else if !args.no_nodes {
        context.next("quorate key generate --curve SECP256k1 --threshold 2");
    }
    Ok(())
}

fn describe(report: &Report, text: &mut Text) {
    text.line(format!("workspace made in {}", report.home));
    if let (Some(hash), Some(words)) = (&report.genesis_hash, &report.words) {
        let servers = report.servers.iter().map(Name::as_str).collect::<Vec<_>>().join(" ");
        text.fields([
            ("mode", "REHEARSAL: no approvals are asked; never use its keys for value".to_owned()),
            ("servers", servers),
            ("genesis", hash.to_string()),
            ("words", words.clone()),
        ]);
        text.line("all nodes run on this machine, so all shares pass through it");
    }
    if report.mode == "production" {
        text.fields([
            ("mode", "PRODUCTION: the nodes do nothing until their genesis is adopted".to_owned()),
            ("servers", report.servers.iter().map(Name::as_str).collect::<Vec<_>>().join(" ")),
        ]);
    }
    if report.seal == "key-file" {
        text.line("the stores are UNPROTECTED: whoever reads seal.key opens them (use --seal passphrase)");
    }
    if report.test {
        text.line("TEST: made with public primes");
    }
}
