//! Audit entries: hash-chained, each signed; one log per node and one per workspace.
#![doc = include_str!("audit/format.md")]

pub mod bundle;
pub mod verify;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    codec::{self, CodecError},
    digest::Hash,
    ids::{KeyId, Name, OpId, Time},
    request::NodeHead,
    signing_key::{PublicKey, Signature, SigningKey},
};

/// Longest line of a log, in bytes.
pub const LINE_CAP: usize = 64 * 1024;

/// The name of a workspace's log, which no server may have.
pub const WORKSPACE: &str = "workspace";

/// Why a log is not accepted; `entry` counts from 1.
#[derive(Debug, thiserror::Error)]
pub enum AuditError {
    #[error("entry {entry} of the log is not readable: {reason}")]
    Malformed { entry: u64, reason: String },
    #[error("entry {entry} of the log does not follow the one before it")]
    Chain { entry: u64 },
    #[error("entry {entry} of the log is not signed by its owner")]
    Signature { entry: u64 },
    #[error(transparent)]
    Codec(#[from] CodecError),
}

/// What happened. Intents come before the act, outcomes after it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Event {
    /// A node or workspace was made.
    Created,
    /// A next genesis version was asked for.
    GenesisInitiated,
    /// A person compared the words of a production genesis at a node's own console.
    GenesisConfirmed,
    /// A node signed the candidate of a genesis version, and no other of that sequence.
    GenesisSigned,
    /// A genesis version was adopted.
    GenesisAdopted,
    /// A node is about to be made in the place of another one.
    ReplacementInitiated,
    /// A request was refused.
    RequestRefused,
    /// A person is about to agree to a request or a genesis.
    RequestApproved,
    /// A request was made for others to approve.
    RequestMade,
    /// A request was given up: the node never carries it out.
    RequestCancelled,
    /// The first round of a protocol is about to run.
    SessionStarted,
    /// A protocol ended without a result; nothing is blamed.
    SessionAborted,
    /// A protocol ended because someone misbehaved.
    MisbehaviourDetected,
    /// The lift of a lock was asked for.
    UnlockInitiated,
    /// The lock on a server that misbehaved is lifted.
    LockLifted,
    /// A generation was asked for.
    KeyGenerationInitiated,
    /// A share is durable; the key is not active yet.
    KeyPending,
    /// The key card is complete.
    KeyActivated,
    /// A node got to know a key whose index it holds now, without its share.
    KeyLearned,
    /// A node promised never to activate a key.
    KeyRenounced,
    /// An incomplete key was removed.
    KeyAbandoned,
    /// Aux was asked for.
    AuxInitiated,
    /// Aux is durable.
    AuxCompleted,
    /// A safe prime went into the pool.
    PrimeAdded,
    /// A signature was asked for.
    SigningInitiated,
    /// A signature was made.
    SigningCompleted,
    /// A share is about to be encrypted to its custodian.
    ShareExportInitiated,
    /// It was; the node still holds it.
    ShareExported,
    /// A receipt was accepted; deletion begins.
    ShareDeletionInitiated,
    /// Share or aux are gone from the node.
    ShareDeleted,
    /// A share that is to stay was accepted.
    ShareImportInitiated,
    /// It is durable.
    ShareImported,
    /// A second id for a key was signed.
    AliasSigned,
    /// A one-time recipient was made.
    RecipientPrepared,
    /// A custodian agreed to a request and is about to encrypt a share for it.
    ShareGranted,
    /// A share was opened in memory.
    ShareLeased,
    /// It was forgotten.
    LeaseEnded,
    /// The node stated what it holds.
    HoldingStated,
    /// A custodian holds a shard durably and is about to sign for it.
    ShareReceived,
    /// A custodian wrapped a shard again, for another holder or a node.
    ShareRewrapped,
    /// A shard that another one replaced is about to get the name `.old`.
    ShareRetired,
    /// A custodian is about to destroy a shard that another one replaced.
    ShareDestructionInitiated,
    /// That shard is gone.
    ShareDestroyed,
    /// A private key is about to be made whole; nothing of it was opened yet. On a node: it is about to seal its share
    /// to the device that combines.
    PrivateKeyRecoveryInitiated,
    /// It was, and went where it was to go. On a node: its share was sealed.
    PrivateKeyRecoveryCompleted,
    /// It was not.
    PrivateKeyRecoveryFailed,
    /// The key was whole somewhere; it signs no more.
    KeyExposed,
}

/// One entry, without its signature.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Entry {
    /// Format version, 1.
    pub version: u32,
    /// Whose log: a server's name, or [`WORKSPACE`].
    pub log: Name,
    /// Counts from 1.
    pub counter: u64,
    /// Hash of the entry before; zero for the first.
    pub previous: Hash,
    /// The writer's clock.
    pub time: Time,
    /// What happened.
    pub event: Event,
    /// In which operation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub op_id: Option<OpId>,
    /// On whose request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_hash: Option<Hash>,
    /// To which key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_id: Option<KeyId>,
    /// Public particulars, never a secret.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub detail: BTreeMap<String, String>,
    /// Heads of other logs as they were seen: witnesses against truncation.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub heads: Vec<NodeHead>,
}

/// What a writer says; the log adds counter, chain and signature.
#[derive(Clone, Debug)]
pub struct Note {
    /// What happened.
    pub event: Event,
    /// In which operation.
    pub op_id: Option<OpId>,
    /// On whose request.
    pub request_hash: Option<Hash>,
    /// To which key.
    pub key_id: Option<KeyId>,
    /// Public particulars.
    pub detail: BTreeMap<String, String>,
    /// Witnessed heads.
    pub heads: Vec<NodeHead>,
}

impl Note {
    /// An event with nothing else to say.
    pub fn new(event: Event) -> Self {
        Self {
            event,
            op_id: None,
            request_hash: None,
            key_id: None,
            detail: BTreeMap::new(),
            heads: Vec::new(),
        }
    }

    /// Adds a particular.
    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.detail.insert(name.to_owned(), value.to_string());
        self
    }
}

/// One line of a log.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct SignedEntry {
    /// The entry.
    pub entry: Entry,
    /// By the log's owner.
    pub signature: Signature,
}

impl SignedEntry {
    /// The line as it is written: canonical JSON, no line end.
    pub fn line(&self) -> Result<Vec<u8>, CodecError> {
        codec::canonical("audit entry", self)
    }

    /// Whether the owner of a key wrote it; where it stands in their log is not judged.
    pub fn is_by(&self, key: &PublicKey) -> bool {
        let hash = Hash::of("audit-entry", &self.entry);
        hash.is_ok_and(|hash| key.verify(&hash, &self.signature).is_ok())
    }

    /// Reads one line. Only the canonical form is accepted.
    pub fn parse(line: &[u8]) -> Result<Self, CodecError> {
        codec::from_canonical("audit entry", line, LINE_CAP)
    }
}

/// Where a log stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Head {
    /// Number of entries.
    pub counter: u64,
    /// Hash of the last one; zero if there is none.
    pub hash: Hash,
}

impl Head {
    /// Before the first entry.
    pub const EMPTY: Head = Head { counter: 0, hash: Hash::ZERO };

    /// Makes the entry that follows.
    pub fn next(
        &self,
        log: &Name,
        time: Time,
        note: Note,
        key: &SigningKey,
    ) -> Result<(SignedEntry, Head), CodecError> {
        let entry = Entry {
            version: 1,
            log: log.clone(),
            counter: self.counter + 1,
            previous: self.hash,
            time,
            event: note.event,
            op_id: note.op_id,
            request_hash: note.request_hash,
            key_id: note.key_id,
            detail: note.detail,
            heads: note.heads,
        };
        let hash = Hash::of("audit-entry", &entry)?;
        let head = Head { counter: entry.counter, hash };
        Ok((SignedEntry { signature: key.sign(&hash), entry }, head))
    }

    /// Checks that an entry follows, and gives the head after it.
    pub fn follow(&self, log: &Name, signed: &SignedEntry, key: &PublicKey) -> Result<Head, AuditError> {
        let entry = &signed.entry;
        let number = self.counter + 1;
        if entry.version != 1 || entry.log != *log || entry.counter != number || entry.previous != self.hash {
            return Err(AuditError::Chain { entry: number });
        }
        let hash = Hash::of("audit-entry", entry)?;
        key.verify(&hash, &signed.signature).map_err(|_| AuditError::Signature { entry: number })?;
        Ok(Head { counter: number, hash })
    }
}

#[cfg(test)]
mod tests {
    use rand_core::OsRng;

    use super::*;

    fn log(key: &SigningKey, n: usize) -> Vec<SignedEntry> {
        let name: Name = "OFFICIAL_1".parse().unwrap();
        let mut head = Head::EMPTY;
        let mut entries = Vec::new();
        for i in 0..n {
            let note = Note::new(Event::SessionStarted).with("number", i);
            let (entry, next) = head.next(&name, Time::now(), note, key).unwrap();
            head = next;
            entries.push(entry);
        }
        entries
    }

    fn verify(entries: &[SignedEntry], key: &PublicKey) -> Result<Head, AuditError> {
        let name: Name = "OFFICIAL_1".parse().unwrap();
        entries.iter().try_fold(Head::EMPTY, |head, entry| head.follow(&name, entry, key))
    }

    #[test]
    fn r48_an_honest_log_verifies() {
        let key = SigningKey::random(&mut OsRng);
        let entries = log(&key, 20);
        let head = verify(&entries, &key.public()).unwrap();
        assert_eq!(head.counter, 20);
        for entry in &entries {
            assert_eq!(&SignedEntry::parse(&entry.line().unwrap()).unwrap(), entry);
        }
    }

    #[test]
    fn r48_dropped_reordered_edited_and_foreign_entries_are_noticed() {
        let key = SigningKey::random(&mut OsRng);
        let entries = log(&key, 5);
        let tampered: [fn(&mut Vec<SignedEntry>); 4] = [
            |e| drop(e.remove(2)),
            |e| e.swap(1, 2),
            |e| e[3].entry.detail.clear(),
            |e| e[4].entry.time = e[4].entry.time.plus_seconds(1),
        ];
        for tamper in tampered {
            let mut bad = entries.clone();
            tamper(&mut bad);
            assert!(verify(&bad, &key.public()).is_err());
        }
        assert!(verify(&entries, &SigningKey::random(&mut OsRng).public()).is_err());
        let line = entries[0].line().unwrap();
        assert!(SignedEntry::parse(&[b" ".as_slice(), &line].concat()).is_err());
    }
}
