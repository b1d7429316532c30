"""Read the active window through PyWinCtl: the portable fallback of Workdiary, asked after the native probes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workdiary.errors import NotHereError
from workdiary.hooks import hookimpl
from workdiary.payloads import Unknown

if TYPE_CHECKING:
    from workdiary.context import PluginContext
    from workdiary.payloads import Tick, Window
    from workdiary_pywinctl.reader import Reader

#: A call of PyWinCtl may hang or spin for ever, and its libraries weigh 10 MB: see the README.
WORKDIARY_OWN_PROCESS = True

_reader: Reader | None = None


@hookimpl
def workdiary_start(context: PluginContext) -> None:
    """Import PyWinCtl, which connects to the desktop.

    :raises NotHereError: this desktop hides the active window from PyWinCtl.
    """
    global _reader  # noqa: PLW0603 - a plugin is a module; this is its one piece of state
    del context
    from workdiary_pywinctl.session import why_blind

    reason = why_blind()
    if reason is not None:
        raise NotHereError(reason)
    from workdiary_pywinctl.reader import Reader
    from workdiary_pywinctl.window import connect

    workdiary_stop()
    _reader = Reader(connect().read)


@hookimpl
def workdiary_stop() -> None:
    """Let the reader end."""
    global _reader
    reader, _reader = _reader, None
    if reader is not None:
        reader.end()


@hookimpl(trylast=True)
def workdiary_capture_window(tick: Tick) -> Window | Unknown | None:
    """Return the active window. A reading that never returns ends the plugin's own process, and a new one begins."""
    del tick
    if _reader is None:
        return Unknown(reason="PyWinCtl has not started")
    if _reader.is_stuck():
        from workdiary_pywinctl.own_process import end_own_process

        end_own_process()
    return _reader.ask()
