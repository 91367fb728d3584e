//! Recovered keys in other programs' hands: OpenSSL signs with PKCS#8, plain Python reads WIF and BIP-340 scalars. And
//! what is left of a key in the memory of a process that has put it out.

use std::fs;
use std::io::Write;
use std::process::{Command, Stdio};

use quorate::curve::Curve;
use quorate::secret::SecretBytes;
use quorate::wrap::recipient::Identity;
use rand_core::OsRng;

use super::{python, skipped};
use crate::cli_recover::opened;
use crate::shards::Key;
use crate::share_stage::Laptop;

fn shards(laptop: &Laptop, key: &Key) -> String {
    let one = |i: u16| {
        let (shard, who) = (laptop.put("s", &laptop.set.export(key, i)), laptop.set.person(i).name());
        format!(" --shard {shard} --identity {who}.id --passphrase-file pass")
    };
    [1, 3].map(one).concat()
}

fn recovered(laptop: &Laptop, key: &Key, rest: &str) -> String {
    let heir = Identity::random(&mut OsRng);
    let line = format!(
        "recover --offline --reason drill{} --to {} --out k.age",
        shards(laptop, key),
        heir.recipient()
    );
    laptop.stage.run(&format!("{line} {rest}")).ok();
    let text = opened(&laptop.stage, "k.age", &heir);
    fs::remove_file(laptop.path("k.age")).unwrap();
    text
}

#[test]
fn r43_openssl_signs_with_a_recovered_key() {
    if skipped() {
        return;
    }
    let laptop = Laptop::new();
    for (curve, hash) in [(Curve::P256, "-sha256"), (Curve::P384, "-sha384"), (Curve::P521, "-sha512")] {
        let key = laptop.key(curve);
        laptop.stage.write("k.pem", recovered(&laptop, &key, "--format pkcs8-pem").as_bytes());
        laptop.stage.write("message", b"sweep");
        let openssl = |args: &[&str]| {
            let output = Command::new("openssl").args(args).current_dir(laptop.path("")).output().unwrap();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            output.stdout
        };
        openssl(&["pkey", "-in", "k.pem", "-check", "-noout"]);
        let signature = openssl(&["dgst", hash, "-sign", "k.pem", "message"]);
        let public = key.card.body().root_public_key().unwrap();
        let verify = format!(
            "verify --curve {curve} --public-key {public} --signature {} --message-file message",
            hex::encode(signature)
        );
        laptop.stage.run(&verify).ok();
    }
}

#[test]
fn r43_python_reads_wif_and_bip340_scalars() {
    if skipped() {
        return;
    }
    let laptop = Laptop::new();
    for _ in 0..4 {
        let (ecdsa, schnorr) = (laptop.key(Curve::Secp256k1), laptop.key(Curve::Secp256k1Schnorr));
        let public = |key: &Key| key.card.body().group_public_key.to_string();
        let wif = recovered(&laptop, &ecdsa, "--format wif");
        python(&["keys.py", "wif", "80", wif.trim_end(), &public(&ecdsa)]);
        let wif = recovered(&laptop, &schnorr, "--format wif --network testnet");
        python(&["keys.py", "wif", "ef", wif.trim_end(), &public(&schnorr)]);
        let scalar = recovered(&laptop, &schnorr, "--format bip340");
        python(&["keys.py", "bip340", scalar.trim_end(), &public(&schnorr)]);
    }
}

/// Everything of a process that can be read, as `/proc` lists it.
#[cfg(target_os = "linux")]
fn memory(pid: u32) -> Option<Vec<(String, Vec<u8>)>> {
    use std::os::unix::fs::FileExt as _;
    let maps = fs::read_to_string(format!("/proc/{pid}/maps")).ok()?;
    let mem = fs::File::open(format!("/proc/{pid}/mem")).ok()?;
    let mut found = Vec::new();
    for line in maps.lines() {
        let mut words = line.split_whitespace();
        let (span, mode) = (words.next()?, words.next()?);
        let place = line.split_whitespace().nth(5).unwrap_or("anonymous").to_owned();
        if !mode.starts_with('r') || ["[vvar]", "[vsyscall]", "[vdso]"].contains(&place.as_str()) {
            continue;
        }
        let (low, high) = span.split_once('-')?;
        let (low, high) = (u64::from_str_radix(low, 16).ok()?, u64::from_str_radix(high, 16).ok()?);
        let mut bytes = vec![0; usize::try_from(high - low).ok()?];
        if mem.read_exact_at(&mut bytes, low).is_ok() {
            found.push((place, bytes));
        }
    }
    Some(found)
}

/// The process is held where it prints its report, into a pipe that is full: the key was written, and is to be gone.
#[test]
#[cfg(target_os = "linux")]
fn r44_a_process_that_has_put_a_key_out_keeps_nothing_of_it() {
    if skipped() {
        return;
    }
    let laptop = Laptop::new();
    let to = Identity::random(&mut OsRng).recipient();
    let mut clean = 0;
    for curve in Curve::ALL {
        let key = laptop.key(curve);
        let out = format!("{curve}.age");
        let line = format!("recover --offline --reason drill{} --to {to} --out {out}", shards(&laptop, &key));
        let (reader, writer) = std::io::pipe().unwrap();
        let mut full = writer.try_clone().unwrap();
        full.write_all(&[b' '; 65_536]).unwrap();
        let mut command = laptop.stage.command(&line);
        let mut child = command.stdout(Stdio::from(writer)).spawn().unwrap();
        let deadline = std::time::Instant::now() + std::time::Duration::from_secs(30);
        // It waits in write(1, ..): all that it did before is done.
        let blocked = || {
            let of = |file| fs::read_to_string(format!("/proc/{}/{file}", child.id())).unwrap_or_default();
            of("syscall").starts_with("1 0x1 ") || of("wchan").contains("pipe_write")
        };
        while !blocked() {
            assert!(std::time::Instant::now() < deadline, "{curve}");
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        let regions = memory(child.id());
        drop(full);
        drop(reader);
        child.wait().unwrap();
        let Some(regions) = regions else {
            println!("skipped: the memory of another process cannot be read here");
            return;
        };
        let public = key.card.body().group_public_key.to_string();
        let finds = |bytes: &Vec<u8>| bytes.windows(public.len()).any(|window| window == public.as_bytes());
        assert!(regions.iter().any(|(_, bytes)| finds(bytes)), "the search finds what is there");
        assert!(laptop.path(&out).exists());
        let mut secrets: Vec<(&str, &SecretBytes)> = vec![("the key", &key.secret)];
        secrets.extend([0, 2].map(|i| ("a share", &key.scalars[i])));
        let mut hits = Vec::new();
        for (what, secret) in secrets {
            let raw = secret.expose();
            let reversed: Vec<u8> = raw.iter().rev().copied().collect();
            let digits = hex::encode(raw);
            for (kind, needle) in [("raw", raw), ("reversed", &reversed), ("hex", digits.as_bytes())] {
                // Leading zeros are everywhere.
                let needle = &needle[needle.len() / 4..];
                for (place, bytes) in &regions {
                    let count = bytes.windows(needle.len()).filter(|window| *window == needle).count();
                    if count > 0 {
                        hits.push(format!("{what} {kind} in {place} x{count}"));
                    }
                }
            }
        }
        println!("{curve}: {hits:?}");
        clean += usize::from(hits.is_empty());
    }
    assert_eq!(clean, Curve::ALL.len());
}
