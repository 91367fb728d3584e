//! Shares that left: exports and receipts against what nodes deleted.

use std::collections::BTreeMap;

use super::{
    Audit, Fault, Kind, Place,
    facts::Share,
    logs::{Claim, node_keys},
    requests::Requests,
    walk::Walked,
};
use crate::{
    audit::{Event, bundle::ExportRecord},
    codec::{self, JSON_CAP},
    ids::OpId,
    receipt::Receipt,
    signing_key::PublicKey,
};

impl Audit {
    /// Every export is in the node's log as the workspace accounts for it, nothing was deleted without a receipt
    /// of its custodian. What heads nodes stated.
    pub(super) fn check_exports(&mut self, lines: &[&[u8]], requests: &Requests) -> Vec<Claim> {
        let mut exports: BTreeMap<OpId, ExportRecord> = BTreeMap::new();
        for line in lines {
            match codec::from_canonical::<ExportRecord>("the export", line, JSON_CAP) {
                Ok(export) if export.version == 1 => {
                    if let Some(twice) = exports.insert(export.op_id, export) {
                        let what = format!("export {} stands there twice", twice.op_id);
                        self.fault(Fault::new(Kind::Receipt, what));
                    }
                }
                Ok(newer) => {
                    let what =
                        format!("an export has version {}; this program reads version 1", newer.version);
                    self.fault(Fault::new(Kind::Receipt, what));
                }
                Err(reason) => self.fault(Fault::new(Kind::Receipt, format!("an export: {reason}"))),
            }
        }
        for export in exports.values() {
            self.documents.exports += 1;
            self.documents.receipts += usize::from(export.receipt.is_some());
            let found = self.check_export(export);
            self.faults.extend(found.into_iter().map(|fault| fault.of_key(export.key_id)));
        }
        self.check_deletions(&exports, requests);
        self.check_workspace_shares();
        let released = exports.into_values().filter_map(|export| {
            let head = export.released?.statement.head;
            Some(Claim { head, by: format!("what {} stated after export {}", export.server, export.op_id) })
        });
        released.collect()
    }

    fn check_export(&self, export: &ExportRecord) -> Vec<Fault> {
        let mut faults = Vec::new();
        let op_id = export.op_id;
        if let Some(receipt) = &export.receipt
            && let Err(reason) = self.check_receipt(export, receipt)
        {
            faults.push(Fault::new(Kind::Receipt, format!("the receipt of export {op_id}: {reason}")));
        }
        if let Some(released) = &export.released {
            let said = &released.statement;
            let key = self.key_of(export);
            let same =
                said.node == export.server && said.op_id == Some(op_id) && said.key_id == export.key_id;
            if !same || key.is_none_or(|key| released.verify(&key).is_err()) {
                let what = format!("what {} stated after export {op_id} is not its statement", export.server);
                faults.push(Fault::new(Kind::Receipt, what));
            } else if export.receipt.is_none() {
                let what = format!("export {op_id} was released without a receipt");
                faults.push(Fault::new(Kind::Receipt, what));
            }
        }
        if let Some(log) = self.whole(&export.server) {
            faults.extend(check_logged(export, log));
        }
        faults
    }

    /// The custodian signed, with the card that they had, that they opened just this.
    fn check_receipt(&self, export: &ExportRecord, receipt: &Receipt) -> Result<(), String> {
        let body = &receipt.receipt;
        let chain = self.chain.as_ref().ok_or("there is no genesis that names its signer")?;
        let cards = chain.versions().filter_map(|version| version.person(&export.custodian));
        let card = cards.map(|person| &person.card.card).find(|card| card.recipient == export.recipient);
        let card =
            card.ok_or_else(|| format!("{} was never enrolled with this recipient", export.custodian))?;
        let same = [
            ("person", body.signer == export.custodian && body.recipient == export.recipient),
            ("node", body.issuer == export.server),
            ("node set", body.genesis_id == chain.current().genesis_id),
            ("operation", body.op_id == export.op_id),
            ("key", body.key_card_hash == export.key_card_hash && body.epoch == export.epoch),
            ("index", body.index == export.index),
            ("share", body.share_blob_hash == export.share_blob_hash),
            ("aux", body.aux_blob_hash == export.aux_blob_hash),
        ];
        // A workspace that stopped before it wrote the file down does not know what was in it.
        let same =
            same.iter().filter(|(what, _)| export.file_hash.is_some() || !["share", "aux"].contains(what));
        if let Some((what, _)) = same.into_iter().find(|(_, same)| !same) {
            return Err(format!("it is for another {what}"));
        }
        receipt.verify(&card.approval_key).map_err(|e| e.to_string())
    }

    fn key_of(&self, export: &ExportRecord) -> Option<PublicKey> {
        self.chain.as_ref().and_then(|chain| node_keys(chain).remove(&export.server))
    }

    /// A node deleted only what a receipt in the bundle is for, or a request that says so.
    fn check_deletions(&mut self, exports: &BTreeMap<OpId, ExportRecord>, requests: &Requests) {
        let mut faults = Vec::new();
        for log in self.nodes() {
            for share in log.facts.shares.iter().filter(|share| share.event == Event::ShareDeleted) {
                let receipt = exports.get(&share.op_id).and_then(|export| export.receipt.as_ref());
                let what = match receipt.map(|receipt| &receipt.receipt) {
                    None if requests.lets_go(&share.op_id) => continue,
                    None => "a share was deleted, and there is no receipt for it",
                    Some(body) if body.issuer != log.name || !is_for(share, body) => {
                        "a share was deleted, and the receipt is for another one"
                    }
                    Some(_) => continue,
                };
                faults.push(Fault::new(Kind::Receipt, what).at(&log.name, share.at));
            }
        }
        self.faults.append(&mut faults);
    }

    /// What the workspace says that a node did stands in the node's log.
    fn check_workspace_shares(&mut self) {
        let mut faults = Vec::new();
        let Some(workspace) = self.workspace() else { return };
        for share in &workspace.facts.shares {
            let Some(log) = share.server.as_ref().and_then(|server| self.whole(server)) else { continue };
            let needed = match share.event {
                Event::ShareExported => Event::ShareExported,
                Event::ShareDeleted => Event::ShareDeletionInitiated,
                _ => continue,
            };
            if !log.facts.operations.get(&share.op_id).is_some_and(|operation| operation.has(needed)) {
                let what = format!(
                    "the workspace saw {} give out or delete a share ({}); its log does not know of it",
                    log.name, share.op_id
                );
                let witness = Place { log: workspace.name.clone(), entry: share.at };
                let fault = Fault::new(Kind::Contradiction, what).at(&log.name, log.head().counter);
                faults.push(fault.witnessed(Some(witness)));
            }
        }
        self.faults.append(&mut faults);
    }
}

fn check_logged(export: &ExportRecord, log: &Walked) -> Vec<Fault> {
    let op_id = export.op_id;
    // One request may be carried out again while nothing was deleted.
    let of =
        |event| log.facts.shares.iter().filter(move |share| share.op_id == op_id && share.event == event);
    let fault = |what: String, at: u64| Fault::new(Kind::Receipt, what).at(&log.name, at);
    let end = log.head().counter;
    let mut faults = Vec::new();
    if export.file_hash.is_some() {
        let same = |share: &Share| share.share == export.share_blob_hash && share.aux == export.aux_blob_hash;
        match of(Event::ShareExported).next_back() {
            None => faults.push(fault(format!("the log does not know of export {op_id}"), end)),
            Some(last) if !of(Event::ShareExported).any(same) => {
                faults.push(fault("the node gave out another share than the workspace has".into(), last.at));
            }
            Some(_) => {}
        }
    }
    if export.released.is_some() && of(Event::ShareDeletionInitiated).next().is_none() {
        faults.push(fault(
            format!("the node stated that it deleted for export {op_id}; its log does not know of it"),
            end,
        ));
    }
    faults
}

fn is_for(share: &Share, body: &crate::receipt::ReceiptBody) -> bool {
    share.share == body.share_blob_hash && share.aux == body.aux_blob_hash
}
