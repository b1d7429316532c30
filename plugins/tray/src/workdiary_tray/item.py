"""org.kde.StatusNotifierItem: the icon in panels that speak D-Bus."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workdiary_tray.icon import SIZES, argb
from workdiary_tray.text import markup
from workdiary_tray.view import TITLE, State, headline, icon, lines

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from workdiary_tray.view import View

Pixmaps = list[tuple[int, int, bytes]]


class Item:
    """Answers what a panel asks of an icon. ``act`` is called for a click on it."""

    name = "org.kde.StatusNotifierItem"
    path = "/StatusNotifierItem"

    def __init__(self, view: Callable[[], View], act: Callable[[str, str], None], menu_path: str) -> None:
        self._view = view
        self._act = act
        self._menu_path = menu_path

    def call(self, member: str, body: tuple[Any, ...]) -> tuple[str, tuple[Any, ...]] | None:  # noqa: ARG002  # Served
        """Carry out a click; the panel shows the menu itself."""
        if member not in {"Activate", "SecondaryActivate", "ContextMenu", "Scroll"}:
            return None
        if member == "Activate":
            self._act("open", "")
        return "", ()

    def properties(self) -> Mapping[str, tuple[str, Any]]:
        """Return all that a panel may want to know."""
        view = self._view()
        return {
            "Category": ("s", "ApplicationStatus"),
            "Id": ("s", "workdiary"),
            "Title": ("s", f"{TITLE}: {headline(view)}"),
            "Status": ("s", status(view)),
            "WindowId": ("i", 0),
            "IconThemePath": ("s", ""),
            "IconName": ("s", ""),
            "IconPixmap": ("a(iiay)", pixmaps(icon(view))),
            "OverlayIconName": ("s", ""),
            "OverlayIconPixmap": ("a(iiay)", []),
            "AttentionIconName": ("s", ""),
            "AttentionIconPixmap": ("a(iiay)", pixmaps(State.TROUBLE)),
            "AttentionMovieName": ("s", ""),
            "ToolTip": ("(sa(iiay)ss)", ("", [], f"{TITLE}: {markup(headline(view))}", markup("\n".join(lines(view))))),
            "ItemIsMenu": ("b", False),
            "Menu": ("o", self._menu_path),
        }


def status(view: View) -> str:
    """Return whether the icon asks to be looked at."""
    return "NeedsAttention" if icon(view) is State.TROUBLE else "Active"


def pixmaps(state: State) -> Pixmaps:
    """Return the icon in all sizes."""
    return [(size, size, argb(state, size)) for size in SIZES]
