"""Pictures of the web diary for the docs, from a demo diary. Started by ./contrib/screenshots."""

from __future__ import annotations

import io
import subprocess
import sys
import tempfile
import threading
from contextlib import contextmanager
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import TYPE_CHECKING, Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import browser
from PIL import Image

from workdiary.builtin.rules import RULES
from workdiary.desk.book import LocalBook
from workdiary.desk.machine import LocalMachine
from workdiary.paths import Home
from workdiary.slots import day_of, slot_start_ms, week_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from workdiary.diary.model import Segment

IMAGES = Path(__file__).parents[2] / "docs" / "images"
MOST = 120 * 1024  #: bytes of one picture
LOOKS = {"light": ("light", 1280, 800), "dark": ("dark", 1280, 800), "phone": ("light", 390, 844)}
COLOURS = (256, 128, 64, 32)


class Nothing:
    """No deletion waits."""

    def add(self, ids: Sequence[str], keep_time: bool) -> str:  # noqa: FBT001 - the protocol's
        raise NotImplementedError

    def undo(self, token: str) -> bool:  # noqa: ARG002 - the protocol's
        return False

    def waiting(self) -> Mapping[str, int]:
        return {}

    def requests(self) -> Sequence[Any]:
        return ()

    def failures(self) -> Sequence[str]:
        return ()


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Quiet(WSGIRequestHandler):
    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def served(home: Home, book: LocalBook, wall_ms: int) -> Iterator[str]:
    """Serve the diary as it was at an instant; give its address."""
    from workdiary_web.site import make_application

    application = make_application(
        book, pending=Nothing(), machine=LocalMachine(home), zone="UTC", events=False, wall_ms=lambda: wall_ms
    )
    server = make_server("127.0.0.1", 0, application, server_class=Server, handler_class=Quiet)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def best_day(book: LocalBook) -> list[Segment]:
    """Return the segments of the fullest day of the last weeks."""
    days: dict[str, list[Segment]] = {}
    for contract in book.terms():
        for number in book.weeks(contract)[-2:]:
            for one in book.week(contract, number).segments:
                days.setdefault(day_of(one.slot).isoformat(), []).append(one)
    return max(days.values(), key=len)


def pages(day: Sequence[Segment]) -> dict[str, str]:
    """Return the path of each page."""
    date = day_of(day[0].slot).isoformat()
    shown = next(one for one in day if one.snapshot and one.window and not one.deleted)
    return {
        "day": f"day/{date}",
        "segment": f"segment/{shown.id}",
        "image": f"segment/{shown.id}/image/0",
        "week": f"week/{week_name(shown.billed_week)}",
        "timeline": f"timeline/{date}",
        "contracts": "contracts",
        "contract": f"contracts/{shown.contract}",
        "contract-form": f"contracts/{shown.contract}/edit",
        "manual": f"manual?date={date}",
        "queue": "queue",
        "health": "health",
        "settings": "settings",
    }


def shrunk(picture: bytes) -> bytes:
    """Return a picture with as many colours as there is room for."""
    out = io.BytesIO()
    for colours in COLOURS:
        out = io.BytesIO()
        with Image.open(io.BytesIO(picture)) as image:
            image.convert("RGB").quantize(colours, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
        if out.tell() <= MOST:
            break
    return out.getvalue()


def take(address: str, wanted: Mapping[str, str]) -> None:
    """Write a picture of each page in each look."""
    IMAGES.mkdir(exist_ok=True)
    with browser.chromium() as chromium:
        for look, (theme, width, height) in LOOKS.items():
            context = chromium.new_context(
                viewport={"width": width, "height": height}, color_scheme=theme, reduced_motion="reduce"
            )
            page = context.new_page()
            for name, path in wanted.items():
                page.goto(f"{address}/{path}", wait_until="networkidle")
                data = shrunk(page.screenshot())
                (IMAGES / f"{name}-{look}.png").write_bytes(data)
                print(f"{name}-{look}.png {len(data) // 1024} KB")
            context.close()


def main(names: Sequence[str]) -> None:
    """Make a demo diary and take the pictures of the pages that are named, or of all."""
    with tempfile.TemporaryDirectory() as place:
        root = Path(place) / "demo"
        command = [sys.executable, "-m", "workdiary", "demo", "--weeks", "3", "--home", str(root)]
        subprocess.run(command, check=True)
        home = Home.find({"WORKDIARY_HOME": str(root)})
        LocalMachine(home).set("plugins.directory.path", str(Path(place) / "copy"))
        book = LocalBook(home, RULES)
        day = best_day(book)
        found = pages(day)
        unknown = sorted(set(names) - set(found))
        if unknown:
            sys.exit(f"There is no page {unknown[0]}. There are: {', '.join(found)}")
        end = max(one.slot for one in day) + 3
        with served(home, book, slot_start_ms(end)) as address:
            take(address, {name: path for name, path in found.items() if not names or name in names})


if __name__ == "__main__":
    main(sys.argv[1:])
