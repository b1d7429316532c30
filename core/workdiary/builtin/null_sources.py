"""The last resort: say why there is no measurement, and what to install."""

from __future__ import annotations

from workdiary.hooks import hookimpl
from workdiary.payloads import Unknown


@hookimpl(trylast=True)
def workdiary_count_input() -> Unknown:
    """Return unknown, never zero."""
    return _install("input meter", "workdiary-x11, or workdiary-evdev")


@hookimpl(trylast=True)
def workdiary_capture_window() -> Unknown:
    """Return unknown."""
    return _install("window probe", "workdiary-x11, or workdiary-wayland")


@hookimpl(trylast=True)
def workdiary_presence() -> Unknown:
    """Return unknown."""
    return _install("idle timer", "workdiary-x11, or workdiary-wayland")


@hookimpl(trylast=True)
def workdiary_survey_screen() -> Unknown:
    """Return unknown."""
    return _install("screen survey", "workdiary-x11")


@hookimpl(trylast=True)
def workdiary_grab_screen() -> Unknown:
    """Return unknown."""
    return _install("screen grabber", "workdiary-mss, or workdiary-wayland")


@hookimpl(trylast=True)
def workdiary_notify() -> Unknown:
    """Return unknown: nobody was told."""
    return _install("notifier", "workdiary-notify")


def _install(what: str, packages: str) -> Unknown:
    return Unknown(reason=f"no {what} is installed for this desktop; try: pip install {packages}")
