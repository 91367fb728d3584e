#!/usr/bin/env python3
"""Restores a private key without Quorate: python3 restore.py KEY PLAIN...

KEY is any shard of the key, or its key card. Each PLAIN is what stock age gives for one shard; t of them are needed:
    python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["wrappedKeyShare"], end="")' SHARD > SHARE.age
    age -d -i AGE_KEY SHARE.age > PLAIN          (AGE_KEY holds the line AGE-SECRET-KEY-1...)
Prints the scalar in hex (big-endian; little-endian for ED25519 and ED448, whose usual keys are seeds, not scalars)
after checking every share and the result against the key card. Standard library only. Slow and not constant-time: run
it offline, on a machine that keeps nothing, with PLAIN and the output on a memory disk; the key is exposed from then on.

A PLAIN is {"core": base64, "wraps": ..}; the core is QRTSHARE, version (2 bytes), key card hash (32), index (2), length
(2), scalar, chain code (32), signature (64). The key is the sum of scalar_i * L_i(0), L_i Lagrange's over the indices."""
import base64, hashlib, json, sys

P25519, P448 = 2**255 - 19, 2**448 - 2**224 - 1
CURVES = {  # width of a scalar, p, a, d (Edwards only), G, n
    "SECP256k1": (32, 2**256 - 2**32 - 977, 0, None, (
        0x79BE667EF9DCBBAC55A06295CE870B07029BFCDB2DCE28D959F2815B16F81798,
        0x483ADA7726A3C4655DA4FBFC0E1108A8FD17B448A68554199C47D08FFB10D4B8),
        0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141),
    "P256": (32, 2**256 - 2**224 + 2**192 + 2**96 - 1, -3, None, (
        0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
        0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5),
        0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551),
    "P384": (48, 2**384 - 2**128 - 2**96 + 2**32 - 1, -3, None, (
        0xAA87CA22BE8B05378EB1C71EF320AD746E1D3B628BA79B9859F741E082542A385502F25DBF55296C3A545E3872760AB7,
        0x3617DE4A96262C6F5D9E98BF9292DC29F8F41DBD289A147CE9DA3113B5F0B8C00A60B1CE1D7E819D7A431D7C90EA0E5F),
        0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973),
    "P521": (66, 2**521 - 1, -3, None, (
        0xC6858E06B70404E9CD9E3ECB662395B4429C648139053FB521F828AF606B4D3DBAA14B5E77EFE75928FE1DC127A2FFA8DE3348B3C1856A429BF97E7E31C2E5BD66,
        0x11839296A789A3BC0045C8A5FB42C7D1BD998F54449579B446817AFBD17273E662C97EE72995EF42640C550B9013FAD0761353C7086A272C24088BE94769FD16650),
        2**521 - 0x5AE79787C40D069948033FEB708F65A2FC44A36477663B851449048E16EC79BF7),
    "STARK": (32, 2**251 + 17 * 2**192 + 1, 1, None, (
        0x01EF15C18599971B7BECED415A40F0C7DEACFD9B0D1819E03D723D8BC943CFCA,
        0x005668060AA49730B7BE4801DF46EC62DE53ECD11ABE43A32873000C36E8DC1F),
        0x0800000000000010FFFFFFFFFFFFFFFFB781126DCAE7B2321E66A241ADC64D2F),
    "ED25519": (32, P25519, -1, -121665 * pow(121666, -1, P25519), (
        15112221349535400772501151409588531511454012693041857206046113283949847762202,
        46316835694926478169428394003475163141307993866256225615783033603165251855960),
        2**252 + 27742317777372353535851937790883648493),
    "ED448": (57, P448, 1, -39081, (
        224580040295924300187604334099896036246789641632564134246125461686950415467406032909029192869357953282578032075146446173674602635247710,
        298819210078481492676017930443930673437544040154080242095928241372331506189835876003536878655418784733982303233503462500531545062832660),
        2**446 - 13818066809895115352007386748515426880336692474882178609894547503885)}
CURVES["SECP256K1_SCHNORR"] = CURVES["SECP256k1"]

def public(name, k):
    """k * G as the key card spells it."""
    width, p, a, d, g, _ = CURVES[name]

    def add(left, right):
        if left is None or right is None:
            return left or right
        (x1, y1), (x2, y2) = left, right
        if name.startswith("ED"):
            t = d * x1 * x2 * y1 * y2
            return (x1 * y2 + y1 * x2) * pow(1 + t, -1, p) % p, (y1 * y2 - a * x1 * x2) * pow(1 - t, -1, p) % p
        if x1 == x2 and y1 != y2:
            return None
        slope = (3 * x1 * x1 + a) * pow(2 * y1, -1, p) if x1 == x2 else (y2 - y1) * pow(x2 - x1, -1, p)
        x = (slope * slope - x1 - x2) % p
        return x, (slope * (x1 - x) - y1) % p

    sum = None
    for bit in bin(k)[2:]:
        sum = add(add(sum, sum), g if bit == "1" else None)
    x, y = sum
    if name.startswith("ED"):
        return (y | x % 2 << 8 * width - 1).to_bytes(width, "little").hex()
    return (bytes([2 + y % 2]) + x.to_bytes((p.bit_length() + 7) // 8, "big")).hex()

def main(key, *plains):
    card = json.load(open(key))
    card = card.get("keyCard", card)["card"]
    name, threshold, tag = card["curve"], card["threshold"], hashlib.sha256(b"quorate/key-card/v1").digest()
    text = json.dumps(card, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    order, n = "little" if name.startswith("ED") else "big", CURVES[name][5]
    shares = {}
    for plain in plains:
        core = base64.b64decode(json.load(open(plain))["core"])
        index, length = int.from_bytes(core[42:44], "big"), int.from_bytes(core[44:46], "big")
        if core[:10] != b"QRTSHARE\0\1" or core[10:42] != hashlib.sha256(tag + tag + text).digest():
            sys.exit(f"{plain}: not a share of this key")
        shares[index] = int.from_bytes(core[46:46 + length], order)
        if public(name, shares[index]) != card["verificationShares"][index - 1]:
            sys.exit(f"{plain}: not the share of index {index}")
    if len(shares) < threshold:
        sys.exit(f"{threshold - len(shares)} more share(s) are needed")
    secret, chosen = 0, sorted(shares)[:threshold]
    for i in chosen:
        for j in chosen:
            shares[i] = shares[i] * (j * pow(j - i, -1, n) if i != j else 1) % n
        secret = (secret + shares[i]) % n
    if public(name, secret) != card["groupPublicKey"]:
        sys.exit("the shares do not make the key of the key card")
    print(secret.to_bytes(CURVES[name][0], order).hex())

main(*sys.argv[1:])
