//! What custodians send to nodes: imports, which stay, and grants, which one operation uses up.

use serde::{Deserialize, Serialize};

use super::{
    OpenShard, Parcel, Payload, Place, Reader, ShardError,
    file::{line_of, parse_line},
};
use crate::{
    digest::Hash,
    genesis::Chain,
    ids::{KeyId, Name, OpId, Time},
    keyshare::{DirtyAlias, DirtyKeyCard, KeyCard},
    request::Approval,
    wrap::recipient::Identity,
};

/// A share that is to stay on a node, as it stands in its file (`.import.json`).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct DirtyImport {
    /// Format version, 1.
    pub version: u32,
    /// Who sends it.
    pub custodian: Name,
    /// For which node.
    pub node: Name,
    /// The index.
    pub index: u16,
    /// The key's card, for a node that does not know the key.
    pub key_card: DirtyKeyCard,
    /// The other name of the key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alias_card: Option<DirtyAlias>,
    /// The share, and aux if there is any.
    pub parcel: Parcel,
}

/// An import on its way to a node.
pub type Import = Box<DirtyImport>;

impl DirtyImport {
    /// Reads a file.
    pub fn parse(bytes: &[u8]) -> Result<Self, ShardError> {
        let import: Self = parse_line("import", bytes)?;
        import.check()?;
        Ok(import)
    }

    /// The file's bytes.
    pub fn to_bytes(&self) -> Result<Vec<u8>, ShardError> {
        line_of("import", self)
    }

    /// It carries a share; aux comes with its table.
    pub fn check(&self) -> Result<(), ShardError> {
        if self.parcel.wrapped_key_share.is_none() {
            return Err(ShardError::Empty);
        }
        self.parcel.check()
    }

    /// The id that the key goes by.
    pub fn key_id(&self) -> KeyId {
        self.alias_card.as_ref().map_or(self.key_card.card.key_id, |alias| alias.alias.new_key_id)
    }

    /// What `node` does with it: opens and checks everything, and that the outside says the same. The card
    /// that comes back is checked, too. Whether the import's id is new, only the node knows.
    pub fn open(
        &self,
        identity: &Identity,
        chain: &Chain,
        node: &Name,
        now: Time,
    ) -> Result<(KeyCard, OpenShard), ShardError> {
        self.check()?;
        let card = self.key_card.clone().check(chain)?;
        if let Some(alias) = &self.alias_card {
            alias.check(chain, &card)?;
        }
        let open = self.open_at(&Place { chain, card: &card, index: self.index }, identity, node, now)?;
        Ok((card, open))
    }

    /// The same for a node that has checked card and alias, and the form.
    pub fn open_at(
        &self,
        place: &Place,
        identity: &Identity,
        node: &Name,
        now: Time,
    ) -> Result<OpenShard, ShardError> {
        check_node(&self.node, node)?;
        let open = self.parcel.open(place, identity, Reader::Import(node, now))?;
        check_sender(&open, &self.custodian)?;
        Ok(open)
    }
}

/// A share for one operation of one node, as it stands in its file (`.grant.json`). It holds no key card: the
/// node has it, by its hash.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct DirtyGrant {
    /// Format version, 1.
    pub version: u32,
    /// Who grants.
    pub custodian: Name,
    /// To which node.
    pub node: Name,
    /// The index.
    pub index: u16,
    /// The key's card.
    pub key_card_hash: Hash,
    /// The operation.
    pub op_id: OpId,
    /// Which of its attempts the one-time recipient was made for.
    pub attempt: u16,
    /// The custodian's agreement to the request.
    pub approval: Approval,
    /// The share, and aux if there is any.
    pub parcel: Parcel,
}

/// A grant on its way to a node.
pub type Grant = Box<DirtyGrant>;

impl DirtyGrant {
    /// Reads a file.
    pub fn parse(bytes: &[u8]) -> Result<Self, ShardError> {
        let grant: Self = parse_line("grant", bytes)?;
        grant.check()?;
        Ok(grant)
    }

    /// The file's bytes.
    pub fn to_bytes(&self) -> Result<Vec<u8>, ShardError> {
        line_of("grant", self)
    }

    /// It carries a share; aux comes with its table.
    pub fn check(&self) -> Result<(), ShardError> {
        if self.parcel.wrapped_key_share.is_none() {
            return Err(ShardError::Empty);
        }
        self.parcel.check()
    }

    /// What a node does with it: opens and checks everything, that the outside says the same, and that the
    /// custodian agreed to the request. `identity` is the one-time identity of that attempt.
    pub fn open(
        &self,
        identity: &Identity,
        (chain, card): (&Chain, &KeyCard),
        wanted: &Wanted,
    ) -> Result<OpenShard, ShardError> {
        self.check()?;
        if self.key_card_hash != card.hash() {
            return Err(ShardError::OtherCard(card.hash()));
        }
        let Wanted { node, op_id, request_hash, attempt, now } = *wanted;
        check_node(&self.node, node)?;
        if self.op_id != op_id || self.attempt != attempt {
            return Err(ShardError::OtherRequest);
        }
        let place = Place { chain, card, index: self.index };
        place.check_holder(node)?;
        let enrolled = chain.current().custodian(node);
        let enrolled = enrolled.ok_or_else(|| ShardError::NoCustodian(node.clone()))?;
        let Approval { approver, approval_key, .. } = &self.approval;
        let theirs = *approver == enrolled.name && *approval_key == enrolled.card.card.approval_key;
        if !theirs || self.approval.request_hash != request_hash || self.approval.verify().is_err() {
            return Err(ShardError::Approval);
        }
        let open = self.parcel.open(&place, identity, Reader::Grant(node, now, op_id, request_hash))?;
        check_sender(&open, &self.custodian)?;
        Ok(open)
    }
}

/// What a node made a one-time recipient for.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// Itself.
    pub node: &'a Name,
    /// The operation.
    pub op_id: OpId,
    /// Its request.
    pub request_hash: Hash,
    /// The attempt.
    pub attempt: u16,
    /// Its clock.
    pub now: Time,
}

fn check_node(given: &Name, expected: &Name) -> Result<(), ShardError> {
    if given == expected {
        return Ok(());
    }
    Err(ShardError::Holder { given: given.clone(), expected: expected.clone() })
}

/// Share and aux were sent together, by the custodian who is named outside.
fn check_sender(open: &OpenShard, custodian: &Name) -> Result<(), ShardError> {
    let wraps = open.payloads().map(Payload::last).collect::<Result<Vec<_>, _>>()?;
    if wraps.iter().any(|wrap| wrap.signer != *custodian) {
        return Err(ShardError::Header("custodian"));
    }
    if wraps.windows(2).any(|pair| matches!(pair, [a, b] if a.op_id != b.op_id)) {
        return Err(ShardError::Apart);
    }
    Ok(())
}
