//! The requests that a workspace asked nodes with, and who had approved them: an auditor judges them later, and a server
//! that comes in the place of another one is told of a recovery by them.
//!
//! `requests/<opId>-<first 16 hex of its hash>.request.json`, in the form of a request file; and on which a server deleted
//! after a recovery, `requests/<opId>.<server>-<first 16 hex of the share's hash>.receipt.json`.

use std::path::{Path, PathBuf};

use super::{CeremonyError, requests};
use crate::{
    ids::OpId,
    receipt::Receipt,
    request::{APPROVALS_CAP, SignedRequest},
    store::{FileError, files},
};

const END: &str = ".request.json";

/// The directory of requests.
pub struct KeptRequests {
    dir: PathBuf,
}

impl KeptRequests {
    /// Of a home.
    pub(super) fn of_home(home: &Path) -> Self {
        Self { dir: home.join("requests") }
    }

    /// Keeps a request, durably. Approvals that came for it at one time and at another are all kept.
    pub fn keep(&self, request: &SignedRequest) -> Result<(), CeremonyError> {
        let mut kept = SignedRequest { one_time_recipients: Vec::new(), ..request.clone() };
        let hash = kept.request.hash()?.to_string();
        let short = hash.get(..16).unwrap_or_default();
        let path = self.dir.join(format!("{}-{short}{END}", kept.request.op_id));
        if let Some(before) = read(&path)? {
            let new = std::mem::replace(&mut kept.approvals, before.approvals.clone());
            for approval in new {
                if !kept.approvals.contains(&approval) && kept.approvals.len() < APPROVALS_CAP {
                    kept.approvals.push(approval);
                }
            }
            if kept == before {
                return Ok(());
            }
        }
        files::create_dir_private(&self.dir)?;
        Ok(files::replace(&path, &requests::to_bytes(&kept)?)?)
    }

    /// Keeps the receipt of a recovery, durably, before a server deletes on it.
    pub fn keep_receipt(&self, receipt: &Receipt) -> Result<(), CeremonyError> {
        files::create_dir_private(&self.dir)?;
        let body = &receipt.receipt;
        let share = body.share_blob_hash.map(|hash| hash.to_string()).unwrap_or_default();
        let short = share.get(..16).unwrap_or_default();
        let path = self.dir.join(format!("{}.{}-{short}.receipt.json", body.op_id, body.issuer));
        Ok(files::replace(&path, &receipt.to_bytes()?)?)
    }

    /// All of one operation: one at most was carried out, others were refused.
    pub fn of(&self, op_id: &OpId) -> Result<Vec<SignedRequest>, CeremonyError> {
        let mut names = files::file_names(&self.dir)?;
        names.retain(|name| name.starts_with(&op_id.to_string()) && name.ends_with(END));
        names.sort_unstable();
        names.iter().filter_map(|name| read(&self.dir.join(name)).transpose()).collect()
    }
}

fn read(path: &Path) -> Result<Option<SignedRequest>, CeremonyError> {
    match requests::read(path) {
        Ok(request) => Ok(Some(request)),
        Err(CeremonyError::File(FileError::NotFound(_))) => Ok(None),
        Err(error) => Err(error),
    }
}
