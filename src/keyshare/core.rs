//! The share core, which never changes once its node has signed it, and the key share read from it.

use std::collections::BTreeMap;

use frost_core::{
    Group, VerifyingKey,
    keys::{KeyPackage, PublicKeyPackage, SigningShare, VerifyingShare},
};
use zeroize::Zeroizing;

use super::{
    KeyShareError,
    card::{KeyCardBody, identifier, library},
};
use crate::with_suite;
use crate::{
    curve::{self, Suite},
    digest::Hash,
    secret::{Secret, SecretBytes},
    signing_key::{PublicKey, Signature, SigningKey},
};

const MAGIC: &[u8; 8] = b"QRTSHARE";
const VERSION: u16 = 1;

/// The signed bytes of one share: magic, version, key card hash, index, secret scalar, chain code,
/// signature of the roster's node.
#[derive(Debug)]
pub struct ShareCore(SecretBytes);

impl ShareCore {
    /// Builds and signs the core of a share.
    pub fn sign(
        card_hash: &Hash,
        index: u16,
        scalar: &[u8],
        chain_code: &Secret<32>,
        key: &SigningKey,
    ) -> Result<Self, KeyShareError> {
        let len = u16::try_from(scalar.len()).map_err(|_| KeyShareError::Core("the scalar is too long"))?;
        let mut bytes = Zeroizing::new(Vec::with_capacity(8 + 2 + 32 + 2 + 2 + scalar.len() + 32 + 64));
        bytes.extend_from_slice(MAGIC);
        bytes.extend_from_slice(&VERSION.to_be_bytes());
        bytes.extend_from_slice(card_hash.as_bytes());
        bytes.extend_from_slice(&index.to_be_bytes());
        bytes.extend_from_slice(&len.to_be_bytes());
        bytes.extend_from_slice(scalar);
        bytes.extend_from_slice(chain_code.expose());
        let signature = key.sign(&Hash::tagged("share-core", &[&bytes]));
        bytes.extend_from_slice(&signature.0);
        Ok(Self(SecretBytes::from(bytes)))
    }

    /// Takes stored bytes; [`ShareCore::check`] reads them.
    pub fn from_bytes(bytes: SecretBytes) -> Self {
        Self(bytes)
    }

    /// The bytes, for sealing.
    pub fn bytes(&self) -> &SecretBytes {
        &self.0
    }

    /// Reads the core and re-validates everything against its card: exact length, signature of the
    /// node that made it, card hash, index, canonical non-zero scalar, scalar * G, chain code.
    pub fn check(&self, card: &KeyCardBody, node: &PublicKey) -> Result<KeyShare, KeyShareError> {
        let fields = Fields::read(self.0.expose())?;
        let signed = Hash::tagged("share-core", &[fields.signed]);
        let signature =
            Signature::try_from(fields.signature).map_err(|_| KeyShareError::Core("it is cut off"))?;
        node.verify(&signed, &signature).map_err(|_| KeyShareError::Core("its signature does not verify"))?;
        if fields.card_hash != card.hash()?.as_bytes() {
            return Err(KeyShareError::OtherCard);
        }
        let chain_code = Secret::from_slice(fields.chain_code).ok_or(KeyShareError::ChainCode)?;
        KeyShare::new(card.clone(), fields.index, Zeroizing::new(fields.scalar.to_vec()).into(), chain_code)
    }
}

struct Fields<'a> {
    signed: &'a [u8],
    card_hash: &'a [u8],
    index: u16,
    scalar: &'a [u8],
    chain_code: &'a [u8],
    signature: &'a [u8],
}

impl<'a> Fields<'a> {
    fn read(bytes: &'a [u8]) -> Result<Self, KeyShareError> {
        let short = KeyShareError::Core("it is cut off");
        let mut rest = bytes;
        let mut take = |n: usize| -> Option<&'a [u8]> {
            let (head, tail) = rest.split_at_checked(n)?;
            rest = tail;
            Some(head)
        };
        let number = |bytes: &[u8]| bytes.try_into().map(u16::from_be_bytes).ok();
        let mut read = || -> Option<(&'a [u8], u16, Self)> {
            let magic = take(8)?;
            let version = number(take(2)?)?;
            let card_hash = take(32)?;
            let index = number(take(2)?)?;
            let len = number(take(2)?)?;
            let scalar = take(len.into())?;
            let chain_code = take(32)?;
            let signature = take(64)?;
            let signed = bytes.get(..bytes.len().checked_sub(64)?)?;
            Some((magic, version, Self { signed, card_hash, index, scalar, chain_code, signature }))
        };
        let (magic, version, fields) = read().ok_or(short)?;
        if magic != MAGIC {
            return Err(KeyShareError::Core("it is not a share core"));
        }
        if version != VERSION {
            return Err(KeyShareError::Version { what: "share core", given: version.into() });
        }
        if rest.is_empty() { Ok(fields) } else { Err(KeyShareError::Core("bytes follow its end")) }
    }
}

/// One validated share: its scalar times G is the card's verification share.
#[derive(Debug)]
pub struct KeyShare {
    card: KeyCardBody,
    index: u16,
    scalar: SecretBytes,
    chain_code: Secret<32>,
}

impl KeyShare {
    /// Validates a scalar and a chain code against a card.
    pub fn new(
        card: KeyCardBody,
        index: u16,
        scalar: SecretBytes,
        chain_code: Secret<32>,
    ) -> Result<Self, KeyShareError> {
        card.check()?;
        if chain_code_hash(&chain_code) != card.chain_code_hash {
            return Err(KeyShareError::ChainCode);
        }
        let share = Self { card, index, scalar, chain_code };
        with_suite!(share.card.curve, C => share.check_scalar::<C>())?;
        Ok(share)
    }

    /// The card it belongs to.
    pub fn card(&self) -> &KeyCardBody {
        &self.card
    }

    /// Its index, from 1.
    pub fn index(&self) -> u16 {
        self.index
    }

    /// The encoded scalar, for the moment of use.
    pub fn scalar(&self) -> &SecretBytes {
        &self.scalar
    }

    /// The chain code.
    pub fn chain_code(&self) -> &Secret<32> {
        &self.chain_code
    }

    /// The form frost-core signs with. Its scalars are `Copy` and not wiped: build it, use it, drop it.
    pub fn key_package<C: Suite>(&self) -> Result<KeyPackage<C>, KeyShareError> {
        let scalar = curve::nonzero_scalar_from::<C>(self.scalar.expose())?;
        let share = SigningShare::new(scalar);
        let verifying = VerifyingShare::new(C::Group::generator() * scalar);
        let group = VerifyingKey::new(curve::point_from::<C>(&self.card.group_public_key)?);
        Ok(KeyPackage::new(identifier(self.index)?, share, verifying, group, self.card.threshold))
    }

    fn check_scalar<C: Suite>(&self) -> Result<(), KeyShareError> {
        let expected = self.card.verification_share(self.index).ok_or(KeyShareError::Index(self.index))?;
        let scalar = curve::nonzero_scalar_from::<C>(self.scalar.expose())?;
        let point = curve::point_bytes::<C>(&(C::Group::generator() * scalar))?;
        if point == expected.0 { Ok(()) } else { Err(KeyShareError::Share(self.index)) }
    }
}

impl KeyCardBody {
    /// The public data of all shares, in the form frost-core verifies with.
    pub fn public_package<C: Suite>(&self) -> Result<PublicKeyPackage<C>, KeyShareError> {
        let mut shares = BTreeMap::new();
        for (index, share) in (1u16..).zip(&self.verification_shares) {
            let point = curve::point_from::<C>(share)?;
            shares.insert(identifier(index)?, VerifyingShare::new(point));
        }
        let group = VerifyingKey::deserialize(&self.group_public_key).map_err(library)?;
        Ok(PublicKeyPackage::new(shares, group, Some(self.threshold)))
    }
}

/// What a card says of a chain code.
pub fn chain_code_hash(chain_code: &Secret<32>) -> Hash {
    Hash::tagged("chain-code", &[chain_code.expose()])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{curve::Curve, keyshare::samples::Sample};

    fn core(sample: &Sample, index: u16) -> ShareCore {
        let hash = sample.card.hash().unwrap();
        let scalar = sample.scalar(index);
        let key = sample.node(index).signing();
        ShareCore::sign(&hash, index, scalar.expose(), &sample.chain_code, key).unwrap()
    }

    fn check(bytes: Vec<u8>, sample: &Sample, index: u16) -> Result<KeyShare, KeyShareError> {
        ShareCore::from_bytes(SecretBytes::new(bytes)).check(&sample.card, &sample.node_key(index))
    }

    /// What the node itself would have signed.
    fn signed(mut bytes: Vec<u8>, key: &SigningKey) -> Vec<u8> {
        let signature = key.sign(&Hash::tagged("share-core", &[&bytes]));
        bytes.extend_from_slice(&signature.0);
        bytes
    }

    #[test]
    fn r8_a_share_core_reads_back_on_every_curve() {
        for curve in Curve::ALL {
            let sample = Sample::new(curve, 2, 3);
            for index in 1..=3 {
                let core = core(&sample, index);
                let length = 8 + 2 + 32 + 2 + 2 + curve.scalar_len() + 32 + 64;
                assert_eq!(core.bytes().expose().len(), length, "{curve}");
                let share = core.check(&sample.card, &sample.node_key(index)).unwrap();
                assert_eq!(share.scalar().expose(), sample.scalar(index).expose());
                assert_eq!((share.index(), share.card()), (index, &sample.card));
                assert_eq!(share.chain_code().expose(), sample.chain_code.expose());
            }
        }
    }

    #[test]
    fn r31_every_cut_and_every_changed_byte_is_refused() {
        for curve in Curve::ALL {
            let sample = Sample::new(curve, 2, 2);
            let good = core(&sample, 1).bytes().expose().to_vec();
            for len in 0..good.len() {
                assert!(check(good[..len].to_vec(), &sample, 1).is_err(), "{curve} cut to {len}");
            }
            assert!(check([&good[..], &[0]].concat(), &sample, 1).is_err(), "{curve} longer");
            for at in 0..good.len() {
                for mask in [1, 0x80] {
                    let mut bad = good.clone();
                    bad[at] ^= mask;
                    assert!(check(bad, &sample, 1).is_err(), "{curve} byte {at}");
                }
            }
        }
    }

    /// Even the node's own signature does not make a wrong field good.
    #[test]
    fn r31_every_changed_byte_is_refused_though_it_is_signed() {
        for curve in [Curve::Ed25519, Curve::Ed448, Curve::P256, Curve::Stark] {
            let sample = Sample::new(curve, 2, 2);
            let good = core(&sample, 1).bytes().expose().to_vec();
            let body = &good[..good.len() - 64];
            let key = sample.node(1).signing();
            assert!(check(signed(body.to_vec(), key), &sample, 1).is_ok());
            for at in 0..body.len() {
                let mut bad = body.to_vec();
                bad[at] ^= 1;
                assert!(check(signed(bad, key), &sample, 1).is_err(), "{curve} byte {at}");
            }
            for len in 0..body.len() {
                assert!(
                    check(signed(body[..len].to_vec(), key), &sample, 1).is_err(),
                    "{curve} cut to {len}"
                );
            }
            assert!(check(signed([body, &[0]].concat(), key), &sample, 1).is_err(), "{curve} longer");
        }
    }

    #[test]
    fn r31_a_core_is_for_one_node_card_and_index() {
        for curve in Curve::ALL {
            let (sample, other) = (Sample::new(curve, 2, 3), Sample::new(curve, 2, 3));
            let core = core(&sample, 1);
            assert!(matches!(
                core.check(&sample.card, &sample.node_key(2)),
                Err(KeyShareError::Core("its signature does not verify"))
            ));
            assert!(matches!(core.check(&other.card, &sample.node_key(1)), Err(KeyShareError::OtherCard)));
            let hash = sample.card.hash().unwrap();
            let key = sample.node(1).signing();
            let refused = |index, scalar: &[u8], chain_code: &Secret<32>| {
                let core = ShareCore::sign(&hash, index, scalar, chain_code, key).unwrap();
                core.check(&sample.card, &sample.node_key(1)).unwrap_err()
            };
            let (own, chain_code) = (sample.scalar(1), &sample.chain_code);
            for index in [0, 4, u16::MAX] {
                let error = refused(index, own.expose(), chain_code);
                assert!(matches!(error, KeyShareError::Index(i) if i == index), "{curve} {index}");
            }
            assert!(matches!(refused(2, own.expose(), chain_code), KeyShareError::Share(2)), "{curve}");
            let stranger = other.scalar(1);
            assert!(matches!(refused(1, stranger.expose(), chain_code), KeyShareError::Share(1)), "{curve}");
            let wrong = Secret::random(&mut rand_core::OsRng);
            assert!(matches!(refused(1, own.expose(), &wrong), KeyShareError::ChainCode), "{curve}");
        }
    }

    #[test]
    fn r6_scalars_that_are_none_are_refused() {
        for curve in Curve::ALL {
            let sample = Sample::new(curve, 2, 2);
            let hash = sample.card.hash().unwrap();
            let own = sample.scalar(1);
            let len = curve.scalar_len();
            let bad = [
                ("zero", vec![0; len]),
                ("ones", vec![0xff; len]),
                ("none", vec![]),
                ("short", own.expose()[1..].to_vec()),
                ("long", [own.expose(), &[0]].concat()),
                ("padded", [&[0], own.expose()].concat()),
            ];
            for (what, scalar) in bad {
                let key = sample.node(1).signing();
                let core = ShareCore::sign(&hash, 1, &scalar, &sample.chain_code, key).unwrap();
                let error = core.check(&sample.card, &sample.node_key(1)).unwrap_err();
                assert!(matches!(error, KeyShareError::Curve(_)), "{curve} {what}: {error}");
                let direct = SecretBytes::new(scalar);
                assert!(KeyShare::new(sample.card.clone(), 1, direct, sample.chain_code()).is_err());
            }
        }
    }

    #[test]
    fn r45_debug_shows_no_share() {
        let sample = Sample::new(Curve::P256, 2, 2);
        let shown = format!("{:?} {:?}", core(&sample, 1), sample.share(1));
        for secret in [sample.scalar(1).expose(), sample.chain_code.expose()] {
            assert!(!shown.contains(&hex::encode(secret)));
            assert!(!shown.contains(&format!("{:?}", secret.get(..4))));
        }
        assert!(shown.contains("SecretBytes(32)"), "{shown}");
    }
}
