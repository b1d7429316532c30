"""Counts of keystrokes, clicks and wheel steps from the kernel's input devices, for Workdiary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workdiary.hooks import hookimpl
from workdiary_evdev.plugin import Plugin, checks

if TYPE_CHECKING:
    import click

    from workdiary.context import PluginContext
    from workdiary.payloads import Check, InputCounts, Tick, Unknown

WORKDIARY_HOOK_API = (1, 0)

_plugin = Plugin()


@hookimpl
def workdiary_start(context: PluginContext) -> None:
    """Have the counter begin, and wait for its first line."""
    _plugin.start(context)


@hookimpl
def workdiary_stop() -> None:
    """Let the counter end."""
    _plugin.stop()


@hookimpl(trylast=True)  # a desktop that tells its counts knows taps and gestures as well
def workdiary_count_input(tick: Tick) -> InputCounts | Unknown:  # noqa: ARG001 - the contract's signature
    """Return the odometers as the counter told them last."""
    return _plugin.counts()


@hookimpl
def workdiary_commands() -> list[click.Command]:
    """Offer ``workdiary evdev``."""
    from workdiary_evdev.commands import evdev

    return [evdev]


@hookimpl
def workdiary_checks() -> list[Check]:
    """Take one real reading, and say what the right to it means."""
    return checks()
