//! Safe primes for Paillier and Pedersen moduli: `p` of an exact bit length with `p` and `(p - 1) / 2`
//! both prime.
//!
//! The search is incremental from a random start, behind a combined sieve that strikes out `p` and
//! `(p - 1) / 2` together (Wiener, "Safe Prime Generation with a Combined Sieve", eprint 2003/186).
//! Survivors face a Miller-Rabin test, and the winner the Baillie-PSW test on both numbers, with the
//! Lucas strengthening of Baillie, Fiori and Wagstaff (2021). As with every incremental search, a
//! prime behind a long gap is a little likelier than others.
//!
//! What stays unprotected: the sieve and the number of candidates tried are not constant-time, and
//! the temporaries inside the big-integer library are not wiped. One candidate left in freed memory
//! is enough to find the prime, so the search belongs in a short-lived, hardened process.

use std::fmt;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use crypto_bigint::{BoxedUint, Limb, NonZero, Odd};
use crypto_primes::{Flavor, hazmat::MillerRabin, is_prime};
use rand_core::{OsRng, RngCore};
use zeroize::Zeroizing;

use crate::secret::SecretBytes;

/// Bit lengths are whole 64-bit words between these bounds.
const MIN_BITS: u32 = 128;
const MAX_BITS: u32 = 8192;

/// The sieve strikes out multiples of all odd primes below this. At 1536 bits a survivor costs 1.4 ms
/// and a sieve 90 ms, so doubling or halving the limit changes the total by less than a tenth.
const SIEVE_LIMIT: u32 = 1 << 22;

/// Candidates `start + 4k` in one sieve: about as many as hold one safe prime of 1536 bits.
const SIEVE_LEN: usize = 1 << 19;

/// The odd primes below `SIEVE_LIMIT`.
static SIEVE_PRIMES: LazyLock<Vec<u32>> = LazyLock::new(|| odd_primes_below(SIEVE_LIMIT));

#[derive(Debug, thiserror::Error)]
pub enum PrimeError {
    #[error("{bits} is no usable prime size: a multiple of 64 from {MIN_BITS} to {MAX_BITS} bits is needed")]
    Size { bits: u32 },
    #[error("the number given as a prime has {found} bits where {bits} are needed")]
    Length { bits: u32, found: u32 },
    #[error("the number given as a safe prime is not one")]
    NotSafePrime,
    #[error("the operating system gave no randomness: {0}")]
    Randomness(rand_core::Error),
    #[error("a thread searching for a prime stopped abnormally")]
    Worker,
}

/// A safe prime: big-endian, top bit set, exactly `bits / 8` bytes.
pub struct SafePrime(SecretBytes);

impl SafePrime {
    /// Takes `bits / 8` big-endian bytes from outside, after testing that they are a safe prime.
    pub fn parse(bits: u32, bytes: SecretBytes) -> Result<Self, PrimeError> {
        check_size(bits)?;
        let number = Zeroizing::new(BoxedUint::from_be_slice_vartime(bytes.expose()));
        let found = number.bits_vartime();
        if found != bits || bytes.expose().len() != byte_len(bits) {
            return Err(PrimeError::Length { bits, found });
        }
        if !is_prime(Flavor::Safe, &*number) {
            return Err(PrimeError::NotSafePrime);
        }
        Ok(Self(bytes))
    }

    /// Takes bytes that were tested when they were stored.
    pub fn danger_assume_prime(bytes: SecretBytes) -> Self {
        Self(bytes)
    }

    /// The big-endian bytes, for the moment of use.
    pub fn expose(&self) -> &[u8] {
        self.0.expose()
    }
}

impl fmt::Debug for SafePrime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SafePrime({} bits)", self.0.expose().len() * 8)
    }
}

/// Searches on all cores for a random safe prime of exactly `bits` bits; the first thread to find one
/// wins. `None` means that `cancel` was set; the threads look at it before each sieve and each candidate
/// (every 0.1 s or less up to 2112 bits).
///
/// The product of two such primes has `2 * bits - 1` or `2 * bits` bits.
pub fn safe_prime(bits: u32, cancel: &AtomicBool) -> Result<Option<SafePrime>, PrimeError> {
    check_size(bits)?;
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let race = Race { bits, cancel, over: AtomicBool::new(false) };
    thread::scope(|scope| {
        // A helper that cannot be started only makes the search slower.
        let helpers: Vec<_> = (1..threads)
            .filter_map(|_| thread::Builder::new().spawn_scoped(scope, || race.run()).ok())
            .collect();
        let own = race.run();
        helpers
            .into_iter()
            .map(|helper| helper.join().unwrap_or(Err(PrimeError::Worker)))
            .fold(own, |best, next| Ok(best?.or(next?)))
    })
}

/// One search that several threads run, each with its own random starts.
struct Race<'a> {
    bits: u32,
    cancel: &'a AtomicBool,
    over: AtomicBool,
}

impl Race<'_> {
    /// Sieves and tests until this thread finds a prime, fails, or the race is over.
    fn run(&self) -> Result<Option<SafePrime>, PrimeError> {
        while !self.is_over() {
            let found = random_start(self.bits).map(|start| self.try_window(&start));
            if !matches!(found, Ok(None)) {
                self.over.store(true, Ordering::Relaxed);
                return found;
            }
        }
        Ok(None)
    }

    /// The first safe prime in the window that begins at `start`.
    fn try_window(&self, start: &BoxedUint) -> Option<SafePrime> {
        let struck = sieve(start);
        for (step, _) in (0_u64..).zip(struck.iter()).filter(|(_, struck)| !**struck) {
            if self.is_over() {
                return None;
            }
            let candidate = Zeroizing::new(start.wrapping_add(BoxedUint::from(4 * step)));
            if candidate.bits_vartime() != self.bits {
                return None;
            }
            if passes_quick_tests(&candidate) && is_prime(Flavor::Safe, &*candidate) {
                let bytes = candidate.to_be_bytes().into_vec();
                return Some(SafePrime(SecretBytes::new(bytes)));
            }
        }
        None
    }

    fn is_over(&self) -> bool {
        self.cancel.load(Ordering::Relaxed) || self.over.load(Ordering::Relaxed)
    }
}

fn check_size(bits: u32) -> Result<(), PrimeError> {
    let usable = (MIN_BITS..=MAX_BITS).contains(&bits) && bits.is_multiple_of(64);
    if usable { Ok(()) } else { Err(PrimeError::Size { bits }) }
}

fn byte_len(bits: u32) -> usize {
    bits.div_ceil(8) as usize
}

/// A random number of `bits` bits that is 3 modulo 4, as every safe prime above 5 is.
fn random_start(bits: u32) -> Result<Zeroizing<BoxedUint>, PrimeError> {
    let mut bytes = Zeroizing::new(vec![0; byte_len(bits)]);
    OsRng.try_fill_bytes(&mut bytes).map_err(PrimeError::Randomness)?;
    if let Some(first) = bytes.first_mut() {
        *first |= 0x80;
    }
    if let Some(last) = bytes.last_mut() {
        *last |= 3;
    }
    Ok(Zeroizing::new(BoxedUint::from_be_slice_vartime(&bytes)))
}

/// Entry `k` is true where `start + 4k`, or half of one less, has a factor among the sieving primes.
fn sieve(start: &BoxedUint) -> Zeroizing<Vec<bool>> {
    let mut struck = Zeroizing::new(vec![false; SIEVE_LEN]);
    for &prime in SIEVE_PRIMES.iter() {
        let residue = remainder(start, prime);
        for target in [0, 1] {
            // start + 4k = target (mod prime)
            let first = halve(halve((prime + target - residue) % prime, prime), prime);
            for entry in struck.iter_mut().skip(first as usize).step_by(prime as usize) {
                *entry = true;
            }
        }
    }
    struck
}

fn remainder(number: &BoxedUint, prime: u32) -> u32 {
    let divisor = NonZero::new(Limb::from_u32(prime)).unwrap_or(NonZero::<Limb>::ONE);
    // The remainder is below a `u32` divisor.
    number.rem_limb(divisor).0 as u32
}

/// Half of `value` modulo an odd `modulus`.
fn halve(value: u32, modulus: u32) -> u32 {
    if value.is_multiple_of(2) { value / 2 } else { (value + modulus) / 2 }
}

/// Miller-Rabin to base 2 on the candidate and then on `(candidate - 1) / 2`.
fn passes_quick_tests(candidate: &BoxedUint) -> bool {
    let half = Zeroizing::new(candidate.wrapping_shr_vartime(1));
    passes_miller_rabin(candidate) && passes_miller_rabin(&half)
}

fn passes_miller_rabin(number: &BoxedUint) -> bool {
    Option::<Odd<BoxedUint>>::from(Odd::new(number.clone()))
        .is_some_and(|odd| !MillerRabin::new(odd).test_base_two().is_composite())
}

/// Eratosthenes over the odd numbers from 3.
fn odd_primes_below(limit: u32) -> Vec<u32> {
    let mut composite = vec![false; (limit / 2) as usize];
    let mut primes = Vec::new();
    for number in (3..limit).step_by(2) {
        if composite.get((number / 2) as usize) == Some(&true) {
            continue;
        }
        primes.push(number);
        let square = number.saturating_mul(number);
        for entry in composite.iter_mut().skip((square / 2) as usize).step_by(number as usize) {
            *entry = true;
        }
    }
    primes
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;

    /// 2^127 - 1 is prime, half of one less is not.
    const MERSENNE: u128 = (1 << 127) - 1;

    fn search(bits: u32) -> SafePrime {
        safe_prime(bits, &AtomicBool::new(false)).unwrap().unwrap()
    }

    fn reparsed(bits: u32, bytes: &[u8]) -> Result<SafePrime, PrimeError> {
        SafePrime::parse(bits, SecretBytes::new(bytes.to_vec()))
    }

    #[test]
    fn a_found_prime_has_the_exact_length_and_parses_again() {
        for bits in [128, 192, 320] {
            let prime = search(bits);
            assert_eq!(prime.expose().len(), byte_len(bits));
            assert!(prime.expose()[0] >= 0x80, "the top bit is set");
            assert_eq!(prime.expose().last().unwrap() & 3, 3, "3 modulo 4");
            assert_eq!(reparsed(bits, prime.expose()).unwrap().expose(), prime.expose());
        }
    }

    #[test]
    fn r10_two_searches_find_different_primes() {
        assert_ne!(search(192).expose(), search(192).expose());
    }

    #[test]
    fn parse_refuses_composites_half_safe_primes_and_other_lengths() {
        let prime = search(128);
        let mut changed = prime.expose().to_vec();
        changed[15] ^= 4;
        assert!(matches!(reparsed(128, &changed), Err(PrimeError::NotSafePrime)));
        let prime_not_safe = u128::MAX - 158;
        assert!(matches!(reparsed(128, &prime_not_safe.to_be_bytes()), Err(PrimeError::NotSafePrime)));
        assert!(matches!(reparsed(192, prime.expose()), Err(PrimeError::Length { bits: 192, found: 128 })));
        let padded = [&[0], prime.expose()].concat();
        assert!(matches!(reparsed(128, &padded), Err(PrimeError::Length { .. })));
        assert!(matches!(reparsed(128, &MERSENNE.to_be_bytes()), Err(PrimeError::Length { found: 127, .. })));
        assert!(matches!(reparsed(128, &[]), Err(PrimeError::Length { found: 0, .. })));
    }

    #[test]
    fn a_prime_that_is_not_safe_is_told_from_a_safe_one() {
        let number = |value: u128| BoxedUint::from_be_slice_vartime(&value.to_be_bytes());
        assert!(is_prime(Flavor::Any, &number(MERSENNE)));
        assert!(!passes_quick_tests(&number(MERSENNE)));
        assert!(passes_quick_tests(&number(23)) && !passes_quick_tests(&number(29)));
    }

    #[test]
    fn the_sieve_strikes_exactly_the_candidates_with_a_small_factor() {
        let start = random_start(256).unwrap();
        let struck = sieve(&start);
        for (k, struck) in (0_u64..200).zip(struck.iter()) {
            let candidate = start.wrapping_add(BoxedUint::from(4 * k));
            let half = candidate.wrapping_shr_vartime(1);
            let factor =
                SIEVE_PRIMES.iter().any(|r| remainder(&candidate, *r) == 0 || remainder(&half, *r) == 0);
            assert_eq!(*struck, factor, "candidate {k}");
        }
    }

    #[test]
    fn sieving_primes_are_the_odd_primes() {
        assert_eq!(odd_primes_below(30), [3, 5, 7, 11, 13, 17, 19, 23, 29]);
        assert_eq!(odd_primes_below(1000).len(), 167);
    }

    #[test]
    fn unusable_sizes_are_refused() {
        for bits in [0, 64, 127, 1535, 1537, 8256, u32::MAX] {
            let outcome = safe_prime(bits, &AtomicBool::new(false));
            assert!(matches!(outcome, Err(PrimeError::Size { bits: refused }) if refused == bits));
        }
    }

    #[test]
    fn a_cancelled_search_ends_with_none() {
        assert!(safe_prime(2112, &AtomicBool::new(true)).unwrap().is_none());
        let cancel = AtomicBool::new(false);
        let started = Instant::now();
        let found = thread::scope(|scope| {
            let search = scope.spawn(|| safe_prime(8192, &cancel));
            thread::sleep(Duration::from_millis(50));
            cancel.store(true, Ordering::Relaxed);
            search.join().unwrap().unwrap()
        });
        assert!(found.is_none());
        assert!(started.elapsed() < Duration::from_secs(30));
    }

    #[test]
    fn r45_debug_shows_the_size_only() {
        assert_eq!(format!("{:?}", search(128)), "SafePrime(128 bits)");
    }
    #[test]
    fn the_committed_test_primes_are_distinct_safe_primes() {
        let files = [
            (1536, include_str!("../tests/fixtures/primes-1536.txt")),
            (1600, include_str!("../tests/fixtures/primes-1600.txt")),
            (2112, include_str!("../tests/fixtures/primes-2112.txt")),
        ];
        for (bits, text) in files {
            let (header, lines) = text.split_once('\n').unwrap();
            assert_eq!(header, "# TEST PRIMES: public, never use");
            let distinct: std::collections::BTreeSet<_> = lines.lines().collect();
            assert_eq!((lines.lines().count(), distinct.len()), (20, 20));
            for line in distinct {
                reparsed(bits, &hex::decode(line).unwrap()).unwrap();
            }
        }
    }
}
