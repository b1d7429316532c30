"""Requests of the X protocol as bytes, little-endian: core, XInput2, SYNC, RANDR, MIT-SCREEN-SAVER.

Each function returns one whole request. ``opcode`` is what the server gave to the extension.
"""

from __future__ import annotations

import struct

PROPERTY_CHANGE = 0x400000
STRUCTURE_NOTIFY = 0x020000
ALL_MASTER_DEVICES = 1
ANY_TYPE = 0


def _request(opcode: int, detail: int, body: bytes = b"") -> bytes:
    body += bytes(-len(body) % 4)
    return struct.pack("<BBH", opcode, detail, 1 + len(body) // 4) + body


def select_events(window: int, mask: int) -> bytes:
    """ChangeWindowAttributes: what this client alone hears of a window."""
    return _request(2, 0, struct.pack("<III", window, 1 << 11, mask))


def get_window_attributes(window: int) -> bytes:
    """GetWindowAttributes."""
    return _request(3, 0, struct.pack("<I", window))


def get_geometry(window: int) -> bytes:
    """GetGeometry."""
    return _request(14, 0, struct.pack("<I", window))


def query_tree(window: int) -> bytes:
    """QueryTree."""
    return _request(15, 0, struct.pack("<I", window))


def intern_atom(name: str) -> bytes:
    """InternAtom, made if it does not exist yet so that its first use is seen."""
    return _request(16, 0, struct.pack("<HH", len(name), 0) + name.encode())


def get_atom_name(atom: int) -> bytes:
    """GetAtomName."""
    return _request(17, 0, struct.pack("<I", atom))


def get_property(window: int, atom: int, words: int = 512) -> bytes:
    """GetProperty of any type, at most ``words`` times four bytes."""
    return _request(20, 0, struct.pack("<IIIII", window, atom, ANY_TYPE, 0, words))


def query_extension(name: str) -> bytes:
    """QueryExtension."""
    return _request(98, 0, struct.pack("<HH", len(name), 0) + name.encode())


def xi_query_version(opcode: int) -> bytes:
    """XIQueryVersion 2.2: from 2.1 on raw events come during grabs too."""
    return _request(opcode, 47, struct.pack("<HH", 2, 2))


def xi_select_events(opcode: int, window: int, mask: int) -> bytes:
    """XISelectEvents for all master devices, so that no event comes from two devices."""
    return _request(opcode, 46, struct.pack("<IHHHHI", window, 1, 0, ALL_MASTER_DEVICES, 1, mask))


def sync_initialize(opcode: int) -> bytes:
    """SyncInitialize 3.1."""
    return _request(opcode, 0, struct.pack("<BB", 3, 1))


def sync_list_system_counters(opcode: int) -> bytes:
    """SyncListSystemCounters."""
    return _request(opcode, 1)


def sync_query_counter(opcode: int, counter: int) -> bytes:
    """SyncQueryCounter."""
    return _request(opcode, 5, struct.pack("<I", counter))


def sync_create_alarm(opcode: int, alarm: int, counter: int, value: int, test: int) -> bytes:
    """SyncCreateAlarm at an absolute value with delta 0: a transition alarm stays armed."""
    value_mask = 0b111111
    body = struct.pack("<IIIIiIIiII", alarm, value_mask, counter, 0, 0, value, test, 0, 0, 1)
    return _request(opcode, 8, body)


def randr_query_version(opcode: int) -> bytes:
    """RRQueryVersion 1.5."""
    return _request(opcode, 0, struct.pack("<II", 1, 5))


def randr_get_monitors(opcode: int, window: int) -> bytes:
    """RRGetMonitors, active ones only."""
    return _request(opcode, 42, struct.pack("<IBxxx", window, 1))


def saver_query_info(opcode: int, window: int) -> bytes:
    """ScreenSaverQueryInfo."""
    return _request(opcode, 1, struct.pack("<I", window))


def saver_select_input(opcode: int, window: int) -> bytes:
    """ScreenSaverSelectInput for on and off."""
    return _request(opcode, 2, struct.pack("<II", window, 1))
