//! The requests that a workspace asked nodes with, and who had approved them: an auditor judges them later, and a server
//! that comes in the place of another one is told of a recovery by them.
//!
//! `requests/<opId>.request.json`, in the form of a request file; `requests/<opId>.<server>.receipt.json` on which a server
//! deleted after a recovery.

use std::path::{Path, PathBuf};

use super::{CeremonyError, requests};
use crate::{
    ids::OpId,
    receipt::Receipt,
    request::{APPROVALS_CAP, SignedRequest},
    store::{FileError, files},
};

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
        let op_id = request.request.op_id;
        let mut kept = SignedRequest { one_time_recipients: Vec::new(), ..request.clone() };
        if let Some(before) = self.find(&op_id)? {
            if before.request != kept.request {
                let message = format!("another request with the operation id {op_id} was carried out here");
                return Err(CeremonyError::Forged(message));
            }
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
        Ok(files::replace(&self.path(&op_id), &requests::to_bytes(&kept)?)?)
    }

    /// Keeps the receipt of a recovery, durably, before a server deletes on it.
    pub fn keep_receipt(&self, receipt: &Receipt) -> Result<(), CeremonyError> {
        files::create_dir_private(&self.dir)?;
        let body = &receipt.receipt;
        let path = self.dir.join(format!("{}.{}.receipt.json", body.op_id, body.issuer));
        Ok(files::replace(&path, &receipt.to_bytes()?)?)
    }

    /// One of them.
    pub fn find(&self, op_id: &OpId) -> Result<Option<SignedRequest>, CeremonyError> {
        match requests::read(&self.path(op_id)) {
            Ok(request) => Ok(Some(request)),
            Err(CeremonyError::File(FileError::NotFound(_))) => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn path(&self, op_id: &OpId) -> PathBuf {
        self.dir.join(format!("{op_id}.request.json"))
    }
}
