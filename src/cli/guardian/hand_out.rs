//! Handing shares out: into a directory, or sheet by sheet to a printer.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::ceremony::guardians::{self, Handout, Medium, Prepared};
use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::cli::files;
use crate::cli::guardian::PaperSize;
use crate::ui::{SignalsHeld, UiError};

/// Where sheets go.
#[derive(clap::Args, Clone, Debug)]
pub(crate) struct OutArgs {
    /// Write the sheets into this directory; take one in memory, such as /dev/shm/shares
    #[arg(long, value_name = "DIR", required_unless_present = "print_to")]
    pub(crate) out_dir: Option<PathBuf>,
    /// Feed one sheet at a time (PDF on standard input) to this printer command, guardian by guardian
    #[arg(long, value_name = "COMMAND")]
    pub(crate) print_to: Option<String>,
    /// The paper in the printer
    #[arg(long, value_name = "SIZE", value_enum, default_value_t = PaperSize::A4)]
    pub(crate) paper: PaperSize,
}

impl OutArgs {
    /// Refuses a printer command that cannot be meant, before anything is made.
    pub(crate) fn printer(&self, context: &Context) -> Result<Option<Vec<String>>, CommandError> {
        let Some(line) = &self.print_to else { return Ok(None) };
        let words = shlex::split(line).filter(|words| !words.is_empty());
        let words = words.ok_or_else(|| CommandError::usage("--print-to is not a command line"))?;
        if context.person_present() {
            Ok(Some(words))
        } else {
            let need = "somebody to call the guardians to the printer".to_owned();
            Err(UiError::NoTerminal { need, flag: "--out-dir instead of --print-to" }.into())
        }
    }
}

/// Writes and prints. What can fail on this machine comes before the first sheet is on paper; without a
/// printer the set file comes last: without it, the split was not finished.
pub(crate) fn hand_out(
    prepared: &Prepared,
    out: &OutArgs,
    set: &Path,
    printer: Option<&[String]>,
    context: &mut Context,
) -> Result<Vec<PathBuf>, CommandError> {
    let dir = out.out_dir.as_deref();
    let made = dir.is_some_and(|dir| !dir.exists());
    // A plain file of what is printed would be one copy too many.
    let to_write = prepared.handouts.iter().filter(|handout| printer.is_none() || handout.sheet().is_none());
    let written = guardians::write(to_write, dir, &prepared.set, set)?;
    match (printer, dir) {
        (None, Some(dir)) => Leftovers { dir, made, written: &written, set: Some(set) }.warn(context),
        (None, None) => (),
        (Some(command), _) => {
            print_all(prepared.handouts.iter(), command, context).map_err(|error| {
                let files: Vec<_> =
                    written.iter().map(PathBuf::as_path).chain([set]).map(files::quoted).collect();
                error
                    .hint(format!("rm {}", files.join(" ")))
                    .hint("run the same command again: it makes new shares")
            })?;
        }
    }
    Ok(written)
}

/// Hands out one share of a set that exists.
pub(crate) fn one(
    handout: &Handout,
    out: &OutArgs,
    printer: Option<&[String]>,
    context: &mut Context,
) -> Result<Vec<PathBuf>, CommandError> {
    if let Some(command) = printer {
        print_all(std::iter::once(handout), command, context)
            .map_err(|error| error.hint("run the same command again: it prints the identical share"))?;
    }
    match (&out.out_dir, printer) {
        (Some(dir), None) => {
            let made = !dir.exists();
            let written = guardians::write_handouts(std::iter::once(handout), dir)?;
            Leftovers { dir, made, written: &written, set: None }.warn(context);
            Ok(written)
        }
        _ => Ok(Vec::new()),
    }
}

/// Plain shares that a command left in a directory.
pub(crate) struct Leftovers<'a> {
    /// Where they are.
    pub(crate) dir: &'a Path,
    /// The directory was made for them, so that it may go with them.
    pub(crate) made: bool,
    /// The files.
    pub(crate) written: &'a [PathBuf],
    /// The set that was made with them; it must outlive them.
    pub(crate) set: Option<&'a Path>,
}

impl Leftovers<'_> {
    /// Says what they mean, and how to be rid of them.
    pub(crate) fn warn(&self, context: &mut Context) {
        let name = self.dir.display();
        context.note(&match Medium::of(self.dir) {
            Medium::Memory => format!("{name} is in memory: switching off ends what is left of it"),
            Medium::Swappable => format!(
                "WARNING: {name} is in memory, which this system may move to a disk; before the next split: \
                 swapoff -a"
            ),
            Medium::Disk => format!(
                "WARNING: {name} is not in memory. A disk keeps what was deleted: whoever gets it may read the \
                 shares.\nDestroy the medium afterwards; better, split into /dev/shm"
            ),
        });
        let end = match self.made {
            true => format!("rm -r {}", files::quoted(self.dir)),
            false => {
                let files: Vec<_> = self.written.iter().map(|path| files::quoted(path)).collect();
                format!("rm {}", files.join(" "))
            }
        };
        let keep = self.set.filter(|set| self.made && set.starts_with(self.dir));
        let keep = keep.map(|set| format!("copy {} to where the identity is, then ", files::quoted(set)));
        context.note(&format!("When every sheet was read back: {}{end}", keep.unwrap_or_default()));
    }
}

fn print_all<'a>(
    handouts: impl Iterator<Item = &'a Handout>,
    command: &[String],
    context: &mut Context,
) -> Result<(), CommandError> {
    context.note(
        "A printer queue, and the printer itself, may keep what they print. Use a printer on a cable, and see \
         that the queue keeps\nno jobs (CUPS: PreserveJobFiles No, or a spool directory in memory)",
    );
    let mut begun: Vec<&str> = Vec::new();
    for handout in handouts {
        let (Some(sheet), name) = (handout.sheet(), handout.guardian.as_str()) else { continue };
        loop {
            let question = format!("{name}: come to the printer. Everybody else: step back");
            let answer = context.ui().confirm(&question, name, "a terminal");
            match answer {
                Err(UiError::Declined { .. }) => {
                    context.note(&format!("that was not {name}; Ctrl-C gives up"));
                    continue;
                }
                other => other.map_err(|e| stopped(e, &begun))?,
            }
            // From here on there may be paper.
            if begun.last() != Some(&name) {
                begun.push(name);
            }
            // Ctrl-C reaches the printer command too; what was begun must still be told.
            let held = SignalsHeld::begin()?;
            let printed = print(command, sheet.bytes.expose());
            if held.caught() {
                return Err(stopped(UiError::Interrupted, &begun));
            }
            drop(held);
            match printed {
                Ok(()) => break,
                Err(reason) => context.note(&format!(
                    "the printer command failed: {reason}. If a page came out, {name} destroys it now"
                )),
            }
        }
    }
    Ok(())
}

fn print(command: &[String], pdf: &[u8]) -> Result<(), String> {
    let (program, arguments) = command.split_first().ok_or("it is empty")?;
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .map_err(|e| e.to_string())?;
    let fed = child.stdin.take().map_or(Ok(()), |mut input| input.write_all(pdf));
    let status = child.wait().map_err(|e| e.to_string())?;
    match (status.success(), fed) {
        (true, Ok(())) => Ok(()),
        (true, Err(e)) => Err(format!("it did not take the whole sheet: {e}")),
        (false, _) => Err(status.to_string()),
    }
}

fn stopped(error: UiError, begun: &[&str]) -> CommandError {
    let state = match begun {
        [] => "no sheet was printed".to_owned(),
        names => format!("printed or begun for {}, and not finished: destroy those sheets", names.join(", ")),
    };
    CommandError::from(error).state(state)
}
