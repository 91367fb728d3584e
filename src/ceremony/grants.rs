//! Grants: what a custodian's machine makes of a shard for one operation, and what it looks at before it does.

use super::{CeremonyError, custody::ShardFile, sign};
use crate::{
    curve::Engine,
    digest::Hash,
    genesis::Chain,
    identity::PersonIdentity,
    ids::{Name, Time},
    keyshare::KeyCard,
    paillier::AuxTable,
    request::{self, Action, Approval, OneTimeRecipient, RequestError, SignParams, SignedRequest},
    shard::{DirtyGrant, Grant, Parcel, Payload, Place, Shard, ShardError, Wrap, WrapKind},
};

/// A shard and the identity that opens it.
pub struct Bearer {
    /// The shard, and which file it is.
    pub file: ShardFile,
    /// Its holder's identity.
    pub identity: PersonIdentity,
}

impl Bearer {
    /// The node that the share goes to: the one that holds its index now.
    pub fn node(&self, chain: &Chain) -> Result<Name, ShardError> {
        Place { chain, card: self.file.shard.card(), index: self.file.shard.header().index }.holder().cloned()
    }

    /// That a grant of this shard would be taken: its holder is the custodian now enrolled for the node, it
    /// opens, and it carries what the curve needs.
    pub fn check(&self, chain: &Chain) -> Result<(), CeremonyError> {
        check_enrolled(chain, &self.node(chain)?, &self.identity)?;
        let opened = self.file.open(&self.identity, chain)?;
        if opened.share.is_none() {
            return Err(ShardError::Empty.into());
        }
        let curve = self.file.shard.card().body().curve;
        if curve.engine() == Engine::Ecdsa && opened.aux.is_none() {
            let key_id = self.file.shard.key_id();
            return Err(CeremonyError::Refused(format!(
                "{}'s shard brings no aux, and {curve} keys sign with it: quorate aux renew --key {key_id}, then share receive --aux",
                self.identity.name()
            )));
        }
        Ok(())
    }

    /// The public aux table of the shard.
    pub fn aux_table(&self) -> Option<&AuxTable> {
        self.file.shard.parcel().aux_table.as_ref()
    }

    /// Re-wraps share and aux to a node's one-time recipient, which was verified, and agrees to the request.
    pub fn grant(
        &self,
        chain: &Chain,
        request: &SignedRequest,
        one_time: &OneTimeRecipient,
    ) -> Result<Grant, CeremonyError> {
        let opened = self.file.open(&self.identity, chain)?;
        let (node, hash) = (self.node(chain)?, request.request.hash()?);
        let made_at = Time::now();
        let wrap = |last: &Wrap| Wrap {
            kind: WrapKind::Grant,
            holder: node.clone(),
            recipient: one_time.recipient,
            signer: self.identity.name().clone(),
            made_at,
            op_id: Some(request.request.op_id),
            request_hash: Some(hash),
            not_after: Some(request.request.expiry),
            ..last.clone()
        };
        let key = self.identity.approval();
        let seal = |payload: &Payload| payload.rewrapped(wrap, key).and_then(|payload| payload.seal());
        let share = opened.share.as_ref().ok_or(ShardError::Empty)?;
        let parcel = Parcel {
            wrapped_key_share: Some(seal(&share.payload)?),
            wrapped_aux: opened.aux.as_ref().map(|aux| seal(&aux.payload)).transpose()?,
            aux_table: self.aux_table().cloned(),
        };
        Ok(Box::new(DirtyGrant {
            version: 1,
            custodian: self.identity.name().clone(),
            node,
            index: self.file.shard.header().index,
            key_card_hash: self.file.shard.card().hash(),
            op_id: request.request.op_id,
            attempt: one_time.attempt,
            approval: Approval::sign(self.identity.name().clone(), hash, key),
            parcel,
        }))
    }
}

/// That a one-time recipient is this node's own, for exactly this request and attempt (R22).
pub fn check_one_time(
    chain: &Chain,
    request: &SignedRequest,
    attempt: Option<u16>,
    node: &Name,
    one_time: &OneTimeRecipient,
) -> Result<(), CeremonyError> {
    let refused = |what: &str| {
        CeremonyError::Forged(format!("the one-time recipient of {node} in this request {what}"))
    };
    if one_time.node != *node {
        return Err(refused("names another server"));
    }
    if one_time.op_id != request.request.op_id || one_time.request_hash != request.request.hash()? {
        return Err(refused("was made for another request"));
    }
    if attempt.is_some_and(|attempt| attempt != one_time.attempt) {
        return Err(refused("was made for another attempt"));
    }
    let card =
        chain.current().node(node).ok_or_else(|| refused("is of a server that is not in the genesis"))?;
    one_time.verify(&card.card.signing_key).map_err(|_| refused("is not signed by that server"))
}

/// That a person is the custodian now enrolled for a node, with this very identity.
pub fn check_enrolled(chain: &Chain, node: &Name, identity: &PersonIdentity) -> Result<(), CeremonyError> {
    let enrolled = chain.current().custodian(node).ok_or_else(|| ShardError::NoCustodian(node.clone()))?;
    if enrolled.name != *identity.name() {
        let (given, expected) = (identity.name().clone(), enrolled.name.clone());
        return Err(ShardError::NotCustodian { given, expected }.into());
    }
    if enrolled.card.card.approval_key != identity.approval_key() {
        return Err(CeremonyError::Denied(format!(
            "this identity of {} is not the one enrolled now; re-wrap the shard to that one first: quorate share rewrap",
            identity.name()
        )));
    }
    Ok(())
}

/// That a request is well-formed under the pinned chain: genesis, policy, purpose of its parts. Whether its
/// time has come, nodes judge by their clocks; a laptop's is often wrong.
pub fn check_form(chain: &Chain, request: &SignedRequest) -> Result<(), CeremonyError> {
    request::check_form(&request.request, chain, request.request.not_before).map_err(|error| {
        let other = matches!(error, RequestError::Genesis { .. });
        let source = CeremonyError::Node(error.into());
        if !other {
            return source;
        }
        CeremonyError::After {
            source: Box::new(source),
            state: "nothing was granted or signed; no server was asked".into(),
            hint: "quorate request new sign makes one for the set in force; a home that is behind learns of it by quorate node pin FILE".into(),
        }
    })
}

/// What a grant says on its outside: for this request, by the custodian now enrolled, to the node that holds
/// the index, in agreement with the request.
pub fn check_grant(
    chain: &Chain,
    card: &KeyCard,
    request: &SignedRequest,
    grant: &DirtyGrant,
) -> Result<(), CeremonyError> {
    let hash = request.request.hash()?;
    let of = |source: ShardError| CeremonyError::ShardFile {
        file: format!("the grant of {}", grant.custodian),
        source: Box::new(source),
    };
    if grant.op_id != request.request.op_id || grant.approval.request_hash != hash {
        return Err(of(ShardError::OtherRequest));
    }
    if grant.key_card_hash != card.hash() {
        return Err(of(ShardError::OtherCard(card.hash())));
    }
    Place { chain, card, index: grant.index }.check_holder(&grant.node).map_err(of)?;
    let enrolled = chain.current().custodian(&grant.node);
    let enrolled = enrolled.ok_or_else(|| of(ShardError::NoCustodian(grant.node.clone())))?;
    if grant.custodian != enrolled.name {
        let (given, expected) = (grant.custodian.clone(), enrolled.name.clone());
        return Err(of(ShardError::NotCustodian { given, expected }));
    }
    let own = grant.approval.approver == enrolled.name
        && grant.approval.approval_key == enrolled.card.card.approval_key
        && grant.approval.verify().is_ok();
    if own { Ok(()) } else { Err(of(ShardError::Approval)) }
}

/// What a custodian's machine finds out about a request before anybody is asked.
pub struct Review<'a> {
    /// What would be signed.
    pub params: &'a SignParams,
    /// The node that would get the share.
    pub node: Name,
    /// Where to.
    pub one_time: &'a OneTimeRecipient,
    /// The request's hash.
    pub hash: Hash,
}

/// Checks a request against the pinned chain and a shard: genesis, key card, index, and that the node itself
/// made the one-time recipient.
pub fn review<'a>(
    chain: &Chain,
    shard: &Shard,
    request: &'a SignedRequest,
) -> Result<Review<'a>, CeremonyError> {
    check_form(chain, request)?;
    request::check_requester(request, chain.current())?;
    let (params, card_hash) = signing(request)?;
    let (card, index) = (shard.card(), shard.header().index);
    if card.hash() != card_hash || shard.key_id() != params.key_id {
        return Err(CeremonyError::Refused(format!(
            "the request is for key {}, the shard is of {}",
            params.key_id,
            shard.key_id()
        )));
    }
    sign::payload(card.body().curve, &params.content, params.taproot)?;
    if !params.signers.contains(&index) {
        return Err(CeremonyError::Refused(format!(
            "index {index}, the shard's, does not sign in this request"
        )));
    }
    let node = Place { chain, card, index }.holder()?.clone();
    let one_time = request.one_time_recipients.iter().find(|one| one.node == node).ok_or_else(|| {
        CeremonyError::Refused(format!(
            "the request carries no one-time recipient of {node}; the operator: quorate request renew"
        ))
    })?;
    check_one_time(chain, request, None, &node, one_time)?;
    Ok(Review { params, node, one_time, hash: request.request.hash()? })
}

/// The parameters of a signing request and its key's card hash.
pub fn signing(request: &SignedRequest) -> Result<(&SignParams, Hash), CeremonyError> {
    match (&request.request.action, request.request.key_card_hash) {
        (Action::Sign(params), Some(hash)) => Ok((params, hash)),
        _ => Err(CeremonyError::Refused("this is no request to sign".into())),
    }
}

/// All signers work with one aux, or none does.
pub fn check_same_aux<'a>(
    card: &KeyCard,
    tables: impl IntoIterator<Item = Option<&'a AuxTable>>,
) -> Result<(), CeremonyError> {
    if card.body().curve.engine() == Engine::Frost {
        return Ok(());
    }
    let ids: std::collections::BTreeSet<_> =
        tables.into_iter().map(|table| table.map(|table| table.table.aux_id)).collect();
    if ids.len() == 1 {
        return Ok(());
    }
    let key_id = card.body().key_id;
    Err(CeremonyError::Refused(format!(
        "the shards carry different aux of key {key_id}; take shards of one renewal, or: quorate aux renew --key {key_id}"
    )))
}
