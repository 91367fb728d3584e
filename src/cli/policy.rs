//! `policy`: who decides, and how that is decided.

use std::path::PathBuf;
use std::str::FromStr;

use clap::{Subcommand, ValueEnum};
use serde::Serialize;

use crate::ceremony::people;
use crate::cli::args::RoleName;
use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::cli::output::Text;
use crate::digest::Hash;
use crate::genesis::{Genesis, Mode};
use crate::ids::{Name, Time};
use crate::keyshare::Purpose;
use crate::policy::{Quorum, Role};

pub(crate) mod adopt;
pub(crate) mod check;
pub(crate) mod propose;
pub(crate) mod show;

/// Who decides: people, roles and quorums of the genesis
#[derive(Subcommand, Clone, Debug)]
pub(crate) enum PolicyCommand {
    Show(show::Args),
    Propose(propose::Args),
    Adopt(adopt::Args),
    Check(check::Args),
}

impl PolicyCommand {
    pub(crate) fn run(self, context: &mut Context) -> Result<(), CommandError> {
        match self {
            Self::Show(args) => show::run(args, context),
            Self::Propose(args) => propose::run(args, context),
            Self::Adopt(args) => adopt::run(args, context),
            Self::Check(args) => check::run(args, context),
        }
    }
}

/// `CARD:ROLE[+ROLE..][:SERVER]`.
#[derive(Clone, Debug)]
pub(crate) struct PersonSpec {
    pub(crate) card: PathBuf,
    pub(crate) roles: Vec<Role>,
    pub(crate) server: Option<Name>,
}

impl FromStr for PersonSpec {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let roles = |text: &str| -> Option<Vec<Role>> {
            text.split('+').map(|role| RoleName::from_str(role, true).ok().map(Role::from)).collect()
        };
        let usage = || "CARD:ROLE[+ROLE..][:SERVER], such as A.card.json:custodian:OFFICIAL_1".to_owned();
        let (rest, last) = text.rsplit_once(':').ok_or_else(usage)?;
        if let Some(roles) = roles(last) {
            return Ok(Self { card: rest.into(), roles, server: None });
        }
        let server: Name = last.parse().map_err(|_| usage())?;
        let (card, given) = rest.rsplit_once(':').ok_or_else(usage)?;
        let roles = roles(given).ok_or_else(usage)?;
        Ok(Self { card: card.into(), roles, server: Some(server) })
    }
}

/// `OPERATION=COUNT[:ROLE]`.
#[derive(Clone, Debug)]
pub(crate) struct QuorumSpec {
    pub(crate) operation: String,
    pub(crate) count: u16,
    pub(crate) role: Option<Role>,
}

impl FromStr for QuorumSpec {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let usage = || "OPERATION=COUNT[:ROLE], such as recover=3:custodian".to_owned();
        let (operation, rest) = text.split_once('=').ok_or_else(usage)?;
        let (count, role) = match rest.split_once(':') {
            Some((count, role)) => (count, Some(RoleName::from_str(role, true).map_err(|_| usage())?.into())),
            None => (rest, None),
        };
        let count = count.parse().map_err(|_| usage())?;
        Ok(Self { operation: operation.to_owned(), count, role })
    }
}

/// A quorum of the policy.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct QuorumRow {
    operation: &'static str,
    #[serde(flatten)]
    quorum: Quorum,
}

/// A person of the policy.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PersonRow {
    name: Name,
    roles: Vec<Role>,
    #[serde(skip_serializing_if = "Option::is_none")]
    server: Option<Name>,
    card_words: String,
    described: String,
}

/// A version of the genesis as people read it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PolicyReport {
    mode: Mode,
    sequence: u32,
    genesis_hash: Hash,
    words: String,
    created_at: Time,
    servers: Vec<Name>,
    /// Of the servers' cards, in the same order.
    server_words: Vec<String>,
    people: Vec<PersonRow>,
    quorums: Vec<QuorumRow>,
    validity_seconds: u32,
    allow_blind: bool,
    purposes: Vec<Purpose>,
    /// What it changes, where it is a proposal for a next version.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    changes: Vec<String>,
}

impl PolicyReport {
    pub(crate) fn of(genesis: &Genesis, changes: Vec<String>) -> Result<Self, CommandError> {
        let hash = genesis.hash()?;
        let row = |person: &crate::genesis::PersonEntry| -> Result<PersonRow, CommandError> {
            Ok(PersonRow {
                name: person.name.clone(),
                roles: person.roles.clone(),
                server: person.server.clone(),
                card_words: person.card.hash()?.words(),
                described: people::described(person),
            })
        };
        let words = |node: &crate::genesis::NodeEntry| -> Result<String, CommandError> {
            Ok(node.card.hash()?.words())
        };
        let quorums = genesis.policy.quorums.named();
        Ok(Self {
            mode: genesis.mode,
            sequence: genesis.sequence,
            genesis_hash: hash,
            words: hash.words(),
            created_at: genesis.created_at,
            servers: genesis.nodes.iter().map(|node| node.name.clone()).collect(),
            server_words: genesis.nodes.iter().map(words).collect::<Result<_, _>>()?,
            people: genesis.people.iter().map(row).collect::<Result<_, _>>()?,
            quorums: quorums.into_iter().map(|(operation, quorum)| QuorumRow { operation, quorum }).collect(),
            validity_seconds: genesis.policy.validity_seconds,
            allow_blind: genesis.policy.allow_blind,
            purposes: genesis.policy.purposes.clone(),
            changes,
        })
    }

    /// What a person is asked about, one by one.
    pub(crate) fn fields(&self) -> Vec<(&'static str, String)> {
        let server = |(name, words): (&Name, &String)| ("server", format!("{name}; card: {words}"));
        let mut fields: Vec<_> = self.servers.iter().zip(&self.server_words).map(server).collect();
        let person =
            |p: &PersonRow| ("person", format!("{}, {}; card: {}", p.name, p.described, p.card_words));
        fields.extend(self.people.iter().map(person));
        let quorum =
            |row: &QuorumRow| format!("{} {} x {}", row.operation, row.quorum.count, row.quorum.role.name());
        fields.push(("quorums", self.quorums.iter().map(quorum).collect::<Vec<_>>().join(", ")));
        fields.push(("requests live", format!("{} s at most", self.validity_seconds)));
        fields.push((
            "bare digests",
            if self.allow_blind { "MAY be signed" } else { "are never signed" }.into(),
        ));
        fields
    }

    pub(crate) fn text(&self, text: &mut Text) {
        for change in &self.changes {
            text.fields([("CHANGE", change.clone())]);
        }
        text.fields([
            ("mode", self.mode.name().to_owned()),
            ("version", format!("{}, made {}", self.sequence, self.created_at)),
            ("genesis", self.genesis_hash.to_string()),
            ("words", self.words.clone()),
            ("servers", self.servers.iter().map(Name::as_str).collect::<Vec<_>>().join(" ")),
        ]);
        let rows: Vec<Vec<String>> = self
            .people
            .iter()
            .map(|person| vec![person.name.to_string(), person.described.clone(), person.card_words.clone()])
            .collect();
        if rows.is_empty() {
            text.line("nobody is enrolled");
        } else {
            text.table(&["person", "roles", "card's words"], &rows);
        }
        let needed = |row: &QuorumRow| match row.quorum.count {
            0 => "nobody else".to_owned(),
            n => format!("{n} x {}", row.quorum.role.name()),
        };
        let rows: Vec<Vec<String>> =
            self.quorums.iter().map(|row| vec![row.operation.to_owned(), needed(row)]).collect();
        text.table(&["operation", "who agrees, beside the requester"], &rows);
        text.fields([
            ("requests live", format!("{} s at most", self.validity_seconds)),
            ("bare digests", if self.allow_blind { "may be signed" } else { "are never signed" }.to_owned()),
        ]);
    }
}
