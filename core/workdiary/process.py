"""What processes of ours have in common: they keep their memory to themselves, and tell why they ended."""

from __future__ import annotations

import contextlib
import sys
from typing import TYPE_CHECKING, Any

from workdiary.errors import WorkdiaryError

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Mapping, Sequence

_PR_SET_DUMPABLE = 4


def no_core_dumps() -> None:
    """Keep memory out of core files and away from other processes of the user."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def spare_openssl() -> None:
    """Have ``hashlib`` use Python's own hashes; call it before that is imported.

    OpenSSL's bring 3.5 MB for good, beside the OpenSSL that cryptography has within. They are quicker, which the few
    hashes of a tracker do not need.
    """
    sys.modules.setdefault("_hashlib", None)  # type: ignore[arg-type]  # None: importing it fails, which hashlib expects


def in_background(
    command: Sequence[str], env: Mapping[str, str] | None = None, *, secret: str = ""
) -> subprocess.Popen[str]:
    """Start a process that outlives this one and its terminal; what it says on standard error can be read.

    :param secret: ASCII that it can read on standard input. Every user of the machine can read its command line.
    """
    import subprocess

    alone: dict[str, Any] = {"start_new_session": True}
    if sys.platform == "win32":
        alone = {"creationflags": subprocess.CREATE_NO_WINDOW | subprocess.CREATE_NEW_PROCESS_GROUP}
    process = subprocess.Popen(
        command, env=env, cwd="/", text=True, **alone,
        stdin=subprocess.PIPE if secret else subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )  # fmt: skip
    if process.stdin is not None:
        with contextlib.suppress(BrokenPipeError), process.stdin:  # it has ended already: its own error is told
            process.stdin.write(secret)
    return process


def error_of(process: subprocess.Popen[str], who: str) -> WorkdiaryError:
    """Return the error of a background process that has ended, as if it were ours."""
    assert process.stderr is not None  # it was asked for
    message, _, remedy = process.stderr.read().strip().partition("\n")
    if message.startswith("Traceback"):
        message, remedy = f"{who} failed: {remedy.rpartition(chr(10))[2]}", ""
    error = WorkdiaryError(message or f"{who} ended at once", remedy=remedy.strip() or "workdiary doctor")
    error.exit_code = process.returncode or 1
    return error
