//! `share import`: a share that its custodian re-wrapped for a node stays there.

use super::{
    CeremonyError, nodes as statements,
    workspace::{Workspace, unexpected},
};
use crate::{
    audit::Event,
    ids::{KeyId, Name},
    keyshare::KeyCard,
    node::{Call, NodeError, Reply},
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

/// Gives an import to its node. With `as_new` the share goes under the other id of the key.
pub fn run(
    workspace: &mut Workspace,
    mut import: DirtyImport,
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
    let share_blob_hash = import.parcel.share_hash().ok_or(ShardError::Empty)?;
    let params = ImportParams {
        key_id,
        server: server.clone(),
        share_blob_hash,
        aux_blob_hash: import.parcel.aux_hash(),
    };
    let mut nodes = workspace.nodes(std::slice::from_ref(server))?;
    let request = workspace.request(Action::Import(params), Some(card.hash()), &nodes)?;
    let note = Workspace::note_of(Event::ShareImportInitiated, &request)?;
    workspace.note(note.with("server", server).with("custodian", &import.custodian))?;
    let node = nodes.first_mut().ok_or(CeremonyError::NoNodes)?;
    let call = Call::Import { request: Box::new(request.clone()), import: Box::new(import) };
    let refused = |source: NodeError| CeremonyError::After {
        source: Box::new(source.into()),
        state: "nothing was imported, unless the connection was lost after the server took it".into(),
        hint: format!("quorate key show --key {key_id}; the same import may be given again"),
    };
    let Reply::Holding(statement) = node.node.handle(call).map_err(refused)? else {
        return Err(unexpected(&*node.node).into());
    };
    statements::check_holding(workspace.chain()?, &card, node, Some(request.request.op_id), &statement)?;
    // A workspace that lost its inventory gets the card back.
    workspace.inventory().complete(&card, None)?;
    let note = Workspace::note_of(Event::ShareImported, &request)?;
    workspace.note(note.with("server", server).with("shares", statement.statement.shares))?;
    Ok(Imported { card, key_id, statement: *statement })
}
