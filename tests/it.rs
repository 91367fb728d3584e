#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

#[path = "it/frost_vectors.rs"]
mod frost_vectors;
