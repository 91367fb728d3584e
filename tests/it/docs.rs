//! `man/` and `completions/` are what the command line's definition renders to. `QUORATE_BLESS=1` renews
//! them.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

const SHELLS: [(&str, &str); 4] =
    [("bash", "quorate.bash"), ("zsh", "_quorate"), ("fish", "quorate.fish"), ("powershell", "_quorate.ps1")];

#[test]
fn man_pages_match_the_definition() {
    let dir = tempfile::tempdir().unwrap();
    quorate(&["man", "--out-dir", dir.path().to_str().unwrap()]);
    compare("man", &files(dir.path()));
}

#[test]
fn completions_match_the_definition() {
    let rendered = SHELLS.map(|(shell, file)| (file.to_owned(), quorate(&["completions", shell])));
    compare("completions", &BTreeMap::from(rendered));
}

fn quorate(args: &[&str]) -> Vec<u8> {
    let output = Command::new(env!("CARGO_BIN_EXE_quorate")).args(args).output().unwrap();
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

fn files(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap()))
        .collect()
}

fn compare(folder: &str, rendered: &BTreeMap<String, Vec<u8>>) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    if std::env::var_os("QUORATE_BLESS").is_some() {
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        for (name, content) in rendered {
            fs::write(folder.join(name), content).unwrap();
        }
    }
    let committed = files(&folder);
    let differing: Vec<&String> = committed
        .keys()
        .chain(rendered.keys())
        .filter(|name| committed.get(*name) != rendered.get(*name))
        .collect();
    assert!(
        differing.is_empty(),
        "{} differs from what the definition renders to: {differing:?}\nQUORATE_BLESS=1 cargo test --test it docs",
        folder.display()
    );
}
