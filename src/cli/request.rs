//! `request`: signing requests for custodians on other machines.

use std::path::Path;

use clap::Subcommand;
use serde::Serialize;

use crate::ceremony::CeremonyError;
use crate::ceremony::grants;
use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::cli::output::Text;
use crate::digest::Hash;
use crate::genesis::Chain;
use crate::ids::{KeyId, Name, OpId, Time};
use crate::request::{Action, Content, SignedRequest};

pub(crate) mod cancel;
pub(crate) mod decoded;
pub(crate) mod new;
pub(crate) mod renew;
pub(crate) mod show;
pub(crate) mod status;

/// Requests that custodians grant on their own machines
#[derive(Subcommand, Clone, Debug)]
pub(crate) enum RequestCommand {
    #[command(subcommand)]
    New(new::NewCommand),
    Show(show::Args),
    Status(status::Args),
    Renew(renew::Args),
    Cancel(cancel::Args),
}

impl RequestCommand {
    pub(crate) fn run(self, context: &mut Context) -> Result<(), CommandError> {
        match self {
            Self::New(command) => command.run(context),
            Self::Status(args) => status::run(args, context),
            Self::Show(args) => show::run(args, context),
            Self::Renew(args) => renew::run(args, context),
            Self::Cancel(args) => cancel::run(args, context),
        }
    }
}

/// A node of a request and who grants for it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Party {
    pub(crate) server: Name,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) custodian: Option<Name>,
    pub(crate) attempt: u16,
    /// The node itself made the one-time recipient, for this request.
    pub(crate) signed: bool,
}

/// A request as JSON names it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RequestReport {
    pub(crate) op_id: OpId,
    pub(crate) operation: String,
    pub(crate) request_hash: Hash,
    pub(crate) words: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) key_id: Option<KeyId>,
    pub(crate) requester: Name,
    pub(crate) signers: Vec<u16>,
    pub(crate) grants: Vec<Party>,
    pub(crate) max_attempts: u16,
    pub(crate) not_before: Time,
    pub(crate) expiry: Time,
    pub(crate) expired: bool,
    pub(crate) blind: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) file: Option<String>,
}

impl RequestReport {
    pub(crate) fn of(
        request: &SignedRequest,
        chain: &Chain,
        file: Option<&Path>,
    ) -> Result<Self, CommandError> {
        let params = match &request.request.action {
            Action::Sign(params) => Some(params),
            _ => None,
        };
        let hash = request.request.hash().map_err(CeremonyError::from)?;
        let party = |one: &crate::request::OneTimeRecipient| Party {
            server: one.node.clone(),
            custodian: chain.current().custodian(&one.node).map(|person| person.name.clone()),
            attempt: one.attempt,
            signed: grants::check_one_time(chain, request, None, &one.node, one).is_ok(),
        };
        Ok(Self {
            op_id: request.request.op_id,
            operation: request.request.action.operation().to_owned(),
            request_hash: hash,
            words: hash.words(),
            key_id: request.request.action.key_id(),
            requester: request.request.requester.clone(),
            signers: params.map(|params| params.signers.clone()).unwrap_or_default(),
            grants: request.one_time_recipients.iter().map(party).collect(),
            max_attempts: request.request.max_attempts,
            not_before: request.request.not_before,
            expiry: request.request.expiry,
            expired: Time::now() >= request.request.expiry,
            blind: params.is_some_and(|params| matches!(params.content, Content::Digest { .. })),
            file: file.map(|file| file.display().to_string()),
        })
    }

    pub(crate) fn text(&self, text: &mut Text) {
        let late = if self.expired { " (expired)" } else { "" };
        text.fields([
            ("valid until", format!("{}{late}", self.expiry)),
            ("operation", self.op_id.to_string()),
            ("request", self.request_hash.to_string()),
            ("words", self.words.clone()),
        ]);
        for party in &self.grants {
            let who = party.custodian.as_ref().map_or("nobody is enrolled", Name::as_str);
            let state =
                if party.signed { "signed by the server" } else { "NOT SIGNED BY THE SERVER: do not grant" };
            text.fields([(
                "grant",
                format!(
                    "{who} for {}: one-time recipient of attempt {}, {state}",
                    party.server, party.attempt
                ),
            )]);
        }
    }

    /// The command of each custodian.
    pub(crate) fn next(&self, file: &str, context: &mut Context) {
        for party in &self.grants {
            let who = party.custodian.as_ref().map_or("CUSTODIAN", Name::as_str);
            context.next(&format!(
                "on {who}'s machine: quorate sign grant {file} --shard {who}.shard.json --identity {who}.identity.json --out {who}.grant.json"
            ));
        }
    }
}
