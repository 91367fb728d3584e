//! Requests with their approvals against what nodes ran: whether people agreed, under the genesis in force then, and
//! whether it was still valid.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{
    Audit, Fault, Kind,
    facts::{Moment, Recovery},
    logs::Claim,
    walk::Walked,
};
use crate::{
    audit::{WORKSPACE, bundle::Lines},
    codec::{self, JSON_CAP},
    digest::Hash,
    genesis::{Chain, Mode},
    ids::{OpId, Time},
    request::{Action, Approved, Request, SignedRequest, check_form},
};

/// Requests that are what logs speak of.
#[derive(Default)]
pub(super) struct Requests {
    known: BTreeMap<OpId, SignedRequest>,
    by_hash: HashMap<Hash, OpId>,
    /// Exports whose share may go without a receipt.
    let_go: BTreeSet<OpId>,
}

impl Requests {
    fn take(&mut self, hash: Hash, signed: SignedRequest) {
        let op_id = signed.request.op_id;
        if let Action::DeleteWithoutReceipt(params) = &signed.request.action {
            self.let_go.insert(params.export_op_id);
        }
        self.by_hash.insert(hash, op_id);
        self.known.insert(op_id, signed);
    }

    /// The request of an operation.
    pub(super) fn of(&self, op_id: &OpId) -> Option<&Request> {
        self.known.get(op_id).map(|signed| &signed.request)
    }

    /// A request by its hash.
    pub(super) fn by_hash(&self, hash: &Hash) -> Option<&SignedRequest> {
        self.by_hash.get(hash).and_then(|op_id| self.known.get(op_id))
    }

    /// Whether a request is here that lets the share of an export go without a receipt.
    pub(super) fn lets_go(&self, export: &OpId) -> bool {
        self.let_go.contains(export)
    }

    /// The heads that they name.
    pub(super) fn claims(&self) -> Vec<Claim> {
        let of = |(op_id, signed): (&OpId, &SignedRequest)| {
            let by = format!("the request of operation {op_id}");
            let heads = signed.request.node_heads.clone().into_iter();
            heads.map(move |head| Claim { head, by: by.clone() }).collect::<Vec<_>>()
        };
        self.known.iter().flat_map(of).collect()
    }
}

/// The chain as it was under each of its versions.
#[derive(Default)]
pub(super) struct Past(BTreeMap<Hash, Chain>);

impl Past {
    fn at(&mut self, chain: Option<&Chain>, hash: &Hash) -> Result<&Chain, String> {
        if !self.0.contains_key(hash) {
            let then = chain.and_then(|chain| chain.until(hash));
            let then = then.ok_or_else(|| format!("it is under the genesis {hash}, which is not here"))?;
            self.0.insert(*hash, then);
        }
        self.0.get(hash).ok_or_else(|| "there is no genesis".into())
    }
}

/// What a node judged in time it may write down a little later, in seconds.
const GRACE: i64 = 60;

fn judged_at(request: &Request, moment: Moment) -> Time {
    if moment.time < request.expiry { moment.time } else { moment.time.plus_seconds(-GRACE) }
}

impl Audit {
    /// What nodes ran had the approvals that the policy then asked for, if the request is here at all.
    pub(super) fn check_requests(&mut self, lines: Lines) -> Requests {
        let mut requests = Requests::default();
        let mut past = Past::default();
        let mut others = Vec::new();
        for line in lines {
            match self.check_request(line, &mut past) {
                Ok((hash, signed)) => match self.ran_another(&signed.request.op_id, &hash) {
                    None => {
                        self.documents.requests += 1;
                        requests.take(hash, signed);
                    }
                    Some(fault) => others.push((signed.request.op_id, fault)),
                },
                Err(reason) => self.fault(Fault::new(Kind::Request, format!("a request: {reason}"))),
            }
        }
        // What was refused may be here beside what was carried out, and not in its place.
        others.retain(|(op_id, _)| requests.of(op_id).is_none());
        self.faults.extend(others.into_iter().map(|(_, fault)| fault));
        let production = self.chain.as_ref().is_some_and(|chain| chain.current().mode == Mode::Production);
        let ran: BTreeSet<&OpId> = self
            .nodes()
            .flat_map(|log| log.facts.operations.iter().filter(|(_, operation)| operation.is_asked()))
            .map(|(op_id, _)| op_id)
            .collect();
        let unknown = ran.into_iter().filter(|op_id| requests.of(op_id).is_none()).count();
        if production && unknown > 0 {
            self.unseen.push(format!("who approved {unknown} operation(s), whose requests are not here"));
        }
        if production {
            self.check_recoveries(&requests);
        }
        requests
    }

    fn check_request(&self, line: &[u8], past: &mut Past) -> Result<(Hash, SignedRequest), String> {
        let signed: SignedRequest =
            codec::from_canonical("the request", line, JSON_CAP).map_err(|e| e.to_string())?;
        let request = &signed.request;
        let (op_id, hash) = (request.op_id, request.hash().map_err(|e| e.to_string())?);
        let chain = past.at(self.chain.as_ref(), &request.genesis_hash)?;
        let mut ran = None;
        for log in self.logs.values() {
            let Some(operation) = log.facts.operations.get(&op_id) else { continue };
            if operation.request.is_some_and(|(logged, _)| logged != hash) {
                continue;
            }
            let (Some((first, last)), false) = (operation.asked, log.name.as_str() == WORKSPACE) else {
                continue;
            };
            for moment in [first, last] {
                self.check_moment(request, chain, log, moment)?;
            }
            ran = ran.or(Some(first));
        }
        if let Some(moment) = ran {
            Approved::check(signed.clone(), chain, judged_at(request, moment))
                .map_err(|error| format!("operation {op_id} was run, and should not have been: {error}"))?;
        }
        Ok((hash, signed))
    }

    /// A log says that the operation was carried out on another request than this.
    fn ran_another(&self, op_id: &OpId, hash: &Hash) -> Option<Fault> {
        self.logs.values().find_map(|log| {
            let (logged, at) = log.facts.operations.get(op_id)?.request?;
            let what =
                format!("operation {op_id} was carried out on another request than the one that is here");
            (logged != *hash).then(|| Fault::new(Kind::Request, what).at(&log.name, at))
        })
    }

    /// The request was valid when a node began to carry it out, and under the genesis that was in force there.
    fn check_moment(
        &self,
        request: &Request,
        chain: &Chain,
        log: &Walked,
        moment: Moment,
    ) -> Result<(), String> {
        let (op_id, name, at) = (request.op_id, &log.name, moment.at);
        let refused =
            |why: String| format!("{name} ran operation {op_id} (entry {at}), and should not have: {why}");
        check_form(request, chain, judged_at(request, moment)).map_err(|error| refused(error.to_string()))?;
        match log.facts.in_force(at) {
            Some(hash) if hash == request.genesis_hash => Ok(()),
            _ => Err(refused("it is for another genesis than the one in force there then".into())),
        }
    }

    /// That a request was approved at a moment, for what is not run under an operation of its own.
    pub(super) fn was_approved(
        &self,
        signed: &SignedRequest,
        log: &Walked,
        at: Moment,
    ) -> Result<(), String> {
        let chain = self.chain.as_ref().and_then(|chain| chain.until(&signed.request.genesis_hash));
        let chain = chain.ok_or("it is under a genesis that is not here")?;
        self.check_moment(&signed.request, &chain, log, at)?;
        let judged_at = judged_at(&signed.request, at);
        Approved::check(signed.clone(), &chain, judged_at).map(drop).map_err(|error| error.to_string())
    }

    /// A private key is made whole from shards where others have approved that. The machine that did it wrote it down.
    fn check_recoveries(&mut self, requests: &Requests) {
        let Some(workspace) = self.workspace() else { return };
        let mut faults = Vec::new();
        for Recovery { at, op_id, key_id } in &workspace.facts.recoveries {
            let signed = op_id.and_then(|op_id| requests.known.get(&op_id));
            let what = match signed.map(|signed| self.was_approved(signed, workspace, *at)) {
                Some(Ok(())) => continue,
                Some(Err(reason)) => format!("a private key was made whole from shards: {reason}"),
                None => "a private key was made whole from shards, and nobody approved that".into(),
            };
            let fault = Fault::new(Kind::Request, what).at(&workspace.name, at.at);
            faults.push(key_id.map_or(fault.clone(), |key_id| fault.of_key(key_id)));
        }
        self.faults.append(&mut faults);
    }
}
