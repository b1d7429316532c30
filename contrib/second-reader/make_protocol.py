#!/usr/bin/env python3
"""Write docs/reference/vectors/protocol.json: conversations with a server and receipts, and what has to come of each.

Keys are fixed; what is expected stands here and comes from docs/reference/protocol.md, not from a program.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from _format import TYPE
from _receipt import TYPE as RECEIPT_TYPE
from _talks import conversations
from _write import AT, Diary, identity, key, public, signed, text

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

OUT = Path(__file__).resolve().parents[2] / "docs/reference/vectors/protocol.json"


def receipts(server: Ed25519PrivateKey) -> tuple[list[str], list[dict]]:
    """Return what a client has sent, and receipts with how far each reaches for it; null: it does not count."""
    diary = Diary()
    sent = [diary.begin, *(diary.manual() for _ in range(3))]
    good = {"v": 1, "kind": "receipt", "server": identity(server), "chain": diary.chain, "at": AT, "seq": 3}
    good["digest"] = diary.digests["3"]
    found = [("good", good, server, 3), ("good for a part", good | {"seq": 2, "digest": diary.digests["2"]}, server, 2)]
    found.append(("signed by another server", good, key("another"), None))
    changes = {
        "of another version": {"v": 2},
        "of another kind": {"kind": "entry"},
        "of another server": {"server": "0" * 16},
        "of another chain": {"chain": diary.chain.replace("acme", "beta")},
        "of another entry": {"digest": "0" * 64},
        "with the number of another entry": {"seq": 2},
        "beyond what was sent": {"seq": 4},
        "with no time": {"at": None},
        "with a field more": {"more": 1},
        "with a number in words": {"seq": "3"},
        "with a truth for a number": {"v": True},
        "with a fraction": {"at": 1.5},
        "with a negative number": {"seq": -1},
    }
    found += [(name, good | change, server, None) for name, change in changes.items()]
    made = [
        {"name": name, "receipt": signed(plain(body), by, RECEIPT_TYPE), "reaches": to} for name, body, by, to in found
    ]
    loose = json.dumps(good).encode()
    made.append({"name": "not canonical", "receipt": signed(loose, server, RECEIPT_TYPE), "reaches": None})
    made.append({"name": "signed as an entry", "receipt": signed(plain(good), server, TYPE), "reaches": None})
    made.append({"name": "without signature", "receipt": {"body": text(plain(good))}, "reaches": None})
    made.append({"name": "no base64", "receipt": {"body": "?", "signature": "?"}, "reaches": None})
    return [one["body"] for one in sent], made


def plain(body: dict) -> bytes:
    """Write it in canonical form; a fraction as it stands."""
    return json.dumps(body, sort_keys=True, separators=(",", ":")).encode()


def made() -> str:
    server = key("server")
    sent, found = receipts(server)
    whole = {"public": public(server), "conversations": conversations(), "sent": sent, "receipts": found}
    return json.dumps(whole, indent=1) + "\n"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=OUT)
    parser.parse_args().out.write_text(made(), "utf-8")
