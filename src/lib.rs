//! Quorate: key-custody ceremonies over threshold keys.

pub mod codec;
pub mod digest;
pub mod secret;
pub mod store;
pub mod wrap;
