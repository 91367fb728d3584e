//! Where safe primes come from: the real search, or committed test data that every binary but the test
//! harness refuses to work with.

use std::{
    fmt,
    sync::{Arc, atomic::AtomicBool},
};

use super::{AuxPrimes, AuxRow};
use crate::{
    curve::Level,
    primes::{self, PrimeError, SafePrime},
};

type Draw = dyn Fn(Level) -> Result<SafePrime, PrimeError> + Send + Sync;
type Ready = dyn Fn(Level, u16) -> Option<(AuxPrimes, AuxRow)> + Send + Sync;

/// A source of safe primes.
#[derive(Clone)]
pub struct PrimeSource(Kind);

#[derive(Clone)]
enum Kind {
    Real,
    Test { draw: Arc<Draw>, ready: Arc<Ready> },
}

impl PrimeSource {
    /// Searches on all cores, with the system's randomness.
    pub fn real() -> Self {
        Self(Kind::Real)
    }

    /// Committed primes, and rows of aux that were verified when they were committed, by index.
    pub fn test(
        draw: impl Fn(Level) -> Result<SafePrime, PrimeError> + Send + Sync + 'static,
        ready: impl Fn(Level, u16) -> Option<(AuxPrimes, AuxRow)> + Send + Sync + 'static,
    ) -> Self {
        Self(Kind::Test { draw: Arc::new(draw), ready: Arc::new(ready) })
    }

    /// Whether homes made with it carry the TEST mark.
    pub fn is_test(&self) -> bool {
        matches!(self.0, Kind::Test { .. })
    }

    /// One fresh prime; `None` when `cancel` was set.
    pub fn draw(&self, level: Level, cancel: &AtomicBool) -> Result<Option<SafePrime>, PrimeError> {
        match &self.0 {
            Kind::Real => primes::safe_prime(level.prime_bits(), cancel),
            Kind::Test { draw, .. } => draw(level).map(Some),
        }
    }

    /// Ready-made aux of a test source: the primes of `me` and the rows of all holders.
    pub fn ready(&self, level: Level, holders: &[u16], me: u16) -> Option<(AuxPrimes, Vec<AuxRow>)> {
        let Kind::Test { ready, .. } = &self.0 else { return None };
        let (primes, _) = ready(level, me)?;
        let rows = holders.iter().map(|index| ready(level, *index).map(|(_, row)| row));
        Some((primes, rows.collect::<Option<_>>()?))
    }
}

impl fmt::Debug for PrimeSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_test() { "PrimeSource(TEST)" } else { "PrimeSource(real)" })
    }
}
