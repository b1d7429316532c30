"""A login manager and a screen saver by script."""

from __future__ import annotations

import os

from workdiary_dbus.served import PROPERTIES
from workdiary_dbus.testing import Named, Object

PATH = "/org/freedesktop/login1/session/_32"


class Logind:
    """One session, and what was asked of its manager."""

    def __init__(self, address, *, kind="wayland", user=None, by_pid=True):
        user = os.getuid() if user is None else user
        self.session = Object(
            PATH, "org.freedesktop.login1.Session",
            {"Type": ("s", kind), "User": ("(uo)", (user, "/user")), "LockedHint": ("b", False), "Active": ("b", True)},
        )  # fmt: skip
        self.manager = Object(
            "/org/freedesktop/login1", "org.freedesktop.login1.Manager",
            GetSessionByPID=lambda _pid: ("o", (PATH,)) if by_pid else None,
            ListSessions=lambda: ("a(susso)", ([("2", user, "somebody", "seat0", PATH)],)),
        )  # fmt: skip
        self.program = Named(address, "org.freedesktop.login1", self.session, self.manager)

    def say(self, name, value):
        self.session.values[name] = ("b", value)
        changed = ("org.freedesktop.login1.Session", {name: ("b", value)}, [])
        self.program.tell(Object(PATH, PROPERTIES), "PropertiesChanged", "sa{sv}as", changed)

    def go_to_sleep(self):
        self.program.tell(self.manager, "PrepareForSleep", "b", (True,))

    def close(self):
        self.program.close()


class Saver:
    def __init__(self, address, name="org.gnome.ScreenSaver", active=False):
        self.active = active
        path = "/" + name.replace(".", "/")
        self.object = Object(path, name, GetActive=lambda: ("b", (self.active,)))
        self.program = Named(address, name, self.object)

    def say(self, active):
        self.active = active
        self.program.tell(self.object, "ActiveChanged", "b", (active,))

    def close(self):
        self.program.close()
