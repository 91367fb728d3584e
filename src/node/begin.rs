//! Beginning an attempt: everything that can be refused is refused before anything is consumed.

use std::collections::BTreeMap;

use rand_core::OsRng;

use super::{
    Machine, NodeError, Step, keybook,
    keybook::{KeyEntry, KeyState},
};
use crate::{
    audit::Event,
    card::NodeCard,
    codec::Hex,
    curve::{self, EcdsaSignature, Engine, Payload},
    digest::Hash,
    keyshare::{KeyCard, KeyCardBody, KeyShare},
    paillier::{AuxPrimes, AuxShare, AuxTableBody, bits},
    protocol::{
        Party, auxgen,
        dkg::{self},
        ecdsa, frost,
        session::{PROTOCOL_VERSION, Packet, Session, Terms},
    },
    request::{
        Action, Approved, AuxParams, Content, GenerateParams, KeyParams, Request, SignParams, SignedRequest,
    },
    shard::Grant,
    store::Table,
    wrap::recipient::Identity,
};

use super::{
    held::fixable,
    import::alias_key,
    running::{Running, Stage, Verification},
};

impl Machine {
    /// Begins an attempt. Everything that can be refused is refused before anything is consumed.
    pub(super) fn begin(
        &mut self,
        signed: SignedRequest,
        attempt: u16,
        grant: Option<Grant>,
    ) -> Result<Step, NodeError> {
        self.check_room(&signed.request.action)?;
        let request = self.approve(signed)?;
        let op_id = request.get().op_id;
        let action = request.get().action.clone();
        let note = self.note_on(Event::RequestRefused, &request).with("attempt", attempt);
        let begun = match action {
            Action::Generate(params) => self.begin_generate(request, attempt, params),
            Action::Activate(params) => self.begin_activate(request, attempt, &params),
            Action::Aux(params) => self.begin_aux(request, attempt, &params),
            Action::Sign(params) => self.begin_sign(request, attempt, &params, grant),
            Action::Abandon(_)
            | Action::Export(_)
            | Action::Import(_)
            | Action::Alias(_)
            | Action::Recover(_)
            | Action::Unlock(_)
            | Action::Govern(_)
            | Action::DeleteWithoutReceipt(_) => Err(fixable(format!("operation {op_id} has no rounds"))),
        };
        self.logged(note, begun)
    }

    fn begin_generate(
        &mut self,
        request: Approved<Request>,
        attempt: u16,
        params: GenerateParams,
    ) -> Result<Step, NodeError> {
        let used = self.store.get(Table::Renounced, params.key_id.as_bytes())?.is_some()
            || self.store.get(Table::Consumed, &alias_key(&params.key_id))?.is_some();
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
            roster: card.holders(&self.chain)?,
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
        let (_, card) = self.active(params.key_id, request.get().key_card_hash, &params.holders)?;
        let card = card.body().clone();
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
            roster: card.holders(&self.chain)?,
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
        grant: Option<Grant>,
    ) -> Result<Step, NodeError> {
        let (known, card) = self.active(params.key_id, request.get().key_card_hash, &params.signers)?;
        let body = card.body().clone();
        if params.signers.len() != usize::from(body.threshold) {
            let message = format!("exactly {} servers sign with this key", body.threshold);
            return Err(fixable(message));
        }
        self.index_in(&body, &params.signers)?;
        let verification = verification(&body, params)?;
        let source = self.share_source(&request, attempt, &known.entry, &card, params, grant)?;
        let aux_table = match (body.curve.engine(), &source) {
            (Engine::Frost, _) => None,
            (Engine::Ecdsa, Source::Stored(stored)) => stored.1.as_ref().map(AuxShare::table_hash),
            (Engine::Ecdsa, Source::Leased) => self.lease(&request).and_then(|lease| lease.aux_table()),
            (Engine::Ecdsa, Source::Granted(grant, _)) => {
                grant.parcel.aux_table.as_ref().map(|table| table.table.hash()).transpose()?
            }
        };
        let terms = self.start(&request, attempt, &body, params.signers.clone(), aux_table)?;
        if let Source::Granted(grant, identity) = &source {
            self.open_grant(&request, &card, grant, identity)?;
        }
        let party = match &source {
            Source::Stored(stored) => {
                sign_party(&stored.0, stored.1.as_ref(), params, &verification.payload)?
            }
            Source::Leased | Source::Granted(..) => {
                let lease = self.lease(&request).ok_or_else(|| self.no_share(&params.key_id))?;
                sign_party(&lease.share, lease.aux.as_ref(), params, &verification.payload)?
            }
        };
        drop(source);
        let (stage, me, packets) = match party {
            SignParty::Schnorr(party) => {
                let begun = self.open_session(terms, &body, party)?;
                (Stage::Schnorr(begun.session, verification), begun.me, begun.packets)
            }
            SignParty::Ecdsa(party) => {
                let begun = self.open_session(terms, &body, party)?;
                (Stage::Ecdsa(begun.session, verification), begun.me, begun.packets)
            }
        };
        let roster = body.holders(&self.chain)?;
        let group = Some((body.group_public_key, body.epoch));
        let participants = params.signers.clone();
        self.keep(Running { request, roster, group, me, participants, stage }, attempt, packets)
    }

    /// Where the share comes from: this node's store, an open lease, or a grant, in this order.
    fn share_source(
        &self,
        request: &Approved<Request>,
        attempt: u16,
        entry: &KeyEntry,
        card: &KeyCard,
        params: &SignParams,
        grant: Option<Grant>,
    ) -> Result<Source, NodeError> {
        if self.stored_share(entry)?.is_some() {
            if grant.is_some() {
                return Err(self.holds_its_own(&params.key_id));
            }
            let held = self.held(params.key_id, request.get().key_card_hash)?;
            let aux = match card.body().curve.engine() {
                Engine::Ecdsa => Some(self.aux(entry, &params.signers)?),
                Engine::Frost => None,
            };
            return Ok(Source::Stored(Box::new((held.share, aux))));
        }
        match grant {
            Some(grant) => {
                self.check_grant(request, attempt, card, params, &grant)?;
                let identity = self.waiting(request, attempt)?;
                Ok(Source::Granted(grant, identity))
            }
            None if self.lease(request).is_some() => Ok(Source::Leased),
            None => Err(self.no_share(&params.key_id)),
        }
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
            roster: card.holders(&self.chain)?,
            participants,
            epoch: card.epoch,
            key_card_hash: request.get().key_card_hash,
            aux_table_hash,
        };
        let mut note = self.note_on(Event::SessionStarted, request).with("attempt", attempt);
        note.heads = self.witnessed(request.get());
        let used = self.consumption(request, attempt)?;
        self.use_up(request, used)?;
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
        let holders = card.holders(&self.chain)?;
        let mut cards: BTreeMap<u16, NodeCard> = BTreeMap::new();
        for index in &terms.participants {
            let name = usize::from(*index).checked_sub(1).and_then(|at| holders.get(at));
            let name = name.ok_or_else(|| fixable(format!("no server has index {index}")))?;
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
}

struct Begun<T> {
    session: Session<T>,
    packets: Vec<Packet>,
    me: u16,
}

/// Whence a share for one signature.
enum Source {
    Stored(Box<(KeyShare, Option<AuxShare>)>),
    Leased,
    Granted(Grant, Identity),
}

enum SignParty {
    Schnorr(Box<dyn Party<Vec<u8>>>),
    Ecdsa(Box<dyn Party<EcdsaSignature>>),
}

fn sign_party(
    share: &KeyShare,
    aux: Option<&AuxShare>,
    params: &SignParams,
    payload: &Payload,
) -> Result<SignParty, NodeError> {
    Ok(match share.card().curve.engine() {
        Engine::Frost => {
            let party = frost::party(share, payload, params.taproot).map_err(|e| fixable(e.to_string()))?;
            SignParty::Schnorr(party)
        }
        Engine::Ecdsa => {
            let aux = aux.ok_or_else(|| fixable("the share came without aux"))?;
            SignParty::Ecdsa(ecdsa::party(share, aux, &params.signers, payload.clone())?)
        }
    })
}

/// What the finished signature must verify under.
fn verification(card: &KeyCardBody, params: &SignParams) -> Result<Verification, NodeError> {
    let payload = payload(card, &params.content)?;
    if params.taproot && card.curve != curve::Curve::Secp256k1Schnorr {
        return Err(fixable(format!("{} keys have no Taproot output key", card.curve)));
    }
    let key = match params.taproot {
        true => curve::taproot_output_key(&card.root_public_key()?).map_err(|e| fixable(e.to_string()))?,
        false => card.group_public_key.0.clone(),
    };
    Ok(Verification { curve: card.curve, key, payload })
}

fn payload(card: &KeyCardBody, content: &Content) -> Result<Payload, NodeError> {
    let payload = match content {
        Content::Message { message, hash } => curve::payload_of_message(card.curve, *hash, message),
        Content::Digest { digest } => curve::payload_of_digest(card.curve, digest),
    };
    payload.map_err(|error| fixable(error.to_string()))
}
