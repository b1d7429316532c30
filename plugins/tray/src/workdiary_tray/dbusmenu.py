"""com.canonical.dbusmenu: the menu, which the panel draws."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workdiary_tray.menu import Entry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

Values = dict[str, tuple[str, Any]]
Node = tuple[int, Values, list[tuple[str, Any]]]
ALL_LEVELS = -1


class MenuObject:
    """Answers what a panel asks of a menu. ``act`` is called for a click, ``refresh`` when it is about to be shown."""

    name = "com.canonical.dbusmenu"
    path = "/Menu"

    def __init__(
        self,
        entries: Callable[[], Sequence[Entry]],
        act: Callable[[str, str], None],
        refresh: Callable[[], None],
    ) -> None:
        self.revision = 1
        self._entries = entries
        self._act = act
        self._refresh = refresh
        self._numbers: dict[str, int] = {}
        self._known: dict[int, Entry] = {}
        self._shown: tuple[Entry, ...] = ()
        self.changed()

    def changed(self) -> bool:
        """Take the menu as it is now; true, with a new revision, if it is another."""
        entries = tuple(self._entries())
        if entries == self._shown:
            return False
        self._shown = entries
        self.revision += 1
        self._known = {0: Entry(key="", children=entries)}
        self._learn(entries)
        return True

    def call(  # noqa: PLR0911  # one for each method
        self, member: str, body: tuple[Any, ...]
    ) -> tuple[str, tuple[Any, ...]] | None:
        """Answer a panel."""
        match member:
            case "GetLayout":
                parent, depth, names = body
                return "u(ia{sv}av)", (self.revision, self._node(self._known[parent], depth, names))
            case "GetGroupProperties":
                ids, names = body
                found = [one for one in ids or list(self._known) if one in self._known]
                return "a(ia{sv})", ([(one, _values(self._known[one], names)) for one in found],)
            case "GetProperty":
                return "v", (_values(self._known[body[0]], ())[body[1]],)
            case "Event":
                self._event(body)
                return "", ()
            case "EventGroup":
                return "ai", ([event[0] for event in body[0] if not self._event(event)],)
            case "AboutToShow":
                return "b", (self._about_to_show(body[0]),)
            case "AboutToShowGroup":
                known = [one for one in body[0] if one in self._known]
                changed = [one for one in known if self._about_to_show(one)]
                return "aiai", (changed, [one for one in body[0] if one not in self._known])
        return None

    def properties(self) -> Mapping[str, tuple[str, Any]]:
        """Return what holds for the whole menu."""
        return {
            "Version": ("u", 3),
            "TextDirection": ("s", "ltr"),
            "Status": ("s", "normal"),
            "IconThemePath": ("as", []),
        }

    def _about_to_show(self, number: int) -> bool:
        if number == 0:
            self._refresh()
        return self.changed()

    def _event(self, event: Sequence[Any]) -> bool:
        """Carry out an event; false if there is no such entry any more."""
        number, kind = event[0], event[1]
        entry = self._known.get(number)
        if entry is None:
            return False
        if kind == "clicked" and entry.action:
            self._act(entry.action, entry.argument)
        elif kind == "opened" and number == 0:
            self._refresh()
        return True

    def _learn(self, entries: Iterable[Entry]) -> None:
        for entry in entries:
            self._known[self._number(entry)] = entry
            self._learn(entry.children)

    def _number(self, entry: Entry) -> int:
        """Return the entry's number: the same as long as the tray lives, because panels remember it."""
        return self._numbers.setdefault(entry.key, len(self._numbers) + 1) if entry.key else 0

    def _node(self, entry: Entry, depth: int, names: Sequence[str]) -> Node:
        children = entry.children if depth else ()
        below = depth if depth == ALL_LEVELS else depth - 1
        nodes = [("(ia{sv}av)", self._node(child, below, names)) for child in children]
        return self._number(entry), _values(entry, names), nodes


def _values(entry: Entry, names: Sequence[str]) -> Values:
    found: Values = {}
    if entry.key and not entry.label:
        found["type"] = ("s", "separator")
    elif entry.key:
        found["label"] = ("s", entry.label.replace("_", "__"))  # a single one would underline what follows
        found["enabled"] = ("b", entry.enabled)
        found["visible"] = ("b", True)
    if entry.children:
        found["children-display"] = ("s", "submenu")
    return {name: value for name, value in found.items() if not names or name in names}
