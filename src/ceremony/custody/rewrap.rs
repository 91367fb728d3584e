//! Wrapping a shard again, on this machine only: for an own new identity, for a successor, or for a node that is
//! to keep the share. The old file stays until the new one was opened from its medium (R28).

use std::path::{Path, PathBuf};

use rand_core::OsRng;

use super::{
    ShardFile, log, parse, refused,
    retire::retire,
    shard_files,
    transfers::{Transfer, Transfers},
};
use crate::{
    audit::Event,
    card::PersonCard,
    ceremony::{CeremonyError, workspace::Workspace},
    codec::HexArray,
    genesis::Chain,
    identity::PersonIdentity,
    ids::{Name, Time},
    shard::{
        DirtyImport, FILE_CAP, Header, OpenShard, Parcel, Payload, Place, Shard, ShardError, Wrap, WrapKind,
    },
    store::files,
    wrap::recipient::Recipient,
};

/// Who is to hold the shard.
#[derive(Clone, Copy)]
pub enum To<'a> {
    /// The same person with a new identity, which is at hand: the new shard is opened with it.
    Own(&'a PersonIdentity),
    /// Whoever has this card: only they can open the new shard.
    Card(&'a PersonCard),
}

impl To<'_> {
    /// Their name.
    pub fn name(&self) -> &Name {
        match self {
            Self::Own(identity) => identity.name(),
            Self::Card(card) => &card.card.name,
        }
    }

    /// What it is encrypted to.
    pub fn recipient(&self) -> Recipient {
        match self {
            Self::Own(identity) => identity.recipient(),
            Self::Card(card) => card.card.recipient,
        }
    }
}

/// What became of one shard.
#[derive(Debug)]
pub struct Rewrapped {
    /// The new shard.
    pub shard: Shard,
    /// Where it is.
    pub path: PathBuf,
    /// An earlier run had written it.
    pub already: bool,
    /// What the old file is called now; absent while it waits for the new holder's receipt.
    pub retired: Option<PathBuf>,
}

/// Wraps one shard for `to`: new file key, new file in `dir`. An own old file gets the name `.old`; anybody
/// else's stays until their receipt is there. What an interrupted run wrote is used again.
pub fn rewrap(
    file: &ShardFile,
    identity: &PersonIdentity,
    to: To,
    dir: &Path,
    workspace: &mut Workspace,
) -> Result<Rewrapped, CeremonyError> {
    if to.recipient() == identity.recipient() {
        return Err(CeremonyError::Usage("the shard is wrapped for this identity already".into()));
    }
    let chain = workspace.chain()?.clone();
    let open = file.open(identity, &chain)?;
    files::create_dir_private(dir)?;
    let transfers = Transfers::of_home(workspace.home());
    if let To::Own(_) = to {
        let of = &file.shard;
        transfers.overtaken(identity.name(), (&of.card().hash(), of.header().index), None)?;
    }
    let found = find_done(file, &open, to, dir, (&chain, &transfers))?;
    let (shard, path, already) = match found {
        Some(ShardFile { path, shard }) => (shard, path, true),
        None => {
            let shard = wrapped(file, identity, &open, to, &chain)?;
            log(workspace, Event::ShareRewrapped, &shard)?;
            if let To::Card(card) = to {
                transfers.begin(&transfer(file, &shard, &open, card)?)?;
            }
            let path = dir.join(shard.file_name());
            let check = |bytes: &[u8]| check_new(bytes, &path, &shard, &open, to, &chain);
            files::write_new_checked(&path, shard.bytes(), check)?;
            (shard, path, false)
        }
    };
    let retired = match to {
        To::Own(_) if !file.is_old() => Some(retire(file, workspace)?),
        _ => None,
    };
    Ok(Rewrapped { shard, path, already, retired })
}

/// That the node holds the index, and that this person is its custodian.
pub fn check_node(
    file: &ShardFile,
    identity: &PersonIdentity,
    node: &Name,
    chain: &Chain,
) -> Result<(), CeremonyError> {
    let (shard, refused) = (&file.shard, refused(&file.path));
    let place = Place { chain, card: shard.card(), index: shard.header().index };
    place.check_holder(node).map_err(&refused)?;
    let enrolled = chain.current().custodian(node);
    let theirs = &enrolled.ok_or_else(|| refused(ShardError::NoCustodian(node.clone())))?.card.card;
    if theirs.name != *identity.name() || theirs.approval_key != identity.approval_key() {
        let (given, expected) = (identity.name().clone(), theirs.name.clone());
        return Err(refused(ShardError::NotCustodian { given, expected }));
    }
    Ok(())
}

/// A shard wrapped for the node that holds the index now; refused before anything is written where the node
/// would refuse it.
pub fn for_node(
    file: &ShardFile,
    identity: &PersonIdentity,
    node: &Name,
    not_after: Time,
    workspace: &mut Workspace,
) -> Result<DirtyImport, CeremonyError> {
    let chain = workspace.chain()?.clone();
    check_node(file, identity, node, &chain)?;
    let open = file.open(identity, &chain)?;
    let (shard, refused) = (&file.shard, refused(&file.path));
    let index = shard.header().index;
    let card = chain.current().node(node);
    let card = card.ok_or_else(|| refused(ShardError::NoCustodian(node.clone())))?;
    let op_id = HexArray::random(&mut OsRng);
    let parcel = sealed(shard, &open, identity, |last| Wrap {
        kind: WrapKind::Import,
        holder: node.clone(),
        recipient: card.card.recipient,
        signer: identity.name().clone(),
        made_at: Time::now(),
        op_id: Some(op_id),
        request_hash: None,
        not_after: Some(not_after),
        genesis_hash: Some(chain.current_hash()),
        ..last.clone()
    })?;
    log(workspace, Event::ShareRewrapped, shard)?;
    Ok(DirtyImport {
        version: 1,
        custodian: identity.name().clone(),
        node: node.clone(),
        index,
        key_card: shard.card().dirty().clone(),
        alias_card: shard.alias().cloned(),
        parcel,
    })
}

/// Everything in a shard under a further wrap.
pub fn sealed(
    shard: &Shard,
    open: &OpenShard,
    identity: &PersonIdentity,
    wrap: impl Fn(&Wrap) -> Wrap,
) -> Result<Parcel, ShardError> {
    let seal = |payload: &Payload| payload.rewrapped(&wrap, identity.approval())?.seal();
    Ok(Parcel {
        wrapped_key_share: open.share.as_ref().map(|open| seal(&open.payload)).transpose()?,
        aux_table: shard.parcel().aux_table.clone(),
        wrapped_aux: open.aux.as_ref().map(|open| seal(&open.payload)).transpose()?,
    })
}

fn wrapped(
    file: &ShardFile,
    identity: &PersonIdentity,
    open: &OpenShard,
    to: To,
    chain: &Chain,
) -> Result<Shard, CeremonyError> {
    let shard = &file.shard;
    let parcel = sealed(shard, open, identity, |last| Wrap {
        kind: WrapKind::Rewrap,
        holder: to.name().clone(),
        recipient: to.recipient(),
        signer: identity.name().clone(),
        made_at: Time::now(),
        op_id: None,
        request_hash: None,
        not_after: None,
        ..last.clone()
    })?;
    let header = Header { custodian: to.name().clone(), recipient: to.recipient(), ..shard.header().clone() };
    Ok(Shard::new(chain, shard.card().clone(), shard.alias().cloned(), header, parcel)?)
}

/// What the medium holds is the new shard; where its identity is at hand, it opens to the same cores.
fn check_new(
    bytes: &[u8],
    path: &Path,
    shard: &Shard,
    old: &OpenShard,
    to: To,
    chain: &Chain,
) -> Result<(), CeremonyError> {
    let read_back = || CeremonyError::ReadBack(path.to_owned());
    if bytes != shard.bytes() {
        return Err(read_back());
    }
    let read = parse(bytes, chain)?;
    match to {
        To::Own(identity) if same_cores(&read.open(identity, chain)?, old)? => Ok(()),
        To::Own(_) => Err(read_back()),
        To::Card(_) => Ok(()),
    }
}

fn same_cores(new: &OpenShard, old: &OpenShard) -> Result<bool, ShardError> {
    let cores = |open: &OpenShard| -> Result<Vec<_>, ShardError> {
        open.payloads().map(|payload| payload.last().map(|wrap| wrap.core_hash)).collect()
    };
    Ok(cores(new)? == cores(old)?)
}

/// What is written down of a shard that goes to somebody else.
fn transfer(
    old: &ShardFile,
    new: &Shard,
    open: &OpenShard,
    to: &PersonCard,
) -> Result<Transfer, CeremonyError> {
    let payload = open.payloads().next().ok_or(ShardError::Empty)?;
    let export = payload.export()?;
    Ok(Transfer {
        version: 1,
        issuer: old.shard.header().custodian.clone(),
        old_file: old.shard.file_hash(),
        key_id: new.key_id(),
        key_card_hash: new.card().hash(),
        index: new.header().index,
        epoch: new.card().body().epoch,
        export_op_id: export.export_op_id,
        core_hash: export.core_hash,
        share_blob_hash: new.parcel().share_hash(),
        aux_blob_hash: new.parcel().aux_hash(),
        holder: to.card.name.clone(),
        card_hash: to.hash()?,
        approval_key: to.card.approval_key,
        recipient: to.card.recipient,
        created_at: Time::now(),
        closed: None,
    })
}

/// What an interrupted run made of the same shard for the same recipient: for an own identity, what opens to the
/// same cores; for a card, what was written down.
fn find_done(
    file: &ShardFile,
    open: &OpenShard,
    to: To,
    dir: &Path,
    (chain, transfers): (&Chain, &Transfers),
) -> Result<Option<ShardFile>, CeremonyError> {
    let old = &file.shard;
    let given = match to {
        To::Own(_) => Vec::new(),
        To::Card(_) => transfers.open(&old.file_hash(), &to.recipient())?,
    };
    let (index, epoch) = (old.header().index, old.card().body().epoch);
    let prefix = format!("{}-{}-i{index}-e{epoch}-", to.name(), old.key_id());
    for path in shard_files(dir, false)? {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if !name.starts_with(&prefix) {
            continue;
        }
        let Ok(found) = ShardFile::read(&path, chain) else { continue };
        let (new, header) = (&found.shard, found.shard.header());
        let outside = header.recipient == to.recipient()
            && header.custodian == *to.name()
            && new.card().hash() == old.card().hash()
            && new.parcel().aux_table == old.parcel().aux_table
            && new.parcel().wrapped_key_share.is_some() == old.parcel().wrapped_key_share.is_some();
        let same = outside
            && match to {
                To::Own(identity) => {
                    let opened = new.open(identity, chain).ok();
                    opened.map(|new| same_cores(&new, open)).transpose()?.unwrap_or(false)
                }
                To::Card(_) => given.iter().any(|given| {
                    given.share_blob_hash == new.parcel().share_hash()
                        && given.aux_blob_hash == new.parcel().aux_hash()
                }),
            };
        if same && files::read_durable(&path, FILE_CAP as u64)? == new.bytes() {
            return Ok(Some(found));
        }
    }
    Ok(None)
}
