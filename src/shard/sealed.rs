//! The encrypted part: a core that never changes, and one or two wraps; what is checked when it is opened.

use std::collections::BTreeSet;

use base64ct::{Base64, Encoding as _};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{OpenShard, ShardError, SignedWrap, Wrap, WrapKind};
use crate::{
    codec,
    digest::Hash,
    genesis::Chain,
    identity::PersonIdentity,
    ids::{Name, OpId, Time},
    keyshare::{KeyCard, KeyShare, ShareCore, node_key},
    paillier::{AuxShare, AuxTable},
    secret::SecretBytes,
    signing_key::{PublicKey, SigningKey},
    wrap::{age_file, recipient::Identity},
};

/// Largest decrypted part, in bytes; aux of P-521 needs under 4 KiB.
pub const SHARE_CAP: usize = 1 << 16;

/// What travels encrypted, with what belongs to it in the clear.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Parcel {
    /// An armored age file with the share.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wrapped_key_share: Option<String>,
    /// The public aux table with its holders' signatures.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aux_table: Option<AuxTable>,
    /// An armored age file with this holder's half of that aux.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wrapped_aux: Option<String>,
}

impl Parcel {
    /// Opens and checks all that is in it.
    pub(super) fn open(
        &self,
        place: &Place,
        identity: &Identity,
        reader: Reader,
    ) -> Result<OpenShard, ShardError> {
        let share = self.wrapped_key_share.as_ref();
        let share = share.map(|blob| place.open_share(identity, blob, reader)).transpose()?;
        let aux = match (&self.wrapped_aux, &self.aux_table) {
            (Some(blob), Some(table)) => Some(place.open_aux(identity, blob, table, reader)?),
            _ => None,
        };
        Ok(OpenShard { share, aux })
    }

    /// SHA-256 of the encrypted share, as receipts name it.
    pub fn share_hash(&self) -> Option<Hash> {
        self.wrapped_key_share.as_ref().map(|blob| Hash::plain(blob.as_bytes()))
    }

    /// SHA-256 of the encrypted aux.
    pub fn aux_hash(&self) -> Option<Hash> {
        self.wrapped_aux.as_ref().map(|blob| Hash::plain(blob.as_bytes()))
    }

    /// Something is in it, aux comes with its table, and all of it is armored just as age does it.
    pub fn check(&self) -> Result<(), ShardError> {
        if self.aux_table.is_some() != self.wrapped_aux.is_some() {
            return Err(ShardError::HalfAux);
        }
        let blobs = [&self.wrapped_key_share, &self.wrapped_aux];
        if blobs.iter().all(|blob| blob.is_none()) {
            return Err(ShardError::Empty);
        }
        let canonical = |blob: &String| age_file::is_canonical(blob.as_bytes());
        if blobs.into_iter().flatten().all(canonical) { Ok(()) } else { Err(ShardError::Armor) }
    }
}

/// A core with its wraps: the export's, and the latest other one if there was any.
#[derive(Debug)]
pub struct Payload {
    core: SecretBytes,
    wraps: Vec<SignedWrap>,
}

impl Payload {
    /// What a node exports. `core` is a share core or an aux core.
    pub fn exported(
        core: SecretBytes,
        wrap: impl FnOnce(Hash) -> Wrap,
        key: &SigningKey,
    ) -> Result<Self, ShardError> {
        let wrap = wrap(core_hash(&core)).sign(key)?;
        Ok(Self { core, wraps: vec![wrap] })
    }

    /// The same core under a further wrap, which takes the place of the latest one but the export's. The
    /// caller says kind, holder, recipient, signer, time, and what is particular to the kind.
    pub fn rewrapped(&self, wrap: impl FnOnce(&Wrap) -> Wrap, key: &SigningKey) -> Result<Self, ShardError> {
        let (first, last) = self.ends()?;
        let mut next = wrap(&last.wrap);
        (next.version, next.core_hash) = (1, last.wrap.core_hash);
        next.export_op_id = last.wrap.export_op_id;
        next.serial = last.wrap.serial.checked_add(1).ok_or(ShardError::Order("too many wraps"))?;
        let core = SecretBytes::new(self.core.expose().to_vec());
        Ok(Self { core, wraps: vec![first.clone(), next.sign(key)?] })
    }

    /// Encrypts it to its last wrap's recipient, with a fresh file key.
    pub fn seal(&self) -> Result<String, ShardError> {
        let (_, last) = self.ends()?;
        Ok(age_file::encrypt(&last.wrap.recipient, &self.to_bytes()?)?)
    }

    /// Decrypts; nothing inside is believed yet. Only what age itself would have written is accepted.
    pub fn open(identity: &Identity, armored: &str) -> Result<Self, ShardError> {
        if !age_file::is_canonical(armored.as_bytes()) {
            return Err(ShardError::Armor);
        }
        let plain = age_file::decrypt(identity, armored.as_bytes())?;
        let payload = Self::from_bytes(plain.expose())?;
        let (_, last) = payload.ends()?;
        if last.wrap.recipient == identity.recipient() { Ok(payload) } else { Err(ShardError::Recipient) }
    }

    /// The wrap of the export.
    pub fn export(&self) -> Result<&Wrap, ShardError> {
        self.ends().map(|(first, _)| &first.wrap)
    }

    /// The latest wrap.
    pub fn last(&self) -> Result<&Wrap, ShardError> {
        self.ends().map(|(_, last)| &last.wrap)
    }

    /// The core, for a node that keeps it.
    pub fn into_core(self) -> SecretBytes {
        self.core
    }

    fn ends(&self) -> Result<(&SignedWrap, &SignedWrap), ShardError> {
        match self.wraps.as_slice() {
            [only] => Ok((only, only)),
            [first, last] => Ok((first, last)),
            _ => Err(ShardError::Payload("it has one or two wraps")),
        }
    }

    /// `{"core":"<base64>","wraps":[..]}`, canonical. Neither here nor in reading does where memory is read depend
    /// on the core (R55).
    pub(super) fn to_bytes(&self) -> Result<Zeroizing<Vec<u8>>, ShardError> {
        let wraps = codec::canonical("wraps", &self.wraps)?;
        let mut buffer = Zeroizing::new(vec![0; Base64::encoded_len(self.core.expose())]);
        let text = Base64::encode(self.core.expose(), &mut buffer)
            .map_err(|_| ShardError::Payload("its core is too long"))?;
        let mut bytes = Zeroizing::new(Vec::with_capacity(text.len() + wraps.len() + 24));
        bytes.extend_from_slice(BEFORE);
        bytes.extend_from_slice(text.as_bytes());
        bytes.extend_from_slice(BETWEEN);
        bytes.extend_from_slice(&wraps);
        bytes.push(b'}');
        Ok(bytes)
    }

    fn from_bytes(bytes: &[u8]) -> Result<Self, ShardError> {
        if bytes.len() > SHARE_CAP {
            return Err(ShardError::Payload("it is too long"));
        }
        let other = || ShardError::Payload("it is not JSON of ours");
        let rest = bytes.strip_prefix(BEFORE).ok_or_else(other)?;
        let end = rest.iter().position(|byte| *byte == b'"').ok_or_else(other)?;
        let (text, rest) = rest.split_at_checked(end).ok_or_else(other)?;
        let written =
            rest.strip_prefix(BETWEEN).and_then(|rest| rest.strip_suffix(b"}")).ok_or_else(other)?;
        // Not serde's own words: they may quote what they could not read.
        let wraps: Vec<SignedWrap> = serde_json::from_slice(written).map_err(|_| other())?;
        let mut core = Zeroizing::new(vec![0; text.len() / 4 * 3]);
        let len =
            Base64::decode(text, &mut core).map_err(|_| ShardError::Payload("its core is not base64"))?.len();
        core.truncate(len);
        if codec::canonical("wraps", &wraps)? != written {
            return Err(ShardError::Payload("it is not canonical"));
        }
        let payload = Self { core: SecretBytes::from(core), wraps };
        payload.ends()?;
        Ok(payload)
    }
}

const BEFORE: &[u8] = b"{\"core\":\"";
const BETWEEN: &[u8] = b"\",\"wraps\":";

/// Of which key and index something claims to be, and the chain that judges it.
#[derive(Clone, Copy)]
pub struct Place<'a> {
    /// The chain.
    pub chain: &'a Chain,
    /// The key's card, checked under it.
    pub card: &'a KeyCard,
    /// The index.
    pub index: u16,
}

/// Who opens, and what it must have been wrapped for.
#[derive(Clone, Copy)]
pub enum Reader<'a> {
    /// A custodian, now or once, on their own machine.
    Custodian(&'a Name),
    /// A node that is to keep it; its clock.
    Import(&'a Name, Time),
    /// A node for one operation; its clock.
    Grant(&'a Name, Time, OpId, Hash),
}

/// A share that was opened and checked.
#[derive(Debug)]
pub struct OpenShare {
    /// For wrapping it again, or keeping its core.
    pub payload: Payload,
    /// The share.
    pub share: KeyShare,
}

/// Aux that was opened and checked.
#[derive(Debug)]
pub struct OpenAux {
    /// For wrapping it again, or keeping its core.
    pub payload: Payload,
    /// The aux.
    pub aux: AuxShare,
    /// The node that made it.
    pub maker: Name,
}

impl Place<'_> {
    /// Opens a share: wraps, core, index, and that the scalar makes the card's verification share.
    pub fn open_share(
        &self,
        identity: &Identity,
        armored: &str,
        reader: Reader,
    ) -> Result<OpenShare, ShardError> {
        let payload = Payload::open(identity, armored)?;
        self.check_wraps(&payload, reader)?;
        self.read_share(payload)
    }

    /// Opens what a node sealed for a recovery: one wrap, by a node that held this index, for this very person.
    pub(super) fn open_recovery(
        &self,
        identity: &PersonIdentity,
        armored: &str,
    ) -> Result<OpenShare, ShardError> {
        let payload = Payload::open(identity.age(), armored)?;
        let [only] = payload.wraps.as_slice() else { return Err(ShardError::Order("it has one wrap")) };
        let wrap = &only.wrap;
        wrap.check_form()?;
        if wrap.core_hash != core_hash(&payload.core) {
            return Err(ShardError::OtherCore);
        }
        if wrap.kind != WrapKind::Recovery {
            return Err(ShardError::Kind { given: wrap.kind.name(), expected: WrapKind::Recovery.name() });
        }
        if wrap.holder != *identity.name() {
            let (given, expected) = (wrap.holder.clone(), identity.name().clone());
            return Err(ShardError::Holder { given, expected });
        }
        self.check_node_signed(only)?;
        self.read_share(payload)
    }

    fn read_share(&self, payload: Payload) -> Result<OpenShare, ShardError> {
        let body = self.card.body();
        let maker = body.holder(self.index).ok_or(ShardError::Header("index"))?;
        let core = ShareCore::from_bytes(SecretBytes::new(payload.core.expose().to_vec()));
        let share = core.check(body, &node_key(self.chain, body, maker)?)?;
        if share.index() != self.index {
            return Err(ShardError::Header("index"));
        }
        Ok(OpenShare { payload, share })
    }

    /// A wrap by a node that held this index at some time, with the key it had then.
    fn check_node_signed(&self, signed: &SignedWrap) -> Result<(), ShardError> {
        let signer = &signed.wrap.signer;
        let mut keys = self.holder_keys().into_iter().filter(|(name, _)| name == signer).peekable();
        if keys.peek().is_none() {
            return Err(ShardError::Exporter(signer.clone()));
        }
        let verified = keys.any(|(_, key)| signed.verify(&key).is_ok());
        if verified { Ok(()) } else { Err(ShardError::WrapSignature(signer.clone())) }
    }

    /// Opens aux: wraps, core, the table's signatures, and that the primes are those of the index's row.
    pub fn open_aux(
        &self,
        identity: &Identity,
        armored: &str,
        table: &AuxTable,
        reader: Reader,
    ) -> Result<OpenAux, ShardError> {
        self.check_table(table)?;
        let payload = Payload::open(identity, armored)?;
        self.check_wraps(&payload, reader)?;
        let mut refused = ShardError::ForeignAux;
        for (maker, key) in self.holder_keys() {
            match AuxShare::read(&payload.core, &table.table, &key) {
                Ok(aux) if aux.index() == self.index => return Ok(OpenAux { payload, aux, maker }),
                Ok(_) => return Err(ShardError::ForeignAux),
                // The signature is read first: another node made it, or nobody did.
                Err(crate::paillier::AuxError::Core(_)) => {}
                Err(error) => refused = error.into(),
            }
        }
        Err(refused)
    }

    /// That a table is of this key and was signed by those who held its indices at some time.
    pub fn check_table(&self, table: &AuxTable) -> Result<(), ShardError> {
        if table.table.key_card_hash != self.card.hash() {
            return Err(ShardError::ForeignTable);
        }
        let body = self.card.body();
        let level = body.curve.level().map(crate::paillier::bits);
        let enough = table.table.rows.len() >= usize::from(body.threshold);
        if level != Some(table.table.level) || !enough {
            return Err(ShardError::ForeignTable);
        }
        let signed = self.chain.versions().rev().any(|genesis| {
            let key_of = |index| {
                let holder = genesis.holder(body.holder(index)?);
                Some(genesis.node(holder)?.card.signing_key)
            };
            table.check(key_of).is_ok()
        });
        if signed { Ok(()) } else { Err(ShardError::ForeignTable) }
    }

    /// The node that holds the index now.
    pub fn holder(&self) -> Result<&Name, ShardError> {
        let body = self.card.body();
        let roster_node = body.holder(self.index).ok_or(ShardError::Header("index"))?;
        // The chain outlives the answer as the card does.
        Ok(self.chain.current().holder(roster_node))
    }

    /// The node that holds the index now, if it is `node`.
    pub fn check_holder(&self, node: &Name) -> Result<(), ShardError> {
        let expected = self.holder()?;
        if expected == node {
            return Ok(());
        }
        Err(ShardError::Misplaced { index: self.index, given: node.clone(), expected: expected.clone() })
    }

    /// Every node that held this index at some time, with the signing key it had then.
    fn holder_keys(&self) -> BTreeSet<(Name, PublicKey)> {
        let Some(roster_node) = self.card.body().holder(self.index) else { return BTreeSet::new() };
        let held = |genesis: &crate::genesis::Genesis| {
            let holder = genesis.holder(roster_node);
            Some((holder.clone(), genesis.node(holder)?.card.signing_key))
        };
        self.chain.versions().filter_map(held).collect()
    }

    fn check_wraps(&self, payload: &Payload, reader: Reader) -> Result<(), ShardError> {
        let (first, last) = payload.ends()?;
        let (export, latest) = (&first.wrap, &last.wrap);
        for wrap in [export, latest] {
            wrap.check_form()?;
            if wrap.core_hash != core_hash(&payload.core) {
                return Err(ShardError::OtherCore);
            }
        }
        if export.export_op_id != latest.export_op_id {
            return Err(ShardError::OtherExport);
        }
        if export.kind != WrapKind::Export {
            return Err(ShardError::Order("the first is not an export's"));
        }
        let second = payload.wraps.len() == 2;
        if second && latest.kind == WrapKind::Export {
            return Err(ShardError::Order("the second is an export's again"));
        }
        self.check_node_signed(first)?;
        match reader {
            Reader::Custodian(name) => self.check_held(last, second, name),
            Reader::Import(node, now) => self.check_sent(last, WrapKind::Import, node, now),
            Reader::Grant(node, now, op_id, request_hash) => {
                self.check_sent(last, WrapKind::Grant, node, now)?;
                let same = latest.op_id == Some(op_id) && latest.request_hash == Some(request_hash);
                if same { Ok(()) } else { Err(ShardError::OtherRequest) }
            }
        }
    }

    /// A shard at rest: the exporter's, or re-wrapped by somebody who was custodian of this index.
    fn check_held(&self, last: &SignedWrap, rewrapped: bool, name: &Name) -> Result<(), ShardError> {
        let wrap = &last.wrap;
        if !matches!(wrap.kind, WrapKind::Export | WrapKind::Rewrap) {
            return Err(ShardError::Kind { given: wrap.kind.name(), expected: "a shard" });
        }
        if wrap.holder != *name {
            return Err(ShardError::Holder { given: wrap.holder.clone(), expected: name.clone() });
        }
        if !rewrapped {
            return Ok(());
        }
        let keys = self.custodian_keys(&wrap.signer);
        if keys.is_empty() {
            return Err(ShardError::Stranger(wrap.signer.clone()));
        }
        let signed = keys.iter().any(|key| last.verify(key).is_ok());
        if signed { Ok(()) } else { Err(ShardError::WrapSignature(wrap.signer.clone())) }
    }

    /// What a node is given: from the custodian who is enrolled for it now, for itself, in time.
    fn check_sent(
        &self,
        last: &SignedWrap,
        kind: WrapKind,
        node: &Name,
        now: Time,
    ) -> Result<(), ShardError> {
        let wrap = &last.wrap;
        if wrap.kind != kind {
            return Err(ShardError::Kind { given: wrap.kind.name(), expected: kind.name() });
        }
        if wrap.holder != *node {
            return Err(ShardError::Holder { given: wrap.holder.clone(), expected: node.clone() });
        }
        self.check_holder(node)?;
        let enrolled = self.chain.current().custodian(node);
        let enrolled = enrolled.ok_or_else(|| ShardError::NoCustodian(node.clone()))?;
        if wrap.signer != enrolled.name {
            let (given, expected) = (wrap.signer.clone(), enrolled.name.clone());
            return Err(ShardError::NotCustodian { given, expected });
        }
        last.verify(&enrolled.card.card.approval_key)
            .map_err(|_| ShardError::WrapSignature(wrap.signer.clone()))?;
        if kind == WrapKind::Import {
            self.check_version(wrap, node)?;
        }
        match wrap.not_after {
            Some(end) if now < end => Ok(()),
            Some(end) => Err(ShardError::Expired(end)),
            None => Err(ShardError::Order("it has no end")),
        }
    }

    /// An import is made under a version in which the node held the index and the signer was its custodian.
    fn check_version(&self, wrap: &Wrap, node: &Name) -> Result<(), ShardError> {
        let roster_node = self.card.body().holder(self.index).ok_or(ShardError::Header("index"))?;
        let version = wrap.genesis_hash.and_then(|hash| self.chain.version(&hash));
        let held = version.is_some_and(|genesis| {
            genesis.holder(roster_node) == node
                && genesis.custodian(node).is_some_and(|person| person.name == wrap.signer)
        });
        let (index, node, signer) = (self.index, node.clone(), wrap.signer.clone());
        if held { Ok(()) } else { Err(ShardError::OtherSet { index, node, signer }) }
    }

    /// Approval keys that `person` had while custodian of a node that held this index.
    fn custodian_keys(&self, person: &Name) -> BTreeSet<PublicKey> {
        let Some(roster_node) = self.card.body().holder(self.index) else { return BTreeSet::new() };
        let key = |genesis: &crate::genesis::Genesis| {
            let entry = genesis.custodian(genesis.holder(roster_node))?;
            (entry.name == *person).then_some(entry.card.card.approval_key)
        };
        self.chain.versions().filter_map(key).collect()
    }
}

/// What wraps bind.
pub(super) fn core_hash(core: &SecretBytes) -> Hash {
    Hash::tagged("wrapped-core", &[core.expose()])
}
