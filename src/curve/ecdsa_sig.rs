//! ECDSA signatures: DER and raw forms, SECP256k1's low s and recovery id, STARK's range.

use frost_core::Field as _;
use k256::ecdsa::{RecoveryId, Signature as K256Signature, VerifyingKey};

use super::payload::below_2_251;
use super::{Curve, CurveError, Engine, Payload, nonzero_scalar_from, scalar_bytes};

/// Why a signature was not read or made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    #[error("{0} does not sign with ECDSA")]
    NotEcdsa(Curve),
    #[error("the signature is not strict DER")]
    Der,
    #[error("the signature is not r | s of {expected} bytes")]
    Raw { expected: usize },
    #[error("r or s is zero or not below the group order: {0}")]
    Range(#[from] CurveError),
    #[error("the signature's r is not below 2^251, which Starknet refuses; sign again with a fresh session")]
    Retry,
    #[error("no recovery id leads to the key: the signature is not the key's")]
    Recovery,
}

/// r and s as big-endian integers of the curve's scalar length, both in `1..order`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EcdsaSignature {
    r: Vec<u8>,
    s: Vec<u8>,
    v: Option<u8>,
}

impl EcdsaSignature {
    /// Checks the lengths and ranges of r and s. There is no recovery id yet.
    pub fn new(curve: Curve, r: &[u8], s: &[u8]) -> Result<Self, SignatureError> {
        if curve.engine() != Engine::Ecdsa {
            return Err(SignatureError::NotEcdsa(curve));
        }
        for part in [r, s] {
            crate::with_suite!(curve, C => nonzero_scalar_from::<C>(part).map(|_| ()))?;
        }
        Ok(Self { r: r.to_vec(), s: s.to_vec(), v: None })
    }

    /// Brings a fresh signature into the form that the curve's users accept. SECP256k1: s in the lower half,
    /// and the recovery id, found by recovering `group_public_key` from the digest. STARK: s below 2^251, by
    /// negation; `Retry` when r is not. Otherwise nothing changes.
    pub fn finish(
        mut self,
        curve: Curve,
        group_public_key: &[u8],
        payload: &Payload,
    ) -> Result<Self, SignatureError> {
        match curve {
            Curve::Secp256k1 => {
                let bare = || SignatureError::Recovery;
                let raw = K256Signature::from_slice(&self.to_raw()).map_err(|_| bare())?;
                let low = raw.normalize_s().unwrap_or(raw);
                let key = VerifyingKey::from_sec1_bytes(group_public_key).map_err(|_| bare())?;
                let id = RecoveryId::trial_recovery_from_prehash(&key, payload.bytes(), &low)
                    .map_err(|_| bare())?;
                self.s = low.s().to_bytes().to_vec();
                self.v = Some(id.to_byte());
            }
            Curve::Stark if !below_2_251(&self.r) => return Err(SignatureError::Retry),
            Curve::Stark if !below_2_251(&self.s) => self.s = negate_stark(&self.s)?,
            _ => {}
        }
        Ok(self)
    }

    /// r, big-endian.
    pub fn r(&self) -> &[u8] {
        &self.r
    }

    /// s, big-endian.
    pub fn s(&self) -> &[u8] {
        &self.s
    }

    /// The recovery id 0..=3 (SEC 1 section 4.1.6: 1 for an odd y, 2 for a reduced x), for a finished
    /// SECP256k1 signature only.
    pub fn v(&self) -> Option<u8> {
        self.v
    }

    /// r | s.
    pub fn to_raw(&self) -> Vec<u8> {
        [&self.r[..], &self.s[..]].concat()
    }

    /// Reads r | s of exactly twice the scalar length.
    pub fn from_raw(curve: Curve, bytes: &[u8]) -> Result<Self, SignatureError> {
        let len = curve.scalar_len();
        match bytes.split_at_checked(len) {
            Some((r, s)) if s.len() == len => Self::new(curve, r, s),
            _ => Err(SignatureError::Raw { expected: 2 * len }),
        }
    }

    /// `SEQUENCE { r INTEGER, s INTEGER }` (RFC 3279 section 2.2.3) in DER.
    pub fn to_der(&self) -> Vec<u8> {
        let body = [der_integer(&self.r), der_integer(&self.s)].concat();
        der_value(0x30, &body)
    }

    /// Reads strict DER: minimal lengths and integers, nothing after the end.
    pub fn from_der(curve: Curve, bytes: &[u8]) -> Result<Self, SignatureError> {
        let (body, rest) = read_value(0x30, bytes).ok_or(SignatureError::Der)?;
        let (r, body) = read_integer(body, curve.scalar_len()).ok_or(SignatureError::Der)?;
        let (s, end) = read_integer(body, curve.scalar_len()).ok_or(SignatureError::Der)?;
        if rest.is_empty() && end.is_empty() { Self::new(curve, &r, &s) } else { Err(SignatureError::Der) }
    }
}

fn negate_stark(s: &[u8]) -> Result<Vec<u8>, CurveError> {
    use super::suite::StarkSha256 as C;
    let zero = <<C as frost_core::Ciphersuite>::Group as frost_core::Group>::Field::zero();
    let scalar = nonzero_scalar_from::<C>(s)?;
    Ok(scalar_bytes::<C>(&(zero - scalar)).to_vec())
}

/// Tag, length below 256, content. No signature here is longer than 141 bytes.
fn der_value(tag: u8, content: &[u8]) -> Vec<u8> {
    let len = content.len() as u8;
    let head: &[u8] = if len < 0x80 { &[tag, len] } else { &[tag, 0x81, len] };
    [head, content].concat()
}

fn der_integer(bytes: &[u8]) -> Vec<u8> {
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    let digits = bytes.get(zeros..).unwrap_or_default();
    let positive: &[u8] = if digits.first().is_none_or(|byte| *byte >= 0x80) { &[0] } else { &[] };
    der_value(2, &[positive, digits].concat())
}

/// Content of the value at the front, and what follows it.
fn read_value(tag: u8, bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (found, bytes) = bytes.split_first()?;
    let (len, bytes) = match bytes.split_first()? {
        (len @ 0..=0x7f, bytes) => (*len, bytes),
        (0x81, bytes) => {
            bytes.split_first().filter(|(len, _)| **len >= 0x80).map(|(len, rest)| (*len, rest))?
        }
        _ => return None,
    };
    if *found == tag { bytes.split_at_checked(usize::from(len)) } else { None }
}

/// A non-negative minimal integer, padded to `len` bytes, and what follows it.
fn read_integer(bytes: &[u8], len: usize) -> Option<(Vec<u8>, &[u8])> {
    let (content, rest) = read_value(2, bytes)?;
    let digits = match content {
        [0] => &[],
        [0, second, ..] if *second < 0x80 => return None,
        [0, digits @ ..] => digits,
        [first, ..] if *first < 0x80 => content,
        _ => return None,
    };
    let mut padded = vec![0; len.checked_sub(digits.len())?];
    padded.extend_from_slice(digits);
    Some((padded, rest))
}

#[cfg(test)]
mod tests {
    use k256::ecdsa::signature::hazmat::PrehashSigner as _;
    use rand_core::{OsRng, RngCore as _};

    use super::*;
    use crate::curve::payload_of_digest;

    const ECDSA: [Curve; 5] = [Curve::Secp256k1, Curve::P256, Curve::P384, Curve::P521, Curve::Stark];

    #[test]
    fn der_and_raw_round_trip_on_every_curve() {
        for curve in ECDSA {
            for zeros in 1..=curve.scalar_len() - 1 {
                let mut r = vec![0; curve.scalar_len()];
                OsRng.fill_bytes(&mut r[zeros..]);
                *r.last_mut().unwrap() |= 1;
                let signature = EcdsaSignature::new(curve, &r, &r).unwrap();
                assert_eq!(EcdsaSignature::from_raw(curve, &signature.to_raw()).unwrap(), signature);
                assert_eq!(EcdsaSignature::from_der(curve, &signature.to_der()).unwrap(), signature);
            }
        }
    }

    #[test]
    fn der_agrees_with_the_libraries() {
        for _ in 0..64 {
            let key = k256::ecdsa::SigningKey::random(&mut OsRng);
            let signature: K256Signature = key.sign_prehash(&[1; 32]).unwrap();
            let ours = EcdsaSignature::from_raw(Curve::Secp256k1, &signature.to_bytes()).unwrap();
            assert_eq!(ours.to_der(), signature.to_der().as_bytes());
            let key = p521::ecdsa::SigningKey::random(&mut OsRng);
            let signature: p521::ecdsa::Signature = key.sign_prehash(&[1; 64]).unwrap();
            let ours = EcdsaSignature::from_raw(Curve::P521, &signature.to_bytes()).unwrap();
            assert_eq!(ours.to_der(), signature.to_der().as_bytes());
        }
    }

    #[test]
    fn loose_der_is_refused() {
        let good = hex::decode("3006020101020102").unwrap();
        assert!(EcdsaSignature::from_der(Curve::P256, &good).is_ok());
        for bad in [
            "",
            "30",
            "3106020101020102",
            "300602010102010200",
            "30060201010201",
            "308106020101020102",
            "3007020101020102",
            "300702020001020102",
            "3006020181020102",
            "3006020100020102",
            "3003020101",
            "3009020101020102020103",
            "30050200020102",
            "3080020101020102",
        ] {
            assert!(EcdsaSignature::from_der(Curve::P256, &hex::decode(bad).unwrap()).is_err(), "{bad}");
        }
    }

    #[test]
    fn r6_r_and_s_are_in_range() {
        for curve in ECDSA {
            let one = [vec![0; curve.scalar_len() - 1], vec![1]].concat();
            let large = vec![0xff; curve.scalar_len()];
            let zero = vec![0; curve.scalar_len()];
            assert!(EcdsaSignature::new(curve, &one, &one).is_ok());
            for (r, s) in [(&one, &zero), (&zero, &one), (&one, &large), (&large, &one)] {
                assert!(EcdsaSignature::new(curve, r, s).is_err(), "{curve}");
            }
            assert!(EcdsaSignature::new(curve, &one[1..], &one).is_err());
        }
        assert!(EcdsaSignature::new(Curve::Ed25519, &[1; 32], &[1; 32]).is_err());
        assert!(EcdsaSignature::new(Curve::Secp256k1Schnorr, &[1; 32], &[1; 32]).is_err());
    }

    #[test]
    fn secp256k1_gets_low_s_and_a_recovery_id() {
        for round in 0..32u8 {
            let key = k256::ecdsa::SigningKey::random(&mut OsRng);
            let public = key.verifying_key().to_encoded_point(true);
            let digest = [round; 32];
            let (signature, id) = key.sign_prehash_recoverable(&digest).unwrap();
            let payload = payload_of_digest(Curve::Secp256k1, &digest).unwrap();
            let high =
                K256Signature::from_scalars(signature.r().to_bytes(), (-*signature.s()).to_bytes()).unwrap();
            for start in [signature, high] {
                let fresh = EcdsaSignature::from_raw(Curve::Secp256k1, &start.to_bytes()).unwrap();
                assert_eq!(fresh.v(), None);
                let done = fresh.clone().finish(Curve::Secp256k1, public.as_bytes(), &payload).unwrap();
                assert_eq!(done.s(), &signature.s().to_bytes()[..]);
                assert_eq!(done.v(), Some(id.to_byte()));
                let other = payload_of_digest(Curve::Secp256k1, &[0xee; 32]).unwrap();
                let refused = fresh.finish(Curve::Secp256k1, public.as_bytes(), &other);
                assert_eq!(refused, Err(SignatureError::Recovery));
            }
        }
    }

    #[test]
    fn stark_stays_below_two_to_the_251() {
        let payload = Payload::Digest(vec![0; 32]);
        let (mut small, mut large) = (vec![0; 32], vec![0; 32]);
        (small[31], large[0]) = (1, 8);
        let finish =
            |r, s| EcdsaSignature::new(Curve::Stark, r, s).unwrap().finish(Curve::Stark, &[], &payload);
        assert_eq!(finish(&small, &small).unwrap().s(), small);
        let negated = finish(&small, &large).unwrap();
        assert!(below_2_251(negated.s()));
        assert_eq!(negate_stark(negated.s()).unwrap(), large);
        assert_eq!(finish(&large, &small), Err(SignatureError::Retry));
    }
}
