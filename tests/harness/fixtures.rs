//! Committed TEST primes and aux (see `tests/fixtures/README.md`). Public: never use them for a key.

use std::sync::atomic::{AtomicUsize, Ordering};

use cggmp24::{backend::Integer, key_share::DirtyAuxInfo};
use quorate::{
    codec::Hex,
    curve::{Level, ec},
    paillier::{AuxPrimes, AuxRow, PrimeSource},
    primes::SafePrime,
    secret::SecretBytes,
};

/// Primes and ready-made aux for indices 1 to 5.
pub fn source() -> PrimeSource {
    let drawn = AtomicUsize::new(0);
    PrimeSource::test(
        move |level| Ok(prime(level, drawn.fetch_add(1, Ordering::Relaxed) % 20)),
        |level, index| {
            let party = usize::from(index).checked_sub(1).filter(|party| *party < 5)?;
            Some((primes(level, party), row(level, index)))
        },
    )
}

/// Primes only: the aux protocol really runs.
pub fn source_without_aux() -> PrimeSource {
    let drawn = AtomicUsize::new(0);
    PrimeSource::test(move |level| Ok(prime(level, drawn.fetch_add(1, Ordering::Relaxed) % 20)), |_, _| None)
}

/// The four primes of a party, counted from 0.
pub fn primes(level: Level, party: usize) -> AuxPrimes {
    AuxPrimes::new([0, 1, 2, 3].map(|i| prime(level, 4 * party + i)))
}

/// The public row of an index.
pub fn row(level: Level, index: u16) -> AuxRow {
    let party = usize::from(index) - 1;
    let bytes = aux_file(level, party);
    match level {
        Level::Bits256 => row_of::<ec::Level256>(bytes, index, party),
        Level::Bits384 => row_of::<ec::Level384>(bytes, index, party),
        Level::Bits521 => row_of::<ec::Level521>(bytes, index, party),
    }
}

fn row_of<L: cggmp24::security_level::SecurityLevel>(bytes: &[u8], index: u16, party: usize) -> AuxRow {
    let aux: DirtyAuxInfo<L> = ciborium::from_reader(bytes).expect("committed aux is readable");
    let params = &aux.pedersen_params[party];
    let number = |n: &Integer| Hex(n.to_bytes_msf());
    AuxRow {
        index,
        paillier: number(&aux.N[party]),
        pedersen: number(&params.hat_N),
        s: number(&params.s),
        t: number(&params.t),
    }
}

fn prime(level: Level, number: usize) -> SafePrime {
    let file = match level {
        Level::Bits256 => include_str!("../fixtures/primes-1536.txt"),
        Level::Bits384 => include_str!("../fixtures/primes-1600.txt"),
        Level::Bits521 => include_str!("../fixtures/primes-2112.txt"),
    };
    let line = file.lines().nth(number + 1).expect("twenty primes are committed");
    let bytes = hex::decode(line).expect("committed primes are hex");
    SafePrime::danger_assume_prime(SecretBytes::new(bytes))
}

fn aux_file(level: Level, party: usize) -> &'static [u8] {
    macro_rules! files {
        ($($bits:literal: $kind:pat),*) => {
            match level {
                $($kind => [
                    include_bytes!(concat!("../fixtures/aux-", $bits, "-n5-p0.cbor")).as_slice(),
                    include_bytes!(concat!("../fixtures/aux-", $bits, "-n5-p1.cbor")),
                    include_bytes!(concat!("../fixtures/aux-", $bits, "-n5-p2.cbor")),
                    include_bytes!(concat!("../fixtures/aux-", $bits, "-n5-p3.cbor")),
                    include_bytes!(concat!("../fixtures/aux-", $bits, "-n5-p4.cbor")),
                ],)*
            }
        };
    }
    files!("256": Level::Bits256, "384": Level::Bits384, "521": Level::Bits521)[party]
}
