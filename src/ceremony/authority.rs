//! On whose authority a workspace acts. In rehearsal the operator asks and nobody is asked; in production an enrolled
//! person asks, and what moves a share or changes who decides was approved before.

use super::CeremonyError;
use crate::{
    digest::Hash,
    genesis::Mode,
    identity::PersonIdentity,
    ids::Name,
    request::{Action, Approval, Request, SignedRequest},
};

/// Who asks, and what was approved.
#[derive(Default)]
pub struct Authority {
    requester: Option<PersonIdentity>,
    given: Vec<SignedRequest>,
}

impl Authority {
    /// Whoever is to sign new requests, and requests that were made before, with their approvals.
    pub fn new(requester: Option<PersonIdentity>, given: Vec<SignedRequest>) -> Self {
        Self { requester, given }
    }

    /// The requests that were given.
    pub fn given(&self) -> &[SignedRequest] {
        &self.given
    }

    /// The one for just this.
    pub(super) fn given_for(&self, action: &Action, card: Option<Hash>) -> Option<&SignedRequest> {
        self.given.iter().find(|given| given.request.action == *action && given.request.key_card_hash == card)
    }

    /// Who is named as the requester.
    pub(super) fn requester(&self, mode: Mode, action: &Action) -> Result<Name, CeremonyError> {
        match (mode, &self.requester) {
            (Mode::Rehearsal, _) => {
                "operator".parse().map_err(|_| CeremonyError::Damaged("the operator's name".into()))
            }
            (Mode::Production, Some(person)) => Ok(person.name().clone()),
            (Mode::Production, None) => Err(CeremonyError::After {
                source: Box::new(CeremonyError::Denied(match self.given.is_empty() {
                    true => format!(
                        "this set is in production: '{}' takes an enrolled person's request",
                        action.operation()
                    ),
                    false => format!("no request that was given is for this very '{}'", action.operation()),
                })),
                state: "nothing was asked of a node".into(),
                hint: hint(action),
            }),
        }
    }

    /// Signs a new request in production.
    pub(super) fn sign(&self, request: Request, mode: Mode) -> Result<SignedRequest, CeremonyError> {
        Ok(match (&self.requester, mode) {
            (Some(person), Mode::Production) => SignedRequest::signed(request, person.approval())?,
            _ => SignedRequest::unsigned(request),
        })
    }
}

/// Puts each approval to its own request.
pub fn with_approvals(
    mut given: Vec<SignedRequest>,
    approvals: Vec<Approval>,
) -> Result<Vec<SignedRequest>, CeremonyError> {
    let hashes = given.iter().map(|given| given.request.hash()).collect::<Result<Vec<_>, _>>()?;
    for approval in approvals {
        let of = hashes.iter().position(|hash| *hash == approval.request_hash);
        let Some(given) = of.and_then(|at| given.get_mut(at)) else {
            return Err(CeremonyError::Usage(format!(
                "the approval of {} is for another request than those given",
                approval.approver
            )));
        };
        if !given.approvals.contains(&approval) {
            given.approvals.push(approval);
        }
    }
    Ok(given)
}

fn hint(action: &Action) -> String {
    let name = match action {
        Action::Generate(_)
        | Action::Activate(_)
        | Action::Abandon(_)
        | Action::Aux(_)
        | Action::Alias(_) => {
            return "the same command with --requester IDENTITY, of a key generator".into();
        }
        Action::Sign(_) => "sign",
        Action::Export(_) => "export",
        Action::Import(_) => "import",
        Action::Recover(_) => "recover",
        Action::Unlock(_) => "unlock",
        Action::DeleteWithoutReceipt(_) => "release",
        Action::Govern(_) => return "quorate policy propose --requester IDENTITY --out FILE".into(),
    };
    format!(
        "quorate request new {name} .. --requester IDENTITY --out R; others: quorate approve R; then the same command with --request R --approval FILE..."
    )
}
