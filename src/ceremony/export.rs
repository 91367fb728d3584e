//! `share export` and `share release`: a share leaves its node in two steps, one share at a time. The node gives it
//! out encrypted and keeps it; it deletes only when its custodian has signed that they hold it.

use std::path::{Path, PathBuf};

use super::{
    CeremonyError,
    custody::{self, receive},
    exports::{Export, Progress, ShardFile},
    keys, nodes, recover,
    workspace::{PinnedNode, Workspace, unexpected},
};
use crate::{
    audit::{Event, Note},
    digest::Hash,
    identity::PersonIdentity,
    ids::{KeyId, Name},
    keyshare::KeyCard,
    node::{Call, FailureKind, NodeError, Reply},
    receipt::{Receipt, ReceiptKind},
    request::{Action, DeleteParams, ExportParams, SignedRequest},
    shard::{Header, Shard},
    statement::{Holding, Signed},
    store::files::{self, FileError},
};

/// What is wanted.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// The key.
    pub key_id: KeyId,
    /// From which servers; empty: all that hold it.
    pub servers: Vec<Name>,
    /// The nodes are to delete, against receipts.
    pub delete: bool,
    /// Only aux, for shares that left before.
    pub aux_only: bool,
    /// Where the files go.
    pub out_dir: PathBuf,
}

/// What became of one server's share.
pub struct Exported {
    /// The account of it.
    pub export: Export,
    /// The shard, as it stands in the file.
    pub shard: Option<Shard>,
    /// Nothing was done now: it had been exported before.
    pub before: bool,
}

/// Exports one share after the other. `settle` is called with each before the next is touched: where identity
/// and node are on one machine, it receives and releases.
pub fn run(
    workspace: &mut Workspace,
    wanted: &Wanted,
    mut settle: impl FnMut(&mut Workspace, &mut PinnedNode, Exported) -> Result<Exported, CeremonyError>,
) -> Result<Vec<Exported>, CeremonyError> {
    let card = workspace.inventory().card(&wanted.key_id, workspace.chain()?)?;
    let places = places(workspace, &card, &wanted.servers)?;
    // Whoever lacks a custodian is found out before anything leaves.
    for (_, server) in &places {
        custodian(workspace, server)?;
    }
    files::create_dir_private(&wanted.out_dir).map_err(|error| CeremonyError::After {
        source: Box::new(error.into()),
        state: "nothing was exported".into(),
        hint: "name a directory of your own: --out-dir DIR".into(),
    })?;
    let mut done = Vec::new();
    for (index, server) in places {
        let mut nodes = workspace.nodes(std::slice::from_ref(&server))?;
        let Some(node) = nodes.first_mut() else { continue };
        let exported =
            one(workspace, node, &card, index, wanted).and_then(|exported| settle(workspace, node, exported));
        done.push(exported.map_err(|source| stopped(source, wanted, &server, done.len()))?);
    }
    Ok(done)
}

fn stopped(source: CeremonyError, wanted: &Wanted, server: &Name, done: usize) -> CeremonyError {
    let state = match done {
        0 => format!(
            "{server} holds its share unless its custodian's receipt was accepted; no other server was touched"
        ),
        n => format!(
            "{n} share(s) were exported before; {server} holds its share unless its custodian's receipt was accepted"
        ),
    };
    CeremonyError::After {
        source: Box::new(source),
        state,
        hint: format!(
            "quorate doctor; then the same command again: it goes on where it stopped ({})",
            wanted.key_id
        ),
    }
}

/// The indices and the nodes that hold them now.
fn places(
    workspace: &Workspace,
    card: &KeyCard,
    servers: &[Name],
) -> Result<Vec<(u16, Name)>, CeremonyError> {
    let holders = card.body().holders(workspace.chain()?)?;
    if let Some(stranger) = servers.iter().find(|server| !holders.contains(server)) {
        let holders = holders.iter().map(Name::as_str).collect::<Vec<_>>().join(", ");
        return Err(CeremonyError::Refused(format!("{stranger} holds no index of this key; {holders} do")));
    }
    let chosen = |(_, name): &(u16, Name)| servers.is_empty() || servers.contains(name);
    Ok((1u16..).zip(holders).filter(chosen).collect())
}

fn custodian(workspace: &Workspace, server: &Name) -> Result<ExportTo, CeremonyError> {
    let chain = workspace.chain()?;
    let entry = chain.current().custodian(server).ok_or_else(|| CeremonyError::After {
        source: Box::new(CeremonyError::Refused(format!("no custodian is enrolled for {server}"))),
        state: "nothing was exported".into(),
        hint: format!("quorate person add CARD --role custodian --server {server}"),
    })?;
    Ok(ExportTo { name: entry.name.clone(), recipient: entry.card.card.recipient })
}

/// What is asked of a node: its share for the custodian enrolled now, deleted after a receipt, or its aux only.
pub fn params_of(
    workspace: &Workspace,
    server: &Name,
    key_id: &KeyId,
    (delete, aux_only): (bool, bool),
) -> Result<ExportParams, CeremonyError> {
    let ExportTo { name, recipient } = custodian(workspace, server)?;
    Ok(ExportParams { key_id: *key_id, server: server.clone(), custodian: name, recipient, delete, aux_only })
}

struct ExportTo {
    name: Name,
    recipient: crate::wrap::recipient::Recipient,
}

fn one(
    workspace: &mut Workspace,
    node: &mut PinnedNode,
    card: &KeyCard,
    index: u16,
    wanted: &Wanted,
) -> Result<Exported, CeremonyError> {
    let to = custodian(workspace, node.name())?;
    if let Some(mut before) = exported_before(workspace, node, index, wanted, &to)? {
        // The node has deleted, and what it said was lost: it says it again.
        if let (Progress::Receipted, Some(receipt)) =
            (before.export.progress(), before.export.receipt.clone())
        {
            before.export = release_one(workspace, node, &wanted.key_id, &receipt)?.export;
        }
        return Ok(before);
    }
    let params = params_of(workspace, node.name(), &wanted.key_id, (wanted.delete, wanted.aux_only))?;
    let request = workspace.request(Action::Export(params), Some(card.hash()), std::slice::from_ref(node))?;
    let export = Export {
        version: 1,
        number: workspace.exports().next_number(&wanted.key_id)?,
        op_id: request.request.op_id,
        key_id: wanted.key_id,
        key_card_hash: card.hash(),
        index,
        epoch: card.body().epoch,
        server: node.name().clone(),
        custodian: to.name.clone(),
        recipient: to.recipient,
        delete: wanted.delete,
        aux_only: wanted.aux_only,
        file: None,
        receipt: None,
        released: None,
    };
    let note = Workspace::note_of(Event::ShareExportInitiated, &request)?.with("custodian", &to.name);
    workspace.intend(&request, note.with("server", node.name()).with("delete", wanted.delete))?;
    // Carried out again, what came of it before stands until something else has come.
    let exports = workspace.exports().of_key(&wanted.key_id)?;
    let before = exports.into_iter().find(|before| before.op_id == export.op_id && before.index == index);
    let again = before.is_some();
    if !again {
        workspace.exports().write(&export)?;
    }
    let export = before.unwrap_or(export);
    fetch(workspace, node, card, &request, (export, again), &wanted.out_dir)
}

/// Takes what the node gives out, and makes it durable: the file first, then the account of it.
fn fetch(
    workspace: &mut Workspace,
    node: &mut PinnedNode,
    card: &KeyCard,
    request: &SignedRequest,
    (mut export, again): (Export, bool),
    out_dir: &Path,
) -> Result<Exported, CeremonyError> {
    let (parcel, exported_at) = match node.node.handle(Call::Export { request: Box::new(request.clone()) }) {
        Ok(Reply::Exported(parcel, exported_at)) => (*parcel, exported_at),
        Ok(_) => return Err(unexpected(&*node.node).into()),
        Err(error) => {
            // The node refused: nothing left it now.
            if !again {
                workspace.exports().forget(&export)?;
            }
            return Err(error.into());
        }
    };
    let header = Header {
        custodian: export.custodian.clone(),
        server: export.server.clone(),
        index: export.index,
        recipient: export.recipient,
        exported_at,
    };
    let alias = workspace.inventory().alias(&export.key_id, workspace.chain()?)?;
    let shard = Shard::new(workspace.chain()?, card.clone(), alias, header, parcel)?;
    let path = out_dir.join(shard.file_name());
    write_shard(&path, &shard)?;
    let path = std::path::absolute(&path).unwrap_or(path);
    export.file = Some(ShardFile {
        path,
        file_hash: shard.file_hash(),
        share_blob_hash: shard.parcel().share_hash(),
        aux_blob_hash: shard.parcel().aux_hash(),
    });
    // What was signed for another file does not release this one.
    (export.receipt, export.released) = (None, None);
    workspace.exports().write(&export)?;
    let note = Workspace::note_of(Event::ShareExported, request)?.with("file", shard.file_hash());
    workspace.note(note.with("server", node.name()).with("index", export.index))?;
    workspace.saw(node)?;
    Ok(Exported { export, shard: Some(shard), before: false })
}

/// O_EXCL, 0600, flushed, read back and compared before it gets its name. The same file already there is
/// success; another one is never replaced.
fn write_shard(path: &Path, shard: &Shard) -> Result<(), CeremonyError> {
    let check = |read: &[u8]| match Hash::plain(read) == shard.file_hash() {
        true => Ok(()),
        false => Err(CeremonyError::ReadBack(path.to_owned())),
    };
    match files::write_new_checked(path, shard.bytes(), check) {
        Err(CeremonyError::File(FileError::Exists(_))) => Ok(files::write_new(path, shard.bytes())?),
        other => other,
    }
}

/// An export that still stands makes a new one unnecessary: its file is there for the same custodian, or the node
/// is empty because of it.
fn exported_before(
    workspace: &Workspace,
    node: &mut PinnedNode,
    index: u16,
    wanted: &Wanted,
    to: &ExportTo,
) -> Result<Option<Exported>, CeremonyError> {
    let held = keys::ask(std::slice::from_mut(node), &wanted.key_id)?;
    let resident = held.first().map(|server| server.resident).unwrap_or_default();
    let wanted_here = if wanted.aux_only { resident.aux } else { resident.share };
    let exports = workspace.exports().of_key(&wanted.key_id)?;
    let same = |export: &&Export| {
        export.index == index && export.server == *node.name() && export.aux_only == wanted.aux_only
    };
    for export in exports.iter().filter(same).rev() {
        let fits = match export.progress() {
            Progress::Begun => false,
            // The share left with this one and came back: the node closed it, and all before it.
            Progress::Released | Progress::Receipted if wanted_here => break,
            Progress::Released | Progress::Receipted => true,
            Progress::Waiting | Progress::Copied => {
                wanted_here
                    && export.delete == wanted.delete
                    && export.recipient == to.recipient
                    && export.file_is_there()
            }
        };
        if fits {
            let chain = workspace.chain()?;
            let file = export.file.as_ref().and_then(|file| custody::ShardFile::read(&file.path, chain).ok());
            let shard = file.map(|file| file.shard);
            return Ok(Some(Exported { export: export.clone(), shard, before: true }));
        }
    }
    Ok(None)
}

/// Where identity and node are on one machine: the custodian's part and the release, at once. Identities are of this
/// run's custodians; `store` is where their copies go, if not where the shard was written.
pub fn settle_here(
    workspace: &mut Workspace,
    node: &mut PinnedNode,
    mut exported: Exported,
    identities: &[PersonIdentity],
    store: Option<&Path>,
) -> Result<Exported, CeremonyError> {
    let export = &exported.export;
    let own = identities.iter().find(|identity| identity.recipient() == export.recipient);
    let (Some(identity), Some(shard), Some(file)) = (own, &exported.shard, &export.file) else {
        return Ok(exported);
    };
    if !matches!(export.progress(), Progress::Waiting | Progress::Copied) {
        return Ok(exported);
    }
    let dir = store.or(file.path.parent()).unwrap_or(Path::new("."));
    let stored = receive::store(shard, identity, workspace.chain()?, dir)?;
    if export.progress() == Progress::Waiting {
        let body = receive::receipt_for(shard, &stored, identity, workspace.chain()?)?;
        let receipt = Receipt::sign(body, identity.approval())?;
        exported.export = release_one(workspace, node, &export.key_id.clone(), &receipt)?.export;
    }
    Ok(exported)
}

/// Refuses identities that are not of the custodians of these servers, before anything leaves.
pub fn check_identities(
    workspace: &Workspace,
    wanted: &Wanted,
    identities: &[PersonIdentity],
) -> Result<(), CeremonyError> {
    if identities.is_empty() {
        return Ok(());
    }
    let card = workspace.inventory().card(&wanted.key_id, workspace.chain()?)?;
    let mut recipients = Vec::new();
    for (_, server) in places(workspace, &card, &wanted.servers)? {
        let to = custodian(workspace, &server)?;
        if !identities.iter().any(|identity| identity.recipient() == to.recipient) {
            return Err(CeremonyError::Refused(format!(
                "{}'s identity was not given, for {server}",
                to.name
            )));
        }
        recipients.push(to.recipient);
    }
    match identities.iter().find(|identity| !recipients.contains(&identity.recipient())) {
        None => Ok(()),
        Some(stranger) => Err(CeremonyError::Denied(format!(
            "{} is not the custodian of any of these servers, or the card enrolled is of another identity",
            stranger.name()
        ))),
    }
}

/// A node that has deleted, and says so.
pub struct Released {
    /// The account of the export.
    pub export: Export,
    /// What the node holds now.
    pub statement: Signed<Holding>,
}

/// Has nodes delete what custodians have signed for.
pub fn release(
    workspace: &mut Workspace,
    key_id: &KeyId,
    receipts: &[Receipt],
) -> Result<Vec<Signed<Holding>>, CeremonyError> {
    let mut done = Vec::new();
    for receipt in receipts {
        workspace.check_servers(std::slice::from_ref(&receipt.receipt.issuer))?;
    }
    for receipt in receipts {
        let issuer = &receipt.receipt.issuer;
        let mut nodes = workspace.nodes(std::slice::from_ref(issuer))?;
        let Some(node) = nodes.first_mut() else { continue };
        let released = match receipt.receipt.kind {
            ReceiptKind::Recovery => recover::nodes::release_one(workspace, node, key_id, receipt),
            _ => release_one(workspace, node, key_id, receipt).map(|released| released.statement),
        };
        done.push(released.map_err(|source| CeremonyError::After {
            source: Box::new(source),
            state: format!(
                "{issuer} deleted nothing unless it had accepted this receipt; {} released before",
                done.len()
            ),
            hint: format!("quorate doctor; a receipt that was accepted may be given again ({key_id})"),
        })?);
    }
    Ok(done)
}

/// The latest export of a server's share that is not released.
pub fn unreleased(workspace: &Workspace, key_id: &KeyId, server: &Name) -> Result<Export, CeremonyError> {
    let open = |export: &Export| {
        export.server == *server && !export.aux_only && export.file.is_some() && export.released.is_none()
    };
    let found = workspace.exports().of_key(key_id)?.into_iter().rfind(open);
    found.ok_or_else(|| CeremonyError::Refused(format!("no export of {server} waits to be released")))
}

/// Has one node delete what it gave out though nobody signed for it. The shard that this home wrote must be there.
pub fn release_without_receipt(
    workspace: &mut Workspace,
    key_id: &KeyId,
    server: &Name,
    reason: Option<String>,
) -> Result<Signed<Holding>, CeremonyError> {
    let mut export = unreleased(workspace, key_id, server)?;
    if !export.file_is_there() {
        return Err(CeremonyError::Refused(
            "the shard that was written is not where it was, or was altered: nothing else is known to hold this share".into(),
        ));
    }
    let given = workspace.given().iter().find_map(|given| match &given.request.action {
        Action::DeleteWithoutReceipt(params) if params.export_op_id == export.op_id => {
            Some(params.reason.clone())
        }
        _ => None,
    });
    let reason = reason.or(given).ok_or_else(|| CeremonyError::Usage("--reason is needed".into()))?;
    let card = workspace.inventory().card(key_id, workspace.chain()?)?;
    let params = DeleteParams {
        key_id: *key_id,
        server: server.clone(),
        export_op_id: export.op_id,
        reason: reason.clone(),
    };
    let mut nodes = workspace.nodes(std::slice::from_ref(server))?;
    let request = workspace.request(Action::DeleteWithoutReceipt(params), Some(card.hash()), &nodes)?;
    let said = |event| {
        let mut note = Note::new(event).with("server", server);
        (note.op_id, note.key_id) = (Some(export.op_id), Some(*key_id));
        note
    };
    let note = said(Event::ShareDeletionInitiated).with("request", request.request.hash()?);
    workspace.intend(&request, note.with("withoutReceipt", &reason))?;
    let node = nodes.first_mut().ok_or(CeremonyError::NoNodes)?;
    let call = Call::ReleaseWithoutReceipt { request: Box::new(request.clone()) };
    let Reply::Holding(statement) = node.node.handle(call)? else {
        return Err(unexpected(&*node.node).into());
    };
    nodes::check_holding(workspace, &card, node, Some(export.op_id), &statement)?;
    let note = said(Event::ShareDeleted).with("shares", statement.statement.shares);
    export.released = Some((*statement).clone());
    workspace.exports().write(&export)?;
    workspace.note(note)?;
    Ok(*statement)
}

/// Has one node delete. The receipt is kept here before the node sees it.
pub fn release_one(
    workspace: &mut Workspace,
    node: &mut PinnedNode,
    key_id: &KeyId,
    receipt: &Receipt,
) -> Result<Released, CeremonyError> {
    let exports = workspace.exports().of_key(key_id)?;
    let export = exports.into_iter().find(|export| export.op_id == receipt.receipt.op_id);
    // The key, node or workspace is another one.
    let mut export =
        export.ok_or(crate::receipt::ReceiptError::Differs("export than any of this key here"))?;
    check_receipt(workspace, &export, receipt)?;
    let card = workspace.inventory().card(key_id, workspace.chain()?)?;
    let mut note = Note::new(Event::ShareDeletionInitiated).with("server", node.name());
    (note.op_id, note.key_id) = (Some(export.op_id), Some(*key_id));
    workspace.note(note.with("signer", &receipt.receipt.signer))?;
    if export.receipt.is_none() {
        export.receipt = Some(receipt.clone());
        workspace.exports().write(&export)?;
    }
    let call = Call::Release { key_id: *key_id, receipt: Box::new(receipt.clone()) };
    let Reply::Holding(statement) = node.node.handle(call)? else {
        return Err(unexpected(&*node.node).into());
    };
    nodes::check_holding(workspace, &card, node, Some(export.op_id), &statement)?;
    let statement = *statement;
    if statement.statement.shares + statement.statement.aux > 0 && !export.aux_only {
        let message = format!(
            "{} took the receipt and still holds {} share(s) and {} aux of this key",
            node.name(),
            statement.statement.shares,
            statement.statement.aux
        );
        return Err(NodeError::new(FailureKind::Misbehaved, message).into());
    }
    export.released = Some(statement.clone());
    workspace.exports().write(&export)?;
    let mut note = Note::new(Event::ShareDeleted).with("server", node.name());
    (note.op_id, note.key_id) = (Some(export.op_id), Some(*key_id));
    workspace.note(note.with("shares", statement.statement.shares))?;
    Ok(Released { export, statement })
}

/// What the node will check too, with a clearer account of it.
fn check_receipt(workspace: &Workspace, export: &Export, receipt: &Receipt) -> Result<(), CeremonyError> {
    let body = &receipt.receipt;
    let enrolled = workspace.chain()?.current().custodian(&export.server);
    let key = enrolled.filter(|entry| entry.name == body.signer).map(|entry| entry.card.card.approval_key);
    let key = key.ok_or_else(|| {
        CeremonyError::Denied(format!(
            "the receipt is {}'s, who is not the custodian of {}",
            body.signer, export.server
        ))
    })?;
    receipt.verify(&key)?;
    let file = export.file.as_ref();
    let same = body.index == export.index
        && body.issuer == export.server
        && body.share_blob_hash == file.and_then(|file| file.share_blob_hash)
        && body.aux_blob_hash == file.and_then(|file| file.aux_blob_hash);
    // Without a file the workspace forgot what it wrote; the node knows.
    if same || file.is_none() { Ok(()) } else { Err(crate::receipt::ReceiptError::Differs("shard").into()) }
}
