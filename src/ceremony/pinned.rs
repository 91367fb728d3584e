//! Nodes as a workspace opens them.

use super::CeremonyError;
use crate::{
    ids::Name,
    node::{Call, Hello, Node, NodeError, Reply},
};

/// A node whose card and genesis are those the workspace pinned.
pub struct PinnedNode {
    /// The way to it.
    pub node: Box<dyn Node>,
    /// What it said when it was opened.
    pub hello: Hello,
}

impl PinnedNode {
    /// Asks a node who it is.
    pub(super) fn greet(mut node: Box<dyn Node>) -> Result<Self, CeremonyError> {
        let hello = hello(&mut *node)?;
        Ok(Self { node, hello })
    }

    /// Its name.
    pub fn name(&self) -> &Name {
        self.node.name()
    }

    /// Asks again where its log stands.
    pub fn refresh(&mut self) -> Result<(), CeremonyError> {
        self.hello = hello(&mut *self.node)?;
        Ok(())
    }

    /// The last lines of its log, oldest first.
    pub fn log_tail(&mut self, tail: u32) -> Result<Vec<String>, CeremonyError> {
        match self.node.handle(Call::Audit { tail })? {
            Reply::Audit(lines) => Ok(lines),
            _ => Err(unexpected(&*self.node).into()),
        }
    }
}

fn hello(node: &mut dyn Node) -> Result<Hello, CeremonyError> {
    let Reply::Hello(hello) = node.handle(Call::Hello)? else {
        return Err(unexpected(node).into());
    };
    if hello.head.node != *node.name() || hello.head.counter >= 1 << 53 {
        return Err(unexpected(node).into());
    }
    Ok(*hello)
}

/// An answer that does not fit its question.
pub fn unexpected(node: &dyn Node) -> NodeError {
    let message = format!("{} gave an answer that does not fit its question", node.name());
    NodeError::new(crate::node::FailureKind::Bug, message)
}
