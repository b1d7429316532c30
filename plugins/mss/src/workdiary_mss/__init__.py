"""Take pictures of the monitors with mss: the portable grabber of Workdiary.

Asked after the native ones. Nothing is imported before a picture is due.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workdiary.errors import NotHereError
from workdiary.hooks import hookimpl
from workdiary.payloads import Check, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from workdiary.context import PluginContext
    from workdiary.payloads import Frame, Occasion


@hookimpl
def workdiary_start(context: PluginContext) -> None:
    """Look whether mss would see anything.

    :raises NotHereError: this desktop shows it nothing.
    """
    del context
    from workdiary_mss.session import why_blind

    reason = why_blind()
    if reason is not None:
        raise NotHereError(reason)


@hookimpl(trylast=True)
def workdiary_grab_screen(occasion: Occasion) -> tuple[Frame, ...] | Unknown | None:
    """Return one frame for each monitor, or why there can be none."""
    del occasion  # core keeps the monitors that the contract wants
    from workdiary_mss.session import why_forbidden

    reason = why_forbidden()
    if reason is not None:
        return Unknown(reason=reason)
    from workdiary_mss.capture import capture

    return capture()


@hookimpl
def workdiary_checks() -> Iterable[Check]:
    """Take a picture for ``workdiary doctor`` and forget it at once."""
    from workdiary.payloads import Cause, Occasion

    frames = workdiary_grab_screen(Occasion(cause=Cause.PREVIEW, wall_ms=0, contract=""))
    if isinstance(frames, tuple):
        return [Check(name="picture", ok=True, detail=f"{len(frames)} monitor(s) can be read")]
    from workdiary_mss.session import remedy

    return [Check(name="picture", ok=False, detail=frames.reason if frames else "", remedy=remedy())]
