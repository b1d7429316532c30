"""The device key in a real Secret Service (gnome-keyring), and what happens when it is away."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(not shutil.which("gnome-keyring-daemon"), reason="apt install gnome-keyring dbus")
UNLOCK = "printf pw | gnome-keyring-daemon --unlock --components=secrets >/dev/null && "


@pytest.fixture
def user(tmp_path):
    """A user of their own, with platform directories instead of WORKDIARY_HOME."""
    (tmp_path / "run").mkdir(mode=0o700)
    env = {k: v for k, v in os.environ.items() if k not in ("WORKDIARY_HOME", "DISPLAY", "DBUS_SESSION_BUS_ADDRESS")}
    return env | {
        "HOME": str(tmp_path),
        "XDG_DATA_HOME": str(tmp_path / "data"),
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
        "XDG_RUNTIME_DIR": str(tmp_path / "run"),
    }


def workdiary(user, arguments, *, keyring):
    command = f"{sys.executable} -m workdiary {arguments}"
    shell = ["dbus-run-session", "--", "sh", "-c", UNLOCK + command] if keyring else ["sh", "-c", command]
    return subprocess.run(shell, env=user, capture_output=True, text=True, timeout=60, check=False)


def test_the_key_lies_in_the_keyring_and_in_no_file(user, tmp_path):
    done = workdiary(user, "contract add acme --rate 5", keyring=True)
    assert done.returncode == 0, done.stderr
    marker = json.loads((tmp_path / "data/workdiary/key.json").read_text())
    assert marker["where"] == "keyring"
    assert not (tmp_path / "data/workdiary/device.key").exists()
    assert b"AGE-SECRET-KEY" not in b"".join(
        p.read_bytes() for p in (tmp_path / "data/workdiary").rglob("*") if p.is_file()
    )
    assert workdiary(user, "contract edit acme --rate 6", keyring=True).returncode == 0


def test_a_keyring_that_is_away_is_an_error_and_no_reason_for_a_new_key(user, tmp_path):
    workdiary(user, "contract add acme --rate 5", keyring=True)
    refused = workdiary(user, "contract edit acme --rate 6", keyring=False)
    assert refused.returncode == 1
    assert "keyring" in refused.stderr
    assert not (tmp_path / "data/workdiary/device.key").exists()
    assert workdiary(user, "contract edit acme --rate 6", keyring=True).returncode == 0


def test_without_a_keyring_the_key_is_a_private_file(user, tmp_path):
    assert workdiary(user, "contract add acme --rate 5", keyring=False).returncode == 0
    assert (tmp_path / "data/workdiary/device.key").stat().st_mode & 0o777 == 0o600
    (tmp_path / "data/workdiary/device.key").chmod(0o644)
    refused = workdiary(user, "contract edit acme --rate 6", keyring=False)
    assert "can be read by other users" in refused.stderr
