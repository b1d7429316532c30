"""One entry as a readable JSON file of the ``directory`` uploader."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from workdiary.uploader import Item

#: The folder, within a day's, of what is neither tracked nor manual time.
OTHERS = "journal"
DIARY_KINDS = {"segment", "manual"}
CONTRACT = re.compile(r"[a-z0-9][a-z0-9_.-]{0,39}")


def place_of(item: Item) -> tuple[tuple[str, ...], str]:
    """Return the folders, and the name without its ending; ValueError, KeyError or TypeError if the body has none.

    The digest keeps two devices apart, and a journal that was restored from a backup from what it was before.
    """
    body: dict[str, Any] = json.loads(item.body)
    contract = body["contract"]
    if not CONTRACT.fullmatch(contract):
        raise ValueError(contract)
    moment = datetime.fromtimestamp(body["slot"] * 600 if "slot" in body else body["at"] / 1000, UTC)
    day = (contract, f"{moment:%Y-%m-%d}")
    stem = f"{moment:%H%M}-{item.seq:06d}-{hashlib.sha256(item.body).hexdigest()[:8]}"
    return (day if item.kind in DIARY_KINDS else (*day, OTHERS)), stem


def parse(data: bytes | None) -> dict[str, Any] | None:
    """Return the document of a file, None if there is no sound one."""
    try:
        document: dict[str, Any] = json.loads(data or b"")
        base64.b64decode(document["signed"]["body"], validate=True)
        return document if isinstance(document["entry"]["device"], str) else None
    except (ValueError, KeyError, TypeError):
        return None


def render(document: dict[str, Any]) -> bytes:
    """Return the file of a document."""
    return json.dumps(document, indent=2, ensure_ascii=False).encode()


def is_erased(document: dict[str, Any] | None, field: str) -> bool:
    """Say whether a tombstone took the field away."""
    return document is not None and not {"*", field}.isdisjoint(document.get("erased", ()))


def merge(old: dict[str, Any] | None, item: Item, pictures: Iterable[str]) -> dict[str, Any]:
    """Return what is now known of an entry: nothing is lost because it comes again with less, or late."""
    kept = old or {}
    opened = {name: pair for name, pair in item.openings.items() if not is_erased(old, name)}
    return {
        "entry": json.loads(item.body),
        "values": kept.get("values", {}) | {name: json.loads(value) for name, (_, value) in opened.items()},
        "images": sorted({*kept.get("images", ()), *pictures}),
        "erased": kept.get("erased", []),
        "signed": {"body": base64.b64encode(item.body).decode(), "signature": item.signature.hex()},
        "salts": kept.get("salts", {}) | {name: salt.hex() for name, (salt, _) in opened.items()},
    }


def erase(document: dict[str, Any], fields: set[str]) -> dict[str, Any]:
    """Return the document without the values of *fields*; it says that they are gone."""
    gone = {**document, "erased": sorted({*document.get("erased", ()), *fields})}
    for part in ("values", "salts"):
        gone[part] = {name: value for name, value in document.get(part, {}).items() if not is_erased(gone, name)}
    if is_erased(gone, "snapshot"):
        gone["images"] = []
    return gone
