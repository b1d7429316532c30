"""Is the screen locked, does somebody else sit here, does the machine go to sleep? For Workdiary on Linux desktops."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workdiary.hooks import hookimpl
from workdiary_session.plugin import Plugin, checks

if TYPE_CHECKING:
    from workdiary.context import PluginContext
    from workdiary.payloads import Check, Presence, Tick, Unknown

WORKDIARY_HOOK_API = (1, 0)

_plugin = Plugin()


@hookimpl
def workdiary_start(context: PluginContext) -> None:
    """Look for somebody who tells."""
    _plugin.start(context)


@hookimpl
def workdiary_stop() -> None:
    """Listen no more."""
    _plugin.stop()


@hookimpl
def workdiary_presence(tick: Tick) -> Presence | Unknown:  # noqa: ARG001 - the contract's signature
    """Return whether the screen is locked; nothing else is known here."""
    return _plugin.presence()


@hookimpl
def workdiary_checks() -> list[Check]:
    """Say who tells of the lock."""
    return checks()
