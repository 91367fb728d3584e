//! `custodian challenge`.

use std::path::PathBuf;

use rand_core::OsRng;

use crate::ceremony::custodians;
use crate::cli::context::Context;
use crate::cli::custodian::Artifact;
use crate::cli::error::CommandError;
use crate::cli::files::NewFile;
use crate::codec;
use crate::identity::challenge::Challenge;
use crate::ids::Time;

const EXAMPLES: &str = "\
Examples:
  Whoever enrols A makes a challenge, A proves, and the proof is checked against that same challenge:
    quorate custodian challenge A.card.json --out A.challenge.json
    quorate custodian prove A.identity.json --challenge A.challenge.json --out A.proof.json
    quorate custodian verify A.card.json --challenge A.challenge.json --proof A.proof.json";

/// Makes a challenge that only the holder of a card's secrets can answer
#[derive(clap::Args, Clone, Debug)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// The person's card
    #[arg(value_name = "CARD")]
    pub(crate) card: PathBuf,
    /// The challenge to make; keep your own copy of it for the verification
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
}

pub(crate) fn run(args: Args, context: &mut Context) -> Result<(), CommandError> {
    let out = NewFile::plan(&args.out)?;
    let card = custodians::read_card(&args.card)?;
    let challenge = Challenge::new(&card, Time::now(), &mut OsRng)?;
    let bytes = codec::canonical("the challenge", &challenge)?;
    out.write_only(&bytes)?;
    context.show(&Artifact::new(&args.out, &bytes), |artifact, text| artifact.text(text))
}
