//! Shares that left: exports and receipts against what nodes deleted.

use std::collections::BTreeMap;

use super::{Audit, Fault, Kind, Place, facts::Share, logs::Claim, requests::Requests, walk::Walked};
use crate::{
    audit::{
        Event,
        bundle::{ExportRecord, Lines},
    },
    codec::{self, JSON_CAP},
    digest::Hash,
    ids::{Name, OpId},
    receipt::{Receipt, ReceiptBody, ReceiptKind},
    request::{Action, Request},
};

/// What lets a node delete.
struct Papers<'a> {
    exports: BTreeMap<OpId, ExportRecord>,
    /// Of recoveries, by operation, node and share: each attempt has its own.
    receipts: BTreeMap<(OpId, Name, Option<Hash>), Receipt>,
    requests: &'a Requests,
}

impl Audit {
    /// Every export is in the node's log as the workspace accounts for it, nothing was deleted without a receipt
    /// of whoever holds it now, or an approved request that says so. What heads nodes stated.
    pub(super) fn check_exports(&mut self, lines: Lines, receipts: Lines, requests: &Requests) -> Vec<Claim> {
        let papers =
            Papers { exports: self.read_exports(lines), receipts: self.read_receipts(receipts), requests };
        for export in papers.exports.values() {
            self.documents.exports += 1;
            self.documents.receipts += usize::from(export.receipt.is_some());
            let found = self.check_export(export, requests);
            self.all_faults(found.into_iter().map(|fault| fault.of_key(export.key_id)));
        }
        self.documents.receipts += papers.receipts.len();
        self.check_deletions(&papers);
        self.check_workspace_shares(&papers);
        let released = papers.exports.into_values().filter_map(|export| {
            let head = export.released?.statement.head;
            Some(Claim { head, by: format!("what {} stated after export {}", export.server, export.op_id) })
        });
        released.collect()
    }

    fn read_exports(&mut self, lines: Lines) -> BTreeMap<OpId, ExportRecord> {
        let mut exports: BTreeMap<OpId, ExportRecord> = BTreeMap::new();
        for line in lines {
            let what = match codec::from_canonical::<ExportRecord>("the export", line, JSON_CAP) {
                Ok(export) if export.version == 1 => match exports.insert(export.op_id, export) {
                    Some(twice) => format!("export {} stands there twice", twice.op_id),
                    None => continue,
                },
                Ok(newer) => format!("an export has version {}; this program reads version 1", newer.version),
                Err(reason) => format!("an export: {reason}"),
            };
            self.fault(Fault::new(Kind::Receipt, what));
        }
        exports
    }

    fn read_receipts(&mut self, lines: Lines) -> BTreeMap<(OpId, Name, Option<Hash>), Receipt> {
        let mut receipts = BTreeMap::new();
        for line in lines {
            let what = match codec::from_canonical::<Receipt>("the receipt", line, JSON_CAP) {
                Ok(receipt) if receipt.receipt.version == 1 => {
                    let body = &receipt.receipt;
                    let of = (body.op_id, body.issuer.clone(), body.share_blob_hash);
                    match receipts.insert(of, receipt) {
                        None => continue,
                        Some(twice) => {
                            format!("a receipt of operation {} stands there twice", twice.receipt.op_id)
                        }
                    }
                }
                Ok(newer) => {
                    format!("a receipt has version {}; this program reads version 1", newer.receipt.version)
                }
                Err(reason) => format!("a receipt: {reason}"),
            };
            self.fault(Fault::new(Kind::Receipt, what));
        }
        receipts
    }

    fn check_export(&self, export: &ExportRecord, requests: &Requests) -> Vec<Fault> {
        let mut faults = Vec::new();
        let op_id = export.op_id;
        if let Some(receipt) = &export.receipt
            && let Err(reason) = self.check_receipt(export, receipt)
        {
            faults.push(Fault::new(Kind::Receipt, format!("the receipt of export {op_id}: {reason}")));
        }
        if let Some(released) = &export.released {
            let said = &released.statement;
            let key = self.node_keys.get(&export.server);
            let same =
                said.node == export.server && said.op_id == Some(op_id) && said.key_id == export.key_id;
            if !same || key.is_none_or(|key| released.verify(key).is_err()) {
                let what = format!("what {} stated after export {op_id} is not its statement", export.server);
                faults.push(Fault::new(Kind::Receipt, what));
            } else if export.receipt.is_none() && !requests.lets_go(&op_id) {
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
        let approval_key = self.cards.get(&(export.custodian.clone(), export.recipient));
        let approval_key = approval_key
            .ok_or_else(|| format!("{} was never enrolled with this recipient", export.custodian))?;
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
        receipt.verify(approval_key).map_err(|e| e.to_string())
    }

    /// A node deleted only what a receipt in the bundle is for, or a request that says so.
    fn check_deletions(&mut self, papers: &Papers) {
        let mut faults = Vec::new();
        for log in self.nodes() {
            for share in log.facts.shares.iter().filter(|share| share.event == Event::ShareDeleted) {
                if let Err(what) = self.check_deletion(share, log, papers) {
                    faults.push(Fault::new(Kind::Receipt, what).at(&log.name, share.at.at));
                }
            }
        }
        self.all_faults(faults);
    }

    fn check_deletion(&self, share: &Share, log: &Walked, papers: &Papers) -> Result<(), String> {
        const OTHER: &str = "a share was deleted, and the receipt is for another one";
        let intent = log.facts.let_go(&share.op_id);
        if let Some((intent, hash)) = intent.and_then(|intent| Some((intent, intent.request?))) {
            let request = papers.requests.by_hash(&hash);
            let request =
                request.ok_or("a share was deleted without a receipt, and the request for it is not here")?;
            let fits = matches!(&request.request.action, Action::DeleteWithoutReceipt(params)
                if params.export_op_id == share.op_id && params.server == log.name);
            let approved = if fits {
                self.was_approved(request, log, intent.at)
            } else {
                Err("it is for another one".into())
            };
            return approved.map_err(|why| format!("a share was deleted without a receipt: {why}"));
        }
        let export = papers.exports.get(&share.op_id);
        if let Some((export, receipt)) = export.and_then(|export| Some((export, export.receipt.as_ref()?))) {
            let body = &receipt.receipt;
            let same = body.issuer == log.name && is_for(share, body) && body.kind != ReceiptKind::Recovery;
            let request = papers.requests.of(&share.op_id);
            return if same { self.check_released(export, request, log) } else { Err(OTHER.into()) };
        }
        let receipt = papers.receipts.get(&(share.op_id, log.name.clone(), share.share));
        let receipt = receipt.ok_or("a share was deleted, and there is no receipt for it")?;
        let request = papers.requests.of(&share.op_id).map(|request| &request.action);
        let Some(Action::Recover(params)) = request else {
            return Err("a share was deleted after a recovery whose request is not here".into());
        };
        let owner = self.cards.get(&(params.owner.clone(), params.recipient));
        let owner = owner.filter(|_| params.delete).ok_or(OTHER)?;
        let body = &receipt.receipt;
        let is = body.kind == ReceiptKind::Recovery
            && (&body.signer, body.recipient) == (&params.owner, params.recipient)
            && is_for(share, body);
        if !is {
            return Err(OTHER.into());
        }
        receipt.verify(owner).map_err(|e| e.to_string())
    }

    /// The share was to go, and to whoever was the custodian of that node when it was encrypted: the receipt alone says only
    /// that somebody holds it.
    fn check_released(
        &self,
        export: &ExportRecord,
        request: Option<&Request>,
        log: &Walked,
    ) -> Result<(), String> {
        let wrong = |what: &str| Err(format!("a share was deleted, and {what}"));
        if !export.delete {
            return wrong("its export was one without deletion");
        }
        let says = |request: &Request| {
            let about = request.key_card_hash == Some(export.key_card_hash);
            about
                && matches!(&request.action, Action::Export(params) if params.delete
                && (&params.server, &params.custodian) == (&export.server, &export.custodian)
                && (params.recipient, params.key_id) == (export.recipient, export.key_id))
        };
        if request.is_some_and(|request| !says(request)) {
            return wrong("its request does not say so");
        }
        let Some(begun) = log.facts.export_of(&export.op_id) else {
            return wrong("the log does not say to whom it was given");
        };
        let to = (export.custodian.to_string(), export.recipient.to_string());
        if begun.to.as_ref() != Some(&to) {
            return wrong("the log says that it was given to somebody else than the receipt is of");
        }
        let then =
            log.facts.in_force(begun.at.at).ok_or("a share was given out before there was a genesis")?;
        let then = self.past(&then)?;
        let custodian = then.current().custodian(&log.name).map(|person| &person.card.card);
        if !custodian.is_some_and(|card| card.name == export.custodian && card.recipient == export.recipient)
        {
            return wrong("it was given to somebody who was not the custodian of this server then");
        }
        let index = self.key_cards.get(&export.key_card_hash).map(|card| card.index_held(&then, &log.name));
        match index {
            Some(Ok(Some(index))) if index == export.index => Ok(()),
            // Every key that nodes speak of must have its card here, which is looked at elsewhere.
            None => Ok(()),
            Some(_) => wrong("its receipt is for another index than this server held"),
        }
    }

    /// What the workspace says that a node did stands in the node's log.
    fn check_workspace_shares(&mut self, papers: &Papers) {
        let mut faults = Vec::new();
        let Some(workspace) = self.workspace() else { return };
        for share in workspace.facts.shares.iter().filter(|share| share.event == Event::ShareExported) {
            if !papers.exports.contains_key(&share.op_id) {
                let what = format!("the workspace's account of export {} is not here", share.op_id);
                faults.push(Fault::new(Kind::Receipt, what).at(&workspace.name, share.at.at));
            }
        }
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
                let witness = Place { log: workspace.name.clone(), entry: share.at.at };
                let fault = Fault::new(Kind::Contradiction, what).at(&log.name, log.head().counter);
                faults.push(fault.witnessed(Some(witness)));
            }
        }
        self.all_faults(faults);
    }
}

fn check_logged(export: &ExportRecord, log: &Walked) -> Vec<Fault> {
    let op_id = export.op_id;
    // One request may be carried out again while nothing was deleted.
    let of = |event| log.facts.shares_of(&op_id).filter(move |share| share.event == event);
    let fault = |what: String, at: u64| Fault::new(Kind::Receipt, what).at(&log.name, at);
    let end = log.head().counter;
    let mut faults = Vec::new();
    if export.file_hash.is_some() {
        let same = |share: &Share| share.share == export.share_blob_hash && share.aux == export.aux_blob_hash;
        match of(Event::ShareExported).next_back() {
            None => faults.push(fault(format!("the log does not know of export {op_id}"), end)),
            Some(last) if !of(Event::ShareExported).any(same) => {
                faults
                    .push(fault("the node gave out another share than the workspace has".into(), last.at.at));
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

fn is_for(share: &Share, body: &ReceiptBody) -> bool {
    share.share == body.share_blob_hash && share.aux == body.aux_blob_hash
}
