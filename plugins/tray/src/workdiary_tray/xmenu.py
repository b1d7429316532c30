"""A menu of our own on X: one window, core fonts, mouse and keyboard. What has children is written out below it."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workdiary_tray import xrequests as x
from workdiary_x11.wire import XError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from workdiary_tray.menu import Entry
    from workdiary_x11.wire import Connection

FONTS = ("-misc-fixed-medium-r-semicondensed--13-*-*-*-*-*-iso10646-1", "fixed")
PAPER, INK, FAINT, MARK = 0xFFFFFF, 0x111111, 0x767676, 0x1A5FB4
ROW, LINE, SIDE = 20, 9, 10  #: pixels: a row, a separator, the space at both sides
KEY_PRESS, BUTTON_PRESS, BUTTON_RELEASE, MOTION, EXPOSE = 2, 4, 5, 6, 12
KEYS = {0xFF1B: "escape", 0xFF52: "up", 0xFF54: "down", 0xFF0D: "enter", 0xFF8D: "enter"}


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line as it is drawn."""

    entry: Entry
    text: str
    top: int

    @property
    def height(self) -> int:
        """Its height in pixels."""
        return ROW if self.text else LINE


class XMenu:
    """Opens at the pointer, and closes on Escape, on a click beside it, or when something was chosen."""

    def __init__(self, link: Connection, act: Callable[[str, str], None]) -> None:
        self._link = link
        self._act = act
        self._window = 0
        self._font = self._context = 0
        self._keys: dict[int, str] = {}
        self._entries: tuple[Entry, ...] = ()
        self._rows: tuple[Row, ...] = ()
        self._width = 0
        self._marked = -1

    @property
    def is_open(self) -> bool:
        """Whether it is to be seen."""
        return bool(self._window)

    def open(self, entries: tuple[Entry, ...], at: tuple[int, int]) -> None:
        """Show *entries* as near to a point of the screen as they fit."""
        self._prepare()
        self._lay_out(entries)
        self._window = self._link.new_id()
        events = x.EXPOSURE | x.KEY_PRESS | x.BUTTON_PRESS | x.BUTTON_RELEASE | x.MOTION
        values = {x.BACK_PIXEL: PAPER, x.OVERRIDE: 1, x.EVENTS: events}
        self._link.tell(
            x.create_window(self._window, self._link.setup.root, self._place(at), values), x.map_window(self._window)
        )
        mouse = x.BUTTON_PRESS | x.BUTTON_RELEASE | x.MOTION
        grabs = self._link.ask(x.grab_pointer(self._window, mouse), x.grab_keyboard(self._window))
        if any(isinstance(one, XError) or one[1] for one in grabs):  # another program's menu is open
            self.close()

    def update(self, entries: tuple[Entry, ...]) -> None:
        """Show other entries, if it is open."""
        if not self._window or entries == self._entries:
            return
        found = self._link.ask(x.translate(self._window, self._link.setup.root))[0]
        at = (0, 0) if isinstance(found, XError) else struct.unpack_from("<hh", found, 12)
        self._lay_out(entries)
        self._link.tell(x.configure_window(self._window, self._place(at)))
        self._draw()

    def close(self) -> None:
        """Hide it; may come twice."""
        if self._window:
            self._link.tell(x.ungrab_keyboard(), x.ungrab_pointer(), x.destroy_window(self._window))
            self._window = 0

    def on_event(self, kind: int, event: bytes) -> None:
        """Follow mouse and keyboard."""
        if not self._window:
            return
        if kind == EXPOSE:
            self._draw()
        elif kind == KEY_PRESS:
            self._on_key(self._keys.get(event[1], ""))
        elif kind in {BUTTON_PRESS, BUTTON_RELEASE, MOTION}:
            at = struct.unpack_from("<hh", event, 24)
            self._on_mouse(kind, at)

    def _on_mouse(self, kind: int, at: tuple[int, int]) -> None:
        inside = 0 <= at[0] < self._width and 0 <= at[1] < self._height
        if kind == BUTTON_PRESS and not inside:
            self.close()
        elif kind == BUTTON_RELEASE and inside:
            self._choose(self._row_at(at[1]))
        elif kind == MOTION:
            self._mark(self._row_at(at[1]) if inside else -1)

    def _on_key(self, key: str) -> None:
        if key == "escape":
            self.close()
        elif key == "enter":
            self._choose(self._marked)
        elif key in {"up", "down"}:
            able = [number for number, row in enumerate(self._rows) if row.entry.action]
            if able:
                step = 1 if key == "down" else -1
                now = able.index(self._marked) if self._marked in able else (-1 if step > 0 else 0)
                self._mark(able[(now + step) % len(able)])

    def _choose(self, number: int) -> None:
        entry = self._rows[number].entry if number >= 0 else None
        if entry is not None and entry.action:
            self.close()
            self._act(entry.action, entry.argument)

    def _row_at(self, y: int) -> int:
        found = [number for number, row in enumerate(self._rows) if row.top <= y < row.top + row.height]
        return found[0] if found and self._rows[found[0]].entry.action else -1

    def _mark(self, number: int) -> None:
        if number != self._marked:
            self._marked = number
            self._draw()

    @property
    def _height(self) -> int:
        return self._rows[-1].top + self._rows[-1].height

    def _prepare(self) -> None:
        """Find font and keys, once."""
        if self._font:
            return
        for name in FONTS:
            self._font = self._link.new_id()
            self._link.tell(x.open_font(self._font, name))
            if not isinstance(self._link.ask(x.query_text_extents(self._font, "x"))[0], XError):
                break
        self._context = self._link.new_id()
        self._link.tell(x.create_gc(self._context, self._link.setup.root, {x.FONT: self._font}))
        reply = self._link.ask(x.get_keyboard_mapping())[0]
        if not isinstance(reply, XError):
            per, symbols = reply[1], struct.unpack_from(f"<{(len(reply) - 32) // 4}I", reply, 32)
            self._keys = {8 + at // per: KEYS[one] for at, one in enumerate(symbols) if one in KEYS}

    def _lay_out(self, entries: tuple[Entry, ...]) -> None:
        self._entries, rows, top = entries, [], LINE // 2
        for entry, text in _flat(entries):
            row = Row(entry=entry, text=text, top=top)
            if top + row.height > self._link.setup.height:
                break
            rows.append(row)
            top += row.height
        self._rows = tuple(rows)
        self._marked = -1
        replies = self._link.ask(*(x.query_text_extents(self._font, row.text) for row in rows))
        widths = [0 if isinstance(one, XError) else int.from_bytes(one[16:20], "little") for one in replies]
        self._width = min(max(widths) + 2 * SIDE, self._link.setup.width)

    def _place(self, at: tuple[int, int]) -> tuple[int, int, int, int]:
        left = max(0, min(at[0], self._link.setup.width - self._width))
        top = max(0, min(at[1], self._link.setup.height - self._height))
        return left, top, self._width, self._height

    def _draw(self) -> None:
        for number, row in enumerate(self._rows):
            self._link.tell(*self._row_requests(row, marked=number == self._marked))

    def _row_requests(self, row: Row, *, marked: bool) -> Iterator[bytes]:
        paper = MARK if marked else PAPER
        ink = PAPER if marked else INK if row.entry.action else FAINT
        yield x.change_gc(self._context, {x.FOREGROUND: paper})
        yield x.fill_rectangle(self._window, self._context, (0, row.top, self._width, row.height))
        yield x.change_gc(self._context, {x.FOREGROUND: ink, x.BACKGROUND: paper})
        if row.text:
            yield x.image_text(self._window, self._context, (SIDE, row.top + ROW - 6), row.text)
        else:
            yield x.fill_rectangle(self._window, self._context, (0, row.top + LINE // 2, self._width, 1))


def _flat(entries: Sequence[Entry], indent: str = "") -> Iterator[tuple[Entry, str]]:
    for entry in entries:
        yield entry, indent + entry.label if entry.label else ""
        yield from _flat(entry.children, indent + "    ")
