//! Requests and approvals as QR codes, from the operator's screen to the approver's camera and back.

use std::fs;

use crate::production_stage::Production;

#[test]
fn r37_a_request_and_its_approvals_go_as_qr_codes() {
    let production = Production::new();
    let key = production.key("ED25519");
    let export = format!("share export --key {key} --server OFFICIAL_1 --delete");
    let new = export.replace("share export", "request new export");
    production.ask("K", &format!("{new} --out e.json --qr e.txt")).fails(2, "drawn as .svg or .png");
    assert!(!production.path("e.json").exists());
    production.ask("K", &format!("{new} --out e.json --qr e.png")).ok();
    production.ask("K", &format!("{new} --out e2.json --qr e.png")).fails(1, "already there");
    assert!(!production.path("e2.json").exists());
    let words = production.words("e.json");
    for who in ["A", "B"] {
        let line = format!("approve e.png --identity {who}.id --passphrase-file pass --confirm '{words}'");
        production.laptop(&format!("{line} --out {who}.json --qr {who}.png")).ok();
        // The picture says what the file says.
        assert!(fs::metadata(production.path(&format!("{who}.png"))).unwrap().len() > 500);
    }
    let status = production.laptop("request status e.png --approval A.png --approval B.json").ok();
    assert_eq!((&status["approved"], &status["words"]), (&true.into(), &words.into()));
    // What is no letter, or another one.
    production.laptop("request status A.png").fails(1, "no QR code in it begins with QUORATE-REQUEST-1:");
    production.laptop("request status e.png --approval e.png").fails(1, "begins with QUORATE-APPROVAL-1:");
    let done = production
        .run(&format!("{export} --out-dir out --request e.png --approval A.png --approval B.png"))
        .ok();
    assert_eq!(done["waitingFor"], serde_json::json!(["A"]));
    // As SVG for a screen.
    let reason = "x".repeat(500);
    let line = format!("request new recover --key {key} --to C --reason '{reason}' --out r.json --qr r.svg");
    production.ask("K", &line).ok();
    assert!(fs::read_to_string(production.path("r.svg")).unwrap().starts_with("<svg "));
}

#[test]
fn r51_an_approval_that_is_cut_or_of_another_sort_is_no_approval() {
    let production = Production::new();
    let key = production.key("ED25519");
    let new = format!("request new export --key {key} --server OFFICIAL_1 --delete --out e.json");
    production.ask("K", &new).ok();
    production.approve("A", "e.json").ok();
    let good = fs::read_to_string(production.path("A.e.json")).unwrap();
    for (what, bad) in [
        ("cut", good[..good.len() / 2].to_owned()),
        ("without its line end", good.trim_end().to_owned()),
        ("spaced", good.replace(':', ": ")),
        ("a field more", good.replacen('{', "{\"x\":1,", 1)),
        ("a request", fs::read_to_string(production.path("e.json")).unwrap()),
        ("nothing", String::new()),
    ] {
        production.stage.write("bad.json", bad.as_bytes());
        production
            .laptop("request status e.json --approval bad.json")
            .fails(4, "is no approval, or it was altered");
        let run = production.run(&format!(
            "share export --key {key} --server OFFICIAL_1 --delete --out-dir out --request e.json --approval bad.json"
        ));
        assert_eq!(run.code, Some(4), "{what}");
    }
    production.stage.write("long.json", &vec![b' '; 5000]);
    production.laptop("request status e.json --approval long.json").fails(1, "at most 4096 are read");
}
