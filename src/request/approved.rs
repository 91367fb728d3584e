//! What makes a request one that may be carried out.

use std::collections::BTreeSet;

use super::{
    ATTEMPTS_CAP, Action, Content, ExportParams, MESSAGE_CAP, NodeHead, Request, RequestError, SignedRequest,
};
use crate::{
    digest::Hash,
    genesis::{Chain, Genesis, Mode},
    ids::Time,
    keyshare::check_threshold,
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
        check_quorum(&signed, chain.current())?;
        let hash = signed.request.hash()?;
        Ok(Self { what: signed.request, hash })
    }
}

/// Everything about a request but who agreed to it: version, genesis, policy, time, parameters.
pub fn check_form(request: &Request, chain: &Chain, now: Time) -> Result<(), RequestError> {
    let genesis = chain.current();
    if request.version != 1 {
        return Err(RequestError::Version(request.version));
    }
    if request.genesis_hash != chain.current_hash() {
        let (given, current) = (request.genesis_hash, chain.current_hash());
        return Err(RequestError::Genesis { given, current });
    }
    if request.policy_hash != genesis.policy.hash()? {
        return Err(RequestError::Policy);
    }
    check_validity(request, genesis, now)?;
    check_action(request, genesis)
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
    if request.key_card_hash.is_none() && !matches!(request.action, Action::Generate(_) | Action::Abandon(_))
    {
        return Err(RequestError::NoCard);
    }
    let mut named = BTreeSet::new();
    let known = |head: &NodeHead| genesis.node(&head.node).is_some() && head.counter < 1 << 53;
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
        Action::Activate(_) | Action::Abandon(_) => Ok(()),
        Action::Aux(params) => ascending(&params.holders),
        Action::Alias(_) => Ok(()),
        Action::Import(params) => match genesis.node(&params.server) {
            Some(_) => Ok(()),
            None => Err(RequestError::Server(params.server.clone())),
        },
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

/// A share leaves for the custodian of its node and for nobody else (R22).
fn check_export(params: &ExportParams, genesis: &Genesis) -> Result<(), RequestError> {
    if genesis.node(&params.server).is_none() {
        return Err(RequestError::Server(params.server.clone()));
    }
    let enrolled = genesis.custodian(&params.server);
    let enrolled = enrolled.ok_or_else(|| RequestError::NoCustodian(params.server.clone()))?;
    let same = enrolled.name == params.custodian && enrolled.card.card.recipient == params.recipient;
    if same { Ok(()) } else { Err(RequestError::Custodian(params.custodian.clone(), params.server.clone())) }
}

/// Under a rehearsal genesis nobody signs and nobody is asked. A production chain is refused where
/// it would be adopted ([`Chain::check`]), so no other rule is needed yet.
fn check_quorum(signed: &SignedRequest, genesis: &Genesis) -> Result<(), RequestError> {
    let quorums = &genesis.policy.quorums;
    let quorum = match signed.request.action {
        Action::Sign(_) => quorums.sign,
        Action::Export(ref params) if params.delete => quorums.export_delete,
        Action::Export(_) => quorums.export,
        Action::Import(_) => quorums.import,
        _ => quorums.generate,
    };
    if genesis.mode != Mode::Rehearsal || quorum.count > 0 {
        let role = format!("{:?}", quorum.role);
        return Err(RequestError::Approvals { needed: quorum.count.max(1), have: 0, role });
    }
    if signed.request.requester.as_str() != "operator" || signed.requester_signature.is_some() {
        return Err(RequestError::Requester);
    }
    if !signed.approvals.is_empty() {
        return Err(RequestError::RehearsalApprovals);
    }
    Ok(())
}
