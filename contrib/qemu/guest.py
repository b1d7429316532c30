"""What is shown inside the machine. Each result is a line of JSON; ``host.py`` reads them."""

from __future__ import annotations

import json
import os
import sys
import time
import traceback

import sleeping
from counting import Counted
from uinput import BTN_LEFT, EVIOCGRAB, KEY, KEY_A, REL, REL_WHEEL, REL_WHEEL_HI_RES, REL_X, Played, nodes

CLICKS, SCROLLS = 600, 400
KEYS = 10_000 - CLICKS - SCROLLS
KEYBOARD, MOUSE, WHEELS = range(1, 120), range(0x110, 0x115), (REL_X, 1, REL_WHEEL, REL_WHEEL_HI_RES)


def tell(what: str, ok: bool, figures: object) -> None:  # noqa: FBT001 - one line each
    print("RESULT " + json.dumps({"what": what, "ok": bool(ok), "figures": str(figures)}), flush=True)


def ten_thousand() -> None:
    keyboard, mouse = Played(KEYBOARD), Played(MOUSE, WHEELS)
    with Counted() as counted:
        began = counted.line()
        keyboard.press(KEY_A, KEYS)
        mouse.press(BTN_LEFT, CLICKS)
        mouse.scroll(SCROLLS)
        got = counted.last()
        ok = got.run == began.run and got.totals == (KEYS, CLICKS, SCROLLS)
        tell("10,000 presses are 10,000", ok, f"{got.totals} of {(KEYS, CLICKS, SCROLLS)}")
        before = counted.switches()
        for _ in range(1000):
            mouse.tell((REL, REL_X, 2), (REL, 1, 2))
        woken = counted.switches() - before
        tell("1,000 movements of the pointer wake nobody", woken == 0, f"{woken} wake-ups")
        before = counted.switches()
        time.sleep(5)
        woken = counted.switches() - before
        tell("five quiet seconds wake nobody", woken == 0, f"{woken} wake-ups")
    keyboard.unplug()
    mouse.unplug()


def held() -> None:
    keyboard = Played(KEYBOARD, repeats=True)
    figures = {}
    for name, program in (("ours", None), ("a counter of repeats", ("value == PRESS", "value"))):
        with Counted(program) as counted:
            counted.line()
            keyboard.tell((KEY, KEY_A, 1))
            time.sleep(1.5)
            keyboard.tell((KEY, KEY_A, 0))
            figures[name] = counted.last().totals[0]
    tell("a held key is one", figures["ours"] == 1, figures["ours"])
    tell("control: a counter of repeats is found wrong", figures["a counter of repeats"] > 1, figures)
    keyboard.unplug()


def dropped_and_unplugged() -> None:
    keyboard, other = Played(KEYBOARD), Played(KEYBOARD)
    with Counted() as counted:
        keyboard.press(KEY_A, 5)
        before = counted.last()
        counted.halt()
        for _ in range(3000):
            keyboard.tell((KEY, KEY_A, 1))
            keyboard.tell((KEY, KEY_A, 0))
        counted.go_on()
        after = counted.last()
        ok = after.run != before.run and after.totals[0] < 3000
        tell(
            "events that the kernel dropped begin a new run", ok, f"{before.totals[0]}, then 3,000 unread, then {after}"
        )
        keyboard.press(KEY_A, 7)
        grown = counted.last().totals[0] - after.totals[0]
        tell("after that it counts exactly", grown == 7, f"{grown} of 7")
        run = counted.last(quiet=0).run
        keyboard.unplug()
        gone = counted.last()
        other.press(KEY_A, 3)
        goes_on = counted.last()
        ok = gone.run != run and goes_on.totals == (3, 0, 0)
        tell("an unplugged keyboard begins a new run, the other goes on", ok, goes_on)
        late = Played(KEYBOARD)
        plugged = counted.last()
        late.press(KEY_A, 4)
        ok = plugged.run != goes_on.run and counted.last().totals == (4, 0, 0)
        tell("a keyboard that is plugged in is counted", ok, counted.last(quiet=0))
        late.unplug()
    other.unplug()


def remapped() -> None:
    """A remapper takes the keyboard for itself and plays its keys on a device of its own."""
    import fcntl

    real, virtual = Played(KEYBOARD), Played(KEYBOARD)
    taken = os.open(real.path, os.O_RDONLY)
    fcntl.ioctl(taken, EVIOCGRAB, 1)
    with Counted() as counted:
        counted.line()
        for _ in range(50):
            real.press(KEY_A)
            os.read(taken, 4096)
            virtual.press(KEY_A)
        got = counted.last().totals[0]
        tell("a key that a remapper passes on counts once", got == 50, f"{got} of 50")
    os.close(taken)
    real.unplug()
    virtual.unplug()


def without_rights() -> None:
    for path in nodes():
        path.chmod(0o600)
    with Counted(user=65534) as counted:
        state = counted.line().state
        tell("without the right the state is denied", state == "denied", state)


def main() -> int:
    for scene in (ten_thousand, held, dropped_and_unplugged, remapped, without_rights, sleeping.show):
        began = time.monotonic()
        try:
            scene() if scene is not sleeping.show else scene(tell)
        except Exception:
            tell(f"{scene.__name__} ran to its end", ok=False, figures=traceback.format_exc())
        print(f"{scene.__module__}.{scene.__name__} took {time.monotonic() - began:.0f} s", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
