//! `sign`.

use std::path::{Path, PathBuf};

use crate::cli::args::{HashName, MessageArgs, ServerList};
use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::cli::files::{self, NewFile};
use crate::cli::seams;
use crate::ids::KeyId;
use serde_json::Value;

const EXAMPLES: &str = "\
Examples:
  Sign a file with two chosen servers:
    quorate sign --key 3f0c9a52-6d0e-4f4c-9d1e-2f1f0a4b7c11 --message-file payment.json --servers OFFICIAL_1,OFFICIAL_3

  An Ethereum message, hashed with Keccak-256:
    quorate sign --key 3f0c9a52-6d0e-4f4c-9d1e-2f1f0a4b7c11 --message-file tx.bin --hash keccak256

  A digest made elsewhere:
    quorate sign --key 3f0c9a52-6d0e-4f4c-9d1e-2f1f0a4b7c11 --digest 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

/// Signs a message with any quorum of servers
#[derive(clap::Args, Clone, Debug)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// The key's keyId
    #[arg(long, value_name = "KEYID")]
    pub(crate) key: KeyId,
    #[command(flatten)]
    pub(crate) message: MessageArgs,
    /// How the message is hashed; default: what the curve's users expect
    #[arg(long, value_enum, value_name = "HASH", conflicts_with = "digest")]
    pub(crate) hash: Option<HashName>,
    /// The servers that sign, exactly as many as the threshold; default: chosen
    #[arg(long, value_name = "A,B,..")]
    pub(crate) servers: Option<ServerList>,
    /// Sign under the BIP-341 output key (SECP256K1_SCHNORR only)
    #[arg(long)]
    pub(crate) taproot: bool,
    /// Write the signature's bytes to a new file; - is standard output
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

pub(crate) fn run(args: Args, context: &mut Context) -> Result<(), CommandError> {
    let out = args.out.as_deref().map(Out::plan).transpose()?;
    let content = files::content(&args.message, args.hash)?;
    let report = seams::sign(&args, content, context)?;
    match out {
        None => context.show(&report, |report, text| text.value(report)),
        Some(Out::Stdout) => context.write_stdout(&signature_bytes(&report)?, true),
        Some(Out::File(file)) => {
            file.write(&signature_bytes(&report)?)?;
            context.show(&report, |report, text| text.value(report))
        }
    }
}

enum Out {
    Stdout,
    File(NewFile),
}

impl Out {
    fn plan(path: &Path) -> Result<Self, CommandError> {
        if path.as_os_str() == "-" { Ok(Self::Stdout) } else { NewFile::plan(path).map(Self::File) }
    }
}

/// The signature's bytes out of the report's hex.
fn signature_bytes(report: &Value) -> Result<Vec<u8>, CommandError> {
    let hex_text = report.get("signature").and_then(Value::as_str).unwrap_or_default();
    hex::decode(hex_text).map_err(|e| CommandError::bug(format!("the signature is not hex: {e}")))
}
