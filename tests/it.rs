#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, unreachable_pub)]

#[path = "harness/fixtures.rs"]
mod fixtures;
#[path = "it/frost_vectors.rs"]
mod frost_vectors;
#[path = "it/verify_vectors.rs"]
mod verify_vectors;

#[path = "it/protocol.rs"]
mod protocol;
#[path = "it/relay.rs"]
mod relay;
