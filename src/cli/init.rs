//! `init`.

use crate::cli::args::{Seal, ServerList};
use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::cli::seams;

const EXAMPLES: &str = "\
Examples:
  A rehearsal workspace with three nodes in ./demo:
    quorate --home demo init

  Five nodes, sealed by a passphrase:
    quorate --home demo --passphrase-file pass.txt init --servers A,B,C,D,E --seal passphrase";

/// Makes a workspace with its nodes and a rehearsal genesis
#[derive(clap::Args, Clone, Debug)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// The nodes' names, in order (2 to 16)
    #[arg(long, value_name = "A,B,..", default_value = "OFFICIAL_1,OFFICIAL_2,OFFICIAL_3")]
    pub(crate) servers: ServerList,
    /// A custodian's or auditor's home: no nodes
    #[arg(long, conflicts_with = "servers")]
    pub(crate) no_nodes: bool,
    /// What opens the node stores: a key file beside them (unprotected), or a passphrase
    #[arg(long, value_name = "KIND", value_enum, default_value_t = Seal::KeyFile)]
    pub(crate) seal: Seal,
}

pub(crate) fn run(args: Args, context: &mut Context) -> Result<(), CommandError> {
    let seal = context.new_seal(args.seal.into())?;
    let report = seams::init(&args, seal, context)?;
    context.show(&report, |report, text| text.value(report))
}
