//! Interrupts a command at its calls that change a file, under `strace`: killed, out of space, or with a disk that
//! fails; and looks at what is left.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;

use super::skipped;
use crate::cli::{Stage, harness};

const CALLS: &str =
    "openat,write,pwrite64,fsync,fdatasync,ftruncate,renameat2,rename,unlink,unlinkat,mkdir,mkdirat";

/// What a run came to.
pub struct Traced {
    pub done: bool,
    pub killed: bool,
    pub trace: String,
}

/// Runs `line` in a new stage for each of some points of each kind of call (all of them with `QUORATE_SWEEP=full`).
/// `stage` is where it runs, `check` looks at what is left and is told whether the command had told its success. Calls are counted per thread, as strace counts them.
pub fn sweep<S>(
    line: impl Fn(&S) -> String,
    make: impl Fn() -> S,
    stage: impl Fn(&S) -> &Stage,
    calls: &str,
    check: impl Fn(&S, bool),
) {
    if skipped() {
        return;
    }
    let whole = make();
    let traced_whole = run(stage(&whole), &line(&whole), &format!("trace={CALLS}"));
    if !traced_whole.done {
        assert!(traced_whole.trace.is_empty(), "it fails without an interruption: {}", line(&whole));
        // Not with a macro: those are swallowed while a test passes.
        let _ =
            writeln!(std::io::stderr(), "SKIPPED, LOUDLY: strace cannot trace here, so NOTHING WAS KILLED");
        return;
    }
    let counts = counted(&traced_whole.trace);
    assert!(counts.contains_key("fsync"), "{counts:?}");
    let full = full();
    let (mut fired, mut tried) = (0, 0);
    for (call, count) in counts.into_iter().filter(|(call, _)| calls.split(',').any(|known| known == call)) {
        let step = if full { 1 } else { count.div_ceil(6) };
        for (at, turn) in (1..=count).step_by(step).zip(0..) {
            let fails = if call.ends_with("sync") { "error=EIO" } else { "error=ENOSPC" };
            for what in ["signal=KILL", fails] {
                if !full && what == fails && turn % 2 == 1 {
                    continue;
                }
                let left = make();
                let inject = format!("inject={call}:{what}:when={at}");
                let ended = run(stage(&left), &line(&left), &inject);
                let hit = ended.killed || ended.trace.contains("(INJECTED)");
                (fired, tried) = (fired + usize::from(hit), tried + 1);
                let goes_on = what == "error=EIO" && ended.done && went_on(&ended.trace);
                assert!(!(goes_on || ended.killed && ended.done), "{inject}: success is claimed");
                check(&left, ended.done);
            }
        }
    }
    assert!(fired * 10 >= tried * 8, "only {fired} of {tried} points were hit");
    println!("{fired} of {tried} points were hit");
}

/// Whether every point is taken, and not a few of each kind.
pub fn full() -> bool {
    std::env::var_os("QUORATE_SWEEP").is_some_and(|value| value == "full")
}

/// Whether the thread whose flush failed made something else durable. Closing the database flushes once more, which
/// nobody relies on; after any other failure nobody knows what is durable, and nothing may follow.
fn went_on(trace: &str) -> bool {
    let mut lines = trace.lines().skip_while(|line| !line.contains("(INJECTED)"));
    let Some((thread, _)) = lines.next().and_then(|line| line.split_once(' ')) else { return false };
    let durable = |call: &str| {
        ["fsync(", "renameat2(", "rename("].iter().any(|name| call.trim_start().starts_with(name))
    };
    lines.filter_map(|line| line.split_once(' ')).any(|(other, call)| other == thread && durable(call))
}

/// The most calls of each kind that one thread made.
pub fn counted(trace: &str) -> BTreeMap<String, usize> {
    let mut by_thread: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for (thread, rest) in trace.lines().filter_map(|line| line.split_once(' ')) {
        let call = rest.trim_start().split('(').next().unwrap_or_default();
        if CALLS.split(',').any(|known| known == call) {
            *by_thread.entry((thread, call)).or_default() += 1;
        }
    }
    let mut most: BTreeMap<String, usize> = BTreeMap::new();
    for ((_, call), count) in by_thread {
        let entry = most.entry(call.to_owned()).or_default();
        *entry = count.max(*entry);
    }
    most
}

/// Runs a command under `strace -e what`.
pub fn run(stage: &Stage, line: &str, what: &str) -> Traced {
    let log: &Path = &stage.path("tmp").join("trace");
    let mut command = stage.bare("strace".as_ref());
    let path = std::env::var_os("PATH").unwrap_or_default();
    command.env("PATH", path).args(["-f", "-qq", "-e", what, "-o"]).arg(log).arg(harness());
    command.args(shlex::split(line).unwrap());
    let output = command.output();
    let trace = fs::read_to_string(log).unwrap_or_default();
    let status = output.map(|output| output.status).unwrap_or_default();
    let killed = status.signal() == Some(9) || status.code() == Some(128 + 9);
    Traced {
        done: status.success() && !trace.is_empty() || status.success() && what.starts_with("inject"),
        killed,
        trace,
    }
}
