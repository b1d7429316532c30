"""Pictures come only where they were allowed, no dialog ever comes by itself, and no file stays."""

from __future__ import annotations

import os

import pytest
from click.testing import CliRunner
from portals import make_old

import workdiary_portal
from workdiary.errors import NotHereError
from workdiary.payloads import Rect, Unknown
from workdiary_portal import plugin
from workdiary_portal.commands import portal as command
from workdiary_portal.leftover import STRANGE, STUCK
from workdiary_portal.permission import NEVER, WITHDRAWN
from workdiary_portal.picture import DAMAGED, MISFIT, frames
from workdiary_portal.request import DECLINED, ENDED, REFUSED, SILENT

SCREEN = Rect(x=0, y=0, width=1280, height=720)


def test_the_picture_is_what_the_portal_saw_and_its_file_is_gone(portal, start):
    (frame,) = start()()
    assert (frame.rect, frame.width, frame.height) == (SCREEN, 1280, 720)
    assert frame.pixels[:3] == bytes([20, 10, 200])  # blue, green, red
    assert frame.pixels[-4:-1] == bytes([200, 20, 10])
    assert portal.files() == []
    assert portal.asked == [{"interactive": False, "modal": False}]


def test_on_a_screen_of_twice_the_pixels_the_frame_lies_where_the_monitor_lies(portal, start):
    portal.size = (2560, 1440)
    (frame,) = start()()
    assert (frame.rect, frame.width, frame.height) == (SCREEN, 2560, 1440)


def test_without_having_been_allowed_the_portal_is_never_asked(portal, start):
    assert start(allowed=None)() == NEVER
    assert portal.asked == []


@pytest.mark.parametrize("said", [{}, {"": ["no"]}, {"": ["ask"]}, {"other": ["yes"]}])
def test_a_permission_that_is_gone_means_no_question_and_no_dialog(portal, start, said):
    portal.said = said
    assert start(allowed=[""])() == WITHDRAWN
    assert portal.asked == []


def test_a_portal_that_asks_nobody_keeps_no_permission_and_none_is_missed(portal, start):
    portal.said = {}
    assert len(start(allowed=[])()) == 1


@pytest.mark.parametrize(("response", "reason"), [(1, DECLINED), (2, ENDED), (3, REFUSED)])
def test_a_question_that_was_refused_is_unknown_with_its_reason(portal, start, response, reason):
    portal.response = response
    assert start()() == reason


def test_what_was_allowed_on_another_desktop_brings_up_no_dialog_on_this_one(portal, start):
    portal.said = {}
    assert start(allowed=[], where=["org.gnome.Shell"])() == NEVER
    assert portal.asked == []


def test_an_answer_that_comes_while_the_question_is_taken_back_leaves_no_file(portal, start, monkeypatch):
    monkeypatch.setattr(plugin, "ANSWER_S", 0.5)
    portal.answers_when_closed = True
    start()()
    assert portal.closed.is_set()
    assert portal.files() == []


def test_a_picture_that_cannot_be_removed_is_not_taken(portal, start, monkeypatch):
    def refuse(_path):
        raise PermissionError

    monkeypatch.setattr("pathlib.Path.unlink", refuse)
    assert start()() == STUCK


def test_a_portal_that_refuses_the_call_is_unknown(portal, start):
    portal.refuses = True
    assert start()() == REFUSED


def test_a_portal_that_waits_for_somebody_is_unknown_in_time_and_its_question_is_taken_back(portal, start, monkeypatch):
    monkeypatch.setattr(plugin, "ANSWER_S", 0.8)
    portal.silent = True
    assert start()() == SILENT
    assert portal.closed.wait(2)


def test_a_picture_of_another_shape_is_unknown_and_its_file_is_gone(portal, start):
    portal.size = (1280, 800)
    assert start()() == MISFIT
    assert portal.files() == []


def test_a_damaged_picture_is_unknown_and_its_file_is_gone(portal, start):
    portal.content = portal.picture()[:2000]
    assert start()() == DAMAGED
    assert portal.files() == []


@pytest.mark.parametrize("kind", ["no picture", "old", "link", "two names", "folder", "missing", "a pipe"])
def test_a_file_that_is_no_fresh_picture_is_neither_read_nor_removed(portal, start, tmp_path, kind):
    precious = tmp_path / "precious.png"
    portal.uri = precious.as_uri()
    if kind == "no picture":
        precious.write_text("my letters")
    elif kind == "link":
        (tmp_path / "real.png").write_bytes(portal.picture())
        precious.symlink_to(tmp_path / "real.png")
    elif kind == "folder":
        precious.mkdir()
    elif kind == "a pipe":
        os.mkfifo(precious)
    elif kind != "missing":
        precious.write_bytes(portal.picture())
    if kind == "old":
        make_old(precious)
    if kind == "two names":
        os.link(precious, tmp_path / "other.png")
    assert start()() == STRANGE
    assert os.path.lexists(precious) == (kind != "missing")


@pytest.mark.parametrize(
    "uri", ["http://example.org/a.png", "file://elsewhere/a.png", "a.png", "file:///a%00b", "file:", "file:///%ff"]
)
def test_an_address_that_is_no_file_of_this_machine_is_refused(portal, start, uri):
    portal.uri = uri
    assert start()() == STRANGE


def test_a_picture_of_several_monitors_is_cut_where_they_lie(portal):
    portal.size = (300, 200)
    found = frames(portal.picture(), [Rect(x=-100, y=0, width=50, height=100), Rect(x=-50, y=0, width=100, height=80)])
    assert [(one.width, one.height) for one in found] == [(100, 200), (200, 160)]
    assert found[0].pixels[-4:-1] == bytes([20, 10, 200])
    assert found[1].pixels[-4:-1] == bytes([200, 20, 10])
    assert all(len(one.pixels) == one.width * one.height * 4 for one in found)


def test_the_command_explains_before_the_dialog_can_come_and_keeps_only_who_was_allowed(
    portal, start, tmp_path, monkeypatch
):
    monkeypatch.setenv("WORKDIARY_HOME", str(tmp_path / "home"))
    no = CliRunner().invoke(command, ["allow-pictures"], input="n\n")
    assert "It will ask you now, once" in no.output
    assert portal.asked == []
    yes = CliRunner().invoke(command, ["allow-pictures"], input="y\n")
    assert (yes.exit_code, len(portal.asked)) == (0, 1)
    assert (tmp_path / "home/data/plugins/portal/allowed").read_text() == '{"programs": [""], "desktop": []}'
    assert portal.files() == []
    CliRunner().invoke(command, ["forbid-pictures"])
    assert not (tmp_path / "home/data/plugins/portal/allowed").exists()


def test_a_dialog_that_was_declined_allows_nothing(portal, tmp_path, monkeypatch):
    monkeypatch.setenv("WORKDIARY_HOME", str(tmp_path / "home"))
    portal.response = 1
    done = CliRunner().invoke(command, ["allow-pictures", "--yes"])
    assert "allow it in the dialog" in done.exception.remedy
    assert not (tmp_path / "home/data/plugins/portal/allowed").exists()


def test_without_a_portal_it_is_not_here(bus, start):
    with pytest.raises(NotHereError, match="no desktop portal"):
        start()


def test_a_portal_that_went_away_is_unknown(portal, start):
    grab = start()
    portal.close()
    assert isinstance(grab(), Unknown)


def test_the_doctor_names_the_command(portal, start):
    start(allowed=None)
    assert [one.remedy for one in workdiary_portal.workdiary_checks()] == ["workdiary portal allow-pictures"]
