//! Just-in-time shares: a one-time recipient per operation, and the share that its grant brings, in memory
//! only and for a short time.
//!
//! The one-time identity is the only durable part. It is destroyed in the instant in which its attempt
//! becomes used, before the grant is opened: a recorded grant opens nothing later, and a node that is killed
//! holds nothing.

use std::time::{Duration, Instant};

use rand_core::OsRng;

use super::{FailureKind, Machine, NodeError, Reply, held::fixable, keybook};
use crate::{
    audit::{Event, Note},
    codec::HexArray,
    curve::Engine,
    digest::Hash,
    ids::{KeyId, OpId, Time},
    keyshare::{KeyCard, KeyShare},
    paillier::AuxShare,
    request::{Action, Approved, OneTimeRecipient, Request, SignParams, SignedRequest},
    secret::{Secret, SecretBytes},
    shard::{DirtyGrant, OpenShard, Place, ShardError, Wanted},
    statement,
    store::{Batch, BlobKind},
    wrap::recipient::Identity,
};

/// How long an opened share may be used, in seconds.
const LEASE: i64 = 120;

/// One-time identities that may wait for grants at the same time.
const WAITING_CAP: usize = 256;

/// A share that is open in memory for one operation.
pub(super) struct Lease {
    key_id: KeyId,
    request_hash: Hash,
    until: Time,
    /// The same by a clock that nobody sets back.
    deadline: Instant,
    pub(super) share: KeyShare,
    pub(super) aux: Option<AuxShare>,
}

impl Lease {
    pub(super) fn key_id(&self) -> KeyId {
        self.key_id
    }

    /// Whether it was opened for this very request.
    pub(super) fn is_of(&self, request_hash: &Hash) -> bool {
        self.request_hash == *request_hash
    }

    pub(super) fn aux_table(&self) -> Option<Hash> {
        self.aux.as_ref().map(AuxShare::table_hash)
    }

    pub(super) fn stated(&self, op_id: OpId) -> statement::Lease {
        statement::Lease { op_id, key_id: self.key_id, until: self.until }
    }
}

/// What waits for a grant: `secret (32) | attempt (2) | request hash (32) | expiry (8)`.
struct OneTime {
    identity: Identity,
    attempt: u16,
    request_hash: Hash,
    expiry: i64,
}

impl OneTime {
    fn to_bytes(&self) -> SecretBytes {
        let mut bytes = zeroize::Zeroizing::new(Vec::with_capacity(74));
        bytes.extend_from_slice(self.identity.secret().expose());
        bytes.extend_from_slice(&self.attempt.to_be_bytes());
        bytes.extend_from_slice(self.request_hash.as_bytes());
        bytes.extend_from_slice(&self.expiry.to_be_bytes());
        bytes.into()
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (secret, rest) = bytes.split_first_chunk::<32>()?;
        let (attempt, rest) = rest.split_first_chunk::<2>()?;
        let (hash, rest) = rest.split_first_chunk::<32>()?;
        Some(Self {
            identity: Identity::from_secret(Secret::from_slice(secret)?),
            attempt: u16::from_be_bytes(*attempt),
            request_hash: Hash(HexArray(*hash)),
            expiry: i64::from_be_bytes(rest.try_into().ok()?),
        })
    }
}

impl Machine {
    /// Makes a one-time recipient for an attempt of a signing request, or gives the one that waits. A refusal is
    /// logged.
    pub(super) fn prepare(&mut self, signed: SignedRequest, attempt: u16) -> Result<Reply, NodeError> {
        let note = self.note_of(Event::RequestRefused, signed.request.op_id, &signed.request.action);
        let prepared = self.judge_asked(&signed).and_then(|()| self.prepare_one(&signed.request, attempt));
        self.logged(note.with("attempt", attempt), prepared)
    }

    fn prepare_one(&mut self, request: &Request, attempt: u16) -> Result<Reply, NodeError> {
        let Action::Sign(params) = &request.action else {
            return Err(fixable("only signing takes shares just in time"));
        };
        // What a run would refuse is refused before a custodian works for it.
        let (known, _) = self.active(params.key_id, request.key_card_hash, &params.signers)?;
        if !params.signers.contains(&known.entry.index) {
            return Err(fixable(format!("{} is not among the servers of this request", self.name)));
        }
        self.drop_stray_aux(&params.key_id)?;
        let held = self.counts(&params.key_id, &known.entry.card().group_public_key)?;
        if held.shares > 0 {
            return Err(self.holds_its_own(&params.key_id));
        }
        if held.aux > 0 {
            return Err(fixable(format!(
                "{} holds renewed aux of key {} that its custodian has not signed for: quorate share export --key {} --all --aux --delete --out-dir DIR",
                self.name, params.key_id, params.key_id
            )));
        }
        let hash = request.hash()?;
        if attempt == 0 || attempt > request.max_attempts || self.is_used(request.op_id, attempt)? {
            let message = format!("attempt {attempt} of operation {} is used or not allowed", request.op_id);
            return Err(NodeError::new(FailureKind::Denied, message));
        }
        let blob = keybook::one_time_blob(&params.key_id, &request.op_id);
        let waiting = self.one_time(&blob)?;
        let one_time = match waiting {
            Some(one) if one.attempt == attempt && one.request_hash == hash => one,
            stale => {
                if stale.as_ref().is_some_and(|one| one.request_hash != hash || one.attempt > attempt) {
                    let message = format!(
                        "operation {} waits for grants of another request or a later attempt",
                        request.op_id
                    );
                    return Err(NodeError::new(FailureKind::Denied, message));
                }
                if stale.is_some() {
                    self.store.delete_blob(BlobKind::Identity, &blob, Batch::new())?;
                }
                self.purge_one_time()?;
                if self.store.blobs_of(BlobKind::Identity, &[], WAITING_CAP)?.len() >= WAITING_CAP {
                    return Err(fixable(format!(
                        "{} has {WAITING_CAP} requests that wait for grants; quorate doctor lists them, quorate request cancel ends one",
                        self.name
                    )));
                }
                let identity = Identity::random(&mut OsRng);
                let one = OneTime { identity, attempt, request_hash: hash, expiry: request.expiry.unix() };
                let mut note = self.note_of(Event::RecipientPrepared, request.op_id, &request.action);
                note.request_hash = Some(hash);
                self.note(note.with("attempt", attempt).with("recipient", one.identity.recipient()))?;
                self.store.put_blob(BlobKind::Identity, &blob, &one.to_bytes(), Batch::new())?;
                one
            }
        };
        self.check_durable()?;
        let recipient = one_time.identity.recipient();
        let of = (request.op_id, hash);
        let one = OneTimeRecipient::sign(self.name.clone(), of, attempt, recipient, self.secrets.signing());
        Ok(Reply::Prepared(Box::new(one)))
    }

    /// A share here needs no grant, and none is opened beside it.
    pub(super) fn holds_its_own(&self, key_id: &KeyId) -> NodeError {
        fixable(format!(
            "{} holds its own share of key {key_id}; it takes no grant: sign without --shard, or export with --delete first",
            self.name
        ))
    }

    /// What a grant says on its outside, before anything is used up for it.
    pub(super) fn check_grant(
        &self,
        request: &Approved<Request>,
        attempt: u16,
        card: &KeyCard,
        params: &SignParams,
        grant: &DirtyGrant,
    ) -> Result<(), NodeError> {
        if grant.version != 1 {
            return Err(ShardError::Version { what: "grant", given: grant.version }.into());
        }
        grant.check()?;
        if grant.node != self.name {
            let (given, expected) = (grant.node.clone(), self.name.clone());
            return Err(ShardError::Holder { given, expected }.into());
        }
        if grant.key_card_hash != card.hash() {
            return Err(ShardError::OtherCard(card.hash()).into());
        }
        if grant.op_id != request.get().op_id || grant.attempt != attempt {
            return Err(ShardError::OtherRequest.into());
        }
        let place = Place { chain: &self.chain, card, index: grant.index };
        place.check_holder(&self.name)?;
        if !params.signers.contains(&grant.index) {
            return Err(ShardError::Header("index").into());
        }
        let enrolled = self.chain.current().custodian(&self.name);
        let enrolled = enrolled.ok_or_else(|| ShardError::NoCustodian(self.name.clone()))?;
        if grant.custodian != enrolled.name {
            let (given, expected) = (grant.custodian.clone(), enrolled.name.clone());
            return Err(ShardError::NotCustodian { given, expected }.into());
        }
        let approval = &grant.approval;
        let own = approval.approver == enrolled.name
            && approval.approval_key == enrolled.card.card.approval_key
            && approval.request_hash == request.hash();
        if !own || approval.verify().is_err() {
            return Err(ShardError::Approval.into());
        }
        match &grant.parcel.aux_table {
            Some(table) => {
                place.check_table(table)?;
                match params.signers.iter().find(|index| table.table.row(**index).is_err()) {
                    Some(index) => Err(fixable(format!(
                        "the aux in the grant for {} was made without index {index}; run: quorate aux renew --key {}",
                        self.name, params.key_id
                    ))),
                    None => Ok(()),
                }
            }
            None if card.body().curve.engine() == Engine::Ecdsa => Err(fixable(format!(
                "the grant for {} brings no aux, and {} keys sign with it: quorate aux renew, then share receive --aux",
                self.name,
                card.body().curve
            ))),
            None => Ok(()),
        }
    }

    /// The identity that waits for this attempt's grant.
    pub(super) fn waiting(&self, request: &Approved<Request>, attempt: u16) -> Result<Identity, NodeError> {
        let request_id = request.get().op_id;
        let blob = keybook::one_time_blob(&request.get().key_id()?, &request_id);
        let waits = self.one_time(&blob)?;
        let waits = waits.filter(|one| one.attempt == attempt && one.request_hash == request.hash());
        waits.map(|one| one.identity).ok_or_else(|| {
            NodeError::new(
                FailureKind::Denied,
                format!(
                    "{} has no one-time identity for attempt {attempt} of operation {request_id}: it was used or never made; ask for grants again",
                    self.name
                ),
            )
        })
    }

    /// Uses an attempt up and destroys its one-time identity, in one instant.
    pub(super) fn use_up(&mut self, request: &Approved<Request>, used: Batch) -> Result<(), NodeError> {
        let blob = keybook::one_time_blob(&request.get().key_id()?, &request.get().op_id);
        Ok(self.store.delete_blob(BlobKind::Identity, &blob, used)?)
    }

    /// Opens a grant with an identity that is destroyed already.
    pub(super) fn open_grant(
        &mut self,
        request: &Approved<Request>,
        card: &KeyCard,
        grant: &DirtyGrant,
        identity: &Identity,
    ) -> Result<(), NodeError> {
        let (op_id, now) = (request.get().op_id, self.now());
        let attempt = grant.attempt;
        let wanted = Wanted { node: &self.name, op_id, request_hash: request.hash(), attempt, now };
        let OpenShard { share, aux } = grant.open(identity, (&self.chain, card), &wanted)?;
        let share = share.ok_or(ShardError::Empty)?.share;
        if aux.as_ref().is_some_and(|aux| aux.maker != self.name) {
            return Err(ShardError::ForeignAux.into());
        }
        let aux = aux.map(|open| open.aux);
        let until = now.plus_seconds(LEASE).min(request.get().expiry);
        let note = self.note_on(Event::ShareLeased, request);
        self.note(note.with("custodian", &grant.custodian).with("until", until))?;
        let key_id = request.get().key_id()?;
        let left = u64::try_from(until.unix().saturating_sub(now.unix())).unwrap_or_default();
        let deadline = Instant::now() + Duration::from_secs(left);
        let lease = Lease { key_id, request_hash: request.hash(), until, deadline, share, aux };
        self.leases.insert(op_id, lease);
        Ok(())
    }

    /// The share that an earlier attempt of this request opened, while its lease lasts.
    pub(super) fn lease(&self, request: &Approved<Request>) -> Option<&Lease> {
        let lease = self.leases.get(&request.get().op_id)?;
        let same =
            lease.request_hash == request.hash() && Some(lease.key_id) == request.get().action.key_id();
        same.then_some(lease)
    }

    /// Drops an open share; what ran with it ends.
    pub(super) fn end_lease(&mut self, op_id: OpId, why: &str) -> Result<(), NodeError> {
        let Some(lease) = self.leases.remove(&op_id) else { return Ok(()) };
        let mut note = Note::new(Event::LeaseEnded).with("reason", why);
        (note.op_id, note.key_id) = (Some(op_id), Some(lease.key_id));
        drop(lease);
        self.end_sessions(|op, _| *op == op_id, why)?;
        self.note(note)
    }

    /// Drops open shares whose time is over. Called before every call, and now and then while none comes.
    pub fn expire_leases(&mut self) -> Result<(), NodeError> {
        let now = self.now();
        let is_over = |lease: &Lease| now >= lease.until || Instant::now() >= lease.deadline;
        let over: Vec<OpId> =
            self.leases.iter().filter(|(_, lease)| is_over(lease)).map(|(op_id, _)| *op_id).collect();
        // All are dropped, also when one of the log entries cannot be written.
        let ended: Vec<_> = over.into_iter().map(|op_id| self.end_lease(op_id, "the lease ended")).collect();
        ended.into_iter().collect()
    }

    /// Whether a share is open.
    pub fn has_leases(&self) -> bool {
        !self.leases.is_empty()
    }

    /// Forgets what an operation opened or waits with, and states what is left.
    pub(super) fn surrender(&mut self, op_id: OpId, key_id: &KeyId) -> Result<Reply, NodeError> {
        let ended = self.end_lease(op_id, "surrendered");
        let blob = keybook::one_time_blob(key_id, &op_id);
        if self.store.has_blob(BlobKind::Identity, &blob)? {
            self.store.delete_blob(BlobKind::Identity, &blob, Batch::new())?;
        }
        ended?;
        self.drop_stray_aux(key_id)?;
        self.holding(key_id, Some(op_id))
    }

    /// Destroys the one-time identity that waits for grants of a request.
    pub(super) fn drop_one_time(
        &mut self,
        action: &Action,
        op_id: &OpId,
        request_hash: &Hash,
    ) -> Result<(), NodeError> {
        let Some(key_id) = action.key_id() else { return Ok(()) };
        let blob = keybook::one_time_blob(&key_id, op_id);
        match self.one_time(&blob)? {
            Some(one) if one.request_hash == *request_hash => {
                Ok(self.store.delete_blob(BlobKind::Identity, &blob, Batch::new())?)
            }
            _ => Ok(()),
        }
    }

    /// Destroys one-time identities that nothing can use any more: expired ones, and those of used attempts.
    pub(super) fn purge_one_time(&mut self) -> Result<(), NodeError> {
        let now = self.now().unix();
        for id in self.store.blobs_of(BlobKind::Identity, &[], WAITING_CAP)? {
            let op_id = id.get(16..).and_then(|op| op.try_into().ok()).map(HexArray);
            let live = match (self.one_time(&id)?, op_id) {
                (Some(one), Some(op_id)) => now < one.expiry && !self.is_used(op_id, one.attempt)?,
                _ => false,
            };
            if !live {
                self.store.delete_blob(BlobKind::Identity, &id, Batch::new())?;
            }
        }
        Ok(())
    }

    fn one_time(&self, blob: &[u8]) -> Result<Option<OneTime>, NodeError> {
        let bytes = self.store.open_blob(BlobKind::Identity, blob)?;
        Ok(bytes.and_then(|bytes| OneTime::from_bytes(bytes.expose())))
    }
}
