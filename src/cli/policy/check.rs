//! `policy check`.

use std::path::PathBuf;

use serde::Serialize;

use super::PolicyReport;
use crate::ceremony::approve;
use crate::ceremony::govern::{self, Adoption, Proposal};
use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::cli::letters;
use crate::cli::request::status::{NeedRow, verdicts};
use crate::ids::{Name, Time};

const EXAMPLES: &str = "\
Examples:
  quorate policy check genesis.proposal.json --adoption A.adoption.json
  quorate policy check change.request.json --approval A.approval.json";

/// Says whether a proposal can be adopted, and whose agreement is missing
#[derive(clap::Args, Clone, Debug)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// What `policy propose` wrote
    #[arg(value_name = "PROPOSAL")]
    pub(crate) proposal: PathBuf,
    /// The signature of a person in a first genesis; repeat for each
    #[arg(long, value_name = "FILE", conflicts_with = "approval")]
    pub(crate) adoption: Vec<PathBuf>,
    /// An approval of a change; repeat for each
    #[arg(long, value_name = "FILE")]
    pub(crate) approval: Vec<PathBuf>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    #[serde(flatten)]
    policy: PolicyReport,
    complete: bool,
    /// People whose signature is missing.
    missing: Vec<Name>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    quorums_of_change: Vec<NeedRow>,
}

pub(crate) fn run(args: Args, context: &mut Context) -> Result<(), CommandError> {
    let report = match Proposal::read(&args.proposal)? {
        Proposal::First(genesis) => {
            let read = |path: &PathBuf| Adoption::read(path).map(|adoption| adoption.signature);
            let signatures = args.adoption.iter().map(read).collect::<Result<Vec<_>, _>>()?;
            let missing: Vec<Name> = govern::lacking(&genesis, &signatures)?.into_iter().cloned().collect();
            Report {
                policy: PolicyReport::of(&genesis, Vec::new())?,
                complete: missing.is_empty(),
                missing,
                quorums_of_change: Vec::new(),
            }
        }
        Proposal::Next(mut request, next) => {
            for path in &args.approval {
                request.approvals.push(letters::approval(path)?);
            }
            let workspace = context.workspace()?;
            let chain = workspace.chain()?;
            let review = approve::review(&request, chain)?;
            let expired = Time::now() >= request.request.expiry;
            let rows: Vec<NeedRow> = review.needs.iter().map(|need| NeedRow::of(need, expired)).collect();
            Report {
                policy: PolicyReport::of(&next, govern::changes(chain.current(), &next))?,
                complete: rows.iter().all(|row| row.met),
                missing: Vec::new(),
                quorums_of_change: rows,
            }
        }
    };
    context.show(&report, |report, text| {
        report.policy.text(text);
        for name in &report.missing {
            text.fields([("missing", format!("{name}'s signature"))]);
        }
        report.quorums_of_change.iter().for_each(|need| verdicts(need, text));
        text.line(if report.complete { "complete: quorate policy adopt" } else { "not complete yet" });
    })
}
