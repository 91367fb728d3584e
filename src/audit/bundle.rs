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
    #[error("{what} has more than {cap} bytes, so that no bundle takes it")]
    TooLong { what: String, cap: usize },
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
    /// Receipts of recoveries, against which nodes deleted.
    Receipts,
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

/// Lines as they stand in a file, none of them looked at. A hostile file of short ones takes no more memory than any other.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Lines<'a>(&'a [u8]);

impl<'a> Lines<'a> {
    /// All whole lines of a text. What follows the last line end is left out.
    pub fn of(text: &'a [u8]) -> Self {
        let end = text.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        Self(text.get(..end).unwrap_or_default())
    }

    /// The first line, without its end, and what follows it.
    fn split_first(self) -> Option<(&'a [u8], Self)> {
        let at = self.0.iter().position(|byte| *byte == b'\n')?;
        Some((self.0.get(..at)?, Self(self.0.get(at + 1..)?)))
    }

    /// The first `count` lines, and what follows them.
    fn split_at(self, count: usize) -> Option<(Self, Self)> {
        let mut rest = self;
        for _ in 0..count {
            rest = rest.split_first()?.1;
        }
        let (taken, rest) = self.0.split_at_checked(self.0.len() - rest.0.len())?;
        Some((Self(taken), Self(rest)))
    }

    /// How many there are. Counted anew each time.
    pub fn count(self) -> usize {
        self.0.iter().filter(|byte| **byte == b'\n').count()
    }

    /// Whether there is none.
    pub fn is_empty(self) -> bool {
        self.0.is_empty()
    }
}

/// Gives the lines, without their ends.
impl<'a> Iterator for Lines<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let (first, rest) = self.split_first()?;
        *self = rest;
        Some(first)
    }
}

/// A log as its lines stand.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LogLines<'a> {
    /// Whose.
    pub name: Name,
    /// Its lines.
    pub lines: Lines<'a>,
}

/// A bundle, read no further than its lines: a damaged one is to be named, not refused.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Bundle<'a> {
    /// When it was made, by the maker's clock.
    pub created_at: Option<Time>,
    /// [`crate::genesis::SignedGenesis`], oldest first.
    pub genesis: Lines<'a>,
    /// [`DirtyKeyCard`].
    pub key_cards: Lines<'a>,
    /// [`AliasRecord`].
    pub alias_cards: Lines<'a>,
    /// [`ExportRecord`].
    pub exports: Lines<'a>,
    /// [`Receipt`].
    pub receipts: Lines<'a>,
    /// [`crate::request::SignedRequest`].
    pub requests: Lines<'a>,
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
        if bytes.last().is_some_and(|last| *last != b'\n') {
            return Err(BundleError::Cut("no line end"));
        }
        let mut lines = Lines::of(bytes);
        let mut bundle = Self { created_at: Some(opening(lines.next())?), ..Self::default() };
        let (mut before, mut number) = (None, 1);
        while let Some(line) = lines.next() {
            number += 1;
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
            let (body, rest) = lines
                .split_at(heading.lines)
                .ok_or(BundleError::Cut("a section has fewer lines than it says"))?;
            lines = rest;
            let more = heading.lines;
            bundle.take(heading, body).map_err(|reason| at(reason.into()))?;
            number += more;
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
            (Section::Receipts, &self.receipts),
            (Section::Requests, &self.requests),
        ];
        for (section, lines) in sections {
            put(&mut out, (section, None), *lines)?;
        }
        for log in &self.logs {
            put(&mut out, (Section::Log, Some(log.name.clone())), log.lines)?;
        }
        put(&mut out, (Section::End, None), Lines::default())?;
        Ok(out)
    }

    fn take(&mut self, heading: Heading, lines: Lines<'a>) -> Result<(), &'static str> {
        let part = match (heading.section, heading.log) {
            (Section::Genesis, _) => &mut self.genesis,
            (Section::KeyCards, _) => &mut self.key_cards,
            (Section::AliasCards, _) => &mut self.alias_cards,
            (Section::Exports, _) => &mut self.exports,
            (Section::Receipts, _) => &mut self.receipts,
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

fn opening(line: Option<&[u8]>) -> Result<Time, BundleError> {
    #[derive(Deserialize)]
    struct Version {
        bundle: String,
        version: u32,
    }
    let line = line.ok_or(BundleError::NotOne)?;
    let found: Version = codec::from_json("a bundle", line, LINE_CAP).map_err(|_| BundleError::NotOne)?;
    match (found.bundle.as_str(), found.version) {
        (KIND, 1) => {}
        (KIND, other) => return Err(BundleError::Version(other)),
        _ => return Err(BundleError::NotOne),
    }
    let opening: Opening = codec::from_canonical("a bundle", line, LINE_CAP)?;
    Ok(opening.created_at)
}

fn put(out: &mut Vec<u8>, (section, log): (Section, Option<Name>), lines: Lines) -> Result<(), BundleError> {
    if lines.into_iter().any(|line| line.len() > JSON_CAP) {
        let what = format!("a line of the section {section:?}");
        return Err(BundleError::TooLong { what, cap: JSON_CAP });
    }
    let heading = Heading { section, log, lines: lines.count() };
    out.extend_from_slice(&codec::canonical("a section's heading", &heading)?);
    out.push(b'\n');
    out.extend_from_slice(lines.0);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Bundle<'static> {
        let name = |name: &str| name.parse().unwrap();
        Bundle {
            created_at: Some("2026-11-20T09:44:00Z".parse().unwrap()),
            genesis: Lines::of(b"{}\n[]\n"),
            key_cards: Lines::of(b"\xff not even text\n"),
            logs: vec![
                LogLines { name: name("N1"), lines: Lines::of(b"\nx\n") },
                LogLines { name: name("workspace"), lines: Lines::of(b"torn") },
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
        let mut long = vec![b'x'; JSON_CAP + 1];
        long.push(b'\n');
        let broken = Bundle { genesis: Lines::of(&long), ..Bundle::default() };
        assert!(matches!(broken.to_bytes(Time::now()), Err(BundleError::TooLong { .. })));
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
