//! Wrapping of secrets: to an age recipient, or under a passphrase.

pub mod recipient;
