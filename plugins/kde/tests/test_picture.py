"""Pictures are what is on the screen, and come only where somebody allowed it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

import workdiary_kde
from workdiary.payloads import Rect, Unknown
from workdiary.testing import GrabberContract
from workdiary_kde.commands import entry, kde

COLOUR = bytes([0xC0, 0xB0, 0xA0])


@pytest.fixture
def pictures():
    return True


def count(frame):
    """Return how many pixels have the colour of the window."""
    return sum(frame.pixels[at : at + 3] == COLOUR for at in range(0, len(frame.pixels), 4))


def test_a_window_is_in_the_picture_pixel_for_pixel(kwin, start):
    hooks = start()
    window = kwin.open_window("Plain", size=(400, 300))
    hooks.until(lambda: hooks.title() == "Plain")
    (frame,) = hooks.grab()
    assert (frame.rect, frame.width, frame.height) == (Rect(x=0, y=0, width=1280, height=720), 1280, 720)
    (place,) = [one.rect for one in hooks.survey().windows]
    lines = range(place.y, place.y + place.height)
    rows = {frame.pixels[(y * 1280 + place.x) * 4 :][: place.width * 4] for y in lines}
    assert {row[at : at + 3] for row in rows for at in range(0, len(row), 4)} == {COLOUR}
    assert count(frame) == 400 * 300
    window.close()
    hooks.until(lambda: not count(hooks.grab()[0]))


def test_doctor_sees_a_picture(kwin):
    assert [one.ok for one in workdiary_kde.workdiary_checks()] == [True, True]


class TestWithoutPictures:
    @pytest.fixture
    def pictures(self):
        return False

    def test_there_is_no_picture_and_the_reason_says_what_to_do(self, kwin, start):
        found = start().grab()
        assert isinstance(found, Unknown)
        assert "`workdiary kde allow-pictures`" in found.reason
        assert [one.ok for one in workdiary_kde.workdiary_checks()] == [True, False]


class TestGrabber(GrabberContract):
    @pytest.fixture(autouse=True)
    def _desktop(self, kwin):
        """Lead the plugin to the virtual desktop."""

    @pytest.fixture
    def entry_point(self):
        return "kde"

    @pytest.fixture
    def can_paint(self, kwin):
        opened = []

        def paint():
            opened.append(kwin.open_window("Paint"))
            return 640, 360, (0xC0, 0xB0, 0xA0)

        yield paint
        for window in opened:
            window.close()


def test_what_allowing_means_is_said_and_nothing_is_done_without_a_yes(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    refused = CliRunner().invoke(kde, ["allow-pictures"], input="n\n")
    assert refused.exit_code == 1
    assert "every program that this interpreter runs may take pictures" in refused.output.replace("\n", " ")
    assert not entry().exists()
    assert CliRunner().invoke(kde, ["allow-pictures", "--yes"]).exit_code == 0
    assert f"Exec={Path(sys.executable).resolve()}\n" in entry().read_text()
    assert CliRunner().invoke(kde, ["forbid-pictures"]).exit_code == 0
    assert not entry().exists()
