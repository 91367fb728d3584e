//! `share import`: a share that its custodian re-wrapped for a node stays there.

use std::path::Path;

use super::{
    CeremonyError,
    journal::{Kind, Open},
    keys, nodes as statements,
    workspace::{Workspace, unexpected},
};
use crate::{
    audit::{Event, Note},
    ids::{KeyId, Name},
    keyshare::KeyCard,
    node::{Call, Reply},
    request::{Action, ImportParams},
    shard::{DirtyImport, ShardError},
    statement::{Holding, Signed},
};

/// A share that a node keeps now.
pub struct Imported {
    /// The key's card.
    pub card: KeyCard,
    /// The id it stands under.
    pub key_id: KeyId,
    /// What the node holds of it.
    pub statement: Signed<Holding>,
}

/// Gives an import, read from `file`, to its node. With `as_new` the share goes under the other id of the key.
pub fn run(
    workspace: &mut Workspace,
    mut import: DirtyImport,
    file: &Path,
    server: &Name,
    as_new: Option<&KeyId>,
) -> Result<Imported, CeremonyError> {
    if import.node != *server {
        return Err(CeremonyError::After {
            source: Box::new(ShardError::Holder { given: import.node, expected: server.clone() }.into()),
            state: "nothing was imported".into(),
            hint: format!(
                "have the custodian run: quorate share rewrap SHARD --identity IDENTITY --to-node {server} --out FILE"
            ),
        });
    }
    if let Some(new_id) = as_new {
        let alias = workspace.inventory().alias(new_id, workspace.chain()?)?;
        import.alias_card = Some(alias.ok_or(CeremonyError::UnknownKey(*new_id))?);
    }
    let card = import.key_card.clone().check(workspace.chain()?)?;
    let key_id = import.key_id();
    let params = params_of(&import, server)?;
    let mut nodes = workspace.nodes(std::slice::from_ref(server))?;
    let request = workspace.request(Action::Import(params), Some(card.hash()), &nodes)?;
    let note = Workspace::note_of(Event::ShareImportInitiated, &request)?;
    workspace.intend(&request, note.with("server", server).with("custodian", &import.custodian))?;
    let node = nodes.first_mut().ok_or(CeremonyError::NoNodes)?;
    let mut again = format!("quorate share import {} --server {server}", file.display());
    as_new.iter().for_each(|id| again.push_str(&format!(" --as-new {id}")));
    let open = Open {
        op_id: request.request.op_id,
        servers: vec![server.clone()],
        again: Some(again),
        ..Open::of_run(Kind::Import, Some(key_id))
    };
    workspace.journal().begin(&open)?;
    let call = Call::Import { request: Box::new(request.clone()), import: Box::new(import) };
    let statement = match node.node.handle(call) {
        Ok(Reply::Holding(statement)) => statement,
        Ok(_) => return Err(unexpected(&*node.node).into()),
        Err(source) => {
            // A node that holds nothing of it refused; otherwise doctor has it.
            let over = settle(workspace, &open).unwrap_or(false);
            let state = if over { "nothing was imported" } else { "the server may have taken the share" };
            let hint = if over { "quorate key show --key" } else { "quorate doctor; quorate key show --key" };
            return Err(CeremonyError::After {
                source: Box::new(source.into()),
                state: state.into(),
                hint: format!("{hint} {key_id}; the same import may be given again"),
            });
        }
    };
    statements::check_holding(workspace, &card, node, Some(request.request.op_id), &statement)?;
    // A workspace that lost its inventory gets the card back.
    workspace.inventory().complete(&card, None)?;
    let note = Workspace::note_of(Event::ShareImported, &request)?;
    workspace.note(note.with("server", server).with("shares", statement.statement.shares))?;
    workspace
        .journal()
        .done(Kind::Import, |open| open.key_id == Some(key_id) && open.servers.contains(server))?;
    Ok(Imported { card, key_id, statement: *statement })
}

/// What is asked of a node: to keep just this.
pub fn params_of(import: &DirtyImport, server: &Name) -> Result<ImportParams, CeremonyError> {
    Ok(ImportParams {
        key_id: import.key_id(),
        server: server.clone(),
        share_blob_hash: import.parcel.share_hash().ok_or(ShardError::Empty)?,
        aux_blob_hash: import.parcel.aux_hash(),
    })
}

/// Settles an import that stopped: one that the node took is noted as done, one of which the node holds nothing
/// is forgotten. Whether it is settled: a node that has the aux and not yet the share needs the import again.
pub fn settle(workspace: &mut Workspace, open: &Open) -> Result<bool, CeremonyError> {
    let key_id = open.key_id.ok_or_else(|| CeremonyError::Damaged("an import of no key".into()))?;
    let held = keys::ask(&mut workspace.nodes(&open.servers)?, &key_id)?;
    if held.iter().any(|server| server.resident.share) {
        let mut note = Note::new(Event::ShareImported).with("found", "resident");
        (note.op_id, note.key_id) = (Some(open.op_id), Some(key_id));
        workspace.note(open.servers.iter().fold(note, |note, server| note.with("server", server)))?;
    } else if held.iter().any(|server| server.resident.aux) {
        return Ok(false);
    }
    workspace.journal().end(&open.op_id)?;
    Ok(true)
}
