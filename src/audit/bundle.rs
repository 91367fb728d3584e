//! What an outsider is given to judge: every log with the public documents that its entries speak of.

use serde::{Deserialize, Serialize};

use super::LINE_CAP;
use crate::{
    codec::{self, CodecError, JSON_CAP},
    digest::Hash,
    ids::{KeyId, Name, OpId, Time},
    keyshare::{DirtyAlias, DirtyKeyCard},
    receipt::Receipt,
    statement::{Holding, Signed},
    wrap::recipient::Recipient,
};

/// Longest bundle, in bytes.
pub const BUNDLE_CAP: usize = 4 << 30;

/// Most logs, and most of any document: a chain has at most a thousand versions of 16 nodes.
const LOGS_CAP: usize = 20_000;

const KIND: &str = "quorate-audit";

/// Why bytes are no bundle.
#[derive(Debug, thiserror::Error)]
pub enum BundleError {
    #[error("this is no audit bundle")]
    NotOne,
    #[error("the bundle has version {0}; this program reads version 1")]
    Version(u32),
    #[error("line {line} of the bundle: {reason}")]
    Line { line: usize, reason: String },
    #[error("the bundle is cut off: {0}")]
    Cut(&'static str),
    #[error("{what} is not one line of at most {cap} bytes, so that no bundle takes it")]
    NotALine { what: String, cap: usize },
    #[error(transparent)]
    Codec(#[from] CodecError),
}

/// The parts of a bundle, in this order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Section {
    /// Versions of the genesis, oldest first.
    Genesis,
    /// Key cards.
    KeyCards,
    /// Second ids of keys.
    AliasCards,
    /// Exports with their receipts.
    Exports,
    /// Requests with their approvals.
    Requests,
    /// One log.
    Log,
    /// Nothing follows.
    End,
}

/// One export, as a workspace accounts for it, without what is of no concern to others.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ExportRecord {
    /// Format version, 1.
    pub version: u32,
    /// The operation.
    pub op_id: OpId,
    /// The key, by the id it was asked for.
    pub key_id: KeyId,
    /// Its card.
    pub key_card_hash: Hash,
    /// The index.
    pub index: u16,
    /// The epoch.
    pub epoch: u32,
    /// The node.
    pub server: Name,
    /// Whose it is to be.
    pub custodian: Name,
    /// What it is encrypted to.
    pub recipient: Recipient,
    /// The node deletes against a receipt.
    pub delete: bool,
    /// Aux without a share.
    pub aux_only: bool,
    /// SHA-256 of the durable file, once there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file_hash: Option<Hash>,
    /// SHA-256 of the encrypted share.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub share_blob_hash: Option<Hash>,
    /// SHA-256 of the encrypted aux.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aux_blob_hash: Option<Hash>,
    /// The custodian's receipt, once the operator has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt: Option<Receipt>,
    /// What the node stated after it deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub released: Option<Signed<Holding>>,
}

/// An alias card with the card of its key.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct AliasRecord {
    /// Format version, 1.
    pub version: u32,
    /// The key's card.
    pub key_card: DirtyKeyCard,
    /// Its second id.
    pub alias_card: DirtyAlias,
}

/// A log as its lines stand.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LogLines<'a> {
    /// Whose.
    pub name: Name,
    /// Without line ends.
    pub lines: Vec<&'a [u8]>,
}

/// A bundle, read no further than its lines: a damaged one is to be named, not refused.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Bundle<'a> {
    /// When it was made, by the maker's clock.
    pub created_at: Option<Time>,
    /// [`crate::genesis::SignedGenesis`], oldest first.
    pub genesis: Vec<&'a [u8]>,
    /// [`DirtyKeyCard`].
    pub key_cards: Vec<&'a [u8]>,
    /// [`AliasRecord`].
    pub alias_cards: Vec<&'a [u8]>,
    /// [`ExportRecord`].
    pub exports: Vec<&'a [u8]>,
    /// [`crate::request::SignedRequest`].
    pub requests: Vec<&'a [u8]>,
    /// [`super::SignedEntry`].
    pub logs: Vec<LogLines<'a>>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Opening {
    bundle: String,
    version: u32,
    created_at: Time,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Heading {
    section: Section,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    log: Option<Name>,
    lines: usize,
}

impl<'a> Bundle<'a> {
    /// Takes a bundle apart.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, BundleError> {
        let Some(bytes) = bytes.strip_suffix(b"\n") else {
            return Err(if bytes.is_empty() { BundleError::NotOne } else { BundleError::Cut("no line end") });
        };
        let mut lines = bytes.split(|byte| *byte == b'\n').zip(1..);
        let mut bundle = Self { created_at: Some(opening(lines.next())?), ..Self::default() };
        let mut before = None;
        while let Some((line, number)) = lines.next() {
            let at = |reason: String| BundleError::Line { line: number, reason };
            let heading: Heading = codec::from_canonical("a section's heading", line, LINE_CAP)
                .map_err(|e| at(e.to_string()))?;
            let follows = before < Some(heading.section) || heading.section == Section::Log;
            if !follows
                || before > Some(heading.section)
                || (heading.section == Section::Log) != heading.log.is_some()
            {
                return Err(at("the section stands in the wrong place, or not as it should".into()));
            }
            before = Some(heading.section);
            if heading.section == Section::End {
                let over = heading.lines == 0 && lines.next().is_none();
                return if over { Ok(bundle) } else { Err(at("there is more after the end".into())) };
            }
            let body: Vec<&[u8]> = lines.by_ref().take(heading.lines).map(|(line, _)| line).collect();
            if body.len() != heading.lines {
                return Err(BundleError::Cut("a section has fewer lines than it says"));
            }
            bundle.take(heading, body).map_err(|reason| at(reason.into()))?;
        }
        Err(BundleError::Cut("its end is missing"))
    }

    /// The file's bytes.
    pub fn to_bytes(&self, now: Time) -> Result<Vec<u8>, BundleError> {
        let opening = Opening { bundle: KIND.into(), version: 1, created_at: self.created_at.unwrap_or(now) };
        let mut out = codec::canonical("a bundle", &opening)?;
        out.push(b'\n');
        let sections = [
            (Section::Genesis, &self.genesis),
            (Section::KeyCards, &self.key_cards),
            (Section::AliasCards, &self.alias_cards),
            (Section::Exports, &self.exports),
            (Section::Requests, &self.requests),
        ];
        for (section, lines) in sections {
            put(&mut out, Heading { section, log: None, lines: lines.len() }, lines)?;
        }
        for log in &self.logs {
            let heading =
                Heading { section: Section::Log, log: Some(log.name.clone()), lines: log.lines.len() };
            put(&mut out, heading, &log.lines)?;
        }
        put(&mut out, Heading { section: Section::End, log: None, lines: 0 }, &[])?;
        Ok(out)
    }

    fn take(&mut self, heading: Heading, lines: Vec<&'a [u8]>) -> Result<(), &'static str> {
        let part = match (heading.section, heading.log) {
            (Section::Genesis, _) => &mut self.genesis,
            (Section::KeyCards, _) => &mut self.key_cards,
            (Section::AliasCards, _) => &mut self.alias_cards,
            (Section::Exports, _) => &mut self.exports,
            (Section::Requests, _) => &mut self.requests,
            (Section::Log, Some(name)) => {
                if self.logs.len() >= LOGS_CAP || self.logs.iter().any(|log| log.name == name) {
                    return Err("the log stands there twice, or there are too many");
                }
                self.logs.push(LogLines { name, lines });
                return Ok(());
            }
            (Section::Log | Section::End, _) => return Err("no such section"),
        };
        *part = lines;
        Ok(())
    }
}

fn opening(line: Option<(&[u8], usize)>) -> Result<Time, BundleError> {
    #[derive(Deserialize)]
    struct Version {
        bundle: String,
        version: u32,
    }
    let (line, _) = line.ok_or(BundleError::NotOne)?;
    let found: Version = codec::from_json("a bundle", line, LINE_CAP).map_err(|_| BundleError::NotOne)?;
    match (found.bundle.as_str(), found.version) {
        (KIND, 1) => {}
        (KIND, other) => return Err(BundleError::Version(other)),
        _ => return Err(BundleError::NotOne),
    }
    let opening: Opening = codec::from_canonical("a bundle", line, LINE_CAP)?;
    Ok(opening.created_at)
}

fn put(out: &mut Vec<u8>, heading: Heading, lines: &[&[u8]]) -> Result<(), BundleError> {
    let what = format!("a line of the section {:?}", heading.section);
    let mut push = |line: &[u8]| {
        out.extend_from_slice(line);
        out.push(b'\n');
    };
    push(&codec::canonical("a section's heading", &heading)?);
    for line in lines {
        if line.len() > JSON_CAP || line.contains(&b'\n') {
            return Err(BundleError::NotALine { what, cap: JSON_CAP });
        }
        push(line);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Bundle<'static> {
        let name = |name: &str| name.parse().unwrap();
        Bundle {
            created_at: Some("2026-11-20T09:44:00Z".parse().unwrap()),
            genesis: vec![b"{}", b"[]"],
            key_cards: vec![b"\xff not even text"],
            logs: vec![
                LogLines { name: name("N1"), lines: vec![b"", b"x"] },
                LogLines { name: name("workspace"), lines: vec![] },
            ],
            ..Bundle::default()
        }
    }

    #[test]
    fn r49_a_bundle_reads_back_as_it_was_whatever_its_lines_are() {
        let bytes = sample().to_bytes(Time::now()).unwrap();
        assert_eq!(Bundle::parse(&bytes).unwrap(), sample());
        assert!(
            bytes
                .starts_with(br#"{"bundle":"quorate-audit","createdAt":"2026-11-20T09:44:00Z","version":1}"#)
        );
        let broken = Bundle { genesis: vec![b"a\nb"], ..Bundle::default() };
        assert!(matches!(broken.to_bytes(Time::now()), Err(BundleError::NotALine { .. })));
    }

    #[test]
    fn r51_cut_reordered_repeated_and_newer_bundles_are_refused() {
        let bytes = sample().to_bytes(Time::now()).unwrap();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        for cut in 0..bytes.len() {
            assert!(Bundle::parse(&bytes[..cut]).is_err(), "{cut}");
        }
        assert!(Bundle::parse(&[bytes.as_slice(), b"{}\n"].concat()).is_err());
        let refused = |from: &str, to: &str| {
            assert!(text.contains(from), "{from}");
            Bundle::parse(text.replacen(from, to, 1).as_bytes()).unwrap_err().to_string()
        };
        assert!(refused("\"version\":1", "\"version\":2").contains("version 2"));
        assert!(refused("quorate-audit", "something").contains("no audit bundle"));
        assert!(refused("\"lines\":2", "\"lines\":3").contains("line "));
        assert!(refused("\"lines\":2", "\"lines\":99999999999").contains("fewer lines"));
        assert!(refused("\"section\":\"exports\"", "\"section\":\"genesis\"").contains("wrong place"));
        assert!(refused("\"section\":\"keyCards\"", "\"section\":\"blobs\"").contains("line "));
        assert!(refused("\"log\":\"workspace\"", "\"log\":\"N1\"").contains("twice"));
    }
}
