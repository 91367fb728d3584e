//! `node status`: what nodes say of themselves, signed.

use super::{
    CeremonyError,
    workspace::{Workspace, unexpected},
};
use crate::{
    ids::Name,
    node::{Call, Reply},
    statement::{Signed, Status},
};

/// Asks each node for its signed account, and checks the signature.
pub fn status(workspace: &Workspace, names: &[Name]) -> Result<Vec<Signed<Status>>, CeremonyError> {
    let mut statements = Vec::new();
    for mut pinned in workspace.nodes(names)? {
        let Reply::Status(signed) = pinned.node.handle(Call::Status)? else {
            return Err(unexpected(&*pinned.node).into());
        };
        let own = signed.statement.node == *pinned.name() && signed.statement.version == 1;
        if !own || signed.verify(&pinned.hello.card.card.signing_key).is_err() {
            return Err(unexpected(&*pinned.node).into());
        }
        statements.push(*signed);
    }
    Ok(statements)
}
