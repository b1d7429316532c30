"""Desktop notices by the service org.freedesktop.Notifications, for Workdiary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workdiary.hooks import hookimpl
from workdiary.payloads import EventKind
from workdiary_notify.notifier import Notifier, checks

if TYPE_CHECKING:
    from workdiary.context import PluginContext
    from workdiary.payloads import Check, Event, Notice, Shown, Unknown

WORKDIARY_HOOK_API = (1, 0)

_notifier = Notifier()


@hookimpl
def workdiary_start(context: PluginContext) -> None:
    """Load what speaks D-Bus; a session bus that is not there yet is looked for at each notice."""
    _notifier.start(context)


@hookimpl
def workdiary_stop() -> None:
    """Close the notices whose buttons nobody would answer any more."""
    _notifier.stop()


@hookimpl
def workdiary_notify(notice: Notice) -> Shown | Unknown:
    """Show the notice."""
    return _notifier.show(notice)


@hookimpl
def workdiary_observe(event: Event) -> None:
    """A question that somebody has answered, wherever, is not shown any more."""
    if event.kind is EventKind.IDLE_ANSWERED:
        _notifier.close_questions()


@hookimpl
def workdiary_checks() -> list[Check]:
    """Ask for the service, without showing anything."""
    return checks()
