//! What nodes say of themselves, signed: all they hold (`node status`), and what they hold of one key.

use rand_core::OsRng;

use super::{
    CeremonyError,
    workspace::{PinnedNode, Workspace, unexpected},
};
use crate::{
    codec::HexArray,
    ids::{Name, OpId},
    keyshare::KeyCard,
    node::{Call, Reply},
    statement::{Holding, Signed, Status},
};

/// Asks each node for its signed account, and checks the signature.
pub fn status(workspace: &Workspace, names: &[Name]) -> Result<Vec<Signed<Status>>, CeremonyError> {
    let mut statements = Vec::new();
    for mut pinned in workspace.nodes(names)? {
        statements.push(status_of(&mut pinned)?);
    }
    Ok(statements)
}

/// One node's account, made for this question.
pub fn status_of(pinned: &mut PinnedNode) -> Result<Signed<Status>, CeremonyError> {
    let nonce = HexArray::random(&mut OsRng);
    let Reply::Status(signed) = pinned.node.handle(Call::Status { nonce })? else {
        return Err(unexpected(&*pinned.node).into());
    };
    let said = &signed.statement;
    let own = said.node == *pinned.name() && said.version == 1 && said.nonce == nonce;
    if !own || signed.verify(&pinned.hello.card.card.signing_key).is_err() {
        return Err(unexpected(&*pinned.node).into());
    }
    Ok(*signed)
}

/// That a statement is this node's own, about this key and operation, and made after it was greeted. Where its log stood
/// then is remembered.
pub fn check_holding(
    workspace: &Workspace,
    card: &KeyCard,
    node: &PinnedNode,
    op_id: Option<OpId>,
    statement: &Signed<Holding>,
) -> Result<(), CeremonyError> {
    let (name, chain) = (node.name(), workspace.chain()?);
    let refused = |what: &str| CeremonyError::Forged(format!("what {name} states about the key {what}"));
    let pinned = chain.current().node(name).ok_or_else(|| refused("is of no server of this genesis"))?;
    statement.verify(&pinned.card.signing_key).map_err(|_| refused("is not signed by it"))?;
    let said = &statement.statement;
    let fits = said.version == 1
        && said.node == *name
        && said.genesis_id == chain.current().genesis_id
        && said.op_id == op_id
        && said.key_card_hash == card.hash()
        && card.body().holders(chain)?.get(usize::from(said.index).wrapping_sub(1)) == Some(name)
        && said.head.node == *name
        && said.head.counter > node.hello.head.counter;
    if !fits {
        return Err(refused("is about something else, or old"));
    }
    workspace.witness(&said.head).map(drop)
}
