"""The faces that change a diary: command line, browser, tray. Each gives yes, no in words, or something bad."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from contextlib import closing
from http import HTTPStatus
from http.client import HTTPConnection
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlencode, urlsplit

from _common import CONTRACT

from workdiary.desk.desk import open_keys
from workdiary.errors import WorkdiaryError
from workdiary.journal import entry as entries
from workdiary.journal.store import Draft, Journal
from workdiary.link import client
from workdiary.slots import iso, slot_start_ms
from workdiary_web.server.place import Place

if TYPE_CHECKING:
    from workdiary.paths import Home


class Answer(NamedTuple):
    kind: str  #: yes, no (with a reason in words), bad
    text: str


def environment(home: Home) -> dict[str, str]:
    return {**os.environ, "DISPLAY": "", "WAYLAND_DISPLAY": "", "WORKDIARY_HOME": str(home.data.parent)}


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
    """A real web process, asked with the forms of its pages. What it deletes is done at the latest when it ends."""

    def __init__(self, home: Home) -> None:
        self._home = home
        done = subprocess.run(
            [sys.executable, "-m", "workdiary", "open", "--print"],
            env=environment(home), capture_output=True, text=True, timeout=60, check=True,
        )  # fmt: skip
        link = urlsplit(done.stdout.strip())
        self._host = link.netloc
        self._base = link.path.partition("/enter/")[0]
        status, headers, _ = self._send("GET", link.path.removeprefix(self._base))
        self._cookie = headers["Set-Cookie"].partition(";")[0]
        assert status == HTTPStatus.SEE_OTHER

    def do(self, command: str, *arguments) -> Answer:
        match command, arguments:
            case "delete", (segments,):
                return self._post("/change/delete", {"id": segments})
            case "edit", (segments, memo):
                return self._post("/change/memo", {"id": segments, "memo": memo})
            case "manual", (slot, count, memo):
                day = iso(slot_start_ms(slot))[:10]
                form = {"date": day, "slot": slot, "length": count, "contract": CONTRACT, "memo": memo}
                return self._post("/manual", form)
            case "memo", (memo,):
                return self._post("/tracker", {"command": "memo", "memo": memo})
            case "switch", _:
                return self._post("/tracker", {"command": "switch", "contract": "other"})
            case _:
                return self._post("/tracker", {"command": command})

    def _post(self, path: str, form: dict) -> Answer:
        status, _, page = self._send("POST", path, urlencode(form, doseq=True))
        if status in {HTTPStatus.SEE_OTHER, HTTPStatus.FOUND}:
            return Answer("yes", "")
        refused = status in (HTTPStatus.BAD_REQUEST, HTTPStatus.CONFLICT) and b"<main" in page
        return Answer("no" if refused else "bad", f"{path}: {status} {_words(page)}")

    def _send(self, method: str, path: str, body: str | None = None):
        with closing(HTTPConnection(self._host, timeout=60)) as link:
            headers = {"Cookie": getattr(self, "_cookie", ""), "Sec-Fetch-Site": "same-origin"}
            if body is not None:
                headers |= {"Origin": f"http://{self._host}", "Content-Type": "application/x-www-form-urlencoded"}
            link.request(method, self._base + path, body, headers)
            answer = link.getresponse()
            return answer.status, answer.headers, answer.read()

    def close(self) -> None:
        """End the process: what it still had to delete it does now."""
        place = Place.of(self._home, None)
        running = place.running()
        if running is not None:
            os.kill(running.pid, signal.SIGTERM)
        while place._is_held():  # longer than it listens
            time.sleep(0.02)


def _words(page: bytes) -> str:
    return " ".join(re.findall(r"<bdi>([^<]*)</bdi>", page.decode(errors="replace").partition("<article")[2]))


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
