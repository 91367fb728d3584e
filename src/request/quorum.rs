//! Who agreed to a request, and whether they are enough. The same judgement serves nodes, which enforce it, and
//! people, who want to know what is missing.

use std::fmt;

use super::{Action, Approval, Request, SignedRequest};
use crate::{
    codec::CodecError,
    digest::Hash,
    genesis::{Chain, Genesis, PersonEntry},
    ids::Name,
    policy::{Quorum, Role},
};

/// What an approval is worth.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// It counts.
    Valid,
    /// Its key did not sign it.
    BadSignature,
    /// It is for another request.
    OtherRequest,
    /// Nobody of that name is, or was, enrolled.
    NotEnrolled,
    /// The person was enrolled under an earlier version of the genesis, and no longer is.
    Revoked,
    /// The person is enrolled with another key.
    OtherKey,
    /// They asked for it themselves.
    Requester,
    /// Auditors never count.
    Auditor,
    /// They do not have the role that the policy asks for.
    Role,
    /// The same person has agreed already.
    Duplicate,
}

impl Verdict {
    /// As `--json` spells it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::BadSignature => "badSignature",
            Self::OtherRequest => "otherRequest",
            Self::NotEnrolled => "notEnrolled",
            Self::Revoked => "revoked",
            Self::OtherKey => "otherKey",
            Self::Requester => "requester",
            Self::Auditor => "auditor",
            Self::Role => "role",
            Self::Duplicate => "duplicate",
        }
    }

    fn because(self) -> &'static str {
        match self {
            Self::Valid => "counts",
            Self::BadSignature => "its signature does not verify",
            Self::OtherRequest => "it is for another request",
            Self::NotEnrolled => "not enrolled",
            Self::Revoked => "no longer enrolled",
            Self::OtherKey => "enrolled with another key",
            Self::Requester => "asked for it",
            Self::Auditor => "is an auditor",
            Self::Role => "has not the role",
            Self::Duplicate => "agreed already",
        }
    }
}

/// One approval and what it is worth.
#[derive(Clone, Debug)]
pub struct Judged {
    /// Whose it says it is.
    pub approver: Name,
    /// What it is worth.
    pub verdict: Verdict,
}

/// A quorum that an operation asks for, and who of it agreed.
#[derive(Clone, Debug)]
pub struct Need {
    /// The operation of the policy.
    pub quorum: &'static str,
    /// Whose approvals count.
    pub role: Role,
    /// How many are needed.
    pub count: u16,
    /// Each approval that was given.
    pub judged: Vec<Judged>,
    /// Who could still agree.
    pub open: Vec<Name>,
}

impl Need {
    /// How many approvals count.
    pub fn have(&self) -> u16 {
        let valid = self.judged.iter().filter(|judged| judged.verdict == Verdict::Valid).count();
        u16::try_from(valid).unwrap_or(u16::MAX)
    }

    /// Whether they are enough.
    pub fn is_met(&self) -> bool {
        self.have() >= self.count
    }
}

/// What is missing, with a reason for every approval that does not count.
#[derive(Clone, Debug)]
pub struct Missing(Need);

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Need { quorum, role, count, judged, .. } = &self.0;
        write!(
            f,
            "'{quorum}' needs the approval of {count} people with the role {}; {} count",
            role.name(),
            self.0.have()
        )?;
        for refused in judged.iter().filter(|judged| judged.verdict != Verdict::Valid) {
            write!(f, "; not that of {}: {}", refused.approver, refused.verdict.because())?;
        }
        Ok(())
    }
}

/// Whom a request is judged by: the people of one version, and the chain that has those of before.
#[derive(Clone, Copy)]
struct People<'a> {
    chain: &'a Chain,
    genesis: &'a Genesis,
}

/// Every approval of a request under one quorum. What does not count does no harm.
fn judge(signed: &SignedRequest, hash: &Hash, people: People, role: Role) -> Vec<Judged> {
    let mut agreed: Vec<&Name> = Vec::new();
    let one = |approval| {
        let verdict = verdict(approval, &signed.request, hash, people, role, &agreed);
        if verdict == Verdict::Valid {
            agreed.push(&approval.approver);
        }
        Judged { approver: approval.approver.clone(), verdict }
    };
    signed.approvals.iter().map(one).collect()
}

fn verdict(
    approval: &Approval,
    request: &Request,
    hash: &Hash,
    People { chain, genesis }: People,
    role: Role,
    agreed: &[&Name],
) -> Verdict {
    let name = &approval.approver;
    if approval.request_hash != *hash {
        return Verdict::OtherRequest;
    }
    if approval.verify().is_err() {
        return Verdict::BadSignature;
    }
    let Some(person) = genesis.person(name) else {
        let was = chain.versions().any(|version| version.person(name).is_some());
        return if was { Verdict::Revoked } else { Verdict::NotEnrolled };
    };
    if person.card.card.approval_key != approval.approval_key {
        return Verdict::OtherKey;
    }
    if person.roles.contains(&Role::Auditor) {
        return Verdict::Auditor;
    }
    if *name == request.requester {
        return Verdict::Requester;
    }
    if !person.roles.contains(&role) {
        return Verdict::Role;
    }
    if agreed.contains(&name) {
        return Verdict::Duplicate;
    }
    Verdict::Valid
}

/// What the policy in force asks for a request; `next` is the version that a `govern` request is about.
pub fn needs(signed: &SignedRequest, chain: &Chain, next: Option<&Genesis>) -> Result<Vec<Need>, CodecError> {
    needs_of(signed, chain, chain.current(), next)
}

/// What one version asks for, and who agreed by its people and their roles.
pub(super) fn needs_of(
    signed: &SignedRequest,
    chain: &Chain,
    genesis: &Genesis,
    next: Option<&Genesis>,
) -> Result<Vec<Need>, CodecError> {
    let hash = signed.request.hash()?;
    let need = |(quorum, Quorum { role, count })| {
        let judged = judge(signed, &hash, People { chain, genesis }, role);
        let agreed = |name: &Name| judged.iter().any(|j| j.approver == *name && j.verdict == Verdict::Valid);
        let can = |person: &&PersonEntry| {
            person.roles.contains(&role) && person.name != signed.request.requester && !agreed(&person.name)
        };
        let open = genesis.people.iter().filter(can).map(|person| person.name.clone()).collect();
        Need { quorum, role, count, judged, open }
    };
    Ok(quorums(&signed.request.action, genesis, next).into_iter().map(need).collect())
}

/// The first quorum that is not met.
pub(super) fn missing(needs: Vec<Need>) -> Option<Missing> {
    needs.into_iter().find(|need| !need.is_met()).map(Missing)
}

/// What a key generator asks for.
pub(super) fn is_of_generation(action: &Action) -> bool {
    use Action::{Abandon, Activate, Alias, Aux, Generate};
    matches!(action, Generate(_) | Activate(_) | Abandon(_) | Aux(_) | Alias(_))
}

/// The quorums of an operation. A signature takes at least as many people as shares.
fn quorums(action: &Action, genesis: &Genesis, next: Option<&Genesis>) -> Vec<(&'static str, Quorum)> {
    let of = &genesis.policy.quorums;
    let one = |name, quorum| vec![(name, quorum)];
    match action {
        Action::Generate(_)
        | Action::Activate(_)
        | Action::Abandon(_)
        | Action::Aux(_)
        | Action::Alias(_) => one("generate", of.generate),
        Action::Sign(params) => {
            let shares = u16::try_from(params.signers.len()).unwrap_or(u16::MAX);
            let count = if of.sign.count == 0 { 0 } else { of.sign.count.max(shares) };
            one("sign", Quorum { count, ..of.sign })
        }
        Action::Export(params) if params.delete => one("exportDelete", of.export_delete),
        Action::Export(_) => one("export", of.export),
        Action::DeleteWithoutReceipt(_) => one("exportDelete", of.export_delete),
        Action::Import(_) => one("import", of.import),
        Action::Recover(_) => one("recover", of.recover),
        Action::Unlock(_) => one("lockLift", of.lock_lift),
        Action::Govern(_) => {
            let mut needed = Vec::new();
            let replaces = next
                .is_none_or(|next| next.nodes != genesis.nodes || next.replacements != genesis.replacements);
            let changes =
                next.is_none_or(|next| next.policy != genesis.policy || !same_people(genesis, next));
            if replaces {
                needed.push(("nodeReplacement", of.node_replacement));
            }
            if changes || !replaces {
                needed.push(("policyChange", of.policy_change));
            }
            needed
        }
    }
}

/// Whether the same people have the same roles; custodians stay with the node that takes their node's place.
fn same_people(before: &Genesis, next: &Genesis) -> bool {
    let moved = |person: &PersonEntry| PersonEntry {
        server: person.server.as_ref().map(|server| next.holder(server).clone()),
        ..person.clone()
    };
    before.people.iter().map(moved).eq(next.people.iter().cloned())
}
