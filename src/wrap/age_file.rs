//! Small secrets as age files (C2SP `age.md`) that stock `age` opens: to an X25519 recipient, or under a
//! passphrase. Always armored, always whole in memory.

use std::io::{self, Read as _, Write as _};

use age::armor::{ArmoredReader, ArmoredWriter, Format};
use age::secrecy::SecretString;
use age::{DecryptError, Decryptor, Encryptor};
use zeroize::Zeroizing;

use super::passphrase::{NewPassphrase, Passphrase, small_costs_allowed};
use super::recipient::{Identity, Recipient};
use crate::secret::SecretBytes;

/// Longest armored file that is opened, in bytes.
pub const ARMORED_CAP: usize = 1 << 20;
const BEGIN: &str = "-----BEGIN AGE ENCRYPTED FILE-----\n";
/// scrypt's log2 N, as stock age writes it: 256 MiB.
const WORK_FACTOR: u8 = 18;
/// The most that is worked for (1 GiB), whatever a file asks.
const MAX_WORK_FACTOR: u8 = 20;

/// Why an age file was not made or opened.
#[derive(Debug, thiserror::Error)]
pub enum AgeError {
    #[error("it is longer than {ARMORED_CAP} bytes")]
    TooLong,
    #[error("it is not an armored age file")]
    NotArmored,
    #[error("it was encrypted to another identity, or under another passphrase")]
    WrongKey,
    #[error("it is an age file under a passphrase, not to an identity")]
    PassphraseNeeded,
    #[error("it is an age file to an identity, not under a passphrase")]
    IdentityNeeded,
    #[error("it asks for more than 2^{MAX_WORK_FACTOR} scrypt rounds")]
    ExcessiveWork,
    #[error("it is damaged")]
    Damaged,
    #[error("age could not encrypt: {0}")]
    Encrypt(String),
}

/// How a file is opened.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum OpensWith {
    Identity,
    Passphrase,
}

/// Encrypts to one recipient.
pub fn encrypt(recipient: &Recipient, plaintext: &[u8]) -> Result<String, AgeError> {
    let recipient: age::x25519::Recipient =
        recipient.to_string().parse().map_err(|e: &str| AgeError::Encrypt(e.to_owned()))?;
    let encryptor = Encryptor::with_recipients(std::iter::once(&recipient as &dyn age::Recipient))
        .map_err(|e| AgeError::Encrypt(e.to_string()))?;
    write(encryptor, plaintext)
}

/// Encrypts under a passphrase (scrypt).
pub fn encrypt_with_passphrase(passphrase: &NewPassphrase, plaintext: &[u8]) -> Result<String, AgeError> {
    let mut recipient = age::scrypt::Recipient::new(secret_string(passphrase.passphrase()));
    recipient.set_work_factor(if small_costs_allowed() { 2 } else { WORK_FACTOR });
    let encryptor = Encryptor::with_recipients(std::iter::once(&recipient as &dyn age::Recipient))
        .map_err(|e| AgeError::Encrypt(e.to_string()))?;
    write(encryptor, plaintext)
}

/// Whether this is armored just as [`encrypt`] would: nothing before or after, lines of one length.
pub fn is_canonical(armored: &[u8]) -> bool {
    let again = || -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        ArmoredReader::new(armored).take(ARMORED_CAP as u64).read_to_end(&mut bytes)?;
        let mut out = ArmoredWriter::wrap_output(Vec::new(), Format::AsciiArmor)?;
        out.write_all(&bytes)?;
        out.finish()
    };
    armored.len() <= ARMORED_CAP && again().is_ok_and(|again| again == armored)
}

/// The bytes inside the armor.
pub fn dearmored(armored: &str) -> Result<Vec<u8>, AgeError> {
    let mut bytes = Vec::new();
    let read = ArmoredReader::new(armored.as_bytes()).take(ARMORED_CAP as u64).read_to_end(&mut bytes);
    read.map(|_| bytes).map_err(|_| AgeError::Damaged)
}

/// Puts bytes into armor, as age does.
pub fn armored(bytes: &[u8]) -> Result<String, AgeError> {
    let armor = || {
        let mut out = ArmoredWriter::wrap_output(Vec::new(), Format::AsciiArmor)?;
        out.write_all(bytes)?;
        out.finish()
    };
    armor().ok().and_then(|armored: Vec<u8>| String::from_utf8(armored).ok()).ok_or(AgeError::Damaged)
}

/// What opens this file; reads only its header.
pub fn opens_with(armored: &[u8]) -> Result<OpensWith, AgeError> {
    let scrypt = decryptor(armored)?.is_scrypt();
    Ok(if scrypt { OpensWith::Passphrase } else { OpensWith::Identity })
}

/// Opens a file that was encrypted to an identity.
pub fn decrypt(identity: &Identity, armored: &[u8]) -> Result<SecretBytes, AgeError> {
    let decryptor = decryptor(armored)?;
    if decryptor.is_scrypt() {
        return Err(AgeError::PassphraseNeeded);
    }
    let text = identity.to_text();
    let text = std::str::from_utf8(text.expose()).map_err(|_| AgeError::Damaged)?;
    let identity: age::x25519::Identity = text.parse().map_err(|_| AgeError::Damaged)?;
    read(decryptor, &identity, armored.len())
}

/// Opens a file that was encrypted under a passphrase.
pub fn decrypt_with_passphrase(passphrase: &Passphrase, armored: &[u8]) -> Result<SecretBytes, AgeError> {
    let decryptor = decryptor(armored)?;
    if !decryptor.is_scrypt() {
        return Err(AgeError::IdentityNeeded);
    }
    let mut identity = age::scrypt::Identity::new(secret_string(passphrase));
    identity.set_max_work_factor(MAX_WORK_FACTOR);
    read(decryptor, &identity, armored.len())
}

fn secret_string(passphrase: &Passphrase) -> SecretString {
    SecretString::from(passphrase.expose().to_owned())
}

fn write(encryptor: Encryptor, plaintext: &[u8]) -> Result<String, AgeError> {
    let failed = |e: io::Error| AgeError::Encrypt(e.to_string());
    let armored = ArmoredWriter::wrap_output(Vec::new(), Format::AsciiArmor).map_err(failed)?;
    let mut stream = encryptor.wrap_output(armored).map_err(failed)?;
    stream.write_all(plaintext).map_err(failed)?;
    let bytes = stream.finish().and_then(ArmoredWriter::finish).map_err(failed)?;
    String::from_utf8(bytes).map_err(|e| AgeError::Encrypt(e.to_string()))
}

fn decryptor(armored: &[u8]) -> Result<Decryptor<ArmoredReader<io::BufReader<&[u8]>>>, AgeError> {
    if armored.len() > ARMORED_CAP {
        return Err(AgeError::TooLong);
    }
    if !armored.starts_with(BEGIN.as_bytes()) {
        return Err(AgeError::NotArmored);
    }
    Decryptor::new(ArmoredReader::new(armored)).map_err(refused)
}

fn read(
    decryptor: Decryptor<ArmoredReader<io::BufReader<&[u8]>>>,
    identity: &dyn age::Identity,
    armored_len: usize,
) -> Result<SecretBytes, AgeError> {
    let mut stream = decryptor.decrypt(std::iter::once(identity)).map_err(refused)?;
    // Plaintext is shorter than its armor, so the buffer never moves.
    let mut plaintext = Zeroizing::new(Vec::with_capacity(armored_len));
    stream.read_to_end(&mut plaintext).map_err(|_| AgeError::Damaged)?;
    Ok(SecretBytes::from(plaintext))
}

fn refused(error: DecryptError) -> AgeError {
    match error {
        DecryptError::NoMatchingKeys | DecryptError::KeyDecryptionFailed => AgeError::WrongKey,
        DecryptError::DecryptionFailed => AgeError::WrongKey,
        DecryptError::ExcessiveWork { .. } => AgeError::ExcessiveWork,
        _ => AgeError::Damaged,
    }
}

#[cfg(test)]
mod tests {
    use rand_core::OsRng;

    use super::*;
    use crate::wrap::passphrase::danger_allow_small_costs;

    #[test]
    fn an_age_file_opens_with_its_identity_only() {
        let (mine, other) = (Identity::random(&mut OsRng), Identity::random(&mut OsRng));
        let file = encrypt(&mine.recipient(), b"share").unwrap();
        assert_eq!(opens_with(file.as_bytes()).unwrap(), OpensWith::Identity);
        assert_eq!(decrypt(&mine, file.as_bytes()).unwrap().expose(), b"share");
        assert!(matches!(decrypt(&other, file.as_bytes()), Err(AgeError::WrongKey)));
        let passphrase = Passphrase::from_bytes(b"x".to_vec()).unwrap();
        let wrong = decrypt_with_passphrase(&passphrase, file.as_bytes());
        assert!(matches!(wrong, Err(AgeError::IdentityNeeded)));
    }

    #[test]
    fn an_age_file_under_a_passphrase_opens_with_it_only() {
        danger_allow_small_costs();
        let phrase = || Passphrase::from_bytes(b"correct horse battery staple 7".to_vec()).unwrap();
        let chosen = NewPassphrase::chosen(phrase(), &[]).unwrap();
        let file = encrypt_with_passphrase(&chosen, b"share").unwrap();
        assert_eq!(opens_with(file.as_bytes()).unwrap(), OpensWith::Passphrase);
        assert_eq!(decrypt_with_passphrase(&phrase(), file.as_bytes()).unwrap().expose(), b"share");
        let other = Passphrase::from_bytes(b"correct horse battery staple 8".to_vec()).unwrap();
        assert!(decrypt_with_passphrase(&other, file.as_bytes()).is_err());
        let identity = Identity::random(&mut OsRng);
        assert!(matches!(decrypt(&identity, file.as_bytes()), Err(AgeError::PassphraseNeeded)));
    }

    #[test]
    fn r51_damage_garbage_and_excess_are_refused() {
        let identity = Identity::random(&mut OsRng);
        let file = encrypt(&identity.recipient(), b"share").unwrap();
        for cut in 0..file.len() - 1 {
            assert!(decrypt(&identity, &file.as_bytes()[..cut]).is_err(), "cut at {cut}");
        }
        for at in 0..file.len() {
            let mut altered = file.clone().into_bytes();
            altered[at] ^= 1;
            assert!(decrypt(&identity, &altered).is_err(), "altered at {at}");
        }
        assert!(matches!(decrypt(&identity, b""), Err(AgeError::NotArmored)));
        assert!(matches!(decrypt(&identity, &vec![b'-'; ARMORED_CAP + 1]), Err(AgeError::TooLong)));
    }
}
