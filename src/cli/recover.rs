//! `recover`: a private key made whole, and where it may go.

use std::path::PathBuf;

use clap::ValueEnum;

use crate::cli::args::{AuthorityArgs, NameList};
use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::ids::{KeyId, Name, Reason};
use crate::recovery::{KeyFormat, Network};

mod identities;
mod nodes;
mod offline;
mod output;

const EXAMPLES: &str = "\
Examples:
  Two custodians of a 2-of-3 key at an air-gapped laptop that pinned the node set; the key goes to an age recipient:
    quorate recover --offline --shard A-3f0c..shard.json --shard B-3f0c..shard.json --identity A.identity.json \\
      --identity B.identity.json --reason 'servers lost in the fire' --to age1.. --out key.age

  In production others approve it first; the request says to whom the key goes:
    quorate recover --offline --shard A-3f0c..shard.json --shard B-3f0c..shard.json --identity A.identity.json \\
      --identity B.identity.json --request r.request.json --approval A.approval.json --approval B.approval.json \\
      --to age1.. --out key.age

  B's identity is lost; three guardians bring their sheets:
    quorate recover --offline --shard A-3f0c..shard.json --shard B-3f0c..shard.json --identity A.identity.json \\
      --guardian-share Ann.jpg Bob.jpg Cyd.jpg --guardian-set guardian-set.json --reason 'B left' --reveal

  From servers that hold their shares, in two steps; in production --request and --approval take the place of --owner:
    quorate recover --key 3f0c9a52-6d0e-4f4c-9d1e-2f1f0a4b7c11 --owner A --reason 'move to a new vendor' --out-dir sealed
    quorate recover --combine sealed/A-3f0c..recovery.json sealed/A-3f0d..recovery.json --identity A.identity.json \\
      --reason 'move to a new vendor' --to age1.. --out key.age --receipts back

The key is shown on a terminal only, after a typed confirmation, or encrypted to an age recipient; never printed. From then on
it is exposed: give the notice that is written to the operator, for quorate key mark-exposed, and move what the key guards.
Without this program: stock age and tests/interop/restore.py.";

/// Makes a private key whole from its shares: the last resort, after which the key is exposed
#[derive(clap::Args, Clone, Debug)]
#[command(after_long_help = EXAMPLES)]
#[group(id = "from", required = true, multiple = false, args = ["offline", "combine", "key"])]
pub(crate) struct Args {
    /// From shards and identities, on this machine, without any server
    #[arg(long)]
    pub(crate) offline: bool,
    /// From what servers sealed for you (.recovery.json), on your own device
    #[arg(long, value_name = "FILE", num_args = 1.., requires = "identity")]
    pub(crate) combine: Vec<PathBuf>,
    /// From servers that hold their shares: the key's keyId
    #[arg(long, value_name = "KEYID")]
    pub(crate) key: Option<KeyId>,
    /// With --key in rehearsal: the enrolled person whose device makes the key whole
    #[arg(long, value_name = "NAME", requires = "key", conflicts_with = "request")]
    pub(crate) owner: Option<Name>,
    /// With --key in rehearsal: exactly t servers; default: the first that hold a share
    #[arg(long, value_name = "A,B,..", requires = "key", conflicts_with = "request")]
    pub(crate) servers: Option<NameList>,
    /// With --key in rehearsal: the servers delete their shares once that device has signed for them
    #[arg(long, requires = "key", conflicts_with = "request")]
    pub(crate) delete_after_recover: bool,
    /// Where the servers' sealed shares go, if nothing is combined here
    #[arg(long, value_name = "DIR", conflicts_with_all = ["offline", "combine", "identity"])]
    pub(crate) out_dir: Option<PathBuf>,
    /// Where the device's receipts for the servers go
    #[arg(long, value_name = "DIR", conflicts_with = "offline")]
    pub(crate) receipts: Option<PathBuf>,
    /// A shard; repeat for at least t of the same key and epoch
    #[arg(long, value_name = "SHARD", requires = "offline")]
    pub(crate) shard: Vec<PathBuf>,
    /// An identity that opens one of the shards, or what servers sealed; repeat, in the order of their passphrases
    #[arg(long, value_name = "FILE")]
    pub(crate) identity: Vec<PathBuf>,
    /// Guardians' shares that restore an identity in memory: text, photos, scans, age files
    #[arg(long, value_name = "FILE", num_args = 1.., requires = "offline")]
    pub(crate) guardian_share: Vec<PathBuf>,
    /// Opens a guardian's encrypted share: their identity file, or an age key file
    #[arg(long, value_name = "FILE", requires = "guardian_share")]
    pub(crate) guardian_identity: Vec<PathBuf>,
    /// The guardian set of those shares: each is checked to the bit, and a damaged one named
    #[arg(long, value_name = "FILE", requires = "guardian_share")]
    pub(crate) guardian_set: Vec<PathBuf>,
    /// Why; it goes into the log and the notice. An approved request has its own
    #[arg(long, value_name = "TEXT", required_unless_present = "request", conflicts_with = "request")]
    pub(crate) reason: Option<Reason>,
    /// With --offline in production: without the agreement of others, where nobody is left to give it; the log says so
    #[arg(long, requires = "offline", conflicts_with = "request")]
    pub(crate) unapproved: bool,
    #[command(flatten)]
    pub(crate) authority: AuthorityArgs,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

/// Where the key goes, and in which form.
#[derive(clap::Args, Clone, Debug)]
pub(crate) struct OutputArgs {
    /// Encrypt the key to this age recipient, or to that of a person's card
    #[arg(long, value_name = "age1..|CARD", requires = "out", conflicts_with = "reveal")]
    pub(crate) to: Option<String>,
    /// The age file to write
    #[arg(long, value_name = "FILE", requires = "to")]
    pub(crate) out: Option<PathBuf>,
    /// Show the key on this terminal, after a typed confirmation
    #[arg(long)]
    pub(crate) reveal: bool,
    /// How the key is written; each curve has its own
    #[arg(long, value_name = "FORMAT", value_enum)]
    pub(crate) format: Option<FormatName>,
    /// With --format wif: for which network
    #[arg(long, value_name = "NETWORK", value_enum)]
    pub(crate) network: Option<NetworkName>,
    /// The exposure notice to write; default: <keyId>.exposure.json beside --out, or here
    #[arg(long, value_name = "FILE")]
    pub(crate) notice: Option<PathBuf>,
    /// The words of a card given with --to that is not enrolled; else you are asked
    #[arg(long, value_name = "WORDS", requires = "to")]
    pub(crate) confirm: Option<String>,
}

/// How a key is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum FormatName {
    /// The scalar, big-endian (all but the Edwards curves; their default)
    Hex,
    /// SECP256k1, SECP256K1_SCHNORR: wallet import format, compressed
    Wif,
    /// SECP256k1: 0x and hex; the address is told
    Eth,
    /// P256, P384, P521: for OpenSSL and the like
    Pkcs8Pem,
    /// SECP256K1_SCHNORR: the scalar of the point with even y
    Bip340,
    /// ED25519, ED448: the little-endian scalar; not a seed
    Scalar,
}

impl From<FormatName> for KeyFormat {
    fn from(name: FormatName) -> Self {
        match name {
            FormatName::Hex => Self::Hex,
            FormatName::Wif => Self::Wif,
            FormatName::Eth => Self::Eth,
            FormatName::Pkcs8Pem => Self::Pkcs8Pem,
            FormatName::Bip340 => Self::Bip340,
            FormatName::Scalar => Self::Scalar,
        }
    }
}

/// A chain that takes WIF.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum NetworkName {
    Mainnet,
    Testnet,
}

impl From<NetworkName> for Network {
    fn from(name: NetworkName) -> Self {
        match name {
            NetworkName::Mainnet => Self::Mainnet,
            NetworkName::Testnet => Self::Testnet,
        }
    }
}

pub(crate) fn run(args: Args, context: &mut Context) -> Result<(), CommandError> {
    if let Some(key_id) = args.key {
        return nodes::from_servers(args, key_id, context);
    }
    if args.offline {
        return offline::run(args, context);
    }
    let reason = args.reason.clone().ok_or_else(|| CommandError::usage("--reason is needed"))?;
    nodes::combine(args, reason, context)
}
