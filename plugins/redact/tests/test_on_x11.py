"""The filter in the host, on what the x11 and mss plugins see of a real desktop."""

from __future__ import annotations

import os

import pytest

from workdiary.config import parse
from workdiary.paths import Home
from workdiary.payloads import Cause, Occasion, Snapshot, Tick, Unknown
from workdiary.plugins.manager import Plugins
from workdiary.testing.desktop import VirtualDesktop
from workdiary_redact.fill import COLOUR, box_in
from workdiary_redact.regions import MARGIN

pytest.importorskip("workdiary_x11")
pytest.importorskip("workdiary_mss")

OCCASION = Occasion(cause=Cause.DERIVED, wall_ms=0, contract="c")


@pytest.fixture
def desktop(monkeypatch):
    with VirtualDesktop(width=800, height=600) as desktop:
        for name in ("DISPLAY", "XDG_SESSION_TYPE"):
            monkeypatch.setenv(name, desktop.env()[name])
        monkeypatch.setenv("WAYLAND_DISPLAY", "")
        yield desktop


@pytest.fixture
def take(desktop, tmp_path):
    home = Home.find({**os.environ, "WORKDIARY_HOME": str(tmp_path)})

    def take(rules):
        settings = parse(f'[plugins]\ndisabled = ["pynput", "pywinctl"]\n[plugins.redact]\n{rules}\n')
        plugins = Plugins.load(settings, home)
        try:
            window = plugins.capture_window(Tick(wall_ms=0, mono_ms=0, slot=0)).value
            before = plugins.survey_screen(OCCASION).value
            frames = plugins.grab_screen(OCCASION).value
            after = plugins.survey_screen(OCCASION).value
            seen = Snapshot(occasion=OCCASION, window=window, frames=frames, before=before, after=after)
            return seen, plugins.redact(seen)
        finally:
            plugins.stop()

    return take


def grown(frame, window):
    rect = window.rect
    outer = type(rect)(
        x=rect.x - MARGIN, y=rect.y - MARGIN, width=rect.width + 2 * MARGIN, height=rect.height + 2 * MARGIN
    )
    return box_in(frame, outer)


def inside(box, x, y):
    return box.left <= x < box.right and box.top <= y < box.bottom


@pytest.mark.parametrize("rule", ['exclude_titles = ["my bank"]', 'exclude_apps = ["bank"]'])
def test_the_excluded_window_is_one_colour_and_every_other_pixel_is_untouched(desktop, take, rule):
    secret = desktop.open_window("My Bank", "Bank")
    desktop.xdotool("windowmove", "--sync", str(secret.id), "10", "10")
    desktop.xdotool("windowsize", "--sync", str(secret.id), "200", "150")
    work = desktop.open_window("Report", "Work")
    desktop.xdotool("windowmove", "--sync", str(work.id), "100", "100")
    raw, safe = take(rule)
    assert (safe.window.app, safe.window.title) == ("Work", "Report")
    (before,), (after,) = raw.frames, safe.frames
    box = grown(after, next(each for each in raw.before.windows if each.title == "My Bank"))
    for y in range(0, 600, 3):
        for x in range(0, 800, 3):
            at = (y * 800 + x) * 4
            wanted = COLOUR if inside(box, x, y) else before.pixels[at : at + 4]
            assert after.pixels[at : at + 4] == wanted, (x, y)


def test_an_excluded_active_window_is_named_nowhere(desktop, take):
    desktop.open_window("My Bank", "Bank")
    _, safe = take('exclude_titles = ["my bank"]')
    assert (safe.window.app, safe.window.title) == ("[excluded]", "[excluded]")


def test_without_rules_the_host_passes_the_snapshot_on_as_it_is(desktop, take):
    desktop.open_window("My Bank", "Bank")
    raw, safe = take("")
    assert safe is raw


def test_an_error_in_a_rule_means_no_picture_rather_than_an_open_one(desktop, take):
    desktop.open_window("My Bank", "Bank")
    _, safe = take('exclude_titles = [""]')
    assert isinstance(safe, Unknown)
    assert "redact" in safe.reason
