//! Requests with their approvals against what nodes ran: whether people agreed, under the genesis in force then, and
//! whether it was still valid.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use super::{
    Audit, Fault, Kind,
    facts::{self, Moment, Operation, RUN, Recovery},
    logs::Claim,
    walk::Walked,
};
use crate::{
    audit::{Event, bundle::Lines},
    codec::{self, JSON_CAP},
    digest::Hash,
    genesis::{Chain, Genesis, Mode},
    ids::{Name, OpId, Time},
    request::{Action, Approved, Request, SignedRequest, check_also, check_form},
};

/// Requests that are what logs speak of.
#[derive(Default)]
pub(super) struct Requests {
    known: BTreeMap<OpId, Arc<SignedRequest>>,
    by_hash: HashMap<Hash, Arc<SignedRequest>>,
    /// Exports whose share may go without a receipt.
    let_go: BTreeSet<OpId>,
    /// Operations that a node carried out on the request that is here.
    ran: BTreeSet<OpId>,
}

/// A request that is not what some log names instead.
struct Checked {
    hash: Hash,
    signed: SignedRequest,
    ran: bool,
}

impl Requests {
    fn take(&mut self, Checked { hash, signed, ran }: Checked) {
        let op_id = signed.request.op_id;
        if ran {
            self.ran.insert(op_id);
        }
        if let Action::DeleteWithoutReceipt(params) = &signed.request.action {
            self.let_go.insert(params.export_op_id);
        }
        let signed = Arc::new(signed);
        self.by_hash.insert(hash, signed.clone());
        self.known.insert(op_id, signed);
    }

    /// The request of an operation.
    pub(super) fn of(&self, op_id: &OpId) -> Option<&Request> {
        self.known.get(op_id).map(|signed| &signed.request)
    }

    /// A request by its hash.
    pub(super) fn by_hash(&self, hash: &Hash) -> Option<&SignedRequest> {
        self.by_hash.get(hash).map(|signed| &**signed)
    }

    /// Whether a request is here that lets the share of an export go without a receipt.
    pub(super) fn lets_go(&self, export: &OpId) -> bool {
        self.let_go.contains(export)
    }

    /// All of them that a node may have carried out, by operation.
    pub(super) fn all(&self) -> impl Iterator<Item = (&OpId, &Request)> {
        self.known.iter().map(|(op_id, signed)| (op_id, &signed.request))
    }

    /// The heads that they name, of those that a node carried out: what nodes refused is nobody's word.
    pub(super) fn claims(&self) -> Vec<Claim> {
        let of = |(op_id, signed): (&OpId, &Arc<SignedRequest>)| {
            let by = format!("the request of operation {op_id}");
            let heads = signed.request.node_heads.clone().into_iter();
            heads.map(move |head| Claim { head, by: by.clone() }).collect::<Vec<_>>()
        };
        self.known.iter().filter(|(op_id, _)| self.ran.contains(op_id)).flat_map(of).collect()
    }
}

/// What a node judged in time it may write down a little later, in seconds.
const GRACE: i64 = 60;

fn judged_at(request: &Request, moment: Moment) -> Time {
    if moment.time < request.expiry { moment.time } else { moment.time.plus_seconds(-GRACE) }
}

impl Audit {
    /// What nodes ran had the approvals that the policy then asked for. In production everything that they ran is here.
    pub(super) fn check_requests(&mut self, lines: Lines) -> Requests {
        let mut requests = Requests::default();
        let mut others = Vec::new();
        for line in lines {
            match self.check_request(line) {
                Ok(checked) => match self.ran_another(&checked.signed.request.op_id, &checked.hash) {
                    None => {
                        self.documents.requests += 1;
                        requests.take(checked);
                    }
                    Some(fault) => others.push((checked.signed.request.op_id, fault)),
                },
                Err(reason) => self.fault(Fault::new(Kind::Request, format!("a request: {reason}"))),
            }
        }
        // What was refused may be here beside what was carried out, and not in its place.
        others.retain(|(op_id, _)| requests.of(op_id).is_none());
        self.all_faults(others.into_iter().map(|(_, fault)| fault));
        if self.chain.as_ref().is_some_and(|chain| chain.current().mode == Mode::Production) {
            self.check_unknown(&requests);
            self.check_recoveries(&requests);
        }
        requests
    }

    /// A workspace keeps every request before it asks a node.
    fn check_unknown(&mut self, requests: &Requests) {
        let mut unknown: BTreeMap<OpId, Fault> = BTreeMap::new();
        for log in self.nodes() {
            for (op_id, operation) in &log.facts.operations {
                if operation.is_asked() && requests.of(op_id).is_none() {
                    let what = format!(
                        "operation {op_id} was carried out, and the request with who approved it is not here"
                    );
                    let fault = Fault::new(Kind::Request, what).at(&log.name, operation.first);
                    unknown.entry(*op_id).or_insert(fault);
                }
            }
        }
        self.all_faults(unknown.into_values());
    }

    fn check_request(&self, line: &[u8]) -> Result<Checked, String> {
        let signed: SignedRequest =
            codec::from_canonical("the request", line, JSON_CAP).map_err(|e| e.to_string())?;
        let request = &signed.request;
        let (op_id, hash) = (request.op_id, request.hash().map_err(|e| e.to_string())?);
        let chain = self.past(&request.genesis_hash)?;
        let mut ran = None;
        for log in self.nodes() {
            let Some(operation) = log.facts.operations.get(&op_id) else { continue };
            let (Some((logged, _)), Some((first, last))) = (operation.request, operation.ran) else {
                continue;
            };
            if logged != hash {
                continue;
            }
            self.check_acts(request, log, operation)?;
            for moment in [first, last] {
                self.check_moment(&signed, &chain, log, moment)?;
            }
            let (done, most) = (operation.attempts, request.max_attempts);
            if done > u64::from(most) {
                return Err(format!("{} ran operation {op_id} {done} times, of {most}", log.name));
            }
            ran = ran.or(Some(first));
        }
        if let Action::DeleteWithoutReceipt(params) = &request.action {
            // It is carried out under the id of the export.
            let deleted = |log: &Walked| {
                let intent = log.facts.let_go(&params.export_op_id);
                log.name == params.server && intent.is_some_and(|intent| intent.request == Some(hash))
            };
            let ran = self.nodes().any(deleted);
            return Ok(Checked { hash, signed, ran });
        }
        if let Some(moment) = ran {
            Approved::check(signed.clone(), &chain, judged_at(request, moment))
                .map_err(|error| format!("operation {op_id} was run, and should not have been: {error}"))?;
        }
        Ok(Checked { hash, ran: ran.is_some(), signed })
    }

    /// A node did what the request is for, and with its key.
    fn check_acts(&self, request: &Request, log: &Walked, operation: &Operation) -> Result<(), String> {
        let (op_id, name) = (request.op_id, &log.name);
        let acts = RUN.into_iter().filter(|event| operation.did(*event));
        let parties = self.parties(request);
        let other = acts.into_iter().find(|event| !is_for(&request.action, *event, name, &parties));
        if let Some(event) = other {
            let (event, what) = (facts::name(event), request.action.operation());
            return Err(format!(
                "{name} wrote {event} for operation {op_id}, and the request is for '{what}'"
            ));
        }
        if operation.astray.is_some() || operation.key_id != request.action.key_id() {
            return Err(format!("{name} ran operation {op_id} with another key than the request is for"));
        }
        Ok(())
    }

    /// The chain as it was under one of its versions.
    pub(super) fn past(&self, hash: &Hash) -> Result<Chain, String> {
        let then = self.chain.as_ref().and_then(|chain| chain.until(hash));
        then.ok_or_else(|| format!("it is under the genesis {hash}, which is not here"))
    }

    /// A node says that it carried the operation out on another request than this.
    fn ran_another(&self, op_id: &OpId, hash: &Hash) -> Option<Fault> {
        self.nodes().find_map(|log| {
            let (logged, at) = log.facts.operations.get(op_id)?.request?;
            let what =
                format!("operation {op_id} was carried out on another request than the one that is here");
            (logged != *hash).then(|| Fault::new(Kind::Request, what).at(&log.name, at))
        })
    }

    /// The request was valid when a node began to carry it out, and under the genesis that was in force there.
    fn check_moment(
        &self,
        signed: &SignedRequest,
        chain: &Chain,
        log: &Walked,
        moment: Moment,
    ) -> Result<(), String> {
        let request = &signed.request;
        let (op_id, name, at) = (request.op_id, &log.name, moment.at);
        let refused =
            |why: String| format!("{name} ran operation {op_id} (entry {at}), and should not have: {why}");
        check_form(request, chain, judged_at(request, moment)).map_err(|error| refused(error.to_string()))?;
        let cancelled = request.hash().ok().and_then(|hash| log.facts.cancelled.get(&hash));
        if cancelled.is_some_and(|cancelled| *cancelled < at) {
            return Err(refused("it had been cancelled".into()));
        }
        if let Some(next) = self.signed_next(log, at) {
            check_also(signed, chain, next).map_err(|error| {
                refused(format!("the node had signed version {} of the genesis: {error}", next.sequence))
            })?;
        }
        match log.facts.in_force(at) {
            Some(hash) if hash == request.genesis_hash => Ok(()),
            _ => Err(refused("it is for another genesis than the one in force there then".into())),
        }
    }

    /// The version that a node had signed and not adopted.
    fn signed_next(&self, log: &Walked, at: u64) -> Option<&Genesis> {
        let chain = self.chain.as_ref()?;
        let next = chain.version(&log.facts.signed_before(at)?)?;
        let current = chain.version(&log.facts.in_force(at)?)?;
        (next.sequence > current.sequence).then_some(next)
    }

    /// That a request was approved at a moment, for what is not run under an operation of its own.
    pub(super) fn was_approved(
        &self,
        signed: &SignedRequest,
        log: &Walked,
        at: Moment,
    ) -> Result<(), String> {
        let chain = self.past(&signed.request.genesis_hash)?;
        self.check_moment(signed, &chain, log, at)?;
        let judged_at = judged_at(&signed.request, at);
        Approved::check(signed.clone(), &chain, judged_at).map(drop).map_err(|error| error.to_string())
    }

    /// A private key is made whole from shards where others have approved just that. The machine that did it wrote it down.
    fn check_recoveries(&mut self, requests: &Requests) {
        let Some(workspace) = self.workspace() else { return };
        let mut used: HashMap<Hash, u16> = HashMap::new();
        let mut faults = Vec::new();
        for recovery in &workspace.facts.recoveries {
            let what = match recovery.request.map(|hash| (hash, requests.by_hash(&hash))) {
                None => "a private key was made whole from shards, and nobody approved that".into(),
                Some((_, None)) => {
                    "a private key was made whole from shards, and the request for it is not here".into()
                }
                Some((hash, Some(signed))) => {
                    let used = used.entry(hash).or_default();
                    *used = used.saturating_add(1);
                    match self.was_recovery(signed, workspace, recovery, *used) {
                        Ok(()) => continue,
                        Err(reason) => format!("a private key was made whole from shards: {reason}"),
                    }
                }
            };
            let fault = Fault::new(Kind::Request, what).at(&workspace.name, recovery.at.at);
            faults.push(recovery.key_id.map_or(fault.clone(), |key_id| fault.of_key(key_id)));
        }
        self.all_faults(faults);
    }

    fn was_recovery(
        &self,
        signed: &SignedRequest,
        workspace: &Walked,
        recovery: &Recovery,
        used: u16,
    ) -> Result<(), String> {
        let request = &signed.request;
        let offline = matches!(&request.action, Action::Recover(params) if params.servers.is_empty());
        if !offline || request.key_card_hash != recovery.card {
            return Err("the request is for something else".into());
        }
        if used > request.max_attempts {
            return Err(format!("the request allows {} attempts", request.max_attempts));
        }
        self.was_approved(signed, workspace, recovery.at)
    }
}

/// Whether an operation is what a node writes this of, and asks this node for it.
fn is_for(action: &Action, event: Event, name: &Name, parties: &[Name]) -> bool {
    match (event, action) {
        (Event::SessionStarted, Action::Abandon(_)) => true,
        // Parties are unknown where the card of the key is missing.
        (
            Event::SessionStarted,
            Action::Generate(_) | Action::Activate(_) | Action::Aux(_) | Action::Sign(_),
        ) => parties.is_empty() || parties.contains(name),
        (Event::ShareExportInitiated, Action::Export(params)) => params.server == *name,
        (Event::ShareImportInitiated, Action::Import(params)) => params.server == *name,
        (Event::PrivateKeyRecoveryInitiated, Action::Recover(params)) => params.servers.contains(name),
        (Event::LockLifted, Action::Unlock(_))
        | (Event::AliasSigned, Action::Alias(_))
        | (Event::KeyRenounced, Action::Abandon(_)) => true,
        _ => false,
    }
}
