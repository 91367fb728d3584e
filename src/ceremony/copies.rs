//! Where the copies of a key's shares are, as far as this workspace knows: on nodes, in files it wrote, with
//! custodians who signed for theirs.

use super::{
    CeremonyError,
    custody::{ShardFile, list::Copy},
    exports::{Export, Progress},
    inventory::Known,
    keys::{self, OnServer},
    workspace::Workspace,
};
use crate::{ids::KeyId, keyshare::KeyCard};

/// The copies of every complete key of a workspace with nodes.
pub fn of_all(workspace: &Workspace) -> Result<Vec<Copy>, CeremonyError> {
    let mut copies = Vec::new();
    for key_id in workspace.inventory().ids()? {
        if let Known::Card(card) = workspace.inventory().find(&key_id, workspace.chain()?)? {
            let servers = keys::reachable(workspace, &card, &key_id);
            copies.extend(of_key(workspace, &key_id, &card, &servers)?);
        }
    }
    Ok(copies)
}

/// The copies of one key.
pub fn of_key(
    workspace: &Workspace,
    key_id: &KeyId,
    card: &KeyCard,
    servers: &[OnServer],
) -> Result<Vec<Copy>, CeremonyError> {
    let mut copies = Vec::new();
    for server in servers.iter().filter(|server| server.resident.share || server.resident.aux) {
        let Some(entry) = &server.entry else { continue };
        copies.push(Copy {
            place: format!("on {}", server.name),
            index: entry.index,
            epoch: entry.card().epoch,
            custodian: server.name.clone(),
            recipient: None,
            rewrapped: false,
            old: false,
            share: server.resident.share,
            aux: server.resident.aux,
            sha256: None,
            card: card.clone(),
            key_id: *key_id,
        });
    }
    for export in workspace.exports().of_key(key_id)? {
        let file = export.file.as_ref().filter(|_| export.file_is_there());
        if let Some(file) = file {
            copies.push(Copy::of(&ShardFile::read(&file.path, workspace.chain()?)?, workspace.chain()?));
        }
        if matches!(export.progress(), Progress::Receipted | Progress::Released) {
            copies.push(signed_for(export, card));
        }
    }
    Ok(copies)
}

/// A custodian's own copy, of which their receipt tells.
fn signed_for(export: Export, card: &KeyCard) -> Copy {
    Copy {
        place: format!("with {}, by receipt", export.custodian),
        index: export.index,
        epoch: export.epoch,
        share: !export.aux_only,
        aux: export.file.is_some_and(|file| file.aux_blob_hash.is_some()),
        custodian: export.custodian,
        recipient: Some(export.recipient),
        rewrapped: false,
        old: false,
        sha256: None,
        card: card.clone(),
        key_id: export.key_id,
    }
}

/// Binomial coefficient; n is at most 16.
pub fn choose(n: u64, k: u64) -> u64 {
    if k > n {
        return 0;
    }
    (0..k).fold(1, |product, i| product * (n - i) / (i + 1))
}

/// All subsets of a size, in order.
pub fn subsets(items: &[u16], size: usize) -> Vec<Vec<u16>> {
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
