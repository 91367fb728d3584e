//! The use cases: what an operator does with a workspace and its nodes, one file each.
#![doc = include_str!("ceremony/format.md")]

pub mod alias;
pub mod approve;
pub mod audit;
pub mod authority;
pub mod auxiliary;
mod candidates;
mod catch_up;
pub mod copies;
pub mod custodians;
pub mod custody;
pub mod doctor;
pub mod export;
pub mod exports;
pub mod generate;
pub mod govern;
pub mod grants;
pub mod guardians;
pub mod import;
pub mod init;
pub mod inventory;
pub mod jit;
pub mod journal;
mod kept;
pub mod keys;
pub mod letters;
pub mod locks;
pub mod nodes;
pub mod people;
mod pinned;
pub mod pins;
pub mod recover;
pub mod relay;
pub mod replace;
pub mod requests;
pub mod script;
pub mod selftest;
pub mod sign;
pub mod workspace;

use crate::{
    card::CardError,
    codec::CodecError,
    genesis::GenesisError,
    guardian::{
        legacy::LegacyError,
        set::{NotInSet, SetError},
        slip39::{CombineError, SplitError},
    },
    identity::{IdentityError, challenge::ChallengeError},
    ids::{KeyId, Name},
    keyshare::KeyShareError,
    node::NodeError,
    print::PrintError,
    receipt::ReceiptError,
    recovery::RecoveryError,
    request::RequestError,
    shard::ShardError,
    store::{FileError, SealError, StoreError, log::LogError},
    wrap::age_file::AgeError,
};

/// Why a use case ended without its result.
#[derive(Debug, thiserror::Error)]
pub enum CeremonyError {
    #[error("{0}")]
    Node(#[from] NodeError),
    #[error("there is no workspace in {0}")]
    NoWorkspace(String),
    #[error("the production genesis of this set is not adopted yet")]
    NotAdopted,
    #[error("{0} is not empty, so no workspace is made there")]
    NotEmpty(String),
    #[error("{0} already holds a workspace")]
    AlreadyThere(String),
    #[error(
        "{0} holds the beginning of a workspace: an init was interrupted there, so there are no keys in it"
    )]
    Unfinished(String),
    #[error("the workspace has version {found}; this program reads version 1")]
    Newer { found: u32 },
    #[error("{}", test_mark(*home))]
    TestMark { home: bool },
    #[error("the workspace is damaged: {0}")]
    Damaged(String),
    #[error("this workspace has no nodes")]
    NoNodes,
    #[error("server {name} cannot be opened: {source}")]
    Closed { name: Name, source: NodeError },
    #[error("{given} is not a server of this workspace; its servers are {known}")]
    UnknownServer { given: Name, known: String },
    #[error("no key {0} in this workspace")]
    UnknownKey(KeyId),
    #[error("key {key_id} is incomplete: {reason}")]
    Incomplete { key_id: KeyId, reason: String },
    #[error("{0}")]
    Refused(String),
    #[error("{0}")]
    Usage(String),
    #[error("{0}")]
    Denied(String),
    #[error("this is no node set, or it was altered: {0}")]
    NodeSet(CodecError),
    #[error("{file}: {source}")]
    ShardFile { file: String, source: Box<ShardError> },
    #[error("{file}: {source}")]
    ReceiptFile { file: String, source: ReceiptError },
    #[error("the workspace has another card of key {0}")]
    OtherKeyCard(KeyId),
    #[error("{0}")]
    Forged(String),
    #[error("what was written to {} reads back differently", .0.display())]
    ReadBack(std::path::PathBuf),
    #[error("this node set {0}")]
    Pinned(&'static str),
    #[error("{0}")]
    Forked(String),
    #[error("{0}")]
    OtherCard(String),
    #[error("the servers gave different results")]
    Disagree,
    #[error("{source}")]
    After { source: Box<CeremonyError>, state: String, hint: String },
    #[error(transparent)]
    Identity(#[from] IdentityError),
    #[error(transparent)]
    Card(#[from] CardError),
    #[error(transparent)]
    Challenge(#[from] ChallengeError),
    #[error("the encrypted share: {0}")]
    Age(#[from] AgeError),
    #[error(transparent)]
    Split(#[from] SplitError),
    #[error(transparent)]
    Combine(#[from] CombineError),
    #[error(transparent)]
    GuardianSet(#[from] SetError),
    #[error(transparent)]
    NotInSet(#[from] NotInSet),
    #[error(transparent)]
    Legacy(#[from] LegacyError),
    #[error(transparent)]
    Print(#[from] PrintError),
    #[error("{} was changed by somebody else meanwhile", .0.display())]
    Changed(std::path::PathBuf),
    #[error("what the shares make is not {0}'s identity")]
    AnotherIdentity(Name),
    #[error("{file}: {source}")]
    ShareFile { file: String, source: Box<dyn std::error::Error + Send + Sync> },
    #[error("{file}: {reason}")]
    DamagedShare { file: String, reason: String },
    #[error(transparent)]
    Shard(#[from] ShardError),
    #[error(transparent)]
    Receipt(#[from] ReceiptError),
    #[error(transparent)]
    Recovery(#[from] RecoveryError),
    #[error("{file}: {source}")]
    RecoveryFile { file: String, source: RecoveryError },
    #[error(transparent)]
    Key(#[from] KeyShareError),
    #[error(transparent)]
    Genesis(#[from] GenesisError),
    #[error(transparent)]
    Codec(#[from] CodecError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Seal(#[from] SealError),
    #[error(transparent)]
    File(#[from] FileError),
    #[error(transparent)]
    Log(#[from] LogError),
}

fn test_mark(home: bool) -> &'static str {
    if home {
        "this workspace has the TEST mark: it was made by the test program, with public primes; refused"
    } else {
        "this is the test program; it refuses a workspace without the TEST mark"
    }
}

/// Said as a node would say it.
impl From<RequestError> for CeremonyError {
    fn from(error: RequestError) -> Self {
        Self::Node(error.into())
    }
}
