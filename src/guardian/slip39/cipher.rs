//! Encryption of the master secret: a Feistel network of four rounds of PBKDF2-HMAC-SHA256 (SLIP-39,
//! "Encryption of the master secret").

use sha2::Sha256;
use zeroize::Zeroizing;

use super::Parameters;
use crate::secret::SecretBytes;

/// Iterations of one round at exponent 0.
const ITERATIONS: u32 = 2500;

/// The encrypted master secret.
pub(super) fn encrypt(secret: &[u8], passphrase: &[u8], parameters: &Parameters) -> SecretBytes {
    feistel(secret, passphrase, parameters, [0, 1, 2, 3])
}

/// The master secret.
pub(super) fn decrypt(encrypted: &[u8], passphrase: &[u8], parameters: &Parameters) -> SecretBytes {
    feistel(encrypted, passphrase, parameters, [3, 2, 1, 0])
}

fn feistel(input: &[u8], passphrase: &[u8], parameters: &Parameters, rounds: [u8; 4]) -> SecretBytes {
    let (left, right) = input.split_at(input.len() / 2);
    let (mut left, mut right) = (Zeroizing::new(left.to_vec()), Zeroizing::new(right.to_vec()));
    let prefix = match parameters.extendable {
        true => Vec::new(),
        false => [b"shamir".as_slice(), &parameters.identifier.to_be_bytes()].concat(),
    };
    let iterations = ITERATIONS << parameters.iteration_exponent;
    for round in rounds {
        let password = Zeroizing::new([&[round], passphrase].concat());
        let salt = Zeroizing::new([prefix.as_slice(), &right].concat());
        let mut mask = Zeroizing::new(vec![0; right.len()]);
        pbkdf2::pbkdf2_hmac::<Sha256>(&password, &salt, iterations, &mut mask);
        left.iter_mut().zip(mask.iter()).for_each(|(left, mask)| *left ^= mask);
        std::mem::swap(&mut left, &mut right);
    }
    SecretBytes::new([right.as_slice(), &left].concat())
}
