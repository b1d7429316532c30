"""KWin has this plugin's idle timer; its windows and pictures are told elsewhere."""

from __future__ import annotations

from workdiary_wayland.protocols import NO_PICTURES, NO_WINDOWS


def test_active_time_on_kwin_is_that_of_the_bursts_to_fifty_milliseconds(kwin, start):
    hooks = start()
    window, hand = kwin.open_window("Typed into"), kwin.hand()
    off = hooks.beyond(hand.press)
    assert off[1] <= 50, off
    assert off[2] <= 200, off
    hand.close()
    window.close()


def test_what_kwin_does_not_offer_is_unknown_with_the_reason(kwin, start):
    hooks = start()
    assert (hooks.window(), hooks.grab()) == (NO_WINDOWS, NO_PICTURES)
