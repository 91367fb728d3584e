//! Shares to key and key to shares, as library functions: recovery and import build on them.

use frost_core::{
    SigningKey,
    keys::{self, IdentifierList},
};
use rand_core::{CryptoRng, RngCore};
use zeroize::Zeroizing;

use super::{
    KeyShareError,
    card::{KeyCardBody, identifier, library},
    core::{KeyShare, chain_code_hash},
};
use crate::with_suite;
use crate::{
    codec::Hex,
    curve::{self, Curve, Suite},
    digest::Hash,
    secret::{Secret, SecretBytes},
};

/// At least t validated shares of one card with distinct indices.
pub struct Quorum(Vec<KeyShare>);

impl Quorum {
    /// Refuses shares of different cards, a repeated index, and too few.
    pub fn new(shares: Vec<KeyShare>) -> Result<Self, KeyShareError> {
        let Some(first) = shares.first() else {
            return Err(KeyShareError::TooFew { have: 0, threshold: 2, more: 2 });
        };
        let threshold = first.card().threshold;
        if shares.iter().any(|share| share.card() != first.card()) {
            return Err(KeyShareError::OtherCard);
        }
        let mut seen = std::collections::BTreeSet::new();
        if let Some(twice) = shares.iter().find(|share| !seen.insert(share.index())) {
            return Err(KeyShareError::Twice(twice.index()));
        }
        let more = usize::from(threshold).saturating_sub(shares.len());
        if more > 0 {
            return Err(KeyShareError::TooFew { have: shares.len(), threshold, more });
        }
        Ok(Self(shares))
    }

    /// The card of all of them.
    pub fn card(&self) -> Result<&KeyCardBody, KeyShareError> {
        self.0.first().map(KeyShare::card).ok_or(KeyShareError::Reconstructed)
    }
}

/// Combines a quorum into the private key (an encoded scalar) and compares it with the card's group key.
pub fn reconstruct(quorum: &Quorum) -> Result<SecretBytes, KeyShareError> {
    let card = quorum.card()?;
    with_suite!(card.curve, C => reconstruct_with::<C>(quorum, card))
}

fn reconstruct_with<C: Suite>(quorum: &Quorum, card: &KeyCardBody) -> Result<SecretBytes, KeyShareError> {
    let packages = quorum.0.iter().map(KeyShare::key_package::<C>).collect::<Result<Vec<_>, _>>()?;
    let key = keys::reconstruct(&packages).map_err(library)?;
    let public = frost_core::VerifyingKey::from(&key).serialize().map_err(library)?;
    if public != card.group_public_key.0 {
        return Err(KeyShareError::Reconstructed);
    }
    Ok(curve::scalar_bytes::<C>(&key.to_scalar()).into())
}

/// What a dealer hands out: public values, and a scalar for each index.
pub struct Dealt {
    /// The group public key.
    pub group_public_key: Hex,
    /// x_i * G for index 1, 2, ...
    pub verification_shares: Vec<Hex>,
    /// Tagged hash of the chain code.
    pub chain_code_hash: Hash,
    /// x_i for index 1, 2, ...
    pub scalars: Vec<SecretBytes>,
}

/// Splits an existing private key (an encoded scalar) into n shares of threshold t.
pub fn split(
    curve: Curve,
    key: &SecretBytes,
    chain_code: &Secret<32>,
    threshold: u16,
    participants: u16,
    rng: &mut (impl RngCore + CryptoRng),
) -> Result<Dealt, KeyShareError> {
    super::check_threshold(threshold, participants.into())?;
    with_suite!(curve, C => split_with::<C>(key, chain_code, threshold, participants, rng))
}

fn split_with<C: Suite>(
    key: &SecretBytes,
    chain_code: &Secret<32>,
    threshold: u16,
    participants: u16,
    rng: &mut (impl RngCore + CryptoRng),
) -> Result<Dealt, KeyShareError> {
    let key = SigningKey::<C>::from_scalar(curve::scalar_from::<C>(key.expose())?).map_err(library)?;
    let list = IdentifierList::Default;
    let (shares, public) = keys::split(&key, participants, threshold, list, rng).map_err(library)?;
    let mut verification_shares = Vec::new();
    let mut scalars = Vec::new();
    for index in 1..=participants {
        let id = identifier::<C>(index)?;
        let verifying = public.verifying_shares().get(&id).ok_or(KeyShareError::Index(index))?;
        verification_shares.push(Hex(verifying.serialize().map_err(library)?));
        let share = shares.get(&id).ok_or(KeyShareError::Index(index))?;
        scalars.push(Zeroizing::new(share.signing_share().serialize()).into());
    }
    let group_public_key = Hex(public.verifying_key().serialize().map_err(library)?);
    Ok(Dealt { group_public_key, verification_shares, chain_code_hash: chain_code_hash(chain_code), scalars })
}

#[cfg(test)]
mod tests {
    use rand_core::OsRng;

    use super::*;
    use crate::keyshare::samples::Sample;

    fn reconstructed(sample: &Sample, indices: &[u16]) -> SecretBytes {
        let shares = indices.iter().map(|index| sample.share(*index)).collect();
        reconstruct(&Quorum::new(shares).unwrap()).unwrap()
    }

    /// `t` of the indices 1 to `n`, in any order.
    fn subset(t: u16, n: u16) -> Vec<u16> {
        let mut all: Vec<u16> = (1..=n).collect();
        let mut chosen = Vec::new();
        for _ in 0..t {
            let at = OsRng.next_u32() as usize % all.len();
            chosen.push(all.swap_remove(at));
        }
        chosen
    }

    #[test]
    fn r1_any_t_shares_make_the_key_again() {
        for curve in Curve::ALL {
            for (t, n) in [(2, 2), (2, 3), (3, 5)] {
                let sample = Sample::new(curve, t, n);
                assert_eq!(sample.key.expose().len(), curve.scalar_len());
                for _ in 0..3 {
                    let indices = subset(t, n);
                    let key = reconstructed(&sample, &indices);
                    assert_eq!(key.expose(), sample.key.expose(), "{curve} {t}-of-{n} {indices:?}");
                }
                let all: Vec<u16> = (1..=n).collect();
                assert_eq!(reconstructed(&sample, &all).expose(), sample.key.expose(), "{curve} all");
            }
        }
        let large = Sample::new(Curve::Ed25519, 11, 16);
        assert_eq!(reconstructed(&large, &subset(11, 16)).expose(), large.key.expose());
    }

    #[test]
    fn r31_too_few_twice_and_mixed_shares_are_told_apart() {
        for curve in Curve::ALL {
            let (sample, other) = (Sample::new(curve, 3, 5), Sample::new(curve, 3, 5));
            let refused = |shares| Quorum::new(shares).err().unwrap();
            let error = refused(vec![sample.share(2), sample.share(5)]);
            assert!(matches!(error, KeyShareError::TooFew { have: 2, threshold: 3, more: 1 }), "{error}");
            assert!(matches!(refused(vec![]), KeyShareError::TooFew { have: 0, .. }));
            let error = refused(vec![sample.share(1), sample.share(2), sample.share(1)]);
            assert!(matches!(error, KeyShareError::Twice(1)), "{error}");
            let error = refused(vec![sample.share(1), sample.share(2), other.share(3)]);
            assert!(matches!(error, KeyShareError::OtherCard), "{error}");
        }
    }

    /// The same key dealt twice: shares of the two dealings must not be mixed.
    #[test]
    fn r31_shares_of_another_dealing_are_refused() {
        for curve in Curve::ALL {
            let sample = Sample::new(curve, 2, 3);
            let again = split(curve, &sample.key, &sample.chain_code, 2, 3, &mut OsRng).unwrap();
            assert_eq!(again.group_public_key, sample.card.group_public_key);
            assert_ne!(again.verification_shares, sample.card.verification_shares);
            let scalar = SecretBytes::new(again.scalars[0].expose().to_vec());
            let mixed = KeyShare::new(sample.card.clone(), 1, scalar, sample.chain_code());
            assert!(matches!(mixed, Err(KeyShareError::Share(1))), "{curve}");
            let mut card = sample.card.clone();
            card.verification_shares = again.verification_shares;
            let scalar = SecretBytes::new(again.scalars[0].expose().to_vec());
            let share = KeyShare::new(card, 1, scalar, sample.chain_code()).unwrap();
            let error = Quorum::new(vec![share, sample.share(2)]).err().unwrap();
            assert!(matches!(error, KeyShareError::OtherCard), "{curve}");
        }
    }

    #[test]
    fn r2_r6_a_dealer_refuses_bad_thresholds_and_keys() {
        for curve in Curve::ALL {
            let sample = Sample::new(curve, 2, 2);
            let deal = |key: &[u8], t, n| {
                split(curve, &SecretBytes::new(key.to_vec()), &sample.chain_code, t, n, &mut OsRng)
            };
            let key = sample.key.expose();
            for (t, n) in [(0, 3), (1, 3), (4, 3), (1, 1), (2, 17), (0, 0), (u16::MAX, u16::MAX)] {
                assert!(matches!(deal(key, t, n), Err(KeyShareError::Threshold { .. })), "{t}-of-{n}");
            }
            let len = curve.scalar_len();
            for bad in [vec![], vec![0; len], vec![0xff; len], key[1..].to_vec(), [key, &[0]].concat()] {
                assert!(deal(&bad, 2, 3).is_err(), "{curve} {}", bad.len());
            }
            assert!(deal(key, 2, 16).is_ok());
        }
    }

    /// t-1 shares of two dealings of different keys look alike: no scalar repeats, none is the key.
    #[test]
    fn r32_a_share_is_not_the_key() {
        for curve in Curve::ALL {
            let sample = Sample::new(curve, 2, 3);
            let mut seen = vec![sample.key.expose()];
            for scalar in &sample.scalars {
                assert!(!seen.contains(&scalar.expose()), "{curve}");
                seen.push(scalar.expose());
            }
        }
    }
}
