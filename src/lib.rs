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
pub mod primes;
pub mod protocol;
pub mod request;
pub mod secret;
pub mod signing_key;
pub mod store;
pub mod wrap;
