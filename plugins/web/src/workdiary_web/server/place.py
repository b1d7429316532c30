"""The files by which a command finds the web process of its user."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import socket
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from workdiary import files
from workdiary.errors import StorageError

if TYPE_CHECKING:
    from pathlib import Path

    from workdiary.paths import Home


@dataclass(frozen=True, kw_only=True)
class Running:
    """What a web process tells of itself."""

    pid: int
    port: int
    base: str  #: the path before every page, as in ``/0f3a5c7e9b1d2f40``


@dataclass(frozen=True, kw_only=True)
class Place:
    """The files of one web process: of the diary, or of one received file. All are private to the user."""

    stem: Path

    @classmethod
    def of(cls, home: Home, file: Path | None) -> Place:
        """Return the place for the diary, or for *file* as it is now: when it changes it is another one."""
        if file is None:
            return cls(stem=home.runtime / "web")
        found = file.stat()
        mark = f"{file.resolve()}\0{found.st_ino}\0{found.st_size}\0{found.st_mtime_ns}"
        return cls(stem=home.runtime / f"web-{hashlib.sha256(mark.encode(errors='surrogateescape')).hexdigest()[:12]}")

    @property
    def address(self) -> Path:
        """Where it listens."""
        return self.stem.with_suffix(".json")

    @property
    def secret(self) -> Path:
        """The key to one-time links."""
        return self.stem.with_suffix(".secret")

    @property
    def lock(self) -> Path:
        """Held by the process while it lives."""
        return self.stem.with_suffix(".lock")

    def running(self) -> Running | None:
        """Return the process that holds the lock and listens; None while there is none."""
        try:
            if not self._is_held():
                return None  # whatever the other files say: it was killed
            running = Running(**json.loads(self.address.read_bytes()))
            os.kill(running.pid, 0)
            socket.create_connection(("127.0.0.1", running.port), timeout=1).close()
        except (OSError, ValueError, TypeError):
            return None  # it has the lock, and is about to say where it listens, or about to end
        return running

    def _is_held(self) -> bool:
        with self.lock.open("rb") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
        return False

    def publish(self, running: Running, secret: bytes) -> None:
        """Tell commands where the process listens and how they prove whose they are."""
        write_private(self.secret, secret)
        write_private(self.address, json.dumps(asdict(running)).encode())

    def withdraw(self) -> None:
        """Take both back."""
        self.address.unlink(missing_ok=True)
        self.secret.unlink(missing_ok=True)


def write_private(path: Path, data: bytes) -> None:
    """Put *data* at *path* with mode 0600, whole or not at all.

    :raises StorageError: it cannot be written.
    """
    try:
        files.put(path, data)
    except OSError as error:
        raise StorageError(
            f"{path}: cannot be written: {error.strerror}", remedy="Check the disk and its permissions."
        ) from error
