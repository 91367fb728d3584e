//! What a node says of itself, signed: what it holds of one key, and what it holds at all.
#![doc = include_str!("statement/format.md")]

use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{
    codec::{CodecError, HexArray},
    digest::Hash,
    ids::{KeyId, Name, OpId, Time},
    request::NodeHead,
    signing_key::{BadSignature, PublicKey, Signature, SigningKey},
};

/// A statement and the node's signature.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, bound = "T: Serialize + DeserializeOwned")]
pub struct Signed<T> {
    /// What is said.
    pub statement: T,
    /// By the node.
    pub signature: Signature,
}

/// A kind of statement; the tag keeps kinds apart.
pub trait Statement: Serialize {
    /// Of its hash.
    const TAG: &'static str;
}

impl<T: Statement> Signed<T> {
    /// Signs.
    pub fn new(statement: T, key: &SigningKey) -> Result<Self, CodecError> {
        Ok(Self { signature: key.sign(&Hash::of(T::TAG, &statement)?), statement })
    }

    /// That `key` signed it.
    pub fn verify(&self, key: &PublicKey) -> Result<(), BadSignature> {
        let hash = Hash::of(T::TAG, &self.statement).map_err(|_| BadSignature)?;
        key.verify(&hash, &self.signature)
    }
}

/// What a node holds of one key.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Holding {
    /// Format version, 1.
    pub version: u32,
    /// Who says so.
    pub node: Name,
    /// The chain.
    pub genesis_id: HexArray<16>,
    /// The node's clock.
    pub time: Time,
    /// After which operation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub op_id: Option<OpId>,
    /// The key, by the id it was asked for.
    pub key_id: KeyId,
    /// Its card.
    pub key_card_hash: Hash,
    /// The node's index.
    pub index: u16,
    /// Shares of this key, under any of its ids.
    pub shares: u16,
    /// Aux of this key, in use or half-made.
    pub aux: u16,
    /// Shares of this key that are open in memory, and one-time identities that could open one.
    pub leases: u16,
    /// The node holds no share, aux, prime or one-time identity of any key.
    pub empty: bool,
    /// Where its log stands.
    pub head: NodeHead,
}

impl Statement for Holding {
    const TAG: &'static str = "holding";
}

impl Holding {
    /// Nothing of this key is on the node.
    pub fn is_clear(&self) -> bool {
        self.shares == 0 && self.aux == 0 && self.leases == 0
    }
}

/// A key of which a node holds something.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Resident {
    /// The key.
    pub key_id: KeyId,
    /// Of which epoch.
    pub epoch: u32,
    /// A share.
    pub share: bool,
    /// Aux.
    pub aux: u16,
}

/// A share that is open in memory for an operation.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Lease {
    /// The operation.
    pub op_id: OpId,
    /// The key.
    pub key_id: KeyId,
    /// Until when.
    pub until: Time,
}

/// Everything a node holds.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Status {
    /// Format version, 1.
    pub version: u32,
    /// Who says so.
    pub node: Name,
    /// What the asker drew: an older account is not passed off as this one.
    pub nonce: HexArray<16>,
    /// The chain.
    pub genesis_id: HexArray<16>,
    /// The version in force.
    pub genesis_hash: Hash,
    /// Version of the program.
    pub program: String,
    /// The node's clock.
    pub time: Time,
    /// Keys of which it holds something, at most 1,000.
    pub resident: Vec<Resident>,
    /// How many more there are.
    pub more: u64,
    /// Safe primes in its pool, by level.
    pub pool: Vec<(u16, u16)>,
    /// Open shares.
    pub leases: Vec<Lease>,
    /// One-time identities that wait for a grant.
    pub one_time: u16,
    /// Locks on culprits, over all keys.
    pub locks: u64,
    /// It holds no share, aux, prime or one-time identity at all.
    pub empty: bool,
    /// Where its log stands.
    pub head: NodeHead,
}

impl Statement for Status {
    const TAG: &'static str = "node-status";
}
