"""A GNOME Shell by script."""

from __future__ import annotations

import contextlib
import json
import threading
import time

from workdiary.testing.session import PrivateBus
from workdiary_dbus.testing import Named, Object
from workdiary_gnome.testing import SIZE


class Emulated(PrivateBus):
    """Focus follows the last window that was opened; a timer of a second as in Mutter."""

    def _begin(self):
        self._windows, self._watches, self._number = [], {}, 0
        self._last = time.monotonic()
        self._windows_object = Object(
            "/org/workdiary/Windows", "org.workdiary.Windows",
            Active=lambda: ("sss", self._active()), Survey=lambda: ("s", (self._survey(),)),
        )  # fmt: skip
        name = "org.gnome.Mutter.IdleMonitor"
        self._idle = Object(
            "/org/gnome/Mutter/IdleMonitor/Core", name,
            AddIdleWatch=lambda ms: ("u", (self._watch(ms),)), AddUserActiveWatch=lambda: ("u", (self._watch(None),)),
            GetIdletime=lambda: ("t", (int((time.monotonic() - self._last) * 1000),)),
        )  # fmt: skip
        self.start()

    def start(self):
        self._program = Named(self.address, "org.gnome.Shell", self._windows_object, self._idle)

    def kill(self):
        self._program.close()
        self._windows.clear()

    def close(self):
        self._program.close()
        super().close()

    def places(self):
        return {"DBUS_SESSION_BUS_ADDRESS": self.address}

    def open_window(self, title, app="work", size=(400, 300)):
        self._number += 1
        window = EmulatedWindow(self, [app, title, str(self._number)], size)
        self._windows.append(window)
        self.changed()
        return window

    def forget(self, window):
        self._windows.remove(window)
        self.changed()

    def changed(self):
        self._program.tell(self._windows_object, "Changed", "sss", self._active())

    def key(self):
        self._last = time.monotonic()
        for number in [number for number, ms in self._watches.items() if ms is None]:
            del self._watches[number]
            self._fire(number)
        for number, ms in list(self._watches.items()):
            self._later(number, ms)

    def _active(self):
        return tuple(self._windows[-1].told) if self._windows else ("", "", "")

    def _survey(self):
        windows = [[*one.told, 10, 20, *one.size] for one in self._windows]
        return json.dumps({"primary": 0, "monitors": [["0", 0, 0, *SIZE]], "windows": windows})

    def _watch(self, ms):
        self._number += 1
        self._watches[self._number] = ms
        if ms is not None:
            self._later(self._number, ms)
        return self._number

    def _later(self, number, ms):
        due = self._last

        def fire():
            if self._last == due:
                with contextlib.suppress(Exception):  # it may be gone by now
                    self._fire(number)

        timer = threading.Timer(ms / 1000, fire)
        timer.daemon = True
        timer.start()

    def _fire(self, number):
        self._program.tell(self._idle, "WatchFired", "u", (number,))


class EmulatedWindow:
    def __init__(self, shell, told, size):
        self._shell, self.told, self.size = shell, told, size

    def set_title(self, title):
        self.told[1] = title
        self._shell.changed()

    def close(self):
        self._shell.forget(self)
