"""The face in panels that speak D-Bus: item and menu, registered with whatever watches over icons."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from jeepney.wrappers import DBusAddress

from workdiary_dbus.bus import DBUS
from workdiary_dbus.served import PROPERTIES
from workdiary_tray.dbusmenu import MenuObject
from workdiary_tray.item import Item, status
from workdiary_tray.menu import menu
from workdiary_tray.view import View, headline, icon, lines

if TYPE_CHECKING:
    from collections.abc import Callable

    from workdiary_dbus.bus import Bus

WATCHER = "org.kde.StatusNotifierWatcher"
ADDRESS = DBusAddress("/StatusNotifierWatcher", WATCHER, WATCHER)


class Panel:
    """Shows the view in a panel. ``hosted(whether)`` is told when a panel shows such icons, and when none does."""

    def __init__(
        self,
        bus: Bus,
        view: Callable[[], View],
        act: Callable[[str, str], None],
        refresh: Callable[[], None],
        hosted: Callable[[bool], None],
    ) -> None:
        self._bus = bus
        self._view = view
        self._hosted = hosted
        self._seen = view()
        self._menu = MenuObject(lambda: menu(view()), act, refresh)
        self._item = Item(view, act, self._menu.path)
        self._name = f"org.kde.StatusNotifierItem-{os.getpid()}-1"

    def begin(self) -> None:
        """Serve from now on, and register now and whenever another watcher comes."""
        bus = self._bus
        bus.serve(self._item)
        bus.serve(self._menu)
        bus.hear(DBUS.interface, "NameOwnerChanged", self._on_owner, match=f",arg0='{WATCHER}'")
        for signal in ("StatusNotifierHostRegistered", "StatusNotifierHostUnregistered"):
            bus.hear(WATCHER, signal, lambda _body: self._ask_host())
        bus.call(DBUS, "RequestName", "su", (self._name, 0), then=lambda _answer: self._find_watcher())

    def update(self) -> None:
        """Tell panels what has changed."""
        old, new = self._seen, self._view()
        self._seen = new
        if icon(old) is not icon(new):
            self._bus.signal(self._item, "NewIcon")
            self._bus.signal(self._item, "NewStatus", "s", (status(new),))
        if headline(old) != headline(new):
            self._bus.signal(self._item, "NewTitle")
        if (headline(old), lines(old)) != (headline(new), lines(new)):
            self._bus.signal(self._item, "NewToolTip")
        if self._menu.changed():
            self._bus.signal(self._menu, "LayoutUpdated", "ui", (self._menu.revision, 0))

    def _find_watcher(self) -> None:
        self._bus.call(DBUS, "NameHasOwner", "s", (WATCHER,), then=self._on_found)

    def _on_found(self, answer: tuple[Any, ...] | None) -> None:
        if answer and answer[0]:
            self._register()
        else:
            self._hosted(False)

    def _on_owner(self, body: tuple[Any, ...]) -> None:
        if body[0] != WATCHER:
            return
        if body[2]:
            self._register()
        else:
            self._hosted(False)

    def _register(self) -> None:
        self._bus.call(ADDRESS, "RegisterStatusNotifierItem", "s", (self._name,))
        self._ask_host()

    def _ask_host(self) -> None:
        self._bus.call(
            ADDRESS.with_interface(PROPERTIES), "Get", "ss", (WATCHER, "IsStatusNotifierHostRegistered"),
            then=lambda answer: self._hosted(bool(answer and answer[0][1])),
        )  # fmt: skip
