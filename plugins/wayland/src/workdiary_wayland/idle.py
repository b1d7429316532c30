"""Active time from the compositor's idle timer: two events per pause, none during work or rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workdiary.payloads import Unknown
from workdiary.source.active import ACTIVE_BELOW, ActiveTime, now_ms
from workdiary_wayland.protocols import NO_TIMER, TIMERS
from workdiary_wayland.wire import ignore, uint

if TYPE_CHECKING:
    from workdiary_wayland.wire import Body, Connection

SLACK = 100  #: milliseconds that the first event may be late
IDLED = 0  #: event of each kind of timer; the other one is that somebody is back
EXT_GET_IDLE, EXT_GET_INPUT_IDLE = 1, 2  #: requests of ext_idle_notifier_v1; the second since version 2
KDE_GET_TIMEOUT = 0  #: request of org_kde_kwin_idle
NO_SEAT = Unknown(reason="the compositor has no seat")
BEGINNING = Unknown(reason="the idle timer was set a moment ago")


class IdleTimer:
    """A timer of one second on the first seat. For its first second nothing is known of what came before."""

    def __init__(self, connection: Connection) -> None:
        self._active: ActiveTime | None = None
        self._known_at = now_ms() + ACTIVE_BELOW
        self.reason = self._set(connection)
        self._came_back = False

    def came_back(self) -> bool:
        """Say, once, that input has ended a second or more of quiet."""
        came_back, self._came_back = self._came_back, False
        return came_back

    def read(self) -> tuple[int | Unknown, int | Unknown]:
        """Return active and idle time in milliseconds."""
        if self.reason is not None:
            return self.reason, self.reason
        now = now_ms()
        if self._active is None and now >= self._known_at + SLACK:
            self._active = ActiveTime(now=self._known_at, idle=0)  # or the timer would have run out by then
        if self._active is None:
            return BEGINNING, BEGINNING
        return self._active.active_ms(now), self._active.idle_ms(now)

    def _set(self, connection: Connection) -> Unknown | None:
        seats = connection.offered("wl_seat")
        if not seats:
            return NO_SEAT
        seat = uint(connection.bind(seats[0], 1, ignore))
        for one in connection.offered(TIMERS[0]):
            notifier = connection.bind(one, 2, ignore)
            # What only holds the screen on, such as a film, is no input; version 1 cannot tell it apart.
            request = EXT_GET_INPUT_IDLE if one.version >= EXT_GET_INPUT_IDLE else EXT_GET_IDLE
            connection.send(notifier, request, uint(connection.new(self._on_timer), ACTIVE_BELOW), seat)
            return None
        for one in connection.offered(TIMERS[1]):
            idle = connection.bind(one, 1, ignore)
            connection.send(idle, KDE_GET_TIMEOUT, uint(connection.new(self._on_timer)), seat, uint(ACTIVE_BELOW))
            return None
        return NO_TIMER

    def _on_timer(self, opcode: int, _body: Body) -> None:
        now = now_ms()
        if opcode == IDLED:
            if self._active is None:
                self._active = ActiveTime(now=now, idle=ACTIVE_BELOW)
            self._active.begin_quiet(last_input=now - ACTIVE_BELOW)
        elif self._active is not None:
            self._active.end_quiet(at=now)
            self._came_back = True
