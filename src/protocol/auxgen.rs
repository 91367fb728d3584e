//! Making aux: every holder brings four safe primes, proves its moduli well-formed to all others
//! (CGGMP24, auxiliary info generation), and signs the table of everyone's public values.

use std::collections::BTreeMap;

use cggmp24::{
    ExecutionId, PregeneratedPrimes, backend::Integer, key_refresh::msg, key_share::AuxInfo,
    security_level::SecurityLevel,
};
use rand_core::OsRng;
use round_based::state_machine;
use sha2::Sha256;

use super::{
    Context, Fault, Inbox, Outgoing, Party, Step,
    driver::{Driver, Machine, digits, position},
};
use crate::{
    curve::{Level, ec},
    digest::Hash,
    ids::OpId,
    paillier::{AuxPrimes, AuxTable, AuxTableBody},
    signing_key::{PublicKey, Signature},
};

/// Which aux is made, and for whom.
#[derive(Clone)]
pub struct Plan {
    /// The key.
    pub key_card_hash: Hash,
    /// Random id of this aux.
    pub aux_id: OpId,
    /// Size of the moduli.
    pub level: Level,
    /// Indices of the holders: the session's participants.
    pub holders: Vec<u16>,
}

/// Makes the table; the party's own half stays with the primes.
pub fn party(plan: Plan, primes: &AuxPrimes) -> Box<dyn Party<AuxTableBody>> {
    let primes = primes.integers();
    match plan.level {
        Level::Bits256 => Box::new(Start::<ec::Level256>::new(plan, primes)),
        Level::Bits384 => Box::new(Start::<ec::Level384>::new(plan, primes)),
        Level::Bits521 => Box::new(Start::<ec::Level521>::new(plan, primes)),
    }
}

/// A party that has the table already: committed test aux, or rows of one already verified.
pub fn ready(table: AuxTableBody) -> Box<dyn Party<AuxTableBody>> {
    struct Ready(AuxTableBody);
    impl Party<AuxTableBody> for Ready {
        fn step(self: Box<Self>, _: &mut Context<'_>, _: Inbox) -> Result<Step<AuxTableBody>, Fault> {
            Ok(Step::Done(self.0))
        }
    }
    Box::new(Ready(table))
}

struct Start<L> {
    plan: Plan,
    primes: [Integer; 4],
    level: std::marker::PhantomData<L>,
}

impl<L> Start<L> {
    fn new(plan: Plan, primes: [Integer; 4]) -> Self {
        Self { plan, primes, level: std::marker::PhantomData }
    }
}

impl<L: SecurityLevel + 'static> Party<AuxTableBody> for Start<L> {
    fn step(self: Box<Self>, context: &mut Context<'_>, inbox: Inbox) -> Result<Step<AuxTableBody>, Fault> {
        let Self { plan, primes, .. } = *self;
        let primes = PregeneratedPrimes::<L>::try_from(primes)
            .map_err(|_| Fault::local("the primes are too small for this level"))?;
        let me = position(context, context.me)?;
        let n = u16::try_from(context.participants.len()).map_err(Fault::local)?;
        let execution = Hash::tagged("aux-execution", &[context.session_id.as_bytes(), &plan.aux_id.0]);
        let machine: Machine<AuxInfo<L>, msg::Msg<Sha256, L>> =
            Box::new(state_machine::wrap_protocol(move |party| async move {
                let id = ExecutionId::new(execution.as_bytes());
                cggmp24::aux_info_gen(id, me, n, primes)
                    .start(&mut OsRng, party)
                    .await
                    .map_err(|error| format!("{error:?}"))
            }));
        let finish = Box::new(move |info: AuxInfo<L>| {
            let Plan { key_card_hash, aux_id, level, holders } = plan;
            let table = AuxTableBody::of(key_card_hash, aux_id, level, &holders, &info);
            match table.oversized(level) {
                Some(index) => Err(Fault::by(index, "its moduli are longer than the level has them")),
                None => Ok(table),
            }
        });
        Box::new(Driver::new(machine, finish, digits::<L>())).step(context, inbox)
    }
}

/// Gathers every holder's signature on the table. `signature` is this node's: giving it says that its
/// own half is durable. `keys` are the holders' signing keys by index.
pub fn sign_table(
    table: AuxTableBody,
    signature: Signature,
    keys: BTreeMap<u16, PublicKey>,
) -> Box<dyn Party<AuxTable>> {
    Box::new(SignTable { table, signature, keys })
}

struct SignTable {
    table: AuxTableBody,
    signature: Signature,
    keys: BTreeMap<u16, PublicKey>,
}

impl Party<AuxTable> for SignTable {
    fn step(self: Box<Self>, _: &mut Context<'_>, _: Inbox) -> Result<Step<AuxTable>, Fault> {
        let broadcast = Some(self.signature.0.to_vec());
        Ok(Step::Send(Outgoing { broadcast, direct: BTreeMap::new() }, Box::new(Gather(*self))))
    }
}

struct Gather(SignTable);

impl Party<AuxTable> for Gather {
    fn step(self: Box<Self>, context: &mut Context<'_>, inbox: Inbox) -> Result<Step<AuxTable>, Fault> {
        let SignTable { table, signature, keys } = self.0;
        let hash = table.hash()?;
        let mut signatures = BTreeMap::from([(context.me, signature)]);
        for (index, bytes) in inbox.broadcasts {
            let bad = || Fault::by(index, "it did not sign the aux table that everyone saw");
            let signature = Signature::try_from(bytes.as_slice()).map_err(|_| bad())?;
            let key = keys.get(&index).ok_or_else(|| Fault::local("a holder's key is missing"))?;
            key.verify(&hash, &signature).map_err(|_| bad())?;
            signatures.insert(index, signature);
        }
        Ok(Step::Done(AuxTable { table, signatures: signatures.into_values().collect() }))
    }
}
