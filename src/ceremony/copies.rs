//! Where the copies of a key's shares are, as far as this workspace knows: on nodes, in files it wrote, with custodians
//! who signed for theirs; and which signer sets they make possible.

use std::collections::BTreeSet;

use serde::Serialize;

use super::{CeremonyError, exports::Progress, keys::OnServer, workspace::Workspace};
use crate::{
    ids::{KeyId, Name},
    keyshare::KeyCardBody,
};

/// Most signer sets that are listed.
const SETS_CAP: usize = 64;

/// One copy of one index.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Copy {
    /// The index.
    pub index: u16,
    /// The epoch.
    pub epoch: u32,
    /// `node`, `file` (on this machine) or `custodian` (who signed for it).
    pub place: &'static str,
    /// The node or the custodian.
    pub holder: Name,
    /// The file, where it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
}

/// The copies of one key.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Copies {
    /// The key.
    pub key_id: KeyId,
    /// How many sign.
    pub threshold: u16,
    /// All of them.
    pub copies: Vec<Copy>,
    /// Indices of which no copy is known.
    pub missing: Vec<u16>,
    /// How many signer sets the copies make possible.
    pub signer_sets: u64,
    /// The sets, where they are few.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sets: Vec<Vec<u16>>,
}

impl Copies {
    /// Puts copies together.
    pub fn of(key_id: KeyId, card: &KeyCardBody, copies: Vec<Copy>) -> Self {
        let there: BTreeSet<u16> =
            copies.iter().filter(|copy| copy.epoch == card.epoch).map(|copy| copy.index).collect();
        let there: Vec<u16> = there.into_iter().collect();
        let threshold = usize::from(card.threshold);
        let signer_sets = choose(there.len() as u64, u64::from(card.threshold));
        let sets = if signer_sets <= SETS_CAP as u64 { subsets(&there, threshold) } else { Vec::new() };
        Self {
            key_id,
            threshold: card.threshold,
            missing: (1..=card.participants).filter(|index| !there.contains(index)).collect(),
            copies,
            signer_sets,
            sets,
        }
    }
}

/// The copies of one key on nodes, in this machine's files and with custodians.
pub fn known(
    workspace: &Workspace,
    key_id: &KeyId,
    card: &KeyCardBody,
    servers: &[OnServer],
) -> Result<Vec<Copy>, CeremonyError> {
    let mut copies = Vec::new();
    for server in servers.iter().filter(|server| server.resident.share) {
        let Some(entry) = &server.entry else { continue };
        copies.push(Copy {
            index: entry.index,
            epoch: entry.card().epoch,
            place: "node",
            holder: server.name.clone(),
            file: None,
        });
    }
    for export in workspace.exports().of_key(key_id)? {
        if export.aux_only || export.epoch > card.epoch {
            continue;
        }
        let of = |place, file: Option<String>| Copy {
            index: export.index,
            epoch: export.epoch,
            place,
            holder: export.custodian.clone(),
            file,
        };
        if export.file_is_there() {
            let file = export.file.as_ref().map(|file| file.path.display().to_string());
            copies.push(of("file", file));
        }
        if matches!(export.progress(), Progress::Receipted | Progress::Released) {
            copies.push(of("custodian", None));
        }
    }
    Ok(copies)
}

/// Binomial coefficient; n is at most 16.
pub(super) fn choose(n: u64, k: u64) -> u64 {
    if k > n {
        return 0;
    }
    (0..k).fold(1, |product, i| product * (n - i) / (i + 1))
}

/// All subsets of so many elements, in order.
pub(super) fn subsets(items: &[u16], size: usize) -> Vec<Vec<u16>> {
    if size == 0 {
        return vec![Vec::new()];
    }
    let Some((first, rest)) = items.split_first() else { return Vec::new() };
    let mut sets: Vec<Vec<u16>> =
        subsets(rest, size - 1).into_iter().map(|set| std::iter::once(*first).chain(set).collect()).collect();
    sets.extend(subsets(rest, size));
    sets
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signer_sets_are_counted_and_listed() {
        assert_eq!((choose(5, 3), choose(2, 3), choose(16, 8), choose(3, 0)), (10, 0, 12_870, 1));
        assert_eq!(subsets(&[1, 2, 4], 2), [vec![1, 2], vec![1, 4], vec![2, 4]]);
        assert!(subsets(&[1], 2).is_empty());
    }
}
