//! The pool of safe primes: each is durable when it is counted, and used once.

use std::sync::atomic::AtomicBool;

use rand_core::OsRng;

use super::{FailureKind, Machine, NodeError, Reply, level_of, machine::count};
use crate::{
    audit::{Event, Note},
    codec::HexArray,
    paillier::AuxError,
    primes::SafePrime,
    secret::SecretBytes,
    store::{Batch, BlobKind, Table},
};

impl Machine {
    /// Whether four primes of a level are in the pool.
    pub(super) fn check_primes(&self, level: u16) -> Result<Vec<Vec<u8>>, NodeError> {
        let ids = self.pool(level)?;
        if ids.len() >= 4 {
            return Ok(ids);
        }
        let message = format!("{} needs four primes of level {level} in its pool first", self.name);
        Err(NodeError::new(FailureKind::Fixable, message))
    }

    /// Takes four primes of a level out of the pool for good: each is used once.
    pub(super) fn take_primes(&mut self, level: u16) -> Result<[SafePrime; 4], NodeError> {
        let ids = self.check_primes(level)?;
        let mut taken = Vec::with_capacity(4);
        for id in ids.into_iter().take(4) {
            let bytes = self.store.open_blob(BlobKind::Prime, &id)?;
            let mut batch = Batch::new();
            batch.remove(Table::Pool, &id);
            self.store.delete_blob(BlobKind::Prime, &id, batch)?;
            taken.extend(bytes.map(SafePrime::danger_assume_prime));
        }
        let lost =
            || NodeError::new(FailureKind::Integrity, format!("{} lost a prime of its pool", self.name));
        taken.try_into().map_err(|_| lost())
    }

    pub(super) fn fill_pool(&mut self, level: u16, wanted: u16) -> Result<Reply, NodeError> {
        let unknown = || NodeError::new(FailureKind::Fixable, format!("{level} is not a level"));
        let kind = level_of(level).ok_or_else(unknown)?;
        let have = count(self.pool(level)?.len());
        if have >= wanted.min(64) {
            return Ok(Reply::Pool { have });
        }
        let prime = self.primes.draw(kind, &AtomicBool::new(false)).map_err(AuxError::from)?;
        let prime =
            prime.ok_or_else(|| NodeError::new(FailureKind::Unreachable, "the search was stopped"))?;
        let id = [level.to_be_bytes().as_slice(), &HexArray::<16>::random(&mut OsRng).0].concat();
        let mut batch = Batch::new();
        batch.put(Table::Pool, &id, Vec::new());
        let bytes = SecretBytes::new(prime.expose().to_vec());
        self.store.put_blob(BlobKind::Prime, &id, &bytes, batch)?;
        self.note(Note::new(Event::PrimeAdded).with("level", level))?;
        Ok(Reply::Pool { have: have + 1 })
    }

    /// Ids of a level's primes: the level, then 16 random bytes.
    pub(super) fn pool(&self, level: u16) -> Result<Vec<Vec<u8>>, NodeError> {
        let before =
            (level.saturating_sub(1)).to_be_bytes().into_iter().chain([0xff; 17]).collect::<Vec<_>>();
        let page = self.store.page(Table::Pool, Some(&before), 64)?;
        let of_level = |(id, _): (Vec<u8>, Vec<u8>)| id.starts_with(&level.to_be_bytes()).then_some(id);
        Ok(page.into_iter().map_while(of_level).collect())
    }
}
