//! Quorate: key-custody ceremonies over threshold keys.
//!
//! # Floors
//!
//! A file imports only from its own floor or a lower one; `tests/it/layering.rs` reads this very table.
//!
//! ```text
//! 5 cli
//! 4 ceremony
//! 3 node print store ui
//! 2 protocol
//! 1 curve primes paillier keyshare card genesis policy request audit wrap identity guardian shard receipt statement recovery
//! 0 secret digest codec ids signing_key
//! ```

pub mod audit;
pub mod card;
pub mod ceremony;
pub mod cli;
pub mod codec;
pub mod curve;
pub mod digest;
pub mod genesis;
pub mod guardian;
pub mod identity;
pub mod ids;
pub mod keyshare;
pub mod node;
pub mod paillier;
pub mod policy;
pub mod primes;
pub mod print;
pub mod protocol;
pub mod receipt;
pub mod recovery;
pub mod request;
pub mod secret;
pub mod shard;
pub mod signing_key;
pub mod statement;
pub mod store;
pub mod ui;
pub mod wrap;

// What integration tests share with unit tests names the crate by its name.
#[cfg(test)]
extern crate self as quorate;
#[cfg(test)]
#[allow(dead_code, unreachable_pub, clippy::expect_used, clippy::indexing_slicing)]
#[path = "../tests/harness/fixtures.rs"]
mod fixtures;
#[cfg(test)]
#[allow(dead_code, unreachable_pub, clippy::unwrap_used, clippy::indexing_slicing)]
#[path = "../tests/harness/shards.rs"]
mod shards;
