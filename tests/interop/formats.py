"""Reads Quorate's formats with none of its code: `formats.py golden FOLDER` or `formats.py home FOLDER`."""

import base64
import hashlib
import hmac
import json
import pathlib
import re
import sys

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.ed448 import Ed448PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from curves import CURVES, Edwards, multiply

P = 2**255 - 19


def canonical(value):
    """RFC 8785 for what the formats use: no floats, ASCII names."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def tagged(kind, data):
    tag = hashlib.sha256(f"quorate/{kind}/v1".encode()).digest()
    return hashlib.sha256(tag + tag + data).digest()


def unique(pairs):
    fields = dict(pairs)
    assert len(fields) == len(pairs), "a field twice"
    return fields


def load(data):
    value = json.loads(data, object_pairs_hook=unique)
    assert canonical(value) == data, "not canonical"
    return value


def check(key, digest, signature):
    Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(bytes.fromhex(signature), digest)


def possession(proof, x25519, digest):
    y = int.from_bytes(bytes.fromhex(proof["edwardsKey"]), "little") & (2**255 - 1)
    u = (1 + y) * pow(1 - y, -1, P) % P
    assert u.to_bytes(32, "little") == x25519, "a proof for another key"
    check(proof["edwardsKey"], digest, proof["signature"])


def age_recipient(text):
    alphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
    assert text.startswith("age1") and text == text.lower()
    data = [alphabet.index(c) for c in text[4:]]
    check = 1
    for value in [ord(c) >> 5 for c in "age"] + [0] + [ord(c) & 31 for c in "age"] + data:
        top, check = check >> 25, (check & 0x1FFFFFF) << 5 ^ value
        for i, g in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            check ^= g if top >> i & 1 else 0
    assert check == 1, "bech32 checksum"
    bits = "".join(f"{value:05b}" for value in data[:-6])
    return bytes(int(bits[i : i + 8], 2) for i in range(0, 256, 8))


def node_card(card):
    body = card["card"]
    digest = tagged("node-card", canonical(body))
    assert body["version"] == 1
    check(body["signingKey"], digest, card["signature"])
    possession(card["noiseKeyProof"], bytes.fromhex(body["noiseKey"]), digest)
    possession(card["recipientProof"], age_recipient(body["recipient"]), digest)
    return {"node-card": digest}


def person_card(card, replaced=None):
    body = card["card"]
    digest = tagged("person-card", canonical(body))
    assert body["version"] == 1
    check(body["approvalKey"], digest, card["signature"])
    possession(card["recipientProof"], age_recipient(body["recipient"]), digest)
    if replaced:
        assert body["previousCardHash"] == tagged("person-card", canonical(replaced["card"])).hex()
        check(replaced["card"]["approvalKey"], digest, card["previousSignature"])
    return {"person-card": digest}


def identity(file, passphrase):
    """Opens an identity file; its keys must be the ones it names."""
    header = file["header"]
    costs = re.fullmatch(r"\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]{22})", header["phc"])
    m, t, p = (int(number) for number in costs.groups()[:3])
    salt = base64.b64decode(costs[4] + "==")
    out = Argon2id(salt=salt, length=64, iterations=t, lanes=p, memory_cost=m).derive(passphrase)
    assert out[32:].hex() == header["commitment"], "the commitment"
    nonce, body = bytes.fromhex(header["nonce"]), base64.b64decode(file["body"])
    secret = AESGCM(out[:32]).decrypt(nonce, body, canonical(header))
    public = X25519PrivateKey.from_private_bytes(secret).public_key().public_bytes_raw()
    assert public == age_recipient(header["recipient"])
    seed = HKDF(SHA256(), 32, None, b"quorate/approval/v1").derive(secret)
    key = Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
    assert key.hex() == header["approvalKey"]


def guardian_set(file):
    body = file["set"]
    digest = tagged("guardian-set", canonical(body))
    check(body["approvalKey"], digest, file["signature"])
    commitments = {guardian["name"]: guardian["commitment"] for guardian in body["guardians"]}
    for proof in file["proofs"]:
        opened = tagged("guardian-commitment", bytes.fromhex(proof["proof"])).hex()
        assert opened == commitments[proof["guardian"]], "a proof"
    return {"guardian-set": digest}


def guardian_share(text, file):
    """The commitment to the 33 words of a sheet, which the set must hold."""
    words = re.findall(r"^ ?\d+ ([a-z]+)$", text, re.M)
    assert len(words) == 33
    commitment = tagged("guardian-commitment", tagged("guardian-share", " ".join(words).encode()))
    assert commitment.hex() == file["set"]["guardians"][0]["commitment"]
    return {"commitment": commitment}


def genesis(chain):
    hashes, previous = {}, None
    for sequence, signed in enumerate(chain):
        version = signed["genesis"]
        digest = tagged("genesis", canonical(version))
        assert (version["version"], version["sequence"]) == (1, sequence)
        assert version.get("previousHash") == (previous and previous.hex())
        signatures = {s["name"]: s["signature"] for s in signed["signatures"]}
        for node in version["nodes"]:
            assert node["name"] == node["card"]["card"]["name"]
            node_card(node["card"])
            check(node["card"]["card"]["signingKey"], digest, signatures[node["name"]])
        for person in version["people"]:
            person_card(person["card"])
            if (version["mode"], sequence) == ("production", 0):
                check(person["card"]["card"]["approvalKey"], digest, signatures[person["name"]])
        if "adoption" in signed:
            adopted(signed["adoption"], chain[sequence - 1]["genesis"], digest)
        assert ("adoption" in signed) == (version["mode"] == "production" and sequence > 0)
        hashes[f"genesis {sequence}"] = previous = digest
        hashes[f"policy {sequence}"] = tagged("policy", canonical(version["policy"]))
    return hashes


def adopted(signed, before, digest):
    """That the requester asked for the version of this hash, and two others of the one before agreed."""
    body = signed["request"]
    asked = tagged("request", canonical(body))
    keys = {p["name"]: p["card"]["card"]["approvalKey"] for p in before["people"]}
    assert body["operation"] == "govern" and body["params"] == {"nextHash": digest.hex()}
    assert body["genesisHash"] == tagged("genesis", canonical(before)).hex()
    check(keys[body["requester"]], asked, signed["requesterSignature"])
    agreed = set()
    for approval in signed["approvals"]:
        name, key = approval["approver"], approval["approvalKey"]
        assert approval["requestHash"] == asked.hex() and keys[name] == key and name != body["requester"]
        check(key, tagged("approval", asked + bytes.fromhex(key) + name.encode()), approval["signature"])
        agreed.add(name)
    assert len(agreed) >= before["policy"]["quorums"]["policyChange"]["count"] == 2


def signing_keys(chain, digest):
    """The nodes' signing keys in the version of a hash."""
    for signed in chain:
        if tagged("genesis", canonical(signed["genesis"])).hex() == digest:
            return {n["name"]: n["card"]["card"]["signingKey"] for n in signed["genesis"]["nodes"]}
    raise AssertionError("made under another genesis")


def key_card(card, chain):
    body = card["card"]
    digest = tagged("key-card", canonical(body))
    keys = signing_keys(chain, body["genesisHash"])
    assert len(card["signatures"]) == len(body["roster"]) == body["participants"]
    for name, signature in zip(body["roster"], card["signatures"]):
        check(keys[name], digest, signature)
    polynomial(body)
    message = b"quorate/key-proof/v1\0" + digest
    group, proof = bytes.fromhex(body["groupPublicKey"]), bytes.fromhex(card["proof"])
    if body["curve"] == "ED25519":
        Ed25519PublicKey.from_public_bytes(group).verify(proof, message)
    elif body["curve"] == "ED448":
        Ed448PublicKey.from_public_bytes(group).verify(proof, message)
    else:
        assert CURVES[body["curve"]].proof(group, message, proof), "the key's proof"
    return {"key-card": digest}


def polynomial(body):
    """Every window of t verification shares interpolates to the group key."""
    curve, t = CURVES[body["curve"]], body["threshold"]
    shares = [curve.point(bytes.fromhex(share)) for share in body["verificationShares"]]
    for start in range(len(shares) - t + 1):
        indices, sum = range(start + 1, start + t + 1), None
        for i in indices:
            top = bottom = 1
            for j in indices:
                if j != i:
                    top, bottom = top * j, bottom * (j - i)
            sum = curve.add(sum, multiply(curve, top * pow(bottom, -1, curve.n), shares[i - 1]))
        assert sum == curve.point(bytes.fromhex(body["groupPublicKey"])), "one polynomial"


def share_core(data, card, chain):
    body, curve = card["card"], CURVES[card["card"]["curve"]]
    digest = tagged("share-core", data[:-64])
    index = int.from_bytes(data[42:44], "big")
    length = int.from_bytes(data[44:46], "big")
    assert data[:8] == b"QRTSHARE" and data[8:10] == b"\0\1" and len(data) == 46 + length + 96
    assert data[10:42] == tagged("key-card", canonical(body))
    check(signing_keys(chain, body["genesisHash"])[body["roster"][index - 1]], digest, data[-64:].hex())
    scalar, chain_code = curve.integer(data[46 : 46 + length]), data[46 + length : -64]
    assert tagged("chain-code", chain_code).hex() == body["chainCodeHash"]
    share = curve.point(bytes.fromhex(body["verificationShares"][index - 1]))
    assert multiply(curve, scalar, curve.g) == share, "the share"
    return {"share-core": digest}


def aux_table(table, card, chain):
    body = table["table"]
    digest = tagged("aux-table", canonical(body))
    assert body["keyCardHash"] == tagged("key-card", canonical(card["card"])).hex()
    keys = signing_keys(chain, card["card"]["genesisHash"])
    for row, signature in zip(body["rows"], table["signatures"], strict=True):
        check(keys[card["card"]["roster"][row["index"] - 1]], digest, signature)
    return {"aux-table": digest}


def aux_core(data, table, card, chain):
    body = table["table"]
    assert data[:8] == b"QRTPAILL" and data[8:10] == b"\0\1"
    index, level = int.from_bytes(data[42:44], "big"), int.from_bytes(data[44:46], "big")
    assert data[10:42].hex() == body["keyCardHash"] and level == body["level"]
    assert data[46:62].hex() == body["auxId"] and data[62:94] == tagged("aux-table", canonical(body))
    size = int.from_bytes(data[94:96], "big")
    assert len(data) == 96 + 4 * size + 64
    p, q, r, s = (int.from_bytes(data[96 + i * size : 96 + (i + 1) * size], "big") for i in range(4))
    row = next(row for row in body["rows"] if row["index"] == index)
    assert p * q == int(row["paillier"], 16) and r * s == int(row["pedersen"], 16)
    digest = tagged("aux-core", data[:-64])
    keys = signing_keys(chain, card["card"]["genesisHash"])
    check(keys[card["card"]["roster"][index - 1]], digest, data[-64:].hex())
    return {"aux-core": digest}


def audit(data, log, key):
    """With no key the chain alone is checked."""
    hashes, previous = {}, bytes(32)
    assert data.endswith(b"\n")
    for counter, line in enumerate(data[:-1].split(b"\n"), 1):
        signed = load(line)
        entry = signed["entry"]
        assert (entry["version"], entry["log"], entry["counter"]) == (1, log, counter)
        assert entry["previous"] == previous.hex(), f"entry {counter} does not follow"
        previous = tagged("audit-entry", canonical(entry))
        if key:
            check(key, previous, signed["signature"])
        hashes[f"audit-entry {counter}"] = previous
    return hashes


def request(signed):
    return {"request": tagged("request", canonical(signed["request"]))}


def seeded(text, block=0):
    """The golden files' own generator, 32 bytes at a time."""
    return hashlib.sha256(block.to_bytes(8, "big") + f"quorate golden v1: {text}".encode()).digest()[::-1]


def age_open(secret, armored):
    """C2SP age.md, one X25519 recipient, one chunk."""
    def expand(key, salt, info):
        return HKDF(SHA256(), 32, salt, info).derive(key)

    lines = armored.encode().split(b"\n")
    assert (lines[0], lines[-2], lines[-1]) == (b"-----BEGIN AGE ENCRYPTED FILE-----", b"-----END AGE ENCRYPTED FILE-----", b"")
    assert all(len(line) == 64 for line in lines[1:-3]) and 0 < len(lines[-3]) <= 64
    header, _, rest = base64.b64decode(b"".join(lines[1:-2]), validate=True).partition(b"\n--- ")
    mac, _, payload = rest.partition(b"\n")
    stanza = re.search(rb"-> X25519 (\S+)\n(\S+)", header)
    share, body = (base64.b64decode(part + b"=" * (-len(part) % 4)) for part in stanza.groups())
    mine = X25519PrivateKey.from_private_bytes(secret)
    public = mine.public_key().public_bytes_raw()
    shared = mine.exchange(X25519PublicKey.from_public_bytes(share))
    wrapping = expand(shared, share + public, b"age-encryption.org/v1/X25519")
    key = ChaCha20Poly1305(wrapping).decrypt(bytes(12), body, None)
    signed = hmac.new(expand(key, None, b"header"), header + b"\n---", "sha256").digest()
    assert base64.b64encode(signed).rstrip(b"=") == mac, "the header was altered"
    return ChaCha20Poly1305(expand(key, payload[:16], b"payload")).decrypt(bytes(11) + b"\1", payload[16:], None), public


def opened(blob, secret, keys, people):
    """The core of an encrypted part, and its last wrap; `people` and `keys` sign wraps."""
    plain, public = age_open(secret, blob)
    value = load(plain)
    core = base64.b64decode(value["core"], validate=True)
    wraps = [signed["wrap"] for signed in value["wraps"]]
    for signed in value["wraps"]:
        wrap = signed["wrap"]
        assert wrap["coreHash"] == tagged("wrapped-core", core).hex() and wrap["version"] == 1
        check({**keys, **people}[wrap["signer"]], tagged("wrap", canonical(wrap)), signed["signature"])
    assert [wrap["serial"] for wrap in wraps] == list(range(len(wraps))) and wraps[0]["kind"] == "export"
    assert age_recipient(wraps[-1]["recipient"]) == public
    return core, wraps[-1]


def parcel(value, secret, card, chain, keys, people, kind):
    hashes = []
    if "wrappedKeyShare" in value:
        core, wrap = opened(value["wrappedKeyShare"], secret, keys, people)
        share_core(core, card, chain)
        assert core[42:44] == b"\0\1"
        hashes.append(tagged("wrapped-core", core))
        assert wrap["kind"] == kind
    aux_table(value["auxTable"], card, chain)
    core, wrap = opened(value["wrappedAux"], secret, keys, people)
    aux_core(core, value["auxTable"], card, chain)
    assert wrap["kind"] == kind
    return (hashes + [tagged("wrapped-core", core)])[0]


def shard(value, who, kind, chain, keys, people):
    card = value["keyCard"]
    key_card(card, chain)
    body, last = card["card"], opened(value["wrappedAux"], seeded(who), keys, people)[1]
    outside = ("keyId", "curve", "threshold", "participants", "epoch")
    assert all(value[name] == body[name] for name in outside) and value["index"] == 1
    assert (value["custodian"], value["recipient"]) == (last["holder"], last["recipient"])
    return {"wrapped-core": parcel(value, seeded(who), card, chain, keys, people, kind)}


def sent(value, secret, kind, card, chain, keys, people):
    """An import or a grant."""
    parcel(value["parcel"], secret, card, chain, keys, people, kind)
    digest = key_card(card, chain)["key-card"]
    if kind == "grant":
        approval = value["approval"]
        name, key = approval["approver"].encode(), bytes.fromhex(approval["approvalKey"])
        signed = tagged("approval", bytes.fromhex(approval["requestHash"]) + key + name)
        check(people[approval["approver"]], signed, approval["signature"])
        assert value["keyCardHash"] == digest.hex()
    return {"key-card": digest}


def receipt(value, shard, people):
    body = value["receipt"]
    digest = tagged("receipt", canonical(body))
    check(people[body["signer"]], digest, value["signature"])
    for name, blob in (("shareBlobHash", "wrappedKeyShare"), ("auxBlobHash", "wrappedAux")):
        assert body[name] == hashlib.sha256(shard[blob].encode()).hexdigest()
    assert body["verificationShare"] == shard["keyCard"]["card"]["verificationShares"][0]
    return {"receipt": digest}


def recovery_share(value, card, chain, keys):
    """What a node sealed: one wrap, of the node itself, for the device's owner."""
    plain, public = age_open(seeded("Ann"), value["wrappedKeyShare"])
    inside = load(plain)
    core, (signed,) = base64.b64decode(inside["core"], validate=True), inside["wraps"]
    wrap = signed["wrap"]
    check(keys[wrap["signer"]], tagged("wrap", canonical(wrap)), signed["signature"])
    assert wrap["coreHash"] == tagged("wrapped-core", core).hex()
    assert (wrap["kind"], wrap["signer"], wrap["holder"]) == ("recovery", value["node"], value["owner"])
    assert (wrap["opId"], wrap["requestHash"]) == (value["opId"], value["requestHash"])
    assert age_recipient(wrap["recipient"]) == public and value["keyCard"] == card
    share_core(core, card, chain)
    return {"wrapped-core": tagged("wrapped-core", core)}


def exposure(value, card, people):
    body = value["notice"]
    digest = tagged("exposure", canonical(body))
    check(people[body["signer"]], digest, value["signature"])
    assert body["keyCardHash"] == tagged("key-card", canonical(card["card"])).hex()
    assert body["groupPublicKey"] == card["card"]["groupPublicKey"]
    key, proof = bytes.fromhex(body["groupPublicKey"]), bytes.fromhex(value["proof"])
    assert CURVES[card["card"]["curve"]].proof(key, b"quorate/key-proof/v1\0" + digest, proof), "the proof"
    return {"exposure": digest}


def alias(value, card, keys):
    digest = tagged("alias-card", canonical(value["alias"]))
    assert value["alias"]["keyCardHash"] == tagged("key-card", canonical(card["card"])).hex()
    assert [signed["name"] for signed in value["signatures"]] == card["card"]["roster"]
    for signed in value["signatures"]:
        check(keys[signed["name"]], digest, signed["signature"])
    return {"alias-card": digest}


def statement(value, kind, keys):
    digest = tagged(kind, canonical(value["statement"]))
    check(keys[value["statement"]["node"]], digest, value["signature"])
    return {kind: digest}


def golden(folder):
    recorded = json.loads((folder / "hashes.json").read_bytes())
    data = {path.name: path.read_bytes() for path in folder.iterdir() if path.name in recorded}
    assert data.keys() == recorded.keys()
    # Some are lines: they end like one.
    json_of = {name: load(d.removesuffix(b"\n")) for name, d in data.items() if name.endswith(".json")}
    identity(json_of["identity.json"], b"golden horse battery staple 7")
    share = data["guardian-share-Bob.txt"].decode()
    chain, ecdsa = json_of["genesis.json"], json_of["key-card-SECP256k1.json"]
    keys = signing_keys(chain, json_of["key-card-SECP256k1.json"]["card"]["genesisHash"])
    ann, newer = json_of["person-card.json"]["card"], json_of["person-card-rotated.json"]["card"]
    people = {"Ann": ann["approvalKey"]}
    assert newer["name"] == "Ann"
    for name in data:
        stem = name.split(".")[0]
        if stem.startswith("key-card-"):
            found = key_card(json_of[name], chain)
        elif stem.startswith("share-core-"):
            found = share_core(data[name], json_of[f"key-card-{stem[11:]}.json"], chain)
        elif stem.startswith("request-"):
            found = request(json_of[name])
        else:
            found = {
                "node-card": lambda: node_card(json_of[name]),
                "person-card": lambda: person_card(json_of[name]),
                "person-card-rotated": lambda: person_card(json_of[name], json_of["person-card.json"]),
                "genesis": lambda: genesis(chain),
                "aux-table": lambda: aux_table(json_of[name], ecdsa, chain),
                "aux-core": lambda: aux_core(data[name], json_of["aux-table.json"], ecdsa, chain),
                "audit": lambda: audit(data[name], "OFFICIAL_1", keys["OFFICIAL_1"]),
                "identity": lambda: person_card(json_of["person-card.json"]),
                "guardian-set": lambda: guardian_set(json_of[name]),
                "guardian-share-Bob": lambda: guardian_share(share, json_of["guardian-set.json"])
                if name.endswith((".txt", ".png"))
                else {},
                "shard": lambda: shard(json_of[name], "Ann", "export", chain, keys, people),
                "shard-aux": lambda: shard(json_of[name], "Ann", "export", chain, keys, people),
                "shard-rewrapped": lambda: shard(json_of[name], "Ann again", "rewrap", chain, keys, people),
                "import": lambda: sent(json_of[name], seeded("node 1", 2), "import", ecdsa, chain, keys, people),
                "grant": lambda: sent(json_of[name], seeded("one-time"), "grant", ecdsa, chain, keys, people),
                "receipt": lambda: receipt(json_of[name], json_of["shard.json"], people),
                "alias-card": lambda: alias(json_of[name], ecdsa, keys),
                "statement-holding": lambda: statement(json_of[name], "holding", keys),
                "statement-status": lambda: statement(json_of[name], "node-status", keys),
                "production": lambda: genesis(json_of[name]),
                "recovery-share": lambda: recovery_share(json_of[name], ecdsa, chain, keys),
                "exposure-notice": lambda: exposure(json_of[name], ecdsa, people),
                "home": dict,
                "export": dict,
                "operation": dict,
                "transfer": dict,
                "exposed-key": dict,
                "exposed-key-noticed": dict,
                "pending-key": dict,
            }[stem]()
        found["sha256"] = hashlib.sha256(data[name]).digest()
        assert {kind: digest.hex() for kind, digest in found.items()} == recorded[name], name
    negative(json_of["key-card-STARK.json"], chain, data["audit.jsonl"], keys["OFFICIAL_1"])
    print(f"{len(data)} golden files")


def negative(card, chain, log, key):
    """This script refuses what it should."""
    other = json.loads(json.dumps(card))
    other["proof"] = card["proof"][:-1] + ("0" if card["proof"][-1] != "0" else "1")
    tampered = log.replace(b"2026", b"2027", 1)
    for bad in (lambda: key_card(other, chain), lambda: audit(tampered, "OFFICIAL_1", key)):
        try:
            bad()
        except (AssertionError, InvalidSignature):
            continue
        raise SystemExit("a tampered file was accepted")


def home(folder):
    chain = load((folder / "genesis.json").read_bytes())
    genesis(chain)
    cards = list((folder / "keys").glob("*.card.json"))
    assert cards
    for path in cards:
        key_card(load(path.read_bytes()), chain)
    entries = 0
    for node in chain[-1]["genesis"]["nodes"]:
        log = (folder / "nodes" / node["name"] / "audit.jsonl").read_bytes()
        entries += len(audit(log, node["name"], node["card"]["card"]["signingKey"]))
    entries += len(audit((folder / "workspace" / "audit.jsonl").read_bytes(), "workspace", None))
    load((folder / "home.json").read_bytes())
    print(f"{len(chain)} genesis versions, {len(cards)} key cards, {entries} log entries")


if __name__ == "__main__":
    {"golden": golden, "home": home}[sys.argv[1]](pathlib.Path(sys.argv[2]))
