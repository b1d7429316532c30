from __future__ import annotations

import contextlib
import json
import logging
import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # what these tests share

from portals import Portal

import workdiary_portal
from workdiary.context import PluginContext
from workdiary.payloads import Cause, Occasion
from workdiary.testing.session import PrivateBus
from workdiary.testing.wayland import WaylandDesktop

OCCASION = Occasion(cause=Cause.DERIVED, wall_ms=0, contract="", monitors="all")


@pytest.fixture(scope="session")
def compositor():
    """A real one: it says where the monitor lies."""
    with WaylandDesktop() as desktop:
        yield desktop


@pytest.fixture
def bus(compositor, monkeypatch):
    monkeypatch.delenv("DISPLAY", raising=False)
    for name, value in compositor.places().items():
        monkeypatch.setenv(name, value)
    with PrivateBus(os.environ) as found:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", found.address)
        yield found


@pytest.fixture
def portal(bus, tmp_path):
    folder = tmp_path / "Pictures"
    folder.mkdir()
    with contextlib.closing(Portal(bus.address, folder)) as found:
        yield found


@pytest.fixture
def start(tmp_path):
    def begin(*, allowed=("",), where=()):
        state = tmp_path / "state"
        if allowed is not None:
            state.mkdir(exist_ok=True)
            (state / "allowed").write_text(json.dumps({"programs": list(allowed), "desktop": list(where)}))
        context = PluginContext(
            name="portal", config=None, log=logging.getLogger("test"), state_directory=state, wake=lambda: None
        )
        workdiary_portal.workdiary_start(context)
        return lambda: workdiary_portal.workdiary_grab_screen(OCCASION)

    yield begin
    workdiary_portal.workdiary_stop()
