//! Destroying a shard that another one replaced: only after the other one was seen to hold the same share.

use std::path::Path;

use super::{ShardFile, log, refused};
use crate::{
    audit::{Event, SignedEntry},
    card::PersonCard,
    ceremony::{CeremonyError, workspace::Workspace},
    genesis::Chain,
    identity::PersonIdentity,
    receipt::{Receipt, ReceiptError, ReceiptKind},
    shard::{FILE_CAP, Shard, ShardError},
    store::{FileError, files, log::LogError},
};

/// What is to be destroyed.
pub enum Doomed {
    /// A shard.
    Shard(Box<ShardFile>),
    /// A file of zeros: what an interrupted destruction left.
    Zeros,
}

/// Looks at a file before it is destroyed.
pub fn look(path: &Path, chain: &Chain) -> Result<Doomed, CeremonyError> {
    let meta = std::fs::symlink_metadata(path);
    if meta.is_ok_and(|meta| !meta.is_file()) {
        return Err(FileError::NotAFile(path.to_owned()).into());
    }
    let bytes = files::read_capped(path, FILE_CAP as u64)?;
    if !bytes.is_empty() && bytes.iter().all(|byte| *byte == 0) {
        return Ok(Doomed::Zeros);
    }
    Ok(Doomed::Shard(Box::new(ShardFile::read(path, chain)?)))
}

/// That `by` holds what `old` held: the same key card and index, opened, so the same scalar (R21).
pub fn check_replaced(
    old: &ShardFile,
    by: &ShardFile,
    identity: &PersonIdentity,
    chain: &Chain,
) -> Result<(), CeremonyError> {
    let refused = refused(&by.path);
    let (gone, stays) = (&old.shard, &by.shard);
    if stays.file_hash() == gone.file_hash() {
        return Err(CeremonyError::Refused("a shard does not replace itself: name the newer file".into()));
    }
    if by.is_old() {
        return Err(CeremonyError::Refused("a file that ends .old replaces nothing".into()));
    }
    if stays.card().hash() != gone.card().hash() {
        return Err(refused(ShardError::OtherCard(gone.card().hash())));
    }
    if stays.header().index != gone.header().index {
        return Err(refused(ShardError::Header("index")));
    }
    let lacks = |of: fn(&Shard) -> bool| of(gone) && !of(stays);
    if lacks(|shard| shard.parcel().wrapped_key_share.is_some())
        || lacks(|shard| shard.parcel().wrapped_aux.is_some())
    {
        return Err(refused(ShardError::Empty));
    }
    files::read_durable(&by.path, FILE_CAP as u64)?;
    by.open(identity, chain)?;
    Ok(())
}

/// That the new holder says, signed, that they opened this very share. `card` is theirs.
pub fn check_transfer(
    old: &ShardFile,
    receipt: &Receipt,
    file: &Path,
    card: &PersonCard,
    chain: &Chain,
) -> Result<(), CeremonyError> {
    let failed = |source| CeremonyError::ReceiptFile { file: file.display().to_string(), source };
    let differs = |what, same: bool| if same { Ok(()) } else { Err(failed(ReceiptError::Differs(what))) };
    let (given, shard) = (&receipt.receipt, &old.shard);
    let (header, body, parcel) = (shard.header(), shard.card().body(), shard.parcel());
    receipt.verify(&card.card.approval_key).map_err(failed)?;
    differs("person", given.signer == card.card.name && given.recipient == card.card.recipient)?;
    differs("kind of delivery", given.kind == ReceiptKind::Transfer)?;
    differs("holder's delivery", given.issuer == header.custodian)?;
    differs("node set", given.genesis_id == chain.current().genesis_id)?;
    differs("key", given.key_card_hash == shard.card().hash() && given.epoch == body.epoch)?;
    differs("index", given.index == header.index)?;
    differs("recipient", given.recipient != header.recipient)?;
    if parcel.wrapped_key_share.is_some() {
        let opened = given.verification_share.as_ref();
        let same = opened.is_some() && opened == body.verification_share(header.index);
        differs("share", same && given.share_blob_hash.is_some())?;
    }
    differs("aux", parcel.wrapped_aux.is_none() || given.aux_blob_hash.is_some())
}

/// That this shard was not taken in after the receipt was signed: a share that came back is not elsewhere because it
/// once was (R21).
pub fn check_not_returned(
    old: &ShardFile,
    receipt: &Receipt,
    file: &Path,
    workspace: &Workspace,
) -> Result<(), CeremonyError> {
    let hash = old.shard.file_hash().to_string();
    for line in workspace.log_tail(usize::MAX)? {
        let entry = SignedEntry::parse(&line).map_err(LogError::from)?.entry;
        let received = entry.event == Event::ShareReceived && entry.detail.get("sha256") == Some(&hash);
        if received && entry.time > receipt.receipt.made_at {
            let source = ReceiptError::Differs("time: this shard was received later");
            return Err(CeremonyError::ReceiptFile { file: file.display().to_string(), source });
        }
    }
    Ok(())
}

/// Overwrites and removes it, after the log has it.
pub fn destroy(old: &ShardFile, workspace: &mut Workspace) -> Result<(), CeremonyError> {
    log(workspace, Event::ShareDestructionInitiated, &old.shard)?;
    files::destroy(&old.path)?;
    log(workspace, Event::ShareDestroyed, &old.shard)
}
