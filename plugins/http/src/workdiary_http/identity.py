"""Whose receipts count: the key of the server that was seen first."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from workdiary.proof.links import public_key
from workdiary.uploader import HaltError

if TYPE_CHECKING:
    from pathlib import Path

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

PROTOCOL = 1


def pinned(about: dict[str, Any], url: str, place: Path) -> Ed25519PublicKey:
    """Return the key of the server at *url*, noted at the first time.

    :raises HaltError: it is another server now, or speaks another version.
    """
    if about.get("protocol") != PROTOCOL:
        raise HaltError("the server speaks another version of the protocol", remedy="check plugins.http.url")
    key = public_key(str(about.get("public")))
    if key is None:
        raise HaltError("the server names no key for its receipts", remedy="ask who runs it")
    file = place / "servers.json"
    known: dict[str, str] = json.loads(file.read_text()) if file.exists() else {}
    if known.setdefault(url, about["public"]) != about["public"]:
        raise HaltError(
            "the server signs with another key than before: it is another one, or was set up anew",
            remedy=f"if you know why, delete {file}",
        )
    place.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(known), encoding="utf-8")
    return key
