"""The face in panels that do not speak D-Bus: a small window that the panel takes in (XEmbed)."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from workdiary.errors import WorkdiaryError
from workdiary_tray import xrequests as x
from workdiary_tray.icon import over
from workdiary_tray.menu import menu
from workdiary_tray.view import icon
from workdiary_tray.xmenu import XMenu
from workdiary_x11 import requests, wire

if TYPE_CHECKING:
    from collections.abc import Callable

    from workdiary_tray.view import View

SIZE = 24
LARGEST = 64
DEPTH = 24
GROUND = (0x30, 0x30, 0x30)  #: a tile of our own: what lies behind cannot be known
#: Without it panels made with GTK give one pixel: the flag, four unused, smallest width and height, eleven unused.
SMALLEST = (1 << 4, 0, 0, 0, 0, SIZE, SIZE, *(0 for _ in range(11)))
REQUEST_DOCK = 0
MAPPED = 1
KEY_PRESS, BUTTON_PRESS, MOTION, EXPOSE, DESTROY, CONFIGURE = 2, 4, 6, 12, 17, 22
LEFT, RIGHT = 1, 3
SAVER_ON = 1


class Dock:
    """Docks where there is a panel for it and no other shows the icon. Its file is watched by the session's loop."""

    def __init__(self, view: Callable[[], View], act: Callable[[str, str], None], refresh: Callable[[], None]) -> None:
        self._link = wire.connect()
        self._view = view
        self._act = act
        self._refresh = refresh
        self._wanted = False
        self._window = 0
        self._room = (SIZE, SIZE)
        self._drawn: object = None
        root = self._link.setup.root
        self._depth = _byte(self._link.ask(requests.get_geometry(root))[0], 1)
        names = ("_NET_SYSTEM_TRAY_S0", "_NET_SYSTEM_TRAY_OPCODE", "_XEMBED_INFO")
        replies = self._link.ask(*(requests.intern_atom(name) for name in names))
        self._selection, self._opcode, self._info = (_number(reply, 8) for reply in replies)
        fixes = self._link.extension("XFIXES")
        if fixes is None or self._depth != DEPTH:
            self._link.close()
            raise WorkdiaryError("this X display has no XFIXES or not 24 bits of colour", remedy="")
        self._owner_event = fixes.first_event
        self._link.ask(x.xfixes_query_version(fixes.opcode))
        self._context = self._link.new_id()
        self._link.tell(
            x.xfixes_select_owner(fixes.opcode, root, self._selection), x.create_gc(self._context, root, {})
        )
        self._saver = self._link.extension("MIT-SCREEN-SAVER")
        self._menu = XMenu(self._link, act)

    def fileno(self) -> int:
        """Return the file to watch: when it is readable, call ``take``."""
        return self._link.fileno()

    @property
    def is_docked(self) -> bool:
        """Whether there is a panel that has been asked to take the icon in."""
        return bool(self._window)

    def idle_ms(self) -> int | None:
        """Return how long nobody has touched anything; None: the server does not tell, or its screen saver shows."""
        if self._saver is None:
            return None
        query = requests.saver_query_info(self._saver.opcode, self._link.setup.root)
        reply = self._link.ask(query)[0]
        self.take()
        return None if isinstance(reply, wire.XError) or reply[1] == SAVER_ON else _number(reply, 16)

    def want(self, whether: bool) -> None:  # noqa: FBT001  # a switch
        """Show the icon, or do not because another panel does."""
        self._wanted = whether
        self._follow()
        self.take()

    def update(self) -> None:
        """Draw what has changed."""
        if self._window and icon(self._view()) is not self._drawn:
            self._draw()
        self._menu.update(menu(self._view()))
        self.take()  # what came while a reply was awaited does not wake the loop again

    def take(self) -> None:
        """Carry out what has come.

        :raises workdiary_x11.wire.ServerGoneError: the X server has gone.
        """
        while events := self._link.events(0):
            for event in events:
                self._on_event(event)

    def _follow(self) -> None:
        """Dock with the panel that there is now."""
        owner = _number(self._link.ask(x.get_selection_owner(self._selection))[0], 8)
        if self._window and not (self._wanted and owner):
            self._menu.close()
            self._link.tell(x.destroy_window(self._window))
            self._window = 0
        elif self._wanted and owner and not self._window:
            self._dock(owner)

    def _dock(self, owner: int) -> None:
        self._window, self._room, self._drawn = self._link.new_id(), (SIZE, SIZE), None
        back = int.from_bytes(bytes(GROUND), "big")
        values = {x.BACK_PIXEL: back, x.EVENTS: x.EXPOSURE | x.BUTTON_PRESS | x.STRUCTURE}
        ask = (0, REQUEST_DOCK, self._window, 0, 0)
        self._link.tell(
            x.create_window(self._window, self._link.setup.root, (0, 0, SIZE, SIZE), values),
            x.set_numbers(self._window, self._info, self._info, (0, MAPPED)),
            x.set_numbers(self._window, x.WM_NORMAL_HINTS, x.WM_SIZE_HINTS, SMALLEST),
            x.set_text(self._window, x.WM_NAME, b"Workdiary"),
            x.set_text(self._window, x.WM_CLASS, b"workdiary\0Workdiary\0"),
            x.send_message(owner, owner, self._opcode, ask),
        )

    def _draw(self) -> None:
        state = icon(self._view())
        self._drawn = state
        width, height = self._room
        size = min(width, height, LARGEST)
        at = ((width - size) // 2, (height - size) // 2)
        self._link.tell(x.put_image(self._window, self._context, size, at, over(state, size, GROUND)))

    def _on_event(self, event: bytes) -> None:
        kind = event[0] & 0x7F
        at = 12 if KEY_PRESS <= kind <= MOTION else 4  # what comes from a device has a time and the root before it
        window = int.from_bytes(event[at : at + 4], "little")
        if kind == self._owner_event:
            self._follow()
        elif window == self._window and self._window:
            self._on_own(kind, event)
        else:
            self._menu.on_event(kind, event)

    def _on_own(self, kind: int, event: bytes) -> None:
        if kind == EXPOSE:
            self._draw()
        elif kind == CONFIGURE:
            self._room = struct.unpack_from("<HH", event, 20)
            self._draw()
        elif kind == DESTROY:
            self._window = 0
            self._follow()
        elif kind == BUTTON_PRESS and self._menu.is_open:
            self._menu.close()
        elif kind == BUTTON_PRESS and event[1] == LEFT:
            self._act("open", "")
        elif kind == BUTTON_PRESS and event[1] == RIGHT:
            self._refresh()
            self._menu.open(menu(self._view()), struct.unpack_from("<hh", event, 20))


def _number(reply: bytes | wire.XError, at: int) -> int:
    return 0 if isinstance(reply, wire.XError) else int.from_bytes(reply[at : at + 4], "little")


def _byte(reply: bytes | wire.XError, at: int) -> int:
    return 0 if isinstance(reply, wire.XError) else reply[at]
