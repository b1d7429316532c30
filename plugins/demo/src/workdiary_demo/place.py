"""The home of a demo: marked before anything is in it, so that no real diary is ever touched."""

from __future__ import annotations

import json
import os
import shutil
from typing import TYPE_CHECKING

from workdiary.errors import StorageError, UsageError
from workdiary.journal.keys import from_secret, new_secret
from workdiary.link.lock import Lock
from workdiary.paths import Home, make_private

if TYPE_CHECKING:
    from pathlib import Path

MARK = "workdiary-demo"
_MARK_TEXT = "This is the home of a made-up diary. `workdiary demo --fresh` may replace all of it.\n"
UNFINISHED = "unfinished"


def default_root() -> Path:
    """Return ``workdiary-demo`` in the platform's directory for data."""
    from platformdirs import PlatformDirs

    return PlatformDirs("workdiary-demo", appauthor=False).user_data_path


def home_of(root: Path) -> Home:
    """Return the paths under *root*, as ``WORKDIARY_HOME`` would."""
    return Home.find({"WORKDIARY_HOME": str(root)})


def claim(root: Path, *, fresh: bool) -> Home:
    """Make *root* the home of a new demo and return it; it stays marked as unfinished until ``finish``.

    :param fresh: replace an earlier demo.
    :raises UsageError: there is something else, or an earlier demo and not *fresh*.
    """
    mark = root / MARK
    if root.exists():
        _require_ours(root, mark)
        if mark.exists() and not fresh:
            half = " that was not finished" if (root / UNFINISHED).exists() else ""
            raise UsageError(
                f"{root} holds a demo already{half}", remedy="Add --fresh to replace it, or name another --home."
            )
    make_private(root)
    mark.write_text(_MARK_TEXT, encoding="utf-8")
    (root / UNFINISHED).touch()
    home = home_of(root)
    if home.data.exists():
        with Lock(home):  # nobody tracks into it meanwhile
            _empty(root)
    home.prepare()
    return home


def finish(root: Path) -> None:
    """Say that the demo is whole."""
    (root / UNFINISHED).unlink(missing_ok=True)


def write_key(home: Home, seed: str) -> None:
    """Give the demo a signing key that follows from *seed*, so that its moments and names do too. It is no secret."""
    import hashlib

    secret = {**json.loads(new_secret()), "seed": hashlib.sha256(f"workdiary-demo/{seed}".encode()).hexdigest()}
    from_secret(json.dumps(secret))
    handle = os.open(home.data / "device.key", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(secret, file)


def _require_ours(root: Path, mark: Path) -> None:
    """Refuse everything but a demo and an empty directory."""
    if root.is_symlink() or not root.is_dir():
        raise UsageError(f"{root} is not a directory", remedy="Name a directory that does not exist yet with --home.")
    try:
        is_empty = not any(root.iterdir())
    except OSError as error:
        raise StorageError(f"{root} cannot be read: {error.strerror}", remedy="Name another --home.") from None
    if mark.is_symlink() or not (mark.is_file() or is_empty):
        raise UsageError(
            f"{root} is not the home of a demo, and nothing in it was touched",
            remedy="Name a directory that does not exist yet with --home.",
        )


def _empty(root: Path) -> None:
    """Remove the earlier demo, its marks last of all: they stay."""
    for path in root.iterdir():
        if path.name in {MARK, UNFINISHED}:
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
