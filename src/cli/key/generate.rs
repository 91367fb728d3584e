//! `key generate`.

use std::path::PathBuf;

use serde::Serialize;

use crate::ceremony::generate;
use crate::cli::args::{AuthorityArgs, NameList};
use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::cli::key::KeyReport;
use crate::curve::Curve;
use crate::ids::{Label, OpId};
use crate::keyshare::Purpose;

const EXAMPLES: &str = "\
Examples:
  An Ethereum or Bitcoin key, any two of three servers sign:
    quorate key generate --curve SECP256k1 --threshold 2

  A Solana key over chosen servers, its card also kept on a stick:
    quorate key generate --curve ED25519 --threshold 2 --servers OFFICIAL_1,OFFICIAL_3,OFFICIAL_2 --backup /media/stick";

/// Generates a threshold key over the nodes
#[derive(clap::Args, Clone, Debug)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// SECP256k1, ED25519, P256, P384, P521, ED448, SECP256K1_SCHNORR, STARK, or an alias
    #[arg(long, value_name = "CURVE")]
    pub(crate) curve: Curve,
    /// How many servers sign together (2 up to the number of servers)
    #[arg(long, value_name = "T", value_parser = clap::value_parser!(u16).range(2..=16))]
    pub(crate) threshold: u16,
    /// The servers that hold the key, in order; default: all of the genesis
    #[arg(long, value_name = "A,B,..")]
    pub(crate) servers: Option<NameList>,
    /// A name for people; need not be unique
    #[arg(long)]
    pub(crate) label: Option<Label>,
    /// What the key may be used for, rehearsal or production; default: what the genesis is for
    #[arg(long, value_name = "PURPOSE")]
    pub(crate) purpose: Option<Purpose>,
    /// Allow a threshold equal to the number of servers: losing one server then loses the key
    #[arg(long)]
    pub(crate) no_loss_tolerance: bool,
    /// Write a second copy of the key card here before success is reported
    #[arg(long, value_name = "DIR")]
    pub(crate) backup: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) authority: AuthorityArgs,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    #[serde(flatten)]
    key: KeyReport,
    #[serde(skip_serializing_if = "Option::is_none")]
    aux_id: Option<OpId>,
}

pub(crate) fn run(args: Args, context: &mut Context) -> Result<(), CommandError> {
    let mut workspace = context.workspace_for(&args.authority)?;
    let wanted = generate::Wanted {
        curve: args.curve,
        threshold: args.threshold,
        servers: args.servers.map(|list| list.names().to_vec()).unwrap_or_default(),
        label: args.label,
        purpose: args.purpose.unwrap_or(workspace.chain()?.current().purpose()),
        no_loss_tolerance: args.no_loss_tolerance,
        backup: args.backup,
    };
    let progress = context.progress();
    let generated = generate::run(&mut workspace, wanted, &mut *context.ui(), &progress)?;
    let report = Report { key: KeyReport::of(&generated.card)?, aux_id: generated.aux.map(|aux| aux.aux_id) };
    context.show(&report, |report, text| report.key.text(text))?;
    context.next(&format!("quorate sign --key {} --message-file FILE", generated.card.body().key_id));
    Ok(())
}
