//! `custodian prove`.

use std::path::PathBuf;

use crate::ceremony::custodians;
use crate::cli::context::Context;
use crate::cli::custodian::Artifact;
use crate::cli::error::CommandError;
use crate::cli::files::{self, NewFile};
use crate::codec;
use crate::identity::challenge::{Challenge, FILE_CAP};

const EXAMPLES: &str = "\
Examples:
  quorate custodian prove A.identity.json --challenge A.challenge.json --out A.proof.json

Nothing but a challenge is opened: what somebody sealed to you for another purpose is refused.";

/// Answers a challenge: decrypts what was sealed to this identity, and signs
#[derive(clap::Args, Clone, Debug)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// Your identity file
    #[arg(value_name = "IDENTITY")]
    pub(crate) identity: PathBuf,
    /// The challenge you were given
    #[arg(long, value_name = "FILE")]
    pub(crate) challenge: PathBuf,
    /// The proof to make
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    /// Your card; default: NAME.card.json beside the identity
    #[arg(long, value_name = "CARD")]
    pub(crate) card: Option<PathBuf>,
}

pub(crate) fn run(args: Args, context: &mut Context) -> Result<(), CommandError> {
    let out = NewFile::plan(&args.out)?;
    let challenge = Challenge::parse(&files::read(&args.challenge, FILE_CAP as u64)?)?;
    let name = custodians::read_identity(&args.identity)?.name().clone();
    let card = args.card.unwrap_or_else(|| custodians::card_path(&args.identity, &name));
    let card = custodians::read_card(&card)?;
    let proof = challenge.answer(&context.unlock(&args.identity)?, &card)?;
    let bytes = codec::canonical("the proof", &proof)?;
    out.write_only(&bytes)?;
    context.show(&Artifact::new(&args.out, &bytes), |artifact, text| artifact.text(text))
}
