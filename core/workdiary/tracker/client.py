"""Talks to the running tracker over its socket."""

from __future__ import annotations

import json
import socket
from typing import TYPE_CHECKING, Any

from workdiary import errors

if TYPE_CHECKING:
    from pathlib import Path

TIMEOUT_S = 30.0


class NotRunningError(errors.WorkdiaryError):
    """No tracker answers."""

    def __init__(self) -> None:
        super().__init__("no tracker is running", remedy="Start one: workdiary start CONTRACT")


def call(path: Path, command: str, **arguments: Any) -> Any:
    """Send one command and return its answer; the tracker's refusals are raised here as they were there."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as link:
        link.settimeout(TIMEOUT_S)
        try:
            link.connect(str(path))
        except (FileNotFoundError, ConnectionRefusedError):
            raise NotRunningError from None
        link.sendall(json.dumps({"command": command, "arguments": arguments}).encode() + b"\n")
        with link.makefile("rb") as lines:
            line = lines.readline()
    if not line:
        raise errors.WorkdiaryError("the tracker ended before it answered", remedy="See: workdiary doctor")
    answer = json.loads(line)
    if "error" in answer:
        kind = getattr(errors, answer["error"], errors.WorkdiaryError)
        raise kind(answer["message"], remedy=answer["remedy"])
    return answer["result"]
