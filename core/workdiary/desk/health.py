"""Whether everything works that recording needs, by looking rather than by believing."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workdiary.clock import system_clock
from workdiary.payloads import Check, Tick, Unknown
from workdiary.slots import slot_of

if TYPE_CHECKING:
    from workdiary.paths import Home
    from workdiary.plugins.answer import Answer
    from workdiary.plugins.manager import Plugins

DESKTOP_HOOKS = {"workdiary_capture_window", "workdiary_presence"}  #: what only a desktop can answer


def checks(home: Home, plugins: Plugins) -> list[Check]:
    """Return every check: core's, one real reading of each source, and those that plugins add. Stops *plugins*."""
    try:
        return [*_core(home), _notices(plugins), *_readings(plugins), *plugins.checks()]
    finally:
        plugins.stop()


def _core(home: Home) -> list[Check]:
    import apsw

    from workdiary.journal import schema
    from workdiary.journal.keeper import COMFORT_BYTES

    version = apsw.sqlite_lib_version()
    safe = tuple(int(part) for part in version.split(".")) >= schema.SAFE_SQLITE
    place = home.data
    while not place.exists():
        place = place.parent
    free = shutil.disk_usage(place).free // 2**20
    found = [
        Check(name="python", ok=sys.version_info >= (3, 11), detail=sys.version.split()[0]),
        Check(name="sqlite", ok=safe, detail=version, remedy="pip install --upgrade apsw"),
        Check(name="disk", ok=free > COMFORT_BYTES // 2**20, detail=f"{free} MB free", remedy="Make room on the disk."),
        _privacy(home.data),
    ]
    return [*found, _journal(home)] if home.journal.exists() else found


def _privacy(data: Path) -> Check:
    ok = not data.exists() or not data.stat().st_mode & 0o077
    remedy = f"chmod 700 {data}"
    if sys.platform == "win32":  # where lists of access are inherited, and a profile's is its user's
        ok, remedy = data.is_relative_to(Path.home()), "Set WORKDIARY_HOME to a folder within your profile."
    return Check(name="privacy of files", ok=ok, detail=str(data), remedy=remedy)


def _notices(plugins: Plugins) -> Check:
    """Without a notifier tracking goes on; each image then says that nobody was told of it."""
    names = [one.name for one in plugins.status() if "workdiary_notify" in one.hooks and one.state != "disabled"]
    names = [name for name in names if name != "null_sources"]
    detail = f"snapshots are announced by {', '.join(names)}" if names else "no notifier: snapshots are not announced"
    return Check(name="notices", ok=bool(names), detail=detail, remedy="pip install workdiary-notify")


def _journal(home: Home) -> Check:
    import contextlib

    import apsw

    from workdiary.journal import schema

    try:
        with contextlib.closing(schema.connect_readonly(home.journal)) as connection:
            answer = str(connection.pragma("quick_check"))
    except apsw.Error as error:
        answer = type(error).__name__
    return Check(
        name="journal",
        ok=answer == "ok",
        detail=answer,
        remedy="It is mended, and the damaged file kept, at the next start.",
    )


def _readings(plugins: Plugins) -> list[Check]:
    """Take one real reading of every source; a constructor that succeeded proves nothing."""
    now = system_clock()
    tick = Tick(wall_ms=now.wall, mono_ms=now.mono, slot=slot_of(now.wall))
    plugins.settle(tick)
    present = plugins.presence(tick)
    found: dict[str, Answer[Any]] = {
        "input counts": plugins.count_input(tick),
        "active window": plugins.capture_window(tick),
        "presence": present.active_ms,
    }
    if not _on_a_desktop(plugins):
        remedy = "Run it in your desktop, or try: ./contrib/track"
        return [Check(name="desktop", ok=False, detail="there is no desktop session here", remedy=remedy)]
    return [_reading(name, answer) for name, answer in found.items()]


def _reading(name: str, answer: Answer[Any]) -> Check:
    unknown = isinstance(answer.value, Unknown)
    detail = answer.value.reason if isinstance(answer.value, Unknown) else f"measured by {answer.plugin} just now"
    return Check(name=name, ok=not unknown, detail=detail, remedy="See `workdiary plugins` for what is installed.")


def _on_a_desktop(plugins: Plugins) -> bool:
    """Whether any plugin found the desktop that it is made for, or none that is made for one is installed."""
    states = {one.state for one in plugins.status() if one.name != "null_sources" and DESKTOP_HOOKS & set(one.hooks)}
    return states != {"not here"}
