"""A login manager and a screen saver by script, for tests."""

from __future__ import annotations

import os

from workdiary_dbus.served import PROPERTIES
from workdiary_dbus.testing import Named, Object

PATH = "/org/freedesktop/login1/session/_32"
SESSION = "org.freedesktop.login1.Session"


class Logind:
    """One session of its manager.

    :param by_pid: whether the manager knows the session of a process.
    """

    def __init__(self, address: str, *, kind: str = "wayland", user: int | None = None, by_pid: bool = True) -> None:
        user = os.getuid() if user is None else user
        self.session = Object(
            PATH, SESSION,
            {"Type": ("s", kind), "User": ("(uo)", (user, "/user")), "LockedHint": ("b", False), "Active": ("b", True)},
        )  # fmt: skip
        self.manager = Object(
            "/org/freedesktop/login1", "org.freedesktop.login1.Manager",
            GetSessionByPID=lambda _pid: ("o", (PATH,)) if by_pid else None,
            ListSessions=lambda: ("a(susso)", ([("2", user, "somebody", "seat0", PATH)],)),
        )  # fmt: skip
        self.program = Named(address, "org.freedesktop.login1", self.session, self.manager)

    def say(self, name: str, value: bool) -> None:  # noqa: FBT001 - the value of a property
        """Change a property of the session, such as ``LockedHint``."""
        self.session.values[name] = ("b", value)
        changed: tuple[str, dict[str, tuple[str, bool]], list[str]] = (SESSION, {name: ("b", value)}, [])
        self.program.tell(Object(PATH, PROPERTIES), "PropertiesChanged", "sa{sv}as", changed)

    def go_to_sleep(self, *, begins: bool = True) -> None:
        """Say that the machine is about to sleep, or that it has slept."""
        self.program.tell(self.manager, "PrepareForSleep", "b", (begins,))

    def close(self) -> None:
        """Leave the bus."""
        self.program.close()


class Saver:
    """A screen saver on the session bus."""

    def __init__(self, address: str, name: str = "org.gnome.ScreenSaver", *, active: bool = False) -> None:
        self.active = active
        path = "/" + name.replace(".", "/")
        self.object = Object(path, name, GetActive=lambda: ("b", (self.active,)))
        self.program = Named(address, name, self.object)

    def say(self, active: bool) -> None:  # noqa: FBT001 - the argument of the signal
        """Begin or end."""
        self.active = active
        self.program.tell(self.object, "ActiveChanged", "b", (active,))

    def close(self) -> None:
        """Leave the bus."""
        self.program.close()
