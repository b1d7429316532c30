"""Contract of every plugin: how it is installed, loaded, started and stopped."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING

import pytest

from workdiary import hooks
from workdiary.paths import Home
from workdiary.plugins.contract import BUDGETS
from workdiary.plugins.lane import Failure
from workdiary.plugins.registry import Registry, make_lane
from workdiary.testing.hosted import Hosted, only, promise, status_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from workdiary.plugins.lane import Lane
    from workdiary.plugins.manager import Plugins

START, STOP = "workdiary_start", "workdiary_stop"
IMPORT_SECONDS = 0.5
PROBE = """
import os, sys, threading, time
import workdiary.hooks, workdiary.payloads, logging
from pkgutil import resolve_name
before = set(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else set()
began = time.process_time()
resolve_name(sys.argv[1])
took = time.process_time() - began
after = set(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else set()
print(f"{took:.3f} {threading.active_count()} {len(after) - len(before)}")
"""


class PluginContract(Hosted):
    """Every plugin. Override ``entry_point``."""

    @pytest.fixture
    def lane(self, host: Plugins, entry_point: str, table: str, tmp_path: Path) -> Iterator[Lane]:
        """Give the plugin's lane, not started."""
        del host  # it has checked that the plugin can be loaded
        home = Home.find({"WORKDIARY_HOME": str(tmp_path / "lane")})
        registry = Registry()
        registry.load(only(entry_point, table).plugins, home, wake=_nothing, clock=time.monotonic, safe_mode=False)
        lane = make_lane(registry.loaded[entry_point], home, _nothing)
        yield lane
        lane.close(1.0)

    def test_it_is_installed_and_offers_something(self, host: Plugins, entry_point: str) -> None:
        """The distribution has the entry point, and the module has at least one hook."""
        found = status_of(host, entry_point)
        promise(bool(found.hooks), "a plugin implements at least one hook", "none; is @hookimpl missing?")
        promise(bool(found.distribution and found.version), "a plugin's distribution has a name and a version")

    def test_its_import_is_light_and_touches_nothing(self, host: Plugins, entry_point: str) -> None:
        """Importing starts no thread, opens nothing, prints nothing and takes little time; work belongs into start."""
        del host
        from importlib.metadata import entry_points

        (entry,) = entry_points(group="workdiary", name=entry_point)
        command = [sys.executable, "-c", PROBE, entry.value]
        result = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
        promise(result.returncode == 0, "the plugin can be imported by itself", result.stderr.strip()[-200:])
        output = result.stdout.strip().splitlines()
        promise(
            len(output) == 1 and not result.stderr,
            "importing the plugin prints nothing",
            (result.stdout + result.stderr)[:200],
        )
        seconds, threads, files = output[0].split()
        promise(float(seconds) < IMPORT_SECONDS, f"importing takes less than {IMPORT_SECONDS} s", f"{seconds} s")
        promise(threads == "1", "importing starts no thread", f"{threads} threads")
        promise(int(files) <= 0, "importing leaves no file or connection open", f"{files} more")

    def test_stop_may_come_without_a_start_and_twice(self, lane: Lane, host: Plugins, entry_point: str) -> None:
        """Stop is always safe."""
        for _ in range(2):
            _call(lane, host, entry_point, STOP)

    def test_it_can_be_started_and_stopped_again(self, lane: Lane, host: Plugins, entry_point: str) -> None:
        """A plugin that rested is started once more; a start that fails says why."""
        for _ in range(2):
            _call(lane, host, entry_point, START, may_refuse=True)
            _call(lane, host, entry_point, STOP)

    def test_no_thread_is_left_behind(self, lane: Lane, host: Plugins, entry_point: str) -> None:
        """After stop the process is as it was."""
        before = set(threading.enumerate())
        _call(lane, host, entry_point, START, may_refuse=True)
        _call(lane, host, entry_point, STOP)
        lane.close(1.0)
        end = time.monotonic() + 2
        while (left := set(threading.enumerate()) - before) and time.monotonic() < end:
            time.sleep(0.02)
        promise(not left, "stop leaves no thread behind", sorted(thread.name for thread in left))


def _call(lane: Lane, host: Plugins, entry_point: str, hook: str, *, may_refuse: bool = False) -> None:
    if hook not in status_of(host, entry_point).hooks:
        return
    answer = lane.call(hook, None, BUDGETS[hook])
    if not isinstance(answer, Failure):
        return
    if may_refuse and answer.message:
        return
    promise(kept=False, text=f"{hook} does not fail (hook API {hooks.HOOK_API})", found=answer.message or answer.what)


def _nothing() -> None:
    """Wake nobody."""
