"""The faces that change a diary: command line, browser, tray. Each gives yes, no in words, or something bad."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import closing
from typing import TYPE_CHECKING, NamedTuple

from _common import CONTRACT

from workdiary.builtin.rules import RULES
from workdiary.desk.book import LocalBook
from workdiary.desk.desk import open_keys
from workdiary.errors import WorkdiaryError
from workdiary.journal import entry as entries
from workdiary.journal.store import Draft, Journal
from workdiary.link import client
from workdiary.slots import iso, slot_start_ms

if TYPE_CHECKING:
    from workdiary.paths import Home


class Answer(NamedTuple):
    kind: str  #: yes, no (with a reason in words), bad
    text: str


def environment(home: Home) -> dict[str, str]:
    left = {key: value for key, value in os.environ.items() if key not in ("DISPLAY", "WAYLAND_DISPLAY")}
    return {**left, "WORKDIARY_HOME": str(home.data.parent)}


class CommandLine:
    def __init__(self, home: Home) -> None:
        self._env = environment(home)

    def do(self, command: str, *arguments) -> Answer:
        match command, arguments:
            case "delete", (segments,):
                words = ["delete", *segments, "--yes"]
            case "edit", (segments, memo):
                words = ["memo", memo, *segments]
            case "manual", (slot, count, memo):
                start = iso(slot_start_ms(slot))
                words = ["manual", "add", CONTRACT, "--from", start, "--for", f"{count * 10}m", "--memo", memo]
            case "switch", _:
                words = ["switch", "other"]
            case _:
                words = [command, *arguments]
        done = subprocess.run(
            [sys.executable, "-m", "workdiary", *words],
            env=self._env, capture_output=True, text=True, timeout=60, check=False, input="",
        )  # fmt: skip
        if done.returncode == 0:
            return Answer("yes", done.stdout)
        in_words = done.stderr.startswith("workdiary: ") and "Traceback" not in done.stderr
        return Answer("no" if in_words else "bad", done.stderr)

    def close(self) -> None:
        """Nothing is held."""


class Tray:
    """What the tray's menu and the notices do: they ask the tracker's socket."""

    def __init__(self, home: Home) -> None:
        self._home = home

    def do(self, command: str, *arguments) -> Answer:
        match command, arguments:
            case "delete", (segments,):
                asked = self._change("delete", segments=list(segments), keep_time=False)
            case "edit", (segments, memo):
                asked = self._change("edit_memo", segments=list(segments), memo=memo)
            case "manual", (slot, count, memo):
                start = slot_start_ms(slot)
                asked = self._change("manual_add", contract=CONTRACT, start_ms=start, slots=count, memo=memo)
            case "memo", (memo,):
                asked = ("memo", {"memo": memo})
            case "switch", _:
                asked = ("switch", {"contract": "other", "memo": ""})
            case _:
                asked = (command, {})
        try:
            client.call(self._home.socket, asked[0], **asked[1])
        except WorkdiaryError as refused:
            return Answer("no" if refused.message else "bad", str(refused))
        except Exception as error:  # what no face may ever see
            return Answer("bad", repr(error))
        return Answer("yes", "")

    def _change(self, name: str, **arguments) -> tuple[str, dict]:
        return "change", {"name": name, "arguments": arguments}

    def close(self) -> None:
        """Nothing is held."""


class Browser:
    """Until the pages are there: what they stand on."""

    def __init__(self, home: Home) -> None:
        self._book = LocalBook(home, RULES)
        self._tray = Tray(home)

    def do(self, command: str, *arguments) -> Answer:
        try:
            match command, arguments:
                case "delete", (segments,):
                    self._book.change("delete", segments=list(segments), keep_time=False)
                case "edit", (segments, memo):
                    self._book.change("edit_memo", segments=list(segments), memo=memo)
                case "manual", (slot, count, memo):
                    start = slot_start_ms(slot)
                    self._book.change("manual_add", contract=CONTRACT, start_ms=start, slots=count, memo=memo)
                case _:
                    return self._tray.do(command, *arguments)
        except WorkdiaryError as refused:
            return Answer("no" if refused.message else "bad", str(refused))
        return Answer("yes", "")

    def close(self) -> None:
        """Nothing is held."""


class Unasked:
    """The control: it writes past the lock and the rules."""

    def __init__(self, home: Home) -> None:
        self._home = home

    def do(self, command: str, *arguments) -> Answer:
        if command != "manual":
            return Answer("no", "not its business")
        slot, count, memo = arguments
        drafts = [
            Draft(contract=CONTRACT, type=entries.Manual, values={"slot": one}, openings={"memo": memo})
            for one in range(slot - 1, slot + count)
        ]
        with closing(Journal(self._home.journal, open_keys(self._home))) as journal:
            journal.append(drafts, at_ms=time.time_ns() // 1_000_000)
        return Answer("yes", "")

    def close(self) -> None:
        """Nothing is held."""
