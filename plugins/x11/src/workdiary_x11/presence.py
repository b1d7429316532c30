"""Hear of activity through alarms on the server's idle timer: two events per pause, none during work or rest."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from workdiary.payloads import Unknown
from workdiary.source.active import ACTIVE_BELOW, ActiveTime, now_ms
from workdiary_x11 import requests
from workdiary_x11.clock import ServerClock
from workdiary_x11.wire import XError

if TYPE_CHECKING:
    from workdiary_x11.wire import Connection

POSITIVE_TRANSITION = 0
NEGATIVE_TRANSITION = 1
SAVER_ON = (1, 2)  #: on, and on with another picture
NO_TIMER = Unknown(reason="this X server has no idle timer")
NO_LOCK = Unknown(reason="X11 does not tell whether the session is locked")


class PresenceProbe:
    """The idle timer and the screen saver of one connection."""

    def __init__(self, connection: Connection) -> None:
        self._clock = ServerClock()
        self._active: ActiveTime | None = None
        self._quiet_alarm = 0
        self.alarm_event = -1  #: event codes
        self.saver_event = -1
        self._saver_on = False
        self._watch_timer(connection)
        self._watch_saver(connection)

    def on_alarm(self, event: bytes) -> bool:
        """Take an AlarmNotify; true if it ended a quiet second or more."""
        if self._active is None:
            return False
        alarm, idle, stamp = struct.unpack_from("<I4xI8xI", event, 4)
        last_input = self._clock.local(stamp, now_ms()) - idle
        if alarm == self._quiet_alarm:
            self._active.begin_quiet(last_input=last_input)
            return False
        self._active.end_quiet(at=last_input)
        return True

    def on_saver(self, event: bytes) -> None:
        """Take a ScreenSaverNotify."""
        self._saver_on = event[1] in SAVER_ON

    def read(self) -> tuple[int | Unknown, int | Unknown, bool | Unknown]:
        """Return active time, idle time and whether the session is locked."""
        locked = True if self._saver_on else NO_LOCK
        if self._active is None:
            return NO_TIMER, NO_TIMER, locked
        now = now_ms()
        return self._active.active_ms(now), self._active.idle_ms(now), locked

    def _watch_timer(self, connection: Connection) -> None:
        sync = connection.extension("SYNC")
        if sync is None:
            return
        _, listed = connection.ask(
            requests.sync_initialize(sync.opcode), requests.sync_list_system_counters(sync.opcode)
        )
        counter = 0 if isinstance(listed, XError) else find_counter(listed, b"IDLETIME")
        if not counter:
            return
        self._quiet_alarm = connection.new_id()
        connection.tell(
            requests.sync_create_alarm(sync.opcode, self._quiet_alarm, counter, ACTIVE_BELOW, POSITIVE_TRANSITION),
            requests.sync_create_alarm(
                sync.opcode, connection.new_id(), counter, ACTIVE_BELOW - 1, NEGATIVE_TRANSITION
            ),
        )
        (idle,) = connection.ask(requests.sync_query_counter(sync.opcode, counter))
        if not isinstance(idle, XError):
            self.alarm_event = sync.first_event + 1
            self._active = ActiveTime(now=now_ms(), idle=int.from_bytes(idle[12:16], "little"))

    def _watch_saver(self, connection: Connection) -> None:
        saver = connection.extension("MIT-SCREEN-SAVER")
        if saver is None:
            return
        connection.tell(requests.saver_select_input(saver.opcode, connection.setup.root))
        (info,) = connection.ask(requests.saver_query_info(saver.opcode, connection.setup.root))
        if not isinstance(info, XError):
            self.saver_event = saver.first_event
            self._saver_on = info[1] in SAVER_ON


def find_counter(listed: bytes, wanted: bytes) -> int:
    """Return the id of a system counter in a ListSystemCounters reply; zero if there is none."""
    (count,) = struct.unpack_from("<I", listed, 8)
    at = 32
    for _ in range(count):
        counter, length = struct.unpack_from("<I8xH", listed, at)
        if listed[at + 14 : at + 14 + length] == wanted:
            return int(counter)
        at += 14 + length + (-(14 + length) % 4)
    return 0
