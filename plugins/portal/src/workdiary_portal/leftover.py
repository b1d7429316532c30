"""The file that the portal leaves behind: opened, removed and only then read."""

from __future__ import annotations

import os
import stat
import urllib.parse
from pathlib import Path

from workdiary.payloads import Unknown

MAGIC = b"\x89PNG\r\n\x1a\n"
MOST_BYTES = 256 << 20
SLACK_S = 2.0  #: a file system may keep times less finely than the clock
STUCK = Unknown(reason="the desktop portal's picture cannot be removed, and so was not taken")
STRANGE = Unknown(reason="the desktop portal names no picture that it has just taken")


def take(address: str, since: float) -> bytes | Unknown:
    """Return what is in the file, which is gone then.

    Whoever holds the portal's name on the bus may name any file. One that is not ours, has another name as well, is no
    picture, or was there before the question is neither read nor removed.

    :param since: when the question was asked, in seconds since 1970.
    """
    parts = urllib.parse.urlsplit(address)
    path = Path(urllib.parse.unquote(parts.path))
    if parts.scheme != "file" or parts.netloc not in {"", "localhost"} or not path.is_absolute():
        return STRANGE
    try:
        number = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except (OSError, ValueError):  # ValueError: a zero byte in the name
        return STRANGE
    try:
        if not _is_fresh_and_ours(os.fstat(number), since):
            return STRANGE
        with open(number, "rb", closefd=False) as file:
            if file.read(len(MAGIC)) != MAGIC:
                return STRANGE
            path.unlink()
            return MAGIC + file.read()
    except OSError:
        return STUCK
    finally:
        os.close(number)


def _is_fresh_and_ours(found: os.stat_result, since: float) -> bool:
    ours = stat.S_ISREG(found.st_mode) and found.st_uid == os.getuid() and found.st_nlink == 1
    return ours and found.st_mtime >= since - SLACK_S and found.st_size <= MOST_BYTES
