//! Alias cards: a second id for a key whose shares are imported anew, agreed by all its holders.

use serde::{Deserialize, Serialize};

use super::{KeyCard, KeyShareError};
use crate::{
    codec::CodecError,
    digest::Hash,
    genesis::{Chain, NamedSignature},
    ids::{KeyId, Label, OpId},
};

/// The signed part of an alias card.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct AliasBody {
    /// Format version, 1.
    pub version: u32,
    /// What the key is called from now on.
    pub new_key_id: KeyId,
    /// The key; its card and its shares stay as they are.
    pub key_card_hash: Hash,
    /// Free text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<Label>,
    /// The operation that made it.
    pub op_id: OpId,
    /// The genesis version in force then.
    pub genesis_hash: Hash,
}

impl AliasBody {
    /// What holders sign.
    pub fn hash(&self) -> Result<Hash, CodecError> {
        Hash::of("alias-card", self)
    }
}

/// An alias card as it travels.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct DirtyAlias {
    /// The signed part.
    pub alias: AliasBody,
    /// By the nodes that held index 1, 2, ... then.
    pub signatures: Vec<NamedSignature>,
}

impl DirtyAlias {
    /// That all holders of the key signed it.
    pub fn check(&self, chain: &Chain, card: &KeyCard) -> Result<(), KeyShareError> {
        if self.alias.version != 1 {
            return Err(KeyShareError::Version { what: "alias card", given: self.alias.version });
        }
        if self.alias.key_card_hash != card.hash() || self.alias.new_key_id == card.body().key_id {
            return Err(KeyShareError::OtherCard);
        }
        let genesis = chain.version(&self.alias.genesis_hash).ok_or(KeyShareError::Genesis)?;
        let roster = &card.body().roster;
        if self.signatures.len() != roster.len() {
            return Err(KeyShareError::Length { what: "signatures" });
        }
        let hash = self.alias.hash()?;
        for (name, signed) in roster.iter().zip(&self.signatures) {
            let holder = genesis.holder(name);
            let unsigned = || KeyShareError::NodeSignature(holder.clone());
            let node = genesis.node(holder).filter(|_| signed.name == *holder).ok_or_else(unsigned)?;
            node.card.signing_key.verify(&hash, &signed.signature).map_err(|_| unsigned())?;
        }
        Ok(())
    }
}
