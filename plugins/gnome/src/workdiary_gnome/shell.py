"""GNOME Shell on the session bus, and our extension in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jeepney.wrappers import DBusAddress

from workdiary.payloads import Unknown
from workdiary_dbus.program import open_bus_of

if TYPE_CHECKING:
    from workdiary_dbus.bus import Bus

SHELL = "org.gnome.Shell"
WINDOWS = DBusAddress("/org/workdiary/Windows", SHELL, "org.workdiary.Windows")
NO_EXTENSION = Unknown(
    reason="GNOME tells its windows only to an extension; `workdiary gnome install-extension` installs ours"
)


def open_bus() -> Bus:
    """Connect to the session bus that GNOME Shell is on.

    :raises NotHereError: there is none, or no GNOME Shell on it.
    """
    return open_bus_of(SHELL, "GNOME Shell")
