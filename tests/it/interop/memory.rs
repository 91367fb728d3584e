//! What is left of secrets in the memory of a process that has done its work (R44): it is held where it prints its report,
//! into a pipe that is full, and all that can be read of it is searched.

use std::fs;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt as _;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use num_bigint::BigUint;
use quorate::ceremony::custodians;
use quorate::ceremony::custody::ShardFile;
use quorate::curve::Curve;
use quorate::identity::PersonIdentity;
use quorate::shard::DirtyRecovery;
use quorate::wrap::passphrase::{Passphrase, danger_allow_small_costs};
use quorate::wrap::recipient::Identity;
use rand_core::OsRng;

use super::skipped;
use crate::cli::{Stage, harness};
use crate::cli_custodian::PHRASE;
use crate::cli_recover::opened;
use crate::custody_stage::Custody;
use crate::pty::Session;
use crate::shards::Key;
use crate::share_stage::Laptop;

/// What must not be found, by what it is called.
type Needles = Vec<(&'static str, Vec<u8>)>;

/// Everything of a process that can be read, by where it lies.
struct Memory(Vec<(String, Vec<u8>)>);

impl Memory {
    /// As `/proc` lists it; none where another process cannot be read.
    fn of(pid: u32) -> Option<Self> {
        use std::os::unix::fs::FileExt as _;
        let maps = fs::read_to_string(format!("/proc/{pid}/maps")).ok()?;
        let mem = fs::File::open(format!("/proc/{pid}/mem")).ok()?;
        let mut found = Vec::new();
        for line in maps.lines() {
            let mut words = line.split_whitespace();
            let (span, mode) = (words.next()?, words.next()?);
            let place = line.split_whitespace().nth(5).unwrap_or("anonymous").to_owned();
            // The test program's own file has the committed test primes in it.
            let program = place.starts_with('/') && !mode.contains('w');
            let kernel = ["[vvar]", "[vsyscall]", "[vdso]"].contains(&place.as_str());
            if !mode.starts_with('r') || program || kernel {
                continue;
            }
            let (low, high) = span.split_once('-')?;
            let (low, high) = (u64::from_str_radix(low, 16).ok()?, u64::from_str_radix(high, 16).ok()?);
            let mut bytes = vec![0; usize::try_from(high - low).ok()?];
            if mem.read_exact_at(&mut bytes, low).is_ok() {
                found.push((place, bytes));
            }
        }
        Some(Self(found))
    }

    fn count(&self, needle: &[u8]) -> Vec<String> {
        let hits = |(place, bytes): &(String, Vec<u8>)| {
            let count = bytes.windows(needle.len()).filter(|window| *window == needle).count();
            (count > 0).then(|| format!("{place} x{count}"))
        };
        self.0.iter().filter_map(hits).collect()
    }

    /// Where secrets lie: as they are, backwards, or in hex; scalars also as arithmetic keeps them.
    fn hits(&self, needles: &Needles) -> Vec<String> {
        let mut hits = Vec::new();
        for (what, raw) in needles {
            let reversed: Vec<u8> = raw.iter().rev().copied().collect();
            let digits = hex::encode(raw);
            let needles = [("raw", raw), ("reversed", &reversed), ("hex", &digits.into_bytes())];
            for (kind, needle) in needles {
                // Leading zeros are everywhere.
                let found = self.count(&needle[needle.len() / 4..]);
                hits.extend(found.into_iter().map(|place| format!("{what} {kind} in {place}")));
            }
        }
        hits
    }

    /// The search finds what is there, and nothing of what must not be.
    #[track_caller]
    fn check(&self, what: &str, there: &str, needles: &Needles) {
        assert!(!self.count(there.as_bytes()).is_empty(), "{what}: the search finds what is there");
        assert!(needles.len() > 1, "{what}");
        assert_eq!(self.hits(needles), Vec::<String>::new(), "{what}");
    }
}

/// It waits in write(1, ..): all that it did before is done.
fn wait_until_blocked(pid: u32) {
    let deadline = Instant::now() + Duration::from_secs(60);
    let blocked = || {
        let of = |file| fs::read_to_string(format!("/proc/{pid}/{file}")).unwrap_or_default();
        of("syscall").starts_with("1 0x1 ") || of("wchan").contains("pipe_write")
    };
    while !blocked() {
        assert!(Instant::now() < deadline, "the process does not print its report");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Runs a command until it prints its report; the memory then.
fn held(stage: &Stage, line: &str) -> Option<Memory> {
    let (reader, writer) = std::io::pipe().unwrap();
    let mut full = writer.try_clone().unwrap();
    full.write_all(&[b' '; 65_536]).unwrap();
    let mut command = stage.command(line);
    let mut child = command.stdout(Stdio::from(writer)).stderr(Stdio::null()).spawn().unwrap();
    wait_until_blocked(child.id());
    let memory = Memory::of(child.id());
    drop(full);
    drop(reader);
    child.wait().unwrap();
    if memory.is_none() {
        println!("skipped: the memory of another process cannot be read here");
    }
    memory
}

fn of_key(key: &Key, indices: &[usize]) -> Needles {
    let curve = key.card.body().curve;
    let mut needles = scalar("the key", curve, key.secret.expose());
    needles.extend(indices.iter().flat_map(|i| scalar("a share", curve, key.scalars[*i].expose())));
    needles
}

/// A scalar, and the same in Montgomery's form: times 2^(64 limbs), below the order; its limbs lie backwards.
fn scalar(what: &'static str, curve: Curve, scalar: &[u8]) -> Needles {
    let (_, order) =
        crate::faulty::bad_scalars(curve).into_iter().find(|(what, _)| *what == "the group order").unwrap();
    let little = matches!(curve, Curve::Ed25519 | Curve::Ed448);
    let number = if little { BigUint::from_bytes_le } else { BigUint::from_bytes_be };
    let (order, value) = (number(&order), number(scalar));
    let limbs = order.bits().div_ceil(64);
    let mut montgomery = ((value << (64 * limbs)) % order).to_bytes_be();
    let bytes = usize::try_from(8 * limbs).unwrap();
    montgomery.splice(..0, vec![0; bytes - montgomery.len()]);
    vec![(what, scalar.to_vec()), (what, montgomery)]
}

fn shards(laptop: &Laptop, key: &Key, opened: bool) -> String {
    let one = |i: u16| {
        let (shard, who) = (laptop.put("s", &laptop.set.export(key, i)), laptop.set.person(i).name());
        let passphrase = if opened { " --passphrase-file pass" } else { "" };
        format!(" --shard {shard} --identity {who}.id{passphrase}")
    };
    [1, 3].map(one).concat()
}

fn identity(stage: &Stage, who: &str) -> PersonIdentity {
    danger_allow_small_costs();
    let locked = custodians::read_identity(&stage.path(&format!("{who}.id"))).unwrap();
    locked.unlock(&Passphrase::from_bytes(PHRASE.as_bytes().to_vec()).unwrap()).unwrap()
}

#[test]
fn r44_a_process_that_has_put_a_key_out_keeps_nothing_of_it() {
    if skipped() {
        return;
    }
    let laptop = Laptop::new();
    let to = Identity::random(&mut OsRng).recipient();
    for curve in Curve::ALL {
        let key = laptop.key(curve);
        let out = format!("{curve}.age");
        let shards = shards(&laptop, &key, true);
        let line = format!("recover --offline --reason drill{shards} --to {to} --out {out}");
        let Some(memory) = held(&laptop.stage, &line) else { return };
        assert!(laptop.path(&out).exists());
        let mut needles = of_key(&key, &[0, 2]);
        for i in [1, 3] {
            needles.push(("an identity", laptop.set.person(i).age().secret().expose().to_vec()));
        }
        memory.check(curve.name(), &key.card.body().group_public_key.to_string(), &needles);
    }
}

/// The key was on the screen until Enter was typed.
#[test]
fn r44_r47_a_process_that_has_shown_a_key_keeps_nothing_of_it() {
    if skipped() {
        return;
    }
    let laptop = Laptop::new();
    for (curve, format) in [(Curve::Secp256k1, "wif"), (Curve::P384, "pkcs8-pem"), (Curve::Ed25519, "scalar")]
    {
        let key = laptop.key(curve);
        let fifo = laptop.path("report");
        let _ = fs::remove_file(&fifo);
        assert!(Command::new("mkfifo").arg(&fifo).status().unwrap().success());
        let flags = rustix::fs::OFlags::NONBLOCK.bits().try_into().unwrap();
        let mut full = fs::OpenOptions::new().read(true).write(true).custom_flags(flags).open(&fifo).unwrap();
        while full.write(&[b' '; 4096]).is_ok() {}
        let shards = shards(&laptop, &key, false);
        let line = format!("--home home recover --offline --reason drill{shards} --reveal --format {format}");
        let mut command = laptop.stage.bare("/bin/sh".as_ref());
        command.arg("-c").arg("exec \"$@\" > report").arg("sh").arg(harness());
        command.args(shlex::split(&line).unwrap());
        let mut session = Session::start(command);
        session.expect("(A.id): ").line(PHRASE).expect("(C.id): ").line(PHRASE);
        session.expect("Type Show (exactly)").line("Show").expect("Press Enter");
        // While it is on the screen, the search finds it.
        let Some(shown) = Memory::of(session.pid()) else { return };
        assert!(!shown.hits(&of_key(&key, &[])).is_empty(), "{curve}");
        session.line("");
        wait_until_blocked(session.pid());
        let memory = Memory::of(session.pid());
        drop(session);
        let Some(memory) = memory else { return };
        let mut needles = of_key(&key, &[0, 2]);
        needles.push(("a passphrase", PHRASE.as_bytes().to_vec()));
        memory.check(curve.name(), &key.card.body().key_id.to_string(), &needles);
        fs::remove_file(laptop.path(&format!("{}.exposure.json", key.card.body().key_id))).unwrap();
    }
}

#[test]
fn r44_the_device_that_combined_what_servers_sealed_keeps_nothing_of_it() {
    if skipped() {
        return;
    }
    for curve in ["ED25519", "SECP256k1"] {
        let custody = Custody::new(curve, 2, 3);
        let line = format!("recover --key {} --owner A --reason drill --out-dir sealed", custody.key);
        let told = custody.run(&line).ok();
        let files: Vec<&str> =
            told["shares"].as_array().unwrap().iter().map(|share| share["file"].as_str().unwrap()).collect();
        let heir = Identity::random(&mut OsRng);
        let line = format!(
            "recover --combine {} --identity A.id --passphrase-file pass --reason drill --to {} --out key.age",
            files.join(" "),
            heir.recipient()
        );
        let Some(memory) = held(&custody.stage, &line) else { return };
        let text = opened(&custody.stage, "key.age", &heir);
        let a = identity(&custody.stage, "A");
        let of: Curve = curve.parse().unwrap();
        let mut needles = scalar("the key", of, &hex::decode(text.trim_end()).unwrap());
        needles.push(("an identity", a.age().secret().expose().to_vec()));
        let workspace_chain = chain(&custody);
        for file in files {
            let sealed = DirtyRecovery::parse(&fs::read(custody.stage.path(file)).unwrap()).unwrap();
            let open = sealed.check(&workspace_chain).unwrap().open(&a, &workspace_chain).unwrap();
            needles.extend(scalar("a share", of, open.share.scalar().expose()));
        }
        memory.check(curve, &custody.key, &needles);
        // The servers that seal, and servers and device in one run.
        let key = &custody.key;
        let seal = format!("recover --key {key} --owner A --reason drill");
        let Some(memory) = held(&custody.stage, &format!("{seal} --out-dir again")) else { return };
        memory.check(curve, key, &needles);
        let here = format!("{seal} --identity A.id --passphrase-file pass --to {}", heir.recipient());
        let Some(memory) = held(&custody.stage, &format!("{here} --out here.age --notice n.json")) else {
            return;
        };
        assert_eq!(opened(&custody.stage, "here.age", &heir), text);
        memory.check(curve, key, &needles);
    }
}

#[test]
fn r33_r44_a_process_that_rebuilt_an_identity_for_a_recovery_keeps_nothing_of_it() {
    if skipped() {
        return;
    }
    let laptop = Laptop::new();
    let split =
        "guardian split C.id --guardians Ann,Bob,Cyd --threshold 2 --out-dir sheets --passphrase-file pass";
    laptop.stage.run(split).ok();
    let key = laptop.key(Curve::P256);
    let to = Identity::random(&mut OsRng).recipient();
    let shard = |i: u16| laptop.put("s", &laptop.set.export(&key, i));
    let line = format!(
        "recover --offline --reason drill --shard {} --identity A.id --passphrase-file pass --shard {} \
         --guardian-share sheets/Ann.txt sheets/Cyd.txt --guardian-set sheets/guardian-set.json --to {to} --out k.age",
        shard(1),
        shard(3)
    );
    let Some(memory) = held(&laptop.stage, &line) else { return };
    assert!(laptop.path("k.age").exists());
    let mut needles = of_key(&key, &[0, 2]);
    needles.push(("an identity", laptop.set.person(3).age().secret().expose().to_vec()));
    // Words of a sheet, as they stand on it.
    for sheet in ["Ann", "Cyd"] {
        let words = crate::cli_guardian::words(&laptop.stage, &format!("sheets/{sheet}.txt"));
        needles.push(("a guardian's words", words[8..20].join(" ").into_bytes()));
    }
    memory.check("guardians", &key.card.body().group_public_key.to_string(), &needles);
}

/// Custodians' shards, the nodes and the signature in one process: after it, none of the shares is left, nor what signs with
/// them.
#[test]
fn r25_r44_a_process_that_has_signed_just_in_time_keeps_nothing_of_a_share() {
    if skipped() {
        return;
    }
    for curve in Curve::ALL {
        let custody = Custody::exported(curve.name(), 2, 3);
        let line = format!("sign --key {} --message pay{}", custody.key, custody.jit("out", &[1, 3]));
        let Some(memory) = held(&custody.stage, &line) else { return };
        // The same where the custodians' grants came from elsewhere: the servers alone.
        let granted = held(&custody.stage, &granted(&custody)).unwrap();
        let workspace_chain = chain(&custody);
        let mut needles = Needles::new();
        for (i, who) in [(1, "A"), (3, "C")] {
            let bearer = identity(&custody.stage, who);
            needles.push(("an identity", bearer.age().secret().expose().to_vec()));
            let file = ShardFile::read(custody.shard(i).as_ref(), &workspace_chain).unwrap();
            let open = file.open(&bearer, &workspace_chain).unwrap();
            needles.extend(scalar("a share", curve, open.share.unwrap().share.scalar().expose()));
            // The primes of a Paillier key lie at the core's end, after a header.
            if let Some(aux) = open.aux {
                let core = aux.payload.into_core();
                let bytes = core.expose();
                needles.extend([1, 2, 3].map(|part| {
                    let at = bytes.len() * part / 4;
                    ("part of an aux", bytes[at..at + 32].to_vec())
                }));
            }
        }
        memory.check(curve.name(), &custody.key, &needles);
        granted.check(curve.name(), &custody.key, &needles);
    }
}

/// Grants of A and C for a request; the command that signs with them.
fn granted(custody: &Custody) -> String {
    let new = format!("request new sign --key {} --message pay --servers OFFICIAL_1,OFFICIAL_3", custody.key);
    let words = custody.run(&format!("{new} --out p.json")).ok()["words"].as_str().unwrap().to_owned();
    for (i, who) in [(1, "A"), (3, "C")] {
        let shard = custody.shard(i);
        custody
            .run(&format!(
                "sign grant p.json --shard {shard} --identity {who}.id --passphrase-file pass --out {who}.grant --confirm '{words}'"
            ))
            .ok();
    }
    "sign run p.json --grant A.grant --grant C.grant".into()
}

fn chain(custody: &Custody) -> quorate::genesis::Chain {
    let bytes = fs::read(custody.stage.home("genesis.json")).unwrap();
    let signed: Vec<quorate::genesis::SignedGenesis> = serde_json::from_slice(&bytes).unwrap();
    quorate::genesis::Chain::check(&signed).unwrap()
}
