//! `guardian`: sheets and the way back, from outside.

use std::fs;

use serde_json::Value;

use crate::cli::Stage;
use crate::cli_custodian::{keygen, stage};

const NAMES: [&str; 5] = ["Ann", "Bob", "Cyd", "Dan", "Eve"];
const RESTORE: &str = "--set out/guardian-set.json --out back.id --passphrase-file new";

/// An identity A.id, split 3 of 5 into `out`.
pub fn split(stage: &Stage) -> Value {
    keygen(stage, "A");
    let line = "guardian split A.id --guardians Ann,Bob,Cyd,Dan,Eve --out-dir out --passphrase-file pass";
    stage.run(line).ok()
}

/// The words in a text file of a share.
pub fn words(stage: &Stage, file: &str) -> Vec<String> {
    let text = fs::read_to_string(stage.path(file)).unwrap();
    let numbered = text.lines().filter_map(|line| line.trim().split_once(' '));
    let words = numbered.filter(|(number, word)| {
        number.parse::<u8>().is_ok() && word.bytes().all(|b| b.is_ascii_lowercase())
    });
    let words: Vec<String> = words.map(|(_, word)| word.to_owned()).collect();
    assert_eq!(words.len(), 33, "{file}");
    words
}

#[test]
fn r31_r34_a_split_makes_sheets_that_restore_the_identity_in_every_form() {
    let stage = stage();
    let report = split(&stage);
    assert_eq!((&report["threshold"], &report["rehearsed"]), (&3.into(), &10.into()));
    assert_eq!(report["proven"], false);
    for name in NAMES {
        for form in ["pdf", "svg", "png", "txt"] {
            assert!(stage.path(&format!("out/{name}.{form}")).exists(), "{name}.{form}");
        }
    }
    let recipient = stage.run("custodian show A.id").ok()["recipient"].clone();
    let trios = ["out/Ann.txt out/Bob.txt out/Cyd.txt", "out/Eve.png out/Bob.txt out/Dan.png"];
    for (i, trio) in trios.iter().enumerate() {
        let out = format!("back-{i}.id");
        let back = stage.run(&format!("guardian combine {trio} {}", RESTORE.replace("back.id", &out))).ok();
        assert_eq!(back["recipient"], recipient);
        assert_eq!(
            stage.run(&format!("custodian unlock-check {out} --passphrase-file new")).ok()["recipient"],
            recipient
        );
    }
}

#[test]
fn r31_a_set_is_proven_when_every_sheet_was_read_back() {
    let stage = stage();
    split(&stage);
    let check = |files: &str| stage.run(&format!("guardian check {files} --set out/guardian-set.json"));
    let four = check("out/Ann.txt out/Bob.png out/Cyd.txt out/Dan.txt").ok();
    assert_eq!((&four["proven"], &four["checked"][1]), (&false.into(), &"Bob".into()));
    assert_eq!(check("out/Ann.txt").ok()["proven"], false);
    assert_eq!(check("out/Eve.txt").ok()["proven"], true);
    // The note is evidence, not a flag.
    let set = fs::read_to_string(stage.path("out/guardian-set.json")).unwrap();
    let at = set.find("\"proof\":\"").unwrap() + 9;
    let digit = if &set[at..=at] == "0" { "1" } else { "0" };
    stage.write("forged.json", format!("{}{digit}{}", &set[..at], &set[at + 1..]).as_bytes());
    stage.run("guardian check out/Ann.txt --set forged.json").fails(4, "does not open the commitment");
    stage.write("edited.json", set.replace("\"threshold\":3", "\"threshold\":2").as_bytes());
    stage.run("guardian check out/Ann.txt --set edited.json").fails(4, "does not verify");
}

#[test]
fn r31_too_few_shares_say_only_how_many_more() {
    let stage = stage();
    split(&stage);
    let two = format!("guardian combine out/Ann.txt out/Bob.txt {RESTORE}");
    stage.run(&two).fails(1, "1 more share is needed");
    stage.run(&format!("guardian combine {RESTORE}")).fails(1, "3 more shares are needed");
    let twice = two.replace("out/Bob.txt", "out/Bob.txt out/Ann.png out/Bob.txt");
    stage.run(&twice).fails(1, "1 more share is needed");
    assert!(!stage.path("back.id").exists());
}

#[test]
fn r31_a_damaged_share_names_its_guardian_and_the_word_but_shows_none() {
    let stage = stage();
    split(&stage);
    let mut altered = words(&stage, "out/Bob.txt");
    let right = altered[13].clone();
    // Words that the message itself does not use.
    altered[13] = if right == "academic" { "acid".into() } else { "academic".into() };
    let own = ["damage", "kind"].contains(&right.as_str());
    stage.write("bob", altered.join(" ").as_bytes());
    let line = format!("guardian combine out/Ann.txt bob out/Cyd.txt {RESTORE}");
    let error = stage.run(&line).fails(4, "Bob's share is damaged: word 14");
    assert!(own || !error.to_string().contains(&right), "{error}");
    let mut mistyped = words(&stage, "out/Bob.txt");
    mistyped[4] = "zzzzzz".into();
    stage.write("bob", mistyped.join(" ").as_bytes());
    stage.run(&line).fails(4, "word 5");
    stage.write("bob", words(&stage, "out/Bob.txt")[..32].join(" ").as_bytes());
    stage.run(&line).fails(4, "bob");
    assert!(!stage.path("back.id").exists());
    // Four good ones restore without it.
    stage.run(&line.replace(" bob ", " out/Dan.txt ")).ok();
}

#[test]
fn r31_shares_of_another_set_or_person_restore_nothing() {
    let stage = stage();
    split(&stage);
    keygen(&stage, "B");
    let again = "guardian split A.id --guardians Ann,Bob,Cyd,Dan,Eve --out-dir again --passphrase-file pass";
    stage.run(again).ok();
    stage.run("guardian split B.id --guardians Ann,Bob,Cyd --out-dir other --passphrase-file pass").ok();
    for foreign in ["again/Bob.txt", "other/Bob.txt"] {
        let line = format!("guardian combine out/Ann.txt {foreign} out/Cyd.txt {RESTORE}");
        stage.run(&line).fails(4, "another set");
        let by_card = "--card A.card.json --out back.id --passphrase-file new";
        stage
            .run(&format!("guardian combine out/Ann.txt {foreign} out/Cyd.txt {by_card}"))
            .fails(4, "another set");
    }
    let stranger = "--card A.card.json --out back.id --passphrase-file new";
    let line = format!("guardian combine other/Ann.txt other/Bob.txt {stranger}");
    stage.run(&line).fails(4, "not A's identity");
    assert!(!stage.path("back.id").exists());
}

#[test]
fn r33_without_the_set_a_card_or_the_printed_recipient_will_do() {
    let stage = stage();
    split(&stage);
    let recipient = stage.run("custodian show A.id").ok()["recipient"].as_str().unwrap().to_owned();
    let combine = "guardian combine out/Ann.txt out/Bob.txt out/Cyd.txt --passphrase-file new";
    stage.run(&format!("{combine} --card A.card.json --out by-card.id")).ok();
    let both = format!("{combine} --set out/guardian-set.json --out by-both.id --card");
    keygen(&stage, "B");
    stage.run(&format!("{both} B.card.json")).fails(4, "not of the identity on the card");
    stage.run(&format!("{both} A.card.json")).ok();
    stage.run(&format!("{combine} --recipient {recipient} --name A --out by-recipient.id")).ok();
    assert_eq!(stage.run(&format!("{combine} --out by-nothing.id")).code, Some(2));
    assert_eq!(stage.run(&format!("{combine} --recipient {recipient} --out x.id")).code, Some(2));
    stage.run(&format!("{combine} --show --set out/guardian-set.json")).fails(1, "no terminal");
    stage.run(&format!("{combine} --set out/guardian-set.json --out A.id")).fails(1, "already there");
}

#[test]
fn a_lost_sheet_is_made_again_to_the_byte() {
    let stage = stage();
    split(&stage);
    let line = "guardian recreate Cyd out/Ann.txt out/Bob.png out/Eve.txt --set out/guardian-set.json --out-dir fresh";
    stage.run(line).ok();
    for form in ["pdf", "svg", "png", "txt"] {
        let read = |dir: &str| fs::read(stage.path(&format!("{dir}/Cyd.{form}"))).unwrap();
        assert!(read("out") == read("fresh"), "{form}");
    }
    stage.run(line).fails(1, "already exists");
    stage.run(&line.replace("Cyd", "Zed")).fails(1, "no guardian of this set");
    stage
        .run(&line.replace(" out/Eve.txt", "").replace("--out-dir fresh", "--out-dir newer"))
        .fails(1, "1 more share");
}

#[test]
fn r46_a_split_overwrites_nothing_and_leaves_nothing_half_done() {
    let stage = stage();
    split(&stage);
    let before = fs::read(stage.path("out/Ann.txt")).unwrap();
    let line = "guardian split A.id --guardians Ann,Bob,Cyd --passphrase-file pass --out-dir";
    stage.run(&format!("{line} out")).fails(1, "already exists");
    stage.run(&format!("{line} out --set other.json")).fails(1, "already exists");
    assert_eq!(fs::read(stage.path("out/Ann.txt")).unwrap(), before);
    assert!(!stage.path("other.json").exists());
    fs::create_dir(stage.path("part")).unwrap();
    stage.write("part/Cyd.txt", b"something else");
    stage.run(&format!("{line} part")).fails(1, "already exists");
    assert_eq!(fs::read_dir(stage.path("part")).unwrap().count(), 1);
    // What a killed split left is a live share, and must not be forgotten.
    fs::create_dir(stage.path("killed")).unwrap();
    stage.write("killed/.Ann.pdf.0123456789abcdef.tmp", b"half a sheet");
    let error = stage.run(&format!("{line} killed")).fails(1, "already exists");
    assert!(error["state"].as_str().unwrap().contains("live share"), "{error}");
    // Nothing but what a command made is named for deletion.
    fs::create_dir(stage.path("my files")).unwrap();
    let told = stage.run(&format!("{line} 'my files'")).stderr;
    assert!(told.contains("rm 'my files/Ann.pdf'") && !told.contains("rm -r"), "{told}");
    let told = stage.run(&format!("{line} 'new files' --set 'new files/A.set'")).stderr;
    assert!(told.contains("copy 'new files/A.set'") && told.contains("rm -r 'new files'"), "{told}");
    for bad in ["Ann", "Ann,Ann", "Ann,Bob --threshold 3", "Ann,Bob --threshold 1", "Ann,B/b"] {
        let line = format!("guardian split A.id --guardians {bad} --out-dir bad --passphrase-file pass");
        assert_eq!(stage.run(&line).code, Some(2), "{bad}");
    }
    stage
        .run("guardian split A.id --guardians Ann,Bob --out-dir bad --passphrase-file wrong")
        .fails(4, "wrong");
    assert!(!stage.path("bad").exists());
}

#[test]
fn a_guardian_may_get_an_age_file_instead_of_paper() {
    let stage = stage();
    keygen(&stage, "A");
    let bob = keygen(&stage, "Bob")["recipient"].as_str().unwrap().to_owned();
    let dan = age::x25519::Identity::generate();
    let text = age::secrecy::ExposeSecret::expose_secret(&dan.to_string()).to_owned();
    stage.write_secret("dan.key", text.as_bytes());
    let line = format!(
        "guardian split A.id --guardians Ann,Bob,Cyd,Dan --threshold 3 --recipient Bob={bob} \
         --recipient Dan={} --share-passphrase Cyd --out-dir out --passphrase-file pass --passphrase-file new",
        dan.to_public()
    );
    stage.run(&line).ok();
    assert!(stage.path("out/Bob.share.age").exists() && !stage.path("out/Bob.txt").exists());
    let combine = "guardian combine out/Bob.share.age out/Cyd.share.age out/Dan.share.age \
                   --set out/guardian-set.json --out back.id";
    // The new one, Bob's, Cyd's.
    let secrets = "--passphrase-file new --passphrase-file pass --passphrase-file new";
    stage.run(&format!("{combine} {secrets}")).fails(1, "encrypted to its guardian's identity");
    let wrong = secrets.replace("pass --", "wrong --");
    stage.run(&format!("{combine} --identity Bob.id --identity dan.key {wrong}")).fails(4, "passphrase");
    stage
        .run(&format!("{combine} --identity Bob.id --identity Bob.id {secrets} --passphrase-file pass"))
        .fails(4, "another identity");
    stage.run(&format!("{combine} --identity Bob.id --identity dan.key {secrets}")).ok();
    let stranger = line
        .replace("--share-passphrase Cyd", "--share-passphrase Eve")
        .replace("--out-dir out", "--out-dir out2");
    stage.run(&stranger).fails(2, "not among the guardians");
    let twice = line.replace("--share-passphrase Cyd", "--share-passphrase Bob");
    stage.run(&twice.replace("--out-dir out", "--out-dir out2")).fails(2, "in two ways");
    let one =
        format!("guardian split A.id --guardians Ann,Bob,Cyd --recipient Ann={bob} --recipient Bob={bob}");
    stage.run(&format!("{one} --out-dir out2 --passphrase-file pass")).fails(2, "one person would hold two");
    let own = stage.run("custodian show A.id").ok()["recipient"].as_str().unwrap().to_owned();
    let own = format!("guardian split A.id --guardians Ann,Bob --recipient Ann={own} --out-dir out2");
    stage.run(&format!("{own} --passphrase-file pass")).fails(2, "only when it is not needed");
    assert!(!stage.path("out2").exists());
}

#[test]
fn a_replaced_identity_has_new_guardians_and_the_old_one_vouches_for_it() {
    let stage = stage();
    let old = split(&stage);
    fs::create_dir(stage.path("new-A")).unwrap();
    let line = "guardian replace A.id --out new-A/A.id --guardians Ann,Bob,Fay --out-dir out2";
    let new = stage.run(&format!("{line} --passphrase-file pass --passphrase-file new")).ok();
    assert_eq!(new["sameIdentity"], false);
    assert_ne!(new["recipient"], old["recipient"]);
    stage.run("custodian verify new-A/A.card.json --replaces A.card.json").ok();
    stage.run("guardian check out2/Ann.txt out2/Bob.txt out2/Fay.txt --set out2/guardian-set.json").ok();
    stage.run("guardian check out/Ann.txt --set out2/guardian-set.json").fails(4, "another set");

    let line =
        "guardian replace A.id --same-identity --guardians Gus,Hal --out-dir out3 --passphrase-file pass";
    let same = stage.run(line).ok();
    assert_eq!((&same["sameIdentity"], &same["recipient"]), (&true.into(), &old["recipient"]));
    let text = stage.text(&line.replace("out3", "out4")).text();
    assert!(text.contains("any threshold of OLD sheets still works"), "{text}");
    stage.run(&format!("guardian combine out/Ann.txt out/Bob.txt out/Cyd.txt {RESTORE}")).ok();
}

#[test]
fn scan_says_what_a_picture_holds_and_never_its_words() {
    let stage = stage();
    split(&stage);
    let run = stage.run("guardian scan out/Ann.png out/Eve.png --set out/guardian-set.json");
    let text = run.stdout.clone() + &run.stderr;
    let found = run.ok();
    assert_eq!((&found["shares"][0]["guardian"], &found["shares"][1]["share"]), (&"Ann".into(), &5.into()));
    let secret = words(&stage, "out/Ann.txt");
    assert!(
        !text.contains(&secret[10..13].join(" ")) && !text.contains(&secret[10..13].join(" ").to_uppercase())
    );
    stage.run("guardian scan out/Ann.png --out Ann.words").ok();
    stage.run("guardian check Ann.words --set out/guardian-set.json").ok();
    let png = fs::read(stage.path("out/Ann.png")).unwrap();
    stage.write("cut.png", &png[..png.len() / 2]);
    stage.run("guardian scan cut.png").fails(1, "cut.png");
    stage.write("noise.txt", b"no words at all");
    stage.run("guardian scan noise.txt").fails(4, "20 or 33 words; these are 4");
}

#[test]
fn legacy_shares_are_taken_only_for_the_recipient_given() {
    let stage = stage();
    let made = keygen(&stage, "A");
    let key = age::x25519::Identity::generate();
    let text = age::secrecy::ExposeSecret::expose_secret(&key.to_string()).to_owned();
    let shares: Vec<Vec<u8>> =
        blahaj::Sharks(2).dealer(text.as_bytes()).take(3).map(|share| Vec::from(&share)).collect();
    for (i, share) in shares.iter().enumerate() {
        stage.write(&format!("s{i}"), hex::encode(share).as_bytes());
    }
    let combine = "guardian combine --format sharks --name A --out back.id --passphrase-file new --recipient";
    stage.run(&format!("{combine} {} s0 s2", key.to_public())).ok();
    let other = made["recipient"].as_str().unwrap();
    let line = format!("{combine} {other} s0 s1").replace("back.id", "b.id");
    stage.run(&line).fails(4, "not A's identity");
    stage.run(&line.replace("s0 s1", "s0")).fails(1, "at least two");
    stage.write("s1", b"not hex!");
    stage.run(&line).fails(1, "share 2");
    assert!(!stage.path("b.id").exists());
}

#[test]
fn other_codes_in_a_picture_do_not_matter() {
    let stage = stage();
    split(&stage);
    let ours = image::open(stage.path("out/Ann.png")).unwrap().to_luma8();
    let tag = quorate::print::qr::png("ASSET 4711").unwrap();
    let tag = image::load_from_memory(tag.expose()).unwrap().to_luma8();
    let (width, height) = (ours.width() + tag.width(), ours.height().max(tag.height()));
    let mut both = image::GrayImage::from_pixel(width, height, image::Luma([255]));
    image::imageops::replace(&mut both, &ours, 0, 0);
    image::imageops::replace(&mut both, &tag, ours.width().into(), 0);
    both.save(stage.path("both.png")).unwrap();
    let check = |file: &str| stage.run(&format!("guardian check {file} --set out/guardian-set.json"));
    assert_eq!(check("both.png").ok()["checked"][0], "Ann");
    tag.save(stage.path("tag.png")).unwrap();
    check("tag.png").fails(4, "tag.png");
}

#[test]
fn good_shares_are_noted_though_a_bad_one_follows() {
    let stage = stage();
    split(&stage);
    stage.write("bad", words(&stage, "out/Bob.txt")[..32].join(" ").as_bytes());
    stage.run("guardian check out/Ann.txt bad --set out/guardian-set.json").fails(4, "bad");
    let next = stage.run("guardian check out/Bob.txt --set out/guardian-set.json").ok();
    assert_eq!(
        (&next["guardians"][0]["proven"], &next["guardians"][2]["proven"]),
        (&true.into(), &false.into())
    );
    let run = stage.run("guardian check out/Bob.txt --set out/guardian-set.json");
    assert!(!run.stderr.contains("can be read by others"));
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(stage.path("out/Bob.txt"), fs::Permissions::from_mode(0o644)).unwrap();
    let run = stage.run("guardian check out/Bob.txt --set out/guardian-set.json");
    assert!(run.stderr.contains("can be read by others"), "{}", run.stderr);
}

#[test]
fn sixteen_of_sixteen_restore() {
    let stage = stage();
    keygen(&stage, "A");
    let names: Vec<String> = (1..=16).map(|i| format!("G{i}")).collect();
    let line = format!("guardian split A.id --guardians {} --threshold 16", names.join(","));
    stage.run(&format!("{line} --out-dir out --passphrase-file pass")).ok();
    let files: Vec<String> = names.iter().map(|name| format!("out/{name}.txt")).collect();
    stage
        .run(&format!("guardian combine {} {RESTORE}", files[1..].join(" ")))
        .fails(1, "1 more share is needed");
    stage.run(&format!("guardian combine {} {RESTORE}", files.join(" "))).ok();
}
