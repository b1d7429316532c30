from __future__ import annotations

import os
import signal
import struct
import subprocess

import pytest

import workdiary_x11
from workdiary.errors import NotHereError, WorkdiaryError
from workdiary.payloads import ScreenMap, Unknown
from workdiary.testing.desktop import VirtualDesktop
from workdiary.testing.wayland import WaylandDesktop
from workdiary_x11.wire import Connection, Extension, ServerGoneError, connect


@pytest.mark.parametrize(
    ("display", "says"),
    [
        (None, "DISPLAY is not set"),
        ("nonsense", "'nonsense'"),
        ("far:0", "another machine"),
        (":4711", "no X server answers"),
    ],
)
def test_without_a_display_the_start_says_why(monkeypatch, start, display, says):
    monkeypatch.delenv("DISPLAY", raising=False)
    if display:
        monkeypatch.setenv("DISPLAY", display)
    with pytest.raises(WorkdiaryError, match=says):
        start()
    (check,) = workdiary_x11.workdiary_checks()
    assert not check.ok
    assert says in check.detail
    assert isinstance(workdiary_x11.workdiary_survey_screen(None), Unknown)


def test_a_server_that_dies_makes_everything_unknown_and_is_found_again(monkeypatch, start):
    with VirtualDesktop() as desktop:
        monkeypatch.setenv("DISPLAY", desktop.display)
        hooks = start()
        desktop.key("a")
        hooks.until_totals(1, 0, 0)
        before = hooks.counts().since
        desktop.kill_x()
        hooks.until(lambda: isinstance(hooks.counts(), Unknown))
        assert [reading.reason for reading in (hooks.counts(), hooks.window(), hooks.presence(), hooks.survey())] == [
            "the X server went away"
        ] * 4
        desktop.start_x()
        hooks.until(lambda: not isinstance(hooks.counts(), Unknown))
        assert hooks.counts().since != before
        desktop.key("a", "b")
        hooks.until_totals(2, 0, 0)
        desktop.open_window("Back")
        hooks.until(lambda: hooks.window().title == "Back")


def test_a_server_that_hangs_does_not_hang_the_hooks(monkeypatch, start):
    monkeypatch.setattr("workdiary_x11.wire.PATIENCE", 0.2)
    with VirtualDesktop(window_manager=False) as desktop:
        monkeypatch.setenv("DISPLAY", desktop.display)
        hooks = start()
        desktop._server.send_signal(signal.SIGSTOP)
        try:
            assert hooks.totals() == (0, 0, 0)
            with pytest.raises(ServerGoneError, match="does not answer"):
                connect()
        finally:
            desktop._server.send_signal(signal.SIGCONT)


def test_stopping_ends_the_thread_and_may_come_twice(desktop, start):
    start()
    thread = workdiary_x11.watched.watcher()._thread
    workdiary_x11.workdiary_stop()
    assert not thread.is_alive()
    workdiary_x11.workdiary_stop()


def test_xwayland_shows_half_the_desktop_so_it_is_not_used(start, monkeypatch):
    """The Xwayland of this machine is known by its outputs alone."""
    with WaylandDesktop() as wayland:
        monkeypatch.setenv("DISPLAY", wayland.start_xwayland())
        with pytest.raises(NotHereError, match="Xwayland"):
            start()


def test_a_newer_xwayland_is_known_by_its_extension(desktop, start, monkeypatch):
    real = Connection.extension
    fake = Extension(opcode=200, first_event=0)
    monkeypatch.setattr(Connection, "extension", lambda self, name: fake if name == "XWAYLAND" else real(self, name))
    with pytest.raises(NotHereError, match="Xwayland"):
        start()


@pytest.mark.parametrize("missing", ["XInputExtension", "SYNC", "MIT-SCREEN-SAVER", "RANDR"])
def test_a_missing_extension_costs_only_what_it_gives(desktop, start, monkeypatch, missing):
    real = Connection.extension
    monkeypatch.setattr(Connection, "extension", lambda self, name: None if name == missing else real(self, name))
    hooks = start()
    assert isinstance(hooks.counts(), Unknown) == (missing == "XInputExtension")
    assert isinstance(hooks.presence().active_ms, Unknown) == (missing == "SYNC")
    assert isinstance(hooks.survey(), ScreenMap)


def test_the_doctor_sees_real_readings(desktop):
    checks = workdiary_x11.workdiary_checks()
    assert len(checks) == 3
    assert all(check.ok for check in checks)


def test_a_cookie_opens_a_server_that_wants_one(tmp_path, monkeypatch):
    cookie = os.urandom(16)
    authority = tmp_path / "authority"
    fields = (b"", b"", b"MIT-MAGIC-COOKIE-1", cookie)
    authority.write_bytes(
        struct.pack(">H", 65535) + b"".join(struct.pack(">H", len(field)) + field for field in fields)
    )
    read_end, write_end = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-auth", authority, "-displayfd", str(write_end), "-nolisten", "tcp", "-noreset"],
        pass_fds=(write_end,),
        stderr=subprocess.DEVNULL,
    )
    os.close(write_end)
    try:
        with os.fdopen(read_end) as ready:
            monkeypatch.setenv("DISPLAY", f":{ready.readline().strip()}")
        monkeypatch.setenv("XAUTHORITY", str(authority))
        connect().close()
        monkeypatch.setenv("XAUTHORITY", str(tmp_path / "none"))
        with pytest.raises(ServerGoneError, match="refuses"):
            connect()
    finally:
        server.terminate()
        server.wait()
