//! `person`: who is enrolled in the genesis of this workspace, as what.

use clap::Subcommand;
use serde::Serialize;

use crate::ceremony::people;
use crate::ceremony::workspace::Workspace;
use crate::cli::context::Context;
use crate::cli::custodian::Person;
use crate::cli::error::CommandError;
use crate::digest::Hash;
use crate::genesis::PersonEntry;
use crate::ids::Name;
use crate::policy::Role;

pub(crate) mod add;
pub(crate) mod list;
pub(crate) mod update;

/// The people whom the nodes know: custodians, approvers and others
#[derive(Subcommand, Clone, Debug)]
pub(crate) enum PersonCommand {
    Add(add::Args),
    Update(update::Args),
    List(list::Args),
}

impl PersonCommand {
    pub(crate) fn run(self, context: &mut Context) -> Result<(), CommandError> {
        match self {
            Self::Add(args) => add::run(args, context),
            Self::Update(args) => update::run(args, context),
            Self::List(args) => list::run(args, context),
        }
    }
}

/// An enrolled person.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Enrolled {
    #[serde(flatten)]
    person: Person,
    roles: Vec<Role>,
    #[serde(skip_serializing_if = "Option::is_none")]
    server: Option<Name>,
}

impl Enrolled {
    pub(crate) fn of(entry: &PersonEntry) -> Result<Self, CommandError> {
        Ok(Self {
            person: Person::of_card(&entry.card)?,
            roles: entry.roles.clone(),
            server: entry.server.clone(),
        })
    }

    pub(crate) fn fields(&self, entry: &PersonEntry) -> Vec<(&'static str, String)> {
        let mut fields = self.person.fields();
        fields.push(("roles", people::described(entry)));
        fields
    }
}

/// A person as the version in force has them, after a change or without one.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    #[serde(flatten)]
    enrolled: Enrolled,
    changed: bool,
    sequence: u32,
    genesis_hash: Hash,
    genesis_words: String,
}

/// Shows the person, and the words by which custodians know the version that has them.
fn show(
    workspace: &Workspace,
    name: &Name,
    changed: bool,
    done: &str,
    context: &mut Context,
) -> Result<(), CommandError> {
    let chain = workspace.chain()?;
    let entry = chain.current().person(name);
    let entry = entry.ok_or_else(|| CommandError::bug(format!("{name} is not in the genesis in force")))?;
    let genesis_hash = chain.current_hash();
    let report = Report {
        enrolled: Enrolled::of(entry)?,
        changed,
        sequence: chain.current().sequence,
        genesis_hash,
        genesis_words: genesis_hash.words(),
    };
    context.show(&report, |report, text| {
        text.line(if changed { done } else { "nothing to do: this card is enrolled already" });
        text.fields(report.enrolled.fields(entry).into_iter().chain([
            ("genesis", format!("version {}, {}", report.sequence, report.genesis_hash)),
            ("its words", report.genesis_words.clone()),
        ]));
    })?;
    if changed {
        context.next("quorate node card --out FILE, for custodians to pin this version of the node set");
    }
    Ok(())
}
