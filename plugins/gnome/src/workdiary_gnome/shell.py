"""GNOME Shell on the session bus, and our extension in it."""

from __future__ import annotations

from jeepney.wrappers import DBusAddress

from workdiary.errors import NotHereError
from workdiary.payloads import Unknown
from workdiary_dbus.bus import DBUS, Bus, session_address

SHELL = "org.gnome.Shell"
WINDOWS = DBusAddress("/org/workdiary/Windows", SHELL, "org.workdiary.Windows")
NO_EXTENSION = Unknown(
    reason="GNOME tells its windows only to an extension; `workdiary gnome install-extension` installs ours"
)


def open_bus() -> Bus:
    """Connect to the session bus that GNOME Shell is on.

    :raises NotHereError: there is none, or no GNOME Shell on it.
    """
    bus = Bus.connect(session_address())
    try:
        if (bus.ask(DBUS, "NameHasOwner", "s", (SHELL,)) or (False,))[0]:
            return bus
        raise NotHereError("GNOME Shell is not on the session bus")
    except BaseException:
        bus.close()
        raise
