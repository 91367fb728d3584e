//! Taking a shard in: an own copy on an own medium, opened from there; then, and only then, the receipt.

use std::path::{Path, PathBuf};

use super::{ShardFile, log, parse, refused, transfers::Transfers};
use crate::{
    audit::Event,
    ceremony::{CeremonyError, custodians, workspace::Workspace},
    codec::JSON_CAP,
    digest::Hash,
    genesis::Chain,
    identity::PersonIdentity,
    ids::Time,
    receipt::{Receipt, ReceiptBody, ReceiptKind},
    shard::{FILE_CAP, OpenShard, Payload, Shard, ShardError, WrapKind},
    store::{FileError, files},
};

/// A shard in its store.
pub struct Stored {
    /// What.
    pub shard: Shard,
    /// Where.
    pub path: PathBuf,
    /// The very same file was there before.
    pub already: bool,
    /// What it held when it was opened from there.
    pub open: OpenShard,
}

/// Copies a shard into a directory under its own name, and opens what the medium holds. An identical file
/// already there is success; a different one is never replaced (R19, R46).
pub fn store(
    shard: &Shard,
    identity: &PersonIdentity,
    chain: &Chain,
    dir: &Path,
) -> Result<Stored, CeremonyError> {
    // Nothing is written for somebody who cannot open it.
    shard.open(identity, chain)?;
    files::create_dir_private(dir)?;
    let path = dir.join(shard.file_name());
    let open = |bytes: &[u8]| {
        if bytes != shard.bytes() {
            return Err(CeremonyError::ReadBack(path.clone()));
        }
        Ok(parse(bytes, chain)?.open(identity, chain)?)
    };
    let already = custodians::absent(&path).is_err();
    let mut opened = None;
    if already {
        let bytes = files::read_durable(&path, FILE_CAP as u64)?;
        if bytes != shard.bytes() {
            return Err(FileError::Exists(path).into());
        }
        opened = Some(open(&bytes)?);
    } else {
        files::write_new_checked(&path, shard.bytes(), |bytes| {
            opened = Some(open(bytes)?);
            Ok::<_, CeremonyError>(())
        })?;
    }
    let open = opened.ok_or_else(|| CeremonyError::ReadBack(path.clone()))?;
    Ok(Stored { shard: shard.clone(), path, already, open })
}

/// Renewed aux put to the share it is for, both in the clear only to be checked.
pub fn combine(
    aux: &ShardFile,
    old: &ShardFile,
    identity: &PersonIdentity,
    chain: &Chain,
) -> Result<Shard, CeremonyError> {
    let (fresh, before) = (&aux.shard, &old.shard);
    if fresh.parcel().wrapped_aux.is_none() {
        return Err(refused(&aux.path)(ShardError::Kind { given: "a share", expected: "aux" }));
    }
    if before.parcel().wrapped_key_share.is_none() {
        return Err(refused(&old.path)(ShardError::Kind { given: "aux", expected: "a shard" }));
    }
    if fresh.card().hash() != before.card().hash() {
        return Err(refused(&aux.path)(ShardError::OtherCard(before.card().hash())));
    }
    if fresh.header().index != before.header().index {
        return Err(refused(&aux.path)(ShardError::Header("index")));
    }
    aux.open(identity, chain)?;
    old.open(identity, chain)?;
    let mut parcel = before.parcel().clone();
    (parcel.aux_table, parcel.wrapped_aux) =
        (fresh.parcel().aux_table.clone(), fresh.parcel().wrapped_aux.clone());
    let (card, alias) = (before.card().clone(), before.alias().cloned());
    Ok(Shard::new(chain, card, alias, before.header().clone(), parcel)?)
}

/// What the sender may be told of a shard that is stored: for renewed aux, `sent` is the file with it.
pub fn receipt_for(
    sent: &Shard,
    stored: &Stored,
    identity: &PersonIdentity,
    chain: &Chain,
) -> Result<ReceiptBody, CeremonyError> {
    let only_aux = sent.parcel().wrapped_key_share.is_none();
    let share = stored.open.share.as_ref().filter(|_| !only_aux);
    let aux = stored.open.aux.as_ref();
    let payload: Option<&Payload> = share.map(|open| &open.payload).or(aux.map(|open| &open.payload));
    let payload = payload.ok_or(ShardError::Empty)?;
    let (export, last) = (payload.export()?, payload.last()?);
    let kind = match last.kind {
        WrapKind::Export if only_aux => ReceiptKind::Aux,
        WrapKind::Export => ReceiptKind::Export,
        _ => ReceiptKind::Transfer,
    };
    // Aux that was renewed later is of another operation; the node was told of it by another receipt.
    let same_op = |open: &&crate::shard::OpenAux| {
        kind == ReceiptKind::Transfer
            || open.payload.export().is_ok_and(|of| of.export_op_id == export.export_op_id)
    };
    let body = sent.card().body();
    Ok(ReceiptBody {
        version: 1,
        kind,
        issuer: last.signer.clone(),
        genesis_id: chain.current().genesis_id,
        key_card_hash: sent.card().hash(),
        index: sent.header().index,
        epoch: body.epoch,
        op_id: export.export_op_id,
        share_blob_hash: share.and_then(|_| sent.parcel().share_hash()),
        aux_blob_hash: aux.filter(same_op).and_then(|_| sent.parcel().aux_hash()),
        core_hash: Some(last.core_hash),
        recipient: identity.recipient(),
        verification_share: share.and_then(|_| body.verification_share(sent.header().index).cloned()),
        signer: identity.name().clone(),
        made_at: Time::now(),
    })
}

/// Signs and writes a receipt, after the log has it. One for the same thing that is there already is kept: a
/// rerun converges.
pub fn write_receipt(
    path: &Path,
    body: ReceiptBody,
    stored: &Stored,
    identity: &PersonIdentity,
    workspace: &mut Workspace,
) -> Result<Receipt, CeremonyError> {
    let failed = |source| CeremonyError::ReceiptFile { file: path.display().to_string(), source };
    if custodians::absent(path).is_err() {
        return match read_receipt(path) {
            Ok(there) if is_same(&there, &body, identity) => Ok(there),
            _ => Err(FileError::Exists(path.to_owned()).into()),
        };
    }
    log(workspace, Event::ShareReceived, &stored.shard)?;
    give_no_more(stored, body.share_blob_hash.or(body.aux_blob_hash), identity, workspace)?;
    let receipt = Receipt::sign(body, identity.approval()).map_err(failed)?;
    files::write_new(path, &receipt.to_bytes().map_err(failed)?)?;
    Ok(receipt)
}

/// Reads a receipt; nothing in it is believed yet.
pub fn read_receipt(path: &Path) -> Result<Receipt, CeremonyError> {
    let bytes = files::read_capped(path, JSON_CAP as u64)?;
    Receipt::parse(&bytes)
        .map_err(|source| CeremonyError::ReceiptFile { file: path.display().to_string(), source })
}

/// Who holds a share again may not destroy it because they once gave it away.
fn give_no_more(
    stored: &Stored,
    sent: Option<Hash>,
    identity: &PersonIdentity,
    workspace: &Workspace,
) -> Result<(), CeremonyError> {
    let place = (&stored.shard.card().hash(), stored.shard.header().index);
    Transfers::of_home(workspace.home()).overtaken(identity.name(), place, sent)
}

fn is_same(there: &Receipt, body: &ReceiptBody, identity: &PersonIdentity) -> bool {
    let same = ReceiptBody { made_at: there.receipt.made_at, ..body.clone() } == there.receipt;
    same && there.verify(&identity.approval_key()).is_ok()
}
