//! The command line: object verb. One file per verb, each with its `Args` and one `run`.

use std::ffi::OsString;
use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{ArgAction, CommandFactory, Parser, Subcommand, error::ErrorKind};

use crate::cli::context::{Context, Streams};
use crate::cli::error::{CommandError, ExitKind};
use crate::paillier::PrimeSource;
use crate::ui::Progress;

mod approve;
mod args;
mod audit;
mod auxiliary;
mod ceremony;
mod completions;
pub mod context;
mod custodian;
mod doctor;
pub mod error;
mod files;
mod fingerprint;
mod guardian;
mod init;
mod interrupt;
mod key;
mod letters;
mod man;
mod node;
pub mod output;
mod person;
mod policy;
mod recover;
mod request;
mod selftest;
mod share;
mod sign;
mod verify;

const EXIT_CODES: &str = "\
Exit codes:
    0  done
    1  the operator can fix it
    2  usage
    3  denied by quorum or policy
    4  integrity: tampered, wrong key, wrong passphrase
    5  a peer is unreachable; safe to retry
    6  a peer misbehaved; it is named; do not retry
   70  a defect of this program
   75  another run holds the lock
  130  aborted by the operator

Examples:
  quorate --home demo init
  quorate --home demo key generate --curve ED25519 --threshold 2
  quorate ceremony run ceremonies/quickstart.toml";

/// Threshold keys over MPC nodes: key-custody ceremonies for institutions
#[derive(Parser, Clone, Debug)]
#[command(name = "quorate", version, long_version = long_version(), max_term_width = 100)]
#[command(arg_required_else_help = true, after_long_help = EXIT_CODES)]
struct Cli {
    #[command(flatten)]
    globals: Globals,
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Args, Clone, Debug)]
#[command(next_help_heading = "Global options")]
pub(crate) struct Globals {
    /// The workspace; else the environment's QUORATE_HOME, else ~/.quorate
    #[arg(long, global = true, value_name = "DIR")]
    home: Option<PathBuf>,
    /// Print one JSON object instead of text; errors too
    #[arg(long, global = true)]
    json: bool,
    /// Say more on standard error; repeat for more
    #[arg(short, long, global = true, action = ArgAction::Count)]
    verbose: u8,
    /// Take the passphrase from a file that only you can read; repeat for several, in order
    #[arg(long, global = true, value_name = "FILE", conflicts_with = "passphrase_fd")]
    passphrase_file: Vec<PathBuf>,
    /// Take the passphrase from an open file descriptor; repeat for several, in order
    #[arg(long, global = true, value_name = "N")]
    passphrase_fd: Vec<u32>,
    /// Draw no progress bars
    #[arg(long, global = true)]
    no_progress: bool,
}

#[derive(Subcommand, Clone, Debug)]
enum Command {
    Init(init::Args),
    #[command(subcommand)]
    Key(key::KeyCommand),
    #[command(subcommand)]
    Aux(auxiliary::AuxCommand),
    #[command(subcommand)]
    Node(node::NodeCommand),
    #[command(subcommand)]
    Person(person::PersonCommand),
    #[command(subcommand)]
    Policy(policy::PolicyCommand),
    Sign(Box<sign::SignCommand>),
    #[command(subcommand)]
    Request(request::RequestCommand),
    Approve(approve::Args),
    Verify(verify::Args),
    #[command(subcommand)]
    Custodian(custodian::CustodianCommand),
    #[command(subcommand)]
    Guardian(guardian::GuardianCommand),
    #[command(subcommand)]
    Share(share::ShareCommand),
    #[command(subcommand)]
    Audit(audit::AuditCommand),
    Doctor(doctor::Args),
    Recover(Box<recover::Args>),
    Selftest(selftest::Args),
    #[command(subcommand)]
    Ceremony(ceremony::CeremonyCommand),
    Completions(completions::Args),
    Man(man::Args),
}

/// The program: parses, runs one command, reports. Never panics to the outside.
pub fn run(args: impl IntoIterator<Item = OsString>, primes: PrimeSource) -> ExitCode {
    interrupt::survive_file_size_limit();
    std::panic::set_hook(Box::new(report_panic));
    let args: Vec<OsString> = args.into_iter().collect();
    let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| run_on_terminal(&args, &primes)));
    ExitCode::from(outcome.unwrap_or(ExitKind::Bug).code())
}

fn run_on_terminal(args: &[OsString], primes: &PrimeSource) -> ExitKind {
    let (mut stdout, mut stderr) = (io::stdout(), io::stderr());
    let streams = Streams {
        colour_stdout: anstream::AutoStream::choice(&stdout) != anstream::ColorChoice::Never,
        colour_stderr: anstream::AutoStream::choice(&stderr) != anstream::ColorChoice::Never,
        stdout_is_terminal: stdout.is_terminal(),
        stdout: &mut stdout,
        stderr: &mut stderr,
        interactive: true,
        progress: Progress::terminal(),
        text: None,
    };
    execute(args, primes, streams)
}

/// What a captured run left behind.
#[derive(Clone, Debug)]
pub struct Captured {
    /// How it ended.
    pub exit: ExitKind,
    /// What it printed.
    pub stdout: Vec<u8>,
    /// What it complained about.
    pub stderr: Vec<u8>,
    /// With `--json`: the text a person would have read.
    pub text: String,
}

/// Runs one command line inside this process: nobody to ask, no colours, output kept. The first
/// argument is the program's name.
pub fn run_captured(args: &[OsString], primes: &PrimeSource, progress: Progress) -> Captured {
    let (mut stdout, mut stderr, mut text) = (Vec::new(), Vec::new(), String::new());
    let streams = Streams {
        stdout: &mut stdout,
        stderr: &mut stderr,
        colour_stdout: false,
        colour_stderr: false,
        stdout_is_terminal: false,
        interactive: false,
        progress,
        text: Some(&mut text),
    };
    let exit = execute(args, primes, streams);
    Captured { exit, stdout, stderr, text }
}

/// Parses a ceremony step's command line, without the program's name.
fn parse_step(words: &[String]) -> Result<(), clap::Error> {
    let words = std::iter::once("quorate").chain(words.iter().map(String::as_str));
    parse(&words.map(OsString::from).collect::<Vec<_>>()).map(|_| ())
}

/// Parses a command line. Of a flag that is given before the command and after it, clap keeps the later ones only: a
/// passphrase that is dropped in silence would be taken for another one.
fn parse(args: &[OsString]) -> Result<Cli, clap::Error> {
    let cli = Cli::try_parse_from(args)?;
    let given = |flag: &str| {
        let own = |arg: &&OsString| {
            let rest = arg.to_str().and_then(|arg| arg.strip_prefix(flag));
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('='))
        };
        args.iter().take_while(|arg| *arg != "--").filter(own).count()
    };
    let (files, descriptors) = (cli.globals.passphrase_file.len(), cli.globals.passphrase_fd.len());
    for (flag, kept) in [("--passphrase-file", files), ("--passphrase-fd", descriptors)] {
        if given(flag) != kept {
            let message = format!("give every {flag} on the same side of the command, in order");
            return Err(command().error(ErrorKind::ArgumentConflict, message));
        }
    }
    Ok(cli)
}

/// The command line's definition, for man pages, completions and checks.
pub fn command() -> clap::Command {
    Cli::command()
}

fn execute<'a>(args: &[OsString], primes: &'a PrimeSource, mut streams: Streams<'a>) -> ExitKind {
    let cli = match parse(args) {
        Ok(cli) => cli,
        Err(error) => return report_parse(args, &error, &mut streams),
    };
    let mut context = Context::new(&cli.globals, primes, streams);
    let outcome = cli.command.run(&mut context);
    match outcome {
        Ok(()) => ExitKind::Done,
        Err(mut error) => {
            error.hints = error.hints.iter().map(|hint| context.in_this_home(hint)).collect();
            report(&error, cli.globals.json, &mut context.into_streams());
            error.code
        }
    }
}

impl Command {
    fn run(self, context: &mut Context) -> Result<(), CommandError> {
        match self {
            Self::Init(args) => init::run(args, context),
            Self::Key(verb) => verb.run(context),
            Self::Aux(verb) => verb.run(context),
            Self::Node(verb) => verb.run(context),
            Self::Person(verb) => verb.run(context),
            Self::Share(verb) => verb.run(context),
            Self::Sign(command) => command.run(context),
            Self::Policy(command) => command.run(context),
            Self::Approve(args) => approve::run(args, context),
            Self::Request(verb) => verb.run(context),
            Self::Verify(args) => verify::run(args, context),
            Self::Custodian(verb) => verb.run(context),
            Self::Guardian(verb) => verb.run(context),
            Self::Audit(verb) => verb.run(context),
            Self::Doctor(args) => doctor::run(args, context),
            Self::Recover(args) => recover::run(*args, context),
            Self::Selftest(args) => selftest::run(args, context),
            Self::Ceremony(verb) => verb.run(context),
            Self::Completions(args) => completions::run(args, context),
            Self::Man(args) => man::run(args, context),
        }
    }
}

/// Help and version are results; everything else clap says is a usage error.
fn report_parse(args: &[OsString], error: &clap::Error, streams: &mut Streams) -> ExitKind {
    let styled = error.render();
    if error.use_stderr() {
        if args.iter().any(|arg| arg == "--json") {
            let text = styled.to_string();
            let message = text.trim().strip_prefix("error: ").unwrap_or(text.trim());
            let message = message.split("\n\nFor more information").next().unwrap_or(message);
            report(&CommandError::usage(message).hint("quorate --help"), true, streams);
        } else {
            let text = if streams.colour_stderr { styled.ansi().to_string() } else { styled.to_string() };
            let _ = streams.stderr.write_all(text.as_bytes());
        }
        return ExitKind::Usage;
    }
    let text = if streams.colour_stdout { styled.ansi().to_string() } else { styled.to_string() };
    match output::write_all(streams.stdout, text.as_bytes()) {
        Ok(()) => ExitKind::Done,
        Err(error) => {
            report(&error, false, streams);
            error.code
        }
    }
}

/// Writes an error to standard error; that this may fail as well changes nothing.
fn report(error: &CommandError, json: bool, streams: &mut Streams) {
    if json {
        let _ = writeln!(streams.stderr, "{}", error.to_json());
        return;
    }
    let (red, plain) = if streams.colour_stderr { ("\x1b[1;31m", "\x1b[0m") } else { ("", "") };
    let _ = writeln!(streams.stderr, "{red}error:{plain} {}", output::shown(&error.message));
    if let Some(state) = &error.state {
        let _ = writeln!(streams.stderr, "state: {}", output::shown(state));
    }
    for hint in &error.hints {
        let _ = writeln!(streams.stderr, "next:  {}", output::shown(hint));
    }
}

/// Where it happened, but not what was said: a panic's text may carry data (R44).
fn report_panic(info: &std::panic::PanicHookInfo) {
    let place = info.location().map(|l| format!("{}:{}", l.file(), l.line())).unwrap_or_default();
    let _ = writeln!(
        io::stderr(),
        "error: a defect in quorate {} at {place}\nstate: what was stored before stands\nnext:  quorate key list",
        env!("CARGO_PKG_VERSION")
    );
}

fn long_version() -> String {
    format!(
        "{} ({} build, {}-{}, commit {})",
        env!("CARGO_PKG_VERSION"),
        if cfg!(debug_assertions) { "debug" } else { "release" },
        std::env::consts::ARCH,
        std::env::consts::OS,
        option_env!("QUORATE_COMMIT").unwrap_or("unknown"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn captured(args: &[&str]) -> Captured {
        let args: Vec<OsString> =
            std::iter::once("quorate").chain(args.iter().copied()).map(Into::into).collect();
        run_captured(&args, &PrimeSource::real(), Progress::hidden())
    }

    #[test]
    fn the_definition_is_sound() {
        command().debug_assert();
    }

    #[test]
    fn help_and_version_are_results() {
        for args in [&["--help"][..], &["--version"], &["sign", "--help"], &["-V"]] {
            let run = captured(args);
            assert_eq!(run.exit, ExitKind::Done, "{args:?}");
            assert!(!run.stdout.is_empty() && run.stderr.is_empty(), "{args:?}");
        }
    }

    #[test]
    fn r36_passphrases_on_both_sides_of_the_command_are_refused() {
        let sides = ["--passphrase-file", "a", "key", "list", "--passphrase-file=b"];
        let run = captured(&sides);
        assert_eq!(run.exit, ExitKind::Usage);
        assert!(String::from_utf8_lossy(&run.stderr).contains("same side of the command"));
        for one_side in [
            ["--passphrase-fd=8", "--passphrase-fd=9", "key", "list"],
            ["key", "list", "--passphrase-fd", "8"],
        ] {
            assert!(
                parse(&std::iter::once("quorate").chain(one_side).map(OsString::from).collect::<Vec<_>>())
                    .is_ok()
            );
        }
    }

    #[test]
    fn usage_errors_exit_2_in_text_and_json() {
        for args in [&["nonsense"][..], &["key"], &["key", "generate"], &["sign", "--key", "x"]] {
            let run = captured(args);
            assert_eq!(run.exit, ExitKind::Usage, "{args:?}");
            assert!(run.stdout.is_empty() && !run.stderr.is_empty(), "{args:?}");
        }
        let run = captured(&["--json", "key", "show", "--key", "x"]);
        let error: serde_json::Value = serde_json::from_slice(&run.stderr).unwrap();
        assert_eq!(error["error"]["code"], 2);
        assert_eq!(error["error"]["kind"], "usage");
    }
}
