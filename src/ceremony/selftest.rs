//! `selftest`: known answers of everything cryptographic that the program rests on (R56).

use rand_core::OsRng;
use serde::Serialize;

use crate::{
    curve::{self, Curve, Payload},
    digest::Hash,
    keyshare,
    secret::{Secret, SecretBytes},
    signing_key::SigningKey,
    with_suite, wrap,
};

/// One check.
#[derive(Debug, Serialize)]
pub struct Check {
    /// What was tried.
    pub name: &'static str,
    /// Whether the answer was the known one.
    pub passed: bool,
}

/// A check's name and how it is made.
type Known = (&'static str, fn() -> bool);

/// Runs every check; none of them touches a file.
pub fn run() -> Vec<Check> {
    let checks: [Known; 7] = [
        ("SHA-256 and tagged hashes (FIPS 180-4)", hashes),
        ("signature verifiers (RFC 8032, RFC 6979, BIP-340, Starknet)", verifiers),
        ("Shamir shares on all eight curves", shamir),
        ("point and scalar encodings on all eight curves", encodings),
        ("Ed25519 identities refuse altered hashes", identities),
        ("AES-256-GCM refuses altered bytes", aead),
        ("operating system randomness does not repeat", randomness),
    ];
    checks.into_iter().map(|(name, check)| Check { name, passed: check() }).collect()
}

fn hashes() -> bool {
    let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    let (a, b) = (Hash::tagged("a", &[b"x"]), Hash::tagged("b", &[b"x"]));
    Hash::plain(b"abc").to_string() == abc && a != b
}

/// Curve, public key, message or digest, signature: published vectors.
const SIGNATURES: [(Curve, &str, &str, &str); 4] = [
    // RFC 8032, section 7.1, TEST 2
    (
        Curve::Ed25519,
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    // RFC 8032, section 7.4, "1 octet"
    (
        Curve::Ed448,
        "43ba28f430cdff456ae531545f7ecd0ac834a55d9358c0372bfa0c6c6798c0866aea01eb00742802b8438ea4cb82169c235160627b4c3a9480",
        "03",
        "26b8f91727bd62897af15e41eb43c377efb9c610d48f2335cb0bd0087810f4352541b143c4b981b7e18f62de8ccdf633fc1bf037ab7cd779805e0dbcc0aae1cbcee1afb2e027df36bc04dcecbf154336c19f0af7e0a6472905e799f1953d2a0ff3348ab21aa4adafd1d234441cf807c03a00",
    ),
    // RFC 6979, appendix A.2.5, SHA-256, "sample"
    (
        Curve::P256,
        "0360fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6",
        "af2bdbe1aa9b6ec1e2ade1d694f41fc71a831d0268e9891562113d8a62add1bf",
        "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8",
    ),
    // BIP-340, test vector 0
    (
        Curve::Secp256k1Schnorr,
        "f9308a019258c31049344f85f89d5229b531c845836f99b08601f113bce036f9",
        "0000000000000000000000000000000000000000000000000000000000000000",
        "e907831f80848d1069a5371b402410364bdf1c5f8307b0084c55f1ce2dca821525f66a4a85ea8b71e482a74f382d2ce5ebeee8fdb2172f477df4900d310536c0",
    ),
];

fn verifiers() -> bool {
    SIGNATURES.iter().all(|(curve, key, message, signature)| {
        let decoded = (hex::decode(key), hex::decode(message), hex::decode(signature));
        let (Ok(key), Ok(message), Ok(mut signature)) = decoded else { return false };
        let payload = match curve {
            Curve::Ed25519 | Curve::Ed448 => Payload::Message(message),
            _ => Payload::Digest(message),
        };
        let accepts = curve::verify(*curve, &key, &payload, &signature).is_ok();
        if let Some(byte) = signature.last_mut() {
            *byte ^= 1;
        }
        accepts && curve::verify(*curve, &key, &payload, &signature).is_err()
    })
}

/// Splits the key 7 and takes the shares' verification points back to 7 * G.
fn shamir() -> bool {
    Curve::ALL.into_iter().all(|curve| {
        let mut seven = vec![0; curve.scalar_len()];
        let end = if matches!(curve, Curve::Ed25519 | Curve::Ed448) { 0 } else { seven.len() - 1 };
        if let Some(byte) = seven.get_mut(end) {
            *byte = 7;
        }
        let (key, chain_code) = (SecretBytes::new(seven), Secret::random(&mut OsRng));
        let dealt = keyshare::split(curve, &key, &chain_code, 2, 3, &mut OsRng);
        dealt.is_ok_and(|dealt| with_suite!(curve, C => rebuilds::<C>(&dealt, &key)).is_some_and(|fits| fits))
    })
}

fn rebuilds<C: curve::Suite>(dealt: &keyshare::Dealt, key: &SecretBytes) -> Option<bool> {
    use frost_core::Group as _;
    let expected = C::Group::generator() * curve::scalar_from::<C>(key.expose()).ok()?;
    let mut sum = C::Group::identity();
    for index in [1, 3] {
        let share =
            curve::scalar_from::<C>(dealt.scalars.get(usize::from(index) - 1u16 as usize)?.expose()).ok()?;
        let lambda = keyshare::lagrange_at_zero::<C>(&[1, 3], index).ok()?;
        sum = sum + C::Group::generator() * (lambda * share);
    }
    Some(sum == expected && curve::point_bytes::<C>(&sum).ok()? == dealt.group_public_key.0)
}

fn encodings() -> bool {
    Curve::ALL.into_iter().all(|curve| {
        with_suite!(curve, C => {
            use frost_core::Group as _;
            type Group = <C as frost_core::Ciphersuite>::Group;
            let bytes = curve::point_bytes::<C>(&Group::generator());
            let fits = bytes.as_ref().is_ok_and(|bytes| bytes.len() == curve.point_len());
            let back = bytes.is_ok_and(|bytes| curve::point_from::<C>(&bytes).is_ok_and(|p| p == Group::generator()));
            fits && back && curve::point_from::<C>(&vec![0xff; curve.point_len()]).is_err()
        })
    })
}

fn identities() -> bool {
    let key = SigningKey::random(&mut OsRng);
    let signature = key.sign(&Hash::plain(b"a"));
    let public = key.public();
    public.verify(&Hash::plain(b"a"), &signature).is_ok()
        && public.verify(&Hash::plain(b"b"), &signature).is_err()
}

fn aead() -> bool {
    let key = Secret::random(&mut OsRng);
    let Some(mut sealed) = wrap::seal(&key, &[0; 12], b"aad", b"plaintext") else { return false };
    let opens = wrap::open(&key, &[0; 12], b"aad", &sealed).is_ok_and(|p| p.expose() == b"plaintext");
    if let Some(byte) = sealed.first_mut() {
        *byte ^= 1;
    }
    opens && wrap::open(&key, &[0; 12], b"aad", &sealed).is_err()
}

fn randomness() -> bool {
    Secret::<32>::random(&mut OsRng).expose() != Secret::<32>::random(&mut OsRng).expose()
}

#[cfg(test)]
mod tests {
    #[test]
    fn r56_every_known_answer_is_right() {
        for check in super::run() {
            assert!(check.passed, "{}", check.name);
        }
    }
}
