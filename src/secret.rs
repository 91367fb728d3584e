//! Secrets in memory: boxed, locked where the system allows it, wiped on drop, impossible to print,
//! copy, compare or serialize by accident.

use std::fmt;

use rand_core::{CryptoRng, RngCore};
use zeroize::{Zeroize, Zeroizing};

/// `N` secret bytes on the heap, so that moving the value leaves no copy behind.
pub struct Secret<const N: usize>(Box<[u8; N]>);

impl<const N: usize> Secret<N> {
    /// Draws `N` uniform bytes.
    pub fn random(rng: &mut (impl RngCore + CryptoRng)) -> Self {
        Self::fill(|bytes| rng.fill_bytes(bytes))
    }

    /// Lets `write` put the bytes in place; nothing else holds them.
    pub fn fill(write: impl FnOnce(&mut [u8; N])) -> Self {
        let mut bytes = Box::new([0; N]);
        lock(bytes.as_slice());
        write(&mut bytes);
        Self(bytes)
    }

    /// Copies a slice of exactly `N` bytes; the caller wipes the source.
    pub fn from_slice(source: &[u8]) -> Option<Self> {
        let source: &[u8; N] = source.try_into().ok()?;
        Some(Self::fill(|bytes| bytes.copy_from_slice(source)))
    }

    /// The bytes, for the moment of use.
    pub fn expose(&self) -> &[u8; N] {
        &self.0
    }
}

impl<const N: usize> Drop for Secret<N> {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl<const N: usize> fmt::Debug for Secret<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secret<{N}>")
    }
}

/// Secret bytes whose length is known only when running: an encoded scalar, an aux blob, a passphrase.
pub struct SecretBytes(Zeroizing<Vec<u8>>);

impl SecretBytes {
    /// Takes the vector over; it must not have been grown since it held a secret.
    pub fn new(bytes: Vec<u8>) -> Self {
        lock(&bytes);
        Self(Zeroizing::new(bytes))
    }

    /// The bytes, for the moment of use.
    pub fn expose(&self) -> &[u8] {
        &self.0
    }
}

impl From<Zeroizing<Vec<u8>>> for SecretBytes {
    fn from(bytes: Zeroizing<Vec<u8>>) -> Self {
        lock(&bytes);
        Self(bytes)
    }
}

impl fmt::Debug for SecretBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SecretBytes({})", self.0.len())
    }
}

/// A writer for encoders that put secrets out piece by piece: it wipes what growing leaves behind.
#[derive(Default)]
pub struct SecretWriter(Zeroizing<Vec<u8>>);

impl SecretWriter {
    /// What was written.
    pub fn finish(self) -> SecretBytes {
        SecretBytes::from(self.0)
    }
}

impl std::io::Write for SecretWriter {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let needed = self.0.len() + bytes.len();
        if needed > self.0.capacity() {
            let mut larger = Zeroizing::new(Vec::with_capacity(needed.next_power_of_two().max(256)));
            larger.extend_from_slice(&self.0);
            self.0 = larger;
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Keeps the page of a small secret out of swap. Best effort: a full locked-memory quota is not an
/// error. The page stays locked for the life of the process, because locks do not nest and
/// neighbours share pages.
fn lock(bytes: &[u8]) {
    if !bytes.is_empty()
        && bytes.len() <= 4096
        && let Ok(guard) = region::lock(bytes.as_ptr(), bytes.len())
    {
        std::mem::forget(guard);
    }
}

/// Core dumps off, process non-dumpable, umask 077 (R45). Best effort where the system lacks one.
pub fn harden_process() {
    use rustix::process::{self, Resource, Rlimit};
    let none = Rlimit { current: Some(0), maximum: Some(0) };
    let _ = process::setrlimit(Resource::Core, none);
    #[cfg(target_os = "linux")]
    let _ = process::set_dumpable_behavior(process::DumpableBehavior::NotDumpable);
    process::umask(rustix::fs::Mode::from_raw_mode(0o077));
}

#[cfg(test)]
mod tests {
    use static_assertions::assert_not_impl_any;

    use super::*;

    assert_not_impl_any!(Secret<32>: Clone, Copy, PartialEq, serde::Serialize, fmt::Display);
    assert_not_impl_any!(SecretBytes: Clone, Copy, PartialEq, serde::Serialize, fmt::Display);

    #[test]
    fn r45_debug_shows_no_secret_byte() {
        let secret = Secret::<4>::fill(|bytes| bytes.copy_from_slice(&[0xde, 0xad, 0xbe, 0xef]));
        assert_eq!(format!("{secret:?}"), "Secret<4>");
        assert_eq!(format!("{:?}", SecretBytes::new(vec![0xde, 0xad])), "SecretBytes(2)");
    }

    #[test]
    fn from_slice_takes_the_exact_length_only() {
        assert!(Secret::<4>::from_slice(&[1, 2, 3, 4]).is_some());
        assert!(Secret::<4>::from_slice(&[1, 2, 3]).is_none());
        assert!(Secret::<4>::from_slice(&[1, 2, 3, 4, 5]).is_none());
    }
}
