#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

#[path = "it/frost_vectors.rs"]
mod frost_vectors;
#[path = "it/verify_vectors.rs"]
mod verify_vectors;
