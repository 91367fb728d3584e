//! The shard file: what stands outside is a hint that must equal what is inside.

use serde::{Deserialize, Serialize};

use super::{FILE_CAP, OpenAux, OpenShare, Parcel, Payload, Place, Reader, ShardError};
use crate::{
    codec::{self, Hex},
    curve::Curve,
    digest::Hash,
    genesis::Chain,
    identity::PersonIdentity,
    ids::{KeyId, Name, Time},
    keyshare::{DirtyAlias, DirtyKeyCard, KeyCard},
    wrap::recipient::Recipient,
};

/// What a shard says on the outside, beside key card and encrypted parts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Header {
    /// Who holds it.
    pub custodian: Name,
    /// The node that exported the share (or, if there is none, the aux).
    pub server: Name,
    /// The index.
    pub index: u16,
    /// What it is encrypted to.
    pub recipient: Recipient,
    /// When it left the node.
    pub exported_at: Time,
}

/// A shard as it stands in its file; nothing in it is believed yet.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct DirtyShard {
    version: u32,
    custodian: Name,
    key_id: KeyId,
    server: Name,
    curve: Curve,
    threshold: u16,
    participants: u16,
    index: u16,
    epoch: u32,
    root_public_key: Hex,
    recipient: Recipient,
    key_card: DirtyKeyCard,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    alias_card: Option<DirtyAlias>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    wrapped_key_share: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    aux_table: Option<crate::paillier::AuxTable>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    wrapped_aux: Option<String>,
    exported_at: Time,
}

impl DirtyShard {
    /// Reads a file: canonical JSON and one line end, version 1 only.
    pub fn parse(bytes: &[u8]) -> Result<Self, ShardError> {
        parse_line("shard", bytes)
    }

    /// Checks everything that needs no identity: the card under the chain, the alias, the outside against
    /// the card, and the aux table.
    pub fn check(self, chain: &Chain) -> Result<Shard, ShardError> {
        let card = self.key_card.clone().check(chain)?;
        if let Some(alias) = &self.alias_card {
            alias.check(chain, &card)?;
        }
        let body = card.body();
        let differs = |field, same: bool| if same { Ok(()) } else { Err(ShardError::Header(field)) };
        let key_id = self.alias_card.as_ref().map_or(body.key_id, |alias| alias.alias.new_key_id);
        differs("keyId", self.key_id == key_id)?;
        differs("curve", self.curve == body.curve)?;
        differs("threshold", self.threshold == body.threshold)?;
        differs("participants", self.participants == body.participants)?;
        differs("epoch", self.epoch == body.epoch)?;
        differs("rootPublicKey", self.root_public_key == body.root_public_key()?)?;
        differs("index", body.holder(self.index).is_some())?;
        let header = Header {
            custodian: self.custodian,
            server: self.server,
            index: self.index,
            recipient: self.recipient,
            exported_at: self.exported_at,
        };
        let parcel = Parcel {
            wrapped_key_share: self.wrapped_key_share,
            aux_table: self.aux_table,
            wrapped_aux: self.wrapped_aux,
        };
        Shard::new(chain, card, self.alias_card, header, parcel)
    }
}

/// A shard whose outside fits its key card. Only opening it tells whether the inside does.
#[derive(Clone, Debug)]
pub struct Shard {
    card: KeyCard,
    alias: Option<DirtyAlias>,
    header: Header,
    parcel: Parcel,
    bytes: Vec<u8>,
}

/// What a shard held.
#[derive(Debug)]
pub struct OpenShard {
    /// The share.
    pub share: Option<OpenShare>,
    /// The aux.
    pub aux: Option<OpenAux>,
}

impl OpenShard {
    /// The share's, then the aux's.
    pub fn payloads(&self) -> impl Iterator<Item = &Payload> {
        let share = self.share.as_ref().map(|open| &open.payload);
        share.into_iter().chain(self.aux.as_ref().map(|open| &open.payload))
    }
}

impl Shard {
    /// Puts a shard together. The card (and alias) were checked under the chain.
    pub fn new(
        chain: &Chain,
        card: KeyCard,
        alias: Option<DirtyAlias>,
        header: Header,
        parcel: Parcel,
    ) -> Result<Self, ShardError> {
        parcel.check()?;
        let place = Place { chain, card: &card, index: header.index };
        if let Some(table) = &parcel.aux_table {
            place.check_table(table)?;
        }
        let body = card.body();
        let dirty = DirtyShard {
            version: 1,
            custodian: header.custodian.clone(),
            key_id: alias.as_ref().map_or(body.key_id, |alias| alias.alias.new_key_id),
            server: header.server.clone(),
            curve: body.curve,
            threshold: body.threshold,
            participants: body.participants,
            index: header.index,
            epoch: body.epoch,
            root_public_key: body.root_public_key()?,
            recipient: header.recipient,
            key_card: card.dirty().clone(),
            alias_card: alias.clone(),
            wrapped_key_share: parcel.wrapped_key_share.clone(),
            aux_table: parcel.aux_table.clone(),
            wrapped_aux: parcel.wrapped_aux.clone(),
            exported_at: header.exported_at,
        };
        let bytes = line_of("shard", &dirty)?;
        Ok(Self { card, alias, header, parcel, bytes })
    }

    /// Opens and checks what is inside, and that the outside says the same.
    pub fn open(&self, identity: &PersonIdentity, chain: &Chain) -> Result<OpenShard, ShardError> {
        let place = Place { chain, card: &self.card, index: self.header.index };
        let open = self.parcel.open(&place, identity.age(), Reader::Custodian(identity.name()))?;
        for payload in open.payloads() {
            self.check_outside(payload)?;
        }
        if let Some(payload) = open.payloads().next() {
            let export = payload.export()?;
            if export.signer != self.header.server {
                return Err(ShardError::Header("server"));
            }
            if export.made_at != self.header.exported_at {
                return Err(ShardError::Header("exportedAt"));
            }
        }
        Ok(open)
    }

    fn check_outside(&self, payload: &Payload) -> Result<(), ShardError> {
        let last = payload.last()?;
        if last.holder != self.header.custodian {
            return Err(ShardError::Header("custodian"));
        }
        if last.recipient != self.header.recipient {
            return Err(ShardError::Header("recipient"));
        }
        Ok(())
    }

    /// The key's card.
    pub fn card(&self) -> &KeyCard {
        &self.card
    }

    /// The id the key goes by: the alias's, if there is one.
    pub fn key_id(&self) -> KeyId {
        self.alias.as_ref().map_or(self.card.body().key_id, |alias| alias.alias.new_key_id)
    }

    /// The alias.
    pub fn alias(&self) -> Option<&DirtyAlias> {
        self.alias.as_ref()
    }

    /// The outside.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The encrypted parts.
    pub fn parcel(&self) -> &Parcel {
        &self.parcel
    }

    /// The file's bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// SHA-256 of the file.
    pub fn file_hash(&self) -> Hash {
        Hash::plain(&self.bytes)
    }

    /// `<custodian>-<keyId>-i<index>-e<epoch>-<first 16 hex of the file's SHA-256>.shard.json`; aux without a
    /// share ends `.aux.json`.
    pub fn file_name(&self) -> String {
        let hash = self.file_hash().to_string();
        let short = hash.get(..16).unwrap_or_default();
        let Header { custodian, index, .. } = &self.header;
        let (key_id, epoch) = (self.key_id(), self.card.body().epoch);
        let kind = if self.parcel.wrapped_key_share.is_some() { "shard" } else { "aux" };
        format!("{custodian}-{key_id}-i{index}-e{epoch}-{short}.{kind}.json")
    }

    /// Refuses a file that carries the name of another shard. Names that are not of this form say nothing.
    pub fn check_file_name(&self, name: &str) -> Result<(), ShardError> {
        let name = name.strip_suffix(".old").unwrap_or(name);
        let own = self.file_name();
        let claims = name.ends_with(".shard.json") || name.ends_with(".aux.json");
        if claims && name != own { Err(ShardError::FileName(own)) } else { Ok(()) }
    }
}

/// One canonical JSON object and one line end.
pub(super) fn line_of<T: Serialize>(what: &'static str, value: &T) -> Result<Vec<u8>, ShardError> {
    let mut bytes = codec::canonical(what, value)?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// Reads what [`line_of`] wrote. A newer version is told apart from damage.
pub(super) fn parse_line<T>(what: &'static str, bytes: &[u8]) -> Result<T, ShardError>
where
    T: Serialize + serde::de::DeserializeOwned,
{
    #[derive(Deserialize)]
    struct Versioned {
        version: u32,
    }
    let form = |source| ShardError::Form { what, source };
    let line = bytes.strip_suffix(b"\n").unwrap_or_default();
    let Versioned { version } = codec::from_json(what, line, FILE_CAP).map_err(form)?;
    if version != 1 {
        return Err(ShardError::Version { what, given: version });
    }
    codec::from_canonical(what, line, FILE_CAP).map_err(form)
}
