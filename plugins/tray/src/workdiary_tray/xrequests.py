"""Requests of the X protocol that draw, grab and dock, as bytes; beside those of ``workdiary_x11.requests``."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

# Bits of values for windows and for graphics contexts, in the order of the protocol.
BACK_PIXEL, OVERRIDE, EVENTS = 1 << 1, 1 << 9, 1 << 11
FOREGROUND, BACKGROUND, FONT = 1 << 2, 1 << 3, 1 << 14
KEY_PRESS, BUTTON_PRESS, BUTTON_RELEASE, MOTION, EXPOSURE, STRUCTURE = 0x1, 0x4, 0x8, 0x40, 0x8000, 0x20000
STRING, WM_NAME, WM_NORMAL_HINTS, WM_SIZE_HINTS, WM_CLASS = 31, 39, 40, 41, 67  # atoms that are always there
CLIENT_MESSAGE = 33
Values = dict[int, int]


def _request(opcode: int, detail: int, body: bytes = b"") -> bytes:
    body += bytes(-len(body) % 4)
    return struct.pack("<BBH", opcode, detail, 1 + len(body) // 4) + body


def _values(values: Mapping[int, int]) -> bytes:
    return b"".join(struct.pack("<I", values[bit]) for bit in sorted(values))


def create_window(window: int, root: int, place: tuple[int, int, int, int], values: Values) -> bytes:
    """CreateWindow with the root's depth and visual; *place* is x, y, width, height."""
    body = struct.pack("<IIhhHHHHII", window, root, *place, 0, 1, 0, sum(values)) + _values(values)
    return _request(1, 0, body)


def destroy_window(window: int) -> bytes:
    """DestroyWindow."""
    return _request(4, 0, struct.pack("<I", window))


def map_window(window: int) -> bytes:
    """MapWindow."""
    return _request(8, 0, struct.pack("<I", window))


def configure_window(window: int, place: tuple[int, int, int, int]) -> bytes:
    """ConfigureWindow: x, y, width, height."""
    return _request(12, 0, struct.pack("<IHxxiiII", window, 0b1111, *place))


def set_numbers(window: int, name: int, kind: int, numbers: tuple[int, ...]) -> bytes:
    """ChangeProperty with 32-bit numbers."""
    head = struct.pack("<IIIBxxxI", window, name, kind, 32, len(numbers))
    return _request(18, 0, head + struct.pack(f"<{len(numbers)}I", *numbers))


def set_text(window: int, name: int, text: bytes) -> bytes:
    """ChangeProperty with a STRING."""
    return _request(18, 0, struct.pack("<IIIBxxxI", window, name, STRING, 8, len(text)) + text)


def get_selection_owner(selection: int) -> bytes:
    """GetSelectionOwner."""
    return _request(23, 0, struct.pack("<I", selection))


def translate(window: int, root: int) -> bytes:
    """TranslateCoordinates: where the window's corner lies on the screen."""
    return _request(40, 0, struct.pack("<IIhh", window, root, 0, 0))


def send_message(target: int, window: int, kind: int, numbers: tuple[int, int, int, int, int]) -> bytes:
    """SendEvent of a ClientMessage with 32-bit numbers."""
    event = struct.pack("<BBHII5I", CLIENT_MESSAGE, 32, 0, window, kind, *numbers)
    return _request(25, 0, struct.pack("<II", target, 0) + event)


def grab_pointer(window: int, mask: int) -> bytes:
    """GrabPointer until UngrabPointer; events in our own windows stay theirs."""
    return _request(26, 1, struct.pack("<IHBBIII", window, mask, 1, 1, 0, 0, 0))


def ungrab_pointer() -> bytes:
    """UngrabPointer."""
    return _request(27, 0, struct.pack("<I", 0))


def grab_keyboard(window: int) -> bytes:
    """GrabKeyboard until UngrabKeyboard."""
    return _request(31, 0, struct.pack("<IIBBxx", window, 0, 1, 1))


def ungrab_keyboard() -> bytes:
    """UngrabKeyboard."""
    return _request(32, 0, struct.pack("<I", 0))


def open_font(font: int, name: str) -> bytes:
    """OpenFont."""
    return _request(45, 0, struct.pack("<IHxx", font, len(name)) + name.encode())


def query_text_extents(font: int, text: str) -> bytes:
    """QueryTextExtents."""
    data = text16(text)
    return _request(48, len(data) // 2 % 2, struct.pack("<I", font) + data)


def create_gc(context: int, drawable: int, values: Values) -> bytes:
    """CreateGC."""
    return _request(55, 0, struct.pack("<III", context, drawable, sum(values)) + _values(values))


def change_gc(context: int, values: Values) -> bytes:
    """ChangeGC."""
    return _request(56, 0, struct.pack("<II", context, sum(values)) + _values(values))


def fill_rectangle(drawable: int, context: int, place: tuple[int, int, int, int]) -> bytes:
    """PolyFillRectangle with one rectangle."""
    return _request(70, 0, struct.pack("<IIhhHH", drawable, context, *place))


def put_image(drawable: int, context: int, size: int, place: tuple[int, int], pixels: bytes) -> bytes:
    """PutImage of a square at depth 24."""
    return _request(72, 2, struct.pack("<IIHHhhBBxx", drawable, context, size, size, *place, 0, 24) + pixels)


def image_text(drawable: int, context: int, place: tuple[int, int], text: str) -> bytes:
    """ImageText16 with its base line at *place*."""
    data = text16(text)
    return _request(77, len(data) // 2, struct.pack("<IIhh", drawable, context, *place) + data)


def get_keyboard_mapping() -> bytes:
    """GetKeyboardMapping of all keys."""
    return _request(101, 0, struct.pack("<BBxx", 8, 248))


def xfixes_query_version(opcode: int) -> bytes:
    """XFixesQueryVersion 1.0; without it the server refuses the rest."""
    return _request(opcode, 0, struct.pack("<II", 1, 0))


def xfixes_select_owner(opcode: int, window: int, selection: int) -> bytes:
    """XFixesSelectSelectionInput: a new owner, and one that has gone."""
    return _request(opcode, 2, struct.pack("<III", window, selection, 0b111))


def text16(text: str) -> bytes:
    """Return at most 255 characters as core fonts take them; those have no ellipsis."""
    text = text.replace("…", "...")
    return "".join(one if ord(one) <= 0xFFFF else "?" for one in text[:255]).encode("utf-16-be")  # noqa: PLR2004
