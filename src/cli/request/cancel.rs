//! `request cancel`.

use std::path::PathBuf;

use serde::Serialize;

use crate::ceremony::jit::Statement;
use crate::ceremony::requests;
use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::cli::share::release;
use crate::ids::OpId;

const EXAMPLES: &str = "\
Examples:
  quorate request cancel pay.request.json";

/// Gives a request up: its servers destroy what waits for grants, and say so
#[derive(clap::Args, Clone, Debug)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// The request
    #[arg(value_name = "REQUEST")]
    pub(crate) request: PathBuf,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    op_id: OpId,
    cancelled: bool,
    statements: Vec<Statement>,
}

pub(crate) fn run(args: Args, context: &mut Context) -> Result<(), CommandError> {
    let request = requests::read(&args.request)?;
    let mut workspace = context.workspace()?;
    let statements = requests::cancel(&mut workspace, &request)?;
    let report = Report { op_id: request.request.op_id, cancelled: true, statements };
    context.show(&report, |report, text| {
        text.line(format!("cancelled: operation {}", report.op_id));
        for statement in &report.statements {
            text.line(release::stated(&statement.statement));
        }
    })
}
