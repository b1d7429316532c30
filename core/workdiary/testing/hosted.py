"""What all contracts share: the plugin, alone in the real host."""

from __future__ import annotations

import importlib.metadata
from typing import TYPE_CHECKING

import pytest

from workdiary import config
from workdiary.builtin import BUILTIN
from workdiary.paths import Home
from workdiary.payloads import Cause, Occasion, Tick
from workdiary.plugins.manager import Plugins

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from workdiary.config import Settings
    from workdiary.plugins.status import PluginStatus

TICK = Tick(wall_ms=1_800_000_000_000, mono_ms=1_000, slot=3_000_000)
OCCASION = Occasion(cause=Cause.DERIVED, wall_ms=1_800_000_000_000, contract="conformance", monitors="all")


def promise(kept: bool, text: str, found: object = "") -> None:  # noqa: FBT001  # reads as: promise(condition, text)
    """Fail the test with the promise that is broken, and with what was found instead."""
    if not kept:
        pytest.fail(f"broken promise: {text}" + (f"\n  found: {found}" if found != "" else ""), pytrace=False)


def only(entry_point: str, table: str) -> Settings:
    """Return settings in which *entry_point* is the only plugin that is not disabled."""
    others = {entry.name for entry in importlib.metadata.entry_points(group="workdiary")}
    others |= {module.rpartition(".")[2] for module in BUILTIN}
    names = ", ".join(f'"{name}"' for name in sorted(others - {entry_point}))
    own = f"[plugins.{entry_point}]\n{table}\n" if table else ""
    return config.parse(f"[plugins]\ndisabled = [{names}]\n{own}")


class Hosted:
    """The fixtures of every contract. Override ``entry_point``; override ``table`` if the plugin needs settings."""

    @pytest.fixture
    def entry_point(self) -> str:
        """Return the plugin's entry-point name in the group ``workdiary``."""
        raise NotImplementedError(
            "override the fixture `entry_point`: return the name under [project.entry-points.workdiary]"
        )

    @pytest.fixture
    def table(self) -> str:
        """Return the plugin's own settings as lines of TOML."""
        return ""

    @pytest.fixture
    def host(self, entry_point: str, table: str, tmp_path: Path) -> Iterator[Plugins]:
        """Give the real host with this plugin alone."""
        host = Plugins.load(only(entry_point, table), Home.find({"WORKDIARY_HOME": str(tmp_path / "home")}))
        found = status_of(host, entry_point)
        promise(found.state == "idle", f"the plugin {entry_point!r} is installed and can be loaded", found.reason)
        yield host
        host.stop()


def status_of(host: Plugins, entry_point: str) -> PluginStatus:
    """Return the plugin's status; fail the test when it is not installed at all."""
    for status in host.status():
        if status.name == entry_point:
            return status
    pytest.fail(f"broken promise: the plugin {entry_point!r} is installed (no entry point of this name)", pytrace=False)


def no_failures(host: Plugins, entry_point: str, hook: str, reason: str) -> None:
    """Fail the test when the host counted a failure of the plugin."""
    promise(
        status_of(host, entry_point).failures == 0,
        f"{hook} returns what workdiary.hooks says, within its budget, and does not raise",
        reason or status_of(host, entry_point).reason,
    )


def has_sentence(reason: str, hook: str) -> None:
    """Fail the test when the reason of an Unknown is not one short sentence."""
    short = 0 < len(reason) <= 200 and "\n" not in reason  # noqa: PLR2004  # one line of the doctor
    promise(short, f"the reason of an Unknown from {hook} is one short sentence", repr(reason[:80]))
