"""No picture on macOS without the permission: it would show the wallpaper alone, and mss would call that a picture."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

import workdiary_mss
from workdiary.payloads import Cause, Occasion, Unknown
from workdiary_mss import capture, session

OCCASION = Occasion(cause=Cause.DERIVED, wall_ms=0, contract="c")
FRAMES = ("what mss gives, with windows or without",)


class Preflight:
    """CGPreflightScreenCaptureAccess."""

    granted = True
    asked = 0

    def __call__(self) -> bool:
        self.asked += 1
        return self.granted


@pytest.fixture
def preflight(monkeypatch):
    function = Preflight()
    graphics = SimpleNamespace(CGPreflightScreenCaptureAccess=function)
    monkeypatch.setattr(session, "sys", SimpleNamespace(platform="darwin"))
    monkeypatch.setattr(session, "ctypes", SimpleNamespace(CDLL=lambda _path: graphics, c_bool=bool))
    monkeypatch.setattr(capture, "capture", lambda: FRAMES)
    return function


def grab():
    return workdiary_mss.workdiary_grab_screen(OCCASION)


def test_with_the_permission_a_picture_is_taken_and_each_time_it_is_asked_anew(preflight):
    assert [grab(), grab(), preflight.asked] == [FRAMES, FRAMES, 2]


def test_without_the_permission_there_is_no_picture_and_the_way_to_mend_it_is_named(preflight):
    preflight.granted = False
    found = grab()
    assert isinstance(found, Unknown)
    assert "permission Screen Recording (System Settings, Privacy & Security" in found.reason


def test_a_permission_that_was_withdrawn_ends_the_pictures(preflight):
    assert grab() == FRAMES
    preflight.granted = False
    assert isinstance(grab(), Unknown)


def test_doctor_names_the_place_of_the_permission_and_no_other_desktop(preflight):
    preflight.granted = False
    (found,) = workdiary_mss.workdiary_checks()
    assert (found.ok, found.remedy) == (False, session.ALLOW)
