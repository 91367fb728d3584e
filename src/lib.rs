//! Quorate: key-custody ceremonies over threshold keys.

pub mod codec;
pub mod digest;
pub mod primes;
pub mod secret;
