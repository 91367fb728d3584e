//! `key alias`: a second id for a key, signed by all nodes that hold an index of it. Imports may then stand under
//! that id; card, shares and what nodes keep of the point stay the same.

use rand_core::OsRng;

use super::{
    CeremonyError,
    workspace::{Workspace, unexpected},
};
use crate::{
    audit::Event,
    ids::{KeyId, Label},
    keyshare::{AliasBody, DirtyAlias, KeyCard},
    node::{Call, Reply},
    request::{Action, AliasParams},
};

/// Makes an alias and keeps it in the inventory.
pub fn run(
    workspace: &mut Workspace,
    key_id: &KeyId,
    label: Option<Label>,
) -> Result<(KeyCard, DirtyAlias), CeremonyError> {
    let card = workspace.inventory().card(key_id, workspace.chain()?)?;
    let holders = card.body().holders(workspace.chain()?)?;
    let mut nodes = workspace.nodes(&holders)?;
    let new_key_id = KeyId::random(&mut OsRng);
    let params = AliasParams { key_id: *key_id, new_key_id, label: label.clone() };
    let request = workspace.request(Action::Alias(params), Some(card.hash()), &nodes)?;
    let note = Workspace::note_of(Event::AliasSigned, &request)?.with("newKeyId", new_key_id);
    workspace.intend(&request, note)?;
    let mut signatures = Vec::new();
    for pinned in &mut nodes {
        match pinned.node.handle(Call::Alias { request: Box::new(request.clone()) })? {
            Reply::AliasSigned(signature) => signatures.push(signature),
            _ => return Err(unexpected(&*pinned.node).into()),
        }
    }
    let alias = AliasBody {
        version: 1,
        new_key_id,
        key_card_hash: card.hash(),
        label,
        op_id: request.request.op_id,
        genesis_hash: workspace.chain()?.current_hash(),
    };
    let alias = DirtyAlias { alias, signatures };
    alias.check(workspace.chain()?, &card)?;
    workspace.inventory().add_alias(&card, &alias)?;
    Ok((card, alias))
}
