"""SLIP-39 by the reference implementation, the Python package `shamir-mnemonic`; none of Quorate's code.

One JSON command per line on stdin, one JSON answer per line on stdout:

    {"do": "combine", "shares": [TEXT...], "passphrase": TEXT?}
        -> {"secret": HEX} or {"error": TEXT}
    {"do": "split", "secret": HEX, "groupThreshold": N?, "groups": [[THRESHOLD, COUNT]...], "passphrase": TEXT?,
     "extendable": BOOL?, "exponent": N?}
        -> {"groups": [[TEXT...]...]}

Defaults: empty passphrase, one group needed, extendable, exponent 0. `slip39.py age` reads text of 33 words
per line on stdin, as someone with no Quorate would, and prints AGE-SECRET-KEY-1...
"""

import json
import sys

from shamir_mnemonic import combine_mnemonics, generate_mnemonics
from shamir_mnemonic.utils import MnemonicError

CHARSET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"


def answer(command):
    passphrase = command.get("passphrase", "").encode()
    if command["do"] == "combine":
        try:
            return {"secret": combine_mnemonics(command["shares"], passphrase).hex()}
        except MnemonicError as error:
            return {"error": str(error)}
    return {
        "groups": generate_mnemonics(
            command.get("groupThreshold", 1),
            [tuple(group) for group in command["groups"]],
            bytes.fromhex(command["secret"]),
            passphrase,
            command.get("extendable", True),
            command.get("exponent", 0),
        )
    }


def polymod(values):
    """BIP-173."""
    state = 1
    for value in values:
        top = state >> 25
        state = (state & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate([0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3]):
            if top >> bit & 1:
                state ^= generator
    return state


def bech32(hrp, data):
    number = int.from_bytes(data, "big") << (-len(data) * 8) % 5
    digits = (len(data) * 8 + 4) // 5
    values = [number >> 5 * i & 31 for i in reversed(range(digits))]
    expanded = [ord(c) >> 5 for c in hrp] + [0] + [ord(c) & 31 for c in hrp]
    check = polymod(expanded + values + [0] * 6) ^ 1
    values += [check >> 5 * i & 31 for i in reversed(range(6))]
    return hrp + "1" + "".join(CHARSET[value] for value in values)


if sys.argv[1:] == ["age"]:
    shares = [line for line in sys.stdin.read().lower().splitlines() if line.strip()]
    print(bech32("age-secret-key-", combine_mnemonics(shares)).upper())
else:
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), flush=True)
