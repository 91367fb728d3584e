//! SLIP-39 with the reference implementation, the Python package `shamir-mnemonic`, both ways.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    path::Path,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use quorate::{
    guardian::slip39::{Share, combine, recreate, split},
    secret::Secret,
};
use rand_core::OsRng;
use serde_json::{Value, json};

#[test]
fn r31_the_reference_implementation_combines_our_shares() {
    let Some(mut python) = Python::start() else { return };
    for (t, n) in (2..=16u8).flat_map(|n| [(2, n), (n.div_ceil(2).max(2), n), (n, n)]) {
        let secret = Secret::random(&mut OsRng);
        let made = split(&secret, t, n, &mut OsRng).unwrap();
        let texts: Vec<String> = made.shares().iter().map(|share| share.text().to_string()).collect();
        let last = &texts[usize::from(n - t)..];
        let answer = python.ask(&json!({"do": "combine", "shares": last}));
        assert_eq!(answer, json!({"secret": hex::encode(secret.expose())}), "{t} of {n}");
        let answer = python.ask(&json!({"do": "combine", "shares": last[1..]}));
        assert!(answer["error"].as_str().unwrap().starts_with("Wrong number of mnemonics"), "{answer}");
    }
}

#[test]
fn r31_we_combine_and_recreate_shares_of_the_reference_implementation() {
    let Some(mut python) = Python::start() else { return };
    let several = [(1, json!([[2, 3]])), (1, json!([[1, 1]])), (2, json!([[2, 3], [3, 5], [1, 1]]))];
    for (needed, groups) in several {
        for (len, extendable, exponent, passphrase) in
            [(16, true, 1, "TREZOR"), (32, false, 0, ""), (32, true, 0, "")]
        {
            let secret = hex::encode(&Secret::<32>::random(&mut OsRng).expose()[..len]);
            let answer = python.ask(&json!({
                "do": "split", "secret": secret, "groups": groups, "groupThreshold": needed,
                "extendable": extendable, "exponent": exponent, "passphrase": passphrase,
            }));
            let read = |text: &Value| Share::parse(text.as_str().unwrap()).unwrap();
            let groups: Vec<Vec<Share>> = answer["groups"]
                .as_array()
                .unwrap()
                .iter()
                .map(|group| group.as_array().unwrap().iter().map(read).collect())
                .collect();
            let all: Vec<&Share> = groups.iter().flatten().collect();
            assert_eq!(hex::encode(combine(&all, passphrase.as_bytes()).unwrap().expose()), secret);
            for group in &groups {
                let quorum = &group[group.len() - usize::from(group[0].member_threshold())..];
                for share in group {
                    let again = recreate(quorum, share.member_index()).unwrap();
                    assert_eq!(again.text(), share.text());
                }
            }
        }
    }
}

struct Python {
    child: Child,
    asks: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Python {
    /// `None` where interop is not asked for.
    fn start() -> Option<Self> {
        if super::skipped() {
            return None;
        }
        let python = std::env::var("QUORATE_PYTHON").unwrap_or_else(|_| "python3".to_owned());
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/interop/slip39.py");
        let (stdin, stdout) = (Stdio::piped(), Stdio::piped());
        let mut child =
            Command::new(python).arg("-B").arg(script).stdin(stdin).stdout(stdout).spawn().unwrap();
        let (asks, answers) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
        Some(Self { child, asks, answers })
    }

    fn ask(&mut self, command: &Value) -> Value {
        writeln!(self.asks, "{command}").unwrap();
        let mut line = String::new();
        self.answers.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap_or_else(|_| panic!("no answer to {command}"))
    }
}

impl Drop for Python {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
