//! `request cancel`.

use std::path::PathBuf;

use serde::Serialize;

use crate::ceremony::jit::Statement;
use crate::ceremony::requests::{self, Cancelled};
use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::cli::letters;
use crate::cli::share::release;
use crate::ids::{Name, OpId};

const EXAMPLES: &str = "\
Examples:
  quorate request cancel pay.request.json
  quorate request cancel --operation 4f1c0de2a9b8471e8c3d5a6b7c8d9e0f";

/// Gives a request up: its servers never carry it out, and destroy what waits for grants
#[derive(clap::Args, Clone, Debug)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// The request
    #[arg(value_name = "REQUEST", required_unless_present = "operation", conflicts_with = "operation")]
    pub(crate) request: Option<PathBuf>,
    /// The operation's id, where the request's file is lost; `quorate doctor` names it
    #[arg(long, value_name = "OPID", value_parser = operation)]
    pub(crate) operation: Option<OpId>,
}

fn operation(text: &str) -> Result<OpId, String> {
    OpId::parse(text).ok_or_else(|| "an operation id has 32 lower-case hex digits".to_owned())
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    op_id: OpId,
    cancelled: bool,
    /// Which never carry it out.
    servers: Vec<Name>,
    statements: Vec<Statement>,
}

pub(crate) fn run(args: Args, context: &mut Context) -> Result<(), CommandError> {
    let (op_id, Cancelled { servers, statements }) = match (args.request, args.operation) {
        (Some(path), _) => {
            let request = letters::request(&path)?;
            let mut workspace = context.workspace()?;
            (request.request.op_id, requests::cancel(&mut workspace, &request)?)
        }
        (None, Some(op_id)) => {
            let statements = requests::cancel_lost(&mut context.workspace()?, &op_id)?;
            (op_id, Cancelled { statements, ..Cancelled::default() })
        }
        (None, None) => return Err(CommandError::usage("name a request or an --operation")),
    };
    let report = Report { op_id, cancelled: true, servers, statements };
    context.show(&report, |report, text| {
        text.line(format!("cancelled: operation {}", report.op_id));
        for server in &report.servers {
            text.line(format!("{server} never carries it out"));
        }
        if report.servers.is_empty() && report.statements.is_empty() {
            text.line("this home never carries it out; no other one knows of that: tell whoever has it");
        }
        for statement in &report.statements {
            text.line(release::stated(&statement.statement));
        }
    })
}
