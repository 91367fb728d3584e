//! `selftest`.

use crate::ceremony::selftest;
use crate::cli::context::Context;
use crate::cli::error::CommandError;

const EXAMPLES: &str = "\
Examples:
  quorate selftest";

/// Runs known-answer tests of everything cryptographic
#[derive(clap::Args, Clone, Debug)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {}

pub(crate) fn run(_: Args, context: &mut Context) -> Result<(), CommandError> {
    let checks = selftest::run();
    let failed = checks.iter().filter(|check| !check.passed).map(|check| check.name).collect::<Vec<_>>();
    let report = serde_json::json!({ "passed": failed.is_empty(), "checks": checks });
    context.show(&report, |_, text| {
        for check in &checks {
            text.line(format!("{}  {}", if check.passed { "ok    " } else { "FAILED" }, check.name));
        }
    })?;
    if failed.is_empty() {
        return Ok(());
    }
    Err(CommandError::bug(format!("known-answer tests failed: {}", failed.join(", ")))
        .state("this program must not be used for anything"))
}
