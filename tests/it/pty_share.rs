//! What the commands for shards ask at a real terminal.

use quorate::curve::Curve;

use crate::cli::harness;
use crate::cli_custodian::PHRASE;
use crate::pty::Session;
use crate::shards::person;
use crate::share_stage::Laptop;

fn session(laptop: &Laptop, line: &str) -> Session {
    let mut command = laptop.stage.bare(&harness());
    command.arg("--home").arg("home").args(shlex::split(line).unwrap());
    Session::start(command)
}

#[test]
fn r28_r36_a_stranger_s_card_is_compared_and_an_own_identity_unlocked() {
    let laptop = Laptop::new();
    let shard = laptop.set.export(&laptop.key(Curve::Ed25519), 1);
    let file = laptop.put("stick", &shard);
    let zoe = laptop.stranger(&person("Zoe"));
    let line = format!("share rewrap {file} --identity A.id --to Zoe.card.json --out-dir out");
    let unlock = "Passphrase of A's identity (A.id): ";
    let mut no = session(&laptop, &line);
    no.expect(unlock).line(PHRASE).expect("Zoe is not enrolled").expect("Type Yes").line("no");
    no.end().with(130);
    assert!(!laptop.path("out").exists());
    let mut yes = session(&laptop, &line);
    yes.expect(unlock).line(PHRASE).expect("Type Yes (exactly)").line("Yes").expect("revokes nothing");
    let told = yes.end().with(0).transcript;
    let first = zoe.hash().unwrap().words();
    assert!(told.contains(first.split(' ').next().unwrap()) && !told.contains("horse"), "{told}");

    laptop.identity(&person("A"), "A2.id", "new");
    let line = format!("share rewrap {file} --identity A.id --to A2.id --out-dir again");
    let mut own = session(&laptop, &line);
    own.expect(unlock).line(PHRASE).expect("Passphrase of A's identity (A2.id): ");
    own.line("another horse battery staple 8").expect("revokes nothing");
    assert!(!own.end().with(0).transcript.contains("horse"));

    let by = laptop.names("again").remove(0);
    let line = format!("share destroy-old {file}.old --replaced-by again/{by} --identity A2.id");
    let old = laptop.path(&format!("{file}.old"));
    for (typed, code) in [("yes", 130), ("Yes", 0)] {
        let mut destroy = session(&laptop, &line);
        destroy.expect("(A2.id): ").line("another horse battery staple 8");
        destroy.expect("cannot be undone").expect("Type Yes").line(typed);
        destroy.end().with(code);
        assert_eq!(old.exists(), code != 0);
    }
}

#[test]
fn r20_receiving_asks_for_the_passphrase_only() {
    let laptop = Laptop::new();
    let file = laptop.put("stick", &laptop.set.export(&laptop.key(Curve::P384), 2));
    let mut asked = session(&laptop, &format!("share receive {file} --identity B.id --store kept --out r"));
    asked.expect("Passphrase of B's identity (B.id): ").line(PHRASE).expect("share release --key ");
    assert!(!asked.end().with(0).transcript.contains("horse"));
}
