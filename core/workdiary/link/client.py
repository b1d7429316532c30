"""Talks to the running tracker over its socket."""

from __future__ import annotations

import contextlib
import json
from typing import TYPE_CHECKING, Any

from workdiary import errors
from workdiary.link.address import knock

if TYPE_CHECKING:
    from pathlib import Path

TIMEOUT_S = 30.0


class NotRunningError(errors.WorkdiaryError):
    """No tracker answers."""

    def __init__(self) -> None:
        super().__init__("no tracker is running", remedy="Start one: workdiary start CONTRACT")


class EndedError(errors.WorkdiaryError):
    """The tracker ended before it answered: it was told to stop just now, or was killed."""

    def __init__(self) -> None:
        super().__init__("the tracker ended before it answered", remedy="See: workdiary doctor")


def call(path: Path, command: str, **arguments: Any) -> Any:
    """Send one command and return its answer; the tracker's refusals are raised here as they were there."""
    line = _exchange(path, json.dumps({"command": command, "arguments": arguments}).encode() + b"\n")
    if not line.endswith(b"\n"):
        raise EndedError
    answer = json.loads(line)
    if "error" in answer:
        kind = getattr(errors, answer["error"], errors.WorkdiaryError)
        raise kind(answer["message"], remedy=answer["remedy"])
    return answer["result"]


def ask(path: Path, question: str) -> Any:
    """Return the answer to what changes nothing: here a tracker that ends meanwhile is as good as none."""
    try:
        return call(path, question)
    except EndedError:
        raise NotRunningError from None


def _exchange(path: Path, request: bytes) -> bytes:
    """Return the answer's line, or what came of it."""
    try:
        link = knock(path, TIMEOUT_S)
    except (FileNotFoundError, ConnectionRefusedError):
        raise NotRunningError from None
    except OSError as error:  # its queue of clients is full, or the file is not ours
        raise _silent(error) from None
    with link:
        try:
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # a refusal may have come before the end
                link.sendall(request)
            with link.makefile("rb") as lines:
                return lines.readline()
        except TimeoutError as error:
            raise _silent(error) from None
        except OSError:
            return b""


def _silent(error: OSError) -> errors.WorkdiaryError:
    return errors.WorkdiaryError(
        f"the tracker does not answer: {error.strerror or 'it took too long'}", remedy="See: workdiary doctor"
    )
