//! Operations of several rounds: what a node checks before the first, what it makes durable between
//! stages, and what it does when one fails.

use std::collections::BTreeMap;

use rand_core::OsRng;

use super::{
    FailureKind, Machine, NodeError, Outcome, SignatureOutput, Step, keybook,
    keybook::{KeyEntry, KeyRecord, KeyState, Lock},
};
use crate::{
    audit::{Event, Note},
    card::NodeCard,
    codec::{self, Hex, JSON_CAP},
    curve::{self, EcdsaSignature, Engine, Payload},
    digest::Hash,
    ids::{Name, OpId, Time},
    keyshare::{DirtyKeyCard, KeyCardBody, KeyShare, ShareCore},
    paillier::{AuxPrimes, AuxShare, AuxTable, AuxTableBody, bits},
    protocol::{
        Fault, Party, activate, auxgen,
        dkg::{self, Generated},
        ecdsa, frost,
        session::{PROTOCOL_VERSION, Packet, Progress, Session, Terms},
    },
    request::{
        Action, Approved, AuxParams, Content, GenerateParams, KeyParams, Request, SignParams, SignedRequest,
    },
    store::{Batch, BlobKind, Table},
};

/// One attempt that is under way.
pub(super) struct Running {
    request: Approved<Request>,
    roster: Vec<Name>,
    /// The key's record, once the key exists: failures lock there.
    group: Option<(Hex, u32)>,
    me: u16,
    participants: Vec<u16>,
    stage: Stage,
}

enum Stage {
    Generate(Session<Generated>, Box<KeyCardBody>),
    Activate(Session<DirtyKeyCard>),
    AuxTable(Session<AuxTableBody>, AuxPrimes),
    AuxSigned(Session<AuxTable>),
    Schnorr(Session<Vec<u8>>, Verification),
    Ecdsa(Session<EcdsaSignature>, Verification),
}

/// What a finished signature must verify under.
struct Verification {
    curve: curve::Curve,
    key: Vec<u8>,
    payload: Payload,
}

impl Running {
    /// The key it works on, and whether it may run beside others on the same key: signing may.
    pub(super) fn key(&self) -> (crate::ids::KeyId, bool) {
        let action = &self.request.get().action;
        (action.key_id(), matches!(action, Action::Sign(_)))
    }

    /// From when on it is not carried on.
    pub(super) fn expiry(&self) -> Time {
        self.request.get().expiry
    }

    /// A log entry about this attempt.
    pub(super) fn note(&self, event: Event) -> Note {
        let request = self.request.get();
        let mut note = Note::new(event).with("operation", request.action.operation());
        note.op_id = Some(request.op_id);
        note.request_hash = Some(self.request.hash());
        note.key_id = Some(request.action.key_id());
        note
    }
}

/// A key this node may work with: its entry, its record and its share.
struct Held {
    entry: KeyEntry,
    record: KeyRecord,
    share: KeyShare,
}

impl Held {
    fn check_peers(&self, node: &Name, indices: &[u16]) -> Result<(), NodeError> {
        let card = self.entry.card();
        check_record(&self.record, node, &card.roster, card.epoch, indices)
    }
}

/// Refuses an exposed or retired key, and peers that this node has locked out of it.
fn check_record(
    record: &KeyRecord,
    node: &Name,
    roster: &[Name],
    epoch: u32,
    indices: &[u16],
) -> Result<(), NodeError> {
    if record.exposed || record.retired {
        return Err(NodeError::new(FailureKind::Denied, "the key is exposed or retired and signs no more"));
    }
    for index in indices {
        let name = usize::from(*index).checked_sub(1).and_then(|at| roster.get(at));
        let name = name.ok_or_else(|| fixable(format!("no server has index {index}")))?;
        if let Some(lock) = record.lock_on(name, epoch) {
            let message = format!(
                "{node} does not work with {name} on this key: on {} it misbehaved ({})",
                lock.time, lock.reason
            );
            return Err(NodeError::new(FailureKind::Denied, message));
        }
    }
    Ok(())
}

impl Machine {
    /// Begins an attempt. Everything that can be refused is refused before anything is consumed.
    pub(super) fn begin(&mut self, signed: SignedRequest, attempt: u16) -> Result<Step, NodeError> {
        self.check_room(&signed.request.action)?;
        let request = self.approve(signed)?;
        let op_id = request.get().op_id;
        let action = request.get().action.clone();
        let mut note = self.note_of(Event::RequestRefused, op_id, &action).with("attempt", attempt);
        note.request_hash = Some(request.hash());
        let begun = match action {
            Action::Generate(params) => self.begin_generate(request, attempt, params),
            Action::Activate(params) => self.begin_activate(request, attempt, &params),
            Action::Aux(params) => self.begin_aux(request, attempt, &params),
            Action::Sign(params) => self.begin_sign(request, attempt, &params),
            Action::Abandon(_) => Err(fixable(format!("operation {op_id} has no rounds"))),
        };
        if let Err(error) = &begun {
            self.note(note.with("reason", &error.message))?;
        }
        begun
    }

    fn begin_generate(
        &mut self,
        request: Approved<Request>,
        attempt: u16,
        params: GenerateParams,
    ) -> Result<Step, NodeError> {
        let used = self.store.get(Table::Renounced, params.key_id.as_bytes())?.is_some();
        if used || keybook::entry(&self.store, &params.key_id)?.is_some() {
            return Err(fixable(format!("{} knows key {} already", self.name, params.key_id)));
        }
        let genesis = self.chain.current();
        let card = KeyCardBody {
            version: 1,
            key_id: params.key_id,
            label: params.label,
            purpose: params.purpose,
            curve: params.curve,
            threshold: params.threshold,
            participants: u16::try_from(params.roster.len()).unwrap_or(u16::MAX),
            roster: params.roster,
            genesis_id: genesis.genesis_id,
            genesis_hash: self.chain.current_hash(),
            group_public_key: Hex::default(),
            chain_code_hash: Hash::ZERO,
            verification_shares: Vec::new(),
            epoch: 0,
            previous_card_hash: None,
        };
        let party = dkg::party(card.curve, card.threshold, card.participants);
        let participants: Vec<u16> = (1..=card.participants).collect();
        let terms = self.start(&request, attempt, &card, participants.clone(), None)?;
        let begun = self.open_session(terms, &card, party)?;
        let (roster, me) = (card.roster.clone(), begun.me);
        let stage = Stage::Generate(begun.session, Box::new(card));
        let running = Running { request, roster, group: None, me, participants, stage };
        self.keep(running, attempt, begun.packets)
    }

    fn begin_activate(
        &mut self,
        request: Approved<Request>,
        attempt: u16,
        params: &KeyParams,
    ) -> Result<Step, NodeError> {
        let held = self.held(params.key_id, request.get().key_card_hash)?;
        let card = held.entry.card().clone();
        let participants: Vec<u16> = (1..=card.participants).collect();
        held.check_peers(&self.name, &participants)?;
        if held.entry.state != KeyState::Pending {
            return Err(fixable(format!("key {} is active on {} already", params.key_id, self.name)));
        }
        self.check_not_renounced(&params.key_id)?;
        let terms = self.start(&request, attempt, &card, participants.clone(), None)?;
        let party = self.activation(&held.share)?;
        let begun = self.open_session(terms, &card, party)?;
        let running = Running {
            request,
            roster: card.roster,
            group: Some((card.group_public_key, card.epoch)),
            me: begun.me,
            participants,
            stage: Stage::Activate(begun.session),
        };
        self.keep(running, attempt, begun.packets)
    }

    fn begin_aux(
        &mut self,
        request: Approved<Request>,
        attempt: u16,
        params: &AuxParams,
    ) -> Result<Step, NodeError> {
        let held = self.usable(params.key_id, request.get().key_card_hash, &params.holders)?;
        let card = held.entry.card().clone();
        let level = card.curve.level();
        let level = level.ok_or_else(|| fixable(format!("{} keys need no aux", card.curve)))?;
        if params.holders.len() < usize::from(card.threshold) {
            return Err(fixable("aux is made for at least as many holders as sign".to_owned()));
        }
        let me = self.index_in(&card, &params.holders)?;
        let (key_card_hash, aux_id, holders) = (card.hash()?, params.aux_id, params.holders.clone());
        let ready = self.primes.ready(level, &holders, me);
        if ready.is_none() {
            self.check_primes(bits(level))?;
        }
        let terms = self.start(&request, attempt, &card, holders.clone(), None)?;
        let (party, primes): (Box<dyn Party<AuxTableBody>>, _) = match ready {
            Some((primes, rows)) => {
                let table = AuxTableBody::of_rows(key_card_hash, aux_id, level, rows);
                (auxgen::ready(table), primes)
            }
            None => {
                let primes = AuxPrimes::new(self.take_primes(bits(level))?);
                let plan = auxgen::Plan { key_card_hash, aux_id, level, holders: holders.clone() };
                (auxgen::party(plan, &primes), primes)
            }
        };
        let begun = self.open_session(terms, &card, party)?;
        let running = Running {
            request,
            roster: card.roster,
            group: Some((card.group_public_key, card.epoch)),
            me: begun.me,
            participants: holders,
            stage: Stage::AuxTable(begun.session, primes),
        };
        self.keep(running, attempt, begun.packets)
    }

    fn begin_sign(
        &mut self,
        request: Approved<Request>,
        attempt: u16,
        params: &SignParams,
    ) -> Result<Step, NodeError> {
        let held = self.usable(params.key_id, request.get().key_card_hash, &params.signers)?;
        let card = held.entry.card().clone();
        if params.signers.len() != usize::from(card.threshold) {
            let message = format!("exactly {} servers sign with this key", card.threshold);
            return Err(fixable(message));
        }
        self.index_in(&card, &params.signers)?;
        let payload = payload(&card, &params.content)?;
        let signers = params.signers.clone();
        let key = match params.taproot {
            true => {
                curve::taproot_output_key(&card.root_public_key()?).map_err(|e| fixable(e.to_string()))?
            }
            false => card.group_public_key.0.clone(),
        };
        if params.taproot && card.curve != curve::Curve::Secp256k1Schnorr {
            return Err(fixable(format!("{} keys have no Taproot output key", card.curve)));
        }
        let verification = Verification { curve: card.curve, key, payload: payload.clone() };
        let roster = card.roster.clone();
        let group = Some((card.group_public_key.clone(), card.epoch));
        let participants = signers.clone();
        let (stage, me, packets) = match card.curve.engine() {
            Engine::Frost => {
                let party = frost::party(&held.share, &payload, params.taproot)
                    .map_err(|e| fixable(e.to_string()))?;
                let terms = self.start(&request, attempt, &card, signers, None)?;
                let begun = self.open_session(terms, &card, party)?;
                (Stage::Schnorr(begun.session, verification), begun.me, begun.packets)
            }
            Engine::Ecdsa => {
                let aux = self.aux(&held.entry, &signers)?;
                let party = ecdsa::party(&held.share, &aux, &signers, payload)?;
                let terms = self.start(&request, attempt, &card, signers, Some(aux.table_hash()))?;
                let begun = self.open_session(terms, &card, party)?;
                (Stage::Ecdsa(begun.session, verification), begun.me, begun.packets)
            }
        };
        self.keep(Running { request, roster, group, me, participants, stage }, attempt, packets)
    }

    /// Consumes the attempt and logs the intent, in this order; the protocol may begin afterwards.
    fn start(
        &mut self,
        request: &Approved<Request>,
        attempt: u16,
        card: &KeyCardBody,
        participants: Vec<u16>,
        aux_table_hash: Option<Hash>,
    ) -> Result<Terms, NodeError> {
        self.index_in(card, &participants)?;
        let action = &request.get().action;
        let terms = Terms {
            version: PROTOCOL_VERSION,
            operation: action.operation().to_owned(),
            genesis_hash: self.chain.current_hash(),
            request_hash: request.hash(),
            op_id: request.get().op_id,
            attempt,
            curve: card.curve,
            threshold: card.threshold,
            roster: card.roster.clone(),
            participants,
            epoch: card.epoch,
            key_card_hash: request.get().key_card_hash,
            aux_table_hash,
        };
        let mut note = self.note_of(Event::SessionStarted, terms.op_id, action).with("attempt", attempt);
        note.request_hash = Some(request.hash());
        note.heads = request.get().node_heads.iter().filter(|h| h.node != self.name).cloned().collect();
        self.consume(request, attempt)?;
        self.note(note)?;
        Ok(terms)
    }

    fn open_session<T>(
        &mut self,
        terms: Terms,
        card: &KeyCardBody,
        party: Box<dyn Party<T>>,
    ) -> Result<Begun<T>, NodeError> {
        let me = self.index_in(card, &terms.participants)?;
        let mut cards: BTreeMap<u16, NodeCard> = BTreeMap::new();
        for index in &terms.participants {
            let name = card.holder(*index).ok_or_else(|| fixable(format!("no server has index {index}")))?;
            let node = self.chain.current().node(name);
            let node = node.ok_or_else(|| fixable(format!("{name} is not in the genesis in force")))?;
            cards.insert(*index, node.clone());
        }
        let (session, packets) =
            Session::open(terms, me, self.secrets.clone(), &cards, party, Box::new(OsRng))?;
        #[cfg(feature = "mischief")]
        let session = {
            let mut session = session;
            if let Some(make) = &mut self.mischief {
                session.misbehave(make());
            }
            session
        };
        Ok(Begun { session, packets, me })
    }

    fn keep(&mut self, running: Running, attempt: u16, packets: Vec<Packet>) -> Result<Step, NodeError> {
        self.sessions.insert((running.request.get().op_id, attempt), running);
        Ok(Step { packets, outcome: None })
    }

    /// Gives packets to an attempt and carries it through its stages as far as they allow.
    pub(super) fn deliver(
        &mut self,
        running: Running,
        op_id: OpId,
        attempt: u16,
        packets: Vec<Packet>,
    ) -> Result<Step, NodeError> {
        let (roster, group, me) = (running.roster.clone(), running.group.clone(), running.me);
        let failed = running.note(Event::SessionAborted).with("attempt", attempt);
        let carried = match self.check_still_allowed(&running) {
            Ok(()) => self.advance(running, packets),
            Err(error) => Err(Failure::Node(error)),
        };
        match carried {
            Ok((step, running)) => {
                if let Some(running) = running {
                    self.sessions.insert((op_id, attempt), running);
                }
                Ok(step)
            }
            Err(Failure::Fault(fault)) => Err(self.fail(fault, failed, &roster, group, me)?),
            Err(Failure::Node(error)) => {
                self.note(failed.with("reason", &error.message))?;
                Err(error)
            }
        }
    }

    /// What was judged when the attempt began may have changed since: time, locks, exposure.
    fn check_still_allowed(&self, running: &Running) -> Result<(), NodeError> {
        if self.now() >= running.expiry() {
            let message = format!("the request expired at {}", running.expiry());
            return Err(NodeError::new(FailureKind::Denied, message));
        }
        let Some((group, epoch)) = &running.group else { return Ok(()) };
        match keybook::record(&self.store, group)? {
            Some(record) => check_record(&record, &self.name, &running.roster, *epoch, &running.participants),
            None => Ok(()),
        }
    }

    fn advance(
        &mut self,
        running: Running,
        packets: Vec<Packet>,
    ) -> Result<(Step, Option<Running>), Failure> {
        let Running { request, roster, group, me, participants, stage } = running;
        let mut out = Vec::new();
        let mut progress = StageProgress::deliver(stage, packets, &mut out)?;
        let mut group = group;
        // A stage that ends may let the next one end at once, with what peers sent early.
        loop {
            progress = match progress {
                StageProgress::Waiting(stage) => {
                    let running = Running { request, roster, group, me, participants, stage };
                    return Ok((Step { packets: out, outcome: None }, Some(running)));
                }
                StageProgress::Generated(session, card, generated) => {
                    let share = self.store_share(&request, *card, me, generated)?;
                    let card = share.card();
                    group = Some((card.group_public_key.clone(), card.epoch));
                    let (session, next) = session.then(self.activation(&share)?)?;
                    (Stage::Activate(session), next).into_progress(&mut out)
                }
                StageProgress::AuxTable(session, primes, table) => {
                    let party = self.store_aux(&request, me, &primes, table)?;
                    let (session, next) = session.then(party)?;
                    (Stage::AuxSigned(session), next).into_progress(&mut out)
                }
                StageProgress::Activated(card) => {
                    let outcome = self.finish_activation(&request, card)?;
                    return Ok((Step { packets: out, outcome: Some(outcome) }, None));
                }
                StageProgress::AuxSigned(table) => {
                    let outcome = self.finish_aux(&request, table)?;
                    return Ok((Step { packets: out, outcome: Some(outcome) }, None));
                }
                StageProgress::Signature(signature, verification) => {
                    let outcome = self.finish_signature(&request, signature, &verification)?;
                    return Ok((Step { packets: out, outcome: Some(outcome) }, None));
                }
            };
        }
    }

    /// Makes a fresh share durable as pending, before this node signs for it.
    fn store_share(
        &mut self,
        request: &Approved<Request>,
        template: KeyCardBody,
        me: u16,
        generated: Generated,
    ) -> Result<KeyShare, Failure> {
        let card = generated.complete(template);
        let share =
            KeyShare::new(card, me, generated.scalar, generated.chain_code).map_err(NodeError::from)?;
        let card = share.card();
        let card_hash = card.hash().map_err(NodeError::from)?;
        let key = self.secrets.signing();
        let core = ShareCore::sign(&card_hash, me, share.scalar().expose(), share.chain_code(), key)
            .map_err(NodeError::from)?;
        if self.store.get(Table::Renounced, card.key_id.as_bytes()).map_err(NodeError::from)?.is_some() {
            return Err(Fault::local("the key was renounced meanwhile").into());
        }
        if keybook::record(&self.store, &card.group_public_key).map_err(NodeError::from)?.is_some() {
            return Err(Fault::local(
                "a freshly generated key is known already: randomness repeated itself (R10)",
            )
            .into());
        }
        let entry = KeyEntry {
            version: 1,
            state: KeyState::Pending,
            card: DirtyKeyCard { card: card.clone(), signatures: Vec::new(), proof: Hex::default() },
            index: me,
            op_id: request.get().op_id,
            created_at: self.now(),
            aux_id: None,
            pending_aux_id: None,
        };
        let mut batch = Batch::new();
        keybook::put_entry(&mut batch, &entry).map_err(NodeError::from)?;
        keybook::put_record(&mut batch, &KeyRecord::new(card, me)).map_err(NodeError::from)?;
        let blob = keybook::share_blob(&card.key_id, card.epoch);
        self.store.put_blob(BlobKind::Share, &blob, core.bytes(), batch).map_err(NodeError::from)?;
        let note = self.note_of(Event::KeyPending, request.get().op_id, &request.get().action);
        self.note(note.with("card", card_hash))?;
        Ok(share)
    }

    /// The activation party; its signature says that the share is durable here.
    fn activation(&self, share: &KeyShare) -> Result<Box<dyn Party<DirtyKeyCard>>, NodeError> {
        self.check_durable()?;
        let hash = share.card().hash()?;
        let genesis = self.chain.version(&share.card().genesis_hash);
        let genesis = genesis.ok_or_else(|| fixable("the key belongs to another genesis".to_owned()))?;
        let mut keys = Vec::new();
        for name in &share.card().roster {
            let node = genesis.node(name).ok_or_else(|| fixable(format!("{name} is not in the genesis")))?;
            keys.push(node.card.signing_key);
        }
        Ok(activate::party(share, self.secrets.signing().sign(&hash), keys)?)
    }

    fn finish_activation(
        &mut self,
        request: &Approved<Request>,
        card: DirtyKeyCard,
    ) -> Result<Outcome, Failure> {
        let card = card.check(&self.chain).map_err(NodeError::from)?;
        let entry = keybook::entry(&self.store, &card.body().key_id).map_err(NodeError::from)?;
        let mut entry = entry.ok_or_else(|| Fault::local("the pending key is gone"))?;
        (entry.state, entry.card) = (KeyState::Active, card.dirty().clone());
        let mut batch = Batch::new();
        keybook::put_entry(&mut batch, &entry).map_err(NodeError::from)?;
        self.store.write(batch).map_err(NodeError::from)?;
        let note = self.note_of(Event::KeyActivated, request.get().op_id, &request.get().action);
        self.note(note.with("card", card.hash()))?;
        Ok(Outcome::Activated(Box::new(card.dirty().clone())))
    }

    /// Makes this node's half of a fresh aux durable, before it signs the table.
    fn store_aux(
        &mut self,
        request: &Approved<Request>,
        me: u16,
        primes: &AuxPrimes,
        table: AuxTableBody,
    ) -> Result<Box<dyn Party<AuxTable>>, Failure> {
        let key_id = request.get().action.key_id();
        let entry = keybook::entry(&self.store, &key_id).map_err(NodeError::from)?;
        let mut entry = entry.ok_or_else(|| Fault::local("the key is gone"))?;
        let core = primes.core(&table, me, self.secrets.signing()).map_err(NodeError::from)?;
        // Reading it back checks that the table's row of this node is made of these primes.
        AuxShare::read(&core, &table, &self.card.card.signing_key).map_err(NodeError::from)?;
        if let Some(stale) = entry.pending_aux_id.take() {
            let blob = keybook::aux_blob(&key_id, &stale);
            self.store.delete_blob(BlobKind::Aux, &blob, Batch::new()).map_err(NodeError::from)?;
        }
        entry.pending_aux_id = Some(table.aux_id);
        let mut batch = Batch::new();
        keybook::put_entry(&mut batch, &entry).map_err(NodeError::from)?;
        let blob = keybook::aux_blob(&key_id, &table.aux_id);
        self.store.put_blob(BlobKind::Aux, &blob, &core, batch).map_err(NodeError::from)?;
        self.check_durable()?;
        let mut keys = BTreeMap::new();
        for row in &table.rows {
            let name = entry.card().holder(row.index).ok_or_else(|| Fault::local("a holder is unknown"))?;
            let node = self.chain.current().node(name).ok_or_else(|| Fault::local("a holder is unknown"))?;
            keys.insert(row.index, node.card.signing_key);
        }
        let signature = self.secrets.signing().sign(&table.hash().map_err(NodeError::from)?);
        Ok(auxgen::sign_table(table, signature, keys))
    }

    /// Takes a table that all holders signed into use; the aux before it goes.
    fn finish_aux(&mut self, request: &Approved<Request>, table: AuxTable) -> Result<Outcome, Failure> {
        let key_id = request.get().action.key_id();
        let entry = keybook::entry(&self.store, &key_id).map_err(NodeError::from)?;
        let mut entry = entry.ok_or_else(|| Fault::local("the key is gone"))?;
        let aux_id = table.table.aux_id;
        let table_hash = table.table.hash().map_err(NodeError::from)?;
        if entry.pending_aux_id != Some(aux_id) {
            return Err(Fault::local("another aux was begun meanwhile").into());
        }
        let previous = entry.aux_id.replace(aux_id);
        entry.pending_aux_id = None;
        let bytes = codec::canonical("aux table", &table).map_err(NodeError::from)?;
        let mut batch = Batch::new();
        keybook::put_entry(&mut batch, &entry).map_err(NodeError::from)?;
        batch.put(Table::Aux, &keybook::aux_blob(&key_id, &aux_id), bytes);
        self.store.write(batch).map_err(NodeError::from)?;
        if let Some(previous) = previous {
            let blob = keybook::aux_blob(&key_id, &previous);
            let mut batch = Batch::new();
            batch.remove(Table::Aux, &blob);
            self.store.delete_blob(BlobKind::Aux, &blob, batch).map_err(NodeError::from)?;
        }
        let note = self.note_of(Event::AuxCompleted, request.get().op_id, &request.get().action);
        self.note(note.with("table", table_hash))?;
        Ok(Outcome::AuxReady { aux_id, table_hash })
    }

    /// A signature leaves only after a second implementation verified it (R11).
    fn finish_signature(
        &mut self,
        request: &Approved<Request>,
        signature: SignatureOutput,
        verification: &Verification,
    ) -> Result<Outcome, Failure> {
        let Verification { curve, key, payload } = verification;
        curve::verify(*curve, key, payload, &signature.signature)
            .map_err(|e| Fault::local(format!("the finished signature did not verify: {e}")))?;
        let note = self.note_of(Event::SigningCompleted, request.get().op_id, &request.get().action);
        self.note(note.with("signature", Hash::plain(&signature.signature)))?;
        Ok(Outcome::Signed(signature))
    }

    /// Logs a failure; one that this node verified itself locks the culprit for this key and epoch (R13).
    fn fail(
        &mut self,
        fault: Fault,
        note: Note,
        roster: &[Name],
        group: Option<(Hex, u32)>,
        me: u16,
    ) -> Result<NodeError, NodeError> {
        let named = |index: &u16| roster.get(usize::from(index.saturating_sub(1))).cloned();
        let culprits: Vec<Name> = fault.culprits().iter().filter(|i| **i != me).filter_map(named).collect();
        let mut error = NodeError::from(fault.clone());
        let mut note = note.with("reason", &error.message);
        if let Fault::Misbehaviour { certain, reason, evidence, .. } = fault {
            let names = culprits.iter().map(Name::as_str).collect::<Vec<_>>().join(", ");
            note.event = Event::MisbehaviourDetected;
            note = note.with("culprits", &names).with("certain", certain);
            error.message = match certain {
                true => format!("{names} misbehaved: {reason}"),
                false => format!("one of {{{names}}} misbehaved: {reason}"),
            };
            if let (true, Some((group, epoch))) = (certain, group) {
                self.lock(&group, epoch, &culprits, &reason, note.op_id, evidence.as_deref())?;
            }
            (error.culprits, error.certain, error.evidence) = (culprits, certain, evidence);
        }
        self.note(note)?;
        Ok(error)
    }

    fn lock(
        &mut self,
        group: &[u8],
        epoch: u32,
        culprits: &[Name],
        reason: &str,
        op_id: Option<OpId>,
        evidence: Option<&crate::protocol::Evidence>,
    ) -> Result<(), NodeError> {
        let Some(mut record) = keybook::record(&self.store, group)? else { return Ok(()) };
        for culprit in culprits {
            if record.lock_on(culprit, epoch).is_none() {
                record.locks.push(Lock {
                    epoch,
                    culprit: culprit.clone(),
                    reason: reason.to_owned(),
                    op_id: op_id.unwrap_or(codec::HexArray([0; 16])),
                    time: self.now(),
                    evidence: evidence.cloned(),
                });
            }
        }
        let mut batch = Batch::new();
        keybook::put_record(&mut batch, &record)?;
        Ok(self.store.write(batch)?)
    }

    /// An active key with its share, for work with the given indices.
    fn usable(
        &self,
        key_id: crate::ids::KeyId,
        card_hash: Option<Hash>,
        indices: &[u16],
    ) -> Result<Held, NodeError> {
        let held = self.held(key_id, card_hash)?;
        if held.entry.state != KeyState::Active {
            let message =
                format!("key {key_id} is not active on {} yet: its generation never finished", self.name);
            return Err(fixable(message));
        }
        held.entry.card.clone().check(&self.chain)?;
        held.check_peers(&self.name, indices)?;
        Ok(held)
    }

    fn held(&self, key_id: crate::ids::KeyId, card_hash: Option<Hash>) -> Result<Held, NodeError> {
        let unknown = || fixable(format!("{} does not know key {key_id}", self.name));
        let entry = keybook::entry(&self.store, &key_id)?.ok_or_else(unknown)?;
        let card = entry.card();
        if card_hash != Some(card.hash()?) {
            return Err(NodeError::new(
                FailureKind::Integrity,
                "the request is for another card of this key",
            ));
        }
        let damaged =
            |what: &str| NodeError::new(FailureKind::Integrity, format!("{} lost {what}", self.name));
        let record = keybook::record(&self.store, &card.group_public_key)?;
        let record = record.ok_or_else(|| damaged("the record of the key"))?;
        let blob = self.store.open_blob(BlobKind::Share, &keybook::share_blob(&key_id, card.epoch))?;
        let blob = blob.ok_or_else(|| fixable(format!("{} holds no share of key {key_id}", self.name)))?;
        let share = ShareCore::from_bytes(blob).check(card, &self.card.card.signing_key)?;
        Ok(Held { entry, record, share })
    }

    /// The aux in use, checked against the table that all holders signed, for a signer set.
    fn aux(&self, entry: &KeyEntry, signers: &[u16]) -> Result<AuxShare, NodeError> {
        let key_id = entry.card().key_id;
        let missing = || {
            fixable(format!(
                "key {key_id} has no aux on {} yet; run: quorate aux renew --key {key_id}",
                self.name
            ))
        };
        let aux_id = entry.aux_id.ok_or_else(missing)?;
        let id = keybook::aux_blob(&key_id, &aux_id);
        let table = self.store.get(Table::Aux, &id)?.ok_or_else(missing)?;
        let table: AuxTable = codec::from_json("aux table", &table, JSON_CAP)?;
        let key_of = |index| {
            let node = self.chain.current().node(entry.card().holder(index)?)?;
            Some(node.card.signing_key)
        };
        table.check(key_of)?;
        if let Some(index) = signers.iter().find(|index| table.table.row(**index).is_err()) {
            let message = format!(
                "the aux of key {key_id} was made without index {index}; run: quorate aux renew --key {key_id}"
            );
            return Err(fixable(message));
        }
        let core = self.store.open_blob(BlobKind::Aux, &id)?.ok_or_else(missing)?;
        Ok(AuxShare::read(&core, &table.table, &self.card.card.signing_key)?)
    }

    fn index_in(&self, card: &KeyCardBody, participants: &[u16]) -> Result<u16, NodeError> {
        let index = card.index_of(&self.name).filter(|index| participants.contains(index));
        index.ok_or_else(|| fixable(format!("{} is not among the servers of this operation", self.name)))
    }
}

struct Begun<T> {
    session: Session<T>,
    packets: Vec<Packet>,
    me: u16,
}

/// A stage after it took packets: still waiting, or done with its output.
enum StageProgress {
    Waiting(Stage),
    Generated(Session<Generated>, Box<KeyCardBody>, Generated),
    Activated(DirtyKeyCard),
    AuxTable(Session<AuxTableBody>, AuxPrimes, AuxTableBody),
    AuxSigned(AuxTable),
    Signature(SignatureOutput, Verification),
}

impl StageProgress {
    fn deliver(stage: Stage, packets: Vec<Packet>, out: &mut Vec<Packet>) -> Result<Self, Fault> {
        fn go<T>(
            session: &mut Session<T>,
            packets: Vec<Packet>,
            out: &mut Vec<Packet>,
        ) -> Result<Option<T>, Fault> {
            let progress = session.deliver(packets)?;
            out.extend(progress.packets);
            Ok(progress.output)
        }
        Ok(match stage {
            Stage::Generate(mut session, card) => match go(&mut session, packets, out)? {
                Some(generated) => Self::Generated(session, card, generated),
                None => Self::Waiting(Stage::Generate(session, card)),
            },
            Stage::Activate(mut session) => match go(&mut session, packets, out)? {
                Some(card) => Self::Activated(card),
                None => Self::Waiting(Stage::Activate(session)),
            },
            Stage::AuxTable(mut session, primes) => match go(&mut session, packets, out)? {
                Some(table) => Self::AuxTable(session, primes, table),
                None => Self::Waiting(Stage::AuxTable(session, primes)),
            },
            Stage::AuxSigned(mut session) => match go(&mut session, packets, out)? {
                Some(table) => Self::AuxSigned(table),
                None => Self::Waiting(Stage::AuxSigned(session)),
            },
            Stage::Schnorr(mut session, verification) => match go(&mut session, packets, out)? {
                Some(signature) => {
                    let signature = SignatureOutput { signature: Hex(signature), r: None, s: None, v: None };
                    Self::Signature(signature, verification)
                }
                None => Self::Waiting(Stage::Schnorr(session, verification)),
            },
            Stage::Ecdsa(mut session, verification) => match go(&mut session, packets, out)? {
                Some(signature) => Self::Signature(output(&signature), verification),
                None => Self::Waiting(Stage::Ecdsa(session, verification)),
            },
        })
    }
}

/// What a stage that was just entered did with messages its peers had sent early.
trait IntoProgress {
    fn into_progress(self, out: &mut Vec<Packet>) -> StageProgress;
}

impl IntoProgress for (Stage, Progress<DirtyKeyCard>) {
    fn into_progress(self, out: &mut Vec<Packet>) -> StageProgress {
        out.extend(self.1.packets);
        self.1.output.map_or(StageProgress::Waiting(self.0), StageProgress::Activated)
    }
}

impl IntoProgress for (Stage, Progress<AuxTable>) {
    fn into_progress(self, out: &mut Vec<Packet>) -> StageProgress {
        out.extend(self.1.packets);
        self.1.output.map_or(StageProgress::Waiting(self.0), StageProgress::AuxSigned)
    }
}

/// Why an attempt failed: in the protocol, or on this node.
enum Failure {
    Fault(Fault),
    Node(NodeError),
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<NodeError> for Failure {
    fn from(error: NodeError) -> Self {
        Self::Node(error)
    }
}

fn payload(card: &KeyCardBody, content: &Content) -> Result<Payload, NodeError> {
    let payload = match content {
        Content::Message { message, hash } => curve::payload_of_message(card.curve, *hash, message),
        Content::Digest { digest } => curve::payload_of_digest(card.curve, digest),
    };
    payload.map_err(|error| fixable(error.to_string()))
}

fn output(signature: &EcdsaSignature) -> SignatureOutput {
    SignatureOutput {
        signature: Hex(signature.to_der()),
        r: Some(Hex(signature.r().to_vec())),
        s: Some(Hex(signature.s().to_vec())),
        v: signature.v(),
    }
}

fn fixable(message: impl ToString) -> NodeError {
    NodeError::new(FailureKind::Fixable, message)
}
