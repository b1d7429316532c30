"""The plugin in its own process, as the tracker runs it, on a real desktop."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from importlib.util import find_spec

import pytest

from workdiary.paths import Home
from workdiary.payloads import Tick, Unknown, Window
from workdiary.plugins.manager import Plugins
from workdiary.testing.desktop import VirtualDesktop
from workdiary.testing.hosted import only
from workdiary_pywinctl.own_process import HOST
from workdiary_pywinctl.window import NOTHING

TICK = Tick(wall_ms=0, mono_ms=0, slot=0)


def host_on(desktop, directory, patch, **env):
    for name, value in {**desktop.env(), **env}.items():
        if name in {"DISPLAY", "XDG_SESSION_TYPE", "WAYLAND_DISPLAY"}:
            patch.setenv(name, value)
    settings = only("pywinctl", "")
    return Plugins.load(settings, Home.find({**os.environ, "WORKDIARY_HOME": str(directory)}))


@pytest.fixture(scope="module")
def desktop():
    with VirtualDesktop(width=400, height=300) as desktop:
        yield desktop


@pytest.fixture(scope="module")
def plugins(desktop, tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WAYLAND_DISPLAY", "")
        plugins = host_on(desktop, tmp_path_factory.mktemp("home"), patch)
        yield plugins
        plugins.stop()


def until(plugins, wanted, seconds=10):
    deadline = time.monotonic() + seconds
    while not wanted(answer := plugins.capture_window(TICK).value) and time.monotonic() < deadline:
        time.sleep(0.05)
    return answer


def test_title_application_and_handle_of_the_active_window_are_read(desktop, plugins):
    window = desktop.open_window("Write the report")
    seen = until(plugins, lambda answer: isinstance(answer, Window) and answer.title == "Write the report")
    assert seen == Window(app="xterm", title="Write the report", handle=f"{window.id:#x}")
    desktop.set_title(window, "Söme öther / title")
    assert until(plugins, lambda answer: answer.title != "Write the report").title == "Söme öther / title"
    window.close()
    assert until(plugins, lambda answer: answer == NOTHING) == NOTHING


def test_windows_that_close_all_the_time_give_readings_or_unknown_and_never_a_failure(desktop, plugins):
    for turn in range(4):
        window = desktop.open_window(f"Short {turn}")
        answers = [plugins.capture_window(TICK).value for _ in range(5)]
        window.close()
        answers += [plugins.capture_window(TICK).value for _ in range(20)]
        assert all(isinstance(answer, Window | Unknown) for answer in answers)
    status = next(each for each in plugins.status() if each.name == "pywinctl")
    assert (status.failures, status.lane) == (0, "process")


def test_without_a_window_manager_the_window_is_unknown_and_not_nothing(tmp_path, monkeypatch):
    with VirtualDesktop(width=400, height=300, window_manager=False) as bare:
        plugins = host_on(bare, tmp_path, monkeypatch)
        answer = plugins.capture_window(TICK).value
        plugins.stop()
    assert answer == Unknown(reason="pywinctl: no window manager says which window is active")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"DISPLAY": ""}, "DISPLAY is not set"),
        ({"DISPLAY": ":999"}, "cannot be reached"),
    ],
)
def test_where_the_window_is_hidden_it_says_so(desktop, tmp_path, monkeypatch, change, reason):
    plugins = host_on(desktop, tmp_path, monkeypatch, **change)
    answer = plugins.capture_window(TICK).value
    plugins.stop()
    assert isinstance(answer, Unknown)
    assert reason in answer.reason


def test_no_other_x_server_of_the_machine_is_connected_to(desktop):
    code = (
        "import os; from workdiary_pywinctl import window; window.connect(); import ewmhlib._ewmhlib as e; "
        "print(e.displaysCount, os.environ['XDG_SESSION_TYPE'])"
    )
    with VirtualDesktop(width=100, height=100, window_manager=False):
        done = subprocess.run(
            [sys.executable, "-c", code], env=desktop.env(), capture_output=True, text=True, check=True
        )
    assert done.stdout.split() == ["1", "x11"]


def test_nothing_heavy_is_imported_before_start():
    code = "import sys, workdiary_pywinctl; print({'pywinctl', 'ewmhlib', 'Xlib'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_the_name_of_the_hosts_program_is_still_right():
    assert find_spec(HOST) is not None
