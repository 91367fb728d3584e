use quorate::shards::{Key, Set, person};
use rand_core::{OsRng, RngCore as _};

use super::*;
use crate::{codec::HexArray, ids::Time, secret::Secret};

fn share(key: &Key, index: u16) -> KeyShare {
    let scalar = SecretBytes::new(key.scalars[usize::from(index) - 1].expose().to_vec());
    let chain_code = Secret::from_slice(key.chain_code.expose()).unwrap();
    KeyShare::new(key.card.body().clone(), index, scalar, chain_code).unwrap()
}

fn recovered(key: &Key, indices: &[u16]) -> RecoveredKey {
    RecoveredKey::combine(indices.iter().map(|index| share(key, *index)).collect()).unwrap()
}

fn text(key: &RecoveredKey, format: KeyFormat) -> String {
    let text = key.write(format, Network::Mainnet).unwrap();
    String::from_utf8(text.expose().to_vec()).unwrap()
}

/// The indices 1 to 5 whose bits are set, in any order.
fn indices_of(bits: u16) -> Vec<u16> {
    let mut all: Vec<u16> = (1..=5).filter(|index| bits >> (index - 1) & 1 == 1).collect();
    (0..all.len()).map(|_| all.swap_remove(OsRng.next_u32() as usize % all.len())).collect()
}

const MESSAGE: &[u8] = b"sweep";

/// Signs with the recovered scalar as a program does that knows nothing of shares, and checks under the card's key.
fn signs_elsewhere(key: &RecoveredKey) {
    let (curve, public) = (key.card().curve, &key.card().group_public_key);
    let scalar = match curve {
        Curve::Ed25519 | Curve::Ed448 => hex::decode(text(key, KeyFormat::Scalar)).unwrap(),
        _ => hex::decode(text(key, KeyFormat::Hex)).unwrap(),
    };
    macro_rules! ecdsa {
        ($krate:ident) => {{
            use $krate::ecdsa::{
                Signature, SigningKey, VerifyingKey, signature::Signer, signature::Verifier,
            };
            let signing = SigningKey::from_slice(&scalar).unwrap();
            let signature: Signature = signing.sign(MESSAGE);
            let verifying = VerifyingKey::from_sec1_bytes(public).unwrap();
            assert!(verifying.verify(MESSAGE, &signature).is_ok(), "{curve}");
            assert!(verifying.verify(b"other", &signature).is_err(), "{curve}");
        }};
    }
    match curve {
        Curve::Secp256k1 => ecdsa!(k256),
        Curve::P256 => ecdsa!(p256),
        Curve::P384 => ecdsa!(p384),
        Curve::P521 => ecdsa!(p521),
        Curve::Secp256k1Schnorr => {
            use k256::schnorr::{SigningKey, signature::Signer, signature::Verifier};
            let signing = SigningKey::from_bytes(&scalar).unwrap();
            let root = curve.root_public_key(public).unwrap();
            assert_eq!(signing.verifying_key().to_bytes().as_slice(), root);
            let signature: k256::schnorr::Signature = signing.sign(MESSAGE);
            let verifying = k256::schnorr::VerifyingKey::from_bytes(&root).unwrap();
            assert!(verifying.verify(MESSAGE, &signature).is_ok());
        }
        Curve::Stark => {
            use starknet_crypto::{Felt, get_public_key, sign, verify};
            let felt = |bytes: &[u8]| Felt::from_bytes_be_slice(bytes);
            let (private, public) = (felt(&scalar), felt(&public[1..]));
            assert_eq!(get_public_key(&private), public);
            let signature = sign(&private, &Felt::from(7), &Felt::from(11)).unwrap();
            assert!(verify(&public, &Felt::from(7), &signature.r, &signature.s).unwrap());
        }
        Curve::Ed25519 => {
            use ed25519_dalek::{VerifyingKey, hazmat};
            let scalar: [u8; 32] = scalar.try_into().unwrap();
            let scalar = curve25519_dalek::Scalar::from_canonical_bytes(scalar).unwrap();
            let expanded = hazmat::ExpandedSecretKey { scalar, hash_prefix: [9; 32] };
            let verifying = VerifyingKey::from_bytes(public.0.as_slice().try_into().unwrap()).unwrap();
            let signature = hazmat::raw_sign::<sha2::Sha512>(&expanded, MESSAGE, &verifying);
            assert!(verifying.verify_strict(MESSAGE, &signature).is_ok());
        }
        Curve::Ed448 => {
            let signature = ed448_signature(&scalar, public);
            let payload = crate::curve::payload_of_message(curve, None, MESSAGE).unwrap();
            crate::curve::verify(curve, public, &payload, &signature).unwrap();
        }
    }
}

/// RFC 8032, section 5.2.6, from a scalar, with arithmetic that the key layer does not use.
fn ed448_signature(scalar: &[u8], public: &[u8]) -> Vec<u8> {
    use crrl::ed448::{Point, Scalar};
    use sha3::digest::{ExtendableOutput as _, Update as _};
    let (secret, last) = scalar.split_at(56);
    assert_eq!(last, [0]);
    let secret = Scalar::decode(secret).unwrap();
    assert_eq!(Point::mulgen(&secret).encode().as_slice(), public);
    let mut random = [0; 64];
    OsRng.fill_bytes(&mut random);
    let nonce = Scalar::decode_reduce(&random);
    let commitment = Point::mulgen(&nonce).encode();
    let mut hash = sha3::Shake256::default();
    [b"SigEd448\0\0".as_slice(), &commitment, public, MESSAGE].iter().for_each(|part| hash.update(part));
    let mut challenge = [0; 114];
    hash.finalize_xof_into(&mut challenge);
    let response = nonce + Scalar::decode_reduce(&challenge) * secret;
    [commitment.as_slice(), &response.encode(), &[0]].concat()
}

#[test]
fn r43_every_subset_makes_a_key_that_signs_elsewhere() {
    let set = Set::new(5);
    for curve in Curve::ALL {
        let key = set.key(curve, 2, 3);
        for indices in [[1, 2], [1, 3], [2, 3], [3, 1]] {
            let whole = recovered(&key, &indices);
            assert_eq!(whole.scalar().expose(), key.secret.expose(), "{curve} {indices:?}");
            signs_elsewhere(&whole);
        }
        let large = set.key(curve, 3, 5);
        let subsets: Vec<Vec<u16>> =
            (0u16..32).filter(|bits| bits.count_ones() == 3).map(indices_of).collect();
        assert_eq!(subsets.len(), 10);
        for indices in subsets {
            let whole = recovered(&large, &indices);
            assert_eq!(whole.scalar().expose(), large.secret.expose(), "{curve} {indices:?}");
            signs_elsewhere(&whole);
        }
        assert_eq!(recovered(&large, &[5, 4, 3, 2, 1]).scalar().expose(), large.secret.expose(), "{curve}");
    }
}

#[test]
fn r43_what_cannot_combine_is_told_apart_before_anything_is_opened() {
    let set = Set::new(5);
    let (key, other) = (set.key(Curve::P256, 3, 5), set.key(Curve::P256, 3, 5));
    let claim = |source, card, index| Claim { source, card, index };
    let of = |indices: &[u16]| -> Vec<Claim> {
        indices
            .iter()
            .zip(["a", "b", "c", "d"])
            .map(|(index, source)| claim(source, &key.card, *index))
            .collect()
    };
    assert_eq!(check_claims(&of(&[4, 1, 3])).unwrap(), &key.card);
    assert_eq!(check_claims(&of(&[4, 1, 3, 2])).unwrap(), &key.card);
    let why = |claims: &[Claim]| check_claims(claims).unwrap_err();
    assert!(matches!(why(&[]), RecoveryError::TooFew { have: 0, .. }));
    assert!(matches!(why(&of(&[4, 1])), RecoveryError::TooFew { have: 2, threshold: 3, more: 1 }));
    let twice = why(&of(&[4, 1, 4]));
    assert_eq!(twice.to_string(), "c and a are both the share of index 4");
    let next = set.refreshed(&key);
    let epochs = why(&[claim("a", &key.card, 1), claim("b", &next.card, 2), claim("c", &key.card, 3)]);
    assert!(epochs.to_string().starts_with("b is of epoch 1, a of epoch 0"), "{epochs}");
    let mixed = why(&[claim("a", &key.card, 1), claim("b", &other.card, 2), claim("c", &key.card, 3)]);
    assert!(
        matches!(&mixed, RecoveryError::OtherKey { given, first, .. } if given == "b" && first == "a"),
        "{mixed}"
    );
}

#[test]
fn r43_shares_that_were_opened_are_judged_again() {
    let set = Set::new(3);
    let (key, other) = (set.key(Curve::Ed448, 2, 3), set.key(Curve::Ed448, 2, 3));
    let why = |shares| RecoveredKey::combine(shares).unwrap_err();
    let error = why(vec![share(&key, 1)]);
    assert!(matches!(error, RecoveryError::Key(KeyShareError::TooFew { .. })), "{error}");
    let error = why(vec![share(&key, 1), share(&key, 1)]);
    assert!(matches!(error, RecoveryError::Key(KeyShareError::Twice(1))), "{error}");
    let error = why(vec![share(&key, 1), share(&other, 2)]);
    assert!(matches!(error, RecoveryError::Key(KeyShareError::OtherCard)), "{error}");
}

#[test]
fn r43_formats_are_those_of_their_programs() {
    let set = Set::new(2);
    for curve in Curve::ALL {
        let key = recovered(&set.key(curve, 2, 2), &[1, 2]);
        for format in KeyFormat::ALL {
            let fits = KeyFormat::of_curve(curve).contains(&format);
            let written = key.write(format, Network::Testnet);
            assert_eq!(written.is_ok(), fits, "{curve} {format}");
            if let Err(error) = written {
                let first = KeyFormat::of_curve(curve)[0].name();
                assert!(error.to_string().contains(first), "{error}");
            }
        }
        let chosen = KeyFormat::choose(None, curve).unwrap();
        assert_eq!(
            chosen.caveat(curve).is_some(),
            !matches!(curve, Curve::Secp256k1 | Curve::P256 | Curve::P384 | Curve::P521 | Curve::Stark)
        );
    }
}

#[test]
fn r43_pkcs8_is_read_back_with_its_public_key() {
    use p256::pkcs8::DecodePrivateKey as _;
    let set = Set::new(2);
    let pem = |curve| {
        let key = recovered(&set.key(curve, 2, 2), &[1, 2]);
        (text(&key, KeyFormat::Pkcs8Pem), key.card().group_public_key.clone(), key.scalar().expose().to_vec())
    };
    let (text, public, scalar) = pem(Curve::P256);
    let read = p256::SecretKey::from_pkcs8_pem(&text).unwrap();
    assert_eq!(read.to_bytes().as_slice(), scalar);
    assert_eq!(read.public_key(), p256::PublicKey::from_sec1_bytes(&public).unwrap());
    let (text, _, scalar) = pem(Curve::P384);
    assert_eq!(p384::SecretKey::from_pkcs8_pem(&text).unwrap().to_bytes().as_slice(), scalar);
    let (text, _, scalar) = pem(Curve::P521);
    assert_eq!(p521::SecretKey::from_pkcs8_pem(&text).unwrap().to_bytes().as_slice(), scalar);
    assert!(
        text.starts_with("-----BEGIN PRIVATE KEY-----\n") && text.ends_with("-----END PRIVATE KEY-----\n")
    );
}

/// A key whose scalar is known: the card is of that scalar.
fn known(curve: Curve, scalar: &str) -> RecoveredKey {
    let mut card = Set::new(2).key(curve, 2, 2).card.body().clone();
    let scalar = hex::decode(scalar).unwrap();
    let public = k256::SecretKey::from_slice(&scalar).unwrap().public_key();
    card.group_public_key = crate::codec::Hex(public.to_sec1_bytes().to_vec());
    RecoveredKey { card, scalar: SecretBytes::new(scalar) }
}

/// From Bitcoin's wiki (Wallet import format), and Ethereum's documentation of web3.eth.accounts.
#[test]
fn r43_wif_and_addresses_match_published_ones() {
    let key = known(Curve::Secp256k1, "0c28fca386c7a227600b2fe50b7cae11ec86d3bf1fbe471be89827e19d72aa1d");
    assert_eq!(text(&key, KeyFormat::Wif), "KwdMAjGmerYanjeui5SHS7JkmpZvVipYvB2LJGU1ZxJwYvP98617");
    let test = key.write(KeyFormat::Wif, Network::Testnet).unwrap();
    assert!(test.expose().starts_with(b"c") && test.expose().len() == 52);
    let read = bs58::decode(test.expose()).with_check(None).into_vec().unwrap();
    assert_eq!((read[0], &read[1..33], read[33]), (0xef, key.scalar().expose(), 1));
    let key = known(Curve::Secp256k1, "4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318");
    let address = ethereum_address(&key.card().group_public_key).unwrap();
    assert_eq!(address, "0x2c7536E3605D9C16a7a3D7b1898e529396a65c23");
    let hex = "0x4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318";
    assert_eq!(text(&key, KeyFormat::Eth), hex);
}

#[test]
fn r43_bip340_scalars_have_even_y_whatever_the_key_has() {
    let set = Set::new(2);
    let mut seen = [false; 2];
    while seen != [true; 2] {
        let key = recovered(&set.key(Curve::Secp256k1Schnorr, 2, 2), &[1, 2]);
        let public = &key.card().group_public_key;
        seen[usize::from(public[0]) - 2] = true;
        let even = hex::decode(text(&key, KeyFormat::Bip340)).unwrap();
        let point = k256::SecretKey::from_slice(&even).unwrap().public_key().to_sec1_bytes();
        assert_eq!((point[0], &point[1..]), (2, &public[1..]));
        assert_eq!(public[0] == 2, even == key.scalar().expose());
    }
}

fn notice(set: &Set, key: &Key) -> ExposureNotice {
    let signer = set.person(2);
    let reason = "drill".parse().unwrap();
    let of = (reason, HexArray::random(&mut OsRng), Time::now());
    ExposureNotice::sign(&recovered(key, &[1, 3]), (signer.name(), signer.approval()), of, &mut OsRng)
        .unwrap()
}

#[test]
fn r43_a_notice_counts_for_its_key_and_from_who_is_or_was_enrolled() {
    let mut set = Set::new(3);
    for curve in Curve::ALL {
        let (key, other) = (set.key(curve, 2, 3), set.key(curve, 2, 3));
        let good = notice(&set, &key);
        let good = ExposureNotice::parse(&good.to_bytes().unwrap()).unwrap();
        good.check(&key.card, &set.chain).unwrap();
        let error = good.check(&other.card, &set.chain).unwrap_err();
        assert!(matches!(error, RecoveryError::Differs { .. }), "{curve} {error}");
        // Another key's proof, and a custodian who has only their own share.
        let mut forged = good.clone();
        forged.proof = notice(&set, &other).proof;
        assert!(matches!(forged.check(&key.card, &set.chain), Err(RecoveryError::Proof)), "{curve}");
    }
    let key = set.key(Curve::Ed25519, 2, 3);
    let good = notice(&set, &key);
    let why = |change: fn(&mut ExposureNotice)| {
        let mut bad = good.clone();
        change(&mut bad);
        bad.check(&key.card, &set.chain).unwrap_err()
    };
    assert!(matches!(why(|n| n.notice.reason = "other".parse().unwrap()), RecoveryError::Signature(_)));
    assert!(matches!(why(|n| n.notice.signer = "A".parse().unwrap()), RecoveryError::Signature(_)));
    assert!(matches!(why(|n| n.notice.signer = "Zoe".parse().unwrap()), RecoveryError::Stranger(_)));
    assert!(matches!(why(|n| n.notice.version = 2), RecoveryError::Version { .. }));
    assert!(matches!(why(|n| n.signature.0[0] ^= 1), RecoveryError::Signature(_)));
    let bytes = good.to_bytes().unwrap();
    for cut in [0, 1, bytes.len() / 2, bytes.len() - 1] {
        assert!(ExposureNotice::parse(&bytes[..cut]).is_err(), "{cut}");
    }
    assert!(ExposureNotice::parse(&vec![b' '; NOTICE_CAP + 2]).is_err());
    // What somebody said stays true when they have left.
    set.succeed(2, person("Zoe"));
    good.check(&key.card, &set.chain).unwrap();
}
