"""A real journal with every state that the pages show, and a server for it; imported by ``conftest`` and by hand."""

from __future__ import annotations

import io
import secrets
import threading
from socketserver import ThreadingMixIn
from typing import TYPE_CHECKING, Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from PIL import Image, ImageDraw

from workdiary.builtin.rules import RULES
from workdiary.desk.book import LocalBook
from workdiary.diary.terms import Terms
from workdiary.errors import WorkdiaryError
from workdiary.journal import entry as kinds
from workdiary.journal.keys import KeyStore
from workdiary.journal.store import Draft, Journal
from workdiary.paths import Home
from workdiary.record.days import Days
from workdiary.slots import day_slots, slot_start_ms, week_slots
from workdiary.snapshot.seal import seal
from workdiary_web.server.pending import Request

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from pathlib import Path

HOSTILE = '<script>alert("x")</script><img src=x onerror=alert(1)> '
HOSTILE += "\u202egnp.exe\u202c \u2066\u05d0\u05d1\u2069 \U0001f469\u200d\U0001f4bb "


class Writer:
    """Appends to a journal as a tracker would."""

    def __init__(self, home: Home) -> None:
        home.prepare()
        self.home = home
        self.keys = KeyStore(home.data, keyring=False).load()
        self.journal = Journal(home.journal, self.keys)
        self._days: dict[str, Days] = {}

    def terms(self, contract: str, at_ms: int, **values: Any) -> None:
        terms = Terms(**{"title": contract.title(), "currency": "EUR", "rate": 5000, **values})
        self.journal.append(
            [Draft(contract=contract, type=kinds.Terms, values={"terms": terms.to_entry()})], at_ms=at_ms
        )

    def picture(self, text: str, colour: str = "#345") -> dict[str, Any]:
        image = Image.new("RGB", (960, 600), colour)
        draw = ImageDraw.Draw(image)
        for row in range(12):
            draw.rectangle((40, 60 + row * 42, 200 + (row * 137) % 640, 78 + row * 42), fill="#cde")
        draw.text((40, 20), text, fill="white", font_size=24)
        out = io.BytesIO()
        image.save(out, "JPEG", quality=70)
        sha256, size = seal(out.getvalue(), self.keys.recipient, self.home.blobs)
        return {"sha256": sha256, "width": 960, "height": 600, "bytes": size, "media_type": "image/jpeg"}

    def segment(
        self,
        contract: str,
        slot: int,
        *,
        memo: str = "writing the manual",
        window: tuple[str, str] | str = ("Editor", "chapter 3 - Editor"),
        minutes: list[list[int | None]] | None = None,
        unknown: dict[str, str] | None = None,
        sources: dict[str, list[tuple[str, int, int]]] | None = None,
        intervals: tuple[tuple[int, int], ...] = ((0, 600_000),),
        image: bool | str = True,
        recorded_ms: int = 0,
    ) -> int:
        days = self._days.setdefault(contract, Days(self.keys.seed, contract, (), ()))
        start = -(-intervals[0][0] // 1000)
        moment = days.moment(slot, start)
        shot: dict[str, Any] = {"missing": image} if isinstance(image, str) else {"missing": "not taken"}
        names: tuple[str, ...] = ()
        if image is True:
            picture = self.picture(f"slot {slot}", ("#2b4a5e", "#4b3b5e", "#2f4f3f", "#5e4a2b")[slot % 4])
            names = (picture["sha256"],)
            taken = {"taken_at": slot_start_ms(slot) + moment * 1000, "cause": "derived"}
            shot = {**taken, "images": [{**picture, **taken, "not_noticed": "no plugin that tells is installed"}]}
        rows = minutes if minutes is not None else [[40 + k, k, 3, 40] if k % 4 else [0, 0, 0, 0] for k in range(10)]
        at = {"app": window[0], "title": window[1]} if isinstance(window, tuple) else {"unknown": window}
        draft = Draft(
            contract=contract,
            type=kinds.Segment,
            values={
                "session": "5e55",
                "slot": slot,
                "intervals": intervals,
                "moments": [kinds.Moment(start=start, at=moment)],
            },
            openings={
                "window": at,
                "counts": {"minutes": rows, "unknown": unknown or {}, "sources": sources or {}},
                "memo": memo,
                "snapshot": shot,
            },
            images=names,
        )
        return self.journal.append([*days.commit(slot), draft], at_ms=recorded_ms or slot_start_ms(slot + 1))[-1].seq

    def manual(self, contract: str, slot: int, memo: str = "call with the client") -> int:
        draft = Draft(contract=contract, type=kinds.Manual, values={"slot": slot}, openings={"memo": memo})
        return self.journal.append([draft], at_ms=slot_start_ms(slot + 1))[0].seq

    def gap(self, contract: str, start_ms: int, end_ms: int, reason: str) -> None:
        values = {"session": "5e55", "start": start_ms, "end": end_ms, "elapsed": end_ms - start_ms, "reason": reason}
        self.journal.append([Draft(contract=contract, type=kinds.Gap, values=values)], at_ms=end_ms)

    def erase(self, contract: str, seqs: list[int], at_ms: int, *fields: str) -> None:
        values = {"of": seqs, "fields": list(fields) or ["*"], "why": "owner"}
        self.journal.append([Draft(contract=contract, type=kinds.Tombstone, values=values)], at_ms=at_ms)


def every_state(writer: Writer, day: date) -> None:
    """Record a day of two contracts in which everything happens that a page must tell apart."""
    first = day_slots(day).start
    begin = slot_start_ms(first) - 3 * 86_400_000
    writer.terms("acme", begin, title="Acme redesign", client="Acme Ltd", manual=True, weekly_limit=5 * 3600)
    writer.terms("tern", begin, title="Tern API", keep_time=False, billing="whole-segment", rate=8000)
    at = first + 8 * 6
    for index in range(7):
        writer.segment("acme", at + index, memo="writing the manual" if index < 4 else "reviewing")
    writer.segment("acme", at + 7, intervals=((0, 200_000), (420_000, 600_000)))
    writer.gap("acme", slot_start_ms(at + 7) + 200_000, slot_start_ms(at + 7) + 420_000, "paused")
    writer.segment("acme", at + 8, image="privacy filter redact failed", window="privacy filter redact failed")
    none = "the desktop gives no counts"
    writer.segment(
        "acme", at + 9, minutes=[[None] * 4] * 10, window="no window backend", image="the screen is locked",
        unknown={"keys": none, "clicks": none, "scrolls": none, "active_seconds": none},
    )  # fmt: skip
    writer.segment("acme", at + 10, minutes=[[0, 0, 0, 0]] * 10, memo="")
    gone = writer.segment("acme", at + 11, memo="a private message", window=("Mail", "private"))
    bare = writer.segment("acme", at + 12, memo="no picture please")
    writer.gap("acme", slot_start_ms(at + 13), slot_start_ms(at + 17), "asleep")
    for index in range(3):
        writer.manual("acme", at + 18 + index)
    writer.segment("acme", at + 21, memo=HOSTILE, window=("App <b>", HOSTILE + "long " * 2000))
    for index in range(24, 42):
        writer.segment("acme", at + index, memo="the long afternoon")
    for index in range(3):
        writer.segment("tern", at + 43 + index, memo="the other client", window=("Terminal", "make test"))
    writer.erase("acme", [gone], slot_start_ms(at + 47))
    writer.erase("acme", [bare], slot_start_ms(at + 47), "snapshot")
    late = week_slots((first - 576) // 1008).stop + 80
    writer.segment("tern", at + 46, memo="recorded late", recorded_ms=slot_start_ms(late))


class MemoryPending:
    """The deletions of ``Pending``, carried out when a test says so."""

    def __init__(self, book: LocalBook, wall_ms: Callable[[], int], delay_ms: int = 10_000) -> None:
        self._book = book
        self._wall_ms = wall_ms
        self._delay_ms = delay_ms
        self._kept: dict[str, tuple[list[str], bool, int]] = {}
        self._failures: list[str] = []

    def add(self, ids: list[str], keep_time: bool) -> str:
        token = secrets.token_hex(4)
        self._kept[token] = (list(ids), keep_time, self._wall_ms() + self._delay_ms)
        return token

    def undo(self, token: str) -> bool:
        return self._kept.pop(token, None) is not None

    def waiting(self) -> dict[str, int]:
        return {one: due for ids, _, due in self._kept.values() for one in ids}

    def requests(self) -> list[Request]:
        kept = reversed(self._kept.items())
        return [
            Request(token=token, ids=tuple(ids), keep_time=keep_time, due_ms=due)
            for token, (ids, keep_time, due) in kept
        ]

    def failures(self) -> list[str]:
        return self._failures

    def carry_out(self) -> None:
        for ids, keep_time, _due in self._kept.values():
            try:
                self._book.change("delete", segments=ids, keep_time=keep_time)
            except WorkdiaryError as error:
                self._failures.append(error.message)
        self._kept.clear()


def book_of(root: Path) -> LocalBook:
    return LocalBook(Home.find({"WORKDIARY_HOME": str(root)}), RULES)


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_: Any) -> None:
        pass


def serve(application: Any, port: int = 0) -> tuple[str, Callable[[], None]]:
    """Serve an application on a port of its own; return its address and how to stop."""
    server = make_server("127.0.0.1", port, application, server_class=_Server, handler_class=_Quiet)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()

    def stop() -> None:
        server.shutdown()
        server.server_close()

    return f"http://127.0.0.1:{server.server_port}", stop
