"""The last resort: say why there is no measurement, and what to install."""

from __future__ import annotations

from workdiary.hooks import hookimpl
from workdiary.payloads import Unknown

_REMEDY = "try: pip install workdiary-x11"


@hookimpl(trylast=True)
def workdiary_count_input() -> Unknown:
    """Return unknown, never zero."""
    return Unknown(reason=f"no input meter is installed for this desktop; {_REMEDY}")


@hookimpl(trylast=True)
def workdiary_capture_window() -> Unknown:
    """Return unknown."""
    return Unknown(reason=f"no window probe is installed for this desktop; {_REMEDY}")


@hookimpl(trylast=True)
def workdiary_presence() -> Unknown:
    """Return unknown."""
    return Unknown(reason=f"no idle timer is installed for this desktop; {_REMEDY}")


@hookimpl(trylast=True)
def workdiary_survey_screen() -> Unknown:
    """Return unknown."""
    return Unknown(reason=f"no screen survey is installed for this desktop; {_REMEDY}")


@hookimpl(trylast=True)
def workdiary_grab_screen() -> Unknown:
    """Return unknown."""
    return Unknown(reason=f"no screen grabber is installed for this desktop; {_REMEDY}")


@hookimpl(trylast=True)
def workdiary_notify() -> Unknown:
    """Return unknown: nobody was told."""
    return Unknown(reason="no notifier is installed for this desktop; try: pip install workdiary-notify")
