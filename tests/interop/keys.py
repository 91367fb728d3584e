"""Reads recovered keys as other programs take them, with none of Quorate's code.

keys.py wif VERSION TEXT PUBLIC    Base58Check, version byte in hex, compressed; PUBLIC is SEC1 compressed
keys.py bip340 SCALAR PUBLIC       the scalar's point has even y, and the x of PUBLIC
"""

import hashlib
import sys

from curves import CURVES, multiply

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


{"wif": wif, "bip340": bip340}[sys.argv[1]](*sys.argv[2:])
