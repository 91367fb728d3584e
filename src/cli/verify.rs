//! `verify`.

use serde::Serialize;

use crate::cli::args::{HashName, HexBytes, MessageArgs};
use crate::cli::context::Context;
use crate::cli::error::{CommandError, ExitKind};
use crate::cli::files;
use crate::codec::Hex;
use crate::curve::{self, Curve, VerifyError};

const EXAMPLES: &str = "\
Examples:
  quorate verify --curve ED25519 --message r --public-key 3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c --signature 92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00

Exit code 0: valid. 4: not a signature of this message under this key.";

/// Verifies any signature, offline and without a workspace
#[derive(clap::Args, Clone, Debug)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// SECP256k1, ED25519, P256, P384, P521, ED448, SECP256K1_SCHNORR, STARK, or an alias
    #[arg(long, value_name = "CURVE")]
    pub(crate) curve: Curve,
    /// The public key as `key show` prints it
    #[arg(long, value_name = "HEX")]
    pub(crate) public_key: HexBytes,
    /// The signature: DER or r|s for ECDSA, 64 or 114 bytes for EdDSA, 64 for BIP-340
    #[arg(long, value_name = "HEX")]
    pub(crate) signature: HexBytes,
    #[command(flatten)]
    pub(crate) message: MessageArgs,
    /// How the message is hashed; default: what the curve's users expect
    #[arg(long, value_enum, value_name = "HASH", conflicts_with = "digest")]
    pub(crate) hash: Option<HashName>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    valid: bool,
    curve: Curve,
    public_key: Hex,
}

pub(crate) fn run(args: Args, context: &mut Context) -> Result<(), CommandError> {
    let payload = files::payload(args.curve, &args.message, args.hash)?;
    let Args { curve, public_key: HexBytes(public_key), signature: HexBytes(signature), .. } = args;
    curve::verify(curve, &public_key, &payload, &signature).map_err(|e| refused(&e))?;
    let report = Report { valid: true, curve, public_key: Hex(public_key) };
    context.show(&report, |report, text| {
        text.line(format!("valid: the {} key {} signed this", report.curve, report.public_key));
    })
}

fn refused(error: &VerifyError) -> CommandError {
    let code = match error {
        VerifyError::Key(_) | VerifyError::Payload(_) => ExitKind::Fixable,
        VerifyError::Encoding(_) | VerifyError::Mismatch(_) => ExitKind::Integrity,
    };
    CommandError::new(code, error.to_string())
}
