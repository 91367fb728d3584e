//! `sign grant` at a terminal: every field is asked about, and whatever is not `yes` grants nothing (R16).

use crate::cli::harness;
use crate::cli_jit::{laptop, request};
use crate::custody_stage::Custody;
use crate::pty::Session;

const ASKS: &str = "Type Yes (exactly)";

#[test]
fn r16_every_field_is_asked_about_and_no_is_the_default() {
    let custody = Custody::exported("ED25519", 2, 3);
    laptop(&custody);
    request(&custody, "--message-file message", "p.request.json", b"pay 5\x1b[2J to \xe2\x80\xaeeoZ");
    let line = format!(
        "--home laptop sign grant p.request.json --shard {} --identity A.id --passphrase-file pass --out A.grant.json",
        custody.shard(1)
    );
    let start = || {
        let mut command = custody.stage.bare(&harness());
        command.args(shlex::split(&line).unwrap());
        Session::start(command)
    };
    let fields = [
        "message",
        "hashed with",
        "key",
        "key words",
        "curve",
        "servers",
        "path",
        "taproot",
        "asked for by",
        "valid",
        "attempts",
        "your share goes to",
    ];
    for stop in 0..fields.len() {
        let mut session = start();
        for field in &fields[..stop] {
            session.expect(&format!("{field}: ")).expect(ASKS).line("Yes");
        }
        session.expect(&format!("{}: ", fields[stop])).expect(ASKS).line(if stop % 2 == 0 {
            ""
        } else {
            "no"
        });
        session.end().with(130);
        assert!(!custody.stage.path("A.grant.json").exists(), "{stop}");
    }
    let mut session = start();
    session.expect("message: \"pay 5\\u{1b}[2J to \\u{202e}eoZ\"");
    for _ in fields {
        session.expect(ASKS).line("Yes");
    }
    session.expect("The words of this request").expect("Type Yes (exactly)").line("Yes");
    session.expect("granted");
    session.end().with(0);
    assert!(custody.stage.path("A.grant.json").exists());
}
