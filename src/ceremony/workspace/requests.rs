//! What a workspace asks of nodes: requests with the heads of all logs, signed by whoever asks, kept with their approvals
//! before the first node sees them.

use rand_core::OsRng;

use super::{Workspace, workspace_name};
use crate::{
    audit::{Event, Note, WORKSPACE},
    ceremony::{CeremonyError, kept::KeptRequests, pinned::PinnedNode},
    codec::{self, HexArray, JSON_CAP},
    digest::Hash,
    ids::{Name, Time},
    request::{Action, NodeHead, Request, SignedRequest},
    store::Table,
};

/// Attempts a request allows.
const MAX_ATTEMPTS: u16 = 3;

/// How far clocks may differ between operator and nodes, in seconds.
const CLOCK_SKEW: i64 = 300;

impl Workspace {
    /// A rehearsal request by the operator, which names where the nodes' logs stand, or stood when they were
    /// last asked: a node that was put back to an older copy refuses it (R39). It names where this workspace's
    /// log stands, too.
    pub fn request(
        &self,
        action: Action,
        key_card_hash: Option<Hash>,
        nodes: &[PinnedNode],
    ) -> Result<SignedRequest, CeremonyError> {
        self.request_for(action, key_card_hash, nodes, None)
    }

    /// The same, valid until then instead of as long as the policy allows.
    pub fn request_for(
        &self,
        action: Action,
        key_card_hash: Option<Hash>,
        nodes: &[PinnedNode],
        until: Option<Time>,
    ) -> Result<SignedRequest, CeremonyError> {
        if let Some(given) = self.authority.given_for(&action, key_card_hash) {
            return Ok(given.clone());
        }
        let chain = self.chain()?;
        let policy = &chain.current().policy;
        let not_before = Time::now().plus_seconds(-CLOCK_SKEW);
        let end = not_before.plus_seconds(policy.validity_seconds.into());
        let mut node_heads = Vec::new();
        for node in nodes {
            node_heads.push(self.witness(&node.hello.head)?);
        }
        // The nodes write it into their logs: what is cut off this one later, they have seen. Where none is asked, another
        // home may carry the request out, and knows nothing of this one's log.
        if !nodes.is_empty() {
            let own = self.log().head();
            node_heads.push(NodeHead { node: workspace_name()?, counter: own.counter, head: own.hash });
        }
        let request = Request {
            version: 1,
            genesis_hash: chain.current_hash(),
            policy_hash: policy.hash()?,
            key_card_hash,
            requester: self.authority.requester(chain.current().mode, &action)?,
            action,
            op_id: HexArray::random(&mut OsRng),
            max_attempts: MAX_ATTEMPTS,
            not_before,
            expiry: until.map_or(end, |until| until.min(end)),
            node_heads,
        };
        self.authority.sign(request, chain.current().mode)
    }

    /// Which attempt of a request is next: counted here, so that one that was given is not begun where it ended.
    pub(in crate::ceremony) fn next_attempt(&self, request: &SignedRequest) -> Result<u16, CeremonyError> {
        let key = format!("attempts/{}", request.request.op_id);
        let before = self.store.get(Table::Log, key.as_bytes())?;
        let before =
            before.and_then(|bytes| <[u8; 2]>::try_from(bytes.as_slice()).ok()).map(u16::from_be_bytes);
        let next = before.unwrap_or_default().saturating_add(1);
        self.store.put(Table::Log, key.as_bytes(), next.to_be_bytes().to_vec())?;
        Ok(next)
    }

    /// Never carries a request out that no server judges.
    pub(in crate::ceremony) fn give_up(&self, request: &SignedRequest) -> Result<(), CeremonyError> {
        Ok(self.store.put(Table::Log, given_up(&request.request.hash()?).as_bytes(), Vec::new())?)
    }

    /// What the log says was given up is, though the run that wrote so was stopped then.
    pub(super) fn finish_given_up(&self) -> Result<(), CeremonyError> {
        let last = self.log().last_entry().map(|signed| (signed.entry.event, signed.entry.request_hash));
        match last {
            Some((Event::RequestCancelled, Some(hash))) => {
                Ok(self.store.put(Table::Log, given_up(&hash).as_bytes(), Vec::new())?)
            }
            _ => Ok(()),
        }
    }

    /// Whether a request was given up here.
    pub(in crate::ceremony) fn gave_up(&self, request: &SignedRequest) -> Result<bool, CeremonyError> {
        Ok(self.store.get(Table::Log, given_up(&request.request.hash()?).as_bytes())?.is_some())
    }

    /// Asks a node where its log stands, after it did something that an old copy of it would not know of.
    pub(in crate::ceremony) fn saw(&self, node: &mut PinnedNode) -> Result<(), CeremonyError> {
        node.refresh()?;
        self.witness(&node.hello.head).map(drop)
    }

    /// Remembers where a node's log stands; returns the furthest that is known of it.
    pub(in crate::ceremony) fn witness(&self, head: &NodeHead) -> Result<NodeHead, CeremonyError> {
        match self.witnessed(&head.node)? {
            Some(before) if before.counter >= head.counter => Ok(before),
            _ => {
                let key = format!("witness/{}", head.node);
                self.store.put(Table::Log, key.as_bytes(), codec::canonical("log head", head)?)?;
                Ok(head.clone())
            }
        }
    }

    /// Where this workspace itself last saw the logs of these nodes: what a request says of them is its requester's word.
    pub(super) fn seen_of(&self, heads: &[NodeHead]) -> Result<Vec<NodeHead>, CeremonyError> {
        let mut seen = Vec::with_capacity(heads.len());
        for head in heads {
            seen.extend(self.witnessed(&head.node)?);
        }
        Ok(seen)
    }

    fn witnessed(&self, node: &Name) -> Result<Option<NodeHead>, CeremonyError> {
        let bytes = self.store.get(Table::Log, format!("witness/{node}").as_bytes())?;
        Ok(bytes.map(|bytes| codec::from_json("log head", &bytes, JSON_CAP)).transpose()?)
    }

    /// A log entry about a request.
    pub fn note_of(event: Event, request: &SignedRequest) -> Result<Note, CeremonyError> {
        let body = &request.request;
        let mut note = Note::new(event).with("operation", body.action.operation());
        note.op_id = Some(body.op_id);
        note.request_hash = Some(body.hash()?);
        note.key_id = body.action.key_id();
        note.heads = body.node_heads.iter().filter(|h| h.node.as_str() != WORKSPACE).cloned().collect();
        Ok(note)
    }

    /// The requests that were carried out here, or tried.
    pub fn kept(&self) -> KeptRequests {
        KeptRequests::of_home(&self.home)
    }

    /// Keeps a request with its approvals, and writes the intent down: before the first node is asked.
    pub fn intend(&mut self, request: &SignedRequest, note: Note) -> Result<(), CeremonyError> {
        self.kept().keep(request, self.chain().ok())?;
        self.note(note)
    }
}

fn given_up(hash: &Hash) -> String {
    format!("given-up/{hash}")
}
