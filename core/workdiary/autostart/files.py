"""Writing, finding and removing what starts us at login; a file that is not ours is never touched."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from workdiary.autostart import MARK, launchd, systemd, windows, xdg
from workdiary.errors import RuleError, StorageError, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workdiary.autostart.launch import Launch

METHODS = ("auto", "systemd", "xdg", "launchd", "windows")
#: Control characters, halves of characters (a name that is not UTF-8), ends of lines.
_REFUSED = {"Cc", "Cs", "Zl", "Zp"}
_FILES = {"systemd": systemd, "xdg": xdg, "launchd": launchd}


@dataclass(frozen=True, kw_only=True)
class Installed:
    """What starts us at login."""

    method: str
    place: str  #: the file, or the key
    command: tuple[str, ...]
    enabled: bool = True

    @property
    def interpreter_exists(self) -> bool:
        """Whether the interpreter that it names is still there."""
        return bool(self.command) and os.access(self.command[0], os.X_OK)


def choose(method: str) -> str:
    """Return the method for ``auto`` on this machine; UsageError if a named one does not fit it."""
    native = {"darwin": "launchd", "win32": "windows"}.get(sys.platform, "")
    if method == "auto":
        return native or ("systemd" if _has_graphical_target() else "xdg")
    if (method in {"launchd", "windows"} or native) and method != native:
        raise UsageError(f"{method} does not start programs on {sys.platform}", remedy="Leave --method out.")
    return method


def enable(method: str, launch: Launch, environ: Mapping[str, str]) -> Installed:
    """Have *launch* started at login, and by no other method; RuleError if somebody else's file is in the way."""
    if any(unicodedata.category(one) in _REFUSED for word in (*launch.command, launch.home) for one in word):
        raise UsageError(
            "a path holds a control character, or is no text", remedy="Move workdiary or its home to another directory."
        )
    if method == "windows":
        if launch.home:
            raise UsageError(
                "Windows starts programs without WORKDIARY_HOME", remedy="Unset it, or use setx and a shortcut."
            )
        windows.store(windows.value(launch))
        return Installed(method=method, place=windows.KEY, command=launch.command)
    module = _FILES[method]
    path = module.path(environ)
    if (path.exists() or path.is_symlink()) and not _is_ours(method, path):
        raise RuleError(
            f"{path} was not written by workdiary", remedy="Move it away first, or choose another --method."
        )
    disable(environ)
    try:
        _write(path, module.text(launch))
        if method == "systemd":
            link = systemd.link(environ)
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to(path)
            _reload()
    except OSError as error:
        raise StorageError(f"{path} cannot be written: {error.strerror}", remedy="Check its permissions.") from None
    return Installed(method=method, place=str(path), command=launch.command)


def disable(environ: Mapping[str, str]) -> list[str]:
    """Remove what ``enable`` wrote and return its places."""
    gone = []
    try:
        for one in installed(environ):
            if one.method == "windows":
                windows.store("")
            else:
                if one.method == "systemd" and systemd.link(environ).is_symlink():
                    systemd.link(environ).unlink()
                    with contextlib.suppress(OSError):  # others want something there too
                        systemd.link(environ).parent.rmdir()
                Path(one.place).unlink()
            gone.append(one.place)
    except OSError as error:
        raise StorageError(
            f"{error.filename} cannot be removed: {error.strerror}", remedy="Check its permissions."
        ) from None
    if gone:
        _reload()
    return gone


def installed(environ: Mapping[str, str]) -> list[Installed]:
    """Return what ``enable`` wrote and is still there."""
    found = []
    for method, module in _FILES.items():
        path = module.path(environ)
        if _is_ours(method, path):
            enabled = method != "systemd" or systemd.link(environ).is_symlink()
            command = module.command_of(path.read_text(encoding="utf-8"))
            found.append(Installed(method=method, place=str(path), command=command, enabled=enabled))
    line = windows.stored()
    if line:
        found.append(Installed(method="windows", place=windows.KEY, command=windows.command_of(line)))
    return found


def _is_ours(method: str, path: Path) -> bool:
    try:
        if path.is_symlink():
            return False
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return False
    return bool(launchd.command_of(text)) if method == "launchd" else text.startswith(MARK + "\n")


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    part.unlink(missing_ok=True)  # one that was left; and what it may link to stays as it is
    part.write_text(text, encoding="utf-8")
    part.replace(path)


def _has_graphical_target() -> bool:
    """Whether this desktop runs under the user's systemd; many window managers never reach the target."""
    return _systemctl("is-active", "--quiet", systemd.TARGET)


def _reload() -> None:
    if sys.platform == "linux":
        _systemctl("daemon-reload")


def _systemctl(*words: str) -> bool:
    try:
        return (
            subprocess.run(["systemctl", "--user", *words], capture_output=True, check=False, timeout=10).returncode
            == 0
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
