"""Real files in a directory of settings, held against the tools that read them."""

from __future__ import annotations

import json
import os
import plistlib
import shutil
import subprocess
import sys

import pytest

from workdiary.autostart import files, launch, launchd, systemd, windows, xdg
from workdiary.autostart.launch import Launch
from workdiary.errors import RuleError, UsageError

HARD = '/tmp/a b$x%u"c`\\d\\$é'
SESSION = Launch(command=(sys.executable, "-m", "workdiary", "run", "--take-up"), home=HARD)
TRAY = Launch(command=(sys.executable, "-m", "workdiary", "tray"))


@pytest.fixture
def environ(tmp_path):
    return {"XDG_CONFIG_HOME": str(tmp_path / "config"), "HOME": str(tmp_path)}


def tool(name, *arguments, runtime):
    if shutil.which(name) is None:
        pytest.skip(f"{name} is not installed")
    env = {**os.environ, "XDG_RUNTIME_DIR": str(runtime)}
    return subprocess.run([name, *arguments], env=env, capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.parametrize("wanted", [SESSION, TRAY])
def test_systemd_takes_the_unit_as_it_is(environ, tmp_path, wanted):
    files.enable("systemd", wanted, environ)
    unit = systemd.path(environ)
    good = tool("systemd-analyze", "verify", "--user", str(unit), runtime=tmp_path)
    assert (good.returncode, good.stderr) == (0, "")
    bad = tmp_path / "bad.service"
    bad.write_text(unit.read_text().replace(sys.executable, "/nowhere/python"))
    assert tool("systemd-analyze", "verify", "--user", str(bad), runtime=tmp_path).returncode


@pytest.mark.parametrize("wanted", [SESSION, TRAY])
def test_the_desktop_entry_is_valid(environ, tmp_path, wanted):
    files.enable("xdg", wanted, environ)
    good = tool("desktop-file-validate", str(xdg.path(environ)), runtime=tmp_path)
    assert (good.returncode, good.stdout) == (0, "")
    bad = tmp_path / "bad.desktop"
    bad.write_text(xdg.path(environ).read_text().replace("Type=Application\n", ""))
    assert tool("desktop-file-validate", str(bad), runtime=tmp_path).returncode


@pytest.mark.parametrize("method", ["systemd", "xdg", "launchd"])
@pytest.mark.parametrize("path", [sys.executable, f"{HARD}/python"])
def test_what_was_written_is_read_back_word_for_word(method, path):
    module = {"systemd": systemd, "xdg": xdg, "launchd": launchd}[method]
    wanted = Launch(command=(path, "-m", "workdiary", "tray"), home=HARD)
    assert module.command_of(module.text(wanted)) == wanted.command


def test_the_agent_for_macos_and_the_value_for_windows_name_interpreter_and_home():
    agent = plistlib.loads(launchd.text(SESSION).encode())
    assert agent["ProgramArguments"] == list(SESSION.command)
    assert agent["EnvironmentVariables"] == {"WORKDIARY_HOME": HARD}
    line = windows.value(Launch(command=(r"C:\Program Files\Python\python.exe", "-m", "workdiary", "tray")))
    assert line == r'"C:\Program Files\Python\pythonw.exe" -m workdiary tray'
    assert windows.command_of(line)[0] == r"C:\Program Files\Python\pythonw.exe"


def test_disable_removes_exactly_what_enable_wrote(environ, tmp_path):
    config = tmp_path / "config"
    (config / "systemd" / "user" / "graphical-session.target.wants").mkdir(parents=True)
    (config / "systemd" / "user" / "other.service").write_text("mine")
    (config / "autostart").mkdir()
    (config / "autostart" / "other.desktop").write_text("mine")
    before = {path for path in config.rglob("*") if path.is_file()}
    for method in ("systemd", "xdg"):
        files.enable(method, SESSION, environ)
        assert len(files.disable(environ)) == 1
        assert {path for path in config.rglob("*") if path.is_file() or path.is_symlink()} == before
    assert files.disable(environ) == []


def test_another_method_takes_the_place_of_the_first(environ):
    files.enable("systemd", SESSION, environ)
    files.enable("xdg", SESSION, environ)
    assert [one.method for one in files.installed(environ)] == ["xdg"]
    assert not systemd.link(environ).is_symlink()


@pytest.mark.parametrize("kind", ["a file", "a link"])
@pytest.mark.parametrize("method", ["systemd", "xdg"])
def test_a_foreign_file_is_neither_overwritten_nor_removed(environ, tmp_path, method, kind):
    path = {"systemd": systemd, "xdg": xdg}[method].path(environ)
    path.parent.mkdir(parents=True)
    mine = path if kind == "a file" else tmp_path / "mine"
    mine.write_text("[Unit]\n")
    if kind == "a link":
        path.symlink_to(mine)
    with pytest.raises(RuleError, match="was not written by workdiary"):
        files.enable(method, SESSION, environ)
    assert files.disable(environ) == []
    assert mine.read_text() == "[Unit]\n"
    assert path.exists()


@pytest.mark.parametrize("home", ["/tmp/a\nExec=b", "/tmp/a\x85b", "/tmp/a\u2028b", "/tmp/\udcff"])
def test_a_path_with_a_control_character_is_refused(environ, home):
    with pytest.raises(UsageError, match="control character"):
        files.enable("xdg", Launch(command=TRAY.command, home=home), environ)
    assert files.installed(environ) == []


def test_what_a_stray_link_leads_to_is_not_written(environ, tmp_path):
    path = xdg.path(environ)
    path.parent.mkdir(parents=True)
    victim = tmp_path / "victim"
    victim.write_text("mine")
    path.with_name(f"{path.name}.part").symlink_to(victim)
    files.enable("xdg", TRAY, environ)
    assert (victim.read_text(), path.is_symlink()) == ("mine", False)


def test_the_tray_is_started_where_it_is_installed_and_no_session_is_begun_without_it(monkeypatch):
    monkeypatch.setattr(launch, "TRAY", "workdiary")  # a distribution that is there
    assert launch.at_login({}).command == (sys.executable, "-m", "workdiary", "tray")
    monkeypatch.setattr(launch, "TRAY", "workdiary-no-such-thing")
    found = launch.at_login({"WORKDIARY_HOME": "/x"})
    assert found.command[-2:] == ("run", "--take-up")
    assert found.home == "/x"


def test_the_command_line_tells_what_is_installed_and_whether_it_can_still_start(environ, tmp_path):
    env = {**os.environ, **environ}

    def run(*words, code=0):
        command = [sys.executable, "-m", "workdiary", "autostart", *words]
        done = subprocess.run(command, env=env, capture_output=True, text=True, check=False, timeout=60)
        assert done.returncode == code, done.stderr
        return done.stdout + done.stderr

    assert "Nothing is started at login" in run("status")
    assert "From the next login on" in run("enable", "--method", "xdg")
    (one,) = json.loads(run("status", "--json"))["installed"]
    assert (one["method"], one["interpreter_exists"], one["command"][0]) == ("xdg", True, sys.executable)
    path = xdg.path(environ)
    path.write_text(path.read_text().replace(sys.executable, "/nowhere/python"))
    assert "That interpreter is gone" in run("status")
    assert "does not start programs on linux" in run("enable", "--method", "launchd", code=2)
    assert json.loads(run("disable", "--json")) == {"removed": [str(path)]}
