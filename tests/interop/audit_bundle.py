"""Judges an audit bundle with none of Quorate's code: `audit_bundle.py FILE`. Chains, signatures, and that every head
that one log saw of another lies on it."""

import json
import pathlib
import sys

from cryptography.exceptions import InvalidSignature

from formats import audit, genesis, key_card, load


def sections(data):
    """The bundle's parts: (section, log, lines)."""
    assert data.endswith(b"\n"), "cut off"
    lines = iter(data[:-1].split(b"\n"))
    opening = load(next(lines))
    assert (opening["bundle"], opening["version"]) == ("quorate-audit", 1)
    for line in lines:
        heading = load(line)
        yield heading["section"], heading.get("log"), [next(lines) for _ in range(heading["lines"])]


def judge(data):
    parts = list(sections(data))
    assert parts[-1] == ("end", None, []), "its end is missing"
    of = lambda name: [load(line) for section, _, lines in parts for line in lines if section == name]
    chain = of("genesis")
    genesis(chain)
    for card in of("keyCards"):
        key_card(card, chain)
    keys = {n["name"]: n["card"]["card"]["signingKey"] for v in chain for n in v["genesis"]["nodes"]}
    logs = {log: lines for section, log, lines in parts if section == "log"}
    assert logs.keys() >= {n["name"] for n in chain[-1]["genesis"]["nodes"]} | {"workspace"}
    # The workspace's first entry publishes its key.
    keys["workspace"] = load(logs["workspace"][0])["entry"]["detail"]["key"]
    hashes = {}
    for log, lines in logs.items():
        found = audit(b"".join(line + b"\n" for line in lines), log, keys[log])
        hashes[log] = [bytes(32), *found.values()]
    seen = 0
    for log, lines in logs.items():
        for line in lines:
            for head in load(line)["entry"].get("heads", []):
                assert head["head"] == hashes[head["node"]][head["counter"]].hex(), f"{log} saw another {head}"
                seen += 1
    return f"{len(logs)} logs, {sum(map(len, logs.values()))} entries, {seen} witnessed heads"


def main(path):
    data = pathlib.Path(path).read_bytes()
    print(judge(data))
    # The script refuses what it should: one digit of a signature, and the last entry of a log cut off.
    first, _, rest = data.rpartition(b'"signature":"')
    other = b"1" if rest[:1] == b"0" else b"0"
    last = data.rindex(b'{"lines"')
    heading = data.rindex(b'{"lines"', 0, last)
    for bad in (first + b'"signature":"' + other + rest[1:], data[:heading] + data[last:]):
        try:
            judge(bad)
        except (AssertionError, InvalidSignature, KeyError, IndexError, json.JSONDecodeError):
            continue
        raise SystemExit("a tampered bundle was accepted")


if __name__ == "__main__":
    main(sys.argv[1])
