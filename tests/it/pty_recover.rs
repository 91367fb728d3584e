//! `recover --reveal` at a real terminal: shown after a typed confirmation on a screen that is wiped.

use quorate::curve::Curve;

use crate::cli::harness;
use crate::cli_custodian::PHRASE;
use crate::pty::{CTRL_C, Session};
use crate::share_stage::Laptop;

fn session(laptop: &Laptop, line: &str) -> Session {
    let mut command = laptop.stage.bare(&harness());
    command.arg("--home").arg("home").args(shlex::split(line).unwrap());
    Session::start(command)
}

#[test]
fn r43_r47_a_key_is_shown_after_a_typed_word_and_wiped() {
    let laptop = Laptop::new();
    for (curve, format) in [(Curve::Secp256k1, "hex"), (Curve::P256, "pkcs8-pem")] {
        let key = laptop.key(curve);
        let shards: String =
            [1, 2].map(|i| format!(" --shard {}", laptop.put("s", &laptop.set.export(&key, i)))).concat();
        let line = format!(
            "recover --offline --reason drill{shards} --identity A.id --identity B.id --reveal --format {format}"
        );
        let secret = hex::encode(key.secret.expose());
        let mut no = session(&laptop, &line);
        no.expect("Passphrase of A's identity (A.id): ").line(PHRASE);
        no.expect("Passphrase of B's identity (B.id): ").line(PHRASE);
        no.expect("no camera does").expect("Type Show (exactly)").line("show");
        let declined = no.end().with(130);
        assert!(!declined.transcript.contains(&secret) && declined.transcript.contains("counts as exposed"));

        let mut yes = session(&laptop, &line);
        yes.expect("(A.id): ").line(PHRASE).expect("(B.id): ").line(PHRASE);
        yes.expect("Type Show (exactly)").line("Show");
        yes.expect(if format == "hex" { secret.as_str() } else { "-----END PRIVATE KEY-----" });
        yes.expect("Press Enter").line("").expect("EXPOSED");
        let ended = yes.end().with(0);
        assert!(
            !ended.ordinary().contains(&secret) && !ended.ordinary().contains("BEGIN PRIVATE"),
            "{ended:?}"
        );
        assert!(!ended.transcript.contains("horse"));

        let mut cut = session(&laptop, &line);
        cut.expect("(A.id): ").line(PHRASE).expect("(B.id): ").line(PHRASE);
        cut.expect("Type Show (exactly)").line("Show").expect("Press Enter").send(CTRL_C);
        assert!(!cut.end().with(130).ordinary().contains(&secret));
    }
}
