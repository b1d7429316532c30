"""Files of the ``directory`` uploader: ``<contract>/<day>/<time>-<seq>-<kind>.json`` and pictures beside it.

Every file is written whole under another name, synced and renamed: an entry that comes twice changes nothing, and a
power cut leaves the old or the new. ``docs/reference/directory-layout.md`` describes what is in a file.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from workdiary.uploader import Item, Stored, TransientError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

ENDINGS = {"image/jpeg": "jpg", "image/webp": "webp", "image/png": "png"}


class Folder:
    """An uploader whose backend is a directory."""

    name = "directory"

    def __init__(self, root: Path) -> None:
        self._root = root

    def deliver(self, items: Sequence[Item]) -> list[Stored]:
        """Write each item, and what a tombstone says."""
        try:
            return [self._store(item) for item in items]
        except OSError as error:
            raise TransientError(f"the folder cannot be written: {error.strerror}") from error

    def close(self) -> None:
        """Nothing is held open."""

    def _store(self, item: Item) -> Stored:
        path = self._path(item)
        values = {name: json.loads(value) for name, (_, value) in item.openings.items()}
        for image in item.images:
            self._write(path.with_name(f"{path.stem}-{image.sha256[:8]}.{ENDINGS[image.media_type]}"), image.open())
        document = {
            "entry": json.loads(item.body),
            **({"values": values} if values else {}),
            "signed": {"body": base64.b64encode(item.body).decode(), "signature": item.signature.hex()},
            "salts": {name: salt.hex() for name, (salt, _) in item.openings.items()},
        }
        self._write(path, json.dumps(document, indent=2, ensure_ascii=False).encode())
        for seq, field in item.erases:
            self._erase(item.chain, seq, field)
        kept = base64.b64decode(json.loads(path.read_bytes())["signed"]["body"])
        return Stored(number=item.number, digest=hashlib.sha256(kept).digest())

    def _path(self, item: Item) -> Path:
        body: dict[str, Any] = json.loads(item.body)
        seconds = body["slot"] * 600 if "slot" in body else body["at"] // 1000
        moment = datetime.fromtimestamp(seconds, UTC)
        name = f"{moment:%H%M}-{item.seq:06d}-{item.kind}.json"
        return self._root.joinpath(body["contract"], body["device"], f"{moment:%Y-%m-%d}", name)

    def _erase(self, chain: str, seq: int, field: str) -> None:
        """Take an entry's values away; what was signed stays."""
        device, contract = chain.split("/", 1)
        for path in (self._root / contract / device).glob(f"*/*-{seq:06d}-*.json"):
            document = json.loads(path.read_bytes())
            for part in ("values", "salts"):
                kept = {} if field == "*" else {k: v for k, v in document.get(part, {}).items() if k != field}
                document[part] = kept
            self._write(path, json.dumps(document, indent=2, ensure_ascii=False).encode())
            if field in ("*", "snapshot"):
                for picture in path.parent.glob(f"{path.stem}-*"):
                    picture.unlink()
            _sync(path.parent)

    def _write(self, path: Path, data: bytes) -> None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = path.with_name(path.name + ".part")
        part.unlink(missing_ok=True)
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0), 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
        _sync(path.parent)


def _sync(directory: Path) -> None:
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
