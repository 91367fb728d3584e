//! The requests that a workspace asked nodes with, and who had approved them: an auditor judges them later, and a server
//! that comes in the place of another one is told of a recovery by them.
//!
//! `requests/<opId>-<first 16 hex of its hash>.request.json`, in the form of a request file; and on which a server deleted
//! after a recovery, `requests/<opId>.<server>-<first 16 hex of the share's hash>.receipt.json`.

use std::path::{Path, PathBuf};

use super::{CeremonyError, requests};
use crate::{
    genesis::{Chain, Mode},
    ids::OpId,
    receipt::Receipt,
    request::{APPROVALS_CAP, SignedRequest, check_requester},
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

    /// Keeps a request, durably. Approvals that came for it at one time and at another are all kept, as far as they are of
    /// people of `chain`; what a file says without their signatures takes nothing of the place of what has them.
    pub fn keep(&self, request: &SignedRequest, chain: Option<&Chain>) -> Result<(), CeremonyError> {
        let hash = request.request.hash()?;
        let mut kept =
            SignedRequest { one_time_recipients: Vec::new(), approvals: Vec::new(), ..request.clone() };
        let hex = hash.to_string();
        let short = hex.get(..16).unwrap_or_default();
        let path = self.dir.join(format!("{}-{short}{END}", kept.request.op_id));
        let before = read(&path)?;
        if let Some(before) = &before {
            kept.approvals.clone_from(&before.approvals);
            if chain.is_none_or(|chain| check_requester(&kept, chain.current()).is_err()) {
                kept.requester_signature = before.requester_signature;
            }
        }
        let current = chain.map(Chain::current).filter(|genesis| genesis.mode == Mode::Production);
        for approval in &request.approvals {
            let person = current.and_then(|genesis| genesis.person(&approval.approver));
            let signed = person.is_some_and(|person| person.card.card.approval_key == approval.approval_key)
                && approval.request_hash == hash
                && approval.verify().is_ok();
            let twice = kept.approvals.iter().any(|other| other.approval_key == approval.approval_key);
            if signed && !twice && kept.approvals.len() < APPROVALS_CAP {
                kept.approvals.push(approval.clone());
            }
        }
        if before.is_some_and(|before| before == kept) {
            return Ok(());
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
