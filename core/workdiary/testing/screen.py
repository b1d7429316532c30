"""Contracts of what sees the screen: the survey and the grabber."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from workdiary.payloads import ScreenMap
from workdiary.testing.hosted import OCCASION, Hosted, promise
from workdiary.testing.sources import reading

if TYPE_CHECKING:
    from collections.abc import Callable

    from workdiary.plugins.manager import Plugins


class ScreenContract(Hosted):
    """What both promise."""

    @pytest.fixture
    def readable(self) -> bool:
        """Can the screen be seen on this machine? False: the plugin has to say why not."""
        return True


class SurveyContract(ScreenContract):
    """``workdiary_survey_screen``."""

    def test_the_survey_gives_a_map_or_says_why_not(self, host: Plugins, entry_point: str, readable: bool) -> None:  # noqa: FBT001  # a fixture
        """A survey answers with ScreenMap, or with Unknown and a reason."""
        reading(host, host.survey_screen(OCCASION), "workdiary_survey_screen", entry_point, readable=readable)

    def test_the_map_makes_sense(self, host: Plugins) -> None:
        """There is a monitor, at most one is primary, names differ, and nothing has a negative size."""
        found = host.survey_screen(OCCASION).value
        if not isinstance(found, ScreenMap):
            pytest.skip("there is no screen to survey")
        promise(bool(found.monitors), "a map has at least one monitor", "none")
        names = [monitor.name for monitor in found.monitors]
        promise(len(set(names)) == len(names), "monitors have different names", names)
        promise(sum(monitor.primary for monitor in found.monitors) <= 1, "at most one monitor is primary", names)
        places = [item.rect for item in found.monitors] + [item.rect for item in found.windows]
        sizes = [(place.width, place.height) for place in places]
        promise(all(min(size) > 0 for size in sizes), "every rectangle has a size", sizes)


class GrabberContract(ScreenContract):
    """``workdiary_grab_screen``. Declare ``can_paint`` to have the pixels tested."""

    @pytest.fixture
    def can_paint(self) -> Callable[[], tuple[int, int, tuple[int, int, int]]] | None:
        """Return a way to paint the screen that returns x, y and the (blue, green, red) to be found there, or None."""
        return None

    def test_the_grabber_gives_frames_or_says_why_not(self, host: Plugins, entry_point: str, readable: bool) -> None:  # noqa: FBT001  # a fixture
        """A grabber answers with filled frames, or with Unknown and a reason."""
        reading(host, host.grab_screen(OCCASION), "workdiary_grab_screen", entry_point, readable=readable)

    def test_each_monitor_is_one_frame(self, host: Plugins) -> None:
        """Frames do not overlap by accident: no two lie at the same place."""
        frames = host.grab_screen(OCCASION).value
        if not isinstance(frames, tuple):
            pytest.skip("there is no screen to grab")
        places = [(frame.rect.x, frame.rect.y) for frame in frames]
        promise(len(set(places)) == len(places), "every monitor is one frame", places)

    def test_the_pixels_are_those_on_the_screen(
        self, host: Plugins, can_paint: Callable[[], tuple[int, int, tuple[int, int, int]]] | None
    ) -> None:
        """Blue, green and red are in this order, rows from the top."""
        if can_paint is None:
            pytest.skip("declare the fixture `can_paint` to have the pixels tested")
        x, y, wanted = can_paint()
        frames = host.grab_screen(OCCASION).value
        for frame in frames if isinstance(frames, tuple) else ():
            column, row = x - frame.rect.x, y - frame.rect.y
            if 0 <= column < frame.width and 0 <= row < frame.height:
                start = (row * frame.width + column) * 4
                found = tuple(frame.pixels[start : start + 3])
                promise(found == wanted, f"the pixel at {x}, {y} is (blue, green, red) {wanted}", found)
                return
        promise(False, f"a frame covers the point {x}, {y}", frames)  # reads as a sentence
