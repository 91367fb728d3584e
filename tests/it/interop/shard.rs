//! Shards without Quorate: stock `age` and `tests/interop/restore.py` make the private key of t of them (S5).

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use quorate::{curve::Curve, identity::PersonIdentity, shard::Shard};

use super::skipped;
use crate::shards::{Key, Set, person, rewrapped};
use crate::share_stage::Laptop;

/// Decrypts the share in a shard with stock age; `None` if it does not open.
fn age(dir: &Path, shard: &Shard, by: &PersonIdentity) -> Option<PathBuf> {
    let (key, blob) = (dir.join("key"), dir.join("blob"));
    fs::write(&key, by.age().to_text().expose()).unwrap();
    fs::write(&blob, shard.parcel().wrapped_key_share.as_ref().unwrap()).unwrap();
    let plain = dir.join(format!("{}.plain", shard.file_name()));
    let output = Command::new("age").arg("-d").arg("-i").arg(&key).arg("-o").arg(&plain).arg(&blob).output();
    output.unwrap().status.success().then_some(plain)
}

fn restore(key: &Path, plains: &[&PathBuf]) -> Result<String, String> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/interop/restore.py");
    let python = std::env::var_os("QUORATE_PYTHON").unwrap_or_else(|| "python3".into());
    // Isolated: nothing but the standard library.
    let output = Command::new(python).args(["-I", "-S"]).arg(script).arg(key).args(plains).output().unwrap();
    let (out, error) = (String::from_utf8(output.stdout), String::from_utf8(output.stderr));
    if output.status.success() { Ok(out.unwrap().trim().to_owned()) } else { Err(error.unwrap()) }
}

fn export(set: &Set, key: &Key, dir: &Path) -> (Vec<Shard>, Vec<PathBuf>) {
    let shards: Vec<Shard> = (1..=3).map(|i| set.export(key, i)).collect();
    let plains = (1..=3).zip(&shards).map(|(i, shard)| age(dir, shard, set.person(i)).unwrap()).collect();
    (shards, plains)
}

#[test]
fn s5_any_quorum_of_shards_makes_the_key_with_stock_age_and_python() {
    if skipped() {
        return;
    }
    let set = Set::new(3);
    for curve in Curve::ALL {
        let dir = tempfile::tempdir().unwrap();
        let key = set.key(curve, 2, 3);
        let (shards, plains) = export(&set, &key, dir.path());
        let file = dir.path().join("shard");
        fs::write(&file, shards[0].bytes()).unwrap();
        let secret = hex::encode(key.secret.expose());
        for quorum in [[0, 1], [2, 0], [1, 2]] {
            assert_eq!(restore(&file, &quorum.map(|i| &plains[i])).unwrap(), secret, "{curve} {quorum:?}");
        }
        assert_eq!(restore(&file, &[&plains[0], &plains[1], &plains[2]]).unwrap(), secret);
        let card = dir.path().join("card");
        fs::write(&card, quorate::codec::canonical("card", &key.card).unwrap()).unwrap();
        assert_eq!(restore(&card, &[&plains[0], &plains[1]]).unwrap(), secret);
        let refused = |plains: &[&PathBuf], why: &str| {
            let error = restore(&file, plains).unwrap_err();
            assert!(error.contains(why), "{curve}: {error}");
        };
        refused(&[&plains[0]], "1 more share(s)");
        refused(&[&plains[0], &plains[0]], "1 more share(s)");
        let (_, others) = export(&set, &set.key(curve, 2, 3), dir.path());
        refused(&[&plains[0], &others[1]], "not a share of this key");
    }
}

#[test]
fn r28_stock_age_opens_a_rewrapped_share_with_the_new_identity_only() {
    if skipped() {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let set = Set::new(3);
    let key = set.key(Curve::P521, 2, 3);
    let (shard, zoe) = (set.export(&key, 1), person("Zoe"));
    let again = rewrapped(&shard, &set.chain, set.person(1), &zoe);
    assert!(age(dir.path(), &again, set.person(1)).is_none());
    age(dir.path(), &again, &zoe).unwrap();
    age(dir.path(), &shard, set.person(1)).unwrap();
}

/// Stock age's armor is the one spelling that is accepted.
#[test]
fn r51_what_stock_age_armors_is_accepted() {
    if skipped() {
        return;
    }
    let laptop = Laptop::new();
    let key = laptop.key(Curve::Ed25519);
    let (shard, me) = (laptop.set.export(&key, 1), laptop.set.person(1));
    let plain = age(&laptop.path("tmp"), &shard, me).unwrap();
    let output = Command::new("age").args(["-a", "-r", &me.recipient().to_string()]).arg(&plain).output();
    let parcel = quorate::shard::Parcel {
        wrapped_key_share: Some(String::from_utf8(output.unwrap().stdout).unwrap()),
        ..shard.parcel().clone()
    };
    let file = laptop.put("stick", &laptop.set.shard(&key, 1, parcel, None));
    laptop.stage.run(&format!("share inspect {file} --identity A.id --passphrase-file pass")).ok();
}
