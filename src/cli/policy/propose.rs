//! `policy propose`.

use std::path::PathBuf;

use super::{PersonSpec, PolicyReport, QuorumSpec};
use crate::ceremony::govern::Proposal;
use crate::ceremony::workspace::Workspace;
use crate::ceremony::{CeremonyError, custodians, govern, requests};
use crate::cli::args::AuthorityArgs;
use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::cli::files::{NewFile, quoted};
use crate::genesis::{Genesis, PersonEntry};
use crate::ids::{Name, Time};
use crate::policy::Policy;

const EXAMPLES: &str = "\
Examples:
  The first genesis of a production set, with three custodians and a key generator:
    quorate policy propose --person A.card.json:custodian:OFFICIAL_1 --person B.card.json:custodian:OFFICIAL_2 \\
      --person C.card.json:custodian:OFFICIAL_3 --person K.card.json:keyGenerator --out genesis.proposal.json

  Later: C leaves, recovery takes three custodians (the quorum of the genesis in force approves the request):
    quorate policy propose --remove C --person D.card.json:custodian:OFFICIAL_3 --quorum recover=3 \\
      --requester K.identity.json --out change.request.json

Quorums: generate sign export exportDelete import recover nodeReplacement policyChange lockLift. Without --quorum two
custodians beside the requester agree to everything but generation, and to a signature as many as it takes shares.";

/// Proposes the first genesis of a production set, or a change of it
#[derive(clap::Args, Clone, Debug)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// Somebody to enrol: CARD:ROLE[+ROLE..][:SERVER]; repeat for each
    #[arg(long, value_name = "PERSON")]
    pub(crate) person: Vec<PersonSpec>,
    /// The new card of somebody who is enrolled, after a rotation
    #[arg(long, value_name = "CARD")]
    pub(crate) update: Vec<PathBuf>,
    /// Somebody who is to be enrolled no longer
    #[arg(long, value_name = "NAME")]
    pub(crate) remove: Vec<Name>,
    /// A quorum: OPERATION=COUNT[:ROLE]; repeat for several
    #[arg(long, value_name = "QUORUM")]
    pub(crate) quorum: Vec<QuorumSpec>,
    /// How long requests live at most
    #[arg(long, value_name = "HOURS", value_parser = clap::value_parser!(u32).range(1..=24))]
    pub(crate) validity_hours: Option<u32>,
    /// Whether a bare digest may be signed
    #[arg(long, value_name = "YES|NO", value_parser = yes_or_no)]
    pub(crate) allow_blind: Option<bool>,
    /// A request of before whose version was begun and has expired: the same version is asked for again
    #[arg(long, value_name = "REQUEST", conflicts_with_all = ["person", "update", "remove", "quorum", "validity_hours", "allow_blind"])]
    pub(crate) again: Option<PathBuf>,
    /// The proposal's new file
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    #[command(flatten)]
    pub(crate) authority: AuthorityArgs,
}

fn yes_or_no(text: &str) -> Result<bool, String> {
    match text {
        "yes" => Ok(true),
        "no" => Ok(false),
        _ => Err("yes or no".into()),
    }
}

pub(crate) fn run(args: Args, context: &mut Context) -> Result<(), CommandError> {
    let out = NewFile::plan(&args.out)?;
    let people = args.person.iter().map(entry).collect::<Result<Vec<_>, _>>()?;
    let mut workspace = context.workspace_for(&args.authority)?;
    let file = quoted(&args.out);
    match workspace.chain() {
        Err(CeremonyError::NotAdopted) => {
            let genesis = first(&args, people, &workspace)?;
            out.write_only(&govern::to_bytes(&genesis)?)?;
            context.show(&PolicyReport::of(&genesis, Vec::new())?, |report, text| report.text(text))?;
            for (name, _) in genesis.adopters() {
                context.next(&format!(
                    "on {name}'s machine: quorate policy adopt {file} --identity {name}.identity.json --out {name}.adoption.json"
                ));
            }
        }
        Err(error) => return Err(error.into()),
        Ok(chain) => {
            let before = chain.current().clone();
            let next = match &args.again {
                Some(path) => Proposal::read(path)?.genesis().clone(),
                None => next(&args, people, &before)?,
            };
            let request = govern::propose(&mut workspace, next.clone())?;
            out.write_only(&requests::to_bytes(&request)?)?;
            let report = PolicyReport::of(&next, govern::changes(&before, &next))?;
            context.show(&report, |report, text| report.text(text))?;
            context.next(&format!("the others: quorate approve {file} --identity IDENTITY --out FILE"));
            context.next(&format!("quorate policy adopt {file} --approval FILE.."));
        }
    }
    Ok(())
}

fn entry(spec: &PersonSpec) -> Result<PersonEntry, CommandError> {
    let card = custodians::read_card(&spec.card)?;
    let name = card.card.name.clone();
    Ok(PersonEntry { name, roles: spec.roles.clone(), server: spec.server.clone(), card })
}

fn first(args: &Args, people: Vec<PersonEntry>, workspace: &Workspace) -> Result<Genesis, CommandError> {
    if !(args.update.is_empty() && args.remove.is_empty()) {
        return Err(CommandError::usage("nobody is enrolled yet: name everybody with --person"));
    }
    let policy = changed(args, Policy::production())?;
    Ok(govern::first(workspace, people, policy)?)
}

fn next(args: &Args, people: Vec<PersonEntry>, before: &Genesis) -> Result<Genesis, CommandError> {
    let unknown = |name: &Name| CommandError::fixable(format!("{name} is not enrolled"));
    let mut next = before.next(Time::now()).map_err(CeremonyError::from)?;
    for name in &args.remove {
        before.person(name).ok_or_else(|| unknown(name))?;
        next.people.retain(|person| person.name != *name);
    }
    for path in &args.update {
        let card = custodians::read_card(path)?;
        let name = card.card.name.clone();
        let person = next.people.iter_mut().find(|person| person.name == name);
        person.ok_or_else(|| unknown(&name))?.card = card;
    }
    next.people.extend(people);
    next.policy = changed(args, next.policy)?;
    Ok(next)
}

fn changed(args: &Args, mut policy: Policy) -> Result<Policy, CommandError> {
    for spec in &args.quorum {
        let quorum = policy.quorums.named_mut(&spec.operation);
        let quorum = quorum.ok_or_else(|| {
            CommandError::usage(format!("there is no quorum of the name '{}'", spec.operation))
        })?;
        quorum.count = spec.count;
        quorum.role = spec.role.unwrap_or(quorum.role);
    }
    if let Some(hours) = args.validity_hours {
        policy.validity_seconds = hours * 3600;
    }
    policy.allow_blind = args.allow_blind.unwrap_or(policy.allow_blind);
    Ok(policy)
}
