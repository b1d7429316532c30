"""Where the files of one user lie."""

from __future__ import annotations

import os
import stat
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from workdiary.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import Mapping

APP = "workdiary"
SOCKET_LIMIT = 107  #: sun_path holds 108 bytes, one of them the closing zero


@dataclass(frozen=True, kw_only=True)
class Home:
    """All paths of one user's Workdiary. Nothing is made before ``prepare``."""

    config_file: Path
    data: Path
    runtime: Path
    portable: bool = False  #: wholly under WORKDIARY_HOME: the device key lies there too

    @classmethod
    def find(cls, environ: Mapping[str, str]) -> Home:
        """Return the home named by ``WORKDIARY_HOME``, wholly under it, or else the platform's own directories."""
        root = environ.get("WORKDIARY_HOME")
        if root:
            base = Path(root).expanduser().absolute()
            return cls(
                config_file=base / "config.toml", data=base / "data", runtime=_short(base / "run"), portable=True
            )
        from platformdirs import PlatformDirs

        dirs = PlatformDirs(APP, appauthor=False)
        runtime = dirs.user_data_path / "run" if sys.platform == "win32" else _short(_runtime(environ))
        return cls(config_file=dirs.user_config_path / "config.toml", data=dirs.user_data_path, runtime=runtime)

    @property
    def journal(self) -> Path:
        """The journal's database."""
        return self.data / "journal.sqlite"

    @property
    def blobs(self) -> Path:
        """The directory of sealed images."""
        return self.data / "blobs"

    @property
    def reviews(self) -> Path:
        """The directory of the clients' signed answers."""
        return self.data / "reviews"

    @property
    def lock(self) -> Path:
        """The file that the one tracker of this user holds locked."""
        return self.data / "tracker.lock"

    @property
    def socket(self) -> Path:
        """The tracker's Unix socket; its path always fits into an address."""
        return self.runtime / "tracker.sock"

    def plugin_state(self, name: str) -> Path:
        """Return the directory that is private to the plugin *name*; it may not exist yet."""
        return self.data / "plugins" / name

    def prepare(self) -> None:
        """Make the directories with mode 0700, and tighten those that others may enter.

        :raises StorageError: one of them belongs to somebody else or cannot be made.
        """
        for directory in (self.config_file.parent, self.data, self.runtime):
            make_private(directory)


def make_private(directory: Path) -> None:
    """Make *directory* with mode 0700, or tighten it to that.

    :raises StorageError: it belongs to somebody else, is no directory, or cannot be made.
    """
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        # A home behind a link is fine: the check is about the directory that it leads to.
        found = directory.stat()
        if sys.platform == "win32":
            return  # it has what its parent's list of access says: within a profile, its user's alone
        if found.st_uid != os.getuid():
            raise StorageError(
                f"{directory}: belongs to the user with id {found.st_uid}, not to you",
                remedy="Set WORKDIARY_HOME to a directory of your own.",
            )
        if stat.S_IMODE(found.st_mode) & 0o077:
            directory.chmod(0o700)
    except OSError as error:
        raise StorageError(
            f"{directory}: cannot be made private: {error.strerror}",
            remedy="Check its permissions, or set WORKDIARY_HOME to a directory of your own.",
        ) from error


def _runtime(environ: Mapping[str, str]) -> Path:
    """Return where sockets go: the session's directory, or one of our own where there is no session (cron, ssh)."""
    if environ.get("XDG_RUNTIME_DIR"):
        return Path(environ["XDG_RUNTIME_DIR"]) / APP
    return _of_user(APP)


def _short(wanted: Path) -> Path:
    """Return *wanted*, or a short private directory where a socket in it would have too long an address."""
    if sys.platform == "win32" or len(os.fsencode(wanted / "tracker.sock")) <= SOCKET_LIMIT:
        return wanted
    import hashlib

    # The hash keeps two homes of one user apart.
    return _of_user(APP, "-" + hashlib.sha256(os.fsencode(wanted)).hexdigest()[:12])


def _of_user(name: str, mark: str = "") -> Path:
    import tempfile

    user = str(getattr(os, "getuid", str)())
    run = Path("/run/user", user)
    if run.is_dir():
        return run / f"{name}{mark}"
    return Path(tempfile.gettempdir()) / f"{name}-{user}{mark}"  # ``prepare`` refuses it if it is somebody else's
