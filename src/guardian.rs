//! Guardians: an identity's secret as SLIP-39 shares on paper, and the way back.
#![doc = include_str!("guardian/format.md")]

pub mod collect;
pub mod gf256;
pub mod legacy;
pub mod mend;
#[cfg(test)]
mod samples;
pub mod set;
pub mod slip39;
pub mod wordlist;
