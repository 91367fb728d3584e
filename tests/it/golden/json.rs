//! JSON that says the same in another spelling, or something else in the right one.

use serde_json::Value;

/// JSON whose objects keep order and duplicates.
#[derive(Clone)]
enum Json {
    Object(Vec<(String, Json)>),
    Array(Vec<Json>),
    Text(String),
    /// A number, `true`, `false`, `null`: printed as it stands.
    Plain(String),
}

/// What was done, and the bytes after it.
type Cases = Vec<(String, Vec<u8>)>;

/// Other values for one place, and what is other about each.
type Changes = Vec<(String, Json)>;

/// Gets a place: its path, its value, and a way to rebuild the whole around another value there.
type Visit<'a> = dyn FnMut(&str, &Json, &dyn Fn(Json) -> Json) + 'a;

/// Fields that may be absent where nothing signed notices, and text that may be any text.
const FREE: [&str; 5] = ["label", "hash", "previousSignature", "reason", "auxBlobHash"];

/// Every spelling that one place of a file (one object per line) could get wrong.
pub fn misspelt(bytes: &[u8]) -> Cases {
    let mut cases = variants(bytes, &misspell);
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    let quoted = text.chars().position(|c| c.is_ascii_lowercase()).unwrap();
    let escaped = format!("\\u{:04x}", text.as_bytes()[quoted]);
    for (what, text) in [
        ("leading space", format!(" {text}")),
        ("trailing space", text.replacen('\n', " \n", 1) + " "),
        ("a line end more", format!("{text}\n")),
        ("space after a colon", text.replacen(':', ": ", 1)),
        ("space after a comma", text.replacen(',', ", ", 1)),
        ("byte order mark", format!("\u{feff}{text}")),
        ("something after it", format!("{text}0")),
        ("a letter escaped", format!("{}{escaped}{}", &text[..quoted], &text[quoted + 1..])),
    ] {
        cases.push((what.to_owned(), text.into_bytes()));
    }
    cases
}

/// Every value changed for another of its kind.
pub fn altered(bytes: &[u8]) -> Cases {
    variants(bytes, &alter)
}

fn misspell(path: &str, json: &Json) -> Changes {
    let free = FREE.iter().any(|field| path.ends_with(&format!("/{field}")));
    let mut out = vec![("null".to_owned(), Json::Plain("null".into()))];
    match json {
        Json::Object(fields) => {
            let with = |name: &str, value: Json| {
                let mut more = fields.clone();
                more.push((name.to_owned(), value));
                Json::Object(more)
            };
            out.push(("an unknown field".into(), with("zzzz", Json::Plain("1".into()))));
            out.push(("an unknown empty field".into(), with("zzzz", Json::Plain("null".into()))));
            for (at, (name, value)) in fields.iter().enumerate() {
                out.push((format!("{name} twice"), with(name, value.clone())));
                let mut fewer = fields.clone();
                fewer.remove(at);
                if !FREE.contains(&name.as_str()) {
                    out.push((format!("no {name}"), Json::Object(fewer)));
                }
            }
            if fields.len() > 1 {
                out.push(("another order".into(), Json::Object(fields.iter().rev().cloned().collect())));
            }
        }
        Json::Array(items) => {
            let null = [Json::Plain("null".into())];
            out.push(("one null more".into(), Json::Array(items.iter().chain(&null).cloned().collect())));
        }
        Json::Text(text) if !free => {
            let hex = text.len() >= 32 && text.bytes().all(|b| b.is_ascii_hexdigit());
            let prefixed = hex.then(|| format!("0x{text}"));
            let spelt = [text.to_uppercase(), format!(" {text}"), format!("{text} ")];
            let named = |bad: String| (format!("'{bad}'"), Json::Text(bad));
            out.extend(spelt.into_iter().chain(prefixed).map(named));
            if path.ends_with("At") || path.ends_with("ime") {
                out.push(("lower case".into(), Json::Text(text.to_lowercase())));
            }
        }
        Json::Text(_) => {}
        Json::Plain(word) if word.starts_with(|c: char| c.is_ascii_digit()) => {
            let other = if path.ends_with("/version") { "2" } else { "-1" };
            for bad in [format!("{word}.0"), format!("{word}e0"), format!("0{word}"), other.into()] {
                out.push((bad.clone(), Json::Plain(bad)));
            }
            out.push(("text".into(), Json::Text(word.clone())));
        }
        Json::Plain(word) => out.push(("text".into(), Json::Text(word.clone()))),
    }
    out
}

fn alter(path: &str, json: &Json) -> Changes {
    if path.ends_with("/previousSignature") {
        return Vec::new();
    }
    let other = match json {
        Json::Object(_) => return Vec::new(),
        Json::Array(items) => {
            let mut items = items.clone();
            if items.pop().is_none() {
                items.push(Json::Text("operator".into()));
            }
            Json::Array(items)
        }
        Json::Text(text) => Json::Text(match text.strip_suffix('0') {
            Some(start) => format!("{start}1"),
            None => format!("{}0", &text[..text.len() - 1]),
        }),
        Json::Plain(word) if word == "true" => Json::Plain("false".into()),
        Json::Plain(word) if word == "false" => Json::Plain("true".into()),
        Json::Plain(word) => Json::Plain((word.parse::<u64>().unwrap() + 1).to_string()),
    };
    vec![("another value".to_owned(), other)]
}

/// Applies `change` at every place of every line.
fn variants(bytes: &[u8], change: &dyn Fn(&str, &Json) -> Changes) -> Cases {
    let text = std::str::from_utf8(bytes).unwrap();
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let mut cases = Cases::new();
    for (at, line) in lines.iter().enumerate() {
        let json = Json::from(serde_json::from_str::<Value>(line).unwrap());
        assert_eq!(json.print(), line.trim_end(), "this reading of JSON loses nothing");
        let end = if line.ends_with('\n') { "\n" } else { "" };
        json.places("", &|whole| whole, &mut |path, place, whole| {
            for (what, changed) in change(path, place) {
                let printed = whole(changed).print();
                if printed == line.trim_end() {
                    continue;
                }
                let text = [&lines[..at].concat(), printed.as_str(), end, &lines[at + 1..].concat()].concat();
                cases.push((format!("{what} at line {} {path}", at + 1), text.into_bytes()));
            }
        });
    }
    cases
}

impl From<Value> for Json {
    fn from(value: Value) -> Self {
        match value {
            Value::Object(fields) => Self::Object(fields.into_iter().map(|(k, v)| (k, v.into())).collect()),
            Value::Array(items) => Self::Array(items.into_iter().map(Self::from).collect()),
            Value::String(text) => Self::Text(text),
            other => Self::Plain(other.to_string()),
        }
    }
}

impl Json {
    fn print(&self) -> String {
        let quote = |text: &String| Value::String(text.clone()).to_string();
        match self {
            Self::Object(fields) => {
                let fields = fields.iter().map(|(name, value)| format!("{}:{}", quote(name), value.print()));
                format!("{{{}}}", fields.collect::<Vec<_>>().join(","))
            }
            Self::Array(items) => {
                format!("[{}]", items.iter().map(Self::print).collect::<Vec<_>>().join(","))
            }
            Self::Text(text) => quote(text),
            Self::Plain(word) => word.clone(),
        }
    }

    /// Visits every place, this one first.
    fn places(&self, path: &str, whole: &dyn Fn(Json) -> Json, visit: &mut Visit<'_>) {
        visit(path, self, whole);
        match self {
            Self::Object(fields) => {
                for (at, (name, value)) in fields.iter().enumerate() {
                    let rebuild = |changed: Json| {
                        let mut fields = fields.clone();
                        fields[at].1 = changed;
                        whole(Self::Object(fields))
                    };
                    value.places(&format!("{path}/{name}"), &rebuild, visit);
                }
            }
            Self::Array(items) => {
                for (at, value) in items.iter().enumerate() {
                    let rebuild = |changed: Json| {
                        let mut items = items.clone();
                        items[at] = changed;
                        whole(Self::Array(items))
                    };
                    value.places(&format!("{path}/{at}"), &rebuild, visit);
                }
            }
            Self::Text(_) | Self::Plain(_) => {}
        }
    }
}
