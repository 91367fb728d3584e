//! `ceremony run`.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use rand_core::OsRng;
use serde::Serialize;
use serde_json::Value;
use tempfile::TempDir;

use crate::ceremony::script::{Outcome, Pending, Record, Run, Script, ScriptError};
use crate::cli::ceremony::check;
use crate::cli::context::Context;
use crate::cli::error::{CommandError, ExitKind};
use crate::cli::output::Text;
use crate::cli::{self, Captured, interrupt};
use crate::keyshare::Purpose;
use crate::store;
use crate::wrap::passphrase::NewPassphrase;

const EXAMPLES: &str = "\
Examples:
  In a throwaway workspace that is removed at the end:
    quorate ceremony run ceremonies/quickstart.toml

  In a workspace that stays:
    quorate --home demo ceremony run ceremonies/quickstart.toml";

/// Runs a ceremony script, in a throwaway workspace unless --home is given
#[derive(clap::Args, Clone, Debug)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// The script (TOML)
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Do not wait for anybody's confirmation (rehearsals only)
    #[arg(long)]
    unattended: bool,
}

#[derive(Serialize)]
struct Report {
    title: String,
    purpose: String,
    script: String,
    #[serde(rename = "scriptSha256")]
    script_sha256: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    home: Option<String>,
    steps: Vec<Record>,
}

pub(crate) fn run(args: Args, context: &mut Context) -> Result<(), CommandError> {
    let script = check::load(&args.file)?;
    refuse_unfit(&script, &args, context)?;
    let place = Place::make(context)?;
    let mut run = Run::new(&script, place.values(&args.file, &script)?);
    say(context, |text| open(text, &script, &place))?;
    let mut steps = Vec::with_capacity(script.steps());
    while let Some(pending) = run.pending() {
        say(context, |text| announce(text, &pending))?;
        if let Some(word) = pending.confirm.as_deref().filter(|_| !args.unattended) {
            context.ui().confirm(&format!("{}: {}", pending.actor, pending.say), word, "--unattended")?;
        }
        let outcome = execute(&pending, &place, context);
        let hints = hints(&outcome);
        let record = run.finish(outcome).map_err(|e| stopped(&e, hints, &place))?;
        say(context, |text| result(text, &record))?;
        steps.push(record);
    }
    let kept = place.kept();
    let total = steps.len();
    place.clear()?;
    if context.json {
        let report = Report {
            title: script.title.clone(),
            purpose: script.purpose.to_string(),
            script: args.file.display().to_string(),
            script_sha256: script.digest.to_string(),
            home: kept,
            steps,
        };
        return context.show(&report, |_, _| ());
    }
    say(context, |text| close(text, total, kept))
}

/// What can be known to go wrong is refused before the first step.
fn refuse_unfit(script: &Script, args: &Args, context: &Context) -> Result<(), CommandError> {
    let refused = |message: &str| CommandError::usage(message).state("nothing was run");
    if script.purpose == Purpose::Production {
        if context.home_flag().is_none() {
            return Err(refused("a production ceremony does not run in a throwaway workspace; give --home"));
        }
        if args.unattended && script.needs_a_person() {
            return Err(refused("a production ceremony with confirmations does not run unattended"));
        }
    }
    if script.needs_a_person() && !args.unattended && !context.person_present() {
        return Err(CommandError::fixable("the script asks for confirmations, and there is no terminal")
            .state("nothing was run")
            .hint(format!("quorate ceremony run --unattended {}", args.file.display())));
    }
    Ok(())
}

/// The directories of one run. Dropping it removes what is temporary.
struct Place {
    tmp: TempDir,
    home: PathBuf,
    throwaway: bool,
}

impl Place {
    fn make(context: &Context) -> Result<Self, CommandError> {
        let failed =
            |e| CommandError::fixable(format!("no temporary directory: {e}")).state("nothing was run");
        let tmp = tempfile::Builder::new().prefix("quorate-").tempdir().map_err(failed)?;
        interrupt::remove_on_abort(tmp.path().to_owned())?;
        let home = context.home_flag();
        let throwaway = home.is_none();
        let home = home.unwrap_or_else(|| tmp.path().join("home"));
        fs::create_dir(tmp.path().join("files")).map_err(failed)?;
        Ok(Self { tmp, home, throwaway })
    }

    fn values(&self, file: &Path, script: &Script) -> Result<BTreeMap<String, String>, CommandError> {
        let here = match file.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        let (tmp, files) = (self.tmp.path().join("files"), self.files());
        let mut values = BTreeMap::new();
        let mut add = |name: &str, path: &Path| -> Result<(), CommandError> {
            let text = path.to_str().ok_or_else(|| {
                CommandError::fixable(format!("the path {} is not UTF-8", path.display()))
                    .state("nothing was run")
            })?;
            values.insert(name.to_owned(), text.to_owned());
            Ok(())
        };
        for (name, path) in [("here", here), ("home", &self.home), ("tmp", &tmp), ("files", &files)] {
            add(name, path)?;
        }
        if !script.passphrases.is_empty() {
            store::files::create_dir_private(&files)?;
        }
        for name in &script.passphrases {
            let path = files.join(format!("{name}.txt"));
            let drawn = NewPassphrase::diceware(&mut OsRng);
            store::files::write_new(&path, drawn.passphrase().expose().as_bytes())?;
            add(name, &path)?;
        }
        Ok(values)
    }

    /// What people carry between machines; kept as long as the home.
    fn files(&self) -> PathBuf {
        if self.throwaway {
            return self.tmp.path().join("carried");
        }
        let mut name = self.home.clone().into_os_string();
        name.push("-files");
        name.into()
    }

    fn kept(&self) -> Option<String> {
        if self.throwaway { None } else { Some(self.home.display().to_string()) }
    }

    fn clear(self) -> Result<(), CommandError> {
        let path = self.tmp.path().display().to_string();
        self.tmp.close().map_err(|e| {
            CommandError::fixable(format!("{path} could not be removed: {e}"))
                .state("the ceremony is complete; its throwaway workspace is still there")
                .hint(format!("rm -r {path}"))
        })
    }
}

/// Runs a step's command line in this process, against the ceremony's workspace.
fn execute(pending: &Pending, place: &Place, context: &Context) -> Outcome {
    let named = |flag: &str| {
        let with_value = format!("{flag}=");
        pending.words.iter().any(|word| word == flag || word.starts_with(&with_value))
    };
    let mut args: Vec<OsString> = vec!["quorate".into(), "--json".into()];
    if !named("--home") {
        args.extend(["--home".into(), place.home.clone().into_os_string()]);
    }
    args.extend(pending.words.iter().filter(|word| *word != "--json").map(OsString::from));
    let Captured { exit, stdout, stderr, text } =
        cli::run_captured(&args, context.primes, context.progress());
    let said = if exit == ExitKind::Done { &stdout } else { &stderr };
    let report = last_json(said);
    let message = report.as_ref().and_then(|report| report.pointer("/error/message")).and_then(Value::as_str);
    let complaint = message.map_or_else(|| String::from_utf8_lossy(&stderr).trim().to_owned(), str::to_owned);
    Outcome { exit: exit.code(), report, complaint, text }
}

/// Results and errors are one line of JSON; notes may come before it.
fn last_json(output: &[u8]) -> Option<Value> {
    let line = output.trim_ascii().split(|byte| *byte == b'\n').next_back()?;
    serde_json::from_slice(line).ok()
}

/// What the failed command itself advises.
fn hints(outcome: &Outcome) -> Vec<String> {
    let hints = outcome.report.as_ref().and_then(|report| report.pointer("/error/hints"));
    let hints = hints.and_then(Value::as_array).into_iter().flatten();
    hints.filter_map(Value::as_str).map(str::to_owned).collect()
}

fn stopped(error: &ScriptError, hints: Vec<String>, place: &Place) -> CommandError {
    let code = match error {
        ScriptError::Exit { exit, .. } => ExitKind::from_code(*exit).unwrap_or(ExitKind::Fixable),
        _ => ExitKind::Fixable,
    };
    let code = if code == ExitKind::Done { ExitKind::Fixable } else { code };
    let state = match place.kept() {
        None => "the ceremony stopped there; its throwaway workspace is removed".to_owned(),
        Some(home) => format!("the ceremony stopped there; what the steps before it did stands in {home}"),
    };
    CommandError { hints, ..CommandError::new(code, error.to_string()).state(state) }
}

fn say(context: &mut Context, text: impl FnOnce(&mut Text)) -> Result<(), CommandError> {
    if context.json { Ok(()) } else { context.show(&(), |(), out| text(out)) }
}

fn open(text: &mut Text, script: &Script, place: &Place) {
    text.line(format!("{} ({})", script.title, script.purpose));
    for (role, names) in &script.people {
        text.line(format!("  {role}: {}", names.join(", ")));
    }
    let home = place.kept().unwrap_or_else(|| "a throwaway one, removed at the end".to_owned());
    text.line(format!("  workspace: {home}"));
    text.line(format!("  script: {}", script.digest.words()));
}

fn announce(text: &mut Text, pending: &Pending) {
    text.line("");
    text.line(format!("Step {} of {} - {}", pending.step, pending.total, pending.actor));
    text.line(format!("  {}", pending.say));
    text.line(format!("  $ {}", pending.line));
}

fn result(text: &mut Text, record: &Record) {
    for line in record.text.lines() {
        text.line(format!("    {line}"));
    }
    if record.exit != 0 {
        text.line(format!("    refused with exit code {}, as expected", record.exit));
    }
}

fn close(text: &mut Text, total: usize, kept: Option<String>) {
    text.line("");
    let end =
        kept.map_or_else(|| "the throwaway workspace is removed".to_owned(), |home| format!("see {home}"));
    text.line(format!("All {total} steps done; {end}."));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_line_is_the_result() {
        assert_eq!(last_json(b"note\n{\"a\":1}\n"), Some(serde_json::json!({ "a": 1 })));
        assert_eq!(last_json(b"error: x\n"), None);
        assert_eq!(last_json(b""), None);
    }
}
