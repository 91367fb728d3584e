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
        let signature = Signature::try_from_slice(fields.signature)?;
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

impl Signature {
    fn try_from_slice(bytes: &[u8]) -> Result<Self, KeyShareError> {
        bytes.try_into().map(Self).map_err(|_| KeyShareError::Core("it is cut off"))
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
