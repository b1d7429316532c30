"""Injects input through XTEST at exact rates: inject.py KEYS CLICKS MOVES (each per second).

It also maps a window that selects pointer motion, as a browser does: without one the server batches, and listeners
look four to five times cheaper than they are.
"""

from __future__ import annotations

import sys
import time

from Xlib import X, display
from Xlib.ext import xtest

KEYCODE_A = 38


def main() -> None:
    rates = dict(zip(("key", "click", "move"), map(float, sys.argv[1:4]), strict=True))
    screen = display.Display()
    root = screen.screen().root
    window = root.create_window(
        50, 50, 1700, 900, 0, screen.screen().root_depth, event_mask=X.PointerMotionMask, override_redirect=True
    )
    window.map()
    screen.sync()
    begun = time.monotonic()
    due = {name: begun + 1 / rate for name, rate in rates.items() if rate}
    step = 0
    while True:
        if not due:
            time.sleep(60)
            continue
        name = min(due, key=lambda one: due[one])
        time.sleep(max(0.0, due[name] - time.monotonic()))
        due[name] += 1 / rates[name]
        step += 1
        if name == "key":
            xtest.fake_input(screen, X.KeyPress, KEYCODE_A)
            xtest.fake_input(screen, X.KeyRelease, KEYCODE_A)
        elif name == "click":
            xtest.fake_input(screen, X.ButtonPress, 1)
            xtest.fake_input(screen, X.ButtonRelease, 1)
        else:
            xtest.fake_input(screen, X.MotionNotify, x=100 + step % 1500, y=100 + step % 700)
        screen.flush()
        while screen.pending_events():
            screen.next_event()


if __name__ == "__main__":
    main()
