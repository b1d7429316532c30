"""Count presses. This is all that is ever done with an event: three numbers go up."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

QUIET = 30.0  #: seconds without any key event after which no key can still be held and repeating
HELD_AT_MOST = 64  #: keys; more means that releases were lost
WAKE_AFTER = 2.0  #: seconds without input after which core is asked to tick


class Counter:
    """The callbacks of both listeners.

    They return None, since False would stop the listener, and never raise, since that would end it. Every one takes
    ``injected`` with a default: pynput forgets to pass it for media keys on macOS. Keys are written by the keyboard's
    thread only, clicks and scrolls by the mouse's.
    """

    def __init__(self, wake: Callable[[], None], clock: Callable[[], float] = time.monotonic) -> None:
        self.keys = 0
        self.clicks = 0
        self.scrolls = 0
        self.errors = 0
        self._wake = wake
        self._clock = clock
        self._held: set[Any] = set()  # in memory only, forgotten at release
        self._kept_until = self._last_key = self._last_click = self._last_scroll = self._last_input = clock()

    @property
    def since_key(self) -> float:
        """Seconds since the last event of a key, since counting began, or since keys were kept from everybody."""
        return self._clock() - max(self._last_key, self._kept_until)

    def keep(self) -> None:
        """Note that keys are kept from everybody at this moment: those before it are nobody's fault."""
        self._kept_until = self._clock()

    @property
    def since_click(self) -> float:
        """Seconds since the last press of a button, or since counting began."""
        return self._clock() - self._last_click

    @property
    def since_scroll(self) -> float:
        """Seconds since the last event of the wheel, or since counting began."""
        return self._clock() - self._last_scroll

    def on_press(self, key: Any, injected: bool = False) -> None:  # noqa: FBT001, FBT002, ARG002 - pynput's signature
        """Count the press of a key, but not its auto-repeat."""
        try:
            self._forget_after_quiet()
            code = _code(key)
            if code not in self._held:
                if len(self._held) >= HELD_AT_MOST:
                    self._held.clear()
                self._held.add(code)
                self.keys += 1
            self._note_input()
        except Exception:
            self.errors += 1

    def on_release(self, key: Any, injected: bool = False) -> None:  # noqa: FBT001, FBT002, ARG002 - as above
        """Forget the key."""
        try:
            self._forget_after_quiet()
            self._held.discard(_code(key))
        except Exception:
            self.errors += 1

    def on_click(self, x: int, y: int, button: Any, pressed: bool, injected: bool = False) -> None:  # noqa: FBT001, FBT002, ARG002 - as above
        """Count the press of a button. Where it was is not looked at."""
        try:
            if pressed:
                self.clicks += 1
                self._last_click = self._clock()
                self._note_input()
        except Exception:
            self.errors += 1

    def on_scroll(self, x: int, y: int, dx: int, dy: int, injected: bool = False) -> None:  # noqa: FBT001, FBT002, ARG002 - as above
        """Count wheel steps in any direction; one event may tell of several."""
        try:
            self.scrolls += abs(int(dx)) + abs(int(dy))
            self._last_scroll = self._clock()
            self._note_input()
        except Exception:
            self.errors += 1

    def _forget_after_quiet(self) -> None:
        now = self._clock()
        if now - self._last_key > QUIET:
            self._held.clear()  # a release was lost, and would hide the key's next press
        self._last_key = now

    def _note_input(self) -> None:
        now = self._clock()
        quiet, self._last_input = now - self._last_input, now
        if quiet > WAKE_AFTER:
            self._wake()


def _code(key: Any) -> Any:
    """Return what names the key itself: its character may change with shift between press and release."""
    code = getattr(key, "vk", None)
    return key if code is None else code
