//! From a secret to shares, and the rehearsal without which nobody sees them.

use rand_core::{CryptoRng, RngCore};
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use super::{
    MAX_SHARES, Parameters, Share, cipher,
    combine::{DIGEST_LEN, DIGEST_X, SECRET_X, digest_of, subsets},
};
use crate::{
    guardian::gf256::RIJNDAEL,
    secret::{Secret, SecretBytes},
};

/// Why a secret was not split.
#[derive(Debug, thiserror::Error)]
pub enum SplitError {
    #[error("{threshold} of {count} shares cannot be made: 2 <= threshold <= shares <= 16")]
    Threshold { threshold: u8, count: u8 },
    #[error("the rehearsal failed: {0}; no share was given out")]
    Rehearsal(&'static str),
}

/// Shares of which every subset of threshold size was seen to make the secret again (R34). There is no other
/// way to new shares.
#[derive(Debug)]
pub struct Rehearsed {
    shares: Vec<Share>,
    subsets: usize,
}

impl Rehearsed {
    /// The shares, by member index.
    pub fn shares(&self) -> &[Share] {
        &self.shares
    }

    /// The shares, by member index.
    pub fn into_shares(self) -> Vec<Share> {
        self.shares
    }

    /// How many subsets were rehearsed.
    pub fn subsets(&self) -> usize {
        self.subsets
    }
}

/// Splits 32 bytes into `count` shares, any `threshold` of which make them again: one group, extendable,
/// iteration exponent 0, empty passphrase; 33 words each.
pub fn split(
    secret: &Secret<32>,
    threshold: u8,
    count: u8,
    rng: &mut (impl RngCore + CryptoRng),
) -> Result<Rehearsed, SplitError> {
    if !(2..=count).contains(&threshold) || count > MAX_SHARES {
        return Err(SplitError::Threshold { threshold, count });
    }
    let parameters = Parameters {
        identifier: (rng.next_u32() & 0x7fff) as u16,
        extendable: true,
        iteration_exponent: 0,
        group_index: 0,
        group_threshold: 1,
        group_count: 1,
        member_index: 0,
        member_threshold: threshold,
    };
    let encrypted = cipher::encrypt(secret.expose(), b"", &parameters);
    let dealt = Dealt::new(encrypted, &parameters, count, rng).ok_or(SplitError::Rehearsal(UNEQUAL))?;
    dealt.rehearse(secret)
}

const UNEQUAL: &str = "a subset of the shares makes another secret";

/// Shares that nobody has tried yet.
struct Dealt {
    shares: Vec<Share>,
    encrypted: SecretBytes,
    digest: SecretBytes,
}

impl Dealt {
    /// SplitSecret of the standard: `threshold` - 2 shares are drawn, the others follow from them, the secret
    /// and its digest. So all coefficients are uniform, also the leading one, which may be 0 (R32).
    fn new(
        encrypted: SecretBytes,
        parameters: &Parameters,
        count: u8,
        rng: &mut (impl RngCore + CryptoRng),
    ) -> Option<Self> {
        let len = encrypted.expose().len();
        let mut draw = |len| {
            let mut bytes = Zeroizing::new(vec![0; len]);
            rng.fill_bytes(&mut bytes);
            SecretBytes::from(bytes)
        };
        let drawn: Vec<SecretBytes> = (2..parameters.member_threshold).map(|_| draw(len)).collect();
        let random = draw(len.checked_sub(DIGEST_LEN)?);
        let tag = digest_of(random.expose(), encrypted.expose());
        let digest = SecretBytes::new([&tag, random.expose()].concat());
        let mut points: Vec<(u8, &[u8])> = (0..).zip(drawn.iter().map(SecretBytes::expose)).collect();
        points.extend([(DIGEST_X, digest.expose()), (SECRET_X, encrypted.expose())]);
        let share = |member_index| {
            let value = RIJNDAEL.interpolate(member_index, &points)?;
            Some(Share::new(Parameters { member_index, ..*parameters }, value))
        };
        let shares = (0..count).map(share).collect::<Option<_>>()?;
        Some(Self { shares, encrypted, digest })
    }

    /// Reads every share back from its words, makes encrypted secret and digest from every subset of
    /// threshold size, and decrypts once.
    fn rehearse(self, secret: &Secret<32>) -> Result<Rehearsed, SplitError> {
        let first = self.shares.first().ok_or(SplitError::Rehearsal(UNEQUAL))?;
        let (parameters, threshold) = (first.parameters, usize::from(first.member_threshold()));
        let read_back: Vec<Share> = self
            .shares
            .iter()
            .map(|share| Share::parse(&share.text()))
            .collect::<Result<_, _>>()
            .map_err(|_| SplitError::Rehearsal("the words of a share cannot be read back"))?;
        let mut rehearsed = 0;
        for chosen in subsets(read_back.len(), threshold) {
            let members = read_back.iter().enumerate().filter(|(i, _)| chosen >> i & 1 == 1);
            let members: Vec<&Share> = members.map(|(_, share)| share).collect();
            if !self.is_made_by(&members, &parameters) {
                return Err(SplitError::Rehearsal(UNEQUAL));
            }
            rehearsed += 1;
        }
        let decrypted = cipher::decrypt(self.encrypted.expose(), b"", &parameters);
        if rehearsed == 0 || !bool::from(decrypted.expose().ct_eq(secret.expose())) {
            return Err(SplitError::Rehearsal("the decrypted secret is another one"));
        }
        Ok(Rehearsed { shares: self.shares, subsets: rehearsed })
    }

    fn is_made_by(&self, members: &[&Share], expected: &Parameters) -> bool {
        let alike = members.iter().all(|share| {
            let member_index = share.member_index();
            share.parameters == Parameters { member_index, ..*expected }
        });
        let xs: Vec<u8> = members.iter().map(|share| share.member_index()).collect();
        let makes = |at: u8, wanted: &SecretBytes| {
            let Some(weights) = RIJNDAEL.weights(at, &xs) else { return false };
            let mut made = Zeroizing::new([0; 32]);
            for (weight, share) in weights.iter().zip(members) {
                RIJNDAEL.add_scaled(made.as_mut(), *weight, share.value());
            }
            made.as_slice().ct_eq(wanted.expose()).into()
        };
        alike && makes(SECRET_X, &self.encrypted) && makes(DIGEST_X, &self.digest)
    }
}

#[cfg(test)]
mod tests {
    use proptest::{prelude::*, sample::subsequence};
    use rand_core::OsRng;

    use super::*;
    use crate::guardian::slip39::{CombineError, combine, recreate};

    fn secret() -> Secret<32> {
        Secret::random(&mut OsRng)
    }

    fn parameters(threshold: u8) -> Parameters {
        *split(&secret(), threshold, threshold, &mut OsRng).unwrap().shares()[0].parameters()
    }

    fn deal(threshold: u8, count: u8) -> Dealt {
        let encrypted = SecretBytes::new(vec![0; 32]);
        Dealt::new(encrypted, &parameters(threshold), count, &mut OsRng).unwrap()
    }

    /// t, n and the places of some of the n shares.
    fn sizes() -> impl Strategy<Value = (u8, u8, Vec<usize>)> {
        (2..=16u8).prop_flat_map(|n| {
            (2..=n, Just(n), subsequence((0..usize::from(n)).collect::<Vec<_>>(), 0..=usize::from(n)))
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

        #[test]
        fn r31_r34_any_subset_makes_the_secret_or_says_how_many_are_missing((t, n, chosen) in sizes()) {
            let secret = secret();
            let shares = split(&secret, t, n, &mut OsRng).unwrap().into_shares();
            let given: Vec<&Share> = chosen.iter().rev().map(|i| &shares[*i]).collect();
            let missing = usize::from(t).saturating_sub(chosen.len());
            match combine(&given, b"") {
                Ok(made) => {
                    prop_assert_eq!(missing, 0);
                    prop_assert_eq!(made.expose(), secret.expose());
                    for (i, share) in (0..).zip(&shares) {
                        let again = recreate(&given, i).unwrap();
                        prop_assert_eq!(again.text(), share.text());
                    }
                }
                Err(CombineError::None) => prop_assert!(chosen.is_empty()),
                Err(error) => {
                    prop_assert_eq!(&error, &CombineError::TooFew { group: None, more: missing });
                    prop_assert!(recreate(&given, 0).is_err());
                }
            }
        }
    }

    #[test]
    fn r34_every_subset_is_rehearsed() {
        for (t, n, subsets) in [(2, 2, 1), (3, 5, 10), (8, 16, 12_870), (16, 16, 1)] {
            let rehearsed = split(&secret(), t, n, &mut OsRng).unwrap();
            assert_eq!((rehearsed.subsets(), rehearsed.shares().len()), (subsets, usize::from(n)));
        }
    }

    #[test]
    fn r34_a_rehearsal_gives_out_nothing_when_one_share_is_wrong() {
        let secret = secret();
        let deal = || {
            let parameters = parameters(3);
            let encrypted = cipher::encrypt(secret.expose(), b"", &parameters);
            Dealt::new(encrypted, &parameters, 5, &mut OsRng).unwrap()
        };
        assert!(deal().rehearse(&secret).is_ok());
        let mut flipped = deal();
        let mut value = flipped.shares[4].value().to_vec();
        value[31] ^= 1;
        flipped.shares[4].value = SecretBytes::new(value);
        assert!(flipped.rehearse(&secret).is_err());
        let mut digest = deal();
        let mut value = digest.digest.expose().to_vec();
        value[0] ^= 1;
        digest.digest = SecretBytes::new(value);
        assert!(digest.rehearse(&secret).is_err());
        let mut renamed = deal();
        renamed.shares[0].parameters.identifier ^= 1;
        assert!(renamed.rehearse(&secret).is_err());
        let mut twice = deal();
        twice.shares[0].parameters.member_index = 1;
        assert!(twice.rehearse(&secret).is_err());
        assert!(deal().rehearse(&super::tests::secret()).is_err());
    }

    #[test]
    fn impossible_thresholds_are_refused() {
        for (threshold, count) in [(0, 0), (0, 3), (1, 1), (1, 3), (4, 3), (2, 17), (17, 17), (255, 255)] {
            let refused = split(&secret(), threshold, count, &mut OsRng);
            assert!(matches!(refused, Err(SplitError::Threshold { .. })), "{threshold} of {count}");
        }
    }

    /// Chi-square over 256 values has mean 255 and deviation 22.6; 500 is passed by chance less than once in
    /// 10^15 runs, and by a generator that never draws 0 always.
    fn assert_uniform(what: &str, bytes: &[u8]) {
        let mut counts = [0f64; 256];
        bytes.iter().for_each(|byte| counts[usize::from(*byte)] += 1.0);
        let expected = bytes.len() as f64 / 256.0;
        let chi: f64 = counts.iter().map(|count| (count - expected).powi(2) / expected).sum();
        assert!(chi < 500.0, "{what}: chi-square {chi}");
    }

    #[test]
    fn r32_share_bytes_and_leading_coefficients_are_uniform_including_0() {
        let (two, three) = (parameters(2), parameters(3));
        let (mut singles, mut leading, mut of_three) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..8192 {
            let deal = |p| Dealt::new(SecretBytes::new(vec![0; 32]), p, 3, &mut OsRng).unwrap();
            let shares = deal(&two).shares;
            // The first four bytes of the digest are a hash of the others.
            singles.extend_from_slice(shares[2].value());
            leading.extend(shares[0].value().iter().zip(shares[1].value()).map(|(a, b)| a ^ b));
            of_three.extend_from_slice(deal(&three).shares[1].value());
        }
        assert_uniform("share 3 of a 2-of-3 set", &singles);
        assert_uniform("leading coefficients", &leading);
        assert_uniform("share 2 of a 3-of-3 set", &of_three);
        let without_0: Vec<u8> = (0..262_144u32).map(|i| (i % 255 + 1) as u8).collect();
        assert!(std::panic::catch_unwind(|| assert_uniform("never 0", &without_0)).is_err());
    }

    /// Any secret is completed by some share. What is left of the standard's digest is in the format.
    #[test]
    fn r32_fewer_shares_fit_any_secret() {
        let shares = deal(2, 3).shares;
        for byte in 0..=255u8 {
            let wanted = [byte; 32];
            let points = [(0, shares[0].value()), (SECRET_X, wanted.as_slice())];
            let completing = RIJNDAEL.interpolate(1, &points).unwrap();
            let points = [(0, shares[0].value()), (1, completing.expose())];
            assert_eq!(RIJNDAEL.interpolate(SECRET_X, &points).unwrap().expose(), wanted);
        }
    }
}
