//! `ceremony check`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::error::{ContextKind, ContextValue, ErrorKind};
use serde::Serialize;

use crate::ceremony::script::{self, SCRIPT_CAP, Script};
use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::cli::files;

const EXAMPLES: &str = "\
Examples:
  quorate ceremony check ceremonies/quickstart.toml";

/// Checks a ceremony script and the command line of every step; runs nothing
#[derive(clap::Args, Clone, Debug)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// The script (TOML); - is standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

#[derive(Serialize)]
struct Report {
    title: String,
    purpose: String,
    steps: usize,
    sha256: String,
    words: String,
}

pub(crate) fn run(args: Args, context: &mut Context) -> Result<(), CommandError> {
    let script = load(&args.file)?;
    let report = Report {
        title: script.title.clone(),
        purpose: script.purpose.to_string(),
        steps: script.steps(),
        sha256: script.digest.to_string(),
        words: script.digest.words(),
    };
    context.show(&report, |report, text| {
        text.fields([
            ("script", args.file.display().to_string()),
            ("title", report.title.clone()),
            ("purpose", report.purpose.clone()),
            ("steps", format!("{}, all well-formed", report.steps)),
            ("SHA-256", report.sha256.clone()),
            ("words", report.words.clone()),
        ]);
    })
}

/// Reads a script and parses every command line in it.
pub(crate) fn load(file: &Path) -> Result<Script, CommandError> {
    let script = Script::parse(&files::read(file, SCRIPT_CAP as u64)?).map_err(|e| refused(file, &e))?;
    script.check(check_words).map_err(|e| refused(file, &e))?;
    Ok(script)
}

fn refused(file: &Path, error: &script::ScriptError) -> CommandError {
    CommandError::fixable(format!("{}: {error}", file.display())).state("nothing was run")
}

/// Parses one command line whose captured values are not known yet: for each, a sample that fits its
/// place is looked for.
fn check_words(words: &[String]) -> Result<(), String> {
    if words.first().is_some_and(|word| word == "ceremony") {
        return Err("a ceremony does not run ceremonies".into());
    }
    let mut names: Vec<&str> = words.iter().flat_map(|word| script::names_in(word)).collect();
    names.sort_unstable();
    names.dedup();
    let mut tried: BTreeMap<&str, usize> = names.iter().map(|name| (*name, 0)).collect();
    loop {
        let values: BTreeMap<String, String> = names
            .iter()
            .enumerate()
            .map(|(index, name)| ((*name).to_owned(), sample(index, tried.get(name).copied().unwrap_or(0))))
            .collect();
        let filled: Vec<String> = words.iter().map(|word| script::substitute(word, &values)).collect();
        let Err(error) = crate::cli::parse_step(&filled) else { return Ok(()) };
        let culprit = misfit(&error, words, &filled);
        match culprit.and_then(|name| tried.get_mut(name)) {
            Some(attempt) if *attempt + 1 < SAMPLES => *attempt += 1,
            _ => return Err(error.render().to_string().trim().to_owned()),
        }
    }
}

const SAMPLES: usize = 4;

/// A key id, hex digits, a number, a word; different for every name, so that a misfit can be traced.
fn sample(name: usize, attempt: usize) -> String {
    match attempt {
        0 => format!("3f0c9a52-6d0e-4f4c-9d1e-{name:012x}"),
        1 => format!("00{name:04x}"),
        2 => format!("{}", name + 2),
        _ => format!("SAMPLE_{name}"),
    }
}

/// The captured value that did not fit its place, if that was the trouble.
fn misfit<'w>(error: &clap::Error, words: &'w [String], filled: &[String]) -> Option<&'w str> {
    if !matches!(error.kind(), ErrorKind::ValueValidation | ErrorKind::InvalidValue) {
        return None;
    }
    let Some(ContextValue::String(value)) = error.get(ContextKind::InvalidValue) else { return None };
    let mut pairs = words.iter().zip(filled);
    let (word, _) = pairs.find(|(word, filled)| word != filled && filled.ends_with(value.as_str()))?;
    script::names_in(word).next()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str) -> Result<(), String> {
        check_words(&shlex::split(line).unwrap())
    }

    #[test]
    fn captured_values_fit_wherever_a_value_of_some_kind_does() {
        check("key show --key {k}").unwrap();
        check("sign --key {k} --digest {d} --servers {s},B").unwrap();
        check("verify --curve ED25519 --public-key={p} --signature 0x{s} --message {k}").unwrap();
        check("audit show --tail {n}").unwrap();
    }

    #[test]
    fn what_can_never_fit_is_refused() {
        for bad in [
            "key show",
            "key shew --key {k}",
            "key show --key mine",
            "key show --key {k} --colour red",
            "sign --key {k} --message-file m --hash {h}",
            "ceremony run x.toml",
            "{command}",
            "",
        ] {
            assert!(check(bad).is_err(), "{bad}");
        }
    }
}
