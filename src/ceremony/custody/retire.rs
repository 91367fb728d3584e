//! Destroying a shard that another one replaced: only after the other one was seen to hold the same share, or its
//! new holder signed for it.
//!
//! The log has the intent before the file is renamed to `<name>.destroying`; only then is it overwritten and
//! removed, and the log has the end. What a killed run left is known by its name and the open intent.

use std::path::{Path, PathBuf};

use super::{ShardFile, note_of, refused, transfers::Transfers};
use crate::{
    audit::{Entry, Event, Note, SignedEntry},
    ceremony::{
        CeremonyError, custodians,
        journal::{Kind, Open},
        workspace::Workspace,
    },
    genesis::Chain,
    identity::PersonIdentity,
    receipt::{Receipt, ReceiptError},
    shard::{FILE_CAP, Shard, ShardError},
    store::{FileError, files, log::LogError},
};

/// What is to be destroyed.
pub enum Doomed {
    /// A shard.
    Shard(Box<ShardFile>),
    /// What only the log can tell: a destruction may have begun here.
    Begun,
}

/// Looks at a file before it is destroyed.
pub fn look(path: &Path, chain: &Chain) -> Result<Doomed, CeremonyError> {
    match std::fs::symlink_metadata(path) {
        Ok(meta) if !meta.is_file() => Err(FileError::NotAFile(path.to_owned()).into()),
        Ok(_) if files::before_destroying(path).is_none() => {
            Ok(Doomed::Shard(Box::new(ShardFile::read(path, chain)?)))
        }
        _ => Ok(Doomed::Begun),
    }
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
    if files::read_durable(&by.path, FILE_CAP as u64)? != stays.bytes() {
        return Err(CeremonyError::Changed(by.path.clone()));
    }
    by.open(identity, chain)?;
    Ok(())
}

/// That whoever the shard was wrapped for signed that they hold and opened it: for a transfer that this home wrote
/// down and that is open. Who signs, with which key, and for which encrypted share, stands there.
pub fn check_transfer(
    old: &ShardFile,
    receipt: &Receipt,
    file: &Path,
    transfers: &Transfers,
    chain: &Chain,
) -> Result<(), CeremonyError> {
    transfers.judge(&old.shard.file_hash(), receipt, file)?;
    let (given, body) = (&receipt.receipt, old.shard.card().body());
    let failed = |what| {
        let (file, source) = (file.display().to_string(), ReceiptError::Differs(what));
        Err(CeremonyError::ReceiptFile { file, source })
    };
    if given.genesis_id != chain.current().genesis_id {
        return failed("node set");
    }
    let opened = given.share_blob_hash.and_then(|_| body.verification_share(given.index));
    if given.verification_share.as_ref() != opened { failed("share") } else { Ok(()) }
}

/// Overwrites and removes it, after journal and log have it. It must be as it was when a person agreed.
pub fn destroy(old: &ShardFile, workspace: &mut Workspace) -> Result<(), CeremonyError> {
    let hash = old.shard.file_hash();
    let now = ShardFile::read(&old.path, workspace.chain()?)?;
    if now.shard.file_hash() != hash {
        return Err(CeremonyError::Changed(old.path.clone()));
    }
    let doomed = files::destroying(&old.path);
    let path = std::path::absolute(&old.path).unwrap_or_else(|_| old.path.clone());
    let open = Open { paths: vec![path], ..Open::of_run(Kind::Destroy, Some(old.shard.key_id())) };
    workspace.journal().begin(&open)?;
    let note = note_of(Event::ShareDestructionInitiated, &old.shard);
    workspace.note(note.with("file", name_of(&doomed)?).with("bytes", old.shard.bytes().len()))?;
    files::rename_new(&old.path, &doomed)?;
    Transfers::of_home(workspace.home()).destroyed(&hash.to_string())?;
    files::destroy(&doomed)?;
    workspace.note(note_of(Event::ShareDestroyed, &old.shard).with("file", name_of(&doomed)?))?;
    workspace.journal().end(&open.op_id)
}

/// Settles a destruction that stopped: one that had not touched the file is forgotten, another one ended.
pub fn settle(workspace: &mut Workspace, open: &Open) -> Result<bool, CeremonyError> {
    for path in &open.paths {
        if custodians::absent(path).is_ok() {
            match finish(path, workspace) {
                // It was over but for the journal.
                Err(CeremonyError::File(FileError::NotFound(_))) => {}
                other => other?,
            }
        }
    }
    workspace.journal().end(&open.op_id)?;
    Ok(true)
}

/// Ends what a killed run began: the log knows the name and the length of the file, which may be gone already.
/// Anything else of that name is left alone.
pub fn finish(path: &Path, workspace: &mut Workspace) -> Result<(), CeremonyError> {
    let (before, doomed) = match files::before_destroying(path) {
        Some(before) => (before, path.to_owned()),
        None => (path.to_owned(), files::destroying(path)),
    };
    let there = match std::fs::symlink_metadata(&doomed) {
        Ok(meta) if !meta.is_file() => return Err(FileError::NotAFile(doomed).into()),
        Ok(meta) => Some(meta.len()),
        Err(_) => None,
    };
    let begun = begun(&doomed, workspace)?;
    let begun = begun.filter(|entry| match (there, entry.detail.get("bytes")) {
        (Some(len), Some(bytes)) => *bytes == len.to_string(),
        // Cut after the removal, and not before the renaming.
        (there, _) => there.is_none() && custodians::absent(&before).is_ok(),
    });
    let Some(entry) = begun else {
        return Err(match there {
            None => FileError::NotFound(path.to_owned()).into(),
            Some(_) => CeremonyError::Refused(format!(
                "this home began to destroy no {} of that length",
                doomed.display()
            )),
        });
    };
    if let Some(hash) = entry.detail.get("sha256") {
        Transfers::of_home(workspace.home()).destroyed(hash)?;
    }
    let mut note = Note::new(Event::ShareDestroyed);
    (note.key_id, note.detail) = (entry.key_id, entry.detail);
    match there {
        Some(_) => {
            files::destroy(&doomed)?;
            workspace.note(note)?;
        }
        None => workspace.note(note.with("found", "gone"))?,
    }
    let before = std::path::absolute(&before).unwrap_or(before);
    workspace.journal().done(Kind::Destroy, |open| open.paths.contains(&before))
}

/// The latest intent for a file that has no end yet.
fn begun(doomed: &Path, workspace: &Workspace) -> Result<Option<Entry>, CeremonyError> {
    let name = name_of(doomed)?;
    let mut open = None;
    for line in workspace.log_tail(usize::MAX)? {
        let entry = SignedEntry::parse(&line).map_err(LogError::from)?.entry;
        match entry.event {
            Event::ShareDestructionInitiated | Event::ShareDestroyed
                if entry.detail.get("file") != Some(&name) => {}
            Event::ShareDestructionInitiated => open = Some(entry),
            Event::ShareDestroyed => open = None,
            _ => {}
        }
    }
    Ok(open)
}

/// Gives a replaced shard the name `<name>.old`, after the log has it.
pub fn retire(file: &ShardFile, workspace: &mut Workspace) -> Result<PathBuf, CeremonyError> {
    let old = retired(&file.path);
    custodians::absent(&old)?;
    workspace.note(note_of(Event::ShareRetired, &file.shard).with("file", name_of(&old)?))?;
    files::rename_new(&file.path, &old)?;
    Ok(old)
}

/// The name of a shard when it was replaced: `<name>.old`.
pub fn retired(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".old");
    PathBuf::from(name)
}

fn name_of(path: &Path) -> Result<String, CeremonyError> {
    let name = path.file_name().ok_or_else(|| FileError::NotAFile(path.to_owned()))?;
    Ok(name.to_string_lossy().into_owned())
}
