//! Guardian sheets before tools that others wrote: poppler draws the page at 150 dpi, zbar reads the code
//! from it, and so does `guardian scan`. Runs with `QUORATE_INTEROP=1`; needs poppler-utils and zbar-tools.

use std::{fs, path::Path, process::Command};

use quorate::{
    codec::HexArray,
    digest::Hash,
    print::{
        qr, scan,
        sheet::{self, Paper, Sheet},
        text,
    },
    signing_key::PublicKey,
};

const PHRASE: &str = "testify swimming academic academic column loyalty smear include exotic bedroom exotic wrist \
     lobe cover grief golden smart junior estimate learn flip pistol traveler unwrap wrote mansion nervous \
     building slush forward platform velvet zero";

#[test]
fn poppler_and_zbar_read_a_sheet() {
    if std::env::var_os("QUORATE_INTEROP").is_none_or(|value| value != "1") {
        println!("skipped: QUORATE_INTEROP=1 turns it on; .ci/run does");
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let words: Vec<&'static str> = PHRASE.split(' ').collect();
    for (paper, names, shares) in [
        (Paper::A4, ("A", "Ann"), (2, 5, 3)),
        (Paper::Letter, ("W".repeat(32).as_str(), "Bob"), (16, 16, 16)),
    ] {
        let sheet = sheet(&words, names, shares);
        fs::write(dir.path().join("sheet.pdf"), sheet::pdf(&sheet, paper).unwrap().expose()).unwrap();
        tool(dir.path(), "pdftoppm", &["-r", "150", "-gray", "-png", "-singlefile", "sheet.pdf", "page"]);
        assert_eq!(zbar(dir.path(), "page.png"), PHRASE.to_uppercase());
        let read = scan::scan(&fs::read(dir.path().join("page.png")).unwrap()).unwrap();
        assert_eq!(read.iter().map(|text| text.to_lowercase()).collect::<Vec<_>>(), [PHRASE]);
        let copied = tool(dir.path(), "pdftotext", &["-layout", "sheet.pdf", "-"]);
        assert_eq!(*text::words_of(copied.as_bytes()).unwrap(), PHRASE, "words copied out of the page");
    }
    fs::write(dir.path().join("code.png"), qr::png(PHRASE).unwrap().expose()).unwrap();
    assert_eq!(zbar(dir.path(), "code.png"), PHRASE.to_uppercase());
}

fn sheet<'a>(
    words: &'a [&'static str],
    names: (&str, &str),
    (member, count, threshold): (u8, u8, u8),
) -> Sheet<'a> {
    Sheet {
        custodian: names.0.parse().unwrap(),
        guardian: names.1.parse().unwrap(),
        member,
        count,
        threshold,
        set_id: HexArray([7; 16]),
        identifier: 12_345,
        created_at: "2026-11-20T14:00:00Z".parse().unwrap(),
        recipient: "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj".parse().unwrap(),
        approval_key: PublicKey(HexArray([9; 32])),
        fingerprint: Hash::plain(b"a card"),
        words,
    }
}

fn zbar(folder: &Path, picture: &str) -> String {
    tool(folder, "zbarimg", &["--quiet", "--raw", picture]).trim_end().to_owned()
}

fn tool(folder: &Path, program: &str, args: &[&str]) -> String {
    let output = Command::new(program).args(args).current_dir(folder).output().unwrap();
    assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}
