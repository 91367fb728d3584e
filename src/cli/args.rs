//! Argument types shared by the verbs. Parsing them is checking them.

use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args, ValueEnum};

use crate::ceremony::authority;
use crate::cli::error::CommandError;
use crate::cli::letters;
use crate::curve::HashAlgorithm;
use crate::ids::Name;
use crate::policy::Role;
use crate::request::SignedRequest;
use crate::store::SealKind;
use crate::wrap::passphrase::KdfCost;

/// `A,B,C`: distinct names in the order given.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct NameList(Vec<Name>);

impl NameList {
    /// The names, in the order given.
    pub(crate) fn names(&self) -> &[Name] {
        &self.0
    }
}

impl FromStr for NameList {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut names: Vec<Name> = Vec::new();
        for part in text.split(',') {
            let name: Name = part.trim().parse().map_err(|e: crate::ids::IdError| e.to_string())?;
            if names.contains(&name) {
                return Err(format!("{} is named twice", name.as_str()));
            }
            names.push(name);
        }
        if names.len() > 16 { Err("at most 16 names".into()) } else { Ok(Self(names)) }
    }
}

/// Hex digits in either case, `0x` optional.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct HexBytes(pub(crate) Vec<u8>);

impl FromStr for HexBytes {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let digits = text.strip_prefix("0x").unwrap_or(text);
        if digits.is_empty() {
            return Err("no hex digits".into());
        }
        hex::decode(digits).map(Self).map_err(|e| e.to_string())
    }
}

/// How a message is hashed before ECDSA or BIP-340.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum HashName {
    Sha256,
    Sha384,
    Sha512,
    /// Ethereum's hash
    Keccak256,
}

impl From<HashName> for HashAlgorithm {
    fn from(name: HashName) -> Self {
        match name {
            HashName::Sha256 => Self::Sha256,
            HashName::Sha384 => Self::Sha384,
            HashName::Sha512 => Self::Sha512,
            HashName::Keccak256 => Self::Keccak256,
        }
    }
}

/// What a person may be.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum RoleName {
    /// Starts key generation
    #[value(name = "keyGenerator")]
    KeyGenerator,
    /// Holds the shards of one server
    Custodian,
    /// Holds a share of a custodian's identity
    Guardian,
    /// Approves requests
    Approver,
    /// Reads logs and holds no key
    Auditor,
}

impl From<RoleName> for Role {
    fn from(name: RoleName) -> Self {
        match name {
            RoleName::KeyGenerator => Self::KeyGenerator,
            RoleName::Custodian => Self::Custodian,
            RoleName::Guardian => Self::Guardian,
            RoleName::Approver => Self::Approver,
            RoleName::Auditor => Self::Auditor,
        }
    }
}

/// On whose authority a production set acts; a rehearsal takes none of these.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "In production")]
pub(crate) struct AuthorityArgs {
    /// The identity of whoever asks
    #[arg(long, value_name = "IDENTITY", conflicts_with = "request")]
    pub(crate) requester: Option<PathBuf>,
    /// A request for just this that others have approved; repeat for several
    #[arg(long, value_name = "FILE")]
    pub(crate) request: Vec<PathBuf>,
    /// An approval of one of those requests; repeat for each
    #[arg(long, value_name = "FILE", requires = "request")]
    pub(crate) approval: Vec<PathBuf>,
}

impl AuthorityArgs {
    /// The requests, each with its approvals.
    pub(crate) fn given(&self) -> Result<Vec<SignedRequest>, CommandError> {
        let given = self.request.iter().map(|path| letters::request(path)).collect::<Result<_, _>>()?;
        let approvals = self.approval.iter().map(|path| letters::approval(path)).collect::<Result<_, _>>()?;
        Ok(authority::with_approvals(given, approvals)?)
    }
}

/// What opens the node stores of a workspace.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum Seal {
    KeyFile,
    Passphrase,
}

impl From<Seal> for SealKind {
    fn from(seal: Seal) -> Self {
        match seal {
            Seal::KeyFile => Self::KeyFile,
            Seal::Passphrase => Self::Passphrase,
        }
    }
}

/// What Argon2id costs whoever opens the file, and whoever guesses.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum Kdf {
    /// 64 MiB, for machines with little memory
    Least,
    /// 256 MiB
    Default,
    /// 1 GiB, for what is opened rarely
    Vault,
}

impl From<Kdf> for KdfCost {
    fn from(kdf: Kdf) -> Self {
        match kdf {
            Kdf::Least => Self::FLOOR,
            Kdf::Default => Self::default(),
            Kdf::Vault => Self::VAULT,
        }
    }
}

/// How a new identity file is protected.
#[derive(Args, Clone, PartialEq, Eq, Debug)]
pub(crate) struct NewPassphraseArgs {
    /// Draw the passphrase: seven random words, shown once
    #[arg(long)]
    pub(crate) generate_passphrase: bool,
    /// What Argon2id costs; else default, or what the file costs already
    #[arg(long, value_name = "COST", value_enum)]
    pub(crate) kdf: Option<Kdf>,
}

impl NewPassphraseArgs {
    /// The costs of a file that is made.
    pub(crate) fn cost(&self) -> KdfCost {
        self.kdf.map_or_else(KdfCost::default, KdfCost::from)
    }
}

/// What is signed; exactly one of the three.
#[derive(Args, Clone, PartialEq, Eq, Debug)]
#[group(required = true, multiple = false)]
pub(crate) struct MessageArgs {
    /// The file to sign, whole; - reads standard input
    #[arg(long, value_name = "FILE")]
    pub(crate) message_file: Option<PathBuf>,
    /// The message itself, as UTF-8
    #[arg(long, value_name = "TEXT")]
    pub(crate) message: Option<String>,
    /// A digest made elsewhere (not for the EdDSA curves)
    #[arg(long, value_name = "HEX")]
    pub(crate) digest: Option<HexBytes>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn server_lists_keep_their_order() {
        let list: NameList = "B,A, C-3".parse().unwrap();
        let names: Vec<&str> = list.names().iter().map(Name::as_str).collect();
        assert_eq!(names, ["B", "A", "C-3"]);
    }

    #[test]
    fn bad_server_lists_are_refused() {
        for bad in ["", "A,", "A,A", "_A", "A B", "Ä", "../A", &"A".repeat(33)] {
            assert!(bad.parse::<NameList>().is_err(), "{bad}");
        }
        let many: Vec<String> = (1..=17).map(|i| format!("N{i}")).collect();
        assert!(many.join(",").parse::<NameList>().is_err());
        assert!(many[..16].join(",").parse::<NameList>().is_ok());
    }

    #[test]
    fn hex_takes_either_case_and_nothing_else() {
        assert_eq!("0xAbcd".parse(), Ok(HexBytes(vec![0xab, 0xcd])));
        for bad in ["", "0x", "abc", "zz", "ab cd"] {
            assert!(bad.parse::<HexBytes>().is_err(), "{bad}");
        }
    }
}
