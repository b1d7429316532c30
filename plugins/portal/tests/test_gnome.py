"""A real GNOME Shell with its real portal; the permission is put into the store, as nobody can press a button."""

from __future__ import annotations

import contextlib
import os
import shutil
import threading
import time

import pytest
from click.testing import CliRunner

from workdiary.payloads import Rect
from workdiary_gnome.testing import SIZE, GnomeShell, is_there
from workdiary_portal.commands import portal
from workdiary_wayland.testing import COLOUR

pytestmark = pytest.mark.skipif(
    not is_there() or shutil.which("xdg-desktop-portal") is None,
    reason="GNOME's portal is there in contrib/desktops/run only",
)
ESCAPE, TAB, ENTER = 1, 15, 28


@pytest.fixture
def gnome(monkeypatch):
    with GnomeShell(os.environ, portal=True) as shell:
        monkeypatch.delenv("DISPLAY", raising=False)
        for name, value in shell.places().items():
            monkeypatch.setenv(name, value)
        yield shell


def pictures(shell):
    return [path.name for path in shell.runtime.rglob("*.png")]


def test_the_picture_is_what_gnome_shows_and_its_file_is_gone(gnome, start):
    grab = start(where=["org.gnome.Shell"])
    gnome.allow_pictures("yes")
    with contextlib.closing(gnome.open_window("Plain", size=(400, 300))):
        found = grab()
        assert isinstance(found, tuple), found
        (frame,) = found
        assert (frame.rect, frame.width, frame.height) == (Rect(x=0, y=0, width=SIZE[0], height=SIZE[1]), *SIZE)
        assert sum(frame.pixels[at : at + 3] == COLOUR for at in range(0, len(frame.pixels), 4)) == 400 * 300
        assert pictures(gnome) == []


def test_without_the_permission_gnome_is_not_asked(gnome, start):
    grab = start(where=["org.gnome.Shell"])
    gnome.allow_pictures("no")
    assert "allowed no more" in grab().reason
    assert pictures(gnome) == []


@pytest.mark.parametrize(("codes", "allowed"), [([TAB, ENTER], True), ([ESCAPE], False)], ids=["allowed", "declined"])
def test_the_dialog_comes_with_the_command_and_what_a_person_answers_counts(
    gnome, tmp_path, monkeypatch, codes, allowed
):
    monkeypatch.setenv("WORKDIARY_HOME", str(tmp_path / "home"))
    done = []
    with contextlib.closing(gnome.open_window("Plain", size=(400, 300))):
        command = threading.Thread(target=lambda: done.append(CliRunner().invoke(portal, ["allow-pictures", "--yes"])))
        command.start()
        time.sleep(2)
        for code in codes:
            gnome.press(code)
            time.sleep(0.2)
        command.join(20)
    assert (done[0].exit_code == 0) is allowed, done[0].output
    assert (tmp_path / "home/data/plugins/portal/allowed").exists() is allowed
    assert pictures(gnome) == []
