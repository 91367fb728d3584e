"""Reads recovered keys as other programs take them, with none of Quorate's code.

keys.py wif VERSION TEXT PUBLIC    Base58Check, version byte in hex, compressed; PUBLIC is SEC1 compressed
keys.py bip340 SCALAR PUBLIC       the scalar's point has even y, and the x of PUBLIC
keys.py sign CURVE SCALAR PUBLIC   signs with the scalar, and has `cryptography` or `coincurve` verify under PUBLIC
"""

import hashlib
import secrets
import sys

import coincurve
from cryptography.hazmat.primitives.asymmetric import utils

from curves import CURVES, Edwards, multiply
from signatures import stark_digest, verify

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def point(scalar):
    curve = CURVES["SECP256k1"]
    x, y = multiply(curve, int.from_bytes(scalar, "big"), curve.g)
    return bytes([2 + y % 2]) + x.to_bytes(32, "big")


def wif(version, text, public):
    value = 0
    for digit in text:
        value = value * 58 + ALPHABET.index(digit)
    data = value.to_bytes(38, "big")
    body, check = data[:-4], data[-4:]
    assert hashlib.sha256(hashlib.sha256(body).digest()).digest()[:4] == check, "the check digits"
    assert (body[0], body[33], len(body)) == (int(version, 16), 1, 34)
    assert point(body[1:33]).hex() == public, "another key"


def bip340(scalar, public):
    found = point(bytes.fromhex(scalar))
    assert found[0] == 2 and found[1:].hex() == public[2:]


def encoded(curve, point):
    x, y = point
    return (y | (x % 2) << (8 * curve.scalar - 1)).to_bytes(curve.scalar, "little")


def eddsa(name, curve, scalar, message):
    """RFC 8032, sections 5.1.6 and 5.2.6, from the scalar; the nonce is drawn."""
    public, nonce = encoded(curve, multiply(curve, scalar, curve.g)), 1 + secrets.randbelow(curve.n - 1)
    commitment = encoded(curve, multiply(curve, nonce, curve.g))
    if name == "ED25519":
        hashed = hashlib.sha512(commitment + public + message).digest()
    else:
        hashed = hashlib.shake_256(b"SigEd448\0\0" + commitment + public + message).digest(114)
    response = (nonce + int.from_bytes(hashed, "little") * scalar) % curve.n
    return {"signature": (commitment + response.to_bytes(curve.scalar, "little")).hex()}


def ecdsa(name, curve, scalar, message):
    """FIPS 186-5, section 6.4.1; s is taken low, and below 2^251 on STARK."""
    hash = {"P384": hashlib.sha384, "P521": hashlib.sha512}.get(name, hashlib.sha256)
    digest = stark_digest(message) if name == "STARK" else int.from_bytes(hash(message).digest(), "big")
    while True:
        nonce = 1 + secrets.randbelow(curve.n - 1)
        x, y = multiply(curve, nonce, curve.g)
        r = x % curve.n
        s = pow(nonce, -1, curve.n) * (digest + r * scalar) % curve.n
        parity = y % 2
        if s > curve.n // 2:
            s, parity = curve.n - s, 1 - parity
        if 0 < r == x and s and (name != "STARK" or max(r, s) < 2**251):
            break
    numbers = {"r": f"{r:0{2 * curve.scalar}x}", "s": f"{s:0{2 * curve.scalar}x}", "v": parity}
    return dict(numbers, signature=utils.encode_dss_signature(r, s).hex())


def sign(name, scalar, public):
    curve, scalar, message = CURVES[name], bytes.fromhex(scalar), b"sweep"
    if name == "SECP256K1_SCHNORR":
        signed = coincurve.PrivateKey(scalar).sign_schnorr(hashlib.sha256(message).digest())
        case = {"signature": signed.hex()}
    elif isinstance(curve, Edwards):
        case = eddsa(name, curve, curve.integer(scalar), message)
    else:
        case = ecdsa(name, curve, curve.integer(scalar), message)
    verify(dict(case, curve=name, rootPublicKey=public), message)
    print(case["signature"])


{"wif": wif, "bip340": bip340, "sign": sign}[sys.argv[1]](*sys.argv[2:])
