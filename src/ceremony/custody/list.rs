//! What shards there are in the places somebody names, and which quorums they make. Nothing else is searched.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
};

use serde::Serialize;

use super::{ShardFile, shard_files};
use crate::{
    ceremony::{
        CeremonyError,
        copies::{choose, subsets},
        inventory::Inventory,
    },
    curve::Curve,
    digest::Hash,
    genesis::Chain,
    ids::{KeyId, Name},
    keyshare::KeyCard,
    shard::Shard,
    wrap::recipient::Recipient,
};

/// Most quorums that are listed one by one.
const LISTED: u64 = 10;

/// One shard that somebody saw or was told of.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Copy {
    /// A file, or whoever has it.
    pub place: String,
    /// The index.
    pub index: u16,
    /// The epoch.
    pub epoch: u32,
    /// Who can open it, or the node that has it.
    pub custodian: Name,
    /// With what; a node needs nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recipient: Option<Recipient>,
    /// It is not as the node exported it, but was wrapped since.
    pub rewrapped: bool,
    /// It was replaced and waits for its destruction.
    pub old: bool,
    /// It holds a share, not only aux.
    pub share: bool,
    /// It holds aux.
    pub aux: bool,
    /// SHA-256 of the file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sha256: Option<Hash>,
    /// The key's card.
    #[serde(skip)]
    pub card: KeyCard,
    /// The id the key goes by.
    #[serde(skip)]
    pub key_id: KeyId,
}

impl Copy {
    /// A shard in a file.
    pub fn of(file: &ShardFile, chain: &Chain) -> Self {
        let (shard, header) = (&file.shard, file.shard.header());
        Self {
            place: file.path.display().to_string(),
            index: header.index,
            epoch: shard.card().body().epoch,
            custodian: header.custodian.clone(),
            recipient: Some(header.recipient),
            rewrapped: is_rewrapped(shard, chain),
            old: file.is_old(),
            share: shard.parcel().wrapped_key_share.is_some(),
            aux: shard.parcel().wrapped_aux.is_some(),
            sha256: Some(shard.file_hash()),
            card: shard.card().clone(),
            key_id: shard.key_id(),
        }
    }

    fn counts(&self) -> bool {
        self.share && !self.old
    }
}

/// All shards of one key card and id.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct KeyCopies {
    /// The key.
    pub key_id: KeyId,
    /// Its curve.
    pub curve: Curve,
    /// How many shares sign.
    pub threshold: u16,
    /// How many there are.
    pub participants: u16,
    /// The newest epoch among the copies.
    pub epoch: u32,
    /// Spoken words of that epoch's card.
    pub words: String,
    /// The key was whole somewhere, as far as this home knows.
    pub exposed: bool,
    /// Indices of that epoch with a shard that was not replaced.
    pub indices: Vec<u16>,
    /// How many quorums those indices make.
    pub quorums: u64,
    /// Each of them, if they are few.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub quorum_list: Vec<Vec<u16>>,
    /// Every copy.
    pub copies: Vec<Copy>,
}

/// A file that has a shard's name and is none that can be used.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Refused {
    /// Which.
    pub file: String,
    /// Why.
    pub reason: String,
}

/// What is in files and in directories (not in those below them).
pub fn find(places: &[PathBuf], chain: &Chain) -> Result<(Vec<Copy>, Vec<Refused>), CeremonyError> {
    let (mut copies, mut refused) = (Vec::new(), Vec::new());
    for place in places {
        for path in shard_files(place, true)? {
            match ShardFile::read(&path, chain) {
                Ok(file) => copies.push(Copy::of(&file, chain)),
                Err(error @ CeremonyError::ShardFile { .. }) => {
                    refused.push(Refused { file: path.display().to_string(), reason: error.to_string() });
                }
                Err(error) => return Err(error),
            }
        }
    }
    Ok((copies, refused))
}

/// Copies by key, and what they are good for.
pub fn by_key(copies: Vec<Copy>, known: &Inventory) -> Result<Vec<KeyCopies>, CeremonyError> {
    let mut keys: BTreeMap<KeyId, Vec<Copy>> = BTreeMap::new();
    for copy in copies {
        keys.entry(copy.key_id).or_default().push(copy);
    }
    let keys = keys.into_iter().filter_map(|(key_id, copies)| key_copies(key_id, copies, known).transpose());
    keys.collect()
}

fn key_copies(
    key_id: KeyId,
    mut copies: Vec<Copy>,
    known: &Inventory,
) -> Result<Option<KeyCopies>, CeremonyError> {
    copies.sort_by(|a, b| (b.epoch, a.index, a.old, &a.place).cmp(&(a.epoch, b.index, b.old, &b.place)));
    let Some(newest) = copies.first() else { return Ok(None) };
    let (body, hash, epoch) = (newest.card.body().clone(), newest.card.hash(), newest.epoch);
    let current = |copy: &&Copy| copy.counts() && copy.card.hash() == hash;
    let indices: BTreeSet<u16> = copies.iter().filter(current).map(|copy| copy.index).collect();
    let indices: Vec<u16> = indices.into_iter().collect();
    let quorums = choose(indices.len() as u64, body.threshold.into());
    let quorum_list = if quorums <= LISTED { subsets(&indices, body.threshold.into()) } else { Vec::new() };
    let exposed = known.exposed(&body.group_public_key)?.is_some();
    Ok(Some(KeyCopies {
        key_id,
        curve: body.curve,
        threshold: body.threshold,
        participants: body.participants,
        epoch,
        words: hash.words(),
        exposed,
        indices,
        quorums,
        quorum_list,
        copies,
    }))
}

/// A node exports to the custodian enrolled for it and to nobody else (R22); another recipient on the outside
/// tells of a later wrap. When it was exported says which version was in force, as far as clocks agree.
fn is_rewrapped(shard: &Shard, chain: &Chain) -> bool {
    let header = shard.header();
    let mut before = chain.versions().rev().filter(|genesis| genesis.created_at <= header.exported_at);
    let enrolled = before.next().or_else(|| chain.versions().next());
    let enrolled = enrolled.and_then(|genesis| genesis.custodian(&header.server));
    enrolled.is_none_or(|person| person.card.card.recipient != header.recipient)
}
