//! The floors of the crate: a file imports only from its own floor or a lower one. The table is the one
//! in `src/lib.rs`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

#[test]
fn files_import_from_their_floor_or_below() {
    let mut floors = floors(&fs::read_to_string(source().join("lib.rs")).unwrap());
    let files: Vec<(PathBuf, String, String)> = rust_files(&source())
        .into_iter()
        .map(|file| (file.clone(), top_module(&file), fs::read_to_string(&file).unwrap()))
        .filter(|(_, module, _)| module != "lib" && module != "main")
        .collect();
    for (file, module, text) in &files {
        let floor = *floors.get(module).unwrap_or_else(|| panic!("{}: no floor", file.display()));
        floors.extend(exported_macros(text).map(|name| (name, floor)));
    }
    let complaints: Vec<String> =
        files.iter().flat_map(|(file, module, text)| check(&floors, module, text, file)).collect();
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

#[test]

fn the_table_names_just_the_modules_there_are() {
    let lib = fs::read_to_string(source().join("lib.rs")).unwrap();
    let named: Vec<String> = floors(&lib).into_keys().collect();
    let mut declared: Vec<String> = lib
        .lines()
        .filter_map(|line| line.trim().strip_prefix("pub mod ")?.strip_suffix(';').map(str::to_owned))
        .collect();
    declared.sort();
    assert_eq!(named, declared);
}

#[test]
fn upward_and_unknown_imports_are_caught() {
    let floors = floors("//! 5 cli\n//! 3 store ui\n//! 0 codec\n");
    let caught = |module: &str, text: &str| check(&floors, module, text, Path::new("x.rs")).len();
    assert_eq!(caught("store", "use crate::ui::Ui;\nuse crate::codec::Hex;\nuse crate::store::x;"), 0);
    assert_eq!(caught("store", "use crate::cli::Context;"), 1);
    assert_eq!(caught("store", "fn f() { crate::cli::run() }"), 1);
    assert_eq!(caught("codec", "use crate::{\n    codec::Hex,\n    store::{a, b},\n    ui,\n};"), 2);
    assert_eq!(caught("codec", "pub(in crate::store) fn f() {}\n// crate::cli"), 1);
    assert_eq!(caught("codec", "use crate::nowhere::x;"), 1);
    assert_eq!(caught("nowhere", ""), 1);
}

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// Lines `//! <floor> <module>...`.
fn floors(lib: &str) -> BTreeMap<String, u8> {
    let mut floors = BTreeMap::new();
    for line in lib.lines() {
        let mut words = line.trim_start_matches("//!").split_whitespace();
        let Some(Ok(floor)) = words.next().map(str::parse::<u8>) else { continue };
        for module in words {
            assert_eq!(floors.insert(module.to_owned(), floor), None, "{module} is named twice");
        }
    }
    assert!(!floors.is_empty(), "lib.rs has no floor table");
    floors
}

/// `#[macro_export]` puts a macro at the crate's root; its floor is that of the file it stands in.
fn exported_macros(text: &str) -> impl Iterator<Item = String> + '_ {
    let exported = text.split("#[macro_export]").skip(1);
    exported.filter_map(|rest| head(rest.trim_start().strip_prefix("macro_rules!")?.trim_start()))
}

fn rust_files(dir: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

fn top_module(file: &Path) -> String {
    let first = file.strip_prefix(source()).unwrap().iter().next().unwrap().to_str().unwrap().to_owned();
    first.trim_end_matches(".rs").to_owned()
}

fn check(floors: &BTreeMap<String, u8>, module: &str, text: &str, file: &Path) -> Vec<String> {
    let Some(own) = floors.get(module) else {
        return vec![format!("{}: {module} has no floor in lib.rs", file.display())];
    };
    let mut complaints = Vec::new();
    for name in imports(text) {
        match floors.get(&name) {
            Some(floor) if floor <= own => (),
            Some(floor) => complaints
                .push(format!("{}: {module} (floor {own}) imports {name} (floor {floor})", file.display())),
            None => complaints.push(format!("{}: crate::{name} has no floor in lib.rs", file.display())),
        }
    }
    complaints
}

/// First segments of all `crate::` paths outside comments.
fn imports(text: &str) -> Vec<String> {
    let code: String =
        text.lines().map(|line| line.split("//").next().unwrap_or("")).collect::<Vec<_>>().join("\n");
    let mut names = Vec::new();
    for (position, _) in code.match_indices("crate::") {
        let quoted = code[..position].ends_with(|c: char| c.is_alphanumeric() || c == '_');
        let rest = &code[position + "crate::".len()..];
        if quoted {
            continue;
        }
        match rest.strip_prefix('{') {
            Some(group) => names.extend(group_heads(group)),
            None => names.extend(head(rest)),
        }
    }
    names
}

fn group_heads(group: &str) -> Vec<String> {
    let (mut depth, mut item, mut heads) = (0, String::new(), Vec::new());
    for c in group.chars() {
        match c {
            '}' if depth == 0 => break,
            ',' if depth == 0 => heads.extend(head(std::mem::take(&mut item).trim())),
            _ => {
                depth += i32::from(c == '{') - i32::from(c == '}');
                item.push(c);
            }
        }
    }
    heads.extend(head(item.trim()));
    heads
}

fn head(path: &str) -> Option<String> {
    let end = path.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(path.len());
    if end == 0 { None } else { Some(path[..end].to_owned()) }
}
