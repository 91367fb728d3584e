"""The eight curves in plain Python, from their standards. Slow and not constant-time: for checks only."""

import hashlib


class Weierstrass:
    def __init__(self, name, p, a, b, g, n, scalar, wide, digest):
        self.name, self.p, self.a, self.b, self.n = name, p, a, b, n
        self.g, self.scalar, self.wide, self.digest = g, scalar, wide, digest
        self.width = scalar

    def add(self, left, right):
        if left is None or right is None:
            return left or right
        (x1, y1), (x2, y2) = left, right
        if x1 == x2:
            if (y1 + y2) % self.p == 0:
                return None
            slope = (3 * x1 * x1 + self.a) * pow(2 * y1, -1, self.p)
        else:
            slope = (y2 - y1) * pow(x2 - x1, -1, self.p)
        x = (slope * slope - x1 - x2) % self.p
        return x, (slope * (x1 - x) - y1) % self.p

    def point(self, data):
        assert len(data) == 1 + self.width and data[0] in (2, 3), "a SEC1 compressed point"
        x = int.from_bytes(data[1:], "big")
        assert x < self.p
        y = square_root(x**3 + self.a * x + self.b, self.p)
        return x, y if y % 2 == data[0] % 2 else self.p - y

    def integer(self, data):
        value = int.from_bytes(data, "big")
        assert len(data) == self.scalar and value < self.n, "a canonical scalar"
        return value

    def ecdsa(self, key, digest, r, s):
        """FIPS 186-5, section 6.4.2; digest as an integer, already truncated."""
        if not (0 < r < self.n and 0 < s < self.n):
            return False
        w = pow(s, -1, self.n)
        sum = self.add(multiply(self, digest * w, self.g), multiply(self, r * w, self.point(key)))
        return sum is not None and sum[0] % self.n == r

    def proof(self, key, message, signature):
        """RFC 9591: R | z with z*G = R + H2(R | Y | m)*Y."""
        cut = 1 + self.width
        r, z = signature[:cut], self.integer(signature[cut:])
        dst = f"FROST-{self.name}-{self.digest.upper()}-v1chal".encode()
        wide = expand_message_xmd(self.digest, r + key + message, dst, self.wide)
        challenge = int.from_bytes(wide, "big") % self.n
        right = self.add(self.point(r), multiply(self, challenge, self.point(key)))
        return multiply(self, z, self.g) == right


class Edwards:
    """a*x^2 + y^2 = 1 + d*x^2*y^2, encoded as in RFC 8032."""

    def __init__(self, p, a, d, g, n, scalar):
        self.p, self.a, self.d, self.g, self.n, self.scalar = p, a, d, g, n, scalar

    def add(self, left, right):
        (x1, y1), (x2, y2) = left or (0, 1), right or (0, 1)
        t = self.d * x1 * x2 * y1 * y2
        x = (x1 * y2 + y1 * x2) * pow(1 + t, -1, self.p)
        y = (y1 * y2 - self.a * x1 * x2) * pow(1 - t, -1, self.p)
        return x % self.p, y % self.p

    def point(self, data):
        assert len(data) == self.scalar
        value = int.from_bytes(data, "little")
        sign, y = value >> (8 * self.scalar - 1), value & ~(1 << (8 * self.scalar - 1))
        assert y < self.p
        x = square_root((1 - y * y) * pow(self.a - self.d * y * y, -1, self.p), self.p)
        return (x if x % 2 == sign else self.p - x), y

    def integer(self, data):
        value = int.from_bytes(data, "little")
        assert len(data) == self.scalar and value < self.n, "a canonical scalar"
        return value


def multiply(curve, k, point):
    k %= curve.n
    sum = None
    for bit in bin(k)[2:]:
        sum = curve.add(sum, sum) if sum is not None else None
        if bit == "1":
            sum = curve.add(sum, point)
    return sum


def square_root(value, p):
    value %= p
    if p % 4 == 3:
        root = pow(value, (p + 1) // 4, p)
    else:
        root = tonelli_shanks(value, p)
    assert root * root % p == value, "not on the curve"
    return root


def tonelli_shanks(value, p):
    assert value == 0 or pow(value, (p - 1) // 2, p) == 1, "not on the curve"
    odd, twos = p - 1, 0
    while odd % 2 == 0:
        odd, twos = odd // 2, twos + 1
    z = next(z for z in range(2, 100) if pow(z, (p - 1) // 2, p) == p - 1)
    c, t, root = pow(z, odd, p), pow(value, odd, p), pow(value, (odd + 1) // 2, p)
    while t not in (0, 1):
        i, square = 0, t
        while square != 1:
            square, i = square * square % p, i + 1
        step = pow(c, 1 << (twos - i - 1), p)
        root, c, twos = root * step % p, step * step % p, i
        t = t * c % p
    return root if t else 0


def expand_message_xmd(digest, message, dst, length):
    """RFC 9380, section 5.3.1."""
    def hash(data):
        return hashlib.new(digest, data).digest()

    size, block = hashlib.new(digest).digest_size, hashlib.new(digest).block_size
    dst += bytes([len(dst)])
    first = hash(bytes(block) + message + length.to_bytes(2, "big") + b"\0" + dst)
    last = hash(first + b"\1" + dst)
    out = last
    for i in range(2, -(-length // size) + 1):
        last = hash(bytes(a ^ b for a, b in zip(first, last)) + bytes([i]) + dst)
        out += last
    return out[:length]


def _sec(name, p, a, b, gx, gy, n, scalar, wide, digest):
    curve = Weierstrass(name, p, a % p, b, (gx, gy), n, scalar, wide, digest)
    assert (gy * gy - gx**3 - a * gx - b) % p == 0 and multiply(curve, n - 1, (gx, gy)) == (gx, p - gy)
    return curve


SECP256K1 = _sec(
    "secp256k1", 2**256 - 2**32 - 977, 0, 7,
    0x79BE667EF9DCBBAC55A06295CE870B07029BFCDB2DCE28D959F2815B16F81798,
    0x483ADA7726A3C4655DA4FBFC0E1108A8FD17B448A68554199C47D08FFB10D4B8,
    0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141, 32, 48, "sha256")
P256 = _sec(
    "P256", 2**256 - 2**224 + 2**192 + 2**96 - 1, -3,
    0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B,
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
    0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551, 32, 48, "sha256")
P384 = _sec(
    "P384", 2**384 - 2**128 - 2**96 + 2**32 - 1, -3,
    0xB3312FA7E23EE7E4988E056BE3F82D19181D9C6EFE8141120314088F5013875AC656398D8A2ED19D2A85C8EDD3EC2AEF,
    0xAA87CA22BE8B05378EB1C71EF320AD746E1D3B628BA79B9859F741E082542A385502F25DBF55296C3A545E3872760AB7,
    0x3617DE4A96262C6F5D9E98BF9292DC29F8F41DBD289A147CE9DA3113B5F0B8C00A60B1CE1D7E819D7A431D7C90EA0E5F,
    0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973,
    48, 72, "sha384")
P521 = _sec(
    "P521", 2**521 - 1, -3,
    int("0051953EB9618E1C9A1F929A21A0B68540EEA2DA725B99B315F3B8B489918EF109E156193951EC7E937B1652C0BD3BB1"
        "BF073573DF883D2C34F1EF451FD46B503F00", 16),
    int("00C6858E06B70404E9CD9E3ECB662395B4429C648139053FB521F828AF606B4D3DBAA14B5E77EFE75928FE1DC127A2FF"
        "A8DE3348B3C1856A429BF97E7E31C2E5BD66", 16),
    int("011839296A789A3BC0045C8A5FB42C7D1BD998F54449579B446817AFBD17273E662C97EE72995EF42640C550B9013FAD"
        "0761353C7086A272C24088BE94769FD16650", 16),
    int("01FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFA51868783BF2F966B7FCC0148F709A5D0"
        "3BB5C9B8899C47AEBB6FB71E91386409", 16),
    66, 98, "sha512")
STARK = _sec(
    "STARK", 2**251 + 17 * 2**192 + 1, 1,
    0x06F21413EFBE40DE150E596D72F7A8C5609AD26C15C915C1F4CDFCB99CEE9E89,
    0x01EF15C18599971B7BECED415A40F0C7DEACFD9B0D1819E03D723D8BC943CFCA,
    0x005668060AA49730B7BE4801DF46EC62DE53ECD11ABE43A32873000C36E8DC1F,
    0x0800000000000010FFFFFFFFFFFFFFFFB781126DCAE7B2321E66A241ADC64D2F, 32, 48, "sha256")
_P25519, _P448 = 2**255 - 19, 2**448 - 2**224 - 1
ED25519 = Edwards(
    _P25519, -1, -121665 * pow(121666, -1, _P25519) % _P25519,
    (15112221349535400772501151409588531511454012693041857206046113283949847762202,
     46316835694926478169428394003475163141307993866256225615783033603165251855960),
    2**252 + 27742317777372353535851937790883648493, 32)
ED448 = Edwards(
    _P448, 1, -39081 % _P448,
    (int("224580040295924300187604334099896036246789641632564134246125461686950415467406032909029192869357"
         "953282578032075146446173674602635247710"),
     int("298819210078481492676017930443930673437544040154080242095928241372331506189835876003536878655418"
         "784733982303233503462500531545062832660")),
    2**446 - 13818066809895115352007386748515426880336692474882178609894547503885, 57)

CURVES = {
    "SECP256k1": SECP256K1, "SECP256K1_SCHNORR": SECP256K1, "P256": P256, "P384": P384, "P521": P521,
    "STARK": STARK, "ED25519": ED25519, "ED448": ED448,
}
