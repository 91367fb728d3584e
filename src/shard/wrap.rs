//! Wraps: each says to whom a share was encrypted, and is signed by whoever encrypted it.

use serde::{Deserialize, Serialize};

use super::ShardError;
use crate::{
    codec::CodecError,
    digest::Hash,
    ids::{Name, OpId, Time},
    signing_key::{BadSignature, PublicKey, Signature, SigningKey},
    wrap::recipient::Recipient,
};

/// Why a share was encrypted.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum WrapKind {
    /// By a node, for its custodian.
    Export,
    /// By a custodian, for a new identity or a successor.
    Rewrap,
    /// By a custodian, for one operation of a node.
    Grant,
    /// By a custodian, for a node that is to keep it.
    Import,
    /// By a node, for the device that recovers the key.
    Recovery,
}

impl WrapKind {
    /// As messages name it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Export => "an export",
            Self::Rewrap => "a re-wrap",
            Self::Grant => "a grant",
            Self::Import => "an import",
            Self::Recovery => "a recovery",
        }
    }
}

/// The signed account of one encryption.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Wrap {
    /// Format version, 1.
    pub version: u32,
    /// Hash of the core that was encrypted.
    pub core_hash: Hash,
    /// The export that brought the share out of its node.
    pub export_op_id: OpId,
    /// Why.
    pub kind: WrapKind,
    /// For whom: a person (export, re-wrap) or a node (grant, import).
    pub holder: Name,
    /// To which age recipient of theirs.
    pub recipient: Recipient,
    /// Who encrypted: a node (export, recovery) or a person.
    pub signer: Name,
    /// 0 for an export or a recovery, then rising with each wrap.
    pub serial: u32,
    /// The signer's clock.
    pub made_at: Time,
    /// Grant, recovery: the operation. Import: a random id; a node takes each once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub op_id: Option<OpId>,
    /// Grant, recovery: the request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_hash: Option<Hash>,
    /// Grant and import: not opened from this moment on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_after: Option<Time>,
    /// Import: the newest version of the chain that the signer knew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub genesis_hash: Option<Hash>,
}

impl Wrap {
    /// Version 1, and exactly the particulars of its kind: what a kind does not need could be taken for a
    /// promise.
    pub(super) fn check_form(&self) -> Result<(), ShardError> {
        if self.version != 1 {
            return Err(ShardError::Version { what: "wrap", given: self.version });
        }
        let has = (self.op_id.is_some(), self.request_hash.is_some(), self.not_after.is_some());
        let version = self.genesis_hash.is_some();
        let (fits, first) = match self.kind {
            WrapKind::Export => (has == (false, false, false), true),
            WrapKind::Rewrap => (has == (false, false, false), false),
            WrapKind::Grant => (has == (true, true, true), false),
            WrapKind::Import => (has == (true, false, true), false),
            WrapKind::Recovery => (has == (true, true, false), true),
        };
        if !fits || version != (self.kind == WrapKind::Import) {
            return Err(ShardError::Particulars(self.kind.name()));
        }
        if first == (self.serial == 0) { Ok(()) } else { Err(ShardError::Order("its serial number")) }
    }

    /// Signs it.
    pub fn sign(self, key: &SigningKey) -> Result<SignedWrap, CodecError> {
        Ok(SignedWrap { signature: key.sign(&Hash::of("wrap", &self)?), wrap: self })
    }
}

/// A wrap and its signer's signature.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct SignedWrap {
    /// The account.
    pub wrap: Wrap,
    /// By its signer.
    pub signature: Signature,
}

impl SignedWrap {
    /// Whether `key` signed it.
    pub fn verify(&self, key: &PublicKey) -> Result<(), BadSignature> {
        let hash = Hash::of("wrap", &self.wrap).map_err(|_| BadSignature)?;
        key.verify(&hash, &self.signature)
    }
}
