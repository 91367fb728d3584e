//! Requests with their approvals against what nodes ran.

use std::collections::BTreeMap;

use super::{Audit, Fault, Kind, logs::Claim};
use crate::{
    codec::{self, JSON_CAP},
    digest::Hash,
    genesis::{Chain, Mode},
    ids::OpId,
    request::{Action, Approved, SignedRequest},
};

/// Requests that are what logs speak of.
#[derive(Default)]
pub(super) struct Requests {
    known: BTreeMap<OpId, SignedRequest>,
}

impl Requests {
    /// Whether a deletion without a receipt was asked for, by people who may.
    pub(super) fn lets_go(&self, op_id: &OpId) -> bool {
        let action = self.known.get(op_id).map(|signed| &signed.request.action);
        matches!(action, Some(Action::DeleteWithoutReceipt(_)))
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

impl Audit {
    /// What nodes ran had the approvals that the policy then asked for, if the request is here at all.
    pub(super) fn check_requests(&mut self, lines: &[&[u8]]) -> Requests {
        let mut requests = Requests::default();
        let mut chains: BTreeMap<Hash, Chain> = BTreeMap::new();
        for line in lines {
            match self.check_request(line, &mut chains) {
                Ok(signed) => {
                    self.documents.requests += 1;
                    requests.known.insert(signed.request.op_id, signed);
                }
                Err(reason) => self.fault(Fault::new(Kind::Request, format!("a request: {reason}"))),
            }
        }
        let production = self.chain.as_ref().is_some_and(|chain| chain.current().mode == Mode::Production);
        let ran: std::collections::BTreeSet<&OpId> = self
            .nodes()
            .flat_map(|log| log.facts.operations.iter().filter(|(_, operation)| operation.is_asked()))
            .map(|(op_id, _)| op_id)
            .collect();
        let unknown = ran.into_iter().filter(|op_id| !requests.known.contains_key(*op_id)).count();
        if production && unknown > 0 {
            self.unseen.push(format!("who approved {unknown} operation(s), whose requests are not here"));
        }
        requests
    }

    fn check_request(
        &self,
        line: &[u8],
        chains: &mut BTreeMap<Hash, Chain>,
    ) -> Result<SignedRequest, String> {
        let signed: SignedRequest =
            codec::from_canonical("the request", line, JSON_CAP).map_err(|e| e.to_string())?;
        let request = &signed.request;
        let (op_id, hash) = (request.op_id, request.hash().map_err(|e| e.to_string())?);
        let mut ran = false;
        for log in self.logs.values() {
            let Some(operation) = log.facts.operations.get(&op_id) else { continue };
            ran |= operation.is_asked();
            if let Some((_, at)) = operation.request.filter(|(logged, _)| *logged != hash) {
                let name = &log.name;
                return Err(format!("{name} ran operation {op_id} for another request (its entry {at})"));
            }
        }
        let at = &request.genesis_hash;
        if !chains.contains_key(at) {
            chains.insert(*at, self.chain_at(at)?);
        }
        let chain = chains.get(at).ok_or("there is no genesis")?;
        match Approved::check(signed.clone(), chain, request.not_before) {
            Err(error) if ran => Err(format!("operation {op_id} was run, and should not have been: {error}")),
            _ => Ok(signed),
        }
    }

    /// The chain as it was when a version of it was in force.
    fn chain_at(&self, hash: &Hash) -> Result<Chain, String> {
        let at = self.versions.iter().position(|version| version.genesis.hash().is_ok_and(|h| h == *hash));
        let until = at.and_then(|at| self.versions.get(..=at));
        let until = until.ok_or_else(|| format!("it is under the genesis {hash}, which is not here"))?;
        Chain::check(until).map_err(|e| e.to_string())
    }
}
