"""Style sheets, scripts and icons, under names that change with their bytes."""

from __future__ import annotations

import functools
import gzip
import hashlib
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent / "static"
TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}


@dataclass(frozen=True, kw_only=True)
class Asset:
    """One file as it is served."""

    path: str
    tag: str
    media_type: str
    plain: bytes
    packed: bytes


@functools.cache
def assets() -> dict[str, Asset]:
    """Return every file that may be served, by its path."""
    found = {}
    for file in sorted(ROOT.rglob("*")):
        if file.suffix in TYPES:
            data = file.read_bytes()
            path = file.relative_to(ROOT).as_posix()
            found[path] = Asset(
                path=path,
                tag=hashlib.sha256(data).hexdigest()[:12],
                media_type=TYPES[file.suffix],
                plain=data,
                packed=gzip.compress(data, mtime=0),
            )
    return found


@functools.cache
def asset_urls(base: str) -> dict[str, tuple[str, ...] | str]:
    """Return the addresses that the base template needs, each with the tag of its bytes."""
    urls = {path: f"{base}/static/{path}?{asset.tag}" for path, asset in assets().items()}
    return {
        "styles": tuple(url for path, url in urls.items() if path.endswith(".css")),
        "scripts": tuple(url for path, url in urls.items() if path.endswith(".js") and path[0].isdigit()),
        "start": urls["start.js"],
        "vendor": tuple(url for path, url in urls.items() if path.endswith(".js") and "vendor/" in path),
        "icon": urls["icon.svg"],
    }
