"""The server's clock in terms of ours."""

from __future__ import annotations

CLOCK_SPAN = 1 << 32


class ServerClock:
    """Turn the server's 32-bit milliseconds into ours.

    The offset is that of the event which came with the least delay.
    """

    def __init__(self) -> None:
        self._offset: int | None = None

    def local(self, stamp: int, received: int) -> int:
        """Return when it happened on our clock.

        :param stamp: the server's time of the event.
        :param received: our time at which it arrived.
        """
        offset = received - stamp
        if self._offset is None:
            self._offset = offset
        behind = (offset - self._offset + CLOCK_SPAN // 2) % CLOCK_SPAN - CLOCK_SPAN // 2
        if behind < 0:
            self._offset += behind
            behind = 0
        return received - behind
