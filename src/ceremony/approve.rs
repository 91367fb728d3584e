//! What an approver's machine looks at before the person is asked, and the approval it makes.

use std::path::Path;

use super::{CeremonyError, grants};
use crate::{
    codec,
    digest::Hash,
    genesis::{Chain, Genesis, Mode},
    identity::PersonIdentity,
    policy::Role,
    request::{Action, Approval, Need, RequestError, SignedRequest, check_requester, needs},
};

/// Longest approval file, in bytes.
pub const FILE_CAP: usize = 4 << 10;

/// A request that a machine has nothing against. People judge the rest.
pub struct Review {
    /// Its hash: what is signed.
    pub hash: Hash,
    /// Every quorum, and who has agreed so far.
    pub needs: Vec<Need>,
}

/// Everything that can be told without asking anybody: form, genesis, policy, requester, proposal.
pub fn review(request: &SignedRequest, chain: &Chain) -> Result<Review, CeremonyError> {
    grants::check_form(chain, request)?;
    if chain.current().mode == Mode::Rehearsal {
        return Err(CeremonyError::Refused(
            "that set is a rehearsal: its nodes take no approvals, and ask for none".into(),
        ));
    }
    check_requester(request, chain.current())?;
    let next = proposal(request, chain)?;
    Ok(Review { hash: request.request.hash()?, needs: needs(request, chain, next)? })
}

/// The version that a request is about, if it is about one. It must be able to follow.
pub fn proposal<'a>(request: &'a SignedRequest, chain: &Chain) -> Result<Option<&'a Genesis>, CeremonyError> {
    let Action::Govern(about) = &request.request.action else { return Ok(None) };
    let next = request.proposal.as_deref().ok_or(RequestError::Proposal)?;
    if chain.check_next(next)? != about.next_hash {
        return Err(RequestError::Proposal.into());
    }
    Ok(Some(next))
}

/// That this person's approval would count.
pub fn check_approver(
    request: &SignedRequest,
    chain: &Chain,
    review: &Review,
    identity: &PersonIdentity,
) -> Result<(), CeremonyError> {
    let name = identity.name();
    let denied = |why: String| Err(CeremonyError::Denied(why));
    let Some(person) = chain.current().person(name) else {
        return denied(format!("{name} is not enrolled in the genesis that is pinned here"));
    };
    if person.card.card.approval_key != identity.approval_key() {
        return denied(format!("{name} is enrolled with another identity"));
    }
    if person.roles.contains(&Role::Auditor) {
        return denied(format!("{name} is an auditor, and auditors approve nothing"));
    }
    if request.request.requester == *name {
        return denied(format!("{name} made this request, and whoever asks does not approve"));
    }
    let counts = |need: &Need| person.roles.contains(&need.role);
    let asked: Vec<&Need> = review.needs.iter().filter(|need| need.count > 0).collect();
    match asked.first().filter(|_| !asked.iter().any(|need| counts(need))) {
        Some(need) => denied(format!(
            "'{}' asks for people with the role {}; {name} has it not",
            need.quorum,
            need.role.name()
        )),
        None => Ok(()),
    }
}

/// The approval.
pub fn approve(review: &Review, identity: &PersonIdentity) -> Approval {
    Approval::sign(identity.name().clone(), review.hash, identity.approval())
}

/// The file's bytes: canonical JSON and one line end.
pub fn to_bytes(approval: &Approval) -> Result<Vec<u8>, CeremonyError> {
    let mut bytes = codec::canonical("the approval", approval)?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// Reads an approval file's bytes. What it is worth, nodes and `request status` judge.
pub fn parse(bytes: &[u8], path: &Path) -> Result<Approval, CeremonyError> {
    let line = bytes.strip_suffix(b"\n").unwrap_or_default();
    codec::from_canonical("the approval", line, FILE_CAP).map_err(|error| {
        CeremonyError::Forged(format!("{} is no approval, or it was altered: {error}", path.display()))
    })
}
