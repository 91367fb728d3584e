//! Ceremony scripts (`ceremonies/*.toml`): who does what, the very command line each step types, and what
//! must come out. No input or output here: [`Run`] says what comes next and is told what came of it.
//!
//! ```toml
//! title = "Quickstart"
//! purpose = "rehearsal"              # or "production"
//! passphrases = ["annsWords"]        # rehearsal only: files with drawn passphrases, {annsWords} is the path
//!
//! [people]                           # by role
//! operator = ["Ann"]
//!
//! [[steps]]
//! actor = "operator"                 # a role or a person
//! say = "Make the first key."        # read aloud
//! run = "quorate key generate --curve ED25519 --threshold 2"
//! expect = { curve = "ED25519" }     # fields of the step's JSON result
//! capture = { keyId = "keyId" }      # later steps write {keyId}
//! expect_exit = 0
//! confirm = "Yes"                    # the step waits for this very word
//! ```
//!
//! A field is a name, or a JSON pointer (RFC 6901) if it begins with `/`. `{home}`, `{tmp}`, `{here}`
//! (the script's directory) and `{files}` (what people carry: beside the home, as `<home>-files`) are always there.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::digest::Hash;
use crate::keyshare::Purpose;

/// Longest script, in bytes.
pub const SCRIPT_CAP: usize = 256 << 10;
/// Most steps of a script.
pub const STEPS_CAP: usize = 500;

/// Values that every script may use.
pub const BUILT_IN: [&str; 4] = ["files", "here", "home", "tmp"];

/// Why a script cannot be run, or what a step did not live up to.
#[derive(Debug, thiserror::Error)]
pub enum ScriptError {
    #[error("the script is {len} bytes long; at most {SCRIPT_CAP} are read")]
    TooLong { len: usize },
    #[error("the script is malformed: {0}")]
    Malformed(String),
    #[error("step {step}: {reason}")]
    Step { step: usize, reason: String },
    #[error("step {step} of {total} ended with exit code {exit}, not {expected}: {complaint}")]
    Exit { step: usize, total: usize, exit: u8, expected: u8, complaint: String },
    #[error("step {step} of {total}: {field} is {found}, not {expected}")]
    Expectation { step: usize, total: usize, field: String, expected: String, found: String },
    #[error("step {step} of {total}: its result has no plain field {field} to capture")]
    Capture { step: usize, total: usize, field: String },
}

/// A script that was read and found sound; its command lines are not parsed yet.
#[derive(Clone, Debug)]
pub struct Script {
    /// What the ceremony is for.
    pub title: String,
    /// Rehearsal or production.
    pub purpose: Purpose,
    /// Names by role.
    pub people: BTreeMap<String, Vec<String>>,
    /// Values that name files with drawn passphrases; a rehearsal's only.
    pub passphrases: Vec<String>,
    /// SHA-256 of the script's text.
    pub digest: Hash,
    steps: Vec<Step>,
}

#[derive(Clone, Debug)]
struct Step {
    actor: String,
    say: String,
    words: Vec<String>,
    expect: BTreeMap<String, Value>,
    capture: BTreeMap<String, String>,
    expect_exit: u8,
    confirm: Option<String>,
}

impl Script {
    /// Reads a script: unknown fields, actors and values are refused.
    pub fn parse(text: &[u8]) -> Result<Self, ScriptError> {
        if text.len() > SCRIPT_CAP {
            return Err(ScriptError::TooLong { len: text.len() });
        }
        let malformed = |reason: String| ScriptError::Malformed(reason);
        let utf8 = std::str::from_utf8(text).map_err(|e| malformed(e.to_string()))?;
        let raw: RawScript = toml::from_str(utf8).map_err(|e| malformed(e.to_string()))?;
        if raw.steps.is_empty() || raw.steps.len() > STEPS_CAP {
            return Err(malformed(format!("{} steps; a script has 1 to {STEPS_CAP}", raw.steps.len())));
        }
        let mut known: Vec<String> = BUILT_IN.map(str::to_owned).to_vec();
        if raw.purpose == Purpose::Production && !raw.passphrases.is_empty() {
            return Err(malformed("a production script draws no passphrases: people choose theirs".into()));
        }
        for name in &raw.passphrases {
            if !is_name(name) || known.contains(name) {
                return Err(malformed(format!("{name:?} is not a new name for a passphrase file")));
            }
            known.push(name.clone());
        }
        let mut steps = Vec::with_capacity(raw.steps.len());
        for (index, step) in raw.steps.into_iter().enumerate() {
            let step = check_step(step, &raw.people, &mut known)
                .map_err(|reason| ScriptError::Step { step: index + 1, reason })?;
            steps.push(step);
        }
        let RawScript { title, purpose, people, passphrases, .. } = raw;
        Ok(Self { title, purpose, people, passphrases, digest: Hash::plain(text), steps })
    }

    /// How many steps there are.
    pub fn steps(&self) -> usize {
        self.steps.len()
    }

    /// Whether any step waits for a person's word.
    pub fn needs_a_person(&self) -> bool {
        self.steps.iter().any(|step| step.confirm.is_some())
    }

    /// Lets `parse` judge the command line of every step, values still written `{name}`.
    pub fn check(&self, mut parse: impl FnMut(&[String]) -> Result<(), String>) -> Result<(), ScriptError> {
        self.steps.iter().enumerate().try_for_each(|(index, step)| {
            parse(&step.words).map_err(|reason| ScriptError::Step { step: index + 1, reason })
        })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawScript {
    title: String,
    purpose: Purpose,
    people: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    passphrases: Vec<String>,
    steps: Vec<RawStep>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawStep {
    actor: String,
    say: String,
    run: String,
    #[serde(default)]
    expect: BTreeMap<String, Value>,
    #[serde(default)]
    capture: BTreeMap<String, String>,
    #[serde(default)]
    expect_exit: u8,
    confirm: Option<String>,
}

fn check_step(
    raw: RawStep,
    people: &BTreeMap<String, Vec<String>>,
    known: &mut Vec<String>,
) -> Result<Step, String> {
    let is_actor = |(role, names): (&String, &Vec<String>)| *role == raw.actor || names.contains(&raw.actor);
    if !people.iter().any(is_actor) {
        return Err(format!("the actor {:?} is neither a role nor a person of [people]", raw.actor));
    }
    let mut words = shlex::split(&raw.run).ok_or("its command line has an open quote")?;
    if words.first().map(String::as_str) != Some("quorate") {
        return Err("its command line does not begin with `quorate`".into());
    }
    words.remove(0);
    let expected = raw.expect.values().filter_map(Value::as_str);
    for name in words.iter().map(String::as_str).chain(expected).flat_map(names_in) {
        if !known.iter().any(|value| value == name) {
            return Err(format!("no earlier step captures {{{name}}}"));
        }
    }
    if let Some((field, _)) = raw.expect.iter().find(|(_, value)| !is_plain(value)) {
        return Err(format!(
            "{field} is expected to be something other than text, a whole number or a truth"
        ));
    }
    for name in raw.capture.keys() {
        if !is_name(name) {
            return Err(format!("{name:?} is not a name: a letter, then letters, digits or '_'"));
        }
        if known.contains(name) {
            return Err(format!("{{{name}}} has a value already"));
        }
        known.push(name.clone());
    }
    let RawStep { actor, say, expect, capture, expect_exit, confirm, .. } = raw;
    Ok(Step { actor, say, words, expect, capture, expect_exit, confirm })
}

fn is_plain(value: &Value) -> bool {
    value.is_string() || value.is_i64() || value.is_u64() || value.is_boolean()
}

fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// The names of all `{name}` in a word; other braces are plain text.
pub fn names_in(word: &str) -> impl Iterator<Item = &str> {
    word.split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}'))
        .map(|(name, _)| name)
        .filter(|n| is_name(n))
}

/// A word with every `{name}` that has a value replaced by it. Values are not looked into again.
pub fn substitute(word: &str, values: &BTreeMap<String, String>) -> String {
    let mut out = String::with_capacity(word.len());
    let mut rest = word;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let found =
            after.split_once('}').and_then(|(name, tail)| values.get(name).map(|value| (value, tail)));
        match found {
            Some((value, tail)) => {
                out.push_str(value);
                rest = tail;
            }
            None => {
                out.push('{');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

/// A script under way.
#[derive(Debug)]
pub struct Run<'a> {
    script: &'a Script,
    values: BTreeMap<String, String>,
    done: usize,
}

/// The step that comes next.
#[derive(Clone, Debug)]
pub struct Pending {
    /// From 1.
    pub step: usize,
    /// How many there are.
    pub total: usize,
    /// Who does it.
    pub actor: String,
    /// What is read aloud.
    pub say: String,
    /// The word that must be typed first.
    pub confirm: Option<String>,
    /// The command line after `quorate`, word by word.
    pub words: Vec<String>,
    /// The command line as a person types it.
    pub line: String,
}

/// What came of a step's command.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Its exit code.
    pub exit: u8,
    /// Its JSON: the result, or the error.
    pub report: Option<Value>,
    /// What it said on failing, for the message.
    pub complaint: String,
    /// What it says to a person.
    pub text: String,
}

/// A step that is done.
#[derive(Clone, Debug, Serialize)]
pub struct Record {
    /// From 1.
    pub step: usize,
    /// Who did it.
    pub actor: String,
    /// The command line.
    pub command: String,
    /// Its exit code.
    pub exit: u8,
    /// Its result.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub result: Option<Value>,
    /// What the command says to a person.
    #[serde(skip)]
    pub text: String,
}

impl<'a> Run<'a> {
    /// At the first step; `built_in` gives the values named in [`BUILT_IN`].
    pub fn new(script: &'a Script, built_in: BTreeMap<String, String>) -> Self {
        Self { script, values: built_in, done: 0 }
    }

    /// The step that comes next, or `None` at the end.
    pub fn pending(&self) -> Option<Pending> {
        let step = self.script.steps.get(self.done)?;
        let words: Vec<String> = step.words.iter().map(|word| substitute(word, &self.values)).collect();
        let quoted = words.iter().map(|word| shlex::try_quote(word).map_or(word.clone(), |q| q.into_owned()));
        let line = std::iter::once("quorate".to_owned()).chain(quoted).collect::<Vec<_>>().join(" ");
        Some(Pending {
            step: self.done + 1,
            total: self.script.steps.len(),
            actor: step.actor.clone(),
            say: step.say.clone(),
            confirm: step.confirm.clone(),
            words,
            line,
        })
    }

    /// Holds the pending step against what it was to bring, keeps what it captures, and goes on.
    pub fn finish(&mut self, outcome: Outcome) -> Result<Record, ScriptError> {
        let (Some(pending), Some(step)) = (self.pending(), self.script.steps.get(self.done)) else {
            return Err(ScriptError::Malformed("there is no step left".into()));
        };
        let (number, total) = (pending.step, pending.total);
        if outcome.exit != step.expect_exit {
            let Outcome { exit, complaint, .. } = outcome;
            return Err(ScriptError::Exit {
                step: number,
                total,
                exit,
                expected: step.expect_exit,
                complaint,
            });
        }
        for (field, expected) in &step.expect {
            let expected = match expected {
                Value::String(text) => Value::String(substitute(text, &self.values)),
                other => other.clone(),
            };
            let found = outcome.report.as_ref().and_then(|report| lookup(report, field));
            if found != Some(&expected) {
                let found = found.map_or("missing".to_owned(), Value::to_string);
                let (field, expected) = (field.clone(), expected.to_string());
                return Err(ScriptError::Expectation { step: number, total, field, expected, found });
            }
        }
        for (name, field) in &step.capture {
            let value = outcome.report.as_ref().and_then(|report| lookup(report, field)).and_then(plain_text);
            let missing = || ScriptError::Capture { step: number, total, field: field.clone() };
            self.values.insert(name.clone(), value.ok_or_else(missing)?);
        }
        self.done += 1;
        let Pending { actor, line, .. } = pending;
        let Outcome { exit, report, text, .. } = outcome;
        Ok(Record { step: number, actor, command: line, exit, result: report, text })
    }
}

fn lookup<'v>(report: &'v Value, field: &str) -> Option<&'v Value> {
    if field.starts_with('/') { report.pointer(field) } else { report.get(field) }
}

fn plain_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        _ => None,
    }
}

#[cfg(test)]
#[path = "script_tests.rs"]
mod tests;
