"""A notification for what should not wait until somebody looks at the icon."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jeepney.wrappers import DBusAddress

from workdiary_tray.text import markup
from workdiary_tray.view import TITLE

if TYPE_CHECKING:
    from workdiary_dbus.bus import Bus

_NAME = "org.freedesktop.Notifications"
_ADDRESS = DBusAddress("/org/freedesktop/Notifications", _NAME, _NAME)
EXPIRES_AS_USUAL = -1


def notify(bus: Bus, text: str) -> None:
    """Show *text*; where no service shows notifications nothing happens, and icon and menu say it still."""
    body: tuple[Any, ...] = (TITLE, 0, "", TITLE, markup(text), [], {}, EXPIRES_AS_USUAL)
    bus.call(_ADDRESS, "Notify", "susssasa{sv}i", body)
