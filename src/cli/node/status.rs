//! `node status`.

use serde::Serialize;

use crate::ceremony::nodes;
use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::cli::output::Text;
use crate::ids::Name;
use crate::statement::{Signed, Status};

const EXAMPLES: &str = "\
Examples:
  quorate node status
  quorate node status OFFICIAL_1 --json

Each node's account is signed by the node; --json gives the signed statements.";

/// Shows what nodes hold, in their own signed words: shares, aux, primes, open shares, log head
#[derive(clap::Args, Clone, Debug)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// The node; default: all
    #[arg(value_name = "NAME")]
    pub(crate) name: Option<Name>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    nodes: Vec<Signed<Status>>,
    empty: bool,
}

pub(crate) fn run(args: Args, context: &mut Context) -> Result<(), CommandError> {
    let workspace = context.workspace()?;
    let names = args.name.map_or_else(|| workspace.servers().to_vec(), |name| vec![name]);
    let nodes = nodes::status(&workspace, &names)?;
    let empty = nodes.iter().all(|signed| signed.statement.empty);
    context.show(&Report { nodes, empty }, describe)
}

fn describe(report: &Report, text: &mut Text) {
    let cells = |signed: &Signed<Status>| {
        let said = &signed.statement;
        let shares = said.resident.iter().filter(|key| key.share).count();
        let aux: usize = said.resident.iter().map(|key| usize::from(key.aux)).sum();
        let more = if said.more > 0 { format!(" (+{} keys)", said.more) } else { String::new() };
        let pool = said.pool.iter().map(|(_, have)| have.to_string()).collect::<Vec<_>>().join("/");
        vec![
            said.node.to_string(),
            format!("{shares}{more}"),
            aux.to_string(),
            pool,
            format!("{}/{}", said.leases.len(), said.one_time),
            said.locks.to_string(),
            said.head.counter.to_string(),
            said.time.to_string(),
        ]
    };
    let rows: Vec<_> = report.nodes.iter().map(cells).collect();
    let heads =
        ["node", "shares", "aux", "primes 256/384/521", "open/waiting", "locks", "log entries", "clock"];
    text.table(&heads, &rows);
    for key in report
        .nodes
        .iter()
        .flat_map(|signed| signed.statement.resident.iter().map(move |key| (&signed.statement.node, key)))
    {
        let (node, key) = key;
        let share = if key.share { "share" } else { "no share" };
        text.line(format!("{node}: key {}, epoch {}: {share}, {} aux", key.key_id, key.epoch, key.aux));
    }
    let all = "every node says, signed, that it holds nothing: no share, no aux, no prime, nothing open";
    text.line(if report.empty { all } else { "each line is signed by its node" });
}
