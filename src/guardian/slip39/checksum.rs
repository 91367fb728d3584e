//! RS1024: three check words over GF(1024), Reed-Solomon; finds any three wrong words (SLIP-39, "Checksum").

/// Words of the checksum.
pub(in crate::guardian) const CHECK_WORDS: usize = 3;

const GENERATOR: [u32; 10] = [
    0x00e0_e040,
    0x01c1_c080,
    0x0383_8100,
    0x0707_0200,
    0x0e0e_0009,
    0x1c0c_2412,
    0x3808_6c24,
    0x3090_fc48,
    0x21b1_f890,
    0x03f3_f120,
];

/// The remainder of the customization string and the words; 1 for a share with its right checksum.
pub(in crate::guardian) fn remainder(extendable: bool, words: impl IntoIterator<Item = u16>) -> u32 {
    let custom: &[u8] = if extendable { b"shamir_extendable" } else { b"shamir" };
    let state = custom.iter().fold(1, |state, byte| step(state, u16::from(*byte)));
    words.into_iter().fold(state, step)
}

/// The three words to append.
pub(super) fn check_words(extendable: bool, words: &[u16]) -> [u16; CHECK_WORDS] {
    let remainder = remainder(extendable, words.iter().copied().chain([0; CHECK_WORDS])) ^ 1;
    // Each is below 1024.
    [20, 10, 0].map(|shift| (remainder >> shift & 0x3ff) as u16)
}

/// One more word. Linear over GF(2) in both; no branch on either.
pub(in crate::guardian) fn step(state: u32, word: u16) -> u32 {
    let top = state >> 20;
    let shifted = (state & 0xf_ffff) << 10 ^ u32::from(word);
    (0..).zip(GENERATOR).fold(shifted, |state, (bit, g)| state ^ g & (top >> bit & 1).wrapping_neg())
}
