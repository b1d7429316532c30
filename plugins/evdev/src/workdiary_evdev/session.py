"""One counter's worth of readings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workdiary.errors import NotHereError, WorkdiaryError
from workdiary_evdev.line import NO_RIGHT, parse
from workdiary_evdev.stream import Stream

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from workdiary.payloads import InputCounts, Unknown

REMEDY = "See `workdiary evdev setup`: it prints how to let Workdiary have the counts, and what that means."


class Session:
    """Hear one counter. ``turn`` belongs to the watching thread, the rest to whoever holds the lock."""

    def __init__(self, stream: Stream, first: InputCounts | Unknown) -> None:
        self._stream = stream
        self.counts = first
        self.by_helper = stream.by_helper

    def turn(self, lock: AbstractContextManager[object]) -> bool:
        """Take the next line, which is always worth a tick.

        :raises OSError: the counter ended.
        :raises ValueError: this is no counter.
        """
        counts = parse(self._stream.next())
        with lock:
            self.counts = counts
        return True

    def interrupt(self) -> None:
        """Make a ``turn`` that waits raise."""
        self._stream.interrupt()

    def close(self) -> None:
        """Hang up. May be called twice."""
        self._stream.close()


def open_session() -> Session:
    """Reach a counter and take its first reading.

    :raises NotHereError: nobody gave the right to read the devices.
    :raises WorkdiaryError: there is no counter, or the helper may not read the devices.
    """
    try:
        stream = Stream()
    except OSError as error:
        raise WorkdiaryError(f"the input counter cannot be reached: {error.strerror}", remedy=REMEDY) from error
    try:
        first = parse(stream.first())
        if first is NO_RIGHT and not stream.by_helper:  # a right that nobody gave is no fault
            raise NotHereError(f"{NO_RIGHT.reason}; `workdiary evdev setup` prints what to do")
        if first is NO_RIGHT:
            raise WorkdiaryError(f"{NO_RIGHT.reason}, nor by the helper", remedy=REMEDY)
    except (OSError, ValueError) as error:
        stream.close()
        raise WorkdiaryError(str(error), remedy=REMEDY) from error
    except BaseException:
        stream.close()
        raise
    return Session(stream, first)
