//! On whose word a private key is made whole from shards. No server is asked, so this machine judges as a server would: by
//! the genesis that it pinned, its own clock, and its own count of attempts.

use crate::{
    ceremony::{CeremonyError, workspace::Workspace},
    genesis::Mode,
    ids::{OpId, Reason, Time},
    keyshare::KeyCard,
    request::{Action, Approved, RequestError, SignedRequest},
};

/// That a recovery from shards may begin, and what the log says of it.
pub struct Permission {
    pub(super) request: Option<SignedRequest>,
    /// Nobody was asked though the set is in production.
    pub(super) unapproved: bool,
    reason: Reason,
}

/// What an operator says instead of a request.
#[derive(Clone, Debug)]
pub struct Unasked {
    /// Why.
    pub reason: Reason,
    /// In production: knowingly without the agreement of others.
    pub unapproved: bool,
}

impl Permission {
    /// A rehearsal asks nobody.
    pub fn unasked(workspace: &Workspace, unasked: Unasked) -> Result<Self, CeremonyError> {
        let production = workspace.chain()?.current().mode == Mode::Production;
        if production && !unasked.unapproved {
            return Err(CeremonyError::After {
                source: Box::new(CeremonyError::Denied(
                    "this set is in production: a private key is made whole when a quorum approved it".into(),
                )),
                state: "nothing was opened".into(),
                hint: "quorate request new recover --offline --key KEYID --to NAME --reason TEXT --requester IDENTITY --out R; \
                       the others: quorate approve R; then the same command with --request R --approval FILE.. Where \
                       nobody is left to approve: --unapproved, which the log then says"
                    .into(),
            });
        }
        Ok(Self { request: None, unapproved: production, reason: unasked.reason })
    }

    /// An approved request for just this key, of which one attempt is used up now.
    pub fn approved(
        workspace: &Workspace,
        signed: SignedRequest,
        card: &KeyCard,
    ) -> Result<Self, CeremonyError> {
        let approved = Approved::check(signed.clone(), workspace.chain()?, Time::now())?;
        let request = approved.get();
        let refused = |message: &str| Err(CeremonyError::Refused(message.to_owned()));
        let Action::Recover(params) = &request.action else {
            return refused("the request is for no recovery");
        };
        if !params.servers.is_empty() {
            return refused("the request is for a recovery from servers: quorate recover --key");
        }
        if request.key_card_hash != Some(card.hash()) {
            return refused("the request is for another key than these shards are of");
        }
        if workspace.gave_up(&signed)? {
            return Err(CeremonyError::Denied("the request was cancelled".into()));
        }
        let reason = params.reason.parse().map_err(|_| RequestError::Reason)?;
        if workspace.next_attempt(&signed)? > request.max_attempts {
            let message = format!("all {} attempts of this request were used here", request.max_attempts);
            return Err(CeremonyError::Denied(message));
        }
        Ok(Self { request: Some(signed), unapproved: false, reason })
    }

    /// Why the key is made whole.
    pub fn reason(&self) -> &Reason {
        &self.reason
    }

    pub(super) fn op_id(&self) -> Option<OpId> {
        self.request.as_ref().map(|signed| signed.request.op_id)
    }
}
