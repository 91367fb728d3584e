//! `recover`: a private key made whole on this machine. The log has the intent before anything is opened; the notice
//! that the key is exposed is durable before the key goes anywhere.

pub mod nodes;
mod permission;

use std::cell::Cell;
use std::path::Path;

use rand_core::OsRng;

pub use self::permission::{Permission, Unasked};
use super::{
    CeremonyError,
    custody::ShardFile,
    inventory::Exposed,
    workspace::{PinnedNode, Workspace, unexpected},
};
use crate::{
    audit::{Event, Note, SignedEntry},
    codec::HexArray,
    genesis::Chain,
    identity::PersonIdentity,
    ids::{KeyId, Name, OpId, Reason, Time},
    keyshare::{KeyCard, KeyShare},
    node::{Call, ExposureProof, Reply},
    recovery::{
        Claim, ExposureNotice, KeyFormat, NOTICE_CAP, RecoveredKey, RecoveryError, cards_of, check_claims,
    },
    request::{Action, SignedRequest, was_approved},
    shard::{DirtyRecovery, ShardError},
    store::files::{self, FileError},
    wrap::{age_file, recipient::Recipient},
};

/// Judges shards by their outsides: one key and epoch, every index once, enough of them.
pub fn check_shards(shards: &[ShardFile]) -> Result<KeyCard, CeremonyError> {
    if let Some(empty) = shards.iter().find(|file| file.shard.parcel().wrapped_key_share.is_none()) {
        return Err(RecoveryError::NoShare { given: empty.path.display().to_string() }.into());
    }
    let names: Vec<String> = shards.iter().map(|file| file.path.display().to_string()).collect();
    let claims: Vec<Claim> = shards
        .iter()
        .zip(&names)
        .map(|(file, source)| Claim { source, card: file.shard.card(), index: file.shard.header().index })
        .collect();
    Ok(check_claims(&claims)?.clone())
}

/// Where the shares of a recovery come from.
pub enum Source<'a> {
    /// From shards, on this machine.
    Shards(&'a Permission),
    /// From servers, on the request that all of them judged.
    Servers(&'a SignedRequest),
    /// From what servers sealed for this device, on the request that they name.
    Sealed(&'a DirtyRecovery),
}

/// A recovery that the log knows of.
pub struct Recovery {
    /// Its id.
    pub op_id: OpId,
    /// The key.
    pub card: KeyCard,
    reason: Reason,
    from: &'static str,
    /// The log has that the key went where it was to go; what fails afterwards does not undo that.
    completed: Cell<bool>,
}

impl Recovery {
    /// Writes down that a key is about to be made whole; nothing may have been opened before.
    pub fn begin(
        workspace: &mut Workspace,
        card: KeyCard,
        reason: Reason,
        source: Source,
    ) -> Result<Self, CeremonyError> {
        let (from, op_id, asked) = match source {
            Source::Shards(permission) => ("shards", permission.op_id(), permission.request.as_ref()),
            Source::Servers(signed) => ("servers", Some(signed.request.op_id), Some(signed)),
            Source::Sealed(share) => ("sealed shares", Some(share.op_id), None),
        };
        let op_id = op_id.unwrap_or_else(|| HexArray::random(&mut OsRng));
        let recovery = Self { op_id, card, reason, from, completed: Cell::new(false) };
        let mut note = recovery.note(Event::PrivateKeyRecoveryInitiated);
        note = note.with("reason", &recovery.reason).with("card", recovery.card.hash());
        match source {
            Source::Shards(permission) if permission.unapproved => note = note.with("approved", "by nobody"),
            // What stands outside a sealed share is nobody's word yet.
            Source::Sealed(share) => note = note.with("request", share.request_hash),
            _ => {}
        }
        match asked {
            Some(signed) => {
                note.request_hash = Some(signed.request.hash()?);
                workspace.intend(signed, note)?;
            }
            None => workspace.note(note)?,
        }
        Ok(recovery)
    }

    /// Opens the shards, each with the identity that it is encrypted to, and combines the shares.
    pub fn combine(
        &self,
        shards: &[ShardFile],
        identities: &[PersonIdentity],
        chain: &Chain,
    ) -> Result<RecoveredKey, CeremonyError> {
        let mut shares = Vec::with_capacity(shards.len());
        for file in shards {
            shares.push(open(file, identities, chain)?);
        }
        self.combine_shares(shares)
    }

    /// Combines shares that were opened and checked.
    pub fn combine_shares(&self, shares: Vec<KeyShare>) -> Result<RecoveredKey, CeremonyError> {
        Ok(RecoveredKey::combine(shares)?)
    }

    /// Signs and writes the notice, and remembers the exposure here, before the key goes anywhere. None is signed where
    /// none of these people ever was enrolled. One of the same key that is there already stands.
    pub fn expose(
        &self,
        key: &RecoveredKey,
        identities: &[PersonIdentity],
        path: &Path,
        workspace: &mut Workspace,
    ) -> Result<Option<ExposureNotice>, CeremonyError> {
        workspace.note(self.note(Event::KeyExposed))?;
        self.remember(workspace, None, None)?;
        let there = notice_there(path, &self.card, workspace.chain()?)?;
        let notice = match (&there, signer(identities, workspace.chain()?)) {
            (Some(_), _) => there.clone(),
            (None, Some(signer)) => {
                let (by, about) = ((signer.name(), signer.approval()), (self.reason.clone(), self.op_id));
                let notice = ExposureNotice::sign(key, by, (about.0, about.1, Time::now()), &mut OsRng)?;
                notice.check(&self.card, workspace.chain()?)?;
                Some(notice)
            }
            (None, None) => None,
        };
        self.remember(workspace, notice.as_ref(), None)?;
        if let (Some(notice), None) = (&notice, &there) {
            files::write_new(path, &notice.to_bytes()?)?;
        }
        Ok(notice)
    }

    /// Remembers in this home that the key counts as exposed.
    fn remember(
        &self,
        workspace: &Workspace,
        notice: Option<&ExposureNotice>,
        entry: Option<&SignedEntry>,
    ) -> Result<(), CeremonyError> {
        workspace.inventory().expose(&Exposed {
            version: 1,
            group_public_key: self.card.body().group_public_key.clone(),
            key_id: self.card.body().key_id,
            op_id: self.op_id,
            reason: self.reason.clone(),
            exposed_at: Time::now(),
            notice: notice.cloned(),
            entry: entry.cloned(),
        })
    }

    /// Writes down that the key went where it was to go.
    pub fn complete(&self, workspace: &mut Workspace, to: &str) -> Result<(), CeremonyError> {
        workspace.note(self.note(Event::PrivateKeyRecoveryCompleted).with("to", to))?;
        self.completed.set(true);
        Ok(())
    }

    /// Writes down that it did not.
    pub fn failed(&self, workspace: &mut Workspace, why: &str) -> Result<(), CeremonyError> {
        if self.completed.get() {
            return Ok(());
        }
        workspace.note(self.note(Event::PrivateKeyRecoveryFailed).with("error", why))
    }

    fn note(&self, event: Event) -> Note {
        let mut note = Note::new(event).with("from", self.from);
        (note.op_id, note.key_id) = (Some(self.op_id), Some(self.card.body().key_id));
        note
    }
}

/// The identity that a shard is encrypted to opens it; everything in it is checked.
fn open(file: &ShardFile, identities: &[PersonIdentity], chain: &Chain) -> Result<KeyShare, CeremonyError> {
    let header = file.shard.header();
    let own = identities.iter().find(|identity| identity.recipient() == header.recipient);
    let own = own.ok_or_else(|| no_identity(file))?;
    let open = file.open(own, chain)?;
    Ok(open.share.ok_or(ShardError::Empty)?.share)
}

/// What is said of a shard that nobody here can open.
pub fn no_identity(file: &ShardFile) -> CeremonyError {
    let header = file.shard.header();
    CeremonyError::Refused(format!(
        "{} is encrypted to {} of {}, and no identity given has that recipient",
        file.path.display(),
        header.recipient,
        header.custodian
    ))
}

/// A notice of the same key that stands in the way counts as this one; anything else there is refused.
pub fn notice_there(
    path: &Path,
    card: &KeyCard,
    chain: &Chain,
) -> Result<Option<ExposureNotice>, CeremonyError> {
    if std::fs::symlink_metadata(path).is_err() {
        return Ok(None);
    }
    let notice = read_notice(path)?;
    match notice.check(card, chain) {
        Ok(()) => Ok(Some(notice)),
        Err(_) => Err(FileError::Exists(path.to_owned()).into()),
    }
}

/// Reads a notice; nothing in it is believed yet.
pub fn read_notice(path: &Path) -> Result<ExposureNotice, CeremonyError> {
    let bytes = files::read_capped(path, NOTICE_CAP as u64)?;
    ExposureNotice::parse(&bytes)
        .map_err(|source| CeremonyError::RecoveryFile { file: path.display().to_string(), source })
}

/// Whoever of these is or was enrolled with this very identity.
fn signer<'a>(identities: &'a [PersonIdentity], chain: &Chain) -> Option<&'a PersonIdentity> {
    let enrolled = |identity: &&PersonIdentity| {
        cards_of(chain, identity.name()).any(|card| card.approval_key == identity.approval_key())
    };
    identities.iter().find(enrolled)
}

/// Encrypts the key to a recipient and writes the file: 0600, durable, read back, never over something else.
pub fn write_key(
    key: &RecoveredKey,
    (format, network): (KeyFormat, crate::recovery::Network),
    recipient: &Recipient,
    path: &Path,
) -> Result<Vec<u8>, CeremonyError> {
    let text = key.write(format, network)?;
    let mut line = zeroize::Zeroizing::new(Vec::with_capacity(text.expose().len() + 1));
    line.extend_from_slice(text.expose());
    if line.last() != Some(&b'\n') {
        line.push(b'\n');
    }
    let sealed = age_file::encrypt(recipient, &line)?.into_bytes();
    let check = |read: &[u8]| match read == sealed {
        true => Ok(()),
        false => Err(CeremonyError::ReadBack(path.to_owned())),
    };
    files::write_new_checked(path, &sealed, check)?;
    Ok(sealed)
}

/// What became of one server.
pub struct Marked {
    /// Who.
    pub server: Name,
    /// Why it is not marked there, if it is not.
    pub error: Option<CeremonyError>,
}

/// Gives a notice to every node that holds the key now, and remembers it here. A node that cannot be asked does not
/// keep the others from it.
pub fn mark_exposed(
    workspace: &mut Workspace,
    notice: &ExposureNotice,
) -> Result<(KeyCard, Vec<Marked>), CeremonyError> {
    let body = &notice.notice;
    let card = workspace.inventory().card(&body.key_id, workspace.chain()?)?;
    notice.check(&card, workspace.chain()?)?;
    let mut note = Note::new(Event::KeyExposed).with("signer", &body.signer).with("reason", &body.reason);
    (note.op_id, note.key_id) = (Some(body.op_id), Some(body.key_id));
    workspace.note(note)?;
    workspace.inventory().expose(&Exposed {
        version: 1,
        group_public_key: body.group_public_key.clone(),
        key_id: body.key_id,
        op_id: body.op_id,
        reason: body.reason.clone(),
        exposed_at: body.recovered_at,
        notice: Some(notice.clone()),
        entry: None,
    })?;
    if workspace.servers().is_empty() {
        return Ok((card, Vec::new()));
    }
    let mut marked = Vec::new();
    for server in card.body().holders(workspace.chain()?)? {
        let proof = ExposureProof::Notice(Box::new(notice.clone()));
        let error = mark_one(workspace, &server, &card, proof).err();
        marked.push(Marked { server, error });
    }
    Ok((card, marked))
}

fn mark_one(
    workspace: &Workspace,
    server: &Name,
    card: &KeyCard,
    proof: ExposureProof,
) -> Result<(), CeremonyError> {
    let mut nodes = workspace.nodes(std::slice::from_ref(server))?;
    mark(nodes.first_mut().ok_or(CeremonyError::NoNodes)?, card, proof)
}

/// What this home can show to a server that does not know of a key's exposure: a notice, or the request on which
/// others sealed their shares and the word of one of them.
pub(super) fn proof(workspace: &Workspace, card: &KeyCard) -> Result<Option<ExposureProof>, CeremonyError> {
    let exposed = workspace.inventory().exposed(&card.body().group_public_key)?;
    let Some(exposed) = exposed else { return Ok(None) };
    if let Some(notice) = exposed.notice {
        return Ok(Some(ExposureProof::Notice(Box::new(notice))));
    }
    let chain = workspace.chain()?;
    let shows = |kept: &SignedRequest| {
        matches!(kept.request.action, Action::Recover(_)) && was_approved(kept, chain).is_ok()
    };
    let Some(entry) = exposed.entry.map(Box::new) else { return Ok(None) };
    let request = workspace.kept().of(&exposed.op_id)?.into_iter().find(shows);
    Ok(request.map(|request| ExposureProof::Sealed { request: Box::new(request), entry }))
}

/// Has a server that came later know of an exposure that this home knows of.
pub(super) fn tell(
    workspace: &Workspace,
    card: &KeyCard,
    node: &mut PinnedNode,
) -> Result<(), CeremonyError> {
    proof(workspace, card)?.map_or(Ok(()), |proof| mark(node, card, proof))
}

/// Has every server of a key know of its exposure; whether this home could show it.
pub(super) fn tell_all(workspace: &Workspace, key_id: &KeyId) -> Result<bool, CeremonyError> {
    let card = workspace.inventory().card(key_id, workspace.chain()?)?;
    let Some(proof) = proof(workspace, &card)? else { return Ok(false) };
    for server in card.body().holders(workspace.chain()?)? {
        mark_one(workspace, &server, &card, proof.clone())?;
    }
    Ok(true)
}

fn mark(node: &mut PinnedNode, card: &KeyCard, proof: ExposureProof) -> Result<(), CeremonyError> {
    let call = Call::MarkExposed { proof, card: Box::new(card.dirty().clone()) };
    match node.node.handle(call)? {
        Reply::Done => Ok(()),
        _ => Err(unexpected(&*node.node).into()),
    }
}
