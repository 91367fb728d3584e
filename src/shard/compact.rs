//! A grant without aux as text for one QR code: `QUORATE-GRANT-1:` and base45 (RFC 9285) of a CBOR array.

use serde::{Deserialize, Serialize};

use super::{DirtyGrant, Parcel, ShardError};
use crate::{
    codec::{self, Hex},
    digest::Hash,
    ids::{Name, OpId},
    request::Approval,
    signing_key::{PublicKey, Signature},
    wrap::age_file,
};

/// What the text begins with. A QR code's alphanumeric mode has all its characters.
pub const PREFIX: &str = "QUORATE-GRANT-1:";

/// Longest text: what a QR code of version 40, level L, holds.
const TEXT_CAP: usize = 4296;

/// custodian, node, index, key card hash, op-id, attempt, request hash, approval key, signature, age file.
#[derive(Serialize, Deserialize)]
struct Compact(Name, Name, u16, Hash, OpId, u16, Hash, PublicKey, Signature, Hex);

impl DirtyGrant {
    /// The text. Grants with aux, and grants of key sets too large for one code, have none.
    pub fn to_text(&self) -> Result<String, ShardError> {
        let none = ShardError::Payload("it is too long for one QR code; carry the file");
        let Parcel { wrapped_key_share: Some(share), aux_table: None, wrapped_aux: None } = &self.parcel
        else {
            return Err(none);
        };
        let compact = Compact(
            self.custodian.clone(),
            self.node.clone(),
            self.index,
            self.key_card_hash,
            self.op_id,
            self.attempt,
            self.approval.request_hash,
            self.approval.approval_key,
            self.approval.signature,
            Hex(age_file::dearmored(share)?),
        );
        let text = format!("{PREFIX}{}", base45::encode(&codec::to_cbor("grant", &compact)?));
        if text.len() <= TEXT_CAP { Ok(text) } else { Err(none) }
    }

    /// Reads what [`Self::to_text`] wrote, and nothing else.
    pub fn from_text(text: &str) -> Result<Self, ShardError> {
        let refused = || ShardError::Payload("the QR code holds no grant");
        if text.len() > TEXT_CAP {
            return Err(refused());
        }
        let bytes =
            text.strip_prefix(PREFIX).and_then(|text| base45::decode(text).ok()).ok_or_else(refused)?;
        let compact: Compact = codec::from_cbor("grant", &bytes, TEXT_CAP)?;
        let Compact(
            custodian,
            node,
            index,
            key_card_hash,
            op_id,
            attempt,
            request_hash,
            key,
            signature,
            share,
        ) = compact;
        let grant = Self {
            version: 1,
            approval: Approval { approver: custodian.clone(), request_hash, approval_key: key, signature },
            custodian,
            node,
            index,
            key_card_hash,
            op_id,
            attempt,
            parcel: Parcel {
                wrapped_key_share: Some(age_file::armored(&share)?),
                aux_table: None,
                wrapped_aux: None,
            },
        };
        grant.check()?;
        if grant.to_text()? == text { Ok(grant) } else { Err(refused()) }
    }
}
