//! One log from its first line to its last, or to the first that is not what its owner wrote.

use super::{Fault, Kind, facts::Facts};
use crate::{
    audit::{Head, LINE_CAP, SignedEntry, bundle::Lines},
    digest::Hash,
    ids::{Name, Time},
    signing_key::{self, PublicKey, Signature},
};

/// Signatures that are checked at once.
const BATCH: usize = 2048;

const BEFORE_ENTRY: &[u8] = b"{\"entry\":";

/// `,"signature":"` .. `"}` with 128 digits between.
const AFTER_ENTRY: usize = 14 + 128 + 2;

/// A log as far as it is good.
pub(super) struct Walked {
    pub(super) name: Name,
    pub(super) key: PublicKey,
    /// Of every good entry.
    pub(super) hashes: Vec<Hash>,
    /// Time of the last one.
    pub(super) last: Option<Time>,
    /// There is a bad entry after these.
    pub(super) broken: bool,
    pub(super) facts: Facts,
    pub(super) faults: Vec<Fault>,
}

impl Walked {
    /// Where the good part ends.
    pub(super) fn head(&self) -> Head {
        Head { counter: self.hashes.len() as u64, hash: self.hashes.last().copied().unwrap_or(Hash::ZERO) }
    }

    /// The hash of an entry, zero before the first; none behind the good part.
    pub(super) fn hash(&self, counter: u64) -> Option<Hash> {
        match usize::try_from(counter).ok()?.checked_sub(1) {
            None => Some(Hash::ZERO),
            Some(at) => self.hashes.get(at).copied(),
        }
    }
}

/// Reads a log. `others` are keys that a signature may be of instead of the owner's.
pub(super) fn walk(name: &Name, key: PublicKey, lines: Lines, others: &[(Name, PublicKey)]) -> Walked {
    let walked = Walked {
        name: name.clone(),
        key,
        hashes: Vec::new(),
        last: None,
        broken: false,
        facts: Facts::default(),
        faults: Vec::new(),
    };
    let mut walker = Walker { rest: lines, bad: None, others, pending: Vec::new(), walked };
    let mut ended = Ok(());
    while let Some(line) = walker.rest.next() {
        ended = walker.step(line);
        if ended.is_err() {
            walker.bad = Some(line);
            break;
        }
    }
    // A bad signature before comes first.
    if let Err(fault) = walker.flush().and(ended) {
        walker.walked.broken = true;
        walker.walked.faults.push(fault);
    }
    walker.walked
}

/// Reads a line and the hash of the entry in it.
pub(super) fn parse(line: &[u8]) -> Result<(SignedEntry, Hash), String> {
    if line.len() > LINE_CAP {
        return Err(format!("it has {} bytes, more than a log takes", line.len()));
    }
    let signed = SignedEntry::parse(line).map_err(|e| e.to_string())?;
    // The line is canonical, so the entry in it is.
    let body =
        line.strip_prefix(BEFORE_ENTRY).and_then(|rest| rest.get(..rest.len().checked_sub(AFTER_ENTRY)?));
    let hash = Hash::tagged("audit-entry", &[body.ok_or("it is no signed entry")?]);
    Ok((signed, hash))
}

struct Walker<'a> {
    /// Lines that were not looked at.
    rest: Lines<'a>,
    /// The one before them, where it is no good.
    bad: Option<&'a [u8]>,
    others: &'a [(Name, PublicKey)],
    /// Entries that follow each other, with signatures not looked at yet.
    pending: Vec<(SignedEntry, Hash)>,
    walked: Walked,
}

impl Walker<'_> {
    fn step(&mut self, line: &[u8]) -> Result<(), Fault> {
        let number = self.number();
        let name = &self.walked.name;
        let (signed, hash) = parse(line).map_err(|reason| {
            Fault::new(Kind::Unreadable, format!("the line is no entry: {reason}")).at(name, number)
        })?;
        let entry = &signed.entry;
        if entry.version != 1 {
            let what = format!("the entry has version {}; this program reads version 1", entry.version);
            return Err(Fault::new(Kind::Unreadable, what).at(name, number));
        }
        if entry.log != *name || entry.counter != number || entry.previous != self.previous() {
            return Err(self.misplaced(&signed, &hash, number));
        }
        self.pending.push((signed, hash));
        if self.pending.len() >= BATCH { self.flush() } else { Ok(()) }
    }

    /// The number of the next line's entry.
    fn number(&self) -> u64 {
        (self.walked.hashes.len() + self.pending.len()) as u64 + 1
    }

    fn previous(&self) -> Hash {
        let pending = self.pending.last().map(|(_, hash)| hash);
        pending.or(self.walked.hashes.last()).copied().unwrap_or(Hash::ZERO)
    }

    /// Checks the signatures of what is pending and takes it in, up to the first bad one.
    fn flush(&mut self) -> Result<(), Fault> {
        let pending = std::mem::take(&mut self.pending);
        let hashes: Vec<&Hash> = pending.iter().map(|(_, hash)| hash).collect();
        let signatures: Vec<&Signature> = pending.iter().map(|(signed, _)| &signed.signature).collect();
        let key = self.walked.key;
        let bad = if signing_key::verify_batch(&key, &hashes, &signatures) {
            None
        } else {
            pending.iter().position(|(signed, hash)| key.verify(hash, &signed.signature).is_err())
        };
        let first = self.walked.hashes.len() as u64 + 1;
        for ((signed, hash), number) in pending.iter().zip(first..).take(bad.unwrap_or(pending.len())) {
            self.take(signed, *hash, number);
        }
        let Some((signed, hash)) = bad.and_then(|bad| pending.get(bad)) else { return Ok(()) };
        let follower = bad.and_then(|bad| pending.get(bad + 1)).map(|(next, _)| next.entry.previous);
        Err(self.badly_signed(signed, hash, follower))
    }

    fn take(&mut self, signed: &SignedEntry, hash: Hash, number: u64) {
        let (entry, walked) = (&signed.entry, &mut self.walked);
        if let Some(last) = walked.last.filter(|last| entry.time < *last) {
            let what =
                format!("the entry's time, {}, is before that of the one before it, {last}", entry.time);
            walked.faults.push(Fault::new(Kind::ClockBack, what).at(&walked.name, number));
        }
        walked.last = Some(entry.time);
        walked.hashes.push(hash);
        walked.facts.take(&walked.name, entry, number, &mut walked.faults);
    }

    fn badly_signed(&self, signed: &SignedEntry, hash: &Hash, follower: Option<Hash>) -> Fault {
        let (name, number) = (&self.walked.name, signed.entry.counter);
        let by = |(_, key): &&(Name, PublicKey)| key.verify(hash, &signed.signature).is_ok();
        if let Some((other, _)) = self.others.iter().find(by) {
            let what = format!("the entry is signed by {other}, not by {name}");
            return Fault::new(Kind::ForeignSignature, what).at(name, number);
        }
        let mut rest = self.rest;
        let next = self.bad.or_else(|| rest.next());
        let follower = follower.or_else(|| Some(parse(next?).ok()?.0.entry.previous));
        if follower == Some(*hash) {
            let what = format!("the next entry follows this one, but its signature is not {name}'s");
            return Fault::new(Kind::ForeignSignature, what).at(name, number);
        }
        let what = format!("the entry is not as {name} signed it");
        Fault::new(Kind::Edited, what).at(name, number)
    }

    /// What it means that a readable entry does not stand where it belongs.
    fn misplaced(&self, signed: &SignedEntry, hash: &Hash, number: u64) -> Fault {
        let (name, entry) = (&self.walked.name, &signed.entry);
        let fault = |kind, what: String| Fault::new(kind, what).at(name, number);
        if entry.log != *name {
            return fault(Kind::ForeignLog, format!("an entry of the log of {} stands here", entry.log));
        }
        if self.walked.key.verify(hash, &signed.signature).is_err() {
            return fault(
                Kind::Edited,
                format!("the entry does not follow the one before it, and is not as {name} signed it"),
            );
        }
        if entry.counter > number {
            let mut rest = self.rest;
            let later = rest.any(|line| parse(line).is_ok_and(|(next, _)| next.entry.counter == number));
            let (kind, found) = match later {
                true => (Kind::Reordered, "stands further down"),
                false => (Kind::Dropped, "is missing"),
            };
            return fault(
                kind,
                format!("entry {number} {found}; entry {} stands in its place", entry.counter),
            );
        }
        if entry.counter < number {
            let known = self.walked.hash(entry.counter);
            let pending = self.pending.iter().find(|(before, _)| before.entry.counter == entry.counter);
            if pending.map(|(_, hash)| *hash).or(known) == Some(*hash) {
                return fault(Kind::Repeated, format!("entry {} stands here again", entry.counter));
            }
            return fault(Kind::Forked, format!("{name} signed two different entries {}", entry.counter));
        }
        fault(
            Kind::Forked,
            format!("{name} signed this entry after another entry {} than the one here", number - 1),
        )
    }
}
