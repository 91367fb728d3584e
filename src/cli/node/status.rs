//! `node status`.

use crate::ceremony::workspace::PinnedNode;
use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::ids::Name;
use serde_json::Value;

const EXAMPLES: &str = "\
Examples:
  quorate node status
  quorate node status OFFICIAL_1";

/// Shows what a node holds: shares, aux, log head
#[derive(clap::Args, Clone, Debug)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// The node; default: all
    #[arg(value_name = "NAME")]
    pub(crate) name: Option<Name>,
}

pub(crate) fn run(args: Args, context: &mut Context) -> Result<(), CommandError> {
    let workspace = context.workspace()?;
    let names = args.name.map_or_else(|| workspace.servers().to_vec(), |name| vec![name]);
    let nodes = workspace.nodes(&names)?;
    let rows: Vec<Value> = nodes
        .iter()
        .map(|node| {
            let hello = &node.hello;
            let pool: serde_json::Map<String, Value> =
                hello.pool.iter().map(|(level, have)| (level.to_string(), (*have).into())).collect();
            serde_json::json!({
                "name": node.name(), "mode": hello.mode, "version": hello.version, "time": hello.time,
                "keys": hello.keys, "pool": pool, "sessions": hello.sessions,
                "logCounter": hello.head.counter, "logHead": hello.head.head,
            })
        })
        .collect();
    let report = serde_json::json!({ "nodes": rows });
    context.show(&report, |_, text| {
        let cells = |node: &PinnedNode| {
            let hello = &node.hello;
            let pool = hello.pool.iter().map(|(_, have)| have.to_string()).collect::<Vec<_>>().join("/");
            vec![
                node.name().to_string(),
                hello.keys.to_string(),
                pool,
                hello.sessions.to_string(),
                hello.head.counter.to_string(),
                hello.time.to_string(),
            ]
        };
        let rows: Vec<_> = nodes.iter().map(cells).collect();
        text.table(&["node", "keys", "primes 256/384/521", "running", "log entries", "clock"], &rows);
    })
}
