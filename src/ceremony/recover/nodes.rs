//! Recovery from nodes: each seals its share to the device of the person whom the approved request names, and marks the
//! key as exposed; nothing is combined here. The device acknowledges with a receipt, against which nodes delete.

use std::path::{Path, PathBuf};

use super::{Recovery, Source, mark_one};
use crate::ceremony::{
    CeremonyError, keys, nodes as statements,
    workspace::{PinnedNode, Workspace, unexpected},
};
use crate::{
    audit::{Event, Note, SignedEntry},
    genesis::Chain,
    identity::PersonIdentity,
    ids::{KeyId, Name, Reason, Time},
    keyshare::{KeyCard, KeyShare},
    node::{Call, ExposureProof, FailureKind, NodeError, Reply},
    receipt::{Receipt, ReceiptBody, ReceiptError, ReceiptKind},
    recovery::{Claim, check_claims},
    request::{Action, RecoverParams, RequestError, SignedRequest},
    shard::{DirtyRecovery, FILE_CAP, RecoveryShare, ShardError},
    statement::{Holding, Signed},
    store::files,
};

/// What is wanted.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// The key.
    pub key_id: KeyId,
    /// Whose device combines: an enrolled person.
    pub owner: Name,
    /// Which servers give their shares; empty: as many as are needed of those that hold one.
    pub servers: Vec<Name>,
    /// Why.
    pub reason: Reason,
    /// The servers are to delete, against receipts.
    pub delete: bool,
}

/// What a request for a recovery says: the owner's enrolled recipient, and servers that hold shares.
pub fn choose(workspace: &Workspace, wanted: &Wanted) -> Result<RecoverParams, CeremonyError> {
    let chain = workspace.chain()?;
    let card = workspace.inventory().card(&wanted.key_id, chain)?;
    let owner = chain.current().person(&wanted.owner);
    let owner = owner.ok_or_else(|| RequestError::Stranger(wanted.owner.clone()))?;
    let servers = match wanted.servers.is_empty() {
        true => holding(workspace, &card, &wanted.key_id)?,
        false => wanted.servers.clone(),
    };
    Ok(RecoverParams {
        key_id: wanted.key_id,
        servers,
        recipient: owner.card.card.recipient,
        owner: owner.name.clone(),
        reason: wanted.reason.to_string(),
        delete: wanted.delete,
    })
}

/// The approved request for just this; in rehearsal a new one.
pub fn request(workspace: &Workspace, params: RecoverParams) -> Result<SignedRequest, CeremonyError> {
    let card = workspace.inventory().card(&params.key_id, workspace.chain()?)?;
    let nodes = workspace.nodes(&params.servers)?;
    workspace.request(Action::Recover(params), Some(card.hash()), &nodes)
}

/// The first t servers that hold a share.
fn holding(workspace: &Workspace, card: &KeyCard, key_id: &KeyId) -> Result<Vec<Name>, CeremonyError> {
    let threshold = usize::from(card.body().threshold);
    let holding = keys::reachable(workspace, card, key_id).into_iter().filter(|server| server.resident.share);
    let servers: Vec<Name> = holding.map(|server| server.name).take(threshold).collect();
    if servers.len() == threshold {
        return Ok(servers);
    }
    Err(CeremonyError::After {
        source: Box::new(CeremonyError::Refused(format!(
            "only {} of the {threshold} servers that are needed hold a share of this key",
            servers.len()
        ))),
        state: "nothing was asked of any server".into(),
        hint: "the custodians recover with their shards: quorate recover --offline --shard SHARD --identity FILE .."
            .into(),
    })
}

/// What servers gave.
pub struct Sealed {
    /// The log's beginning of it.
    pub recovery: Recovery,
    /// One per server that the request names.
    pub shares: Vec<RecoveryShare>,
    /// Servers of the key that were not asked for a share and do not know of its exposure yet, and why.
    pub not_marked: Vec<(Name, CeremonyError)>,
}

/// What an approved recovery is about.
pub fn params(request: &SignedRequest) -> Result<&RecoverParams, CeremonyError> {
    match &request.request.action {
        Action::Recover(params) => Ok(params),
        other => {
            let message = format!("this request is for '{}', not for a recovery", other.operation());
            Err(CeremonyError::Refused(message))
        }
    }
}

/// Has servers seal their shares. All of them know of the exposure before the first share is used.
pub fn run(workspace: &mut Workspace, request: &SignedRequest) -> Result<Sealed, CeremonyError> {
    let params = params(request)?.clone();
    let card = workspace.inventory().card(&params.key_id, workspace.chain()?)?;
    let reason: Reason = params.reason.parse().map_err(|_| RequestError::Reason)?;
    let recovery = Recovery::begin(workspace, card.clone(), reason, Source::Servers(request))?;
    let (mut shares, mut failed, mut entry) = (Vec::new(), None, None);
    let mut first = 1;
    for server in &params.servers {
        let sealed = seal_one(workspace, server, request, &mut first);
        let sealed = sealed.map(|(sealed, began)| {
            entry = entry.take().or(Some(began));
            sealed
        });
        match sealed.and_then(|sealed| checked(workspace.chain()?, server, request, sealed)) {
            Ok(share) => shares.push(share),
            Err(error) => failed = failed.or(Some((server, error))),
        }
    }
    // One that sealed and was cut off before it answered knows of the exposure.
    let known = |server: &keys::OnServer| server.exposed();
    let exposed = !shares.is_empty() || keys::reachable(workspace, &card, &params.key_id).iter().any(known);
    let mut not_marked = Vec::new();
    if exposed {
        workspace.note(recovery.note(Event::KeyExposed))?;
        recovery.remember(workspace, None, entry.as_ref())?;
        for server in card.body().holders(workspace.chain()?)? {
            if !params.servers.contains(&server)
                && let Err(error) = tell_one(workspace, &server, &card, request, entry.as_ref())
            {
                not_marked.push((server, error));
            }
        }
    }
    match failed {
        None => Ok(Sealed { recovery, shares, not_marked }),
        Some((server, error)) => {
            recovery.failed(workspace, &error.to_string())?;
            Err(stopped(error, server, exposed))
        }
    }
}

/// Has a server that was asked for no share know of the exposure, by the word of one that was.
fn tell_one(
    workspace: &Workspace,
    server: &Name,
    card: &KeyCard,
    request: &SignedRequest,
    entry: Option<&SignedEntry>,
) -> Result<(), CeremonyError> {
    let entry = entry.cloned().map(Box::new).ok_or_else(|| {
        CeremonyError::Refused(
            "no server that sealed a share has said so yet; run the same command again".into(),
        )
    })?;
    mark_one(workspace, server, card, ExposureProof::Sealed { request: Box::new(request.clone()), entry })
}

/// Asks one server; an attempt that an earlier run used up is passed over.
fn seal_one(
    workspace: &Workspace,
    server: &Name,
    request: &SignedRequest,
    first: &mut u16,
) -> Result<(Box<DirtyRecovery>, SignedEntry), CeremonyError> {
    let mut nodes = workspace.nodes(std::slice::from_ref(server))?;
    let node = nodes.first_mut().ok_or(CeremonyError::NoNodes)?;
    let mut refused = None;
    for attempt in *first..=request.request.max_attempts.max(*first) {
        match node.node.handle(Call::Recover { request: Box::new(request.clone()), attempt }) {
            Ok(Reply::Recovered { sealed, entry }) => {
                *first = attempt;
                workspace.saw(node)?;
                return Ok((sealed, *entry));
            }
            Ok(_) => return Err(unexpected(&*node.node).into()),
            Err(error) if error.kind == FailureKind::Denied => refused = refused.or(Some(error)),
            Err(error) => return Err(error.into()),
        }
    }
    Err(refused.unwrap_or_else(|| unexpected(&*node.node)).into())
}

fn checked(
    chain: &Chain,
    server: &Name,
    request: &SignedRequest,
    sealed: Box<DirtyRecovery>,
) -> Result<RecoveryShare, CeremonyError> {
    let share = sealed.check(chain)?;
    let (outside, body) = (share.outside(), &request.request);
    let params = params(request)?;
    let fits = outside.node == *server
        && outside.op_id == body.op_id
        && outside.request_hash == body.hash()?
        && outside.owner == params.owner
        && Some(share.card().hash()) == body.key_card_hash;
    match fits {
        true => Ok(share),
        false => Err(CeremonyError::Forged(format!("what {server} sealed is for another recovery"))),
    }
}

fn stopped(source: CeremonyError, server: &Name, exposed: bool) -> CeremonyError {
    let state = match exposed {
        false => format!(
            "no server sealed a share, unless {server} was cut off meanwhile; quorate key list tells whether the key is exposed"
        ),
        true => "a share was sealed, so the key is exposed, and the servers that could be asked know it; nothing was combined".into(),
    };
    let hint = "the same command again, or with other servers: --servers".to_owned();
    CeremonyError::After { source: Box::new(source), state, hint }
}

/// A sealed share as it was found in a file.
pub struct ShareFile {
    /// Where.
    pub path: PathBuf,
    /// What.
    pub share: RecoveryShare,
}

/// Reads a file and checks what can be checked without an identity.
pub fn read(path: &Path, chain: &Chain) -> Result<ShareFile, CeremonyError> {
    let refused =
        |source| CeremonyError::ShardFile { file: path.display().to_string(), source: Box::new(source) };
    let bytes = files::read_capped(path, FILE_CAP as u64)?;
    let share = DirtyRecovery::parse(&bytes).and_then(|dirty| dirty.check(chain)).map_err(refused)?;
    Ok(ShareFile { path: path.to_owned(), share })
}

/// Writes a sealed share into a directory under its own name; the same file there is success.
pub fn write(share: &RecoveryShare, dir: &Path) -> Result<(PathBuf, Vec<u8>), CeremonyError> {
    files::create_dir_private(dir)?;
    let path = dir.join(share.file_name()?);
    let bytes = share.outside().to_bytes()?;
    files::write_new(&path, &bytes)?;
    Ok((path, bytes))
}

/// Judges sealed shares by their outsides, as shards are; all must be of one recovery.
pub fn check_files(shares: &[ShareFile]) -> Result<KeyCard, CeremonyError> {
    let names: Vec<String> = shares.iter().map(|file| file.path.display().to_string()).collect();
    let claim =
        |(file, source): (&'_ ShareFile, _)| (file.share.card().clone(), file.share.outside().index, source);
    let parts: Vec<(KeyCard, u16, &String)> = shares.iter().zip(&names).map(claim).collect();
    let claims: Vec<Claim> =
        parts.iter().map(|(card, index, source)| Claim { source, card, index: *index }).collect();
    let card = check_claims(&claims)?.clone();
    let mut hashes = shares.iter().map(|file| (file, file.share.outside().request_hash));
    let first = hashes.next().map(|(_, hash)| hash);
    match hashes.find(|(_, hash)| Some(*hash) != first) {
        None => Ok(card),
        Some((file, _)) => {
            let (file, source) = (file.path.display().to_string(), Box::new(ShardError::OtherRequest));
            Err(CeremonyError::ShardFile { file, source })
        }
    }
}

/// Opens sealed shares on the device of their owner.
pub fn open(
    shares: &[ShareFile],
    identity: &PersonIdentity,
    chain: &Chain,
) -> Result<Vec<KeyShare>, CeremonyError> {
    let one = |file: &ShareFile| {
        let refused = |source| CeremonyError::ShardFile {
            file: file.path.display().to_string(),
            source: Box::new(source),
        };
        file.share.open(identity, chain).map(|open| open.share).map_err(refused)
    };
    shares.iter().map(one).collect()
}

/// The device's word that it opened a server's share and made the key of it.
pub fn receipt(
    share: &RecoveryShare,
    identity: &PersonIdentity,
    chain: &Chain,
) -> Result<Receipt, CeremonyError> {
    let (outside, body) = (share.outside(), share.card().body());
    let receipt = ReceiptBody {
        version: 1,
        kind: ReceiptKind::Recovery,
        issuer: outside.node.clone(),
        genesis_id: chain.current().genesis_id,
        key_card_hash: share.card().hash(),
        index: outside.index,
        epoch: body.epoch,
        op_id: outside.op_id,
        share_blob_hash: Some(share.share_hash()),
        aux_blob_hash: None,
        core_hash: None,
        recipient: identity.recipient(),
        verification_share: body.verification_share(outside.index).cloned(),
        signer: identity.name().clone(),
        made_at: Time::now(),
    };
    Ok(Receipt::sign(receipt, identity.approval())?)
}

/// Has a node delete the share that it sealed, once the device has signed for it.
pub fn release_one(
    workspace: &mut Workspace,
    node: &mut PinnedNode,
    key_id: &KeyId,
    receipt: &Receipt,
) -> Result<Signed<Holding>, CeremonyError> {
    let body = &receipt.receipt;
    let signer = workspace.chain()?.current().person(&body.signer);
    let signer = signer.ok_or_else(|| RequestError::Stranger(body.signer.clone()))?;
    receipt.verify(&signer.card.card.approval_key)?;
    let card = workspace.inventory().card(key_id, workspace.chain()?)?;
    if body.key_card_hash != card.hash() {
        return Err(ReceiptError::Differs("key").into());
    }
    let said = |event, server: &Name| {
        let mut note = Note::new(event).with("server", server);
        (note.op_id, note.key_id) = (Some(body.op_id), Some(*key_id));
        note
    };
    let name = node.name().clone();
    workspace.kept().keep_receipt(receipt)?;
    workspace.note(said(Event::ShareDeletionInitiated, &name).with("signer", &body.signer))?;
    let call = Call::Release { key_id: *key_id, receipt: Box::new(receipt.clone()) };
    let Reply::Holding(statement) = node.node.handle(call)? else {
        return Err(unexpected(&*node.node).into());
    };
    statements::check_holding(workspace, &card, node, Some(body.op_id), &statement)?;
    let left = statement.statement.shares + statement.statement.aux;
    if left > 0 {
        let message = format!("{name} took the receipt and still holds something of this key");
        return Err(NodeError::new(FailureKind::Misbehaved, message).into());
    }
    workspace.note(said(Event::ShareDeleted, &name).with("shares", statement.statement.shares))?;
    Ok(*statement)
}
