"""KWin has this plugin's idle timer; its windows and pictures are told elsewhere."""

from __future__ import annotations

import time

from workdiary_wayland.protocols import NO_PICTURES, NO_WINDOWS


def test_active_time_on_kwin_is_that_of_the_bursts_to_fifty_milliseconds(kwin, start):
    hooks = start()
    window, hand = kwin.open_window("Typed into"), kwin.hand()
    hooks.until_idle()
    off = []
    for presses in (1, 4, 8):
        before = hooks.presence().active_ms
        began = time.monotonic()
        for _ in range(presses):
            hand.press()
            last = time.monotonic()
            time.sleep(0.2)
        hooks.until_idle()
        off.append(hooks.presence().active_ms - before - 1000 - (last - began) * 1000)
    assert sorted(map(abs, off))[1] <= 50, off
    assert max(map(abs, off)) <= 200, off
    hand.close()
    window.close()


def test_what_kwin_does_not_offer_is_unknown_with_the_reason(kwin, start):
    hooks = start()
    assert (hooks.window(), hooks.grab()) == (NO_WINDOWS, NO_PICTURES)
