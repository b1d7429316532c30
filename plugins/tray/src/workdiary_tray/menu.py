"""The menu as a tree of entries. It follows the view; drawing it is the business of each face."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from workdiary_tray.question import answers, in_words
from workdiary_tray.text import plain
from workdiary_tray.view import State, headline, notes, times

if TYPE_CHECKING:
    from workdiary_tray.question import Question
    from workdiary_tray.view import View

MOST_MEMOS = 5


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One line of the menu. Without an action and without children it only informs."""

    key: str  #: the same entry has the same key in every menu
    label: str = ""  #: empty: a separator
    action: str = ""
    argument: str = ""
    children: tuple[Entry, ...] = ()

    @property
    def enabled(self) -> bool:
        """Whether it can be chosen."""
        return bool(self.action or self.children)


def menu(view: View) -> tuple[Entry, ...]:
    """Return the menu for a view."""
    steer = _stopped(view) if view.state is State.STOPPED else _running(view)
    return (
        *(_question(view.question) if view.question else ()),
        *_informing(view),
        Entry(key="line-1"),
        *steer,
        Entry(key="line-2"),
        Entry(key="open", label="Open diary", action="open"),
        Entry(key="quit", label="Quit tray", action="quit"),
    )


def _question(asked: Question) -> list[Entry]:
    """Return the answers under their question. Another question has other keys: a late click does not answer it."""
    return [
        Entry(key=f"question {asked.since}", label=in_words(asked)),
        *(
            Entry(key=f"idle {answer} {asked.since}", label=label, action="idle", argument=answer)
            for answer, label in answers(asked)
        ),
        Entry(key="line-0"),
    ]


def _informing(view: View) -> list[Entry]:
    found = [Entry(key="state", label=headline(view))]
    if view.memo:
        found.append(Entry(key="memo-now", label=plain(view.memo)))
    found.append(Entry(key="times", label=times(view)))
    return found + [Entry(key=f"note-{number}", label=text) for number, text in enumerate(notes(view))]


def _stopped(view: View) -> list[Entry]:
    return [Entry(key="start", label="Start", children=_contracts(view, "start"))]


def _running(view: View) -> list[Entry]:
    turn = "resume" if view.state is State.PAUSED else "pause"
    found = [
        Entry(key="turn", label=turn.capitalize(), action=turn),
        Entry(key="stop", label="Stop", action="stop"),
        Entry(key="switch", label="Switch to", children=_contracts(view, "switch")),
        Entry(key="memo", label="Memo", children=_memos(view)),
    ]
    if view.picture:
        found.append(Entry(key="discard", label="Delete the last picture", children=(_discard(view.picture),)))
    return found


def _discard(slot: str) -> Entry:
    """Return the second step: one slip of the mouse must not cost ten minutes."""
    return Entry(key=f"discard {slot}", label="with the time of its ten minutes", action="discard", argument=slot)


def _contracts(view: View, action: str) -> tuple[Entry, ...]:
    if view.contracts is None:
        return (Entry(key=f"{action}-wait", label="The contracts are not known yet"),)
    names = [name for name in view.contracts if name != view.contract]
    if not names:
        text = "There is no other active contract" if view.contract else "First: workdiary contract add NAME --rate 50"
        return (Entry(key=f"{action}-none", label=text),)
    return tuple(Entry(key=f"{action} {name}", label=plain(name), action=action, argument=name) for name in names)


def _memos(view: View) -> tuple[Entry, ...]:
    known = (view.contracts or {}).get(view.contract, ())
    last = [text for text in known if text and text != view.memo][:MOST_MEMOS]
    return (
        *(Entry(key=f"memo {text}", label=plain(text, 60), action="memo", argument=text) for text in last),
        Entry(key="write-memo", label="Write a memo…", action="write-memo"),
    )
