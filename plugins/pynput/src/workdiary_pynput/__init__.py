"""Count input through pynput: the portable fallback of Workdiary, asked after the native meters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workdiary.errors import NotHereError
from workdiary.hooks import hookimpl
from workdiary.payloads import Unknown
from workdiary_pynput.mac import SWITCHED_OFF

if TYPE_CHECKING:
    from workdiary.context import PluginContext
    from workdiary.payloads import InputCounts, Tick
    from workdiary_pynput.meter import Meter

#: A stopped or dead listener is only surely gone with its process, and macOS may abort the one it lives in.
WORKDIARY_OWN_PROCESS = True

_meter: Meter | None = None


@hookimpl
def workdiary_start(context: PluginContext) -> None:
    """Begin to count.

    :raises NotHereError: this desktop hides input from pynput.
    """
    global _meter  # noqa: PLW0603 - a plugin is a module; this is its one piece of state
    from workdiary_pynput.meter import Meter
    from workdiary_pynput.session import why_blind

    reason = why_blind()
    if reason is not None:
        raise NotHereError(reason)
    workdiary_stop()
    _meter = Meter(context.wake)
    _meter.start()


@hookimpl
def workdiary_stop() -> None:
    """Stop counting."""
    global _meter
    meter, _meter = _meter, None
    if meter is not None:
        meter.stop()


@hookimpl(trylast=True)
def workdiary_count_input(tick: Tick) -> InputCounts | Unknown | None:
    """Return the odometers, from memory. A dead listener ends the plugin's own process, and a new one counts afresh."""
    del tick
    if _meter is None:
        return Unknown(reason="pynput has not started")
    dead = _meter.dead_listener()
    if dead:
        from workdiary_pynput.own_process import end_own_process

        end_own_process()
        return Unknown(reason=f"pynput's {dead} listener has ended")
    untold = _meter.why_untold()
    if untold == SWITCHED_OFF:
        from workdiary_pynput.own_process import end_own_process

        end_own_process()
    return Unknown(reason=untold) if untold else _meter.read()
