//! Recovered keys in other programs' hands: OpenSSL signs with PKCS#8, plain Python reads WIF and BIP-340 scalars.

use std::fs;
use std::process::Command;

use quorate::curve::Curve;
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

/// None of our arithmetic, and none of the libraries that do ours: plain Python signs with what was recovered, OpenSSL and
/// libsecp256k1 verify under the key card's key, and so does `quorate verify`.
#[test]
fn r43_a_recovered_key_of_every_curve_signs_in_python() {
    if skipped() {
        return;
    }
    let laptop = Laptop::new();
    laptop.stage.write("message", b"sweep");
    for curve in Curve::ALL {
        let key = laptop.key(curve);
        let text = recovered(&laptop, &key, "");
        let public = key.card.body().root_public_key().unwrap().to_string();
        let signature = python(&["keys.py", "sign", curve.name(), text.trim_end(), &public]);
        let verify =
            format!("verify --curve {curve} --public-key {public} --signature {}", signature.trim_end());
        laptop.stage.run(&format!("{verify} --message-file message")).ok();
        laptop.stage.run(&format!("{verify} --message other")).fails(4, "");
    }
}
