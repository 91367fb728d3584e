//! Golden files with random damage (R51): every parser refuses or accepts, and none panics, hangs or takes
//! memory by a number in the file.

use std::fs;
use std::path::Path;

use proptest::prelude::*;
use quorate::card::{NodeCard, PersonCard};
use quorate::ceremony::custody::transfers::Transfer;
use quorate::ceremony::exports::Export;
use quorate::ceremony::journal::Open;
use quorate::codec::{self, JSON_CAP};
use quorate::genesis::{Chain, SignedGenesis};
use quorate::guardian::legacy::combine_sharks;
use quorate::guardian::set::GuardianSet;
use quorate::guardian::{mend, slip39::Share};
use quorate::identity::LockedIdentity;
use quorate::identity::challenge::{Challenge, Proof};
use quorate::keyshare::{DirtyAlias, DirtyKeyCard, ShareCore};
use quorate::print::{scan, text};
use quorate::receipt::Receipt;
use quorate::request::SignedRequest;
use quorate::secret::SecretBytes;
use quorate::shard::{DirtyGrant, DirtyImport, DirtyShard};
use quorate::statement::{Holding, Signed, Status};
use quorate::wrap::age_file;
use quorate::wrap::passphrase::Phc;
use quorate::wrap::recipient::{Identity, Recipient};

/// One piece of damage, at a place given in thousandths of the file.
#[derive(Clone, Debug)]
enum Damage {
    Flip(u16, u8),
    Cut(u16),
    Remove(u16, u8),
    Repeat(u16, u8),
    Put(u16, &'static [u8]),
}

/// What parsers stumble over.
const BAITS: [&[u8]; 12] = [
    b"\0",
    b"\"",
    b"{",
    b"[[[[[[[[",
    b"null",
    b"-1",
    b"1e999",
    b"18446744073709551616",
    b"\xff\xfe",
    b"\\ud800",
    b"4294967295",
    b"\r\n",
];

fn damage() -> impl Strategy<Value = Damage> {
    prop_oneof![
        (0..1000u16, 1..=255u8).prop_map(|(at, bits)| Damage::Flip(at, bits)),
        (0..1000u16).prop_map(Damage::Cut),
        (0..1000u16, 1..40u8).prop_map(|(at, length)| Damage::Remove(at, length)),
        (0..1000u16, 1..40u8).prop_map(|(at, length)| Damage::Repeat(at, length)),
        (0..1000u16, 0..BAITS.len()).prop_map(|(at, bait)| Damage::Put(at, BAITS[bait])),
    ]
}

fn apply(bytes: &mut Vec<u8>, damage: &Damage) {
    let place = |at: &u16| usize::from(*at) * bytes.len() / 1000;
    match damage {
        _ if bytes.is_empty() => (),
        Damage::Flip(at, bits) => {
            let at = place(at);
            bytes[at] ^= bits;
        }
        Damage::Cut(at) => bytes.truncate(place(at)),
        Damage::Remove(at, length) => {
            let at = place(at);
            let end = (at + usize::from(*length)).min(bytes.len());
            bytes.drain(at..end);
        }
        Damage::Repeat(at, length) => {
            let at = place(at);
            let end = (at + usize::from(*length)).min(bytes.len());
            let again = bytes[at..end].to_vec();
            bytes.splice(at..at, again);
        }
        Damage::Put(at, bait) => {
            let at = place(at);
            bytes.splice(at..at, bait.iter().copied());
        }
    }
}

/// Shows the bytes to every reader of outside data that is quick; results do not matter.
fn read_by_all(bytes: &[u8]) {
    let _ = LockedIdentity::parse(bytes);
    let _ = Challenge::parse(bytes);
    let _ = Proof::parse(bytes);
    let _ = GuardianSet::from_json(bytes);
    let _ = codec::from_json::<PersonCard>("x", bytes, JSON_CAP).map(|card| card.check());
    let _ = codec::from_json::<NodeCard>("x", bytes, JSON_CAP).map(|card| card.check());
    let _ = codec::from_json::<Vec<SignedGenesis>>("x", bytes, JSON_CAP).map(|chain| Chain::check(&chain));
    let _ = codec::from_json::<DirtyKeyCard>("x", bytes, JSON_CAP);
    let _ = codec::from_json::<SignedRequest>("x", bytes, JSON_CAP);
    let _ = codec::from_cbor::<SignedRequest>("x", bytes, JSON_CAP);
    let _ = ShareCore::from_bytes(SecretBytes::new(bytes.to_vec()));
    let _ = Identity::from_key_file(bytes);
    let _ = DirtyShard::parse(bytes);
    let _ = DirtyImport::parse(bytes).map(|import| import.check());
    let _ = DirtyGrant::parse(bytes).map(|grant| grant.check());
    let _ = Receipt::parse(bytes);
    let _ = Export::parse(bytes);
    let _ = Open::parse(bytes);
    let _ = Transfer::parse(bytes);
    let _ = codec::from_json::<DirtyAlias>("x", bytes, JSON_CAP);
    let _ = codec::from_json::<Signed<Holding>>("x", bytes, JSON_CAP);
    let _ = codec::from_json::<Signed<Status>>("x", bytes, JSON_CAP);
    let _ = age_file::opens_with(bytes);
    let words = text::words_of(bytes);
    let _ = words.map(|words| Share::parse(&words).map_err(|_| mend::suggest(&words)));
    let lossy = String::from_utf8_lossy(bytes);
    let _ = Share::parse(&lossy);
    let _ = mend::suggest(&lossy);
    let _ = lossy.parse::<Recipient>();
    let _ = lossy.parse::<Phc>();
    let lines: Vec<&str> = lossy.lines().collect();
    let _ = combine_sharks(&lines);
}

fn golden() -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/v1");
    let files = fs::read_dir(folder).unwrap().map(|entry| fs::read(entry.unwrap().path()).unwrap());
    let mut files: Vec<_> = files.filter(|bytes| bytes.len() < 40_000).collect();
    files.sort();
    let identity = Identity::from_secret(quorate::secret::Secret::fill(|bytes| bytes.fill(7)));
    files.push(age_file::encrypt(&identity.recipient(), b"share").unwrap().into_bytes());
    files.push(identity.to_text().expose().to_vec());
    files.push(b"$argon2id$v=19$m=262144,t=3,p=4$AAAAAAAAAAAAAAAAAAAAAA".to_vec());
    files
}

#[test]
fn r51_damaged_files_are_read_without_a_panic() {
    let files = golden();
    assert!(files.len() > 25);
    files.iter().for_each(|bytes| read_by_all(bytes));
    let config = ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() };
    proptest!(config, |(file in 0..files.len(), damages in prop::collection::vec(damage(), 1..6))| {
        let mut bytes = files[file].clone();
        damages.iter().for_each(|damage| apply(&mut bytes, damage));
        read_by_all(&bytes);
    });
}

#[test]
fn r51_damaged_pictures_are_read_without_a_panic() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/v1");
    let files =
        ["png", "pdf"].map(|kind| fs::read(folder.join(format!("guardian-share-Bob.{kind}"))).unwrap());
    files.iter().for_each(|bytes| assert_eq!(scan::scan(bytes).unwrap().len(), 1));
    let config = ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() };
    proptest!(config, |(file in 0..2usize, damages in prop::collection::vec(damage(), 1..4))| {
        let mut bytes = files[file].clone();
        damages.iter().for_each(|damage| apply(&mut bytes, damage));
        // Whatever is read is a share, or the text of some other code; never a damaged share.
        if let Ok(texts) = scan::scan(&bytes) {
            for text in texts {
                let _ = Share::parse(&text);
            }
        }
    });
}
