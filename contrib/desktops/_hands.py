"""One way to open windows and press keys on each desktop."""

from __future__ import annotations

import contextlib
import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workdiary.testing.desktop import VirtualDesktop
from workdiary.testing.session import PrivateBus
from workdiary.testing.wayland import WaylandDesktop
from workdiary_gnome.testing import GnomeShell
from workdiary_kde.testing import KWin
from workdiary_session.testing import Logind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

COLOURS = {"notes": "c0a080", "editor": "a0b0c0", "mail": "80c0a0"}  #: a screen of one colour is no picture
BARE = ("DISPLAY", "XAUTHORITY", "WAYLAND_DISPLAY", "SWAYSOCK", "DBUS_SESSION_BUS_ADDRESS", "XDG_SESSION_ID")


@dataclass(frozen=True)
class Hands:
    """``press`` presses and releases one key so many times; ``open`` returns what has ``set_title`` and ``close``."""

    open: Callable
    press: Callable[[int], None]
    logind: Logind


@contextlib.contextmanager
def on(name: str) -> Iterator[Hands]:
    """Start a desktop, with a login manager by script, and lead this process to it."""
    for variable in BARE:
        os.environ.pop(variable, None)
    with contextlib.ExitStack() as stack:
        begin, places, act = DESKTOPS[name]
        desktop = stack.enter_context(begin())
        os.environ.update(places(desktop))
        system = stack.enter_context(PrivateBus({}))
        os.environ["DBUS_SYSTEM_BUS_ADDRESS"] = system.address
        logind = stack.enter_context(contextlib.closing(Logind(system.address)))
        yield Hands(*act(desktop, stack), logind)


class XWindow:
    """An xterm whose title is set as the others' are."""

    def __init__(self, desktop, window) -> None:
        self._desktop, self._window = desktop, window
        self.close = window.close

    def set_title(self, title: str) -> None:
        self._desktop.set_title(self._window, title)


def _x11(desktop, _stack):
    return (
        lambda title, app: XWindow(desktop, desktop.open_window(title, app)),
        lambda times: desktop.key(*["a"] * times),
    )


def _sway(desktop, _stack):
    return (
        lambda title, app: desktop.open_window(title, app, COLOURS[app]),
        lambda times: desktop.run("wtype", *["-k", "a"] * times),
    )


def _kwin(desktop, stack):
    hand = stack.enter_context(contextlib.closing(desktop.hand()))
    return desktop.open_window, lambda times: [hand.press() for _ in range(times)]


def _gnome(desktop, _stack):
    desktop.allow_pictures("yes")
    return desktop.open_window, lambda times: [desktop.key() for _ in range(times)]


def begin_gnome() -> GnomeShell:
    """Return a GNOME with its portal, which somebody has allowed to hand out pictures."""
    return GnomeShell(os.environ, portal=True)


def allow_pictures(state: Path) -> None:
    """Note that somebody has allowed GNOME's portal, as `workdiary portal allow-pictures` would."""
    state.mkdir(parents=True, exist_ok=True)
    (state / "allowed").write_text(json.dumps({"programs": [""], "desktop": ["org.gnome.Shell"]}))


DESKTOPS = {
    "X11": (VirtualDesktop, lambda desktop: {"DISPLAY": desktop.display}, _x11),
    "sway": (WaylandDesktop, lambda desktop: desktop.places(), _sway),
    "KWin": (lambda: KWin(pictures=True, hands=True), lambda desktop: desktop.places(), _kwin),
    "GNOME": (begin_gnome, lambda desktop: desktop.places(), _gnome),
}
