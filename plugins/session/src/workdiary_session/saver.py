"""Screen savers on the session bus. All speak alike: ``GetActive``, and a signal when that changes."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from jeepney.wrappers import DBusAddress

from workdiary.payloads import Unknown
from workdiary_dbus.bus import DBUS

if TYPE_CHECKING:
    from workdiary_dbus.bus import Bus

NAMES = (
    "org.gnome.ScreenSaver",
    "org.freedesktop.ScreenSaver",  # KDE, and others
    "org.cinnamon.ScreenSaver",
    "org.mate.ScreenSaver",
    "org.xfce.ScreenSaver",
)
NOBODY = Unknown(reason="no screen saver on the session bus tells")


class Savers:
    """Whether any screen saver is active: locked or not, nobody sees the desktop then."""

    who = "a screen saver"

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._active: dict[str, bool] = {}
        self._news = False
        for name in NAMES:
            # Not bound to a connection: any program of the user's could lock the screen itself as well.
            bus.hear(name, "ActiveChanged", partial(self._on_active, name))
            bus.hear(DBUS.interface, "NameOwnerChanged", self._on_owner, match=f",arg0='{name}'")
            if (bus.ask(DBUS, "NameHasOwner", "s", (name,)) or (False,))[0]:  # else asking would start it
                self._take(name, bus.ask(_address(name), "GetActive"))

    def news(self) -> bool:
        """Say, once, that something has changed."""
        news, self._news = self._news, False
        return news

    @property
    def locked(self) -> bool | Unknown:
        """Whether one is active."""
        return any(self._active.values()) if self._active else NOBODY

    def _take(self, name: str, answer: tuple[Any, ...] | None) -> None:
        if answer is not None:  # some serve the name and know no such thing
            self._set(name, answer[0])

    def _on_active(self, name: str, body: tuple[Any, ...]) -> None:
        self._set(name, body[0])

    def _set(self, name: str, active: object) -> None:
        if isinstance(active, bool):
            before, self._active[name] = self.locked, active
            self._news |= self.locked != before

    def _on_owner(self, body: tuple[Any, ...]) -> None:
        name, _, owner = body
        if name not in NAMES:
            return
        before = self._active.pop(name, None)
        self._news |= bool(before)
        if owner:
            self._bus.call(_address(name), "GetActive", then=lambda answer: self._take(name, answer))


def _address(name: str) -> DBusAddress:
    return DBusAddress("/" + name.replace(".", "/"), name, name)
