//! Operations that are under way: each is written down before the first node or file is touched for it, and struck
//! out when the last one is done, so that whatever a killed run left behind is found again.

use std::path::{Path, PathBuf};

use rand_core::OsRng;
use serde::{Deserialize, Serialize};

use super::CeremonyError;
use crate::{
    codec::{self, HexArray, JSON_CAP},
    ids::{KeyId, Name, OpId, Time},
    store::{FileError, files},
};

/// What sort of operation.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Kind {
    /// A signature with shards on this machine. One that is found by another run was killed.
    Sign,
    /// A request that waits for grants; its nodes hold one-time identities for it.
    Request,
    /// A share on its way back to a node.
    Import,
    /// Shards that are wrapped again on this machine, one or a directory of them.
    Rewrap,
    /// A replaced shard that is overwritten.
    Destroy,
}

/// An open operation.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Open {
    /// Format version, 1.
    pub version: u32,
    /// The operation.
    pub op_id: OpId,
    /// What sort.
    pub kind: Kind,
    /// The key, where it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_id: Option<KeyId>,
    /// The nodes that act for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub servers: Vec<Name>,
    /// When it began.
    pub created_at: Time,
    /// From when on nothing of it can be used any more, if there is such a moment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expiry: Option<Time>,
    /// The files of this machine that it is about, absolute.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub paths: Vec<PathBuf>,
    /// The command that goes on where this one stopped, where it is not `doctor --fix`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub again: Option<String>,
}

impl Open {
    /// Reads the canonical form, version 1 only.
    pub fn parse(bytes: &[u8]) -> Result<Self, CeremonyError> {
        let damaged = |e: codec::CodecError| CeremonyError::Damaged(e.to_string());
        let open: Self = codec::from_canonical("open operation", bytes, JSON_CAP).map_err(damaged)?;
        match open.version {
            1 => Ok(open),
            found => Err(CeremonyError::Newer { found }),
        }
    }

    /// What one run does from its begin to its end; found by another one, that run was killed.
    pub fn of_run(kind: Kind, key_id: Option<KeyId>) -> Self {
        Self {
            version: 1,
            op_id: HexArray::random(&mut OsRng),
            kind,
            key_id,
            servers: Vec::new(),
            created_at: Time::now(),
            expiry: None,
            paths: Vec::new(),
            again: None,
        }
    }

    /// Nothing can come of it any more: its run was killed (no other one has the workspace now), or its
    /// request has expired.
    pub fn is_stale(&self) -> bool {
        self.kind == Kind::Sign || self.expiry.is_some_and(|expiry| Time::now() >= expiry)
    }
}

/// The directory of open operations: `operations/<opId>.json`.
pub struct Journal {
    dir: PathBuf,
}

impl Journal {
    pub(super) fn of(home: &Path) -> Self {
        Self { dir: home.join("operations") }
    }

    /// Writes an operation down, durably. Doing so again changes nothing.
    pub fn begin(&self, open: &Open) -> Result<(), CeremonyError> {
        files::create_dir_private(&self.dir)?;
        let bytes = codec::canonical("open operation", open)?;
        Ok(files::write_new(&self.path(&open.op_id), &bytes)?)
    }

    /// Strikes an operation out, if it stands there.
    pub fn end(&self, op_id: &OpId) -> Result<(), CeremonyError> {
        Ok(files::remove_file(&self.path(op_id))?)
    }

    /// Strikes out an operation that was done to its end, and what is left of earlier runs of the same.
    pub fn done(&self, kind: Kind, same: impl Fn(&Open) -> bool) -> Result<(), CeremonyError> {
        let over = self.all()?.into_iter().filter(|open| open.kind == kind && same(open));
        over.map(|open| open.op_id).try_for_each(|op_id| self.end(&op_id))
    }

    /// One operation.
    pub fn find(&self, op_id: &OpId) -> Result<Option<Open>, CeremonyError> {
        match files::read_capped(&self.path(op_id), JSON_CAP as u64) {
            Ok(bytes) => Open::parse(&bytes).map(Some),
            Err(FileError::NotFound(_)) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// All open operations, oldest first.
    pub fn all(&self) -> Result<Vec<Open>, CeremonyError> {
        let names = files::file_names(&self.dir)?;
        let ids = names.iter().filter_map(|name| OpId::parse(name.strip_suffix(".json")?));
        let mut open = Vec::new();
        for id in ids {
            open.extend(self.find(&id)?);
        }
        open.sort_by_key(|open| (open.created_at, open.op_id));
        Ok(open)
    }

    /// The open signatures and requests of one key.
    pub fn signatures_of(&self, key_id: &KeyId) -> Result<Vec<Open>, CeremonyError> {
        let signs = |open: &Open| matches!(open.kind, Kind::Sign | Kind::Request);
        Ok(self.all()?.into_iter().filter(|open| signs(open) && open.key_id == Some(*key_id)).collect())
    }

    fn path(&self, op_id: &OpId) -> PathBuf {
        self.dir.join(format!("{op_id}.json"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(key_id: KeyId) -> Open {
        Open { servers: vec!["OFFICIAL_1".parse().unwrap()], ..Open::of_run(Kind::Sign, Some(key_id)) }
    }

    #[test]
    fn r26_an_open_operation_is_found_until_it_is_struck_out() {
        let dir = tempfile::tempdir().unwrap();
        let journal = Journal::of(dir.path());
        assert!(journal.all().unwrap().is_empty());
        let (one, two) = (open(KeyId::random(&mut OsRng)), open(KeyId::random(&mut OsRng)));
        for open in [&one, &two, &one] {
            journal.begin(open).unwrap();
        }
        assert_eq!(journal.all().unwrap().len(), 2);
        assert_eq!(journal.signatures_of(&one.key_id.unwrap()).unwrap(), std::slice::from_ref(&one));
        journal.end(&one.op_id).unwrap();
        journal.end(&one.op_id).unwrap();
        assert_eq!(journal.all().unwrap(), [two]);
        let import = |key_id| Open::of_run(Kind::Import, Some(key_id));
        let of = KeyId::random(&mut OsRng);
        for open in [import(of), import(of), import(KeyId::random(&mut OsRng))] {
            journal.begin(&open).unwrap();
        }
        journal.done(Kind::Import, |open| open.key_id == Some(of)).unwrap();
        assert_eq!(journal.all().unwrap().len(), 2);
    }

    #[test]
    fn r51_unknown_fields_and_newer_versions_are_refused() {
        let bytes = codec::canonical("open operation", &open(KeyId::random(&mut OsRng))).unwrap();
        let text = String::from_utf8(bytes.clone()).unwrap();
        assert!(Open::parse(&bytes).is_ok());
        let newer = text.replace("\"version\":1", "\"version\":2");
        assert!(matches!(Open::parse(newer.as_bytes()), Err(CeremonyError::Newer { found: 2 })));
        let more = text.replace("\"version\":1", "\"version\":1,\"x\":1");
        assert!(Open::parse(more.as_bytes()).is_err());
        assert!(Open::parse(text.replace(',', ", ").as_bytes()).is_err());
    }
}
