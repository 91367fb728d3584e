//! Runs a state machine of the threshold-ECDSA library as a party of a session.
//!
//! The library's protocols are lockstep: in each round every party sends the same number of broadcasts
//! and of direct messages. One session round carries all of them in one frame.

use std::{collections::BTreeMap, collections::VecDeque, panic};

use round_based::{
    Incoming, MessageDestination, MessageType, Outgoing as LibraryOutgoing,
    state_machine::{ProceedResult, StateMachine},
};
use serde::{Serialize, de::DeserializeOwned};
use zeroize::Zeroizing;

use super::{Context, Fault, Inbox, Outgoing, Party, Step, channel::FRAME_CAP};
use cggmp24::security_level::SecurityLevel;
use ciborium::Value;

use crate::codec;

/// A state machine with an output that may blame someone.
pub(super) type Machine<O, M> = Box<dyn StateMachine<Output = Result<O, String>, Msg = M>>;

/// What becomes of the output.
type Finish<O, T> = Box<dyn FnOnce(O) -> Result<T, Fault>>;

/// Whether one peer's messages of the first round hold, beyond what the library checks: its position, its
/// broadcasts, and what it sent to us alone.
pub(super) type Inspect<M> = Box<dyn Fn(u16, &[M], &[M]) -> bool>;

/// A library protocol between its rounds.
pub(super) struct Driver<O, M, T> {
    machine: Machine<O, M>,
    finish: Finish<O, T>,
    inspect: Option<Inspect<M>>,
    digits: usize,
    sent: Counts,
    messages: u64,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct Counts {
    broadcasts: usize,
    direct: usize,
}

impl<O, M, T> Driver<O, M, T> {
    /// `digits` is the most hexadecimal digits that a number in an honest message has.
    pub(super) fn new(machine: Machine<O, M>, finish: Finish<O, T>, digits: usize) -> Self {
        Self { machine, finish, inspect: None, digits, sent: Counts::default(), messages: 0 }
    }

    /// Has the first messages of every peer inspected before the library takes them.
    pub(super) fn inspecting(self, inspect: Inspect<M>) -> Self {
        Self { inspect: Some(inspect), ..self }
    }
}

impl<O: 'static, M, T: 'static> Party<T> for Driver<O, M, T>
where
    M: Serialize + DeserializeOwned + 'static,
{
    fn step(mut self: Box<Self>, context: &mut Context<'_>, inbox: Inbox) -> Result<Step<T>, Fault> {
        let mut queue = self.read(context, inbox)?;
        let mut bundle = Bundle::default();
        let mut last_sender = None;
        loop {
            match proceed(&mut self.machine).ok_or_else(|| broken(context, last_sender))? {
                ProceedResult::SendMsg(message) => bundle.push(context, message)?,
                ProceedResult::Yielded => {}
                ProceedResult::NeedsOneMoreMessage => match queue.pop_front() {
                    Some((sender, message)) => {
                        last_sender = Some(sender);
                        self.machine
                            .received_msg(message)
                            .map_err(|_| Fault::local("the library took no message"))?;
                    }
                    None => {
                        if bundle.is_empty() {
                            return Err(unclear(context, "a message is missing"));
                        }
                        let (outgoing, sent) = bundle.encode()?;
                        self.sent = sent;
                        return Ok(Step::Send(outgoing, self));
                    }
                },
                ProceedResult::Output(result) => {
                    let output = result.map_err(|debug| blame(context, &debug, last_sender))?;
                    let result = (self.finish)(output)?;
                    if bundle.is_empty() {
                        return Ok(Step::Done(result));
                    }
                    return Ok(Step::Send(bundle.encode()?.0, Box::new(Finished(result))));
                }
                ProceedResult::Error(error) => return Err(Fault::local(error)),
            }
        }
    }
}

/// Has its result; the peers still wait for its last messages.
struct Finished<T>(T);

impl<T> Party<T> for Finished<T> {
    fn step(self: Box<Self>, _: &mut Context<'_>, _: Inbox) -> Result<Step<T>, Fault> {
        Ok(Step::Done(self.0))
    }
}

impl<O, M: DeserializeOwned, T> Driver<O, M, T> {
    /// The peers' messages, each with its sender's index, as the library takes them.
    fn read(&mut self, context: &Context<'_>, inbox: Inbox) -> Result<VecDeque<(u16, Incoming<M>)>, Fault> {
        let mut queue = VecDeque::new();
        // Nothing is here before our own first messages are out.
        let inspect = if inbox.is_empty() { None } else { self.inspect.take() };
        for index in context.peers() {
            let position = position(context, index)?;
            let broadcasts = inbox.broadcasts.get(&index).map_or(&[][..], |bytes| bytes);
            let direct = inbox.direct.get(&index).map_or(&[][..], |bytes| bytes);
            let broadcasts = decode(index, broadcasts, self.sent.broadcasts, self.digits)?;
            let direct = decode(index, direct, self.sent.direct, self.digits)?;
            if let Some(inspect) = &inspect {
                let holds =
                    panic::catch_unwind(panic::AssertUnwindSafe(|| inspect(position, &broadcasts, &direct)));
                if !holds.unwrap_or(false) {
                    return Err(Fault::by(index, "a proof in its first messages does not hold"));
                }
            }
            let broadcasts = broadcasts.into_iter().map(|msg| (MessageType::Broadcast, msg));
            let direct = direct.into_iter().map(|msg| (MessageType::P2P, msg));
            for (msg_type, msg) in broadcasts.chain(direct) {
                self.messages += 1;
                queue.push_back((index, Incoming { id: self.messages, sender: position, msg_type, msg }));
            }
        }
        Ok(queue)
    }
}

/// One sender's messages of a round. The library's numbers have no upper bound and panic on some encodings,
/// so their form and size are checked before it sees them: a modulus of millions of bits would keep a node busy
/// for ever.
fn decode<M: DeserializeOwned>(
    index: u16,
    bytes: &[u8],
    expected: usize,
    digits: usize,
) -> Result<Vec<M>, Fault> {
    let malformed = |reason: &str| Fault::by(index, format!("it sent a malformed message: {reason}"));
    let list: Vec<M> = match bytes {
        [] => Vec::new(),
        _ => {
            let value = codec::from_cbor::<Value>("protocol message", bytes, FRAME_CAP)
                .map_err(|error| malformed(&error.to_string()))?;
            if !fits(&value, digits) {
                return Err(malformed("a number in it is too long or oddly written"));
            }
            panic::catch_unwind(|| codec::from_cbor("protocol message", bytes, FRAME_CAP))
                .map_err(|_| malformed("a number in it is none"))?
                .map_err(|error| malformed(&error.to_string()))?
        }
    };
    if list.len() == expected {
        return Ok(list);
    }
    Err(malformed(&format!("{} parts, not {expected}", list.len())))
}

/// Every text is at most `digits` long, and every number is written in hexadecimal.
fn fits(value: &Value, digits: usize) -> bool {
    match value {
        Value::Text(text) => text.len() <= digits,
        Value::Array(items) => items.iter().all(|item| fits(item, digits)),
        Value::Map(fields) => fields.iter().all(|(name, field)| {
            let hexadecimal = name.as_text() != Some("radix") || field.as_integer() == Some(16.into());
            hexadecimal && fits(name, digits) && fits(field, digits)
        }),
        Value::Tag(_, inner) => fits(inner, digits),
        _ => true,
    }
}

/// The longest number in any message of a security level, in hexadecimal digits with a sign: a response in a
/// range proof, as long as two moduli and the proof's slack.
pub(super) fn digits<L: SecurityLevel>() -> usize {
    let bits = 4 * L::RSA_PRIME_BITLEN as usize + 2 * L::ELL + 2 * L::EPSILON + L::ELL_PRIME;
    bits / 4 + 16
}

/// What is sent in one session round.
struct Bundle<M> {
    broadcasts: Vec<M>,
    direct: BTreeMap<u16, Vec<M>>,
}

impl<M> Default for Bundle<M> {
    fn default() -> Self {
        Self { broadcasts: Vec::new(), direct: BTreeMap::new() }
    }
}

impl<M: Serialize> Bundle<M> {
    fn is_empty(&self) -> bool {
        self.broadcasts.is_empty() && self.direct.is_empty()
    }

    fn push(&mut self, context: &Context<'_>, message: LibraryOutgoing<M>) -> Result<(), Fault> {
        match message.recipient {
            MessageDestination::AllParties => self.broadcasts.push(message.msg),
            MessageDestination::OneParty(position) => {
                let index = context.participants.get(usize::from(position));
                let index = index.ok_or_else(|| Fault::local("no such position"))?;
                self.direct.entry(*index).or_default().push(message.msg);
            }
        }
        Ok(())
    }

    fn encode(self) -> Result<(Outgoing, Counts), Fault> {
        let direct_count = self.direct.values().map(Vec::len).max().unwrap_or_default();
        let counts = Counts { broadcasts: self.broadcasts.len(), direct: direct_count };
        let broadcast = match counts.broadcasts {
            0 => None,
            _ => Some(codec::to_cbor("protocol message", &self.broadcasts)?),
        };
        let mut direct = BTreeMap::new();
        for (index, list) in &self.direct {
            let bytes = codec::to_secret_cbor("protocol message", list)?;
            direct.insert(*index, Zeroizing::new(bytes.expose().to_vec()));
        }
        Ok((Outgoing { broadcast, direct }, counts))
    }
}

/// Lets the library go on. Its big integers panic on some malformed values (a modulus of zero); that
/// ends the session, not the node.
fn proceed<O, M>(machine: &mut Machine<O, M>) -> Option<ProceedResult<Result<O, String>, M>> {
    panic::catch_unwind(panic::AssertUnwindSafe(|| machine.proceed())).ok()
}

/// This party's position among the participants, from 0, as the library counts.
pub(super) fn position(context: &Context<'_>, index: u16) -> Result<u16, Fault> {
    let position = context.participants.iter().position(|i| *i == index);
    position.and_then(|p| u16::try_from(p).ok()).ok_or_else(|| Fault::local("no such participant"))
}

/// Whom the library blames. Its types for this are private, so the positions are read from its Debug text
/// (the version is pinned, and a test sees them). With one peer, an abort without a name is that peer's.
fn blame(context: &Context<'_>, debug: &str, last_sender: Option<u16>) -> Fault {
    let mut culprits: Vec<u16> = Vec::new();
    for (at, marker) in debug.match_indices("faulty_party: ") {
        let digits = debug.get(at + marker.len()..).unwrap_or_default();
        let number: String = digits.chars().take_while(char::is_ascii_digit).collect();
        let index = number.parse::<usize>().ok().and_then(|p| context.participants.get(p));
        culprits.extend(index.filter(|index| **index != context.me));
    }
    culprits.sort_unstable();
    culprits.dedup();
    let reason = format!("it broke the signing protocol ({})", summary(debug));
    if !culprits.is_empty() {
        return Fault::Misbehaviour { culprits, certain: true, reason, evidence: None };
    }
    match last_sender {
        Some(sender) if debug.contains("RouteReceivedError") => Fault::by(sender, reason),
        Some(_) if debug.contains("Aborted") => unclear(context, &reason),
        Some(_) if debug.contains("PaillierOp") || debug.contains("PaillierDec") => unclear(context, &reason),
        _ => Fault::local(format!("the protocol library failed ({})", summary(debug))),
    }
}

/// The library panicked. That is no check that failed, so nobody is blamed with certainty; before any
/// peer's data came in it is our own.
fn broken(context: &Context<'_>, last_sender: Option<u16>) -> Fault {
    if last_sender.is_none() {
        return Fault::local("the protocol library stopped abnormally");
    }
    let reason = "data of a peer stopped the protocol library abnormally".to_owned();
    Fault::Misbehaviour { culprits: context.peers().collect(), certain: false, reason, evidence: None }
}

/// Someone else is at fault; with one peer it is known who.
fn unclear(context: &Context<'_>, reason: &str) -> Fault {
    let culprits: Vec<u16> = context.peers().collect();
    let certain = culprits.len() == 1;
    Fault::Misbehaviour { culprits, certain, reason: reason.to_owned(), evidence: None }
}

/// The first words of a Debug text: enough to tell which check failed, and never a number from it.
fn summary(debug: &str) -> String {
    let names = debug.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    let names = names.filter(|word| word.chars().next().is_some_and(|c| c.is_ascii_uppercase()));
    names.take(4).collect::<Vec<_>>().join(" ")
}
