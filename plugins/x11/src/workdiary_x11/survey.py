"""Read what is where on the screen: monitors, managed windows with their frames, and everything unmanaged."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workdiary.payloads import Monitor, Rect, ScreenMap, VisibleWindow
from workdiary_x11 import requests
from workdiary_x11.properties import app_and_title, intern_atoms, numbers, title_requests
from workdiary_x11.wire import XError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workdiary_x11.properties import Reply
    from workdiary_x11.wire import Connection

INPUT_OUTPUT = 1
VIEWABLE = 2
DEEPEST_FRAME = 5  #: steps from a client window up to the root
MOST_WINDOWS = 4096
CHUNK = 100  #: windows asked for in one go, so that neither side's buffer fills up


@dataclass(frozen=True)
class Tree:
    """A QueryTree reply."""

    parent: int
    children: tuple[int, ...]


def survey(connection: Connection) -> ScreenMap:
    """Return monitors and visible windows, top first, as they are now."""
    atoms = intern_atoms(connection)
    root = connection.setup.root
    (reply,) = connection.ask(requests.query_tree(root))
    tops = _visible_rects(connection, _tree(reply).children)
    clients = _clients_by_top(connection, atoms["_NET_CLIENT_LIST_STACKING"])
    shown = [(client, rect) for top, rect in tops for client in clients.get(top, [top])]
    asked = len(title_requests(0, atoms))
    replies = _ask_all(connection, [ask for window, _ in shown for ask in title_requests(window, atoms)])
    windows = []
    for index, (window, rect) in enumerate(shown):
        app, title = app_and_title(list(replies[index * asked : (index + 1) * asked]))
        windows.append(VisibleWindow(app=app, title=title, rect=rect, handle=f"{window:#x}"))
    screen = _screen(connection)
    if windows and _is_overlay(windows[-1], screen):
        windows.pop()
    return ScreenMap(monitors=monitors(connection), windows=tuple(reversed(windows)))


def monitors(connection: Connection) -> tuple[Monitor, ...]:
    """Return the monitors; one of the root's size where the server knows none."""
    randr = connection.extension("RANDR")
    found: tuple[Monitor, ...] = ()
    if randr is not None:
        _, reply = connection.ask(
            requests.randr_query_version(randr.opcode), requests.randr_get_monitors(randr.opcode, connection.setup.root)
        )
        found = () if isinstance(reply, XError) else _parse_monitors(connection, reply)
    if found:
        return found
    return (Monitor(name="screen", rect=_screen(connection), primary=True),)


def _parse_monitors(connection: Connection, reply: bytes) -> tuple[Monitor, ...]:
    (count,) = struct.unpack_from("<I", reply, 12)
    at = 32
    parsed = []
    for _ in range(count):
        name, primary, outputs, x, y, width, height = struct.unpack_from("<IBxHhhHH", reply, at)
        parsed.append((name, bool(primary), Rect(x=x, y=y, width=width, height=height)))
        at += 24 + 4 * outputs
    names = connection.ask(*(requests.get_atom_name(name) for name, _, _ in parsed)) if parsed else []
    return tuple(
        Monitor(name=_atom_name(name), rect=rect, primary=primary)
        for name, (_, primary, rect) in zip(names, parsed, strict=True)
    )


def _visible_rects(connection: Connection, windows: Sequence[int]) -> list[tuple[int, Rect]]:
    """Return the viewable ones among the root's children, bottom first, with border and frame."""
    asked = [
        ask for window in windows for ask in (requests.get_window_attributes(window), requests.get_geometry(window))
    ]
    replies = _ask_all(connection, asked)
    visible = []
    for index, window in enumerate(windows):
        attributes, geometry = replies[2 * index : 2 * index + 2]
        if isinstance(attributes, XError) or isinstance(geometry, XError):
            continue  # destroyed meanwhile
        (kind,) = struct.unpack_from("<H", attributes, 12)
        if kind == INPUT_OUTPUT and attributes[26] == VIEWABLE:
            x, y, width, height, border = struct.unpack_from("<hhHHH", geometry, 12)
            rect = Rect(x=x, y=y, width=width + 2 * border, height=height + 2 * border)
            if _overlap(rect, _screen(connection)):
                visible.append((window, rect))
    return visible


def _clients_by_top(connection: Connection, client_list: int) -> dict[int, list[int]]:
    """Return the managed windows by the child of the root that they are in."""
    root = connection.setup.root
    (reply,) = connection.ask(requests.get_property(root, client_list, MOST_WINDOWS))
    at = {client: client for client in numbers(reply)}
    tops: dict[int, list[int]] = {}
    for _ in range(DEEPEST_FRAME):
        trees = _ask_all(connection, [requests.query_tree(window) for window in at.values()])
        steps = {client: (window, _tree(tree).parent) for (client, window), tree in zip(at.items(), trees, strict=True)}
        for client, (window, parent) in steps.items():
            if parent == root:
                tops.setdefault(window, []).append(client)
        at = {client: parent for client, (_, parent) in steps.items() if parent not in {0, root}}
    return tops


def _screen(connection: Connection) -> Rect:
    return Rect(x=0, y=0, width=connection.setup.width, height=connection.setup.height)


def _overlap(one: Rect, two: Rect) -> bool:
    return (
        one.x < two.x + two.width
        and two.x < one.x + one.width
        and one.y < two.y + two.height
        and two.y < one.y + one.height
    )


def _ask_all(connection: Connection, asked: Sequence[bytes]) -> list[Reply]:
    replies: list[Reply] = []
    for start in range(0, len(asked), CHUNK):
        replies += connection.ask(*asked[start : start + CHUNK])
    return replies


def _tree(reply: Reply) -> Tree:
    if isinstance(reply, XError):
        return Tree(0, ())
    parent, count = struct.unpack_from("<IH", reply, 12)
    return Tree(parent, struct.unpack_from(f"<{count}I", reply, 32))


def _atom_name(reply: Reply) -> str:
    if isinstance(reply, XError):
        return ""
    (length,) = struct.unpack_from("<H", reply, 8)
    return reply[32 : 32 + length].decode(errors="replace")


def _is_overlay(window: VisibleWindow, screen: Rect) -> bool:
    """Recognize a compositor's overlay: nameless, on top, over everything. It shows the windows below it."""
    return not window.app and not window.title and window.rect == screen
