"""What the person has allowed: a snapshot shall never bring up a dialog."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from jeepney.wrappers import DBusAddress

from workdiary.payloads import Unknown
from workdiary_dbus.bus import DBUS

if TYPE_CHECKING:
    from pathlib import Path

    from workdiary_dbus.bus import Bus

NAME = "org.freedesktop.impl.portal.PermissionStore"
STORE = DBusAddress("/org/freedesktop/impl/portal/PermissionStore", NAME, NAME)
TABLE = ID = "screenshot"
DESKTOPS = ("org.gnome.Shell", "org.kde.KWin", "org.freedesktop.impl.portal.desktop.wlr")
NEVER = Unknown(reason="nobody has allowed pictures through the desktop portal yet (`workdiary portal allow-pictures`)")
WITHDRAWN = Unknown(
    reason="pictures through the desktop portal are allowed no more (`workdiary portal allow-pictures`)"
)


def granted(bus: Bus) -> list[str]:
    """Return the programs that may take pictures, by the names that the portal has for them; ours may be empty."""
    found: tuple[Any, ...] = bus.ask(STORE, "Lookup", "ss", (TABLE, ID)) or ({},)
    return sorted(str(program) for program, said in found[0].items() if list(said) == ["yes"])


def desktop(bus: Bus) -> list[str]:
    """Return which desktop this is, as far as portals differ: what was allowed on one says nothing about another."""
    return [name for name in DESKTOPS if (bus.ask(DBUS, "NameHasOwner", "s", (name,)) or (False,))[0]]


def note(place: Path, bus: Bus) -> None:
    """Keep who was allowed, and where, when the person had just allowed us: which of them we are is not told."""
    place.mkdir(parents=True, exist_ok=True)
    _file(place).write_text(json.dumps({"programs": granted(bus), "desktop": desktop(bus)}), encoding="utf-8")


def forget(place: Path) -> None:
    """Allow it no more."""
    _file(place).unlink(missing_ok=True)


def why_not(bus: Bus, place: Path) -> Unknown | None:
    """Return why no picture may be asked for. A portal that asks nobody keeps no permissions: none is missed then."""
    try:
        told = json.loads(_file(place).read_text(encoding="utf-8"))
        programs, where = set(told["programs"]), told["desktop"]
    except (OSError, ValueError, TypeError, KeyError):
        return NEVER
    if where != desktop(bus):
        return NEVER
    return WITHDRAWN if programs - set(granted(bus)) else None


def _file(place: Path) -> Path:
    return place / "allowed"
