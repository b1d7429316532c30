"""Read a named pipe on a thread, so that a tick only looks at a number."""

from __future__ import annotations

import os
import select
import threading
import uuid
from typing import TYPE_CHECKING

from workdiary.payloads import InputCounts, Unknown

if TYPE_CHECKING:
    from collections.abc import Callable

UNSEEN = Unknown(reason="a pipe has no pointer")


class PipeMeter:
    """Count what arrives in the pipe; what it was is not kept."""

    def __init__(self, path: str, wake: Callable[[], None]) -> None:
        self._since = uuid.uuid4().hex
        self._keys = 0
        self._wake = wake
        self._pipe = os.open(path, os.O_RDWR | os.O_NONBLOCK)
        self._end, self._ask_to_end = os.pipe()
        self._thread = threading.Thread(target=self._serve, name="example-pipe", daemon=True)
        self._thread.start()

    def read(self) -> InputCounts:
        """Return the odometers."""
        return InputCounts(since=self._since, keys=self._keys, clicks=UNSEEN, scrolls=UNSEEN)

    def close(self) -> None:
        """End the thread and close everything."""
        os.write(self._ask_to_end, b".")
        self._thread.join()
        for handle in (self._pipe, self._end, self._ask_to_end):
            os.close(handle)

    def _serve(self) -> None:
        while True:
            ready, _, _ = select.select([self._pipe, self._end], [], [])
            if self._end in ready:
                return
            self._keys += len(os.read(self._pipe, 4096))
            self._wake()
