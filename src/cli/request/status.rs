//! `request status`.

use std::path::PathBuf;

use serde::Serialize;

use crate::ceremony::approve;
use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::cli::files::quoted;
use crate::cli::letters;
use crate::cli::output::Text;
use crate::digest::Hash;
use crate::ids::{Name, OpId, Time};
use crate::policy::Role;
use crate::request::{Need, Verdict};

const EXAMPLES: &str = "\
Examples:
  quorate request status recover.request.json --approval A.approval.json --approval B.approval.json";

/// Says what each approval of a request is worth, and who is missing
#[derive(clap::Args, Clone, Debug)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// The request
    #[arg(value_name = "REQUEST")]
    pub(crate) request: PathBuf,
    /// An approval; repeat for each
    #[arg(long, value_name = "FILE")]
    pub(crate) approval: Vec<PathBuf>,
}

/// One approval.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct VerdictRow {
    approver: Name,
    verdict: &'static str,
}

/// One quorum.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct NeedRow {
    quorum: &'static str,
    role: Role,
    needed: u16,
    have: u16,
    pub(crate) met: bool,
    approvals: Vec<VerdictRow>,
    /// Who could still approve.
    open: Vec<Name>,
}

impl NeedRow {
    /// An approval is worth as long as its request.
    pub(crate) fn of(need: &Need, expired: bool) -> Self {
        let row = |judged: &crate::request::Judged| VerdictRow {
            approver: judged.approver.clone(),
            verdict: match judged.verdict {
                Verdict::Valid if expired => "expired",
                verdict => verdict.name(),
            },
        };
        Self {
            quorum: need.quorum,
            role: need.role,
            needed: need.count,
            have: if expired { 0 } else { need.have() },
            met: !expired && need.is_met(),
            approvals: need.judged.iter().map(row).collect(),
            open: need.open.clone(),
        }
    }
}

/// A quorum in words.
pub(crate) fn verdicts(need: &NeedRow, text: &mut Text) {
    let met = if need.met { "enough" } else { "NOT ENOUGH" };
    text.fields([(
        "quorum",
        format!("{}: {} of {} {}, {met}", need.quorum, need.have, need.needed, need.role.name()),
    )]);
    for row in &need.approvals {
        text.fields([("approval", format!("{}: {}", row.approver, row.verdict))]);
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    operation: &'static str,
    op_id: OpId,
    request_hash: Hash,
    words: String,
    requester: Name,
    expiry: Time,
    expired: bool,
    approved: bool,
    quorums: Vec<NeedRow>,
}

pub(crate) fn run(args: Args, context: &mut Context) -> Result<(), CommandError> {
    let mut request = letters::request(&args.request)?;
    for path in &args.approval {
        request.approvals.push(letters::approval(path)?);
    }
    let workspace = context.workspace()?;
    let review = approve::review(&request, workspace.chain()?)?;
    let body = &request.request;
    let expired = Time::now() >= body.expiry;
    let quorums: Vec<NeedRow> = review.needs.iter().map(|need| NeedRow::of(need, expired)).collect();
    let report = Report {
        operation: body.action.operation(),
        op_id: body.op_id,
        request_hash: review.hash,
        words: review.hash.words(),
        requester: body.requester.clone(),
        expiry: body.expiry,
        expired,
        approved: quorums.iter().all(|need| need.met),
        quorums,
    };
    context.show(&report, |report, text| {
        let late = if report.expired { " (EXPIRED: it is of no use any more)" } else { "" };
        text.fields([
            ("operation", report.operation.to_owned()),
            ("asked for by", report.requester.to_string()),
            ("valid until", format!("{}{late}", report.expiry)),
            ("request", report.request_hash.to_string()),
            ("words", report.words.clone()),
        ]);
        report.quorums.iter().for_each(|need| verdicts(need, text));
    })?;
    if !report.approved && !expired {
        let file = quoted(&args.request);
        for name in report.quorums.iter().filter(|need| !need.met).flat_map(|need| &need.open) {
            context.next(&format!(
                "on {name}'s machine: quorate approve {file} --identity {name}.identity.json --out {name}.approval.json"
            ));
        }
    }
    Ok(())
}
