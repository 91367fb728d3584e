//! Shards: shares and aux outside of nodes, encrypted with age to whoever holds them, with a signed account
//! of who passed them to whom.
#![doc = include_str!("shard/format.md")]

mod compact;
mod file;
mod grant;
mod recovery;
mod sealed;
#[cfg(test)]
mod tests;
mod wrap;

pub use self::{
    compact::PREFIX as GRANT_PREFIX,
    file::{DirtyShard, Header, OpenShard, Shard},
    grant::{DirtyGrant, DirtyImport, Grant, Import, Wanted},
    recovery::{DirtyRecovery, RecoveryShare},
    sealed::{OpenAux, OpenShare, Parcel, Payload, Place, Reader, SHARE_CAP},
    wrap::{SignedWrap, Wrap, WrapKind},
};
use crate::{
    codec::CodecError,
    digest::Hash,
    ids::{Name, Time},
    keyshare::KeyShareError,
    paillier::AuxError,
    wrap::age_file::AgeError,
};

/// Largest shard, import or grant file, in bytes.
pub const FILE_CAP: usize = 1 << 20;

/// Why a shard, an import or a grant is not accepted.
#[derive(Debug, thiserror::Error)]
pub enum ShardError {
    #[error("the {what} has version {given}; this program reads version 1")]
    Version { what: &'static str, given: u32 },
    #[error("the {what} is no such file, or it was altered: {source}")]
    Form { what: &'static str, source: CodecError },
    #[error("the {0} on the outside is not that of the key card inside")]
    Header(&'static str),
    #[error("the shard carries neither a share nor aux")]
    Empty,
    #[error("the shard carries aux without its table, or a table without aux")]
    HalfAux,
    #[error("the file is named for another shard, or it was altered: expected {0}")]
    FileName(String),
    #[error("the encrypted part: {0}")]
    Age(#[from] AgeError),
    #[error("the encrypted part is armored in another way than age writes it")]
    Armor,
    #[error("the decrypted part is not well-formed: {0}")]
    Payload(&'static str),
    #[error("a wrap names another share than the one beside it")]
    OtherCore,
    #[error("the wraps are of different exports")]
    OtherExport,
    #[error("the wraps are out of order: {0}")]
    Order(&'static str),
    #[error("the wrap of {0} has other particulars than its kind needs")]
    Particulars(&'static str),
    #[error("share and aux were sent at different times")]
    Apart,
    #[error("it was exported by {0}, which never held this index")]
    Exporter(Name),
    #[error("the wrap of {0} is not signed by {0}")]
    WrapSignature(Name),
    #[error("it was wrapped by {0}, who never was custodian of this index")]
    Stranger(Name),
    #[error("it was wrapped by {given}, but the custodian of this index is {expected}")]
    NotCustodian { given: Name, expected: Name },
    #[error("no custodian is enrolled for {0}")]
    NoCustodian(Name),
    #[error("it is wrapped for {given}, not for {expected}")]
    Holder { given: Name, expected: Name },
    #[error("it is wrapped to another recipient than the one that opened it")]
    Recipient,
    #[error("it is a wrap for {given}, and {expected} is asked for")]
    Kind { given: &'static str, expected: &'static str },
    #[error("it was made for another request")]
    OtherRequest,
    #[error(
        "it was made under a version of the node set in which index {index} was not {node}'s, with {signer} for custodian"
    )]
    OtherSet { index: u16, node: Name, signer: Name },
    #[error("it expired at {0}")]
    Expired(Time),
    #[error("the approval in the grant is not the custodian's agreement to this request")]
    Approval,
    #[error("index {index} of this key belongs to {expected}, not to {given}")]
    Misplaced { index: u16, given: Name, expected: Name },
    #[error("the aux table is not signed by the holders of this key")]
    ForeignTable,
    #[error("the aux is of another holder")]
    ForeignAux,
    #[error("it is for another key card than {0}")]
    OtherCard(Hash),
    #[error("the share: {0}")]
    Share(#[from] KeyShareError),
    #[error("the aux: {0}")]
    Aux(#[from] AuxError),
    #[error(transparent)]
    Codec(#[from] CodecError),
}
