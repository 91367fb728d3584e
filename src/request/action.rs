//! Operations that nodes carry out on request, and what each is asked with.

use serde::{Deserialize, Serialize};

#[cfg(doc)]
use super::MESSAGE_CAP;
use crate::{
    codec::Hex,
    curve::{Curve, HashAlgorithm},
    digest::Hash,
    ids::{KeyId, Label, Name, OpId},
    keyshare::Purpose,
    wrap::recipient::Recipient,
};

/// Operations and their parameters. The tag is the request's `operation`, the content its `params`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "operation", content = "params", rename_all = "camelCase")]
pub enum Action {
    /// Distributed key generation.
    Generate(GenerateParams),
    /// Activation of a key whose shares are durable everywhere but whose card was never completed.
    Activate(KeyParams),
    /// Removal of a key that never became active.
    Abandon(KeyParams),
    /// Auxiliary data for threshold ECDSA.
    Aux(AuxParams),
    /// A signature.
    Sign(SignParams),
    /// A share leaves its node, encrypted to the node's custodian.
    Export(ExportParams),
    /// A share that is to stay on a node.
    Import(ImportParams),
    /// A second id for a key.
    Alias(AliasParams),
    /// Shares sealed to one person's device, which combines them to the private key.
    Recover(RecoverParams),
    /// The lock on a culprit is lifted.
    Unlock(UnlockParams),
    /// A next version of the genesis.
    Govern(GovernParams),
    /// A node deletes what an export gave out without its custodian's receipt.
    DeleteWithoutReceipt(DeleteParams),
}

impl Action {
    /// The operation's name, as it stands in the request.
    pub fn operation(&self) -> &'static str {
        match self {
            Action::Generate(_) => "generate",
            Action::Activate(_) => "activate",
            Action::Abandon(_) => "abandon",
            Action::Aux(_) => "aux",
            Action::Sign(_) => "sign",
            Action::Export(_) => "export",
            Action::Import(_) => "import",
            Action::Alias(_) => "alias",
            Action::Recover(_) => "recover",
            Action::Unlock(_) => "unlock",
            Action::Govern(_) => "govern",
            Action::DeleteWithoutReceipt(_) => "deleteWithoutReceipt",
        }
    }

    /// The key it is about, if it is about one.
    pub fn key_id(&self) -> Option<KeyId> {
        Some(match self {
            Action::Generate(p) => p.key_id,
            Action::Activate(p) | Action::Abandon(p) => p.key_id,
            Action::Aux(p) => p.key_id,
            Action::Sign(p) => p.key_id,
            Action::Export(p) => p.key_id,
            Action::Import(p) => p.key_id,
            Action::Alias(p) => p.key_id,
            Action::Recover(p) => p.key_id,
            Action::Unlock(p) => p.key_id,
            Action::DeleteWithoutReceipt(p) => p.key_id,
            Action::Govern(_) => return None,
        })
    }
}

/// What a new key is to be.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct GenerateParams {
    /// Its id, chosen by the requester.
    pub key_id: KeyId,
    /// Its curve.
    pub curve: Curve,
    /// How many shares sign.
    pub threshold: u16,
    /// Who holds index 1, 2, ...
    pub roster: Vec<Name>,
    /// Free text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<Label>,
    /// What it may be used for.
    pub purpose: Purpose,
    /// Threshold = number of servers was asked for in so many words.
    pub no_loss_tolerance: bool,
}

/// A key and nothing else.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct KeyParams {
    /// The key.
    pub key_id: KeyId,
}

/// Which aux to make.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct AuxParams {
    /// The key.
    pub key_id: KeyId,
    /// Random id of this aux.
    pub aux_id: OpId,
    /// Indices of the holders that take part.
    pub holders: Vec<u16>,
}

/// Which share leaves which node, and for whom.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ExportParams {
    /// The key.
    pub key_id: KeyId,
    /// The node.
    pub server: Name,
    /// The custodian enrolled for that node.
    pub custodian: Name,
    /// Their age recipient.
    pub recipient: Recipient,
    /// The node is to delete share and aux once the custodian's receipt is there.
    pub delete: bool,
    /// Only aux, for a share that left before.
    pub aux_only: bool,
}

/// Which share a node is to keep.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ImportParams {
    /// The key, by the id it is to have on the node.
    pub key_id: KeyId,
    /// The node.
    pub server: Name,
    /// SHA-256 of the encrypted share.
    pub share_blob_hash: Hash,
    /// SHA-256 of the encrypted aux.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aux_blob_hash: Option<Hash>,
}

/// What a key is to be called as well.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct AliasParams {
    /// The key, by the id in its card.
    pub key_id: KeyId,
    /// The other id.
    pub new_key_id: KeyId,
    /// Free text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<Label>,
}

/// Which nodes give their shares of a key to whose device.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct RecoverParams {
    /// The key.
    pub key_id: KeyId,
    /// The nodes that seal their shares; exactly the threshold.
    pub servers: Vec<Name>,
    /// What the shares are sealed to.
    pub recipient: Recipient,
    /// Whose recipient it is: an enrolled person.
    pub owner: Name,
    /// Why, for the logs.
    pub reason: String,
    /// The nodes are to delete their shares once that device has signed a receipt.
    pub delete: bool,
}

/// Whose lock is to be lifted.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct UnlockParams {
    /// The key.
    pub key_id: KeyId,
    /// The node that was found to misbehave.
    pub culprit: Name,
    /// Why, for the logs.
    pub reason: String,
}

/// Which version of the genesis is to follow the one in force.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct GovernParams {
    /// Its hash.
    pub next_hash: Hash,
}

/// What is deleted without a receipt.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct DeleteParams {
    /// The key.
    pub key_id: KeyId,
    /// The node.
    pub server: Name,
    /// Of the export that gave it out.
    pub export_op_id: OpId,
    /// Why, for the logs.
    pub reason: String,
}

/// What to sign, and with whom.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct SignParams {
    /// The key.
    pub key_id: KeyId,
    /// Indices of the signers, ascending; exactly the threshold.
    pub signers: Vec<u16>,
    /// What is signed.
    pub content: Content,
    /// Derivation path; only the empty path exists so far.
    pub path: String,
    /// Sign under the BIP-341 key-path output key (BIP-86 tweak).
    pub taproot: bool,
}

/// A whole message, or a bare digest: a blind signature.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub enum Content {
    /// The message and, where the curve signs a digest, how to hash it.
    #[serde(rename_all = "camelCase")]
    Message {
        /// At most [`MESSAGE_CAP`] bytes.
        message: Hex,
        /// Absent: the curve's usual hash.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        hash: Option<HashAlgorithm>,
    },
    /// A digest whose message nobody sees.
    #[serde(rename_all = "camelCase")]
    Digest {
        /// Exactly as long as the curve takes it.
        digest: Hex,
    },
}
