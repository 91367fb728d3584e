"""`signatures.py check FILE` verifies signatures made by Quorate with `cryptography`, `coincurve` and plain
Python; `signatures.py make` prints signatures made with them."""

import hashlib
import json
import sys

import coincurve
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, ed448, utils

from curves import STARK

ECDSA = {
    "SECP256k1": (ec.SECP256K1(), hashes.SHA256()),
    "P256": (ec.SECP256R1(), hashes.SHA256()),
    "P384": (ec.SECP384R1(), hashes.SHA384()),
    "P521": (ec.SECP521R1(), hashes.SHA512()),
}
EDDSA = {"ED25519": ed25519, "ED448": ed448}


def public(curve, key):
    if curve == "ED25519":
        return ed25519.Ed25519PublicKey.from_public_bytes(key)
    return ed448.Ed448PublicKey.from_public_bytes(key)


def stark_digest(message):
    return int.from_bytes(hashlib.sha256(message).digest(), "big") >> 5


def verify(case, message):
    """Raises unless the signature is over the message; every field of the case is used."""
    curve, key = case["curve"], bytes.fromhex(case["rootPublicKey"])
    signature = bytes.fromhex(case["signature"])
    if curve in EDDSA:
        public(curve, key).verify(signature, message)
        return
    if curve == "SECP256K1_SCHNORR":
        digest = hashlib.sha256(message).digest()
        signer = coincurve.PublicKeyXOnly(key)
        if "outputKey" in case:
            tag = hashlib.sha256(b"TapTweak").digest()
            signer.tweak_add(hashlib.sha256(tag + tag + key).digest())
            assert signer.format().hex() == case["outputKey"]
        if not signer.verify(signature, digest):
            raise InvalidSignature
        return
    r, s = utils.decode_dss_signature(signature)
    assert (r, s) == (int(case["r"], 16), int(case["s"], 16))
    assert utils.encode_dss_signature(r, s) == signature, "strict DER"
    if curve == "STARK":
        assert r < 2**251 and s < 2**251
        if not STARK.ecdsa(key, stark_digest(message), r, s):
            raise InvalidSignature
        return
    group, hash = ECDSA[curve]
    ec.EllipticCurvePublicKey.from_encoded_point(group, key).verify(signature, message, ec.ECDSA(hash))
    if curve == "SECP256k1":
        digest = hashlib.sha256(message).digest()
        assert s <= (0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141) // 2, "low s"
        assert coincurve.PublicKey(key).verify(signature, digest, hasher=None)
        compact = bytes.fromhex(case["r"] + case["s"]) + bytes([case["v"]])
        recovered = coincurve.PublicKey.from_signature_and_message(compact, digest, hasher=None)
        assert recovered.format() == key, "the recovery id"


def check(path):
    cases = json.load(open(path))
    for case in cases:
        message = bytes.fromhex(case["messageHex"])
        verify(case, message)
        try:
            verify(case, message + b".")
        except (InvalidSignature, AssertionError):
            continue
        raise SystemExit(f"{case['curve']}: a signature over another message was accepted")
    print(f"{len(cases)} signatures on {len({case['curve'] for case in cases})} curves")


def make():
    message = b"signed elsewhere"
    cases = []
    for curve, (group, hash) in ECDSA.items():
        key = ec.generate_private_key(group)
        form = (serialization.Encoding.X962, serialization.PublicFormat.CompressedPoint)
        while True:
            signature = key.sign(message, ec.ECDSA(hash))
            # Half of all ECDSA signatures have a high s, which SECP256k1's users refuse.
            r, s = utils.decode_dss_signature(signature)
            if curve != "SECP256k1" or s < 2**255 - 2**128:
                break
        cases.append((curve, key.public_key().public_bytes(*form), signature))
    raw = (serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    for curve, key in [
        ("ED25519", ed25519.Ed25519PrivateKey.generate()),
        ("ED448", ed448.Ed448PrivateKey.generate()),
    ]:
        cases.append((curve, key.public_key().public_bytes(*raw), key.sign(message)))
    key = coincurve.PrivateKey()
    digest = hashlib.sha256(message).digest()
    cases.append(("SECP256K1_SCHNORR", key.public_key_xonly.format(), key.sign_schnorr(digest)))
    fields = ("curve", "publicKey", "signature")
    cases = [(curve, key.hex(), signature.hex()) for curve, key, signature in cases]
    print(json.dumps([dict(zip(fields, case), message=message.decode()) for case in cases]))


if __name__ == "__main__":
    check(sys.argv[2]) if sys.argv[1] == "check" else make()
