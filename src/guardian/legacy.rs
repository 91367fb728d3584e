//! Shares made by the `sharks` crate and its forks: x, then a byte of each polynomial, in hex or base64.
//!
//! They carry no threshold, no set and no digest: too few, mixed or altered shares make other bytes without a
//! word. The caller accepts a result only for the recipient it is known to belong to.
//! `sharks` drew its coefficients from 1 to 255 (RUSTSEC-2024-0398): such shares say a little about the secret,
//! and none are made here.

use base64::{
    Engine as _,
    alphabet::STANDARD,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use zeroize::Zeroizing;

use super::gf256::SHARKS;
use crate::secret::SecretBytes;

/// Most bytes of a share: an `AGE-SECRET-KEY-1...` and its x need 75.
const SHARE_CAP: usize = 256;
/// Most shares.
const COUNT_CAP: usize = 255;

/// Why shares are not combined. No message repeats anything of them.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum LegacyError {
    #[error("at least two shares are needed, and at most 255 can be: {0} were given")]
    Count(usize),
    #[error("share {0} is neither hex nor base64, or too short or too long")]
    Encoding(usize),
    #[error("share {0} has the index 0, which no share has")]
    Zero(usize),
    #[error("shares {0} and {1} have the same index")]
    Twice(usize, usize),
    #[error("share {0} is longer or shorter than the first")]
    Length(usize),
}

/// What the shares make: for an age identity either its 32 bytes or its text.
pub fn combine_sharks(shares: &[&str]) -> Result<SecretBytes, LegacyError> {
    if !(2..=COUNT_CAP).contains(&shares.len()) {
        return Err(LegacyError::Count(shares.len()));
    }
    let mut decoded = Vec::with_capacity(shares.len());
    for (number, text) in (1..).zip(shares) {
        decoded.push(decode(text).ok_or(LegacyError::Encoding(number))?);
    }
    let mut points: Vec<(u8, &[u8])> = Vec::with_capacity(decoded.len());
    for (number, share) in (1..).zip(&decoded) {
        let (x, y) = share.split_first().ok_or(LegacyError::Encoding(number))?;
        if *x == 0 {
            return Err(LegacyError::Zero(number));
        }
        if let Some(before) = points.iter().position(|(other, _)| other == x) {
            return Err(LegacyError::Twice(before + 1, number));
        }
        if points.first().is_some_and(|(_, first)| first.len() != y.len()) {
            return Err(LegacyError::Length(number));
        }
        points.push((*x, y));
    }
    SHARKS.interpolate(0, &points).ok_or(LegacyError::Count(points.len()))
}

/// Hex in either case, else base64 in either alphabet, padded or not. What happens to be both is hex: of base64
/// text this long that is less likely than one in 2^60.
fn decode(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let text = text.trim();
    if text.len() > SHARE_CAP * 2 {
        return None;
    }
    let bytes = match hex::decode(text) {
        Ok(bytes) => Zeroizing::new(bytes),
        Err(_) => {
            let standard = |c| match c {
                '-' => '+',
                '_' => '/',
                other => other,
            };
            let text: Zeroizing<String> = Zeroizing::new(text.chars().map(standard).collect());
            let config = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
            Zeroizing::new(GeneralPurpose::new(&STANDARD, config).decode(text.as_str()).ok()?)
        }
    };
    (2..=SHARE_CAP).contains(&bytes.len()).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use base64::engine::general_purpose::{STANDARD as PADDED, URL_SAFE_NO_PAD};
    use blahaj::Sharks;

    use super::*;

    fn shares(secret: &[u8]) -> Vec<Vec<u8>> {
        Sharks(3).dealer(secret).take(5).map(|share| Vec::from(&share)).collect()
    }

    fn combine(shares: &[String]) -> Result<SecretBytes, LegacyError> {
        combine_sharks(&shares.iter().map(String::as_str).collect::<Vec<_>>())
    }

    #[test]
    fn shares_of_the_crate_are_combined_in_each_spelling() {
        let text = b"AGE-SECRET-KEY-1QQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQ";
        for secret in [&[0x5a; 32][..], text] {
            let made = shares(secret);
            let spellings: [fn(&[u8]) -> String; 4] = [
                |share| hex::encode(share),
                |share| format!(" {}\r\n", hex::encode_upper(share)),
                |share| PADDED.encode(share),
                |share| URL_SAFE_NO_PAD.encode(share),
            ];
            for spell in spellings {
                for chosen in [&[0, 1, 2][..], &[4, 2, 0], &[3, 1, 4, 0, 2]] {
                    let given: Vec<String> = chosen.iter().map(|i| spell(&made[*i])).collect();
                    assert_eq!(combine(&given).unwrap().expose(), secret);
                }
            }
        }
    }

    #[test]
    fn r31_what_cannot_be_combined_is_refused() {
        let given: Vec<String> = shares(&[7; 32]).iter().map(hex::encode).collect();
        let with = |i: usize, text: &str| {
            let mut bad = given.clone();
            bad[i] = text.to_owned();
            combine(&bad).unwrap_err()
        };
        assert_eq!(with(1, &given[0]), LegacyError::Twice(1, 2));
        assert_eq!(with(1, &format!("00{}", &given[1][2..])), LegacyError::Zero(2));
        assert_eq!(with(2, &given[2][..given[2].len() - 2]), LegacyError::Length(3));
        for bad in ["", "01", "zz zz", "é", "=", &"0".repeat(1 << 20)] {
            assert_eq!(with(3, bad), LegacyError::Encoding(4), "{:.9}", bad);
        }
        assert_eq!(combine(&given[..1]).unwrap_err(), LegacyError::Count(1));
        assert_eq!(combine_sharks(&[]).unwrap_err(), LegacyError::Count(0));
    }

    /// Why the caller must know the recipient.
    #[test]
    fn too_few_and_mixed_shares_make_other_bytes() {
        let given: Vec<String> = shares(&[7; 32]).iter().map(hex::encode).collect();
        assert_ne!(combine(&given[..2]).unwrap().expose(), [7; 32]);
        let mut mixed = given;
        mixed[0] = hex::encode(&shares(&[7; 32])[0]);
        assert_ne!(combine(&mixed[..3]).unwrap().expose(), [7; 32]);
    }
}
