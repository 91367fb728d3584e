//! SLIP-39: shares of a secret as words, one level of groups above them.
//!
//! Read and combined is whatever the standard allows for 128 and 256 bits; made is one group only.

mod checksum;
mod cipher;
mod combine;
mod split;
#[cfg(test)]
mod vectors;

use std::fmt;

use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

pub(super) use self::{
    checksum::{CHECK_WORDS, remainder, step},
    combine::difference,
};
pub use self::{
    combine::{CombineError, Place, combine, recreate},
    split::{Rehearsed, SplitError, split},
};
use super::wordlist;
use crate::{digest::Hash, secret::SecretBytes};

/// Most members of a group, and most groups.
pub const MAX_SHARES: u8 = 16;
/// Numbers of words of a share, for secrets of 128 and of 256 bits.
pub const WORD_COUNTS: [usize; 2] = [20, 33];
/// Longest text that is read as one share, in bytes; 33 words of eight letters need 296.
const TEXT_CAP: usize = 4096;
/// Words before the share value.
const HEADER_WORDS: usize = 4;

/// Why text is not a share. No message repeats a word of it.
#[derive(Debug, thiserror::Error)]
pub enum ShareError {
    #[error("a share is 20 or 33 words; this is far longer ({0} bytes)")]
    TooLong(usize),
    #[error("a share has 20 or 33 words; these are {0}")]
    Count(usize),
    #[error("word {position} is not a word of the SLIP-39 list")]
    UnknownWord {
        /// From 1.
        position: usize,
        /// What may have been meant; nearly as secret as the share.
        nearest: Hints,
    },
    #[error("the checksum of the share is wrong: a word is mistaken, missing or out of place")]
    Checksum,
    #[error("the share asks for {threshold} of {count} groups, which cannot be")]
    Groups { threshold: u8, count: u8 },
    #[error("the share is padded with other bits than zeros: some other program made it wrongly")]
    Padding,
}

/// Words for a person at the screen, not for logs: printing for debugging shows none of them.
pub struct Hints(pub Vec<&'static str>);

impl fmt::Debug for Hints {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hints({})", self.0.len())
    }
}

/// What a share says besides its value; nothing of it is secret.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Parameters {
    /// 15 random bits, the same for all shares of a set.
    pub identifier: u16,
    /// Whether the identifier stays out of the encryption, so that one secret can have several sets.
    pub extendable: bool,
    /// PBKDF2 runs 10,000 * 2^this iterations; at most 15.
    pub iteration_exponent: u8,
    /// Which group, from 0: its x-coordinate.
    pub group_index: u8,
    /// How many groups are needed, from 1.
    pub group_threshold: u8,
    /// How many groups there are, from 1.
    pub group_count: u8,
    /// Which member of the group, from 0: its x-coordinate.
    pub member_index: u8,
    /// How many members of the group are needed, from 1.
    pub member_threshold: u8,
}

/// One share: well-formed, its checksum right.
pub struct Share {
    parameters: Parameters,
    value: SecretBytes,
}

impl Share {
    /// Reads 20 or 33 words in any case, with any white space between and around them.
    pub fn parse(text: &str) -> Result<Self, ShareError> {
        if text.len() > TEXT_CAP {
            return Err(ShareError::TooLong(text.len()));
        }
        let count = text.split_whitespace().count();
        if !WORD_COUNTS.contains(&count) {
            return Err(ShareError::Count(count));
        }
        let mut indices = Zeroizing::new(Vec::with_capacity(count));
        for (position, word) in (1..).zip(text.split_whitespace()) {
            let unknown = || ShareError::UnknownWord { position, nearest: Hints(wordlist::nearest(word)) };
            indices.push(wordlist::index_of(word).ok_or_else(unknown)?);
        }
        Self::from_indices(&indices)
    }

    /// What it says besides its value.
    pub fn parameters(&self) -> &Parameters {
        &self.parameters
    }

    /// Which member of its group, from 0. Sheets and messages count from 1.
    pub fn member_index(&self) -> u8 {
        self.parameters.member_index
    }

    /// How many members of its group are needed.
    pub fn member_threshold(&self) -> u8 {
        self.parameters.member_threshold
    }

    /// Bytes of the secret: 16 or 32.
    pub fn secret_len(&self) -> usize {
        self.value.expose().len()
    }

    /// The words in lower case with one space between them.
    pub fn text(&self) -> Zeroizing<String> {
        let indices = self.indices();
        let mut text = Zeroizing::new(String::with_capacity(indices.len() * 9));
        for (i, index) in indices.iter().enumerate() {
            if i > 0 {
                text.push(' ');
            }
            text.extend(wordlist::letters_at(*index).into_iter().filter(|b| *b != 0).map(char::from));
        }
        text
    }

    /// The words, for showing and printing.
    pub fn words(&self) -> Vec<&'static str> {
        let list = wordlist::list();
        self.indices().iter().filter_map(|index| list.get(usize::from(*index)).copied()).collect()
    }

    /// What only someone who held the share can say, and what says nothing about it: a share has as many
    /// random bits as the secret.
    pub fn proof(&self) -> Hash {
        Hash::tagged("guardian-share", &[self.text().as_bytes()])
    }

    /// The hash of the proof, published when the set is made.
    pub fn commitment(&self) -> Hash {
        commitment_of(&self.proof())
    }

    /// From word indices, checksum included.
    pub(super) fn from_indices(indices: &[u16]) -> Result<Self, ShareError> {
        let header = bits(indices.get(..HEADER_WORDS).ok_or(ShareError::Count(indices.len()))?);
        let field = |at: u32, width: u32| (header >> at) as u16 & ((1 << width) - 1);
        let small = |at: u32| field(at, 4) as u8;
        let parameters = Parameters {
            identifier: field(25, 15),
            extendable: field(24, 1) == 1,
            iteration_exponent: small(20),
            group_index: small(16),
            group_threshold: small(12) + 1,
            group_count: small(8) + 1,
            member_index: small(4),
            member_threshold: small(0) + 1,
        };
        if remainder(parameters.extendable, indices.iter().copied()) != 1 {
            return Err(ShareError::Checksum);
        }
        let Parameters { group_threshold: threshold, group_count: count, .. } = parameters;
        if threshold > count {
            return Err(ShareError::Groups { threshold, count });
        }
        let (data, _) = indices.split_at(indices.len() - CHECK_WORDS);
        let value = unpad(data.get(HEADER_WORDS..).unwrap_or_default()).ok_or(ShareError::Padding)?;
        Ok(Self { parameters, value })
    }

    fn new(parameters: Parameters, value: SecretBytes) -> Self {
        Self { parameters, value }
    }

    fn value(&self) -> &[u8] {
        self.value.expose()
    }

    pub(super) fn same_value(&self, other: &Self) -> bool {
        self.value().ct_eq(other.value()).into()
    }

    fn indices(&self) -> Zeroizing<Vec<u16>> {
        let p = &self.parameters;
        let head =
            u64::from(p.identifier) << 5 | u64::from(p.extendable) << 4 | u64::from(p.iteration_exponent);
        let nibbles =
            [p.group_index, p.group_threshold - 1, p.group_count - 1, p.member_index, p.member_threshold - 1];
        let header = nibbles.into_iter().fold(head, |bits, nibble| bits << 4 | u64::from(nibble & 15));
        let mut indices = Zeroizing::new(Vec::with_capacity(33));
        indices.extend([30, 20, 10, 0].map(|shift| (header >> shift & 0x3ff) as u16));
        pad(self.value(), &mut indices);
        let check = checksum::check_words(p.extendable, &indices);
        indices.extend(check);
        indices
    }
}

impl fmt::Debug for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Share").field("parameters", &self.parameters).finish_non_exhaustive()
    }
}

/// The commitment that a proof opens.
pub fn commitment_of(proof: &Hash) -> Hash {
    Hash::tagged("guardian-commitment", &[proof.as_bytes()])
}

/// At most six words as one number, the first uppermost.
fn bits(indices: &[u16]) -> u64 {
    indices.iter().fold(0, |bits, index| bits << 10 | u64::from(*index))
}

/// Appends the value as words, with zero bits in front up to a whole number of words.
fn pad(value: &[u8], indices: &mut Vec<u16>) {
    let mut held = (10 - value.len() * 8 % 10) % 10;
    let mut window = 0u32;
    for byte in value {
        window = window << 8 | u32::from(*byte);
        held += 8;
        if held >= 10 {
            held -= 10;
            indices.push((window >> held & 0x3ff) as u16);
        }
    }
}

/// The value behind its padding; `None` if the padding is not zero.
fn unpad(indices: &[u16]) -> Option<SecretBytes> {
    let len = indices.len() * 10 / 16 * 2;
    let padding = indices.len() * 10 - len * 8;
    let mut bytes = Vec::with_capacity(len);
    let (mut window, mut held, mut first) = (0u32, 0, true);
    for index in indices {
        window = window << 10 | u32::from(*index);
        held += 10;
        if std::mem::take(&mut first) {
            held -= padding;
            if window >> held != 0 {
                return None;
            }
        }
        while held >= 8 {
            held -= 8;
            bytes.push((window >> held) as u8);
        }
    }
    Some(SecretBytes::new(bytes))
}
