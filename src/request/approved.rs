//! What makes a request one that may be carried out.

use std::collections::BTreeSet;

use super::{
    APPROVALS_CAP, ATTEMPTS_CAP, Action, Content, ExportParams, GovernParams, MESSAGE_CAP, Need, NodeHead,
    RecoverParams, Request, RequestError, SignedRequest, needs, quorum,
};
use crate::{
    audit::WORKSPACE,
    digest::Hash,
    genesis::{Chain, Genesis, Mode},
    ids::{Name, Reason, Time},
    keyshare::check_threshold,
    policy::Role,
    signing_key::PublicKey,
};

/// A request that may be carried out. [`Approved::check`] is the only way to one, so that acting on an
/// unapproved request does not compile.
#[derive(Clone, Debug)]
pub struct Approved<T> {
    what: T,
    hash: Hash,
}

impl Approved<Request> {
    /// Checks a request against the genesis in force and this node's clock.
    pub fn check(signed: SignedRequest, chain: &Chain, now: Time) -> Result<Self, RequestError> {
        check_form(&signed.request, chain, now)?;
        check_quorum(&signed, chain, signed.proposal.as_deref())?;
        let hash = signed.request.hash()?;
        Ok(Self { what: signed.request, hash })
    }
}

/// That a request was approved under the version of the chain that it names, at some time while it was valid. It is
/// evidence of what people agreed to; nothing is carried out on it.
pub fn was_approved(signed: &SignedRequest, chain: &Chain) -> Result<(), RequestError> {
    let (given, current) = (signed.request.genesis_hash, chain.current_hash());
    let then = chain.until(&given).ok_or(RequestError::Genesis { given, current })?;
    check_form(&signed.request, &then, signed.request.not_before)?;
    check_quorum(signed, &then, signed.proposal.as_deref())
}

/// That the people of the version in force agreed to `next`. When they did, the nodes that signed it judged.
pub(crate) fn check_adoption(
    adoption: &SignedRequest,
    chain: &Chain,
    next: &Genesis,
) -> Result<(), RequestError> {
    let request = &adoption.request;
    check_bound(request, chain)?;
    check_quorum(adoption, chain, Some(next))?;
    let about = Action::Govern(GovernParams { next_hash: next.hash()? });
    let bare = adoption.proposal.is_none() && adoption.one_time_recipients.is_empty();
    if request.action == about && bare { Ok(()) } else { Err(RequestError::Proposal) }
}

/// A version that this node has signed binds it, though it is not in force yet: somebody may keep from the node that all
/// have signed it. Whoever asks, agrees or is given a share must be able to under both, and enough people agree under each.
pub(crate) fn check_also(signed: &SignedRequest, chain: &Chain, next: &Genesis) -> Result<(), RequestError> {
    if chain.current().mode == Mode::Rehearsal {
        return Ok(());
    }
    check_requester(signed, next)?;
    match &signed.request.action {
        Action::Recover(params) => check_owner(params, next)?,
        Action::Export(params) => check_custodian(params, next.holder(&params.server), next)?,
        _ => {}
    }
    let stays = |name: &Name, key: &PublicKey| {
        next.person(name).is_some_and(|person| person.card.card.approval_key == *key)
    };
    let mut left = signed.clone();
    left.approvals.retain(|approval| stays(&approval.approver, &approval.approval_key));
    let proposal = signed.proposal.as_deref();
    check_quorum(&left, chain, proposal)?;
    enough(quorum::needs_of(&left, chain, next, proposal)?)
}

/// Everything about a request but who agreed to it: version, genesis, policy, time, parameters.
pub fn check_form(request: &Request, chain: &Chain, now: Time) -> Result<(), RequestError> {
    check_bound(request, chain)?;
    check_validity(request, chain.current(), now)?;
    check_action(request, chain.current())
}

/// It is for the version in force and its policy.
fn check_bound(request: &Request, chain: &Chain) -> Result<(), RequestError> {
    if request.version != 1 {
        return Err(RequestError::Version(request.version));
    }
    if request.genesis_hash != chain.current_hash() {
        let (given, current) = (request.genesis_hash, chain.current_hash());
        return Err(RequestError::Genesis { given, current });
    }
    if request.policy_hash != chain.current().policy.hash()? {
        return Err(RequestError::Policy);
    }
    Ok(())
}

impl<T> Approved<T> {
    /// What was approved.
    pub fn get(&self) -> &T {
        &self.what
    }

    /// The request's hash.
    pub fn hash(&self) -> Hash {
        self.hash
    }
}

fn check_validity(request: &Request, genesis: &Genesis, now: Time) -> Result<(), RequestError> {
    if now < request.not_before {
        return Err(RequestError::NotYet(request.not_before));
    }
    if now >= request.expiry {
        return Err(RequestError::Expired(request.expiry));
    }
    let seconds = genesis.policy.validity_seconds;
    if request.expiry > request.not_before.plus_seconds(seconds.into()) {
        return Err(RequestError::Lifetime(seconds));
    }
    if !(1..=ATTEMPTS_CAP).contains(&request.max_attempts) {
        return Err(RequestError::Attempts(request.max_attempts));
    }
    Ok(())
}

/// What can be judged without knowing the key.
fn check_action(request: &Request, genesis: &Genesis) -> Result<(), RequestError> {
    let ascending = |indices: &[u16]| {
        let rising = indices.windows(2).all(|pair| matches!(pair, [a, b] if a < b));
        if rising && indices.first().is_some_and(|first| *first > 0) {
            Ok(())
        } else {
            Err(RequestError::Indices)
        }
    };
    let cardless = matches!(request.action, Action::Generate(_) | Action::Abandon(_) | Action::Govern(_));
    if request.key_card_hash.is_none() && !cardless {
        return Err(RequestError::NoCard);
    }
    let mut named = BTreeSet::new();
    let whose = |name: &Name| name.as_str() == WORKSPACE || genesis.node(name).is_some();
    let known = |head: &NodeHead| whose(&head.node) && head.counter < 1 << 53;
    if !request.node_heads.iter().all(|head| known(head) && named.insert(&head.node)) {
        return Err(RequestError::Heads);
    }
    match &request.action {
        Action::Generate(params) => {
            if !genesis.policy.purposes.contains(&params.purpose) {
                return Err(RequestError::Purpose(params.purpose));
            }
            check_threshold(params.threshold, params.roster.len())?;
            if usize::from(params.threshold) == params.roster.len() && !params.no_loss_tolerance {
                return Err(RequestError::NoLossTolerance);
            }
            let mut named = BTreeSet::new();
            if let Some(twice) = params.roster.iter().find(|name| !named.insert(*name)) {
                return Err(RequestError::Twice(twice.clone()));
            }
            match params.roster.iter().find(|name| genesis.node(name).is_none()) {
                Some(unknown) => Err(RequestError::Server(unknown.clone())),
                None => Ok(()),
            }
        }
        Action::Activate(_) | Action::Abandon(_) | Action::Alias(_) | Action::Govern(_) => Ok(()),
        Action::Aux(params) => ascending(&params.holders),
        Action::Import(params) => check_server(&params.server, genesis),
        // A culprit may have been replaced since.
        Action::Unlock(params) => check_reason(&params.reason),
        Action::DeleteWithoutReceipt(params) => {
            check_reason(&params.reason)?;
            check_server(&params.server, genesis)
        }
        Action::Recover(params) => check_recover(params, genesis),
        Action::Export(params) => check_export(params, genesis),
        Action::Sign(params) => {
            ascending(&params.signers)?;
            if !params.path.is_empty() {
                return Err(RequestError::Path);
            }
            match &params.content {
                Content::Digest { .. } if !genesis.policy.allow_blind => Err(RequestError::Blind),
                Content::Message { message, .. } if message.len() > MESSAGE_CAP => Err(RequestError::Message),
                _ => Ok(()),
            }
        }
    }
}

fn check_server(server: &Name, genesis: &Genesis) -> Result<(), RequestError> {
    genesis.node(server).map(|_| ()).ok_or_else(|| RequestError::Server(server.clone()))
}

/// Reasons are shown and logged as they are.
fn check_reason(reason: &str) -> Result<(), RequestError> {
    reason.parse::<Reason>().map(drop).map_err(|_| RequestError::Reason)
}

/// Shares go to the enrolled recipient of the person who is named as its owner (R22, R43).
fn check_recover(params: &RecoverParams, genesis: &Genesis) -> Result<(), RequestError> {
    check_reason(&params.reason)?;
    let mut named = BTreeSet::new();
    for server in &params.servers {
        check_server(server, genesis)?;
        if !named.insert(server) {
            return Err(RequestError::Twice(server.clone()));
        }
    }
    check_owner(params, genesis)
}

fn check_owner(params: &RecoverParams, genesis: &Genesis) -> Result<(), RequestError> {
    let owner = genesis.person(&params.owner).filter(|owner| !owner.roles.contains(&Role::Auditor));
    let owner = owner.ok_or_else(|| RequestError::Stranger(params.owner.clone()))?;
    if owner.card.card.recipient == params.recipient {
        Ok(())
    } else {
        Err(RequestError::Owner(params.owner.clone()))
    }
}

/// A share leaves for the custodian of its node and for nobody else (R22).
fn check_export(params: &ExportParams, genesis: &Genesis) -> Result<(), RequestError> {
    if genesis.node(&params.server).is_none() {
        return Err(RequestError::Server(params.server.clone()));
    }
    check_custodian(params, &params.server, genesis)
}

/// `holder` has the place of the server that the request names.
fn check_custodian(params: &ExportParams, holder: &Name, genesis: &Genesis) -> Result<(), RequestError> {
    let enrolled = genesis.custodian(holder);
    let enrolled = enrolled.ok_or_else(|| RequestError::NoCustodian(params.server.clone()))?;
    let same = enrolled.name == params.custodian && enrolled.card.card.recipient == params.recipient;
    if same { Ok(()) } else { Err(RequestError::Custodian(params.custodian.clone(), params.server.clone())) }
}

/// Under a rehearsal genesis nobody signs and nobody is asked. In production an enrolled person signs the request, and
/// as many others agree as the policy says (R38, R42).
fn check_quorum(signed: &SignedRequest, chain: &Chain, next: Option<&Genesis>) -> Result<(), RequestError> {
    if signed.approvals.len() > APPROVALS_CAP {
        return Err(RequestError::Crowd);
    }
    check_requester(signed, chain.current())?;
    if chain.current().mode == Mode::Rehearsal && !signed.approvals.is_empty() {
        return Err(RequestError::RehearsalApprovals);
    }
    enough(needs(signed, chain, next)?)
}

fn enough(needs: Vec<Need>) -> Result<(), RequestError> {
    quorum::missing(needs).map_or(Ok(()), |missing| Err(RequestError::Approvals(missing)))
}

/// That an enrolled person who may ask for it signed the request; in a rehearsal that nobody claims to have.
pub fn check_requester(signed: &SignedRequest, genesis: &Genesis) -> Result<(), RequestError> {
    let name = &signed.request.requester;
    if genesis.mode == Mode::Rehearsal {
        let nobody = name.as_str() == "operator" && signed.requester_signature.is_none();
        return if nobody { Ok(()) } else { Err(RequestError::Requester) };
    }
    let person = genesis.person(name).filter(|person| !person.roles.contains(&Role::Auditor));
    let person = person.ok_or_else(|| RequestError::Stranger(name.clone()))?;
    let makes_keys = quorum::is_of_generation(&signed.request.action);
    if makes_keys && !person.roles.contains(&Role::KeyGenerator) {
        return Err(RequestError::KeyGenerator(name.clone()));
    }
    let hash = signed.request.hash()?;
    let signature = signed.requester_signature.as_ref();
    let verified = signature.map(|signature| person.card.card.approval_key.verify(&hash, signature));
    match verified {
        Some(Ok(())) => Ok(()),
        _ => Err(RequestError::Unsigned(name.clone())),
    }
}
