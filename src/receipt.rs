//! Receipts: somebody says, signed, that they hold what was sent to them and have opened it.
#![doc = include_str!("receipt/format.md")]

use serde::{Deserialize, Serialize};

use crate::{
    codec::{self, CodecError, Hex, HexArray, JSON_CAP},
    digest::Hash,
    ids::{Name, OpId, Time},
    signing_key::{BadSignature, PublicKey, Signature, SigningKey},
    wrap::recipient::Recipient,
};

/// Why a receipt is not accepted.
#[derive(Debug, thiserror::Error)]
pub enum ReceiptError {
    #[error("the receipt has version {0}; this program reads version 1")]
    Version(u32),
    #[error("this is no receipt, or it was altered: {0}")]
    Form(CodecError),
    #[error("the receipt is not signed by {0}")]
    Signature(Name),
    #[error("the receipt is for another {0}")]
    Differs(&'static str),
    #[error("this home has no transfer written down that the receipt is for")]
    NoTransfer,
    #[error("the receipt was used: the file it was for is destroyed")]
    Used,
    #[error(
        "the receipt is overtaken: a shard of this index came back, or was wrapped again, after it was given away"
    )]
    Overtaken,
    #[error(transparent)]
    Codec(CodecError),
}

/// What was received.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ReceiptKind {
    /// A shard from a node.
    Export,
    /// Renewed aux from a node.
    Aux,
    /// A shard from its previous custodian.
    Transfer,
    /// A share of a recovery.
    Recovery,
}

/// The signed part.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ReceiptBody {
    /// Format version, 1.
    pub version: u32,
    /// What was received.
    pub kind: ReceiptKind,
    /// Who sent it, and may act on this: a node, or for a transfer the previous custodian.
    pub issuer: Name,
    /// The chain.
    pub genesis_id: HexArray<16>,
    /// The key's card.
    pub key_card_hash: Hash,
    /// The index.
    pub index: u16,
    /// The epoch.
    pub epoch: u32,
    /// The issuer's operation: the export; for a transfer that of the share's export.
    pub op_id: OpId,
    /// SHA-256 of the encrypted share that was opened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub share_blob_hash: Option<Hash>,
    /// SHA-256 of the encrypted aux that was opened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aux_blob_hash: Option<Hash>,
    /// Tagged hash of the core that was inside (the share's; of renewed aux that of the aux): only who opened it
    /// knows it. Not in receipts of a recovery.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub core_hash: Option<Hash>,
    /// The age recipient that opened it.
    pub recipient: Recipient,
    /// The opened scalar times G.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verification_share: Option<Hex>,
    /// Who received it.
    pub signer: Name,
    /// The signer's clock.
    pub made_at: Time,
}

/// A receipt with its signature.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Receipt {
    /// The signed part.
    pub receipt: ReceiptBody,
    /// By the signer's approval key.
    pub signature: Signature,
}

impl Receipt {
    /// Signs.
    pub fn sign(receipt: ReceiptBody, key: &SigningKey) -> Result<Self, ReceiptError> {
        let hash = Hash::of("receipt", &receipt).map_err(ReceiptError::Codec)?;
        Ok(Self { signature: key.sign(&hash), receipt })
    }

    /// Reads a file: canonical JSON and one line end.
    pub fn parse(bytes: &[u8]) -> Result<Self, ReceiptError> {
        let line = bytes.strip_suffix(b"\n").unwrap_or_default();
        let receipt: Self =
            codec::from_canonical("the receipt", line, JSON_CAP).map_err(ReceiptError::Form)?;
        match receipt.receipt.version {
            1 => Ok(receipt),
            other => Err(ReceiptError::Version(other)),
        }
    }

    /// The file's bytes.
    pub fn to_bytes(&self) -> Result<Vec<u8>, ReceiptError> {
        let mut bytes = codec::canonical("the receipt", self).map_err(ReceiptError::Codec)?;
        bytes.push(b'\n');
        Ok(bytes)
    }

    /// That `key` signed it.
    pub fn verify(&self, key: &PublicKey) -> Result<(), ReceiptError> {
        let hash = Hash::of("receipt", &self.receipt).map_err(ReceiptError::Codec)?;
        let refused = |_: BadSignature| ReceiptError::Signature(self.receipt.signer.clone());
        key.verify(&hash, &self.signature).map_err(refused)
    }
}
