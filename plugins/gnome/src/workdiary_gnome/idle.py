"""Active time from Mutter's idle monitor: two signals per pause, none during work or rest. It takes no right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jeepney.wrappers import DBusAddress

from workdiary.payloads import Unknown
from workdiary.source.active import ACTIVE_BELOW, ActiveTime, now_ms
from workdiary_gnome.shell import SHELL

if TYPE_CHECKING:
    from workdiary_dbus.bus import Bus

NAME = "org.gnome.Mutter.IdleMonitor"
CORE = DBusAddress("/org/gnome/Mutter/IdleMonitor/Core", SHELL, NAME)  # Mutter lives in the shell
NO_MONITOR = Unknown(reason="GNOME's idle monitor does not answer")


class Idle:
    """Watch for a second of quiet, and for its end."""

    def __init__(self, bus: Bus, sender: str) -> None:
        self._bus = bus
        self._active: ActiveTime | None = None
        self._back = 0  #: the watch that waits for somebody; Mutter forgets it when it has fired
        self._is_quiet = self._came_back = False
        bus.hear(NAME, "WatchFired", self._on_fired, sender=sender)
        watch = bus.ask(CORE, "AddIdleWatch", "t", (ACTIVE_BELOW,))
        idle = bus.ask(CORE, "GetIdletime")
        if watch is None or idle is None:
            return
        (self._quiet,), (milliseconds,) = watch, idle
        self._active = ActiveTime(now=now_ms(), idle=milliseconds)
        if milliseconds >= ACTIVE_BELOW:
            self._wait_for_somebody()

    def came_back(self) -> bool:
        """Say, once, that input has ended a second or more of quiet."""
        came_back, self._came_back = self._came_back, False
        return came_back

    def read(self) -> tuple[int | Unknown, int | Unknown]:
        """Return active and idle time in milliseconds."""
        if self._active is None:
            return NO_MONITOR, NO_MONITOR
        now = now_ms()
        return self._active.active_ms(now), self._active.idle_ms(now)

    def _wait_for_somebody(self) -> None:
        self._is_quiet = True
        self._bus.call(CORE, "AddUserActiveWatch", then=self._on_watch)

    def _on_watch(self, answer: tuple[Any, ...] | None) -> None:
        self._back = answer[0] if answer else 0
        self._bus.call(CORE, "GetIdletime", then=self._on_idle)  # somebody may have come before anybody watched

    def _on_idle(self, answer: tuple[Any, ...] | None) -> None:
        if answer and answer[0] < ACTIVE_BELOW:
            self._end_quiet(now_ms() - answer[0])

    def _end_quiet(self, at: int) -> None:
        if self._active is not None and self._is_quiet:
            self._active.end_quiet(at=at)
            self._is_quiet, self._came_back = False, True

    def _on_fired(self, body: tuple[Any, ...]) -> None:
        (watch,) = body
        if self._active is None:
            return
        if watch == self._quiet:
            self._active.begin_quiet(last_input=now_ms() - ACTIVE_BELOW)
            self._wait_for_somebody()
        elif watch == self._back:
            self._end_quiet(now_ms())
