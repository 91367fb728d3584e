//! Quorate: key-custody ceremonies over threshold keys.

pub mod audit;
pub mod card;
pub mod codec;
pub mod curve;
pub mod digest;
pub mod genesis;
pub mod ids;
pub mod keyshare;
pub mod policy;
pub mod request;
pub mod primes;
pub mod secret;
pub mod signing_key;
pub mod wrap;
