"""Read the active window once. The only module that knows PyWinCtl's objects."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from workdiary.payloads import Unknown, Window

if TYPE_CHECKING:
    from collections.abc import Callable

LONGEST_TEXT = 500  #: characters
CACHED_AT_MOST = 256  #: applications' names


NOTHING = Window(app="", title="")


def connect() -> ActiveWindow:
    """Import PyWinCtl, which connects to the desktop, and return what reads the active window through it."""
    if sys.platform != "linux":
        import pywinctl

        return ActiveWindow(pywinctl.getActiveWindow)
    from workdiary_pywinctl import x11

    x11.import_ewmhlib()
    import pywinctl

    return ActiveWindow(pywinctl.getActiveWindow, gone=x11.GONE, is_managed=x11.is_managed)


class ActiveWindow:
    """Reads the active window; remembers applications' names, since PyWinCtl starts a program for each question."""

    def __init__(
        self,
        active: Callable[[], Any],
        gone: tuple[type[Exception], ...] = (),
        is_managed: Callable[[], bool] = lambda: True,
    ) -> None:
        self._active = active
        self._gone = gone
        self._is_managed = is_managed
        self._apps: dict[tuple[str, int], str] = {}

    def read(self) -> Window | Unknown:
        """Return the active window. It may take long, and hang; an exception says nothing about the next reading."""
        try:
            window = self._active()
            if window is not None:
                handle = _handle(window)
                title = clean(str(window.title or ""))
                return Window(app=clean(self._app(window, handle)), title=title, handle=handle)
        except self._gone:
            return NOTHING  # a window manager may name a closed window until another gets the focus
        return NOTHING if self._is_managed() else Unknown(reason="no window manager says which window is active")

    def _app(self, window: Any, handle: str) -> str:
        if sys.platform == "darwin":
            return str(window.getAppName())  # an attribute there, while the process's number takes a program
        key = (handle, int(window.getPID() or 0))
        if key not in self._apps:
            if len(self._apps) >= CACHED_AT_MOST:
                self._apps.clear()
            self._apps[key] = str(window.getAppName())
        return self._apps[key]


def clean(raw: str) -> str:
    """Turn white space into spaces, drop what cannot be printed, and cut."""
    spaced = "".join(" " if char.isspace() else char for char in raw)
    return "".join(char for char in spaced if char.isprintable())[:LONGEST_TEXT].strip()


def _handle(window: Any) -> str:
    """Return the window's number as the x11 plugin writes it; on macOS there is none."""
    handle = window.getHandle()
    return f"{handle:#x}" if isinstance(handle, int) else ""
