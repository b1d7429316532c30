"""The icon of Windows and macOS, by pystray. Written to its manual; never run."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pystray
from PIL import Image

from workdiary.errors import WorkdiaryError
from workdiary.link import client
from workdiary.link.watch import Watch
from workdiary_tray.icon import argb
from workdiary_tray.menu import menu
from workdiary_tray.question import question_of
from workdiary_tray.view import TITLE, State, View, headline, icon, lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from workdiary.paths import Home
    from workdiary_tray.menu import Entry

AGAIN_S = 2.0  #: there is no word of a socket that appears
SIZE = 48
WORKDIARY = (sys.executable, "-m", "workdiary")


class Portable:
    """pystray has the main thread, a second one follows the tracker."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._view = View()
        self._icon = pystray.Icon(
            "workdiary", self._image(), TITLE, pystray.Menu(lambda: self._items(menu(self._view)))
        )

    def run(self) -> None:
        """Run until "Quit tray"."""
        threading.Thread(target=self._follow, daemon=True).start()
        self._icon.run()

    def _follow(self) -> None:
        while True:
            try:
                with Watch(self._home.socket) as events:
                    self._show(self._ask("status"))
                    for _event in events:
                        self._show(self._ask("status"))
            except WorkdiaryError:
                self._show(None)
            time.sleep(AGAIN_S)

    def _ask(self, command: str, **arguments: Any) -> dict[str, Any]:
        answer: dict[str, Any] = client.call(self._home.socket, command, **arguments)
        return answer

    def _show(self, status: dict[str, Any] | None, refusal: str = "") -> None:
        """Take over the status; None: there is no tracker."""
        found = status or {"state": "stopped", "contract": "", "memo": "", "trouble": "", "idle": None}
        self._view = replace(
            self._view, state=State(found["state"]), contract=found["contract"] or "", memo=found["memo"] or "",
            today_s=found.get("today_seconds"), week_s=found.get("week_seconds"), trouble=found["trouble"],
            refusal=refusal, question=question_of(found),
        )  # fmt: skip
        self._icon.icon = self._image()
        self._icon.title = "\n".join([headline(self._view), *lines(self._view)])[:127]  # Windows takes no more
        self._icon.update_menu()

    def _image(self) -> Image.Image:
        alpha_first = argb(icon(self._view), SIZE)
        channels = [Image.frombytes("L", (SIZE, SIZE), alpha_first[at::4]) for at in (1, 2, 3, 0)]
        return Image.merge("RGBA", channels)

    def _items(self, entries: Iterable[Entry]) -> Iterator[Any]:
        for entry in entries:
            if not entry.label:
                yield pystray.Menu.SEPARATOR
            elif entry.children:
                yield pystray.MenuItem(entry.label, pystray.Menu(*self._items(entry.children)))
            else:
                yield pystray.MenuItem(
                    entry.label, lambda _icon, _item, entry=entry: self._act(entry), enabled=entry.enabled
                )

    def _act(self, entry: Entry) -> None:
        chosen = entry.argument
        arguments = {
            "switch": {"contract": chosen, "memo": ""}, "memo": {"memo": chosen}, "idle": {"answer": chosen},
        }  # fmt: skip
        try:
            if entry.action == "quit":
                self._icon.stop()
            elif entry.action in {"open", "write-memo", "start"}:
                command = ["start", entry.argument] if entry.action == "start" else ["open"]
                subprocess.Popen([*WORKDIARY, *command])
            else:
                self._show(self._ask(entry.action, **arguments.get(entry.action, {})))
        except WorkdiaryError as error:
            self._view = replace(self._view, refusal=str(error))
            self._icon.notify(str(error), TITLE)


def run(home: Home) -> int:
    """Run the tray."""
    Portable(home).run()
    return 0
