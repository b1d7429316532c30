"""What the counter's lines mean."""

from __future__ import annotations

from workdiary.payloads import InputCounts, Unknown

NO_RIGHT = Unknown(reason="the input devices may not be read by this user")
NO_DEVICE = Unknown(reason="this machine has no keyboard and no mouse")
TOUCHED = Unknown(reason="a touchpad, pen or touch screen was used, whose taps and gestures only the desktop knows")
SILENT = {"denied": NO_RIGHT, "none": NO_DEVICE}
NONSENSE = "the input counter talks nonsense"
LONGEST = 200  #: bytes; a whole line has about sixty


def parse(line: bytes) -> InputCounts | Unknown:
    """Return what a line says.

    :raises ValueError: this is no line of the counter.
    """
    try:
        since, *totals, state = line.decode("ascii").split()
        keys, clicks, scrolls = map(int, totals)
    except ValueError:
        raise ValueError(NONSENSE) from None
    if state == "ok":
        return InputCounts(since=since, keys=keys, clicks=clicks, scrolls=scrolls)
    if state == "touch":
        return InputCounts(since=since, keys=keys, clicks=TOUCHED, scrolls=TOUCHED)
    if state not in SILENT:
        raise ValueError(NONSENSE)
    return SILENT[state]
