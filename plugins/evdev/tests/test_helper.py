"""The helper as systemd would run it, and the script that sets it up."""

from __future__ import annotations

import os
import pwd
import re
import socket
import subprocess
import sys
import time

import pytest
from click.testing import CliRunner
from inputbed import KEY_A

from workdiary.errors import NotHereError, WorkdiaryError
from workdiary.payloads import InputCounts
from workdiary_evdev import helper, plugin
from workdiary_evdev.commands import evdev
from workdiary_evdev.stream import PROGRAM

USER = pwd.struct_passwd(("alice", "x", 1000, 1000, "", "/nowhere", "/bin/sh"))
ANYBODY = next(user for user in pwd.getpwall() if user.pw_uid)


@pytest.fixture
def activated(testbed, tmp_path, monkeypatch):
    """Listen as the socket unit does, and start the program for each connection as the service unit does."""
    monkeypatch.setattr("workdiary_evdev.stream.HELPERS", tmp_path)
    path = tmp_path / f"input-{os.getuid()}.sock"
    command = ["systemd-socket-activate", "--accept", "--inetd", f"--listen={path}"]
    command += [f"--setenv={name}={value}" for name, value in testbed.environment().items()]
    process = subprocess.Popen(
        [*command, sys.executable, "-IS", str(PROGRAM), str(os.getuid())], stderr=subprocess.DEVNULL
    )
    while not path.exists():
        time.sleep(0.01)
    yield path
    process.kill()
    process.wait()


def test_the_plugin_counts_through_the_helper(keyboard, activated, start):
    hooks = start()
    keyboard.press(KEY_A, times=7)
    assert hooks.until(lambda counts: isinstance(counts, InputCounts) and counts.keys == 7).clicks == 0


def test_doctor_says_that_readings_come_from_the_helper(keyboard, activated):
    (check,) = plugin.checks()
    assert (check.ok, "helper" in check.detail, check.remedy) == (True, True, "")


def test_doctor_says_what_reading_directly_means(keyboard, on_testbed, monkeypatch, tmp_path):
    monkeypatch.setattr("workdiary_evdev.stream.HELPERS", tmp_path)
    (check,) = plugin.checks()
    assert check.ok
    assert "every program of this user can read every key" in check.detail
    assert "workdiary evdev setup" in check.remedy


def test_a_helper_that_refuses_is_an_error_with_a_remedy(keyboard, start, tmp_path, monkeypatch):
    monkeypatch.setattr("workdiary_evdev.stream.HELPERS", tmp_path)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / f"input-{os.getuid()}.sock"))
    with pytest.raises(WorkdiaryError, match="cannot be reached") as error:
        start()
    assert "workdiary evdev setup" in error.value.remedy
    (check,) = plugin.checks()
    assert not check.ok


def test_a_right_that_nobody_gave_is_no_fault_and_it_says_how_to_give_it(keyboard, start, tmp_path, monkeypatch):
    (tmp_path / "denied.py").write_text("import os, time; os.write(0, b'r 0 0 0 denied\\n'); time.sleep(60)")
    monkeypatch.setattr("workdiary_evdev.stream.PROGRAM", tmp_path / "denied.py")
    monkeypatch.setattr("workdiary_evdev.stream.HELPERS", tmp_path)
    with pytest.raises(NotHereError, match="may not be read by this user; `workdiary evdev setup` prints"):
        start()


def test_the_script_installs_the_program_and_units_that_are_here(tmp_path):
    """Run, in a root of its own, all of the script but what talks to systemd."""
    script = helper.setup_script(USER)
    for place in ("/etc/", "/usr/local/"):
        script = re.sub(rf"(install [^\n]*? ){place}", rf"\1{tmp_path}{place}", script)
    script = script.replace("systemctl", "true")
    subprocess.run(["sh"], input=script, text=True, check=True, capture_output=True)
    installed = tmp_path / helper.INSTALLED.lstrip("/")
    units = tmp_path / helper.UNITS.lstrip("/")
    assert installed.read_text() == PROGRAM.read_text()
    assert (units / "workdiary-input-1000.socket").read_text() == helper.socket_unit(USER)
    assert (units / "workdiary-input-1000@.service").read_text() == helper.service_unit(USER)
    assert {path.stat().st_mode & 0o777 for path in (installed, *units.iterdir())} == {0o644}


def test_systemd_understands_the_units_and_finds_them_tight(tmp_path):
    (tmp_path / "workdiary-input-1000.socket").write_text(helper.socket_unit(USER))
    service = tmp_path / "workdiary-input-1000@.service"
    service.write_text(helper.service_unit(USER).replace(helper.INSTALLED, str(PROGRAM)))
    good = verify(tmp_path)
    assert (good.returncode, good.stderr) == (0, "")
    command = ["systemd-analyze", "security", "--offline=yes", "--threshold=20", str(service)]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout
    service.write_text(service.read_text().replace("DynamicUser=yes", "DynamicUser=perhaps"))
    assert verify(tmp_path).stderr


def verify(folder):
    units = sorted(map(str, folder.iterdir()))
    return subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True, check=False)


@pytest.mark.parametrize("command", ["setup", "remove"])
def test_the_commands_print_a_script_and_change_nothing(command):
    result = CliRunner().invoke(evdev, [command, "--user", ANYBODY.pw_name])
    assert result.exit_code == 0
    assert result.stdout == getattr(helper, f"{command}_script")(ANYBODY)
    subprocess.run(["sh", "-n"], input=result.stdout, text=True, check=True)


@pytest.mark.parametrize(("user", "said"), [("nobody-here", "no user"), ("root", "not for root")])
def test_a_wrong_user_gets_an_error_and_no_script(user, said):
    result = CliRunner().invoke(evdev, ["setup", "--user", user])
    assert isinstance(result.exception, WorkdiaryError)
    assert said in result.exception.message
    assert result.stdout == ""
