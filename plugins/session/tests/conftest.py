"""Real buses, and the plugin on them."""

from __future__ import annotations

import contextlib
import logging
import os
import time

import pytest

import workdiary_session
from workdiary.context import PluginContext
from workdiary.payloads import Tick
from workdiary.testing.session import PrivateBus

TICK = Tick(wall_ms=0, mono_ms=0, slot=0)


@pytest.fixture
def making():
    """Return a function that notes what has to be closed."""
    with contextlib.ExitStack() as stack:
        yield lambda made: stack.enter_context(contextlib.closing(made))


@pytest.fixture
def system(monkeypatch):
    monkeypatch.delenv("XDG_SESSION_ID", raising=False)
    with PrivateBus(os.environ) as bus:
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", bus.address)
        yield bus.address


@pytest.fixture
def desk(monkeypatch):
    with PrivateBus(os.environ) as bus:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", bus.address)
        yield bus.address


class Hooks:
    def __init__(self):
        self.wakes = []

    def locked(self):
        return workdiary_session.workdiary_presence(TICK).locked

    def until(self, condition, seconds=5.0):
        began = time.monotonic()
        while not condition():
            assert time.monotonic() - began < seconds, f"it did not come; locked: {self.locked()}"
            time.sleep(0.002)
        return time.monotonic() - began


@pytest.fixture
def start(tmp_path):
    def begin():
        hooks = Hooks()
        workdiary_session.workdiary_start(
            PluginContext(
                name="session",
                config=None,
                log=logging.getLogger("test"),
                state_directory=tmp_path,
                wake=lambda: hooks.wakes.append(time.monotonic()),
            )
        )
        return hooks

    yield begin
    workdiary_session.workdiary_stop()
