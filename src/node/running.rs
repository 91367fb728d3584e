//! Operations of several rounds: what a node checks before the first, what it makes durable between
//! stages, and what it does when one fails.

use super::{
    FailureKind, Machine, NodeError, SignatureOutput, Step, held::check_record, keybook, keybook::Lock,
};
use crate::{
    audit::{Event, Note},
    codec::{self, Hex},
    curve::{self, EcdsaSignature, Payload},
    digest::Hash,
    ids::{KeyId, Name, OpId, Time},
    keyshare::{DirtyKeyCard, KeyCardBody},
    paillier::{AuxPrimes, AuxTable, AuxTableBody},
    protocol::{
        Fault,
        dkg::Generated,
        session::{Packet, Progress, Session},
    },
    request::{Action, Approved, Request},
    store::Batch,
};

/// One attempt that is under way.
pub(super) struct Running {
    pub(super) request: Approved<Request>,
    pub(super) roster: Vec<Name>,
    /// The key's record, once the key exists: failures lock there.
    pub(super) group: Option<(Hex, u32)>,
    pub(super) me: u16,
    pub(super) participants: Vec<u16>,
    pub(super) stage: Stage,
}

pub(super) enum Stage {
    Generate(Session<Generated>, Box<KeyCardBody>),
    Activate(Session<DirtyKeyCard>),
    AuxTable(Session<AuxTableBody>, AuxPrimes),
    AuxSigned(Session<AuxTable>),
    Schnorr(Session<Vec<u8>>, Verification),
    Ecdsa(Session<EcdsaSignature>, Verification),
}

/// What a finished signature must verify under.
pub(super) struct Verification {
    pub(super) curve: curve::Curve,
    pub(super) key: Vec<u8>,
    pub(super) payload: Payload,
}

impl Running {
    /// The key it works on, and whether it may run beside others on the same key: signing may.
    pub(super) fn key(&self) -> (Option<crate::ids::KeyId>, bool) {
        let action = &self.request.get().action;
        (action.key_id(), matches!(action, Action::Sign(_)))
    }

    /// Whether it was begun for this very request.
    pub(super) fn is_of(&self, request_hash: &Hash) -> bool {
        self.request.hash() == *request_hash
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
        note.key_id = request.action.key_id();
        note
    }
}

impl Machine {
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
            Err(Failure::Fault(fault)) => {
                // A key that came to be in this very call is known here since.
                let group = group.map_or_else(|| self.group_of(failed.key_id), |group| Ok(Some(group)))?;
                Err(self.fail(fault, failed, &roster, group, me)?)
            }
            Err(Failure::Node(error)) => {
                self.note(failed.with("reason", &error.message))?;
                Err(error)
            }
        }
    }

    /// Ends attempts, and logs that. All are dropped, also when one of the log entries cannot be written.
    pub(super) fn end_sessions(
        &mut self,
        which: impl Fn(&OpId, &Running) -> bool,
        why: &str,
    ) -> Result<(), NodeError> {
        let (ended, kept): (Vec<_>, Vec<_>) = std::mem::take(&mut self.sessions)
            .into_iter()
            .partition(|((op_id, _), running)| which(op_id, running));
        self.sessions = kept.into_iter().collect();
        let notes: Vec<Note> = ended
            .into_iter()
            .map(|(_, running)| running.note(Event::SessionAborted).with("reason", why))
            .collect();
        notes.into_iter().try_for_each(|note| self.note(note))
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

    fn group_of(&self, key_id: Option<KeyId>) -> Result<Option<(Hex, u32)>, NodeError> {
        let entry = key_id.map(|key_id| keybook::entry(&self.store, &key_id)).transpose()?.flatten();
        Ok(entry.map(|entry| (entry.card().group_public_key.clone(), entry.card().epoch)))
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
            if let (true, Some((group, epoch))) = (certain, group)
                && let Some(record) = keybook::record(&self.store, &group)?
            {
                self.lock(record, epoch, &culprits, &reason, note.op_id, evidence.as_deref())?;
            }
            (error.culprits, error.certain, error.evidence) = (culprits, certain, evidence);
        }
        self.note(note)?;
        Ok(error)
    }

    pub(super) fn lock(
        &mut self,
        mut record: keybook::KeyRecord,
        epoch: u32,
        culprits: &[Name],
        reason: &str,
        op_id: Option<OpId>,
        evidence: Option<&crate::protocol::Evidence>,
    ) -> Result<(), NodeError> {
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
}

/// A stage after it took packets: still waiting, or done with its output.
pub(super) enum StageProgress {
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
pub(super) enum Failure {
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

fn output(signature: &EcdsaSignature) -> SignatureOutput {
    SignatureOutput {
        signature: Hex(signature.to_der()),
        r: Some(Hex(signature.r().to_vec())),
        s: Some(Hex(signature.s().to_vec())),
        v: signature.v(),
    }
}
