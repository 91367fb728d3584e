//! What is asked of nodes, in the one form that requesters and approvers sign.
#![doc = include_str!("request/format.md")]

mod action;
mod approved;
mod quorum;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

pub use self::action::{
    Action, AliasParams, AuxParams, Content, DeleteParams, ExportParams, GenerateParams, GovernParams,
    ImportParams, KeyParams, RecoverParams, SignParams, UnlockParams,
};
pub(crate) use self::approved::check_adoption;
pub(crate) use self::approved::check_also;
pub use self::approved::{Approved, check_form, check_requester, was_approved};
pub use self::quorum::{Judged, Need, Verdict, needs};

use crate::{
    codec::{CodecError, HexArray, UniqueFields},
    digest::Hash,
    genesis::Genesis,
    ids::{KeyId, Name, OpId, Time},
    keyshare::{KeyShareError, Purpose},
    signing_key::{BadSignature, PublicKey, Signature, SigningKey},
    wrap::recipient::Recipient,
};

/// Longest message a request carries, in bytes.
pub const MESSAGE_CAP: usize = 256 * 1024;

/// Most approvals beside one request.
pub const APPROVALS_CAP: usize = 64;

/// Most attempts one request may allow.
pub const ATTEMPTS_CAP: u16 = 16;

/// Why a node or this program refuses a request.
#[derive(Debug, thiserror::Error)]
pub enum RequestError {
    #[error("the request has version {0}; this program reads version 1")]
    Version(u32),
    #[error("the request is for another genesis ({given}) than the one in force ({current})")]
    Genesis { given: Hash, current: Hash },
    #[error("the request is for another policy than the one in force")]
    Policy,
    #[error("the request is not valid before {0}")]
    NotYet(Time),
    #[error("the request expired at {0}")]
    Expired(Time),
    #[error("the request would be valid for longer than the policy allows ({0} s)")]
    Lifetime(u32),
    #[error("the request allows {0} attempts; 1 to 16 are possible")]
    Attempts(u16),
    #[error("in rehearsal the requester is 'operator' and does not sign")]
    Requester,
    #[error("{0}")]
    Approvals(quorum::Missing),
    #[error("the requester {0} is not enrolled, or is an auditor")]
    Stranger(Name),
    #[error("{0} is no key generator, and in production only those ask for keys to be made")]
    KeyGenerator(Name),
    #[error("the request is not signed by its requester {0}")]
    Unsigned(Name),
    #[error("the recipient given is not that of {0}'s enrolled card")]
    Owner(Name),
    #[error("a request has at most {APPROVALS_CAP} approvals")]
    Crowd,
    #[error("the request is about no key")]
    NoKey,
    #[error("the proposal beside the request is another one than it names")]
    Proposal,
    #[error("a reason has 1 to 500 printable characters, on one line")]
    Reason,
    #[error("approvals are not accepted under a rehearsal genesis")]
    RehearsalApprovals,
    #[error("the purpose '{0}' is not allowed by the policy")]
    Purpose(Purpose),
    #[error("the policy does not allow blind signatures over a bare digest")]
    Blind,
    #[error("a message in a request has at most {MESSAGE_CAP} bytes; hash a longer one and sign its digest")]
    Message,
    #[error("no derivation path but the empty one exists yet")]
    Path,
    #[error("the request does not name the key's card")]
    NoCard,
    #[error("indices must be ascending and count from 1")]
    Indices,
    #[error("the log heads in the request are not one for each node and the workspace at most")]
    Heads,
    #[error("{0} is named twice")]
    Twice(Name),
    #[error("no custodian is enrolled for {0}")]
    NoCustodian(Name),
    #[error("the recipient given for {0} is not that of the custodian enrolled for {1}")]
    Custodian(Name, Name),
    #[error("{0} is not a server of this node set")]
    Server(Name),
    #[error("a key that needs every server survives the loss of none; ask for it with --no-loss-tolerance")]
    NoLossTolerance,
    #[error(transparent)]
    Key(#[from] KeyShareError),
    #[error(transparent)]
    Codec(#[from] CodecError),
}

/// Where the log of a node, or of the workspace, stood when the request was made.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct NodeHead {
    /// The node, or [`crate::audit::WORKSPACE`].
    pub node: Name,
    /// Number of entries in its log.
    pub counter: u64,
    /// Hash of the last of them; zero for an empty log.
    pub head: Hash,
}

/// The part of a request that is hashed and signed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct Request {
    /// Format version, 1.
    pub version: u32,
    /// What to do.
    pub action: Action,
    /// The genesis version in force.
    pub genesis_hash: Hash,
    /// The policy in it.
    pub policy_hash: Hash,
    /// The key's card, once there is one.
    pub key_card_hash: Option<Hash>,
    /// An enrolled person, or `operator` in rehearsal.
    pub requester: Name,
    /// Single-use id.
    pub op_id: OpId,
    /// How often the protocol may be started for this request.
    pub max_attempts: u16,
    /// Not valid before.
    pub not_before: Time,
    /// Not valid from this moment on.
    pub expiry: Time,
    /// "The log contains this entry."
    pub node_heads: Vec<NodeHead>,
}

impl Request {
    /// The hash that requester and approvers sign.
    pub fn hash(&self) -> Result<Hash, CodecError> {
        Hash::of("request", self)
    }

    /// The key it is about.
    pub fn key_id(&self) -> Result<KeyId, RequestError> {
        self.action.key_id().ok_or(RequestError::NoKey)
    }
}

/// The request as it stands in JSON: the action is spread over `operation` and `params`.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Wire {
    version: u32,
    operation: String,
    genesis_hash: Hash,
    policy_hash: Hash,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    key_card_hash: Option<Hash>,
    params: UniqueFields,
    requester: Name,
    op_id: OpId,
    max_attempts: u16,
    not_before: Time,
    expiry: Time,
    node_heads: Vec<NodeHead>,
}

impl TryFrom<Wire> for Request {
    type Error = serde_json::Error;

    fn try_from(wire: Wire) -> Result<Self, serde_json::Error> {
        let action = serde_json::json!({ "operation": wire.operation, "params": wire.params.0 });
        Ok(Self {
            version: wire.version,
            action: serde_json::from_value(action)?,
            genesis_hash: wire.genesis_hash,
            policy_hash: wire.policy_hash,
            key_card_hash: wire.key_card_hash,
            requester: wire.requester,
            op_id: wire.op_id,
            max_attempts: wire.max_attempts,
            not_before: wire.not_before,
            expiry: wire.expiry,
            node_heads: wire.node_heads,
        })
    }
}

impl From<Request> for Wire {
    fn from(request: Request) -> Self {
        let operation = request.action.operation().to_owned();
        // An action is made of strings, integers and lists; turning it into a value cannot fail.
        let params = match serde_json::to_value(&request.action) {
            Ok(serde_json::Value::Object(mut fields)) => fields.remove("params"),
            _ => None,
        };
        Self {
            version: request.version,
            operation,
            genesis_hash: request.genesis_hash,
            policy_hash: request.policy_hash,
            key_card_hash: request.key_card_hash,
            params: UniqueFields(params.unwrap_or_default()),
            requester: request.requester,
            op_id: request.op_id,
            max_attempts: request.max_attempts,
            not_before: request.not_before,
            expiry: request.expiry,
            node_heads: request.node_heads,
        }
    }
}

/// A person's agreement to one request.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Approval {
    /// Who agrees.
    pub approver: Name,
    /// To what.
    pub request_hash: Hash,
    /// The approver's key.
    pub approval_key: PublicKey,
    /// Over the request hash, in the approval domain.
    pub signature: Signature,
}

impl Approval {
    /// What an approver signs: a request, and their own name and key.
    fn domain_hash(approver: &Name, request_hash: &Hash, key: &PublicKey) -> Hash {
        let name = approver.as_str().as_bytes();
        Hash::tagged("approval", &[request_hash.as_bytes(), &key.0.0, name])
    }

    /// Agrees.
    pub fn sign(approver: Name, request_hash: Hash, key: &SigningKey) -> Self {
        let approval_key = key.public();
        let signature = key.sign(&Self::domain_hash(&approver, &request_hash, &approval_key));
        Self { approver, request_hash, approval_key, signature }
    }

    /// That the holder of its key agreed; whose key it is, the genesis tells.
    pub fn verify(&self) -> Result<(), BadSignature> {
        let hash = Self::domain_hash(&self.approver, &self.request_hash, &self.approval_key);
        self.approval_key.verify(&hash, &self.signature)
    }
}

/// A recipient a node made for one attempt of one operation.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct OneTimeRecipient {
    /// The node.
    pub node: Name,
    /// The operation.
    pub op_id: OpId,
    /// Its request.
    pub request_hash: Hash,
    /// The attempt.
    pub attempt: u16,
    /// Where the grant is sealed to.
    pub recipient: Recipient,
    /// By the node.
    pub signature: Signature,
}

impl OneTimeRecipient {
    /// Signs a recipient that was made for one attempt of a request.
    pub fn sign(
        node: Name,
        request: (OpId, Hash),
        attempt: u16,
        recipient: Recipient,
        key: &SigningKey,
    ) -> Self {
        let (op_id, request_hash) = request;
        let mut one = Self { node, op_id, request_hash, attempt, recipient, signature: HexArray([0; 64]) };
        one.signature = key.sign(&one.domain_hash());
        one
    }

    /// That `key` signed it.
    pub fn verify(&self, key: &PublicKey) -> Result<(), BadSignature> {
        key.verify(&self.domain_hash(), &self.signature)
    }

    fn domain_hash(&self) -> Hash {
        let Self { node, op_id, request_hash, attempt, recipient, .. } = self;
        let parts: [&[u8]; 5] = [
            &op_id.0,
            request_hash.as_bytes(),
            &attempt.to_be_bytes(),
            recipient.as_bytes(),
            node.as_str().as_bytes(),
        ];
        Hash::tagged("one-time-recipient", &parts)
    }
}

/// A request with what was gathered for it. Nothing in it is believed yet.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct SignedRequest {
    /// The request.
    pub request: Request,
    /// By the requester; absent in rehearsal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requester_signature: Option<Signature>,
    /// Empty in rehearsal.
    pub approvals: Vec<Approval>,
    /// Filled by nodes for grants.
    pub one_time_recipients: Vec<OneTimeRecipient>,
    /// The version that a `govern` request is about, for those who are to read it; the request has its hash.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proposal: Option<Box<Genesis>>,
}

impl SignedRequest {
    /// A rehearsal request by the operator.
    pub fn unsigned(request: Request) -> Self {
        Self {
            request,
            requester_signature: None,
            approvals: Vec::new(),
            one_time_recipients: Vec::new(),
            proposal: None,
        }
    }

    /// An enrolled person's request, signed with their approval key.
    pub fn signed(request: Request, key: &SigningKey) -> Result<Self, CodecError> {
        let requester_signature = Some(key.sign(&request.hash()?));
        Ok(Self { requester_signature, ..Self::unsigned(request) })
    }
}
