//! Quorate: key-custody ceremonies over threshold keys.

pub mod codec;
pub mod curve;
pub mod digest;
pub mod secret;
