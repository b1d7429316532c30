"""Contract of privacy filters."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from workdiary.payloads import Frame, Monitor, Rect, ScreenMap, Snapshot, Unknown, VisibleWindow, Window
from workdiary.testing.hosted import OCCASION, Hosted, promise, status_of

if TYPE_CHECKING:
    from workdiary.plugins.manager import Plugins

HOOK = "workdiary_redact"
SCREEN = Rect(x=0, y=0, width=320, height=200)


def make_snapshot(*windows: VisibleWindow) -> Snapshot:
    """Return a snapshot of noise on which *windows* are seen, the first of them active."""
    map_ = ScreenMap(monitors=(Monitor(name="one", rect=SCREEN, primary=True),), windows=windows)
    frame = Frame(rect=SCREEN, width=320, height=200, pixels=os.urandom(320 * 200 * 4))
    active = Window(app=windows[0].app, title=windows[0].title) if windows else Unknown(reason="no window")
    return Snapshot(occasion=OCCASION, window=active, frames=(frame,), before=map_, after=map_)


class RedactorContract(Hosted):
    """``workdiary_redact``. Declare ``secret`` to have the hiding itself tested."""

    @pytest.fixture
    def snapshot(self) -> Snapshot:
        """Return a harmless snapshot."""
        return make_snapshot(VisibleWindow(app="Editor", title="notes", rect=Rect(x=10, y=10, width=100, height=80)))

    @pytest.fixture
    def secret(self) -> tuple[Snapshot, tuple[Rect, ...], tuple[str, ...]] | None:
        """Return a snapshot, the parts of its first frame and the texts that must not be there any more, or None."""
        return None

    def test_a_harmless_snapshot_comes_through(self, host: Plugins, entry_point: str, snapshot: Snapshot) -> None:
        """A filter answers with a Snapshot or None, and keeps number and size of the frames."""
        result = host.redact(snapshot)
        reason = result.reason if isinstance(result, Unknown) else ""
        promise(not reason, f"{HOOK} returns a Snapshot with frames of the same number and size, or None", reason)
        promise(status_of(host, entry_point).calls > 0, f"the plugin has {HOOK}", "no such hook")

    def test_titles_pass_without_a_picture(self, host: Plugins, snapshot: Snapshot) -> None:
        """``frames`` may be empty; the title is filtered all the same."""
        result = host.redact(replace(snapshot, frames=()))
        promise(isinstance(result, Snapshot), f"{HOOK} works without frames", result)

    def test_an_unknown_window_stays_unknown(self, host: Plugins, snapshot: Snapshot) -> None:
        """A filter does not invent a window."""
        result = host.redact(replace(snapshot, window=Unknown(reason="no probe"), frames=()))
        kept = isinstance(result, Unknown) or isinstance(result.window, Unknown)
        promise(kept, f"{HOOK} leaves an unknown window unknown")

    def test_the_same_snapshot_is_treated_the_same(self, host: Plugins, snapshot: Snapshot) -> None:
        """A filter has no memory and no dice."""
        promise(host.redact(snapshot) == host.redact(snapshot), f"{HOOK} gives the same answer to the same snapshot")

    def test_a_second_pass_changes_nothing(self, host: Plugins, snapshot: Snapshot) -> None:
        """What is safe stays as it is."""
        once = host.redact(snapshot)
        if isinstance(once, Snapshot):
            promise(host.redact(once) == once, f"{HOOK} leaves a redacted snapshot as it is")

    def test_what_is_secret_is_filled(
        self, host: Plugins, secret: tuple[Snapshot, tuple[Rect, ...], tuple[str, ...]] | None
    ) -> None:
        """Pixels are filled with one colour, because blur can be read back; texts are gone."""
        if secret is None:
            pytest.skip("declare the fixture `secret` to have the hiding tested")
        snapshot, places, texts = secret
        result = host.redact(snapshot)
        if isinstance(result, Unknown):
            return  # no picture at all hides everything
        for place in places:
            colours = len(_colours(result.frames[0], place))
            promise(colours == 1, f"{place} is filled with one colour", f"{colours} colours")
        title = result.window.app + result.window.title if isinstance(result.window, Window) else ""
        promise(not any(text in title for text in texts), "secret texts are gone from the active window's title")


def _colours(frame: Frame, place: Rect) -> set[bytes]:
    found = set()
    for row in range(place.y, place.y + place.height):
        start = (row * frame.width + place.x) * 4
        line = frame.pixels[start : start + place.width * 4]
        found |= {line[i : i + 3] for i in range(0, len(line), 4)}
    return found
